// SPDX-License-Identifier: MIT
// The command lines of `bowlined --role prover` and of the child process that it runs, `bowlined --role prover-worker`.
#pragma once

#include "core/net/endpoint.h"
#include "core/tasks/task.h"

#include <optional>
#include <string>
#include <vector>

namespace bowline::prover_app {

using base::Result;

inline constexpr base::ErrorCode kUsage{"prover.usage"};

struct ProverOptions {
    std::string datadir;            // the prover's own: its name, what it fetched, what it made
    net::Endpoint node;             // that gives out tasks
    std::string tokenFile;          // the node's access token; read again when the node has another one
    std::string stfImage;           // path of bowline-stf.image; empty: beside this program
    tasks::KindSet kinds = 0;       // all unless told otherwise
    unsigned threads = 0;           // 0: one a core
    std::uint32_t memoryMib = 3072; // of the child process
    int niceness = 19;              // of the child process: 0, as any other, to 19
    bool onlyWhenIdle = false;
    bool verbose = false;
};

/// A task of a child process, all in files.
struct WorkerOptions {
    bool serves = false; // no task: they come as lines on standard input (worker.h)
    tasks::Kind kind = tasks::Kind::Execute;
    std::uint32_t place = 0;
    std::string image;
    std::string imageDigest; // SHA-256 of the image, hex
    std::string input;
    std::string network;            // prover::ProofNetwork, hex: of lift, join, chain and wrap
    std::vector<std::string> needs; // results of other tasks, in the order of the task's needs
    std::string output;             // written whole or not at all
    unsigned threads = 1;
};

/// The role that is named behind --role, if it is one of these two.
enum class Role { None, Prover, Worker };
[[nodiscard]] Role roleIn(const std::vector<std::string>& arguments);
[[nodiscard]] Result<ProverOptions> parseProver(const std::vector<std::string>& arguments);
[[nodiscard]] Result<WorkerOptions> parseWorker(const std::vector<std::string>& arguments);
[[nodiscard]] std::string_view proverUsage();

} // namespace bowline::prover_app
