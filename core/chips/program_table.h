// SPDX-License-Identifier: MIT
// The code of a program as a table, one row a word, and the form in which the other tables ask for it.
#pragma once

#include "core/chips/chip.h"
#include "core/zkvm/text.h"

#include <array>
#include <optional>

namespace bowline::chips {

/// Which table an instruction's row is in.
enum class Kind : std::uint8_t {
    AddImmediate,
    Add,
    CheckedAdd,
    Compare,
    Logic,
    Shift,
    Branch,
    BranchLink,
    Jump,
    LoadWord,
    StoreWord,
    LoadPart,
    StorePart,
    Unaligned,
    Linked,
    Multiply,
    MultiplyLong,
    Divide,
    MoveIf,
    Trap,
    Bits,
    Nop,
    Primitive,
    None // no instruction
};
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::None);

/// An instruction as the tables know it: what several instructions have in common is one, and fields that mean nothing
/// are zero. `immediate` of a jump that links is the address it links to.
struct MicroOp {
    zkvm::Code code = zkvm::Code::Illegal;
    bool fused = false;
    std::uint8_t rd = 0;
    std::uint8_t rs = 0;
    std::uint8_t rt = 0;
    std::uint32_t immediate = 0;
    std::uint32_t target = 0;
};

/// `nopFollows`: the word after it is a NOP of the same range of code.
[[nodiscard]] MicroOp microOf(const zkvm::Op& op, std::uint32_t pc, bool nopFollows);
[[nodiscard]] Kind kindOf(zkvm::Code code);
/// A step before its accesses: what the program says of the instruction, and the state before it.
[[nodiscard]] Step stepOf(const MicroOp& op, std::uint32_t pc, std::uint32_t npc, std::uint32_t time);

/// What an instruction accesses, by SubTime.
struct Accesses {
    bool rs = false;
    bool rt = false;
    bool memory = false;
    bool rd = false;
    bool extra = false;
};
[[nodiscard]] Accesses accessesOf(zkvm::Code code);

class ProgramTable : public stark::Air {
public:
    static constexpr std::size_t kFields = 8; // of kProgramBus

    /// `text` outlives the table.
    explicit ProgramTable(const zkvm::Text& text);
    /// Of 2^log rows without their contents: for a verifier, who knows the commitment.
    explicit ProgramTable(unsigned log) : m_text(nullptr), m_log(log) {}

    [[nodiscard]] std::string name() const override { return "program"; }
    [[nodiscard]] std::size_t width() const override { return 1; } // how often the row is executed
    [[nodiscard]] stark::Matrix preprocessed() const override;
    void eval(stark::AirBuilder& b) const override;

    [[nodiscard]] unsigned log() const { return m_log; }
    /// The row of an address in the code.
    [[nodiscard]] std::optional<std::size_t> rowOf(std::uint32_t pc) const;
    [[nodiscard]] const MicroOp& at(std::size_t row) const { return m_rows[row]; }

private:
    const zkvm::Text* m_text;
    std::vector<MicroOp> m_rows;
    std::vector<std::size_t> m_firstRows; // of each range
    unsigned m_log = 0;
};

} // namespace bowline::chips
