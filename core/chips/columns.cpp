// SPDX-License-Identifier: MIT
#include "core/chips/columns.h"

#include "core/zkvm/layout.h"

namespace bowline::chips {

Expr dividedByPower(Expr x, unsigned log) { return x * Element::from(1U << log).inverse().value(); }

Expr dividedBy65536(Expr x) { return dividedByPower(x, 16); }

WordExpr RowConstraints::registerAddress(Expr fourTimesNumber)
{
    return {fourTimesNumber, m_b.constant(zkvm::kMemoryEnd >> 16U)};
}

WordExpr RowConstraints::registerAddress(std::uint8_t number)
{
    return registerAddress(m_b.constant(std::uint32_t{4} * number));
}

void RowConstraints::limb(Expr x, Expr when, const std::string& name) { m_b.send(kLimbBus, when, {x}, name); }

void RowConstraints::word(WordExpr x, const std::string& name)
{
    limb(x.lo, name + " low");
    limb(x.hi, name + " high");
}

void RowConstraints::bits(Expr x, unsigned count, Expr when, const std::string& name)
{
    m_b.send(kBitsBus, when, {x, m_b.constant(count)}, name);
}

void RowConstraints::bytes(Expr a, Expr b, const std::string& name)
{
    m_b.send(kPairBus, m_real, {a, b}, name);
}

void RowConstraints::bytes(const Bytes4& x, const std::string& name)
{
    bytes(at(x[0]), at(x[1]), name + " low");
    bytes(at(x[2]), at(x[3]), name + " high");
}

void RowConstraints::access(const Port& port, std::uint32_t subTime, WordExpr address, WordExpr before,
                            WordExpr after, Expr when, const std::string& name)
{
    const Expr now = m_time + subTime;
    const Expr previous = at(port.previousTime);
    m_b.receive(kMemoryBus, when, {address.lo, address.hi, before.lo, before.hi, previous}, name + " before");
    m_b.send(kMemoryBus, when, {address.lo, address.hi, after.lo, after.hi, now}, name + " after");
    // now - previous - 1 = gap + 2^16 * (a byte): not negative, as times are far below p (rule B4).
    limb(at(port.gap), name + " gap");
    m_gaps.push_back(dividedBy65536(now - previous - 1 - at(port.gap)));
}

Expr RowConstraints::add(WordExpr a, WordExpr b, WordExpr c, const std::string& name)
{
    const Expr low = dividedBy65536(a.lo + b.lo - c.lo);
    m_b.assertBoolean(low, name + " carry low");
    const Expr high = dividedBy65536(a.hi + b.hi + low - c.hi);
    m_b.assertBoolean(high, name + " carry high");
    return high;
}

void RowConstraints::finish()
{
    for (std::size_t i = 0; i < m_gaps.size(); i += 2)
        bytes(m_gaps[i], i + 1 < m_gaps.size() ? m_gaps[i + 1] : m_b.constant(0U), "gaps");
    m_gaps.clear();
}

} // namespace bowline::chips
