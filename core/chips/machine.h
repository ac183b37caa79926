// SPDX-License-Identifier: MIT
// All tables of the machine as one proof system, and the statement that a proof of a shard makes.
#pragma once

#include "core/chips/chip.h"
#include "core/chips/memory.h"
#include "core/chips/program_table.h"
#include "core/chips/tables.h"
#include "core/stark/key.h"

#include <optional>

namespace bowline::chips {

/// What a shard's proof says: started with this state it ends with that one. Public values are these numbers in this
/// order, digests as 8 elements, the exit code as two limbs.
struct Statement {
    std::uint32_t pcBefore = 0;
    std::uint32_t npcBefore = 0;
    zkvm::NodeDigest rootBefore{};
    std::uint32_t pcAfter = 0; // 0 and npc 0: halted
    std::uint32_t npcAfter = 0;
    zkvm::NodeDigest rootAfter{};
    std::uint32_t timeAfter = 0; // kTimeStep an instruction from kFirstTime on
    bool halted = false;
    std::uint32_t exitCode = 0; // 0 if not halted

    static constexpr std::size_t kValues = 2 + 8 + 2 + 8 + 1 + 1 + 2;
    [[nodiscard]] std::vector<Element> publicValues() const;
    [[nodiscard]] std::uint64_t instructions() const { return (timeAfter - kFirstTime) / kTimeStep; }
};

/// How many words a precompile's operands have.
struct OperandWords {
    std::size_t first = 0;
    std::size_t second = 0;
    std::size_t third = 0;
};
/// None for a number that is no precompile.
[[nodiscard]] std::optional<OperandWords> operandsOf(std::uint32_t number);

/// The tables and their places in the system. A table's place is its id: later ones are added at the end.
class MachineTables {
public:
    /// For proving: `text` outlives the tables.
    explicit MachineTables(const zkvm::Text& text);
    /// For verifying: a program table of 2^log rows that only its commitment is known of.
    explicit MachineTables(unsigned programLog);

    [[nodiscard]] base::Result<stark::System> system(const stark::Parameters& parameters) const;

    [[nodiscard]] const InstructionChip& instruction(Kind kind) const
    {
        return *m_instructions[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] const ProgramTable& program() const { return m_program; }
    [[nodiscard]] const LeafTable& leaf() const { return m_leaf; }
    [[nodiscard]] const NodeTable& node() const { return m_node; }

    struct CallTable {
        std::uint32_t number = 0; // of the primitive that it answers
        std::unique_ptr<CallChip> chip;
    };
    [[nodiscard]] const std::vector<CallTable>& calls() const { return m_calls; }

    /// Places in the system.
    [[nodiscard]] static std::size_t placeOf(Kind kind) { return static_cast<std::size_t>(kind); }
    [[nodiscard]] std::size_t placeOfCall(std::size_t call) const { return kKinds + call; }
    [[nodiscard]] std::size_t placeOfLeaf() const { return kKinds + m_calls.size(); }
    [[nodiscard]] std::size_t placeOfNode() const { return placeOfLeaf() + 1; }
    [[nodiscard]] std::size_t placeOfPermutation() const { return placeOfLeaf() + 2; }
    [[nodiscard]] std::size_t placeOfProgram() const { return placeOfLeaf() + 3; }
    [[nodiscard]] std::size_t placeOfRange() const { return placeOfLeaf() + 4; }
    [[nodiscard]] std::size_t placeOfBytes() const { return placeOfLeaf() + 5; }
    [[nodiscard]] std::size_t size() const { return placeOfLeaf() + 6; }

private:
    explicit MachineTables(ProgramTable program);

    std::vector<std::unique_ptr<InstructionChip>> m_instructions; // by Kind
    std::vector<CallTable> m_calls;
    LeafTable m_leaf;
    NodeTable m_node;
    PermutationTable m_permutation;
    ProgramTable m_program;
    RangeTable m_range;
    ByteTable m_bytes;
};

/// No table of a proof is taller than 2^this; what the soundness of the parameters is worked out for.
inline constexpr unsigned kMaxTableLog = 21;

/// Whether times of a proof of these heights stay far below p, so that no chain of instructions closes on itself and
/// no access comes before the one that it follows (rule B4).
[[nodiscard]] bool timesAreSafe(const stark::Heights& heights);

} // namespace bowline::chips
