// SPDX-License-Identifier: MIT
// Wrapped proofs of the chain against what is pinned. The proofs are of a program that proves any state, wrapped with few
// queries, under rules that name its key: what is looked at is what the checker compares, and that all of it is proven. Proofs
// of real batches under the pinned keys: tst_main_job.
#include "core/l2/genesis.h"
#include "core/proven/checker.h"
#include "core/proven/lazy_checker.h"
#include "core/stf/pins.h"
#include "tests/unit/aggregate/chained.h"
#include "tests/unit/aggregate/wrap_fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::proven;
using aggregate::ChainState;
using aggregate::Kept;
using field::Element;

namespace {
const field::FieldDigest kProgram = test::expect(stf::pinOf(bitcoin::Network::Regtest)).id;

l2::NetworkParams paramsOf(std::uint64_t time)
{
    l2::NetworkParams out;
    out.genesisTime = time;
    return out;
}

struct Scene {
    l2::NetworkParams params = paramsOf(1'700'000'000);
    ChainRules rules = test::expect(ChainRules::make(params));
    stark::VerifyingKey pinnedWrap = rules.wrap;
    recursion::MachineForm form{test::kInnerParameters,
                                heightsOf(test::expect(recursion::Circuit(ChainState::kValues).finish()))};
    test::Anything states{ChainState::kValues, form};
    std::unique_ptr<aggregate::Wrap> wrap = test::expect(aggregate::Wrap::make(
        states.machine.key().verifying(), stark::Heights(form.heights->begin(), form.heights->end()),
        test::kTestWrapParameters));
    ChainState state;
    base::Bytes file;

    Scene()
    {
        rules.wrap = wrap->key();
        l2::Statement statement = test::statementOf(7);
        statement.chainId = params.chainId();
        statement.genesisHash = l2::genesisHeader(params).hash();
        statement.nextProgramId = test::hashOf<base::Digest>(99);
        statement.activationBatch = 1234;
        state = test::stateOf(statement, field::elementsOf(kProgram.view()));
        state.keySet = rules.keySet;
        state.chainKey = rules.chainKey;
        file = prove(state.publicValues());
    }
    [[nodiscard]] base::Bytes prove(const std::vector<Element>& values) const
    {
        return test::expect(wrap->prove(values, states.prove(values)));
    }
    /// What the checker says of it under these rules: "ok", or code and detail.
    [[nodiscard]] static std::string said(const ChainRules& rules, base::ByteView bytes)
    {
        const auto head = ChainChecker(rules).check(bytes);
        if (head.ok()) return "ok";
        return std::string(head.error().code.name()) + ' ' + head.error().detail;
    }
    [[nodiscard]] std::string said(base::ByteView bytes) const { return said(rules, bytes); }
    /// Of a proof of another state.
    [[nodiscard]] std::string said(const std::function<void(ChainState&)>& change) const
    {
        ChainState other = state;
        change(other);
        return said(prove(other.publicValues()));
    }
};
const Scene& scene()
{
    static const Scene out;
    return out;
}
std::string notProven(const char* reason) { return std::string("proven.not-proven ") + reason; }
} // namespace

class TestProvenChecker : public QObject {
    Q_OBJECT
private slots:
    void aProofNamesItsHead();
    void everyPublicValueIsBound();
    void everyByteIsBound();
    void anotherNetworkIsRefused();
    void otherKeysAreRefused();
    void anotherProgramIsUnknown();
    void limbsAreLimbs();
    void theGenesisIsTheLayers();
    void theRulesAreThePinnedOnes();
    void aLazyOneJudgesAlike();
};

void TestProvenChecker::aProofNamesItsHead()
{
    const Scene& s = scene();
    const Head head = test::expect(ChainChecker(s.rules).check(s.file));
    const l2::Statement expected = test::statementOf(7);
    QCOMPARE(head.batch.value, 7U);
    QVERIFY(head.hash == expected.lastHash && head.state == expected.state);
    QVERIFY(head.claimsRoot == expected.claimsRoot);
    QCOMPARE(head.claimsCount, expected.claimsCount);
    QVERIFY(head.l1Height == expected.l1Height && head.l1Hash == expected.l1Hash);
    QVERIFY(head.l1Work == expected.l1Work);
    QCOMPARE(head.sealedBatch, expected.sealedBatch);
    QCOMPARE(head.program.hex(), kProgram.hex());
    QVERIFY(head.nextProgram == test::hashOf<base::Digest>(99));
    QCOMPARE(head.activationBatch, 1234U);
}

// Another value in the same file: the proof is none of it. And of each part: proven, it is another head or none.
void TestProvenChecker::everyPublicValueIsBound()
{
    const Scene& s = scene();
    const Head head = test::expect(ChainChecker(s.rules).check(s.file));
    const std::vector<Element> values = s.state.publicValues();
    const auto decoded = test::expect(aggregate::WrapFile::decode(s.rules.wrap, s.file));
    const std::size_t headerAndValues = 20 + stark::packedSize(values.size());
    const base::ByteView proof = base::ByteView(s.file).subspan(headerAndValues);
    QVERIFY(decoded.publicValues == values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<Element> other = values;
        other[i] += Element::from(1);
        const base::Bytes file = aggregate::WrapFile::encode(s.rules.wrap, other, proof);
        QVERIFY2(s.said(file).starts_with("proven.not-proven stark."), qPrintable(QString::number(i)));
        const auto claimed = headOf(s.rules, other);
        QVERIFY(!claimed.ok() || *claimed != head);
    }
    QCOMPARE(s.said(aggregate::WrapFile::encode(s.rules.wrap, values, proof)), std::string("ok"));
}

void TestProvenChecker::everyByteIsBound()
{
    const Scene& s = scene();
    for (std::size_t at = 0; at < s.file.size(); at += at < 1000 ? 1 : 97) {
        base::Bytes other = s.file;
        other[at] ^= 0x10;
        QVERIFY(s.said(other).starts_with("proven.not-proven"));
    }
    base::Bytes longer = s.file;
    longer.push_back(0);
    QVERIFY(s.said(longer).starts_with("proven.not-proven"));
    QVERIFY(s.said(base::ByteView{}).starts_with("proven.not-proven"));
    QVERIFY(s.said(base::ByteView(s.file).first(s.file.size() / 2)).starts_with("proven.not-proven"));
}

void TestProvenChecker::anotherNetworkIsRefused()
{
    const Scene& s = scene();
    for (const Kept field : {Kept::ChainId, Kept::GenesisHash}) {
        QCOMPARE(s.said([field](ChainState& x) { x.kept[keptOffset(field) + 3] ^= 1; }),
                 notProven(aggregate::reasons::kNetwork));
    }
    // The rules of another network have another set of keys, as its genesis has another key.
    ChainRules other = test::expect(ChainRules::make(paramsOf(1'700'000'001)));
    other.wrap = s.rules.wrap;
    QCOMPARE(Scene::said(other, s.file), notProven(aggregate::reasons::kKeySet));
    other.keySet = s.rules.keySet;
    QCOMPARE(Scene::said(other, s.file), notProven(aggregate::reasons::kNetwork));
}

void TestProvenChecker::otherKeysAreRefused()
{
    const Scene& s = scene();
    for (std::size_t i = 0; i < 8; ++i) {
        QCOMPARE(s.said([i](ChainState& x) { x.keySet[i] += Element::from(1); }),
                 notProven(aggregate::reasons::kKeySet));
        QCOMPARE(s.said([i](ChainState& x) { x.chainKey[i] += Element::from(1); }),
                 notProven(aggregate::reasons::kChainKey));
    }
    // The pinned wrap takes no file of another one, even with its mark in the header.
    ChainRules pinned = s.rules;
    pinned.wrap = s.pinnedWrap;
    QCOMPARE(Scene::said(pinned, s.file), notProven("aggregate.bad-wrap: a proof for another key"));
    const auto decoded = test::expect(aggregate::WrapFile::decode(s.rules.wrap, s.file));
    const base::Bytes marked = aggregate::WrapFile::encode(
        s.pinnedWrap, decoded.publicValues,
        base::ByteView(s.file).subspan(20 + stark::packedSize(decoded.publicValues.size())));
    QVERIFY(Scene::said(pinned, marked).starts_with("proven.not-proven stark."));
    // Keys with one that is another: another set.
    ProofKeys keys = *pinnedKeys();
    keys.joins[4][0] += Element::from(1);
    ChainRules other = test::expect(ChainRules::make(s.params, keys, kProgram));
    other.wrap = s.rules.wrap;
    QCOMPARE(Scene::said(other, s.file), notProven(aggregate::reasons::kKeySet));
}

void TestProvenChecker::anotherProgramIsUnknown()
{
    const Scene& s = scene();
    for (std::size_t i = 0; i < 8; ++i)
        QVERIFY(s.said([i](ChainState& x) {
                     x.program[i] += Element::from(1);
                 }).starts_with("proven.unknown-program"));
    // One that this version knows beside the first.
    ChainRules rules = s.rules;
    field::FieldDigest next = kProgram;
    next.bytes[4] ^= 1;
    ChainState announced = s.state;
    announced.program = field::elementsOf(next.view());
    const base::Bytes file = s.prove(announced.publicValues());
    QVERIFY(Scene::said(rules, file).starts_with("proven.unknown-program"));
    rules.programs.push_back(next);
    QCOMPARE(Scene::said(rules, file), std::string("ok"));
}

void TestProvenChecker::limbsAreLimbs()
{
    const Scene& s = scene();
    std::vector<Element> values = s.state.publicValues();
    values[ChainState::kLimbs + keptOffset(Kept::ClaimsCount) / 2] += Element::from(0x10000);
    QCOMPARE(s.said(s.prove(values)), notProven("a number that is no limb"));
    values.pop_back();
    QCOMPARE(std::string(headOf(s.rules, values).error().detail), std::string("number of public values"));
}

void TestProvenChecker::theGenesisIsTheLayers()
{
    const Scene& s = scene();
    const ChainState genesis = genesisState(s.params, kProgram);
    const l2::BatchHeader header = l2::genesisHeader(s.params);
    const auto is = [&genesis](Kept field, base::ByteView expected) {
        const base::ByteView said = genesis.field(field);
        return std::equal(said.begin(), said.end(), expected.begin(), expected.end());
    };
    QCOMPARE(genesis.number(Kept::Batch), 0U);
    QVERIFY(is(Kept::BatchHash, header.hash().view()) && is(Kept::GenesisHash, header.hash().view()));
    QVERIFY(is(Kept::State, header.stateRoot.view()) && is(Kept::ChainId, s.params.chainId().view()));
    QVERIFY(is(Kept::L1Hash, header.l1Hash.view()) && is(Kept::L1Work, s.params.checkpointWork));
    QCOMPARE(genesis.number(Kept::L1Height), std::uint64_t{header.l1Height.value});
    QCOMPARE(genesis.number(Kept::Activation), 0U);
    QVERIFY(genesis.program == field::elementsOf(kProgram.view()));
}

void TestProvenChecker::theRulesAreThePinnedOnes()
{
    const Scene& s = scene();
    QVERIFY(s.rules.chainKey == pinnedKeys()->chain);
    QVERIFY(s.pinnedWrap.digest == test::expect(aggregate::verifyingKeyOf(pinnedKeys()->wrap)).digest);
    QVERIFY(s.rules.chainId == s.params.chainId());
    l2::NetworkParams other = s.params;
    other.bitcoinNetwork = bitcoin::Network::Signet;
    const auto refused = ChainChecker::make(other);
    QVERIFY(!refused.ok() && refused.error().code == stf::kNotPinned);
}

void TestProvenChecker::aLazyOneJudgesAlike()
{
    const Scene& s = scene();
    const LazyChecker lazy(s.params);
    const auto eager = test::expect(ChainChecker::make(s.params));
    for (const base::Bytes& file : {s.file, base::Bytes{}, base::Bytes(100, 7)}) {
        const auto said = lazy.check(file);
        QVERIFY(!said.ok() && said.error().code == kNotProven);
        QCOMPARE(said.error().detail, eager->check(file).error().detail);
    }
    l2::NetworkParams other = s.params;
    other.bitcoinNetwork = bitcoin::Network::Signet;
    const LazyChecker unpinned(other);
    unpinned.prepare();
    QVERIFY(unpinned.check(s.file).error().code == kNoKeys);
}

QTEST_APPLESS_MAIN(TestProvenChecker)
#include "tst_proven_checker.moc"
