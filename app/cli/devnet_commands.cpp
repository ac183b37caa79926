// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/devnet_bootstrap.h"
#include "app/devnet/devnet.h"
#include "app/services/client_file.h"

#include <charconv>
#include <cstdio>

namespace bowline::cli {

namespace {
json::object stateView(const devnet::State& state)
{
    json::array programs;
    for (const devnet::Program& program : state.programs) {
        programs.push_back(json::object{{"name", program.name},
                                        {"pid", program.process.pid},
                                        {"running", devnet::isRunning(program.process)},
                                        {"endpoint", program.endpoint}});
    }
    return {{"dir", state.dir},
            {"network_file", state.networkFile},
            {"bitcoin_peer", state.bitcoinPeer},
            {"bitcoin_rpc", state.bitcoinRpc},
            {"bitcoin_datadir", state.bitcoinDatadir},
            {"client_datadir", state.dir + "/client"},
            {"programs", std::move(programs)}};
}

base::Result<std::string> dirOf(const Runner& runner)
{
    if (!runner.arguments().has("dir")) return base::makeError(kUsage, "missing --dir");
    return runner.arguments().get("dir");
}

base::Result<devnet::State> stateOf(const Runner& runner)
{
    BOWLINE_TRY(const std::string dir, dirOf(runner));
    return devnet::load(dir);
}

base::Result<unsigned> smallNumber(const Arguments& arguments, const std::string& option, unsigned fallback)
{
    constexpr std::uint64_t kMost = 1'000'000;
    BOWLINE_TRY(const std::uint64_t value, arguments.number(option, fallback));
    if (value > kMost) return base::makeError(kUsage, "--" + option + " is too large");
    return static_cast<unsigned>(value);
}

base::Result<devnet::Mining> miningOf(const Arguments& arguments)
{
    BOWLINE_TRY(const unsigned every, smallNumber(arguments, "mine-every", 0));
    return devnet::Mining{every, arguments.has("mine-when-needed")};
}
} // namespace

CommandResult devnetUp(Runner& runner)
{
    const Arguments& arguments = runner.arguments();
    devnet::Options options;
    BOWLINE_TRY(options.dir, dirOf(runner));
    BOWLINE_TRY(options.signers, arguments.number("signers", 3));
    BOWLINE_TRY(options.operators, arguments.number("operators", 2));
    BOWLINE_TRY(options.provers, arguments.number("provers", 0));
    options.proving = arguments.has("proving");
    BOWLINE_TRY(options.mostUnproven, smallNumber(arguments, "most-unproven", options.mostUnproven));
    BOWLINE_TRY(options.mining, miningOf(arguments));
    const auto progress = [&](const std::string& what) {
        if (!arguments.json) std::fprintf(stderr, "starting %s\n", what.c_str());
    };
    BOWLINE_TRY(const devnet::State state, devnet::up(options, progress));
    services::ClientFile client;
    client.networkFile = state.networkFile;
    client.bitcoinPeers = {state.bitcoinPeer};
    client.node = "http://" + state.find("sequencer")->endpoint;
    client.nodeTokenFile = state.dir + "/sequencer/access.token";
    BOWLINE_CHECK(services::writeClientFile(state.dir + "/client", client));
    if (!arguments.has("bare") && options.operators >= 2 && options.signers >= 1) {
        const base::Status alive = bootstrapDevnet(runner, state, progress);
        if (!alive.ok()) {
            static_cast<void>(devnet::down(state).ok()); // a devnet that does not work is worse than none
            return alive.error();
        }
    }
    return stateView(state);
}

CommandResult devnetStatus(Runner& runner)
{
    BOWLINE_TRY(const devnet::State state, stateOf(runner));
    json::object out = stateView(state);
    // A devnet of which parts are dead is what one asks about: no height is an answer, too.
    json::object nodes;
    for (const devnet::Program& program : state.programs) {
        if (program.endpoint.empty()) continue;
        const auto status = devnet::nodeStatus(state, program);
        if (status.ok()) nodes[program.name] = json::parse(*status);
    }
    out["nodes"] = std::move(nodes);
    const auto tip = devnet::mine(state, 0);
    out["bitcoin_height"] = tip.ok() ? json::value(tip->value) : json::value(nullptr);
    return out;
}

CommandResult devnetMine(Runner& runner)
{
    BOWLINE_TRY(const std::string text, runner.arguments().word(2, "N"));
    unsigned blocks = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), blocks);
    if (failure != std::errc{} || end != text.data() + text.size())
        return base::makeError(kUsage, "N is a number");
    BOWLINE_TRY(const devnet::State state, stateOf(runner));
    BOWLINE_TRY(const base::Height tip, devnet::mine(state, blocks));
    return json::object{{"bitcoin_height", tip.value}};
}

CommandResult devnetFund(Runner& runner)
{
    BOWLINE_TRY(const std::string address, runner.arguments().word(2, "ADDRESS"));
    BOWLINE_TRY(const std::string text, runner.arguments().word(3, "AMOUNT"));
    BOWLINE_TRY(const base::Amount amount, base::parseBtc(text));
    BOWLINE_TRY(const devnet::State state, stateOf(runner));
    BOWLINE_TRY(const std::string txid, devnet::pay(state, address, amount));
    return json::object{{"txid", txid}};
}

CommandResult devnetDown(Runner& runner)
{
    BOWLINE_TRY(const devnet::State state, stateOf(runner));
    BOWLINE_CHECK(devnet::down(state));
    return json::object{{"ended", state.programs.size()}};
}

CommandResult devnetMiner(Runner& runner)
{
    BOWLINE_TRY(const devnet::Mining mining, miningOf(runner.arguments()));
    if (!mining.isOn()) return base::makeError(kUsage, "missing --mine-every or --mine-when-needed");
    BOWLINE_TRY(const devnet::State state, stateOf(runner));
    BOWLINE_CHECK(devnet::mineForever(state, mining));
    return json::object{};
}

} // namespace bowline::cli
