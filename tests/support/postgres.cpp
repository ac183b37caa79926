// SPDX-License-Identifier: MIT
#include "tests/support/postgres.h"

#include <QFile>
#include <QThread>

#include <csignal>

#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace bowline::test {

namespace {
const QString kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr int kPatienceMs = 60'000;

/// Whom the server runs as; null when this process is nobody special.
const passwd* serverUser()
{
    if (::geteuid() != 0) return nullptr;
    const passwd* user = ::getpwnam("postgres");
    return user != nullptr ? user : ::getpwnam("nobody");
}
} // namespace

bool PostgresServer::isPresent() { return QFile::exists(kPrograms + "postgres"); }

PostgresServer::PostgresServer(Sync sync) : m_sync(sync)
{
    if (const passwd* user = serverUser()) {
        if (::chown(m_folder.path().toUtf8().constData(), user->pw_uid, user->pw_gid) != 0) qFatal("chown");
    }
    // "trust": whoever reaches the socket, which the folder's mode keeps to the server's user and root.
    static_cast<void>(runToEnd(kPrograms + "initdb", {"-D", m_folder.filePath("data"), "-U", "bowline", "-A",
                                                      "trust", "-E", "UTF8", "--locale=C", "--no-sync"}));
    start();
}

PostgresServer::~PostgresServer()
{
    // The quick end, behind which no shared memory stays.
    ::kill(static_cast<pid_t>(m_server->processId()), SIGQUIT);
    if (!m_server->waitForFinished(kPatienceMs)) kill();
}

void PostgresServer::launch(QProcess& process, const QString& program, const QStringList& arguments) const
{
    const passwd* user = serverUser();
    const uid_t uid = user != nullptr ? user->pw_uid : 0;
    const gid_t gid = user != nullptr ? user->pw_gid : 0;
    process.setChildProcessModifier([uid, gid] {
        if (uid != 0 && (::setgid(gid) != 0 || ::setuid(uid) != 0)) ::_exit(1);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // behind setuid, which undoes it
    });
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForStarted()) qFatal("%s does not start", qPrintable(program));
}

QString PostgresServer::runToEnd(const QString& program, const QStringList& arguments) const
{
    QProcess process;
    launch(process, program, arguments);
    const bool isOver = process.waitForFinished(2 * kPatienceMs);
    const QString output = process.readAll();
    if (!isOver || process.exitCode() != 0) qFatal("%s: %s", qPrintable(program), qPrintable(output));
    return output;
}

bool PostgresServer::answers() const
{
    QProcess process;
    launch(process, kPrograms + "pg_isready", {"-h", m_folder.path(), "-U", "bowline", "-d", "postgres"});
    return process.waitForFinished(kPatienceMs) && process.exitCode() == 0;
}

void PostgresServer::start()
{
    // Processes of a server that was killed take a moment to notice; until then a new one refuses to start.
    for (int i = 0; i < 100; ++i) {
        m_server = std::make_unique<QProcess>();
        m_server->setStandardOutputFile(QProcess::nullDevice());
        launch(*m_server, kPrograms + "postgres",
               {"-D", m_folder.filePath("data"), "-k", m_folder.path(), "-c", "listen_addresses=", "-c",
                "shared_buffers=16MB", "-c", "max_connections=40", "-c", "logging_collector=off", "-c",
                m_sync == Sync::Yes ? "fsync=on" : "fsync=off"});
        while (!m_server->waitForFinished(100)) {
            if (answers()) return;
        }
        QThread::msleep(200);
    }
    qFatal("PostgreSQL does not start");
}

std::string PostgresServer::makeDatabase(const std::string& name)
{
    static_cast<void>(runToEnd(kPrograms + "createdb",
                               {"-h", m_folder.path(), "-U", "bowline", QString::fromStdString(name)}));
    return "host=" + m_folder.path().toStdString() + " user=bowline dbname=" + name;
}

void PostgresServer::kill()
{
    m_server->kill();
    m_server->waitForFinished(kPatienceMs);
}

} // namespace bowline::test
