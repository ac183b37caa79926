// SPDX-License-Identifier: MIT
// The main job through the command line, on a network whose batches are proven: make a wallet, receive, deposit, pay on the
// layer 2, withdraw, and the operator's claim of a vault to its end. Nothing is paid that is only sealed: that is seen by
// having no prover for a while. Every statement about money is asked of bitcoind, and about the proof of a checker that is
// made from network.json and what is pinned alone.
//
// Each batch costs a prover half a minute of processor time, so that here is as little waiting for blocks, and as few batches,
// as the job allows: blocks come when something waits for them, and the operators buy their first layer-2 money from Alice.
#include "core/proven/checker.h"
#include "tests/integration/proving/prover_process.h"
#include "tests/support/bitcoin_facts.h"

using namespace bowline;
using namespace bowline::test;

namespace {
constexpr std::int64_t kSat = 100'000'000;
constexpr int kProvingSeconds = 600; // for what waits for a proof, on a machine that does other things, too
constexpr const char* kOperators[] = {"operator-1", "operator-2"};

std::string textOf(const json::value& value) { return json::value_to<std::string>(value); }

/// A command of a wallet takes up to a second of a processor's time, which the prover would rather have.
template <typename Condition>
bool comesTrue(Condition condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        if (clock.elapsed() > kProvingSeconds * 1000) return false;
        QTest::qWait(3'000);
    }
    return true;
}

json::object stepOf(const json::object& item, std::string_view id)
{
    for (const json::value& step : item.at("steps").as_array()) {
        if (textOf(step.at("id")) == id) return step.as_object();
    }
    qFatal("no such step");
}

json::object ask(const std::string& endpoint, const std::string& method, json::object params = {})
{
    const auto answer = net::BlockingClient(*net::parseEndpoint(endpoint)).call(method, std::move(params));
    if (!answer.ok()) qFatal("%s: %s", method.c_str(), answer.error().detail.c_str());
    return answer->as_object();
}
} // namespace

class TestMainJob : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void moneyReceivedIsSeenAsBitcoindSeesIt();
    void depositLocksExactlyTheVaultsAndCreditsTheAccount();
    void paymentOnLayerTwoReachesTheOther();
    void nothingIsPaidThatIsOnlySealed();
    void withdrawalIsPaidOnBitcoinWhenItIsProven();
    void theProofIsCheckedByEverybodyAlone();
    void whatWasPaidForIsSealedInTheWalletsOwnBlocks();
    void operatorClaimsAVaultAndTakesItAfterTheWindow();
    void historyOfTheAccountIsComplete();

private:
    [[nodiscard]] std::vector<json::object> claimsAsAliceSeesThem() const;
    void noteWindows();
    [[nodiscard]] json::object info(const std::string& node) const
    {
        return ask(m_net->endpointOf(node), "node_info");
    }
    [[nodiscard]] ProvedNode sequencer() const
    {
        return {*net::parseEndpoint(m_net->endpointOf("sequencer")),
                m_net->dir() + "/sequencer/access.token"};
    }
    [[nodiscard]] std::int64_t availableTo(const CliWallet& wallet) const
    {
        const CliAnswer answer = wallet.run({"balance"});
        return answer.exitCode == 0 ? answer.json.at("layer2").at("available_sat").to_number<std::int64_t>()
                                    : -1;
    }
    /// With what bitcoind has in no block yet.
    [[nodiscard]] std::int64_t receivedByBitcoind() const
    {
        return satOf(m_net->bitcoinJson(
            {"-rpcwallet=miner", "getreceivedbyaddress", QString::fromStdString(m_paidTo), "0"}));
    }
    /// The batch in which an operator accepted Alice's withdrawal, as her command line shows it; 0: none did.
    [[nodiscard]] std::uint64_t acceptedIn();
    [[nodiscard]] json::object batchAsAliceSeesIt(std::uint64_t number) const
    {
        return m_alice->run({"l2", "batch", QString::number(number)}).json;
    }
    [[nodiscard]] json::object layerTwoProven(const CliWallet& wallet, const QStringList& options = {}) const;

    std::unique_ptr<TestDevnet> m_net;
    std::unique_ptr<CliWallet> m_alice;
    std::unique_ptr<CliWallet> m_bob;
    QTemporaryDir m_proversFolder;
    std::unique_ptr<ProverProcess> m_prover;
    std::vector<std::pair<std::string, int>> m_vaults; // txid, vout of Alice's vaults, as Bitcoin has them
    std::string m_paidTo;
    QString m_withdrawal;
    std::uint64_t m_accepted = 0; // batch
    std::uint64_t m_lookedTo = 0; // of the batches
    /// Claims whose window ran when they were looked at, by their id.
    std::map<std::string, json::object> m_windows;
};

void TestMainJob::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_net =
        std::make_unique<TestDevnet>(QStringList{"--bare", "--signers", "3", "--operators", "2", "--proving",
                                                 "--most-unproven", "3", "--mine-when-needed"});
    m_alice = std::make_unique<CliWallet>(m_net->wallet("alice"));
    m_bob = std::make_unique<CliWallet>(m_net->wallet("bob"));
    m_prover = std::make_unique<ProverProcess>(sequencer(), m_proversFolder.path());
    for (const char* name : kOperators) {
        QCOMPARE(textOf(info(name).at("pay_for")), std::string("proven"));
        for (int coin = 0; coin < 4; ++coin)
            m_net->devnet({"fund", QString::fromStdString(textOf(info(name).at("bitcoin_address"))), "0.5"});
    }
}

void TestMainJob::moneyReceivedIsSeenAsBitcoindSeesIt()
{
    QCOMPARE(m_alice->run({"wallet", "create"}).exitCode, 0);
    const CliAnswer received = m_alice->run({"receive", "--label", "first"});
    QCOMPARE(received.exitCode, 0);
    const std::string address = textOf(received.json.at("address"));
    QVERIFY(address.rfind("bcrt1p", 0) == 0);
    m_net->devnet({"fund", QString::fromStdString(address), "1.5"});
    QTRY_COMPARE_WITH_TIMEOUT(unspentAt(*m_net, address).size(), std::size_t{1}, 30'000);
    QCOMPARE(satOf(unspentAt(*m_net, address).at(0).at("amount")), 3 * kSat / 2);
    const CliAnswer balance = m_alice->run({"balance"});
    QCOMPARE(balance.json.at("bitcoin").at("confirmed_sat").to_number<std::int64_t>(), 3 * kSat / 2);
    QCOMPARE(balance.json.at("bitcoin").at("partial").as_bool(), false);
    QCOMPARE(textOf(balance.json.at("layer2").at("verdict").at("verdict")), std::string("verified"));
}

void TestMainJob::depositLocksExactlyTheVaultsAndCreditsTheAccount()
{
    const CliAnswer answer = m_alice->run({"deposit", "0.12", "--wait", "--timeout", "150"});
    QCOMPARE(answer.exitCode, 0);
    const json::array& items = answer.json.at("items").as_array();
    QCOMPARE(items.size(), std::size_t{3});
    for (const json::value& item : items) {
        QCOMPARE(item.at("finished").as_bool(), true);
        QCOMPARE(item.at("failed").as_bool(), false);
        for (const json::value& step : item.at("steps").as_array()) {
            if (textOf(step.at("id")) != "deposit.vault-confirmed") continue;
            m_vaults.emplace_back(textOf(step.at("txid")), 0);
        }
    }
    QCOMPARE(m_vaults.size(), std::size_t{3});
    std::multiset<std::int64_t> locked;
    for (const auto& [txid, vout] : m_vaults) {
        const auto vault =
            m_net->bitcoinJson({"gettxout", QString::fromStdString(txid), QString::number(vout)});
        QVERIFY(vault.is_object());
        locked.insert(satOf(vault.at("value")));
        QCOMPARE(textOf(vault.at("scriptPubKey").at("type")), std::string("witness_v1_taproot"));
    }
    QCOMPARE(locked, (std::multiset<std::int64_t>{kSat / 100, kSat / 100, kSat / 10}));
    QCOMPARE(availableTo(*m_alice), 12 * kSat / 100);
}

void TestMainJob::paymentOnLayerTwoReachesTheOther()
{
    const CliAnswer created = m_bob->run({"wallet", "create"});
    const QString account = QString::fromStdString(textOf(created.json.at("layer2_address")));
    // For stake and bond, and for the vaults that they will claim.
    for (const char* name : kOperators) {
        const auto oper = QString::fromStdString(textOf(info(name).at("layer2_account")));
        QCOMPARE(m_alice->run({"l2", "send", oper, "0.025"}).exitCode, 0);
    }
    QCOMPARE(m_alice->run({"l2", "send", account, "0.003"}).exitCode, 0);
    // What she asks for next can be in the same batch.
    m_paidTo = m_net->bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"});
    const CliAnswer asked = m_alice->run({"withdraw", "0.015", QString::fromStdString(m_paidTo)});
    QCOMPARE(asked.exitCode, 0);
    m_withdrawal = QString::fromStdString(textOf(asked.json.at("id")));
    std::int64_t got = 0;
    QVERIFY2(comesTrue([&] { return (got = availableTo(*m_bob)) > 0; }), qPrintable(m_prover->log()));
    QCOMPARE(got, 3 * kSat / 1000);
    // What is not there cannot be sent.
    const CliAnswer refused = m_bob->run({"l2", "send", account, "0.5"});
    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(refused.errorCode(), std::string("services.layer2-insufficient"));
}

std::uint64_t TestMainJob::acceptedIn()
{
    const std::uint64_t head =
        ask(m_net->endpointOf("sequencer"), "chain_head").at("number").to_number<std::uint64_t>();
    for (; m_lookedTo < head; ++m_lookedTo) {
        const CliAnswer found = m_alice->run({"l2", "find", QString::number(m_lookedTo + 1)});
        if (found.exitCode != 0) return 0;
        for (const json::value& entry : found.json.at("entries").as_array()) {
            if (entry.at("kind") == "withdraw-accept") return m_lookedTo + 1;
        }
    }
    return 0;
}

/// An operator accepts while proofs are current. From then on nobody proves: Bitcoin seals the acceptance, as deep as it has
/// to be, and the operator keeps its money.
void TestMainJob::nothingIsPaidThatIsOnlySealed()
{
    QVERIFY2(comesTrue([&] { return (m_accepted = acceptedIn()) != 0; }), qPrintable(m_prover->log()));
    m_prover->stop();
    const auto level = [this] { return textOf(batchAsAliceSeesIt(m_accepted).at("finality")); };
    const auto isSealedDeep = [&] {
        const json::object batch = batchAsAliceSeesIt(m_accepted);
        return batch.at("finality") == "sealed" && batch.at("seal").at("confirmations").to_number<int>() >= 2;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSealedDeep(), 180'000);
    for (int block = 0; block < 2; ++block) {
        m_net->mine(1);
        QTest::qWait(2'000); // it would have paid by now
    }
    QCOMPARE(receivedByBitcoind(), std::int64_t{0});
    QCOMPARE(level(), std::string("sealed"));
    const json::object item = m_alice->run({"bridge", "show", m_withdrawal}).json;
    QCOMPARE(textOf(stepOf(item, "withdrawal.accepted").at("state")), std::string("done"));
    QVERIFY(stepOf(item, "withdrawal.paid").at("state") != "done");
}

json::object TestMainJob::layerTwoProven(const CliWallet& wallet, const QStringList& options) const
{
    const CliAnswer sync = wallet.run(QStringList{"sync", "wait"} + options);
    if (sync.exitCode != 0 || !sync.json.at("layer2_proven").is_object()) return {{"batch", 0}};
    return sync.json.at("layer2_proven").as_object();
}

void TestMainJob::withdrawalIsPaidOnBitcoinWhenItIsProven()
{
    QVERIFY(m_accepted != 0);
    m_prover->start();
    QTRY_VERIFY2_WITH_TIMEOUT(receivedByBitcoind() != 0, qPrintable(m_prover->log()), kProvingSeconds * 1000);
    // So it was proven before, and her wallet, which checks that itself, says so.
    QVERIFY(layerTwoProven(*m_alice).at("batch").to_number<std::uint64_t>() >= m_accepted);
    const json::object batch = batchAsAliceSeesIt(m_accepted);
    QCOMPARE(textOf(batch.at("finality")), std::string("withdrawable"));
    QCOMPARE(textOf(batch.at("verdict").at("finality")), std::string("root-proven"));

    const CliAnswer ended = m_alice->run({"bridge", "wait", m_withdrawal, "--timeout", "60"});
    QCOMPARE(ended.exitCode, 0);
    const auto unspent = unspentAt(*m_net, m_paidTo);
    QCOMPARE(unspent.size(), std::size_t{1});
    QCOMPARE(satOf(unspent.at(0).at("amount")), 15 * kSat / 1000);
    QCOMPARE(unspent.at(0).at("vout").to_number<int>(), 0);
    // Rule A10: output 1 binds the payment to this withdrawal.
    const auto payment = m_net->bitcoinJson(
        {"getrawtransaction", QString::fromStdString(textOf(unspent.at(0).at("txid"))), "1"});
    const std::string second = textOf(payment.at("vout").at(1).at("scriptPubKey").at("hex"));
    QVERIFY(second.rfind("6a20", 0) == 0);
    QCOMPARE(second.size(), std::size_t{68});
    // For the user it is over; the operator then proves the payment and gets the escrow.
    const auto escrow = [this] {
        noteWindows();
        return m_alice->run({"balance"}).json.at("layer2").at("in_escrow_sat").to_number<std::int64_t>();
    };
    QVERIFY(comesTrue([&] { return escrow() == 0; }));
}

/// The sequencer's file by a checker that knows the network and the pinned keys; a signer has it, too, and Bob's wallet,
/// which asks that signer, comes to the same. And what Alice has is proven.
void TestMainJob::theProofIsCheckedByEverybodyAlone()
{
    const Owner owner(sequencer());
    const json::object done = m_prover->status().at("done").as_object();
    qInfo() << json::serialize(done).c_str();
    // A wrap says what those of the batches before would have said.
    QVERIFY(done.at("wrap").at("count").to_number<int>() < done.at("chain").at("count").to_number<int>());
    QCOMPARE(owner.queued("failed"), 0);
    QCOMPARE(owner.tries("rejected"), 0);

    QFile file(QString::fromStdString(m_net->dir() + "/network.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto network = l2::parseNetworkJson(file.readAll().toStdString());
    QVERIFY(network.ok());
    const auto checker = proven::ChainChecker::make(network->params);
    QVERIFY(checker.ok());
    const base::Bytes wrapped = owner.wrapped();
    const auto head = (*checker)->check(wrapped);
    QVERIFY2(head.ok(), head.ok() ? "" : head.error().detail.c_str());
    QVERIFY(head->batch.value >= m_accepted);
    const json::object shown = ask(m_net->endpointOf("signer-1"), "chain_header", {{"n", head->batch.value}});
    const auto header = l2::parseBatchHeader(*base::fromHex(shown.at("header").as_string()));
    QVERIFY(header.ok());
    QVERIFY(head->hash == header->hash() && head->state == header->stateRoot);
    QVERIFY(head->l1Height == header->l1Height && head->l1Hash == header->l1Hash);
    qInfo() << "wrapped:" << wrapped.size() << "bytes," << head->batch.value << "batches";

    const std::string signer = m_net->endpointOf("signer-1");
    const auto provenBySigner = [&] {
        const json::object info = ask(signer, "node_info");
        const json::value& batch = info.at("proof").at("batch");
        return batch.is_null() ? 0 : batch.to_number<std::uint64_t>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(provenBySigner() >= head->batch.value, 60'000);
    const json::object proven =
        layerTwoProven(*m_bob, {"--node", QString::fromStdString("http://" + signer)});
    QVERIFY(proven.at("batch").to_number<std::uint64_t>() >= head->batch.value);
    qInfo() << "Bob's check:" << proven.at("check_microseconds").to_number<int>() << "microseconds";

    const auto isAllProven = [this] {
        const json::object layerTwo = m_alice->run({"balance"}).json.at("layer2").as_object();
        return layerTwo.at("proven").is_object() &&
               layerTwo.at("proven").at("available_sat") == layerTwo.at("available_sat");
    };
    QVERIFY(isAllProven());
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
        QCOMPARE(textOf(seal.at("state")), std::string("sealed"));
        const auto anchor = QString::fromStdString(textOf(seal.at("anchor")));
        const auto raw = m_net->bitcoinJson({"getrawtransaction", anchor, "1"});
        QCOMPARE(raw.at("confirmations").to_number<int>(), seal.at("confirmations").to_number<int>());
        if (number != sealed) continue;
        const auto says = textOf(raw.at("vout").at(1).at("scriptPubKey").at("hex"));
        QVERIFY(says.ends_with(textOf(batch.json.at("hash"))));
    }
}

/// The claims of her vaults as her command line shows them.
std::vector<json::object> TestMainJob::claimsAsAliceSeesThem() const
{
    std::vector<json::object> out;
    const CliAnswer list = m_alice->run({"bridge", "list"});
    if (list.exitCode != 0) return out;
    for (const json::value& item : list.json.at("items").as_array()) {
        if (textOf(item.at("kind")) == "vault-claim") out.push_back(item.as_object());
    }
    return out;
}

void TestMainJob::noteWindows()
{
    for (const json::object& seen : claimsAsAliceSeesThem()) {
        if (seen.at("state") == "claim.window") m_windows[textOf(seen.at("id"))] = seen;
    }
}

/// Followed by the command line of whose vault it was: nothing of it is hers any more, all of it is told.
void TestMainJob::operatorClaimsAVaultAndTakesItAfterTheWindow()
{
    // The Kickoff waits for a proof of the burn.
    const auto isWindowSeen = [this] { return noteWindows(), !m_windows.empty(); };
    QVERIFY2(comesTrue(isWindowSeen), "the challenge window was never shown");
    m_prover->stop(); // nothing after this waits for a proof
    std::optional<json::object> claim;
    QElapsedTimer clock;
    clock.start();
    while (!claim && clock.elapsed() < 120'000) {
        m_net->mine(1);
        noteWindows();
        for (const json::object& seen : claimsAsAliceSeesThem()) {
            const bool isTaken = stepOf(seen, "claim.taken").at("state") == "done";
            if (isTaken && m_windows.contains(textOf(seen.at("id")))) claim = seen;
        }
    }
    QVERIFY2(claim.has_value(), "no operator took a vault after its window");
    const json::object& window = m_windows.at(textOf(claim->at("id")));
    const json::object running = stepOf(window, "claim.window").at("clock").as_object();
    QCOMPARE(running.at("length_blocks").to_number<int>(), 10);
    QVERIFY(running.at("passed_blocks").to_number<int>() >= 1);
    QVERIFY(running.at("passed_blocks").to_number<int>() <= 10);
    QCOMPARE(textOf(window.at("next_action")), std::string("wait"));
    QCOMPARE(textOf(stepOf(*claim, "claim.taken").at("state")), std::string("done"));

    // What bitcoind says of the same.
    const auto transactions = transactionsFrom(*m_net, 100);
    const std::string kickoff = textOf(claim->at("id"));
    std::optional<json::object> take;
    for (const json::object& transaction : transactions) {
        const json::array& inputs = transaction.at("vin").as_array();
        const bool spends = inputs.size() == 3 && inputs[1].as_object().contains("txid") &&
                            textOf(inputs[1].at("txid")) == kickoff;
        if (spends) take = transaction;
    }
    QVERIFY2(take.has_value(), "nothing spends the Kickoff's stake");
    QCOMPARE(wrongAboutTake(*m_net, *take, kSat / 100), std::string());
    QCOMPARE(textOf(stepOf(*claim, "claim.taken").at("txid")), txidOf(*take));
    const auto kickoffInfo = m_net->bitcoinJson({"getrawtransaction", QString::fromStdString(kickoff), "1"});
    const int kickoffHeight = m_net->height() - kickoffInfo.at("confirmations").to_number<int>() + 1;
    QCOMPARE(running.at("start_height").to_number<int>(), kickoffHeight);
    // The deposit itself is what it was.
    const CliAnswer deposit =
        m_alice->run({"bridge", "show", QString::fromStdString(textOf(claim->at("deposit_id")))});
    QCOMPARE(textOf(deposit.json.at("state")), std::string("deposit.credited"));
    QCOMPARE(deposit.json.at("finished").as_bool(), true);
    const CliAnswer shown = m_alice->run({"bridge", "show", QString::fromStdString(kickoff)});
    QCOMPARE(textOf(shown.json.at("kind")), std::string("vault-claim"));
}

void TestMainJob::historyOfTheAccountIsComplete()
{
    const CliAnswer info = m_alice->run({"wallet", "info"});
    const QString account = QString::fromStdString(textOf(info.json.at("layer2_address")));
    const CliAnswer history = m_alice->run({"l2", "history", account});
    QCOMPARE(history.exitCode, 0);
    QCOMPARE(textOf(history.json.at("verdict").at("verdict")), std::string("verified"));
    // Three mints, three payments, one withdrawal request, and the operator's acceptance and proof do not touch it
    // more than that: at least seven entries, each counted by the accumulator.
    const auto& fields = history.json.at("fields").as_array();
    const auto entries = std::count_if(fields.begin(), fields.end(), [](const json::value& field) {
        return textOf(field.at("name")) == "entry";
    });
    QVERIFY(entries >= 7);
}

QTEST_GUILESS_MAIN(TestMainJob)
#include "tst_main_job.moc"
