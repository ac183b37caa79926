// SPDX-License-Identifier: MIT
// Multiplication of 256-bit numbers modulo a third.
#pragma once

#include "core/chips/integers.h"
#include "core/chips/operand.h"

namespace bowline::chips {

/// BOWLINE_MULMOD, one row a call: x at $4 becomes x y mod m, for y at $5 and m at $6. Any x and y; m = 0 has no proof.
///
/// Columns: the call (8); for each operand the flags of its address (7) and the ports of its words (16); x, y, m as
/// bytes (96); the result r as limbs (16); the quotient q as bytes (64), for it has 512 bits if m is small; carries of
/// the product (31); r < m (17).
///
/// Why a row that satisfies its constraints is a multiplication:
///  - binding: the call gives time and pointers, and every word is one access at its address (operand.h);
///  - bytes: what is read is limbs of 16 bits by who wrote it, and two bytes have just one sum a + 256 b; r and q are
///    checked here, and r is the only thing that is written;
///  - "product": x y - q m - r = 0 in the integers (integers.h). Places from 64 on belong to q m alone and have sum
///    zero, so each of their products is zero: an honest q m is at most x y < 2^512 and has none there;
///  - "reduced": r < m. With the product this makes q and r unique, and m = 0 impossible.
class MulModChip : public CallChip {
public:
    MulModChip();
    [[nodiscard]] std::string name() const override { return "mulmod"; }
    [[nodiscard]] std::size_t rowsPerCall() const override { return 1; }
    void eval(AirBuilder& b) const override;
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const override;

    /// Where a row's parts lie, for tests.
    struct Columns {
        CallColumns call;
        Operand first;
        Operand second;
        Operand third;
        Digits x;
        Digits y;
        Digits m;
        Digits result;
        Digits quotient;
        Identity product;
        LessThan reduced;

        explicit Columns(Layout& layout);
    };
    [[nodiscard]] const Columns& columns() const { return m_c; }

private:
    Columns m_c;
};

} // namespace bowline::chips
