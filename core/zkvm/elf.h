// SPDX-License-Identifier: MIT
// Reads statically linked ELF32 little-endian MIPS programs, as Go, C and Rust compilers write them. Source of
// the format: System V ABI, "Object Files", and its MIPS supplement. Input is hostile: every offset, size and
// count is checked, and what is allocated is bounded by the input's own size and by kMaxProgramBytes.
#pragma once

#include "core/zkvm/memory.h"

namespace bowline::zkvm {

inline constexpr base::ErrorCode kBadElf{"zkvm.bad-elf"};

/// All segments of a program together, zero-filled parts included.
inline constexpr std::uint64_t kMaxProgramBytes = std::uint64_t{256} << 20U;

struct ElfProgram {
    std::uint32_t entry = 0;
    /// Behind the last byte of the highest segment.
    std::uint32_t end = 0;
    Pages pages;
    /// The executable sections, or the executable segments of a program without section headers.
    std::vector<TextRange> text;
};

/// Segments must lie in [lowest, highest); words of code are not judged here (see Text).
[[nodiscard]] Result<ElfProgram> parseElf(base::ByteView file, std::uint32_t lowest, std::uint32_t highest);

/// Begins as an ELF file does.
[[nodiscard]] bool looksLikeElf(base::ByteView file);

} // namespace bowline::zkvm
