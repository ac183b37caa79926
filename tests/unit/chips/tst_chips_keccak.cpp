// SPDX-License-Identifier: MIT
// The table of Keccak-f permutations: what is true is proven, and nothing else.
#include "core/chips/keccak.h"
#include "core/stark/check.h"
#include "core/stark/verifier.h"
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

// States at the ends of memory, of zeros, of ones, at every place about a multiple of 2^16, and used again.
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
    for (std::uint32_t i = 0; i < 7; ++i) out.push_back(call(memory, time += 4, 0x0007ffe8 + 4 * i));
    out.push_back(call(memory, time + kMaxGap, 0x0007ffe8 + 4 * 6)); // as long after the last as can be
    return out;
}

// One call, and what is made of it by a cheat.
struct Forgery {
    KeccakChip chip;
    OwnedCall call;
    KeccakChip::Rounds rounds;
    stark::Matrix trace;

    explicit Forgery(std::uint32_t seed) : call(randomCall(seed)), rounds(KeccakChip::roundsOf(call.view()))
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
        const stark::Constraints& constraints = example.system.chips[0].constraints;
        const std::size_t cells = (constraints.width + constraints.logUpWidth()) * kRows;
        qInfo("%zu columns, %zu of LogUp, %zu cells a call; %zu nodes, %zu constraints", constraints.width,
              constraints.logUpWidth(), cells, constraints.nodes.size(), constraints.assertions.size());
        QCOMPARE(cells, std::size_t{2517 * 24});
    }
    void oneCallIsProvenAndAWrongOneNot()
    {
        for (const bool wrong : {false, true}) {
            OwnedCall one = randomCall(2);
            one.first[49].after ^= wrong ? 0x8000U : 0U;
            const test::CallExample example = test::makeCallExample(KeccakChip(), {one});
            QCOMPARE(!stark::findViolations(example.system, example.traces, {}, 1).empty(), wrong);
            const auto key = stark::ProvingKey::make(example.system);
            QVERIFY(key.ok());
            const auto proof = stark::prove(*key, example.traces, {});
            QVERIFY(proof.ok());
            QCOMPARE(stark::verifyProof(key->verifying(), {}, *proof).ok(), !wrong);
        }
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
        for (const std::size_t row : {std::size_t{0}, std::size_t{1}, std::size_t{6}, std::size_t{15},
                                      std::size_t{22}, std::size_t{23}, std::size_t{24}, std::size_t{31}}) {
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
                if (free.count(column) == 0) QFAIL(qPrintable(QString("row %1, column %2").arg(row).arg(column)));
            }
            QCOMPARE(found.size(), free.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestChipsKeccak)
#include "tst_chips_keccak.moc"
