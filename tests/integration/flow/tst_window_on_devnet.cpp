// SPDX-License-Identifier: MIT
// The main job by keys and mouse through the real window on a real devnet, judged from outside: what bitcoind says
// about the money, and that every page was seen.
#include "tests/support/devnet.h"

#include <QDir>
#include <QImage>

using namespace bowline::test;
namespace json = boost::json;

class TestWindowOnDevnet : public QObject {
    Q_OBJECT
private slots:
    void mainJobByKeysAndMouse();
};

void TestWindowOnDevnet::mainJobByKeysAndMouse()
{
    SKIP_WITHOUT_BITCOIND();
    TestDevnet net({"--signers", "2", "--operators", "2"});
    QTemporaryDir pictures;
    const auto transactionsBefore = net.bitcoinJson({"getchaintxstats"}).at("txcount").to_number<int>();
    QProcess tour;
    tour.setProcessChannelMode(QProcess::MergedChannels);
    tour.start(programFolder() + QStringLiteral("/bowline-tour-devnet"),
               {"--devnet", QString::fromStdString(net.dir()), "--screenshots", pictures.path()});
    QVERIFY(tour.waitForFinished(480'000));
    QVERIFY2(tour.exitCode() == 0, tour.readAll().right(2000).constData());
    QVERIFY(net.bitcoinJson({"getchaintxstats"}).at("txcount").to_number<int>() > transactionsBefore);

    // Seen from bitcoind: an operator's payment of a withdrawal, bound by OP_RETURN to it (rule A10).
    int payments = 0;
    for (int height = 110; height <= net.height(); ++height) {
        const std::string hash = net.bitcoin({"getblockhash", QString::number(height)});
        const auto block = net.bitcoinJson({"getblock", QString::fromStdString(hash), "2"});
        const json::array& transactions = block.at("tx").as_array();
        for (std::size_t i = 1; i < transactions.size(); ++i) {
            const json::array& outputs = transactions[i].at("vout").as_array();
            if (outputs.size() < 2) continue;
            const auto script = json::value_to<std::string>(outputs[1].at("scriptPubKey").at("hex"));
            if (script.rfind("6a20", 0) == 0 && script.size() == 68) ++payments;
        }
    }
    QCOMPARE(payments, 1);

    const QStringList files = QDir(pictures.path()).entryList({"*.png"});
    QVERIFY2(files.size() >= 18, qPrintable(files.join(' '))); // nine pages, light and dark
    for (const QString& file : files) QVERIFY(!QImage(pictures.filePath(file)).isNull());
}

QTEST_GUILESS_MAIN(TestWindowOnDevnet)
#include "tst_window_on_devnet.moc"
