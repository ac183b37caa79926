// SPDX-License-Identifier: MIT
// One run of a child program that reads descriptor 0 to its end and writes to descriptors 1 and 3.
#pragma once

#include "core/l2/stf_program.h"

namespace bowline::l2 {

/// Without a shell, with an empty environment, no other descriptor than 0 to 3, and standard error as here.
/// Fails with kStfFailed when the program cannot be started, is killed, takes longer than `timeout` or writes
/// more than `maxOutput` bytes to either descriptor; it does not outlive the call.
[[nodiscard]] Result<ProgramOutput> runChild(const std::string& program, ByteView input,
                                             std::chrono::milliseconds timeout, std::size_t maxOutput);

} // namespace bowline::l2
