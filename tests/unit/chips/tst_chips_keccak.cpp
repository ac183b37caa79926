// SPDX-License-Identifier: MIT
// The table of Keccak-f permutations: what is true is proven, and nothing else.
#include "core/chips/keccak.h"
#include "core/zkvm/precompiles.h"
#include "tests/unit/chips/audit.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::chips;
using bowline::test::Audit;
using bowline::test::OwnedCall;
using bowline::test::Random;
using bowline::test::Verdict;

namespace {
constexpr std::size_t kRows = KeccakColumns::kRows;
constexpr std::uint32_t kStates = 0x0003fff8; // crosses into the next 2^16 bytes

OwnedCall call(test::CallMemory& memory, std::uint32_t time, std::uint32_t state)
{
    zkvm::Words50 words{};
    for (std::uint32_t i = 0; i < 50; ++i) words[i] = memory.words[state + 4 * i];
    zkvm::permuteKeccak(words);
    return memory.call(BOWLINE_KECCAK_F, time, {state, 0x01234567U, 0x89abcdefU}, words, 0, 0);
}

OwnedCall randomCall(std::uint32_t seed, std::uint32_t state = kStates)
{
    Random random(seed);
    test::CallMemory memory;
    for (std::uint32_t i = 0; i < 50; ++i) memory.words[state + 4 * i] = random();
    return call(memory, 100, state);
}

// States at the ends of memory, of zeros, of ones, across 2^16 with each of a row's three words, and used again.
std::vector<OwnedCall> manyCalls()
{
    Random random(1);
    test::CallMemory memory;
    for (std::uint32_t i = 0; i < 50; ++i) {
        memory.words[zkvm::kMemoryBegin + 4 * i] = 0xffffffffU;
        memory.words[0x0007ff00 + 4 * i] = random();
    }
    std::vector<OwnedCall> out{call(memory, 4, zkvm::kMemoryBegin), call(memory, 8, zkvm::kMemoryEnd - 200),
                               call(memory, 12, zkvm::kMemoryEnd - 200)};
    std::uint32_t time = 12;
    for (std::uint32_t i = 0; i < 3; ++i) out.push_back(call(memory, time += 4, 0x0007ffe8 + 4 * i));
    out.push_back(call(memory, time + kMaxGap, 0x0007ffe8 + 4 * 2)); // as long after the last as can be
    return out;
}

// One call, and what is made of it by a cheat.
struct Forgery {
    KeccakChip chip;
    OwnedCall call;
    KeccakChip::Rounds rounds;
    stark::Matrix trace;

    explicit Forgery(std::uint32_t seed) : Forgery(randomCall(seed)) {}
    explicit Forgery(OwnedCall other) : call(std::move(other)), rounds(KeccakChip::roundsOf(call.view()))
    {
        fill();
    }

    [[nodiscard]] const KeccakColumns& columns() const { return chip.columns(); }
    void fill() { trace = fillAt(0, rounds); }
    [[nodiscard]] stark::Matrix fillAt(std::size_t first, const KeccakChip::Rounds& content) const
    {
        stark::Matrix out(chip.width(), 5);
        std::vector<std::uint32_t> raw(out.data.size());
        chip.fill(raw.data(), out.log, first, call.view(), content);
        for (std::size_t i = 0; i < raw.size(); ++i) out.data[i] = Element::from(raw[i]);
        return out;
    }
    // A bit of what a round starts from, with everything after it; the result is what the caller gets.
    void flip(std::size_t round, std::size_t lane, std::size_t z)
    {
        rounds[round][lane] ^= std::uint64_t{1} << z;
        KeccakChip::run(rounds, round + 1);
        publish();
    }
    void publish()
    {
        for (std::size_t i = 0; i < 50; ++i)
            call.first[i].after = static_cast<std::uint32_t>(rounds[kRows][i / 2] >> 32 * (i % 2));
        fill();
    }
    void copyRow(const stark::Matrix& from, std::size_t row, std::size_t to)
    {
        for (std::size_t c = 0; c < chip.width(); ++c) trace.at(to, c) = from.at(row, c);
    }
    void setBit(std::size_t row, std::size_t first, std::size_t x, std::size_t z, bool flipped)
    {
        Element& cell = trace.at(row, first + 64 * (x % 5) + z % 64);
        if (flipped) cell = Element::from(1) - cell;
    }
};

// Makes a row's result fit its bits.
void mend(const Audit& audit, const KeccakColumns& c, stark::Matrix& trace, std::size_t row)
{
    for (std::size_t i = 0; i < KeccakColumns::kIotaBits.size(); ++i)
        audit.solve(trace, audit.assertion("before iota", i), row, row, c.beforeIota + i);
    for (const std::size_t broken : audit.rows(trace, {row}).assertions) {
        for (std::size_t i = 0; i < 100; ++i) {
            if (broken == audit.assertion("round", i)) audit.solve(trace, broken, row, row, c.out + i);
        }
    }
}

Element power(Element x, std::uint64_t exponent)
{
    Element out = Element::from(1);
    for (; exponent != 0; exponent >>= 1U, x *= x) {
        if ((exponent & 1U) != 0) out *= x;
    }
    return out;
}

// Verdict when memory holds whatever is asked of it.
Verdict playedAlong(Verdict verdict)
{
    std::erase_if(verdict.messages, [](const auto& entry) { return entry.first.front() == kMemoryBus; });
    return verdict;
}

// Each witness of these must be refused for one reason alone. Of constraints that are said of many bits or limbs some
// are tried.
class Witnesses {
public:
    explicit Witnesses(const Audit& audit) : m_audit(audit), m_kills(audit) {}

    [[nodiscard]] const test::Kills& kills() const { return m_kills; }

    void bits()
    {
        // In padding, where nothing follows from it.
        Random random(7);
        Forgery f(100);
        const stark::Matrix honest = f.trace;
        QVERIFY(m_audit.all(honest, {f.call}).clean());
        for (std::size_t bit = random() % 32; bit < 1600; bit += 32) {
            f.trace.at(28, f.columns().theta + bit) = Element::from(2);
            mend(m_audit, f.columns(), f.trace, 28);
            count(m_audit.rows(f.trace, {27, 28}), "theta bit");
            f.copyRow(honest, 28, 28);
        }
        // All parities -2 and all changes one number: 1 - 2 D is the cube root of (1 + 4)^2.
        const std::uint64_t third = (2 * std::uint64_t{Element::kModulus - 1} + 1) / 3;
        const Element root = power(Element::from(25), third);
        QVERIFY(root * root * root == Element::from(25));
        for (std::size_t i = 0; i < 320; ++i) {
            f.trace.at(28, f.columns().parity + i) = -Element::from(2);
            f.trace.at(28, f.columns().change + i) = (Element::from(1) - root) * Element::from(2).inverse();
        }
        const Verdict verdict = m_audit.all(f.trace, {f.call});
        QVERIFY(!verdict.clean() && !m_kills.count(verdict)); // all of them together
    }
    void theta()
    {
        Random random(8);
        for (std::size_t i = 0; i < 8; ++i) {
            const std::size_t x = i % 5;
            const std::size_t z = random() % 64;
            const std::size_t round = 1 + random() % 21;
            // A parity is taken for the other, and what follows from it.
            count(wrongTheta(round, {{x + 1, z}, {x + 4, z + 1}}, {{x, z}, {x + 1, z}, {x + 4, z + 1}}),
                  "parity");
            // A bit of D is another, and the parity with it.
            count(wrongTheta(round, {{x, z}}, {{x, z}}), "change");
        }
    }
    void rounds()
    {
        Random random(9);
        for (std::size_t i = 0; i < KeccakColumns::kIotaBits.size(); ++i) {
            const std::size_t z = KeccakColumns::kIotaBits[i];
            Forgery f(300);
            f.flip(5, 0, z);
            Element& before = f.trace.at(4, f.columns().beforeIota + i);
            before = Element::from(1) - before;
            m_audit.solve(f.trace, m_audit.assertion("round", z / 16), 4, 4, f.columns().out + z / 16);
            count(m_audit.all(f.trace, {f.call}), "before iota");
        }
        for (std::size_t i = 0; i < 10; ++i) {
            const std::size_t lane = i == 0 ? 0 : random() % 25;
            const std::size_t z = random() % 64;
            const std::size_t limb = 4 * lane + z / 16;
            Forgery f(310);
            f.flip(9, lane, z);
            count(m_audit.all(f.trace, {f.call}), "next round");
            f.trace.at(8, f.columns().out + limb) =
                Element::from(static_cast<std::uint32_t>(f.rounds[9][lane] >> 16 * (z / 16) & 0xffffU));
            count(m_audit.all(f.trace, {f.call}), "round");
            Forgery start(310);
            start.flip(0, lane, z);
            count(m_audit.all(start.trace, {start.call}), "words before");
            Forgery end(310);
            end.call.first[limb / 2].after ^= 1U << z % 32;
            end.fill();
            count(m_audit.all(end.trace, {end.call}), "words after");
        }
    }
    // A word is another in memory than in the first round.
    void words()
    {
        for (const std::size_t word : {std::size_t{0}, std::size_t{20}, std::size_t{49}}) {
            count(exchangedWord(word, 3), "words stay");
            if (word > 0) count(exchangedWord(word, 8), "words move");
        }
    }
    void order()
    {
        for (std::size_t i = 1; i < kRows; ++i) {
            Forgery f(400);
            const KeccakChip::Rounds honest = f.rounds;
            f.flip(i, i, i);
            const stark::Matrix front = f.fillAt(0, honest);
            f.trace = f.fillAt(1, f.rounds);
            for (std::size_t row = 0; row <= i; ++row) f.copyRow(front, row, row);
            f.trace.at(i, f.columns().flag + i) = Element::from(0);
            mend(m_audit, f.columns(), f.trace, i); // no flag, no constant
            count(m_audit.all(f.trace, {f.call}), "rows in order");
        }
        Forgery f(410);
        for (std::size_t row = 11; row < kRows; ++row) {
            f.trace.at(row, f.columns().time) += Element::from(4);
            for (const Port& port : f.columns().ports) f.trace.at(row, port.gap) += Element::from(4);
        }
        count(playedAlong(m_audit.all(f.trace, {f.call})), "one time");
    }
    void pointers()
    {
        const auto moved = [this](std::size_t from, std::size_t column, std::uint32_t by, const char* what) {
            Forgery f(randomCall(500, 0x00020100));
            for (std::size_t row = from; row < kRows; ++row) f.trace.at(row, column) += Element::from(by);
            count(playedAlong(m_audit.all(f.trace, {f.call})), what);
        };
        const KeccakChip chip;
        const WordRun& run = chip.columns().run;
        moved(2, run.pointer().lo, 64, "pointer low stays");
        moved(2, run.pointer().hi, 1, "pointer high stays");
        moved(11, run.pointer().lo, 64, "pointer low follows");
        moved(11, run.pointer().hi, 1, "pointer high follows");
        // The third word's carry too early, and too late.
        for (const auto& [pointer, carry] :
             {std::pair<std::uint32_t, std::uint32_t>{0x0003fff4, 1}, {0x0003fff8, 0}}) {
            Forgery f(randomCall(510, pointer));
            f.trace.at(6, run.carry(2)) = Element::from(carry);
            count(playedAlong(m_audit.all(f.trace, {f.call})), "carry");
        }
        // No multiple of 4, below memory, above it.
        for (const std::uint32_t pointer : {0x00040001U, 0x0000fffcU, zkvm::kMemoryEnd - 196}) {
            const Forgery f(randomCall(520, pointer));
            count(m_audit.all(f.trace, {f.call}), "address");
        }
    }
    // Words whose last access is later than this one.
    void gaps()
    {
        for (std::size_t i = 0; i < 3; ++i) {
            OwnedCall future = randomCall(600);
            future.first[i].previousTime = future.time + kAtFirst + 5;
            Forgery f(future);
            count(m_audit.all(f.trace, {f.call}), "gaps high");
            f.trace.at(6, f.columns().ports[i].gap) = -Element::from(6);
            count(m_audit.all(f.trace, {f.call}), "gap low");
        }
    }
    void buses()
    {
        Forgery stale(700);
        stale.call.first[3].previousTime = 8;
        stale.fill();
        count(m_audit.all(stale.trace, {randomCall(700)}), "memory, time");
        Forgery other(700);
        other.call.pointers[2] ^= 1U;
        other.fill();
        count(m_audit.all(other.trace, {randomCall(700)}), "call");
    }

private:
    using Places = std::vector<std::pair<std::size_t, std::size_t>>; // x, z

    void count(const Verdict& verdict, const char* what)
    {
        QVERIFY2(!verdict.clean(), what);
        std::string reasons = what;
        for (const std::size_t i : verdict.assertions)
            reasons += ", " + m_audit.constraints().assertions[i].name;
        for (const std::size_t i : verdict.lookups)
            reasons += ", " + m_audit.constraints().interactions[i].name;
        for (const std::uint32_t bus : verdict.buses()) reasons += ", bus " + std::to_string(bus);
        QVERIFY2(m_kills.count(verdict), reasons.c_str());
    }

    // These bits of D and of the parities are flipped in a round, the rest follows from it.
    [[nodiscard]] Verdict wrongTheta(std::size_t round, const Places& changes, const Places& parities) const
    {
        Forgery f(200);
        const KeccakColumns& c = f.columns();
        const auto spoil = [&] {
            for (const auto& [x, z] : changes) {
                f.setBit(round, c.change, x, z, true);
                for (std::size_t y = 0; y < 5; ++y) f.setBit(round, c.theta + 320 * y, x, z, true);
            }
            for (const auto& [x, z] : parities) f.setBit(round, c.parity, x, z, true);
            mend(m_audit, c, f.trace, round);
        };
        spoil();
        for (std::size_t i = 0; i < 100; ++i) {
            std::uint64_t& lane = f.rounds[round + 1][i / 4];
            lane = i % 4 == 0 ? 0 : lane;
            lane |= std::uint64_t{f.trace.at(round, c.out + i).value()} << 16 * (i % 4);
        }
        KeccakChip::run(f.rounds, round + 2);
        f.publish();
        spoil();
        return m_audit.all(f.trace, {f.call});
    }

    // From that row on a word has another value, which is memory's.
    [[nodiscard]] Verdict exchangedWord(std::size_t word, std::size_t row) const
    {
        Forgery f(320);
        const KeccakColumns& c = f.columns();
        const stark::Matrix honest = f.trace;
        f.call.first[word].before ^= 1U;
        f.fill();
        for (std::size_t i = 0; i < row; ++i) {
            const std::size_t moved =
                i > KeccakColumns::kFirstAccess ? 3 * (i - KeccakColumns::kFirstAccess) : 0;
            const std::size_t column = c.words + 2 * (word - moved);
            f.trace.at(i, column) = honest.at(i, column);
        }
        return m_audit.all(f.trace, {f.call});
    }

    const Audit& m_audit;
    test::Kills m_kills;
};
} // namespace

class TestChipsKeccak : public QObject {
    Q_OBJECT
private slots:
    void callsAreProven()
    {
        const KeccakChip chip;
        const std::vector<OwnedCall> calls = manyCalls();
        const test::CallExample example = test::makeCallExample(chip, calls);
        for (const stark::Violation& v : stark::findViolations(example.system, example.traces, {}))
            QFAIL((v.chip + ": " + v.what + " in row " + std::to_string(v.row)).c_str());
        QVERIFY(test::isProven(chip, calls, *example.traces[0]));
        const stark::Constraints& constraints = example.system.chips[0].constraints;
        const std::size_t cells = (constraints.width + constraints.logUpWidth()) * kRows;
        qInfo("%zu columns, %zu of LogUp, %zu cells a call; %zu nodes, %zu constraints", constraints.width,
              constraints.logUpWidth(), cells, constraints.nodes.size(), constraints.assertions.size());
        QCOMPARE(cells, std::size_t{2517 * 24});
    }
    void oneCallIsProvenAndAWrongOneNot()
    {
        Forgery f(2);
        QVERIFY(test::isProven(f.chip, {f.call}, f.trace));
        f.flip(9, 3, 20);
        QVERIFY(!test::isProven(f.chip, {f.call}, f.trace));
        // The one constraint that says so.
        const Audit audit(f.chip);
        QVERIFY(test::isProven(f.chip, {f.call}, f.trace, audit.assertion("next round", 4 * 3 + 1)));
    }
    void auditAgreesWithTheRowChecker()
    {
        Forgery f(3);
        const Audit audit(f.chip);
        QVERIFY(audit.all(f.trace, {f.call}).clean());
        const std::vector<OwnedCall> calls{randomCall(4), randomCall(5, 0x20000)};
        QVERIFY(audit.all(test::traceOf(f.chip, calls), calls).clean());
        test::CallExample example = test::makeCallExample(f.chip, {f.call});
        example.traces[0]->at(2, f.columns().theta) += Element::from(1);
        QVERIFY(!stark::findViolations(example.system, example.traces, {}, 1).empty());
        QVERIFY(!audit.all(*example.traces[0], {f.call}).clean());
    }
    void wrongResultsFail()
    {
        const KeccakChip chip;
        const Audit audit(chip);
        for (std::size_t i = 0; i < 50; i += 7) {
            OwnedCall wrong = randomCall(4);
            wrong.first[i].after ^= 1U << i % 32;
            QVERIFY(!audit.all(test::traceOf(chip, {wrong}), {wrong}).clean());
        }
    }
    void everyCellMatters()
    {
        Forgery f(5);
        const Audit audit(f.chip);
        const KeccakColumns& c = f.columns();
        Random random(6);
        test::CellAudit cells(audit, f.trace);
        for (const std::size_t row : {std::size_t{0}, std::size_t{1}, std::size_t{6}, std::size_t{22},
                                      std::size_t{23}, std::size_t{24}, std::size_t{31}}) {
            // Nothing reads these: in row 22 the access that is none, of which its gap must be one all the same; the
            // word that is none once it has moved to the end; pointer and ports where there are no accesses.
            std::set<std::size_t> free;
            const bool accesses = row >= 6 && row <= 22;
            if (!accesses) {
                for (std::size_t i = row == 0 ? 2 : 0; i < c.ports.size(); ++i)
                    free.insert({c.ports[i].previousTime, c.ports[i].gap});
            }
            if (row > 22) free.insert({c.run.pointer().lo, c.run.pointer().hi, c.words + 100, c.words + 101});
            if (row > 23) {
                free.insert(c.time);
                for (std::size_t i = 0; i < 102; ++i) free.insert(c.words + i);
            }
            const std::set<std::size_t> found = cells.unnoticed(row, random.element());
            for (const std::size_t column : found) {
                if (free.count(column) == 0)
                    QFAIL(qPrintable(QString("row %1, column %2").arg(row).arg(column)));
            }
            QCOMPARE(found.size(), free.size());
        }
    }
    void rowsOfCallsAreNotMixed()
    {
        Forgery f(8);
        const Audit audit(f.chip);
        const stark::Matrix empty(f.chip.width(), 5);
        // From the middle on.
        Forgery middle(8);
        for (std::size_t row = 0; row < 4; ++row) middle.copyRow(empty, row, row);
        QVERIFY(!audit.all(middle.trace, {f.call}).clean());
        // Without a round's row.
        Forgery skipped(8);
        for (std::size_t row = 4; row < kRows; ++row) skipped.copyRow(f.trace, row + 1, row);
        QVERIFY(!audit.all(skipped.trace, {f.call}).clean());
        // A row of padding that goes on with a call.
        Forgery padding(8);
        padding.copyRow(f.trace, kRows - 1, kRows);
        QVERIFY(!audit.all(padding.trace, {f.call}).clean());
        // Two calls that change places; one call twice.
        test::CallMemory memory;
        const std::vector<OwnedCall> two{call(memory, 4, kStates), call(memory, 8, kStates)};
        Forgery mixed(8);
        mixed.trace = test::traceOf(f.chip, two);
        QVERIFY(audit.all(mixed.trace, two).clean());
        const stark::Matrix honest = mixed.trace;
        for (std::size_t row = 12; row < kRows; ++row) {
            mixed.copyRow(honest, row, row + kRows);
            mixed.copyRow(honest, row + kRows, row);
        }
        QVERIFY(!audit.all(mixed.trace, two).clean());
        Forgery twice(8);
        twice.trace = test::traceOf(f.chip, {f.call, f.call});
        QVERIFY(!audit.all(twice.trace, {f.call}).clean());
    }
    void eachConstraintIsMissed()
    {
        const KeccakChip chip;
        const Audit audit(chip);
        Witnesses witnesses(audit);
        witnesses.bits();
        witnesses.theta();
        witnesses.rounds();
        witnesses.words();
        witnesses.order();
        witnesses.pointers();
        witnesses.gaps();
        witnesses.buses();
        qInfo("%s", witnesses.kills().report().c_str());
        // No witness was found for these. Flags that are no bits would have to fit the constraints of several rounds
        // and the caller's messages at once. Two flags in a row are two calls of one time, and no caller makes
        // them. Carries of addresses that are no bits miss the look-ups of addresses.
        const std::set<std::string> expected{"address carry", "flag", "one flag"};
        QCOMPARE(witnesses.kills().survivors(), expected);
    }
};

QTEST_GUILESS_MAIN(TestChipsKeccak)
#include "tst_chips_keccak.moc"
