// SPDX-License-Identifier: MIT
// One run of a child program that reads descriptor 0 to its end and writes to descriptors 1 and 3.
#pragma once

#include "core/base/bytes.h"

#include <chrono>
#include <string>

namespace bowline::l2 {

struct ChildOutput {
    int exitCode = 0;
    base::Bytes result; // descriptor 1
    base::Bytes values; // descriptor 3
};

/// Without a shell, with an empty environment, no other descriptor than 0 to 3, and standard error as here.
/// Fails with kStfFailed when the program cannot be started, is killed, takes longer than `timeout` or writes
/// more than `maxOutput` bytes to either descriptor; it does not outlive the call.
[[nodiscard]] base::Result<ChildOutput> runChild(const std::string& program, base::ByteView input,
                                                 std::chrono::milliseconds timeout, std::size_t maxOutput);

} // namespace bowline::l2
