// SPDX-License-Identifier: MIT
// The table of SHA-256 compressions: what is true is proven, and nothing else.
#include "core/chips/sha256.h"
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
constexpr std::size_t kRows = Sha256Columns::kRows;
constexpr std::uint32_t kStates = 0x0003fff0; // crosses into the next 2^16 bytes
constexpr std::uint32_t kBlocks = 0x0005ffd8; // so does this one, between its halves

std::vector<std::uint32_t> compressed(test::CallMemory& memory, std::uint32_t state, std::uint32_t block)
{
    zkvm::Words8 out{};
    zkvm::Words16 words{};
    for (std::uint32_t i = 0; i < 8; ++i) out[i] = memory.words[state + 4 * i];
    for (std::uint32_t i = 0; i < 16; ++i) words[i] = memory.words[block + 4 * i];
    zkvm::compressSha256(out, words);
    return {out.begin(), out.end()};
}

OwnedCall call(test::CallMemory& memory, std::uint32_t time, std::uint32_t state, std::uint32_t block)
{
    return memory.call(BOWLINE_SHA256, time, {state, block, 0x89abcdefU}, compressed(memory, state, block), 16, 0);
}

OwnedCall randomCall(std::uint32_t seed)
{
    Random random(seed);
    test::CallMemory memory;
    for (std::uint32_t i = 0; i < 8; ++i) memory.words[kStates + 4 * i] = random();
    for (std::uint32_t i = 0; i < 16; ++i) memory.words[kBlocks + 4 * i] = random();
    return call(memory, 100, kStates, kBlocks);
}

// Operands with the pointers at the ends of their range, of zeros, of ones, overlapping, and results used again.
std::vector<OwnedCall> manyCalls()
{
    Random random(1);
    test::CallMemory memory;
    const std::uint32_t last = zkvm::kMemoryEnd - 32;
    for (std::uint32_t i = 0; i < 8; ++i) {
        memory.words[zkvm::kMemoryBegin + 4 * i] = 0xffffffffU;
        memory.words[last + 4 * i] = 0;
    }
    for (std::uint32_t i = 0; i < 64; ++i) memory.words[kBlocks + 4 * i] = random();
    for (std::uint32_t i = 64; i < 80; ++i) memory.words[kBlocks + 4 * i] = 0xffffffffU;
    return {call(memory, 4, zkvm::kMemoryBegin, kBlocks + 256),
            call(memory, 8, last, zkvm::kMemoryEnd - 64), // the block ends with the state
            call(memory, 12, last, kBlocks),
            call(memory, 16, kBlocks + 32, kBlocks), // the state is the block's end
            call(memory, 24, kBlocks + 4, kBlocks + 20),
            call(memory, kMaxGap - 4, kBlocks, kBlocks)};
}

// One call, and what is made of it by a cheat.
struct Forgery {
    Sha256Chip chip;
    OwnedCall call;
    Sha256Chip::Words words;
    stark::Matrix trace;

    explicit Forgery(std::uint32_t seed) : call(randomCall(seed)), words(Sha256Chip::wordsOf(call.view())) { fill(); }

    [[nodiscard]] const Sha256Columns& columns() const { return chip.columns(); }
    void fill() { trace = fillAt(0, words); }
    [[nodiscard]] stark::Matrix fillAt(std::size_t first, const Sha256Chip::Words& content) const
    {
        stark::Matrix out(chip.width(), 5);
        std::vector<std::uint32_t> raw(out.data.size());
        chip.fill(raw.data(), out.log, first, call.view(), content);
        chip.fillRest(raw.data(), out.log, first + kRows);
        for (std::size_t i = 0; i < raw.size(); ++i) out.data[i] = Element::from(raw[i]);
        return out;
    }
    // The result of the words, whatever they are, is what the caller gets.
    void publish()
    {
        for (std::size_t i = 0; i < 8; ++i) {
            const std::uint32_t added = i < 4 ? words.a[71 - i] : words.e[75 - i];
            words.w[64 + i] = call.first[i].before + added;
            call.first[i].after = words.w[64 + i];
        }
    }
    // A round's e, with everything after it; or its a, or a word of the schedule.
    void changeE(std::size_t n, std::uint32_t by)
    {
        words.e[n] += by;
        words.a[n] += by;
        Sha256Chip::run(words, 64, n + 1);
        publish();
    }
    void changeA(std::size_t n, std::uint32_t by)
    {
        words.a[n] += by;
        Sha256Chip::run(words, 64, n + 1);
        publish();
    }
    void changeW(std::size_t t, std::uint32_t by)
    {
        words.w[t] += by;
        Sha256Chip::run(words, t + 1, t + 8);
        publish();
    }
    void copyDigits(const stark::Matrix& from, std::size_t row, std::size_t first, std::size_t slot)
    {
        for (std::size_t i = 0; i < 4; ++i) trace.at(row, first + 4 * slot + i) = from.at(row, first + 4 * slot + i);
    }
    void copyRow(const stark::Matrix& from, std::size_t row, std::size_t to)
    {
        for (std::size_t c = 0; c < chip.width(); ++c) trace.at(to, c) = from.at(row, c);
    }
    void addBit(std::size_t row, std::size_t column, std::uint32_t by) { trace.at(row, column) += Element::from(by); }
};
} // namespace

class TestChipsSha256 : public QObject {
    Q_OBJECT
private slots:
    void callsAreProven()
    {
        const Sha256Chip chip;
        const std::vector<OwnedCall> calls = manyCalls();
        const test::CallExample example = test::makeCallExample(chip, calls);
        for (const stark::Violation& v : stark::findViolations(example.system, example.traces, {}))
            QFAIL((v.chip + ": " + v.what + " in row " + std::to_string(v.row)).c_str());
        const auto key = stark::ProvingKey::make(example.system);
        QVERIFY(key.ok());
        const auto proof = stark::prove(*key, example.traces, {});
        QVERIFY(proof.ok());
        QVERIFY(stark::verifyProof(key->verifying(), {}, *proof).ok());
        const stark::Constraints& constraints = example.system.chips[0].constraints;
        const std::size_t cells = (constraints.width + constraints.logUpWidth()) * kRows;
        qInfo("%zu columns, %zu of LogUp, %zu cells a call; %zu nodes, %zu constraints", constraints.width,
              constraints.logUpWidth(), cells, constraints.nodes.size(), constraints.assertions.size());
        QCOMPARE(cells, std::size_t{9000});
    }
    void wordsAreTheReference()
    {
        // Sums of the chip's own rounds, not of the reference that the calls were made with.
        for (const OwnedCall& call : manyCalls()) {
            const Sha256Chip::Words words = Sha256Chip::wordsOf(call.view());
            for (std::size_t i = 0; i < 8; ++i)
                QCOMPARE(call.first[i].before + (i < 4 ? words.a[71 - i] : words.e[75 - i]), call.first[i].after);
        }
    }
    void auditAgreesWithTheRowChecker()
    {
        Forgery f(3);
        const Audit audit(f.chip);
        const std::vector<OwnedCall> calls = manyCalls();
        QVERIFY(audit.all(test::traceOf(f.chip, calls), calls).clean());
        QVERIFY(audit.all(f.trace, {f.call}).clean());
        test::CallExample example = test::makeCallExample(f.chip, {f.call});
        example.traces[0]->at(2, f.columns().e) += Element::from(1);
        QVERIFY(!stark::findViolations(example.system, example.traces, {}, 1).empty());
        QVERIFY(!audit.all(*example.traces[0], {f.call}).clean());
    }
    void wrongResultsFail()
    {
        for (std::size_t i = 0; i < 8; ++i) {
            OwnedCall wrong = randomCall(4);
            wrong.first[i].after ^= 1U << 3 * i;
            const Sha256Chip chip;
            const Audit audit(chip);
            QVERIFY(!audit.all(test::traceOf(chip, {wrong}), {wrong}).clean());
        }
        OwnedCall wrong = randomCall(4);
        wrong.first[0].after += 1;
        const test::CallExample example = test::makeCallExample(Sha256Chip(), {wrong});
        QVERIFY(!stark::findViolations(example.system, example.traces, {}, 1).empty());
        const auto key = stark::ProvingKey::make(example.system);
        const auto proof = stark::prove(*key, example.traces, {});
        QVERIFY(!proof.ok() || !stark::verifyProof(key->verifying(), {}, *proof).ok());
    }
    void everyCellMatters()
    {
        Forgery f(5);
        const Audit audit(f.chip);
        const Sha256Columns& c = f.columns();
        Random random(6);
        test::CellAudit cells(audit, f.trace);
        for (std::size_t row = 0; row < kRows + 2; ++row) {
            // Nothing reads these: the pointer and the accesses where there are none, and the time of padding.
            std::set<std::size_t> free;
            const bool accesses = row < 2 || row == kRows - 1;
            if (!accesses) {
                free = {c.words.pointer().lo, c.words.pointer().hi};
                for (std::size_t i = row == kRows - 2 ? 2 : 0; i < c.ports.size(); ++i)
                    free.insert({c.ports[i].previousTime, c.ports[i].gap});
            }
            if (row >= kRows) free.insert(c.time);
            const std::set<std::size_t> found = cells.unnoticed(row, random.element());
            for (const std::size_t column : found) {
                if (free.count(column) == 0) QFAIL(qPrintable(QString("row %1, column %2").arg(row).arg(column)));
            }
            QCOMPARE(found.size(), free.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestChipsSha256)
#include "tst_chips_sha256.moc"
