// SPDX-License-Identifier: MIT
// The devnet's miner that makes blocks only when something waits for them, above a real bitcoind and with a network file as
// the devnet writes it.
#include "app/devnet/genesis_plan.h"
#include "app/devnet/needed_blocks.h"
#include "core/l2/params.h"
#include "tests/support/bitcoind.h"
#include "tests/support/results.h"

#include <QtTest>

#include <fstream>
#include <sstream>

using namespace bowline;
using namespace bowline::test;

class TestNeededBlocks : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void nothingWaitsAndNothingIsMined();
    void aTransactionGetsItsDepth();
    void anotherOneBeginsAnew();
    void failuresAreNamed();

private:
    /// How many blocks steps mine until one mines none; -1 if a step mined another number than one, or there is no end.
    int minedUntilRest();
    [[nodiscard]] int confirmationsOf(const std::string& txid) const;
    std::string pay()
    {
        return must(devnet::pay(m_state, m_node->newAddress(), base::Amount::fromSat(20'000)));
    }

    QTemporaryDir m_dir;
    std::unique_ptr<Bitcoind> m_node;
    devnet::State m_state;
    std::uint32_t m_depth = 0;
};

void TestNeededBlocks::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_node = Bitcoind::start({{"-fallbackfee=0.0001", "-txindex=1"}, {}});
    m_node->cli({"-named", "createwallet", "wallet_name=miner"});
    m_state.dir = m_dir.path().toStdString();
    m_state.programFolder = BOWLINE_BINARY_DIR "/bin";
    m_state.networkFile = m_state.dir + "/network.json";
    m_state.bitcoinDatadir = m_node->dataDir();
    m_state.bitcoinRpc = "127.0.0.1:" + std::to_string(m_node->rpcPort());
    static_cast<void>(must(devnet::mine(m_state, 110)));
    const auto written = devnet::writeNetworkFile(m_state, "127.0.0.1:1", 1, 1);
    QVERIFY2(written.ok(), written.ok() ? "" : written.error().detail.c_str());
    // The devnet's own depth is 1; a network that wants more shows that the file is read.
    l2::Network network;
    {
        std::ifstream in(m_state.networkFile);
        std::ostringstream text;
        text << in.rdbuf();
        network = must(l2::parseNetworkJson(text.str()));
    }
    m_depth = network.params.depth + 2;
    network.params.depth = m_depth;
    std::ofstream(m_state.networkFile) << l2::toNetworkJson(network);
}

int TestNeededBlocks::minedUntilRest()
{
    const int before = m_node->height();
    auto needed = must(devnet::NeededBlocks::on(m_state));
    int steps = 0;
    while (must(needed.step())) {
        ++steps;
        if (m_node->height() != before + steps || steps > 100) return -1; // one a step, and an end
    }
    return m_node->height() - before == steps ? steps : -1;
}

int TestNeededBlocks::confirmationsOf(const std::string& txid) const
{
    return m_node->json({"getrawtransaction", txid, "1"}).at("confirmations").to_number<int>();
}

void TestNeededBlocks::nothingWaitsAndNothingIsMined()
{
    QCOMPARE(minedUntilRest(), 0);
    QCOMPARE(minedUntilRest(), 0);
}

void TestNeededBlocks::aTransactionGetsItsDepth()
{
    const std::string txid = pay();
    QCOMPARE(minedUntilRest(), static_cast<int>(1 + m_depth));
    QCOMPARE(confirmationsOf(txid), static_cast<int>(1 + m_depth)); // m_depth blocks above its own
    QCOMPARE(minedUntilRest(), 0);
}

// One that comes while the blocks of the one before are owed is as deep as that in the end, in no more blocks than it needs.
void TestNeededBlocks::anotherOneBeginsAnew()
{
    auto needed = must(devnet::NeededBlocks::on(m_state));
    pay();
    QVERIFY(must(needed.step()));
    QVERIFY(must(needed.step()));
    const std::string second = pay();
    const int before = m_node->height();
    while (must(needed.step())) QVERIFY(m_node->height() < before + 100);
    QCOMPARE(m_node->height(), before + static_cast<int>(1 + m_depth));
    QCOMPARE(confirmationsOf(second), static_cast<int>(1 + m_depth));
    QVERIFY(!must(needed.step()));
}

void TestNeededBlocks::failuresAreNamed()
{
    devnet::State elsewhere = m_state;
    elsewhere.networkFile = m_state.dir + "/nothing.json";
    QCOMPARE(codeOf(devnet::NeededBlocks::on(elsewhere)), std::string(devnet::kBadState.name()));
    auto needed = must(devnet::NeededBlocks::on(m_state));
    m_node->stop();
    const auto step = needed.step();
    QVERIFY(!step.ok()); // with the words of bitcoin-cli
    QVERIFY2(!step.error().detail.empty(), step.error().code.name().data());
    m_node->restart();
    m_node->cli({"loadwallet", "miner"});
    QVERIFY(!must(needed.step()));
}

QTEST_GUILESS_MAIN(TestNeededBlocks)
#include "tst_needed_blocks.moc"
