// SPDX-License-Identifier: MIT
#include "core/chips/instruction.h"

#include "core/field/batch_inverse.h"

#include <algorithm>

namespace bowline::chips {

void Flags::set(const Row& row, Code code) const
{
    const auto found = std::find(m_codes.begin(), m_codes.end(), code);
    if (found != m_codes.end()) row.set(m_first + static_cast<std::size_t>(found - m_codes.begin()), 1U);
}

void Flags::constrain(AirBuilder& b) const
{
    for (std::size_t i = 0; i < m_codes.size(); ++i)
        b.assertBoolean(b.main(m_first + i), "flag " + std::string(zkvm::mnemonic(m_codes[i])));
    if (m_codes.size() > 1) b.assertBoolean(any(b), "one flag");
}

Expr Flags::is(AirBuilder& b, Code code) const
{
    const auto found = std::find(m_codes.begin(), m_codes.end(), code);
    return b.main(m_first + static_cast<std::size_t>(found - m_codes.begin()));
}

Expr Flags::anyOf(AirBuilder& b, std::initializer_list<Code> codes) const
{
    Expr out = b.constant(0U);
    for (const Code code : codes) out += is(b, code);
    return out;
}

Expr Flags::any(AirBuilder& b) const
{
    Expr out = b.constant(0U);
    for (std::size_t i = 0; i < m_codes.size(); ++i) out += b.main(m_first + i);
    return out;
}

Expr Flags::operation(AirBuilder& b) const
{
    Expr out = b.constant(0U);
    for (std::size_t i = 0; i < m_codes.size(); ++i) out += b.main(m_first + i) * numberOf(m_codes[i]);
    return out;
}

void fetch(RowConstraints& row, Expr pc, const Fetched& op)
{
    row.builder().send(kProgramBus, row.real(),
                       {pc, op.operation, op.rd, op.rs, op.rt, op.immediate.lo, op.immediate.hi, op.target},
                       "instruction");
}

void receiveState(RowConstraints& row, Expr pc, Expr npc)
{
    row.builder().receive(kStateBus, row.real(), {pc, npc, row.time()}, "state before");
}

void sendState(RowConstraints& row, Expr pc, Expr npc, Expr time)
{
    row.builder().send(kStateBus, row.real(), {pc, npc, time}, "state after");
}

void Frame::set(const Row& row, const Step& step) const
{
    row.set(pc, step.pc);
    row.set(npc, step.npc);
    row.set(time, step.time);
}

void Frame::constrain(RowConstraints& row, const Fetched& op) const
{
    fetch(row, row.at(pc), op);
    receiveState(row, row.at(pc), row.at(npc));
    sendState(row, row.at(npc), row.at(npc) + 4, row.time() + kTimeStep);
}

void topBit(RowConstraints& row, Expr limb, Expr bit, Expr when, const std::string& name)
{
    row.builder().assertBoolean(bit, name + " is a bit");
    row.bits(limb - bit * 0x8000U, 15, when, name);
}

void zeroTest(RowConstraints& row, Expr sum, Expr inverse, Expr isZero, const std::string& name)
{
    // In rows that stand for nothing all is zero, hence `real` instead of 1.
    row.builder().assertEqual(sum * inverse, row.real() - isZero, name + " is decided");
    row.builder().assertZero(sum * isZero, name + " is zero");
}

Element smallInverse(std::int32_t x)
{
    static const std::vector<Element> kInverses = [] {
        std::vector<Element> out(std::size_t{1} << 17U);
        for (std::uint32_t i = 1; i < out.size(); ++i) out[i] = Element::from(i);
        out[0] = Element::from(1);
        field::invertAll<Element>(out);
        out[0] = Element{};
        return out;
    }();
    return x >= 0 ? kInverses[static_cast<std::size_t>(x)] : -kInverses[static_cast<std::size_t>(-x)];
}

void Comparison::set(const Row& row, std::uint32_t a, std::uint32_t b, bool isSigned) const
{
    if (isSigned) {
        row.set(signA, a >> 31U);
        row.set(signB, b >> 31U);
    }
    difference.set(row, a - b);
}

Expr Comparison::constrain(RowConstraints& row, WordExpr a, WordExpr b, Expr isSigned, Expr isUnsigned) const
{
    const Expr signOfA = row.at(signA);
    const Expr signOfB = row.at(signB);
    topBit(row, a.hi, signOfA, isSigned, "sign of a");
    topBit(row, b.hi, signOfB, isSigned, "sign of b");
    row.builder().assertZero(isUnsigned * signOfA, "no sign of a");
    row.builder().assertZero(isUnsigned * signOfB, "no sign of b");
    const WordExpr d = row.word(difference);
    row.word(d, "difference");
    // Signed words are ordered like unsigned ones whose top bit is turned over.
    const WordExpr turnedA{a.lo, a.hi + isSigned * 0x8000U - signOfA * 0x10000U};
    const WordExpr turnedB{b.lo, b.hi + isSigned * 0x8000U - signOfB * 0x10000U};
    return row.add(turnedB, d, turnedA, "comparison");
}

WordExpr AddressColumns::constrain(RowConstraints& row, WordExpr base, WordExpr offset, Expr remainder) const
{
    const WordExpr sum = row.word(address);
    static_cast<void>(row.add(base, offset, sum, "address"));
    // Only addresses of words are ever on the memory's bus, lower limbs below 2^16 and multiples of 4: others could
    // not be accessed (memory.h, Leaf). What must be kept out are the registers and the first 64 KiB.
    row.builder().send(kAddressBus, row.real(), {sum.hi}, "address in range");
    return {sum.lo - remainder, sum.hi};
}

} // namespace bowline::chips
