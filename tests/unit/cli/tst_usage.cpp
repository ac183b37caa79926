// SPDX-License-Identifier: MIT
// A script that gets its arguments wrong: the built program answers with the one JSON object and the exit status that
// docs/cli.md promises, wherever --json stands.
#include "tests/support/devnet.h"

#include <QProcess>

using namespace bowline::test;
namespace json = boost::json;

class TestUsage : public QObject {
    Q_OBJECT
private slots:
    void wrongUsageIsToldInJson_data();
    void wrongUsageIsToldInJson();
    void wrongUsageIsToldToPeopleOnStandardError();
    void helpIsNoError();

private:
    struct Run {
        int exitCode = -1;
        QByteArray out;
        QByteArray error;
    };
    static Run run(const QStringList& arguments);
};

TestUsage::Run TestUsage::run(const QStringList& arguments)
{
    QTemporaryDir home;
    QProcess process;
    process.setEnvironment({QStringLiteral("HOME=") + home.path()});
    process.start(programFolder() + QStringLiteral("/bowline-cli"), arguments);
    if (!process.waitForFinished(60'000)) qFatal("bowline-cli does not end");
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestUsage::wrongUsageIsToldInJson_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named"); // what the message must name
    QTest::newRow("no command") << QStringList{"--json"} << "command";
    QTest::newRow("unknown command") << QStringList{"--json", "frobnicate"} << "frobnicate";
    QTest::newRow("unknown second word") << QStringList{"wallet", "burn", "--json"} << "wallet burn";
    QTest::newRow("unknown option") << QStringList{"--json", "balance", "--frobnicate"} << "--frobnicate";
    QTest::newRow("unknown option first")
        << QStringList{"--frobnicate", "balance", "--json"} << "--frobnicate";
    QTest::newRow("option without its value") << QStringList{"--json", "balance", "--datadir"} << "--datadir";
    QTest::newRow("missing word") << QStringList{"--json", "tx", "show"} << "TXID";
    QTest::newRow("bad number") << QStringList{"--json", "l2", "batch", "x"} << "N";
    QTest::newRow("bad fee") << QStringList{"--json", "send", "a", "1", "--fee", "much"} << "--fee";
    QTest::newRow("a miner without a reason") << QStringList{"--json", "devnet", "miner"} << "--mine-every";
    QTest::newRow("too many unproven")
        << QStringList{"--json", "devnet", "up", "--dir", "/nowhere", "--most-unproven", "9999999"}
        << "--most-unproven";
    QTest::newRow("devnet without a folder") << QStringList{"--json", "devnet", "status"} << "--dir";
}

void TestUsage::wrongUsageIsToldInJson()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    const Run answer = run(arguments);
    QCOMPARE(answer.exitCode, 2);
    QCOMPARE(answer.out.count('\n'), 1); // one line, one object
    boost::system::error_code failure;
    const json::value value = json::parse(answer.out.toStdString(), failure);
    QVERIFY2(!failure && value.is_object(), answer.out.constData());
    const json::object& error = value.at("error").as_object();
    QCOMPARE(json::value_to<std::string>(error.at("code")), std::string("cli.usage"));
    QVERIFY2(json::value_to<std::string>(error.at("message")).find(named.toStdString()) != std::string::npos,
             answer.out.constData());
}

void TestUsage::wrongUsageIsToldToPeopleOnStandardError()
{
    for (const QStringList& arguments : {QStringList{"frobnicate"}, QStringList{"balance", "--frobnicate"},
                                         // After "--" it is a word, not the option.
                                         QStringList{"frobnicate", "--", "--json"}}) {
        const Run answer = run(arguments);
        QCOMPARE(answer.exitCode, 2);
        QVERIFY(answer.out.isEmpty());
        QVERIFY(answer.error.contains("cli.usage"));
    }
}

void TestUsage::helpIsNoError()
{
    const Run answer = run({"--help"});
    QCOMPARE(answer.exitCode, 0);
    QVERIFY(answer.out.contains("wallet create"));
}

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_usage.moc"
