// SPDX-License-Identifier: MIT
#include "core/tasks/postgres_session.h"

#include "core/tasks/schema.h"

#include <cstring>

#include <libpq-fe.h>

namespace bowline::tasks {

using base::makeError;
using base::success;

namespace {
// Numbers of PostgreSQL's own types (its catalog pg_type): fixed for all versions.
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;
constexpr int kBinary = 1;

// One for all of this program's databases: while one connection makes the tables, the others wait.
constexpr const char* kLockSetup = "SELECT pg_advisory_xact_lock(4804251)";
constexpr std::int64_t kSchemaVersion = 1;

// What a connection string may say otherwise. Whoever holds rows and does nothing, as a node that stands still, loses its
// connection, so that the others go on; a server that is not there is found out in time to end the node.
constexpr std::array kDefaults{std::pair{"application_name", "bowline"}, std::pair{"connect_timeout", "10"},
                               std::pair{"tcp_user_timeout", "30000"},
                               std::pair{"options", "-c idle_in_transaction_session_timeout=60s"}};

pg_conn* connectTo(const std::string& connection)
{
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : kDefaults) {
        names.push_back(name);
        values.push_back(value);
    }
    names.insert(names.end(), {"dbname", nullptr}); // the last one counts
    values.insert(values.end(), {connection.c_str(), nullptr});
    constexpr int kExpand = 1; // dbname is a whole connection string
    pg_conn* out = PQconnectdbParams(names.data(), values.data(), kExpand);
    // Such as "relation already exists, skipping"; it would go to standard error.
    PQsetNoticeReceiver(
        out, [](void* /*none*/, const pg_result* /*notice*/) {}, nullptr);
    return out;
}

constexpr base::ErrorCode kRace{"tasks.store-race"}; // does not leave SqlTaskStore::atomically

std::int64_t bigEndian(const unsigned char* bytes, std::size_t size)
{
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8U | bytes[i];
    return static_cast<std::int64_t>(out);
}
} // namespace

void PostgresRows::Clear::operator()(pg_result* result) const { PQclear(result); }

Result<bool> PostgresRows::step()
{
    if (m_row >= 0) BOWLINE_CHECK(rowStatus());
    ++m_row;
    return m_row < PQntuples(m_result.get());
}

Status PostgresRows::rowStatus() const
{
    return m_bad ? Status(makeError(kStoreRefused, "a column of another type or size")) : success();
}

base::ByteView PostgresRows::raw(int column)
{
    if (m_row < 0 || m_row >= PQntuples(m_result.get()) || column >= PQnfields(m_result.get()) ||
        isNull(column)) {
        m_bad = true;
        return {};
    }
    const char* value = PQgetvalue(m_result.get(), m_row, column);
    const int length = PQgetlength(m_result.get(), m_row, column);
    return {reinterpret_cast<const std::uint8_t*>(value), static_cast<std::size_t>(length)}; // NOLINT
}

std::int64_t PostgresRows::i64(int column)
{
    const base::ByteView bytes = raw(column);
    if (PQftype(m_result.get(), column) != kInt8 || bytes.size() != 8) {
        m_bad = true;
        return 0;
    }
    return bigEndian(bytes.data(), bytes.size());
}

std::uint32_t PostgresRows::u32(int column)
{
    const std::int64_t value = i64(column);
    if (std::in_range<std::uint32_t>(value)) return static_cast<std::uint32_t>(value);
    m_bad = true;
    return 0;
}

std::uint64_t PostgresRows::u64(int column)
{
    const std::int64_t value = i64(column);
    if (value >= 0) return static_cast<std::uint64_t>(value);
    m_bad = true;
    return 0;
}

bool PostgresRows::boolean(int column)
{
    const std::uint32_t value = u32(column);
    m_bad = m_bad || value > 1;
    return value == 1;
}

std::string PostgresRows::text(int column)
{
    const base::ByteView bytes = raw(column);
    if (PQftype(m_result.get(), column) != kText) m_bad = true;
    return {bytes.begin(), bytes.end()};
}

base::Bytes PostgresRows::blob(int column)
{
    if (PQftype(m_result.get(), column) != kBytea) m_bad = true;
    return base::toBytes(raw(column));
}

bool PostgresRows::isNull(int column) const { return PQgetisnull(m_result.get(), m_row, column) != 0; }

void PostgresSession::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

PostgresSession::Value PostgresSession::integerValue(std::int64_t value)
{
    Value out{kInt8, std::string(8, '\0')};
    for (std::size_t i = 0; i < 8; ++i)
        out.bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (56U - 8U * i));
    return out;
}

PostgresSession::Value PostgresSession::bytesValue(base::ByteView value)
{
    return {kBytea, std::string(value.begin(), value.end())};
}

PostgresSession::Value PostgresSession::textValue(std::string_view value)
{
    return {kText, std::string(value)};
}

Result<PostgresSession> PostgresSession::open(const std::string& connection)
{
    PostgresSession out(connectTo(connection));
    if (PQstatus(out.m_connection.get()) != CONNECTION_OK) return out.failure(nullptr);
    BOWLINE_CHECK(out.makeTables());
    return out;
}

Status PostgresSession::makeTables()
{
    BOWLINE_TRY(Transaction transaction, begin());
    BOWLINE_CHECK(command(kLockSetup));
    BOWLINE_CHECK(command("CREATE TABLE IF NOT EXISTS bowline_schema (version BIGINT NOT NULL)"));
    BOWLINE_TRY(PostgresRows rows, execute("SELECT version FROM bowline_schema", {}));
    BOWLINE_TRY(const bool isThere, rows.step());
    const std::int64_t version = isThere ? rows.i64(0) : 0;
    if (version > kSchemaVersion) return makeError(kStoreNewer, "version " + std::to_string(version));
    if (!isThere) {
        BOWLINE_CHECK(command(schemaOf("BYTEA", "BIGINT", "").c_str()));
        BOWLINE_CHECK(run("INSERT INTO bowline_schema(version) VALUES ($1)", kSchemaVersion));
    }
    return transaction.commit();
}

Result<PostgresSession::Transaction> PostgresSession::begin()
{
    if (PQstatus(m_connection.get()) != CONNECTION_OK) PQreset(m_connection.get());
    if (PQstatus(m_connection.get()) != CONNECTION_OK) return failure(nullptr);
    BOWLINE_CHECK(command("BEGIN ISOLATION LEVEL READ COMMITTED"));
    return Transaction(this);
}

Status PostgresSession::Transaction::commit() { return std::exchange(m_session, nullptr)->command("COMMIT"); }

PostgresSession::Transaction::~Transaction()
{
    if (m_session != nullptr) static_cast<void>(m_session->command("ROLLBACK"));
}

Status PostgresSession::command(const char* sql)
{
    pg_result* result = PQexec(m_connection.get(), sql);
    const PostgresRows owner(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure(result);
    return success();
}

Result<PostgresRows> PostgresSession::execute(const std::string& sql, std::span<const Value> values)
{
    std::vector<Oid> types;
    std::vector<const char*> pointers;
    std::vector<int> lengths;
    for (const Value& value : values) {
        types.push_back(value.type);
        pointers.push_back(value.bytes.data());
        lengths.push_back(static_cast<int>(value.bytes.size()));
    }
    const std::vector<int> formats(values.size(), kBinary);
    pg_result* result = PQexecParams(m_connection.get(), sql.c_str(), static_cast<int>(values.size()),
                                     types.data(), pointers.data(), lengths.data(), formats.data(), kBinary);
    PostgresRows rows(result);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure(result);
    return rows;
}

base::Error PostgresSession::failure(const pg_result* result) const
{
    // Text of the server: one line, without what could be a value.
    std::string detail = PQerrorMessage(m_connection.get());
    detail = detail.substr(0, detail.find('\n'));
    if (PQstatus(m_connection.get()) != CONNECTION_OK) return makeError(kStoreLost, detail);
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view code = state != nullptr ? state : "";
    // serialization_failure, deadlock_detected
    if (code == "40001" || code == "40P01") return makeError(kRace, detail);
    // admin_shutdown, crash_shutdown, cannot_connect_now
    if (code.starts_with("57P")) return makeError(kStoreLost, detail);
    return makeError(kStoreRefused, std::string(code) + ' ' + detail);
}

bool PostgresSession::isPassing(const base::Error& error) { return error.code == kRace; }

} // namespace bowline::tasks
