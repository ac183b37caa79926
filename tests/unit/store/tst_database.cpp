// SPDX-License-Identifier: MIT
// core/store: databases. Files are looked at with a connection of SQLite's own, beside our code, where it matters.
#include "core/store/database.h"

#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace bowline;
using store::Database;
using store::Statement;
using store::Transaction;

namespace {

constexpr std::array<const char*, 2> kSteps{
    "CREATE TABLE coin(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value INTEGER, hash BLOB) STRICT;",
    "CREATE TABLE note(coin INTEGER NOT NULL REFERENCES coin(id), text TEXT NOT NULL) STRICT;"};
constexpr store::Schema kFirst{0x54455354, std::span(kSteps).first(1)};
constexpr store::Schema kSecond{0x54455354, kSteps};
constexpr store::Schema kOther{0x4f544852, kSteps};

/// What sqlite3 itself says, as text.
std::string ask(const std::string& path, const std::string& sql)
{
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    std::string out;
    const auto collect = [](void* text, int, char** values, char**) {
        *static_cast<std::string*>(text) = values[0] != nullptr ? values[0] : "";
        return 0;
    };
    sqlite3_exec(db, sql.c_str(), collect, &out, nullptr);
    sqlite3_close(db);
    return out;
}

std::string codeOf(const base::Error& error) { return std::string(error.code.name()); }

} // namespace

class TestDatabase : public QObject {
    Q_OBJECT
private slots:
    void init();
    void createsAPrivateFileInWalMode();
    void keepsEveryType();
    void refusesWhatAColumnDoesNotHold();
    void refusesTheWrongNumberOfValues();
    void migratesAnOldFileAndKeepsItsRows();
    void aFailingStepLeavesTheFileAsItWas();
    void refusesAFileOfANewerProgram();
    void refusesAFileOfAnotherProgram();
    void refusesWhatIsNoDatabase();
    void refusesALooseTable();
    void doesNotCreateWhenToldNotTo();
    void rollsBackWhatIsNotCommitted();
    void holdsForeignKeys();
    void saysBusyWhenAnotherHoldsTheLock();
    void findsADamagedPage();
    void survivesKillNine();

private:
    [[nodiscard]] Database open(const store::Schema& schema = kSecond) const
    {
        auto opened = Database::open(m_path, schema);
        if (!opened.ok()) qFatal("open: %s", opened.error().detail.c_str());
        return std::move(opened).value();
    }
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
};

void TestDatabase::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->filePath("test.sqlite").toStdString();
}

void TestDatabase::createsAPrivateFileInWalMode()
{
    const auto before = umask(0);
    Database db = open();
    umask(before);
    struct stat info {};
    QCOMPARE(stat(m_path.c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    QCOMPARE(stat((m_path + "-wal").c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
    QCOMPARE(ask(m_path, "PRAGMA journal_mode"), std::string("wal"));
    QCOMPARE(ask(m_path, "PRAGMA user_version"), std::string("2"));
    QCOMPARE(ask(m_path, "PRAGMA application_id"), std::to_string(0x54455354));
}

void TestDatabase::keepsEveryType()
{
    Database db = open();
    const base::Txid hash{{7, 8, 9}};
    QVERIFY(db.run("INSERT INTO coin VALUES (?, ?, ?, ?)", 1, "one", base::Amount::fromSat(-5), hash).ok());
    QVERIFY(
        db.run("INSERT INTO coin VALUES (?, ?, ?, ?)", 2U, std::string(), std::optional<int>(), base::Bytes{})
            .ok());
    auto rows = db.query("SELECT name, value, hash FROM coin WHERE id >= ? ORDER BY id", std::int64_t{1});
    QVERIFY(rows.ok());
    QVERIFY(rows->step().value());
    QCOMPARE(rows->text(0), std::string("one"));
    QCOMPARE(rows->amount(1).sat(), std::int64_t{-5});
    QCOMPARE(rows->hash<base::Txid>(2), hash);
    QVERIFY(rows->step().value());
    QCOMPARE(rows->text(0), std::string());
    QVERIFY(rows->isNull(1));
    QVERIFY(!rows->isNull(2)); // empty, which is not absent
    QVERIFY(rows->blob(2).empty());
    QVERIFY(rows->rowStatus().ok());
    QVERIFY(!rows->step().value());
}

void TestDatabase::refusesWhatAColumnDoesNotHold()
{
    Database db = open();
    QVERIFY(db.run("INSERT INTO coin VALUES (1, 'one', -1, x'0102')").ok());
    Statement rows = db.prepare("SELECT name, value, hash FROM coin").value();
    const auto expectBad = [&](auto read) {
        rows.reset();
        QVERIFY(rows.step().value());
        read();
        QCOMPARE(codeOf(rows.rowStatus().error()), std::string("store.bad-row"));
        QVERIFY(!rows.step().ok()); // and it cannot be overlooked
    };
    expectBad([&] { QCOMPARE(rows.i64(0), std::int64_t{0}); });
    expectBad([&] { QCOMPARE(rows.u32(1), 0U); });
    expectBad([&] { QCOMPARE(rows.u64(1), std::uint64_t{0}); });
    expectBad([&] { QVERIFY(!rows.boolean(1)); });
    expectBad([&] { QVERIFY(rows.hash<base::Txid>(2).isZero()); });
    expectBad([&] { QVERIFY(rows.text(2).empty()); });
    // And the other way round: STRICT tables take no values of another type.
    QCOMPARE(codeOf(db.run("INSERT INTO coin VALUES (2, 'two', 'many', NULL)").error()),
             std::string("store.constraint"));
    QCOMPARE(codeOf(db.run("INSERT INTO coin VALUES (3, ?, 1, NULL)", std::uint64_t{1} << 63U).error()),
             std::string("store.bad-row"));
}

void TestDatabase::refusesTheWrongNumberOfValues()
{
    Database db = open();
    QCOMPARE(codeOf(db.run("INSERT INTO coin VALUES (?, ?, 1, NULL)", 1).error()), std::string("store.sql"));
    QCOMPARE(codeOf(db.prepare("SELECT 1; SELECT 2").error()), std::string("store.sql"));
    QCOMPARE(codeOf(db.run("SELECT 1").error()), std::string("store.sql"));
}

void TestDatabase::migratesAnOldFileAndKeepsItsRows()
{
    {
        Database old = open(kFirst);
        QVERIFY(old.run("INSERT INTO coin VALUES (1, 'kept', 5, NULL)").ok());
    }
    QCOMPARE(ask(m_path, "PRAGMA user_version"), std::string("1"));
    Database db = open(kSecond);
    QCOMPARE(ask(m_path, "PRAGMA user_version"), std::string("2"));
    QVERIFY(db.run("INSERT INTO note VALUES (1, 'a note')").ok());
    QCOMPARE(ask(m_path, "SELECT name FROM coin"), std::string("kept"));
}

void TestDatabase::aFailingStepLeavesTheFileAsItWas()
{
    {
        const Database old = open(kFirst);
    }
    const std::array<const char*, 3> broken{
        kSteps[0], kSteps[1], "CREATE TABLE fine(a INTEGER) STRICT; INSERT INTO missing VALUES (1);"};
    const auto opened = Database::open(m_path, store::Schema{kFirst.applicationId, broken});
    QVERIFY(!opened.ok());
    QCOMPARE(ask(m_path, "PRAGMA user_version"),
             std::string("2")); // the good step stays, the bad one is undone
    QCOMPARE(ask(m_path, "SELECT count(*) FROM sqlite_schema WHERE name = 'fine'"), std::string("0"));
}

void TestDatabase::refusesAFileOfANewerProgram()
{
    {
        const Database db = open(kSecond);
    }
    const auto opened = Database::open(m_path, kFirst);
    QVERIFY(!opened.ok());
    QCOMPARE(codeOf(opened.error()), std::string("store.newer-version"));
}

void TestDatabase::refusesAFileOfAnotherProgram()
{
    {
        const Database db = open(kSecond);
    }
    QCOMPARE(codeOf(Database::open(m_path, kOther).error()), std::string("store.foreign"));
    const std::string unmarked = m_dir->filePath("unmarked.sqlite").toStdString();
    ask(unmarked, "CREATE TABLE somebody_elses(a)");
    QCOMPARE(codeOf(Database::open(unmarked, kSecond).error()), std::string("store.foreign"));
}

void TestDatabase::refusesWhatIsNoDatabase()
{
    std::ofstream(m_path) << std::string(10'000, 'x');
    QCOMPARE(codeOf(Database::open(m_path, kSecond).error()), std::string("store.corrupt"));
    QCOMPARE(codeOf(Database::open(m_dir->path().toStdString() + "/no/such/folder", kSecond).error()),
             std::string("store.cannot-open"));
    // A link could lead the wallet's file into a place that others read.
    const std::string link = m_dir->filePath("link.sqlite").toStdString();
    std::filesystem::create_symlink("/dev/null", link);
    QCOMPARE(codeOf(Database::open(link, kSecond).error()), std::string("store.cannot-open"));
}

void TestDatabase::refusesALooseTable()
{
    const std::array<const char*, 1> loose{"CREATE TABLE loose(a INTEGER);"};
    QCOMPARE(codeOf(Database::open(m_path, store::Schema{1, loose}).error()), std::string("store.sql"));
}

void TestDatabase::doesNotCreateWhenToldNotTo()
{
    store::OpenOptions options;
    options.create = false;
    QCOMPARE(codeOf(Database::open(m_path, kSecond, options).error()), std::string("store.cannot-open"));
    QVERIFY(!std::filesystem::exists(m_path));
}

void TestDatabase::rollsBackWhatIsNotCommitted()
{
    Database db = open();
    {
        auto transaction = Transaction::begin(db);
        QVERIFY(transaction.ok());
        QVERIFY(db.inTransaction());
        QVERIFY(db.run("INSERT INTO coin VALUES (1, 'lost', 1, NULL)").ok());
    }
    QVERIFY(!db.inTransaction());
    auto transaction = Transaction::begin(db);
    QVERIFY(db.run("INSERT INTO coin VALUES (2, 'kept', 1, NULL)").ok());
    QVERIFY(transaction->commit().ok());
    QCOMPARE(ask(m_path, "SELECT group_concat(name) FROM coin"), std::string("kept"));
}

void TestDatabase::holdsForeignKeys()
{
    Database db = open();
    QCOMPARE(codeOf(db.run("INSERT INTO note VALUES (99, 'of nothing')").error()),
             std::string("store.constraint"));
    QVERIFY(db.checkIntegrity().ok());
    ask(m_path, "INSERT INTO note VALUES (99, 'of nothing')"); // SQLite alone does not enforce them
    QCOMPARE(codeOf(db.checkIntegrity().error()), std::string("store.corrupt"));
}

void TestDatabase::saysBusyWhenAnotherHoldsTheLock()
{
    Database first = open();
    store::OpenOptions impatient;
    impatient.busyTimeout = std::chrono::milliseconds(20);
    auto second = Database::open(m_path, kSecond, impatient);
    QVERIFY(second.ok());
    const auto held = Transaction::begin(first);
    QVERIFY(held.ok());
    QCOMPARE(codeOf(Transaction::begin(*second).error()), std::string("store.busy"));
}

void TestDatabase::findsADamagedPage()
{
    {
        Database db = open();
        for (int i = 0; i < 2000; ++i) {
            QVERIFY(db.run("INSERT INTO coin VALUES (?, ?, 1, NULL)", i, "coin number " + std::to_string(i))
                        .ok());
        }
    }
    {
        std::fstream file(m_path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(5 * 4096);
        file << std::string(4096, '\xee');
    }
    auto db = Database::open(m_path, kSecond);
    const base::Status verdict = db.ok() ? db->checkIntegrity() : base::Status(db.error());
    QVERIFY(!verdict.ok());
    QCOMPARE(codeOf(verdict.error()), std::string("store.corrupt"));
}

void TestDatabase::survivesKillNine()
{
    // Each transaction writes number n twice. Whenever the writer dies, both rows are there or none, and the
    // numbers are 1..n without a gap; and none that was reported as committed is missing.
    {
        const Database db = open();
    }
    std::mt19937 random(1);
    std::int64_t reported = 0;
    for (int round = 0; round < 25; ++round) {
        int channel[2];
        QCOMPARE(pipe(channel), 0);
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            Database db = std::move(Database::open(m_path, kSecond)).value();
            for (std::int64_t n = reported + 1;; ++n) {
                auto transaction = Transaction::begin(db);
                if (!db.run("INSERT OR REPLACE INTO coin VALUES (?, ?, ?, NULL)", n, std::to_string(n), n)
                         .ok())
                    _exit(1);
                if (!db.run("INSERT INTO note VALUES (?, ?)", n, std::to_string(n)).ok()) _exit(2);
                if (!transaction->commit().ok()) _exit(3);
                if (write(channel[1], &n, sizeof n) != sizeof n) _exit(4);
            }
        }
        ::close(channel[1]);
        std::int64_t first = 0;
        QVERIFY(read(channel[0], &first, sizeof first) == sizeof first);
        reported = first;
        usleep(static_cast<useconds_t>(random() % 20'000));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status)); // it did not end by itself
        while (read(channel[0], &first, sizeof first) == sizeof first) reported = first;
        ::close(channel[0]);

        Database db = open();
        QVERIFY(db.checkIntegrity().ok());
        Statement counts = db.prepare("SELECT (SELECT count(*) FROM coin), (SELECT max(id) FROM coin), "
                                      "(SELECT count(*) FROM note), (SELECT max(coin) FROM note)")
                               .value();
        QVERIFY(counts.step().value());
        const std::int64_t written = counts.i64(0);
        for (int column = 1; column < 4; ++column) QCOMPARE(counts.i64(column), written);
        QVERIFY(written >= reported && written <= reported + 1);
        reported = written;
    }
    qInfo("%lld transactions over 25 deaths", static_cast<long long>(reported));
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
