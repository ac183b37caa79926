// SPDX-License-Identifier: MIT
// `bowlined --role prover`: takes tasks from a node, has a child process do them, brings the results back. The child lives on
// from task to task, as long as there are any.
//
// What it keeps in its folder: `name`, under which the node knows it; `blobs/`, what was fetched, by SHA-256; `results/`,
// what was made and not yet delivered, by task. So after a kill it goes on: the node gives the task of the lost lease
// again, and what had been made already is delivered. `status.json` says what goes on, for people and programs.
#pragma once

#include "app/prover/child.h"
#include "app/prover/options.h"
#include "core/net/client.h"
#include "core/tasks/task_store.h"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>

namespace bowline::prover_app {

/// The child process did not come to a result; the detail says how it ended.
inline constexpr base::ErrorCode kTaskFailed{"prover.task-failed"};

/// A task as the node's answer has it.
struct Assignment {
    std::string lease; // hex
    base::Digest task;
    tasks::Kind kind = tasks::Kind::Execute;
    std::uint32_t place = 0;
    std::uint64_t batch = 0;
    std::int64_t leaseSeconds = 60;
    std::string image;   // SHA-256 of the program's image, hex
    std::string network; // prover::ProofNetwork, hex
    base::Digest input;
    std::vector<base::Digest> inputs;
};
[[nodiscard]] Result<std::optional<Assignment>> parseAssignment(const net::json::value& answer);

class Prover {
public:
    [[nodiscard]] static Result<std::unique_ptr<Prover>> open(ProverOptions options);
    /// Until `stop` is true. Failures of node, network and child are logged and tried again.
    void run(const std::atomic<bool>& stop);

private:
    using Steady = std::chrono::steady_clock;

    explicit Prover(ProverOptions options) : m_options(std::move(options)) {}
    /// One look at everything. How long nothing needs to be done.
    [[nodiscard]] std::chrono::milliseconds turn();
    [[nodiscard]] Result<net::json::value> call(const char* method, net::json::object params);
    base::Status connect();
    base::Status takeTask();
    base::Status begin();
    base::Status fetch(const base::Digest& digest);
    base::Status beat();
    /// The worker, from before or a new one, gets the task.
    base::Status give();
    /// How the child's task ended, "" if well; none while it works.
    [[nodiscard]] std::optional<std::string> taskEnded();
    base::Status childEnded(const std::string& how);
    base::Status deliver();
    base::Status giveUp(const std::string& why);
    /// Nothing is worked on any more.
    void forget();
    void writeStatus(std::string_view state);
    [[nodiscard]] std::string blobPath(const base::Digest& digest) const;
    [[nodiscard]] std::string resultPath() const;

    ProverOptions m_options;
    std::string m_name;
    std::unique_ptr<net::BlockingClient> m_client;
    bool m_started = true; // until the node has answered for the first time
    std::optional<Assignment> m_task;
    std::optional<Child> m_child; // the worker; it may be there without a task
    bool m_isWorking = false;     // the child is at m_task
    Steady::time_point m_begun;
    Steady::time_point m_idleSince;
    Steady::time_point m_nextBeat;
    IdleWatch m_idle;
    bool m_isIdle = true;
    std::string m_trouble;                                          // the last one, logged once
    std::map<tasks::Kind, std::pair<std::uint64_t, double>> m_done; // how many, seconds in all
    std::uint64_t m_failed = 0;
    unsigned m_failedInARow = 0;
};

/// What main() returns for this role.
[[nodiscard]] int runProver(const std::vector<std::string>& arguments);

} // namespace bowline::prover_app
