// SPDX-License-Identifier: MIT
// What the constraints of a row say while some of its columns are not known, in the field and among the integers.
#pragma once

#include "tests/unit/proving/row_oracle.h"

#include <map>
#include <set>
#include <utility>

namespace bowline::test {

/// A sum of products of columns that are not known, at most three to a product. A product is its columns plus one, 16 bits
/// each, the greatest last; 0 is the constant.
class Polynomial {
public:
    Polynomial() = default;
    explicit Polynomial(field::Element constant) { add(0, constant); }
    static Polynomial column(std::size_t c)
    {
        Polynomial out;
        out.add(c + 1, field::Element::from(1));
        return out;
    }

    void add(std::uint64_t product, field::Element factor)
    {
        if (factor.isZero()) return;
        const auto [at, isNew] = m_terms.emplace(product, factor);
        if (isNew) return;
        at->second += factor;
        if (at->second.isZero()) m_terms.erase(at);
    }
    friend Polynomial operator+(Polynomial a, const Polynomial& b)
    {
        for (const auto& [product, factor] : b.m_terms) a.add(product, factor);
        return a;
    }
    friend Polynomial operator-(Polynomial a, const Polynomial& b)
    {
        for (const auto& [product, factor] : b.m_terms) a.add(product, -factor);
        return a;
    }
    friend Polynomial operator*(const Polynomial& a, const Polynomial& b)
    {
        Polynomial out;
        for (const auto& [left, f] : a.m_terms) {
            for (const auto& [right, g] : b.m_terms) out.add(joined(left, right), f * g);
        }
        return out;
    }

    [[nodiscard]] const std::map<std::uint64_t, field::Element>& terms() const { return m_terms; }
    [[nodiscard]] std::vector<std::size_t> unknowns() const
    {
        std::set<std::size_t> found;
        for (const auto& term : m_terms) {
            for (std::uint64_t rest = term.first; rest != 0; rest >>= 16U) found.insert((rest & 0xffffU) - 1);
        }
        return {found.begin(), found.end()};
    }
    [[nodiscard]] std::optional<field::Element> constant() const
    {
        if (m_terms.empty()) return field::Element{};
        if (m_terms.size() == 1 && m_terms.begin()->first == 0) return m_terms.begin()->second;
        return std::nullopt;
    }
    /// As coefficient * column + rest, with the values of all other unknowns; nothing if the column is squared.
    [[nodiscard]] std::optional<std::pair<field::Element, field::Element>> linearIn(std::size_t column,
                                                                                    const Cells& values) const
    {
        field::Element coefficient;
        field::Element rest;
        for (const auto& [product, factor] : m_terms) {
            field::Element value = factor;
            unsigned power = 0;
            for (std::uint64_t left = product; left != 0; left >>= 16U) {
                if ((left & 0xffffU) - 1 == column) {
                    ++power;
                } else {
                    value *= values[(left & 0xffffU) - 1];
                }
            }
            if (power > 1) return std::nullopt;
            (power == 1 ? coefficient : rest) += value;
        }
        return std::pair{coefficient, rest};
    }
    [[nodiscard]] field::Element at(const Cells& values) const
    {
        field::Element out;
        for (const auto& [product, factor] : m_terms) {
            field::Element value = factor;
            for (std::uint64_t left = product; left != 0; left >>= 16U) value *= values[(left & 0xffffU) - 1];
            out += value;
        }
        return out;
    }
    [[nodiscard]] unsigned degree() const
    {
        unsigned out = 0;
        for (const auto& term : m_terms) {
            unsigned own = 0;
            for (std::uint64_t left = term.first; left != 0; left >>= 16U) ++own;
            out = std::max(out, own);
        }
        return out;
    }

private:
    static std::uint64_t joined(std::uint64_t a, std::uint64_t b)
    {
        std::array<std::uint64_t, 8> columns{};
        std::size_t count = 0;
        for (; a != 0; a >>= 16U) columns[count++] = a & 0xffffU;
        for (; b != 0; b >>= 16U) columns[count++] = b & 0xffffU;
        if (count > 4) qFatal("a product of more than four columns");
        std::sort(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(count));
        std::uint64_t out = 0;
        for (std::size_t i = count; i-- > 0;) out = out << 16U | columns[i];
        return out;
    }
    std::map<std::uint64_t, field::Element> m_terms;
};

/// Products of a word, a byte and a power of two pass 64 bits.
__extension__ using Wide = __int128;

[[nodiscard]] inline Wide commonDivisor(Wide a, Wide b)
{
    while (b != 0) a = std::exchange(b, a % b);
    return a < 0 ? -a : a;
}

/// A sum of columns, which are small numbers not below zero, times integers, and a constant; it is zero.
struct IntegerEquation {
    std::map<std::size_t, Wide> factors;
    Wide constant = 0;
};

/// The multiple of a less the multiple of b in which the column, which both have, falls away.
[[nodiscard]] inline IntegerEquation without(std::size_t column, const IntegerEquation& a,
                                             const IntegerEquation& b)
{
    const Wide common = commonDivisor(a.factors.at(column), b.factors.at(column));
    const Wide ofA = b.factors.at(column) / common;
    const Wide ofB = a.factors.at(column) / common;
    IntegerEquation out;
    for (const auto& [c, factor] : a.factors) out.factors[c] = factor * ofA;
    for (const auto& [c, factor] : b.factors) out.factors[c] -= factor * ofB;
    std::erase_if(out.factors, [](const auto& term) { return term.second == 0; });
    out.constant = a.constant * ofA - b.constant * ofB;
    return out;
}

/// Whether sums of its terms, each times a column's value, fit into a Wide.
[[nodiscard]] inline bool isModerate(const IntegerEquation& equation)
{
    constexpr Wide kMost = Wide{1} << 80U;
    const auto fits = [](Wide x) { return x < kMost && -x < kMost; };
    return fits(equation.constant) && std::all_of(equation.factors.begin(), equation.factors.end(),
                                                  [&](const auto& term) { return fits(term.second); });
}

} // namespace bowline::test
