// SPDX-License-Identifier: MIT
// Starting programs without a shell: short ones whose output is wanted, and long ones that outlive the
// caller and are found again by process id and start time (an id alone may have been given to another program).
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bowline::devnet {

inline constexpr base::ErrorCode kCannotStart{"devnet.cannot-start"};
inline constexpr base::ErrorCode kCommandFailed{"devnet.command-failed"};
inline constexpr base::ErrorCode kNoFreePort{"devnet.no-free-port"};

/// A process that cannot be mistaken for a later one with the same number.
struct ProcessId {
    int pid = 0;
    std::uint64_t startTicks = 0; // field 22 of /proc/<pid>/stat: clock ticks after boot
};

/// Runs to the end, at most `limit` long, and returns standard output. A non-zero exit status is an error
/// whose detail is the end of standard error.
[[nodiscard]] base::Result<std::string> runCommand(const std::vector<std::string>& arguments,
                                                   std::chrono::seconds limit = std::chrono::seconds(60));

/// Starts in a session of its own, with both outputs appended to `logFile`, and returns at once.
[[nodiscard]] base::Result<ProcessId> startDetached(const std::vector<std::string>& arguments,
                                                    const std::string& logFile);

[[nodiscard]] bool isRunning(const ProcessId& process);
/// SIGTERM, then SIGKILL after `grace`. Returns when the process is gone; does nothing to a stranger.
void endProcess(const ProcessId& process, std::chrono::seconds grace);

/// `count` different TCP ports of 127.0.0.1 that nobody listens on at this moment.
[[nodiscard]] base::Result<std::vector<std::uint16_t>> freePorts(std::size_t count);

} // namespace bowline::devnet
