// SPDX-License-Identifier: MIT
// The machine's address map and register numbers, as the proof sees them.
//
// Memory is one tree of 2^27 leaves of 32 bytes, leaf index = address / 32. Loads, stores and jumps reach
// [kMemoryBegin, kMemoryEnd). Register number i is the word at kMemoryEnd + 4 i, so that five leaves hold the
// 40 registers and the whole state is (pc, npc, root).
#pragma once

#include "core/zkvm/abi.h"

#include <cstdint>

namespace bowline::zkvm {

inline constexpr std::uint32_t kMemoryBegin = BOWLINE_MEMORY_BEGIN;
inline constexpr std::uint32_t kMemoryEnd = BOWLINE_MEMORY_END;
inline constexpr std::uint32_t kKernelVector = BOWLINE_KERNEL_VECTOR;
inline constexpr std::uint32_t kKernelVersion = BOWLINE_KERNEL_VERSION;

inline constexpr std::uint32_t kPageBytes = 4096;
inline constexpr std::uint32_t kPageWords = kPageBytes / 4;
inline constexpr std::uint32_t kLeafBytes = 32;
inline constexpr std::uint32_t kLeafWords = kLeafBytes / 4;
/// Of a load, a store or a jump.
[[nodiscard]] constexpr bool isAddress(std::uint32_t address)
{
    return address >= kMemoryBegin && address < kMemoryEnd;
}
inline constexpr std::uint32_t kFirstRegisterLeaf = kMemoryEnd / kLeafBytes;

/// 0 to 31 are the general registers.
inline constexpr std::uint32_t kRegisterCount = 40;
inline constexpr std::uint8_t kHi = 32;
inline constexpr std::uint8_t kLo = 33;
/// The address of the last LL with bit 0 set, or 0: no reservation.
inline constexpr std::uint8_t kReservation = 34;
/// Takes what an instruction writes to register 0; nothing reads it.
inline constexpr std::uint8_t kSink = 35;
/// What RDHWR $29 yields.
inline constexpr std::uint8_t kUserLocal = 36;

} // namespace bowline::zkvm
