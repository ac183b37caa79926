// SPDX-License-Identifier: MIT
// How a precompile's table is called, and how its rows reach the words of its operands.
#pragma once

#include "core/chips/chip.h"

namespace bowline::chips {

/// The columns of a row that stands for a call: whether it does, and what the caller said.
struct CallColumns {
    std::size_t real;
    std::size_t time;
    std::array<Word, 3> pointers; // $4 to $6

    explicit CallColumns(Layout& layout)
        : real(layout.take()), time(layout.take()), pointers{Word(layout), Word(layout), Word(layout)}
    {
    }
    void set(const Row& row, const Call& call) const;
    /// `real` is boolean, and such a row takes one call of that number.
    void receive(RowConstraints& c, std::uint32_t number) const;
};

/// Addresses of an operand's words: word i is at pointer + 4 i, with a carry into the upper limb.
///
/// Both limbs of the pointer are below 2^16, by who calls. Flag j says that word j is the first one above a multiple
/// of 2^16; as the lower limb is a multiple of 4, that word then has a lower limb of exactly 0. Hence:
///  - "crossing": flag j (lower limb + 4 j - 2^16) = 0, so at most one flag is not zero, and its place is right. What
///    is left to show is that the flags' sum, the last word's carry, is 1 if the words cross and else 0;
///  - "first address", "last address": the upper limbs are those of guest addresses, so the last carry, their
///    difference, is an integer of at most 15 bits and its sign;
///  - "aligned": the last word's lower limb is 4 times a number of 14 bits, so that carry is its true one (all
///    numbers here are smaller than p), and the pointer is a multiple of 4.
/// Cells: words - 1 flags, 3 messages.
class OperandAddress {
public:
    OperandAddress(Layout& layout, const Word& pointer, std::size_t words)
        : m_pointer(pointer), m_words(words), m_flags(layout.take(words - 1))
    {
    }
    [[nodiscard]] std::size_t words() const { return m_words; }
    void set(const Row& row, std::uint32_t pointer) const;
    void constrain(RowConstraints& c, const std::string& name) const;
    [[nodiscard]] WordExpr word(RowConstraints& c, std::size_t i) const;
    /// The column of a word's flag; word 0 has none.
    [[nodiscard]] std::size_t flag(std::size_t word) const { return m_flags + word - 1; }

private:
    [[nodiscard]] Expr carry(RowConstraints& c, std::size_t i) const;

    Word m_pointer;
    std::size_t m_words;
    std::size_t m_flags;
};

/// An operand whose words are all accessed at one time.
class Operand {
public:
    Operand(Layout& layout, const Word& pointer, std::size_t words);
    /// `accesses` has as many as there are words.
    void set(const Row& row, std::uint32_t pointer, std::uint32_t now,
             std::span<const Access> accesses) const;
    /// Each word is `before` and becomes `after`.
    void write(RowConstraints& c, std::uint32_t subTime, const std::vector<WordExpr>& before,
               const std::vector<WordExpr>& after, const std::string& name) const;
    void read(RowConstraints& c, std::uint32_t subTime, const std::vector<WordExpr>& words,
              const std::string& name) const
    {
        write(c, subTime, words, words, name);
    }
    [[nodiscard]] const OperandAddress& address() const { return m_address; }
    [[nodiscard]] const Port& port(std::size_t word) const { return m_ports[word]; }

private:
    OperandAddress m_address;
    std::vector<Port> m_ports;
};

} // namespace bowline::chips
