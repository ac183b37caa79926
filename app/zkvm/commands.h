// SPDX-License-Identifier: MIT
// What bowline-zkvm can do. Each command yields the object that --json prints.
#pragma once

#include "app/zkvm/arguments.h"

#include <boost/json.hpp>

namespace bowline::zkvm_cli {

/// A proof was asked for; there is no prover yet.
inline constexpr base::ErrorCode kNotBuilt{"zkvm.not-built-yet"};
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
[[nodiscard]] CommandResult notBuiltCommand(const Arguments& arguments);

/// Makes running commands stop with kInterrupted. Safe in a signal handler.
void interrupt();

} // namespace bowline::zkvm_cli
