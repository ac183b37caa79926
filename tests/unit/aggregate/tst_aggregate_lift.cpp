// SPDX-License-Identifier: MIT
// Lifts of real shards: the circuit judges them as the native verifier does, and a lift is proven and says no more than
// the shard's proof.
#include "core/aggregate/lift.h"
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/unit/proving/random_code.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::aggregate;
using namespace bowline::test;

namespace {
constexpr stark::Parameters kFewQueries{1, 4, 1, 1, 1, 1, 1};
constexpr stark::Parameters kLiftParameters{2, 4, 1, 1, 1, 1, 1};

// Two shards of one program, each with the lift of its shape.
struct Shards {
    zkvm::Image image =
        expect(zkvm::bareImageFromElf(mips::elfOf(mips::RandomCode(3).code(600), mips::randomData(9), 0)));
    std::unique_ptr<proving::PreparedProgram> program;
    struct One {
        Span span;
        stark::Proof proof;
        std::unique_ptr<Lift> lift;
    };
    std::vector<One> all;

    Shards()
    {
        image.registers = mips::RandomCode(4).registers();
        image.registers[0] = 0;
        program = expect(proving::PreparedProgram::make(image, kFewQueries, {}));
        proving::ProvingOptions options = mips::testOptions(500);
        options.parameters = kFewQueries;
        const auto machine = expect(zkvm::Machine::create(image, {}, {}));
        zkvm::MemoryTree tree = program->tree();
        for (int i = 0; i < 2; ++i) {
            const auto shard = expect(proving::executeShard(*program, *machine, tree, options));
            One one;
            one.span.shard = shard.statement;
            one.span.tables = program->commitment().tables;
            one.span.programLog = program->commitment().programLog;
            for (std::uint32_t k = 0; k < 8; ++k) one.span.keySet[k] = Element::from(100 + k);
            one.proof =
                expect(stark::prove(program->key(), shard.witness.traces, shard.statement.publicValues()));
            one.lift = expect(Lift::make(shapeOf(one), {kLiftParameters}));
            all.push_back(std::move(one));
        }
    }
    [[nodiscard]] ShardShape shapeOf(const One& one) const
    {
        return {one.span.programLog, one.proof.heights, kFewQueries};
    }
    // Why a verifier refuses the shard's proof for this span.
    [[nodiscard]] std::string native(const Span& span, const stark::Proof& proof) const
    {
        const auto status = stark::verifyProof(program->key().verifying(), span.shard.publicValues(), proof);
        return status.ok() ? "accepted" : status.error().detail;
    }
    [[nodiscard]] static std::string circuit(const One& one, const Span& span, const stark::Proof& proof)
    {
        const auto execution = one.lift->execute(span, proof);
        return execution.ok() ? "accepted" : execution.error().detail;
    }
};
const Shards& shards()
{
    static const Shards out;
    return out;
}
} // namespace

class TestAggregateLift : public QObject {
    Q_OBJECT
private slots:
    void realShardsAreJudgedAlike();
    void changedProofsAreJudgedAlike();
    void changedStatementsAreJudgedAlike();
    void theStatementMustMakeSense();
    void theKeyIsBound();
    void aLiftIsProven();
    void shapesThatNoVerifierAcceptsHaveNoLift();
    void theParametersHoldForTallTables();
};

void TestAggregateLift::realShardsAreJudgedAlike()
{
    const Shards& s = shards();
    QVERIFY(!s.all[0].span.shard.halted && s.all[1].span.shard.halted);
    for (const auto& one : s.all) {
        QCOMPARE(s.native(one.span, one.proof), std::string("accepted"));
        QCOMPARE(Shards::circuit(one, one.span, one.proof), std::string("accepted"));
    }
}

void TestAggregateLift::changedProofsAreJudgedAlike()
{
    const Shards& s = shards();
    const stark::VerifyingKey& key = s.program->key().verifying();
    std::mt19937 random(21);
    std::map<std::string, int> reasons;
    for (const auto& one : s.all) {
        const base::Bytes honest = stark::encode(key, one.proof);
        for (int round = 0; round < 120; ++round) {
            base::Bytes bytes = honest;
            // Every second one near the start, where roots, sums and values are.
            const std::size_t room = round % 2 == 0 ? 2000 : bytes.size() - 100;
            bytes[70 + random() % room] ^= static_cast<std::uint8_t>(1U << random() % 7);
            const auto proof = stark::decode(key, bytes);
            if (!proof.ok() || proof->heights != one.proof.heights) continue;
            const std::string native = s.native(one.span, *proof);
            QVERIFY(native != "accepted");
            QCOMPARE(Shards::circuit(one, one.span, *proof), native);
            ++reasons[native];
        }
    }
    for (const auto& [reason, count] : reasons) qInfo() << count << reason.c_str();
    QVERIFY(reasons.size() >= 4);
}

void TestAggregateLift::changedStatementsAreJudgedAlike()
{
    const Shards& s = shards();
    const std::vector<std::function<void(chips::Statement&)>> changes{
        [](chips::Statement& x) { ++x.pcBefore; },
        [](chips::Statement& x) { x.npcBefore += 4; },
        [](chips::Statement& x) { x.rootBefore[0] += Element::from(1); },
        [](chips::Statement& x) { x.rootBefore[7] += Element::from(1); },
        [](chips::Statement& x) { x.rootAfter[0] += Element::from(1); },
        [](chips::Statement& x) { x.rootAfter[7] += Element::from(1); },
        [](chips::Statement& x) { x.timeAfter += 4; },
        [](chips::Statement& x) { std::swap(x.rootBefore, x.rootAfter); },
    };
    for (const auto& one : s.all) {
        for (const auto& change : changes) {
            Span span = one.span;
            change(span.shard);
            const std::string native = s.native(span, one.proof);
            QVERIFY(native != "accepted");
            QCOMPARE(Shards::circuit(one, span, one.proof), native);
        }
    }
    // A proof of one shard for another's statement.
    QVERIFY(Shards::circuit(s.all[0], s.all[1].span, s.all[0].proof) != "accepted");
}

void TestAggregateLift::theStatementMustMakeSense()
{
    const Shards& s = shards();
    const auto why = [&](std::size_t i, const std::function<void(Span&)>& change) {
        Span span = s.all[i].span;
        change(span);
        return Shards::circuit(s.all[i], span, s.all[i].proof);
    };
    QCOMPARE(why(0, [](Span& x) { x.shard.exitCode = 1; }), std::string("an exit code before the end"));
    QCOMPARE(why(0, [](Span& x) { x.shard.exitCode = 0x10000; }), std::string("an exit code before the end"));
    QCOMPARE(why(0, [](Span& x) { x.shard.halted = true; }), std::string("halted, and yet somewhere"));
    QCOMPARE(why(1, [](Span& x) { x.shard.pcAfter = 4; }), std::string("halted, and yet somewhere"));
    QCOMPARE(why(1, [](Span& x) { x.shard.npcAfter = 4; }), std::string("halted, and yet somewhere"));
    QVERIFY(why(1, [](Span& x) { x.shard.halted = false; }) != "accepted");
    QVERIFY(why(1, [](Span& x) { x.shard.exitCode ^= 1; }) != "accepted");
    QCOMPARE(why(0, [](Span& x) { ++x.programLog; }), std::string("rows of the program's table"));
    // A lift has no opinion of the set of keys, but it is part of what is proven.
    QCOMPARE(why(0, [](Span& x) { x.keySet[3] += Element::from(1); }), std::string("accepted"));
    // Neither 0 nor 1: no Statement can say so, but public values could.
    std::vector<Element> values = s.all[0].span.publicValues();
    values[Span::kHalted] = Element::from(2);
    recursion::Stream stream(s.all[0].lift->program().streamSize);
    const auto execution = recursion::execute(s.all[0].lift->program(), stream, values);
    QVERIFY(!execution.ok());
    QCOMPARE(execution.error().detail, std::string("halted or not"));
}

void TestAggregateLift::theKeyIsBound()
{
    const Shards& s = shards();
    for (std::size_t i = 0; i < 8; ++i) {
        Span span = s.all[0].span;
        span.tables[i] += Element::from(1);
        QVERIFY(Shards::circuit(s.all[0], span, s.all[0].proof) != "accepted");
    }
    // Another program of the same shape: the same lift accepts its proof under its own commitment only.
    zkvm::Image image = s.image;
    std::vector<mips::Word> code = mips::RandomCode(3).code(600);
    code[0] = mips::iType(0x0d, 0, 1, 5); // ori instead of a nop
    image = expect(zkvm::bareImageFromElf(mips::elfOf(code, mips::randomData(9), 0)));
    image.registers = s.image.registers;
    const auto program = expect(proving::PreparedProgram::make(image, kFewQueries, {}));
    QVERIFY(program->commitment().tables != s.program->commitment().tables);
    proving::ProvingOptions options = mips::testOptions(500);
    options.parameters = kFewQueries;
    const auto machine = expect(zkvm::Machine::create(image, {}, {}));
    zkvm::MemoryTree tree = program->tree();
    const auto shard = expect(proving::executeShard(*program, *machine, tree, options));
    const auto proof =
        expect(stark::prove(program->key(), shard.witness.traces, shard.statement.publicValues()));
    Span span = s.all[0].span;
    span.shard = shard.statement;
    span.tables = program->commitment().tables;
    const auto lift = expect(Lift::make({span.programLog, proof.heights, kFewQueries}, {kLiftParameters}));
    QVERIFY(lift->execute(span, proof).ok());
    if (proof.heights == s.all[0].proof.heights) QCOMPARE(lift->key().digest, s.all[0].lift->key().digest);
    span.tables = s.program->commitment().tables;
    QVERIFY(!lift->execute(span, proof).ok());
}

void TestAggregateLift::aLiftIsProven()
{
    const Shards& s = shards();
    const auto& one = s.all[0];
    const stark::Proof proof = expect(one.lift->prove(one.span, one.proof)).proof;
    const std::vector<Element> values = one.span.publicValues();
    QVERIFY(stark::verifyProof(one.lift->key(), values, proof).ok());
    QCOMPARE(values.size(), std::size_t{Span::kValues});
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<Element> other = values;
        other[i] += Element::from(1);
        QVERIFY(!stark::verifyProof(one.lift->key(), other, proof).ok());
    }
    // No lift of a proof that is refused.
    stark::Proof bad = one.proof;
    bad.queries[1].batches[1].rows[0][0] += Element::from(1);
    QVERIFY(!one.lift->prove(one.span, bad).ok());
    QVERIFY(!one.lift->prove(s.all[1].span, s.all[1].proof).ok());
}

void TestAggregateLift::shapesThatNoVerifierAcceptsHaveNoLift()
{
    const Shards& s = shards();
    const ShardShape good = s.shapeOf(s.all[0]);
    const auto refused = [&](const std::function<void(ShardShape&)>& change) {
        ShardShape shape = good;
        change(shape);
        return !liftProgram(shape).ok();
    };
    QVERIFY(!refused([](ShardShape&) {}));
    QVERIFY(refused([](ShardShape& x) { x.heights[0] = chips::kMaxTableLog + 1; }));
    QVERIFY(refused([](ShardShape& x) { x.heights.pop_back(); }));
    QVERIFY(refused([](ShardShape& x) { x.heights.back().reset(); }));
    QVERIFY(refused([](ShardShape& x) { ++x.programLog; }));
    QVERIFY(refused([](ShardShape& x) { x.programLog = chips::kMaxTableLog + 1; }));
    QVERIFY(refused([](ShardShape& x) {
        for (std::size_t i = 0; i < chips::kKinds; ++i) x.heights[i] = chips::kMaxTableLog;
        x.heights[0] = 26;
    }));
}

void TestAggregateLift::theParametersHoldForTallTables()
{
    // The machine's own constraints and messages, with every table as tall as the tallest lift has one.
    const stark::Heights heights(recursion::kTables, 18U);
    const auto bounds = stark::ProofBounds::of(shards().all[0].lift->key(), heights);
    const auto report = stark::soundness(stark::kRecursionParameters, bounds);
    qInfo().noquote() << "\n" << report.table("lift: blowup 4, 118 queries, all tables 2^18 rows").c_str();
    QVERIFY(report.unique >= stark::kProvenBits);
}

QTEST_APPLESS_MAIN(TestAggregateLift)
#include "tst_aggregate_lift.moc"
