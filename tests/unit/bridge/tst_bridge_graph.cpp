// SPDX-License-Identifier: MIT
// The transactions of a deposit: what they commit to, how large they are, and what is refused.
#include "core/bitcoin/sighash.h"
#include "tests/unit/bridge/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

ErrorCode codeOf(const Result<DepositGraph>& result)
{
    return result.ok() ? ErrorCode("none") : result.error().code;
}

} // namespace

class TestBridgeGraph : public QObject {
    Q_OBJECT

private slots:
    void everyTransactionHasExactlyItsPinnedWeight_data();
    void everyTransactionHasExactlyItsPinnedWeight();
    void everybodyBuildsTheSameGraphFromOffersInAnyOrder();
    void aVaultKeyBelongsToOneDepositAlone();
    void committeeSignaturesSpendVaultAndStakeUnderTheirOutputKey();
    void signaturesOfOthersAreNotPutIn();
    void eachFieldOfTheTermsIsJudged();
    void eachFieldOfAnOfferIsJudged();
    void eachFieldChangesTheGraphRoot();
    void networksWithoutTimeToActAreRefused_data();
    void networksWithoutTimeToActAreRefused();
    void networksWhoseFeesDoNotRelayAreRefused_data();
    void networksWhoseFeesDoNotRelayAreRefused();
    void aKeptGraphComesBackVerifiedOrNotAtAll();
    void aRefundPaysEverythingLessTheFee();
    void aChildLiftsItsParentToTheRateAskedFor();
    void anOperatorClaimsTheMostValuableVaultItCanPayFor();
};

void TestBridgeGraph::everyTransactionHasExactlyItsPinnedWeight_data()
{
    QTest::addColumn<int>("members");
    QTest::addColumn<int>("confirm");
    QTest::addColumn<int>("kickoff");
    QTest::addColumn<int>("take");
    QTest::addColumn<int>("veto");
    QTest::newRow("1 member") << 1 << 597 << 737 << 1060 << 597;
    QTest::newRow("3 members") << 3 << 597 << 737 << 1092 << 629;
    QTest::newRow("5 members") << 5 << 597 << 737 << 1124 << 661;
    QTest::newRow("15 members") << 15 << 597 << 737 << 1156 << 693;
    QTest::newRow("100 members") << 100 << 597 << 737 << 1254 << 791;
}

void TestBridgeGraph::everyTransactionHasExactlyItsPinnedWeight()
{
    QFETCH(int, members);
    const TestNetwork network = makeNetwork(static_cast<std::size_t>(members), 2);
    const TransactionWeights weights = must(transactionWeights(network.context));
    QTEST(static_cast<int>(weights.confirm), "confirm");
    QTEST(static_cast<int>(weights.kickoff), "kickoff");
    QTEST(static_cast<int>(weights.take), "take");
    QTEST(static_cast<int>(weights.veto), "veto");

    // The real ones, with real signatures.
    const DepositGraph graph = standardGraph(network);
    const Deposit& deposit = graph.deposit();
    const OperatorGraph& own = graph.operators()[0];
    const Transaction confirm =
        must(deposit.signedConfirm(committeeSigns(network, deposit.depositKeys(), deposit.confirmSighash())));
    QCOMPARE(confirm.weight(), weights.confirm);
    QCOMPARE(must(makeKickoff(own, network.operatorKeys[0])).weight(), weights.kickoff);
    const TakeSignatures take{committeeSigns(network, deposit.vaultKeys(), own.takeSighash(0)),
                              committeeSigns(network, deposit.vaultKeys(), own.takeSighash(1))};
    QCOMPARE(must(makeTake(own, take, network.operatorKeys[0])).weight(), weights.take);
    std::int64_t veto = 0;
    for (std::size_t i = 0; i < network.vaultKeys.size(); ++i) {
        veto = std::max(veto, must(makeVeto(own, i, network.vaultKeys[i])).weight());
    }
    QCOMPARE(veto, weights.veto);
}

void TestBridgeGraph::everybodyBuildsTheSameGraphFromOffersInAnyOrder()
{
    const TestNetwork network = makeNetwork(3, 3);
    std::vector<OperatorOffer> offers = standardOffers(network);
    const DepositGraph graph = standardGraph(network);
    std::reverse(offers.begin(), offers.end());
    const DepositGraph again = must(DepositGraph::create(standardDeposit(network), offers));
    QVERIFY(graph.root() == again.root());
    QCOMPARE(graph.signingSlots().size(), std::size_t{1 + 2 * 3 + 1});
    for (std::size_t i = 0; i < graph.signingSlots().size(); ++i) {
        QVERIFY(graph.signingSlots()[i].message == again.signingSlots()[i].message);
    }
    QVERIFY(graph.signingSlots().front().role == SigningSlot::Role::Mint);
    QVERIFY(graph.signingSlots().back().role == SigningSlot::Role::Confirm);
    // The layer 2 computes the same from a claim alone.
    const l2::ClaimVault claim = must(claimPayload(graph, offers[0].operatorKey));
    QVERIFY(l2::graphRoot(claim.depositId, claim.vault, claim.graphLeaves) == graph.root());
    QVERIFY(l2::graphLeaf(offers[0].operatorKey, claim.funding, claim.kickoff, claim.take, claim.payout) ==
            claim.graphLeaves.at(claim.ownIndex));
}

void TestBridgeGraph::aVaultKeyBelongsToOneDepositAlone()
{
    const TestNetwork network = makeNetwork(3, 2);
    DepositTerms other = standardTerms();
    other.recipient = keyOf("somebody else").xOnlyPublicKey();
    const Deposit a = standardDeposit(network);
    const Deposit b = must(Deposit::create(network.context, other));
    QVERIFY(a.id() != b.id());
    QVERIFY(a.vaultOutput().scriptPubKey != b.vaultOutput().scriptPubKey);
    // BIP341's own derivation of the output key agrees with the tweaked aggregate.
    const auto output = must(vaultOutput(a.depositKeys().xOnlyKey()));
    QVERIFY(output.scriptPubKey() == a.vaultOutput().scriptPubKey);
    QVERIFY(output.outputKey() == a.vaultKeys().xOnlyKey());
}

void TestBridgeGraph::committeeSignaturesSpendVaultAndStakeUnderTheirOutputKey()
{
    const TestNetwork network = makeNetwork(5, 2);
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[1];
    const std::vector<TxOut> spent{graph.deposit().vaultOutput(), own.kickoff().outputs[0],
                                   own.kickoff().outputs[1]};
    const bitcoin::SighashContext sighashes(own.take(), spent);
    for (const std::size_t input : {std::size_t{0}, std::size_t{1}}) {
        const Digest message = must(sighashes.taproot(input, bitcoin::kSighashDefault));
        QVERIFY(message == own.takeSighash(input));
        const Signature64 signature = committeeSigns(network, graph.deposit().vaultKeys(), message);
        XOnlyPublicKey outputKey;
        std::copy(spent[input].scriptPubKey.begin() + 2, spent[input].scriptPubKey.end(),
                  outputKey.bytes.begin());
        QVERIFY(crypto::verifySchnorr(outputKey, message.view(), signature));
    }
    QCOMPARE(own.take().inputs[2].sequence, network.context->params().takeBlocks);
    QVERIFY(own.take().inputs[0].prevout == graph.deposit().vault());
    Amount in;
    for (const TxOut& output : spent) in += output.value;
    Amount out;
    for (const TxOut& output : own.take().outputs) out += output.value;
    QVERIFY(in - out == network.context->params().takeFee);
}

void TestBridgeGraph::signaturesOfOthersAreNotPutIn()
{
    const TestNetwork network = makeNetwork(3, 2);
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[0];
    QVERIFY(!makeKickoff(own, network.operatorKeys[1]).ok());
    QVERIFY(!makeVeto(own, 1, network.vaultKeys[0]).ok());
    QVERIFY(makeVeto(own, 1, network.vaultKeys[1]).ok());
    QVERIFY(!own.signedVeto(3, Signature64{}).ok());
    QVERIFY(!graph.deposit().signedConfirm(Signature64{}).ok());
    // A signature for the wrong slot of the same keys.
    const Signature64 wrong = committeeSigns(network, graph.deposit().vaultKeys(), own.takeSighash(1));
    QVERIFY(!makeTake(own, {wrong, wrong}, network.operatorKeys[0]).ok());
}

void TestBridgeGraph::eachFieldOfTheTermsIsJudged()
{
    const TestNetwork network = makeNetwork(3, 2);
    const auto code = [&](const DepositTerms& terms) {
        const auto result = Deposit::create(network.context, terms);
        return result.ok() ? ErrorCode("none") : result.error().code;
    };
    DepositTerms terms = standardTerms();
    terms.value += Amount::fromSat(1);
    QVERIFY(code(terms) == kBadDenomination);
    terms = standardTerms();
    terms.refundKey.bytes.fill(0xff);
    QVERIFY(code(terms) == kBadRefundKey);
    terms = standardTerms();
    terms.recipient = {};
    QVERIFY(code(terms) == kBadRecipient);
}

void TestBridgeGraph::eachFieldOfAnOfferIsJudged()
{
    const TestNetwork network = makeNetwork(3, 3);
    const Deposit deposit = standardDeposit(network);
    const auto with = [&](const std::function<void(std::vector<OperatorOffer>&)>& change) {
        std::vector<OperatorOffer> offers = standardOffers(network);
        change(offers);
        return codeOf(DepositGraph::create(deposit, offers));
    };
    QVERIFY(with([](auto& o) { o.resize(1); }) == kTooFewOperators);
    QVERIFY(with([](auto& o) { o.resize(kMaxOffers + 1, o[0]); }) == kTooManyOperators);
    QVERIFY(with([](auto& o) { o[1].operatorKey = o[0].operatorKey; }) == kDuplicateOperator);
    QVERIFY(with([](auto& o) { o[1].operatorKey = keyOf("stranger").xOnlyPublicKey(); }) == kUnknownOperator);
    QVERIFY(with([](auto& o) { o[1].funding = o[0].funding; }) == kDuplicateFunding);
    QVERIFY(with([&](auto& o) { o[1].funding = deposit.terms().request; }) == kDuplicateFunding);
    QVERIFY(with([&](auto& o) { o[1].funding = deposit.vault(); }) == kDuplicateFunding);
    QVERIFY(with([](auto& o) { o[1].payoutScript = {0x51}; }) == kBadPayoutScript);
    QVERIFY(with([](auto& o) { o[1].payoutScript = bitcoin::nullDataScript({}); }) == kBadPayoutScript);
}

void TestBridgeGraph::eachFieldChangesTheGraphRoot()
{
    const TestNetwork network = makeNetwork(3, 3);
    std::set<Digest> roots{standardGraph(network).root()};
    const auto rootWith = [&](const std::function<void(DepositTerms&, std::vector<OperatorOffer>&)>& change) {
        DepositTerms terms = standardTerms();
        std::vector<OperatorOffer> offers = standardOffers(network);
        change(terms, offers);
        return must(DepositGraph::create(must(Deposit::create(network.context, terms)), offers)).root();
    };
    QVERIFY(roots.insert(rootWith([](auto& t, auto&) { t.request.index = 1; })).second);
    QVERIFY(roots.insert(rootWith([](auto& t, auto&) { t.refundKey = keyOf("x").xOnlyPublicKey(); })).second);
    QVERIFY(roots.insert(rootWith([](auto& t, auto&) { t.recipient = keyOf("x").xOnlyPublicKey(); })).second);
    QVERIFY(roots.insert(rootWith([](auto& t, auto&) { t.value = Amount::fromSat(1'000'000); })).second);
    QVERIFY(roots.insert(rootWith([](auto&, auto& o) { o[0].funding.index = 1; })).second);
    QVERIFY(roots.insert(rootWith([](auto&, auto& o) { o[2].payoutScript = payoutOf("x"); })).second);
    QVERIFY(roots.insert(rootWith([](auto&, auto& o) { o.pop_back(); })).second);
    QVERIFY(roots.insert(rootWith([](auto&, auto& o) { std::swap(o[0].funding, o[1].funding); })).second);
}

void TestBridgeGraph::networksWithoutTimeToActAreRefused_data()
{
    QTest::addColumn<unsigned>("depth");
    QTest::addColumn<unsigned>("refund");
    QTest::addColumn<unsigned>("take");
    QTest::newRow("the request is not deep before half of the refund time") << 5U << 10U << 20U;
    QTest::newRow("no time for a veto after it was decided") << 5U << 40U << 10U;
    QTest::newRow("BIP68 cannot count so far") << 1U << 65'536U << 10U;
}

void TestBridgeGraph::networksWithoutTimeToActAreRefused()
{
    QFETCH(unsigned, depth);
    QFETCH(unsigned, refund);
    QFETCH(unsigned, take);
    const auto context = makeContext(makeNetworkFile(3, 2, [&](l2::NetworkParams& params) {
        params.depth = depth;
        params.refundBlocks = refund;
        params.takeBlocks = take;
    }));
    QVERIFY(!context.ok());
    QVERIFY(context.error().code == kBadTimelocks || context.error().code == l2::kBadParams);
}

void TestBridgeGraph::networksWhoseFeesDoNotRelayAreRefused_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("request fee") << 0;
    QTest::newRow("kickoff fee") << 1;
    QTest::newRow("take fee") << 2;
    QTest::newRow("veto, from the connector") << 3;
    QTest::newRow("stake is dust") << 4;
}

void TestBridgeGraph::networksWhoseFeesDoNotRelayAreRefused()
{
    QFETCH(int, which);
    const auto context = makeContext(makeNetworkFile(3, 2, [&](l2::NetworkParams& params) {
        const Amount little = Amount::fromSat(which == 0 || which == 3 ? 330 : 100);
        Amount* const fields[] = {&params.requestFee, &params.kickoffFee, &params.takeFee,
                                  &params.connectorValue, &params.kickoffStake};
        *fields[which] = little;
    }));
    QVERIFY(!context.ok());
    QVERIFY(context.error().code == kBadFees || context.error().code == l2::kBadParams);
}

void TestBridgeGraph::aKeptGraphComesBackVerifiedOrNotAtAll()
{
    const TestNetwork network = makeNetwork(3, 2);
    const DepositGraph graph = standardGraph(network);
    SignedGraph kept;
    kept.terms = graph.deposit().terms();
    kept.mintSignature =
        committeeSigns(network, network.context->committee.keys(), graph.signingSlots()[0].message);
    for (const OperatorGraph& own : graph.operators()) {
        kept.offers.push_back(own.offer());
        kept.takes.push_back({committeeSigns(network, graph.deposit().vaultKeys(), own.takeSighash(0)),
                              committeeSigns(network, graph.deposit().vaultKeys(), own.takeSighash(1))});
    }
    const Bytes bytes = kept.serialize();
    const SignedGraph parsed = must(SignedGraph::parse(bytes));
    QVERIFY(parsed == kept);
    QVERIFY(must(parsed.open(network.context)).root() == graph.root());
    for (std::size_t i = 0; i < bytes.size(); ++i) { // a flipped bit anywhere is noticed
        Bytes broken = bytes;
        broken[i] ^= 1U;
        const auto again = SignedGraph::parse(broken);
        QVERIFY(!again.ok() || !again->open(network.context).ok());
    }
    QVERIFY(!SignedGraph::parse(base::ByteView(bytes).first(bytes.size() - 1)).ok());
}

void TestBridgeGraph::aRefundPaysEverythingLessTheFee()
{
    const TestNetwork network = makeNetwork(3, 2);
    const Deposit deposit = standardDeposit(network);
    const Script payTo = payoutOf("home");
    const Transaction refund = must(refundTransaction(deposit, payTo, base::FeeRate{2000}, keyOf("refund")));
    QCOMPARE(refund.inputs[0].sequence, network.context->params().refundBlocks);
    QVERIFY(refund.outputs[0].scriptPubKey == payTo);
    QCOMPARE((deposit.requestOutput().value - refund.outputs[0].value).sat(), 2 * refund.virtualSize());
    QVERIFY(!refundTransaction(deposit, payTo, base::FeeRate{2000}, keyOf("somebody")).ok());
    const auto eaten = refundTransaction(deposit, payTo, base::FeeRate{100'000'000'000}, keyOf("refund"));
    QVERIFY(!eaten.ok() && eaten.error().code == kRefundTooSmall);
}

void TestBridgeGraph::aChildLiftsItsParentToTheRateAskedFor()
{
    const TestNetwork network = makeNetwork(3, 2);
    const OperatorGraph own = standardGraph(network).operators()[0];
    const Transaction parent = must(makeKickoff(own, network.operatorKeys[0]));
    const BumpCoin coin{outpointOf("coin"), {Amount::fromSat(500'000), payoutOf("wallet")}};
    const Amount parentFee = network.context->params().kickoffFee;
    Transaction child = must(anchorChild(parent, parentFee, coin, payoutOf("change"), base::FeeRate{50'000}));
    child.inputs[1].witness = keyWitness(Signature64{});
    const Amount childFee = coin.output.value + kAnchorValue - child.outputs[0].value;
    QCOMPARE((childFee + parentFee).sat(), 50 * (parent.virtualSize() + child.virtualSize()));
    QVERIFY(child.virtualSize() <= 1000); // BIP431, rule 5
    const BumpCoin small{outpointOf("coin"), {Amount::fromSat(5'000), payoutOf("wallet")}};
    const auto refused = anchorChild(parent, parentFee, small, payoutOf("change"), base::FeeRate{50'000});
    QVERIFY(!refused.ok() && refused.error().code == kCoinTooSmall);
}

void TestBridgeGraph::anOperatorClaimsTheMostValuableVaultItCanPayFor()
{
    const auto btc = [](std::int64_t sat) { return Amount::fromSat(sat); };
    const std::vector<ClaimCandidate> vaults{
        {outpointOf("a"), btc(1000)}, {outpointOf("b"), btc(3000)}, {outpointOf("c"), btc(2000)}};
    QVERIFY(chooseClaim(vaults, btc(10'000), btc(0))->vault == outpointOf("b"));
    QVERIFY(chooseClaim(vaults, btc(2'500), btc(0))->vault == outpointOf("c"));
    QVERIFY(chooseClaim(vaults, btc(2'500), btc(1'000))->vault == outpointOf("a"));
    QVERIFY(!chooseClaim(vaults, btc(1'500), btc(1'000)));
}

QTEST_GUILESS_MAIN(TestBridgeGraph)
#include "tst_bridge_graph.moc"
