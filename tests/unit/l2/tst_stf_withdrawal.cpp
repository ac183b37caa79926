// SPDX-License-Identifier: MIT
// The state transition, withdrawals: escrow, acceptance with a bond, payment on Bitcoin, and what happens
// when an operator does not pay; every deadline to the block (rules A9 to A11).
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
const Amount kAmount = Amount::fromSat(123'457);
const Amount kFee = Amount::fromSat(700);

Bytes scriptOf(const crypto::PrivateKey& key) { return bitcoin::payToTaproot(key.xOnlyPublicKey()); }

// Alice with money, two operators, and her request, the first: id(1).
struct Requested : Layer {
    explicit Requested(std::uint32_t depth = 1) : Layer(depth)
    {
        fund(alice);
        registerOperator(0);
        registerOperator(1);
        commit({request()});
    }
    [[nodiscard]] Transaction request() const
    {
        return make(alice, WithdrawRequest{kAmount, kFee, scriptOf(alice)});
    }
    void accept(std::size_t index) { commit({make(operators[index], WithdrawAccept{id(1)})}); }
    [[nodiscard]] XOnlyPublicKey operatorKey(std::size_t i) const { return operators[i].xOnlyPublicKey(); }
    // Mines until the tip of the program's view has this height.
    void reach(std::uint32_t height)
    {
        chain.mineMany(height - chain.tip().value);
        commit();
    }
    [[nodiscard]] std::uint32_t payHeight() const { return withdrawal(id(1)).payHeight.value; }
    [[nodiscard]] std::uint32_t overdue() const { return payHeight() + params.depth + params.reclaimMargin; }
    [[nodiscard]] Transaction prove(const crypto::PrivateKey& sender, Height height) const
    {
        return make(sender, WithdrawProve{id(1), chain.prove(height, 1)});
    }
};
} // namespace

class TestStfWithdrawal : public QObject {
    Q_OBJECT
private slots:
    void requestLocksAmountAndFee();
    void idIsThatOfTheRequestWhateverCameBefore();
    void requestsThatNobodyCouldPayAreRefused();
    void acceptanceLocksABond();
    void onlyRegisteredOperatorsAccept();
    void acceptedWithdrawalIsNotAcceptedAgainInTime();
    void aSequencerThatHoldsBitcoinBackCatchesNoOperator();
    void paymentGivesEscrowAndBondToTheOperator();
    void anybodyMayShowThePayment();
    void paymentAtThePayHeightCountsAndOneLaterDoesNot();
    void paymentThatIsNotConfirmedDoesNotCount();
    void wrongPaymentsAreRefused();
    void paymentOfAnotherOperatorIsRefused();
    void paymentServesOneWithdrawal();
    void ownerReclaimsAnUnacceptedRequestAtOnce();
    void reclaimOpensExactlyWhenOverdue();
    void onlyTheOwnerReclaims();
    void secondAcceptanceOpensExactlyWhenOverdue();
    void secondAcceptanceNeedsItsOwnPayment();
    void closedWithdrawalsStayClosed();
    void operatorLeavesOnlyWithoutOpenAcceptances();
    void stakeIsExactAndOnce();
    void outboxHoldsEveryRequest();
};

void TestStfWithdrawal::requestLocksAmountAndFee()
{
    Requested layer;
    const Withdrawal w = layer.withdrawal(layer.id(1));
    QCOMPARE(w.owner, layer.alice.xOnlyPublicKey());
    QCOMPARE(w.amount, kAmount);
    QCOMPARE(w.operatorFee, kFee);
    QCOMPARE(w.script, scriptOf(layer.alice));
    QCOMPARE(w.status, WithdrawalStatus::Requested);
    QCOMPARE(layer.balance(layer.alice).sat(), 10'000'000 - 123'457 - 700 - 100);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::idIsThatOfTheRequestWhateverCameBefore()
{
    Requested one;
    Requested other;
    other.fund(other.bob);
    const Transaction request = one.make(one.bob, WithdrawRequest{kAmount, kFee, scriptOf(one.bob)});
    one.fund(one.bob);
    one.commit({one.request(), request});
    other.commit({request});
    const std::uint64_t id = withdrawalNumber(request.hash());
    QCOMPARE(one.id(3), id);
    QCOMPARE(other.id(2), id);
    QCOMPARE(one.withdrawal(id), other.withdrawal(id));
    const TxHash known = must(TxHash::fromHex("00112233445566f7" + std::string(48, '0')));
    QCOMPARE(withdrawalNumber(known), std::uint64_t{0x7766554433221100});
}

void TestStfWithdrawal::requestsThatNobodyCouldPayAreRefused()
{
    Requested layer;
    const auto ask = [&layer](Amount amount, Amount fee, const Bytes& script) {
        return layer.refusal(layer.make(layer.alice, WithdrawRequest{amount, fee, script}));
    };
    const Bytes good = scriptOf(layer.alice);
    QCOMPARE(ask(layer.params.minWithdrawal - Amount::fromSat(1), kFee, good),
             std::string("withdrawal-too-small"));
    QCOMPARE(ask(layer.params.minWithdrawal, Amount{}, good), std::string());
    const Amount all = layer.balance(layer.alice) - layer.params.minFee;
    QCOMPARE(ask(all, Amount{}, good), std::string());
    QCOMPARE(ask(all, Amount::fromSat(1), good), std::string("balance-low"));
    QCOMPARE(ask(Amount::fromSat(Amount::kMaxSat), Amount::fromSat(Amount::kMaxSat), good),
             std::string("balance-low"));
    const std::string bad = "withdrawal-bad-script";
    QCOMPARE(ask(kAmount, kFee, {}), bad);
    QCOMPARE(ask(kAmount, kFee, Bytes{0x6a}), bad);
    QCOMPARE(ask(kAmount, kFee, bitcoin::payToAnchor()), bad);
    QCOMPARE(ask(kAmount, kFee, Bytes(34, 0x51)), bad);
    Bytes cut = good;
    cut.pop_back();
    QCOMPARE(ask(kAmount, kFee, cut), bad);
    QCOMPARE(ask(kAmount, kFee, Bytes(35, 0x51)), std::string("malformed"));
    const ByteArray<20> hash{};
    for (const Bytes& script :
         {bitcoin::payToPublicKeyHash(hash), bitcoin::payToScriptHash(hash),
          bitcoin::payToWitnessPublicKeyHash(hash), bitcoin::payToWitnessScriptHash({})}) {
        QCOMPARE(ask(kAmount, kFee, script), std::string());
    }
}

void TestStfWithdrawal::acceptanceLocksABond()
{
    Requested layer;
    const Amount before = layer.balance(layer.operators[0]);
    layer.accept(0);
    const Withdrawal w = layer.withdrawal(layer.id(1));
    QCOMPARE(w.status, WithdrawalStatus::Accepted);
    QCOMPARE(w.operatorKey, layer.operatorKey(0));
    QCOMPARE(w.acceptance, 1U);
    QCOMPARE(w.payHeight.value, layer.view().tipHeight.value + 12);
    QCOMPARE(w.bond.sat(), 6'173); // 5 % of 123,457, rounded up
    QCOMPARE(layer.params.bondFor(kAmount), w.bond);
    QCOMPARE(layer.balance(layer.operators[0]), before - w.bond - layer.params.minFee);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::onlyRegisteredOperatorsAccept()
{
    Requested layer;
    layer.fund(layer.bob);
    QCOMPARE(layer.refusal(layer.make(layer.bob, WithdrawAccept{layer.id(1)})),
             std::string("not-an-operator"));
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawAccept{2})),
             std::string("withdrawal-unknown"));
    layer.commit({layer.make(layer.operators[1], OperatorLeave{})});
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], WithdrawAccept{layer.id(1)})),
             std::string("not-an-operator"));
    const Amount all = layer.balance(layer.operators[0]) - layer.params.minFee * 2;
    layer.commit({layer.make(layer.operators[0], Transfer{layer.bob.xOnlyPublicKey(), all})});
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawAccept{layer.id(1)})),
             std::string("balance-low"));
}

void TestStfWithdrawal::acceptedWithdrawalIsNotAcceptedAgainInTime()
{
    Requested layer;
    layer.accept(0);
    const std::string refused = "withdrawal-not-overdue";
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], WithdrawAccept{layer.id(1)})), refused);
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawAccept{layer.id(1)})), refused);
}

void TestStfWithdrawal::paymentGivesEscrowAndBondToTheOperator()
{
    Requested layer;
    const Amount before = layer.balance(layer.operators[0]);
    layer.accept(0);
    const Height paid = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    layer.confirm();
    const auto done = layer.commit({layer.prove(layer.operators[0], paid)});
    QCOMPARE(layer.withdrawal(layer.id(1)).status, WithdrawalStatus::Paid);
    QCOMPARE(layer.withdrawal(layer.id(1)).bond, Amount{});
    QCOMPARE(layer.balance(layer.operators[0]), before + kAmount + kFee - layer.params.minFee * 2);
    QCOMPARE(done.receipts[0].reference, layer.id(1));
    QCOMPARE(done.runs, 1U);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::anybodyMayShowThePayment()
{
    Requested layer;
    layer.accept(0);
    const Amount before = layer.balance(layer.operators[0]);
    const Amount bond = layer.withdrawal(layer.id(1)).bond;
    const Height paid = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    layer.confirm();
    layer.commit({layer.prove(layer.operators[1], paid)});
    QCOMPARE(layer.balance(layer.operators[0]), before + kAmount + kFee + bond);
}

void TestStfWithdrawal::paymentAtThePayHeightCountsAndOneLaterDoesNot()
{
    Requested layer(2);
    layer.accept(0);
    layer.reach(layer.payHeight() - 1);
    const Height inTime = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    const Height late = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    QCOMPARE(inTime.value, layer.payHeight());
    layer.confirm();
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], late)), std::string("payment-late"));
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], inTime)), std::string());
    // It still counts when it is proven late, as long as nobody was quicker to reclaim.
    layer.reach(layer.overdue() + 20);
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], inTime)), std::string());
}

void TestStfWithdrawal::paymentThatIsNotConfirmedDoesNotCount()
{
    Requested layer(2);
    layer.accept(0);
    const Height paid = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], paid)), std::string("proof-not-confirmed"));
    layer.chain.mine();
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], paid)), std::string("proof-not-confirmed"));
    layer.chain.mine();
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], paid)), std::string());
}

void TestStfWithdrawal::wrongPaymentsAreRefused()
{
    Requested layer;
    layer.accept(0);
    const Digest tag = paymentTag(layer.chainId, layer.id(1), layer.operatorKey(0), 1);
    const bitcoin::TxOut good{kAmount, scriptOf(layer.alice)};
    const bitcoin::TxOut tagged{Amount{}, bitcoin::nullDataScript(tag.view())};
    const Amount one = Amount::fromSat(1);
    bitcoin::TxOut longer = tagged;
    longer.scriptPubKey.push_back(0x51);
    const std::string output = "payment-wrong-output";
    const std::string tagName = "payment-wrong-tag";
    const std::vector<std::pair<std::vector<bitcoin::TxOut>, std::string>> cases{
        {{{kAmount - one, good.scriptPubKey}, tagged}, output},
        {{{kAmount + one, good.scriptPubKey}, tagged}, output},
        {{{kAmount, scriptOf(layer.bob)}, tagged}, output},
        {{tagged, good}, output},
        {{good}, tagName},
        {{good, good, tagged}, tagName},
        {{good, longer}, tagName},
        {{good, tagged}, ""},
    };
    std::vector<bitcoin::Transaction> payments;
    for (const auto& [outputs, reason] : cases)
        payments.push_back(spend({{Txid{digestOf(5).bytes}, 1}}, outputs));
    const Height height = layer.chain.mine(payments);
    layer.confirm();
    for (std::uint32_t i = 0; i < cases.size(); ++i) {
        const TxProof proof = layer.chain.prove(height, i + 1);
        QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawProve{layer.id(1), proof})),
                 cases[i].second);
    }
}

void TestStfWithdrawal::paymentOfAnotherOperatorIsRefused()
{
    Requested layer;
    layer.accept(0);
    const Height foreign = layer.pay(layer.id(1), layer.operatorKey(1), 1);
    layer.confirm();
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], foreign)), std::string("payment-wrong-tag"));
    const Height wrongNumber = layer.pay(layer.id(1), layer.operatorKey(0), 2);
    layer.confirm();
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], wrongNumber)), std::string("payment-wrong-tag"));
}

void TestStfWithdrawal::paymentServesOneWithdrawal()
{
    Requested layer;
    layer.commit({layer.request()}); // the second: same amount, same script
    layer.commit({layer.make(layer.operators[0], WithdrawAccept{layer.id(1)})});
    layer.commit({layer.make(layer.operators[0], WithdrawAccept{layer.id(2)})});
    const Height paid = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    layer.confirm();
    const TxProof proof = layer.chain.prove(paid, 1);
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawProve{layer.id(2), proof})),
             std::string("payment-wrong-tag"));
    layer.commit({layer.make(layer.operators[0], WithdrawProve{layer.id(1), proof})});
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawProve{layer.id(1), proof})),
             std::string("withdrawal-not-accepted"));
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawProve{layer.id(2), proof})),
             std::string("payment-wrong-tag"));
    const Txid txid = must(bitcoin::parseTransaction(proof.transaction)).txid();
    const Bytes* used = layer.state().find(paymentId(txid).key());
    QVERIFY(used != nullptr);
    QCOMPARE(parsePayment(*used).value(), layer.id(1));
}

void TestStfWithdrawal::ownerReclaimsAnUnacceptedRequestAtOnce()
{
    Requested layer;
    const Amount before = layer.balance(layer.alice);
    layer.commit({layer.make(layer.alice, WithdrawReclaim{layer.id(1)})});
    QCOMPARE(layer.balance(layer.alice), before + kAmount + kFee - layer.params.minFee);
    QCOMPARE(layer.withdrawal(layer.id(1)).status, WithdrawalStatus::Cancelled);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::reclaimOpensExactlyWhenOverdue()
{
    Requested layer(2);
    layer.accept(0);
    const Amount bond = layer.withdrawal(layer.id(1)).bond;
    const std::string refused = "withdrawal-not-overdue";
    for (const std::uint32_t height : {layer.payHeight(), layer.payHeight() + 1, layer.overdue() - 1}) {
        layer.reach(height);
        QCOMPARE(layer.view().tipHeight.value, height);
        QCOMPARE(layer.refusal(layer.make(layer.alice, WithdrawReclaim{layer.id(1)})), refused);
    }
    layer.reach(layer.overdue());
    const Amount before = layer.balance(layer.alice);
    layer.commit({layer.make(layer.alice, WithdrawReclaim{layer.id(1)})});
    QCOMPARE(layer.balance(layer.alice), before + kAmount + kFee + bond - layer.params.minFee);
    QVERIFY(layer.conserved());
    // The operator is free of it, and paid for it.
    layer.commit({layer.make(layer.operators[0], OperatorLeave{})});
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::aSequencerThatHoldsBitcoinBackCatchesNoOperator()
{
    Requested layer;
    // Twelve blocks that the operator has seen and the program's view has not: taken in now, the acceptance would
    // be overdue as soon as the view catches up.
    const std::uint32_t stale = layer.view().tipHeight.value;
    layer.chain.mineMany(layer.params.payWindow);
    const Height least{layer.chain.tip().value + layer.params.payWindow - 2};
    const Transaction accept = layer.make(layer.operators[0], WithdrawAccept{layer.id(1), least});
    const auto onView = [&layer, &accept](const L1Section& l1) {
        const auto result = layer.propose({l1, {accept.encode()}});
        const auto& execution = std::get<Execution>(result);
        return execution.rejected.empty() ? std::string() : execution.rejected.front().reason;
    };
    QCOMPARE(onView({Height{stale}, {}}), std::string("accept-stale"));
    L1Section partly = layer.l1Section();
    partly.headers.resize(partly.headers.size() - 3); // one block more than the operator allows for
    QCOMPARE(onView(partly), std::string("accept-stale"));
    partly = layer.l1Section();
    partly.headers.resize(partly.headers.size() - 2);
    QCOMPARE(onView(partly), std::string());
    layer.commit({accept});
    QCOMPARE(layer.payHeight(), layer.chain.tip().value + layer.params.payWindow);
}

void TestStfWithdrawal::onlyTheOwnerReclaims()
{
    Requested layer;
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], WithdrawReclaim{layer.id(1)})),
             std::string("withdrawal-not-owner"));
    QCOMPARE(layer.refusal(layer.make(layer.alice, WithdrawReclaim{9})), std::string("withdrawal-unknown"));
}

void TestStfWithdrawal::secondAcceptanceOpensExactlyWhenOverdue()
{
    Requested layer;
    layer.accept(0);
    const Amount bond = layer.withdrawal(layer.id(1)).bond;
    layer.reach(layer.overdue() - 1);
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], WithdrawAccept{layer.id(1)})),
             std::string("withdrawal-not-overdue"));
    layer.reach(layer.overdue());
    const Amount owner = layer.balance(layer.alice);
    layer.accept(1);
    const Withdrawal w = layer.withdrawal(layer.id(1));
    QCOMPARE(w.acceptance, 2U);
    QCOMPARE(w.operatorKey, layer.operatorKey(1));
    QCOMPARE(w.payHeight.value, layer.view().tipHeight.value + 12);
    QCOMPARE(layer.balance(layer.alice), owner + bond); // the first operator's bond
    QVERIFY(layer.conserved());
    layer.commit({layer.make(layer.operators[0], OperatorLeave{})});
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], OperatorLeave{})),
             std::string("operator-acceptances-open"));
}

void TestStfWithdrawal::secondAcceptanceNeedsItsOwnPayment()
{
    Requested layer;
    layer.accept(0);
    const Height first = layer.pay(layer.id(1), layer.operatorKey(0), 1); // never proven in time
    layer.reach(layer.overdue());
    layer.accept(0); // the same operator again
    QCOMPARE(layer.withdrawal(layer.id(1)).acceptance, 2U);
    QCOMPARE(layer.refusal(layer.prove(layer.operators[0], first)), std::string("payment-wrong-tag"));
    const Height second = layer.pay(layer.id(1), layer.operatorKey(0), 2);
    layer.confirm();
    layer.commit({layer.prove(layer.operators[0], second)});
    QCOMPARE(layer.withdrawal(layer.id(1)).status, WithdrawalStatus::Paid);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::closedWithdrawalsStayClosed()
{
    Requested layer;
    layer.commit({layer.request()});
    layer.commit({layer.make(layer.alice, WithdrawReclaim{layer.id(2)})});
    layer.accept(0);
    const Height paid = layer.pay(layer.id(1), layer.operatorKey(0), 1);
    layer.confirm();
    layer.commit({layer.prove(layer.operators[0], paid)});
    for (const std::uint64_t id : {layer.id(1), layer.id(2)}) {
        QCOMPARE(layer.refusal(layer.make(layer.alice, WithdrawReclaim{id})),
                 std::string("withdrawal-closed"));
        QCOMPARE(layer.refusal(layer.make(layer.operators[1], WithdrawAccept{id})),
                 std::string("withdrawal-closed"));
    }
    layer.reach(layer.overdue() + 5);
    QCOMPARE(layer.refusal(layer.make(layer.alice, WithdrawReclaim{layer.id(1)})),
             std::string("withdrawal-closed"));
}

void TestStfWithdrawal::operatorLeavesOnlyWithoutOpenAcceptances()
{
    Requested layer;
    layer.accept(0);
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], OperatorLeave{})),
             std::string("operator-acceptances-open"));
    const Amount before = layer.balance(layer.operators[1]);
    layer.commit({layer.make(layer.operators[1], OperatorLeave{})});
    QCOMPARE(layer.balance(layer.operators[1]), before + layer.params.operatorStake - layer.params.minFee);
    QCOMPARE(layer.account(layer.operators[1]).staked, Amount{});
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], OperatorLeave{})), std::string("not-an-operator"));
    layer.commit({layer.make(layer.operators[1], OperatorRegister{layer.params.operatorStake})});
    QCOMPARE(layer.account(layer.operators[1]).staked, layer.params.operatorStake);
    QVERIFY(layer.conserved());
}

void TestStfWithdrawal::stakeIsExactAndOnce()
{
    Requested layer;
    const Amount one = Amount::fromSat(1);
    for (const Amount stake :
         {Amount{}, layer.params.operatorStake - one, layer.params.operatorStake + one}) {
        QCOMPARE(layer.refusal(layer.make(layer.alice, OperatorRegister{stake})),
                 std::string("operator-wrong-stake"));
    }
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], OperatorRegister{layer.params.operatorStake})),
             std::string("operator-already"));
}

void TestStfWithdrawal::outboxHoldsEveryRequest()
{
    Requested layer;
    const Transaction second = layer.request();
    layer.commit({second});
    QCOMPARE(layer.head().outboxCount, 2ULL);
    const auto first = must(parseTransaction(layer.batches[layer.batches.size() - 2].body.transactions[0]));
    const std::vector<Digest> leaves{outboxLeaf(OutboxKind::Withdrawal, layer.id(1), first.hash()),
                                     outboxLeaf(OutboxKind::Withdrawal, layer.id(2), second.hash())};
    const auto path = appendPath(AppendHash::Outbox, leaves, 1);
    QCOMPARE(rootOfAppendPath(AppendHash::Outbox, leaves[1], 1, path), layer.head().outboxAcc);
    QVERIFY(verifyAppended(AppendHash::Outbox, layer.counters().outbox, leaves[0], 0,
                           appendPath(AppendHash::Outbox, leaves, 0))
                .ok());
}

QTEST_APPLESS_MAIN(TestStfWithdrawal)
#include "tst_stf_withdrawal.moc"
