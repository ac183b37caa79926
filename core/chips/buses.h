// SPDX-License-Identifier: MIT
// The messages that the machine's tables exchange, and how the program's table writes an instruction down.
#pragma once

#include <cstdint>

namespace bowline::chips {

/// A word is two 16-bit limbs, the lower one first; an address is a word. Register number i is the word at
/// kMemoryEnd + 4 i. Every message is sent as often as it is received (docs/proofs.md, "Buses").
enum Bus : std::uint32_t {
    kStateBus = 1,       // pc, npc, time: what an instruction leaves to the one after it
    kProgramBus = 2,     // pc, operation, 4 rd, 4 rs, 4 rt, immediate (2), target
    kMemoryBus = 3,      // address (2), value (2), time of the last access
    kLimbBus = 4,        // x: below 2^16
    kBitsBus = 5,        // x, n: below 2^n, n from 1 to 15
    kPairBus = 6,        // a, b: bytes
    kByteBus = 7,        // operation, a, b, c: bytes and c = a and, or, xor, nor b
    kAddressBus = 8,     // x: upper limb of an address that loads, stores and jumps reach
    kFieldBus = 9,       // x: at most 0x7f00, the upper limb of a word that may be below p
    kPermuteBus = 10,    // 16 elements, the first 8 of their permutation
    kPermuteAllBus = 11, // 16 elements, all 16 of their permutation
    kNodeBus = 12,       // level, index, digest before the shard (8), digest after it (8)
    kCallBus = 13,       // number of a precompile, time, $4 (2), $5 (2), $6 (2)
    kHaltBus = 14,       // exit code (2)
    kSha256Bus = 15,     // time, $5 (2), state (16): from the first row of a compression to the last but one
};

/// The operation field of kByteBus.
enum ByteOperation : std::uint32_t { kAndBytes = 0, kOrBytes = 1, kXorBytes = 2, kNorBytes = 3 };

/// Added to an operation that is a branch with a NOP in its slot: one row does both.
inline constexpr std::uint32_t kFused = 128;
/// The operation of a word that is no instruction: no table asks for it.
inline constexpr std::uint32_t kNoOperation = 127;

/// An instruction's time is that of its first access; the next one's is 4 more, 8 behind a fused branch.
inline constexpr std::uint32_t kFirstTime = 4;
inline constexpr std::uint32_t kTimeStep = 4;
/// When an instruction makes its accesses, after its time.
enum SubTime : std::uint32_t { kAtRs = 0, kAtRt = 1, kAtMemory = 2, kAtRd = 3, kAtExtra = 3 };
/// When a precompile makes them: all operands are read before the first is written.
enum CallTime : std::uint32_t { kAtSecond = 0, kAtThird = 1, kAtFirst = 2 };
/// An access comes at most this much later than the one before it; a multiple of the longest shard's time.
inline constexpr std::uint32_t kMaxGap = 1U << 24U;

} // namespace bowline::chips
