// SPDX-License-Identifier: MIT
// The addresses of words that lie one behind the other.
#pragma once

#include "core/chips/columns.h"

namespace bowline::chips {

/// Columns: a pointer (2), and for each word but the first, and for the one behind the last, whether its address has
/// left the pointer's 2^16 bytes. In rows in which `real` is 0 all of them may be zero.
///
/// Why they are right: the pointer's lower limb is below 2^16, as the call's sender says so or the row before. A carry
/// may differ from the one before it at one place alone, where the lower limb becomes 2^16; as this grows by 4, and is
/// a multiple of 4, that is the first word that has left. That the carry of word `last` is not 0 too long is looked up
/// with its lower limb's being a multiple of 4. Words behind `last` are for runs that go on in the next row: a wrong
/// carry among them leaves that row a pointer whose lower limb is 2^16 or more, and for this its own look-up finds no
/// row. Upper limbs are those of the pointer or of the next row's, or that of word `last`: all are looked up.
class WordRun {
public:
    WordRun(Layout& layout, std::size_t words, std::size_t last)
        : m_pointer(layout), m_carry(layout.take(words)), m_words(words), m_last(last)
    {
    }

    [[nodiscard]] const Word& pointer() const { return m_pointer; }
    /// Of words 1 to `words`.
    [[nodiscard]] std::size_t carry(std::size_t word) const { return m_carry + word - 1; }
    void set(const Row& row, std::uint32_t pointer) const;

    void constrain(RowConstraints& row) const;
    /// The next row's words follow this one's where `gate` is 1.
    void follow(RowConstraints& row, Expr gate) const;
    [[nodiscard]] WordExpr address(RowConstraints& row, std::size_t word) const;

private:
    Word m_pointer;
    std::size_t m_carry;
    std::size_t m_words;
    std::size_t m_last;
};

} // namespace bowline::chips
