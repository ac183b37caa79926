// SPDX-License-Identifier: MIT
// A wallet whose node is reached by TLS: with its pin everything is verified as ever, with another nothing is asked.
#include "tests/integration/daemon/scene.h"

#include <QProcess>
#include <QTemporaryDir>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

class TestWalletByTls : public QObject {
    Q_OBJECT

private slots:
    void aWalletFollowsItsNodeByTls()
    {
        SKIP_WITHOUT_BITCOIND();
        const auto bitcoin = Scene::start();
        const TestNetwork network(*bitcoin, {});
        const auto sequencer = Bowlined::start({.role = "sequencer",
                                                .datadir = network.datadir("sequencer"),
                                                .networkFile = network.file(),
                                                .bitcoin = bitcoin->p2pAddress(),
                                                .upstream = {},
                                                .extra = {},
                                                .tls = true});
        bitcoin->mine(3);
        QVERIFY(within(20, [&] { return sequencer->head() > 0; }));
        const auto cli = [&](const net::Endpoint& node, QStringList words) {
            QProcess program;
            words << "--json"
                  << "--datadir" << m_folder.path() << "--network-file"
                  << QString::fromStdString(network.file()) << "--bitcoin"
                  << QString::fromStdString(bitcoin->p2pAddress()) << "--node"
                  << QString::fromStdString(node.url());
            program.start(QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowline-cli"), words);
            program.waitForFinished(60'000);
            return json::parse(program.readAllStandardOutput().toStdString()).as_object();
        };
        const net::Endpoint right = sequencer->endpoint();
        const json::object synced = cli(right, {"sync", "wait"});
        QVERIFY(synced.at("layer2_reachable").as_bool() && synced.at("synced").as_bool());
        const json::object head = cli(right, {"l2", "head"});
        QCOMPARE(json::value_to<std::string>(head.at("hash")),
                 json::value_to<std::string>(sequencer->must("chain_head").at("hash")));

        net::Endpoint wrong = right;
        wrong.pin->front() ^= 1U;
        QVERIFY(!cli(wrong, {"sync", "wait"}).at("layer2_reachable").as_bool());

        const QString token = QString::fromStdString(sequencer->datadir() + "/access.token");
        QVERIFY(cli(right, {"node", "status", "--token-file", token}).at("requests").to_number<int>() > 0);
        QVERIFY(cli(right, {"node", "stop", "--token-file", token}).contains("stopping"));
        QCOMPARE(sequencer->waitForEnd(), 0);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestWalletByTls)
#include "tst_wallet_by_tls.moc"
