// SPDX-License-Identifier: MIT
// Numbers of many digits in columns, and equations between them that hold in the integers.
#pragma once

#include "core/chips/columns.h"

#include <optional>
#include <span>

namespace bowline::chips {

/// Columns of a number's digits, the least significant first: bytes, or limbs of 16 bits.
class Digits {
public:
    enum Size : std::size_t { kBytes = 1, kLimbs = 2 }; // bytes of a digit

    /// So many words; with `top`, one digit more, which is at most that.
    Digits(Layout& layout, Size size, std::size_t words, std::uint32_t top = 0)
        : m_size(size), m_checked(4 * words / size), m_count(m_checked + (top > 0 ? 1 : 0)),
          m_first(layout.take(m_count)), m_top(top)
    {
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t column(std::size_t i) const { return m_first + i; }
    /// The largest value of a digit, as check() and the top digit's own check establish it.
    [[nodiscard]] std::int64_t most(std::size_t i) const
    {
        return i < m_checked ? (std::int64_t{1} << 8 * m_size) - 1 : m_top;
    }

    [[nodiscard]] std::vector<WordExpr> words(RowConstraints& c) const;
    [[nodiscard]] std::vector<Expr> limbs(RowConstraints& c) const;
    /// As words, the top digit left out.
    void set(const Row& row, std::span<const std::uint32_t> words) const;
    /// The 16-bit limbs that a row holds.
    [[nodiscard]] std::vector<std::uint32_t> limbs(const Row& row) const;
    /// Range checks of all digits but the top one: half a message a byte, one a limb.
    void check(RowConstraints& c, const std::string& name) const;

private:
    std::size_t m_size;
    std::size_t m_checked;
    std::size_t m_count;
    std::size_t m_first;
    std::uint32_t m_top;
};

/// A number, or the difference of two of one form.
struct Factor {
    Digits plus;
    std::optional<Digits> minus;

    Factor(const Digits& number)
        : plus(number) {} // NOLINT(google-explicit-constructor): a factor is a number
    Factor(const Digits& from, const Digits& subtracted) : plus(from), minus(subtracted) {}
};

/// coefficient * 256^place * the factors: none, one or two.
struct Term {
    std::int64_t coefficient = 0;
    std::size_t place = 0;
    std::vector<Factor> factors;
};

/// Least and greatest value of an integer.
struct Bounds {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// Some terms' sum is zero in the integers.
///
/// The sum is a polynomial in 256 with a coefficient for every place, of which each digit's range gives the bounds.
/// Neighbouring places are taken together to groups, with a carry from each group to the next:
///     sum of the group + carry into it - 256^width * carry out of it = 0,
/// where the carry is a column that is range checked to the integers that it can be at all. The left side's least and
/// greatest value are computed from the bounds, and a group is only as wide as lets both be less than p away from
/// zero: so the equation in the field is one in the integers, and the groups' equations together say that
/// the sum is zero. The last group has no carry out of it. (A carry that is merely a quotient in the field would be
/// worthless: it need not be small.)
///
/// Terms of places from `places` on must have one sign; their coefficients' plain sum is then zero only if each is.
///
/// Cells: one column and one message a carry. Rows that are not real satisfy it with zeros.
class Identity {
public:
    /// Ends the program if a coefficient is too large for any group, which is a mistake of the chip's author.
    Identity(Layout& layout, std::size_t places, std::vector<Term> terms);

    void constrain(RowConstraints& c, const std::string& name) const;
    /// Fills the carries by the digits that the row holds; where the sum is not zero, some constraint fails.
    void fill(const Row& row) const;
    /// The coefficients by the digits that the row holds.
    [[nodiscard]] std::vector<std::int64_t> coefficients(const Row& row) const;
    /// The columns of the carries, in their order.
    [[nodiscard]] std::vector<std::size_t> carries() const;

private:
    struct Group {
        std::size_t place = 0;
        std::size_t width = 0;
        std::optional<std::size_t> carry; // column, holding a field element
        std::int64_t lowest = 0;          // the carry is this and a number of `bits` bits
        unsigned bits = 0;
    };
    [[nodiscard]] std::vector<Bounds> bounds() const;
    [[nodiscard]] std::optional<Group> groupAt(const std::vector<Bounds>& all, Bounds carry,
                                               std::size_t place, std::size_t width) const;
    void plan(Layout& layout);

    std::size_t m_places;
    std::vector<Term> m_terms;
    std::vector<Group> m_groups;
};

/// a < b for numbers of 16 limbs each, which are below 2^16 by other checks.
///
/// A flag, a bit, marks the uppermost limb in which they differ. Above it the limbs are equal ("equal above"); at it
/// b - a - 1 is a limb ("difference", which is range checked). Without a flag all limbs would have to be equal and the
/// difference be -1; a second flag asks for equal limbs from there on and changes nothing.
/// Cells: 16 flags, a difference and its message.
class LessThan {
public:
    explicit LessThan(Layout& layout) : m_flags(layout.take(kLimbs)), m_difference(layout.take()) {}
    void constrain(RowConstraints& c, const std::vector<Expr>& a, const std::vector<Expr>& b,
                   const std::string& name) const;
    void fill(const Row& row, const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) const;
    [[nodiscard]] std::size_t flag(std::size_t limb) const { return m_flags + limb; }
    [[nodiscard]] std::size_t difference() const { return m_difference; }

private:
    static constexpr std::size_t kLimbs = 16;
    std::size_t m_flags;
    std::size_t m_difference;
};

} // namespace bowline::chips
