// SPDX-License-Identifier: MIT
// Proofs of whole executions: over several shards, and every way to say something else than what was proven.
#include "core/proving/constraint_texts.h"
#include "core/stark/key_texts.h"
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/unit/proving/fixture.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::proving;
using namespace bowline::test;

namespace {
// The guest in C, in shards of which several are needed.
struct Honest {
    base::Bytes input{1, 2, 3, 250, 251};
    zkvm::Image image = expect(zkvm::imageFromElf(builtGuest("sum")));
    std::unique_ptr<PreparedProgram> program = expect(PreparedProgram::make(image, kTestParameters, {}));
    ExecutionProof proof;
    field::FieldDigest id = program->commitment().id();
    stark::VerifyingKey key = expect(verifyingKeyOf(program->commitment(), kTestParameters));

    Honest()
    {
        ProvingOptions options;
        options.parameters = kTestParameters;
        options.shardInstructions = 1000;
        proof = expect(proveExecution(*program, input, options));
    }
    [[nodiscard]] bool accepts(const ExecutionProof& other) const
    {
        return verifyExecution(other, id, key).ok();
    }
    // Each shard starts where its predecessor ended, as the file has it.
    static void chain(ExecutionProof& out)
    {
        for (std::size_t i = 1; i < out.shards.size(); ++i) {
            chips::Statement& statement = out.shards[i].statement;
            const chips::Statement& before = out.shards[i - 1].statement;
            statement.pcBefore = before.pcAfter;
            statement.npcBefore = before.npcAfter;
            statement.rootBefore = before.rootAfter;
        }
    }
};
const Honest& honest()
{
    static const Honest out;
    return out;
}
} // namespace

class TestProvingProof : public QObject {
    Q_OBJECT
private slots:
    void anExecutionOfSeveralShardsIsProven();
    void theKeyOfTheVerifierIsThatOfTheProver();
    void thePinnedTextsAreTheConstraints();
    void everyPublicValueIsBound_data();
    void everyPublicValueIsBound();
    void shardsAreAChain();
    void theProgramIsBound();
    void everyPartOfAProgramChangesItsId();
    void theResultIsBound();
    void theFileIsCanonical();
    void noFlippedByteIsAccepted();
    void timesCannotWrap();
    void theParametersHoldForTheTallestTables();
    void aTableThatIsTooTallIsRefused();
    void aFaultHasNoProof();
    void whatIsLeftInMemoryIsInNoProof();
    void aCanceledProverStops();
    void shardsAreFilledUpToShapes();
    void shardsEndBeforeTheyOutgrowTheShapes();
};

void TestProvingProof::anExecutionOfSeveralShardsIsProven()
{
    const Honest& h = honest();
    QVERIFY(h.proof.shards.size() >= 3);
    const GuestRun run = runImage(h.image, h.input);
    const Verified verified = expect(verifyExecution(h.proof.encode(), h.id, kTestParameters));
    QCOMPARE(verified.journal, run.journal);
    QCOMPARE(verified.journal, (base::Bytes{5, 0, 0, 0, 0xfb, 1, 0, 0}));
    QCOMPARE(verified.exitCode, 0U);
    QCOMPARE(verified.instructions, run.cycles);
    QCOMPARE(h.proof.shards.back().statement.rootAfter, field::elementsOf(run.root.view()));
}

void TestProvingProof::theKeyOfTheVerifierIsThatOfTheProver()
{
    QCOMPARE(honest().key.digest, honest().program->key().verifying().digest);
}

// The prover hashes the text of its constraints; the verifier has the digests in its source.
void TestProvingProof::thePinnedTextsAreTheConstraints()
{
    const stark::TextDigests texts = stark::textDigestsOf(honest().program->key().system());
    QCOMPARE(texts.size(), std::size(kConstraintTexts));
    std::string list;
    bool isSame = true;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        list += "    {";
        for (std::size_t j = 0; j < 8; ++j) {
            isSame = isSame && texts[i][j].value() == kConstraintTexts[i][j];
            char word[16];
            std::snprintf(word, sizeof word, "0x%08xU%s", texts[i][j].value(), j < 7 ? ", " : "},\n");
            list += word;
        }
    }
    if (!isSame) std::fputs(list.c_str(), stderr);
    QVERIFY2(isSame, "core/proving/constraint_texts.h has to be the list above");
}

void TestProvingProof::everyPublicValueIsBound_data()
{
    QTest::addColumn<std::size_t>("place");
    for (std::size_t i = 0; i < chips::Statement::kValues; ++i) QTest::addRow("%zu", i) << i;
}

void TestProvingProof::everyPublicValueIsBound()
{
    // By the proof system itself: the verifier of executions has checks of its own before.
    QFETCH(std::size_t, place);
    const Honest& h = honest();
    for (const std::size_t shard : {std::size_t{0}, h.proof.shards.size() - 1}) {
        const ShardProof& proven = h.proof.shards[shard];
        std::vector<field::Element> values = proven.statement.publicValues();
        QVERIFY(stark::verify(h.key, values, proven.proof).ok());
        values[place] += field::Element::from(1);
        QVERIFY(!stark::verify(h.key, values, proven.proof).ok());
        values[place] -= field::Element::from(2);
        QVERIFY(!stark::verify(h.key, values, proven.proof).ok());
    }
}

void TestProvingProof::shardsAreAChain()
{
    const Honest& h = honest();
    QVERIFY(h.accepts(h.proof));
    const auto refused = [&](const auto& change) {
        ExecutionProof other = h.proof;
        change(other.shards);
        const bool asItIs = h.accepts(other);
        Honest::chain(other);
        return !asItIs && !h.accepts(other);
    };
    using Shards = std::vector<ShardProof>;
    QVERIFY(refused([](Shards& s) { s.clear(); }));
    QVERIFY(refused([](Shards& s) { s.pop_back(); }));
    QVERIFY(refused([](Shards& s) { s.erase(s.begin()); }));
    QVERIFY(refused([](Shards& s) { s.erase(s.begin() + 1); }));
    QVERIFY(refused([](Shards& s) { s.insert(s.begin() + 1, s[1]); }));
    QVERIFY(refused([](Shards& s) { s.push_back(s.back()); }));
    QVERIFY(refused([](Shards& s) { std::swap(s[0], s[1]); }));
    QVERIFY(refused([](Shards& s) { std::swap(s[1].proof, s[2].proof); }));
    // An execution that is not at its end, said to be.
    QVERIFY(refused([](Shards& s) {
        s.pop_back();
        s.back().statement.halted = true;
    }));
    QVERIFY(refused([](Shards& s) {
        s.pop_back();
        s.back().statement.halted = true;
        s.back().statement.pcAfter = s.back().statement.npcAfter = 0;
    }));
    QVERIFY(refused([](Shards& s) { s.back().statement.exitCode = 1; }));
    QVERIFY(refused([](Shards& s) { s.front().statement.exitCode = 1; }));
    QVERIFY(refused([](Shards& s) { s.front().statement.halted = true; }));
}

void TestProvingProof::theProgramIsBound()
{
    const Honest& h = honest();
    field::FieldDigest other = h.id;
    other.bytes[0] ^= 1;
    QVERIFY(!verifyExecution(h.proof, other, h.key).ok());
    const auto refused = [&](const auto& change) {
        ExecutionProof proof = h.proof;
        change(proof.program);
        // Neither under the id of the true program nor under the one that it now claims to be.
        return !h.accepts(proof) && !verifyExecution(proof, proof.program.id(), h.key).ok() &&
               !verifyExecution(proof.encode(), proof.program.id(), kTestParameters).ok();
    };
    QVERIFY(refused([](ProgramCommitment& p) { p.pc += 4; }));
    QVERIFY(refused([](ProgramCommitment& p) { p.npc += 4; }));
    QVERIFY(refused([](ProgramCommitment& p) { p.kernelVersion += 1; }));
    QVERIFY(refused([](ProgramCommitment& p) { p.root[3] += field::Element::from(1); }));
    QVERIFY(refused([](ProgramCommitment& p) { p.tables[7] += field::Element::from(1); }));
}

void TestProvingProof::everyPartOfAProgramChangesItsId()
{
    const zkvm::Image& image = honest().image;
    const field::FieldDigest id = expect(programId(image));
    QCOMPARE(expect(programId(expect(zkvm::imageFromElf(builtGuest("sum"))))), id);
    const auto differs = [&](const auto& change) {
        zkvm::Image other = image;
        change(other);
        return expect(programId(other)) != id;
    };
    QVERIFY(differs([](zkvm::Image& i) { i.pc += 4; }));
    QVERIFY(differs([](zkvm::Image& i) { i.npc += 4; }));
    QVERIFY(differs([](zkvm::Image& i) { i.kernelVersion += 1; }));
    QVERIFY(differs([](zkvm::Image& i) { i.registers[1] = 1; }));
    QVERIFY(differs([](zkvm::Image& i) { i.registers[zkvm::kHi] = 1; }));
    QVERIFY(differs([](zkvm::Image& i) { i.pages[mips::kDataBase / zkvm::kPageBytes][7] = 1; }));
    QVERIFY(differs([](zkvm::Image& i) { i.text[0].words[3] ^= 1U << 16U; }));
    QVERIFY(differs([](zkvm::Image& i) { i.text[0].words.pop_back(); }));
    QVERIFY(differs([](zkvm::Image& i) { i.text.pop_back(); }));
}

void TestProvingProof::theResultIsBound()
{
    const Honest& h = honest();
    const auto refused = [&](const auto& change) {
        ExecutionProof other = h.proof;
        change(other);
        return !h.accepts(other);
    };
    QVERIFY(refused([](ExecutionProof& p) { p.journal[0] ^= 1; }));
    QVERIFY(refused([](ExecutionProof& p) { p.journal.push_back(0); }));
    QVERIFY(refused([](ExecutionProof& p) { p.journal.pop_back(); }));
    QVERIFY(refused([](ExecutionProof& p) { p.journal.clear(); }));
    for (std::size_t i = 0; i < zkvm::kLeafWords; ++i) {
        QVERIFY(refused([i](ExecutionProof& p) { p.result.leaves[0][i] ^= 1U; }));
        QVERIFY(refused([i](ExecutionProof& p) { p.result.leaves[1][i] ^= 1U; }));
    }
    for (std::size_t level = 0; level < ResultOpening::kPath; ++level)
        QVERIFY(refused([level](ExecutionProof& p) { p.result.path[level][0] += field::Element::from(1); }));
    // The leaf's limbs as other words that are the same modulo p are no other words.
    QVERIFY(refused([](ExecutionProof& p) { std::swap(p.result.leaves[0], p.result.leaves[1]); }));
}

void TestProvingProof::theFileIsCanonical()
{
    const Honest& h = honest();
    const base::Bytes file = h.proof.encode();
    QCOMPARE(expect(ExecutionProof::decode(file)).encode(), file);
    base::Bytes longer = file;
    longer.push_back(0);
    QVERIFY(!ExecutionProof::decode(longer).ok());
    for (std::size_t size = 0; size < file.size(); size += 1 + size / 7)
        QVERIFY(!ExecutionProof::decode(base::ByteView(file).first(size)).ok());
    QVERIFY(!ExecutionProof::decode(base::ByteView(file).first(file.size() - 1)).ok());
    // Every element of the header as the number that is p more.
    for (std::size_t at = 10; at < 10 + 32; at += 4) {
        base::Bytes other = file;
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < 4; ++i) word |= std::uint32_t{other[at + i]} << 8 * i;
        word += field::Element::kModulus;
        for (std::size_t i = 0; i < 4; ++i) other[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
        QVERIFY(!ExecutionProof::decode(other).ok());
    }
}

void TestProvingProof::noFlippedByteIsAccepted()
{
    const Honest& h = honest();
    const base::Bytes file = h.proof.encode();
    std::mt19937_64 random(1);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < 160; ++i) places.push_back(i); // the header, byte by byte
    for (std::size_t i = 0; i < 120; ++i) places.push_back(random() % file.size());
    for (std::size_t i = file.size() - 80; i < file.size(); ++i) places.push_back(i);
    int decoded = 0;
    for (const std::size_t place : places) {
        base::Bytes other = file;
        other[place] ^= static_cast<std::uint8_t>(1U << random() % 8);
        const auto proof = ExecutionProof::decode(other);
        if (!proof.ok()) continue;
        ++decoded;
        QVERIFY2(!h.accepts(*proof), qPrintable(QString("byte %1").arg(place)));
    }
    QVERIFY(decoded > 100);
}

void TestProvingProof::timesCannotWrap()
{
    stark::Heights heights(chips::kKinds + 7);
    QVERIFY(chips::timesAreSafe(heights));
    // 2^23 rows are the tallest table there is: 31 of them would do, and there are 23.
    for (std::size_t i = 0; i < chips::kKinds; ++i) heights[i] = 23;
    QVERIFY(chips::timesAreSafe(heights));
    for (std::size_t i = 0; i < chips::kKinds; ++i) heights[i] = 24;
    QVERIFY(!chips::timesAreSafe(heights));
}

// With the machine's own constraints, columns and messages, and every table as tall as the verifier allows.
void TestProvingProof::theParametersHoldForTheTallestTables()
{
    ProgramCommitment commitment = honest().program->commitment();
    commitment.programLog = chips::kMaxTableLog;
    const stark::VerifyingKey key = expect(verifyingKeyOf(commitment, stark::kCoreParameters));
    stark::Heights heights(key.chips.size(), chips::kMaxTableLog);
    for (std::size_t i = 0; i < heights.size(); ++i)
        heights[i] = key.chips[i].preprocessedLog.value_or(*heights[i]);
    const auto report = stark::soundness(stark::kCoreParameters, stark::ProofBounds::of(key, heights));
    qInfo("%s", report.table("machine").c_str());
    QVERIFY(report.unique >= stark::kProvenBits);
    QVERIFY(chips::timesAreSafe(heights));
}

void TestProvingProof::aTableThatIsTooTallIsRefused()
{
    // By the program's table alone: others would have to be made. The honest key with the height of another.
    ProgramCommitment commitment = honest().program->commitment();
    commitment.programLog = chips::kMaxTableLog + 1;
    ExecutionProof proof = honest().proof;
    proof.program = commitment;
    const auto key = verifyingKeyOf(commitment, kTestParameters);
    QVERIFY(key.ok());
    QVERIFY(!verifyExecution(proof, commitment.id(), *key).ok());
}

void TestProvingProof::aFaultHasNoProof()
{
    const BareProgram program({mips::lw(2, 0, 0), mips::trap(BOWLINE_HALT), mips::kNop}, {}, {});
    ProvingOptions options;
    options.parameters = kTestParameters;
    const auto proof = proveExecution(*program.prepared, {}, options);
    QVERIFY(!proof.ok());
    QCOMPARE(proof.error().code, kNoProof);
}

void TestProvingProof::whatIsLeftInMemoryIsInNoProof()
{
    // Two programs by one prover, so that the second one finds the first one's tables in its memory, then words that no
    // table has: the proofs are those of a prover that begins with zeros.
    const Honest& h = honest();
    ProvingOptions options;
    options.parameters = kTestParameters;
    options.shardInstructions = 1000;
    const base::Bytes expected = h.proof.encode();
    const field::CellsReuse reuse;
    QVERIFY(expect(proveExecution(*h.program, {9, 9}, options)).encode() != expected);
    const std::size_t kept = field::CellsReuse::kept();
    QVERIFY(kept > std::size_t{8} << 20U);
    QVERIFY(expect(proveExecution(*h.program, h.input, options)).encode() == expected);
    {
        std::vector<field::Cells> all; // every size that a table of so few rows has
        for (std::size_t bytes = std::size_t{2} << 20U; bytes <= std::size_t{64} << 20U; bytes += bytes / 4) {
            all.push_back(field::Cells::unset(bytes / sizeof(field::Element)));
            std::fill(all.back().begin(), all.back().end(), field::Element::from(0x5a5a5a));
        }
    }
    QVERIFY(expect(proveExecution(*h.program, h.input, options)).encode() == expected);
}

void TestProvingProof::aCanceledProverStops()
{
    const Honest& h = honest();
    ProvingOptions options;
    options.parameters = kTestParameters;
    options.shardInstructions = 1000;
    std::vector<Progress> seen;
    options.progress = [&seen](const Progress& progress) {
        seen.push_back(progress);
        return progress.shards < 1;
    };
    const auto proof = proveExecution(*h.program, h.input, options);
    QVERIFY(!proof.ok());
    QCOMPARE(proof.error().code, kCanceled);
    QCOMPARE(seen.size(), std::size_t{3});
    QVERIFY(seen.back().provenInstructions >= 1000);
}

namespace {
// All tables of so many rows, but of the precompiles' only Poseidon2's, with which the kernel hashes the journal.
stark::Heights shapeOf(unsigned log)
{
    const chips::MachineTables& tables = honest().program->tables();
    stark::Heights out(tables.size(), log);
    for (std::size_t i = 0; i < tables.calls().size(); ++i) {
        out[tables.placeOfCall(i)].reset();
        if (tables.calls()[i].number == BOWLINE_POSEIDON2) out[tables.placeOfCall(i)] = log;
    }
    return out;
}
ProvingOptions optionsWith(const ShardShapes& shapes)
{
    ProvingOptions out;
    out.parameters = kTestParameters;
    out.shardInstructions = 1000;
    out.shapes = shapes;
    return out;
}
// How many shards the execution has; 0: it was refused.
std::size_t shardsWith(const ShardShapes& shapes)
{
    const auto machine = expect(zkvm::Machine::create(honest().image, honest().input, {}));
    for (std::size_t count = 1;; ++count) {
        const auto shard = recordShard(*honest().program, *machine, optionsWith(shapes));
        if (!shard.ok()) return shard.error().code == kTooLittleMemory ? 0 : count;
        if (shard->statement.halted) return count;
    }
}
} // namespace

void TestProvingProof::shardsAreFilledUpToShapes()
{
    const Honest& h = honest();
    // The second one is too low for any shard, the third one taller than need be.
    const ExecutionProof proof =
        expect(proveExecution(*h.program, h.input, optionsWith({shapeOf(13), shapeOf(6), shapeOf(16)})));
    QVERIFY(h.accepts(proof));
    QCOMPARE(proof.shards.size(), h.proof.shards.size());
    QCOMPARE(proof.journal, h.proof.journal);
    const stark::Heights expected = *shapeFor({shapeOf(13)}, h.key, shapeOf(6));
    for (std::size_t i = 0; i < proof.shards.size(); ++i) {
        QVERIFY(proof.shards[i].statement.rootAfter == h.proof.shards[i].statement.rootAfter);
        QVERIFY(expect(stark::decode(h.key, proof.shards[i].proof)).heights == expected);
    }
    // Without the option some of these tables are left out.
    const stark::Heights free = expect(stark::decode(h.key, h.proof.shards[0].proof)).heights;
    for (std::size_t i = 0; i < free.size(); ++i) QVERIFY(!free[i] || expected[i]);
    QVERIFY(std::count(free.begin(), free.end(), std::nullopt) >
            std::count(expected.begin(), expected.end(), std::nullopt));
}

void TestProvingProof::shardsEndBeforeTheyOutgrowTheShapes()
{
    QCOMPARE(shardsWith({shapeOf(13)}), honest().proof.shards.size());
    stark::Heights low = shapeOf(13);
    low[chips::MachineTables::placeOf(chips::Kind::AddImmediate)] = 6;
    QVERIFY(shardsWith({low}) > honest().proof.shards.size());
    // No instruction fits, or a table that is needed is in no shape.
    QCOMPARE(shardsWith({shapeOf(5)}), std::size_t{0});
    stark::Heights without = shapeOf(13);
    without[chips::MachineTables::placeOf(chips::Kind::Branch)].reset();
    QCOMPARE(shardsWith({without}), std::size_t{0});
    QCOMPARE(shardsWith({without, low}), shardsWith({low}));
}

QTEST_GUILESS_MAIN(TestProvingProof)
#include "tst_proving_proof.moc"
