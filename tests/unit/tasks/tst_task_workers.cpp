// SPDX-License-Identifier: MIT
// Several processes work from one store while they, and PostgreSQL's server, are killed with SIGKILL again and again: no task
// is ever leased to two at a time, each is accepted once, and in the end all are done.
//
// A worker that takes a task makes a file named after it that must not be there, with its process id in it, and removes it
// before it delivers. A file that is there is a violation, unless its maker was killed.
#include "tests/unit/tasks/fixture.h"

#include <QDir>
#include <QtTest>

#include <csignal>
#include <random>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace bowline;
using namespace bowline::test;

namespace {
constexpr std::uint64_t kBatches = 8;
constexpr std::uint32_t kShards = 3;
/// Without wraps, of which the newest one alone has to be made.
constexpr std::size_t kTasks = kBatches * (3 * kShards - 1 + 2);
constexpr std::size_t kWorkers = 4;
// Long: a worker that stands still on a busy machine has not lost its lease.
const StoreLimits kLimits{.leaseSeconds = 600, .maxTries = 1000, .maxRejected = 3};

Result<std::unique_ptr<TaskStore>> openStore(const std::string& where, const base::Clock& clock)
{
    return where.find('=') == std::string::npos ? openSqliteStore(where, clock, kLimits)
                                                : openPostgresStore(where, clock, kLimits);
}

/// False if a living process has it.
bool mark(const std::string& path)
{
    for (int i = 0; i < 2; ++i) {
        const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (file >= 0) {
            const std::string pid = std::to_string(::getpid());
            const bool isWritten = ::write(file, pid.data(), pid.size()) == static_cast<ssize_t>(pid.size());
            ::close(file);
            return isWritten;
        }
        QFile other(QString::fromStdString(path));
        const int owner = other.open(QIODevice::ReadOnly) ? other.readAll().toInt() : 0;
        // 0: made and not written, by one that was killed in between.
        if (owner != 0 && owner != ::getpid() && ::kill(owner, 0) == 0) return false;
        ::unlink(path.c_str());
    }
    return false;
}

/// Until nothing is left. Whatever the store says of its own health, it goes on.
int work(const std::string& name, const std::string& where, const std::string& folder)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const base::SystemClock clock;
    std::unique_ptr<TaskStore> store;
    bool started = true;
    std::mt19937 random(std::random_device{}());
    for (;;) {
        if (!store) {
            auto opened = openStore(where, clock);
            if (opened.ok()) store = std::move(*opened);
        }
        const auto lease = store ? store->take({name, kAll, kMuch, started})
                                 : Result<std::optional<Lease>>(base::makeError(kStoreLost));
        if (!lease.ok()) {
            if (lease.error().code != kStoreLost) {
                std::fprintf(stderr, "take: %s\n", lease.error().detail.c_str());
                return 2;
            }
            QThread::msleep(50);
            continue;
        }
        started = false;
        if (!*lease) {
            if (QFile::exists(QString::fromStdString(folder + "/over"))) return 0;
            QThread::msleep(20);
            continue;
        }
        const std::string path = folder + "/busy-" + (*lease)->task.id.hex();
        if (!mark(path)) {
            std::fprintf(stderr, "two have %s\n", path.c_str());
            return 3;
        }
        QThread::msleep(random() % 160);
        ::unlink(path.c_str());
        std::vector<Task> more;
        if ((*lease)->task.kind == Kind::Execute) more = must(tasksAfterExecution((*lease)->job, kShards));
        for (;;) {
            const Status done = store->finish((*lease)->token, resultOf((*lease)->task), more);
            if (done.ok()) break;
            if (done.error().code != kStoreLost) {
                std::fprintf(stderr, "finish: %s %s\n", std::string(done.error().code.name()).c_str(),
                             done.error().detail.c_str());
                return 4;
            }
            QThread::msleep(50);
        }
    }
}

class Workers {
public:
    Workers(std::string where, std::string folder) : m_where(std::move(where)), m_folder(std::move(folder))
    {
        for (std::size_t i = 0; i < kWorkers; ++i) launch(i);
    }
    void killOne(std::size_t i)
    {
        m_all[i]->kill();
        m_all[i]->waitForFinished();
        // It may have ended by itself before, which no worker does while there is work.
        const bool wasKilled = m_all[i]->exitStatus() == QProcess::CrashExit;
        if (!wasKilled && m_failure == 0) m_failure = m_all[i]->exitCode() == 0 ? -2 : m_all[i]->exitCode();
        launch(i);
    }
    /// 0 unless a worker ended although it was not killed.
    [[nodiscard]] int failure() const { return m_failure; }
    /// 0 if all end by themselves, content.
    int waitForAll()
    {
        for (auto& worker : m_all) {
            if (!worker->waitForFinished(60'000)) return -1;
            if (worker->exitStatus() != QProcess::NormalExit || worker->exitCode() != 0)
                return worker->exitCode();
        }
        return m_failure;
    }

private:
    void launch(std::size_t i)
    {
        m_all[i] = std::make_unique<QProcess>();
        m_all[i]->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_all[i]->start(QCoreApplication::applicationFilePath(),
                        {"--worker", QString("worker-%1").arg(i), QString::fromStdString(m_where),
                         QString::fromStdString(m_folder)});
        if (!m_all[i]->waitForStarted()) qFatal("a worker does not start");
    }
    std::string m_where;
    std::string m_folder;
    int m_failure = 0;
    std::array<std::unique_ptr<QProcess>, kWorkers> m_all;
};
} // namespace

class TestTaskWorkers : public QObject {
    Q_OBJECT
private slots:
    void allIsDoneOnce_data()
    {
        QTest::addColumn<QString>("store");
        QTest::newRow("sqlite") << "sqlite";
        QTest::newRow("postgres") << "postgres";
    }
    void allIsDoneOnce()
    {
        QFETCH(QString, store);
        QTemporaryDir folder;
        std::unique_ptr<PostgresServer> server;
        std::string where = folder.filePath("tasks.sqlite").toStdString();
        if (store == "postgres") {
            SKIP_WITHOUT_POSTGRES();
            server = std::make_unique<PostgresServer>();
            where = server->makeDatabase("workers");
        }
        const base::SystemClock clock;
        auto view = must(openStore(where, clock));
        for (std::uint64_t n = 1; n <= kBatches; ++n) must(view->addBatch(jobOf(n), inputOf(n)));

        Workers workers(where, folder.path().toStdString());
        const auto doneOf = [&view](KindSet kinds) -> std::size_t {
            std::size_t out = 0;
            const auto batches = view->batches(0, 1000);
            if (!batches.ok()) return 0; // the server is gone for the moment
            for (const BatchRow& batch : *batches) {
                for (const auto& [kind, states] : batch.tasks) {
                    if ((kinds & setOf({kind})) != 0 && states.contains(State::Done))
                        out += states.at(State::Done);
                }
            }
            return out;
        };
        const auto done = [&doneOf] { return doneOf(kAll & ~setOf({Kind::Wrap})); };
        const auto isAll = [&] {
            const auto wrapped = view->newest(Kind::Wrap);
            return done() == kTasks && wrapped.ok() && *wrapped && (*wrapped)->number == kBatches;
        };
        int killed = 0;
        int serverKilled = 0;
        const auto step = [&] {
            if (isAll()) return true;
            const std::size_t now = done();
            workers.killOne(static_cast<std::size_t>(killed++) % kWorkers);
            if (server && now > kTasks * static_cast<std::size_t>(serverKilled + 1) / 3 && serverKilled < 2) {
                server->kill();
                ++serverKilled;
                server->start();
            }
            return workers.failure() != 0;
        };
        bool isOver = false;
        for (int i = 0; i < 600 && !isOver; ++i) {
            isOver = step();
            QThread::msleep(250);
        }
        QCOMPARE(workers.failure(), 0);
        QVERIFY(within(120, isAll));
        QFile over(folder.filePath("over"));
        QVERIFY(over.open(QIODevice::WriteOnly));
        over.close();
        QCOMPARE(workers.waitForAll(), 0);
        std::uint64_t accepted = 0;
        std::uint64_t lapsed = 0;
        for (const ProverRow& row : must(view->provers())) {
            const auto tries = [&row](Outcome outcome) {
                return row.tries.contains(outcome) ? row.tries.at(outcome) : 0;
            };
            accepted += tries(Outcome::Accepted);
            lapsed += tries(Outcome::Lapsed);
            QCOMPARE(tries(Outcome::Running), std::uint64_t{0});
        }
        QCOMPARE(accepted, std::uint64_t{doneOf(kAll)});
        qInfo() << killed << "workers killed, the server" << serverKilled << "times," << lapsed
                << "leases lost";
        QVERIFY(killed >= 3);
        QVERIFY(!server || serverKilled == 2);
    }
};

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 5 && arguments[1] == "--worker")
        return work(arguments[2].toStdString(), arguments[3].toStdString(), arguments[4].toStdString());
    TestTaskWorkers test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_task_workers.moc"
