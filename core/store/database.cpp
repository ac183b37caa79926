// SPDX-License-Identifier: MIT
#include "core/store/database.h"

#include "core/base/descriptor.h"

#include <sqlite3.h>

#include <cerrno>

#include <fcntl.h>

namespace bowline::store {

using base::Error;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

base::ErrorCode codeOf(int result)
{
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return kBusy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return kCorrupt;
    case SQLITE_FULL: return kFull;
    case SQLITE_READONLY: return kReadOnly;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return kCannotOpen;
    case SQLITE_IOERR:
    case SQLITE_NOMEM: return kIo;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return kConstraint;
    default: return kSql;
    }
}

Error errorOf(sqlite3* db) { return makeError(codeOf(sqlite3_extended_errcode(db)), sqlite3_errmsg(db)); }

Status check(sqlite3* db, int result)
{
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return success();
    return errorOf(db);
}

int lengthOf(std::size_t size)
{
    // SQLite's own limit is a billion bytes; anything above it is refused by bind as too big.
    return size > 0x7fffffff ? 0x7fffffff : static_cast<int>(size);
}

/// SQLite would create the file with the rights of the umask; write-ahead log and index follow the file's.
Status createPrivately(const std::string& path, bool create)
{
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0);
    const base::Descriptor file(::open(path.c_str(), flags, 0600));
    if (!file.isOpen()) {
        const base::ErrorCode code = errno == ENOSPC || errno == EDQUOT ? kFull
                                     : errno == EROFS                   ? kReadOnly
                                                                        : kCannotOpen;
        return makeError(code, "cannot open " + path + ": " + std::generic_category().message(errno));
    }
    return success();
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Status Statement::bindOne(int index, std::nullptr_t)
{
    return check(sqlite3_db_handle(m_statement.get()), sqlite3_bind_null(m_statement.get(), index));
}

Status Statement::bindOne(int index, std::int64_t value)
{
    return check(sqlite3_db_handle(m_statement.get()), sqlite3_bind_int64(m_statement.get(), index, value));
}

Status Statement::bindOne(int index, base::ByteView value)
{
    // A null pointer would bind NULL instead of an empty blob.
    static constexpr std::uint8_t kEmpty = 0;
    const void* data = value.empty() ? &kEmpty : value.data();
    return check(
        sqlite3_db_handle(m_statement.get()),
        sqlite3_bind_blob64(m_statement.get(), index, data, value.size(), SQLITE_TRANSIENT)); // NOLINT
}

Status Statement::bindOne(int index, std::string_view value)
{
    const char* data = value.empty() ? "" : value.data();
    return check(sqlite3_db_handle(m_statement.get()),
                 sqlite3_bind_text64(m_statement.get(), index, data, value.size(), SQLITE_TRANSIENT, // NOLINT
                                     SQLITE_UTF8));
}

Status Statement::checkCount(int bound) const
{
    const int wanted = sqlite3_bind_parameter_count(m_statement.get());
    if (wanted == bound) return success();
    return makeError(kSql, "statement has " + std::to_string(wanted) + " parameters, " +
                               std::to_string(bound) + " were given: " + sqlite3_sql(m_statement.get()));
}

Result<bool> Statement::step()
{
    BOWLINE_CHECK(rowStatus());
    const int result = sqlite3_step(m_statement.get());
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    return errorOf(sqlite3_db_handle(m_statement.get()));
}

Status Statement::run()
{
    BOWLINE_TRY(const bool row, step());
    if (row) return makeError(kSql, std::string("statement yields rows: ") + sqlite3_sql(m_statement.get()));
    reset();
    return success();
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
    m_badRow.reset();
}

Status Statement::rowStatus() const
{
    if (m_badRow) return *m_badRow;
    return success();
}

void Statement::markBad(int column, std::string_view why)
{
    if (m_badRow) return;
    m_badRow = makeError(kBadRow, "column " + std::to_string(column) + " is " + std::string(why) + ": " +
                                      sqlite3_sql(m_statement.get()));
}

bool Statement::expectType(int column, int type)
{
    if (sqlite3_column_type(m_statement.get(), column) == type) return true;
    markBad(column, "of another type");
    return false;
}

std::int64_t Statement::i64(int column)
{
    return expectType(column, SQLITE_INTEGER) ? sqlite3_column_int64(m_statement.get(), column) : 0;
}

std::uint32_t Statement::u32(int column)
{
    const std::int64_t value = i64(column);
    if (std::in_range<std::uint32_t>(value)) return static_cast<std::uint32_t>(value);
    markBad(column, "out of range");
    return 0;
}

std::uint64_t Statement::u64(int column)
{
    const std::int64_t value = i64(column);
    if (value >= 0) return static_cast<std::uint64_t>(value);
    markBad(column, "out of range");
    return 0;
}

bool Statement::boolean(int column)
{
    const std::int64_t value = i64(column);
    if (value != 0 && value != 1) markBad(column, "neither 0 nor 1");
    return value == 1;
}

std::string Statement::text(int column)
{
    if (!expectType(column, SQLITE_TEXT)) return {};
    const void* data = sqlite3_column_text(m_statement.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
}

base::ByteView Statement::blobView(int column)
{
    if (!expectType(column, SQLITE_BLOB)) return {};
    const void* data = sqlite3_column_blob(m_statement.get(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column));
    return size == 0 ? base::ByteView() : base::ByteView(static_cast<const std::uint8_t*>(data), size);
}

base::Bytes Statement::blob(int column) { return base::toBytes(blobView(column)); }

void Statement::fixedBlob(int column, std::span<std::uint8_t> out)
{
    const base::ByteView view = blobView(column);
    if (view.size() == out.size()) {
        std::copy(view.begin(), view.end(), out.begin());
    } else {
        markBad(column, "of another length");
    }
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }

Result<Database> Database::open(const std::string& path, const Schema& schema, const OpenOptions& options)
{
    if (path != ":memory:") BOWLINE_CHECK(createPrivately(path, options.create));
    sqlite3* raw = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Database db(raw); // also when opening failed: SQLite wants it closed
    if (raw == nullptr) return makeError(kIo, "out of memory");
    if (result != SQLITE_OK) return db.lastError();
    BOWLINE_CHECK(db.configure(options));
    BOWLINE_CHECK(db.checkPurpose(schema));
    BOWLINE_CHECK(db.migrate(schema));
    BOWLINE_CHECK(db.checkStrict());
    return db;
}

Status Database::configure(const OpenOptions& options)
{
    sqlite3_busy_timeout(m_db.get(), static_cast<int>(options.busyTimeout.count()));
    // A file from somebody else must not run functions or corrupt the schema through SQL.
    sqlite3_db_config(m_db.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_db.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // secure_delete: a removed or replaced secret box is overwritten, not only unlinked.
    BOWLINE_CHECK(
        execute("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
                "PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=8388608;"));
    return execute(options.durability == Durability::Full ? "PRAGMA synchronous=FULL;"
                                                          : "PRAGMA synchronous=NORMAL;");
}

Result<std::int64_t> Database::pragma(const char* sql)
{
    BOWLINE_TRY(Statement statement, prepare(sql));
    BOWLINE_TRY(const bool row, statement.step());
    if (!row) return makeError(kCorrupt, std::string("no answer to ") + sql);
    const std::int64_t value = statement.i64(0);
    BOWLINE_CHECK(statement.rowStatus());
    return value;
}

Status Database::checkPurpose(const Schema& schema)
{
    BOWLINE_TRY(const std::int64_t purpose, pragma("PRAGMA application_id"));
    BOWLINE_TRY(const std::int64_t version, pragma("PRAGMA user_version"));
    BOWLINE_TRY(const std::int64_t objects, pragma("SELECT count(*) FROM sqlite_schema"));
    const bool fresh = purpose == 0 && version == 0 && objects == 0;
    if (!fresh && purpose != static_cast<std::int32_t>(schema.applicationId)) {
        return makeError(kForeign, "application id " + std::to_string(purpose));
    }
    if (version < 0 || static_cast<std::size_t>(version) > schema.steps.size()) {
        return makeError(kNewerVersion, "version " + std::to_string(version) + ", this program knows " +
                                            std::to_string(schema.steps.size()));
    }
    return success();
}

Status Database::migrate(const Schema& schema)
{
    for (;;) {
        // Asked again inside the lock of each step: another process may be migrating the same file.
        BOWLINE_TRY(const std::int64_t seen, pragma("PRAGMA user_version"));
        if (static_cast<std::size_t>(seen) >= schema.steps.size()) return success();
        BOWLINE_TRY(Transaction transaction, Transaction::begin(*this));
        BOWLINE_TRY(const std::int64_t version, pragma("PRAGMA user_version"));
        const auto step = static_cast<std::size_t>(version);
        if (step >= schema.steps.size()) return success();
        BOWLINE_CHECK(execute(schema.steps[step]));
        const std::string marks =
            "PRAGMA application_id=" + std::to_string(static_cast<std::int32_t>(schema.applicationId)) +
            "; PRAGMA user_version=" + std::to_string(version + 1) + ';';
        BOWLINE_CHECK(execute(marks.c_str()));
        BOWLINE_CHECK(transaction.commit());
    }
}

Status Database::checkStrict()
{
    BOWLINE_TRY(Statement loose, prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' "
                                         "AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'"));
    BOWLINE_TRY(const bool any, loose.step());
    if (any) return makeError(kSql, "table is not STRICT: " + loose.text(0));
    return success();
}

Status Database::execute(const char* sql)
{
    return check(m_db.get(), sqlite3_exec(m_db.get(), sql, nullptr, nullptr, nullptr));
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v2(m_db.get(), sql.data(), lengthOf(sql.size()), &raw, &rest) != SQLITE_OK) {
        return lastError();
    }
    Statement statement(raw);
    if (raw == nullptr || rest != sql.data() + sql.size()) {
        return makeError(kSql, "not exactly one statement: " + std::string(sql));
    }
    return statement;
}

std::int64_t Database::changes() const { return sqlite3_changes64(m_db.get()); }

std::int64_t Database::lastInsertRowId() const { return sqlite3_last_insert_rowid(m_db.get()); }

bool Database::inTransaction() const { return sqlite3_get_autocommit(m_db.get()) == 0; }

Error Database::lastError() const { return errorOf(m_db.get()); }

Status Database::checkIntegrity()
{
    BOWLINE_TRY(Statement structure, prepare("PRAGMA integrity_check(1)"));
    BOWLINE_TRY(const bool answered, structure.step());
    const std::string verdict = answered ? structure.text(0) : "no answer";
    if (verdict != "ok") return makeError(kCorrupt, verdict);
    BOWLINE_TRY(Statement references, prepare("PRAGMA foreign_key_check"));
    BOWLINE_TRY(const bool dangling, references.step());
    if (dangling) return makeError(kCorrupt, "a row of table " + references.text(0) + " refers to nothing");
    return success();
}

Result<Transaction> Transaction::begin(Database& db)
{
    BOWLINE_CHECK(db.execute("BEGIN IMMEDIATE"));
    return Transaction(db.m_db.get());
}

Status Transaction::commit()
{
    // Kept open when COMMIT fails, so that the destructor rolls back.
    BOWLINE_CHECK(check(m_db, sqlite3_exec(m_db, "COMMIT", nullptr, nullptr, nullptr)));
    m_db = nullptr;
    return success();
}

Transaction::~Transaction()
{
    // SQLite may have rolled back already by itself (disk full, out of memory).
    if (m_db != nullptr && sqlite3_get_autocommit(m_db) == 0) {
        sqlite3_exec(m_db, "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

} // namespace bowline::store
