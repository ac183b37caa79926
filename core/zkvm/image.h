// SPDX-License-Identifier: MIT
// A machine at rest: registers, pages and code. What a program starts from, and what a snapshot is.
//
// The file form is canonical, little-endian: "BWLZKIMG", version, kernel version, pc, npc, the 40 registers,
// the number of code ranges and each one's address and length in words, the number of pages and each one's
// index and 4096 bytes. Ranges and pages ascend; a page holds something other than zeros; nothing follows.
#pragma once

#include "core/zkvm/memory.h"

namespace bowline::zkvm {

inline constexpr base::ErrorCode kBadImage{"zkvm.bad-image"};

using Registers = std::array<std::uint32_t, kRegisterCount>;

struct Image {
    std::uint32_t kernelVersion = kKernelVersion;
    std::uint32_t pc = 0;
    std::uint32_t npc = 0;
    Registers registers{};
    Pages pages;
    std::vector<TextRange> text;

    [[nodiscard]] base::Bytes serialize() const;
    [[nodiscard]] static Result<Image> parse(base::ByteView file);

    friend bool operator==(const Image&, const Image&) = default;
};

[[nodiscard]] bool looksLikeImage(base::ByteView file);

/// The guest and the kernel of this build, about to start.
[[nodiscard]] Result<Image> imageFromElf(base::ByteView elf);
/// Either of an ELF file and an image file, whichever the bytes are.
[[nodiscard]] Result<Image> imageFromFile(base::ByteView file);
/// A program without kernel, for tests: pc is its entry, everything else zero.
[[nodiscard]] Result<Image> bareImageFromElf(base::ByteView elf);

} // namespace bowline::zkvm
