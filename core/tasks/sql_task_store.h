// SPDX-License-Identifier: MIT
// The task store in SQL that SQLite and PostgreSQL both understand. A Session is one connection:
//
//   begin()             a transaction that is rolled back unless commit() is called
//   query(sql, ...)     rows, read as those of store::Statement; values for $1, $2, ...
//   run(sql, ...)       no rows
//   kSkip, kWait        what makes SELECT ... FROM task t take the rows of t: leaving out those that another transaction
//                       has, or waiting for them. SQLite, where one transaction writes at a time, needs neither.
//   isPassing(error)    the whole transaction is worth doing again at once
//
// Transactions that wait for rows of task hold at most their prover's row, and those that hold rows of task wait for no
// prover's, so none wait for each other.
#pragma once

#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/tasks/task_store.h"

#include <algorithm>

namespace bowline::tasks {

enum class Stored : std::int64_t { Open = 0, Leased = 1, Done = 2, Failed = 3 };

inline constexpr std::size_t kMaxReason = 200;
/// What a prover says of itself goes into a column of text and into logs.
[[nodiscard]] std::string cleanReason(std::string_view reason);
[[nodiscard]] Status checkProverName(std::string_view name);

template <typename Session>
class SqlTaskStore final : public TaskStore {
public:
    SqlTaskStore(Session session, const base::Clock& clock, const StoreLimits& limits)
        : m_db(std::move(session)), m_clock(clock), m_limits(limits)
    {
    }

    Status bindTo(const base::Digest& genesis) override
    {
        return atomically([&]() -> Status {
            BOWLINE_CHECK(m_db.run("INSERT INTO network(one, genesis) VALUES (1, $1) "
                                   "ON CONFLICT (one) DO NOTHING",
                                   genesis));
            BOWLINE_TRY(auto rows, m_db.query("SELECT genesis FROM network"));
            BOWLINE_TRY(const bool found, rows.step());
            const bool isOurs = found && rows.template hash<base::Digest>(0) == genesis;
            BOWLINE_CHECK(rows.rowStatus());
            return isOurs ? base::success() : Status(base::makeError(kOtherNetwork, genesis.hex()));
        });
    }

    Status addBatch(const BatchJob& job, base::ByteView input) override
    {
        if (crypto::sha256(input) != job.input)
            return base::makeError(kOtherBatch, "input of another digest");
        return atomically([&]() -> Status {
            BOWLINE_TRY(auto known, m_db.query("SELECT input FROM batch WHERE hash = $1", job.hash));
            BOWLINE_TRY(const bool isKnown, known.step());
            if (isKnown) {
                const auto before = known.template hash<base::Digest>(0);
                BOWLINE_CHECK(known.rowStatus());
                if (before != job.input) return base::makeError(kOtherBatch, job.hash.hex());
                return m_db.run("UPDATE batch SET dropped = 0 WHERE hash = $1", job.hash);
            }
            BOWLINE_CHECK(m_db.run("INSERT INTO batch(hash, number, parent, input, dropped) "
                                   "VALUES ($1, $2, $3, $4, 0) ON CONFLICT (hash) DO NOTHING",
                                   job.hash, job.number, job.parent, job.input));
            BOWLINE_CHECK(addBlob(job.hash, job.input, input));
            return addTask(executeTask(job));
        });
    }

    Status dropBatch(const base::Digest& hash) override
    {
        return atomically([&] { return m_db.run("UPDATE batch SET dropped = 1 WHERE hash = $1", hash); });
    }

    Status reopenBatch(const base::Digest& hash) override
    {
        return atomically([&] {
            return m_db.run("UPDATE task SET state = 0, tries = 0 WHERE batch = $1 AND state = 3", hash);
        });
    }

    Status prune(std::uint64_t number) override
    {
        return atomically([&]() -> Status {
            // Wrong results stay on their prover's account.
            BOWLINE_CHECK(m_db.run("DELETE FROM attempt WHERE outcome <> 2 AND batch IN "
                                   "(SELECT hash FROM batch WHERE number < $1)",
                                   number));
            return m_db.run("DELETE FROM batch WHERE number < $1", number);
        });
    }

    Result<std::optional<Lease>> take(const TakeRequest& request) override
    {
        BOWLINE_CHECK(checkProverName(request.prover));
        std::optional<Lease> out;
        BOWLINE_CHECK(atomically([&]() -> Status {
            out.reset();
            BOWLINE_CHECK(m_db.run("INSERT INTO prover(name, seen) VALUES ($1, $2) "
                                   "ON CONFLICT (name) DO UPDATE SET seen = excluded.seen",
                                   request.prover, m_clock.now()));
            BOWLINE_CHECK(checkNotBarred(request.prover));
            BOWLINE_CHECK(endLapsed());
            BOWLINE_TRY(out, heldBy(request.prover, request.started));
            if (out) return extend(*out);
            BOWLINE_TRY(out, choose(request));
            return base::success();
        }));
        return out;
    }

    Result<UnixTime> heartbeat(const LeaseToken& token) override
    {
        Result<Lease> held = base::makeError(kLeaseLost);
        BOWLINE_CHECK(atomically([&]() -> Status {
            BOWLINE_CHECK(holdLease(token, held));
            return held.ok() ? extend(*held) : base::success();
        }));
        BOWLINE_TRY(const Lease lease, std::move(held));
        return lease.deadline;
    }

    Result<Lease> lease(const LeaseToken& token) override
    {
        Result<Lease> held = base::makeError(kLeaseLost);
        BOWLINE_CHECK(atomically([&] { return holdLease(token, held); }));
        return held;
    }

    Status finish(const LeaseToken& token, base::ByteView result, const std::vector<Task>& more) override
    {
        const base::Digest digest = crypto::sha256(result);
        Status verdict = base::success();
        BOWLINE_CHECK(atomically([&]() -> Status {
            BOWLINE_TRY(const bool isAgain, wasFinished(token, digest));
            if (isAgain) return base::success();
            Result<Lease> held = base::makeError(kLeaseLost);
            BOWLINE_CHECK(holdLease(token, held));
            verdict = held.ok() ? base::success() : Status(held.error());
            if (!held.ok()) return base::success(); // that it lapsed is to be kept
            BOWLINE_CHECK(addBlob(held->job.hash, digest, result));
            BOWLINE_CHECK(m_db.run("UPDATE task SET state = 2, lease = NULL, deadline = NULL, reason = '', "
                                   "result = $1 WHERE id = $2",
                                   digest, held->task.id));
            BOWLINE_CHECK(m_db.run("UPDATE attempt SET outcome = 1, ended = $1 WHERE token = $2",
                                   m_clock.now(), token));
            for (const Task& task : more) BOWLINE_CHECK(addTask(task));
            return base::success();
        }));
        return verdict;
    }

    Status reject(const LeaseToken& token, std::string_view reason) override
    {
        return endBy(token, Outcome::Rejected, reason);
    }

    Status giveUp(const LeaseToken& token, std::string_view reason) override
    {
        return endBy(token, Outcome::GivenUp, reason);
    }

    Result<base::Bytes> blob(const base::Digest& digest) override
    {
        base::Bytes out;
        BOWLINE_CHECK(atomically([&]() -> Status {
            BOWLINE_TRY(auto rows, m_db.query("SELECT bytes FROM blob WHERE digest = $1 LIMIT 1", digest));
            BOWLINE_TRY(const bool found, rows.step());
            if (!found) return base::makeError(kNotFound, digest.hex());
            out = rows.blob(0);
            return rows.rowStatus();
        }));
        return out;
    }

    Result<std::uint64_t> blobSize(const base::Digest& digest) override
    {
        std::uint64_t out = 0;
        BOWLINE_CHECK(atomically([&]() -> Status {
            BOWLINE_TRY(auto rows,
                        m_db.query("SELECT CAST(length(bytes) AS BIGINT) FROM blob WHERE digest = $1 LIMIT 1",
                                   digest));
            BOWLINE_TRY(const bool found, rows.step());
            if (!found) return base::makeError(kNotFound, digest.hex());
            out = rows.u64(0);
            return rows.rowStatus();
        }));
        return out;
    }

    Result<std::optional<BatchRow>> batch(const base::Digest& hash) override
    {
        std::vector<BatchRow> found;
        BOWLINE_CHECK(atomically([&] {
            return readBatches(found, m_db.query("SELECT hash, number, parent, input, dropped FROM batch "
                                                 "WHERE hash = $1",
                                                 hash));
        }));
        return found.empty() ? std::optional<BatchRow>{} : std::optional(std::move(found.front()));
    }

    Result<std::vector<BatchRow>> batches(std::uint64_t first, std::uint32_t limit) override
    {
        std::vector<BatchRow> found;
        BOWLINE_CHECK(atomically([&] {
            return readBatches(found, m_db.query("SELECT hash, number, parent, input, dropped FROM batch "
                                                 "WHERE number >= $1 ORDER BY number, hash LIMIT $2",
                                                 first, limit));
        }));
        return found;
    }

    Result<std::vector<TaskRow>> tasks(const base::Digest& batch) override
    {
        std::vector<TaskRow> found;
        BOWLINE_CHECK(atomically([&] { return readTasks(found, batch); }));
        return found;
    }

    Result<std::vector<ProverRow>> provers() override
    {
        std::vector<ProverRow> found;
        BOWLINE_CHECK(atomically([&] { return readProvers(found); }));
        return found;
    }

    Result<std::optional<NewestRow>> newest(Kind kind) override
    {
        std::optional<NewestRow> out;
        BOWLINE_CHECK(atomically([&]() -> Status {
            out.reset();
            BOWLINE_TRY(auto rows, m_db.query("SELECT t.number, t.batch, t.result FROM task t "
                                              "JOIN batch b ON b.hash = t.batch "
                                              "WHERE t.state = 2 AND t.kind = $1 AND b.dropped = 0 "
                                              "ORDER BY t.number DESC LIMIT 1",
                                              static_cast<std::uint32_t>(kind)));
            BOWLINE_TRY(const bool found, rows.step());
            if (!found) return base::success();
            out = NewestRow{rows.u64(0), rows.template hash<base::Digest>(1),
                            rows.template hash<base::Digest>(2)};
            return rows.rowStatus();
        }));
        return out;
    }

private:
    static constexpr std::string_view kTaskColumns = "t.id, t.kind, t.batch, t.number, t.place, t.memory";
    // True of a task t all of whose needs are done.
    static constexpr std::string_view kReady =
        "NOT EXISTS (SELECT 1 FROM need n LEFT JOIN task d ON d.id = n.need "
        "WHERE n.task = t.id AND (d.id IS NULL OR d.state <> 2)) "
        // A wrap (6) that a later chain (5) has not made needless.
        "AND (t.kind <> 6 OR NOT EXISTS (SELECT 1 FROM task c JOIN batch b ON b.hash = c.batch "
        "WHERE c.state = 2 AND c.kind = 5 AND b.dropped = 0 AND c.number >= "
        "t.number + CASE WHEN t.number % 8 = 0 THEN 8 ELSE 1 END))";
    static_assert(kWrapEvery == 8 && static_cast<int>(Kind::Chain) == 5 && static_cast<int>(Kind::Wrap) == 6);
    static constexpr std::string_view kUrgent = "(t.kind <> 6 OR t.number % 8 = 0)";
    static constexpr std::string_view kNotUrgent = "(t.kind = 6 AND t.number % 8 <> 0)";

    /// One transaction; done again while the database says that it only lost a race.
    template <typename Fn>
    Status atomically(const Fn& fn)
    {
        constexpr int kTries = 5;
        for (int i = 1;; ++i) {
            const Status status = once(fn);
            if (status.ok() || i == kTries || !m_db.isPassing(status.error())) return status;
        }
    }

    template <typename Fn>
    Status once(const Fn& fn)
    {
        BOWLINE_TRY(auto transaction, m_db.begin());
        BOWLINE_CHECK(fn());
        return transaction.commit();
    }

    Status addBlob(const base::Digest& batch, const base::Digest& digest, base::ByteView bytes)
    {
        return m_db.run("INSERT INTO blob(batch, digest, bytes) VALUES ($1, $2, $3) "
                        "ON CONFLICT (batch, digest) DO NOTHING",
                        batch, digest, bytes);
    }

    Status addTask(const Task& task)
    {
        BOWLINE_CHECK(m_db.run(
            "INSERT INTO task(id, batch, number, kind, kind_bit, place, memory, state, tries, reason) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, '') ON CONFLICT (id) DO NOTHING",
            task.id, task.batch, task.number, static_cast<std::uint32_t>(task.kind), setOf({task.kind}),
            task.place, task.memoryMib));
        for (std::size_t i = 0; i < task.needs.size(); ++i) {
            BOWLINE_CHECK(m_db.run("INSERT INTO need(task, position, need) VALUES ($1, $2, $3) "
                                   "ON CONFLICT (task, position) DO NOTHING",
                                   task.id, i, task.needs[i]));
        }
        return base::success();
    }

    Status checkNotBarred(const std::string& prover)
    {
        BOWLINE_TRY(auto rows,
                    m_db.query("SELECT count(*) FROM attempt WHERE prover = $1 AND outcome = 2", prover));
        BOWLINE_TRY(const bool found, rows.step());
        const std::uint64_t rejected = found ? rows.u64(0) : 0;
        BOWLINE_CHECK(rows.rowStatus());
        if (rejected >= m_limits.maxRejected)
            return base::makeError(kProverBarred, std::to_string(rejected) + " wrong results of " + prover);
        return base::success();
    }

    Status endLapsed()
    {
        std::vector<std::pair<TaskId, LeaseToken>> over;
        BOWLINE_TRY(auto rows,
                    m_db.query("SELECT t.id, t.lease FROM task t WHERE t.state = 1 AND t.deadline <= $1 "
                               "ORDER BY t.id" +
                                   std::string(Session::kSkip),
                               m_clock.now()));
        BOWLINE_CHECK(rows.forEach([&over](auto& row) {
            over.emplace_back(row.template hash<TaskId>(0), row.template hash<LeaseToken>(1));
        }));
        for (const auto& [task, token] : over)
            BOWLINE_CHECK(endTry(task, token, Outcome::Lapsed, "nothing was heard of the prover"));
        return base::success();
    }

    Status endTry(const TaskId& task, const LeaseToken& token, Outcome outcome, std::string_view reason)
    {
        const std::string clean = cleanReason(reason);
        BOWLINE_CHECK(m_db.run("UPDATE attempt SET outcome = $1, ended = $2, reason = $3 WHERE token = $4",
                               static_cast<std::uint32_t>(outcome), m_clock.now(), clean, token));
        return m_db.run(
            "UPDATE task SET state = CASE WHEN tries + 1 >= $1 THEN 3 ELSE 0 END, tries = tries + 1, "
            "lease = NULL, deadline = NULL, reason = $2 WHERE id = $3 AND lease = $4",
            m_limits.maxTries, clean, task, token);
    }

    Status endBy(const LeaseToken& token, Outcome outcome, std::string_view reason)
    {
        Status verdict = base::success();
        BOWLINE_CHECK(atomically([&]() -> Status {
            BOWLINE_TRY(const bool isAgain, hasOutcome(token, outcome));
            if (isAgain) return base::success();
            Result<Lease> held = base::makeError(kLeaseLost);
            BOWLINE_CHECK(holdLease(token, held));
            verdict = held.ok() ? base::success() : Status(held.error());
            return held.ok() ? endTry(held->task.id, token, outcome, reason) : base::success();
        }));
        return verdict;
    }

    Result<bool> hasOutcome(const LeaseToken& token, Outcome outcome)
    {
        BOWLINE_TRY(auto rows, m_db.query("SELECT outcome FROM attempt WHERE token = $1", token));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) return false;
        const bool same = rows.u32(0) == static_cast<std::uint32_t>(outcome);
        BOWLINE_CHECK(rows.rowStatus());
        return same;
    }

    Result<bool> wasFinished(const LeaseToken& token, const base::Digest& digest)
    {
        BOWLINE_TRY(auto rows, m_db.query("SELECT t.result FROM attempt a JOIN task t ON t.id = a.task "
                                          "WHERE a.token = $1 AND a.outcome = 1",
                                          token));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found || rows.isNull(0)) return false;
        const bool same = rows.template hash<base::Digest>(0) == digest;
        BOWLINE_CHECK(rows.rowStatus());
        return same;
    }

    /// Takes the lease's task for this transaction, or says in `out` that the lease is lost. A lease whose time is over
    /// ends here, which the transaction must keep.
    Status holdLease(const LeaseToken& token, Result<Lease>& out)
    {
        BOWLINE_TRY(auto rows, m_db.query("SELECT t.id, t.deadline FROM task t WHERE t.lease = $1" +
                                              std::string(Session::kWait),
                                          token));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) {
            out = base::makeError(kLeaseLost);
            return base::success();
        }
        const auto task = rows.template hash<TaskId>(0);
        const UnixTime deadline = rows.i64(1);
        BOWLINE_CHECK(rows.rowStatus());
        if (deadline <= m_clock.now()) {
            out = base::makeError(kLeaseLost, "too late");
            return endTry(task, token, Outcome::Lapsed, "too late");
        }
        BOWLINE_TRY(out, readLease(token));
        return base::success();
    }

    Result<Lease> readLease(const LeaseToken& token)
    {
        Lease out;
        BOWLINE_TRY(auto rows,
                    m_db.query("SELECT " + std::string(kTaskColumns) +
                                   ", a.prover, t.deadline, b.hash, b.number, b.parent, b.input FROM task t "
                                   "JOIN attempt a ON a.token = t.lease JOIN batch b ON b.hash = t.batch "
                                   "WHERE t.lease = $1",
                               token));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) return base::makeError(kLeaseLost);
        out.token = token;
        out.task = taskIn(rows);
        out.prover = rows.text(6);
        out.deadline = rows.i64(7);
        out.job = {rows.u64(9), rows.template hash<base::Digest>(8), rows.template hash<base::Digest>(10),
                   rows.template hash<base::Digest>(11)};
        BOWLINE_CHECK(rows.rowStatus());
        BOWLINE_TRY(auto needs, m_db.query("SELECT n.need, d.result FROM need n JOIN task d ON d.id = n.need "
                                           "WHERE n.task = $1 ORDER BY n.position",
                                           out.task.id));
        BOWLINE_CHECK(needs.forEach([&out](auto& row) {
            out.task.needs.push_back(row.template hash<TaskId>(0));
            out.inputs.push_back(row.template hash<base::Digest>(1));
        }));
        return out;
    }

    template <typename Rows>
    static Task taskIn(Rows& rows)
    {
        Task out;
        out.id = rows.template hash<TaskId>(0);
        out.kind = static_cast<Kind>(rows.u32(1));
        out.batch = rows.template hash<base::Digest>(2);
        out.number = rows.u64(3);
        out.place = rows.u32(4);
        out.memoryMib = rows.u32(5);
        return out;
    }

    /// What the prover works on already; ended instead if it has just started.
    Result<std::optional<Lease>> heldBy(const std::string& prover, bool started)
    {
        BOWLINE_TRY(auto rows, m_db.query("SELECT a.token FROM attempt a JOIN task t ON t.lease = a.token "
                                          "WHERE a.prover = $1 AND a.outcome = 0 ORDER BY a.token LIMIT 1",
                                          prover));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) return std::optional<Lease>{};
        const auto token = rows.template hash<LeaseToken>(0);
        BOWLINE_CHECK(rows.rowStatus());
        Result<Lease> held = base::makeError(kLeaseLost);
        BOWLINE_CHECK(holdLease(token, held));
        if (!held.ok()) return std::optional<Lease>{};
        if (!started) return std::optional<Lease>{std::move(*held)};
        BOWLINE_CHECK(endTry(held->task.id, token, Outcome::Lapsed, "the prover was started again"));
        return std::optional<Lease>{};
    }

    Status extend(Lease& lease)
    {
        lease.deadline = m_clock.now() + m_limits.leaseSeconds;
        return m_db.run("UPDATE task SET deadline = $1 WHERE lease = $2", lease.deadline, lease.token);
    }

    Result<std::optional<Lease>> choose(const TakeRequest& request)
    {
        for (const std::string_view which : {kUrgent, kNotUrgent}) {
            BOWLINE_TRY(auto lease, choose(request, which));
            if (lease) return lease;
        }
        return std::optional<Lease>{};
    }

    Result<std::optional<Lease>> choose(const TakeRequest& request, std::string_view which)
    {
        BOWLINE_TRY(
            auto rows,
            m_db.query("SELECT t.id, t.batch FROM task t WHERE t.state = 0 AND (t.kind_bit & $1) <> 0 "
                       "AND t.memory <= $2 AND " +
                           std::string(which) + " AND " + std::string(kReady) +
                           " AND EXISTS (SELECT 1 FROM batch b WHERE b.hash = t.batch AND b.dropped = 0)"
                           " AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.task = t.id AND "
                           "a.prover = $3 AND a.outcome = 2) "
                           "ORDER BY t.number, t.kind, t.place, t.id LIMIT 1" +
                           std::string(Session::kSkip),
                       request.kinds, request.memoryMib, request.prover));
        BOWLINE_TRY(const bool found, rows.step());
        if (!found) return std::optional<Lease>{};
        const auto task = rows.template hash<TaskId>(0);
        const auto batch = rows.template hash<base::Digest>(1);
        BOWLINE_CHECK(rows.rowStatus());
        LeaseToken token;
        BOWLINE_CHECK(crypto::randomBytes(token.bytes));
        BOWLINE_CHECK(m_db.run("INSERT INTO attempt(token, task, batch, prover, began, outcome, reason) "
                               "VALUES ($1, $2, $3, $4, $5, 0, '')",
                               token, task, batch, request.prover, m_clock.now()));
        BOWLINE_CHECK(m_db.run("UPDATE task SET state = 1, lease = $1, deadline = $2 WHERE id = $3", token,
                               m_clock.now() + m_limits.leaseSeconds, task));
        BOWLINE_TRY(Lease lease, readLease(token));
        return std::optional<Lease>{std::move(lease)};
    }

    template <typename Rows>
    Status readBatches(std::vector<BatchRow>& out, Result<Rows> found)
    {
        out.clear();
        BOWLINE_TRY(Rows rows, std::move(found));
        BOWLINE_CHECK(rows.forEach([&out](auto& row) {
            BatchRow batch;
            batch.job = {row.u64(1), row.template hash<base::Digest>(0), row.template hash<base::Digest>(2),
                         row.template hash<base::Digest>(3)};
            batch.dropped = row.boolean(4);
            out.push_back(std::move(batch));
        }));
        for (BatchRow& batch : out) BOWLINE_CHECK(countTasks(batch));
        return base::success();
    }

    // The state as it is shown, of a task t.
    static std::string shownState()
    {
        return "CAST(CASE WHEN t.state = 0 AND " + std::string(kReady) +
               " THEN 1 WHEN t.state = 0 THEN 0 ELSE t.state + 1 END AS BIGINT)";
    }

    Status countTasks(BatchRow& batch)
    {
        BOWLINE_TRY(auto rows, m_db.query("SELECT s.kind, s.shown, count(*) FROM (SELECT t.kind AS kind, " +
                                              shownState() +
                                              " AS shown FROM task t WHERE t.batch = $1) s "
                                              "GROUP BY s.kind, s.shown",
                                          batch.job.hash));
        return rows.forEach([&batch](auto& row) {
            batch.tasks[static_cast<Kind>(row.u32(0))][static_cast<State>(row.u32(1))] = row.u64(2);
        });
    }

    Status readTasks(std::vector<TaskRow>& out, const base::Digest& batch)
    {
        out.clear();
        BOWLINE_TRY(auto rows, m_db.query("SELECT " + std::string(kTaskColumns) + ", " + shownState() +
                                              ", t.tries, t.result, t.reason FROM task t WHERE t.batch = $1 "
                                              "ORDER BY t.number, t.kind, t.place",
                                          batch));
        BOWLINE_CHECK(rows.forEach([&out](auto& row) {
            TaskRow task;
            task.task = taskIn(row);
            task.state = static_cast<State>(row.u32(6));
            task.tries = row.u32(7);
            if (!row.isNull(8)) task.result = row.template hash<base::Digest>(8);
            task.reason = row.text(9);
            out.push_back(std::move(task));
        }));
        for (TaskRow& task : out) {
            BOWLINE_TRY(auto needs,
                        m_db.query("SELECT need FROM need WHERE task = $1 ORDER BY position", task.task.id));
            BOWLINE_CHECK(needs.forEach(
                [&task](auto& row) { task.task.needs.push_back(row.template hash<TaskId>(0)); }));
        }
        return base::success();
    }

    Status readProvers(std::vector<ProverRow>& out)
    {
        out.clear();
        BOWLINE_TRY(auto rows, m_db.query("SELECT name, seen FROM prover ORDER BY name"));
        BOWLINE_CHECK(rows.forEach([&out](auto& row) { out.push_back({row.text(0), row.i64(1), {}}); }));
        for (ProverRow& prover : out) {
            BOWLINE_TRY(auto tries, m_db.query("SELECT outcome, count(*) FROM attempt WHERE prover = $1 "
                                               "GROUP BY outcome",
                                               prover.name));
            BOWLINE_CHECK(tries.forEach(
                [&prover](auto& row) { prover.tries[static_cast<Outcome>(row.u32(0))] = row.u64(1); }));
        }
        return base::success();
    }

    Session m_db;
    const base::Clock& m_clock;
    StoreLimits m_limits;
};

} // namespace bowline::tasks
