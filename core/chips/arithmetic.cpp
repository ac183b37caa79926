// SPDX-License-Identifier: MIT
// Sums, differences and comparisons. A word is two limbs; c = a + b is two carries that are 0 or 1 (columns.h, add).
#include "core/chips/instruction.h"

namespace bowline::chips {

namespace {

/// rd := rs + immediate. Moves and constants too.
class AddImmediate final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "add immediate"; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(m_real);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {b.constant(numberOf(Code::Addiu)), b.main(m_rd), b.main(m_rs), b.constant(0U),
                                immediate, b.constant(0U)});
        const WordExpr sum = row.word(m_sum);
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_rd)), sum, real, "rd");
        row.word(sum, "sum");
        static_cast<void>(row.add(row.word(m_a.value), immediate, sum, "sum"));
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        row.set(m_real, 1U);
        m_frame.set(row, step);
        row.set(m_rd, 4U * step.rd);
        row.set(m_rs, 4U * step.rs);
        m_immediate.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_sum.set(row, step.atRd.after);
    }

private:
    std::size_t m_real = layout().take();
    Frame m_frame{layout()};
    std::size_t m_rd = layout().take();
    std::size_t m_rs = layout().take();
    Word m_immediate{layout()};
    ReadPort m_a{layout()};
    WritePort m_old{layout()};
    Word m_sum{layout()};
};

/// ADDU and SUBU: the sum is rs + rt, or the difference plus rt is rs.
class Add final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "add"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), row.number(0), b.constant(0U)});
        const WordExpr result = row.word(m_result);
        const WordExpr a = row.word(m_a.value);
        const WordExpr second = row.word(m_b.value);
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_registers.rt)), real, "rt");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        row.word(result, "result");
        // a - result turned round for a difference.
        const Expr sign = m_flags.is(b, Code::Addu) - m_flags.is(b, Code::Subu);
        const Expr low = b.main(m_carryLow);
        const Expr high = b.main(m_carryHigh);
        b.assertBoolean(low, "carry low");
        b.assertBoolean(high, "carry high");
        b.assertEqual(second.lo + sign * (a.lo - result.lo), low * 0x10000U, "low limb");
        b.assertEqual(second.hi + low + sign * (a.hi - result.hi), high * 0x10000U, "high limb");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        const std::uint32_t x = step.code == Code::Addu ? step.atRs.before : step.atRd.after;
        const std::uint32_t low = ((x & 0xffffU) + (step.atRt.before & 0xffffU)) >> 16U;
        row.set(m_carryLow, low);
        row.set(m_carryHigh, ((x >> 16U) + (step.atRt.before >> 16U) + low) >> 16U);
    }

private:
    Flags m_flags{layout(), {Code::Addu, Code::Subu}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
    std::size_t m_carryLow = layout().take();
    std::size_t m_carryHigh = layout().take();
};

/// ADD, ADDI and SUB, which have no proof when they overflow (rule B8): x + b = y, all signed, where y is rs for a
/// difference.
class CheckedAdd final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "checked add"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr immediateFlag = m_flags.is(b, Code::Addi);
        const Expr difference = m_flags.is(b, Code::Sub);
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), immediate, b.constant(0U)});
        const WordExpr result = row.word(m_result);
        const WordExpr a = row.word(m_a.value);
        const WordExpr second = row.word(m_b.value);
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_registers.rt)), real - immediateFlag, "rt");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        row.word(result, "result");
        b.assertZero(immediateFlag * (second.lo - immediate.lo), "immediate low");
        b.assertZero(immediateFlag * (second.hi - immediate.hi), "immediate high");
        const WordExpr x = row.word(m_x);
        const WordExpr y = row.word(m_y);
        b.assertEqual(x.lo, a.lo + difference * (result.lo - a.lo), "x low");
        b.assertEqual(x.hi, a.hi + difference * (result.hi - a.hi), "x high");
        b.assertEqual(y.lo, result.lo + difference * (a.lo - result.lo), "y low");
        b.assertEqual(y.hi, result.hi + difference * (a.hi - result.hi), "y high");
        static_cast<void>(row.add(x, second, y, "sum"));
        const Expr signX = b.main(m_signs);
        const Expr signB = b.main(m_signs + 1);
        const Expr signY = b.main(m_signs + 2);
        topBit(row, x.hi, signX, real, "sign of x");
        topBit(row, second.hi, signB, real, "sign of b");
        topBit(row, y.hi, signY, real, "sign of y");
        b.assertZero(signX * signB * (1U - signY), "negative stays negative");
        b.assertZero((1U - signX) * (1U - signB) * signY, "positive stays positive");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool immediate = step.code == Code::Addi;
        const std::uint32_t second = immediate ? step.immediate : step.atRt.before;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_immediate.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        if (immediate) m_b.port.skip(row, step.time + kAtRt);
        m_b.value.set(row, second);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        const bool difference = step.code == Code::Sub;
        const std::uint32_t x = difference ? step.atRd.after : step.atRs.before;
        const std::uint32_t y = difference ? step.atRs.before : step.atRd.after;
        m_x.set(row, x);
        m_y.set(row, y);
        row.set(m_signs, x >> 31U);
        row.set(m_signs + 1, second >> 31U);
        row.set(m_signs + 2, y >> 31U);
    }

private:
    Flags m_flags{layout(), {Code::Add, Code::Addi, Code::Sub}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_immediate{layout()};
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
    Word m_x{layout()};
    Word m_y{layout()};
    std::size_t m_signs = layout().take(3);
};

/// SLT and its relatives.
class Compare final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "compare"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr immediateFlag = m_flags.anyOf(b, {Code::Slti, Code::Sltiu});
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), immediate, b.constant(0U)});
        const WordExpr a = row.word(m_a.value);
        const WordExpr second = row.word(m_b.value);
        const Expr lesser = m_comparison.constrain(row, a, second, m_flags.anyOf(b, {Code::Slt, Code::Slti}),
                                                   m_flags.anyOf(b, {Code::Sltu, Code::Sltiu}));
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_registers.rt)), real - immediateFlag, "rt");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), {lesser, b.constant(0U)}, real,
                  "rd");
        b.assertZero(immediateFlag * (second.lo - immediate.lo), "immediate low");
        b.assertZero(immediateFlag * (second.hi - immediate.hi), "immediate high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool immediate = step.code == Code::Slti || step.code == Code::Sltiu;
        const std::uint32_t second = immediate ? step.immediate : step.atRt.before;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_immediate.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        if (immediate) m_b.port.skip(row, step.time + kAtRt);
        m_b.value.set(row, second);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_comparison.set(row, step.atRs.before, second, step.code == Code::Slt || step.code == Code::Slti);
    }

private:
    Flags m_flags{layout(), {Code::Slt, Code::Sltu, Code::Slti, Code::Sltiu}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_immediate{layout()};
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    WritePort m_old{layout()};
    Comparison m_comparison{layout()};
};

} // namespace

InstructionChipPtr makeAddImmediate() { return std::make_unique<AddImmediate>(); }
InstructionChipPtr makeAdd() { return std::make_unique<Add>(); }
InstructionChipPtr makeCheckedAdd() { return std::make_unique<CheckedAdd>(); }
InstructionChipPtr makeCompare() { return std::make_unique<Compare>(); }

} // namespace bowline::chips
