// SPDX-License-Identifier: MIT
// core/seal: which history Bitcoin's chain of seals says counts, forwards and through reorganisations.
#include "tests/unit/seal/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::seal;
using namespace bowline::seal::test;

namespace {

/// A follower of the seals with a history of its own, above a chain that the test grows.
struct Scene {
    HashChain chain{100};
    SealFollower follower{makeTerms()};
    std::map<BatchNumber, l2::BatchHeader> history = makeHistory(20, 50);
    SealedHistory sealed;

    /// A block with these transactions; each later one of the same block spends what the one before it made.
    void block(const std::vector<bitcoin::Transaction>& transactions = {}, std::uint8_t branch = 0)
    {
        const std::uint32_t height = chain.tip().value + 1;
        chain.grow(height, branch);
        follower.blockConnected({height}, blockHash(height, branch), transactions);
    }
    void seal(std::uint64_t batch) { block({anchorOf(follower, history.at({batch}))}); }
    /// Down to `tip`, as the blocks are undone one by one.
    void back(std::uint32_t tip)
    {
        for (std::uint32_t height = chain.tip().value; height > tip; --height)
            follower.blockDisconnected({height});
        chain.cut(tip);
    }
    SealVerdict verdict(std::uint64_t batch)
    {
        sealed.update(follower.links(), chain, headersOf(history));
        return sealed.verdictOf({batch}, chain);
    }
    SealState state(std::uint64_t batch) { return verdict(batch).state; }
};

} // namespace

class TestSealHistory : public QObject {
    Q_OBJECT
private slots:
    void anAnchorSealsItsBatchAndAllBefore();
    void severalAnchorsFitInOneBlock();
    void confirmationsGrowWithTheChain();
    void anotherHistoryIsAConflict();
    void theFirstAnchorOfABatchCounts();
    void anAnchorOfWhatIsNotKnownYetSealsNothing();
    void aReorganisationUndoesAnchors();
    void aVoidAnchorSealsNothing();
    void aLieAboutTheBlockIsAConflict();
    void aBlockThatIsNotOnTheOwnChainCountsForNothing();
    void theChainEndsAtAForeignSpend();
    void aMovedSealSealsNothing();
    void aRollbackOfTheHistoryUnseals();
    void whatDoesNotSpendTheSealIsNothing();
};

void TestSealHistory::anAnchorSealsItsBatchAndAllBefore()
{
    Scene scene;
    QVERIFY(scene.state(0) == SealState::Sequenced);
    scene.seal(3); // in block 101
    scene.block();
    scene.seal(7); // in block 103
    for (const std::uint64_t n : {0U, 1U, 3U}) QCOMPARE(scene.verdict(n).height, Height{101});
    for (const std::uint64_t n : {4U, 7U}) QCOMPARE(scene.verdict(n).height, Height{103});
    QVERIFY(scene.state(7) == SealState::Sealed);
    QVERIFY(scene.state(8) == SealState::Sequenced);
    QCOMPARE(scene.sealed.sealedTo(), std::optional(BatchNumber{7}));
    QCOMPARE(scene.verdict(5).anchor, scene.follower.links().back().txid);
}

void TestSealHistory::severalAnchorsFitInOneBlock()
{
    Scene scene;
    SealFollower ahead = scene.follower;
    const auto first = anchorOf(ahead, scene.history.at({2}));
    ahead.blockConnected({101}, {}, {&first, 1});
    const auto second = anchorOf(ahead, scene.history.at({5}));
    scene.block({first, second});
    QCOMPARE(scene.follower.links().size(), std::size_t{2});
    QVERIFY(scene.state(5) == SealState::Sealed);
}

void TestSealHistory::confirmationsGrowWithTheChain()
{
    Scene scene;
    scene.seal(3);
    QCOMPARE(scene.verdict(3).confirmations, 1U);
    QVERIFY(!scene.verdict(3).isSealedDeep(1));
    scene.block();
    QCOMPARE(scene.verdict(3).confirmations, 2U);
    QVERIFY(scene.verdict(3).isSealedDeep(1));
    QVERIFY(!scene.verdict(3).isSealedDeep(2));
}

void TestSealHistory::anotherHistoryIsAConflict()
{
    Scene scene;
    const auto lie = makeHistory(20, 50, 1);
    scene.seal(3);
    scene.block({anchorOf(scene.follower, lie.at({6}))});
    scene.seal(9); // too late: the lie counts
    QVERIFY(scene.state(3) == SealState::Sealed);
    QVERIFY(scene.state(4) == SealState::Conflict);
    QVERIFY(scene.state(9) == SealState::Conflict);
    QVERIFY(scene.sealed.hasConflict());
    QCOMPARE(scene.verdict(9).height, Height{102});
    // For whoever holds the other history, the first anchor is the conflict.
    scene.history = lie;
    QVERIFY(scene.state(6) == SealState::Conflict);
    QCOMPARE(scene.verdict(6).height, Height{101});
}

void TestSealHistory::theFirstAnchorOfABatchCounts()
{
    Scene scene;
    scene.seal(6);
    scene.block({anchorOf(scene.follower, makeHistory(20, 50, 1).at({6}))});
    scene.block({anchorOf(scene.follower, makeHistory(20, 50, 1).at({4}))});
    scene.seal(8);
    QVERIFY(scene.state(8) == SealState::Sealed);
    QVERIFY(!scene.sealed.hasConflict());
    QCOMPARE(scene.verdict(6).height, Height{101});
}

void TestSealHistory::anAnchorOfWhatIsNotKnownYetSealsNothing()
{
    Scene scene;
    const auto whole = scene.history;
    scene.seal(9);
    scene.history = makeHistory(5, 50); // behind
    QVERIFY(scene.state(5) == SealState::Sequenced);
    scene.history = whole;
    QVERIFY(scene.state(5) == SealState::Sealed);
}

void TestSealHistory::aReorganisationUndoesAnchors()
{
    Scene scene;
    scene.seal(3);
    const auto anchor = anchorOf(scene.follower, scene.history.at({7}));
    scene.block({anchor});
    scene.block();
    QVERIFY(scene.state(7) == SealState::Sealed);
    const Seal spent{{scene.follower.links().front().txid, 0}, scene.follower.links().front().value};
    scene.back(101);
    QCOMPARE(scene.follower.open(), std::optional(spent));
    scene.block({}, 1);
    QVERIFY(scene.state(7) == SealState::Sequenced);
    QVERIFY(scene.state(3) == SealState::Sealed);
    scene.block({anchor}, 1); // the same one, a block later
    QVERIFY(scene.state(7) == SealState::Sealed);
    QCOMPARE(scene.verdict(7).height, Height{103});
    // A block at a height that was known already undoes it and all above, also without a word of those before.
    QVERIFY(scene.follower.blockConnected({102}, blockHash(102, 2), {}));
    QCOMPARE(scene.follower.open(), std::optional(spent));
    scene.back(100);
    QVERIFY(scene.state(0) == SealState::Sequenced);
    QCOMPARE(scene.follower.open(), std::optional(scene.follower.terms().first()));
}

/// The reorganisation takes away the block that a batch rests on, and the anchor is mined again all the same.
void TestSealHistory::aVoidAnchorSealsNothing()
{
    Scene scene;
    scene.history = makeHistory(20, 90); // batch 10 rests on block 100
    scene.seal(3);
    const auto anchor = anchorOf(scene.follower, scene.history.at({10}));
    scene.block({anchor});
    QVERIFY(scene.state(10) == SealState::Sealed);
    scene.back(99);
    scene.follower.blockDisconnected({101});
    for (int i = 0; i < 3; ++i) scene.block({}, 1);
    QVERIFY(scene.follower.links().empty());
    // A history that goes on otherwise from batch 10 on.
    for (std::uint64_t n = 10; n <= 20; ++n) {
        l2::BatchHeader& header = scene.history.at({n});
        header.time = 1;
        header.l1Height = {99};
        header.l1Hash = blockHash(99);
        header.parent = scene.history.at({n - 1}).hash();
    }
    scene.block({anchorOf(scene.follower, scene.history.at({3}))}, 1);
    scene.block({anchor}, 1);
    QCOMPARE(scene.follower.links().size(), std::size_t{2});
    QVERIFY(scene.state(10) == SealState::Sequenced);
    QVERIFY(!scene.sealed.hasConflict());
    scene.block({anchorOf(scene.follower, scene.history.at({12}))}, 1);
    QVERIFY(scene.state(12) == SealState::Sealed);
}

void TestSealHistory::aLieAboutTheBlockIsAConflict()
{
    Scene scene;
    const l2::BatchHeader& header = scene.history.at({5});
    Commitment said = *Commitment::of(header);
    said.l1Height = {60};
    said.l1Hash = blockHash(60);
    scene.block({*scene.follower.terms().makeAnchor(*scene.follower.open(), said, Amount::fromSat(400),
                                                    sequencerKey())});
    QVERIFY(scene.state(5) == SealState::Conflict);
    // The anchor's own block cannot be what the batch rests on, nor one that comes later.
    said = *Commitment::of(header);
    said.l1Height = {102};
    said.l1Hash = blockHash(102);
    Scene other;
    other.block({*other.follower.terms().makeAnchor(*other.follower.open(), said, Amount::fromSat(400),
                                                    sequencerKey())});
    other.block();
    QVERIFY(other.state(5) == SealState::Sequenced);
}

void TestSealHistory::aBlockThatIsNotOnTheOwnChainCountsForNothing()
{
    Scene scene;
    scene.seal(3);
    scene.seal(5);
    QVERIFY(scene.state(5) == SealState::Sealed);
    scene.chain.cut(101); // the header chain knows before the blocks' events come
    scene.chain.grow(103, 1);
    QVERIFY(scene.state(3) == SealState::Sealed);
    QVERIFY(scene.state(5) == SealState::Sequenced);
}

void TestSealHistory::theChainEndsAtAForeignSpend()
{
    Scene scene;
    scene.seal(3);
    bitcoin::Transaction foreign = anchorOf(scene.follower, scene.history.at({5}));
    std::swap(foreign.outputs[0], foreign.outputs[1]);
    scene.block({foreign});
    QVERIFY(!scene.follower.open());
    QVERIFY(scene.follower.links().back().kind == SpendKind::Foreign);
    QVERIFY(scene.state(3) == SealState::Sealed);
    QVERIFY(scene.state(5) == SealState::Sequenced);
    // Nothing is taken for a spend of it any more.
    bitcoin::Transaction after = foreign;
    after.inputs[0].prevout = {foreign.txid(), 0};
    scene.block({after});
    QCOMPARE(scene.follower.links().size(), std::size_t{2});
    scene.back(101);
    QVERIFY(scene.follower.open());
}

void TestSealHistory::aMovedSealSealsNothing()
{
    Scene scene;
    scene.seal(3);
    bitcoin::Transaction moved = anchorOf(scene.follower, scene.history.at({5}));
    moved.outputs.pop_back();
    scene.block({moved});
    QVERIFY(scene.follower.links().back().kind == SpendKind::Move);
    QCOMPARE(scene.follower.open()->outpoint.txid, moved.txid());
    QCOMPARE(scene.follower.open()->value, moved.outputs[0].value);
    QVERIFY(scene.state(5) == SealState::Sequenced);
    scene.seal(8);
    QVERIFY(scene.state(8) == SealState::Sealed);
}

void TestSealHistory::aRollbackOfTheHistoryUnseals()
{
    Scene scene;
    scene.seal(3);
    scene.seal(8);
    QVERIFY(scene.state(8) == SealState::Sealed);
    const auto other = makeHistory(20, 50, 1);
    for (std::uint64_t n = 5; n <= 20; ++n) scene.history.at({n}) = other.at({n});
    QVERIFY(scene.state(3) == SealState::Sealed);
    QVERIFY(scene.state(8) == SealState::Conflict);
}

void TestSealHistory::whatDoesNotSpendTheSealIsNothing()
{
    Scene scene;
    bitcoin::Transaction stranger = anchorOf(scene.follower, scene.history.at({5}));
    stranger.inputs[0].prevout.index = 0; // pays to the seal's script, says all the right words
    scene.block({stranger});
    QVERIFY(scene.follower.links().empty());
}

QTEST_GUILESS_MAIN(TestSealHistory)
#include "tst_seal_history.moc"
