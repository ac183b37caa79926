// SPDX-License-Identifier: MIT
// bowline-zkvm: executes guests, proves executions and checks proofs. One JSON object per command with --json; stable error codes.
#include "app/zkvm/commands.h"

#include <csignal>
#include <cstdio>

namespace {
using namespace bowline;

struct Named {
    const char* name;
    zkvm_cli::CommandResult (*command)(const zkvm_cli::Arguments&);
};

constexpr Named kCommands[] = {
    {"run", zkvm_cli::runCommand},       {"snapshot", zkvm_cli::snapshotCommand},
    {"id", zkvm_cli::idCommand},         {"prove", zkvm_cli::proveCommand},
    {"verify", zkvm_cli::verifyCommand}, {"inspect", zkvm_cli::inspectCommand},
    {"bench", zkvm_cli::benchCommand},
};

int fail(const base::Error& error, bool json)
{
    const std::string code(error.code.name());
    if (json) {
        const boost::json::object object{
            {"error", boost::json::object{{"code", code}, {"message", error.detail}}}};
        std::printf("%s\n", boost::json::serialize(object).c_str());
    } else {
        std::fprintf(stderr, "error: %s: %s\n", code.c_str(), error.detail.c_str());
    }
    if (error.code == zkvm_cli::kInterrupted) return 130;
    return error.code == zkvm_cli::kUsage ? 2 : 1;
}

// To standard error, behind what the guest wrote: its standard output stays its own.
void printReadable(const boost::json::object& object)
{
    for (const auto& [name, item] : object) {
        const std::string key(name);
        if (const auto* nested = item.if_object()) {
            std::fprintf(stderr, "%s:\n", key.c_str());
            for (const auto& [inner, value] : *nested)
                std::fprintf(stderr, "  %-8s %s\n", std::string(inner).c_str(),
                             boost::json::serialize(value).c_str());
        } else {
            const std::string text =
                item.is_string() ? std::string(item.get_string()) : boost::json::serialize(item);
            std::fprintf(stderr, "%s: %s\n", key.c_str(), text.c_str());
        }
    }
}

void onSignal(int /*number*/) { zkvm_cli::interrupt(); }
} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
    const auto arguments = zkvm_cli::parseArguments(words);
    if (!arguments.ok()) return fail(arguments.error(), json);
    if (arguments->help) {
        std::printf("%s", zkvm_cli::usageText().c_str());
        return 0;
    }
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    const std::string name = arguments->words.empty() ? "" : arguments->words[0];
    for (const Named& known : kCommands) {
        if (name != known.name) continue;
        const auto result = known.command(*arguments);
        if (!result.ok()) return fail(result.error(), json);
        if (json) {
            std::printf("%s\n", boost::json::serialize(result->json).c_str());
        } else {
            printReadable(result->json);
        }
        return result->status;
    }
    return fail(base::makeError(zkvm_cli::kUsage, "no command \"" + name + "\"; --help lists them"), json);
}
