// SPDX-License-Identifier: MIT
// Counts what tables are asked for, from the messages themselves.
#pragma once

#include "core/chips/tables.h"
#include "core/stark/messages.h"

#include <optional>

namespace bowline::chips {

class LookupCounter {
public:
    LookupCounter();

    /// Counts the sends of one table to the buses of RangeTable and ByteTable. What is in neither of them, as no
    /// honest row asks for it, is left out: the proof will then not verify.
    void count(const stark::Chip& chip, const stark::Matrix& trace, field::Backend backend);
    /// Adds what another counter counted.
    void add(const LookupCounter& other);

    [[nodiscard]] stark::Matrix range() const { return matrixOf(m_range, RangeTable::kColumns); }
    [[nodiscard]] stark::Matrix bytes() const { return matrixOf(m_bytes, ByteTable::kColumns); }

private:
    [[nodiscard]] static stark::Matrix matrixOf(const std::vector<std::uint32_t>& counts,
                                                std::size_t columns);
    void countBlock(const stark::MessageBlock& block);

    std::vector<std::uint32_t> m_range; // columns of 2^16
    std::vector<std::uint32_t> m_bytes;
};

} // namespace bowline::chips
