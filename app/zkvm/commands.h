// SPDX-License-Identifier: MIT
// What bowline-zkvm can do. Each command yields the object that --json prints.
#pragma once

#include "app/zkvm/arguments.h"

#include <boost/json.hpp>

namespace bowline::zkvm_cli {

/// The execution came to a point that cannot be proven.
inline constexpr base::ErrorCode kFaulted{"zkvm.fault"};
inline constexpr base::ErrorCode kLimit{"zkvm.limit"};
inline constexpr base::ErrorCode kInterrupted{"zkvm.interrupted"};

struct Report {
    boost::json::object json;
    /// Of the process: 1 when the guest ended with another exit code than 0.
    int status = 0;
};
using CommandResult = base::Result<Report>;

[[nodiscard]] CommandResult runCommand(const Arguments& arguments);
[[nodiscard]] CommandResult snapshotCommand(const Arguments& arguments);
[[nodiscard]] CommandResult idCommand(const Arguments& arguments);
[[nodiscard]] CommandResult proveCommand(const Arguments& arguments);
[[nodiscard]] CommandResult verifyCommand(const Arguments& arguments);
[[nodiscard]] CommandResult inspectCommand(const Arguments& arguments);
/// Proves and verifies, and keeps only the figures.
[[nodiscard]] CommandResult benchCommand(const Arguments& arguments);

/// Makes running commands stop with kInterrupted. Safe in a signal handler.
void interrupt();

} // namespace bowline::zkvm_cli
