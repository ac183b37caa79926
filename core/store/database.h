// SPDX-License-Identifier: MIT
// SQLite as the project uses it: one file per purpose in WAL mode, STRICT tables, versioned by migrations,
// every failure a Result with a stable code.
//
//   BOWLINE_TRY(Database db, Database::open(path, kSchema));
//   BOWLINE_TRY(Transaction tx, Transaction::begin(db));
//   BOWLINE_CHECK(db.run("INSERT INTO coin(txid, vout) VALUES (?, ?)", txid, vout));
//   BOWLINE_CHECK(tx.commit());
//   BOWLINE_TRY(Statement s, db.query("SELECT txid, vout FROM coin WHERE height >= ?", height));
//   BOWLINE_CHECK(s.forEach([&](Statement& row) { coins.push_back({row.hash<Txid>(0), row.u32(1)}); }));
//
// A Database is used by one thread at a time. Its statements and transactions must not outlive it.
#pragma once

#include "core/base/types.h"

#include <chrono>
#include <concepts>
#include <memory>
#include <span>

struct sqlite3;
struct sqlite3_stmt;

namespace bowline::store {

/// Another process or connection holds the file longer than the busy timeout.
inline constexpr base::ErrorCode kBusy{"store.busy"};
/// The file is damaged or no database.
inline constexpr base::ErrorCode kCorrupt{"store.corrupt"};
/// Disk or quota full.
inline constexpr base::ErrorCode kFull{"store.full"};
/// Written by a newer version of this program: opening it could lose what we do not understand.
inline constexpr base::ErrorCode kNewerVersion{"store.newer-version"};
/// A database, but of another purpose or program.
inline constexpr base::ErrorCode kForeign{"store.foreign"};
inline constexpr base::ErrorCode kReadOnly{"store.read-only"};
/// Missing file or folder, no right to open it.
inline constexpr base::ErrorCode kCannotOpen{"store.cannot-open"};
inline constexpr base::ErrorCode kIo{"store.io"};
/// UNIQUE, CHECK, NOT NULL, foreign key or type of a STRICT table.
inline constexpr base::ErrorCode kConstraint{"store.constraint"};
/// A stored value is not of the type or size that the reader expects.
inline constexpr base::ErrorCode kBadRow{"store.bad-row"};
inline constexpr base::ErrorCode kNotFound{"store.not-found"};
/// A bug in the SQL of this program.
inline constexpr base::ErrorCode kSql{"store.sql"};

/// Full: a committed transaction survives power loss (wallets, keys). Normal: it survives the end of the
/// process, but the last ones may be lost with the power; never inconsistent (caches that can be fetched again).
enum class Durability { Full, Normal };

/// What a file is for, and how it came to its present form. Steps are never changed once released, only added:
/// a file of version v gets steps v, v+1, ... each in a transaction of its own. Every table must be STRICT.
struct Schema {
    std::uint32_t applicationId; // PRAGMA application_id; four letters read as a big-endian number
    std::span<const char* const> steps;
};

struct OpenOptions {
    Durability durability = Durability::Full;
    std::chrono::milliseconds busyTimeout{5000};
    bool create = true; // otherwise a missing file is kCannotOpen
};

/// A prepared statement: values in, rows out. Columns count from 0.
///
/// Reading a column as another type than it has marks the row as bad; the value is then zero or empty, and the
/// next step(), forEach() or rowStatus() says kBadRow.
class Statement {
public:
    /// Binds the arguments to the statement's ?s in order; allowed before the first step or after reset().
    template <typename... Args>
    base::Status bind(const Args&... args)
    {
        int index = 0;
        base::Status status = base::success();
        ((status.ok() ? void(status = bindOne(++index, args)) : void()), ...);
        return status.ok() ? checkCount(index) : status;
    }
    /// True when there is a row to read, false at the end.
    base::Result<bool> step();
    /// Runs a statement that yields no rows.
    base::Status run();
    /// Back to before the first row, keeping the bound values.
    void reset();
    /// Calls fn(*this) for each row that is left; fn may return void or Status, an error ends it.
    template <typename Fn>
    base::Status forEach(Fn&& fn)
    {
        for (;;) {
            BOWLINE_TRY(const bool row, step());
            if (!row) return base::success();
            if constexpr (std::same_as<decltype(fn(*this)), void>) {
                fn(*this);
            } else {
                BOWLINE_CHECK(fn(*this));
            }
        }
    }
    [[nodiscard]] base::Status rowStatus() const;

    [[nodiscard]] std::int64_t i64(int column);
    /// Integers out of range of the type mark the row as bad.
    [[nodiscard]] std::uint32_t u32(int column);
    [[nodiscard]] std::uint64_t u64(int column); // only 0..2^63-1: SQLite's integers are signed
    [[nodiscard]] bool boolean(int column);      // 0 or 1
    [[nodiscard]] std::string text(int column);
    [[nodiscard]] base::Bytes blob(int column);
    /// A view that is valid until the next step or reset.
    [[nodiscard]] base::ByteView blobView(int column);
    template <typename H>
    [[nodiscard]] H hash(int column)
    {
        H out;
        fixedBlob(column, out.bytes);
        return out;
    }
    template <std::size_t N>
    [[nodiscard]] base::ByteArray<N> array(int column)
    {
        base::ByteArray<N> out{};
        fixedBlob(column, out);
        return out;
    }
    [[nodiscard]] base::Amount amount(int column) { return base::Amount::fromSat(i64(column)); }
    [[nodiscard]] base::Height height(int column) { return {u32(column)}; }
    [[nodiscard]] bool isNull(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    explicit Statement(sqlite3_stmt* statement) : m_statement(statement) {}

    base::Status bindOne(int index, std::nullptr_t);
    base::Status bindOne(int index, std::int64_t value);
    base::Status bindOne(int index, base::ByteView value);
    base::Status bindOne(int index, std::string_view value);
    template <std::integral I>
    base::Status bindOne(int index, I value)
    {
        if (!std::in_range<std::int64_t>(value)) return base::makeError(kBadRow, "integer beyond 63 bits");
        return bindOne(index, static_cast<std::int64_t>(value));
    }
    template <typename Tag>
    base::Status bindOne(int index, const base::Hash256<Tag>& value)
    {
        return bindOne(index, value.view());
    }
    base::Status bindOne(int index, const base::Bytes& value)
    {
        return bindOne(index, base::ByteView(value));
    }
    template <std::size_t N>
    base::Status bindOne(int index, const base::ByteArray<N>& value)
    {
        return bindOne(index, base::ByteView(value));
    }
    base::Status bindOne(int index, const std::string& value)
    {
        return bindOne(index, std::string_view(value));
    }
    base::Status bindOne(int index, const char* value) { return bindOne(index, std::string_view(value)); }
    base::Status bindOne(int index, base::Amount value) { return bindOne(index, value.sat()); }
    base::Status bindOne(int index, base::Height value) { return bindOne(index, value.value); }
    template <typename T>
    base::Status bindOne(int index, const std::optional<T>& value)
    {
        return value ? bindOne(index, *value) : bindOne(index, nullptr);
    }

    base::Status checkCount(int bound) const;
    bool expectType(int column, int type);
    void fixedBlob(int column, std::span<std::uint8_t> out);
    void markBad(int column, std::string_view why);

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    std::optional<base::Error> m_badRow;
};

class Database {
public:
    /// Opens or creates the file (mode 0600), checks purpose and version, runs the missing migration steps.
    /// ":memory:" gives a database that lives as long as the object.
    static base::Result<Database> open(const std::string& path, const Schema& schema,
                                       const OpenOptions& options = {});

    /// Runs one or more statements without values. For constant SQL only.
    base::Status execute(const char* sql);
    base::Result<Statement> prepare(std::string_view sql);
    /// Prepares and binds.
    template <typename... Args>
    base::Result<Statement> query(std::string_view sql, const Args&... args)
    {
        BOWLINE_TRY(Statement statement, prepare(sql));
        BOWLINE_CHECK(statement.bind(args...));
        return statement;
    }
    /// Prepares, binds and runs a statement that yields no rows.
    template <typename... Args>
    base::Status run(std::string_view sql, const Args&... args)
    {
        BOWLINE_TRY(Statement statement, query(sql, args...));
        return statement.run();
    }
    /// Rows changed by the last run().
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::int64_t lastInsertRowId() const;
    /// Reads the whole file and checks its structure and references: slow on large files. kCorrupt otherwise.
    base::Status checkIntegrity();
    [[nodiscard]] bool inTransaction() const;

private:
    friend class Transaction;
    struct Close {
        void operator()(sqlite3* db) const;
    };
    explicit Database(sqlite3* db) : m_db(db) {}
    base::Status configure(const OpenOptions& options);
    base::Result<std::int64_t> pragma(const char* sql);
    base::Status checkPurpose(const Schema& schema);
    base::Status migrate(const Schema& schema);
    base::Status checkStrict();
    [[nodiscard]] base::Error lastError() const;

    std::unique_ptr<sqlite3, Close> m_db;
};

/// Everything between begin() and commit(), or nothing. Rolled back by the destructor when not committed. Takes
/// the write lock at once (BEGIN IMMEDIATE), so that kBusy can only come from begin(). Does not nest.
class [[nodiscard]] Transaction {
public:
    static base::Result<Transaction> begin(Database& db);
    base::Status commit();
    ~Transaction();
    Transaction(Transaction&& other) noexcept : m_db(std::exchange(other.m_db, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

private:
    explicit Transaction(sqlite3* db) : m_db(db) {}
    sqlite3* m_db;
};

} // namespace bowline::store
