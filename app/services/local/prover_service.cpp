// SPDX-License-Identifier: MIT
#include "app/services/local/prover_service.h"

#include "core/base/log.h"

#include <algorithm>
#include <future>

#include <unistd.h>

namespace bowline::services {

using base::makeError;
using base::Status;
using base::success;
using base::Unit;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds kSoon{50};
constexpr unsigned kMostDoublings = 16;
constexpr std::size_t kEvents = 30;
constexpr std::uintmax_t kLongLog = std::uintmax_t{1} << 20U;

std::string besideThis(const char* name)
{
    std::error_code failure;
    return std::filesystem::read_symlink("/proc/self/exe", failure).parent_path() / name;
}

/// Logs are for looking into when something fails; nobody reads an old one.
void keepShort(const std::string& log)
{
    std::error_code failure;
    if (std::filesystem::file_size(log, failure) > kLongLog && !failure)
        std::filesystem::resize_file(log, 0, failure);
}
} // namespace

LocalProverService::LocalProverService(ProverSetup setup) : m_setup(std::move(setup))
{
    if (m_setup.program.empty()) m_setup.program = besideThis("bowlined");
    m_now.machine = machineHere();
    m_kept = readProverKept(m_setup.dataDir + "/prover.json");
    m_kept.settings = fitted(m_kept.settings, m_now.machine);
    readStatus(); // what was done before
    m_now.state = ProverState::Off;
    publish();
}

LocalProverService::~LocalProverService() { shutDown(); }

template <typename T>
Task LocalProverService::request(Completion<T> done, std::function<void(const Reply<T>&)> work)
{
    auto state = std::make_shared<RequestState>(m_epoch);
    m_worker.post([reply = Reply<T>(state, std::move(done)), work = std::move(work)] {
        if (reply.isOver()) return reply(makeError(kCancelled));
        work(reply);
    });
    return Task(std::move(state));
}

void LocalProverService::resume()
{
    m_worker.post([this] {
        if (!m_kept.isOn || m_child) return;
        const Status started = turnOn();
        if (started.ok()) return;
        // It stays wanted: the token may come with the next start.
        setState(ProverState::Off, std::string(started.error().code.name()), started.error().detail);
    });
}

void LocalProverService::shutDown()
{
    if (std::exchange(m_isDown, true)) return;
    std::promise<void> ended;
    m_worker.post([this, &ended] {
        m_measurement.reset();
        if (m_child) {
            m_child->terminate();
            const auto deadline = Steady::now() + m_setup.times.grace;
            while (!m_child->ended() && Steady::now() < deadline) std::this_thread::sleep_for(kSoon);
            m_child.reset();
        }
        ended.set_value();
    });
    ended.get_future().wait();
    m_worker.stop();
}

std::string LocalProverService::node() const
{
    return m_kept.settings.node.empty() ? m_setup.node : m_kept.settings.node;
}

std::string LocalProverService::tokenFile() const
{
    if (!m_kept.settings.tokenFile.empty()) return m_kept.settings.tokenFile;
    // The token at hand is that of the wallet's node and goes to no other.
    return m_kept.settings.node.empty() ? m_setup.tokenFile : std::string();
}

Status LocalProverService::keep() const { return writeProverKept(m_setup.dataDir + "/prover.json", m_kept); }

Task LocalProverService::start(Completion<Unit> done)
{
    return request<Unit>(std::move(done), [this](const Reply<Unit>& reply) {
        if (m_whenEnded) { // it is being stopped: start again then
            m_kept.isOn = true;
            m_whenEnded = [this, before = std::move(m_whenEnded), reply] {
                before();
                reply(turnOn());
            };
            return;
        }
        if (m_child) return reply(Unit{});
        m_crashes = 0;
        const Status started = turnOn();
        if (!started.ok())
            setState(ProverState::Off, std::string(started.error().code.name()), started.error().detail);
        reply(started);
    });
}

Status LocalProverService::turnOn()
{
    if (::access(m_setup.program.c_str(), X_OK) != 0) return makeError(kProverNoProgram, m_setup.program);
    if (node().empty()) return makeError(kProverNoNode);
    if (tokenFile().empty()) return makeError(kProverNoToken);
    m_kept.isOn = true;
    BOWLINE_CHECK(keep());
    note("started", {});
    return launch();
}

std::vector<std::string> LocalProverService::commandLine() const
{
    const ProverSettings& of = m_kept.settings;
    std::vector<std::string> out{m_setup.program,
                                 "--role",
                                 "prover",
                                 "--datadir",
                                 folder(),
                                 "--node",
                                 node(),
                                 "--token-file",
                                 tokenFile(),
                                 "--threads",
                                 std::to_string(of.threads),
                                 "--memory",
                                 std::to_string(of.memoryMib),
                                 "--nice",
                                 std::to_string(m_setup.niceness),
                                 "--limits",
                                 folder() + "/limits.json"};
    if (of.onlyWhenIdle) out.emplace_back("--only-when-idle");
    return out;
}

Status LocalProverService::launch()
{
    ++m_generation;
    std::error_code failure;
    std::filesystem::create_directories(folder(), failure);
    if (failure) return makeError(kProverBadFile, folder() + ": " + failure.message());
    BOWLINE_CHECK(writeLimits(folder() + "/limits.json", m_kept.settings));
    const std::string log = folder() + "/prover.log";
    keepShort(log);
    // The prover itself computes nothing and is to be in time with its heartbeats; its tasks have the lowest priority.
    BOWLINE_TRY(base::Child child, base::Child::start(commandLine(), {.memoryMib = 0, .niceness = 0}, log));
    m_child.emplace(std::move(child));
    m_launched = m_lastSign = Steady::now();
    setState(ProverState::Starting);
    after(m_setup.times.look, &LocalProverService::look);
    return success();
}

void LocalProverService::after(milliseconds pause, void (LocalProverService::*what)())
{
    m_worker.postAfter(pause, [this, what, generation = m_generation] {
        if (generation == m_generation) (this->*what)();
    });
}

void LocalProverService::look()
{
    if (!m_child) return;
    if (const auto how = m_child->ended())
        return crashed(how->empty() ? "ended without being asked to" : *how);
    readStatus();
    const auto moment = Steady::now();
    if (moment - m_lastSign > m_setup.times.silence) {
        m_child->kill();
        return crashed("gave no sign of life and was ended");
    }
    if (moment - m_launched > m_setup.times.calm) m_crashes = 0;
    keepShort(folder() + "/prover.log");
    keepShort(folder() + "/worker.log");
    after(m_setup.times.look, &LocalProverService::look);
}

void LocalProverService::readStatus()
{
    const std::string path = folder() + "/status.json";
    std::error_code failure;
    const auto written = std::filesystem::last_write_time(path, failure);
    if (failure || written == m_statusWritten) return;
    m_statusWritten = written;
    auto status = readProverStatus(path);
    if (!status.ok()) return;
    m_now.done = std::move(status->done);
    m_now.accepted = status->accepted;
    m_now.failed = status->failed;
    m_now.queue = status->queue ? status->queue : m_now.queue;
    m_told = std::move(status->events);
    if (!m_child || status->process != m_child->id()) return publish(); // of the process before
    m_lastSign = Steady::now();
    m_now.statusTime = status->statusTime;
    m_now.task = status->task;
    m_now.nextTry = status->nextTry;
    m_now.failedInARow = status->failedInARow;
    m_now.threadsInForce = status->threadsInForce;
    m_now.memoryInForce = status->memoryInForce;
    m_now.since = status->since;
    m_now.state = status->state;
    m_now.code = status->code;
    m_now.detail = status->detail;
    publish();
}

void LocalProverService::crashed(const std::string& how)
{
    m_child.reset();
    const unsigned doublings = std::min(m_crashes++, kMostDoublings);
    const milliseconds pause =
        std::min(m_setup.times.firstPause * (1U << doublings), m_setup.times.longestPause);
    base::logWarning("prover", "its process: " + how);
    note("crashed", how);
    m_now.task.reset();
    m_now.failedInARow = m_crashes;
    setState(ProverState::Crashed, {}, how);
    m_now.nextTry = m_clock.now() + std::chrono::ceil<std::chrono::seconds>(pause).count();
    publish();
    ++m_generation;
    m_worker.postAfter(pause, [this, generation = m_generation] {
        if (generation != m_generation) return;
        const Status again = launch();
        if (!again.ok()) crashed(std::string(again.error().code.name()) + ' ' + again.error().detail);
    });
}

Task LocalProverService::stop(Completion<Unit> done)
{
    return request<Unit>(std::move(done), [this](const Reply<Unit>& reply) {
        m_kept.isOn = false;
        const Status kept = keep();
        const bool wasOn = m_child || m_now.state == ProverState::Crashed;
        endChild([this, reply, kept, wasOn] {
            if (wasOn) note("stopped", {});
            becomeOff();
            reply(kept);
        });
    });
}

void LocalProverService::becomeOff()
{
    m_now.task.reset();
    m_now.failedInARow = 0;
    m_crashes = 0;
    setState(ProverState::Off);
}

void LocalProverService::endChild(std::function<void()> then)
{
    ++m_generation;
    if (m_whenEnded) { // on its way already
        m_whenEnded = [before = std::move(m_whenEnded), then = std::move(then)] {
            before();
            then();
        };
        return waitForEnd(Steady::now() + m_setup.times.grace);
    }
    if (!m_child) return then();
    m_whenEnded = std::move(then);
    m_child->terminate();
    setState(ProverState::Stopping);
    waitForEnd(Steady::now() + m_setup.times.grace);
}

void LocalProverService::waitForEnd(Steady::time_point deadline)
{
    if (m_child && Steady::now() >= deadline) m_child->kill();
    if (m_child && !m_child->ended()) {
        m_worker.postAfter(kSoon, [this, deadline, generation = m_generation] {
            if (generation == m_generation) waitForEnd(deadline);
        });
        return;
    }
    m_child.reset();
    if (const auto then = std::exchange(m_whenEnded, nullptr)) then();
}

Task LocalProverService::configure(ProverSettings settings, Completion<Unit> done)
{
    return request<Unit>(std::move(done), [this, settings = std::move(settings)](const Reply<Unit>& reply) {
        const Status fine = checkSettings(settings, m_now.machine);
        if (!fine.ok()) return reply(fine);
        const std::pair before{node(), tokenFile()};
        m_kept.settings = settings;
        const Status kept = keep();
        if (!kept.ok()) return reply(kept);
        const bool isElsewhere = before != std::pair{node(), tokenFile()};
        if (isElsewhere) m_now.queue.reset();
        const bool isOn = m_child || m_now.state == ProverState::Crashed;
        if (isOn && isElsewhere && !m_whenEnded) {
            endChild([this, reply] {
                becomeOff();
                const Status again = turnOn();
                if (!again.ok())
                    setState(ProverState::Off, std::string(again.error().code.name()), again.error().detail);
                reply(again);
            });
            return;
        }
        if (m_now.state == ProverState::Off) m_now.code.clear();
        publish();
        reply(m_child ? writeLimits(folder() + "/limits.json", settings) : success());
    });
}

Task LocalProverService::measure(Completion<ProverSpeed> done)
{
    return request<ProverSpeed>(std::move(done), [this](const Reply<ProverSpeed>& reply) {
        m_measurers.push_back(reply);
        if (m_measurement) return;
        const std::string output = folder() + "/measured.json";
        std::error_code failure;
        std::filesystem::create_directories(folder(), failure);
        std::filesystem::remove(output, failure);
        if (::access(m_setup.program.c_str(), X_OK) != 0)
            return measured(makeError(kProverNoProgram, m_setup.program));
        // Somebody waits for it: not at the lowest priority, where on a busy machine nothing is done at all.
        auto child = base::Child::start({m_setup.program, "--role", "prover-measure", "--threads",
                                         std::to_string(m_kept.settings.threads), "--output", output},
                                        {.memoryMib = m_kept.settings.memoryMib, .niceness = 0},
                                        folder() + "/measure.log");
        if (!child.ok()) return measured(child.error());
        m_measurement.emplace(std::move(*child));
        m_now.speed.isMeasuring = true;
        publish();
        lookAtMeasurement(Steady::now() + m_setup.times.measuring);
    });
}

void LocalProverService::lookAtMeasurement(Steady::time_point deadline)
{
    if (!m_measurement) return;
    if (Steady::now() >= deadline) return measured(makeError(kProverNotMeasured, "it took too long"));
    const auto how = m_measurement->ended();
    if (!how) {
        m_worker.postAfter(kSoon, [this, deadline] { lookAtMeasurement(deadline); });
        return;
    }
    auto speed = readMeasurement(folder() + "/measured.json");
    if (how->empty() && speed.ok()) return measured(std::move(*speed));
    measured(makeError(kProverNotMeasured, how->empty() ? speed.error().detail : *how));
}

void LocalProverService::measured(base::Result<ProverSpeed> speed)
{
    m_measurement.reset();
    m_now.speed.isMeasuring = false;
    m_now.speed.problem = speed.ok() ? std::string() : std::string(speed.error().code.name());
    if (speed.ok()) {
        m_kept.speed = *speed;
        static_cast<void>(keep()); // it can be measured again
    }
    publish();
    for (const auto& reply : std::exchange(m_measurers, {})) reply(speed);
}

void LocalProverService::note(const char* code, const std::string& detail)
{
    ProverEvent event;
    event.time = m_clock.now();
    event.code = code;
    event.detail = detail;
    m_own.insert(m_own.begin(), std::move(event));
    if (m_own.size() > kEvents) m_own.resize(kEvents);
}

void LocalProverService::setState(ProverState state, std::string code, std::string detail)
{
    m_now.state = state;
    m_now.since = m_clock.now();
    m_now.code = std::move(code);
    m_now.detail = std::move(detail);
    m_now.nextTry = 0;
    publish();
}

void LocalProverService::publish()
{
    auto next = std::make_shared<ProverView>(m_now);
    next->process = m_child ? m_child->id() : 0;
    next->settings = m_kept.settings;
    next->node = node();
    next->tokenFile = tokenFile();
    next->events = m_own;
    next->events.insert(next->events.end(), m_told.begin(), m_told.end());
    std::stable_sort(next->events.begin(), next->events.end(),
                     [](const ProverEvent& a, const ProverEvent& b) { return a.time > b.time; });
    if (next->events.size() > kEvents) next->events.resize(kEvents);
    ProverSpeed& speed = next->speed;
    speed.seconds = m_kept.speed.seconds;
    speed.threads = m_kept.speed.threads;
    speed.batchesAnHour = m_kept.speed.batchesAnHour;
    if (const auto pace = paceOf(next->done)) {
        speed.batchesAnHour = *pace;
        speed.isFromTasks = true;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_view = next;
    }
    m_listeners.tell(next);
}

ProverViewPtr LocalProverService::view() const
{
    const std::lock_guard lock(m_mutex);
    return m_view;
}

Subscription LocalProverService::handleView(std::function<void(ProverViewPtr)> function)
{
    return m_listeners.add(std::move(function));
}

} // namespace bowline::services
