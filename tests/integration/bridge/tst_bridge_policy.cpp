// SPDX-License-Identifier: MIT
// Every transaction of the bridge before a real bitcoind that relays standard transactions only: what it
// takes, what it refuses, and when.
#include "tests/integration/bridge/policy_scene.h"

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;
using bowline::test::bitcoindPresent;

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
    const Transaction child =
        bumpingChild(scene, kickoff, scene.network.context->params().kickoffFee, base::FeeRate{30'000});
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
    const Transaction child =
        bumpingChild(scene, kickoff, scene.network.context->params().kickoffFee, base::FeeRate{30'000});
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
