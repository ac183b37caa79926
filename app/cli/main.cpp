// SPDX-License-Identifier: MIT
// bowline-cli: the wallet and the devnet from a terminal or a script. One JSON object per command with --json;
// exit status 0, 2 for wrong usage, 1 for everything else, with a stable error code.
#include "app/cli/commands.h"
#include "core/base/log.h"

#include <cstdio>

namespace {
using namespace bowline;

struct Named {
    const char* group;
    const char* name; // empty: the group is the whole command
    cli::Command command;
};

constexpr Named kCommands[] = {
    {"wallet", "create", cli::walletCreate},
    {"wallet", "restore", cli::walletRestore},
    {"wallet", "list", cli::walletList},
    {"wallet", "info", cli::walletInfo},
    {"balance", "", cli::balance},
    {"receive", "", cli::receive},
    {"send", "", cli::send},
    {"tx", "list", cli::txList},
    {"tx", "show", cli::txShow},
    {"tx", "bump", cli::txBump},
    {"deposit", "", cli::deposit},
    {"withdraw", "", cli::withdraw},
    {"refund", "", cli::refund},
    {"reclaim", "", cli::reclaim},
    {"bridge", "list", cli::bridgeList},
    {"bridge", "show", cli::bridgeShow},
    {"bridge", "wait", cli::bridgeWait},
    {"l2", "head", cli::l2Head},
    {"l2", "account", cli::l2Account},
    {"l2", "history", cli::l2History},
    {"l2", "proof", cli::l2Proof},
    {"l2", "batch", cli::l2Batch},
    {"l2", "send", cli::l2Send},
    {"l2", "find", cli::l2Find},
    {"l2", "save", cli::l2Save},
    {"l2", "compare", cli::l2Compare},
    {"l2", "evidence", cli::l2Evidence},
    {"verify", "", cli::verifyFile},
    {"prover", "start", cli::proverStart},
    {"prover", "status", cli::proverStatus},
    {"prover", "stop", cli::proverStop},
    {"prover", "limits", cli::proverLimits},
    {"sync", "status", cli::syncStatus},
    {"sync", "wait", cli::syncWait},
    {"node", "status", cli::nodeStatus},
    {"node", "stop", cli::nodeStop},
    {"node", "refill", cli::nodeRefill},
    {"devnet", "up", cli::devnetUp},
    {"devnet", "status", cli::devnetStatus},
    {"devnet", "mine", cli::devnetMine},
    {"devnet", "fund", cli::devnetFund},
    {"devnet", "down", cli::devnetDown},
    {"devnet", "miner", cli::devnetMiner},
};

cli::Command commandFor(const cli::Arguments& arguments)
{
    if (arguments.words.empty()) return nullptr;
    const std::string second = arguments.words.size() > 1 ? arguments.words[1] : "";
    for (const Named& named : kCommands) {
        if (arguments.words[0] == named.group && (*named.name == '\0' || second == named.name))
            return named.command;
    }
    return nullptr;
}

void printReadable(const boost::json::value& value, int indent)
{
    const auto line = [&](const std::string& name, const boost::json::value& item) {
        const bool nested = item.is_object() || item.is_array();
        const std::string text = nested             ? ""
                                 : item.is_string() ? std::string(item.get_string())
                                                    : boost::json::serialize(item);
        std::printf("%*s%s: %s\n", indent, "", name.c_str(), text.c_str());
        if (nested) printReadable(item, indent + 2);
    };
    if (const auto* object = value.if_object()) {
        for (const auto& [name, item] : *object) line(name, item);
    } else if (const auto* array = value.if_array()) {
        std::size_t number = 0;
        for (const auto& item : *array) line(std::to_string(++number), item);
    }
}

int fail(const base::Error& error, bool json)
{
    const std::string code(error.code.name());
    if (json) {
        const boost::json::object object{
            {"error", boost::json::object{{"code", code}, {"message", error.detail}}}};
        std::printf("%s\n", boost::json::serialize(object).c_str());
    } else {
        std::fprintf(stderr, "error: %s%s%s\n", code.c_str(), error.detail.empty() ? "" : ": ",
                     error.detail.c_str());
    }
    return error.code == cli::kUsage ? 2 : 1;
}

base::Error unknownCommand(const cli::Arguments& arguments)
{
    if (arguments.words.empty()) return base::makeError(cli::kUsage, "no command; --help lists them");
    std::string named = arguments.words[0];
    if (arguments.words.size() > 1) named += ' ' + arguments.words[1];
    return base::makeError(cli::kUsage, "no command \"" + named + "\"; --help lists them");
}
} // namespace

int main(int argc, char** argv)
{
    base::hardenProcess();
    base::setLogLevel(base::LogLevel::Warning);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto arguments = cli::parseArguments(words);
    if (!arguments.ok()) return fail(arguments.error(), cli::wantsJson(words));
    if (arguments->help) {
        std::printf("%s", cli::usageText().c_str());
        return 0;
    }
    const cli::Command command = commandFor(*arguments);
    if (command == nullptr) return fail(unknownCommand(*arguments), arguments->json);
    cli::Runner runner(*arguments);
    const cli::CommandResult result = command(runner);
    if (!result.ok()) return fail(result.error(), arguments->json);
    if (arguments->json) {
        std::printf("%s\n", boost::json::serialize(*result).c_str());
    } else if (!runner.readable().empty()) {
        std::printf("%s", runner.readable().c_str());
    } else {
        printReadable(*result, 0);
    }
    std::fflush(stdout);
    runner.sendWhatWaits();
    return runner.hasFailed() ? 1 : 0;
}
