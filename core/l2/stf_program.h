// SPDX-License-Identifier: MIT
// The state transition as a function of bytes (docs/protocol.md, section 5), whatever executes it: the program
// bowline-stf as a child process here, its image in the proven machine (core/stf), or both against each other.
#pragma once

#include "core/base/bytes.h"

#include <chrono>
#include <memory>
#include <string>

namespace bowline::l2 {

using base::Bytes;
using base::ByteView;
using base::Result;

/// The program could not be started, did not answer in time or was killed.
inline constexpr base::ErrorCode kStfFailed{"l2.stf-failed"};
/// It answered something that its own protocol, the recomputed root or another run contradicts.
inline constexpr base::ErrorCode kStfUnsound{"l2.stf-unsound"};

struct ProgramOutput {
    int exitCode = 0;
    Bytes result; // descriptor 1
    Bytes values; // descriptor 3
    friend bool operator==(const ProgramOutput&, const ProgramOutput&) = default;
};

class StfProgram {
public:
    virtual ~StfProgram() = default;
    /// One run on a frame. Can be called from several threads at once. Fails with kStfFailed.
    [[nodiscard]] virtual Result<ProgramOutput> run(ByteView frame) const = 0;
};
using StfProgramPtr = std::shared_ptr<const StfProgram>;

struct NativeOptions {
    std::string program; // path of bowline-stf
    std::chrono::milliseconds timeout{60'000};
    std::size_t maxOutput = 64U << 20U;
};
/// As a child process.
[[nodiscard]] StfProgramPtr nativeProgram(NativeOptions options);

/// Runs both on every frame; kStfUnsound when they do not answer the same bytes.
[[nodiscard]] StfProgramPtr checkedAgainst(StfProgramPtr first, StfProgramPtr second);

} // namespace bowline::l2
