// SPDX-License-Identifier: MIT
// A PostgreSQL 15 server of the test's own: in a temporary folder, on a socket in it, made by initdb and gone afterwards.
// Nothing of a server that the machine has is touched. Under root it runs as the user postgres, or nobody, as it refuses to
// run as root.
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <string>

namespace bowline::test {

class PostgresServer {
public:
    /// Debian's package postgresql-15 is there.
    [[nodiscard]] static bool isPresent();
    /// Without syncing the disk, which only a loss of power would need: what a process has written survives its death.
    enum class Sync { No, Yes };
    /// Started and answering. Ends the test program with a message if not.
    explicit PostgresServer(Sync sync = Sync::No);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// A new, empty database; the connection string of it.
    [[nodiscard]] std::string makeDatabase(const std::string& name);
    /// SIGKILL to the server: what its processes were at they never finish.
    void kill();
    /// Again, over what the last one left.
    void start();

private:
    [[nodiscard]] bool answers() const;
    void launch(QProcess& process, const QString& program, const QStringList& arguments) const;
    [[nodiscard]] QString runToEnd(const QString& program, const QStringList& arguments) const;

    Sync m_sync;
    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_server;
};

} // namespace bowline::test

/// As SKIP_WITHOUT_VECTORS: absent, the server skips the test with a message, and fails it in continuous integration.
#define SKIP_WITHOUT_POSTGRES()                                                                              \
    do {                                                                                                     \
        if (!bowline::test::PostgresServer::isPresent()) {                                                   \
            QVERIFY2(!bowline::test::vectorsRequired(), "PostgreSQL 15 is required but absent");             \
            QSKIP("PostgreSQL absent: install the package postgresql-15");                                   \
        }                                                                                                    \
    } while (false)
