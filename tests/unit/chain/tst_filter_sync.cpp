// SPDX-License-Identifier: MIT
// Filter headers and filters among nodes that are slow, disagree, come and go, while the chain moves or the disk is
// full. The nodes are scripted (scripted_peer.h).
#include "tests/support/patience.h"
#include "tests/unit/chain/network_test.h"

#include <sqlite3.h>

using namespace bowline;
using namespace bowline::test;
using chain::ChainStatus;
using chain::PeerInfo;
using chain::PeerVerdict;

class TestFilterSync : public NetworkTest {
    Q_OBJECT
private slots:
    void init() { freshFolder(); }
    void aFullDiskIsNoReasonToAskOnAndOn();
    void aDripOfFiltersDoesNotHoldUpTheScan();
    void aNodeSlowToCompareDoesNotHoldUpNewBlocks();
    void aReorgDuringADisputeBansNobody();
    void aDisputeThatComesAndGoesFetchesEachBlockOnce();
    void aLieBelowACheckpointIsFound();

private:
    /// The honest chain in which the spending in block 8 is hidden: nothing in the block proves that.
    [[nodiscard]] static ScriptedChain hidingTheSpending(ScriptedChain chain)
    {
        const std::vector<bitcoin::Script> without{bitcoin::Script{bitcoin::OP_1},
                                                   bitcoin::Script{bitcoin::OP_2}};
        chain.forgeFilter(8, without);
        return chain;
    }
};

void TestFilterSync::aFullDiskIsNoReasonToAskOnAndOn()
{
    ScriptedPeer node(honestChain());
    const chain::P2pOptions wanted = options({&node});
    {
        Client client(options({})); // makes the store
    }
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(wanted.storePath.c_str(), &db), SQLITE_OK);
    QCOMPARE(sqlite3_exec(db,
                          "CREATE TRIGGER full BEFORE INSERT ON filter_header "
                          "BEGIN SELECT RAISE(FAIL, 'disk full'); END",
                          nullptr, nullptr, nullptr),
             SQLITE_OK);
    Client client(wanted);
    QVERIFY(client.waitStatus([](const ChainStatus& now) { return now.tip.height.value == 10; }));
    EVENTUALLY(node.wasAsked("getcfheaders"));
    QTest::qWait(2000);
    QVERIFY(node.timesAsked("getcfheaders") <= 3);
    QVERIFY(!client->status()->progress.synced);
    // It goes on by itself when there is room again.
    QCOMPARE(sqlite3_exec(db, "DROP TRIGGER full", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    QVERIFY(client.waitSynced(10));
}

void TestFilterSync::aDripOfFiltersDoesNotHoldUpTheScan()
{
    ScriptedChain truth = honestChain();
    truth.mineEmpty(20);
    // Whoever is asked first drips a filter a second: always in time for the next one, never done.
    std::atomic<const ScriptedPeer*> dripper = nullptr;
    const auto drip = [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        const ScriptedPeer* nobody = nullptr;
        if (command != "getcfilters") return false;
        dripper.compare_exchange_strong(nobody, &self);
        if (dripper != &self) return false;
        for (std::size_t i = 1; i <= truth.height(); ++i) {
            self.sendLater(std::chrono::milliseconds(1000 * i), "cfilter",
                           chain::writeFilter({truth.blocks[i].header.hash(), truth.filters[i].encoded}));
        }
        return true;
    };
    ScriptedPeer one(truth, drip);
    ScriptedPeer other(truth, drip);
    Client client(options({&one, &other}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(30, std::chrono::seconds(10)));
    QCOMPARE(log.matched().size(), std::size_t{2});
    QVERIFY(dripper != nullptr);
}

void TestFilterSync::aNodeSlowToCompareDoesNotHoldUpNewBlocks()
{
    ScriptedChain truth = honestChain();
    ScriptedPeer mute(truth, [](ScriptedPeer&, const std::string& command, base::ByteView) {
        return command == "getcfheaders";
    });
    ScriptedPeer honest(truth);
    Client client(options({&mute, &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(10));
    QTest::qWait(4000); // by now its patience with the mute one is long
    for (std::size_t height = 11; height <= 13; ++height) {
        truth.mine({m_mine});
        const ScriptedChain& now = truth;
        mute.change([&](ScriptedChain& own) { own = now; });
        honest.change([&](ScriptedChain& own) { own = now; });
        for (ScriptedPeer* node : {&mute, &honest})
            node->send("headers", chain::writeHeaders({now.blocks.back().header}));
        QVERIFY(log.waitForBlock(static_cast<std::uint32_t>(height), std::chrono::seconds(3)));
    }
}

void TestFilterSync::aReorgDuringADisputeBansNobody()
{
    ScriptedChain truth = honestChain();
    ScriptedChain lie = truth;
    const std::vector<bitcoin::Script> padded{bitcoin::Script{bitcoin::OP_1}, bitcoin::Script{bitcoin::OP_2}};
    lie.forgeFilter(10, padded);
    std::atomic<int> stalled = 0;
    // Like a real node, each still knows the filter of a block that has just left the chain.
    const auto stall = [&](const ScriptedChain& before) {
        return [&stalled, old = before.filters[10]](ScriptedPeer& self, const std::string& command,
                                                    base::ByteView payload) {
            if (command == "getdata") return ++stalled == 1;
            base::Reader in(payload);
            in.u8();
            in.u32le();
            if (command != "getcfilters" || in.hash<base::BlockHash>() != old.block) return false;
            self.send("cfilter", chain::writeFilter({old.block, old.encoded}));
            return true;
        };
    };
    ScriptedPeer honest(truth, stall(truth));
    ScriptedPeer other(lie, stall(lie));
    chain::P2pOptions wanted = options({&honest, &other});
    wanted.timeouts.answer = chain::Millis(10'000);
    Client client(wanted);
    EVENTUALLY_EQUAL(stalled.load(), 1); // the block at the height in question is on its way
    const bitcoin::Block late = truth.blocks[10];
    truth.cut(7);
    truth.salt = 1;
    truth.mineEmpty(4);
    for (ScriptedPeer* node : {&honest, &other}) {
        node->change([&](ScriptedChain& own) { own = truth; });
        std::vector<bitcoin::BlockHeader> headers;
        for (std::size_t i = 8; i <= 11; ++i) headers.push_back(truth.blocks[i].header);
        node->send("headers", chain::writeHeaders(headers));
    }
    QVERIFY(client.waitStatus([](const ChainStatus& now) { return now.tip.height.value == 11; }));
    for (ScriptedPeer* node : {&honest, &other}) node->send("block", late.serialize());
    QVERIFY(client.waitSynced(11));
    for (const ScriptedPeer* node : {&honest, &other}) {
        QVERIFY(infoOf(client, *node).connected);
        QCOMPARE(infoOf(client, *node).bannedUntil, base::UnixTime{0});
    }
}

void TestFilterSync::aDisputeThatComesAndGoesFetchesEachBlockOnce()
{
    // More blocks than are kept for a second reader.
    ScriptedChain truth = honestChain();
    truth.mineEmpty(390);
    ScriptedPeer honest(truth);
    ScriptedPeer liar(hidingTheSpending(truth));
    Client client(options({&honest, &liar}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(400));
    const auto disputed = [](const ChainStatus& now) {
        return now.progress.disputedFilter && now.progress.synced;
    };
    QVERIFY(client.waitStatus(disputed));
    QTest::qWait(200);
    log.clear();
    for (int round = 0; round < 3; ++round) {
        // Whoever comes or goes may settle it, so it is looked at anew, and again not settled.
        const std::size_t before = honest.timesAsked("getcfilters") + liar.timesAsked("getcfilters");
        honest.dropConnection();
        QVERIFY(QTest::qWaitFor(
            [&] { return honest.timesAsked("getcfilters") + liar.timesAsked("getcfilters") > before; }));
        QVERIFY(client.waitStatus(disputed));
        QTest::qWait(200);
    }
    QVERIFY(log.all().empty()); // all of them had come whole
    for (std::size_t height = 9; height <= 400; ++height) {
        const base::BlockHash hash = truth.blocks[height].header.hash();
        QCOMPARE(honest.timesAskedFor(hash) + liar.timesAskedFor(hash), std::size_t{1});
    }
}

void TestFilterSync::aLieBelowACheckpointIsFound()
{
    // More than one request's worth, so that the second node is compared by its checkpoints first.
    ScriptedChain truth;
    truth.mineEmpty(699);
    truth.mine({m_mine});
    truth.mineEmpty(1800);
    ScriptedChain lie = truth;
    const std::vector<bitcoin::Script> without{m_filler, bitcoin::Script{bitcoin::OP_1}};
    lie.forgeFilter(700, without);
    ScriptedPeer honest(truth);
    {
        Client client(options({&honest}));
        QVERIFY(client.waitSynced(2500));
    }
    {
        ScriptedPeer liar(lie);
        Client client(options({&honest, &liar}));
        QVERIFY(waitForVerdict(client, liar, PeerVerdict::Invalid));
        QVERIFY(liar.wasAsked("getcfcheckpt"));
        QVERIFY(infoOf(client, liar).reason.find("chain.filter-contradicts-block") != std::string::npos);
        QVERIFY(infoOf(client, honest).connected);
    }
    // What is stored is compared with whoever comes after a restart, too.
    ScriptedPeer another(lie);
    Client client(options({&another, &honest}));
    QVERIFY(waitForVerdict(client, another, PeerVerdict::Invalid));
    QVERIFY(another.wasAsked("getcfcheckpt"));
    QVERIFY(client.waitSynced(2500));
}

QTEST_GUILESS_MAIN(TestFilterSync)
#include "tst_filter_sync.moc"
