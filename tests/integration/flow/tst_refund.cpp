// SPDX-License-Identifier: MIT
// A member of the committee is away: the deposit does not come about, and the depositor takes the request back
// alone, in the first block that the time lock allows and not one earlier.
#include "tests/support/devnet.h"

#include <csignal>

using namespace bowline::test;
namespace json = boost::json;

class TestRefund : public QObject {
    Q_OBJECT
private slots:
    void refundComesExactlyAtTheTimeLock();
};

void TestRefund::refundComesExactlyAtTheTimeLock()
{
    SKIP_WITHOUT_BITCOIND();
    // Without a prover: a refund is between the depositor and Bitcoin.
    TestDevnet net({"--signers", "2", "--operators", "2"});
    CliWallet alice = net.wallet("alice");
    QCOMPARE(alice.run({"wallet", "create"}).exitCode, 0);
    const CliAnswer received = alice.run({"receive"});
    net.devnet(
        {"fund", QString::fromStdString(json::value_to<std::string>(received.json.at("address"))), "0.5"});
    net.mine(1);

    QCOMPARE(::kill(static_cast<pid_t>(net.pidOf("signer-2")), SIGSTOP), 0);
    const CliAnswer deposit = alice.run({"deposit", "0.01"});
    QCOMPARE(deposit.exitCode, 0);
    const QString id =
        QString::fromStdString(json::value_to<std::string>(deposit.json.at("ids").as_array().at(0)));
    const QString request =
        QString::fromStdString(json::value_to<std::string>(deposit.json.at("request_txid")));
    net.mine(1);
    const int confirmed = net.height();
    constexpr int kRefundBlocks = 40; // of the devnet
    net.mine(kRefundBlocks - 2);
    // The next block could not hold it yet.
    const CliAnswer early = alice.run({"refund", id});
    QCOMPARE(early.exitCode, 1);
    QCOMPARE(early.errorCode(), std::string("bridge.refund-too-early"));

    net.mine(1);
    QCOMPARE(net.height(), confirmed + kRefundBlocks - 1);
    const CliAnswer refund = alice.run({"refund", id});
    QCOMPARE(refund.exitCode, 0);
    net.mine(1);
    const QString txid = QString::fromStdString(json::value_to<std::string>(refund.json.at("txid")));
    const auto mined = net.bitcoinJson({"getrawtransaction", txid, "1"});
    QCOMPARE(mined.at("confirmations").to_number<int>(), 1);
    QCOMPARE(mined.at("vin").at(0).at("sequence").to_number<int>(), kRefundBlocks);
    QCOMPARE(QString::fromStdString(json::value_to<std::string>(mined.at("vin").at(0).at("txid"))), request);
    QCOMPARE(net.height(), confirmed + kRefundBlocks);
    ::kill(static_cast<pid_t>(net.pidOf("signer-2")), SIGCONT);
    const CliAnswer shown = alice.run({"bridge", "show", id});
    QCOMPARE(shown.json.at("finished").as_bool(), true);
}

QTEST_GUILESS_MAIN(TestRefund)
#include "tst_refund.moc"
