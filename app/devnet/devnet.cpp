// SPDX-License-Identifier: MIT
#include "app/devnet/devnet.h"

#include "app/devnet/genesis_plan.h"
#include "app/devnet/needed_blocks.h"
#include "app/devnet/state_file.h"
#include "core/net/client.h"

#include <boost/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <thread>

namespace bowline::devnet {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {
constexpr std::chrono::seconds kStartLimit{60};
constexpr std::chrono::seconds kStopGrace{10};
/// Where batches are proven: about as long as one takes.
constexpr unsigned kGatherBlocksSeconds = 20;
constexpr std::chrono::seconds kMinersTurn{1};

std::string programFolder(const Options& options)
{
    if (!options.programs.empty()) return options.programs;
    std::error_code failure;
    return fs::read_symlink("/proc/self/exe", failure).parent_path().string();
}

/// BOWLINE_BITCOIND_DIR, then .deps/bin beside or above the programs (a build tree), then PATH.
std::string bitcoinProgram(const std::string& programs, const std::string& name)
{
    if (const char* named = std::getenv("BOWLINE_BITCOIND_DIR"); named != nullptr && *named != '\0') {
        return std::string(named) + '/' + name;
    }
    for (fs::path folder = programs; folder.has_relative_path(); folder = folder.parent_path()) {
        const fs::path candidate = folder / ".deps" / "bin" / name;
        if (fs::exists(candidate)) return candidate.string();
    }
    return name;
}

/// Ends everything again unless the devnet came up as a whole.
class Rollback {
public:
    explicit Rollback(State& state) : m_state(state) {}
    Rollback(const Rollback&) = delete;
    Rollback& operator=(const Rollback&) = delete;
    ~Rollback()
    {
        if (!m_kept) static_cast<void>(down(m_state).ok());
    }
    void keep() { m_kept = true; }

private:
    State& m_state;
    bool m_kept = false;
};

template <typename Probe>
base::Status waitUntil(const std::string& what, Probe probe)
{
    const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
    std::string last;
    while (std::chrono::steady_clock::now() < deadline) {
        const base::Status answer = probe();
        if (answer.ok()) return base::success();
        last = answer.error().detail;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return base::makeError(kNotReady, what + " did not become ready: " + last);
}

base::Status start(State& state, const std::string& name, const std::vector<std::string>& arguments,
                   std::string endpoint)
{
    BOWLINE_TRY(const ProcessId process, startDetached(arguments, state.dir + "/logs/" + name + ".log"));
    state.programs.push_back({name, process, std::move(endpoint)});
    return saveState(state);
}

base::Status startBitcoin(State& state)
{
    BOWLINE_TRY(const auto ports, freePorts(2));
    state.bitcoinPeer = "127.0.0.1:" + std::to_string(ports[0]);
    state.bitcoinRpc = "127.0.0.1:" + std::to_string(ports[1]);
    state.bitcoinDatadir = state.dir + "/bitcoin";
    fs::create_directories(state.bitcoinDatadir);
    BOWLINE_CHECK(start(state, "bitcoind",
                        {bitcoinProgram(state.programFolder, "bitcoind"),
                         "-regtest",
                         "-server",
                         "-datadir=" + state.bitcoinDatadir,
                         "-bind=" + state.bitcoinPeer,
                         "-port=" + std::to_string(ports[0]),
                         "-rpcport=" + std::to_string(ports[1]),
                         "-rpcbind=127.0.0.1",
                         "-rpcallowip=127.0.0.1",
                         "-acceptnonstdtxn=0",
                         "-corepolicy=1",
                         "-blockfilterindex=1",
                         "-peerblockfilters=1",
                         "-txindex=1",
                         "-fallbackfee=0.0001",
                         "-listenonion=0",
                         "-dnsseed=0",
                         "-fixedseeds=0",
                         "-natpmp=0",
                         "-debuglogfile=" + state.dir + "/logs/bitcoind-debug.log"},
                        state.bitcoinPeer));
    BOWLINE_CHECK(waitUntil("bitcoind", [&]() -> base::Status {
        BOWLINE_CHECK(bitcoinCli(state, {"getblockcount"}));
        return base::success();
    }));
    BOWLINE_CHECK(bitcoinCli(state, {"-named", "createwallet", "wallet_name=miner", "load_on_startup=true"}));
    // 101 blocks make the first reward spendable; a few more give the miner coins to pay several people.
    BOWLINE_CHECK(mine(state, 110));
    return base::success();
}

base::Result<std::string> freeEndpoint()
{
    BOWLINE_TRY(const auto ports, freePorts(1));
    return "127.0.0.1:" + std::to_string(ports[0]);
}

/// Whom the node follows is in the network file.
base::Status startNode(State& state, const std::string& name, const std::string& role,
                       const std::string& endpoint, const std::vector<std::string>& more = {})
{
    std::vector<std::string> arguments{state.programFolder + "/bowlined",
                                       "--role",
                                       role,
                                       "--datadir",
                                       state.dir + '/' + name,
                                       "--network-file",
                                       state.networkFile,
                                       "--listen",
                                       endpoint,
                                       "--bitcoin",
                                       state.bitcoinPeer};
    arguments.insert(arguments.end(), more.begin(), more.end());
    BOWLINE_CHECK(start(state, name, arguments, endpoint));
    BOWLINE_TRY(const net::Endpoint address, net::parseEndpoint(endpoint));
    return waitUntil(name, [&]() -> base::Status {
        net::BlockingClient client(address, {.timeout = std::chrono::milliseconds(1000)});
        BOWLINE_CHECK(client.call("node_info"));
        return base::success();
    });
}

/// It finds the sequencer's token in the sequencer's folder, as it is on the same machine.
base::Status startProver(State& state, const std::string& name, const std::string& sequencer)
{
    const std::string folder = state.dir + '/' + name;
    return start(state, name,
                 {state.programFolder + "/bowlined", "--role", "prover", "--datadir", folder, "--node",
                  "http://" + sequencer, "--token-file", state.dir + "/sequencer/access.token"},
                 "");
}

base::Status startMiner(State& state, const Mining& mining)
{
    std::vector<std::string> arguments{state.programFolder + "/bowline-cli", "devnet", "miner", "--dir",
                                       state.dir};
    if (mining.everySeconds > 0) {
        arguments.emplace_back("--mine-every");
        arguments.push_back(std::to_string(mining.everySeconds));
    }
    if (mining.whenNeeded) arguments.emplace_back("--mine-when-needed");
    return start(state, "miner", arguments, "");
}
} // namespace

base::Result<std::string> bitcoinCli(const State& state, std::vector<std::string> arguments)
{
    const auto colon = state.bitcoinRpc.rfind(':');
    std::vector<std::string> command{bitcoinProgram(state.programFolder, "bitcoin-cli"), "-regtest",
                                     "-datadir=" + state.bitcoinDatadir,
                                     "-rpcport=" + state.bitcoinRpc.substr(colon + 1), "-rpcwallet=miner"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    BOWLINE_TRY(std::string out, runCommand(command));
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

base::Result<base::Height> mine(const State& state, unsigned blocks)
{
    if (blocks > 0) BOWLINE_CHECK(bitcoinCli(state, {"-generate", std::to_string(blocks)}));
    BOWLINE_TRY(const std::string count, bitcoinCli(state, {"getblockcount"}));
    return base::Height{static_cast<std::uint32_t>(std::strtoul(count.c_str(), nullptr, 10))};
}

base::Result<std::string> pay(const State& state, const std::string& address, base::Amount amount)
{
    return bitcoinCli(state, {"sendtoaddress", address, base::formatBtc(amount)});
}

base::Result<State> up(const Options& options, const Progress& progress)
{
    const std::string dir = fs::absolute(options.dir).lexically_normal().string();
    if (const auto before = loadState(dir);
        before.ok() && deadPrograms(*before).size() < before->programs.size()) {
        return base::makeError(kAlreadyUp, dir);
    }
    std::error_code failure;
    fs::create_directories(dir + "/logs", failure);
    if (failure) return base::makeError(kBadState, dir + ": " + failure.message());

    State state;
    state.dir = dir;
    state.programFolder = programFolder(options);
    const std::string daemon = state.programFolder + "/bowlined";
    if (!fs::exists(daemon)) return base::makeError(kMissingProgram, daemon);
    state.networkFile = dir + "/network.json";
    Rollback rollback(state);
    progress("bitcoind");
    BOWLINE_CHECK(startBitcoin(state));
    progress("keys");
    BOWLINE_TRY(const std::string sequencer, freeEndpoint());
    BOWLINE_CHECK(writeNetworkFile(state, sequencer, options.signers, options.operators));

    progress("sequencer");
    const bool isProven = options.proving || options.provers > 0;
    std::vector<std::string> proving;
    if (isProven)
        proving = {"--proving",       "sqlite",
                   "--most-unproven", std::to_string(options.mostUnproven),
                   "--gather-blocks", std::to_string(kGatherBlocksSeconds)};
    BOWLINE_CHECK(startNode(state, "sequencer", "sequencer", sequencer, proving));
    for (std::size_t i = 1; i <= options.signers; ++i) {
        progress("signer " + std::to_string(i));
        BOWLINE_TRY(const std::string endpoint, freeEndpoint());
        BOWLINE_CHECK(startNode(state, "signer-" + std::to_string(i), "signer", endpoint));
    }
    for (std::size_t i = 1; i <= options.operators; ++i) {
        progress("operator " + std::to_string(i));
        BOWLINE_TRY(const std::string endpoint, freeEndpoint());
        BOWLINE_CHECK(startNode(state, "operator-" + std::to_string(i), "operator", endpoint,
                                {"--pay-for", isProven ? "proven" : "sealed"}));
    }
    for (std::size_t i = 1; i <= options.provers; ++i) {
        progress("prover " + std::to_string(i));
        BOWLINE_CHECK(startProver(state, "prover-" + std::to_string(i), sequencer));
    }
    if (options.mining.isOn()) BOWLINE_CHECK(startMiner(state, options.mining));
    rollback.keep();
    return state;
}

base::Result<State> load(const std::string& dir)
{
    return loadState(fs::absolute(dir).lexically_normal().string());
}

base::Result<std::string> nodeStatus(const State& state, const Program& program)
{
    BOWLINE_TRY(const net::Endpoint endpoint, net::parseEndpoint(program.endpoint));
    BOWLINE_TRY(const net::AccessToken token,
                net::AccessToken::readFile(state.dir + '/' + program.name + "/access.token"));
    net::BlockingClient client(endpoint, {.timeout = std::chrono::milliseconds(2000), .token = token});
    BOWLINE_TRY(const json::value answer, client.call("admin_status"));
    return json::serialize(answer);
}

std::vector<std::string> deadPrograms(const State& state)
{
    std::vector<std::string> out;
    for (const Program& program : state.programs) {
        if (!isRunning(program.process)) out.push_back(program.name);
    }
    return out;
}

base::Status down(const State& state)
{
    for (auto program = state.programs.rbegin(); program != state.programs.rend(); ++program) {
        endProcess(program->process, kStopGrace);
    }
    std::error_code ignored;
    fs::remove(stateFileOf(state.dir), ignored);
    return base::success();
}

base::Status mineForever(const State& state, const Mining& mining)
{
    BOWLINE_TRY(NeededBlocks needed, NeededBlocks::on(state));
    const std::chrono::seconds every(mining.everySeconds);
    auto last = std::chrono::steady_clock::now();
    while (true) { // ends with the node
        std::this_thread::sleep_for(kMinersTurn);
        bool mined = false;
        if (mining.whenNeeded) {
            BOWLINE_TRY(mined, needed.step());
        }
        const auto now = std::chrono::steady_clock::now();
        if (!mined && every.count() > 0 && now >= last + every) {
            BOWLINE_CHECK(mine(state, 1));
            mined = true;
        }
        if (mined) last = now;
    }
}

} // namespace bowline::devnet
