// SPDX-License-Identifier: MIT
// Many at once on real processes: fifty deposits in one ceremony after another's messages, and ten thousand accounts
// paid in batches of a thousand. Everybody agrees afterwards, every satoshi is where it should be, and how long it took
// is printed as JSON.
#include "core/crypto/hash.h"
#include "core/l2/batch.h"
#include "tests/integration/bridge/world.h"

#include <QElapsedTimer>

#include <cstdio>
#include <thread>

using namespace bowline;
using namespace bowline::test;
using base::Amount;

namespace {

constexpr std::size_t kDeposits = 50;
constexpr std::int64_t kVault = 1'000'000; // 0.01 BTC
constexpr std::size_t kPayers = 40;
constexpr std::size_t kPerPayer = 250; // 10,000 accounts
constexpr std::uint64_t kAhead = 60;   // below what the sequencer keeps of one account
constexpr std::int64_t kEach = 200;
constexpr std::size_t kClients = 4;
constexpr const char* kLongInterval = "600000"; // milliseconds: no batch while the test fills the pool

base::XOnlyPublicKey receiver(std::size_t number)
{
    // A key that nobody has to sign for: any point will do.
    return take(crypto::PrivateKey::fromBytes(
                    crypto::sha256(base::viewOf("receiver " + std::to_string(number))).view()))
        .xOnlyPublicKey();
}

/// Signs and submits without waiting for a batch.
void submit(const World& world, net::BlockingClient& sequencer, const crypto::PrivateKey& key,
            std::uint64_t nonce, const l2::Payload& payload)
{
    l2::Transaction transaction;
    transaction.nonce = nonce;
    transaction.fee = world.network.params().minFee;
    transaction.payload = payload;
    transaction = take(l2::signTransaction(transaction, world.network.params().chainId(), key));
    take(sequencer.call("tx_submit", {{"hex", base::toHex(transaction.encode())}}));
}

/// Keeps its connection; waits for a sequencer that is busy with a batch.
net::BlockingClient clientOf(const World& world)
{
    return net::BlockingClient(world.sequencer->endpoint(), {.timeout = std::chrono::minutes(2)});
}

struct Payer {
    crypto::PrivateKey key;
    std::uint64_t sent = 0;
    std::uint64_t done = 0; // in batches
};

} // namespace

class TestLoad : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void fiftyDepositsAtOnce();
    void tenThousandAccountsInBatchesOfAThousand();

private:
    [[nodiscard]] std::vector<Payer> makePayers();
    void submitAhead(std::vector<Payer>& payers) const;
    void restartSequencer(std::vector<std::string> arguments) const;
    /// Transactions of the largest batch after `first`.
    [[nodiscard]] std::size_t largestBatch(std::uint64_t first) const;

    std::unique_ptr<World> m_world;
    std::vector<std::unique_ptr<Depositor>> m_deposits;
    bool m_allMinted = false;
};

void TestLoad::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_world = std::make_unique<World>();
}

void TestLoad::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    qInfo("%s", m_world->sequencer->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

void TestLoad::fiftyDepositsAtOnce()
{
    // All in one block: two blocks for each would let half of the first ones' refund time pass (rule A14).
    for (std::size_t i = 0; i < kDeposits; ++i) {
        m_deposits.push_back(std::make_unique<Depositor>(*m_world, Amount::fromSat(kVault), 0));
    }
    m_world->mine(2);
    const int start = m_world->bitcoin->height();
    QElapsedTimer clock;
    clock.start();
    const auto minted = [this] {
        return static_cast<std::size_t>(
            std::count_if(m_deposits.begin(), m_deposits.end(), [](const auto& one) {
                if (one->isMinted()) return true;
                one->step();
                return false;
            }));
    };
    constexpr int kBlocks = 60;
    std::size_t done = 0;
    for (int block = 0; block < kBlocks && (done = minted()) < kDeposits; ++block) {
        m_world->bitcoin->mine(1);
        QThread::msleep(1'500);
    }
    QCOMPARE(done, kDeposits);
    std::printf("{\"figure\": \"load_deposits\", \"deposits\": %zu, \"blocks\": %d, \"seconds\": %.1f}\n",
                kDeposits, m_world->bitcoin->height() - start, static_cast<double>(clock.elapsed()) / 1e3);
    for (const auto& one : m_deposits) {
        QCOMPARE(m_world->account(one->account.xOnlyPublicKey()).btc.sat(), kVault);
        QVERIFY(m_world->isUnspent(one->deposit().vault())); // by bitcoind's word
        QCOMPARE(m_world->vaultStatus(one->deposit().vault()), std::optional(l2::VaultStatus::Live));
    }
    QVERIFY(m_world->allAgree());
    m_allMinted = true;
}

std::vector<Payer> TestLoad::makePayers()
{
    std::vector<Payer> out;
    const Amount needed =
        (Amount::fromSat(kEach) + m_world->network.params().minFee) * static_cast<std::int64_t>(kPerPayer);
    net::BlockingClient sequencer = clientOf(*m_world);
    for (std::size_t i = 0; i < kPayers; ++i) {
        out.push_back({take(crypto::PrivateKey::generate())});
        submit(*m_world, sequencer, m_deposits[i]->account, 0,
               l2::Transfer{out.back().key.xOnlyPublicKey(), needed});
    }
    const bool paid = within(60, [&] {
        return std::all_of(out.begin(), out.end(), [&](const Payer& payer) {
            return m_world->account(payer.key.xOnlyPublicKey()).btc == needed;
        });
    });
    if (!paid) qFatal("the payers have no money");
    return out;
}

/// As far ahead of each account as the sequencer allows, by several clients at once.
void TestLoad::submitAhead(std::vector<Payer>& payers) const
{
    std::vector<std::thread> clients;
    for (std::size_t client = 0; client < kClients; ++client) {
        clients.emplace_back([this, client, &payers] {
            net::BlockingClient sequencer = clientOf(*m_world);
            for (std::size_t i = client; i < payers.size(); i += kClients) {
                Payer& payer = payers[i];
                while (payer.sent < std::min<std::uint64_t>(payer.done + kAhead, kPerPayer)) {
                    const auto to = receiver(i * kPerPayer + payer.sent);
                    submit(*m_world, sequencer, payer.key, payer.sent++,
                           l2::Transfer{to, Amount::fromSat(kEach)});
                }
            }
        });
    }
    for (std::thread& client : clients) client.join();
}

void TestLoad::restartSequencer(std::vector<std::string> arguments) const
{
    QCOMPARE(m_world->sequencer->stop(), 0);
    m_world->sequencer->setExtra(std::move(arguments));
    m_world->sequencer->launch();
}

std::size_t TestLoad::largestBatch(std::uint64_t first) const
{
    std::size_t largest = 0;
    for (std::uint64_t number = first; number <= m_world->sequencer->head(); ++number) {
        const auto hex = m_world->sequencer->must("chain_batch", {{"n", number}});
        const auto bytes = take(base::fromHex(boost::json::value_to<std::string>(hex)));
        largest = std::max(largest, take(l2::parseSignedBatch(bytes)).body.transactions.size());
    }
    return largest;
}

void TestLoad::tenThousandAccountsInBatchesOfAThousand()
{
    QVERIFY2(m_allMinted, "needs the deposits");
    std::vector<Payer> payers = makePayers();
    // However slow this machine is, more than a batch holds waits when the first one is made, and it outlives a restart.
    restartSequencer({"--interval", kLongInterval});
    submitAhead(payers);
    const auto waits = [this] {
        return m_world->sequencer->must("node_info").at("waiting").to_number<std::size_t>();
    };
    // A batch that was due when the sequencer came back may have taken the first ones. None is lost.
    const auto known = [&] {
        std::size_t out = waits();
        for (const Payer& payer : payers) out += m_world->account(payer.key.xOnlyPublicKey()).nonce;
        return out;
    };
    QTRY_COMPARE_WITH_TIMEOUT(known(), kPayers * kAhead, 30'000);
    const std::size_t waiting = waits();
    QVERIFY2(waiting > 2'000, qPrintable(QString::number(waiting)));
    const std::uint64_t first = m_world->sequencer->head() + 1;
    restartSequencer({});
    QElapsedTimer clock;
    clock.start();
    for (bool open = true; open;) {
        open = false;
        for (Payer& payer : payers) {
            payer.done = m_world->account(payer.key.xOnlyPublicKey()).nonce;
            open = open || payer.done < kPerPayer;
        }
        submitAhead(payers);
        QVERIFY2(clock.elapsed() < 600'000, "ten thousand transfers take more than ten minutes");
    }
    const double seconds = static_cast<double>(clock.elapsed()) / 1e3;
    const std::size_t largest = largestBatch(first);
    std::printf(
        "{\"figure\": \"load_transfers\", \"accounts\": %zu, \"waiting_at_first\": %zu, \"seconds\": %.1f, "
        "\"transfers_per_second\": %.1f, \"largest_batch\": %zu}\n",
        kPayers * kPerPayer, waiting, seconds, static_cast<double>(kPayers * kPerPayer) / seconds, largest);
    QVERIFY(largest >= 1'000);
    for (std::size_t i = 0; i < kPayers * kPerPayer; i += 37) {
        QCOMPARE(m_world->account(receiver(i)).btc.sat(), kEach);
    }
    for (const Payer& payer : payers) {
        QCOMPARE(m_world->account(payer.key.xOnlyPublicKey()).btc.sat(), std::int64_t{0});
    }
    QVERIFY(m_world->allAgree());
}

QTEST_GUILESS_MAIN(TestLoad)
#include "tst_load.moc"
