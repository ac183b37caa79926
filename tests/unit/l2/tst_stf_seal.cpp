// SPDX-License-Identifier: MIT
// The program follows the chain of seals (rule A2): which batch is sealed, in image, native program and a node's own view.
#include "core/crypto/hash.h"
#include "tests/unit/l2/seal_scene.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

class TestStfSeal : public QObject {
    Q_OBJECT
private slots:
    void anAnchorKDeepSealsItsBatch();
    void anybodyBringsIt();
    void anAnchorThatIsNotConfirmedSaysNothingYet();
    void aReorganisationTakesTheAnchorsPlace();
    void voidAndOldAnchorsSayNothing_data();
    void voidAndOldAnchorsSayNothing();
    void aSealMovesWithoutNamingABatch();
    void linksComeInTheirOrder();
    void aBatchToComeIsWaitedFor();
    void anotherHistoryEndsWhatIsSealed_data();
    void anotherHistoryEndsWhatIsSealed();
    void ofTwoHistoriesTheSealedOneCounts();
    void theChainOfSealsEnds_data();
    void theChainOfSealsEnds();
    void theCommitteeMovesASeal();
};

void TestStfSeal::anAnchorKDeepSealsItsBatch()
{
    for (const std::uint32_t depth : {1U, 3U}) {
        SealScene s(depth);
        s.layer.fund(s.layer.alice);
        const base::BatchNumber number = s.layer.head().height;
        const Execution done = s.sealHead();
        QCOMPARE(done.statement.sealedBatch, number.value);
        QCOMPARE(done.receipts[0].reference, number.value);
        QCOMPARE(s.layer.chainObject().sealedBatch, number);
        QVERIFY(s.layer.chainObject().seal == s.follower.open()->outpoint);
        QCOMPARE(s.difference(), std::string());
        // It grows with the next one, and stays in every batch's statement.
        QCOMPARE(s.layer.commit().statement.sealedBatch, number.value);
        const base::BatchNumber next = s.layer.head().height;
        QCOMPARE(s.sealHead().statement.sealedBatch, next.value);
        QCOMPARE(s.difference(), std::string());
    }
}

void TestStfSeal::anybodyBringsIt()
{
    SealScene s;
    s.layer.commit();
    const Height height = s.mine({s.anchor(SealScene::naming(s.layer.head()))});
    s.layer.confirm();
    Transaction good = s.proof(height);
    for (const int field : {0, 1, 2, 3}) {
        Transaction other = good;
        if (field == 0) other.sender = s.layer.alice.xOnlyPublicKey();
        if (field == 1) other.nonce = 1;
        if (field == 2) other.fee = Amount::fromSat(100);
        if (field == 3) other.signature[5] = 1;
        QCOMPARE(s.layer.refusal(other), std::string("seal-with-sender"));
    }
    s.layer.commit({good});
    QCOMPARE(s.layer.refusal(good), std::string("seal-not-spent")); // once
    QVERIFY(s.layer.conserved());
}

void TestStfSeal::anAnchorThatIsNotConfirmedSaysNothingYet()
{
    SealScene s(2);
    s.layer.commit();
    const Height height = s.mine({s.anchor(SealScene::naming(s.layer.head()))});
    s.layer.chain.mine();
    QCOMPARE(s.layer.refusal(s.proof(height)), std::string("proof-not-confirmed"));
    s.layer.chain.mine();
    QCOMPARE(s.layer.refusal(s.proof(height, 0)), std::string("seal-not-spent")); // the coinbase
    s.layer.commit({s.proof(height)});
    QCOMPARE(s.layer.chainObject().sealedBatch.value, 1ULL);
}

void TestStfSeal::aReorganisationTakesTheAnchorsPlace()
{
    SealScene s(2);
    s.layer.commit();
    const bitcoin::Transaction anchor = s.anchor(SealScene::naming(s.layer.head()));
    const Height first = s.mine({anchor});
    const Transaction stale = s.proof(first);
    s.layer.commit();
    s.layer.chain.cut({first.value - 1});
    (void)s.follower.blockDisconnected(first);
    s.layer.chain.mine({}, 5);
    const Height second = s.mine({anchor});
    s.layer.confirm();
    QCOMPARE(s.layer.refusal(stale), std::string("proof-other-block"));
    s.layer.commit({s.proof(second)});
    QCOMPARE(s.layer.chainObject().sealHeight.value, second.value);
    QCOMPARE(s.difference(), std::string());
}

void TestStfSeal::voidAndOldAnchorsSayNothing_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("its block is above the anchor") << 0;
    QTest::newRow("its block is the anchor's height") << 1;
    QTest::newRow("its block left") << 2;
    QTest::newRow("below the checkpoint") << 3;
    QTest::newRow("an earlier batch") << 4;
    QTest::newRow("another of the same number") << 5;
    QTest::newRow("another genesis") << 6;
}

void TestStfSeal::voidAndOldAnchorsSayNothing()
{
    QFETCH(const int, what);
    SealScene s;
    s.layer.commit();
    s.layer.chain.mineMany(3);
    s.layer.commit();
    s.sealHead();
    const std::uint64_t sealed = s.layer.chainObject().sealedBatch.value;
    s.layer.commit();
    seal::Commitment said = SealScene::naming(s.layer.head());
    if (what == 0) said.l1Height = s.layer.chain.tip() + 2;
    if (what == 1) said.l1Height = s.layer.chain.tip() + 1;
    if (what == 2) said.l1Hash.bytes[0] ^= 1;
    if (what == 3) said.l1Height = {MinedChain::kCheckpoint - 1};
    if (what >= 4) said.batch = {what == 4 ? 1 : what == 5 ? sealed : 0};
    if (what >= 5) said.hash.bytes[0] ^= 1;
    s.bring(s.anchor(said));
    QCOMPARE(s.layer.chainObject().sealedBatch.value, sealed);
    QVERIFY(s.layer.chainObject().seals == SealsStatus::Open);
    QCOMPARE(s.difference(), std::string());
    s.sealHead(); // and the chain goes on
    QVERIFY(s.layer.chainObject().sealedBatch.value > sealed);
    QCOMPARE(s.difference(), std::string());
}

void TestStfSeal::aSealMovesWithoutNamingABatch()
{
    SealScene s;
    s.layer.commit();
    using Change = std::function<void(bitcoin::Transaction&)>;
    const std::vector<Change> changes{
        [](auto& t) { t.outputs.pop_back(); },
        [](auto& t) { t.outputs[1].scriptPubKey[3] ^= 1; },
        [](auto& t) { t.outputs[1].scriptPubKey.push_back(0x61); },
        [](auto& t) { t.outputs[1].scriptPubKey.pop_back(); },
    };
    for (const Change& change : changes) {
        bitcoin::Transaction moved = s.anchor(SealScene::naming(s.layer.head()));
        change(moved);
        s.bring(moved);
        QVERIFY(s.layer.chainObject().seal == (OutPoint{moved.txid(), 0}));
        QCOMPARE(s.layer.chainObject().sealedBatch.value, 0ULL);
        QCOMPARE(s.difference(), std::string());
    }
    bitcoin::Transaction least = s.anchor(SealScene::naming(s.layer.head()));
    least.outputs[0].value = Amount::fromSat(330); // no dust
    s.bring(least);
    QVERIFY(s.layer.chainObject().sealedBatch.value > 0);
    QCOMPARE(s.difference(), std::string());
}

void TestStfSeal::linksComeInTheirOrder()
{
    SealScene s;
    s.layer.commit();
    const auto first = s.anchor(SealScene::naming(s.layer.head()));
    s.layer.commit();
    seal::SealFollower ahead = s.follower;
    (void)ahead.blockConnected(s.layer.chain.tip() + 1, {}, {&first, 1});
    const auto second = must(s.follower.terms().makeAnchor(*ahead.open(), SealScene::naming(s.layer.head()),
                                                           Amount::fromSat(400), s.layer.sequencer));
    const Height height = s.mine({first, second}); // in one block
    s.layer.confirm();
    QCOMPARE(s.layer.refusal(s.proof(height, 2)), std::string("seal-not-spent"));
    s.layer.commit({s.proof(height, 1), s.proof(height, 2)});
    QCOMPARE(s.layer.chainObject().sealedBatch.value, 2ULL);
    QCOMPARE(s.difference(), std::string());
}

void TestStfSeal::aBatchToComeIsWaitedFor()
{
    SealScene s;
    s.layer.commit();
    seal::Commitment said = SealScene::naming(s.layer.head());
    said.batch = {7};
    const Height height = s.mine({s.anchor(said)});
    s.layer.confirm();
    while (s.layer.head().height.value < 6) {
        QCOMPARE(s.layer.refusal(s.proof(height)), std::string("seal-batch-to-come"));
        s.layer.commit();
    }
    QCOMPARE(s.layer.refusal(s.proof(height)), std::string("seal-batch-to-come")); // it would be in batch 7
    s.layer.commit();
    s.layer.commit({s.proof(height)}); // and then it is another one
    QVERIFY(s.layer.chainObject().seals == SealsStatus::Other);
    QCOMPARE(s.difference(), std::string());
}

void TestStfSeal::anotherHistoryEndsWhatIsSealed_data()
{
    QTest::addColumn<bool>("otherBlock");
    QTest::newRow("another batch") << false;
    QTest::newRow("the same batch, said to rest on another block of the chain") << true;
}

void TestStfSeal::anotherHistoryEndsWhatIsSealed()
{
    QFETCH(const bool, otherBlock);
    SealScene s;
    s.layer.commit();
    s.sealHead();
    const auto sealed = s.layer.chainObject().sealedBatch;
    s.layer.commit();
    seal::Commitment said = SealScene::naming(s.layer.head());
    if (!otherBlock) said.hash.bytes[31] ^= 1;
    if (otherBlock) {
        said.l1Height.value -= 1;
        said.l1Hash = *s.layer.chain.hashAt(said.l1Height);
    }
    s.bring(s.anchor(said));
    QVERIFY(s.layer.chainObject().seals == SealsStatus::Other);
    QCOMPARE(s.layer.chainObject().sealedBatch, sealed);
    QCOMPARE(s.difference(), std::string());
    // Whatever comes after it: Bitcoin has said which history counts.
    const Height height = s.mine({s.anchor(SealScene::naming(s.layer.head()))});
    s.layer.confirm();
    QCOMPARE(s.layer.refusal(s.proof(height)), std::string("seal-chain-ended"));
    QCOMPARE(s.layer.commit().statement.sealedBatch, sealed.value);
    QCOMPARE(s.difference(), std::string());
}

/// A sequencer and its copy: the same Bitcoin, another payment.
void TestStfSeal::ofTwoHistoriesTheSealedOneCounts()
{
    SealScene one;
    SealScene two;
    std::int64_t sat = 1'000;
    for (SealScene* s : {&one, &two}) {
        s->layer.fund(s->layer.alice);
        const Transfer payment{s->layer.bob.xOnlyPublicKey(), Amount::fromSat(sat++)};
        s->layer.commit({s->layer.make(s->layer.alice, payment)});
    }
    QCOMPARE(one.layer.head().l1Hash, two.layer.head().l1Hash);
    const auto anchor = one.anchor(SealScene::naming(one.layer.head()));
    for (SealScene* s : {&one, &two}) s->bring(anchor);
    QCOMPARE(one.layer.view().tipHash, two.layer.view().tipHash);
    QCOMPARE(one.layer.chainObject().sealedBatch.value, 2ULL);
    QVERIFY(one.layer.chainObject().seals == SealsStatus::Open);
    QCOMPARE(two.layer.chainObject().sealedBatch.value, 0ULL);
    QVERIFY(two.layer.chainObject().seals == SealsStatus::Other);
    for (const SealScene* s : {&one, &two}) QCOMPARE(s->difference(), std::string());
}

void TestStfSeal::theChainOfSealsEnds_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("to somebody else") << 0;
    QTest::newRow("to dust") << 1;
    QTest::newRow("as the second output") << 2;
    QTest::newRow("by the second input") << 3;
    QTest::newRow("by the committee") << 4;
}

void TestStfSeal::theChainOfSealsEnds()
{
    QFETCH(const int, how);
    SealScene s;
    s.layer.commit();
    s.sealHead();
    const auto sealed = s.layer.chainObject().sealedBatch;
    s.layer.commit();
    bitcoin::Transaction last = s.anchor(SealScene::naming(s.layer.head()));
    if (how == 0) last.outputs[0].scriptPubKey = bitcoin::payToTaproot(s.layer.alice.xOnlyPublicKey());
    if (how == 1) last.outputs[0].value = Amount::fromSat(329);
    if (how == 2) std::swap(last.outputs[0], last.outputs[1]);
    if (how == 3)
        last.inputs.insert(last.inputs.begin(), bitcoin::TxIn{{Txid{digestOf(9).bytes}, 0}, {}, 0, {}});
    if (how == 4) {
        const auto& terms = s.follower.terms();
        const auto payTo = bitcoin::payToTaproot(s.layer.committee.xOnlyPublicKey());
        last = must(terms.recovery(*s.follower.open(), Amount::fromSat(500), payTo));
    }
    const Height height = s.mine({last});
    s.layer.confirm();
    s.layer.commit({s.proof(height)});
    QVERIFY(s.layer.chainObject().seals == SealsStatus::Ended);
    QCOMPARE(s.layer.chainObject().sealedBatch, sealed);
    QCOMPARE(s.layer.refusal(s.proof(height)), std::string("seal-chain-ended"));
    QCOMPARE(s.difference(), std::string());
}

/// What the committee signs goes on with the chain like the sequencer's own: with a batch, or without.
void TestStfSeal::theCommitteeMovesASeal()
{
    SealScene s;
    s.layer.commit();
    const auto& terms = s.follower.terms();
    const auto move = [&](const std::optional<seal::Commitment>& names) {
        auto out = must(terms.recovery(*s.follower.open(), Amount::fromSat(500), terms.script(), names));
        const auto hash = must(terms.recoverySighash(*s.follower.open(), out));
        return terms.signedRecovery(out, must(crypto::signSchnorr(s.layer.committee, hash.view())));
    };
    s.bring(move({}));
    QCOMPARE(s.layer.chainObject().sealedBatch.value, 0ULL);
    QVERIFY(s.layer.chainObject().seals == SealsStatus::Open);
    const auto named = s.layer.head().height;
    s.bring(move(SealScene::naming(s.layer.head())));
    QCOMPARE(s.layer.chainObject().sealedBatch, named);
    QCOMPARE(s.difference(), std::string());
    s.sealHead(); // the sequencer is back
    QCOMPARE(s.difference(), std::string());
}

QTEST_GUILESS_MAIN(TestStfSeal)
#include "tst_stf_seal.moc"
