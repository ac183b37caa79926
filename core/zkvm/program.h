// SPDX-License-Identifier: MIT
// What a proof is about: the identity of a program, and snapshots of one that has started up.
#pragma once

#include "core/zkvm/machine.h"

namespace bowline::zkvm {

/// The hash of (code, memory root, pc, npc, kernel version). Everything that an execution depends on but for
/// its private input is in it. The code's digest is that of its words; once there is a prover, the commitment
/// of its program table takes that place and every id changes.
[[nodiscard]] field::FieldDigest programId(const Image& image);
/// The code alone: the number of ranges, then of each its address, its length in words and its words, as
/// 16-bit limbs in the tagged sponge.
[[nodiscard]] field::FieldDigest textDigest(const std::vector<TextRange>& text);

inline constexpr base::ErrorCode kNoSnapshot{"zkvm.no-snapshot"};

struct Snapshot {
    Image image;
    std::uint64_t cycles = 0; // that went before it, and need not be proven
};
/// Executes up to the first primitive that would read private input. An error if the program ends before, or
/// does not get there within `limit` instructions. The same image gives the same snapshot.
[[nodiscard]] Result<Snapshot> takeSnapshot(const Image& image, std::uint64_t limit, MachineOptions options);

} // namespace bowline::zkvm
