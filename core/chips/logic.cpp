// SPDX-License-Identifier: MIT
// Logic byte by byte through the table of bytes, and shifts.
#include "core/chips/instruction.h"

namespace bowline::chips {

namespace {

class Logic final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "logic"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr immediateFlag = m_flags.anyOf(b, {Code::Andi, Code::Ori, Code::Xori});
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), immediate, b.constant(0U)});
        const WordExpr second = row.word(m_b);
        row.access(m_portA, kAtRs, row.registerAddress(b.main(m_registers.rs)), row.word(m_a), row.word(m_a),
                   real, "rs");
        row.access(m_portB, kAtRt, row.registerAddress(b.main(m_registers.rt)), second, second,
                   real - immediateFlag, "rt");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), row.word(m_result), real, "rd");
        b.assertZero(immediateFlag * (second.lo - immediate.lo), "immediate low");
        b.assertZero(immediateFlag * (second.hi - immediate.hi), "immediate high");
        const Expr operation = m_flags.anyOf(b, {Code::Or, Code::Ori}) * std::uint32_t{kOrBytes} +
                               m_flags.anyOf(b, {Code::Xor, Code::Xori}) * std::uint32_t{kXorBytes} +
                               m_flags.is(b, Code::Nor) * std::uint32_t{kNorBytes};
        for (std::size_t i = 0; i < 4; ++i) {
            b.send(kByteBus, real, {operation, b.main(m_a[i]), b.main(m_b[i]), b.main(m_result[i])},
                   "byte " + std::to_string(i));
        }
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool immediate = step.code == Code::Andi || step.code == Code::Ori || step.code == Code::Xori;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_immediate.set(row, step.immediate);
        m_a.set(row, step.atRs.before);
        m_portA.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, immediate ? step.immediate : step.atRt.before);
        m_portB.set(row, step.time + kAtRt, step.atRt);
        if (immediate) m_portB.skip(row, step.time + kAtRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
    }

private:
    Flags m_flags{layout(), {Code::And, Code::Or, Code::Xor, Code::Nor, Code::Andi, Code::Ori, Code::Xori}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_immediate{layout()};
    Bytes4 m_a{layout()};
    Port m_portA{layout()};
    Bytes4 m_b{layout()};
    Port m_portB{layout()};
    WritePort m_old{layout()};
    Bytes4 m_result{layout()};
};

/// Shifts by 8 n + k places. Each byte v of the operand is multiplied by a power of two f, v f = 256 H + L, so that
/// the result's bytes are sums of an H and the neighbour's L, which share no bit: to the left f is 2^k, to the right
/// 2^(8 - k). What comes in from outside is zero, the other end (ROTR), or copies of the top bit (SRA).
class Shift final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "shift"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr variable = m_flags.anyOf(b, {Code::Sllv, Code::Srlv, Code::Srav, Code::Rotrv});
        const WordExpr immediate = row.word(m_immediate);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), immediate, b.constant(0U)});
        const WordExpr amount = row.word(m_amount.value);
        const WordExpr result = row.word(m_result);
        row.read(m_amount, kAtRs, row.registerAddress(b.main(m_registers.rs)), variable, "rs");
        row.access(m_port, kAtRt, row.registerAddress(b.main(m_registers.rt)), row.word(m_value),
                   row.word(m_value), real, "rt");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        constrainAmount(row, variable, amount, immediate);
        constrainBytes(row);
        b.assertEqual(result.lo, limb(b, 0), "result low");
        b.assertEqual(result.hi, limb(b, 2), "result high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool variable = step.code == Code::Sllv || step.code == Code::Srlv || step.code == Code::Srav ||
                              step.code == Code::Rotrv;
        const bool left = step.code == Code::Sll || step.code == Code::Sllv;
        const bool copies = step.code == Code::Sra || step.code == Code::Srav;
        const std::uint32_t given = variable ? step.atRs.before : step.immediate;
        const std::uint32_t amount = given & 31U;
        const std::uint32_t value = step.atRt.before;
        const std::uint32_t factor = left ? 1U << amount % 8 : 256U >> amount % 8;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_immediate.set(row, step.immediate);
        m_amount.set(row, step.time + kAtRs, step.atRs);
        m_amount.value.set(row, given);
        if (!variable) m_amount.port.skip(row, step.time + kAtRs);
        m_value.set(row, value);
        m_port.set(row, step.time + kAtRt, step.atRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        row.set(m_bits + amount % 8, 1U);
        row.set(m_bytes + amount / 8, 1U);
        row.set(m_left, left ? 1U : 0U);
        row.set(m_factor, factor);
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint32_t product = (value >> 8 * i & 0xffU) * factor;
            row.set(m_low[i], product & 0xffU);
            row.set(m_high[i], product >> 8U);
        }
        const std::uint32_t sign = copies ? value >> 31U : 0;
        row.set(m_sign, sign);
        row.set(m_fill, sign * (factor - 1));
    }

private:
    // amount = 8 n + k + 32 q: n and k one-hot, q of 11 bits for a register's lower limb and 0 for a number.
    void constrainAmount(RowConstraints& row, Expr variable, WordExpr amount, WordExpr immediate) const
    {
        AirBuilder& b = row.builder();
        Expr places = b.constant(0U);
        Expr someBits = b.constant(0U);
        Expr someBytes = b.constant(0U);
        Expr leftFactor = b.constant(0U);
        Expr rightFactor = b.constant(0U);
        for (std::uint32_t k = 0; k < 8; ++k) {
            const Expr bit = b.main(m_bits + k);
            b.assertBoolean(bit, "bits " + std::to_string(k));
            someBits += bit;
            places += bit * k;
            leftFactor += bit * (1U << k);
            rightFactor += bit * (256U >> k);
        }
        for (std::uint32_t n = 0; n < 4; ++n) {
            const Expr byte = b.main(m_bytes + n);
            b.assertBoolean(byte, "bytes " + std::to_string(n));
            someBytes += byte;
            places += byte * (8 * n);
        }
        b.assertEqual(someBits, row.real(), "one number of bits");
        b.assertEqual(someBytes, row.real(), "one number of bytes");
        row.bits(dividedByPower(amount.lo - places, 5), 11, "amount");
        const Expr constant = row.real() - variable;
        b.assertZero(constant * (places - immediate.lo), "amount of a constant");
        b.assertEqual(b.main(m_left), m_flags.anyOf(b, {Code::Sll, Code::Sllv}), "direction");
        b.assertEqual(b.main(m_factor), rightFactor + b.main(m_left) * (leftFactor - rightFactor), "factor");
    }
    void constrainBytes(RowConstraints& row) const
    {
        AirBuilder& b = row.builder();
        for (std::size_t i = 0; i < 4; ++i) {
            const std::string name = "product " + std::to_string(i);
            b.assertEqual(b.main(m_value[i]) * b.main(m_factor), b.main(m_low[i]) + b.main(m_high[i]) * 256U,
                          name);
            row.bytes(b.main(m_low[i]), b.main(m_high[i]), name);
        }
        // The operand's bytes: below 256 each, or the products would not say what they should.
        row.bytes(m_value, "operand");
        const Expr copies = m_flags.anyOf(b, {Code::Sra, Code::Srav});
        const Expr sign = b.main(m_sign);
        b.assertBoolean(sign, "sign is a bit");
        b.assertZero((row.real() - copies) * sign, "no sign");
        row.bits(b.main(m_value[3]) - sign * 128U, 7, copies, "sign");
        b.assertEqual(b.main(m_fill), sign * (b.main(m_factor) - 1), "copies of the sign");
    }
    // H and L of the byte at `place`, which may lie outside of the word, for a right shift or rotation.
    [[nodiscard]] Expr rightHigh(AirBuilder& b, std::size_t place) const
    {
        if (place < 4) return b.main(m_high[place]);
        return m_flags.anyOf(b, {Code::Rotr, Code::Rotrv}) * b.main(m_high[place - 4]) + b.main(m_fill);
    }
    [[nodiscard]] Expr rightLow(AirBuilder& b, std::size_t place) const
    {
        if (place < 4) return b.main(m_low[place]);
        // 255 f = 256 (f - 1) + (256 - f) for a copy of the sign.
        return m_flags.anyOf(b, {Code::Rotr, Code::Rotrv}) * b.main(m_low[place - 4]) +
               b.main(m_sign) * 255U - b.main(m_fill);
    }
    // Byte number i of the result, if the shift is by n bytes and some bits.
    [[nodiscard]] Expr byte(AirBuilder& b, std::size_t i, std::size_t n) const
    {
        const Expr left = b.main(m_left);
        Expr toLeft = b.constant(0U);
        if (i >= n) toLeft += b.main(m_low[i - n]);
        if (i >= n + 1) toLeft += b.main(m_high[i - n - 1]);
        const Expr toRight = rightHigh(b, i + n) + rightLow(b, i + n + 1);
        // Of the two only one counts; `left` is 0 in rows of the flags that toRight uses.
        return left * toLeft + toRight - left * toRightPlain(b, i, n);
    }
    // What toRight is in rows of a left shift, where all flags in it are 0.
    [[nodiscard]] Expr toRightPlain(AirBuilder& b, std::size_t i, std::size_t n) const
    {
        Expr out = b.constant(0U);
        if (i + n < 4) out += b.main(m_high[i + n]);
        if (i + n + 1 < 4) out += b.main(m_low[i + n + 1]);
        return out;
    }
    [[nodiscard]] Expr limb(AirBuilder& b, std::size_t first) const
    {
        Expr out = b.constant(0U);
        for (std::size_t n = 0; n < 4; ++n)
            out += b.main(m_bytes + n) * (byte(b, first, n) + byte(b, first + 1, n) * 256U);
        return out;
    }

    Flags m_flags{
        layout(),
        {Code::Sll, Code::Srl, Code::Sra, Code::Rotr, Code::Sllv, Code::Srlv, Code::Srav, Code::Rotrv}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_immediate{layout()};
    ReadPort m_amount{layout()};
    Bytes4 m_value{layout()};
    Port m_port{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
    std::size_t m_bits = layout().take(8);
    std::size_t m_bytes = layout().take(4);
    std::size_t m_left = layout().take();
    std::size_t m_factor = layout().take();
    Bytes4 m_low{layout()};
    Bytes4 m_high{layout()};
    std::size_t m_sign = layout().take();
    std::size_t m_fill = layout().take();
};

} // namespace

InstructionChipPtr makeLogic() { return std::make_unique<Logic>(); }
InstructionChipPtr makeShift() { return std::make_unique<Shift>(); }

} // namespace bowline::chips
