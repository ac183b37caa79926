// SPDX-License-Identifier: MIT
// Products and quotients over bytes: sums of products stay far below p, so that equations of field elements are
// equations of numbers once their carries are known to be small.
#include "core/chips/instruction.h"

namespace bowline::chips {

namespace {

/// Limbs of the product of two words of four bytes, not yet carried: the product is the sum of limb_k 2^(16 k).
[[nodiscard]] std::array<Expr, 4> productLimbs(AirBuilder& b, const Bytes4& x, const Bytes4& y)
{
    std::vector<Expr> diagonals(8, b.constant(0U)); // of weight 2^(8 k), below 2^18
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) diagonals[i + j] += b.main(x[i]) * b.main(y[j]);
    }
    const auto limb = [&](std::size_t k) { return diagonals[2 * k] + diagonals[2 * k + 1] * 256U; };
    return {limb(0), limb(1), limb(2), limb(3)};
}

/// The same in numbers.
[[nodiscard]] std::array<std::int64_t, 4> productNumbers(std::uint32_t x, std::uint32_t y)
{
    std::array<std::int64_t, 4> out{};
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            const std::int64_t product = std::int64_t{x >> 8 * i & 0xffU} * (y >> 8 * j & 0xffU);
            out[(i + j) / 2] += (i + j) % 2 == 0 ? product : 256 * product;
        }
    }
    return out;
}

/// MUL: the lower word of the product.
class Multiply final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "multiply"; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(m_real);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.main(m_frame.time));
        m_frame.constrain(row,
                          {b.constant(numberOf(Code::Mul)), b.main(m_registers.rd), b.main(m_registers.rs),
                           b.main(m_registers.rt), row.number(0), b.constant(0U)});
        const WordExpr a = row.word(m_a);
        const WordExpr second = row.word(m_b);
        row.access(m_portA, kAtRs, row.registerAddress(b.main(m_registers.rs)), a, a, real, "rs");
        row.access(m_portB, kAtRt, row.registerAddress(b.main(m_registers.rt)), second, second, real, "rt");
        row.bytes(m_a, "a");
        row.bytes(m_b, "b");
        const WordExpr result = row.word(m_result);
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        row.word(result, "result");
        const auto limbs = productLimbs(b, m_a, m_b);
        // Both limbs are below 2^27, so their carries have at most 11 bits.
        b.assertEqual(limbs[0], result.lo + b.main(m_carries) * 0x10000U, "product low");
        b.assertEqual(limbs[1] + b.main(m_carries), result.hi + b.main(m_carries + 1) * 0x10000U,
                      "product high");
        row.bits(b.main(m_carries), 12, "carry low");
        row.bits(b.main(m_carries + 1), 12, "carry high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        row.set(m_real, 1U);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_a.set(row, step.atRs.before);
        m_portA.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.atRt.before);
        m_portB.set(row, step.time + kAtRt, step.atRt);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        const auto limbs = productNumbers(step.atRs.before, step.atRt.before);
        const std::int64_t low = limbs[0] >> 16U;
        row.set(m_carries, static_cast<std::uint32_t>(low));
        row.set(m_carries + 1, static_cast<std::uint32_t>((limbs[1] + low) >> 16U));
    }

private:
    std::size_t m_real = layout().take();
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Bytes4 m_a{layout()};
    Port m_portA{layout()};
    Bytes4 m_b{layout()};
    Port m_portB{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
    std::size_t m_carries = layout().take(2);
};

/// MULT, MULTU and those that add to HI and LO or subtract from them. The signed product is the unsigned one less
/// 2^32 (sign of a * b + sign of b * a), modulo 2^64.
class MultiplyLong final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "multiply long"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        m_frame.constrain(row, {m_flags.operation(b), b.constant(0U), b.main(m_rs), b.main(m_rt),
                                row.number(0), b.constant(0U)});
        const WordExpr a = row.word(m_a);
        const WordExpr second = row.word(m_b);
        row.access(m_portA, kAtRs, row.registerAddress(b.main(m_rs)), a, a, real, "rs");
        row.access(m_portB, kAtRt, row.registerAddress(b.main(m_rt)), second, second, real, "rt");
        row.bytes(m_a, "a");
        row.bytes(m_b, "b");
        const WordExpr low = row.word(m_lo);
        const WordExpr high = row.word(m_hi);
        row.write(m_oldLo, kAtRd, row.registerAddress(zkvm::kLo), low, real, "LO");
        row.write(m_oldHi, kAtExtra, row.registerAddress(zkvm::kHi), high, real, "HI");
        row.word(low, "LO");
        row.word(high, "HI");
        constrainProduct(row, a, second);
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool isSigned = step.code == Code::Mult || step.code == Code::Madd || step.code == Code::Msub;
        const bool adds = step.code != Code::Mult && step.code != Code::Multu;
        const bool subtracts = step.code == Code::Msub || step.code == Code::Msubu;
        const std::uint32_t a = step.atRs.before;
        const std::uint32_t second = step.atRt.before;
        const std::uint32_t signA = isSigned ? a >> 31U : 0;
        const std::uint32_t signB = isSigned ? second >> 31U : 0;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_a.set(row, a);
        m_portA.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, second);
        m_portB.set(row, step.time + kAtRt, step.atRt);
        m_oldLo.set(row, step.time + kAtRd, step.atRd);
        m_oldHi.set(row, step.time + kAtExtra, step.atExtra);
        m_lo.set(row, step.atRd.after);
        m_hi.set(row, step.atExtra.after);
        row.set(m_signA, signA);
        row.set(m_signB, signB);
        auto limbs = productNumbers(a, second);
        for (unsigned k = 0; k < 2; ++k)
            limbs[2 + k] -= std::int64_t{signA} * (second >> 16 * k & 0xffffU) +
                            std::int64_t{signB} * (a >> 16 * k & 0xffffU);
        const std::array<std::uint32_t, 2> old{step.atRd.before, step.atExtra.before};
        std::int64_t carry = 0;
        for (unsigned k = 0; k < 4; ++k) {
            const std::int64_t addend = adds ? std::int64_t{old[k / 2] >> 16 * (k % 2) & 0xffffU} : 0;
            row.set(m_products + k,
                    Element::from(static_cast<std::uint32_t>(limbs[k] + (std::int64_t{1} << 30U))) -
                        Element::from(1U << 30U));
            carry = (addend + (subtracts ? -limbs[k] : limbs[k]) + carry) >> 16U;
            row.set(m_carries + k, static_cast<std::uint32_t>(carry + kCarryOffset));
        }
    }

private:
    static constexpr std::uint32_t kCarryOffset = 1U << 11U;

    void constrainProduct(RowConstraints& row, WordExpr a, WordExpr second) const
    {
        AirBuilder& b = row.builder();
        const Expr isSigned = m_flags.anyOf(b, {Code::Mult, Code::Madd, Code::Msub});
        const Expr adds = m_flags.anyOf(b, {Code::Madd, Code::Maddu, Code::Msub, Code::Msubu});
        const Expr subtracts = m_flags.anyOf(b, {Code::Msub, Code::Msubu});
        const Expr signA = b.main(m_signA);
        const Expr signB = b.main(m_signB);
        topBit(row, a.hi, signA, isSigned, "sign of a");
        topBit(row, second.hi, signB, isSigned, "sign of b");
        b.assertZero((row.real() - isSigned) * signA, "no sign of a");
        b.assertZero((row.real() - isSigned) * signB, "no sign of b");
        const auto limbs = productLimbs(b, m_a, m_b);
        const std::array<Expr, 4> less{b.constant(0U), b.constant(0U), signA * second.lo + signB * a.lo,
                                       signA * second.hi + signB * a.hi};
        const std::array<Expr, 4> old{row.word(m_oldLo.before).lo, row.word(m_oldLo.before).hi,
                                      row.word(m_oldHi.before).lo, row.word(m_oldHi.before).hi};
        const std::array<Expr, 4> result{row.word(m_lo).lo, row.word(m_lo).hi, row.word(m_hi).lo,
                                         row.word(m_hi).hi};
        // Limbs of the product lie between -2^18 and 2^27, so carries between -2^11 and 2^11.
        Expr carry = b.constant(0U);
        for (std::size_t k = 0; k < 4; ++k) {
            const std::string name = " " + std::to_string(k);
            const Expr product = b.main(m_products + k);
            b.assertEqual(product, limbs[k] - less[k], "product" + name);
            const Expr next = b.main(m_carries + k) - row.real() * kCarryOffset;
            b.assertEqual(adds * old[k] + product - subtracts * product * 2U + carry,
                          result[k] + next * 0x10000U, "limb" + name);
            row.bits(b.main(m_carries + k), 12, "carry" + name);
            carry = next;
        }
    }

    Flags m_flags{layout(), {Code::Mult, Code::Multu, Code::Madd, Code::Maddu, Code::Msub, Code::Msubu}};
    Frame m_frame{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    Bytes4 m_a{layout()};
    Port m_portA{layout()};
    Bytes4 m_b{layout()};
    Port m_portB{layout()};
    WritePort m_oldLo{layout()};
    WritePort m_oldHi{layout()};
    Word m_lo{layout()};
    Word m_hi{layout()};
    std::size_t m_signA = layout().take();
    std::size_t m_signB = layout().take();
    std::size_t m_products = layout().take(4);
    std::size_t m_carries = layout().take(4);
};

/// DIV and DIVU over magnitudes: |a| = |q| |b| + |r| and |r| < |b|, the quotient negative if the signs of a and b
/// differ, the remainder if a is. The least number is its own magnitude, read as unsigned. b = 0 gives q = 2^32 - 1 and
/// r = a (decision 41).
class Divide final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "divide"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        m_frame.constrain(row, {m_flags.operation(b), b.constant(0U), b.main(m_rs), b.main(m_rt),
                                row.number(0), b.constant(0U)});
        const WordExpr a = row.word(m_a.value);
        const WordExpr divisor = row.word(m_b.value);
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_rt)), real, "rt");
        const WordExpr quotient = row.word(m_quotient);
        const WordExpr remainder = row.word(m_remainder);
        row.write(m_oldLo, kAtRd, row.registerAddress(zkvm::kLo), quotient, real, "LO");
        row.write(m_oldHi, kAtExtra, row.registerAddress(zkvm::kHi), remainder, real, "HI");
        row.word(quotient, "quotient");
        row.word(remainder, "remainder");
        constrainSigns(row, a, divisor);
        constrainMagnitudes(row, a, divisor, quotient, remainder);
        const Expr zero = b.main(m_zero);
        b.assertBoolean(zero, "zero is a bit");
        zeroTest(row, divisor.lo + divisor.hi, b.main(m_inverse), zero, "divisor");
        b.assertZero(zero * (quotient.lo - 0xffffU), "quotient by zero, low");
        b.assertZero(zero * (quotient.hi - 0xffffU), "quotient by zero, high");
        b.assertZero(zero * (remainder.lo - a.lo), "remainder by zero, low");
        b.assertZero(zero * (remainder.hi - a.hi), "remainder by zero, high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const std::uint32_t a = step.atRs.before;
        const std::uint32_t divisor = step.atRt.before;
        const bool isSigned = step.code == Code::Div;
        const std::uint32_t signA = isSigned ? a >> 31U : 0;
        const std::uint32_t signB = isSigned ? divisor >> 31U : 0;
        const std::uint32_t signQ = signA ^ signB;
        const auto magnitude = [](std::uint32_t x, std::uint32_t sign) { return sign != 0 ? 0U - x : x; };
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        m_oldLo.set(row, step.time + kAtRd, step.atRd);
        m_oldHi.set(row, step.time + kAtExtra, step.atExtra);
        m_quotient.set(row, step.atRd.after);
        m_remainder.set(row, step.atExtra.after);
        row.set(m_signA, signA);
        row.set(m_signB, signB);
        row.set(m_signQ, signQ);
        row.set(m_zero, divisor == 0 ? 1U : 0U);
        row.set(m_divides, divisor == 0 ? 0U : 1U);
        row.set(m_negativeQ, divisor == 0 ? 0U : signQ);
        row.set(m_negativeR, divisor == 0 ? 0U : signA);
        row.set(m_inverse, smallInverse(static_cast<std::int32_t>((divisor & 0xffffU) + (divisor >> 16U))));
        const std::uint32_t absoluteA = magnitude(a, signA);
        const std::uint32_t absoluteB = magnitude(divisor, signB);
        const std::uint32_t absoluteQ = divisor == 0 ? 0 : magnitude(step.atRd.after, signQ);
        const std::uint32_t absoluteR = divisor == 0 ? absoluteA : magnitude(step.atExtra.after, signA);
        m_absoluteA.set(row, absoluteA);
        m_absoluteB.set(row, absoluteB);
        m_absoluteQ.set(row, absoluteQ);
        m_absoluteR.set(row, absoluteR);
        m_room.set(row, divisor == 0 ? 0 : absoluteB - 1 - absoluteR);
        row.set(m_roomBorrow, divisor != 0 && (absoluteB & 0xffffU) < (absoluteR & 0xffffU) + 1 ? 1U : 0U);
        const auto limbs = productNumbers(absoluteQ, absoluteB);
        row.set(m_carry, static_cast<std::uint32_t>((limbs[0] + (absoluteR & 0xffffU)) >> 16U));
    }

private:
    void constrainSigns(RowConstraints& row, WordExpr a, WordExpr divisor) const
    {
        AirBuilder& b = row.builder();
        const Expr isSigned = m_flags.is(b, Code::Div);
        const Expr isUnsigned = m_flags.is(b, Code::Divu);
        const Expr signA = b.main(m_signA);
        const Expr signB = b.main(m_signB);
        topBit(row, a.hi, signA, isSigned, "sign of a");
        topBit(row, divisor.hi, signB, isSigned, "sign of b");
        b.assertZero(isUnsigned * signA, "no sign of a");
        b.assertZero(isUnsigned * signB, "no sign of b");
        b.assertEqual(b.main(m_signQ), signA + signB - signA * signB * 2U, "sign of the quotient");
    }
    // sign: x + y = 2^32, or both zero. No sign: x = y.
    static void constrainNegation(RowConstraints& row, WordExpr x, WordExpr y, Expr sign, Expr when,
                                  const std::string& name)
    {
        AirBuilder& b = row.builder();
        // The carry is 1 unless the lower limbs are both zero, and then either of the upper limbs' sums will do.
        const Expr low = dividedBy65536(x.lo + y.lo);
        const Expr high = dividedBy65536(x.hi + y.hi + low);
        b.assertZero(sign * low * (low - 1), name + " negated low");
        b.assertZero(sign * high * (high - 1), name + " negated high");
        b.assertZero((when - sign) * (x.lo - y.lo), name + " kept low");
        b.assertZero((when - sign) * (x.hi - y.hi), name + " kept high");
    }
    void constrainMagnitudes(RowConstraints& row, WordExpr a, WordExpr divisor, WordExpr quotient,
                             WordExpr remainder) const
    {
        AirBuilder& b = row.builder();
        const Expr signA = b.main(m_signA);
        const WordExpr absoluteA = row.word(m_absoluteA);
        const WordExpr absoluteB = row.word(m_absoluteB);
        const WordExpr absoluteQ = row.word(m_absoluteQ);
        const WordExpr absoluteR = row.word(m_absoluteR);
        const Expr real = row.real();
        row.word(absoluteA, "|a|");
        row.word(absoluteR, "|r|");
        row.bytes(m_absoluteB, "|b|");
        row.bytes(m_absoluteQ, "|q|");
        constrainNegation(row, a, absoluteA, signA, real, "a");
        constrainNegation(row, divisor, absoluteB, b.main(m_signB), real, "b");
        // By zero both are pinned elsewhere; q and r are then what |q| and |r| say nothing about.
        const Expr zero = b.main(m_zero);
        const Expr divides = b.main(m_divides);
        const Expr negativeQ = b.main(m_negativeQ);
        const Expr negativeR = b.main(m_negativeR);
        b.assertEqual(divides, real - zero, "divides");
        b.assertEqual(negativeQ, b.main(m_signQ) * divides, "quotient is negative");
        b.assertEqual(negativeR, signA * divides, "remainder is negative");
        constrainNegation(row, quotient, absoluteQ, negativeQ, divides, "q");
        constrainNegation(row, remainder, absoluteR, negativeR, divides, "r");
        const auto limbs = productLimbs(b, m_absoluteQ, m_absoluteB);
        const Expr carry = b.main(m_carry);
        b.assertEqual(limbs[0] + absoluteR.lo, absoluteA.lo + carry * 0x10000U, "dividend low");
        b.assertEqual(limbs[1] + absoluteR.hi + carry, absoluteA.hi, "dividend high");
        b.assertZero(limbs[2], "product, third limb");
        b.assertZero(limbs[3], "product, fourth limb");
        row.bits(carry, 12, "carry");
        // |b| - 1 - |r| is not negative.
        const WordExpr room = row.word(m_room);
        const Expr borrow = b.main(m_roomBorrow);
        row.word(room, "room");
        b.assertBoolean(borrow, "borrow is a bit");
        b.assertZero(divides * (absoluteB.lo - absoluteR.lo - 1 + borrow * 0x10000U - room.lo), "room low");
        b.assertZero(divides * (absoluteB.hi - absoluteR.hi - borrow - room.hi), "room high");
    }

    Flags m_flags{layout(), {Code::Div, Code::Divu}};
    Frame m_frame{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    WritePort m_oldLo{layout()};
    WritePort m_oldHi{layout()};
    Word m_quotient{layout()};
    Word m_remainder{layout()};
    std::size_t m_signA = layout().take();
    std::size_t m_signB = layout().take();
    std::size_t m_signQ = layout().take();
    std::size_t m_zero = layout().take();
    std::size_t m_inverse = layout().take();
    std::size_t m_divides = layout().take();
    std::size_t m_negativeQ = layout().take();
    std::size_t m_negativeR = layout().take();
    Word m_absoluteA{layout()};
    Bytes4 m_absoluteB{layout()};
    Bytes4 m_absoluteQ{layout()};
    Word m_absoluteR{layout()};
    Word m_room{layout()};
    std::size_t m_roomBorrow = layout().take();
    std::size_t m_carry = layout().take();
};

} // namespace

InstructionChipPtr makeMultiply() { return std::make_unique<Multiply>(); }
InstructionChipPtr makeMultiplyLong() { return std::make_unique<MultiplyLong>(); }
InstructionChipPtr makeDivide() { return std::make_unique<Divide>(); }

} // namespace bowline::chips
