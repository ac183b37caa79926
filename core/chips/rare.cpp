// SPDX-License-Identifier: MIT
// Conditional moves, traps that are not taken, and the instructions on single bits.
#include "core/chips/instruction.h"

#include <bit>

namespace bowline::chips {

namespace {

/// MOVZ and MOVN.
class MoveIf final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "move if"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), row.number(0), b.constant(0U)});
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_registers.rt)), real, "rt");
        const WordExpr a = row.word(m_a.value);
        const WordExpr condition = row.word(m_b.value);
        const WordExpr old = row.word(m_old.before);
        const WordExpr after = row.word(m_after);
        const Expr zero = b.main(m_zero);
        b.assertBoolean(zero, "zero is a bit");
        zeroTest(row, condition.lo + condition.hi, b.main(m_inverse), zero, "condition");
        const Expr moves = m_flags.is(b, Code::Movz) * zero + m_flags.is(b, Code::Movn) * (1U - zero);
        b.assertEqual(after.lo, old.lo + moves * (a.lo - old.lo), "result low");
        b.assertEqual(after.hi, old.hi + moves * (a.hi - old.hi), "result high");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), after, real, "rd");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const std::uint32_t condition = step.atRt.before;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_after.set(row, step.atRd.after);
        row.set(m_zero, condition == 0 ? 1U : 0U);
        row.set(m_inverse,
                smallInverse(static_cast<std::int32_t>((condition & 0xffffU) + (condition >> 16U))));
    }

private:
    Flags m_flags{layout(), {Code::Movz, Code::Movn}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    WritePort m_old{layout()};
    Word m_after{layout()};
    std::size_t m_zero = layout().take();
    std::size_t m_inverse = layout().take();
};

/// TEQ and its relatives: a trap that is taken has no proof.
class Trap final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "trap"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr immediateFlag =
            m_flags.anyOf(b, {Code::Teqi, Code::Tnei, Code::Tgei, Code::Tgeiu, Code::Tlti, Code::Tltiu});
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.constant(0U), b.main(m_rs), b.main(m_rt), immediate,
                                b.constant(0U)});
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_rt)), real - immediateFlag, "rt");
        const WordExpr second = row.word(m_b.value);
        b.assertZero(immediateFlag * (second.lo - immediate.lo), "immediate low");
        b.assertZero(immediateFlag * (second.hi - immediate.hi), "immediate high");
        const Expr isSigned = m_flags.anyOf(b, {Code::Tge, Code::Tlt, Code::Tgei, Code::Tlti});
        const Expr lesser =
            m_comparison.constrain(row, row.word(m_a.value), second, isSigned, real - isSigned);
        const WordExpr difference = row.word(m_comparison.difference);
        const Expr equal = b.main(m_equal);
        b.assertBoolean(equal, "equal is a bit");
        zeroTest(row, difference.lo + difference.hi, b.main(m_inverse), equal, "difference");
        b.assertZero(m_flags.anyOf(b, {Code::Teq, Code::Teqi}) * equal, "not equal");
        b.assertZero(m_flags.anyOf(b, {Code::Tne, Code::Tnei}) * (1U - equal), "equal");
        b.assertZero(m_flags.anyOf(b, {Code::Tge, Code::Tgeu, Code::Tgei, Code::Tgeiu}) * (1U - lesser),
                     "lesser");
        b.assertZero(m_flags.anyOf(b, {Code::Tlt, Code::Tltu, Code::Tlti, Code::Tltiu}) * lesser,
                     "not lesser");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool immediate = step.code >= Code::Teqi && step.code <= Code::Tltiu;
        const bool isSigned = step.code == Code::Tge || step.code == Code::Tlt || step.code == Code::Tgei ||
                              step.code == Code::Tlti;
        const std::uint32_t second = immediate ? step.immediate : step.atRt.before;
        const std::uint32_t difference = step.atRs.before - second;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_immediate.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        if (immediate) m_b.port.skip(row, step.time + kAtRt);
        m_b.value.set(row, second);
        m_comparison.set(row, step.atRs.before, second, isSigned);
        row.set(m_equal, difference == 0 ? 1U : 0U);
        row.set(m_inverse,
                smallInverse(static_cast<std::int32_t>((difference & 0xffffU) + (difference >> 16U))));
    }

private:
    Flags m_flags{layout(),
                  {Code::Teq, Code::Tne, Code::Tge, Code::Tgeu, Code::Tlt, Code::Tltu, Code::Teqi, Code::Tnei,
                   Code::Tgei, Code::Tgeiu, Code::Tlti, Code::Tltiu}};
    Frame m_frame{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    Word m_immediate{layout()};
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    Comparison m_comparison{layout()};
    std::size_t m_equal = layout().take();
    std::size_t m_inverse = layout().take();
};

/// CLZ, CLO, SEB, SEH, WSBH, EXT, INS over the bits of rs and rt. `place` is one-hot: the lowest bit of a field, or the
/// highest bit that is not like those that are counted; `none` of them is. `size` is as many ones as the field has bits.
class Bits final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "bits"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), immediate, b.constant(0U)});
        const WordExpr a = wordOf(b, m_a);
        const WordExpr second = wordOf(b, m_b);
        row.access(m_portA, kAtRs, row.registerAddress(b.main(m_registers.rs)), a, a,
                   m_flags.anyOf(b, {Code::Ext, Code::Ins, Code::Clz, Code::Clo}), "rs");
        row.access(m_portB, kAtRt, row.registerAddress(b.main(m_registers.rt)), second, second,
                   m_flags.anyOf(b, {Code::Ins, Code::Seb, Code::Seh, Code::Wsbh}), "rt");
        constrainBits(b);
        constrainField(row, immediate);
        constrainCount(b);
        const WordExpr result = row.word(m_result);
        constrainResult(b, result, second);
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool field = step.code == Code::Ext || step.code == Code::Ins;
        const bool counts = step.code == Code::Clz || step.code == Code::Clo;
        const bool usesB = step.code != Code::Ext && !counts;
        const std::uint32_t a = field || counts ? step.atRs.before : 0;
        const std::uint32_t second = usesB ? step.atRt.before : 0;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_immediate.set(row, step.immediate);
        for (unsigned i = 0; i < 32; ++i) {
            row.set(m_a + i, a >> i & 1U);
            row.set(m_b + i, second >> i & 1U);
        }
        m_portA.set(row, step.time + kAtRs, step.atRs);
        if (!field && !counts) m_portA.skip(row, step.time + kAtRs);
        m_portB.set(row, step.time + kAtRt, step.atRt);
        if (!usesB) m_portB.skip(row, step.time + kAtRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        const std::uint32_t position = field ? step.immediate & 31U : 0;
        const std::uint32_t size = field ? step.immediate >> 8U : 0;
        if (counts) {
            const int count = step.code == Code::Clz ? std::countl_zero(a) : std::countl_one(a);
            if (count == 32) row.set(m_none, 1U);
            if (count < 32) row.set(m_place + 31U - static_cast<std::size_t>(count), 1U);
        } else {
            row.set(m_place + position, 1U);
        }
        for (unsigned i = 0; i < size; ++i) row.set(m_size + i, 1U);
        const std::uint32_t mask = size == 0 ? 0 : 0xffffffffU >> (32 - size);
        const std::uint32_t at = counts ? static_cast<std::uint32_t>(std::countl_zero(0U)) : position;
        m_extracted.set(row, at < 32 ? a >> at & mask : 0);
        m_inserted.set(row, at < 32 ? (second & ~(mask << at)) | (a & mask) << at : second);
    }

private:
    [[nodiscard]] static WordExpr wordOf(AirBuilder& b, std::size_t bits)
    {
        WordExpr out{b.constant(0U), b.constant(0U)};
        for (std::uint32_t i = 0; i < 16; ++i) {
            out.lo += b.main(bits + i) * (1U << i);
            out.hi += b.main(bits + 16 + i) * (1U << i);
        }
        return out;
    }
    void constrainBits(AirBuilder& b) const
    {
        for (std::uint32_t i = 0; i < 32; ++i) {
            const std::string name = " " + std::to_string(i);
            b.assertBoolean(b.main(m_a + i), "bit of rs" + name);
            b.assertBoolean(b.main(m_b + i), "bit of rt" + name);
            b.assertBoolean(b.main(m_place + i), "place" + name);
            b.assertBoolean(b.main(m_size + i), "size" + name);
            if (i > 0)
                b.assertZero(b.main(m_size + i) * (1U - b.main(m_size + i - 1)), "size without gaps" + name);
        }
        b.assertBoolean(b.main(m_none), "none");
    }
    void constrainField(RowConstraints& row, WordExpr immediate) const
    {
        AirBuilder& b = row.builder();
        const Expr field = m_flags.anyOf(b, {Code::Ext, Code::Ins});
        Expr places = b.main(m_none);
        Expr position = b.constant(0U);
        Expr size = b.constant(0U);
        for (std::uint32_t i = 0; i < 32; ++i) {
            places += b.main(m_place + i);
            position += b.main(m_place + i) * i;
            size += b.main(m_size + i);
        }
        b.assertEqual(places, row.real(), "one place");
        b.assertZero(field * b.main(m_none), "a field has a place");
        b.assertZero(field * (position + size * 256U - immediate.lo), "field");
        WordExpr extracted{b.constant(0U), b.constant(0U)};
        WordExpr inserted{b.constant(0U), b.constant(0U)};
        for (std::size_t i = 0; i < 32; ++i) {
            Expr& out = i < 16 ? extracted.lo : extracted.hi;
            Expr& in = i < 16 ? inserted.lo : inserted.hi;
            const std::uint32_t weight = 1U << i % 16;
            Expr taken = b.constant(0U);   // bit i of the extracted field, without its size
            Expr covered = b.constant(0U); // whether the field covers bit i
            Expr put = b.constant(0U);
            for (std::size_t place = 0; place < 32; ++place) {
                const Expr here = b.main(m_place + place);
                if (i + place < 32) taken += here * b.main(m_a + i + place);
                if (i >= place) {
                    covered += here * b.main(m_size + i - place);
                    put += here * b.main(m_size + i - place) * b.main(m_a + i - place);
                }
            }
            out += taken * b.main(m_size + i) * weight;
            in += (put + (1U - covered) * b.main(m_b + i)) * weight;
        }
        b.assertEqual(b.main(m_extracted.lo), extracted.lo, "extracted low");
        b.assertEqual(b.main(m_extracted.hi), extracted.hi, "extracted high");
        b.assertEqual(b.main(m_inserted.lo), inserted.lo, "inserted low");
        b.assertEqual(b.main(m_inserted.hi), inserted.hi, "inserted high");
    }
    // The bit at the place is the first from above that is not counted.
    void constrainCount(AirBuilder& b) const
    {
        const Expr zeros = m_flags.is(b, Code::Clz);
        const Expr ones = m_flags.is(b, Code::Clo);
        Expr above = b.constant(0U); // the sum of the bits above
        for (std::uint32_t n = 0; n < 32; ++n) {
            const std::uint32_t i = 31 - n;
            const std::string name = " " + std::to_string(i);
            const Expr here = b.main(m_place + i);
            const Expr bit = b.main(m_a + i);
            b.assertZero(zeros * here * (1U - bit), "a one ends the zeros" + name);
            b.assertZero(zeros * here * above, "zeros above" + name);
            b.assertZero(ones * here * bit, "a zero ends the ones" + name);
            b.assertZero(ones * here * (n - above), "ones above" + name);
            above += bit;
        }
        b.assertZero(zeros * b.main(m_none) * above, "all zeros");
        b.assertZero(ones * b.main(m_none) * (32U - above), "all ones");
    }
    void constrainResult(AirBuilder& b, WordExpr result, WordExpr second) const
    {
        const auto is = [&](Code code) { return m_flags.is(b, code); };
        const auto bit = [&](std::size_t i) { return b.main(m_b + i); };
        Expr count = b.main(m_none) * 32U;
        for (std::uint32_t i = 0; i < 32; ++i) count += b.main(m_place + i) * (31 - i);
        Expr lowByte = b.constant(0U);
        WordExpr swapped{b.constant(0U), b.constant(0U)};
        for (std::uint32_t i = 0; i < 8; ++i) {
            lowByte += bit(i) * (1U << i);
            swapped.lo += bit(i) * (256U << i) + bit(8 + i) * (1U << i);
            swapped.hi += bit(16 + i) * (256U << i) + bit(24 + i) * (1U << i);
        }
        b.assertEqual(result.lo,
                      (is(Code::Clz) + is(Code::Clo)) * count + is(Code::Seb) * (lowByte + bit(7) * 0xff00U) +
                          is(Code::Seh) * second.lo + is(Code::Wsbh) * swapped.lo +
                          is(Code::Ext) * b.main(m_extracted.lo) + is(Code::Ins) * b.main(m_inserted.lo),
                      "result low");
        b.assertEqual(result.hi,
                      is(Code::Seb) * bit(7) * 0xffffU + is(Code::Seh) * bit(15) * 0xffffU +
                          is(Code::Wsbh) * swapped.hi + is(Code::Ext) * b.main(m_extracted.hi) +
                          is(Code::Ins) * b.main(m_inserted.hi),
                      "result high");
    }

    Flags m_flags{layout(), {Code::Clz, Code::Clo, Code::Seb, Code::Seh, Code::Wsbh, Code::Ext, Code::Ins}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_immediate{layout()};
    std::size_t m_a = layout().take(32);
    Port m_portA{layout()};
    std::size_t m_b = layout().take(32);
    Port m_portB{layout()};
    std::size_t m_place = layout().take(32);
    std::size_t m_none = layout().take();
    std::size_t m_size = layout().take(32);
    Word m_extracted{layout()};
    Word m_inserted{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
};

} // namespace

InstructionChipPtr makeMoveIf() { return std::make_unique<MoveIf>(); }
InstructionChipPtr makeTrap() { return std::make_unique<Trap>(); }
InstructionChipPtr makeBits() { return std::make_unique<Bits>(); }

} // namespace bowline::chips
