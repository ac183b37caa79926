// SPDX-License-Identifier: MIT
// The chain: batch after batch from a genesis on, and everything that does not follow. Batches are proven by a program that proves
// any span, in a set of keys of this test alone: what spans rest on are lifts and joins, with tests of their own.
#include "core/stark/verifier.h"
#include "tests/unit/aggregate/chained.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::aggregate;
using namespace bowline::test;

namespace {
constexpr stark::Parameters kParameters{2, 4, 1, 1, 1, 1, 1};

struct Chained {
    ChainForms forms;
    std::unique_ptr<Anything> batches; // of the batches' form
    std::unique_ptr<Anything> states;  // of the chain's: not in the set of keys
    std::unique_ptr<Genesis> genesis;
    std::unique_ptr<Chain> chain;
    KeySet keys = expect(KeySet::make({}));
    KeySet withStates = keys; // and a set in which it is
    std::vector<ChainProof> proofs;

    Chained()
    {
        forms.batch = {kParameters, heightsOf(expect(recursion::Circuit(Span::kValues).finish()))};
        forms.chain = {kParameters,
                       heightsOf(expect(chainProgram({{kParameters, forms.batch.heights}, forms.batch})))};
        while (!covers(*forms.chain.heights, heightsOf(expect(chainProgram(forms))))) {
        }
        batches = std::make_unique<Anything>(Span::kValues, forms.batch);
        states = std::make_unique<Anything>(ChainState::kValues, forms.chain);
        genesis = expect(Genesis::make(stateOf(statementOf(0), programOf(startOf(kOld))), forms.chain));
        chain = expect(Chain::make(forms));
        std::vector<DigestWords> all{batches->machine.key().verifying().digest, chain->key().digest,
                                     genesis->key().digest};
        keys = expect(KeySet::make(all));
        all.push_back(states->machine.key().verifying().digest);
        withStates = expect(KeySet::make(all));
        proofs.push_back(expect(genesis->prove(keys.root(), chain->key().digest)));
        for (std::uint64_t n = 1; n <= 2; ++n)
            proofs.push_back(expect(chain->prove(keys, proofs.back(), batch(statementOf(n)))));
    }
    [[nodiscard]] BatchProof batch(const l2::Statement& statement,
                                   const std::function<void(Span&)>& change = {},
                                   std::uint32_t program = kOld) const
    {
        return batchOf(statement, keys.root(), *batches, change, program);
    }
    // A proof of any state, by a program that proves any.
    [[nodiscard]] ChainProof any(ChainState state) const
    {
        state.keySet = withStates.root();
        state.chainKey = chain->key().digest;
        return {state, states->commitment(), states->prove(state.publicValues())};
    }
    [[nodiscard]] static bool covers(recursion::MachineHeights& heights,
                                     const recursion::MachineHeights& least)
    {
        bool out = true;
        for (std::size_t i = 0; i < heights.size(); ++i) {
            out = out && heights[i] >= least[i];
            heights[i] = std::max(heights[i], least[i]);
        }
        return out;
    }
};
const Chained& all()
{
    static const Chained out;
    return out;
}
const ChainVerifier& verifier()
{
    static const ChainVerifier out =
        expect(ChainVerifier::make({all().keys.root(), all().chain->key().digest,
                                    statementOf(0).chainId.bytes, statementOf(0).genesisHash.bytes},
                                   all().forms.chain));
    return out;
}
std::string native(const ChainProof& proof)
{
    const auto status = verifier().verify(proof);
    return status.ok() ? "accepted" : status.error().detail;
}

// The place of the step's flags in the stream: before the journal, the result's unused limbs and its path.
std::size_t flagsAt()
{
    return all().chain->program().streamSize - 8 * proving::ResultOpening::kPath - 16 - 352 - 1;
}

// What the chain's program says of this when the checks with these reasons are left out.
std::string circuit(const recursion::Stream& stream, const ChainState& own,
                    const std::vector<std::string>& left = {})
{
    recursion::Program program = all().chain->program();
    std::erase_if(program.order, [&](const recursion::Program::Step& step) {
        std::uint32_t why = 0;
        if (step.kind == recursion::Program::Kind::Path)
            why = program.paths[step.index].why;
        else if (step.kind == recursion::Program::Kind::Alu && program.alu[step.index].check)
            why = program.alu[step.index].why;
        else
            return false;
        return std::find(left.begin(), left.end(), program.reasons[why]) != left.end();
    });
    const auto execution = recursion::execute(program, stream, own.publicValues());
    return execution.ok() ? "accepted" : execution.error().detail;
}
// What somebody would say of the batch who did not look.
ChainState claimOf(const ChainState& before, const BatchProof& batch)
{
    const auto statement = l2::parseStatement(batch.journal);
    ChainState out = statement.ok() ? stateOf(*statement, programOf(batch.span.span)) : before;
    out.program = programOf(batch.span.span);
    out.keySet = before.keySet;
    out.chainKey = before.chainKey;
    return out;
}
std::string why(const ChainState& before, const BatchProof& batch)
{
    const auto out = advanced(before, batch);
    return out.ok() ? "accepted" : out.error().detail;
}
std::vector<std::uint8_t> vectorOf(base::ByteView view) { return {view.begin(), view.end()}; }
} // namespace

class TestAggregateChain : public QObject {
    Q_OBJECT
private slots:
    void keptPartsAreThoseOfTheStatement();
    void batchesAreChained();
    void everyPublicValueIsBound();
    void whatDoesNotFollowIsRefused_data();
    void whatDoesNotFollowIsRefused();
    void theResultIsBound();
    void thereIsOneGenesis();
    void onlyTheChainGoesOn();
    void anotherProgramComesAsAnnounced();
    void numbersCarry();
    void clientsPinTheChain();
    void theFormOfReleaseHoldsTheChain();
};

void TestAggregateChain::keptPartsAreThoseOfTheStatement()
{
    l2::Statement s = statementOf(7);
    s.nextProgramId = hashOf<l2::Digest>(77);
    s.activationBatch = 0x123456789abcdef0U;
    QCOMPARE(s.encode().size(), kJournalBytes);
    const ChainState state = stateOf(s, {});
    const auto is = [&](Kept field, base::ByteView expected) {
        return vectorOf(state.field(field)) == vectorOf(expected);
    };
    QVERIFY(is(Kept::ChainId, s.chainId.view()) && is(Kept::GenesisHash, s.genesisHash.view()));
    QVERIFY(is(Kept::BatchHash, s.lastHash.view()) && is(Kept::State, s.state.view()));
    QVERIFY(is(Kept::ClaimsRoot, s.claimsRoot.view()) && is(Kept::L1Hash, s.l1Hash.view()));
    QVERIFY(is(Kept::L1Work, s.l1Work) && is(Kept::NextProgram, s.nextProgramId.view()));
    QCOMPARE(state.number(Kept::Batch), s.last.value);
    QCOMPARE(state.number(Kept::ClaimsCount), s.claimsCount);
    QCOMPARE(state.number(Kept::L1Height), std::uint64_t{s.l1Height.value});
    QCOMPARE(state.number(Kept::SealedBatch), s.sealedBatch);
    QCOMPARE(state.number(Kept::Activation), s.activationBatch);
    QCOMPARE(state.publicValues().size(), std::size_t{ChainState::kValues});
    QCOMPARE(state.publicValues().back().value(), 0x1234U);
}

void TestAggregateChain::batchesAreChained()
{
    const Chained& a = all();
    QCOMPARE(native(a.proofs[1]), std::string("accepted"));
    QCOMPARE(native(a.proofs[2]), std::string("accepted"));
    ChainState expected = stateOf(statementOf(2), programOf(startOf(kOld)));
    expected.keySet = a.keys.root();
    expected.chainKey = a.chain->key().digest;
    QVERIFY(a.proofs[2].state == expected);
    // The same length whatever was before.
    QCOMPARE(stark::encode(a.chain->key(), a.proofs[1].proof).size(),
             stark::encode(a.chain->key(), a.proofs[2].proof).size());
}

void TestAggregateChain::everyPublicValueIsBound()
{
    const Chained& a = all();
    const ChainProof& proof = a.proofs[2];
    const BatchProof batch = a.batch(statementOf(2));
    const recursion::Stream stream = expect(a.chain->stream(a.keys, a.proofs[1], batch));
    QCOMPARE(circuit(stream, proof.state), std::string("accepted"));
    std::map<std::string, int> counts;
    const std::vector<Element> values = proof.state.publicValues();
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<Element> other = values;
        other[i] += Element::from(1);
        QVERIFY(!stark::verifyProof(a.chain->key(), other, proof.proof).ok());
        const auto execution = recursion::execute(a.chain->program(), stream, other);
        QVERIFY(!execution.ok());
        ++counts[execution.error().detail];
    }
    const std::map<std::string, int> expected{{reasons::kKeySet, 8},
                                              {reasons::kChainKey, 8},
                                              {reasons::kProgram, 8},
                                              {reasons::kKept, int(kKeptBytes / 2)}};
    QVERIFY(counts == expected);
    ChainState other = proof.state;
    other.kept[keptOffset(Kept::ClaimsRoot)] ^= 1;
    QCOMPARE(circuit(stream, other), std::string(reasons::kKept));
    QCOMPARE(circuit(stream, other, {reasons::kKept}), std::string("accepted"));
}

void TestAggregateChain::whatDoesNotFollowIsRefused_data()
{
    using Change = std::function<void(l2::Statement&)>;
    using SpanChange = std::function<void(Span&)>;
    QTest::addColumn<QString>("reason");
    QTest::addColumn<Change>("statement");
    QTest::addColumn<SpanChange>("span");
    const auto row = [](const char* name, const char* reason, const Change& statement,
                        const SpanChange& span = {}) {
        QTest::newRow(name) << QString(reason) << statement << span;
    };
    const auto spanRow = [&](const char* name, const char* reason, const SpanChange& span) {
        row(name, reason, {}, span);
    };
    row("repeated", reasons::kNumber, [](l2::Statement& s) { s.first.value = s.last.value = 1; });
    row("skipped", reasons::kNumber, [](l2::Statement& s) { s.first.value = s.last.value = 3; });
    row("several", reasons::kNumber, [](l2::Statement& s) { s.last.value = 3; });
    row("far away", reasons::kNumber,
        [](l2::Statement& s) { s.first.value = s.last.value = 2 + (1ULL << 48U); });
    row("another parent", reasons::kState, [](l2::Statement& s) { s.prevHash.bytes[31] ^= 1; });
    row("another state", reasons::kState, [](l2::Statement& s) { s.prevState.bytes[0] ^= 1; });
    row("another genesis", reasons::kNetwork, [](l2::Statement& s) { s.genesisHash.bytes[9] ^= 1; });
    row("another network", reasons::kNetwork, [](l2::Statement& s) { s.chainId.bytes[30] ^= 1; });
    spanRow("not at its end", reasons::kUnfinished, [](Span& x) { x.shard.halted = false; });
    spanRow("exit code 1", reasons::kUnfinished, [](Span& x) { x.shard.exitCode = 1; });
    spanRow("exit code 65536", reasons::kUnfinished, [](Span& x) { x.shard.exitCode = 0x10000; });
    spanRow("another root at the end", reasons::kResult,
            [](Span& x) { x.shard.rootAfter[7] += Element::from(1); });
    spanRow("another code", reasons::kProgram, [](Span& x) { x.tables[3] += Element::from(1); });
    spanRow("more code", reasons::kProgram, [](Span& x) { ++x.programLog; });
    spanRow("another start", reasons::kProgram, [](Span& x) { x.shard.rootBefore[5] += Element::from(1); });
    spanRow("another pc", reasons::kProgram, [](Span& x) { x.shard.pcBefore += 4; });
    spanRow("another npc", reasons::kProgram, [](Span& x) { x.shard.npcBefore += 0x10000; });
    spanRow("another set of keys", reasons::kKeySet, [](Span& x) { x.keySet[1] += Element::from(1); });
}

void TestAggregateChain::whatDoesNotFollowIsRefused()
{
    QFETCH(QString, reason);
    QFETCH(std::function<void(l2::Statement&)>, statement);
    QFETCH(std::function<void(Span&)>, span);
    const Chained& a = all();
    l2::Statement s = statementOf(2);
    if (statement) statement(s);
    const BatchProof batch = a.batch(s, span);
    const ChainProof& before = a.proofs[1];
    QCOMPARE(why(before.state, batch), reason.toStdString());
    QCOMPARE(a.chain->execute(a.keys, before, batch).error().code, kDoesNotFollow);
    // The circuit says the same of whoever claims it all the same, and this one check is what it takes.
    const recursion::Stream stream = expect(a.chain->stream(a.keys, before, batch));
    const ChainState claim = claimOf(before.state, batch);
    QCOMPARE(circuit(stream, claim), reason.toStdString());
    QCOMPARE(circuit(stream, claim, {reason.toStdString()}), std::string("accepted"));
    // Nor is another program's batch one of the program that is due because somebody says so.
    if (reason != reasons::kProgram) return;
    ChainState lie = claim;
    lie.program = before.state.program;
    QVERIFY(lie.program != claim.program);
    QCOMPARE(circuit(stream, lie), reason.toStdString());
}

void TestAggregateChain::theResultIsBound()
{
    const Chained& a = all();
    const BatchProof honest = a.batch(statementOf(2));
    const auto refused = [&](const std::function<void(BatchProof&)>& change, const char* reason) {
        BatchProof batch = honest;
        change(batch);
        const auto stream = expect(a.chain->stream(a.keys, a.proofs[1], batch));
        return why(a.proofs[1].state, batch) == reason &&
               circuit(stream, claimOf(a.proofs[1].state, batch)) == reason;
    };
    // Another state, height or announcement than the program's, and each part of what hangs them on the root.
    for (const std::size_t at : {std::size_t{0}, std::size_t{178}, std::size_t{410}, std::size_t{697}})
        QVERIFY(refused([at](BatchProof& x) { x.journal[at] ^= 2; }, reasons::kResult));
    QVERIFY(refused([](BatchProof& x) { x.result.path[0][0] += Element::from(1); }, reasons::kResult));
    QVERIFY(refused([](BatchProof& x) { x.result.path[25][7] += Element::from(1); }, reasons::kResult));
    QVERIFY(refused([](BatchProof& x) { x.result.leaves[1][7] ^= 1; }, reasons::kResult));
    // A journal of another length has no stream; one that is shorter by the result's own word neither.
    BatchProof shorter = honest;
    shorter.journal.pop_back();
    QCOMPARE(why(a.proofs[1].state, shorter), std::string(reasons::kVersion));
    QCOMPARE(a.chain->stream(a.keys, a.proofs[1], shorter).error().code, recursion::kBadWitness);
    // Another version, well hashed.
    l2::Statement s = statementOf(2);
    s.version = 2;
    const BatchProof second = a.batch(s);
    QCOMPARE(why(a.proofs[1].state, second), std::string(reasons::kVersion));
    ChainState claim = stateOf(s, programOf(second.span.span));
    claim.keySet = a.keys.root();
    claim.chainKey = a.chain->key().digest;
    const recursion::Stream stream = expect(a.chain->stream(a.keys, a.proofs[1], second));
    QCOMPARE(circuit(stream, claim), std::string(reasons::kVersion));
    QCOMPARE(circuit(stream, claim, {reasons::kVersion}), std::string("accepted"));
}

void TestAggregateChain::thereIsOneGenesis()
{
    const Chained& a = all();
    const ChainState& state = a.proofs[0].state;
    const std::vector<Element> values = state.publicValues();
    QVERIFY(recursion::execute(a.genesis->program(), {}, values).ok());
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<Element> other = values;
        other[i] += Element::from(1);
        // The keys are the chain's; everything else is the genesis.
        QCOMPARE(recursion::execute(a.genesis->program(), {}, other).ok(), i < ChainState::kProgram);
        QVERIFY(!stark::verifyProof(a.genesis->key(), other, a.proofs[0].proof).ok());
    }
    // A client takes a genesis for no proof of a chain.
    QCOMPARE(native(a.proofs[0]), std::string("a proof under another key than the chain's"));
    // A genesis of another state has another key, which is in no set.
    ChainState moved = state;
    moved.kept[keptOffset(Kept::State)] ^= 1;
    const auto other = expect(Genesis::make(moved, a.forms.chain));
    const ChainProof proof = expect(other->prove(a.keys.root(), a.chain->key().digest));
    l2::Statement first = statementOf(1);
    first.prevState.bytes[0] ^= 1;
    QCOMPARE(a.chain->execute(a.keys, proof, a.batch(first)).error().code, kKeyNotInSet);
}

void TestAggregateChain::onlyTheChainGoesOn()
{
    const Chained& a = all();
    // A proof of any state, whose key is in no set.
    ChainState later = stateOf(statementOf(41), programOf(startOf(kOld)));
    const auto inSet = [&](Span& x) { x.keySet = a.withStates.root(); };
    const BatchProof next = a.batch(statementOf(42), inSet);
    const ChainProof stranger = a.any(later);
    QCOMPARE(a.chain->execute(a.keys, a.proofs[1], a.batch(statementOf(2))).ok(), true);
    QCOMPARE(a.chain->stream(a.keys, stranger, next).error().code, kKeyNotInSet);
    // In a set with its key it still is not the chain's own, nor a genesis, whose batch is 0.
    const recursion::Stream stream = expect(a.chain->stream(a.withStates, stranger, next));
    const ChainState claim = claimOf(stranger.state, next);
    QCOMPARE(circuit(stream, claim), std::string(reasons::kNotGenesis));
    QCOMPARE(circuit(stream, claim, {reasons::kNotGenesis}), std::string("accepted"));
    // Not said to be one.
    recursion::Stream unsaid = stream;
    const std::size_t flags = flagsAt();
    unsaid[flags] -= Element::from(1);
    QCOMPARE(circuit(unsaid, claim), std::string(reasons::kNotGenesis));
    // A chain whose proofs have another key.
    ChainState claimed = a.proofs[2].state;
    claimed.chainKey = a.genesis->key().digest;
    const recursion::Stream honest = expect(a.chain->stream(a.keys, a.proofs[1], a.batch(statementOf(2))));
    QCOMPARE(circuit(honest, claimed), std::string(reasons::kChainKey));
    QCOMPARE(circuit(honest, claimed, {reasons::kChainKey}), std::string(reasons::kNotGenesis));
    // Changed proofs of either child.
    ChainProof bad = a.proofs[1];
    bad.proof.queries[1].batches[1].rows[0][0] += Element::from(1);
    QCOMPARE(native(bad),
             circuit(expect(a.chain->stream(a.keys, bad, a.batch(statementOf(2)))), a.proofs[2].state));
    QVERIFY(native(bad) != "accepted");
    BatchProof badBatch = a.batch(statementOf(2));
    badBatch.span.proof.queries[1].batches[1].rows[0][0] += Element::from(1);
    QVERIFY(circuit(expect(a.chain->stream(a.keys, a.proofs[1], badBatch)), a.proofs[2].state) != "accepted");
}

void TestAggregateChain::anotherProgramComesAsAnnounced()
{
    const Chained& a = all();
    const auto inSet = [&](Span& x) { x.keySet = a.withStates.root(); };
    const DigestWords announced = programOf(startOf(kNew));
    const auto judge = [&](std::uint64_t number, std::uint64_t activation, std::uint32_t program,
                           const std::function<void(l2::Statement&)>& change = {}) {
        l2::Statement s = statementOf(number - 1);
        for (std::size_t i = 0; i < 32; ++i)
            s.nextProgramId.bytes[i] = std::uint8_t(announced[i / 4].value() >> 8 * (i % 4));
        s.activationBatch = activation;
        if (change) change(s);
        const ChainProof before = a.any(stateOf(s, programOf(startOf(kOld))));
        const BatchProof batch = a.batch(statementOf(number), inSet, program);
        const std::string said = circuit(expect(a.chain->stream(a.withStates, before, batch)),
                                         claimOf(before.state, batch), {reasons::kNotGenesis});
        return said == why(before.state, batch) ? said : "they differ: " + said;
    };
    const std::string refused = reasons::kProgram;
    QCOMPARE(judge(9, 10, kOld), std::string("accepted")); // not yet
    QCOMPARE(judge(9, 10, kNew), refused);
    QCOMPARE(judge(10, 10, kNew), std::string("accepted"));
    QCOMPARE(judge(10, 10, kOld), refused);
    QCOMPARE(judge(10, 9, kNew), refused); // announced too late: it never comes
    QCOMPARE(judge(10, 9, kOld), std::string("accepted"));
    QCOMPARE(judge(10, 10 + (1ULL << 48U), kNew), refused);
    // Not the announced one, and words that only modulo p are its id.
    for (const std::size_t at : {0U, 3U, 17U, 18U, 31U})
        QCOMPARE(judge(10, 10, kNew, [at](l2::Statement& s) { s.nextProgramId.bytes[at] ^= 1; }), refused);
    const auto alias = [&](l2::Statement& s) {
        const std::uint32_t word = announced[2].value() + Element::kModulus;
        for (std::size_t i = 0; i < 4; ++i) s.nextProgramId.bytes[8 + i] = std::uint8_t(word >> 8 * i);
    };
    QCOMPARE(judge(10, 10, kNew, alias), refused);
    // A prover who says that none is due, or that one is.
    l2::Statement s = statementOf(9);
    s.activationBatch = 10;
    ChainProof before = a.any(stateOf(s, programOf(startOf(kOld))));
    const BatchProof old = a.batch(statementOf(10), inSet);
    recursion::Stream stream = expect(a.chain->stream(a.withStates, before, old));
    stream[flagsAt()] -= Element::from(2);
    QCOMPARE(circuit(stream, claimOf(before.state, old), {reasons::kNotGenesis}), refused);
    s.nextProgramId = {};
    for (std::size_t i = 0; i < 32; ++i)
        s.nextProgramId.bytes[i] = std::uint8_t(announced[i / 4].value() >> 8 * (i % 4));
    s.activationBatch = 11;
    before = a.any(stateOf(s, programOf(startOf(kOld))));
    const BatchProof early = a.batch(statementOf(10), inSet, kNew);
    stream = expect(a.chain->stream(a.withStates, before, early));
    stream[flagsAt()] += Element::from(2);
    QCOMPARE(circuit(stream, claimOf(before.state, early), {reasons::kNotGenesis}), refused);
}

void TestAggregateChain::numbersCarry()
{
    const Chained& a = all();
    for (const std::uint64_t number : {0xfffeULL, 0xffffULL, 0x1ffffULL, 0xffffffffULL, 0xffffffffffffULL}) {
        const ChainProof before = a.any(stateOf(statementOf(number), programOf(startOf(kOld))));
        l2::Statement s = statementOf(number + 1);
        s.prevHash = statementOf(number).lastHash;
        s.prevState = statementOf(number).state;
        const BatchProof batch = a.batch(s, [&](Span& x) { x.keySet = a.withStates.root(); });
        const recursion::Stream stream = expect(a.chain->stream(a.withStates, before, batch));
        const ChainState claim = claimOf(before.state, batch);
        QCOMPARE(why(before.state, batch), std::string("accepted"));
        QCOMPARE(circuit(stream, claim, {reasons::kNotGenesis}), std::string("accepted"));
        // Carries that are not the sum's.
        for (std::uint32_t bit = 4; bit <= 16; bit *= 2) {
            recursion::Stream other = stream;
            other[flagsAt()] = Element::from(stream[flagsAt()].value() ^ bit);
            QCOMPARE(circuit(other, claim, {reasons::kNotGenesis}), std::string(reasons::kNumber));
        }
    }
    // The last number has none behind it.
    const ChainProof last = a.any(stateOf(statementOf(~0ULL), programOf(startOf(kOld))));
    l2::Statement s = statementOf(0);
    s.prevHash = statementOf(~0ULL).lastHash;
    s.prevState = statementOf(~0ULL).state;
    const BatchProof batch = a.batch(s, [&](Span& x) { x.keySet = a.withStates.root(); });
    QCOMPARE(why(last.state, batch), std::string(reasons::kNumber));
    QCOMPARE(circuit(expect(a.chain->stream(a.withStates, last, batch)), claimOf(last.state, batch),
                     {reasons::kNotGenesis}),
             std::string(reasons::kNumber));
}

void TestAggregateChain::clientsPinTheChain()
{
    const Chained& a = all();
    const ChainPins pins{a.keys.root(), a.chain->key().digest, statementOf(0).chainId.bytes,
                         statementOf(0).genesisHash.bytes};
    const auto said = [&](const std::function<void(ChainPins&)>& change) {
        ChainPins other = pins;
        change(other);
        const auto status = expect(ChainVerifier::make(other, a.forms.chain)).verify(a.proofs[2]);
        return status.ok() ? std::string("accepted") : status.error().detail;
    };
    QCOMPARE(said([](ChainPins&) {}), std::string("accepted"));
    QCOMPARE(said([](ChainPins& x) { x.keySet[0] += Element::from(1); }), std::string(reasons::kKeySet));
    QCOMPARE(said([](ChainPins& x) { x.chainKey[7] += Element::from(1); }), std::string(reasons::kChainKey));
    QCOMPARE(said([](ChainPins& x) { x.chainId[0] ^= 1; }), std::string(reasons::kNetwork));
    QCOMPARE(said([](ChainPins& x) { x.genesisHash[31] ^= 1; }), std::string(reasons::kNetwork));
    // A set with a program that proves anything: the root is another, and the key is not the chain's.
    ChainProof lie = a.any(a.proofs[2].state);
    QCOMPARE(native(lie), std::string(reasons::kKeySet));
    lie.state.keySet = a.keys.root();
    lie.proof = a.states->prove(lie.state.publicValues());
    QCOMPARE(native(lie), std::string("a proof under another key than the chain's"));
    lie.program = *a.chain->key().preprocessed;
    QVERIFY(native(lie) != "accepted");
    // A state with every byte changed in turn is refused, or is not that of the proof.
    for (std::size_t i = 0; i < kKeptBytes; i += 13) {
        lie = a.proofs[2];
        lie.state.kept[i] ^= 0x80;
        QVERIFY(native(lie) != "accepted");
    }
}

void TestAggregateChain::theFormOfReleaseHoldsTheChain()
{
    const recursion::MachineHeights least = heightsOf(expect(chainProgram({})));
    for (std::size_t i = 0; i < least.size(); ++i) QVERIFY(least[i] <= (*kChainForm.heights)[i]);
    const recursion::Program program = expect(chainProgram({}));
    std::size_t rows = 0;
    for (const auto& op : program.rows) rows += op.blocks();
    std::size_t steps = 0;
    for (const auto& op : program.paths) steps += op.steps.size();
    qInfo() << "alu" << program.alu.size() << "lanes" << program.lanes.size() << "bits" << program.bits.size()
            << "permutes" << program.permutes.size() << "rows" << rows << "paths" << steps;
}

QTEST_APPLESS_MAIN(TestAggregateChain)
#include "tst_aggregate_chain.moc"
