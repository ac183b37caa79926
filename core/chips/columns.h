// SPDX-License-Identifier: MIT
// What chips are built from: columns with places, rows to fill, and the constraints that most of them share.
#pragma once

#include "core/chips/buses.h"
#include "core/stark/air.h"

namespace bowline::chips {

using field::Element;
using stark::AirBuilder;
using stark::Expr;

/// Gives out a chip's columns, one after the other.
class Layout {
public:
    [[nodiscard]] std::size_t take(std::size_t count = 1)
    {
        const std::size_t out = m_width;
        m_width += count;
        return out;
    }
    [[nodiscard]] std::size_t width() const { return m_width; }

private:
    std::size_t m_width = 0;
};

/// A row of a table that is being filled. Values are canonical; cells start as zero.
class Row {
public:
    Row(std::uint32_t* data, unsigned log, std::size_t index) : m_cell(data + index), m_log(log) {}
    void set(std::size_t column, std::uint32_t value) const { m_cell[column << m_log] = value; }
    void set(std::size_t column, Element value) const { set(column, value.value()); }
    [[nodiscard]] std::uint32_t get(std::size_t column) const { return m_cell[column << m_log]; }

private:
    std::uint32_t* m_cell;
    unsigned m_log;
};

struct Word {
    std::size_t lo;
    std::size_t hi;

    explicit Word(Layout& layout) : lo(layout.take()), hi(layout.take()) {}
    void set(const Row& row, std::uint32_t value) const
    {
        row.set(lo, value & 0xffffU);
        row.set(hi, value >> 16U);
    }
};

/// Four columns, the least significant byte first.
struct Bytes4 {
    std::size_t first;

    explicit Bytes4(Layout& layout) : first(layout.take(4)) {}
    [[nodiscard]] std::size_t operator[](std::size_t i) const { return first + i; }
    void set(const Row& row, std::uint32_t value) const
    {
        for (std::size_t i = 0; i < 4; ++i) row.set(first + i, value >> 8 * i & 0xffU);
    }
};

struct WordExpr {
    Expr lo;
    Expr hi;
};

/// One word's access: its content before and after, and when it was accessed last.
struct Access {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    std::uint32_t previousTime = 0;
};

/// The columns that every access needs besides its values: the time of the last access, and the lower limb of how long
/// ago that was. Rows in which the access is switched off are filled by skip().
struct Port {
    std::size_t previousTime;
    std::size_t gap;

    explicit Port(Layout& layout) : previousTime(layout.take()), gap(layout.take()) {}
    void set(const Row& row, std::uint32_t time, const Access& access) const
    {
        row.set(previousTime, access.previousTime);
        row.set(gap, (time - access.previousTime - 1) & 0xffffU);
    }
    void skip(const Row& row, std::uint32_t time) const
    {
        row.set(previousTime, time - 1);
        row.set(gap, 0U);
    }
};
/// An access that leaves the word as it was.
struct ReadPort {
    Word value;
    Port port;

    explicit ReadPort(Layout& layout) : value(layout), port(layout) {}
    void set(const Row& row, std::uint32_t time, const Access& access) const
    {
        value.set(row, access.before);
        port.set(row, time, access);
    }
};
/// An access that puts another word there; that one's columns are the chip's.
struct WritePort {
    Word before;
    Port port;

    explicit WritePort(Layout& layout) : before(layout), port(layout) {}
    void set(const Row& row, std::uint32_t time, const Access& access) const
    {
        before.set(row, access.before);
        port.set(row, time, access);
    }
};

/// The constraints that chips share. `real` is 1 in rows that stand for something and 0 in those that fill the
/// table up: it multiplies every message, so that the latter do nothing. finish() is called last.
class RowConstraints {
public:
    RowConstraints(AirBuilder& builder, Expr real, Expr time) : m_b(builder), m_real(real), m_time(time) {}

    [[nodiscard]] AirBuilder& builder() { return m_b; }
    [[nodiscard]] Expr real() const { return m_real; }
    [[nodiscard]] Expr time() const { return m_time; }
    [[nodiscard]] Expr at(std::size_t column) { return m_b.main(column); }
    [[nodiscard]] WordExpr word(const Word& word) { return {at(word.lo), at(word.hi)}; }
    /// A word's limbs from its bytes.
    [[nodiscard]] WordExpr word(const Bytes4& bytes)
    {
        return {at(bytes[0]) + at(bytes[1]) * 256U, at(bytes[2]) + at(bytes[3]) * 256U};
    }
    [[nodiscard]] WordExpr number(std::uint32_t value)
    {
        return {m_b.constant(value & 0xffffU), m_b.constant(value >> 16U)};
    }
    [[nodiscard]] WordExpr registerAddress(Expr fourTimesNumber);
    [[nodiscard]] WordExpr registerAddress(std::uint8_t number);

    /// Range checks; `when` stands for rows in which they are made.
    void limb(Expr x, Expr when, const std::string& name);
    void limb(Expr x, const std::string& name) { limb(x, m_real, name); }
    void word(WordExpr x, const std::string& name);
    void bits(Expr x, unsigned count, Expr when, const std::string& name);
    void bits(Expr x, unsigned count, const std::string& name) { bits(x, count, m_real, name); }
    void bytes(Expr a, Expr b, const std::string& name);
    void bytes(const Bytes4& x, const std::string& name);

    void access(const Port& port, std::uint32_t subTime, WordExpr address, WordExpr before, WordExpr after,
                Expr when, const std::string& name);
    void read(const ReadPort& port, std::uint32_t subTime, WordExpr address, Expr when,
              const std::string& name)
    {
        access(port.port, subTime, address, word(port.value), word(port.value), when, name);
    }
    void write(const WritePort& port, std::uint32_t subTime, WordExpr address, WordExpr after, Expr when,
               const std::string& name)
    {
        access(port.port, subTime, address, word(port.before), after, when, name);
    }

    /// c = a + b modulo 2^32. The limbs of all three are limbs by what else is asked of them. Yields the last carry.
    Expr add(WordExpr a, WordExpr b, WordExpr c, const std::string& name);

    /// Emits the range checks of the accesses, two bytes each.
    void finish();

private:
    AirBuilder& m_b;
    Expr m_real;
    Expr m_time;
    std::vector<Expr> m_gaps; // upper parts, bytes
};

/// x / 2^16 in the field: of a number that is a multiple, its quotient.
[[nodiscard]] Expr dividedBy65536(Expr x);
/// x / 2^log in the field.
[[nodiscard]] Expr dividedByPower(Expr x, unsigned log);

} // namespace bowline::chips
