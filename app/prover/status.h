// SPDX-License-Identifier: MIT
// status.json in a prover's folder: what it does, since when, what it has done, how long that took. Written for people and
// for the window's service (app/services/local/prover_status.h reads it); docs/proving-service.md has the fields. Counts
// go on where the prover before stopped.
#pragma once

#include "app/prover/options.h"
#include "core/base/clock.h"
#include "core/net/jsonrpc.h"

#include <chrono>
#include <deque>
#include <map>

namespace bowline::prover_app {

/// What tasks of one kind took, without the time that they stood still.
struct KindCount {
    std::uint64_t count = 0;
    std::uint64_t timed = 0; // of these, and not made by a prover that was killed before it could deliver
    double seconds = 0;      // of the timed, in all
    double usual = 0;        // of late: each new one counts for 3 tenths
};

class StatusFile {
public:
    static constexpr std::size_t kEvents = 30;
    static constexpr std::chrono::milliseconds kPause{1000}; // between two writings of one state

    /// Reads the counts and events that are there; what cannot be read is begun anew.
    explicit StatusFile(std::string path);

    struct TaskNow {
        tasks::Kind kind = tasks::Kind::Execute;
        std::uint32_t place = 0;
        std::uint64_t batch = 0;
        int worker = 0;     // process id; 0 when none works on it
        double seconds = 0; // 0: the prover before has made it
    };
    struct Now {
        std::string_view name;
        std::string_view state; // "waiting", "working", "paused", "failing", "stopped"
        const ProverOptions& options;
        std::optional<TaskNow> task;
        std::optional<base::Error> trouble;
        unsigned failedInARow = 0;
        base::UnixTime nextTry = 0; // when it waits because tasks failed; else 0
    };
    void delivered(const TaskNow& task);
    /// `code`: "failed", "rejected", "lost".
    void failed(std::string_view code, const TaskNow& task, const std::string& why);
    /// The node's proving_status.
    void setNode(const net::json::value& status, std::string_view name);
    /// Unless nothing but times has changed and the last writing was less than kPause ago.
    void write(const Now& now);

private:
    void addEvent(std::string_view code, const TaskNow& task, const std::string& detail);
    void read();

    std::string m_path;
    std::map<tasks::Kind, KindCount> m_done;
    std::uint64_t m_failed = 0;
    std::deque<net::json::object> m_events; // oldest first
    net::json::value m_node;                // null: not asked yet
    std::string m_state;
    base::UnixTime m_since = 0;
    std::chrono::steady_clock::time_point m_written;
    bool m_isChanged = true;
};

} // namespace bowline::prover_app
