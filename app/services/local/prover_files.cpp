// SPDX-License-Identifier: MIT
#include "app/services/local/prover_files.h"

#include "core/base/private_file.h"
#include "core/field/kernels.h"
#include "core/net/endpoint.h"
#include "core/net/errors.h"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <thread>

#include <unistd.h>

namespace bowline::services {

namespace json = boost::json;
using base::makeError;

namespace {
constexpr std::size_t kMaxFile = std::size_t{1} << 20U;
constexpr std::uint32_t kOthersMib = 1024; // of the memory, for everybody else
constexpr const char* kKinds[] = {"execute", "shard", "lift", "join", "chain", "wrap"};

base::Result<json::object> readObject(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return makeError(kProverBadFile, "cannot read " + path);
    std::string text(kMaxFile, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    boost::system::error_code failure;
    json::value value = json::parse(text, failure);
    if (failure || !value.is_object()) return makeError(kProverBadFile, path + " is no JSON object");
    return std::move(value.get_object());
}

std::string textAt(const json::object& object, std::string_view name)
{
    const json::value* field = object.if_contains(name);
    return field != nullptr && field->is_string() ? std::string(field->get_string()) : std::string();
}

/// Not negative; 0 when it is not there.
double numberAt(const json::object& object, std::string_view name)
{
    constexpr double kMost = 1e15; // every whole number below is exact
    const json::value* field = object.if_contains(name);
    boost::system::error_code failure;
    const double out = field != nullptr && field->is_number() ? field->to_number<double>(failure) : 0;
    return failure || !(out >= 0) || out > kMost ? 0 : out;
}

template <typename Number>
Number wholeAt(const json::object& object, std::string_view name)
{
    return static_cast<Number>(
        std::min(numberAt(object, name), double(std::numeric_limits<Number>::max() / 2)));
}

bool flagAt(const json::object& object, std::string_view name)
{
    const json::value* field = object.if_contains(name);
    return field != nullptr && field->is_bool() && field->get_bool();
}

const json::object* objectAt(const json::object& object, std::string_view name)
{
    const json::value* field = object.if_contains(name);
    return field != nullptr && field->is_object() ? &field->get_object() : nullptr;
}

ProverTask taskOf(const json::object& object)
{
    ProverTask out;
    out.kind = textAt(object, "kind");
    out.place = wholeAt<std::uint32_t>(object, "place");
    out.batch = wholeAt<std::uint64_t>(object, "batch");
    out.seconds = numberAt(object, "seconds");
    if (const double usual = numberAt(object, "usual_seconds"); usual > 0) out.usualSeconds = usual;
    return out;
}

ProverQueue queueOf(const json::object& node)
{
    ProverQueue out;
    out.time = wholeAt<base::UnixTime>(node, "time");
    out.provers = wholeAt<std::uint64_t>(node, "provers");
    if (const json::object* queue = objectAt(node, "queue")) {
        out.ready = wholeAt<std::uint64_t>(*queue, "ready");
        out.waiting = wholeAt<std::uint64_t>(*queue, "waiting");
        out.leased = wholeAt<std::uint64_t>(*queue, "leased");
        out.done = wholeAt<std::uint64_t>(*queue, "done");
        out.failed = wholeAt<std::uint64_t>(*queue, "failed");
    }
    return out;
}

bool isOneOf(std::string_view code, std::initializer_list<base::ErrorCode> codes)
{
    return std::any_of(codes.begin(), codes.end(),
                       [code](base::ErrorCode one) { return one.name() == code; });
}

ProverState failureOf(std::string_view code)
{
    if (net::isConnectionFailure(base::ErrorCode{code})) return ProverState::NoConnection;
    if (isOneOf(code, {net::kUnauthorized, net::kBadTokenFile, net::kRefused, net::kMethodNotFound}))
        return ProverState::Refused;
    return ProverState::Failing;
}

base::Result<ProverState> stateOf(std::string_view name, std::string_view code)
{
    if (name == "waiting") return ProverState::Waiting;
    if (name == "working") return ProverState::Working;
    if (name == "paused") return ProverState::Paused;
    if (name == "stopped") return ProverState::Stopping;
    if (name == "failing") return failureOf(code);
    return makeError(kProverBadFile, "unknown state " + std::string(name));
}

void readCounts(ProverView& out, const json::object& done)
{
    for (const char* kind : kKinds) {
        const json::object* entry = objectAt(done, kind);
        if (entry == nullptr) continue;
        ProverCount count{kind, wholeAt<std::uint64_t>(*entry, "count"), numberAt(*entry, "usual_seconds")};
        out.accepted += count.count;
        out.done.push_back(std::move(count));
    }
}

base::Result<ProverView> viewOf(const json::object& object)
{
    ProverView out;
    out.code = textAt(object, "code");
    BOWLINE_TRY(out.state, stateOf(textAt(object, "state"), out.code));
    out.detail = textAt(object, "error");
    out.since = wholeAt<base::UnixTime>(object, "since");
    out.statusTime = wholeAt<base::UnixTime>(object, "time");
    out.process = wholeAt<int>(object, "pid");
    out.nextTry = wholeAt<base::UnixTime>(object, "next_try");
    out.failedInARow = wholeAt<unsigned>(object, "failed_in_a_row");
    out.threadsInForce = wholeAt<unsigned>(object, "threads");
    out.memoryInForce = wholeAt<std::uint32_t>(object, "memory_mib");
    out.failed = wholeAt<std::uint64_t>(object, "failed");
    if (const json::object* done = objectAt(object, "done")) readCounts(out, *done);
    if (const json::object* task = objectAt(object, "task")) out.task = taskOf(*task);
    if (const json::object* node = objectAt(object, "node")) out.queue = queueOf(*node);
    const json::value* events = object.if_contains("events");
    if (events == nullptr || !events->is_array()) return out;
    for (const json::value& event : events->get_array()) {
        if (!event.is_object()) continue;
        const json::object& of = event.get_object();
        out.events.push_back(
            {wholeAt<base::UnixTime>(of, "time"), textAt(of, "code"), taskOf(of), textAt(of, "detail")});
    }
    std::reverse(out.events.begin(), out.events.end());
    return out;
}
} // namespace

ProverKept readProverKept(const std::string& path)
{
    ProverKept out;
    const auto object = readObject(path);
    if (!object.ok()) return out;
    out.isOn = flagAt(*object, "on");
    out.settings.threads = wholeAt<unsigned>(*object, "threads");
    if (const auto memory = wholeAt<std::uint32_t>(*object, "memory_mib"); memory != 0)
        out.settings.memoryMib = memory;
    out.settings.onlyWhenIdle = !object->contains("only_when_idle") || flagAt(*object, "only_when_idle");
    out.settings.node = textAt(*object, "node");
    out.settings.tokenFile = textAt(*object, "token_file");
    if (const json::object* measured = objectAt(*object, "measured")) {
        out.speed.seconds = numberAt(*measured, "seconds");
        out.speed.threads = wholeAt<unsigned>(*measured, "threads");
        out.speed.batchesAnHour = numberAt(*measured, "batches_an_hour");
    }
    return out;
}

base::Status writeProverKept(const std::string& path, const ProverKept& kept)
{
    json::object object{{"on", kept.isOn},
                        {"threads", kept.settings.threads},
                        {"memory_mib", kept.settings.memoryMib},
                        {"only_when_idle", kept.settings.onlyWhenIdle},
                        {"node", kept.settings.node},
                        {"token_file", kept.settings.tokenFile}};
    if (kept.speed.seconds > 0) {
        object["measured"] = {{"seconds", kept.speed.seconds},
                              {"threads", kept.speed.threads},
                              {"batches_an_hour", kept.speed.batchesAnHour}};
    }
    return base::writePrivateFile(path, base::viewOf(json::serialize(object) + '\n'), kProverBadFile);
}

ProverMachine machineHere()
{
    ProverMachine out;
    out.processors = std::max(1U, std::thread::hardware_concurrency());
    out.mostThreads = std::min(out.processors, 256U);
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long size = ::sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0)
        out.memoryMib = (static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size)) >> 20U;
    constexpr std::uint64_t kMost = std::uint64_t{1} << 20U; // MiB, as the prover has it
    const std::uint64_t left = out.memoryMib > kOthersMib ? out.memoryMib - kOthersMib : 0;
    out.mostMemoryMib = std::max(out.leastMemoryMib, static_cast<std::uint32_t>(std::min(left, kMost)));
    switch (field::availableBackends().front()) {
    case field::Backend::Avx512: out.vectors = "avx512"; break;
    case field::Backend::Avx2: out.vectors = "avx2"; break;
    case field::Backend::Portable: out.vectors = "portable"; break;
    }
    return out;
}

ProverSettings fitted(ProverSettings settings, const ProverMachine& machine)
{
    if (settings.threads == 0) settings.threads = std::max(1U, machine.processors / 2);
    settings.threads = std::min(settings.threads, machine.mostThreads);
    settings.memoryMib = std::clamp(settings.memoryMib, machine.leastMemoryMib, machine.mostMemoryMib);
    return settings;
}

base::Status checkSettings(const ProverSettings& settings, const ProverMachine& machine)
{
    if (!(fitted(settings, machine) == settings))
        return makeError(kProverBadSettings, "threads or memory out of the machine's range");
    if (settings.node.empty()) return base::success();
    const auto node = net::parseEndpoint(settings.node);
    if (!node.ok()) return makeError(kProverBadSettings, "no address of a node: " + node.error().detail);
    return base::success();
}

base::Status writeLimits(const std::string& path, const ProverSettings& settings)
{
    const json::object object{{"threads", settings.threads},
                              {"memory_mib", settings.memoryMib},
                              {"only_when_idle", settings.onlyWhenIdle}};
    return base::writePrivateFile(path, base::viewOf(json::serialize(object)), kProverBadFile);
}

base::Result<ProverView> readProverStatus(const std::string& path)
{
    BOWLINE_TRY(const json::object object, readObject(path));
    return viewOf(object);
}

base::Result<ProverSpeed> readMeasurement(const std::string& path)
{
    BOWLINE_TRY(const json::object object, readObject(path));
    ProverSpeed out;
    out.seconds = numberAt(object, "seconds");
    out.threads = wholeAt<unsigned>(object, "threads");
    out.batchesAnHour = numberAt(object, "batches_an_hour");
    if (out.seconds <= 0 || out.batchesAnHour <= 0) return makeError(kProverBadFile, "no figures");
    return out;
}

std::optional<double> paceOf(const std::vector<ProverCount>& done)
{
    const auto countOf = [&done](std::string_view kind) {
        const auto found =
            std::find_if(done.begin(), done.end(), [kind](const auto& one) { return one.kind == kind; });
        return found == done.end() || found->meanSeconds <= 0 ? std::uint64_t{0} : found->count;
    };
    const std::uint64_t executions = countOf("execute");
    if (executions == 0 || countOf("shard") == 0 || countOf("lift") == 0) return std::nullopt;
    double seconds = 0;
    for (const ProverCount& of : done) seconds += of.meanSeconds * double(of.count) / double(executions);
    return 3600 / seconds;
}

} // namespace bowline::services
