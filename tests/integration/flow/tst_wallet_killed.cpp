// SPDX-License-Identifier: MIT
// The wallet's process dies by SIGKILL in the middle of a deposit and of withdrawals, again and again, and goes on
// from its file: nothing is lost and nothing is done twice. What was done is asked of bitcoind.
#include "tests/support/devnet.h"

using namespace bowline::test;
namespace json = boost::json;

namespace {

std::int64_t layerTwo(const CliAnswer& balance, const char* field)
{
    return balance.json.at("layer2").at(field).to_number<std::int64_t>();
}

} // namespace

class TestWalletKilled : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void aDepositGoesOnAfterEachDeath();
    void withdrawalsAreSentOnceOrNotAtAll();

private:
    [[nodiscard]] std::size_t mempoolSize() const
    {
        return m_net->bitcoinJson({"getrawmempool"}).as_array().size();
    }
    [[nodiscard]] json::array itemsOf(const std::string& kind) const;

    std::unique_ptr<TestDevnet> m_net;
    std::unique_ptr<CliWallet> m_alice;
};

void TestWalletKilled::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_net = std::make_unique<TestDevnet>(QStringList{"--signers", "2", "--operators", "2"});
    m_alice = std::make_unique<CliWallet>(m_net->wallet("alice"));
    QCOMPARE(m_alice->run({"wallet", "create"}).exitCode, 0);
    const CliAnswer received = m_alice->run({"receive"});
    m_net->devnet(
        {"fund", QString::fromStdString(json::value_to<std::string>(received.json.at("address"))), "0.5"});
    m_net->mine(1);
}

json::array TestWalletKilled::itemsOf(const std::string& kind) const
{
    json::array out;
    const CliAnswer list = m_alice->run({"bridge", "list"});
    for (const json::value& item : list.json.at("items").as_array()) {
        if (json::value_to<std::string>(item.at("kind")) == kind) out.push_back(item);
    }
    return out;
}

void TestWalletKilled::aDepositGoesOnAfterEachDeath()
{
    QCOMPARE(mempoolSize(), std::size_t{0});
    // As soon as Bitcoin has the request.
    std::string beside;
    QVERIFY(m_alice->runAndKill({"deposit", "0.01", "--wait"}, [this, &beside] {
        if (mempoolSize() == 0) return false;
        beside = m_alice->run({"balance"}).errorCode(); // its folder is its alone while it lives
        return true;
    }));
    QCOMPARE(beside, std::string("services.in-use"));
    QCOMPARE(mempoolSize(), std::size_t{1});
    const json::array items = itemsOf("deposit");
    QCOMPARE(items.size(), std::size_t{1});
    const QString id = QString::fromStdString(json::value_to<std::string>(items.at(0).at("id")));
    m_net->mine(2);
    // As soon as Bitcoin has the vault: the depositor's part of the ceremony is over by then.
    QVERIFY(m_alice->runAndKill({"bridge", "wait", id}, [this] { return mempoolSize() > 0; }));
    const CliAnswer finished =
        m_alice->runWhile({"bridge", "wait", id, "--timeout", "150"}, [this] { m_net->mine(1); });
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(itemsOf("deposit").size(), std::size_t{1});
    QCOMPARE(layerTwo(m_alice->run({"balance"}), "available_sat"), std::int64_t{1'000'000});
}

void TestWalletKilled::withdrawalsAreSentOnceOrNotAtAll()
{
    const QString address =
        QString::fromStdString(m_net->bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"}));
    constexpr std::int64_t kEach = 100'000;
    // Killed ever later, from before the password is checked to after the answer.
    int killed = 0;
    for (int delay = 40; delay <= 600; delay += 40) {
        QElapsedTimer clock;
        clock.start();
        if (m_alice->runAndKill({"withdraw", "0.001", address}, [&] { return clock.elapsed() >= delay; }))
            ++killed;
    }
    QVERIFY2(killed >= 2, "the command was always faster than the kill");
    QCOMPARE(m_alice->run({"withdraw", "0.001", address}).exitCode, 0);

    // One command that runs long enough to follow all of them to their ends.
    const auto received = [&] {
        std::int64_t sum = 0;
        const auto found =
            m_net->bitcoinJson({"scantxoutset", "start", QStringLiteral("[\"addr(%1)\"]").arg(address)});
        for (const json::value& output : found.at("unspents").as_array()) {
            sum += qRound64(output.at("amount").to_number<double>() * 1e8);
        }
        return sum;
    };
    QElapsedTimer clock;
    clock.start();
    json::array items;
    std::int64_t open = 0;
    do {
        m_net->mine(1);
        items = itemsOf("withdrawal");
        open = std::count_if(items.begin(), items.end(),
                             [](const json::value& item) { return !item.at("finished").as_bool(); });
    } while (open > 0 && clock.elapsed() < 180'000);
    for (const json::value& item : items) {
        if (!item.at("finished").as_bool()) qInfo("%s", json::serialize(item).c_str());
    }
    QCOMPARE(open, std::int64_t{0});
    const std::int64_t paid = std::count_if(
        items.begin(), items.end(), [](const json::value& item) { return !item.at("failed").as_bool(); });
    QVERIFY(paid >= 1);
    QCOMPARE(received(), paid * kEach);
    // What the account has lost is what was paid, with its fees: no escrow is left behind.
    const std::int64_t left = layerTwo(m_alice->run({"balance"}), "available_sat");
    const std::int64_t lost = 1'000'000 - left;
    QVERIFY2(lost >= paid * kEach && lost < (paid + 1) * kEach, qPrintable(QString::number(lost)));
}

QTEST_GUILESS_MAIN(TestWalletKilled)
#include "tst_wallet_killed.moc"
