// SPDX-License-Identifier: MIT
// The wallet's process dies by SIGKILL in a deposit, a withdrawal and a cancel, at moments that the test chooses: just
// before the node hears of it and just after. It goes on from its file: nothing is lost and nothing is done twice. What
// was done is asked of bitcoind.
#include "tests/support/devnet.h"
#include "tests/support/node_tap.h"

#include <QFile>

#include <csignal>

using namespace bowline::test;
namespace json = boost::json;

namespace {

// Submissions as they stand in a request: version 1 and the transaction's type.
const std::string kRequest = R"("hex":"0103)";
const std::string kReclaim = R"("hex":"0106)";

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
    void aWithdrawalWrittenDownAndNeverSentIsPaidOnce();
    void aWithdrawalSentAndNotAnsweredIsPaidOnce();
    void aWithdrawalWhoseAnswerIsLostCountsAsAsked();
    void aCancelThatWasKilledGivesTheEscrowBackOnce();

private:
    [[nodiscard]] std::size_t mempoolSize() const { return m_net->mempoolBesideSeals().size(); }
    [[nodiscard]] json::array itemsOf(const std::string& kind) const;
    [[nodiscard]] std::int64_t receivedAt(const QString& address) const;
    [[nodiscard]] QString newAddress() const;
    [[nodiscard]] QString openWithdrawal() const;
    void aWithdrawalThatWasKilled(NodeTap::Cut cut, const char* amount, std::int64_t sat);

    std::unique_ptr<TestDevnet> m_net;
    std::unique_ptr<CliWallet> m_alice;
    std::unique_ptr<NodeTap> m_tap; // between alice and the sequencer, for commands with --node m_tapUrl
    QString m_tapUrl;
};

void TestWalletKilled::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    // Without a prover: operators pay what is sealed. What is killed here is the wallet, which pays nobody and waits for all.
    m_net = std::make_unique<TestDevnet>(QStringList{"--signers", "2", "--operators", "2"});
    m_alice = std::make_unique<CliWallet>(m_net->wallet("alice"));
    QCOMPARE(m_alice->run({"wallet", "create"}).exitCode, 0);
    const CliAnswer received = m_alice->run({"receive"});
    m_net->devnet(
        {"fund", QString::fromStdString(json::value_to<std::string>(received.json.at("address"))), "0.5"});
    m_net->mine(1);
    QFile client(QString::fromStdString(m_alice->datadir()) + "/client.json");
    QVERIFY(client.open(QIODevice::ReadOnly));
    const auto node = json::value_to<std::string>(json::parse(client.readAll().toStdString()).at("node"));
    m_tap = std::make_unique<NodeTap>(node);
    m_tapUrl = "http://" + QString::fromStdString(m_tap->address());
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

/// Sum of what the address holds, as bitcoind counts its outputs.
std::int64_t TestWalletKilled::receivedAt(const QString& address) const
{
    std::int64_t sum = 0;
    const auto found =
        m_net->bitcoinJson({"scantxoutset", "start", QStringLiteral("[\"addr(%1)\"]").arg(address)});
    for (const json::value& output : found.at("unspents").as_array()) {
        sum += qRound64(output.at("amount").to_number<double>() * 1e8);
    }
    return sum;
}

QString TestWalletKilled::newAddress() const
{
    return QString::fromStdString(m_net->bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"}));
}

/// The id of the only withdrawal that is not over.
QString TestWalletKilled::openWithdrawal() const
{
    QStringList open;
    for (const json::value& item : itemsOf("withdrawal")) {
        if (!item.at("finished").as_bool())
            open << QString::fromStdString(json::value_to<std::string>(item.at("id")));
    }
    return open.size() == 1 ? open.front() : QStringLiteral("%1 are open").arg(open.size());
}

void TestWalletKilled::aWithdrawalThatWasKilled(NodeTap::Cut cut, const char* amount, std::int64_t sat)
{
    const QString address = newAddress();
    const std::int64_t before = layerTwo(m_alice->run({"balance"}), "available_sat");
    m_tap->cutAt(kRequest, cut);
    QVERIFY(m_alice->runAndKill(QStringList{"--node", m_tapUrl, "withdraw", amount, address},
                                [this] { return m_tap->isCut(); }));
    m_tap->heal();

    // The next program that opens the wallet finds it, sends it if nobody has it, and follows it to the end.
    const QString id = openWithdrawal();
    const CliAnswer followed =
        m_alice->runWhile({"bridge", "wait", id, "--timeout", "150"}, [this] { m_net->mine(1); });
    QCOMPARE(followed.exitCode, 0);
    QCOMPARE(receivedAt(address), sat);
    m_net->mine(8); // a second payment would come by now
    QCOMPARE(receivedAt(address), sat);
    // The account gave the amount once, and the fees.
    const std::int64_t lost = before - layerTwo(m_alice->run({"balance"}), "available_sat");
    QVERIFY2(lost > sat && lost < sat + 5'000, qPrintable(QString::number(lost)));
}

void TestWalletKilled::aWithdrawalWrittenDownAndNeverSentIsPaidOnce()
{
    aWithdrawalThatWasKilled(NodeTap::Cut::BeforeTheNode, "0.001", 100'000);
}

void TestWalletKilled::aWithdrawalSentAndNotAnsweredIsPaidOnce()
{
    aWithdrawalThatWasKilled(NodeTap::Cut::AfterTheNode, "0.0012", 120'000);
}

void TestWalletKilled::aWithdrawalWhoseAnswerIsLostCountsAsAsked()
{
    // Nobody is killed: the line breaks. The command must not say that nothing happened.
    const QString address = newAddress();
    m_tap->cutAt(kRequest, NodeTap::Cut::AfterTheNode);
    const CliAnswer asked =
        m_alice->runWhile(QStringList{"--node", m_tapUrl, "withdraw", "0.0013", address}, [this] {
            if (m_tap->isCut()) m_tap->heal();
        });
    QCOMPARE(asked.exitCode, 0);
    QCOMPARE(QString::fromStdString(json::value_to<std::string>(asked.json.at("id"))), openWithdrawal());
    QCOMPARE(
        m_alice
            ->runWhile({"bridge", "wait", openWithdrawal(), "--timeout", "150"}, [this] { m_net->mine(1); })
            .exitCode,
        0);
    QCOMPARE(receivedAt(address), std::int64_t{130'000});
}

void TestWalletKilled::aCancelThatWasKilledGivesTheEscrowBackOnce()
{
    // Operators that do not move: nobody accepts in between.
    for (const char* name : {"operator-1", "operator-2"})
        ::kill(static_cast<pid_t>(m_net->pidOf(name)), SIGSTOP);
    const std::int64_t before = layerTwo(m_alice->run({"balance"}), "available_sat");
    for (const NodeTap::Cut cut : {NodeTap::Cut::BeforeTheNode, NodeTap::Cut::AfterTheNode}) {
        const CliAnswer asked = m_alice->run({"withdraw", "0.001", newAddress()});
        QCOMPARE(asked.exitCode, 0);
        const QString id = QString::fromStdString(json::value_to<std::string>(asked.json.at("id")));
        m_tap->cutAt(kReclaim, cut);
        QVERIFY(m_alice->runAndKill(QStringList{"--node", m_tapUrl, "reclaim", id},
                                    [this] { return m_tap->isCut(); }));
        m_tap->heal();
        // Before the node: it is offered again. After the node: it works without being asked again.
        if (cut == NodeTap::Cut::BeforeTheNode) QCOMPARE(m_alice->run({"reclaim", id}).exitCode, 0);
        m_alice->runWhile({"bridge", "wait", id, "--timeout", "60"}, [this] { m_net->mine(1); });
        const CliAnswer shown = m_alice->run({"bridge", "show", id});
        QCOMPARE(shown.json.at("finished").as_bool(), true);
        QCOMPARE(shown.json.at("failed").as_bool(), true);
    }
    // Two requests and two cancels: only their fees are gone.
    const std::int64_t lost = before - layerTwo(m_alice->run({"balance"}), "available_sat");
    QCOMPARE(lost, std::int64_t{4 * 100});
    for (const char* name : {"operator-1", "operator-2"})
        ::kill(static_cast<pid_t>(m_net->pidOf(name)), SIGCONT);
}

QTEST_GUILESS_MAIN(TestWalletKilled)
#include "tst_wallet_killed.moc"
