// SPDX-License-Identifier: MIT
// Chain and wrap as tasks. The batches' proofs are of a program that proves any span, which stands in the set of keys in the place of
// a join; all the rest is the release's. Real batches: tst_main_job.
#include "core/l2/genesis.h"
#include "core/prover/verifier.h"
#include "tests/support/results.h"
#include "tests/unit/aggregate/chained.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::prover;
using aggregate::ProofFile;
using test::codeOf;

namespace {
using test::must;

struct Scene {
    stark::ProverOptions options;
    l2::NetworkParams params;
    test::Anything batches{aggregate::Span::kValues, aggregate::kJoinForm};
    proven::ProofKeys keys = must(Result<proven::ProofKeys>(proven::pinnedKeys()));
    field::FieldDigest program;
    std::optional<ProofNetwork> network;
    std::optional<ProofMaker> maker;
    std::optional<ProofChecker> checker;
    std::vector<ExecutionProof> plans; // of the batches 1 and 2
    std::vector<Bytes> whole;
    std::vector<Bytes> chains;
    Bytes wrapped;

    Scene()
    {
        options.threads = 2;
        keys.joins[0] = batches.machine.key().verifying().digest;
        const field::DigestWords words = aggregate::programOf(test::startOf(test::kOld));
        for (std::size_t i = 0; i < program.bytes.size(); ++i)
            program.bytes[i] = static_cast<std::uint8_t>(words[i / 4].value() >> 8 * (i % 4));
        network.emplace(must(ProofNetwork::make(keys, params, program)));
        maker.emplace(*network, options);
        checker.emplace(
            must(ProofChecker::make(*network, must(proven::ChainRules::make(params, keys, program)))));
        for (std::uint64_t number = 1; number <= 2; ++number) add(number);
        wrapped = must(maker->wrap(chains[1]));
    }
    [[nodiscard]] l2::Statement statementOf(std::uint64_t number) const
    {
        l2::Statement out = test::statementOf(number);
        const l2::BatchHeader genesis = l2::genesisHeader(params);
        out.chainId = params.chainId();
        out.genesisHash = genesis.hash();
        if (number == 1) {
            out.prevHash = genesis.hash();
            out.prevState = genesis.stateRoot;
        }
        return out;
    }
    [[nodiscard]] std::pair<ExecutionProof, Bytes> batch(const l2::Statement& statement) const
    {
        const aggregate::BatchProof proof = test::batchOf(statement, network->set.root(), batches);
        ExecutionProof plan;
        plan.result = proof.result;
        plan.journal = proof.journal;
        const ProofFile file{aggregate::kForms.size() - 1, proof.span.program, proof.span.span.publicValues(),
                             proof.span.proof};
        return {plan, must(file.encode())};
    }
    void add(std::uint64_t number)
    {
        auto [plan, bytes] = batch(statementOf(number));
        const auto before = chains.empty() ? std::nullopt : std::optional<base::ByteView>(chains.back());
        chains.push_back(must(maker->chain(plan, before, bytes)));
        plans.push_back(std::move(plan));
        whole.push_back(std::move(bytes));
    }
};
Scene& scene()
{
    static Scene out;
    return out;
}

Bytes changed(Bytes bytes, std::size_t at)
{
    bytes[at] ^= 1U;
    return bytes;
}
std::string codeOfStatus(const base::Status& status)
{
    return status.ok() ? "ok" : std::string(status.error().code.name());
}
const std::string kWrong = "tasks.wrong-result";
} // namespace

class TestProverChain : public QObject {
    Q_OBJECT
private slots:
    void aChainIsCheckedByItsKey();
    void whatDoesNotFollowIsNotChained();
    void aWrapIsOfTheChain();
    void aFileIsReadInOneWay();
};

void TestProverChain::aChainIsCheckedByItsKey()
{
    Scene& s = scene();
    const auto judge = [&s](std::size_t i, const Bytes& result) {
        const auto before = i == 0 ? std::nullopt : std::optional<base::ByteView>(s.chains[i - 1]);
        return codeOfStatus(s.checker->checkChain(s.plans[i], before, s.whole[i], result));
    };
    QCOMPARE(judge(0, s.chains[0]), std::string("ok"));
    QCOMPARE(judge(1, s.chains[1]), std::string("ok"));
    QCOMPARE(judge(0, s.chains[1]), kWrong);
    QCOMPARE(judge(1, s.chains[0]), kWrong);
    QCOMPARE(judge(1, s.whole[1]), kWrong);
    QCOMPARE(judge(1, {}), kWrong);
    const Bytes& honest = s.chains[1];
    for (std::size_t at = 0; at < honest.size(); at += at < 800 ? 11 : honest.size() / 20)
        QCOMPARE(judge(1, changed(honest, at)), kWrong);
    // By a program that proves any state, in the chain's form.
    const test::Anything anything(aggregate::ChainState::kValues, aggregate::kChainForm);
    ProofFile file = must(ProofFile::decode(honest));
    file.program = anything.commitment();
    file.proof = anything.prove(file.values);
    QCOMPARE(judge(1, must(file.encode())), kWrong);
    // The genesis's own proof is no chain's.
    const auto genesis = must(aggregate::Genesis::make(s.network->genesis));
    const auto first = must(genesis->prove(s.network->set.root(), s.keys.chain));
    const ProofFile zero{ProofFile::kChain, first.program, first.state.publicValues(), first.proof};
    QCOMPARE(judge(0, must(zero.encode())), kWrong);
    // What it was made of is nobody's fault.
    QCOMPARE(codeOfStatus(s.checker->checkChain(s.plans[1], std::nullopt, s.whole[1], honest)),
             std::string("prover.bad-input"));
    QCOMPARE(codeOfStatus(s.checker->checkChain(s.plans[1], s.whole[0], s.whole[1], honest)),
             std::string("prover.bad-input"));
    QCOMPARE(codeOfStatus(s.checker->checkChain(s.plans[1], s.chains[0], s.chains[0], honest)),
             std::string("prover.bad-input"));
}

void TestProverChain::whatDoesNotFollowIsNotChained()
{
    Scene& s = scene();
    QCOMPARE(codeOf(s.maker->chain(s.plans[1], std::nullopt, s.whole[1])),
             std::string("aggregate.does-not-follow"));
    QCOMPARE(codeOf(s.maker->chain(s.plans[1], s.chains[1], s.whole[1])),
             std::string("aggregate.does-not-follow"));
    QCOMPARE(codeOf(s.maker->chain(s.plans[0], s.chains[0], s.whole[1])),
             std::string("aggregate.does-not-follow"));
    QCOMPARE(codeOf(s.maker->chain(s.plans[1], s.chains[0], changed(s.whole[1], s.whole[1].size() / 2))),
             std::string("recursion.rejected"));
    QCOMPARE(codeOf(s.maker->chain(s.plans[1], s.whole[0], s.whole[1])), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker->chain(s.plans[1], s.chains[0], s.chains[0])), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker->wrap(s.whole[1])), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker->wrap(changed(s.chains[1], s.chains[1].size() / 2))),
             std::string("recursion.rejected"));
}

void TestProverChain::aWrapIsOfTheChain()
{
    Scene& s = scene();
    const auto judge = [&s](const Bytes& chain, const Bytes& result) {
        return codeOfStatus(s.checker->checkWrap(chain, result));
    };
    QCOMPARE(judge(s.chains[1], s.wrapped), std::string("ok"));
    QCOMPARE(judge(s.chains[0], s.wrapped), kWrong);
    QCOMPARE(judge(s.chains[1], s.chains[1]), kWrong);
    QCOMPARE(judge(s.chains[1], {}), kWrong);
    for (std::size_t at = 0; at < s.wrapped.size(); at += s.wrapped.size() / 60)
        QCOMPARE(judge(s.chains[1], changed(s.wrapped, at)), kWrong);
    QCOMPARE(judge(s.whole[1], s.wrapped), kWrong);
    const proven::ChainChecker client(must(proven::ChainRules::make(s.params, s.keys, s.program)));
    const proven::Head head = must(client.check(s.wrapped));
    QCOMPARE(head.batch.value, std::uint64_t{2});
    QVERIFY(head.hash == s.statementOf(2).lastHash && head.state == s.statementOf(2).state);
    // With the pinned keys, among which there is no program that proves anything, it is nobody's.
    const proven::ChainChecker honest(
        must(proven::ChainRules::make(s.params, *proven::pinnedKeys(), s.program)));
    QCOMPARE(codeOf(honest.check(s.wrapped)), std::string("proven.not-proven"));
}

void TestProverChain::aFileIsReadInOneWay()
{
    Scene& s = scene();
    for (const Bytes& honest : {s.whole[0], s.chains[0]}) {
        QVERIFY(must(must(ProofFile::decode(honest)).encode()) == honest);
        Bytes longer = honest;
        longer.push_back(0);
        QVERIFY(!ProofFile::decode(longer).ok());
        for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{10}, std::size_t{40},
                                       std::size_t{200}, honest.size() - 1})
            QVERIFY(!ProofFile::decode(base::ByteView(honest).first(size)).ok());
        // Magic, version, form, a word of the commitment or of the values that is no element.
        for (const std::size_t at : {std::size_t{0}, std::size_t{8}, std::size_t{10}}) {
            QVERIFY(!ProofFile::decode(changed(honest, at)).ok());
        }
        for (const std::size_t at : {std::size_t{11}, std::size_t{43}}) {
            Bytes other = honest;
            std::fill_n(other.begin() + std::ptrdiff_t(at), 4, 0xff);
            QCOMPARE(codeOf(ProofFile::decode(other)), std::string("aggregate.bad-proof-file"));
        }
    }
    std::vector<field::Element> values = must(ProofFile::decode(s.whole[0])).values;
    for (const std::size_t i : {aggregate::Span::kHalted, aggregate::Span::kExitLow}) {
        std::vector<field::Element> other = values;
        other[i] = field::Element::from(0x10000);
        QVERIFY(!aggregate::spanIn(other).ok());
    }
    QVERIFY(must(aggregate::spanIn(values)).publicValues() == values);
    values.pop_back();
    QVERIFY(!aggregate::spanIn(values).ok() && !aggregate::chainStateIn(values).ok());
}

QTEST_APPLESS_MAIN(TestProverChain)
#include "tst_prover_chain.moc"
