// SPDX-License-Identifier: MIT
// What the tables of instructions are built from. Private to core/chips.
#pragma once

#include "core/chips/chip.h"
#include "core/zkvm/layout.h"

#include <initializer_list>

namespace bowline::chips {

using zkvm::Code;

[[nodiscard]] constexpr std::uint32_t numberOf(Code code) { return static_cast<std::uint32_t>(code); }

/// One column an instruction that the table has: 1 in its rows.
class Flags {
public:
    Flags(Layout& layout, std::initializer_list<Code> codes)
        : m_codes(codes), m_first(layout.take(codes.size()))
    {
    }

    void set(const Row& row, Code code) const;
    /// Each is 0 or 1, and at most one is 1.
    void constrain(AirBuilder& b) const;
    [[nodiscard]] Expr is(AirBuilder& b, Code code) const;
    [[nodiscard]] Expr anyOf(AirBuilder& b, std::initializer_list<Code> codes) const;
    /// The sum of all.
    [[nodiscard]] Expr any(AirBuilder& b) const;
    /// The number of the one that is set.
    [[nodiscard]] Expr operation(AirBuilder& b) const;

private:
    std::vector<Code> m_codes;
    std::size_t m_first;
};

/// What an instruction is, as the row shows it.
struct Fetched {
    Expr operation;
    Expr rd;
    Expr rs;
    Expr rt;
    WordExpr immediate;
    Expr target;
};

/// Where an instruction stands, and that the one at npc follows.
struct Frame {
    std::size_t pc;
    std::size_t npc;
    std::size_t time;

    explicit Frame(Layout& layout) : pc(layout.take()), npc(layout.take()), time(layout.take()) {}
    void set(const Row& row, const Step& step) const;
    void constrain(RowConstraints& row, const Fetched& op) const;
};

/// The registers that an instruction names, as four times their numbers.
struct RegisterColumns {
    std::size_t rd;
    std::size_t rs;
    std::size_t rt;

    explicit RegisterColumns(Layout& layout) : rd(layout.take()), rs(layout.take()), rt(layout.take()) {}
    void set(const Row& row, const Step& step) const
    {
        row.set(rd, 4U * step.rd);
        row.set(rs, 4U * step.rs);
        row.set(rt, 4U * step.rt);
    }
};

void fetch(RowConstraints& row, Expr pc, const Fetched& op);
void receiveState(RowConstraints& row, Expr pc, Expr npc);
void sendState(RowConstraints& row, Expr pc, Expr npc, Expr time);

/// The bit of weight 2^15 of a limb, where `when`.
void topBit(RowConstraints& row, Expr limb, Expr bit, Expr when, const std::string& name);
/// bit = 1 exactly if the sum of the limbs is zero; `inverse` is a witness.
void zeroTest(RowConstraints& row, Expr sum, Expr inverse, Expr isZero, const std::string& name);
/// 1 / x for x from -2^17 to 2^17 and 0 for 0, by a table.
[[nodiscard]] Element smallInverse(std::int32_t x);

/// The difference of two words, and whether the first is the lesser.
struct Comparison {
    std::size_t signA;
    std::size_t signB;
    Word difference;

    explicit Comparison(Layout& layout) : signA(layout.take()), signB(layout.take()), difference(layout) {}
    void set(const Row& row, std::uint32_t a, std::uint32_t b, bool isSigned) const;
    /// Yields 1 where a < b. `isSigned` and `isUnsigned` exclude each other.
    [[nodiscard]] Expr constrain(RowConstraints& row, WordExpr a, WordExpr b, Expr isSigned,
                                 Expr isUnsigned) const;
};

/// The address base + offset.
struct AddressColumns {
    Word address;

    explicit AddressColumns(Layout& layout) : address(layout) {}
    void set(const Row& row, std::uint32_t value) const { address.set(row, value); }
    /// `remainder` is the address modulo 4. Yields the address of the word.
    [[nodiscard]] WordExpr constrain(RowConstraints& row, WordExpr base, WordExpr offset,
                                     Expr remainder) const;
};

using InstructionChipPtr = std::unique_ptr<InstructionChip>;
[[nodiscard]] InstructionChipPtr makeAddImmediate();
[[nodiscard]] InstructionChipPtr makeAdd();
[[nodiscard]] InstructionChipPtr makeCheckedAdd();
[[nodiscard]] InstructionChipPtr makeCompare();
[[nodiscard]] InstructionChipPtr makeLogic();
[[nodiscard]] InstructionChipPtr makeShift();
[[nodiscard]] InstructionChipPtr makeBranch();
[[nodiscard]] InstructionChipPtr makeBranchLink();
[[nodiscard]] InstructionChipPtr makeJump();
[[nodiscard]] InstructionChipPtr makeLoadWord();
[[nodiscard]] InstructionChipPtr makeStoreWord();
[[nodiscard]] InstructionChipPtr makeLoadPart();
[[nodiscard]] InstructionChipPtr makeStorePart();
[[nodiscard]] InstructionChipPtr makeUnaligned();
[[nodiscard]] InstructionChipPtr makeLinked();
[[nodiscard]] InstructionChipPtr makeMultiply();
[[nodiscard]] InstructionChipPtr makeMultiplyLong();
[[nodiscard]] InstructionChipPtr makeDivide();
[[nodiscard]] InstructionChipPtr makeMoveIf();
[[nodiscard]] InstructionChipPtr makeTrap();
[[nodiscard]] InstructionChipPtr makeBits();
[[nodiscard]] InstructionChipPtr makeNop();
[[nodiscard]] InstructionChipPtr makePrimitive();

} // namespace bowline::chips
