// SPDX-License-Identifier: MIT
#include "core/tasks/postgres_session.h"
#include "core/tasks/sql_task_store.h"

namespace bowline::tasks {

Result<std::unique_ptr<TaskStore>> openPostgresStore(const std::string& connection, const base::Clock& clock,
                                                     const StoreLimits& limits)
{
    BOWLINE_TRY(PostgresSession session, PostgresSession::open(connection));
    return std::unique_ptr<TaskStore>(
        std::make_unique<SqlTaskStore<PostgresSession>>(std::move(session), clock, limits));
}

} // namespace bowline::tasks
