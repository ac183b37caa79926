// SPDX-License-Identifier: MIT
// The command line of bowlined, and the key file.
#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/node/keys.h"
#include "core/l2/params.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include <sys/stat.h>

using namespace bowline;
using namespace bowline::daemon;

namespace {
std::string codeOf(const auto& result)
{
    return result.ok() ? "ok" : std::string(result.error().code.name());
}
} // namespace

class TestDaemonOptions : public QObject {
    Q_OBJECT

private slots:
    void followsWhomItIsToldOrWhomTheNetworkFileNames()
    {
        l2::Network network;
        network.sequencerUrls = {"http://127.0.0.1:7", "http://127.0.0.1:8"};
        Options options;
        options.role = NodeRole::Signer;
        const auto ports = [&] {
            std::string out;
            const auto nodes = followedNodes(options, network);
            for (const net::Endpoint& endpoint : *nodes) out += std::to_string(endpoint.port) + ' ';
            return out;
        };
        QCOMPARE(ports(), std::string("7 8 "));
        QCOMPARE(sequencerOf(options, network)->port, std::uint16_t{7});
        // Batches may come from anywhere; transactions go where they are taken.
        options.upstream = {{"127.0.0.1", 5}, {"127.0.0.1", 7}};
        QCOMPARE(ports(), std::string("5 7 "));
        QCOMPARE(sequencerOf(options, network)->port, std::uint16_t{7});
        network.sequencerUrls.clear();
        QCOMPARE(sequencerOf(options, network)->port, std::uint16_t{5});
        options.upstream.clear();
        QCOMPARE(ports(), std::string());
        QCOMPARE(codeOf(sequencerOf(options, network)), std::string("daemon.bad-usage"));
        network.sequencerUrls = {"ws://127.0.0.1:7"};
        QCOMPARE(codeOf(followedNodes(options, network)), std::string("net.bad-endpoint"));
        options.role = NodeRole::Sequencer;
        network.sequencerUrls = {"http://127.0.0.1:7"};
        QCOMPARE(ports(), std::string()); // it follows nobody, itself least of all
    }

    void readsWhatTheUsageShows()
    {
        const auto options =
            parseOptions({"--role",          "signer",      "--datadir",       "/d",
                          "--network-file",  "/n",          "--bitcoin",       "127.0.0.1:1,[::1]:2",
                          "--listen",        "127.0.0.1:3", "--upstream",      "http://127.0.0.1:4",
                          "--upstream",      "127.0.0.1:5", "--ready-fd",      "7",
                          "--interval",      "50",          "--most-unproven", "3",
                          "--gather-blocks", "20"});
        QVERIFY(options.ok());
        QVERIFY(options->role == NodeRole::Signer);
        QCOMPARE(options->bitcoin.size(), std::size_t{2});
        QCOMPARE(options->bitcoin[1].text(), std::string("[::1]:2"));
        QCOMPARE(options->upstream.size(), std::size_t{2});
        QCOMPARE(*options->readyFd, 7);
        QCOMPARE(options->intervalMs, 50U);
        QCOMPARE(options->mostUnproven, 3U);
        QCOMPARE(options->gatherBlocksSeconds, 20U);
        QCOMPARE(options->listen.port, std::uint16_t{3});
    }

    void anOperatorIsToldItsFeeRates()
    {
        std::vector<std::string> arguments{"--role",         "operator", "--datadir", "/d",
                                           "--network-file", "/n",       "--bitcoin", "a:1"};
        const auto silent = parseOptions(arguments);
        QVERIFY(silent.ok());
        QCOMPARE(silent->feeRate.satPerKvb, std::int64_t{2'000});
        QCOMPARE(silent->maxFeeRate.satPerKvb, std::int64_t{200'000});
        arguments.insert(arguments.end(), {"--fee-rate", "7", "--max-fee-rate", "50"});
        const auto told = parseOptions(arguments);
        QVERIFY(told.ok());
        QCOMPARE(told->feeRate.satPerKvb, std::int64_t{7'000});
        QCOMPARE(told->maxFeeRate.satPerKvb, std::int64_t{50'000});
    }

    void anOperatorPaysForWhatIsProvenUnlessToldOtherwise()
    {
        std::vector<std::string> arguments{"--role",         "operator", "--datadir", "/d",
                                           "--network-file", "/n",       "--bitcoin", "a:1"};
        QVERIFY(parseOptions(arguments)->payFor == PayFor::Proven);
        arguments.insert(arguments.end(), {"--pay-for", "sealed"});
        QVERIFY(parseOptions(arguments)->payFor == PayFor::Sealed);
        arguments.back() = "proven";
        QVERIFY(parseOptions(arguments)->payFor == PayFor::Proven);
        for (const char* bad : {"", "Sealed", "anything"}) {
            arguments.back() = bad;
            QCOMPARE(codeOf(parseOptions(arguments)), std::string("daemon.bad-usage"));
        }
    }

    void whereTasksOfProvingAreKept()
    {
        std::vector<std::string> arguments{"--role",         "signer", "--datadir", "/d",
                                           "--network-file", "/n",     "--bitcoin", "a:1"};
        QCOMPARE(parseOptions(arguments)->proving, std::string());
        arguments.insert(arguments.end(), {"--proving", ""});
        for (const char* good : {"sqlite", "postgresql://u@h/d", "postgres://h/d", "host=/run dbname=d"}) {
            arguments.back() = good;
            const auto told = parseOptions(arguments);
            QCOMPARE(codeOf(told), std::string("ok"));
            QCOMPARE(told->proving, std::string(good));
        }
        for (const char* bad : {"", "mysql", "SQLite", "https://h/d"}) {
            arguments.back() = bad;
            QCOMPARE(codeOf(parseOptions(arguments)), std::string(kBadUsage.name()));
        }
        QVERIFY(usageText().find("--proving") != std::string_view::npos);
    }

    void refusesWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QStringList good{"--role",         "signer", "--datadir", "/d",
                               "--network-file", "/n",     "--bitcoin", "a:1"};
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("unknown option") << good + QStringList{"--colour", "red"};
        QTest::newRow("no value") << good + QStringList{"--listen"};
        QTest::newRow("bad port") << good + QStringList{"--listen", "127.0.0.1:70000"};
        QTest::newRow("unknown role") << QStringList{"--role", "king", "--datadir", "/d"};
        QTest::newRow("negative descriptor") << good + QStringList{"--ready-fd", "-1"};
        QTest::newRow("no Bitcoin") << good.mid(0, 6);
        QTest::newRow("no fee") << good + QStringList{"--fee-rate", "0"};
        QTest::newRow("fee with a fraction") << good + QStringList{"--fee-rate", "1.5"};
        QTest::newRow("highest fee below the first") << good + QStringList{"--max-fee-rate", "1"};
        QTest::newRow("sequencer with upstream")
            << QStringList{"--role", "sequencer"} + good.mid(2) + QStringList{"--upstream", "a:1"};
    }
    void refusesWhatItDoesNotUnderstand()
    {
        QFETCH(QStringList, arguments);
        std::vector<std::string> list;
        for (const QString& argument : arguments) list.push_back(argument.toStdString());
        QVERIFY(!parseOptions(list).ok());
    }

    void keysComeBackAsTheyWereMade_data()
    {
        QTest::addColumn<QString>("role");
        for (const char* role : {"sequencer", "signer", "operator"}) QTest::newRow(role) << QString(role);
    }
    void keysComeBackAsTheyWereMade()
    {
        QFETCH(QString, role);
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/a/b";
        const NodeRole wanted = *roleFromName(role.toStdString());
        const auto made = NodeKeys::create(folder, wanted);
        QVERIFY(made.ok());
        struct stat info = {};
        QCOMPARE(::stat((folder + "/keys").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        const auto read = NodeKeys::load(folder, wanted);
        QVERIFY(read.ok());
        auto before = *made->publicKeys();
        auto after = *read->publicKeys();
        before.erase("possession"); // signed with fresh randomness each time
        after.erase("possession");
        QVERIFY(before == after);
        QVERIFY(before.size() > 1);
        QCOMPARE(codeOf(NodeKeys::create(folder, wanted)), std::string(kKeyFileExists.name()));
    }

    void aSignerProvesPossessionOfItsVaultKey()
    {
        QTemporaryDir dir;
        const auto keys = NodeKeys::create(dir.path().toStdString(), NodeRole::Signer);
        const auto shown = *keys->publicKeys();
        const auto vault = *crypto::PublicKey::parse(*base::fromHex(shown.at("vault_key").as_string()));
        const auto message = *base::XOnlyPublicKey::fromHex(shown.at("message_key").as_string());
        const auto possession = *base::arrayFromHex<64>(shown.at("possession").as_string());
        QVERIFY(
            crypto::verifySchnorr(vault.xOnly(), l2::possessionMessage(vault, message).view(), possession));
    }

    void keysThatOthersCanReadAreNotUsed()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        QVERIFY(NodeKeys::create(folder, NodeRole::Signer).ok());
        QCOMPARE(::chmod((folder + "/keys").c_str(), 0604), 0);
        QCOMPARE(codeOf(NodeKeys::load(folder, NodeRole::Signer)), std::string(kKeyFileExposed.name()));
    }

    void damagedOrForeignKeyFilesAreRefused()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        QCOMPARE(codeOf(NodeKeys::load(folder, NodeRole::Signer)), std::string(kNoKeyFile.name()));
        QVERIFY(NodeKeys::create(folder, NodeRole::Signer).ok());
        QCOMPARE(codeOf(NodeKeys::load(folder, NodeRole::Operator)), std::string(kBadKeyFile.name()));
        std::ofstream(folder + "/keys", std::ios::app) << "x";
        QCOMPARE(codeOf(NodeKeys::load(folder, NodeRole::Signer)), std::string(kBadKeyFile.name()));
        std::ofstream(folder + "/keys", std::ios::trunc) << "bowline-node-keys 1\nvault 00";
        QCOMPARE(codeOf(NodeKeys::load(folder, NodeRole::Signer)), std::string(kBadKeyFile.name()));
    }
};

QTEST_GUILESS_MAIN(TestDaemonOptions)
#include "tst_daemon_options.moc"
