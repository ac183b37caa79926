// SPDX-License-Identifier: MIT
#include "core/chips/mulmod.h"

#include "core/zkvm/abi.h"
#include "core/zkvm/u256.h"

namespace bowline::chips {

namespace {
constexpr std::size_t kWords = 8;
constexpr std::size_t kProductBytes = 64;

[[nodiscard]] zkvm::U256 wordsOf(std::span<const Access> accesses, std::uint32_t Access::*which)
{
    zkvm::U256 out{};
    for (std::size_t i = 0; i < kWords; ++i) out[i] = accesses[i].*which;
    return out;
}
} // namespace

MulModChip::Columns::Columns(Layout& layout)
    : call(layout), first(layout, call.pointers[0], kWords), second(layout, call.pointers[1], kWords),
      third(layout, call.pointers[2], kWords), x(layout, Digits::kBytes, kWords),
      y(layout, Digits::kBytes, kWords), m(layout, Digits::kBytes, kWords),
      result(layout, Digits::kLimbs, kWords), quotient(layout, Digits::kBytes, 2 * kWords),
      product(layout, kProductBytes, {{1, 0, {x, y}}, {-1, 0, {quotient, m}}, {-1, 0, {result}}}),
      reduced(layout)
{
}

MulModChip::MulModChip() : m_c(layout()) {}

void MulModChip::eval(AirBuilder& b) const
{
    RowConstraints c(b, b.main(m_c.call.real), b.main(m_c.call.time));
    m_c.call.receive(c, BOWLINE_MULMOD);
    m_c.second.read(c, kAtSecond, m_c.y.words(c), "y");
    m_c.third.read(c, kAtThird, m_c.m.words(c), "m");
    m_c.first.write(c, kAtFirst, m_c.x.words(c), m_c.result.words(c), "x");
    m_c.x.check(c, "x bytes");
    m_c.y.check(c, "y bytes");
    m_c.m.check(c, "m bytes");
    m_c.result.check(c, "result limbs");
    m_c.quotient.check(c, "quotient bytes");
    m_c.product.constrain(c, "product");
    m_c.reduced.constrain(c, m_c.result.limbs(c), m_c.m.limbs(c), "reduced");
    c.finish();
}

void MulModChip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const
{
    const Row row(data, log, first);
    m_c.call.set(row, call);
    m_c.second.set(row, call.pointers[1], call.time + kAtSecond, call.second);
    m_c.third.set(row, call.pointers[2], call.time + kAtThird, call.third);
    m_c.first.set(row, call.pointers[0], call.time + kAtFirst, call.first);
    const zkvm::U256 x = wordsOf(call.first, &Access::before);
    const zkvm::U256 y = wordsOf(call.second, &Access::before);
    const zkvm::U256 m = wordsOf(call.third, &Access::before);
    m_c.x.set(row, x);
    m_c.y.set(row, y);
    m_c.m.set(row, m);
    m_c.result.set(row, wordsOf(call.first, &Access::after));
    if (!zkvm::isZero(m)) m_c.quotient.set(row, zkvm::divideProduct(x, y, m).quotient);
    m_c.product.fill(row);
    m_c.reduced.fill(row, m_c.result.limbs(row), m_c.m.limbs(row));
}

} // namespace bowline::chips
