// SPDX-License-Identifier: MIT
// Keeps a prover's process: `bowlined --role prover`, found beside this program. It ends with this process, whatever that ends
// of (base::Child), and its own end harms nobody here: it is started again after a pause that doubles.
//
// Everything happens on a thread of its own, apart from the wallet's. While the prover is on it looks once a second whether the
// process lives and what it has written; off, nothing runs.
#pragma once

#include "app/services/local/listeners.h"
#include "app/services/local/prover_files.h"
#include "app/services/local/request.h"
#include "app/services/local/worker.h"
#include "core/base/child_process.h"

#include <filesystem>

namespace bowline::services {

struct ProverTimes {
    std::chrono::milliseconds look{1'000};
    std::chrono::milliseconds grace{3'000};      // from being asked to end to being ended
    std::chrono::milliseconds firstPause{2'000}; // after the process ended by itself
    std::chrono::milliseconds longestPause{300'000};
    std::chrono::milliseconds calm{60'000}; // so long without an end, and earlier ones are forgotten
    std::chrono::milliseconds silence{
        900'000}; // longer than any call to the node and any pause of the prover
    std::chrono::milliseconds measuring{300'000};
};

struct ProverSetup {
    std::string dataDir;   // prover.json, and the folder prover/
    std::string program;   // bowlined; empty: beside this program
    std::string node;      // the wallet's
    std::string tokenFile; // of the wallet's node; empty: none is known
    ProverTimes times = {};
    int niceness = base::kLowestPriority; // of its tasks; tests on a busy machine would wait for ever
};

class LocalProverService final : public ProverService {
public:
    explicit LocalProverService(ProverSetup setup);
    /// As shutDown().
    ~LocalProverService() override;
    LocalProverService(const LocalProverService&) = delete;
    LocalProverService& operator=(const LocalProverService&) = delete;

    /// Starts the prover if it was on when the application ended. Once.
    void resume();
    /// No process is left when it returns: within ProverTimes::grace.
    void shutDown();

    [[nodiscard]] ProverViewPtr view() const override;
    [[nodiscard]] Subscription handleView(std::function<void(ProverViewPtr)> function) override;
    Task start(Completion<base::Unit> done) override;
    Task stop(Completion<base::Unit> done) override;
    Task configure(ProverSettings settings, Completion<base::Unit> done) override;
    Task measure(Completion<ProverSpeed> done) override;

private:
    using Steady = std::chrono::steady_clock;
    template <typename T>
    Task request(Completion<T> done, std::function<void(const Reply<T>&)> work);

    // ---- the service's thread ----
    [[nodiscard]] base::Status turnOn();
    [[nodiscard]] base::Status launch();
    [[nodiscard]] std::vector<std::string> commandLine() const;
    void look();
    void readStatus();
    void crashed(const std::string& how);
    /// Asks the process to end; then() once it has.
    void endChild(std::function<void()> then);
    void waitForEnd(Steady::time_point deadline);
    void becomeOff();
    void lookAtMeasurement(Steady::time_point deadline);
    void measured(base::Result<ProverSpeed> speed);
    void note(const char* code, const std::string& detail);
    void setState(ProverState state, std::string code = {}, std::string detail = {});
    void publish();
    [[nodiscard]] base::Status keep() const;
    [[nodiscard]] std::string folder() const { return m_setup.dataDir + "/prover"; }
    [[nodiscard]] std::string node() const;
    [[nodiscard]] std::string tokenFile() const;
    /// Later, unless the process is another one by then.
    void after(std::chrono::milliseconds pause, void (LocalProverService::*what)());

    ProverSetup m_setup;
    base::SystemClock m_clock;
    Epoch m_epoch = std::make_shared<std::atomic<std::uint64_t>>(1); // locks do not concern the prover
    ProverView m_now;                                                // the service's thread
    ProverKept m_kept;
    std::vector<ProverEvent> m_own; // newest first
    std::vector<ProverEvent> m_told;
    std::optional<base::Child> m_child;
    std::optional<base::Child> m_measurement;
    std::vector<Reply<ProverSpeed>> m_measurers;
    std::vector<Reply<base::Unit>> m_stoppers;
    std::function<void()> m_whenEnded; // set while the process is being ended
    std::uint64_t m_generation = 0;    // of processes
    unsigned m_crashes = 0;            // in a row
    Steady::time_point m_launched;
    Steady::time_point m_lastSign;
    std::filesystem::file_time_type m_statusWritten;
    mutable std::mutex m_mutex; // of the next
    ProverViewPtr m_view;
    Listeners<ProverViewPtr> m_listeners;
    bool m_isDown = false;
    Worker m_worker; // last: its thread uses the rest
};

} // namespace bowline::services
