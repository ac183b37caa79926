// SPDX-License-Identifier: MIT
// The main job through the command line: make a wallet, receive, deposit, pay on the layer 2, withdraw, and the
// operator's claim of a vault to its end. Every statement about money is asked of bitcoind, not of our code.
#include "tests/support/bitcoin_facts.h"

using namespace bowline::test;
namespace json = boost::json;

namespace {
constexpr std::int64_t kSat = 100'000'000;

json::object stepOf(const json::object& item, std::string_view id)
{
    for (const json::value& step : item.at("steps").as_array()) {
        if (json::value_to<std::string>(step.at("id")) == id) return step.as_object();
    }
    qFatal("no such step");
}
} // namespace

class TestMainJob : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void moneyReceivedIsSeenAsBitcoindSeesIt();
    void depositLocksExactlyTheVaultsAndCreditsTheAccount();
    void paymentOnLayerTwoReachesTheOther();
    void withdrawalIsPaidOnBitcoinByAnOperator();
    void whatWasPaidForIsSealedInTheWalletsOwnBlocks();
    void operatorClaimsAVaultAndTakesItAfterTheWindow();
    void historyOfTheAccountIsComplete();

private:
    [[nodiscard]] std::vector<json::object> claimsAsAliceSeesThem() const;

    std::unique_ptr<TestDevnet> m_net;
    std::unique_ptr<CliWallet> m_alice;
    std::unique_ptr<CliWallet> m_bob;
    std::vector<std::pair<std::string, int>> m_vaults; // txid, vout of Alice's vaults, as Bitcoin has them
};

void TestMainJob::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_net = std::make_unique<TestDevnet>(QStringList{"--signers", "3", "--operators", "2"});
    m_alice = std::make_unique<CliWallet>(m_net->wallet("alice"));
    m_bob = std::make_unique<CliWallet>(m_net->wallet("bob"));
}

void TestMainJob::moneyReceivedIsSeenAsBitcoindSeesIt()
{
    QCOMPARE(m_alice->run({"wallet", "create"}).exitCode, 0);
    const CliAnswer received = m_alice->run({"receive", "--label", "first"});
    QCOMPARE(received.exitCode, 0);
    const std::string address = json::value_to<std::string>(received.json.at("address"));
    QVERIFY(address.rfind("bcrt1p", 0) == 0);
    m_net->devnet({"fund", QString::fromStdString(address), "1.5"});
    m_net->mine(1);
    const auto unspent = unspentAt(*m_net, address);
    QCOMPARE(unspent.size(), std::size_t{1});
    QCOMPARE(satOf(unspent.at(0).at("amount")), 3 * kSat / 2);
    const CliAnswer balance = m_alice->run({"balance"});
    QCOMPARE(balance.json.at("bitcoin").at("confirmed_sat").to_number<std::int64_t>(), 3 * kSat / 2);
    QCOMPARE(balance.json.at("bitcoin").at("partial").as_bool(), false);
    QCOMPARE(json::value_to<std::string>(balance.json.at("layer2").at("verdict").at("verdict")),
             std::string("verified"));
}

void TestMainJob::depositLocksExactlyTheVaultsAndCreditsTheAccount()
{
    const CliAnswer answer =
        m_alice->runWhile({"deposit", "0.02", "--wait", "--timeout", "150"}, [this] { m_net->mine(1); });
    QCOMPARE(answer.exitCode, 0);
    const json::array& items = answer.json.at("items").as_array();
    QCOMPARE(items.size(), std::size_t{2});
    for (const json::value& item : items) {
        QCOMPARE(item.at("finished").as_bool(), true);
        QCOMPARE(item.at("failed").as_bool(), false);
        for (const json::value& step : item.at("steps").as_array()) {
            if (json::value_to<std::string>(step.at("id")) != "deposit.vault-confirmed") continue;
            m_vaults.emplace_back(json::value_to<std::string>(step.at("txid")), 0);
        }
    }
    QCOMPARE(m_vaults.size(), std::size_t{2});
    for (const auto& [txid, vout] : m_vaults) {
        const auto vault =
            m_net->bitcoinJson({"gettxout", QString::fromStdString(txid), QString::number(vout)});
        QVERIFY(vault.is_object());
        QCOMPARE(satOf(vault.at("value")), kSat / 100);
        QCOMPARE(json::value_to<std::string>(vault.at("scriptPubKey").at("type")),
                 std::string("witness_v1_taproot"));
    }
    const CliAnswer balance = m_alice->run({"balance"});
    QCOMPARE(balance.json.at("layer2").at("available_sat").to_number<std::int64_t>(), 2 * kSat / 100);
}

void TestMainJob::paymentOnLayerTwoReachesTheOther()
{
    const CliAnswer created = m_bob->run({"wallet", "create"});
    const QString account =
        QString::fromStdString(json::value_to<std::string>(created.json.at("layer2_address")));
    QCOMPARE(m_alice->run({"l2", "send", account, "0.003"}).exitCode, 0);
    std::int64_t got = 0;
    QTRY_VERIFY_WITH_TIMEOUT(
        (got = m_bob->run({"balance"}).json.at("layer2").at("available_sat").to_number<std::int64_t>()) != 0,
        30'000);
    QCOMPARE(got, 3 * kSat / 1000);
    // What is not there cannot be sent.
    const CliAnswer refused = m_bob->run({"l2", "send", account, "0.5"});
    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(refused.errorCode(), std::string("services.layer2-insufficient"));
}

void TestMainJob::withdrawalIsPaidOnBitcoinByAnOperator()
{
    const std::string address = m_net->bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"});
    const CliAnswer answer = m_alice->runWhile(
        {"withdraw", "0.015", QString::fromStdString(address), "--wait", "--timeout", "150"},
        [this] { m_net->mine(1); });
    QCOMPARE(answer.exitCode, 0);
    const auto unspent = unspentAt(*m_net, address);
    QCOMPARE(unspent.size(), std::size_t{1});
    QCOMPARE(satOf(unspent.at(0).at("amount")), 15 * kSat / 1000);
    QCOMPARE(unspent.at(0).at("vout").to_number<int>(), 0);
    // Rule A10: output 1 binds the payment to this withdrawal.
    const auto payment = m_net->bitcoinJson(
        {"getrawtransaction", QString::fromStdString(json::value_to<std::string>(unspent.at(0).at("txid"))),
         "1"});
    const std::string second =
        json::value_to<std::string>(payment.at("vout").at(1).at("scriptPubKey").at("hex"));
    QVERIFY(second.rfind("6a20", 0) == 0);
    QCOMPARE(second.size(), std::size_t{68});
    // For the user it is over; the operator then proves the payment and gets the escrow.
    const auto escrow = [this] {
        m_net->mine(1);
        return m_alice->run({"balance"}).json.at("layer2").at("in_escrow_sat").to_number<std::int64_t>();
    };
    QTRY_COMPARE_WITH_TIMEOUT(escrow(), std::int64_t{0}, 60'000);
}

void TestMainJob::whatWasPaidForIsSealedInTheWalletsOwnBlocks()
{
    const CliAnswer sync = m_alice->run({"sync", "wait"});
    QCOMPARE(sync.exitCode, 0);
    QVERIFY(!sync.json.at("layer2_seal_conflict").as_bool());
    QVERIFY(sync.json.at("layer2_sealed").is_number());
    const auto sealed = sync.json.at("layer2_sealed").to_number<std::uint64_t>();
    QVERIFY(sealed > 1);
    // Whether that one or an earlier one, an anchor that Bitcoin has says so.
    for (const std::uint64_t number : {sealed, std::uint64_t{1}}) {
        const CliAnswer batch = m_alice->run({"l2", "batch", QString::number(number)});
        QCOMPARE(batch.exitCode, 0);
        const json::object& seal = batch.json.at("seal").as_object();
        QCOMPARE(json::value_to<std::string>(seal.at("state")), std::string("sealed"));
        const auto anchor = QString::fromStdString(json::value_to<std::string>(seal.at("anchor")));
        const auto raw = m_net->bitcoinJson({"getrawtransaction", anchor, "1"});
        QCOMPARE(raw.at("confirmations").to_number<int>(), seal.at("confirmations").to_number<int>());
        if (number != sealed) continue;
        const auto says = json::value_to<std::string>(raw.at("vout").at(1).at("scriptPubKey").at("hex"));
        QVERIFY(says.ends_with(json::value_to<std::string>(batch.json.at("hash"))));
    }
}

/// The claims of her vaults as her command line shows them.
std::vector<json::object> TestMainJob::claimsAsAliceSeesThem() const
{
    std::vector<json::object> out;
    const CliAnswer list = m_alice->run({"bridge", "list"});
    if (list.exitCode != 0) return out;
    for (const json::value& item : list.json.at("items").as_array()) {
        if (json::value_to<std::string>(item.at("kind")) == "vault-claim") out.push_back(item.as_object());
    }
    return out;
}

void TestMainJob::operatorClaimsAVaultAndTakesItAfterTheWindow()
{
    // One more vault: those made before may have been claimed and taken while she withdrew.
    QCOMPARE(m_alice->runWhile({"deposit", "0.01", "--wait", "--timeout", "150"}, [this] { m_net->mine(1); })
                 .exitCode,
             0);
    // Followed by the command line of whose vault it was: nothing of it is hers any more, all of it is told.
    std::map<std::string, json::object> windows; // by the claim's id
    std::optional<json::object> claim;
    QElapsedTimer clock;
    clock.start();
    while (!claim && clock.elapsed() < 240'000) {
        m_net->mine(1);
        for (const json::object& seen : claimsAsAliceSeesThem()) {
            const std::string id = json::value_to<std::string>(seen.at("id"));
            if (seen.at("state") == "claim.window") windows[id] = seen;
            if (windows.contains(id) && stepOf(seen, "claim.taken").at("state") == "done") claim = seen;
        }
    }
    QVERIFY2(!windows.empty(), "the challenge window was never shown");
    QVERIFY2(claim.has_value(), "no operator took a vault after its window");
    const json::object& window = windows.at(json::value_to<std::string>(claim->at("id")));
    const json::object running = stepOf(window, "claim.window").at("clock").as_object();
    QCOMPARE(running.at("length_blocks").to_number<int>(), 10);
    QVERIFY(running.at("passed_blocks").to_number<int>() >= 1);
    QVERIFY(running.at("passed_blocks").to_number<int>() <= 10);
    QCOMPARE(json::value_to<std::string>(window.at("next_action")), std::string("wait"));
    QCOMPARE(json::value_to<std::string>(stepOf(*claim, "claim.taken").at("state")), std::string("done"));

    // What bitcoind says of the same.
    const auto transactions = transactionsFrom(*m_net, 100);
    const std::string kickoff = json::value_to<std::string>(claim->at("id"));
    std::optional<json::object> take;
    for (const json::object& transaction : transactions) {
        const json::array& inputs = transaction.at("vin").as_array();
        const bool spends = inputs.size() == 3 && inputs[1].as_object().contains("txid") &&
                            json::value_to<std::string>(inputs[1].at("txid")) == kickoff;
        if (spends) take = transaction;
    }
    QVERIFY2(take.has_value(), "nothing spends the Kickoff's stake");
    QCOMPARE(wrongAboutTake(*m_net, *take, kSat / 100), std::string());
    QCOMPARE(json::value_to<std::string>(stepOf(*claim, "claim.taken").at("txid")), txidOf(*take));
    const auto kickoffInfo = m_net->bitcoinJson({"getrawtransaction", QString::fromStdString(kickoff), "1"});
    const int kickoffHeight = m_net->height() - kickoffInfo.at("confirmations").to_number<int>() + 1;
    QCOMPARE(running.at("start_height").to_number<int>(), kickoffHeight);
    // The deposit itself is what it was.
    const CliAnswer deposit = m_alice->run(
        {"bridge", "show", QString::fromStdString(json::value_to<std::string>(claim->at("deposit_id")))});
    QCOMPARE(json::value_to<std::string>(deposit.json.at("state")), std::string("deposit.credited"));
    QCOMPARE(deposit.json.at("finished").as_bool(), true);
    const CliAnswer shown = m_alice->run({"bridge", "show", QString::fromStdString(kickoff)});
    QCOMPARE(json::value_to<std::string>(shown.json.at("kind")), std::string("vault-claim"));
}

void TestMainJob::historyOfTheAccountIsComplete()
{
    const CliAnswer info = m_alice->run({"wallet", "info"});
    const QString account =
        QString::fromStdString(json::value_to<std::string>(info.json.at("layer2_address")));
    const CliAnswer history = m_alice->run({"l2", "history", account});
    QCOMPARE(history.exitCode, 0);
    QCOMPARE(json::value_to<std::string>(history.json.at("verdict").at("verdict")), std::string("verified"));
    // Three mints, one payment, one withdrawal request, and the operator's acceptance and proof do not touch it
    // more than that: at least five entries, each counted by the accumulator.
    const auto& fields = history.json.at("fields").as_array();
    const auto entries = std::count_if(fields.begin(), fields.end(), [](const json::value& field) {
        return json::value_to<std::string>(field.at("name")) == "entry";
    });
    QVERIFY(entries >= 5);
}

QTEST_GUILESS_MAIN(TestMainJob)
#include "tst_main_job.moc"
