// SPDX-License-Identifier: MIT
#include "app/prover/options.h"

#include "app/prover/child.h"
#include "core/prover/work.h"

#include <charconv>
#include <functional>
#include <map>

namespace bowline::prover_app {

using base::makeError;
using base::Status;
using base::success;

namespace {
using Setter = std::function<Status(const std::string&)>;

template <typename Number>
Setter into(Number& target, Number least, Number most)
{
    return [&target, least, most](const std::string& text) -> Status {
        Number value{};
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure != std::errc{} || end != text.data() + text.size() || value < least || value > most)
            return makeError(kUsage, "no number from " + std::to_string(least) + " to " +
                                         std::to_string(most) + ": " + text);
        target = value;
        return success();
    };
}

Setter into(std::string& target)
{
    return [&target](const std::string& text) {
        target = text;
        return success();
    };
}

Status setKinds(tasks::KindSet& target, const std::string& list)
{
    target = 0;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        BOWLINE_TRY(const tasks::Kind kind, tasks::kindFromName(list.substr(at, comma - at)));
        target |= tasks::setOf({kind});
        at = comma + 1;
    }
    return success();
}

/// Pairs of name and value; names in `flags` stand alone.
Status parse(const std::vector<std::string>& arguments, const std::map<std::string, Setter>& setters,
             const std::map<std::string, bool*>& flags)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (const auto flag = flags.find(name); flag != flags.end()) {
            *flag->second = true;
            continue;
        }
        const auto setter = setters.find(name);
        if (setter == setters.end()) return makeError(kUsage, "unknown option " + name);
        if (i + 1 == arguments.size()) return makeError(kUsage, name + " needs a value");
        BOWLINE_CHECK(setter->second(arguments[++i]));
    }
    return success();
}

constexpr unsigned kMostThreads = 256;
constexpr std::uint32_t kLeastMemory = 256;
constexpr std::uint32_t kMostMemory = 1U << 20U;
} // namespace

Role roleIn(const std::vector<std::string>& arguments)
{
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] != "--role") continue;
        if (arguments[i + 1] == "prover") return Role::Prover;
        if (arguments[i + 1] == "prover-worker") return Role::Worker;
    }
    return Role::None;
}

Result<ProverOptions> parseProver(const std::vector<std::string>& arguments)
{
    ProverOptions out;
    out.kinds = prover::kCanDo;
    std::string role;
    std::string node;
    const std::map<std::string, Setter> setters{
        {"--role", into(role)},
        {"--datadir", into(out.datadir)},
        {"--node", into(node)},
        {"--token-file", into(out.tokenFile)},
        {"--stf-image", into(out.stfImage)},
        {"--kinds", [&out](const std::string& list) { return setKinds(out.kinds, list); }},
        {"--threads", into(out.threads, 1U, kMostThreads)},
        {"--memory", into(out.memoryMib, kLeastMemory, kMostMemory)},
        {"--nice", into(out.niceness, 0, kLowestPriority)}};
    BOWLINE_CHECK(
        parse(arguments, setters, {{"--only-when-idle", &out.onlyWhenIdle}, {"--verbose", &out.verbose}}));
    const std::pair<const char*, const std::string*> needed[] = {
        {"--datadir", &out.datadir}, {"--node", &node}, {"--token-file", &out.tokenFile}};
    for (const auto& [name, value] : needed) {
        if (value->empty()) return makeError(kUsage, std::string(name) + " is missing");
    }
    // What works at another priority than the ordinary one is not counted as somebody else's work.
    if (out.onlyWhenIdle && out.niceness == 0)
        return makeError(kUsage, "--only-when-idle needs --nice above 0");
    BOWLINE_TRY(out.node, net::parseEndpoint(node));
    return out;
}

Result<WorkerOptions> parseWorker(const std::vector<std::string>& arguments)
{
    WorkerOptions out;
    std::string role;
    std::string kind;
    const std::map<std::string, Setter> setters{{"--role", into(role)},
                                                {"--task", into(kind)},
                                                {"--place", into(out.place, 0U, UINT32_MAX)},
                                                {"--image", into(out.image)},
                                                {"--image-digest", into(out.imageDigest)},
                                                {"--input", into(out.input)},
                                                {"--network", into(out.network)},
                                                {"--needs",
                                                 [&out](const std::string& path) {
                                                     out.needs.push_back(path);
                                                     return success();
                                                 }},
                                                {"--output", into(out.output)},
                                                {"--threads", into(out.threads, 1U, kMostThreads)}};
    BOWLINE_CHECK(parse(arguments, setters, {{"--serve", &out.serves}}));
    if (out.serves) return out;
    BOWLINE_TRY(out.kind, tasks::kindFromName(kind));
    if (out.output.empty()) return makeError(kUsage, "--output is missing");
    return out;
}

std::string_view proverUsage()
{
    return "usage: bowlined --role prover --datadir DIR --node URL --token-file FILE\n"
           "                [--threads N] [--memory MIB] [--nice N] [--only-when-idle]\n"
           "                [--kinds execute,shard,lift,join,chain,wrap] [--stf-image FILE] [--verbose]\n"
           "\n"
           "Proves batches for a node that runs with --proving. Each task runs in a child process, which may "
           "crash.\n"
           "\n"
           "  --datadir         the prover's own folder\n"
           "  --node            the node's JSON-RPC, such as 127.0.0.1:18600 or "
           "https://HOST:PORT#sha256=HEX\n"
           "  --token-file      the node's access.token, in its data folder\n"
           "  --threads         of the child process; one a core unless told otherwise\n"
           "  --memory          what the child process may have, in MiB; 3072. Tasks that need more are not "
           "taken\n"
           "  --nice            0 to 19, the child's place behind all others; 19\n"
           "  --only-when-idle  works while the rest of the machine uses less than a quarter of its cores\n";
}

} // namespace bowline::prover_app
