// SPDX-License-Identifier: MIT
#include "core/chips/word_run.h"

namespace bowline::chips {

namespace {
constexpr std::uint32_t kLimb = 1U << 16U;
}

void WordRun::set(const Row& row, std::uint32_t pointer) const
{
    m_pointer.set(row, pointer);
    for (std::uint32_t i = 1; i <= m_words; ++i)
        row.set(carry(i), (pointer & 0xffffU) + 4 * i >= kLimb ? 1U : 0U);
}

WordExpr WordRun::address(RowConstraints& row, std::size_t word) const
{
    const WordExpr pointer = row.word(m_pointer);
    if (word == 0) return pointer;
    const Expr carried = row.at(carry(word));
    return {pointer.lo + static_cast<std::uint32_t>(4 * word) - carried * kLimb, pointer.hi + carried};
}

void WordRun::constrain(RowConstraints& row) const
{
    AirBuilder& b = row.builder();
    Expr earlier = b.constant(0U);
    for (std::size_t i = 1; i <= m_words; ++i) {
        const Expr now = row.at(carry(i));
        b.assertBoolean(now, "address carry");
        b.assertZero((now - earlier) * (row.at(m_pointer.lo) + static_cast<std::uint32_t>(4 * i) - kLimb),
                     "address carry comes at 2^16");
        earlier = now;
    }
    row.bits(dividedByPower(address(row, m_last).lo, 2), 14, "address low");
    b.send(kAddressBus, row.real(), {row.at(m_pointer.hi)}, "first address high");
    b.send(kAddressBus, row.real(), {address(row, m_last).hi}, "last address high");
}

void WordRun::follow(RowConstraints& row, Expr gate) const
{
    AirBuilder& b = row.builder();
    const WordExpr end = address(row, m_words);
    b.assertZero(gate * (b.next(m_pointer.lo) - end.lo), "pointer low follows");
    b.assertZero(gate * (b.next(m_pointer.hi) - end.hi), "pointer high follows");
}

} // namespace bowline::chips
