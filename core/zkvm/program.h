// SPDX-License-Identifier: MIT
// Snapshots of a program that has started up.
#pragma once

#include "core/zkvm/machine.h"

namespace bowline::zkvm {

inline constexpr base::ErrorCode kNoSnapshot{"zkvm.no-snapshot"};

struct Snapshot {
    Image image;
    std::uint64_t cycles = 0; // that went before it, and need not be proven
};
/// Executes up to the first primitive that would read private input. An error if the program ends before, or
/// does not get there within `limit` instructions. The same image gives the same snapshot.
[[nodiscard]] Result<Snapshot> takeSnapshot(const Image& image, std::uint64_t limit, MachineOptions options);

} // namespace bowline::zkvm
