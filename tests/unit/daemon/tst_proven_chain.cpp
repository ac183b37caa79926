// SPDX-License-Identifier: MIT
// A node that holds the chain's proof against what it executed: what it takes, serves and keeps, what is evidence and what is
// not, and a disk that fails at each operation.
#include "app/daemon/node/evidence.h"
#include "app/daemon/node/proven_chain.h"
#include "tests/support/fault_play.h"
#include "tests/unit/daemon/fixture.h"

#include <QTest>

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
using daemon::ProvenChain;
using proven::Head;
using proven::test::FakeChecker;
using proven::test::headOf;
using proven::test::makeFile;

namespace {

/// Five batches, of which the last two name blocks that a reorganisation can take away.
struct World {
    Layer layer;
    std::unique_ptr<TestNode> node;
    FakeChecker checker;
    std::unique_ptr<ProvenChain> proven;

    World()
    {
        layer.fund(layer.alice);
        for (std::uint64_t amount = 1'000; layer.batches.size() < 6; amount += 1'000) {
            const Transfer pay{layer.bob.xOnlyPublicKey(),
                               Amount::fromSat(static_cast<std::int64_t>(amount))};
            layer.chain.mine();
            layer.commit({layer.make(layer.alice, pay)});
        }
        node = std::make_unique<TestNode>(layer.params, layer.chain);
        for (std::size_t i = 1; i < layer.batches.size(); ++i) {
            if (!node->node->applyBatch(layer.batches[i]).ok()) std::abort();
        }
        open();
    }
    void open()
    {
        proven.reset();
        proven = must(ProvenChain::open(path(), checker, *node->node, node->view));
    }
    /// While it is closed.
    [[nodiscard]] store::Database database() const
    {
        static constexpr const char* kSteps[] = {""}; // it is there already
        return must(store::Database::open(path(), {0x42574c50, kSteps}));
    }
    [[nodiscard]] std::string path() const { return node->dir.path().toStdString() + "/proven.sqlite"; }
    [[nodiscard]] const SignedHeader& signedHeader(std::size_t number) const
    {
        return layer.batches[number].head;
    }
    [[nodiscard]] Head proofOf(std::size_t number) const { return headOf(signedHeader(number).header); }
    [[nodiscard]] std::string offer(const Head& head, const std::optional<SignedHeader>& theirs = {}) const
    {
        return codeOf(proven->offer(makeFile(head), theirs));
    }
    /// A batch that the sequencer's program could have made as well.
    [[nodiscard]] SignedHeader another(std::size_t number, const crypto::PrivateKey& key) const
    {
        BatchHeader header = signedHeader(number).header;
        header.time += 1;
        return must(signHeader(header, key));
    }
    [[nodiscard]] std::uint64_t head() const
    {
        const auto now = proven->head();
        return now ? now->batch.value : 0;
    }
    [[nodiscard]] std::uint64_t others() const
    {
        return proven->describe().at("other_histories").to_number<std::uint64_t>();
    }
    [[nodiscard]] bool inDoubt() const { return daemon::isHistoryInDoubt(node->node->store()); }
};

} // namespace

class TestProvenChain : public QObject {
    Q_OBJECT
private slots:
    void theOwnHistoryIsProvenAndServed();
    void aRefusedFileChangesNothing();
    void theKeptFileIsCheckedAtTheStart();
    void anOwnFileThatComesTooEarlyIsOfferedAgain();
    void transactionsAreProvenWithTheirBatch();
    void theProvenStateIsServedHoweverOldItIs();
    void anotherHistoryIsNoDoubtWhileNobodySignedIt();
    void anotherSignedHistoryEndsAllPromises();
    void whereTheOwnBlockHasLeftNobodyIsInDoubt();
    void aReorganisationTakesTheHeadAndGivesItBack();
    void aDiskThatFailsNeverLeavesAnotherProof();
};

void TestProvenChain::theOwnHistoryIsProvenAndServed()
{
    World w;
    int changes = 0;
    w.proven->onChange([&changes] { ++changes; });
    QVERIFY(must(w.proven->answer({})).empty());
    QVERIFY(w.proven->describe().at("batch").is_null());
    QCOMPARE(w.offer(w.proofOf(2)), std::string("ok"));
    QCOMPARE(w.offer(w.proofOf(4)), std::string("ok"));
    QCOMPARE(changes, 2);
    QVERIFY(w.proven->isProven(base::BatchNumber{4}));
    QVERIFY(!w.proven->isProven(base::BatchNumber{5}));
    const net::json::object answer = must(w.proven->answer({}));
    QCOMPARE(answer.at("n").to_number<int>(), 4);
    QCOMPARE(std::string(answer.at("hash").as_string()), w.signedHeader(4).header.hash().hex());
    QCOMPARE(std::string(answer.at("header").as_string()), base::toHex(w.signedHeader(4).header.encode()));
    QCOMPARE(std::string(answer.at("signature").as_string()), base::toHex(w.signedHeader(4).signature));
    QCOMPARE(std::string(answer.at("proof").as_string()), base::toHex(makeFile(w.proofOf(4))));
    QVERIFY(must(w.proven->answer(base::BatchNumber{4})).empty());
    QVERIFY(!must(w.proven->answer(base::BatchNumber{3})).empty());
    QCOMPARE(w.proven->describe().at("batch").to_number<int>(), 4);
}

void TestProvenChain::aRefusedFileChangesNothing()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
    QCOMPARE(codeOf(w.proven->offer(makeFile(w.proofOf(4), proven::test::kForeign))),
             std::string("proven.not-proven"));
    const int checks = w.checker.checks();
    QCOMPARE(codeOf(w.proven->offer(base::Bytes(daemon::kMaxProofFile + 1))),
             std::string("proven.not-proven"));
    QCOMPARE(w.checker.checks(), checks); // nobody spends time on it
    Head less = w.proofOf(4);
    less.l1Work[0] -= 1;
    QCOMPARE(w.offer(less), std::string("proven.less-work"));
    Head ahead = w.proofOf(5);
    ahead.batch.value = 6;
    QCOMPARE(w.offer(ahead), std::string("proven.no-header"));
    QCOMPARE(w.offer(w.proofOf(2)), std::string("proven.not-newer"));
    QCOMPARE(w.head(), 3ULL);
    QCOMPARE(w.others(), 0ULL);
    w.open();
    QCOMPARE(w.head(), 3ULL);
}

void TestProvenChain::theKeptFileIsCheckedAtTheStart()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
    w.proven.reset();
    {
        auto db = w.database();
        QVERIFY(db.run("UPDATE proof SET file = substr(file, 2)").ok());
    }
    w.open();
    QCOMPARE(w.head(), 0ULL);
    // It is gone, and not only passed over.
    w.proven.reset();
    {
        auto db = w.database();
        auto count = must(db.query("SELECT count(*) FROM proof"));
        QVERIFY(must(count.step()));
        QCOMPARE(count.u64(0), std::uint64_t{0});
    }
    w.open();
    QVERIFY(!w.proven->head());
    QCOMPARE(w.offer(w.proofOf(2)), std::string("ok"));
}

/// The coordinator has it once; there may be no other for hours.
void TestProvenChain::anOwnFileThatComesTooEarlyIsOfferedAgain()
{
    for (const bool isElsewhere : {false, true}) {
        World w;
        const MinedChain all = w.layer.chain;
        w.layer.chain.cut({w.signedHeader(4).header.l1Height.value - 1});
        if (isElsewhere) w.layer.chain.mineMany(4, 9);
        QCOMPARE(codeOf(w.proven->offerOwn(makeFile(w.proofOf(4)))),
                 std::string(isElsewhere ? "proven.l1-elsewhere" : "proven.l1-behind"));
        w.layer.chain = all;
        QCOMPARE(w.head(), 0ULL);
        w.layer.commit();
        QVERIFY(w.node->node->applyBatch(w.layer.batches.back()).ok());
        QCOMPARE(w.head(), 4ULL);
        // What is wrong is not kept for later.
        QCOMPARE(codeOf(w.proven->offerOwn(makeFile(w.proofOf(3)))), std::string("proven.not-newer"));
    }
}

void TestProvenChain::transactionsAreProvenWithTheirBatch()
{
    World w;
    const WithdrawRequest request{Amount::fromSat(20'000), Amount::fromSat(300),
                                  bitcoin::payToTaproot(w.layer.alice.xOnlyPublicKey())};
    w.layer.commit({w.layer.make(w.layer.alice, request)});
    QVERIFY(w.node->node->applyBatch(w.layer.batches.back()).ok());
    const std::uint64_t id =
        withdrawalNumber(parseTransaction(w.layer.batches.back().body.transactions[0])->hash());
    QCOMPARE(w.offer(w.proofOf(5)), std::string("ok"));
    QVERIFY(!w.proven->isProven(TxType::WithdrawRequest, id));
    QVERIFY(!w.proven->isProven(TxType::WithdrawRequest, id + 1)); // that there is not
    QCOMPARE(w.offer(w.proofOf(6)), std::string("ok"));
    QVERIFY(w.proven->isProven(TxType::WithdrawRequest, id));
    QVERIFY(!w.proven->isProven(TxType::WithdrawRequest, id + 1));
    QVERIFY(!w.proven->isProven(TxType::WithdrawAccept, id));
}

void TestProvenChain::theProvenStateIsServedHoweverOldItIs()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(2)), std::string("ok"));
    // After a restart a node knows the state of its head only.
    w.proven.reset();
    w.node->reopen();
    QCOMPARE(std::string(w.node->node->stateAt({2}).error().code.name()), std::string("node.state-not-kept"));
    w.open();
    QCOMPARE(must(w.node->node->stateAt({2})).root(), w.layer.states[2].root());
    QCOMPARE(std::string(w.node->node->stateAt({3}).error().code.name()), std::string("node.state-not-kept"));
    QCOMPARE(w.offer(w.proofOf(4)), std::string("ok"));
    QCOMPARE(must(w.node->node->stateAt({4})).root(), w.layer.states[4].root());
    // Bitcoin's headers come later than the start: the next batch looks again.
    const MinedChain all = w.layer.chain;
    w.proven.reset();
    w.node->reopen();
    w.layer.chain.cut({w.signedHeader(4).header.l1Height.value - 1});
    w.open();
    QVERIFY(!w.node->node->stateAt({4}).ok());
    w.layer.chain = all;
    w.layer.commit();
    QVERIFY(w.node->node->applyBatch(w.layer.batches.back()).ok());
    QCOMPARE(must(w.node->node->stateAt({4})).root(), w.layer.states[4].root());
}

void TestProvenChain::anotherHistoryIsNoDoubtWhileNobodySignedIt()
{
    World w;
    const SignedHeader forged = w.another(3, w.layer.alice);
    QCOMPARE(w.offer(headOf(forged.header)), std::string("proven.other-history"));
    QCOMPARE(w.offer(headOf(forged.header), forged), std::string("proven.other-history"));
    // A header that the sequencer did sign, of another batch.
    QCOMPARE(w.offer(headOf(forged.header), w.signedHeader(3)), std::string("proven.other-history"));
    QCOMPARE(w.others(), 1ULL);
    QVERIFY(!w.inDoubt());
    QCOMPARE(w.head(), 0ULL);
    // Whoever shows many of them fills no disk.
    for (std::uint64_t i = 0; i < 2 * ProvenChain::kMaxOtherHistories; ++i) {
        BatchHeader header = forged.header;
        header.time += 1 + i;
        QCOMPARE(w.offer(headOf(header)), std::string("proven.other-history"));
    }
    QCOMPARE(w.others(), ProvenChain::kMaxOtherHistories);
    w.open();
    QCOMPARE(w.others(), ProvenChain::kMaxOtherHistories);
}

void TestProvenChain::anotherSignedHistoryEndsAllPromises()
{
    World w;
    const SignedHeader other = w.another(3, w.layer.sequencer);
    QCOMPARE(w.offer(headOf(other.header), other), std::string("proven.other-history"));
    QVERIFY(w.inDoubt());
    const auto kept = must(daemon::equivocationsIn(w.node->node->store()));
    QCOMPARE(kept.size(), std::size_t{1});
    QVERIFY(kept[0].first == w.signedHeader(3) && kept[0].second == other);
    QCOMPARE(w.head(), 0ULL);
}

/// The own batch is the one that will go, and the sequencer may sign another one in its place.
void TestProvenChain::whereTheOwnBlockHasLeftNobodyIsInDoubt()
{
    World w;
    BatchHeader other = w.signedHeader(5).header;
    w.layer.chain.cut({other.l1Height.value - 1});
    w.layer.chain.mineMany(4, 9);
    other.l1Hash = *w.layer.chain.hashAt(other.l1Height);
    const SignedHeader instead = must(signHeader(other, w.layer.sequencer));
    QCOMPARE(w.offer(headOf(other), instead), std::string("proven.other-history"));
    QVERIFY(!w.inDoubt());
    QCOMPARE(w.offer(headOf(other)), std::string("proven.other-history"));
    QCOMPARE(w.others(), 0ULL);
}

void TestProvenChain::aReorganisationTakesTheHeadAndGivesItBack()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(5)), std::string("ok"));
    std::vector<bitcoin::Block> left;
    const Height block = w.signedHeader(5).header.l1Height;
    const MinedChain before = w.layer.chain;
    w.layer.chain.cut({block.value - 1});
    w.layer.chain.mineMany(5, 7);
    QCOMPARE(w.head(), 0ULL);
    QVERIFY(must(w.proven->answer({})).empty());
    QVERIFY(!w.proven->isProven(base::BatchNumber{1}));
    // Of a batch whose block stands; then the sequencer's new history, proven.
    QCOMPARE(w.offer(w.proofOf(4)), std::string("ok"));
    QCOMPARE(w.head(), 4ULL);
    w.layer.chain = before;
    QCOMPARE(w.head(), 4ULL);
    QCOMPARE(w.offer(w.proofOf(5)), std::string("ok"));
    // Undone with its batch, for whatever reason.
    QVERIFY(w.node->node->rollbackTo({4}).ok());
    QCOMPARE(w.head(), 0ULL);
    QVERIFY(w.node->node->applyBatch(w.layer.batches[5]).ok());
    QCOMPARE(w.head(), 5ULL);
    QCOMPARE(must(w.node->node->stateAt({5})).root(), w.layer.states[5].root());
}

void TestProvenChain::aDiskThatFailsNeverLeavesAnotherProof()
{
    World w;
    w.proven.reset();
    FaultyDisk disk;
    disk.setScope("proven.sqlite");
    FaultStage<ProvenChain> stage;
    stage.name = "proofs";
    stage.reset = [&w] {
        for (const char* tail : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(w.path() + tail);
    };
    stage.open = [&w] { return ProvenChain::open(w.path(), w.checker, *w.node->node, w.node->view); };
    // What is held already is no news after a crash that came behind the write.
    const auto taken = [](const base::Status& done) {
        return !done.ok() && done.error().code == proven::kNotNewer ? base::success() : done;
    };
    stage.steps = {[&](ProvenChain& chain) { return taken(chain.offer(makeFile(w.proofOf(2)))); },
                   [&](ProvenChain& chain) { return taken(chain.offer(makeFile(w.proofOf(5)))); }};
    stage.picture = [&w] { return databaseText(w.path()); };
    stage.complaint = [&w](ProvenChain& chain) -> std::string {
        const auto head = chain.head();
        if (head && !(*head == w.proofOf(head->batch.value))) return "another head";
        return {};
    };
    FaultPlay<ProvenChain> play(disk, std::move(stage));
    for (const auto& wrong : {play.crashes(1), play.full(1), play.broken(1)}) {
        if (wrong) QFAIL(wrong->c_str());
    }
    QVERIFY(play.played() > 20);
}

QTEST_GUILESS_MAIN(TestProvenChain)
#include "tst_proven_chain.moc"
