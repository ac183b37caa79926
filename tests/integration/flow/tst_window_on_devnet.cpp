// SPDX-License-Identifier: MIT
// The main job by keys and mouse through the real window on a real devnet, judged from outside: what bitcoind says
// about the money, and that every page was seen.
#include "tests/support/bitcoin_facts.h"

#include <QDir>
#include <QImage>
#include <QRegularExpression>

#include <map>
#include <set>

using namespace bowline::test;
namespace json = boost::json;

class TestWindowOnDevnet : public QObject {
    Q_OBJECT
private slots:
    void mainJobByKeysAndMouse();

private:
    static void judge(const TestDevnet& net, int first, const QString& said);
};

/// The money of the tour as bitcoind has it, in the blocks from `first` on: 0.12 deposited, 0.03 withdrawn, a vault
/// taken. What operators did before the tour began, to have money themselves, is not looked at.
void TestWindowOnDevnet::judge(const TestDevnet& net, int first, const QString& said)
{
    const auto transactions = transactionsFrom(net, first);
    std::multiset<std::int64_t> amounts;
    std::map<std::string, std::int64_t> vaults; // txid: what output 0 holds
    std::set<std::string> requests;
    std::vector<json::object> takes;
    std::vector<json::object> payments;
    for (const json::object& transaction : transactions) {
        if (looksLikeTake(transaction)) takes.push_back(transaction);
        if (looksLikePayment(transaction)) payments.push_back(transaction);
        if (!looksLikeVault(transaction)) continue;
        vaults[txidOf(transaction)] = outputSat(transaction, 0);
        amounts.insert(outputSat(transaction, 0));
        requests.insert(json::value_to<std::string>(transaction.at("vin").at(0).at("txid")));
    }
    // Three vaults of the right size, made of the outputs of one request.
    QCOMPARE(amounts, (std::multiset<std::int64_t>{1'000'000, 1'000'000, 10'000'000}));
    QCOMPARE(requests.size(), std::size_t{1});

    // One payment, of exactly the amount, to the address in the window; and it is there to be spent.
    QCOMPARE(payments.size(), std::size_t{1});
    QCOMPARE(outputSat(payments.front(), 0), std::int64_t{3'000'000});
    const auto address = QRegularExpression("withdrawn to (bcrt1\\S+)").match(said);
    QVERIFY2(address.hasMatch(), qPrintable(said));
    const auto info = net.bitcoinJson({"validateaddress", address.captured(1)});
    QCOMPARE(outputScript(payments.front(), 0), json::value_to<std::string>(info.at("scriptPubKey")));
    QVERIFY(net.bitcoinJson({"gettxout", QString::fromStdString(txidOf(payments.front())), "0"}).is_object());

    // A vault went to an operator after the window, by a take that is right in every output; any other is where it was.
    const auto spends = [](const json::object& take) {
        return json::value_to<std::string>(take.at("vin").at(0).at("txid"));
    };
    std::erase_if(takes, [&](const json::object& take) { return !vaults.contains(spends(take)); });
    QVERIFY2(!takes.empty(), "no vault was taken");
    std::map<std::string, std::string> takenBy;
    for (const json::object& take : takes) {
        QCOMPARE(take.at("vin").at(0).at("vout").to_number<int>(), 0);
        QCOMPARE(wrongAboutTake(net, take, vaults.at(spends(take))), std::string());
        takenBy[spends(take)] = txidOf(take);
    }
    for (const auto& [txid, value] : vaults) {
        const auto spender = spenderOf(transactions, txid, 0);
        QCOMPARE(spender.has_value(), takenBy.contains(txid));
        if (spender) QCOMPARE(txidOf(*spender), takenBy.at(txid));
    }
}

void TestWindowOnDevnet::mainJobByKeysAndMouse()
{
    SKIP_WITHOUT_BITCOIND();
    // Without a prover: operators pay what is sealed. That they wait for proofs is tst_main_job's, and the tour on a devnet that
    // proves is what `make run` plays; a second proven history would be minutes of proving for the same pages.
    TestDevnet net({"--signers", "2", "--operators", "2"});
    QTemporaryDir pictures;
    const auto transactionsBefore = net.bitcoinJson({"getchaintxstats"}).at("txcount").to_number<int>();
    const int first = net.height() + 1;
    QProcess tour;
    tour.setProcessChannelMode(QProcess::MergedChannels);
    tour.start(programFolder() + QStringLiteral("/bowline-tour-devnet"),
               {"--devnet", QString::fromStdString(net.dir()), "--screenshots", pictures.path()});
    QVERIFY(tour.waitForFinished(570'000));
    const QByteArray said = tour.readAll();
    QVERIFY2(tour.exitCode() == 0, said.right(2000).constData());
    QVERIFY(net.bitcoinJson({"getchaintxstats"}).at("txcount").to_number<int>() > transactionsBefore);

    judge(net, first, QString::fromUtf8(said));
    if (QTest::currentTestFailed()) return;

    const QStringList files = QDir(pictures.path()).entryList({"*.png"});
    QVERIFY2(files.size() >= 50, qPrintable(files.join(' '))); // every page and step, light and dark
    for (const char* step : {"claim-window", "claim-beside-its-deposit", "claim-taken"}) {
        QVERIFY2(!files.filter(step).isEmpty(), step);
    }
    for (const QString& file : files) QVERIFY(!QImage(pictures.filePath(file)).isNull());
}

QTEST_GUILESS_MAIN(TestWindowOnDevnet)
#include "tst_window_on_devnet.moc"
