// SPDX-License-Identifier: MIT
// One connection to PostgreSQL as SqlTaskStore needs it: values and rows in binary, errors as Results, and a new connection
// when the old one is gone.
#pragma once

#include "core/tasks/task_store.h"

#include <array>
#include <concepts>

struct pg_conn;
struct pg_result;

namespace bowline::tasks {

/// Rows of an answer, read as those of store::Statement. Reading a column as another type than it has marks the row as bad.
class PostgresRows {
public:
    explicit PostgresRows(pg_result* result) : m_result(result) {}

    Result<bool> step();
    template <typename Fn>
    Status forEach(Fn&& fn)
    {
        for (;;) {
            BOWLINE_TRY(const bool row, step());
            if (!row) return base::success();
            fn(*this);
        }
    }
    [[nodiscard]] Status rowStatus() const;

    [[nodiscard]] std::int64_t i64(int column);
    [[nodiscard]] std::uint32_t u32(int column);
    [[nodiscard]] std::uint64_t u64(int column);
    [[nodiscard]] bool boolean(int column); // 0 or 1
    [[nodiscard]] std::string text(int column);
    [[nodiscard]] base::Bytes blob(int column);
    template <typename H>
    [[nodiscard]] H hash(int column)
    {
        H out;
        const base::ByteView bytes = raw(column);
        if (bytes.size() == out.bytes.size()) {
            std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
        } else {
            m_bad = true;
        }
        return out;
    }
    [[nodiscard]] bool isNull(int column) const;

private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    [[nodiscard]] base::ByteView raw(int column);

    std::unique_ptr<pg_result, Clear> m_result;
    int m_row = -1;
    bool m_bad = false;
};

class PostgresSession {
public:
    static constexpr std::string_view kSkip = " FOR UPDATE OF t SKIP LOCKED";
    static constexpr std::string_view kWait = " FOR UPDATE OF t";

    /// Connects, and makes the tables if they are not there.
    [[nodiscard]] static Result<PostgresSession> open(const std::string& connection);

    class [[nodiscard]] Transaction {
    public:
        Status commit();
        ~Transaction();
        Transaction(Transaction&& other) noexcept : m_session(std::exchange(other.m_session, nullptr)) {}
        Transaction& operator=(Transaction&&) = delete;
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;

    private:
        friend class PostgresSession;
        explicit Transaction(PostgresSession* session) : m_session(session) {}
        PostgresSession* m_session;
    };
    /// Connects again first if need be.
    [[nodiscard]] Result<Transaction> begin();

    template <typename... Args>
    [[nodiscard]] Result<PostgresRows> query(std::string_view sql, const Args&... args)
    {
        const std::array<Value, sizeof...(Args)> values{valueOf(args)...};
        return execute(std::string(sql), values);
    }
    template <typename... Args>
    Status run(std::string_view sql, const Args&... args)
    {
        BOWLINE_CHECK(query(sql, args...));
        return base::success();
    }
    /// A deadlock or a race that the server ended.
    [[nodiscard]] static bool isPassing(const base::Error& error);

private:
    // A value as the wire has it: its type's number and bytes.
    struct Value {
        std::uint32_t type = 0;
        std::string bytes;
    };
    [[nodiscard]] static Value integerValue(std::int64_t value);
    [[nodiscard]] static Value bytesValue(base::ByteView value);
    [[nodiscard]] static Value textValue(std::string_view value);

    template <std::integral I>
    [[nodiscard]] static Value valueOf(I value)
    {
        return integerValue(static_cast<std::int64_t>(value)); // none of ours is beyond 63 bits
    }
    template <typename Tag>
    [[nodiscard]] static Value valueOf(const base::Hash256<Tag>& value)
    {
        return bytesValue(value.view());
    }
    [[nodiscard]] static Value valueOf(base::ByteView value) { return bytesValue(value); }
    [[nodiscard]] static Value valueOf(const std::string& value) { return textValue(value); }

    struct Finish {
        void operator()(pg_conn* connection) const;
    };
    explicit PostgresSession(pg_conn* connection) : m_connection(connection) {}
    Status makeTables();
    [[nodiscard]] Result<PostgresRows> execute(const std::string& sql, std::span<const Value> values);
    /// Statements without values, in the simple protocol.
    Status command(const char* sql);
    [[nodiscard]] base::Error failure(const pg_result* result) const;

    std::unique_ptr<pg_conn, Finish> m_connection;
};

} // namespace bowline::tasks
