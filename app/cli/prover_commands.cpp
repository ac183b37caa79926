// SPDX-License-Identifier: MIT
// The page Prover without a window: one command stays and keeps the prover, the others look at it or tell it something.
#include "app/cli/commands.h"
#include "app/services/client_file.h"
#include "app/services/prover_host.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

namespace bowline::cli {

namespace {
using services::ProverHost;
using services::ProverHostOptions;
using services::ProverRequest;
using services::ProverSettings;
using services::ProverState;
using services::ProverView;

constexpr std::chrono::milliseconds kTurn{100};
constexpr std::chrono::seconds kFolderPatience{2};
constexpr std::chrono::seconds kAnswerPatience{10};

std::atomic<bool> g_isInterrupted{false};
void onSignal(int /*number*/) { g_isInterrupted = true; }

std::string_view nameOf(ProverState state)
{
    switch (state) {
    case ProverState::Off: return "off";
    case ProverState::Starting: return "starting";
    case ProverState::Waiting: return "waiting";
    case ProverState::Working: return "working";
    case ProverState::Paused: return "paused";
    case ProverState::NoConnection: return "no-connection";
    case ProverState::Refused: return "refused";
    case ProverState::Failing: return "failing";
    case ProverState::Crashed: return "crashed";
    case ProverState::Stopping: return "stopping";
    }
    return "";
}

json::object toJson(const services::ProverTask& task)
{
    json::object out{
        {"kind", task.kind}, {"place", task.place}, {"batch", task.batch}, {"seconds", task.seconds}};
    if (task.usualSeconds) out["usual_seconds"] = *task.usualSeconds;
    return out;
}

json::object limitsJson(const ProverView& view)
{
    return {{"threads", view.settings.threads},
            {"memory_mib", view.settings.memoryMib},
            {"only_when_idle", view.settings.onlyWhenIdle},
            {"most_threads", view.machine.mostThreads},
            {"least_memory_mib", view.machine.leastMemoryMib},
            {"most_memory_mib", view.machine.mostMemoryMib},
            {"node", view.node},
            {"token_file", view.tokenFile}};
}

json::object toJson(const ProverView& view)
{
    json::object out{{"state", nameOf(view.state)},
                     {"code", view.code},
                     {"detail", view.detail},
                     {"process", view.process},
                     {"limits", limitsJson(view)},
                     {"task", nullptr},
                     {"accepted", view.accepted},
                     {"failed", view.failed},
                     {"batches_an_hour", view.speed.batchesAnHour},
                     {"queue", nullptr}};
    if (view.task) out["task"] = toJson(*view.task);
    json::object done;
    for (const services::ProverCount& count : view.done)
        done[count.kind] = {{"count", count.count}, {"usual_seconds", count.meanSeconds}};
    out["done"] = std::move(done);
    if (const auto& queue = view.queue)
        out["queue"] = {{"ready", queue->ready},  {"waiting", queue->waiting}, {"leased", queue->leased},
                        {"done", queue->done},    {"failed", queue->failed},   {"provers", queue->provers},
                        {"asked_at", queue->time}};
    json::array& events = out["events"].emplace_array();
    for (const services::ProverEvent& event : view.events)
        events.push_back(
            {{"time", event.time},
             {"code", event.code},
             {"task", event.task.kind.empty() ? json::value(nullptr) : json::value(toJson(event.task))},
             {"detail", event.detail}});
    return out;
}

/// The wallet's own node is in client.json, where there is one: a prover needs no wallet.
ProverHostOptions hostOptions(const Runner& runner)
{
    ProverHostOptions out;
    out.dataDir = runner.arguments().datadir;
    out.patience = kFolderPatience;
    const auto client = services::clientOptions(out.dataDir, {});
    if (client.ok()) {
        out.node = client->node.url();
        out.tokenFile = client->nodeTokenFile;
    }
    return out;
}

/// What is said on the command line, in place of what was set before. None: nothing is said.
base::Result<std::optional<ProverSettings>> settingsIn(const Arguments& arguments, ProverSettings settings)
{
    const ProverSettings before = settings;
    BOWLINE_TRY(const std::uint64_t threads, arguments.number("threads", settings.threads));
    BOWLINE_TRY(const std::uint64_t memory, arguments.number("memory", settings.memoryMib));
    if (!std::in_range<std::uint32_t>(threads) || !std::in_range<std::uint32_t>(memory))
        return base::makeError(services::kProverBadSettings, "threads or memory");
    settings.threads = static_cast<unsigned>(threads);
    settings.memoryMib = static_cast<std::uint32_t>(memory);
    if (arguments.has("only-when-idle")) {
        const std::string value = arguments.get("only-when-idle");
        if (value != "yes" && value != "no")
            return base::makeError(kUsage, "--only-when-idle takes yes or no");
        settings.onlyWhenIdle = value == "yes";
    }
    if (arguments.has("node") || arguments.has("token-file")) {
        if (!arguments.has("node") || !arguments.has("token-file"))
            return base::makeError(kUsage, "--node and --token-file belong together");
        settings.node = arguments.get("node");
        settings.tokenFile = std::filesystem::absolute(arguments.get("token-file")).string();
    }
    if (settings == before) return std::optional<ProverSettings>();
    BOWLINE_CHECK(services::checkProverSettings(settings));
    return std::optional(settings);
}

base::Status set(const Runner& runner, services::ProverService& service, const ProverSettings& settings)
{
    BOWLINE_CHECK(
        runner.wait<base::Unit>([&](auto done) { return service.configure(settings, std::move(done)); }));
    return base::success();
}

/// Done here if nobody has the data folder, and otherwise by whoever has it.
base::Status tell(const Runner& runner, const ProverRequest& request)
{
    ProverHostOptions options = hostOptions(runner);
    options.patience = {};
    const auto host = ProverHost::open(options);
    if (!host.ok() && host.error().code == services::kInUse)
        return services::askProverHost(options.dataDir, request, kAnswerPatience);
    if (!host.ok()) return host.error();
    services::ProverService& service = (*host)->service();
    if (request.settings) BOWLINE_CHECK(set(runner, service, *request.settings));
    if (!request.stops) return base::success();
    BOWLINE_CHECK(runner.wait<base::Unit>([&](auto done) { return service.stop(std::move(done)); }));
    return base::success();
}

/// For people who look on; the answer comes at the end.
void sayState(const ProverView& view)
{
    std::string line(nameOf(view.state));
    if (view.task)
        line += ": " + view.task->kind + ' ' + std::to_string(view.task->place) + " of batch " +
                std::to_string(view.task->batch);
    if (!view.detail.empty()) line += ": " + view.detail;
    static std::string last;
    if (line == std::exchange(last, line)) return;
    std::fprintf(stderr, "%s\n", line.c_str());
}
} // namespace

CommandResult proverStart(Runner& runner)
{
    BOWLINE_TRY(auto host, ProverHost::open(hostOptions(runner)));
    services::ProverService& service = host->service();
    BOWLINE_TRY(const auto wanted, settingsIn(runner.arguments(), service.view()->settings));
    if (wanted) BOWLINE_CHECK(set(runner, service, *wanted));
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, &onSignal);
    BOWLINE_CHECK(runner.wait<base::Unit>([&](auto done) { return service.start(std::move(done)); }));
    while (!g_isInterrupted && !host->turn()) {
        if (!runner.arguments().json) sayState(*service.view());
        std::this_thread::sleep_for(kTurn);
    }
    host.reset(); // no process is left
    return proverStatus(runner);
}

CommandResult proverStatus(Runner& runner) { return toJson(services::readProver(hostOptions(runner))); }

CommandResult proverStop(Runner& runner)
{
    BOWLINE_CHECK(tell(runner, {.settings = {}, .stops = true}));
    return proverStatus(runner);
}

CommandResult proverLimits(Runner& runner)
{
    const ProverView before = services::readProver(hostOptions(runner));
    BOWLINE_TRY(const auto wanted, settingsIn(runner.arguments(), before.settings));
    if (wanted) BOWLINE_CHECK(tell(runner, {.settings = wanted, .stops = false}));
    return limitsJson(services::readProver(hostOptions(runner)));
}

} // namespace bowline::cli
