// SPDX-License-Identifier: MIT
// The sequencer's batches: what goes in, what is refused and why, what a restart and a reorg leave, and that no
// second batch of one height is ever signed while the first one stands.
#include "app/daemon/sequencer/producer.h"
#include "core/seal/anchor.h"
#include "tests/unit/daemon/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;
using daemon::TxState;

namespace {

/// A sequencer's node and producer above a chain in memory; `layer` serves for keys and making transactions.
struct Works {
    explicit Works(std::uint32_t depth = 1, daemon::PoolLimits poolLimits = {})
        : layer(depth), node(layer.params, layer.chain), limits(poolLimits)
    {
        restart();
    }

    void restart()
    {
        producer.reset();
        node.reopen();
        producer = std::make_unique<daemon::Producer>(*node.node, node.view, layer.sequencer, clock, limits);
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
    Transaction pay(const crypto::PrivateKey& from, std::uint64_t nonce, const crypto::PrivateKey& to,
                    std::int64_t sat, std::int64_t fee = 100) const
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
    /// The head is sealed on the chain; the transaction that shows the program.
    Transaction seal()
    {
        const auto terms = must(seal::SealTerms::create(
            layer.params, {layer.params.firstSeal, Amount::fromSat(1'000'000), kSealRecovery}));
        const auto anchor =
            must(terms.makeAnchor(terms.first(), must(seal::Commitment::of(node.node->head().header)),
                                  Amount::fromSat(400), layer.sequencer));
        const Height height = layer.chain.mine({anchor});
        layer.chain.mineMany(layer.params.depth);
        Transaction shown;
        shown.payload = SealProof{layer.chain.prove(height, 1)};
        return shown;
    }
    std::int64_t balance(const crypto::PrivateKey& key) const
    {
        return must(node.node->account(key.xOnlyPublicKey())).btc.sat();
    }
    daemon::TxVerdict verdict(const Transaction& tx) { return must(producer->verdictOf(tx.hash())); }
    std::uint64_t head() const { return node.node->head().header.height.value; }
    bool isIncluded(const Transaction& tx) { return must(node.node->store().find(tx.hash())).has_value(); }
    /// A follower that knows nothing agrees with every batch.
    bool isFollowed() const
    {
        TestNode follower(layer.params, layer.chain);
        for (std::uint64_t n = 1; n <= head(); ++n) {
            if (!follower.node->applyBatch(must(node.node->store().batch({n}))).ok()) return false;
        }
        return follower.node->head() == node.node->head();
    }

    Layer layer;
    TestNode node;
    daemon::PoolLimits limits;
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

    // --most-unproven: what left Bitcoin's chain is undone all the same.
    void aPausedOneUndoesAndMakesNothing()
    {
        Works works;
        works.layer.chain.mine();
        works.run();
        const std::uint64_t head = works.head();
        works.layer.chain.mine();
        QVERIFY(!must(works.producer->step(false)));
        QCOMPARE(works.head(), head);
        works.run();
        QCOMPARE(works.head(), head + 1);
        // The block that the last batch had confirmed is gone.
        const Height confirmed = works.node.node->head().header.l1Height;
        const std::uint32_t gone = works.layer.chain.tip().value - confirmed.value + 1;
        works.layer.chain.cut(Height{confirmed.value - 1});
        works.layer.chain.mineMany(gone + 1, 77);
        QVERIFY(!must(works.producer->step(false)));
        QCOMPARE(works.head(), head);
        QVERIFY(works.run() > 0);
    }

    // --gather-blocks
    void blocksAloneAreGathered()
    {
        Works works;
        works.producer->gatherBlocksFor(std::chrono::seconds(20));
        const base::UnixTime began = works.clock.now();
        works.layer.chain.mine();
        QCOMPARE(works.run(), 0U);
        works.layer.chain.mine();
        works.clock.set(began + 19);
        QCOMPARE(works.run(), 0U);
        works.clock.set(began + 20);
        QVERIFY(must(works.producer->step()));
        QCOMPARE(must(works.node.node->store().batch({1})).body.l1.headers.size(), std::size_t{2});
        // For the next ones it begins anew, and a clock that is set back makes it no longer.
        works.layer.chain.mine();
        QCOMPARE(works.run(), 0U);
        works.clock.set(began - 1'000);
        QCOMPARE(works.run(), 0U);
        works.clock.set(began - 980);
        QCOMPARE(works.run(), 1U);
    }

    void whatSomebodySentTakesTheBlocksAlongAtOnce()
    {
        Works works;
        works.fund(works.layer.alice);
        works.producer->gatherBlocksFor(std::chrono::seconds(20));
        works.layer.chain.mine();
        QCOMPARE(works.run(), 0U);
        QCOMPARE(works.submit(works.pay(works.layer.alice, 0, works.layer.bob, 5'000)), std::string());
        QCOMPARE(works.run(), 1U);
        const l2::SignedBatch batch = must(works.node.node->store().batch({works.head()}));
        QCOMPARE(batch.body.l1.headers.size(), std::size_t{1});
        QCOMPARE(batch.body.transactions.size(), std::size_t{1});
    }

    // The sequencer shows the program its seals: that is nothing that somebody waits for.
    void aSealIsGatheredWithTheBlocks()
    {
        Works works;
        works.fund(works.layer.alice);
        const Transaction shown = works.seal();
        works.run();
        works.producer->gatherBlocksFor(std::chrono::seconds(20));
        QCOMPARE(works.submit(shown), std::string());
        QCOMPARE(works.run(), 0U);
        works.clock.set(works.clock.now() + 20);
        QCOMPARE(works.run(), 1U);
        QVERIFY(works.isIncluded(shown));
    }

    void signsWhatAFollowerAccepts()
    {
        Works works;
        works.fund(works.layer.alice);
        QCOMPARE(works.submit(works.pay(works.layer.alice, 0, works.layer.bob, 5'000)), std::string());
        works.run();
        QVERIFY(works.isFollowed());
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

    void promisesOfLaterNoncesDoNotKeepOutWhoPaysNow()
    {
        Works works(1, {4, 1'000'000, 64, 1'000});
        const auto& alice = works.layer.alice;
        const auto& bob = works.layer.bob;
        works.fund(alice);
        works.fund(bob);
        // The nonce before them never comes, so nobody ever pays these fees.
        for (std::uint64_t nonce = 1; nonce <= 4; ++nonce) {
            QCOMPARE(works.submit(works.pay(alice, nonce, bob, 1, 50'000)), std::string());
        }
        const Transaction honest = works.pay(bob, 0, alice, 1'000);
        QCOMPARE(works.submit(honest), std::string());
        QVERIFY(works.verdict(honest).state == TxState::Pending);
        QCOMPARE(works.submit(works.pay(alice, 4, bob, 1, 50'000)), std::string("sequencer.pool-full "));
        works.restart();
        works.run();
        QVERIFY(works.isIncluded(honest));
    }

    void whatSpeaksOfNothingThatIsThereHoldsNoPlace()
    {
        Works works;
        const auto& alice = works.layer.alice;
        works.fund(alice);
        const auto later = [&](Payload payload) {
            Transaction tx = works.layer.make(alice, std::move(payload));
            tx.nonce = 7;
            return works.layer.sign(tx, alice);
        };
        QCOMPARE(works.submit(later(WithdrawAccept{42})),
                 std::string("sequencer.tx-rejected withdrawal-unknown"));
        ClaimVault claim;
        claim.vault.txid.bytes.fill(9);
        claim.graphLeaves = {digestOf(1)};
        claim.payout = bitcoin::payToTaproot(alice.xOnlyPublicKey());
        QCOMPARE(works.submit(later(claim)), std::string("sequencer.tx-rejected claim-vault-not-live"));
    }

    void whatWaitsForANonceThatNeverComesIsDroppedAfterAWhile()
    {
        Works works(1, {100, 1'000'000, 64, 3});
        works.fund(works.layer.alice);
        const Transaction gapped = works.pay(works.layer.alice, 1, works.layer.bob, 1);
        QCOMPARE(works.submit(gapped), std::string());
        for (int i = 0; i < 3; ++i) {
            works.layer.chain.mine();
            works.run();
            works.restart();
        }
        QVERIFY(works.verdict(gapped).state == TxState::Pending);
        works.layer.chain.mine();
        works.run();
        QCOMPARE(works.verdict(gapped).reason, std::string("expired"));
        works.restart();
        QCOMPARE(works.producer->waiting(), std::size_t{0});
    }

    void refusesAtTheDoorWithTheReason()
    {
        Works works;
        const auto& alice = works.layer.alice;
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1)),
                 std::string("sequencer.tx-rejected balance-low"));
        works.fund(alice);
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1, 99)),
                 std::string("sequencer.tx-rejected fee-low"));
        QCOMPARE(works.submit(works.pay(alice, 65, works.layer.bob, 1)), std::string("sequencer.nonce-far "));
        Transaction forged = works.pay(alice, 0, works.layer.bob, 1);
        forged.fee = Amount::fromSat(101);
        QCOMPARE(works.submit(forged), std::string("sequencer.tx-rejected bad-signature"));
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 1)), std::string());
        works.run();
        QCOMPARE(works.submit(works.pay(alice, 0, works.layer.bob, 2)),
                 std::string("sequencer.tx-rejected nonce-low"));
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
        const auto& [alice, bob] = std::pair<const crypto::PrivateKey&, const crypto::PrivateKey&>(
            works.layer.alice, works.layer.bob);
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
        // Bob's deposit may be mined again: what followed it waits, and then no longer.
        QVERIFY(works.verdict(late.mint).state == TxState::Pending);
        QVERIFY(works.verdict(fromAlice).state == TxState::Pending);
        works.layer.chain.mineMany(works.layer.params.reclaimMargin - 1, 77);
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
        QVERIFY(
            works.node.node
                ->rollbackTo(standing, [&](store::Database& db) { return daemon::addReplays(db, replays); })
                .ok());
        works.restart();
        QVERIFY(works.verdict(payment).state == TxState::Pending);
        works.run();
        QCOMPARE(works.balance(works.layer.bob), 1'000);
    }

    void aMintThatIsProvenAnewBringsThePaymentsThatLiveOnItBack()
    {
        Works works;
        const auto& alice = works.layer.alice;
        const auto& bob = works.layer.bob;
        works.fund(alice);
        works.layer.chain.mine();
        works.run();
        MinedChain& chain = works.layer.chain;
        const Height stands = chain.tip();
        const TestVault late = works.fund(bob);
        const Transaction fromBob = works.pay(bob, 0, works.layer.operators[0], 9'000'000);
        QCOMPARE(works.submit(fromBob), std::string());
        works.run();
        const auto gone = static_cast<unsigned>(chain.tip().value - stands.value);
        // The same vault in another block.
        Mint mint = std::get<Mint>(late.mint.payload);
        const auto confirm = must(bitcoin::parseTransactionWithoutWitness(mint.deposit.transaction));
        chain.cut(stands);
        chain.mine({}, 77);
        const Height again = chain.mine({confirm}, 77);
        chain.mineMany(gone, 77);
        works.run();
        QCOMPARE(works.balance(bob), 0);
        QVERIFY(works.verdict(fromBob).state == TxState::Pending);
        const Transaction later = works.pay(alice, 0, bob, 1'000, 50'000);
        QCOMPARE(works.submit(later), std::string());
        works.restart();
        works.run();
        QVERIFY(!works.isIncluded(later)); // what was there before goes first
        // A signer, or the depositor, proves the vault where it is now; nobody sends anything else.
        mint.deposit = chain.prove(again, 1);
        Transaction anew;
        anew.payload = mint;
        QCOMPARE(works.submit(anew), std::string());
        works.run();
        QVERIFY(works.isIncluded(anew));
        QVERIFY(works.isIncluded(fromBob));
        QVERIFY(works.isIncluded(later));
        QCOMPARE(works.verdict(late.mint).reason, std::string("proof-other-block"));
        QCOMPARE(works.balance(bob), 10'000'000 - 9'000'000 - 100 + 1'000);
        QCOMPARE(works.producer->waiting(), std::size_t{0});
        QVERIFY(works.isFollowed());
    }

    void whenBitcoinComesBackToItsFirstChainTheFirstBatchesAreThereAgain()
    {
        Works works;
        const auto& alice = works.layer.alice;
        const auto& bob = works.layer.bob;
        works.fund(alice);
        works.layer.chain.mine();
        works.run();
        MinedChain& chain = works.layer.chain;
        const Height stands = chain.tip();
        chain.mineMany(3);
        const Transaction both = works.pay(alice, 0, bob, 1'000);
        QCOMPARE(works.submit(both), std::string());
        QCOMPARE(works.run(), 1U);
        const SignedHeader first = works.node.node->head();
        const TestVault late = works.fund(bob); // on the first chain only
        const SignedHeader last = works.node.node->head();
        const MinedChain firstChain = chain;

        chain.cut(stands);
        chain.mineMany(static_cast<unsigned>(firstChain.tip().value - stands.value) + 6, 77);
        works.run();
        QVERIFY(must(works.node.node->store().header(first.header.height)) != first);
        QVERIFY(works.isIncluded(both));
        QVERIFY(works.verdict(late.mint).state == TxState::Pending);
        chain.mineMany(6, 77);
        works.run();
        QVERIFY(works.verdict(late.mint).state == TxState::Rejected);
        const Transaction second = works.pay(bob, 0, alice, 500); // on the second chain only
        QCOMPARE(works.submit(second), std::string());
        works.run();
        const Height other = chain.tip();

        chain = firstChain;
        chain.mineMany(other.value - chain.tip().value + 1);
        QVERIFY(works.run() >= 2U);
        QVERIFY(must(works.node.node->store().header(first.header.height)) == first);
        QVERIFY(must(works.node.node->store().header(last.header.height)) == last);
        QVERIFY(works.isIncluded(both) && works.isIncluded(late.mint) && works.isIncluded(second));
        QCOMPARE(works.balance(bob), 10'000'000 + 1'000 - 500 - 100);
        QCOMPARE(works.producer->waiting(), std::size_t{0});
        // And it goes on, also after a third change.
        chain.mine();
        QCOMPARE(works.run(), 1U);
        QVERIFY(works.isFollowed());
        chain.cut(stands);
        chain.mineMany(other.value - stands.value + 5, 78);
        works.run();
        chain.mineMany(6, 78);
        works.run();
        QVERIFY(works.isIncluded(both));
        QVERIFY(works.isFollowed());
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
