// SPDX-License-Identifier: MIT
#include "core/store/database.h"
#include "core/tasks/schema.h"
#include "core/tasks/sql_task_store.h"

namespace bowline::tasks {

namespace {
constexpr std::uint32_t kApplicationId = 0x42574C54; // "BWLT"

class SqliteSession {
public:
    static constexpr std::string_view kSkip{};
    static constexpr std::string_view kWait{};

    explicit SqliteSession(store::Database db) : m_db(std::move(db)) {}
    [[nodiscard]] Result<store::Transaction> begin() { return store::Transaction::begin(m_db); }
    template <typename... Args>
    [[nodiscard]] Result<store::Statement> query(std::string_view sql, const Args&... args)
    {
        return m_db.query(sql, args...);
    }
    template <typename... Args>
    Status run(std::string_view sql, const Args&... args)
    {
        return m_db.run(sql, args...);
    }
    // The connection has waited for the others as long as it is told to.
    [[nodiscard]] static bool isPassing(const base::Error& /*error*/) { return false; }

private:
    store::Database m_db;
};
} // namespace

std::string cleanReason(std::string_view reason)
{
    std::string out(reason.substr(0, kMaxReason));
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

Status checkProverName(std::string_view name)
{
    constexpr std::size_t kMaxName = 64;
    const auto isFine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    if (name.empty() || name.size() > kMaxName || !std::all_of(name.begin(), name.end(), isFine))
        return base::makeError(kBadProver, cleanReason(name));
    return base::success();
}

std::string_view stateName(State state)
{
    switch (state) {
    case State::Waiting: return "waiting";
    case State::Ready: return "ready";
    case State::Leased: return "leased";
    case State::Done: return "done";
    case State::Failed: return "failed";
    }
    return "unknown";
}

Result<std::unique_ptr<TaskStore>> openSqliteStore(const std::string& path, const base::Clock& clock,
                                                   const StoreLimits& limits)
{
    static const std::string text = schemaOf("BLOB", "INTEGER", "STRICT");
    static const char* const steps[] = {text.c_str()};
    constexpr std::chrono::seconds kPatience{30};
    BOWLINE_TRY(store::Database db,
                store::Database::open(path, {kApplicationId, steps}, {.busyTimeout = kPatience}));
    return std::unique_ptr<TaskStore>(
        std::make_unique<SqlTaskStore<SqliteSession>>(SqliteSession(std::move(db)), clock, limits));
}

} // namespace bowline::tasks
