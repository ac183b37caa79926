// SPDX-License-Identifier: MIT
// Counts what tables are asked for, from the messages themselves.
#pragma once

#include "core/chips/program_table.h"
#include "core/chips/tables.h"
#include "core/stark/messages.h"

namespace bowline::chips {

class LookupCounter {
public:
    /// `program`, if there is one, outlives the counter.
    explicit LookupCounter(const ProgramTable* program = nullptr);

    /// Counts the sends of one table to the buses of RangeTable, ByteTable and ProgramTable. What is in none of them, as no
    /// honest row asks for it, is left out: the proof will then not verify.
    void count(const stark::Chip& chip, const stark::Matrix& trace, field::Backend backend);
    /// Adds what another counter counted.
    void add(const LookupCounter& other);

    [[nodiscard]] stark::Matrix range() const { return matrixOf(m_range, RangeTable::kColumns); }
    [[nodiscard]] stark::Matrix bytes() const { return matrixOf(m_bytes, ByteTable::kColumns); }
    [[nodiscard]] stark::Matrix program() const { return matrixOf(m_program, 1); }

private:
    [[nodiscard]] static stark::Matrix matrixOf(const std::vector<std::uint32_t>& counts,
                                                std::size_t columns);
    void countBlock(const stark::MessageBlock& block);
    void countProgram(const stark::MessageBlock& block);

    std::vector<std::uint32_t> m_range; // columns, one behind the other
    std::vector<std::uint32_t> m_bytes;
    const ProgramTable* m_programTable;
    std::vector<std::uint32_t> m_program;
};

} // namespace bowline::chips
