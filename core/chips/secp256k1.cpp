// SPDX-License-Identifier: MIT
#include "core/chips/secp256k1.h"

#include "core/zkvm/abi.h"

#include <algorithm>
#include <numeric>

namespace bowline::chips {

namespace {

constexpr std::size_t kWords = 8; // of a coordinate
constexpr std::size_t kProductBytes = 64;
constexpr std::size_t kLimbs = 16;
constexpr std::size_t kParts = 4; // u_a v_b: 4 times 4 limbs
constexpr std::uint32_t kLowest = 977;
constexpr std::uint32_t kOnes = 0xffff;
constexpr zkvm::U256 kPrime{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff,
                            0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};

// What 977 is multiplied by to be 1 modulo 2^16, by Newton's iteration.
constexpr std::uint64_t kLowestInverse = [] {
    std::uint64_t out = 1;
    for (int i = 0; i < 5; ++i) out = out * (2 - kLowest * out) & kOnes;
    return out;
}();
static_assert((kLowestInverse * kLowest & kOnes) == 1);

// terms + offset * 256^place * P - quotient * P, where P = 256^32 - 256^4 - 977.
[[nodiscard]] std::vector<Term> withQuotient(std::vector<Term> terms, std::int64_t offset, std::size_t place,
                                             const Digits& quotient)
{
    terms.push_back({offset, place + 32, {}});
    terms.push_back({-offset, place + 4, {}});
    terms.push_back({-offset * kLowest, place, {}});
    terms.push_back({-1, 32, {quotient}});
    terms.push_back({1, 4, {quotient}});
    terms.push_back({kLowest, 0, {quotient}});
    return terms;
}

[[nodiscard]] std::vector<Term> thirdXTerms(const Digits& slope, const Digits& x, const Digits& otherX,
                                            const Digits& newX)
{
    return {{1, 0, {slope, slope}}, {-1, 0, {x}}, {-1, 0, {otherX}}, {-1, 0, {newX}}};
}

[[nodiscard]] std::vector<WordExpr> pointOf(RowConstraints& c, const Digits& x, const Digits& y)
{
    std::vector<WordExpr> out = x.words(c);
    for (const WordExpr word : y.words(c)) out.push_back(word);
    return out;
}

[[nodiscard]] zkvm::U256 coordinate(std::span<const Access> accesses, std::size_t from,
                                    std::uint32_t Access::*which)
{
    zkvm::U256 out{};
    for (std::size_t i = 0; i < kWords; ++i) out[i] = accesses[from + i].*which;
    return out;
}

[[nodiscard]] std::uint32_t inverseOf(std::int64_t x)
{
    constexpr std::int64_t modulus = Element::kModulus;
    const auto element = Element::from(static_cast<std::uint32_t>((x + modulus) % modulus));
    return element.isZero() ? 0U : element.inverse().value();
}

[[nodiscard]] zkvm::U256 times(const zkvm::U256& a, const zkvm::U256& b)
{
    return zkvm::multiplyModulo(a, b, kPrime);
}
[[nodiscard]] zkvm::U256 quotientOf(const zkvm::U256& a, const zkvm::U256& b)
{
    return times(a, zkvm::invertModulo(b, kPrime));
}

} // namespace

MultipleOfPrime::MultipleOfPrime(Layout& layout, std::vector<Term> terms, std::int64_t offset,
                                 std::size_t place, std::uint32_t top, Digits::Size ofQuotient)
    : m_top(top), m_quotient(layout, ofQuotient, kWords, top),
      m_identity(layout, kProductBytes + (top > 0 ? 1 : 0),
                 withQuotient(std::move(terms), offset, place, m_quotient))
{
}

void MultipleOfPrime::constrain(RowConstraints& c, const std::string& name) const
{
    m_quotient.check(c, name + " quotient");
    if (m_top > 0) {
        const Expr top = c.at(m_quotient.column(m_quotient.count() - 1));
        if (m_top == 1)
            c.builder().assertBoolean(top, name + " top");
        else
            c.bits(top, 3, name + " top");
    }
    m_identity.constrain(c, name);
}

// The quotient from its lowest digit on: each makes one more digit of the sum zero. Digit k of the sum has
// + 977 q_k and what 2^32 and -2^256 times the quotient bring there.
void MultipleOfPrime::fill(const Row& row) const
{
    for (std::size_t k = 0; k < m_quotient.count(); ++k) row.set(m_quotient.column(k), 0U);
    const std::vector<std::int64_t> sums = m_identity.coefficients(row);
    const std::size_t size = m_quotient.size();
    const std::uint64_t mask = (std::uint64_t{1} << 8 * size) - 1;
    std::vector<std::int64_t> q(m_quotient.count());
    std::int64_t carry = 0;
    for (std::size_t k = 0; k < q.size(); ++k) {
        for (std::size_t i = 0; i < size; ++i) carry += sums[size * k + i] << 8 * i;
        if (k >= 4 / size) carry += q[k - 4 / size];
        if (k >= 32 / size) carry -= q[k - 32 / size];
        const auto low = static_cast<std::uint64_t>(carry) & mask;
        q[k] = static_cast<std::int64_t>((mask + 1 - low) * kLowestInverse & mask);
        carry = (carry + q[k] * kLowest) >> 8 * size;
        row.set(m_quotient.column(k), static_cast<std::uint32_t>(q[k]));
    }
    m_identity.fill(row);
}

void BelowPrime::constrain(RowConstraints& c, const std::vector<Expr>& limbs, const std::string& name) const
{
    AirBuilder& b = c.builder();
    const Expr edge = c.at(m_first + kEdge);
    Expr upper = b.constant(0U);
    for (std::size_t i = 3; i < kLimbs; ++i) upper += kOnes - limbs[i];
    const Expr third = kOnes - 1 - limbs[2];
    const Expr second = kOnes - limbs[1];
    b.assertZero(edge * third, name + " edge");
    b.assertZero(third * c.at(m_first + kSecond), name + " limb 1 counts");
    b.assertEqual(upper * c.at(m_first + kUpper) + third * (third + 1) * c.at(m_first + kThird) +
                      second * c.at(m_first + kSecond),
                  c.real() - edge, name + " is less");
    c.limb(limbs[0] + edge * kLowest, name + " limb 0");
}

void BelowPrime::fill(const Row& row, const std::vector<std::uint32_t>& limbs) const
{
    for (std::size_t i = 0; i < 4; ++i) row.set(m_first + i, 0U);
    std::int64_t upper = 0;
    for (std::size_t i = 3; i < kLimbs; ++i) upper += std::int64_t{kOnes} - limbs[i];
    const std::int64_t third = std::int64_t{kOnes} - 1 - limbs[2];
    const std::int64_t second = std::int64_t{kOnes} - limbs[1];
    if (upper != 0)
        row.set(m_first + kUpper, inverseOf(upper));
    else if (third > 0)
        row.set(m_first + kThird, inverseOf(third * (third + 1) % Element::kModulus));
    else if (third == 0 && second != 0)
        row.set(m_first + kSecond, inverseOf(second));
    else
        row.set(m_first + kEdge, 1U);
}

// slope (x - x3) is above -P^2, so that 2^256 P more is positive and the quotient below 2^257.
Secp256k1Chip::Columns::Columns(Layout& layout, Digits::Size ofY)
    : call(layout), point(layout, call.pointers[0], 2 * kWords), x(layout, Digits::kBytes, kWords),
      y(layout, ofY, kWords), slope(layout, Digits::kBytes, kWords), newX(layout, Digits::kBytes, kWords),
      newY(layout, Digits::kLimbs, kWords),
      thirdY(layout, {{1, 0, {slope, {x, newX}}}, {-1, 0, {y}}, {-1, 0, {newY}}}, 1, 32, 1),
      reduced{BelowPrime(layout), BelowPrime(layout), BelowPrime(layout), BelowPrime(layout)}
{
}

void Secp256k1Chip::eval(AirBuilder& b) const
{
    RowConstraints c(b, b.main(m_c.call.real), b.main(m_c.call.time));
    m_c.call.receive(c, m_number);
    constrainSlope(c);
    m_c.point.write(c, kAtFirst, pointOf(c, m_c.x, m_c.y), pointOf(c, m_c.newX, m_c.newY), "point");
    m_c.x.check(c, "x bytes");
    if (m_c.y.size() == Digits::kBytes) m_c.y.check(c, "y bytes");
    m_c.slope.check(c, "slope bytes");
    m_c.newX.check(c, "new x bytes");
    m_c.newY.check(c, "new y limbs");
    m_c.thirdY.constrain(c, "third y");
    m_c.reduced[0].constrain(c, m_c.x.limbs(c), "x");
    m_c.reduced[1].constrain(c, m_c.y.limbs(c), "y");
    m_c.reduced[2].constrain(c, m_c.newX.limbs(c), "new x");
    m_c.reduced[3].constrain(c, m_c.newY.limbs(c), "new y");
    c.finish();
}

void Secp256k1Chip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const
{
    const Row row(data, log, first);
    m_c.call.set(row, call);
    m_c.point.set(row, call.pointers[0], call.time + kAtFirst, call.first);
    m_c.x.set(row, coordinate(call.first, 0, &Access::before));
    m_c.y.set(row, coordinate(call.first, kWords, &Access::before));
    m_c.newX.set(row, coordinate(call.first, 0, &Access::after));
    m_c.newY.set(row, coordinate(call.first, kWords, &Access::after));
    m_c.slope.set(row, fillOther(row, call));
    fillSlope(row);
    m_c.thirdY.fill(row);
    m_c.reduced[0].fill(row, m_c.x.limbs(row));
    m_c.reduced[1].fill(row, m_c.y.limbs(row));
    m_c.reduced[2].fill(row, m_c.newX.limbs(row));
    m_c.reduced[3].fill(row, m_c.newY.limbs(row));
}

// slope (x2 - x) is above -P^2 as well; slope^2 less three numbers below P is above -3 P.
Secp256k1AddChip::Other::Other(Layout& layout, const Columns& c)
    : point(layout, c.call.pointers[1], 2 * kWords), x(layout, Digits::kBytes, kWords),
      y(layout, Digits::kLimbs, kWords), reduced{BelowPrime(layout), BelowPrime(layout)},
      slope(layout, {{1, 0, {c.slope, {x, c.x}}}, {-1, 0, {{y, c.y}}}}, 1, 32, 1),
      thirdX(layout, thirdXTerms(c.slope, c.x, x, c.newX), 3, 0, 0), differ(layout.take(2 * kParts))
{
}

Secp256k1AddChip::Secp256k1AddChip()
    : Secp256k1Chip(BOWLINE_SECP256K1_ADD, Digits::kLimbs), m_other(layout(), columns())
{
}

void Secp256k1AddChip::constrainSlope(RowConstraints& c) const
{
    m_other.point.read(c, kAtSecond, pointOf(c, m_other.x, m_other.y), "other point");
    m_other.x.check(c, "other x bytes");
    const std::vector<Expr> x = columns().x.limbs(c);
    const std::vector<Expr> otherX = m_other.x.limbs(c);
    m_other.reduced[0].constrain(c, otherX, "other x");
    m_other.reduced[1].constrain(c, m_other.y.limbs(c), "other y");
    m_other.slope.constrain(c, "slope");
    m_other.thirdX.constrain(c, "third x");
    Expr sum = c.builder().constant(0U);
    for (std::size_t i = 0; i < kLimbs; ++i) {
        sum += c.at(m_other.differ + i / kParts) * c.at(m_other.differ + kParts + i % kParts) *
               (otherX[i] - x[i]);
    }
    c.builder().assertEqual(sum, c.real(), "x differ");
}

zkvm::U256 Secp256k1AddChip::fillOther(const Row& row, const Call& call) const
{
    m_other.point.set(row, call.pointers[1], call.time + kAtSecond, call.second);
    const zkvm::U256 x = coordinate(call.second, 0, &Access::before);
    const zkvm::U256 y = coordinate(call.second, kWords, &Access::before);
    m_other.x.set(row, x);
    m_other.y.set(row, y);
    const zkvm::U256 run = zkvm::subtractModulo(x, coordinate(call.first, 0, &Access::before), kPrime);
    const zkvm::U256 rise = zkvm::subtractModulo(y, coordinate(call.first, kWords, &Access::before), kPrime);
    return quotientOf(rise, run);
}

void Secp256k1AddChip::fillSlope(const Row& row) const
{
    m_other.slope.fill(row);
    m_other.thirdX.fill(row);
    const std::vector<std::uint32_t> x = columns().x.limbs(row);
    const std::vector<std::uint32_t> otherX = m_other.x.limbs(row);
    m_other.reduced[0].fill(row, otherX);
    m_other.reduced[1].fill(row, m_other.y.limbs(row));
    for (std::size_t i = 0; i < 2 * kParts; ++i) row.set(m_other.differ + i, 0U);
    const auto at =
        static_cast<std::size_t>(std::mismatch(x.begin(), x.end(), otherX.begin()).first - x.begin());
    if (at == kLimbs) return;
    row.set(m_other.differ + at / kParts, inverseOf(std::int64_t{otherX[at]} - x[at]));
    row.set(m_other.differ + kParts + at % kParts, 1U);
}

// 2 y slope - 3 x^2 is above -3 P^2.
Secp256k1DoubleChip::Tangent::Tangent(Layout& layout, const Columns& c)
    : slope(layout, {{2, 0, {c.y, c.slope}}, {-3, 0, {c.x, c.x}}}, 3, 32, 7, Digits::kBytes),
      thirdX(layout, thirdXTerms(c.slope, c.x, c.x, c.newX), 3, 0, 0), inverse(layout.take())
{
}

Secp256k1DoubleChip::Secp256k1DoubleChip()
    : Secp256k1Chip(BOWLINE_SECP256K1_DOUBLE, Digits::kBytes), m_tangent(layout(), columns())
{
}

void Secp256k1DoubleChip::constrainSlope(RowConstraints& c) const
{
    m_tangent.slope.constrain(c, "slope");
    m_tangent.thirdX.constrain(c, "third x");
    Expr sum = c.builder().constant(0U);
    for (const Expr limb : columns().y.limbs(c)) sum += limb;
    c.builder().assertEqual(sum * c.at(m_tangent.inverse), c.real(), "y is not 0");
}

zkvm::U256 Secp256k1DoubleChip::fillOther(const Row& /*row*/, const Call& call) const
{
    const zkvm::U256 x = coordinate(call.first, 0, &Access::before);
    const zkvm::U256 y = coordinate(call.first, kWords, &Access::before);
    return quotientOf(times(times(x, x), {3}), times(y, {2}));
}

void Secp256k1DoubleChip::fillSlope(const Row& row) const
{
    m_tangent.slope.fill(row);
    m_tangent.thirdX.fill(row);
    const std::vector<std::uint32_t> y = columns().y.limbs(row);
    row.set(m_tangent.inverse, inverseOf(std::accumulate(y.begin(), y.end(), std::int64_t{0})));
}

} // namespace bowline::chips
