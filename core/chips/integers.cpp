// SPDX-License-Identifier: MIT
#include "core/chips/integers.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace bowline::chips {

namespace {

constexpr std::int64_t kModulus = Element::kModulus;
constexpr std::size_t kWidest = 4; // places of a group

[[nodiscard]] Bounds operator+(Bounds a, Bounds b) { return {a.low + b.low, a.high + b.high}; }
[[nodiscard]] Bounds operator*(Bounds a, Bounds b)
{
    const auto [low, high] = std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
    return {low, high};
}
[[nodiscard]] bool isNear(Bounds x) { return x.low > -kModulus && x.high < kModulus; }

[[nodiscard]] std::int64_t unit(std::size_t places) { return std::int64_t{1} << 8 * places; }
[[nodiscard]] std::int64_t floorOf(std::int64_t a, std::int64_t by) { return a / by - (a % by < 0 ? 1 : 0); }
[[nodiscard]] std::uint32_t elementOf(std::int64_t x)
{
    return static_cast<std::uint32_t>((x % kModulus + kModulus) % kModulus);
}
[[nodiscard]] Expr times(Expr x, std::int64_t factor) { return factor == 1 ? x : x * elementOf(factor); }

// What a factor's digits are: bounds, values of a row, or expressions.
struct BoundsOf {
    using Value = Bounds;
    [[nodiscard]] Bounds operator()(const Factor& f, std::size_t i) const
    {
        return {f.minus ? -f.minus->most(i) : 0, f.plus.most(i)};
    }
};
struct ValueOf {
    using Value = std::int64_t;
    const Row& row;
    [[nodiscard]] std::int64_t operator()(const Factor& f, std::size_t i) const
    {
        const std::int64_t subtracted = f.minus ? row.get(f.minus->column(i)) : 0;
        return std::int64_t{row.get(f.plus.column(i))} - subtracted;
    }
};
struct ExprOf {
    using Value = Expr;
    RowConstraints& c;
    [[nodiscard]] Expr operator()(const Factor& f, std::size_t i) const
    {
        const Expr x = c.at(f.plus.column(i));
        return f.minus ? x - c.at(f.minus->column(i)) : x;
    }
};

// Shows `visit` every product of digits with its place.
template <typename Digit, typename Visit>
void visitProducts(const Term& term, const Digit& digit, const typename Digit::Value& one, const Visit& visit)
{
    if (term.factors.empty()) return visit(term.place, one);
    const Factor& a = term.factors[0];
    for (std::size_t i = 0; i < a.plus.count(); ++i) {
        const std::size_t place = term.place + i * a.plus.size();
        const typename Digit::Value x = digit(a, i);
        if (term.factors.size() == 1) {
            visit(place, x);
            continue;
        }
        const Factor& b = term.factors[1];
        for (std::size_t j = 0; j < b.plus.count(); ++j) visit(place + j * b.plus.size(), x * digit(b, j));
    }
}

} // namespace

std::vector<Expr> Digits::limbs(RowConstraints& c) const
{
    std::vector<Expr> out;
    for (std::size_t i = 0; i < m_checked; i += 2 / m_size)
        out.push_back(m_size == kLimbs ? c.at(column(i)) : c.at(column(i)) + c.at(column(i + 1)) * 256U);
    return out;
}

std::vector<WordExpr> Digits::words(RowConstraints& c) const
{
    const std::vector<Expr> all = limbs(c);
    std::vector<WordExpr> out;
    for (std::size_t i = 0; i < all.size(); i += 2) out.push_back({all[i], all[i + 1]});
    return out;
}

void Digits::set(const Row& row, std::span<const std::uint32_t> words) const
{
    const std::size_t bits = 8 * m_size;
    for (std::size_t i = 0; i < m_checked; ++i)
        row.set(column(i), words[i * bits / 32] >> i * bits % 32 & ((1U << bits) - 1));
}

std::vector<std::uint32_t> Digits::limbs(const Row& row) const
{
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < m_checked; i += 2 / m_size)
        out.push_back(row.get(column(i)) + (m_size == kLimbs ? 0 : row.get(column(i + 1)) << 8U));
    return out;
}

void Digits::check(RowConstraints& c, const std::string& name) const
{
    if (m_size == kLimbs) {
        for (std::size_t i = 0; i < m_checked; ++i) c.limb(c.at(column(i)), name);
    } else {
        for (std::size_t i = 0; i < m_checked; i += 2) c.bytes(c.at(column(i)), c.at(column(i + 1)), name);
    }
}

Identity::Identity(Layout& layout, std::size_t places, std::vector<Term> terms)
    : m_places(places), m_terms(std::move(terms))
{
    plan(layout);
}

// The coefficient of every place, and last the sum of those beyond.
std::vector<Bounds> Identity::bounds() const
{
    std::vector<Bounds> out(m_places + 1);
    for (const Term& term : m_terms) {
        visitProducts(term, BoundsOf{}, Bounds{1, 1}, [&](std::size_t place, Bounds x) {
            Bounds& sum = out[std::min(place, m_places)];
            sum = sum + x * Bounds{term.coefficient, term.coefficient};
        });
    }
    return out;
}

std::optional<Identity::Group> Identity::groupAt(const std::vector<Bounds>& all, Bounds carry,
                                                 std::size_t place, std::size_t width) const
{
    Bounds sum = carry;
    for (std::size_t i = 0; i < width; ++i) sum = sum + all[place + i] * Bounds{unit(i), unit(i)};
    Group out{place, width, {}, 0, 0};
    if (place + width == m_places) return isNear(sum) ? std::optional(out) : std::nullopt;
    out.lowest = floorOf(sum.low, unit(width));
    const auto span = static_cast<std::uint64_t>(floorOf(sum.high, unit(width)) - out.lowest);
    out.bits = std::max(1U, static_cast<unsigned>(std::bit_width(span)));
    if (out.bits > 16) return std::nullopt;
    // What the power of two has too much goes half below, so that the left side stays near zero on both sides.
    out.lowest -= ((std::int64_t{1} << out.bits) - 1 - static_cast<std::int64_t>(span)) / 2;
    const Bounds carryOut{out.lowest, out.lowest + (std::int64_t{1} << out.bits) - 1};
    const Bounds left = sum + carryOut * Bounds{-unit(width), -unit(width)};
    return isNear(left) ? std::optional(out) : std::nullopt;
}

void Identity::plan(Layout& layout)
{
    const std::vector<Bounds> all = bounds();
    const Bounds beyond = all[m_places];
    if (!isNear(beyond) || (beyond.low != 0 && beyond.high != 0)) std::abort();
    Bounds carry;
    for (std::size_t place = 0; place < m_places;) {
        std::optional<Group> group;
        for (std::size_t width = std::min(kWidest, m_places - place); width > 0 && !group; --width)
            group = groupAt(all, carry, place, width);
        if (!group) std::abort();
        place += group->width;
        if (place < m_places) group->carry = layout.take();
        carry = {group->lowest, group->lowest + (std::int64_t{1} << group->bits) - 1};
        m_groups.push_back(*group);
    }
}

void Identity::constrain(RowConstraints& c, const std::string& name) const
{
    AirBuilder& b = c.builder();
    std::vector<Expr> sums(m_places + 1, b.constant(0U));
    for (const Term& term : m_terms) {
        visitProducts(term, ExprOf{c}, c.real(), [&](std::size_t place, Expr x) {
            Expr& sum = sums[std::min(place, m_places)];
            sum = term.coefficient == -1 ? sum - x : sum + times(x, term.coefficient);
        });
    }
    const Bounds beyond = bounds()[m_places];
    if (beyond.low != beyond.high) b.assertZero(sums[m_places], name + " beyond");
    Expr carry = b.constant(0U);
    for (const Group& group : m_groups) {
        Expr left = carry;
        for (std::size_t i = 0; i < group.width; ++i) left += times(sums[group.place + i], unit(i));
        if (group.carry) {
            carry = c.at(*group.carry);
            left = left - times(carry, unit(group.width));
            const Expr offset = carry - elementOf(group.lowest);
            if (group.bits == 16)
                c.limb(offset, name + " carry");
            else
                c.bits(offset, group.bits, name + " carry");
        }
        b.assertZero(left, name);
    }
}

std::vector<std::int64_t> Identity::coefficients(const Row& row) const
{
    std::vector<std::int64_t> out(m_places + 1);
    for (const Term& term : m_terms) {
        visitProducts(term, ValueOf{row}, 1, [&](std::size_t place, std::int64_t x) {
            out[std::min(place, m_places)] += term.coefficient * x;
        });
    }
    return out;
}

void Identity::fill(const Row& row) const
{
    const std::vector<std::int64_t> sums = coefficients(row);
    std::int64_t carry = 0;
    for (const Group& group : m_groups) {
        for (std::size_t i = 0; i < group.width; ++i) carry += sums[group.place + i] * unit(i);
        carry = floorOf(carry, unit(group.width));
        if (group.carry) row.set(*group.carry, elementOf(carry));
    }
}

std::vector<std::size_t> Identity::carries() const
{
    std::vector<std::size_t> out;
    for (const Group& group : m_groups) {
        if (group.carry) out.push_back(*group.carry);
    }
    return out;
}

void LessThan::constrain(RowConstraints& c, const std::vector<Expr>& a, const std::vector<Expr>& b,
                         const std::string& name) const
{
    AirBuilder& builder = c.builder();
    Expr atOrAbove = builder.constant(0U);
    Expr difference = builder.constant(0U);
    for (std::size_t i = kLimbs; i-- > 0;) {
        const Expr flag = c.at(m_flags + i);
        builder.assertBoolean(flag, name + " flags are bits");
        atOrAbove += flag;
        difference += flag * (b[i] - a[i]);
        builder.assertZero((c.real() - atOrAbove) * (b[i] - a[i]), name + " equal above");
    }
    builder.assertEqual(difference - c.real(), c.at(m_difference), name + " difference");
    c.limb(c.at(m_difference), name + " is less");
}

void LessThan::fill(const Row& row, const std::vector<std::uint32_t>& a,
                    const std::vector<std::uint32_t>& b) const
{
    for (std::size_t i = 0; i < kLimbs; ++i) row.set(m_flags + i, 0U);
    row.set(m_difference, 0U);
    for (std::size_t i = kLimbs; i-- > 0;) {
        if (a[i] == b[i]) continue;
        row.set(m_flags + i, 1U);
        row.set(m_difference, elementOf(std::int64_t{b[i]} - a[i] - 1));
        return;
    }
}

} // namespace bowline::chips
