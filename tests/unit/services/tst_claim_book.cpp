// SPDX-License-Identifier: MIT
// What the owner of a deposit is told of the operator's claim of its vault: from the burn over the challenge window to
// the take, without a message of the committee, and back again when a chain takes something back.
#include "app/services/local/claim_book.h"
#include "tests/unit/bridge/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::services;
using bridge::test::must;

namespace {

bitcoin::Transaction spendOf(const bitcoin::OutPoint& outpoint)
{
    bitcoin::Transaction out;
    out.inputs = {bitcoin::TxIn{outpoint, {}, bitcoin::kSequenceFinal, {}}};
    out.outputs = {bitcoin::TxOut{base::Amount::fromSat(1000), bridge::test::payoutOf("anywhere")}};
    return out;
}

/// A wallet's book, a chain, and a layer 2 that answers what the test set.
struct World {
    bridge::test::TestNetwork network = bridge::test::makeNetwork(3, 2); // take_blocks 10, k 1
    bridge::DepositGraph graph = bridge::test::standardGraph(network);
    const bridge::OperatorGraph& own = graph.operators()[0];
    std::optional<l2::Claim> claim; // what the layer 2 says of claim 7
    l2::Verdict verdict = l2::Verified{};
    base::BatchNumber batch{20};
    int asked = 0;
    int changed = 0;
    std::uint32_t tip = 100;
    ClaimBook book{network.context,
                   [this](l2::ObjectId object, NodeLink::Answer<StateValue> done) {
                       if (object != l2::claimObjectId(7)) qFatal("asked for another object");
                       ++asked;
                       StateValue value;
                       value.answer.batch.header.height = batch;
                       value.answer.batch.header.time = 1'700'000'000;
                       if (claim) value.answer.value = claim->encode();
                       value.verdict = verdict;
                       done(std::move(value));
                   },
                   [this] { ++changed; }};

    World() { book.follow(graph.deposit(), {90}); }

    [[nodiscard]] l2::Claim claimOf(const bridge::OperatorGraph& operatorGraph) const
    {
        l2::Claim out;
        out.operatorKey = operatorGraph.offer().operatorKey;
        out.vault = graph.deposit().vault();
        out.funding = operatorGraph.offer().funding;
        out.kickoff = operatorGraph.kickoffTxid();
        out.take = operatorGraph.takeTxid();
        out.burn = l2::TxHash{{9}};
        return out;
    }
    void vaultIs(l2::VaultStatus status)
    {
        l2::Vault vault;
        vault.value = graph.deposit().terms().value;
        vault.status = status;
        vault.claimIndex = 7;
        book.vaultIs(graph.deposit().id(), vault);
    }
    void burn()
    {
        claim = claimOf(own);
        vaultIs(l2::VaultStatus::Claimed);
    }
    void block(std::uint32_t height, std::vector<bitcoin::Transaction> transactions, bool again = false)
    {
        chain::BlockConnected event;
        event.height = {height};
        event.header.time = 1'700'000'000 + height;
        event.again = again;
        if (!transactions.empty()) {
            auto made = std::make_shared<bitcoin::Block>();
            made->transactions = std::move(transactions);
            event.block = std::move(made);
        }
        book.blockConnected(event);
    }
    void mine(std::vector<bitcoin::Transaction> transactions = {}, int count = 1)
    {
        for (; count > 0; --count) {
            block(++tip, transactions);
            transactions.clear();
        }
    }
    void disconnect(int count)
    {
        for (; count > 0; --count) book.blockDisconnected({tip--});
    }
    [[nodiscard]] BridgeItem item() const
    {
        const auto items = book.items();
        if (items.size() != 1) qFatal("not one claim");
        return items.front();
    }
    [[nodiscard]] TimelineStep step(std::string_view id) const
    {
        for (const TimelineStep& step : item().steps) {
            if (step.id == id) return step;
        }
        qFatal("no such step");
    }
};

} // namespace

class TestClaimBook : public QObject {
    Q_OBJECT

private slots:
    void aVaultThatNobodyBurnedForHasNoClaim()
    {
        World w;
        w.vaultIs(l2::VaultStatus::Live);
        w.book.vaultIs(w.graph.deposit().id(), std::nullopt);
        QCOMPARE(w.asked, 0);
        QVERIFY(w.book.items().empty());
    }
    void theOwnerFollowsTheWindowToItsEnd()
    {
        World w;
        w.mine();
        w.burn();
        QCOMPARE(w.changed, 1);
        QCOMPARE(w.item().kind, BridgeItem::Kind::VaultClaim);
        QCOMPARE(w.item().id, w.own.kickoffTxid().displayHex());
        QCOMPARE(w.item().depositId, w.graph.deposit().id().hex());
        QCOMPARE(w.item().amount, w.graph.deposit().terms().value);
        QCOMPARE(w.item().state, std::string("claim.kickoff"));
        QCOMPARE(w.item().nextAction, std::string("wait")); // what there is to do, the operator does
        w.mine({w.own.kickoff()});                          // 102
        QCOMPARE(w.item().created, base::UnixTime{1'700'000'102});
        w.mine({}, 4);
        const TimelineStep window = w.step("claim.window");
        QCOMPARE(window.state, StepState::Current);
        QCOMPARE(window.clock->startHeight, 102U);
        QCOMPARE(window.clock->lengthBlocks, 10U);
        QCOMPARE(window.clock->passedBlocks, 5U);
        w.mine({}, 5); // 111
        QCOMPARE(w.item().state, std::string("claim.taken"));
        w.mine({w.own.take()});
        QCOMPARE(w.step("claim.taken").state, StepState::Done);
        QCOMPARE(w.step("claim.taken").txid, w.own.takeTxid().displayHex());
        QVERIFY(!w.item().finished);
        w.claim->status = l2::ClaimStatus::Taken;
        w.vaultIs(l2::VaultStatus::Taken);
        QVERIFY(w.item().finished && !w.item().failed);
        QCOMPARE(w.item().state, std::string("claim.settled"));
        QCOMPARE(w.item().nextAction, std::string());
    }
    void aReorgTakesStepsBack()
    {
        World w;
        w.burn();
        w.mine({w.own.kickoff()});
        w.mine({}, 9);
        const std::string takeable = w.item().state;
        w.mine({w.own.take()});
        w.disconnect(1);
        QCOMPARE(w.item().state, takeable);
        w.disconnect(4);
        QCOMPARE(w.step("claim.window").clock->passedBlocks, 6U);
        w.disconnect(6); // the kickoff too
        QCOMPARE(w.item().state, std::string("claim.kickoff"));
        // A block that replaces another without word of it.
        w.mine({w.own.kickoff()});
        w.block(w.tip, {spendOf(bridge::test::outpointOf("somebody's"))});
        QCOMPARE(w.item().state, std::string("claim.kickoff"));
    }
    void aBurnThatLeftTheLayerTwoLeavesNothing()
    {
        World w;
        w.burn();
        w.mine({w.own.kickoff()});
        w.claim.reset();
        w.vaultIs(l2::VaultStatus::Live);
        QVERIFY(w.book.items().empty());
        // The number may go to the claim of another vault.
        w.burn();
        w.claim->vault = bridge::test::outpointOf("another vault");
        w.vaultIs(l2::VaultStatus::Live);
        QVERIFY(w.book.items().empty());
    }
    void whatIsNotVerifiedIsNotShown()
    {
        World w;
        w.verdict = l2::Unverified{"l1-behind"};
        w.burn();
        QVERIFY(w.book.items().empty());
        w.verdict = l2::Invalid{"bad-proof", "node"};
        w.vaultIs(l2::VaultStatus::Claimed);
        QVERIFY(w.book.items().empty());
    }
    void aClaimLearntLateShowsWhatWasMinedBefore()
    {
        World w;
        w.mine({w.graph.deposit().confirm()});
        w.mine({w.own.kickoff()});
        w.mine({}, 10);
        w.mine({w.own.take()});
        w.burn();
        QCOMPARE(w.step("claim.kickoff").state, StepState::Done);
        QCOMPARE(w.step("claim.taken").state, StepState::Done);
    }
    void aVetoIsSeenOnceItsScriptIsFollowed()
    {
        World w;
        w.mine({w.own.kickoff()}); // 101
        const bitcoin::Transaction veto = must(bridge::makeVeto(w.own, 1, w.network.vaultKeys[1]));
        w.mine(); // 102 held the veto, but nobody knew its script
        w.burn();
        const auto scripts = w.book.takeNewScripts();
        QVERIFY(w.book.takeNewScripts().empty());
        std::vector<base::Bytes> only;
        for (const auto& [script, from] : scripts) {
            QCOMPARE(from.value, 90U);
            only.push_back(script);
        }
        QVERIFY(std::count(only.begin(), only.end(), w.own.connectorScripts().scriptPubKey()) == 1);
        QVERIFY(std::count(only.begin(), only.end(), w.own.fundingOutput().scriptPubKey) == 1);
        w.block(102, {veto}, true);
        QCOMPARE(w.step("claim.window").state, StepState::Failed);
        QCOMPARE(w.step("claim.window").note, std::string("vetoed"));
        QCOMPARE(w.step("claim.window").txid, veto.txid().displayHex());
        QVERIFY(w.item().failed && !w.item().finished);
        w.claim->status = l2::ClaimStatus::Void;
        w.vaultIs(l2::VaultStatus::Live); // free for the next claim; this one is told to its end
        QVERIFY(w.item().failed && w.item().finished);
    }
    void fundingSpentElsewhereIsTheEndOfIt()
    {
        World w;
        w.burn();
        w.mine({spendOf(w.own.offer().funding)});
        QCOMPARE(w.step("claim.kickoff").note, std::string("funding-spent"));
        QVERIFY(w.item().failed);
    }
};

QTEST_GUILESS_MAIN(TestClaimBook)
#include "tst_claim_book.moc"
