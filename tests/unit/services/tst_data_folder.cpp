// SPDX-License-Identifier: MIT
// One data folder has one program on it: a second one, in this process or another, is refused by name before it
// touches a file, and gets the folder as soon as the first has ended, whatever ended it.
#include "app/services/local_services.h"
#include "tests/unit/bridge/fixture.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <future>
#include <iostream>
#include <thread>

using namespace bowline;
using namespace bowline::services;

namespace {

constexpr const char* kChildFolder = "BOWLINE_FOLDER_CHILD";

LocalOptions optionsFor(const QString& folder)
{
    LocalOptions out;
    out.dataDir = folder.toStdString();
    out.network = bridge::test::makeNetworkFile(2, 2);
    out.bitcoinPeers = {"127.0.0.1:1"}; // nobody is there: the folder is what this is about
    out.node = net::Endpoint{};
    return out;
}

/// Holds the folder until it is killed.
int childMain()
{
    const auto services = makeLocalServices(optionsFor(qEnvironmentVariable(kChildFolder)));
    std::cout << (services.ok() ? "has it" : services.error().code.name()) << std::endl;
    if (!services.ok()) return 1;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

std::unique_ptr<QProcess> startChild(const QString& folder)
{
    auto child = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kChildFolder, folder);
    child->setProcessEnvironment(environment);
    child->start(QCoreApplication::applicationFilePath(), {});
    return child;
}

QByteArray wordOf(QProcess& child)
{
    return child.waitForReadyRead(20'000) ? child.readLine().trimmed() : QByteArray("nothing");
}

std::string codeOf(const base::Result<std::unique_ptr<Services>>& services)
{
    return services.ok() ? std::string() : std::string(services.error().code.name());
}

} // namespace

class TestDataFolder : public QObject {
    Q_OBJECT
private slots:
    void aSecondProgramIsRefusedUntilTheFirstHasEnded();
    void aKilledProgramLeavesTheFolderFree();
    void aProgramAboutToEndIsWaitedFor();
    void aFolderThatCannotBeWrittenIsNamed();
    void servicesThatStartBehindTellThatTheyCannot();
};

void TestDataFolder::aSecondProgramIsRefusedUntilTheFirstHasEnded()
{
    const QTemporaryDir folder;
    auto first = makeLocalServices(optionsFor(folder.path()));
    QCOMPARE(codeOf(first), std::string());
    const auto second = makeLocalServices(optionsFor(folder.path()));
    QCOMPARE(codeOf(second), std::string("services.in-use"));
    const std::string holder = "process " + std::to_string(QCoreApplication::applicationPid());
    QVERIFY2(second.error().detail.find(holder) != std::string::npos, second.error().detail.c_str());
    const auto child = startChild(folder.path());
    QCOMPARE(wordOf(*child), QByteArray("services.in-use"));
    QVERIFY(child->waitForFinished(20'000));
    // Another folder is another matter.
    const QTemporaryDir other;
    QCOMPARE(codeOf(makeLocalServices(optionsFor(other.path()))), std::string());
    first = base::makeError(kCannotStart); // ends it
    QCOMPARE(codeOf(makeLocalServices(optionsFor(folder.path()))), std::string());
}

void TestDataFolder::aKilledProgramLeavesTheFolderFree()
{
    const QTemporaryDir folder;
    const auto child = startChild(folder.path());
    QCOMPARE(wordOf(*child), QByteArray("has it"));
    const auto refused = makeLocalServices(optionsFor(folder.path()));
    QCOMPARE(codeOf(refused), std::string("services.in-use"));
    const std::string holder = "process " + std::to_string(child->processId());
    QVERIFY2(refused.error().detail.find(holder) != std::string::npos, refused.error().detail.c_str());
    child->kill(); // SIGKILL
    QVERIFY(child->waitForFinished(20'000));
    QCOMPARE(codeOf(makeLocalServices(optionsFor(folder.path()))), std::string());
}

void TestDataFolder::aProgramAboutToEndIsWaitedFor()
{
    const QTemporaryDir folder;
    const auto child = startChild(folder.path());
    QCOMPARE(wordOf(*child), QByteArray("has it"));
    LocalOptions patient = optionsFor(folder.path());
    patient.patience = std::chrono::milliseconds(200);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(codeOf(makeLocalServices(patient)), std::string("services.in-use"));
    QVERIFY(clock.elapsed() >= 200);
    std::thread killer([&child] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        ::kill(static_cast<pid_t>(child->processId()), SIGKILL);
    });
    patient.patience = std::chrono::seconds(20);
    const auto services = makeLocalServices(patient);
    killer.join();
    QCOMPARE(codeOf(services), std::string());
    child->waitForFinished();
}

void TestDataFolder::aFolderThatCannotBeWrittenIsNamed()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath("data");
    QVERIFY(QDir().mkpath(path + "/lock")); // what is to be a file is a folder
    const auto services = makeLocalServices(optionsFor(path));
    QCOMPARE(codeOf(services), std::string("services.cannot-start"));
    QVERIFY(services.error().detail.find("/lock") != std::string::npos);
}

void TestDataFolder::servicesThatStartBehindTellThatTheyCannot()
{
    const QTemporaryDir folder;
    const auto first = makeLocalServices(optionsFor(folder.path()));
    QCOMPARE(codeOf(first), std::string());
    std::promise<std::string> told;
    auto second = makeLocalServicesBehind(optionsFor(folder.path()), [&told](const base::Error& error) {
        told.set_value(std::string(error.code.name()));
    });
    QCOMPARE(codeOf(second), std::string()); // it is there, and says why it does nothing
    auto word = told.get_future();
    QVERIFY(word.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    QCOMPARE(word.get(), std::string("services.in-use"));
    second = base::makeError(kCannotStart); // ends without having touched the folder
    QCOMPARE(codeOf(makeLocalServices(optionsFor(folder.path()))), std::string("services.in-use"));
}

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChildFolder)) return childMain();
    TestDataFolder test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_data_folder.moc"
