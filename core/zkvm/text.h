// SPDX-License-Identifier: MIT
// The code of a program: decoded once, fixed for the whole execution.
//
// The machine fetches instructions from here and never from memory, where the same words lie as well; stores
// to them are faults. A jump to an address outside of every range is a fault.
#pragma once

#include "core/base/bytes.h"
#include "core/zkvm/instruction.h"

#include <vector>

namespace bowline::zkvm {

using base::Result;

inline constexpr base::ErrorCode kRefusedInstruction{"zkvm.refused-instruction"};
inline constexpr base::ErrorCode kBadText{"zkvm.bad-text"};

/// At most this many instructions in a program, kernel included.
inline constexpr std::size_t kMaxTextWords = std::size_t{16} << 20U;

/// Words of code at a multiple of 4.
struct TextRange {
    std::uint32_t base = 0;
    std::vector<std::uint32_t> words;

    [[nodiscard]] std::uint32_t end() const { return base + static_cast<std::uint32_t>(words.size()) * 4; }
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

class Text {
public:
    /// Sorted ranges of addresses that do not overlap. Refuses branch-likely and floating-point
    /// instructions and a branch in a delay slot; other words that are no instruction are faults when reached.
    [[nodiscard]] static Result<Text> decoded(std::vector<TextRange> ranges);

    /// The instruction at `pc`, followed by those behind it up to the end of its block; nullptr if there is
    /// none.
    [[nodiscard]] const Op* find(std::uint32_t pc) const
    {
        const std::uint32_t offset = pc - m_base;
        if (offset < m_size && offset % 4 == 0) [[likely]]
            return m_ops + offset / 4;
        return findElsewhere(pc);
    }
    [[nodiscard]] const std::vector<TextRange>& ranges() const { return m_ranges; }
    [[nodiscard]] bool overlaps(std::uint32_t begin, std::uint32_t size) const;

private:
    [[nodiscard]] const Op* findElsewhere(std::uint32_t pc) const;

    std::vector<TextRange> m_ranges;
    std::vector<std::vector<Op>> m_decoded; // of each range, with an End behind the last
    // The range of the last find(): jumps mostly stay inside.
    mutable std::uint32_t m_base = 0;
    mutable std::uint32_t m_size = 0;
    mutable const Op* m_ops = nullptr;
};

} // namespace bowline::zkvm
