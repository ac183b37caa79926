// SPDX-License-Identifier: MIT
// core/seal: the chain of seals as it is kept in a file, through restarts and through reorganisations that happen while
// nobody looks.
#include "core/seal/watch.h"
#include "tests/unit/seal/fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <deque>

using namespace bowline;
using namespace bowline::seal;
using namespace bowline::seal::test;

namespace {

/// Says what the test has it say; the rest of the interface is not used.
class FakeBackend final : public chain::Backend {
public:
    class Walk final : public chain::Follower {
    public:
        void watch(std::vector<base::Bytes>, Height) override {}
    };

    chain::ChainBlock best;
    std::optional<chain::FollowFrom> from;
    std::function<void(const chain::BlockEvent&)> tell;

    [[nodiscard]] chain::ChainBlock tip() const override { return best; }
    [[nodiscard]] std::unique_ptr<chain::Follower>
    follow(chain::FollowFrom where, std::function<void(const chain::BlockEvent&)> fn) override
    {
        from = std::move(where);
        tell = std::move(fn);
        return std::make_unique<Walk>();
    }

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] std::optional<chain::ChainBlock> headerAt(Height) const override { return std::nullopt; }
    [[nodiscard]] std::optional<Height> heightOf(const BlockHash&) const override { return std::nullopt; }
    [[nodiscard]] chain::StatusPtr status() const override { return std::make_shared<chain::ChainStatus>(); }
    [[nodiscard]] std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)>) override
    {
        return nullptr;
    }
    void fetchBlock(const BlockHash&, std::function<void(base::Result<chain::BlockPtr>)>) override {}
    void broadcast(std::vector<bitcoin::Transaction>) override {}
    void forget(const Txid&) override {}
    [[nodiscard]] std::optional<chain::BroadcastStatus> broadcastStatus(const Txid&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return nullptr;
    }
};

struct Scene {
    QTemporaryDir folder;
    FakeBackend backend;
    std::deque<std::function<void()>> posted; // on their way to the owner's thread
    std::unique_ptr<SealWatch> watch;
    std::map<BatchNumber, l2::BatchHeader> history = makeHistory(20, 50);
    int changes = 0;
    int failures = 0;

    Scene() { open(); }
    ~Scene() { watch.reset(); }
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    [[nodiscard]] Result<std::unique_ptr<SealWatch>> make(const SealTerms& terms)
    {
        SealWatch::Surroundings around;
        around.backend = &backend;
        around.birthday = {100};
        around.post = [this](std::function<void()> task) { posted.push_back(std::move(task)); };
        around.changed = [this] { ++changes; };
        around.failed = [this](const base::Error&) { ++failures; };
        return SealWatch::open(folder.filePath("seals.sqlite").toStdString(), terms, std::move(around));
    }
    /// Also again, as after a restart.
    void open()
    {
        watch.reset();
        auto opened = make(makeTerms());
        if (!opened.ok()) qFatal("%s", opened.error().detail.c_str());
        watch = std::move(opened).value();
        watch->start();
    }
    void deliver()
    {
        for (; !posted.empty(); posted.pop_front()) posted.front()();
    }
    [[nodiscard]] bitcoin::Transaction anchor(std::uint64_t batch) const
    {
        return anchorOf(watch->follower(), history.at({batch}));
    }
    void block(std::uint32_t height, std::uint8_t branch = 0,
               const std::optional<bitcoin::Transaction>& holds = std::nullopt)
    {
        chain::BlockConnected event{{height}, blockHash(height, branch), {}, nullptr, false};
        if (holds) {
            bitcoin::Block block;
            block.transactions = {*holds};
            event.block = std::make_shared<const bitcoin::Block>(std::move(block));
        }
        backend.best = {{height}, blockHash(height, branch), {}, {}};
        backend.tell(event);
        deliver();
    }
    void seal(std::uint32_t height, std::uint64_t batch, std::uint8_t branch = 0)
    {
        block(height, branch, anchor(batch));
    }
    void undo(std::uint32_t height)
    {
        backend.tell(chain::BlockDisconnected{{height}, blockHash(height)});
        deliver();
    }
    [[nodiscard]] std::vector<std::uint64_t> batches() const
    {
        std::vector<std::uint64_t> out;
        for (const Link& link : watch->follower().links()) out.push_back(link.commitment.batch.value);
        return out;
    }
};

using Numbers = std::vector<std::uint64_t>;

} // namespace

class TestSealWatch : public QObject {
    Q_OBJECT
private slots:
    void itGoesOnFromTheNewestSealThatItHasKept();
    void whatWasUndoneIsForgotten();
    void aBlockThatLeftMeanwhileIsUndoneAfterARestart();
    void theEndOfTheChainIsKept();
    void whatAnAnchorTakesAlongIsKnown();
    void aFileOfOtherSealsIsRefused();
    void nothingIsHeardAfterStop();
};

void TestSealWatch::itGoesOnFromTheNewestSealThatItHasKept()
{
    Scene s;
    QVERIFY(s.backend.from->processed.empty());
    QCOMPARE(s.backend.from->birthday, Height{100});
    QCOMPARE(s.backend.from->scripts, std::vector<base::Bytes>{makeTerms().script()});
    QVERIFY(!s.watch->isCurrent());
    s.seal(101, 3);
    s.block(102);
    s.seal(103, 7);
    QVERIFY(s.watch->isCurrent());
    QCOMPARE(s.changes, 2);
    const std::vector<Link> links = s.watch->follower().links();
    s.open();
    QCOMPARE(s.watch->follower().links(), links);
    const std::vector<chain::BlockRef> processed{{{103}, blockHash(103)}, {{101}, blockHash(101)}};
    QCOMPARE(s.backend.from->processed, processed);
    QVERIFY(s.watch->isCurrent());
    s.backend.best = {{104}, blockHash(104), {}, {}};
    QVERIFY(!s.watch->isCurrent()); // until that block was looked at
    s.seal(104, 9);
    QVERIFY(s.watch->isCurrent());
    s.open();
    QCOMPARE(s.batches(), (Numbers{3, 7, 9}));
    QCOMPARE(s.failures, 0);
}

void TestSealWatch::whatWasUndoneIsForgotten()
{
    Scene s;
    s.seal(101, 3);
    s.seal(102, 5);
    s.seal(103, 7);
    s.undo(103);
    s.undo(102);
    QVERIFY(!s.watch->isCurrent());
    QCOMPARE(s.batches(), Numbers{3});
    s.open();
    QCOMPARE(s.batches(), Numbers{3});
    s.seal(102, 8, 1); // as many as before, and others
    const bitcoin::Transaction instead = s.anchor(10);
    s.seal(103, 9, 1);
    s.open();
    QCOMPARE(s.batches(), (Numbers{3, 8, 9}));
    QCOMPARE(s.watch->follower().links().back().block, blockHash(103, 1));
    s.block(103, 2, instead); // a block that undoes the one before it by itself
    s.open();
    QCOMPARE(s.batches(), (Numbers{3, 8, 10}));
    s.undo(103);
    s.undo(102);
    s.undo(101);
    s.open();
    QVERIFY(s.batches().empty());
    QVERIFY(s.backend.from->processed.empty());
    QCOMPARE(s.failures, 0);
}

/// The backend names the blocks that were processed and are gone, from the top down.
void TestSealWatch::aBlockThatLeftMeanwhileIsUndoneAfterARestart()
{
    Scene s;
    s.seal(101, 3);
    s.seal(103, 7);
    s.open();
    s.undo(103);
    s.block(102);
    s.block(103, 1);
    QCOMPARE(s.batches(), Numbers{3});
    QVERIFY(s.watch->isCurrent());
    QCOMPARE(s.watch->follower().open()->outpoint.txid, s.watch->follower().links().front().txid);
    s.open();
    QCOMPARE(s.batches(), Numbers{3});
}

void TestSealWatch::theEndOfTheChainIsKept()
{
    Scene s;
    s.seal(101, 3);
    bitcoin::Transaction moved = s.anchor(5);
    moved.outputs.pop_back();
    s.block(102, 0, moved);
    s.open();
    QVERIFY(s.watch->follower().links().back().kind == SpendKind::Move);
    QVERIFY(s.watch->follower().open());
    bitcoin::Transaction foreign = s.anchor(5);
    std::swap(foreign.outputs[0], foreign.outputs[1]);
    s.block(103, 0, foreign);
    s.open();
    QCOMPARE(s.watch->follower().links().size(), std::size_t{3});
    QVERIFY(s.watch->follower().links().back().kind == SpendKind::Foreign);
    QVERIFY(!s.watch->follower().open());
}

/// A refill is seen when it is paid, which may be long before an anchor spends it. Of other outputs nothing is known.
void TestSealWatch::whatAnAnchorTakesAlongIsKnown()
{
    Scene s;
    const SealTerms terms = makeTerms();
    bitcoin::Transaction refill;
    refill.inputs = {{{Txid{{9}}, 0}, {}, 0, {}}};
    refill.outputs = {{Amount::fromSat(5), bitcoin::payToTaproot(committeeKey().xOnlyPublicKey())},
                      {Amount::fromSat(7'000), terms.script()}};
    s.block(101, 0, refill);
    s.open(); // no link yet, and still it is kept
    const auto take = [&](const bitcoin::OutPoint& outpoint, std::uint64_t batch) {
        const Seal added{outpoint, Amount::fromSat(7'000)};
        return *terms.makeAnchor(s.watch->follower().open().value(), *Commitment::of(s.history.at({batch})),
                                 Amount::fromSat(400), sequencerKey(), {&added, 1});
    };
    s.block(102, 0, take({refill.txid(), 1}, 3));
    s.seal(103, 5);
    s.block(104, 0, take({refill.txid(), 0}, 7));
    for (int i = 0; i < 2; ++i) {
        const auto& links = s.watch->follower().links();
        QCOMPARE(links.size(), std::size_t{3});
        QVERIFY(links[0].added == std::vector<Amount>{Amount::fromSat(7'000)});
        QVERIFY(links[1].added && links[1].added->empty());
        QVERIFY(!links[2].added);
        s.open();
    }
    // After a reorganisation too: the transaction's hash says what it pays.
    s.undo(104);
    s.undo(103);
    s.undo(102);
    s.block(102, 1, take({refill.txid(), 1}, 4));
    QVERIFY(s.watch->follower().links()[0].added == std::vector<Amount>{Amount::fromSat(7'000)});
    QCOMPARE(s.failures, 0);
}

void TestSealWatch::aFileOfOtherSealsIsRefused()
{
    Scene s;
    s.watch.reset();
    l2::NetworkParams params;
    params.sequencerKey = sequencerKey().xOnlyPublicKey();
    params.committeeKey = committeeKey().xOnlyPublicKey();
    const SealTerms first = makeTerms();
    const l2::SealParams other{{first.first().outpoint.txid, 7}, first.first().value, first.recoveryBlocks()};
    const auto opened = s.make(*SealTerms::create(params, other));
    QVERIFY(!opened.ok());
    QVERIFY(opened.error().code == kOtherSeals);
    QVERIFY(s.make(first).ok());
}

void TestSealWatch::nothingIsHeardAfterStop()
{
    Scene s;
    s.seal(101, 3);
    s.backend.tell(chain::BlockDisconnected{{101}, blockHash(101)});
    s.watch->stop();
    s.deliver();
    QCOMPARE(s.batches(), Numbers{3});
    s.open();
    s.backend.tell(chain::BlockDisconnected{{101}, blockHash(101)});
    s.watch.reset(); // what is on its way finds nobody
    s.deliver();
    QCOMPARE(s.changes, 1);
}

QTEST_GUILESS_MAIN(TestSealWatch)
#include "tst_seal_watch.moc"
