// SPDX-License-Identifier: MIT
// The header chain among nodes that lead nowhere, fall away midway, or follow another clock or another fork. The
// nodes are scripted (scripted_peer.h).
#include "tests/support/patience.h"
#include "tests/unit/chain/network_test.h"

using namespace bowline;
using namespace bowline::test;
using chain::ChainStatus;
using chain::PeerInfo;
using chain::PeerVerdict;

namespace {
/// A clock that stands still where it is put.
class FixedClock final : public base::Clock {
public:
    [[nodiscard]] base::UnixTime now() const override { return m_now; }
    void set(base::UnixTime now) { m_now = now; }

private:
    std::atomic<base::UnixTime> m_now = base::SystemClock{}.now();
};

auto tipIs(std::uint32_t height)
{
    return [height](const ChainStatus& now) { return now.tip.height.value == height; };
}

/// A node with this hook is connected only when the other was asked for headers so often.
ScriptedPeer::Behaviour afterQuestionsTo(const ScriptedPeer& other, std::size_t count)
{
    return [&other, count](ScriptedPeer&, const std::string& command, base::ByteView) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(1000);
        while (command == "version" && other.timesAsked("getheaders") < count &&
               std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return false;
    };
}

std::vector<bitcoin::BlockHeader> headersOf(const ScriptedChain& chain, std::size_t first, std::size_t count)
{
    std::vector<bitcoin::BlockHeader> out;
    for (std::size_t i = first; i < first + count; ++i) out.push_back(chain.blocks[i].header);
    return out;
}
} // namespace

class TestHeaderSync : public NetworkTest {
    Q_OBJECT
private slots:
    void init() { freshFolder(); }
    void aSlowClockOfOursIsNotShownAsSynced();
    void aClockThatJumpsLosesNothing();
    void aBanWrittenByAClockThatRanAheadLastsADay();
    void aHeaderOfTheFutureWithoutWorkBans();
    void aNodeThatRepeatsItselfDoesNotKeepTheLead_data();
    void aNodeThatRepeatsItselfDoesNotKeepTheLead();
    void aNodeOnALongKnownForkIsHeardOut();
    void aSlowLeaderGivesWay();
    void aLowWorkChainOverSeveralMessagesOutlivesItsLeader();
    void aReorgOfThousandsOfBlocksIsFollowed();
    void aLeaderWithALongChainOfLittleWorkDoesNotHoldUpTheTip();
};

void TestHeaderSync::aSlowClockOfOursIsNotShownAsSynced()
{
    ScriptedChain chain = honestChain();
    FixedClock clock;
    const base::UnixTime trueTime = clock.now();
    chain.mine();
    chain.dateTip(static_cast<std::uint32_t>(trueTime));
    ScriptedPeer node(chain);
    chain::P2pOptions wanted = options({&node});
    wanted.clock = &clock;
    clock.set(trueTime - 3 * 3600);
    Client client(wanted);
    QVERIFY(client.waitStatus([](const ChainStatus& now) { return now.progress.clockSuspect; }));
    QTest::qWait(300);
    QVERIFY(!client->status()->progress.synced);
    QCOMPARE(client->tip().height.value, 10U);
    const PeerInfo info = infoOf(client, node);
    QVERIFY(info.connected); // one of the two clocks is wrong, and it may be ours
    QCOMPARE(info.bannedUntil, base::UnixTime{0});
    // The clock is set right, and the next announcement heals it.
    clock.set(trueTime);
    node.send("headers", chain::writeHeaders({chain.blocks.back().header}));
    QVERIFY(client.waitSynced(11));
    QVERIFY(!client->status()->progress.clockSuspect);
}

void TestHeaderSync::aClockThatJumpsLosesNothing()
{
    ScriptedChain chain = honestChain();
    FixedClock clock;
    const base::UnixTime trueTime = clock.now();
    ScriptedPeer node(chain);
    chain::P2pOptions wanted = options({&node});
    wanted.clock = &clock;
    Client client(wanted);
    QVERIFY(client.waitSynced(10));
    const auto announce = [&] {
        chain.mine();
        chain.dateTip(static_cast<std::uint32_t>(trueTime));
        node.send("headers", chain::writeHeaders({chain.blocks.back().header}));
    };
    clock.set(trueTime + 365 * 24 * 3600);
    announce();
    QVERIFY(client.waitStatus(tipIs(11)));
    QVERIFY(!client->status()->progress.clockSuspect);
    clock.set(trueTime - 3600); // within the two hours of the rule
    announce();
    QVERIFY(client.waitStatus(tipIs(12)));
    QVERIFY(!client->status()->progress.clockSuspect);
    QCOMPARE(infoOf(client, node).bannedUntil, base::UnixTime{0});
}

void TestHeaderSync::aBanWrittenByAClockThatRanAheadLastsADay()
{
    constexpr base::UnixTime kDay = 24 * 3600;
    ScriptedPeer node(honestChain());
    FixedClock clock;
    chain::P2pOptions wanted = options({&node});
    wanted.clock = &clock;
    {
        auto store = chain::ChainStore::open(wanted.storePath, regtest());
        QVERIFY(store.ok());
        QVERIFY(store->addBan({node.address(), clock.now() + 365 * kDay, "it lied", {}}).ok());
    }
    Client client(wanted);
    QTest::qWait(200);
    QVERIFY(!infoOf(client, node).connected);
    QVERIFY(infoOf(client, node).bannedUntil > clock.now());
    QVERIFY(infoOf(client, node).bannedUntil <= clock.now() + kDay);
}

void TestHeaderSync::aHeaderOfTheFutureWithoutWorkBans()
{
    ScriptedPeer node(honestChain());
    Client client(options({&node}));
    QVERIFY(client.waitSynced(10));
    bitcoin::BlockHeader forged = mineHeader(client->tip().header);
    forged.time = static_cast<std::uint32_t>(base::SystemClock{}.now() + 3 * 3600);
    while (bitcoin::checkProofOfWork(forged, regtest()).ok()) ++forged.nonce;
    node.send("headers", chain::writeHeaders({forged}));
    QVERIFY(waitForVerdict(client, node, PeerVerdict::Invalid));
    QVERIFY(infoOf(client, node).reason.find("bitcoin.insufficient-work") != std::string::npos);
}

void TestHeaderSync::aNodeThatRepeatsItselfDoesNotKeepTheLead_data()
{
    QTest::addColumn<uint>("minimumWork");
    QTest::newRow("headers that are stored") << 0U;
    QTest::newRow("headers that are held in memory") << 2U * 4001;
}

void TestHeaderSync::aNodeThatRepeatsItselfDoesNotKeepTheLead()
{
    QFETCH(uint, minimumWork);
    ScriptedChain chain;
    chain.mineEmpty(4500);
    const auto first = headersOf(chain, 1, chain::kMaxHeadersPerMessage);
    ScriptedPeer parrot(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command == "getheaders") self.send("headers", chain::writeHeaders(first));
        return command == "getheaders";
    });
    parrot.claimedHeight = 1'000'000;
    ScriptedPeer honest(chain);
    chain::P2pOptions wanted = options({&parrot, &honest});
    wanted.minimumWork = bitcoin::Uint256(minimumWork);
    Client client(wanted);
    QVERIFY(client.waitStatus(tipIs(4500)));
    QVERIFY(parrot.wasAsked("getheaders"));
    QVERIFY2(parrot.timesAsked("getheaders") < 20, "asked the same question on and on");
}

void TestHeaderSync::aNodeOnALongKnownForkIsHeardOut()
{
    // A node that stayed on the losing side of a deep fork that we know: 4,200 headers, more than two messages.
    ScriptedChain fork;
    fork.mineEmpty(100);
    ScriptedChain best = fork;
    best.salt = 1;
    best.mineEmpty(4201);
    fork.mineEmpty(4200);
    {
        ScriptedPeer one(fork);
        {
            Client client(options({&one}));
            QVERIFY(client.waitStatus(tipIs(4300)));
        }
        ScriptedPeer other(best);
        Client both(options({&other}));
        QVERIFY(both.waitStatus(tipIs(4301)));
    }
    ScriptedPeer lagging(fork);
    ScriptedPeer ahead(best);
    Client client(options({&ahead, &lagging}));
    QVERIFY(client.waitStatus(tipIs(4301)));
    QVERIFY(client.waitSynced(4301));
    EVENTUALLY(lagging.wasAsked("getheaders"));
    QTest::qWait(500);
    QVERIFY2(lagging.timesAsked("getheaders") < 20, "asked the same question on and on");
    QVERIFY(infoOf(client, lagging).connected);
}

void TestHeaderSync::aSlowLeaderGivesWay()
{
    ScriptedChain chain;
    chain.mineEmpty(4500);
    // Full messages, so that more is to come, and each of them gains a single header.
    std::size_t from = 1;
    ScriptedPeer crawler(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getheaders") return false;
        self.send("headers", chain::writeHeaders(headersOf(chain, from, chain::kMaxHeadersPerMessage)));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        ++from;
        return true;
    });
    crawler.claimedHeight = 1'000'000;
    ScriptedPeer honest(chain, afterQuestionsTo(crawler, 1));
    Client client(options({&crawler, &honest}));
    QVERIFY(client.waitStatus(tipIs(4500), 40'000));
    QVERIFY(infoOf(client, crawler).connected);
}

void TestHeaderSync::aLowWorkChainOverSeveralMessagesOutlivesItsLeader()
{
    ScriptedChain chain;
    chain.mineEmpty(4500);
    // The first to lead falls silent after one message and dies; the next goes on from there.
    auto first = std::make_unique<ScriptedPeer>(
        chain, [](ScriptedPeer& self, const std::string& command, base::ByteView) {
            return command == "getheaders" && self.timesAsked(command) > 1;
        });
    std::vector<base::BlockHash> askedFrom;
    const ScriptedPeer::Behaviour late = afterQuestionsTo(*first, 2);
    ScriptedPeer second(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView payload) {
        if (command == "getheaders") {
            base::Reader in(payload);
            in.u32le();
            in.compactSize(200);
            askedFrom.push_back(in.hash<base::BlockHash>());
        }
        return late(self, command, payload);
    });
    chain::P2pOptions wanted = options({first.get(), &second});
    wanted.minimumWork = bitcoin::Uint256(2 * 4001);
    wanted.timeouts.answer = chain::Millis(10'000);
    Client client(wanted);
    QVERIFY(client.waitStatus([](const ChainStatus& now) { return now.progress.peers.done == 2; }));
    QTest::qWait(300);
    QVERIFY(!second.wasAsked("getheaders")); // two would deliver the same
    QCOMPARE(client->tip().height.value, 0U);
    first.reset();
    QVERIFY(client.waitStatus(tipIs(4500)));
    QCOMPARE(askedFrom.front(), chain.blocks[2000].header.hash());
}

void TestHeaderSync::aReorgOfThousandsOfBlocksIsFollowed()
{
    ScriptedChain chain;
    chain.mineEmpty(3000);
    ScriptedPeer node(chain);
    Client client(options({&node}));
    QVERIFY(client.waitSynced(3000));
    ScriptedChain fork = chain;
    fork.cut(500);
    fork.salt = 1;
    fork.mineEmpty(3000);
    node.change([&](ScriptedChain& own) { own = fork; });
    node.send("headers", chain::writeHeaders({fork.blocks.back().header}));
    QVERIFY(client.waitStatus(tipIs(3500)));
    QCOMPARE(client->tip().hash, fork.blocks.back().header.hash());
    QVERIFY(client.waitSynced(3500));
    // And back, when the old chain has become the longer one.
    chain.mineEmpty(1500);
    node.change([&](ScriptedChain& own) { own = chain; });
    node.send("headers", chain::writeHeaders({chain.blocks.back().header}));
    QVERIFY(client.waitStatus(tipIs(4500)));
    QVERIFY(client.waitSynced(4500));
}

void TestHeaderSync::aLeaderWithALongChainOfLittleWorkDoesNotHoldUpTheTip()
{
    // We were away for 2,100 blocks. One peer claims far more than all others, and feeds us a fork that begins at
    // genesis, message by message, just fast enough never to be called slow.
    ScriptedChain chain;
    chain.mineEmpty(14'100);
    ScriptedChain before = chain;
    before.cut(12'000);
    {
        ScriptedPeer honest(before);
        Client client(options({&honest}));
        QVERIFY(client.waitStatus(tipIs(12'000)));
    }
    const std::vector<bitcoin::BlockHeader> fork = mineHeaders(regtest().genesis, 10'000, 5);
    std::size_t sent = 0;
    ScriptedPeer feeder(before, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getheaders") return false;
        const std::size_t end = std::min(fork.size(), sent + chain::kMaxHeadersPerMessage);
        const auto at = [&](std::size_t index) { return fork.begin() + static_cast<std::ptrdiff_t>(index); };
        self.sendLater(chain::Millis(4000), "headers", chain::writeHeaders({at(sent), at(end)}));
        sent = end;
        return true;
    });
    feeder.claimedHeight = 10'000'000;
    ScriptedPeer honest(chain, afterQuestionsTo(feeder, 1));
    chain::P2pOptions wanted = options({&feeder, &honest});
    wanted.timeouts.answer = chain::Millis(10'000);
    QElapsedTimer watch;
    watch.start();
    Client client(wanted);
    QVERIFY(client.waitStatus(tipIs(14'100)));
    QVERIFY2(watch.elapsed() < 15'000,
             qPrintable(QString("%1 ms").arg(watch.elapsed()))); // not five messages
    QVERIFY(infoOf(client, feeder).connected); // there may be a longer chain one day, and no lie was told
}

QTEST_GUILESS_MAIN(TestHeaderSync)
#include "tst_header_sync.moc"
