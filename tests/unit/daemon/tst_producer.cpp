// SPDX-License-Identifier: MIT
// The sequencer's batches: what goes in, what is refused and why, what a restart and a reorg leave, and that no
// second batch of one height is ever signed while the first one stands.
#include "app/daemon/sequencer/producer.h"
#include "tests/unit/daemon/fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using daemon::TxState;

namespace {

/// A sequencer's node and producer above a chain in memory; `layer` serves for keys and making transactions.
struct Works {
    explicit Works(std::uint32_t depth = 1) : layer(depth), node(layer.params, layer.chain) { restart(); }

    void restart()
    {
        producer.reset();
        node.reopen();
        producer = std::make_unique<daemon::Producer>(*node.node, node.view, layer.sequencer, clock);
        if (!producer->restore().ok()) std::abort();
    }
    std::string submit(const Transaction& tx)
    {
        const auto result = producer->submit(tx.encode());
        return result.ok() ? "" : std::string(result.error().code.name()) + ' ' + result.error().detail;
    }
    /// Steps until there is nothing to do.
    unsigned run()
    {
        unsigned made = 0;
        while (must(producer->step())) ++made;
        return made;
    }
    Transaction pay(const crypto::PrivateKey& from, std::uint64_t nonce, const crypto::PrivateKey& to, std::int64_t sat,
                    std::int64_t fee = 100) const
    {
        Transaction tx;
        tx.nonce = nonce;
        tx.fee = Amount::fromSat(fee);
        tx.payload = Transfer{to.xOnlyPublicKey(), Amount::fromSat(sat)};
        return layer.sign(tx, from);
    }
    /// Gives the recipient 0.1 BTC.
    TestVault fund(const crypto::PrivateKey& recipient)
    {
        TestVault vault = layer.makeVault(recipient, Amount::fromSat(10'000'000));
        run();
        if (!submit(vault.mint).empty()) std::abort();
        run();
        return vault;
    }
    std::int64_t balance(const crypto::PrivateKey& key) const
    {
        return must(node.node->account(key.xOnlyPublicKey())).btc.sat();
    }
    daemon::TxVerdict verdict(const Transaction& tx) { return must(producer->verdictOf(tx.hash())); }
    std::uint64_t head() const { return node.node->head().header.height.value; }

    Layer layer;
    TestNode node;
    base::ManualClock clock{1'700'000'100};
    std::unique_ptr<daemon::Producer> producer;
};

} // namespace

class TestProducer : public QObject {
    Q_OBJECT

private slots:
    void makesNoBatchWithoutReason()
    {
        Works works;
        QCOMPARE(works.run(), 0U);
        works.layer.chain.mine();
        QCOMPARE(works.run(), 1U);
        QCOMPARE(works.run(), 0U);
    }

    void signsWhatAFollowerAccepts()
    {
        Works works;
        works.fund(works.layer.alice);
        QCOMPARE(works.submit(works.pay(works.layer.alice, 0, works.layer.bob, 5'000)), std::string());
        works.run();
        TestNode follower(works.layer.params, works.layer.chain);
        for (std::uint64_t n = 1; n <= works.head(); ++n) {
            QVERIFY(follower.node->applyBatch(must(works.node.node->store().batch({n}))).ok());
        }
        QVERIFY(follower.node->head() == works.node.node->head());
    }

    void theClockIsTheBatchsTimeUnlessItStandsStill()
    {
        Works works;
        works.clock.set(1'800'000'000);
        works.layer.chain.mine();
        works.run();
        QCOMPARE(works.node.node->head().header.time, std::uint64_t{1'800'000'000});
        works.clock.set(1'500'000'000);
        works.layer.chain.mine();
        works.run();
        QCOMPARE(works.node.node->head().header.time, std::uint64_t{1'800'000'001});
    }

    void whatWaitsIsCoveredByTheBalanceAllTogether()
    {
        Works works;
        const auto& alice = works.layer.alice;
        const auto& bob = works.layer.bob;
        works.fund(alice); // 10,000,000
        const std::string low = "sequencer.tx-rejected balance-low";
        // Without money no later nonce holds a place either, whatever fee it promises.
        QCOMPARE(works.submit(works.pay(bob, 1, alice, 1, 5'000'000)), low);
        QCOMPARE(works.submit(works.pay(alice, 2, bob, 6'000'000)), std::string());
        QCOMPARE(works.submit(works.pay(alice, 1, bob, 3'999'801)), low);
        QCOMPARE(works.submit(works.pay(alice, 1, bob, 3'999'800)), std::string());
        // All of it is spoken for: the next one may neither spend it before, nor go behind.
        QCOMPARE(works.submit(works.pay(alice, 0, bob, 9'000'000)), low);
        QCOMPARE(works.submit(works.pay(alice, 3, bob, 1)), low);
        // A replacement does not count beside what it replaces.
        QCOMPARE(works.submit(works.pay(alice, 2, bob, 5'000'000, 200)), std::string());
        QCOMPARE(works.submit(works.pay(alice, 0, bob, 900'000)), std::string());
        works.run();
        QCOMPARE(works.balance(bob), std::int64_t{9'899'800});
        // After a restart the count is the same.
        QCOMPARE(works.submit(works.pay(bob, 1, alice, 9'000'000)), std::string());
        works.restart();
        QCOMPARE(works.submit(works.pay(bob, 2, alice, 1'000'000)), low);
    }

    void refusesAtTheDoorWithTheReason()
    {
        Works works;
        const auto& alice = works.layer.alice;
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1)), std::string("sequencer.tx-rejected balance-low"));
        works.fund(alice);
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1, 99)), std::string("sequencer.tx-rejected fee-low"));
        QCOMPARE(works.submit(works.pay(alice, 65, works.layer.bob, 1)), std::string("sequencer.nonce-far "));
        Transaction forged = works.pay(alice, 0, works.layer.bob, 1);
        forged.fee = Amount::fromSat(101);
        QCOMPARE(works.submit(forged), std::string("sequencer.tx-rejected bad-signature"));
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1)), std::string());
        works.run();
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 2)), std::string("sequencer.tx-rejected nonce-low"));
    }

    void oneThatBecomesInvalidWhileWaitingIsDroppedAndItsReasonKept()
    {
        Works works;
        const auto& alice = works.layer.alice;
        works.fund(alice);
        const auto at = [&](std::uint64_t nonce, Payload payload) {
            Transaction tx = works.layer.make(alice, std::move(payload));
            tx.nonce = nonce;
            return works.layer.sign(tx, alice);
        };
        const Amount asked = Amount::fromSat(50'000);
        const Transaction request =
            at(0, WithdrawRequest{asked, {}, bitcoin::payToTaproot(alice.xOnlyPublicKey())});
        const std::uint64_t id = withdrawalNumber(request.hash());
        const Transaction cancel = at(1, WithdrawReclaim{id});
        const Transaction again = at(2, WithdrawReclaim{id});
        const Transaction after = works.pay(alice, 3, works.layer.bob, 1'000);
        for (const auto& tx : {request, cancel, again, after}) QCOMPARE(works.submit(tx), std::string());
        works.run();
        QCOMPARE(works.balance(alice), 10'000'000 - 200);
        QVERIFY(works.verdict(again).state == TxState::Rejected);
        QCOMPARE(works.verdict(again).reason, std::string("withdrawal-closed"));
        QVERIFY(works.verdict(after).state == TxState::Pending); // the nonce before it may still come
        QCOMPARE(works.submit(works.pay(alice, 2, works.layer.bob, 2'000)), std::string());
        works.run();
        QCOMPARE(works.balance(works.layer.bob), 3'000);
        works.restart();
        QCOMPARE(works.verdict(again).reason, std::string("withdrawal-closed"));
    }

    void whatWasAcceptedSurvivesARestart()
    {
        Works works;
        works.fund(works.layer.alice);
        const Transaction first = works.pay(works.layer.alice, 0, works.layer.bob, 1'000);
        const Transaction second = works.pay(works.layer.alice, 1, works.layer.bob, 2'000);
        QCOMPARE(works.submit(second), std::string());
        QCOMPARE(works.submit(first), std::string());
        works.restart();
        QCOMPARE(works.producer->waiting(), std::size_t{2});
        works.run();
        QCOMPARE(works.balance(works.layer.bob), 3'000);
        works.restart();
        QCOMPARE(works.producer->waiting(), std::size_t{0});
    }

    void aReorgWithinTheDepthReplacesTheRing()
    {
        Works works(2);
        works.layer.chain.mineMany(4);
        works.run();
        const SignedHeader before = works.node.node->head();
        works.layer.chain.cut({works.layer.chain.tip().value - 2});
        QCOMPARE(works.run(), 0U); // the shorter chain alone is no reason
        works.layer.chain.mineMany(3, 9);
        QCOMPARE(works.run(), 1U);
        QVERIFY(must(works.node.node->store().header(before.header.height)) == before);
        QVERIFY(must(works.node.node->l1View()).tipHash == works.layer.chain.hashAt(works.layer.chain.tip()));
    }

    void aDeeperReorgReplaysInOrderAndDropsWhatFell()
    {
        Works works;
        const auto& [alice, bob] = std::pair<const crypto::PrivateKey&, const crypto::PrivateKey&>(works.layer.alice,
                                                                                                    works.layer.bob);
        works.fund(alice);
        works.layer.chain.mine();
        works.run();
        const Height stands = works.layer.chain.tip();
        const std::uint64_t keptHead = works.head();
        const TestVault late = works.fund(bob);
        // Bob's first payment lives on Alice's; by fee alone the order would be another.
        const Transaction fromAlice = works.pay(alice, 0, bob, 600'000, 100);
        QCOMPARE(works.submit(fromAlice), std::string());
        works.run();
        const Transaction fromBob = works.pay(bob, 0, works.layer.operators[0], 500'000, 5'000);
        QCOMPARE(works.submit(fromBob), std::string());
        works.run();
        const int gone = static_cast<int>(works.layer.chain.tip().value - stands.value);
        works.layer.chain.cut(stands);
        works.layer.chain.mineMany(static_cast<unsigned>(gone) + 1, 77);
        works.run();
        QVERIFY(works.verdict(late.mint).state == TxState::Rejected);
        QVERIFY(must(works.node.node->store().find(fromAlice.hash())).has_value());
        QVERIFY(must(works.node.node->store().find(fromBob.hash())).has_value());
        QCOMPARE(works.balance(bob), 600'000 - 500'000 - 5'000);
        QVERIFY(works.head() > keptHead);
        QCOMPARE(works.producer->waiting(), std::size_t{0});
    }

    void killedBetweenUndoingAndReplayingItReplaysAfterwards()
    {
        Works works;
        works.fund(works.layer.alice);
        works.layer.chain.mine();
        works.run();
        const Height stands = works.layer.chain.tip();
        works.layer.chain.mineMany(3);
        works.run();
        const Transaction payment = works.pay(works.layer.alice, 0, works.layer.bob, 1'000);
        QCOMPARE(works.submit(payment), std::string());
        works.run();
        works.layer.chain.cut(stands);
        works.layer.chain.mineMany(4, 5);
        // What undoWhatLeft() does, and then nothing more: the process is gone.
        const BatchNumber standing = must(works.node.node->lastStanding());
        QVERIFY(standing < works.node.node->head().header.height);
        std::vector<Bytes> replays{payment.encode()};
        QVERIFY(works.node.node->rollbackTo(standing, [&](store::Database& db) { return daemon::addReplays(db, replays); }).ok());
        works.restart();
        QVERIFY(works.verdict(payment).state == TxState::Pending);
        works.run();
        QCOMPARE(works.balance(works.layer.bob), 1'000);
    }

    void neverSignsASecondBatchWhileTheFirstStands()
    {
        Works works;
        works.fund(works.layer.alice);
        const std::uint64_t head = works.head();
        // Somebody undid a batch by hand, or put an old copy of the batches back: the record of what was signed
        // is still there.
        QVERIFY(works.node.node->rollbackTo({head - 1}).ok());
        works.restart();
        works.layer.chain.mine();
        const auto made = works.producer->step();
        QVERIFY(!made.ok());
        QCOMPARE(std::string(made.error().code.name()), std::string("sequencer.would-sign-twice"));
        QCOMPARE(works.head(), head - 1);
    }
};

QTEST_GUILESS_MAIN(TestProducer)
#include "tst_producer.moc"
