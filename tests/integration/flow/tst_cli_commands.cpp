// SPDX-License-Identifier: MIT
// Commands that the main job does not need, on one devnet: exit status, exactly one JSON object, and its fields as
// docs/cli.md names them. What was sent is asked of bitcoind.
#include "tests/support/devnet.h"
#include "tests/support/patience.h"

#include <csignal>

using namespace bowline::test;
namespace json = boost::json;

namespace {
std::string text(const json::value& object, const char* field)
{
    return json::value_to<std::string>(object.at(field));
}

QString qtext(const json::value& object, const char* field)
{
    return QString::fromStdString(text(object, field));
}
} // namespace

/// Done, with one object that has at least these fields.
#define VERIFY_ANSWER(answer, ...)                                                                           \
    do {                                                                                                     \
        const CliAnswer& given = (answer);                                                                   \
        QVERIFY2(given.exitCode == 0, given.text.c_str());                                                   \
        QCOMPARE(std::count(given.text.begin(), given.text.end(), '\n'), std::ptrdiff_t{1});                 \
        for (const char* field : {__VA_ARGS__}) QVERIFY2(given.json.contains(field), field);                 \
    } while (false)

class TestCliCommands : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aWalletIsListedAndRestoredFromItsWords();
    void aPaymentIsSentShownAndPaidMoreFor();
    void aPaymentThatNobodyAskedForIsKeptAndSentLater();
    void everyPageOfTheLayerTwoAnswers();
    void whatIsFoundIsSavedAndCheckedOffline();
    void anotherNodeShowsTheSame();
    void syncTellsWhereItStands();
    void whatDoesNotExistIsAnErrorWithACode();
    void aDevnetThatIsPartlyDeadStillTellsItsStatus();

private:
    std::unique_ptr<TestDevnet> m_net;
    std::unique_ptr<CliWallet> m_alice;
    std::string m_account;
};

void TestCliCommands::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_net = std::make_unique<TestDevnet>(QStringList{"--signers", "1", "--operators", "2", "--bare"});
    m_alice = std::make_unique<CliWallet>(m_net->wallet("alice"));
}

void TestCliCommands::aWalletIsListedAndRestoredFromItsWords()
{
    const CliAnswer created = m_alice->run({"wallet", "create"});
    VERIFY_ANSWER(created, "name", "network", "locked", "backup_confirmed", "layer2_address", "words");
    m_account = text(created.json, "layer2_address");
    const CliAnswer list = m_alice->run({"wallet", "list"});
    VERIFY_ANSWER(list, "wallets");
    QCOMPARE(list.json.at("wallets").as_array(), (json::array{"main"}));
    VERIFY_ANSWER(m_alice->run({"wallet", "info"}), "name", "layer2_address");

    const CliWallet other = m_net->wallet("alice-again");
    const CliAnswer restored = other.run({"wallet", "restore", "--wallet", "copy"},
                                         {"BOWLINE_WORDS=" + qtext(created.json, "words")});
    VERIFY_ANSWER(restored, "name", "layer2_address");
    QCOMPARE(text(restored.json, "layer2_address"), m_account);
    QVERIFY(!restored.json.contains("words"));
    const CliAnswer wrong =
        other.run({"wallet", "restore", "--wallet", "third"}, {"BOWLINE_WORDS=no words at all"});
    QCOMPARE(wrong.exitCode, 1);
    QVERIFY(!wrong.errorCode().empty());
    const CliAnswer twice = m_alice->run({"wallet", "create"});
    QCOMPARE(twice.exitCode, 1);
    QCOMPARE(twice.errorCode(), std::string("wallet.exists"));
}

void TestCliCommands::aPaymentIsSentShownAndPaidMoreFor()
{
    const CliAnswer received = m_alice->run({"receive"});
    VERIFY_ANSWER(received, "address", "uri", "index");
    m_net->devnet({"fund", qtext(received.json, "address"), "0.4"});
    m_net->mine(1);
    const QString to = QString::fromStdString(m_net->bitcoin({"-rpcwallet=miner", "getnewaddress"}));
    const CliAnswer sent = m_alice->run({"send", to, "0.1", "--fee", "2"});
    VERIFY_ANSWER(sent, "txid", "state", "recipients", "fee_sat", "fee_sat_per_kvb", "total_sat", "warnings");
    QCOMPARE(text(sent.json, "state"), std::string("sent"));
    const auto mempool = [this] { return m_net->mempoolBesideSeals(); };
    EVENTUALLY_EQUAL(mempool(), (json::array{text(sent.json, "txid")}));

    const CliAnswer list = m_alice->run({"tx", "list"});
    VERIFY_ANSWER(list, "transactions");
    QCOMPARE(list.json.at("transactions").as_array().size(), std::size_t{2});
    const CliAnswer shown = m_alice->run({"tx", "show", qtext(sent.json, "txid")});
    VERIFY_ANSWER(shown, "txid", "delta_sat", "height", "confirmations", "time", "label", "can_bump",
                  "addresses", "broadcast", "fee_sat");
    QVERIFY(shown.json.at("height").is_null());
    QCOMPARE(shown.json.at("can_bump").as_bool(), true);

    const CliAnswer bumped = m_alice->run({"tx", "bump", qtext(sent.json, "txid"), "--fee", "9"});
    VERIFY_ANSWER(bumped, "txid", "state", "fee_sat");
    QVERIFY(bumped.json.at("fee_sat").to_number<std::int64_t>() >
            sent.json.at("fee_sat").to_number<std::int64_t>());
    EVENTUALLY_EQUAL(mempool(), (json::array{text(bumped.json, "txid")}));
    const json::object mined = m_net->devnet({"mine", "1"});
    QCOMPARE(mined.at("bitcoin_height").to_number<int>(), m_net->height());
    const CliAnswer confirmed = m_alice->run({"tx", "show", qtext(bumped.json, "txid")});
    QCOMPARE(confirmed.json.at("height").to_number<int>(), m_net->height());
    const CliAnswer balance = m_alice->run({"balance"});
    VERIFY_ANSWER(balance, "wallet", "bitcoin", "layer2", "tip_height");
}

/// The only peer is a node that wants blocks and no transactions.
void TestCliCommands::aPaymentThatNobodyAskedForIsKeptAndSentLater()
{
    QFile client(QString::fromStdString(m_alice->datadir()) + QStringLiteral("/client.json"));
    QVERIFY(client.open(QIODevice::ReadOnly));
    const json::value connected = json::parse(client.readAll().toStdString());
    const auto quiet =
        Bitcoind::start({{"-blocksonly"}, {json::value_to<std::string>(connected.at("bitcoin").at(0))}});
    EVENTUALLY_EQUAL(quiet->height(), m_net->height());
    const QString to = QString::fromStdString(m_net->bitcoin({"-rpcwallet=miner", "getnewaddress"}));
    const CliAnswer kept = m_alice->run(
        {"send", to, "0.05", "--fee", "3", "--bitcoin", QString::fromStdString(quiet->p2pAddress())});
    VERIFY_ANSWER(kept, "txid", "state", "fee_sat");
    QCOMPARE(text(kept.json, "state"), std::string("kept"));
    const auto mempool = [this] { return m_net->mempoolBesideSeals(); };
    QCOMPARE(mempool(), json::array());
    // A later run sends the same transaction, not another, also one that only looks.
    VERIFY_ANSWER(m_alice->run({"balance", "--no-wait"}), "bitcoin");
    VERIFY_ANSWER(m_alice->run({"balance"}), "bitcoin");
    EVENTUALLY_EQUAL(mempool(), (json::array{text(kept.json, "txid")}));
    const CliAnswer next = m_alice->run({"send", to, "0.01", "--fee", "3"});
    VERIFY_ANSWER(next, "txid", "state");
    QCOMPARE(text(next.json, "state"), std::string("sent"));
    const auto has = [&](const CliAnswer& sent) {
        const json::array all = mempool();
        return std::find(all.begin(), all.end(), json::value(text(sent.json, "txid"))) != all.end();
    };
    EVENTUALLY(has(kept) && has(next));
    QCOMPARE(mempool().size(), std::size_t{2});
    m_net->mine(1);
    const CliAnswer shown = m_alice->run({"tx", "show", qtext(kept.json, "txid")});
    QCOMPARE(shown.json.at("height").to_number<int>(), m_net->height());
}

void TestCliCommands::everyPageOfTheLayerTwoAnswers()
{
    const CliAnswer head = m_alice->run({"l2", "head"});
    VERIFY_ANSWER(head, "number", "hash", "time", "transactions", "bitcoin_height", "state_root", "verdict");
    QCOMPARE(text(head.json.at("verdict"), "verdict"), std::string("verified"));
    const CliAnswer batch =
        m_alice->run({"l2", "batch", QString::number(head.json.at("number").to_number<std::uint64_t>())});
    VERIFY_ANSWER(batch, "number", "hash", "state_root", "verdict");
    QCOMPARE(text(batch.json, "hash"), text(head.json, "hash"));
    const QString account = QString::fromStdString(m_account);
    const CliAnswer shown = m_alice->run({"l2", "account", account});
    VERIFY_ANSWER(shown, "title", "values", "verdict");
    QCOMPARE(text(shown.json.at("values"), "exists"), std::string("no"));
    QVERIFY(!shown.json.contains("proof"));
    const CliAnswer proof = m_alice->run({"l2", "proof", account});
    VERIFY_ANSWER(proof, "title", "fields", "values", "verdict", "header", "signature", "proof", "checks");
    QVERIFY(!proof.json.at("checks").as_array().empty());
}

void TestCliCommands::whatIsFoundIsSavedAndCheckedOffline()
{
    const QString network = QString::fromStdString(m_net->dir() + "/network.json");
    for (const QString& query :
         {QString::fromStdString(m_account), QStringLiteral("counters"), QStringLiteral("0")}) {
        const CliAnswer found = m_alice->run({"l2", "find", query});
        VERIFY_ANSWER(found, "kind", "query", "says", "batch", "finality", "verdict", "checks", "entries");
        QCOMPARE(text(found.json.at("verdict"), "verdict"), std::string("verified"));
        const QString file = QString::fromStdString(m_net->dir()) + "/proof.json";
        const CliAnswer saved = m_alice->run({"l2", "save", query, "--to", file});
        VERIFY_ANSWER(saved, "file", "bytes", "kind", "batch", "finality");
        const CliAnswer checked = m_alice->run({"verify", file, "--network", network});
        VERIFY_ANSWER(checked, "valid", "subject", "says", "batch", "finality", "checks", "not_shown",
                      "bitcoin_tip");
        QCOMPARE(checked.json.at("valid").as_bool(), true);
        QCOMPARE(text(checked.json, "subject"), text(found.json, "kind"));
        QCOMPARE(checked.json.at("bitcoin_tip").at("height").to_number<int>(), m_net->height());
        // One digit of it, and it is nothing any more.
        QFile bytes(file);
        QVERIFY(bytes.open(QIODevice::ReadWrite));
        QByteArray content = bytes.readAll();
        const qsizetype at = content.indexOf("\"signature\"") + 20;
        content[at] = content[at] == '7' ? '8' : '7';
        QVERIFY(bytes.seek(0) && bytes.write(content) == content.size());
        bytes.close();
        const CliAnswer forged = m_alice->run({"verify", file, "--network", network});
        QCOMPARE(forged.exitCode, 1);
        QCOMPARE(forged.json.at("valid").as_bool(), false);
    }
    QCOMPARE(m_alice->run({"l2", "save", "counters"}).exitCode, 2);
    QCOMPARE(m_alice->run({"l2", "save", "counters", "--to", "/nonexistent/file"}).errorCode(),
             std::string("verify.not-written"));
    QCOMPARE(m_alice->run({"l2", "find", "hello"}).errorCode(), std::string("services.bad-query"));
}

void TestCliCommands::anotherNodeShowsTheSame()
{
    std::string other;
    for (const json::value& program : m_net->state().at("programs").as_array()) {
        if (text(program, "name").find("signer") != std::string::npos) other = text(program, "endpoint");
    }
    QVERIFY(!other.empty());
    const QString url = "http://" + QString::fromStdString(other);
    CliAnswer compared;
    // A follower may be a batch behind for a moment.
    EVENTUALLY((compared = m_alice->run({"l2", "compare", "counters", "--with", url})).exitCode == 0);
    VERIFY_ANSWER(compared, "outcome", "first", "second", "batch", "rows", "evidence_kept");
    QCOMPARE(text(compared.json, "outcome"), std::string("agree"));
    const CliAnswer nobody = m_alice->run({"l2", "compare", "counters", "--with", "http://127.0.0.1:1"});
    QCOMPARE(nobody.exitCode, 1);
    QCOMPARE(text(nobody.json, "outcome"), std::string("unreachable"));
}

void TestCliCommands::syncTellsWhereItStands()
{
    const CliAnswer waited = m_alice->run({"sync", "wait"});
    VERIFY_ANSWER(waited, "synced", "tip_height", "tip_hash", "layer2_head", "layer2_reachable", "progress");
    QCOMPARE(waited.json.at("synced").as_bool(), true);
    QCOMPARE(waited.json.at("layer2_reachable").as_bool(), true);
    QCOMPARE(waited.json.at("tip_height").to_number<int>(), m_net->height());
    VERIFY_ANSWER(m_alice->run({"sync", "status"}), "synced", "progress", "peers");
}

void TestCliCommands::whatDoesNotExistIsAnErrorWithACode()
{
    const auto code = [this](const QStringList& arguments) {
        const CliAnswer answer = m_alice->run(arguments);
        return answer.exitCode == 1 ? answer.errorCode() : "exit status " + std::to_string(answer.exitCode);
    };
    QCOMPARE(code({"tx", "show", QString(64, '0')}), std::string("services.unknown-transaction"));
    QCOMPARE(code({"bridge", "show", QString(64, '0')}), std::string("services.unknown-bridge-id"));
    QCOMPARE(code({"reclaim", QString(64, '0')}), std::string("services.unknown-bridge-id"));
    QCOMPARE(code({"balance", "--network", "main"}), std::string("cli.no-connection"));
    QCOMPARE(m_alice->run({"send", "bcrt1nothing"}).exitCode, 2); // no amount
    QCOMPARE(m_alice->run({"l2", "batch", "many"}).exitCode, 2);
}

void TestCliCommands::aDevnetThatIsPartlyDeadStillTellsItsStatus()
{
    const auto running = [](const json::object& status, const std::string& name) {
        for (const json::value& program : status.at("programs").as_array()) {
            if (text(program, "name") == name) return program.at("running").as_bool();
        }
        return false;
    };
    const json::object before = m_net->devnet({"status"});
    QCOMPARE(before.at("bitcoin_height").to_number<int>(), m_net->height());
    QVERIFY(running(before, "bitcoind") && running(before, "sequencer"));
    QCOMPARE(::kill(static_cast<pid_t>(m_net->pidOf("bitcoind")), SIGKILL), 0);
    json::object after;
    EVENTUALLY(!running(after = m_net->devnet({"status"}), "bitcoind"));
    QVERIFY(after.at("bitcoin_height").is_null());
    QVERIFY(running(after, "sequencer"));
}

QTEST_GUILESS_MAIN(TestCliCommands)
#include "tst_cli_commands.moc"
