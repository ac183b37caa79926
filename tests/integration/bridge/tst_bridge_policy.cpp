// SPDX-License-Identifier: MIT
// Every transaction of the bridge before a real bitcoind that relays standard transactions only: what it
// takes, what it refuses, and when.
#include "core/bitcoin/address.h"
#include "core/bitcoin/sighash.h"
#include "tests/support/bitcoind.h"
#include "tests/unit/bridge/fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;
using bowline::test::Bitcoind;
using bowline::test::bitcoindPresent;

namespace {

std::string hexOf(const Transaction& transaction) { return base::toHex(transaction.serialize()); }

/// A chain of its own, with a deposit whose request and fundings are on it.
class Scene {
public:
    explicit Scene(std::size_t members = 3, Bitcoind::Options options = {})
        : node(Bitcoind::start(std::move(options))), network(makeNetwork(members, 2))
    {
        node->mine(105);
    }

    /// Pays exactly this output from the node's wallet and confirms it.
    OutPoint pay(const TxOut& output) const
    {
        const std::string address =
            must(bitcoin::addressFromScript(output.scriptPubKey, bitcoin::Network::Regtest));
        const std::string txid = node->send(address, base::formatBtc(output.value));
        node->mine(1);
        const auto entry = node->json({"gettransaction", txid}).as_object();
        const auto raw = must(base::fromHex(boost::json::value_to<std::string>(entry.at("hex"))));
        const Transaction transaction = must(bitcoin::parseTransaction(raw));
        for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
            if (transaction.outputs[i] == output) return {transaction.txid(), i};
        }
        std::abort();
    }

    /// The request and the operators' fundings, paid for real.
    DepositGraph deposit() const
    {
        DepositTerms terms = standardTerms();
        terms.request =
            pay(must(requestOutputFor(*network.context, terms.refundKey, terms.recipient, terms.value)));
        std::vector<OperatorOffer> offers = standardOffers(network);
        for (OperatorOffer& offer : offers) {
            offer.funding = pay(must(kickoffFunding(network.context->params(), offer.operatorKey)));
        }
        return must(DepositGraph::create(must(Deposit::create(network.context, terms)), offers));
    }

    Transaction signedConfirm(const DepositGraph& graph) const
    {
        const Deposit& deposit = graph.deposit();
        return must(
            deposit.signedConfirm(committeeSigns(network, deposit.depositKeys(), deposit.confirmSighash())));
    }

    TakeSignatures takeSignatures(const DepositGraph& graph, std::size_t which) const
    {
        const OperatorGraph& own = graph.operators()[which];
        const crypto::KeyAggregation& keys = graph.deposit().vaultKeys();
        return {committeeSigns(network, keys, own.takeSighash(OperatorGraph::kTakeVaultInput)),
                committeeSigns(network, keys, own.takeSighash(OperatorGraph::kTakeStakeInput))};
    }

    /// Empty when the node's mempool would take it, else its reason.
    std::string refusal(const Transaction& transaction) const
    {
        const auto answer = node->json({"testmempoolaccept", "[\"" + hexOf(transaction) + "\"]"})
                                .as_array()
                                .at(0)
                                .as_object();
        if (answer.at("allowed").as_bool()) return {};
        return boost::json::value_to<std::string>(answer.at("reject-reason"));
    }

    void send(const Transaction& transaction) const
    {
        const std::string txid = node->cli({"sendrawtransaction", hexOf(transaction)});
        if (txid != transaction.txid().displayHex()) std::abort();
    }

    void confirm(const Transaction& transaction) const
    {
        send(transaction);
        node->mine(1);
        if (!isConfirmed(transaction)) std::abort();
    }

    bool isConfirmed(const Transaction& transaction) const
    {
        const std::string txid = transaction.txid().displayHex();
        const auto block = node->json({"getblock", node->bestBlock()}).as_object();
        for (const auto& entry : block.at("tx").as_array()) {
            if (boost::json::value_to<std::string>(entry) == txid) return true;
        }
        return false;
    }

    /// Whether the output is there and unspent, by the node's word.
    bool isUnspent(const OutPoint& outpoint) const
    {
        return !node->cli({"gettxout", outpoint.txid.displayHex(), std::to_string(outpoint.index)}).empty();
    }

    std::unique_ptr<Bitcoind> node;
    TestNetwork network;
};

/// A child of the Kickoff that pays `rate` for both, its coin paid and signed by a key of the test.
Transaction bumpingChild(const Scene& scene, const Transaction& kickoff, base::FeeRate rate)
{
    const PrivateKey key = keyOf("bump");
    const auto scripts = must(bitcoin::TaprootOutput::keyOnly(key.xOnlyPublicKey()));
    const TxOut output{Amount::fromSat(200'000), scripts.scriptPubKey()};
    const BumpCoin coin{scene.pay(output), output};
    Transaction child = must(
        anchorChild(kickoff, scene.network.context->params().kickoffFee, coin, payoutOf("change"), rate));
    const std::vector<TxOut> spent{anchorOutput(), output};
    const Digest sighash = must(bitcoin::SighashContext(child, spent).taproot(1, bitcoin::kSighashDefault));
    child.inputs[1].witness =
        keyWitness(must(crypto::signSchnorrTweaked(key, scripts.tweak().view(), sighash.view())));
    return child;
}

} // namespace

class TestBridgePolicy : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SKIP_WITHOUT_BITCOIND(); }
    void depositKickoffAndTakeAreRelayedAndTakeNotABlockEarly();
    void anyMembersVetoIsRelayedAndEndsTheTake_data();
    void anyMembersVetoIsRelayedAndEndsTheTake();
    void theVetoBeatsTheTakeWhenItIsFirst();
    void theRefundIsTakenAtExactlyItsBlock();
    void theRefundIsVoidOnceTheVaultExists();
    void nobodyElseMovesRequestVaultOrStake();
    void aPaymentWithItsCommitmentIsRelayed();
    void aStuckKickoffIsMinedWithItsChild();
    void aKickoffBelowTheFloorIsRelayedWithItsChild();
};

void TestBridgePolicy::depositKickoffAndTakeAreRelayedAndTakeNotABlockEarly()
{
    const Scene scene;
    const DepositGraph graph = scene.deposit();
    const Transaction confirm = scene.signedConfirm(graph);
    QCOMPARE(scene.refusal(confirm), std::string());
    scene.confirm(confirm);
    QVERIFY(scene.isUnspent(graph.deposit().vault()));
    QVERIFY(!scene.isUnspent(graph.deposit().terms().request));

    const OperatorGraph& own = graph.operators()[0];
    const Transaction kickoff = must(makeKickoff(own, scene.network.operatorKeys[0]));
    QCOMPARE(scene.refusal(kickoff), std::string());
    scene.confirm(kickoff);
    const Height kickoffHeight{static_cast<std::uint32_t>(scene.node->height())};
    const Transaction take =
        must(makeTake(own, scene.takeSignatures(graph, 0), scene.network.operatorKeys[0]));

    const Height first = takeHeight(scene.network.context->params(), kickoffHeight);
    while (scene.node->height() + 1 < static_cast<int>(first.value)) {
        QCOMPARE(scene.refusal(take), std::string("non-BIP68-final"));
        scene.node->mine(1);
    }
    QCOMPARE(scene.refusal(take), std::string());
    scene.confirm(take);
    QCOMPARE(scene.node->height(), static_cast<int>(first.value));
    QVERIFY(!scene.isUnspent(graph.deposit().vault()));
    const auto paid = scene.node->json({"gettxout", take.txid().displayHex(), "0"}).as_object();
    QCOMPARE(boost::json::value_to<std::string>(paid.at("scriptPubKey").at("hex")),
             base::toHex(own.offer().payoutScript));

    // The other operator's graph has lost its vault.
    const Transaction otherKickoff = must(makeKickoff(graph.operators()[1], scene.network.operatorKeys[1]));
    scene.confirm(otherKickoff);
    scene.node->mine(static_cast<int>(scene.network.context->params().takeBlocks));
    const Transaction otherTake =
        must(makeTake(graph.operators()[1], scene.takeSignatures(graph, 1), scene.network.operatorKeys[1]));
    QCOMPARE(scene.refusal(otherTake), std::string("missing-inputs"));
}

void TestBridgePolicy::anyMembersVetoIsRelayedAndEndsTheTake_data()
{
    QTest::addColumn<int>("members");
    QTest::newRow("3") << 3;
    QTest::newRow("15") << 15;
}

void TestBridgePolicy::anyMembersVetoIsRelayedAndEndsTheTake()
{
    QFETCH(int, members);
    const Scene scene(static_cast<std::size_t>(members));
    const DepositGraph graph = scene.deposit();
    scene.confirm(scene.signedConfirm(graph));
    const OperatorGraph& own = graph.operators()[0];
    scene.confirm(must(makeKickoff(own, scene.network.operatorKeys[0])));
    for (std::size_t i = 0; i < scene.network.vaultKeys.size(); ++i) {
        QCOMPARE(scene.refusal(must(makeVeto(own, i, scene.network.vaultKeys[i]))), std::string());
    }
    const Transaction veto = must(makeVeto(own, 2, scene.network.vaultKeys[2]));
    scene.confirm(veto);
    scene.node->mine(static_cast<int>(scene.network.context->params().takeBlocks));
    const Transaction take =
        must(makeTake(own, scene.takeSignatures(graph, 0), scene.network.operatorKeys[0]));
    QCOMPARE(scene.refusal(take), std::string("missing-inputs"));
    QVERIFY(scene.isUnspent(graph.deposit().vault())); // for the other operator
}

void TestBridgePolicy::theVetoBeatsTheTakeWhenItIsFirst()
{
    // In the last block of the window: the veto is in the mempool when Take1 becomes possible, and pays more.
    const Scene scene;
    const DepositGraph graph = scene.deposit();
    scene.confirm(scene.signedConfirm(graph));
    const OperatorGraph& own = graph.operators()[0];
    scene.confirm(must(makeKickoff(own, scene.network.operatorKeys[0])));
    scene.node->mine(static_cast<int>(scene.network.context->params().takeBlocks) - 1);
    scene.send(must(makeVeto(own, 0, scene.network.vaultKeys[0])));
    const Transaction take =
        must(makeTake(own, scene.takeSignatures(graph, 0), scene.network.operatorKeys[0]));
    QVERIFY(!scene.refusal(take).empty());
    scene.node->mine(1);
    QCOMPARE(scene.refusal(take), std::string("missing-inputs"));
}

void TestBridgePolicy::theRefundIsTakenAtExactlyItsBlock()
{
    const Scene scene;
    DepositTerms terms = standardTerms();
    terms.request = scene.pay(
        must(requestOutputFor(*scene.network.context, terms.refundKey, terms.recipient, terms.value)));
    const Height request{static_cast<std::uint32_t>(scene.node->height())};
    const Deposit deposit = must(Deposit::create(scene.network.context, terms));
    const Transaction refund =
        must(refundTransaction(deposit, payoutOf("home"), base::FeeRate{2000}, keyOf("refund")));
    const Height first = refundHeight(scene.network.context->params(), request);
    QCOMPARE(scene.refusal(refund), std::string("non-BIP68-final"));
    scene.node->mine(static_cast<int>(first.value) - scene.node->height() - 2);
    QCOMPARE(scene.refusal(refund), std::string("non-BIP68-final")); // one block early
    scene.node->mine(1);
    QCOMPARE(scene.refusal(refund), std::string());
    scene.confirm(refund);
    QCOMPARE(scene.node->height(), static_cast<int>(first.value));
    QVERIFY(scene.isUnspent({refund.txid(), 0}));
}

void TestBridgePolicy::theRefundIsVoidOnceTheVaultExists()
{
    const Scene scene;
    const DepositGraph graph = scene.deposit();
    scene.confirm(scene.signedConfirm(graph));
    scene.node->mine(static_cast<int>(scene.network.context->params().refundBlocks));
    const Transaction refund =
        must(refundTransaction(graph.deposit(), payoutOf("home"), base::FeeRate{2000}, keyOf("refund")));
    QCOMPARE(scene.refusal(refund), std::string("missing-inputs"));
}

void TestBridgePolicy::nobodyElseMovesRequestVaultOrStake()
{
    const Scene scene;
    const DepositGraph graph = scene.deposit();
    const Deposit& deposit = graph.deposit();
    const auto isInvalid = [&](const Transaction& transaction) {
        const std::string why = scene.refusal(transaction);
        return why.find("script-verify-flag-failed") != std::string::npos;
    };
    // T1 signed by one member alone instead of all.
    Transaction alone = deposit.confirm();
    alone.inputs[0].witness =
        leafWitness(deposit.requestScripts(), kConfirmLeaf,
                    must(crypto::signSchnorr(scene.network.vaultKeys[0], deposit.confirmSighash().view())));
    QVERIFY(isInvalid(alone));
    // The refund leaf without its delay, and with the delay but another key.
    Transaction early =
        must(refundTransaction(deposit, payoutOf("home"), base::FeeRate{2000}, keyOf("refund")));
    early.inputs[0].sequence = bitcoin::kSequenceReplaceable;
    QVERIFY(isInvalid(early));

    scene.confirm(scene.signedConfirm(graph));
    const OperatorGraph& own = graph.operators()[0];
    scene.confirm(must(makeKickoff(own, scene.network.operatorKeys[0])));
    // The operator signs for vault and stake what only the committee may.
    Transaction take = own.take();
    const auto operatorSigns = [&](std::size_t input) {
        return must(crypto::signSchnorr(scene.network.operatorKeys[0], own.takeSighash(input).view()));
    };
    take.inputs[0].witness = keyWitness(operatorSigns(0));
    take.inputs[1].witness = keyWitness(operatorSigns(1));
    take.inputs[2].witness = leafWitness(own.connectorScripts(), kTakeLeaf, operatorSigns(2));
    scene.node->mine(static_cast<int>(scene.network.context->params().takeBlocks));
    QVERIFY(isInvalid(take));
    // The connector's delay cannot be left out by another sequence.
    Transaction hasty = must(makeTake(own, scene.takeSignatures(graph, 0), scene.network.operatorKeys[0]));
    QCOMPARE(scene.refusal(hasty), std::string());
    hasty.inputs[2].sequence = 1;
    QVERIFY(isInvalid(hasty));
    // A veto by the operator.
    Transaction veto = own.veto();
    veto.inputs[0].witness =
        leafWitness(own.connectorScripts(), kFirstVetoLeaf,
                    must(crypto::signSchnorr(scene.network.operatorKeys[0], own.vetoSighash(0).view())));
    QVERIFY(isInvalid(veto));
}

void TestBridgePolicy::aPaymentWithItsCommitmentIsRelayed()
{
    const Scene scene;
    const PrivateKey key = keyOf("operator wallet");
    const auto scripts = must(bitcoin::TaprootOutput::keyOnly(key.xOnlyPublicKey()));
    const TxOut coin{Amount::fromSat(1'000'000), scripts.scriptPubKey()};
    l2::Withdrawal withdrawal;
    withdrawal.amount = Amount::fromSat(700'000);
    withdrawal.script = payoutOf("user");
    withdrawal.operatorKey = scene.network.operatorKeys[0].xOnlyPublicKey();
    withdrawal.acceptance = 1;
    Transaction payment;
    payment.inputs = {TxIn{scene.pay(coin), {}, bitcoin::kSequenceReplaceable, {}}};
    payment.outputs = paymentOutputs(scene.network.context->chainId, 42, withdrawal);
    payment.outputs.push_back({Amount::fromSat(299'000), payoutOf("change")});
    const std::vector<TxOut> spent{coin};
    const Digest sighash = must(bitcoin::SighashContext(payment, spent).taproot(0, bitcoin::kSighashDefault));
    payment.inputs[0].witness =
        keyWitness(must(crypto::signSchnorrTweaked(key, scripts.tweak().view(), sighash.view())));
    QCOMPARE(scene.refusal(payment), std::string());
    scene.confirm(payment);
    QVERIFY(isPayment(payment, scene.network.context->chainId, 42, withdrawal));
}

void TestBridgePolicy::aStuckKickoffIsMinedWithItsChild()
{
    // Miners want 20 sat/vB; the Kickoff pays about 5.
    const Scene scene(
        3, {.extraArguments = {"-blockmintxfee=0.00020000", "-fallbackfee=0.001"}, .connectTo = {}});
    const DepositGraph graph = scene.deposit();
    const Transaction kickoff = must(makeKickoff(graph.operators()[0], scene.network.operatorKeys[0]));
    const Transaction child = bumpingChild(scene, kickoff, base::FeeRate{30'000});
    scene.send(kickoff);
    scene.node->mine(2);
    QVERIFY(!scene.isConfirmed(kickoff));
    QVERIFY(scene.node->json({"getmempoolentry", kickoff.txid().displayHex()}).is_object());
    scene.send(child);
    scene.node->mine(1);
    QVERIFY(scene.isConfirmed(kickoff));
    QVERIFY(scene.isConfirmed(child));
}

void TestBridgePolicy::aKickoffBelowTheFloorIsRelayedWithItsChild()
{
    // Mempools are full: nothing below 20 sat/vB gets in by itself.
    const Scene scene(
        3, {.extraArguments = {"-minrelaytxfee=0.00020000", "-fallbackfee=0.001"}, .connectTo = {}});
    const DepositGraph graph = scene.deposit();
    const Transaction kickoff = must(makeKickoff(graph.operators()[0], scene.network.operatorKeys[0]));
    const Transaction child = bumpingChild(scene, kickoff, base::FeeRate{30'000});
    QCOMPARE(scene.refusal(kickoff), std::string("min relay fee not met"));
    const auto answer =
        scene.node->json({"submitpackage", "[\"" + hexOf(kickoff) + "\",\"" + hexOf(child) + "\"]"})
            .as_object();
    QCOMPARE(boost::json::value_to<std::string>(answer.at("package_msg")), std::string("success"));
    scene.node->mine(1);
    QVERIFY(scene.isConfirmed(kickoff));
}

QTEST_GUILESS_MAIN(TestBridgePolicy)
#include "tst_bridge_policy.moc"
