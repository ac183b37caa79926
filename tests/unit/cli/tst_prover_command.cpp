// SPDX-License-Identifier: MIT
// The prover without a window: the built programs, one command that stays and others that look at it and tell it something. The
// node that it works for is not there.
#include "app/services/prover_host.h"
#include "core/base/folder_lock.h"
#include "tests/support/devnet.h"
#include "tests/support/patience.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {
struct Answer {
    int exitCode = -1;
    json::object json;
    [[nodiscard]] std::string text(const char* name) const
    {
        const json::value* field = json.if_contains(name);
        return field != nullptr && field->is_string() ? std::string(field->get_string()) : "none";
    }
    [[nodiscard]] std::string error() const
    {
        const json::value* error = json.if_contains("error");
        return error == nullptr ? "none" : json::value_to<std::string>(error->at("code"));
    }
};

/// A data folder, and the command that stays in it.
struct Scene {
    QTemporaryDir home;
    QProcess staying;

    Scene()
    {
        QFile token(home.filePath("token"));
        if (!token.open(QIODevice::WriteOnly)) qFatal("no token");
        token.write(QByteArray(64, 'a'));
        token.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    ~Scene()
    {
        staying.terminate();
        staying.waitForFinished(30'000);
    }
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    [[nodiscard]] QStringList command(const QStringList& words) const
    {
        return QStringList{"--json", "--datadir", home.filePath("data")} + words;
    }
    void start(const QStringList& more = {})
    {
        staying.start(programFolder() + "/bowline-cli",
                      command(QStringList{"prover", "start", "--threads", "1", "--memory", "1024",
                                          "--only-when-idle", "no"} +
                              more));
    }
    void startAtNode() { start({"--node", "http://127.0.0.1:1", "--token-file", home.filePath("token")}); }
    [[nodiscard]] static Answer answerOf(QProcess& process)
    {
        if (!process.waitForFinished(60'000)) qFatal("the command does not end");
        Answer out{process.exitCode(), {}};
        const QByteArray text = process.readAllStandardOutput();
        boost::system::error_code failure;
        const json::value value = json::parse(text.toStdString(), failure);
        if (!failure && value.is_object() && text.count('\n') == 1) out.json = value.get_object();
        return out;
    }
    [[nodiscard]] Answer run(const QStringList& words) const
    {
        QProcess process;
        process.start(programFolder() + "/bowline-cli", command(words));
        return answerOf(process);
    }
    [[nodiscard]] bool becomes(const std::string& state) const
    {
        return eventually([&] { return run({"prover", "status"}).text("state") == state; });
    }
    [[nodiscard]] QByteArray file(const char* name) const
    {
        QFile file(home.filePath("data") + '/' + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};
} // namespace

class TestProverCommand : public QObject {
    Q_OBJECT
private slots:
    void anotherCommandSetsAndStopsIt();
    void anInterruptLeavesNoProcess();
    void limitsAreKeptWithoutAProver();
    void whatCannotBeIsRefused();
    void aFolderThatTakesNoRequests();
};

void TestProverCommand::anotherCommandSetsAndStopsIt()
{
    Scene scene;
    scene.startAtNode();
    QVERIFY(scene.becomes("no-connection"));
    const Answer status = scene.run({"prover", "status"});
    QCOMPARE(status.exitCode, 0);
    const auto process = status.json.at("process").to_number<pid_t>();
    QVERIFY(process > 0 && ::kill(process, 0) == 0);
    QCOMPARE(status.text("code"), std::string("net.unreachable"));
    QCOMPARE(status.json.at("limits").at("threads").to_number<int>(), 1);
    QCOMPARE(json::value_to<std::string>(status.json.at("limits").at("node")),
             std::string("http://127.0.0.1:1"));
    // While it works.
    const Answer limits = scene.run({"prover", "limits", "--memory", "1100"});
    QCOMPARE(limits.exitCode, 0);
    QCOMPARE(limits.json.at("memory_mib").to_number<int>(), 1100);
    QVERIFY(scene.file("prover/limits.json").contains("1100"));
    QVERIFY(scene.file("prover.json").contains("1100"));
    QCOMPARE(scene.run({"prover", "status"}).json.at("process").to_number<pid_t>(), process);
    // One for a folder.
    QCOMPARE(scene.run({"prover", "start"}).error(), std::string("services.in-use"));
    const Answer stopped = scene.run({"prover", "stop"});
    QCOMPARE(stopped.exitCode, 0);
    QCOMPARE(stopped.text("state"), std::string("off"));
    QVERIFY(::kill(process, 0) != 0);
    const Answer end = Scene::answerOf(scene.staying);
    QCOMPARE(end.exitCode, 0);
    QCOMPARE(end.text("state"), std::string("off"));
    QVERIFY(scene.file("prover.json").contains("\"on\":false"));
}

void TestProverCommand::anInterruptLeavesNoProcess()
{
    Scene scene;
    scene.startAtNode();
    QVERIFY(scene.becomes("no-connection"));
    const auto process = scene.run({"prover", "status"}).json.at("process").to_number<pid_t>();
    scene.staying.terminate();
    const Answer end = Scene::answerOf(scene.staying);
    QCOMPARE(end.exitCode, 0);
    QVERIFY(::kill(process, 0) != 0);
    QVERIFY(scene.file("prover.json").contains("\"on\":true")); // as when a window is closed
    QCOMPARE(scene.run({"prover", "status"}).text("state"), std::string("off"));
}

void TestProverCommand::limitsAreKeptWithoutAProver()
{
    const Scene scene;
    const Answer first = scene.run({"prover", "limits"});
    QCOMPARE(first.exitCode, 0);
    QCOMPARE(first.json.at("only_when_idle").as_bool(), true);
    const Answer set =
        scene.run({"prover", "limits", "--threads", "1", "--memory", "1030", "--only-when-idle", "no"});
    QCOMPARE(set.exitCode, 0);
    const Answer again = scene.run({"prover", "limits"});
    QCOMPARE(again.json.at("memory_mib").to_number<int>(), 1030);
    QCOMPARE(again.json.at("only_when_idle").as_bool(), false);
    QCOMPARE(scene.run({"prover", "stop"}).text("state"), std::string("off"));
}

void TestProverCommand::whatCannotBeIsRefused()
{
    Scene scene;
    for (const QStringList& words :
         {QStringList{"--threads", "100000"}, QStringList{"--threads", "99999999999"},
          QStringList{"--memory", "1"}, QStringList{"--node", "nowhere:x", "--token-file", "/t"}})
        QCOMPARE(scene.run(QStringList{"prover", "limits"} + words).error(),
                 std::string("services.prover-bad-settings"));
    QCOMPARE(scene.run({"prover", "limits", "--only-when-idle", "maybe"}).exitCode, 2);
    QCOMPARE(scene.run({"prover", "limits", "--node", "http://127.0.0.1:1"}).exitCode, 2);
    scene.start(); // without a node
    QCOMPARE(Scene::answerOf(scene.staying).error(), std::string("services.prover-no-node"));
}

/// A window has it: it answers no requests, and none stays behind for whoever comes next.
void TestProverCommand::aFolderThatTakesNoRequests()
{
    const Scene scene;
    QCOMPARE(scene.run({"prover", "limits"}).exitCode, 0);
    QVERIFY(QDir(scene.home.path()).mkpath("data/prover"));
    const std::string folder = scene.home.filePath("data").toStdString();
    const auto lock = base::FolderLock::take(folder);
    QVERIFY(lock.ok());
    QVERIFY(base::FolderLock::isHeld(folder));
    const base::Status asked =
        services::askProverHost(folder, {.settings = {}, .stops = true}, std::chrono::milliseconds(200));
    QVERIFY(!asked.ok());
    QCOMPARE(std::string(asked.error().code.name()), std::string("services.in-use"));
    QVERIFY(!QFile::exists(scene.home.filePath("data/prover/request.json")));
    // Looking is free.
    QCOMPARE(scene.run({"prover", "status"}).text("state"), std::string("off"));
}

QTEST_GUILESS_MAIN(TestProverCommand)
#include "tst_prover_command.moc"
