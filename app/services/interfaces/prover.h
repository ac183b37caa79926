// SPDX-License-Identifier: MIT
// The user lends the processor: a prover of the layer 2 as a child process of the application. It has no secrets and needs no
// open wallet, so it works while the wallet is locked, and its views belong to no session.
#pragma once

#include "app/services/interfaces/task.h"
#include "core/base/clock.h"

#include <optional>
#include <string>
#include <vector>

namespace bowline::services {

/// No node to work for, or no file with its access token.
inline constexpr base::ErrorCode kProverNoNode{"services.prover-no-node"};
inline constexpr base::ErrorCode kProverNoToken{"services.prover-no-token"};
/// A number of the settings is out of the machine's range, or the node's address is none.
inline constexpr base::ErrorCode kProverBadSettings{"services.prover-bad-settings"};
/// The program bowlined is not beside this one.
inline constexpr base::ErrorCode kProverNoProgram{"services.prover-no-program"};
/// The measurement's process ended without figures; the detail says how.
inline constexpr base::ErrorCode kProverNotMeasured{"services.prover-not-measured"};

enum class ProverState {
    Off,
    Starting,     // the process runs and has said nothing yet
    Waiting,      // the node has no task for it
    Working,      //
    Paused,       // others use the machine
    NoConnection, // the node does not answer
    Refused,      // the node does not take the token, or gives out no tasks: see code
    Failing,      // the last task, or asking for one, failed: see code; it goes on
    Crashed,      // the process ended by itself; it is started again at nextTry
    Stopping
};

struct ProverSettings {
    unsigned threads = 0; // 0 in what was never set: half the processors
    std::uint32_t memoryMib = 3072;
    bool onlyWhenIdle = true;
    std::string node;      // its address; empty: the wallet's own
    std::string tokenFile; // empty: the one that came with the wallet's node, if any
    friend bool operator==(const ProverSettings&, const ProverSettings&) = default;
};

/// What the machine has, and the range of the settings.
struct ProverMachine {
    unsigned processors = 0;
    std::uint64_t memoryMib = 0;
    std::string vectors; // "avx512", "avx2", "portable"
    unsigned mostThreads = 1;
    std::uint32_t leastMemoryMib = 1024; // an execution needs it
    std::uint32_t mostMemoryMib = 1024;  // leaves a gigabyte to everybody else
};

/// How fast it proves: from a short measurement, and, once every kind was done at least once, from the tasks themselves.
struct ProverSpeed {
    bool isMeasuring = false;
    double seconds = 0; // of the measurement; 0: none yet
    unsigned threads = 0;
    double batchesAnHour = 0; // 0: unknown
    bool isFromTasks = false;
    std::string problem; // why the last measurement has no figures
};

struct ProverTask {
    std::string kind; // "execute", "shard", "lift", "join", "chain", "wrap"
    std::uint32_t place = 0;
    std::uint64_t batch = 0;
    double seconds = 0;                 // that it was worked on, when the status was written
    std::optional<double> usualSeconds; // of this kind, of late
};

struct ProverCount {
    std::string kind;
    std::uint64_t count = 0; // results that the node has accepted
    double meanSeconds = 0;
};

/// The tasks of the node, by its own account.
struct ProverQueue {
    std::uint64_t ready = 0;
    std::uint64_t waiting = 0; // for results of others
    std::uint64_t leased = 0;  // others and we work on them
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t provers = 0;
    base::UnixTime time = 0; // when it was asked
};

struct ProverEvent {
    base::UnixTime time = 0;
    std::string
        code; // "delivered", "failed", "rejected", "lost"; of this service: "started", "stopped", "crashed"
    ProverTask task; // kind is empty for those of the service
    std::string detail;
};

struct ProverView {
    ProverState state = ProverState::Off;
    base::UnixTime since = 0;
    std::string
        code; // why, for NoConnection, Refused, Failing, Crashed, and for an Off that did not come about
    std::string detail;
    base::UnixTime nextTry = 0; // of Failing and Crashed; 0: at once
    unsigned failedInARow = 0;  // tasks, or ends of the process
    int process = 0;            // id; 0: none
    ProverSettings settings;
    std::string node; // that it works for, or would
    std::string tokenFile;
    /// Those in force: what is changed during a task counts from the next one on.
    unsigned threadsInForce = 0;
    std::uint32_t memoryInForce = 0;
    ProverMachine machine;
    ProverSpeed speed;
    std::optional<ProverTask> task;
    base::UnixTime statusTime = 0; // when the prover wrote it
    std::vector<ProverCount> done; // in the order of the kinds
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    std::optional<ProverQueue> queue;
    std::vector<ProverEvent> events; // newest first
};
using ProverViewPtr = std::shared_ptr<const ProverView>;

class ProverService {
public:
    virtual ~ProverService() = default;
    [[nodiscard]] virtual ProverViewPtr view() const = 0; // never null
    /// Called on the service's thread when something has changed, about once a second while it works.
    [[nodiscard]] virtual Subscription handleView(std::function<void(ProverViewPtr)> function) = 0;
    /// On is kept: the next start of the application starts the prover too.
    virtual Task start(Completion<base::Unit> done) = 0;
    /// Answers when no process is left.
    virtual Task stop(Completion<base::Unit> done) = 0;
    /// Another node or token starts the prover anew; the rest takes effect while it runs.
    virtual Task configure(ProverSettings settings, Completion<base::Unit> done) = 0;
    /// A few seconds of proving in a process of its own, with as many threads as are set.
    virtual Task measure(Completion<ProverSpeed> done) = 0;
};

} // namespace bowline::services
