// SPDX-License-Identifier: MIT
// The light client against a real bitcoind: what it delivers is held against what bitcoin-cli says.
#include "tests/integration/chain/probe.h"
#include "tests/support/bitcoind.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

using namespace bowline;
using namespace bowline::test;
using chain::BlockConnected;
using chain::BlockDisconnected;
using chain::BlockEvent;

class TestLightClient : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void syncsAndFindsAPayment();
    void findsTheSpendingToo();
    void deliversAReorgFromTheTopDown();
    void resumesAfterARestartAcrossAReorg();
    void looksAgainWhenAScriptIsAdded();
    void looksAgainFromWithinACallback();
    void tellsOfANewBlockWithinASecond();
    void worksWithANodeWhoseTipIsDaysOld();
    void comparesTwoNodesAndSurvivesTheLossOfOne();
    void followsTheNodeWithMoreWork();
    void fetchesAnyBlockAndRefusesUnknownOnes();
    void waitsForANodeThatStartsLater();

private:
    [[nodiscard]] base::Bytes scriptOf(const std::string& address) const
    {
        const auto info = m_node->json({"getaddressinfo", address}).as_object();
        return base::fromHex(boost::json::value_to<std::string>(info.at("scriptPubKey"))).value();
    }
    [[nodiscard]] std::string folder() const { return m_dir->path().toStdString(); }
    [[nodiscard]] static base::BlockHash hashOf(const std::string& shown)
    {
        return base::BlockHash::fromDisplayHex(shown).value();
    }
    [[nodiscard]] base::BlockHash nodeHash(int height) const
    {
        return hashOf(m_node->cli({"getblockhash", std::to_string(height)}));
    }
    /// Whether a block delivered whole holds the transaction.
    [[nodiscard]] static bool holds(const BlockConnected& event, const std::string& txid)
    {
        for (const bitcoin::Transaction& transaction : event.block->transactions) {
            if (transaction.txid().displayHex() == txid) return true;
        }
        return false;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Bitcoind> m_node;
};

void TestLightClient::init()
{
    SKIP_WITHOUT_BITCOIND();
    m_dir = std::make_unique<QTemporaryDir>();
    m_node = Bitcoind::start();
}

void TestLightClient::cleanup() { m_node.reset(); }

void TestLightClient::syncsAndFindsAPayment()
{
    m_node->mine(520);
    const std::string address = m_node->newAddress();
    const std::string txid = m_node->send(address, "1.5");
    m_node->mine(10);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(address)}});
    QVERIFY(log.waitForBlock(530));
    QVERIFY(client.waitSynced(530));

    const auto connected = log.connected();
    QCOMPARE(connected.size(), std::size_t{530});
    for (std::size_t i = 0; i < connected.size(); ++i)
        QCOMPARE(connected[i].height.value, std::uint32_t(i + 1));
    QCOMPARE(connected.back().hash, hashOf(m_node->bestBlock()));
    const auto matched = log.matched();
    QCOMPARE(matched.size(), std::size_t{1});
    QCOMPARE(matched[0].height.value, std::uint32_t{521});
    QVERIFY(holds(matched[0], txid));

    const auto info = m_node->json({"getblockchaininfo"}).as_object();
    QCOMPARE(client->tip().work.hex(), boost::json::value_to<std::string>(info.at("chainwork")));
    QVERIFY(client->status()->progress.filterHeadersFromOnePeer);
    QCOMPARE(client->heightOf(nodeHash(300))->value, std::uint32_t{300});
    QCOMPARE(client->headerAt({300})->hash, nodeHash(300));
    QVERIFY(!client->headerAt({531}));
}

void TestLightClient::findsTheSpendingToo()
{
    const std::string miner = m_node->newAddress();
    m_node->mine(1, miner);
    m_node->mine(100);
    // The wallet's only mature coin is the one paid to `miner`: this spends it.
    const std::string txid = m_node->send(m_node->newAddress(), "10");
    m_node->mine(1);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const auto follower = client.follow(log, {{}, {2}, {scriptOf(miner)}});
    QVERIFY(log.waitForBlock(102));
    const auto matched = log.matched();
    QCOMPARE(matched.size(), std::size_t{1});
    QVERIFY(holds(matched[0], txid));
}

void TestLightClient::deliversAReorgFromTheTopDown()
{
    m_node->mine(110);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const std::string address = m_node->newAddress();
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(address)}});
    QVERIFY(log.waitForBlock(110));
    const std::string paid = m_node->send(address, "1");
    m_node->mine(3);
    QVERIFY(log.waitForBlock(113));
    const std::vector<base::BlockHash> old{nodeHash(113), nodeHash(112), nodeHash(111)};
    log.clear();

    m_node->cli({"invalidateblock", old[2].displayHex()});
    m_node->mine(5);
    QVERIFY(log.waitForBlock(115));
    const auto events = log.all();
    QVERIFY(events.size() >= 8);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& gone = std::get<BlockDisconnected>(events[i]);
        QCOMPARE(gone.hash, old[i]);
        QCOMPARE(gone.height.value, std::uint32_t(113 - i));
    }
    const auto connected = log.connected();
    QCOMPARE(connected.size(), std::size_t{5});
    for (std::size_t i = 0; i < 5; ++i) QCOMPARE(connected[i].hash, nodeHash(static_cast<int>(111 + i)));
    // The payment went back to the mempool and into the first new block.
    QCOMPARE(log.matched().size(), std::size_t{1});
    QVERIFY(holds(log.matched()[0], paid));
}

void TestLightClient::resumesAfterARestartAcrossAReorg()
{
    m_node->mine(120);
    std::vector<chain::BlockRef> processed;
    {
        Client client(folder(), {m_node->p2pAddress()});
        EventLog log;
        const auto follower = client.follow(log, {{}, {1}, {scriptOf(m_node->newAddress())}});
        QVERIFY(log.waitForBlock(120));
        for (const BlockConnected& one : log.connected())
            processed.insert(processed.begin(), {one.height, one.hash});
    }
    m_node->cli({"invalidateblock", processed[1].hash.displayHex()}); // 119 and 120 go
    m_node->mine(4);

    Client client(folder(), {m_node->p2pAddress()});
    QCOMPARE(client->tip().height.value, std::uint32_t{120}); // from the store, before any peer answered
    EventLog log;
    const auto follower = client.follow(log, {processed, {1}, {scriptOf(m_node->newAddress())}});
    QVERIFY(log.waitForBlock(122));
    const auto events = log.all();
    QCOMPARE(events.size(), std::size_t{6});
    QCOMPARE(std::get<BlockDisconnected>(events[0]).hash, processed[0].hash);
    QCOMPARE(std::get<BlockDisconnected>(events[1]).hash, processed[1].hash);
    QCOMPARE(std::get<BlockConnected>(events[2]).hash, nodeHash(119));
    QCOMPARE(std::get<BlockConnected>(events[5]).hash, hashOf(m_node->bestBlock()));
}

void TestLightClient::looksAgainWhenAScriptIsAdded()
{
    m_node->mine(101);
    const std::string early = m_node->newAddress();
    const std::string txid = m_node->send(early, "2");
    m_node->mine(20);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(m_node->newAddress())}});
    QVERIFY(log.waitForBlock(121));
    QVERIFY(log.matched().empty());

    follower->watch({scriptOf(early)}, {50});
    QVERIFY(log.waitUntil([](const auto& events) {
        return std::get_if<BlockConnected>(&events.back()) != nullptr &&
               std::get<BlockConnected>(events.back()).again;
    }));
    const auto again = log.matched(true);
    QCOMPARE(again.size(), std::size_t{1});
    QCOMPARE(again[0].height.value, std::uint32_t{102});
    QVERIFY(holds(again[0], txid));
    // The walk goes on where it was.
    m_node->mine(1);
    QVERIFY(log.waitForBlock(122));
    QCOMPARE(log.connected().size(), std::size_t{122});
}

void TestLightClient::looksAgainFromWithinACallback()
{
    // As a wallet does that derives further scripts when one of the last is paid.
    m_node->mine(101);
    const std::string first = m_node->newAddress();
    const std::string second = m_node->newAddress();
    m_node->send(first, "1");
    m_node->mine(1);
    const std::string txid = m_node->send(second, "1");
    m_node->mine(2);
    const base::Bytes secondScript = scriptOf(second);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    std::unique_ptr<chain::Follower> follower;
    std::mutex ready;
    std::unique_lock lock(ready);
    follower = client->follow({{}, {1}, {scriptOf(first)}}, [&](const BlockEvent& event) {
        const std::lock_guard wait(ready); // until `follower` is assigned
        const auto* connected = std::get_if<BlockConnected>(&event);
        if (connected != nullptr && connected->block) follower->watch({secondScript}, connected->height);
        log.add(event);
    });
    lock.unlock();
    QVERIFY(log.waitForBlock(104));
    std::vector<BlockConnected> found = log.matched();
    const auto holdsSecond = [&](const BlockConnected& event) { return holds(event, txid); };
    QVERIFY(std::any_of(found.begin(), found.end(), holdsSecond));
}

void TestLightClient::tellsOfANewBlockWithinASecond()
{
    m_node->mine(110);
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const std::string address = m_node->newAddress();
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(address)}});
    QVERIFY(log.waitForBlock(110));
    QVERIFY(client.waitSynced(110));
    std::vector<qint64> latencies;
    for (std::uint32_t height = 111; height <= 115; ++height) {
        m_node->send(address, "0.1");
        QElapsedTimer timer;
        m_node->mine(1);
        timer.start();
        QVERIFY(log.waitForBlock(height, std::chrono::seconds(10)));
        latencies.push_back(timer.elapsed());
    }
    std::sort(latencies.begin(), latencies.end());
    qInfo("block to event: median %lld ms, worst %lld ms", latencies[2], latencies.back());
    QVERIFY(latencies[2] < 1000);
    QCOMPARE(log.matched().size(), std::size_t{5});
}

void TestLightClient::worksWithANodeWhoseTipIsDaysOld()
{
    const std::int64_t threeDaysAgo = base::SystemClock{}.now() - 3 * 24 * 3600;
    m_node->cli({"setmocktime", std::to_string(threeDaysAgo)});
    m_node->mine(120);
    m_node->stop();
    m_node->restart();
    const auto info = m_node->json({"getblockchaininfo"}).as_object();
    QVERIFY(info.at("initialblockdownload").as_bool()); // the node itself thinks it is not in step
    Client client(folder(), {m_node->p2pAddress()});
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(m_node->newAddress())}});
    QVERIFY(log.waitForBlock(120));
    m_node->mine(1);
    QVERIFY(log.waitForBlock(121));
}

void TestLightClient::comparesTwoNodesAndSurvivesTheLossOfOne()
{
    const auto second = Bitcoind::start({{}, {m_node->p2pAddress()}});
    m_node->mine(130);
    const std::string best = m_node->bestBlock();
    QTRY_COMPARE_WITH_TIMEOUT(second->bestBlock(), best, 30'000);
    Client client(folder(), {m_node->p2pAddress(), second->p2pAddress()});
    EventLog log;
    const std::string address = m_node->newAddress();
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(address)}});
    QVERIFY(log.waitForBlock(130));
    QVERIFY(client.waitStatus([](const chain::ChainStatus& status) {
        return status.progress.peers.done == 2 && !status.progress.filterHeadersFromOnePeer;
    }));
    second->kill();
    QVERIFY(
        client.waitStatus([](const chain::ChainStatus& status) { return status.progress.peers.done == 1; }));
    m_node->send(address, "1");
    m_node->mine(1);
    QVERIFY(log.waitForBlock(131));
    QCOMPARE(log.matched().size(), std::size_t{1});
    QVERIFY(client.waitStatus(
        [](const chain::ChainStatus& now) { return now.progress.filterHeadersFromOnePeer; }));
    const auto status = client->status();
    const auto lost = std::find_if(status->peers.begin(), status->peers.end(),
                                   [](const chain::PeerInfo& peer) { return !peer.connected; });
    QVERIFY(lost != status->peers.end());
    QVERIFY(lost->verdict == chain::PeerVerdict::Offline); // its end is no crime
    QCOMPARE(lost->bannedUntil, base::UnixTime{0});

    second->restart();
    QTRY_COMPARE_WITH_TIMEOUT(second->height(), 131, 30'000);
    QVERIFY(client.waitStatus([](const chain::ChainStatus& now) {
        return now.progress.peers.done == 2 && !now.progress.filterHeadersFromOnePeer;
    }));
}

void TestLightClient::followsTheNodeWithMoreWork()
{
    const auto second = Bitcoind::start(); // not connected to the first: a chain of its own
    m_node->mine(20);
    second->mine(30);
    Client client(folder(), {m_node->p2pAddress(), second->p2pAddress()});
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {scriptOf(m_node->newAddress())}});
    QVERIFY(client.waitSynced(30));
    QCOMPARE(client->tip().hash, hashOf(second->bestBlock()));
    m_node->mine(15);
    QVERIFY(client.waitSynced(35));
    QCOMPARE(client->tip().hash, hashOf(m_node->bestBlock()));
    QVERIFY(log.waitForBlock(35));
    // Whatever way it took, the blocks that stand are those of the first node.
    std::vector<base::BlockHash> standing;
    for (const BlockEvent& event : log.all()) {
        if (const auto* connected = std::get_if<BlockConnected>(&event)) {
            QCOMPARE(std::size_t{connected->height.value}, standing.size() + 1);
            standing.push_back(connected->hash);
        } else {
            QCOMPARE(std::get<BlockDisconnected>(event).hash, standing.back());
            standing.pop_back();
        }
    }
    for (std::size_t i = 0; i < standing.size(); ++i)
        QCOMPARE(standing[i], nodeHash(static_cast<int>(i + 1)));
}

void TestLightClient::fetchesAnyBlockAndRefusesUnknownOnes()
{
    m_node->mine(15);
    Client client(folder(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(15));
    const auto block = chain::blockOf(*client, nodeHash(7)).get();
    QVERIFY(block.ok());
    QCOMPARE(base::toHex((*block)->serialize()), m_node->cli({"getblock", nodeHash(7).displayHex(), "0"}));
    const auto unknown = chain::blockOf(*client, base::BlockHash{{1, 2, 3}}).get();
    QVERIFY(!unknown.ok());
    QVERIFY(unknown.error().code == chain::kUnknownBlock);
    client->stop();
    const auto stopped = chain::blockOf(*client, nodeHash(7)).get();
    QVERIFY(!stopped.ok() && stopped.error().code == chain::kStopped);
}

void TestLightClient::waitsForANodeThatStartsLater()
{
    m_node->mine(5);
    m_node->stop();
    Client client(folder(), {m_node->p2pAddress()});
    QTest::qWait(300);
    QVERIFY(!client->status()->progress.synced);
    m_node->restart();
    QVERIFY(client.waitSynced(5));
}

QTEST_GUILESS_MAIN(TestLightClient)
#include "tst_light_client.moc"
