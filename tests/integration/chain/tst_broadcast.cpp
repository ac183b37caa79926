// SPDX-License-Identifier: MIT
// Broadcasting through the light client, judged by the mempool and the blocks of a real bitcoind that refuses
// non-standard transactions.
#include "tests/integration/chain/probe.h"
#include "tests/support/bitcoind.h"
#include "tests/support/patience.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

using namespace bowline;
using namespace bowline::test;
using bitcoin::Transaction;
using chain::BroadcastState;

class TestBroadcast : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void aTransactionReachesTheMempoolAndABlock();
    void aZeroFeeParentGoesInWithItsChild();
    void aChildThatPaysMoreReplacesThePackage();
    void anotherNodeAnnouncesItBack();
    void isAnnouncedToANodeThatComesLater();
    void aForgottenTransactionIsNotServed();
    void aNodeThatWantsBlocksOnlyIsKeptAndToldOfNothing();

private:
    struct Coin {
        bitcoin::OutPoint outpoint;
        base::Amount value;
        base::Bytes script;
    };
    [[nodiscard]] Coin matureCoin() const;
    [[nodiscard]] base::Bytes freshScript() const;
    /// Signed by the node's wallet; `parents` are outputs that it does not know yet.
    [[nodiscard]] Transaction sign(const Transaction& unsignedOne,
                                   const std::vector<Transaction>& parents) const;
    [[nodiscard]] Transaction simpleSpend(base::Amount fee) const;
    struct Package {
        Transaction parent;
        Transaction child;
    };
    [[nodiscard]] Package zeroFeePackage(base::Amount childFee) const;
    [[nodiscard]] Transaction childOf(const Transaction& parent, base::Amount fee) const;
    [[nodiscard]] bool inMempool(const Bitcoind& node, const Transaction& transaction) const
    {
        return node.tryCli({"getmempoolentry", transaction.txid().displayHex()}).exitCode == 0;
    }

    /// QTRY_ macros count their pauses only, and asking takes long.
    [[nodiscard]] bool waitForMempool(const Bitcoind& node, const Transaction& transaction, int millis) const
    {
        return QTest::qWaitFor([&] { return inMempool(node, transaction); }, millis);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Bitcoind> m_node;
};

void TestBroadcast::init()
{
    SKIP_WITHOUT_BITCOIND();
    m_dir = std::make_unique<QTemporaryDir>();
    m_node = Bitcoind::start();
    m_node->mine(110);
}

void TestBroadcast::cleanup() { m_node.reset(); }

TestBroadcast::Coin TestBroadcast::matureCoin() const
{
    const auto coins = m_node->json({"listunspent", "100"}).as_array();
    const auto& coin = coins.at(0).as_object();
    Coin out;
    out.outpoint.txid =
        base::Txid::fromDisplayHex(boost::json::value_to<std::string>(coin.at("txid"))).value();
    out.outpoint.index = boost::json::value_to<std::uint32_t>(coin.at("vout"));
    out.script = base::fromHex(boost::json::value_to<std::string>(coin.at("scriptPubKey"))).value();
    const auto shown =
        m_node->json({"gettxout", out.outpoint.txid.displayHex(), std::to_string(out.outpoint.index)});
    out.value =
        base::parseBtc(std::to_string(shown.at("value").to_number<int>())).value(); // coinbase: whole BTC
    return out;
}

base::Bytes TestBroadcast::freshScript() const
{
    const auto info = m_node->json({"getaddressinfo", m_node->newAddress()}).as_object();
    return base::fromHex(boost::json::value_to<std::string>(info.at("scriptPubKey"))).value();
}

Transaction TestBroadcast::sign(const Transaction& unsignedOne, const std::vector<Transaction>& parents) const
{
    boost::json::array known;
    for (const Transaction& parent : parents) {
        for (std::size_t i = 0; i < parent.outputs.size(); ++i) {
            boost::json::object entry;
            entry["txid"] = parent.txid().displayHex();
            entry["vout"] = i;
            entry["scriptPubKey"] = base::toHex(parent.outputs[i].scriptPubKey);
            entry["amount"] = base::formatBtc(parent.outputs[i].value);
            known.push_back(entry);
        }
    }
    const auto answer = m_node->json({"signrawtransactionwithwallet", base::toHex(unsignedOne.serialize()),
                                      boost::json::serialize(known)});
    const auto hex = boost::json::value_to<std::string>(answer.at("hex"));
    return bitcoin::parseTransaction(base::fromHex(hex).value()).value();
}

Transaction TestBroadcast::simpleSpend(base::Amount fee) const
{
    const Coin coin = matureCoin();
    Transaction out;
    out.inputs.push_back({coin.outpoint, {}, bitcoin::kSequenceReplaceable, {}});
    out.outputs.push_back({coin.value - fee, freshScript()});
    return sign(out, {});
}

Transaction TestBroadcast::childOf(const Transaction& parent, base::Amount fee) const
{
    Transaction child;
    child.version = 3;
    child.inputs.push_back({{parent.txid(), 0}, {}, bitcoin::kSequenceReplaceable, {}});
    child.inputs.push_back(
        {{parent.txid(), 1}, {}, bitcoin::kSequenceReplaceable, {}}); // the anchor: no witness
    child.outputs.push_back({parent.outputs[0].value - fee, freshScript()});
    return sign(child, {parent});
}

TestBroadcast::Package TestBroadcast::zeroFeePackage(base::Amount childFee) const
{
    const Coin coin = matureCoin();
    Transaction parent;
    parent.version = 3;
    parent.inputs.push_back({coin.outpoint, {}, bitcoin::kSequenceReplaceable, {}});
    parent.outputs.push_back({coin.value, freshScript()});
    parent.outputs.push_back({base::Amount::fromSat(0), bitcoin::payToAnchor()});
    parent = sign(parent, {});
    return {parent, childOf(parent, childFee)};
}

void TestBroadcast::aTransactionReachesTheMempoolAndABlock()
{
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    const Transaction transaction = simpleSpend(base::Amount::fromSat(1000));
    std::mutex mutex;
    std::vector<BroadcastState> states;
    const auto handler = client->handleBroadcast([&](const chain::BroadcastStatus& status) {
        const std::lock_guard lock(mutex);
        if (status.txid == transaction.txid()) states.push_back(status.state);
    });
    EventLog log;
    const auto follower = client.follow(log, {{}, {111}, {transaction.outputs[0].scriptPubKey}});
    client->broadcast({transaction});
    QVERIFY(waitForMempool(*m_node, transaction, 30'000));
    QVERIFY(client->broadcastStatus(transaction.txid())->state == BroadcastState::Requested);
    QCOMPARE(client->broadcastStatus(transaction.txid())->requestedBy, std::uint32_t{1});
    m_node->mine(1);
    QVERIFY(log.waitForBlock(111));
    EVENTUALLY(client->broadcastStatus(transaction.txid())->state == BroadcastState::Mined);
    const std::lock_guard lock(mutex);
    QVERIFY(std::is_sorted(states.begin(), states.end()));
    QVERIFY(states.back() == BroadcastState::Mined);
}

void TestBroadcast::aZeroFeeParentGoesInWithItsChild()
{
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    const Package package = zeroFeePackage(base::Amount::fromSat(5000));
    // By itself the node refuses the parent.
    const auto alone =
        m_node->json({"testmempoolaccept", "[\"" + base::toHex(package.parent.serialize()) + "\"]"});
    QVERIFY(!alone.at(0).at("allowed").as_bool());
    client->broadcast({package.parent, package.child});
    QVERIFY(waitForMempool(*m_node, package.child, 60'000));
    QVERIFY(inMempool(*m_node, package.parent));
    m_node->mine(1);
    const auto spent = m_node->tryCli({"gettxout", package.parent.txid().displayHex(), "0"});
    QVERIFY(spent.out.empty()); // the child spent it, in the same block
    QVERIFY(!m_node->cli({"gettxout", package.child.txid().displayHex(), "0"}).empty());
}

void TestBroadcast::aChildThatPaysMoreReplacesThePackage()
{
    // A fee spike: the first child pays too little, its parent stays out; a better child brings both in.
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    const Package package = zeroFeePackage(base::Amount::fromSat(10)); // far below 1 sat/vB
    client->broadcast({package.parent, package.child});
    QTRY_VERIFY_WITH_TIMEOUT(client->broadcastStatus(package.child.txid()).has_value() &&
                                 client->broadcastStatus(package.child.txid())->state ==
                                     BroadcastState::Requested,
                             30'000);
    QTest::qWait(1000);
    QVERIFY(!inMempool(*m_node, package.child));
    const Transaction better = childOf(package.parent, base::Amount::fromSat(5000));
    client->forget(package.child.txid());
    client->broadcast({package.parent, better});
    QVERIFY(waitForMempool(*m_node, better, 60'000));
    QVERIFY(inMempool(*m_node, package.parent));
}

void TestBroadcast::anotherNodeAnnouncesItBack()
{
    const auto second = Bitcoind::start({{}, {m_node->p2pAddress()}});
    QTRY_COMPARE_WITH_TIMEOUT(second->height(), 110, 30'000);
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress(), second->p2pAddress()});
    QVERIFY(
        client.waitStatus([](const chain::ChainStatus& status) { return status.progress.peers.done == 2; }));
    QVERIFY(client.waitSynced(110));
    const Transaction transaction = simpleSpend(base::Amount::fromSat(1000));
    client->broadcast({transaction});
    QTRY_VERIFY_WITH_TIMEOUT(client->broadcastStatus(transaction.txid()).has_value() &&
                                 client->broadcastStatus(transaction.txid())->state == BroadcastState::Seen,
                             40'000);
    QVERIFY(inMempool(*m_node, transaction));
    QVERIFY(inMempool(*second, transaction));
    QCOMPARE(client->broadcastStatus(transaction.txid())->requestedBy, std::uint32_t{1});
}

void TestBroadcast::isAnnouncedToANodeThatComesLater()
{
    const Transaction transaction = simpleSpend(base::Amount::fromSat(1000));
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    m_node->stop();
    QVERIFY(
        client.waitStatus([](const chain::ChainStatus& status) { return status.progress.peers.done == 0; }));
    client->broadcast({transaction});
    EVENTUALLY(client->broadcastStatus(transaction.txid()).has_value());
    QVERIFY(client->broadcastStatus(transaction.txid())->state == BroadcastState::Waiting);
    m_node->restart();
    QVERIFY(waitForMempool(*m_node, transaction, 60'000));
}

void TestBroadcast::aForgottenTransactionIsNotServed()
{
    Client client(m_dir->path().toStdString(), {m_node->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    const Transaction transaction = simpleSpend(base::Amount::fromSat(1000));
    client->broadcast({transaction});
    client->forget(transaction.txid());
    // The node asks two seconds after the announcement; by then nothing is served.
    QTest::qWait(5000);
    QVERIFY(!inMempool(*m_node, transaction));
    QVERIFY(!client->broadcastStatus(transaction.txid()));
}

/// Such a node hangs up on whoever announces a transaction to it, and would be lost as a source of blocks.
void TestBroadcast::aNodeThatWantsBlocksOnlyIsKeptAndToldOfNothing()
{
    const auto quiet = Bitcoind::start({{"-blocksonly"}, {m_node->p2pAddress()}});
    QTRY_COMPARE_WITH_TIMEOUT(quiet->height(), 110, 30'000);
    Client client(m_dir->path().toStdString(), {quiet->p2pAddress()});
    QVERIFY(client.waitSynced(110));
    const auto connection = [&quiet] { // by the node's word
        const auto peers = quiet->json({"getpeerinfo"}).as_array();
        std::optional<std::int64_t> id;
        for (const auto& peer : peers) {
            if (peer.at("inbound").as_bool()) id = peer.at("id").to_number<std::int64_t>();
        }
        return id;
    };
    const auto before = connection();
    QVERIFY(before.has_value());
    const Transaction transaction = simpleSpend(base::Amount::fromSat(1000));
    client->broadcast({transaction});
    EVENTUALLY(client->broadcastStatus(transaction.txid()).has_value());
    QTest::qWait(3'000);
    QVERIFY(connection() == before);
    QVERIFY(client->broadcastStatus(transaction.txid())->state == BroadcastState::Waiting);
    m_node->mine(1);
    QVERIFY(client.waitSynced(111)); // and serves blocks on
}

QTEST_GUILESS_MAIN(TestBroadcast)
#include "tst_broadcast.moc"
