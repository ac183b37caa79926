// SPDX-License-Identifier: MIT
// A whole Bowline network on this machine: a real bitcoind on regtest, a sequencer, signers and operators,
// each a process with its own folder, keys and free loopback ports.
//
// Everything lives under one folder; devnet.json there names the processes by id and start time, so that down()
// ends exactly what up() started and nothing else.
#pragma once

#include "app/devnet/process.h"
#include "core/base/types.h"

#include <functional>
#include <optional>

namespace bowline::devnet {

inline constexpr base::ErrorCode kAlreadyUp{"devnet.already-up"};
inline constexpr base::ErrorCode kNotUp{"devnet.not-up"};
inline constexpr base::ErrorCode kMissingProgram{"devnet.missing-program"};
inline constexpr base::ErrorCode kNotReady{"devnet.not-ready"};
inline constexpr base::ErrorCode kBadState{"devnet.bad-state"};

/// When blocks come by themselves; unless told so, never: only by mine().
struct Mining {
    unsigned everySeconds = 0; // 0: not for a time's sake
    bool whenNeeded = false;   // see needed_blocks.h
    [[nodiscard]] bool isOn() const { return everySeconds > 0 || whenNeeded; }
};

struct Options {
    std::string dir;
    std::size_t signers = 3;
    std::size_t operators = 2;
    /// The sequencer has its batches proven, and operators pay what is proven; otherwise what is sealed.
    bool proving = false;
    /// Processes that prove them. With none that is left to provers that others start.
    std::size_t provers = 0;
    /// The sequencer waits while so many batches are not proven; what a new devnet begins with fits into the default.
    unsigned mostUnproven = 12;
    /// Folder of bowlined; empty: the folder of the running program.
    std::string programs;
    Mining mining;
};

struct Program {
    std::string name; // "bitcoind", "sequencer", "signer-1", "operator-2", "prover-1", "miner"
    ProcessId process;
    std::string endpoint; // host:port it serves; empty for prover and miner
};

struct State {
    std::string dir;
    std::string programFolder; // of bowlined and bowline-cli
    std::string networkFile;
    std::string bitcoinPeer; // host:port of the P2P port
    std::string bitcoinRpc;  // host:port of bitcoind's own JSON-RPC
    std::string bitcoinDatadir;
    std::vector<Program> programs;
    [[nodiscard]] const Program* find(const std::string& name) const;
};

using Progress = std::function<void(const std::string&)>;

/// Starts everything and returns when every part answers. On failure ends what it started.
[[nodiscard]] base::Result<State> up(const Options& options, const Progress& progress);
[[nodiscard]] base::Result<State> load(const std::string& dir);
/// What a node of the devnet tells its owner (admin_status, by the token in its data folder), as JSON.
[[nodiscard]] base::Result<std::string> nodeStatus(const State& state, const Program& program);
/// Names of programs that are not running any more.
[[nodiscard]] std::vector<std::string> deadPrograms(const State& state);
/// Ends what up() started, last first. The folder stays.
[[nodiscard]] base::Status down(const State& state);

/// bitcoin-cli against the devnet's node; the answer without its final line break.
[[nodiscard]] base::Result<std::string> bitcoinCli(const State& state, std::vector<std::string> arguments);
[[nodiscard]] base::Result<base::Height> mine(const State& state, unsigned blocks);
/// Pays from the devnet's own miner wallet; the txid.
[[nodiscard]] base::Result<std::string> pay(const State& state, const std::string& address,
                                            base::Amount amount);
/// Blocks until the program ends; used by the miner process.
[[nodiscard]] base::Status mineForever(const State& state, const Mining& mining);

} // namespace bowline::devnet
