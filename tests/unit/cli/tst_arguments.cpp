// SPDX-License-Identifier: MIT
// The command line: what a person may type, what is refused, and that secrets have no place in it.
#include "app/cli/commands.h"
#include "app/devnet/process.h"

#include <QTest>

#include <array>

#include <unistd.h>

using namespace bowline;
using namespace bowline::cli;

class TestArguments : public QObject {
    Q_OBJECT
private slots:
    void optionsMayStandAnywhere();
    void unknownOptionsAndMissingValuesAreRefused();
    void noOptionTakesASecret();
    void feeRatesAreExact_data();
    void feeRatesAreExact();
    void passwordComesFromADescriptor();
    void commandsRunWithoutAShellAndEnd();
    void processesAreKnownByTheirStart();
};

void TestArguments::optionsMayStandAnywhere()
{
    const auto parsed =
        parseArguments({"--json", "send", "--fee", "2.5", "ADDRESS", "0.1", "--datadir=/d", "--", "--x"});
    QVERIFY(parsed.ok());
    QVERIFY(parsed->json);
    QCOMPARE(parsed->words, (std::vector<std::string>{"send", "ADDRESS", "0.1", "--x"}));
    QCOMPARE(parsed->datadir, std::string("/d"));
    QCOMPARE(parsed->get("fee"), std::string("2.5"));
    QVERIFY(parsed->word(9, "AMOUNT").error().code == kUsage);
}

void TestArguments::unknownOptionsAndMissingValuesAreRefused()
{
    QVERIFY(!parseArguments({"--nonsense"}).ok());
    QVERIFY(!parseArguments({"send", "--fee"}).ok());
    QVERIFY(!parseArguments({"--json=yes"}).ok());
    const auto parsed = parseArguments({"--timeout", "1e3"});
    QVERIFY(parsed.ok());
    QVERIFY(!parsed->number("timeout", 0).ok());
}

void TestArguments::noOptionTakesASecret()
{
    for (const char* option : {"--password=x", "--passphrase=x", "--seed=x", "--key=x", "--mnemonic=x"}) {
        QVERIFY2(!parseArguments({option}).ok(), option);
    }
}

void TestArguments::feeRatesAreExact_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("rate");
    QTest::newRow("whole") << "2" << qint64{2000};
    QTest::newRow("thousandths") << "1.001" << qint64{1001};
    QTest::newRow("zero") << "0" << qint64{-1};
    QTest::newRow("too fine") << "1.0001" << qint64{-1};
    QTest::newRow("no number") << "fast" << qint64{-1};
    QTest::newRow("negative") << "-1" << qint64{-1};
}

void TestArguments::feeRatesAreExact()
{
    QFETCH(QString, text);
    QFETCH(qint64, rate);
    const auto parsed = parseArguments({"--fee", text.toStdString()});
    QCOMPARE(feeRate(*parsed).valueOr(-1), rate);
}

void TestArguments::passwordComesFromADescriptor()
{
    std::array<int, 2> ends{};
    QCOMPARE(pipe(ends.data()), 0);
    QCOMPARE(write(ends[1], "hunter2\nrest", 12), ssize_t{12});
    const auto parsed = parseArguments({"--password-fd", std::to_string(ends[0])});
    const auto secret = readSecret(*parsed, passwordSource());
    QVERIFY(secret.ok());
    QCOMPARE(std::string(secret->begin(), secret->end()), std::string("hunter2"));
    close(ends[0]);
    close(ends[1]);
}

void TestArguments::commandsRunWithoutAShellAndEnd()
{
    QCOMPARE(devnet::runCommand({"echo", "$HOME;", "a b"}).value(), std::string("$HOME; a b\n"));
    QVERIFY(devnet::runCommand({"false"}).error().code == devnet::kCommandFailed);
    QVERIFY(devnet::runCommand({"/does/not/exist"}).error().code == devnet::kCannotStart);
    QVERIFY(devnet::runCommand({"sleep", "30"}, std::chrono::seconds(1)).error().code ==
            devnet::kCommandFailed);
}

void TestArguments::processesAreKnownByTheirStart()
{
    const auto started = devnet::startDetached({"sleep", "60"}, "/dev/null");
    QVERIFY(started.ok());
    QVERIFY(devnet::isRunning(*started));
    // The same number with another start is a stranger: it is neither seen nor ended.
    devnet::ProcessId stranger = *started;
    ++stranger.startTicks;
    QVERIFY(!devnet::isRunning(stranger));
    devnet::endProcess(stranger, std::chrono::seconds(1));
    QVERIFY(devnet::isRunning(*started));
    devnet::endProcess(*started, std::chrono::seconds(5));
    QVERIFY(!devnet::isRunning(*started));
}

QTEST_GUILESS_MAIN(TestArguments)
#include "tst_arguments.moc"
