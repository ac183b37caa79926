// SPDX-License-Identifier: MIT
// Timelines: what the user is told at each step, and that a reorg takes back exactly what it undoes.
#include "core/bridge/states.h"
#include "tests/unit/bridge/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

const Step& stepOf(const Timeline& timeline, std::string_view id)
{
    for (const Step& step : timeline.steps) {
        if (step.id == id) return step;
    }
    std::abort();
}

/// Mines blocks into a state machine; blocks without transactions of interest count as well.
template <typename States>
class Miner {
public:
    Miner(States& states, std::uint32_t height) : m_states(states), m_height(height) {}
    void mine(std::vector<Transaction> transactions = {}, std::uint32_t count = 1)
    {
        for (; count > 0; --count) {
            ++m_height;
            m_states.blockConnected({m_height}, transactions);
            transactions.clear();
        }
    }
    void disconnect(std::uint32_t count)
    {
        for (; count > 0; --count) m_states.blockDisconnected({m_height--});
    }
    [[nodiscard]] std::uint32_t height() const { return m_height; }

private:
    States& m_states;
    std::uint32_t m_height;
};

/// A transaction that pays to the request, so that its txid can be the deposit's.
struct Paid {
    Transaction request;
    Deposit deposit;
};
Paid paidDeposit(const TestNetwork& network)
{
    DepositTerms terms = standardTerms();
    Transaction request;
    request.inputs = {TxIn{outpointOf("wallet"), {}, bitcoin::kSequenceReplaceable, {}}};
    request.outputs = {
        must(requestOutputFor(*network.context, terms.refundKey, terms.recipient, terms.value))};
    terms.request = {request.txid(), 0};
    return {request, must(Deposit::create(network.context, terms))};
}

Transaction spendOf(const OutPoint& outpoint)
{
    Transaction out;
    out.inputs = {TxIn{outpoint, {}, bitcoin::kSequenceFinal, {}}};
    out.outputs = {TxOut{Amount::fromSat(1000), payoutOf("anywhere")}};
    return out;
}

l2::Withdrawal withdrawal(l2::WithdrawalStatus status, std::uint32_t acceptance = 0,
                          std::uint32_t payHeight = 0)
{
    l2::Withdrawal out;
    out.amount = Amount::fromSat(50'000);
    out.script = payoutOf("user");
    out.status = status;
    out.acceptance = acceptance;
    if (acceptance > 0) out.operatorKey = keyOf("operator").xOnlyPublicKey();
    out.payHeight = {payHeight};
    return out;
}

} // namespace

class TestBridgeStates : public QObject {
    Q_OBJECT

private slots:
    void aDepositIsToldStepByStepAndTakenBackByAReorg();
    void aDepositThatNobodySignsIsRefunded();
    void aRefundThatIsReorgedOutIsOfferedAgain();
    void aRefundOnItsWayIsToldAndNotOfferedTwice();
    void aBlockLookedAtAgainMovesNeitherTipNorWhatLiesAbove();
    void aVaultThatIsNotConfirmedInTimeIsOvertakenByTheRefund();
    void aWithdrawalIsToldStepByStepAndTakenBackByAReorg();
    void aWithdrawalThatNobodyPaysIsReclaimed();
    void aPaymentOfAnotherAcceptanceIsNotThisOne();
    void aWithdrawalNobodyAcceptedCanBeCancelled();
    void aCancelThatCameToNothingIsOfferedAgain();
    void aRefusedRequestIsOverUnlessItIsThereAllTheSame();
    void aClaimIsToldStepByStepAndTakenBackByAReorg();
    void aClaimIsFollowedFromItsObjectAlone();
    void aVetoedClaimFails();
    void aClaimWhoseFundingIsSpentFails();
    void aBatchThatIsReplacedTakesItsFactsAlong();
};

void TestBridgeStates::aDepositIsToldStepByStepAndTakenBackByAReorg()
{
    const TestNetwork network = makeNetwork(3, 2); // depth 1, refund 40
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    std::vector<Timeline> seen; // after each block
    Miner miner(states, 100);
    miner.mine();
    QCOMPARE(states.timeline().state, std::string("deposit.request-sent"));
    states.requestSent();
    QCOMPARE(states.timeline().state, std::string("deposit.request-confirmed"));

    const auto mine = [&](std::vector<Transaction> transactions = {}) {
        seen.push_back(states.timeline());
        miner.mine(std::move(transactions));
    };
    mine({paid.request});
    QVERIFY((*stepOf(states.timeline(), "deposit.request-confirmed").clock == BlockClock{{102}, 2, 1}));
    mine();
    QCOMPARE(states.timeline().state, std::string("deposit.signed"));
    QCOMPARE(stepOf(states.timeline(), "deposit.signed").note, std::string("waiting-for-offers"));
    QVERIFY((*stepOf(states.timeline(), "deposit.refund").clock == BlockClock{{102}, 40, 2}));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    mine({paid.deposit.confirm()});
    mine();
    const Timeline vault = states.timeline();
    QCOMPARE(vault.state, std::string("deposit.credited"));
    QVERIFY(!stepOf(vault, "deposit.refund").clock);
    QVERIFY(stepOf(vault, "deposit.signed").state == StepState::Done); // what came after it shows it
    states.authorisationKept();
    QCOMPARE(states.timeline().nextAction, std::string("mint"));
    states.mintSubmitted(l2::TxHash{{7}});
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    l2::Vault object;
    object.value = paid.deposit.terms().value;
    states.batch({9}, object);
    QVERIFY(states.timeline().finished && !states.timeline().failed);
    QVERIFY(stepOf(states.timeline(), "deposit.credited").batch == base::BatchNumber{9});
    QCOMPARE(states.timeline().nextAction, std::string());

    // All the way back: a reorg below the request, and with it the batch.
    states.batchesReplaced({9});
    for (std::size_t undone = 0; undone < 4; ++undone) {
        miner.disconnect(1);
        const Timeline now = states.timeline();
        const Timeline& before = seen[seen.size() - 1 - undone];
        // The authorisation stays: it is a file, not a fact of the chain.
        QCOMPARE(stepOf(now, "deposit.vault-confirmed").height,
                 stepOf(before, "deposit.vault-confirmed").height);
        QCOMPARE(stepOf(now, "deposit.request-confirmed"), stepOf(before, "deposit.request-confirmed"));
    }
    QCOMPARE(states.timeline().state, std::string("deposit.request-confirmed"));
}

void TestBridgeStates::aDepositThatNobodySignsIsRefunded()
{
    const TestNetwork network = makeNetwork(3, 2);
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    Miner miner(states, 100);
    miner.mine({paid.request}); // 101
    miner.mine({}, 20);         // 121: half of 40 passed
    QCOMPARE(stepOf(states.timeline(), "deposit.signed").note, std::string("too-late"));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    miner.mine({}, 18); // 139
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    QVERIFY(stepOf(states.timeline(), "deposit.signed").state == StepState::Current);
    QVERIFY(stepOf(states.timeline(), "deposit.refund").state == StepState::Skipped);
    miner.mine(); // 140: block 141 can hold the refund
    const Timeline open = states.timeline();
    QCOMPARE(open.state, std::string("deposit.refund"));
    QVERIFY(stepOf(open, "deposit.refund").state == StepState::Current); // it is the user's turn
    QVERIFY(stepOf(open, "deposit.signed").state == StepState::Failed);
    QCOMPARE(stepOf(open, "deposit.signed").note, std::string("refund-open"));
    QVERIFY(!open.failed && !open.finished);
    QVERIFY((refundHeight(network.context->params(), {101}) == Height{141}));
    QCOMPARE(states.timeline().nextAction, std::string("refund"));
    const Transaction refund = spendOf(paid.deposit.terms().request);
    miner.mine({refund});
    const Timeline done = states.timeline();
    QVERIFY(done.finished && done.failed);
    QCOMPARE(done.state, std::string("deposit.refund"));
    QVERIFY(stepOf(done, "deposit.refund").txid == refund.txid());
    QVERIFY(stepOf(done, "deposit.signed").state == StepState::Failed);
    QVERIFY(stepOf(done, "deposit.credited").state == StepState::Skipped);
    QCOMPARE(done.nextAction, std::string());
}

void TestBridgeStates::aRefundThatIsReorgedOutIsOfferedAgain()
{
    const TestNetwork network = makeNetwork(3, 2);
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    Miner miner(states, 100);
    miner.mine({paid.request});
    miner.mine({}, 39);
    const Timeline before = states.timeline();
    miner.mine({spendOf(paid.deposit.terms().request)});
    miner.disconnect(1);
    QVERIFY(states.timeline() == before);
    QCOMPARE(states.timeline().nextAction, std::string("refund"));
    // In the other chain the committee was faster.
    miner.mine({paid.deposit.confirm()});
    QCOMPARE(states.timeline().state, std::string("deposit.vault-confirmed"));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
}

void TestBridgeStates::aRefundOnItsWayIsToldAndNotOfferedTwice()
{
    const TestNetwork network = makeNetwork(3, 2); // refund 40
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    states.requestSent();
    Miner miner(states, 100);
    miner.mine({paid.request}, 40);
    QCOMPARE(states.timeline().nextAction, std::string("refund"));
    const Transaction refund = spendOf(paid.deposit.terms().request);
    states.refundSent(refund.txid());
    const Timeline sent = states.timeline();
    QCOMPARE(sent.nextAction, std::string("wait"));
    QCOMPARE(sent.state, std::string("deposit.refund"));
    QVERIFY(stepOf(sent, "deposit.refund").txid == refund.txid());
    QCOMPARE(stepOf(sent, "deposit.refund").note, std::string("sent"));
    QVERIFY(stepOf(sent, "deposit.signed").state == StepState::Skipped);
    QVERIFY(!sent.finished && !sent.failed);
    states.refundSent(std::nullopt);
    QCOMPARE(states.timeline().nextAction, std::string("refund"));
    // The committee was quicker after all.
    states.refundSent(refund.txid());
    miner.mine({paid.deposit.confirm()});
    QVERIFY(stepOf(states.timeline(), "deposit.refund").state == StepState::Skipped);
}

void TestBridgeStates::aBlockLookedAtAgainMovesNeitherTipNorWhatLiesAbove()
{
    const TestNetwork network = makeNetwork(3, 2); // depth 1
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    Miner miner(states, 100);
    miner.mine({}, 3);
    miner.mine({paid.deposit.confirm()}); // 104: matched before the script of the request was looked for
    miner.mine({}, 2);
    states.blockSeenAgain({101}, std::vector{paid.request}, {106});
    QVERIFY(states.requestHeight() == Height{101});
    QVERIFY(states.confirmHeight() == Height{104});
    QVERIFY((*stepOf(states.timeline(), "deposit.request-confirmed").clock == BlockClock{{101}, 2, 2}));

    // Of a withdrawal that was added just now: its clocks need no next block to be right.
    WithdrawalStates late(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    late.batch({3}, withdrawal(l2::WithdrawalStatus::Accepted, 1, 90));
    late.blockSeenAgain({80}, {}, {95});
    QCOMPARE(stepOf(late.timeline(), "withdrawal.paid").note, std::string("overdue"));
}

void TestBridgeStates::aVaultThatIsNotConfirmedInTimeIsOvertakenByTheRefund()
{
    const TestNetwork network = makeNetwork(3, 2);
    const Paid paid = paidDeposit(network);
    DepositStates states(paid.deposit);
    states.authorisationKept();
    CeremonyProgress relay;
    relay.confirmSigned = true;
    states.relay(relay);
    Miner miner(states, 100);
    miner.mine({paid.request});
    miner.mine({}, 38);
    QVERIFY(stepOf(states.timeline(), "deposit.vault-confirmed").state == StepState::Current);
    miner.mine();
    const Timeline open = states.timeline();
    QVERIFY(stepOf(open, "deposit.refund").state == StepState::Current);
    QVERIFY(stepOf(open, "deposit.signed").state == StepState::Done); // they did sign
    QVERIFY(stepOf(open, "deposit.vault-confirmed").state == StepState::Failed);
    // A late block decides for the committee: nothing is left of the detour.
    miner.mine({paid.deposit.confirm()});
    QVERIFY(stepOf(states.timeline(), "deposit.vault-confirmed").state == StepState::Current);
    QVERIFY(stepOf(states.timeline(), "deposit.refund").state == StepState::Skipped);
}

void TestBridgeStates::aWithdrawalIsToldStepByStepAndTakenBackByAReorg()
{
    const TestNetwork network = makeNetwork(3, 2);
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    Miner miner(states, 100);
    miner.mine();
    QCOMPARE(states.timeline().state, std::string("withdrawal.requested"));
    states.batch({5}, withdrawal(l2::WithdrawalStatus::Requested));
    QCOMPARE(states.timeline().state, std::string("withdrawal.accepted"));
    QCOMPARE(states.timeline().nextAction, std::string("cancel"));
    const l2::Withdrawal accepted = withdrawal(l2::WithdrawalStatus::Accepted, 1, 113);
    states.batch({6}, accepted);
    const Timeline waiting = states.timeline();
    QCOMPARE(waiting.state, std::string("withdrawal.paid"));
    QCOMPARE(waiting.nextAction, std::string("wait"));
    QVERIFY((*stepOf(waiting, "withdrawal.paid").clock == BlockClock{{101}, 13, 1}));

    Transaction payment = spendOf(outpointOf("operator coin"));
    payment.outputs = paymentOutputs(network.context->chainId, 1, accepted);
    QVERIFY(isPayment(payment, network.context->chainId, 1, accepted));
    miner.mine({payment});
    QCOMPARE(states.timeline().state, std::string("withdrawal.payment-confirmed"));
    QVERIFY(stepOf(states.timeline(), "withdrawal.paid").txid == payment.txid());
    miner.mine();
    const Timeline paid = states.timeline();
    QVERIFY(paid.finished && !paid.failed);
    QCOMPARE(paid.nextAction, std::string());

    miner.disconnect(2);
    QVERIFY(states.timeline() == waiting);
    miner.mine({payment});
    miner.mine();
    states.batch({9}, withdrawal(l2::WithdrawalStatus::Paid, 1, 113));
    QCOMPARE(states.timeline().state, std::string("withdrawal.settled"));
}

void TestBridgeStates::aWithdrawalThatNobodyPaysIsReclaimed()
{
    const TestNetwork network = makeNetwork(3, 2); // k 1, reclaim margin 6
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    Miner miner(states, 100);
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Accepted, 1, 110));
    miner.mine({}, 11); // 111
    QCOMPARE(stepOf(states.timeline(), "withdrawal.paid").note, std::string("overdue"));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    miner.mine({}, 5); // 116
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    QVERIFY(stepOf(states.timeline(), "withdrawal.paid").state == StepState::Current);
    miner.mine(); // 117 = 110 + 1 + 6
    QCOMPARE(states.timeline().nextAction, std::string("reclaim"));
    const Timeline open = states.timeline();
    QCOMPARE(open.state, std::string("withdrawal.reclaim"));
    QVERIFY(stepOf(open, "withdrawal.reclaim").state == StepState::Current); // it is the user's turn
    QVERIFY(stepOf(open, "withdrawal.paid").state == StepState::Failed);
    QCOMPARE(stepOf(open, "withdrawal.paid").note, std::string("reclaim-open"));
    QVERIFY(!open.failed && !open.finished);
    states.reclaimSubmitted(l2::TxHash{{2}});
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    states.batch({8}, withdrawal(l2::WithdrawalStatus::Cancelled, 1, 110));
    const Timeline done = states.timeline();
    QVERIFY(done.finished && done.failed);
    QCOMPARE(done.state, std::string("withdrawal.reclaim"));
    QVERIFY(stepOf(done, "withdrawal.paid").state == StepState::Skipped);
}

void TestBridgeStates::aPaymentOfAnotherAcceptanceIsNotThisOne()
{
    const TestNetwork network = makeNetwork(3, 2);
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    Miner miner(states, 100);
    Transaction payment = spendOf(outpointOf("operator coin"));
    payment.outputs =
        paymentOutputs(network.context->chainId, 1, withdrawal(l2::WithdrawalStatus::Accepted, 1, 113));
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Accepted, 2, 113));
    miner.mine({payment}, 2);
    QCOMPARE(states.timeline().state, std::string("withdrawal.paid"));
    // A rollback shows that the first acceptance stands after all: the payment was seen all the time.
    states.batchesReplaced({6});
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Accepted, 1, 113));
    QVERIFY(states.timeline().finished);
}

void TestBridgeStates::aWithdrawalNobodyAcceptedCanBeCancelled()
{
    const TestNetwork network = makeNetwork(3, 2);
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    states.batch({5}, withdrawal(l2::WithdrawalStatus::Requested));
    QCOMPARE(states.timeline().nextAction, std::string("cancel"));
    states.reclaimSubmitted(l2::TxHash{{2}});
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Cancelled));
    QVERIFY(states.timeline().finished && states.timeline().failed);
    states.batchesReplaced({6});
    QVERIFY(!states.timeline().finished);
}

void TestBridgeStates::aCancelThatCameToNothingIsOfferedAgain()
{
    const TestNetwork network = makeNetwork(3, 2);
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    Miner miner(states, 100);
    miner.mine();
    states.batch({5}, withdrawal(l2::WithdrawalStatus::Requested));
    QVERIFY(!states.reclaimHeight().has_value());
    states.reclaimSubmitted(l2::TxHash{{2}});
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    // An acceptance was quicker.
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Accepted, 1, 110));
    states.reclaimLost();
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    QCOMPARE(states.reclaimHeight()->value, 117U);
    miner.mine({}, 16); // 117
    QCOMPARE(states.timeline().nextAction, std::string("reclaim"));
}

void TestBridgeStates::aRefusedRequestIsOverUnlessItIsThereAllTheSame()
{
    const TestNetwork network = makeNetwork(3, 2);
    WithdrawalStates states(network.context, l2::TxHash{{1}}, Amount::fromSat(50'000), payoutOf("user"));
    states.batch({5}, std::nullopt);
    QVERIFY(!states.timeline().finished);
    states.requestRefused();
    const Timeline over = states.timeline();
    QVERIFY(over.finished && over.failed);
    QCOMPARE(over.state, std::string("withdrawal.requested"));
    QCOMPARE(over.nextAction, std::string());
    QVERIFY(stepOf(over, "withdrawal.requested").state == StepState::Failed);
    // The node had lied, or came back to it: money in escrow is never called refused.
    states.batch({6}, withdrawal(l2::WithdrawalStatus::Requested));
    QVERIFY(!states.timeline().finished);
    QCOMPARE(states.timeline().nextAction, std::string("cancel"));
}

void TestBridgeStates::aClaimIsToldStepByStepAndTakenBackByAReorg()
{
    const TestNetwork network = makeNetwork(3, 2); // take_blocks 10
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[0];
    ClaimStates states(network.context, graph.deposit().vault(), own);
    Miner miner(states, 100);
    miner.mine();
    states.claimSubmitted(l2::TxHash{{1}});
    QCOMPARE(states.timeline().state, std::string("claim.burned"));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    l2::Claim claim;
    claim.burn = l2::TxHash{{1}};
    states.batch({3}, claim);
    const Timeline burned = states.timeline();
    QCOMPARE(burned.state, std::string("claim.kickoff"));
    QCOMPARE(burned.nextAction, std::string("kickoff"));
    miner.mine({own.kickoff()}); // 102
    QCOMPARE(states.timeline().state, std::string("claim.window"));
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    miner.mine({}, 8); // 110
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    miner.mine(); // 111: block 112 can hold Take1
    QVERIFY((takeHeight(network.context->params(), {102}) == Height{112}));
    const Timeline takeable = states.timeline();
    QCOMPARE(takeable.state, std::string("claim.taken"));
    QCOMPARE(takeable.nextAction, std::string("take"));
    miner.mine({own.take()});
    QCOMPARE(states.timeline().nextAction, std::string("wait"));
    miner.mine();
    QCOMPARE(states.timeline().nextAction, std::string("settle"));
    claim.status = l2::ClaimStatus::Taken;
    states.batch({7}, claim);
    QVERIFY(states.timeline().finished && !states.timeline().failed);
    QCOMPARE(states.timeline().nextAction, std::string());

    states.batchesReplaced({7});
    miner.disconnect(2);
    QVERIFY(states.timeline() == takeable);
    miner.disconnect(10);
    QVERIFY(states.timeline() == burned);
}

void TestBridgeStates::aClaimIsFollowedFromItsObjectAlone()
{
    const TestNetwork network = makeNetwork(3, 2);
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[0];
    l2::Claim claim;
    claim.funding = own.offer().funding;
    claim.kickoff = own.kickoffTxid();
    claim.take = own.takeTxid();
    ClaimStates states(network.context, graph.deposit().vault(), claim);
    ClaimStates withGraph(network.context, graph.deposit().vault(), own);
    const auto both = [&](Height height, std::vector<Transaction> transactions) {
        states.blockConnected(height, transactions);
        withGraph.blockConnected(height, transactions);
        return states.timeline() == withGraph.timeline();
    };
    states.batch({3}, claim);
    withGraph.batch({3}, claim);
    QVERIFY(both({101}, {own.kickoff()}));
    QVERIFY(both({102}, {must(makeVeto(own, 1, network.vaultKeys[1]))}));
    QVERIFY(both({102}, {own.take()}));
    QVERIFY(both({102}, {spendOf(own.offer().funding)}));
    QVERIFY(states.breach().has_value());
}

void TestBridgeStates::aVetoedClaimFails()
{
    const TestNetwork network = makeNetwork(3, 2);
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[0];
    ClaimStates states(network.context, graph.deposit().vault(), own);
    Miner miner(states, 100);
    states.batch({3}, l2::Claim{});
    miner.mine({own.kickoff()});
    const Timeline before = states.timeline();
    const Transaction veto = must(makeVeto(own, 1, network.vaultKeys[1]));
    miner.mine({veto});
    const Timeline vetoed = states.timeline();
    QVERIFY(vetoed.failed && !vetoed.finished);
    QCOMPARE(vetoed.state, std::string("claim.window"));
    QCOMPARE(stepOf(vetoed, "claim.window").note, std::string("vetoed"));
    QVERIFY(stepOf(vetoed, "claim.window").txid == veto.txid());
    QCOMPARE(vetoed.nextAction, std::string("wait"));
    miner.mine();
    QCOMPARE(states.timeline().nextAction, std::string("void"));
    QVERIFY(states.breach()->second == veto.txid());
    l2::Claim voided;
    voided.status = l2::ClaimStatus::Void;
    states.batch({4}, voided);
    QVERIFY(states.timeline().finished && states.timeline().failed);
    states.batchesReplaced({4});
    miner.disconnect(2);
    QVERIFY(states.timeline() == before);
}

void TestBridgeStates::aClaimWhoseFundingIsSpentFails()
{
    const TestNetwork network = makeNetwork(3, 2);
    const DepositGraph graph = standardGraph(network);
    const OperatorGraph& own = graph.operators()[0];
    ClaimStates states(network.context, graph.deposit().vault(), own);
    Miner miner(states, 100);
    states.batch({3}, l2::Claim{});
    miner.mine({spendOf(own.offer().funding)}, 2);
    QCOMPARE(stepOf(states.timeline(), "claim.kickoff").note, std::string("funding-spent"));
    QCOMPARE(states.timeline().nextAction, std::string("void"));
    // Kickoff and Take1 themselves are no breach.
    ClaimStates good(network.context, graph.deposit().vault(), own);
    Miner other(good, 100);
    other.mine({own.kickoff()});
    other.mine({own.take()});
    QVERIFY(!good.breach());
}

void TestBridgeStates::aBatchThatIsReplacedTakesItsFactsAlong()
{
    BatchLog<int> log;
    log.set({1}, 10);
    log.set({2}, 10);
    QVERIFY(log.since() == base::BatchNumber{1}); // unchanged since then
    log.set({5}, 20);
    QVERIFY(*log.latest() == 20);
    log.rollback({6});
    QVERIFY(*log.latest() == 20);
    log.rollback({5});
    QVERIFY(*log.latest() == 10);
    log.set({3}, 30); // a batch that comes again replaces what was known from it on
    QVERIFY(*log.latest() == 30 && log.since() == base::BatchNumber{3});
    log.rollback({0});
    QVERIFY(log.latest() == nullptr && !log.since());
}

QTEST_GUILESS_MAIN(TestBridgeStates)
#include "tst_bridge_states.moc"
