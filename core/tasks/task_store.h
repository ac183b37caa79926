// SPDX-License-Identifier: MIT
// Where the tasks of all batches are kept: who works on what, until when, what came of it. Behind this interface are SQLite,
// for one machine, and PostgreSQL, for several that share the work; one schema and one set of statements serve both
// (sql_task_store.h), and one test suite holds them to the same behaviour.
//
// Whether a task is ready is not stored but asked: all that it needs is done. So nothing can drift, and two results that
// come at one moment cannot both overlook the other.
//
// Every call is one transaction: what it wrote survives the end of the process and of the database's server. Every call
// may be made again when its answer was lost. A store is used by one thread at a time; as many stores as wanted, in
// whatever processes, may have the same file or server.
#pragma once

#include "core/base/clock.h"
#include "core/tasks/task.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bowline::tasks {

using base::UnixTime;

/// The lease is over, was given back, or never was: whatever comes of it comes too late.
inline constexpr base::ErrorCode kLeaseLost{"tasks.lease-lost"};
/// So many results of this prover were wrong that it gets no more tasks.
inline constexpr base::ErrorCode kProverBarred{"tasks.prover-barred"};
inline constexpr base::ErrorCode kNotFound{"tasks.not-found"};
/// A batch of this hash is there with another input.
inline constexpr base::ErrorCode kOtherBatch{"tasks.other-batch"};
/// The store has the tasks of another network.
inline constexpr base::ErrorCode kOtherNetwork{"tasks.other-network"};
/// A name that is empty, too long or has characters other than letters, digits, '-', '_' and '.'.
inline constexpr base::ErrorCode kBadProver{"tasks.bad-prover"};

enum class State { Waiting, Ready, Leased, Done, Failed };
[[nodiscard]] std::string_view stateName(State state);

/// How a try ended.
enum class Outcome : std::uint8_t {
    Running = 0,
    Accepted = 1,
    Rejected = 2, // a wrong result
    GivenUp = 3,  // the prover says that it failed
    Lapsed = 4,   // nothing was heard of it
};

struct StoreLimits {
    /// A lease without a heartbeat ends after so long.
    std::int64_t leaseSeconds = 60;
    /// Tries that a task has before it counts as failed.
    std::uint32_t maxTries = 5;
    /// Wrong results that a prover may deliver, in all.
    std::uint32_t maxRejected = 3;
};

/// Random, and the only name under which a try may go on.
using LeaseToken = base::Hash256<struct LeaseTokenTag>;

struct Lease {
    LeaseToken token;
    std::string prover;
    UnixTime deadline = 0;
    Task task;
    BatchJob job;
    std::vector<base::Digest> inputs; // results of task.needs
};

struct TakeRequest {
    std::string prover; // its name, the same after a restart
    KindSet kinds = 0;
    std::uint32_t memoryMib = 0;
    /// The prover has just started and works on nothing: a lease that it has counts as lapsed. Otherwise it is given
    /// the same lease again, as the answer must have been lost.
    bool started = false;
};

struct TaskRow {
    Task task;
    State state = State::Waiting;
    std::uint32_t tries = 0; // that ended without a result
    std::optional<base::Digest> result;
    std::string reason; // why the last try failed
};

using StateCounts = std::map<State, std::uint64_t>;
struct BatchRow {
    BatchJob job;
    bool dropped = false; // undone by the layer 2; nothing of it is given out any more
    std::map<Kind, StateCounts> tasks;
};

struct ProverRow {
    std::string name;
    UnixTime seen = 0;
    std::map<Outcome, std::uint64_t> tries;
};

struct NewestRow {
    std::uint64_t number = 0;
    base::Digest batch;
    base::Digest result;
};

class TaskStore {
public:
    virtual ~TaskStore() = default;

    /// The store is for the network with this genesis batch, from the first call on: nodes of two networks would take each
    /// other's batches for undone. kOtherNetwork.
    virtual Status bindTo(const base::Digest& genesis) = 0;
    /// Keeps the input and plans the execution. A batch that was dropped comes back. kOtherBatch.
    virtual Status addBatch(const BatchJob& job, base::ByteView input) = 0;
    virtual Status dropBatch(const base::Digest& hash) = 0;
    /// Tasks of the batch that failed get all their tries again.
    virtual Status reopenBatch(const base::Digest& hash) = 0;
    /// Forgets all batches below `number`, with their results.
    virtual Status prune(std::uint64_t number) = 0;

    /// One task that is ready, of the oldest batch first: never one that is leased, never one of which this prover
    /// delivered a wrong result. Leases whose time is over end here. A wrap is ready while no later batch is chained, or
    /// fewer than kWrapEvery later if its batch's number is a multiple of that; others come after all other work.
    virtual Result<std::optional<Lease>> take(const TakeRequest& request) = 0;
    /// The new deadline. kLeaseLost.
    virtual Result<UnixTime> heartbeat(const LeaseToken& token) = 0;
    /// kLeaseLost.
    virtual Result<Lease> lease(const LeaseToken& token) = 0;
    /// The result was checked and is right. `more` are the tasks that it opens. Again with the same result: success.
    virtual Status finish(const LeaseToken& token, base::ByteView result, const std::vector<Task>& more) = 0;
    /// The result was checked and is wrong.
    virtual Status reject(const LeaseToken& token, std::string_view reason) = 0;
    /// The prover could not do it.
    virtual Status giveUp(const LeaseToken& token, std::string_view reason) = 0;

    /// Results and inputs. kNotFound.
    virtual Result<base::Bytes> blob(const base::Digest& digest) = 0;
    virtual Result<std::uint64_t> blobSize(const base::Digest& digest) = 0;
    virtual Result<std::optional<BatchRow>> batch(const base::Digest& hash) = 0;
    /// From `first` on by number, at most `limit`.
    virtual Result<std::vector<BatchRow>> batches(std::uint64_t first, std::uint32_t limit) = 0;
    /// By number of the batch, kind and place.
    virtual Result<std::vector<TaskRow>> tasks(const base::Digest& batch) = 0;
    virtual Result<std::vector<ProverRow>> provers() = 0;
    /// The highest batch, of those that are not dropped, whose task of this kind is done. For kinds that a batch has one of.
    virtual Result<std::optional<NewestRow>> newest(Kind kind) = 0;
};

/// A file of one machine. `clock` outlives the store.
[[nodiscard]] Result<std::unique_ptr<TaskStore>>
openSqliteStore(const std::string& path, const base::Clock& clock, const StoreLimits& limits = {});
/// A database of PostgreSQL 15 or later, by libpq's connection string. When the connection breaks, the call fails with
/// kStoreLost and the next one connects again.
[[nodiscard]] Result<std::unique_ptr<TaskStore>>
openPostgresStore(const std::string& connection, const base::Clock& clock, const StoreLimits& limits = {});

/// The database's server cannot be reached, or went away during the call.
inline constexpr base::ErrorCode kStoreLost{"tasks.store-lost"};
/// The server refused a statement: a bug, a full disk, or a database that is not ours.
inline constexpr base::ErrorCode kStoreRefused{"tasks.store-refused"};
/// The database was made by a newer version of this program.
inline constexpr base::ErrorCode kStoreNewer{"tasks.store-newer"};

} // namespace bowline::tasks
