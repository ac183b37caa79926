// SPDX-License-Identifier: MIT
// A disk is lost in the middle of a withdrawal and of a deposit. From the words alone, in a new folder, the wallet
// finds both and takes its money back (rule A17 for deposits; withdrawals are in the account's own history).
#include "tests/support/devnet.h"
#include "tests/support/patience.h"

#include <csignal>

using namespace bowline::test;
namespace json = boost::json;

class TestWalletRestored : public QObject {
    Q_OBJECT
private slots:
    void openWithdrawalsAndRefundsAreFoundFromTheWords();
};

void TestWalletRestored::openWithdrawalsAndRefundsAreFoundFromTheWords()
{
    SKIP_WITHOUT_BITCOIND();
    // Without a prover: operators pay what is sealed. What is looked at is what the words alone bring back.
    TestDevnet net({"--signers", "2", "--operators", "2"});
    const CliWallet before = net.wallet("before");
    const CliAnswer created = before.run({"wallet", "create"});
    QCOMPARE(created.exitCode, 0);
    const CliAnswer received = before.run({"receive"});
    net.devnet(
        {"fund", QString::fromStdString(json::value_to<std::string>(received.json.at("address"))), "0.5"});
    net.mine(1);
    QCOMPARE(
        before.runWhile({"deposit", "0.01", "--wait", "--timeout", "150"}, [&net] { net.mine(1); }).exitCode,
        0);

    // Nobody accepts the withdrawal, and the committee does not come together for another deposit.
    for (const char* name : {"operator-1", "operator-2", "signer-2"}) {
        QCOMPARE(::kill(static_cast<pid_t>(net.pidOf(name)), SIGSTOP), 0);
    }
    const QString address =
        QString::fromStdString(net.bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"}));
    const CliAnswer asked = before.run({"withdraw", "0.004", address});
    QCOMPARE(asked.exitCode, 0);
    const std::string withdrawal = json::value_to<std::string>(asked.json.at("id"));
    const CliAnswer second = before.run({"deposit", "0.01"});
    QCOMPARE(second.exitCode, 0);
    const std::string deposit = json::value_to<std::string>(second.json.at("ids").as_array().at(0));
    constexpr int kRefundBlocks = 40; // of the devnet
    net.mine(kRefundBlocks);
    const auto layerTwo = [](const CliWallet& wallet, const char* field) {
        return wallet.run({"balance"}).json.at("layer2").at(field).to_number<std::int64_t>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(layerTwo(before, "in_escrow_sat") > 400'000, 30'000);
    const std::int64_t escrow = layerTwo(before, "in_escrow_sat");

    const CliWallet after = net.wallet("after");
    QCOMPARE(after
                 .run({"wallet", "restore"},
                      {"BOWLINE_WORDS=" +
                       QString::fromStdString(json::value_to<std::string>(created.json.at("words")))})
                 .exitCode,
             0);
    // The very first command that waits for the chains knows them.
    const CliAnswer list = after.run({"bridge", "list"});
    QCOMPARE(list.exitCode, 0);
    const json::array& items = list.json.at("items").as_array();
    const auto actionOf = [&items](const std::string& id) {
        for (const json::value& item : items) {
            if (json::value_to<std::string>(item.at("id")) == id)
                return json::value_to<std::string>(item.at("next_action"));
        }
        return std::string("not listed");
    };
    QCOMPARE(actionOf(withdrawal), std::string("cancel"));
    QCOMPARE(actionOf(deposit), std::string("refund"));
    QCOMPARE(layerTwo(after, "in_escrow_sat"), escrow);
    const CliAnswer shown = after.run({"bridge", "show", QString::fromStdString(withdrawal)});
    QCOMPARE(QString::fromStdString(json::value_to<std::string>(shown.json.at("destination"))), address);

    QCOMPARE(after.run({"reclaim", QString::fromStdString(withdrawal)}).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(layerTwo(after, "in_escrow_sat"), std::int64_t{0}, 30'000);
    const CliAnswer refund = after.run({"refund", QString::fromStdString(deposit)});
    QCOMPARE(refund.exitCode, 0);
    const QString txid = QString::fromStdString(json::value_to<std::string>(refund.json.at("txid")));
    const auto mempool = [&net] { return net.mempoolBesideSeals(); };
    EVENTUALLY_EQUAL(mempool(), (json::array{txid.toStdString()}));
    // It is on its way, and is not offered a second time.
    const CliAnswer waiting = after.run({"bridge", "show", QString::fromStdString(deposit)});
    QCOMPARE(json::value_to<std::string>(waiting.json.at("state")), std::string("deposit.refund"));
    QCOMPARE(json::value_to<std::string>(waiting.json.at("next_action")), std::string("wait"));
    net.mine(1);
    QCOMPARE(net.bitcoinJson({"getrawtransaction", txid, "1"}).at("confirmations").to_number<int>(), 1);
    QCOMPARE(after.run({"bridge", "show", QString::fromStdString(deposit)}).json.at("finished").as_bool(),
             true);
    for (const char* name : {"operator-1", "operator-2", "signer-2"}) {
        ::kill(static_cast<pid_t>(net.pidOf(name)), SIGCONT);
    }
}

QTEST_GUILESS_MAIN(TestWalletRestored)
#include "tst_wallet_restored.moc"
