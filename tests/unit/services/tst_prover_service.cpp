// SPDX-License-Identifier: MIT
// The prover's process under the service: a script plays it, so that it crashes, runs out of memory, hangs and does not end when
// asked to. Whatever it does, the service says so and goes on, and no process outlives it.
#include "app/services/local/prover_service.h"
#include "tests/support/results.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <future>
#include <iostream>
#include <thread>

using namespace bowline;
using namespace bowline::services;
using test::codeOf;
using test::must;

namespace {
constexpr const char* kChildFolder = "BOWLINE_PROVER_CHILD";

// The file "play" beside it says what it does; "started" gets a line at each start.
constexpr const char* kScript = R"(#!/bin/sh
here=$(dirname "$0")
echo "$(date +%s%3N) $*" >> "$here/started"
while [ $# -gt 0 ]; do
    case $1 in
        --datadir) dir=$2 ;;
        --role) role=$2 ;;
        --output) output=$2 ;;
        --threads) threads=$2 ;;
    esac
    shift
done
say() {
    printf '{"name":"p","pid":%d,"time":1700000000,"state":"%s","since":1700000000,"threads":%d,"memory_mib":2048,
      "code":"%s","error":"%s","failed":1,"failed_in_a_row":0,"next_try":0,
      "done":{"execute":{"count":2,"usual_seconds":1.5},"shard":{"count":3,"usual_seconds":8}},
      "task":{"kind":"shard","place":1,"batch":7,"seconds":2.5,"usual_seconds":8},
      "node":{"time":1700000000,"provers":2,"queue":{"ready":4,"waiting":5,"leased":1,"done":6,"failed":0}},
      "events":[{"time":1700000000,"code":"failed","kind":"lift","place":0,"batch":6,"seconds":3,"detail":"out of memory"}]
      }' $$ "$1" "$threads" "$2" "$2 detail" > "$dir/status.json.new"
    mv "$dir/status.json.new" "$dir/status.json"
}
play=$(cat "$here/play")
if [ "$role" = prover-measure ]; then
    [ "$play" = crash ] && exit 3
    printf '{"seconds":2.5,"threads":%d,"batches_an_hour":120}' "$threads" > "$output"
    exit 0
fi
case $play in
    work) say working "" ;;
    unreachable) say failing net.unreachable ;;
    refused) say failing net.unauthorized ;;
    crash) exit 5 ;;
    leave) exit 0 ;;
    killed) kill -9 $$ ;;
    hang) ;;
    stubborn) trap '' TERM; say working "" ;;
esac
while :; do sleep 0.05; done
)";

struct Scene {
    QTemporaryDir dir;
    ProverSetup setup;
    std::unique_ptr<LocalProverService> service;

    explicit Scene(const char* what = "work")
    {
        play(what);
        QFile script(dir.filePath("bowlined"));
        if (!script.open(QIODevice::WriteOnly)) qFatal("no script");
        script.write(kScript);
        script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        script.close();
        setup.dataDir = dir.path().toStdString();
        setup.program = dir.filePath("bowlined").toStdString();
        setup.node = "http://127.0.0.1:1";
        setup.tokenFile = "/nobody/access.token";
        using namespace std::chrono_literals;
        setup.times = {20ms, 300ms, 100ms, 800ms, 1000ms, 2000ms, 10'000ms};
        open();
    }
    void open() { service = std::make_unique<LocalProverService>(setup); }
    void play(const char* what) const
    {
        QFile file(dir.filePath("play"));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no play");
        file.write(what);
    }
    [[nodiscard]] ProverView view() const { return *service->view(); }
    [[nodiscard]] bool becomes(ProverState state) const
    {
        return within([&] { return view().state == state; });
    }
    [[nodiscard]] static bool within(const std::function<bool()>& seen)
    {
        return QTest::qWaitFor(seen, 20'000);
    }
    [[nodiscard]] QStringList starts() const
    {
        QFile file(dir.filePath("started"));
        return file.open(QIODevice::ReadOnly) ? QString(file.readAll()).split('\n', Qt::SkipEmptyParts)
                                              : QStringList();
    }
    [[nodiscard]] QString limits() const
    {
        QFile file(dir.filePath("prover/limits.json"));
        return file.open(QIODevice::ReadOnly) ? QString(file.readAll()) : QString();
    }
    [[nodiscard]] int countOf(const char* event) const
    {
        const ProverView now = view();
        return int(std::count_if(now.events.begin(), now.events.end(),
                                 [event](const ProverEvent& one) { return one.code == event; }));
    }
};

template <typename T>
base::Result<T> wait(const std::function<void(Completion<T>)>& ask)
{
    auto promise = std::make_shared<std::promise<base::Result<T>>>();
    auto future = promise->get_future();
    ask([promise](base::Result<T> result) { promise->set_value(std::move(result)); });
    if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) qFatal("no answer");
    return future.get();
}
std::string start(Scene& scene)
{
    return codeOf(wait<base::Unit>([&](auto done) { scene.service->start(std::move(done)); }));
}
std::string stop(Scene& scene)
{
    return codeOf(wait<base::Unit>([&](auto done) { scene.service->stop(std::move(done)); }));
}
std::string configure(Scene& scene, const ProverSettings& settings)
{
    return codeOf(wait<base::Unit>([&](auto done) { scene.service->configure(settings, std::move(done)); }));
}

bool isGone(int pid)
{
    return QTest::qWaitFor([pid] { return ::kill(pid, 0) != 0; }, 10'000);
}

/// Has a prover until it is killed.
int childMain()
{
    Scene* scene = new Scene; // NOLINT: nothing of this process ends in order
    scene->dir.setAutoRemove(false);
    if (start(*scene) != "ok" || !scene->becomes(ProverState::Working)) return 1;
    std::cout << scene->view().process << ' ' << scene->dir.path().toStdString() << std::endl;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}
} // namespace

class TestProverService : public QObject {
    Q_OBJECT

private slots:
    void offUntilSomebodyTurnsItOn()
    {
        Scene s;
        s.service->resume();
        QTest::qWait(100);
        QCOMPARE(s.view().state, ProverState::Off);
        QCOMPARE(s.view().process, 0);
        QVERIFY(s.starts().isEmpty());
        QVERIFY(s.view().settings.onlyWhenIdle);
        QVERIFY(s.view().settings.threads >= 1 && s.view().settings.threads <= s.view().machine.mostThreads);
    }
    void showsWhatTheProverWrites()
    {
        Scene s;
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        const ProverView now = s.view();
        QVERIFY(now.process > 0);
        QVERIFY(now.task);
        QCOMPARE(now.task->kind, std::string("shard"));
        QCOMPARE(now.task->place, 1U);
        QCOMPARE(now.task->batch, std::uint64_t{7});
        QCOMPARE(now.task->seconds, 2.5);
        QCOMPARE(now.task->usualSeconds.value_or(0), 8.0);
        QCOMPARE(now.accepted, std::uint64_t{5});
        QCOMPARE(now.failed, std::uint64_t{1});
        QCOMPARE(now.done.size(), std::size_t{2});
        QCOMPARE(now.done[1].meanSeconds, 8.0);
        QCOMPARE(now.queue->ready, std::uint64_t{4});
        QCOMPARE(now.queue->provers, std::uint64_t{2});
        QCOMPARE(now.events.front().code, std::string("started"));
        QCOMPARE(now.events.back().detail, std::string("out of memory"));
        const QString line = s.starts().value(0);
        QVERIFY2(line.contains("--node http://127.0.0.1:1 --token-file /nobody/access.token"),
                 qPrintable(line));
        QVERIFY2(line.contains("--only-when-idle"), qPrintable(line));
    }
    void listenersHearOfIt()
    {
        Scene s;
        std::atomic<int> told = 0;
        auto subscription = s.service->handleView([&](const ProverViewPtr& view) {
            if (view->state == ProverState::Working) ++told;
        });
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(Scene::within([&] { return told > 0; }));
        subscription = {};
        QCOMPARE(stop(s), std::string("ok"));
        const int before = told;
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        QCOMPARE(int(told), before);
    }
    void whatIsMissingIsNamed()
    {
        Scene s;
        s.setup.tokenFile.clear();
        s.open();
        QCOMPARE(start(s), std::string("services.prover-no-token"));
        QCOMPARE(s.view().state, ProverState::Off);
        QCOMPARE(s.view().code, std::string("services.prover-no-token"));
        s.setup.program += "-gone";
        s.open();
        QCOMPARE(start(s), std::string("services.prover-no-program"));
        s.setup.program = "/bin/true";
        s.setup.node.clear();
        s.open();
        QCOMPARE(start(s), std::string("services.prover-no-node"));
        QVERIFY(s.starts().isEmpty());
    }
    void aTokenGoesToNoOtherNode()
    {
        Scene s;
        ProverSettings settings = s.view().settings;
        settings.node = "http://127.0.0.1:2";
        QCOMPARE(configure(s, settings), std::string("ok"));
        QCOMPARE(s.view().tokenFile, std::string());
        QCOMPARE(start(s), std::string("services.prover-no-token"));
        settings.tokenFile = "/theirs/access.token";
        QCOMPARE(configure(s, settings), std::string("ok"));
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(Scene::within([&] { return !s.starts().isEmpty(); }));
        QVERIFY(s.starts().front().contains("--node http://127.0.0.1:2 --token-file /theirs/access.token"));
    }
    void reasonsAreToldApart_data()
    {
        QTest::addColumn<QString>("play");
        QTest::addColumn<int>("state");
        QTest::newRow("nobody answers") << "unreachable" << int(ProverState::NoConnection);
        QTest::newRow("wrong token") << "refused" << int(ProverState::Refused);
    }
    void reasonsAreToldApart()
    {
        QFETCH(QString, play);
        QFETCH(int, state);
        Scene s(play.toUtf8().constData());
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState(state)));
        QVERIFY(!s.view().code.empty());
    }
    void crashesAreFollowedByLongerAndLongerPauses_data()
    {
        QTest::addColumn<QString>("play");
        QTest::addColumn<QString>("how");
        QTest::newRow("crash") << "crash"
                               << "ended with status 5";
        QTest::newRow("out of memory") << "killed"
                                       << "killed by signal 9";
        QTest::newRow("leaves") << "leave"
                                << "ended without being asked to";
    }
    void crashesAreFollowedByLongerAndLongerPauses()
    {
        QFETCH(QString, play);
        QFETCH(QString, how);
        Scene s(play.toUtf8().constData());
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(Scene::within([&] { return s.countOf("crashed") >= 4; }));
        QVERIFY(s.becomes(ProverState::Crashed));
        QCOMPARE(QString::fromStdString(s.view().detail), how);
        QVERIFY(s.view().failedInARow >= 4);
        QVERIFY(s.view().nextTry > 0);
        // 100, 200, 400, 800 ms between them: the fifth start comes long after the fourth.
        QVERIFY(Scene::within([&] { return s.starts().size() >= 5; }));
        const auto at = [&](int start) { return s.starts().value(start).section(' ', 0, 0).toLongLong(); };
        QVERIFY2(at(4) - at(3) >= 800, qPrintable(QString::number(at(4) - at(3))));
        s.play("work");
        QVERIFY(s.becomes(ProverState::Working));
        QVERIFY(s.view().detail.find(how.toStdString()) == std::string::npos);
        // Turned off while it waits for its next try, it stays off.
        s.play("crash");
        ::kill(s.view().process, SIGKILL);
        QVERIFY(s.becomes(ProverState::Crashed));
        QCOMPARE(stop(s), std::string("ok"));
        const qsizetype then = s.starts().size();
        QTest::qWait(1000); // longer than any pause here
        QCOMPARE(s.starts().size(), then);
        QCOMPARE(s.view().state, ProverState::Off);
    }
    void whatGivesNoSignOfLifeIsEnded()
    {
        Scene s("hang");
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Starting));
        QVERIFY(s.becomes(ProverState::Crashed));
        QVERIFY(s.view().detail.find("no sign of life") != std::string::npos);
        s.play("work");
        QVERIFY(s.becomes(ProverState::Working));
    }
    void stoppingLeavesNoProcess_data()
    {
        QTest::addColumn<QString>("play");
        QTest::newRow("at once") << "work";
        QTest::newRow("does not want to") << "stubborn";
        QTest::newRow("hangs") << "hang";
    }
    void stoppingLeavesNoProcess()
    {
        QFETCH(QString, play);
        Scene s(play.toUtf8().constData());
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(Scene::within([&] { return s.starts().size() == 1; }));
        if (play != "hang") QVERIFY(s.becomes(ProverState::Working));
        const int pid = s.view().process;
        QVERIFY(pid > 0);
        QCOMPARE(stop(s), std::string("ok"));
        QVERIFY(::kill(pid, 0) != 0);
        QCOMPARE(s.view().state, ProverState::Off);
        QCOMPARE(s.view().process, 0);
        QVERIFY(!s.view().task);
        QCOMPARE(s.view().accepted, std::uint64_t(play == "hang" ? 0 : 5)); // what was done stays to be seen
    }
    void aStartDuringAStopCounts()
    {
        Scene s("stubborn");
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        std::promise<base::Status> stopped;
        s.service->stop([&](base::Status status) { stopped.set_value(std::move(status)); });
        s.play("work");
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(stopped.get_future().get().ok());
        QVERIFY(s.becomes(ProverState::Working));
        QCOMPARE(s.starts().size(), qsizetype{2});
    }
    void noProcessOutlivesTheService()
    {
        Scene s("stubborn");
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        const int pid = s.view().process;
        s.service.reset();
        QVERIFY(::kill(pid, 0) != 0);
    }
    void noProcessOutlivesAKilledApplication()
    {
        QProcess application;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(kChildFolder, "1");
        application.setProcessEnvironment(environment);
        application.start(QCoreApplication::applicationFilePath(), {});
        QVERIFY(application.waitForReadyRead(20'000));
        const QList<QByteArray> said = application.readLine().trimmed().split(' ');
        const int pid = said.value(0).toInt();
        QVERIFY2(pid > 0 && ::kill(pid, 0) == 0, said.value(0).constData());
        application.kill();
        application.waitForFinished();
        QVERIFY(isGone(pid));
        QDir(said.value(1)).removeRecursively();
    }
    void onAndSettingsAreKept()
    {
        Scene s;
        ProverSettings settings = s.view().settings;
        settings.threads = 1;
        settings.memoryMib = s.view().machine.leastMemoryMib;
        settings.onlyWhenIdle = false;
        QCOMPARE(configure(s, settings), std::string("ok"));
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        s.open(); // the application ends and starts
        QVERIFY(s.view().settings == settings);
        QCOMPARE(s.view().state, ProverState::Off);
        s.service->resume();
        QVERIFY(s.becomes(ProverState::Working));
        QCOMPARE(stop(s), std::string("ok"));
        s.open();
        s.service->resume();
        QTest::qWait(100);
        QCOMPARE(s.view().state, ProverState::Off);
    }
    void limitsChangeWhileItRuns()
    {
        Scene s;
        QCOMPARE(start(s), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        const int pid = s.view().process;
        ProverSettings settings = s.view().settings;
        QVERIFY(s.limits().contains("\"only_when_idle\":true"));
        settings.onlyWhenIdle = false;
        settings.memoryMib = s.view().machine.leastMemoryMib;
        QCOMPARE(configure(s, settings), std::string("ok"));
        QVERIFY2(s.limits().contains("\"only_when_idle\":false"), qPrintable(s.limits()));
        QVERIFY2(s.limits().contains(QString("\"memory_mib\":%1").arg(settings.memoryMib)),
                 qPrintable(s.limits()));
        QCOMPARE(s.view().process, pid); // no task was lost for it
        settings.node = "http://127.0.0.1:3";
        settings.tokenFile = "/other/token";
        QCOMPARE(configure(s, settings), std::string("ok"));
        QVERIFY(s.becomes(ProverState::Working));
        QVERIFY(s.view().process != pid);
        QVERIFY(::kill(pid, 0) != 0);
        QVERIFY(s.starts().back().contains("http://127.0.0.1:3"));
    }
    void settingsOutOfRangeAreRefused()
    {
        Scene s;
        const ProverMachine machine = s.view().machine;
        const ProverSettings before = s.view().settings;
        const auto refused = [&](const std::function<void(ProverSettings&)>& change) {
            ProverSettings settings = before;
            change(settings);
            return configure(s, settings) == "services.prover-bad-settings";
        };
        QVERIFY(refused([](ProverSettings& of) { of.threads = 0; }));
        QVERIFY(refused([&](ProverSettings& of) { of.threads = machine.mostThreads + 1; }));
        QVERIFY(refused([&](ProverSettings& of) { of.memoryMib = machine.leastMemoryMib - 1; }));
        QVERIFY(refused([&](ProverSettings& of) { of.memoryMib = machine.mostMemoryMib + 1; }));
        QVERIFY(refused([](ProverSettings& of) { of.node = "not an address"; }));
        QVERIFY(s.view().settings == before);
    }
    void aMeasurementIsKept()
    {
        Scene s;
        const auto measure = [&] {
            return wait<ProverSpeed>([&](auto done) { s.service->measure(std::move(done)); });
        };
        QCOMPARE(must(measure()).batchesAnHour, 120.0);
        QCOMPARE(s.view().speed.batchesAnHour, 120.0);
        QVERIFY(!s.view().speed.isMeasuring && !s.view().speed.isFromTasks);
        s.play("crash");
        QCOMPARE(codeOf(measure()), std::string("services.prover-not-measured"));
        QCOMPARE(s.view().speed.problem, std::string("services.prover-not-measured"));
        s.open();
        QCOMPARE(s.view().speed.seconds, 2.5);
        QCOMPARE(s.view().state, ProverState::Off);
    }
    void paceComesFromTasks()
    {
        QVERIFY(!paceOf({{"execute", 2, 1.5}, {"shard", 2, 8}}));
        // An hour has 3600 s, and a batch here one execution, two shards and two lifts.
        QCOMPARE(paceOf({{"execute", 2, 2}, {"shard", 4, 8}, {"lift", 4, 11}}).value_or(0), 90.0);
        QCOMPARE(paceOf({{"execute", 1, 2}, {"shard", 1, 8}, {"lift", 1, 10}, {"chain", 1, 20}}).value_or(0),
                 90.0);
    }
    void whatIsNoStatusIsNotShown_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isOne");
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("no JSON") << QByteArray("{\"state\":") << false;
        QTest::newRow("a list") << QByteArray("[]") << false;
        QTest::newRow("unknown state") << QByteArray(R"({"state":"dancing"})") << false;
        QTest::newRow("least") << QByteArray(R"({"state":"waiting"})") << true;
        QTest::newRow("odd types") << QByteArray(
                                          R"({"state":"working","pid":"x","done":[],"events":[1,{}],"task":3,
            "failed":-5,"threads":1e99,"node":{"queue":7}})")
                                   << true;
    }
    void whatIsNoStatusIsNotShown()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isOne);
        QTemporaryDir dir;
        QFile file(dir.filePath("status.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto status = readProverStatus(file.fileName().toStdString());
        QCOMPARE(status.ok(), isOne);
        if (!isOne) return;
        QCOMPARE(status->process, 0);
        QCOMPARE(status->failed, std::uint64_t{0});
    }
};

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChildFolder)) return childMain();
    TestProverService test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_prover_service.moc"
