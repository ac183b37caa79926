// SPDX-License-Identifier: MIT
#include "core/chips/operand.h"

namespace bowline::chips {

namespace {
constexpr std::uint32_t kLimb = 1U << 16U;
} // namespace

void CallColumns::set(const Row& row, const Call& call) const
{
    row.set(real, 1U);
    row.set(time, call.time);
    for (std::size_t i = 0; i < pointers.size(); ++i) pointers[i].set(row, call.pointers[i]);
}

void CallColumns::receive(RowConstraints& c, std::uint32_t number) const
{
    AirBuilder& b = c.builder();
    b.assertBoolean(c.real(), "real");
    std::vector<Expr> fields{b.constant(number), c.time()};
    for (const Word& pointer : pointers) {
        fields.push_back(c.at(pointer.lo));
        fields.push_back(c.at(pointer.hi));
    }
    b.receive(kCallBus, c.real(), fields, "call");
}

void OperandAddress::set(const Row& row, std::uint32_t pointer) const
{
    const std::uint32_t low = pointer % kLimb;
    for (std::uint32_t i = 1; i < m_words; ++i) row.set(flag(i), low + 4 * i == kLimb ? 1U : 0U);
}

Expr OperandAddress::carry(RowConstraints& c, std::size_t i) const
{
    Expr out = c.builder().constant(0U);
    for (std::size_t j = 1; j <= i; ++j) out += c.at(flag(j));
    return out;
}

WordExpr OperandAddress::word(RowConstraints& c, std::size_t i) const
{
    const Expr carried = carry(c, i);
    return {c.at(m_pointer.lo) + static_cast<std::uint32_t>(4 * i) - carried * kLimb,
            c.at(m_pointer.hi) + carried};
}

void OperandAddress::constrain(RowConstraints& c, const std::string& name) const
{
    AirBuilder& b = c.builder();
    for (std::uint32_t i = 1; i < m_words; ++i)
        b.assertZero(c.at(flag(i)) * (c.at(m_pointer.lo) + 4 * i - kLimb), name + " crossing");
    const WordExpr last = word(c, m_words - 1);
    c.bits(dividedByPower(last.lo, 2), 14, name + " aligned");
    b.send(kAddressBus, c.real(), {c.at(m_pointer.hi)}, name + " first address");
    b.send(kAddressBus, c.real(), {last.hi}, name + " last address");
}

Operand::Operand(Layout& layout, const Word& pointer, std::size_t words) : m_address(layout, pointer, words)
{
    for (std::size_t i = 0; i < words; ++i) m_ports.emplace_back(layout);
}

void Operand::set(const Row& row, std::uint32_t pointer, std::uint32_t now,
                  std::span<const Access> accesses) const
{
    m_address.set(row, pointer);
    for (std::size_t i = 0; i < m_ports.size(); ++i) m_ports[i].set(row, now, accesses[i]);
}

void Operand::write(RowConstraints& c, std::uint32_t subTime, const std::vector<WordExpr>& before,
                    const std::vector<WordExpr>& after, const std::string& name) const
{
    m_address.constrain(c, name);
    for (std::size_t i = 0; i < m_ports.size(); ++i)
        c.access(m_ports[i], subTime, m_address.word(c, i), before[i], after[i], c.real(), name);
}

} // namespace bowline::chips
