// SPDX-License-Identifier: MIT
// What tables are filled from, and the interfaces by which they are.
#pragma once

#include "core/chips/columns.h"
#include "core/zkvm/instruction.h"

#include <array>
#include <memory>
#include <span>

namespace bowline::chips {

/// One instruction as it was executed, or a branch and the NOP in its slot.
struct Step {
    std::uint32_t pc = 0;
    std::uint32_t npc = 0; // before it
    std::uint32_t time = 0;
    std::uint32_t next = 0;    // where a branch or jump goes on behind its slot
    std::uint32_t address = 0; // of the word that is loaded or stored
    std::uint32_t immediate = 0;
    std::uint32_t target = 0;
    zkvm::Code code{}; // normalised: see program_table.h
    bool fused = false;
    bool taken = false;
    std::uint8_t rd = 0;
    std::uint8_t rs = 0;
    std::uint8_t rt = 0;
    /// What it accessed, in the order of SubTime; of those its code has not, nothing is set.
    Access atRs;
    Access atRt;
    Access atMemory;
    Access atRd;
    Access atExtra;
};

/// One call of a precompile: its operands' words, in the order of their addresses. The first operand is written in
/// place, the others are read.
struct Call {
    std::uint32_t number = 0;
    std::uint32_t time = 0;
    std::array<std::uint32_t, 3> pointers{};
    std::span<const Access> first;
    std::span<const Access> second;
    std::span<const Access> third;
};

/// A table that a shard without its instructions leaves out.
class Chip : public stark::Air {
public:
    [[nodiscard]] std::size_t width() const override { return m_layout.width(); }
    [[nodiscard]] bool optional() const override { return true; }

protected:
    [[nodiscard]] Layout& layout() { return m_layout; }

private:
    Layout m_layout; // before the columns of the derived class
};

/// One row a step.
class InstructionChip : public Chip {
public:
    virtual void fill(const Row& row, const Step& step) const = 0;
};

/// A whole number of rows a call, all calls one behind the other from the first row on.
class CallChip : public Chip {
public:
    [[nodiscard]] virtual std::size_t rowsPerCall() const = 0;
    /// Fills the rows from `first` on.
    virtual void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const = 0;
    /// Fills the rows from `first` to the end of the table, which stand for nothing. By default they are zero.
    /// Called behind all calls' fill, even if no row is left: what a call's last row says of the one after it
    /// can only be written then.
    virtual void fillRest(std::uint32_t* /*data*/, unsigned /*log*/, std::size_t /*first*/) const {}
};

} // namespace bowline::chips
