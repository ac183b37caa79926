// SPDX-License-Identifier: MIT
// Addition and doubling of points of secp256k1: y^2 = x^3 + 7 over the prime P = 2^256 - 2^32 - 977.
#pragma once

#include "core/chips/integers.h"
#include "core/chips/operand.h"
#include "core/zkvm/u256.h"

namespace bowline::chips {

/// The terms' sum is a multiple of P: an Identity with a quotient as witness. P times it is linear in its digits.
///
/// So that the quotient is never negative, offset * 256^place * P is added to the sum, for an offset that the chip knows
/// to suffice. With `top` the quotient has a digit above its 256 bits, of at most that: 1 or 7.
/// It is in bytes where limbs would leave the products no room below p.
class MultipleOfPrime {
public:
    MultipleOfPrime(Layout& layout, std::vector<Term> terms, std::int64_t offset, std::size_t place,
                    std::uint32_t top, Digits::Size ofQuotient = Digits::kLimbs);
    void constrain(RowConstraints& c, const std::string& name) const;
    void fill(const Row& row) const;
    [[nodiscard]] const Digits& quotient() const { return m_quotient; }
    [[nodiscard]] const Identity& identity() const { return m_identity; }

private:
    std::uint32_t m_top;
    Digits m_quotient;
    Identity m_identity;
};

/// x < P for 16 limbs x_0 .. x_15, which are below 2^16 by other checks.
///
/// P's limbs are fc2f, ffff, fffe and ffff from there on. Let t be the sum of ffff - x_i for i from 3, s = fffe - x_2 and
/// c = ffff - x_1, all of them small integers. For witnesses e, i, j, k:
///  - "is less": t i + s (s + 1) j + c k = 1 - e, and "limb 1 counts": s k = 0. If e is not 1, some summand is not zero.
///    Then t is not 0, or s > 0 (as s = -1 makes the second and the third one zero), or s = 0 and c > 0: x < P;
///  - if e is 1, "edge": e s = 0, and "limb 0": x_0 + 977 e is a limb. So x_2 = fffe and x_0 < fc2f: x < P.
/// Cells: e, i, j, k and a message.
class BelowPrime {
public:
    explicit BelowPrime(Layout& layout) : m_first(layout.take(4)) {}
    void constrain(RowConstraints& c, const std::vector<Expr>& limbs, const std::string& name) const;
    void fill(const Row& row, const std::vector<std::uint32_t>& limbs) const;

    enum Column : std::size_t { kEdge, kUpper, kThird, kSecond };
    [[nodiscard]] std::size_t column(Column which) const { return m_first + which; }

private:
    std::size_t m_first;
};

/// What the two chips share. One row a call: (x, y) at $4 becomes (x3, y3), for the line's slope as a witness of 32
/// bytes.
///
///  - binding: the call gives time and pointers, every word is one access at its address (operand.h);
///  - limbs: what is read is limbs by who wrote it; what is multiplied is in bytes, and two bytes have just one sum
///    a + 256 b; all witnesses and results are checked here;
///  - "third x": x3 = slope^2 - x - (the other x) mod P, and "third y": y3 = slope (x - x3) - y mod P, in the integers
///    with a quotient;
///  - all coordinates are below P, so results are unique, and an operand that is not reduced has no proof;
///  - the slope is fixed modulo P by the derived chip. That it may be itself or itself + P, if that has 256 bits,
///    changes no result.
class Secp256k1Chip : public CallChip {
public:
    [[nodiscard]] std::size_t rowsPerCall() const override { return 1; }
    void eval(AirBuilder& b) const override;
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const override;

    struct Columns {
        CallColumns call;
        Operand point;
        Digits x;
        Digits y;
        Digits slope;
        Digits newX;
        Digits newY;
        MultipleOfPrime thirdY;
        std::array<BelowPrime, 4> reduced; // x, y, newX, newY

        Columns(Layout& layout, Digits::Size ofY);
    };
    [[nodiscard]] const Columns& columns() const { return m_c; }

protected:
    /// `ofY`: bytes if y is a factor.
    Secp256k1Chip(std::uint32_t number, Digits::Size ofY) : m_number(number), m_c(layout(), ofY) {}

    virtual void constrainSlope(RowConstraints& c) const = 0;
    /// Fills the other operand and yields the slope.
    [[nodiscard]] virtual zkvm::U256 fillOther(const Row& row, const Call& call) const = 0;
    /// Fills what depends on slope and results.
    virtual void fillSlope(const Row& row) const = 0;

private:
    std::uint32_t m_number;
    Columns m_c;
};

/// BOWLINE_SECP256K1_ADD: the other point (x2, y2) is at $5.
///
///  - "slope": slope (x2 - x) = y2 - y mod P;
///  - "x differ": sum over a, b below 4 of u_a v_b (limb 4 a + b of x2 - x) = 1 for witnesses u and v: some limb
///    differs. As both are below P they differ modulo P, and the slope is unique.
class Secp256k1AddChip : public Secp256k1Chip {
public:
    Secp256k1AddChip();
    [[nodiscard]] std::string name() const override { return "secp256k1-add"; }

    struct Other {
        Operand point;
        Digits x;
        Digits y;
        std::array<BelowPrime, 2> reduced;
        MultipleOfPrime slope;
        MultipleOfPrime thirdX;
        std::size_t differ; // u, then v

        Other(Layout& layout, const Columns& c);
    };
    [[nodiscard]] const Other& other() const { return m_other; }

protected:
    void constrainSlope(RowConstraints& c) const override;
    [[nodiscard]] zkvm::U256 fillOther(const Row& row, const Call& call) const override;
    void fillSlope(const Row& row) const override;

private:
    Other m_other;
};

/// BOWLINE_SECP256K1_DOUBLE.
///
///  - "slope": 2 y slope = 3 x^2 mod P;
///  - "y is not 0": the sum of its limbs, below 2^20, has an inverse. So 2 y has one modulo P, and the slope is unique.
class Secp256k1DoubleChip : public Secp256k1Chip {
public:
    Secp256k1DoubleChip();
    [[nodiscard]] std::string name() const override { return "secp256k1-double"; }

    struct Tangent {
        MultipleOfPrime slope;
        MultipleOfPrime thirdX;
        std::size_t inverse;

        Tangent(Layout& layout, const Columns& c);
    };
    [[nodiscard]] const Tangent& tangent() const { return m_tangent; }

protected:
    void constrainSlope(RowConstraints& c) const override;
    [[nodiscard]] zkvm::U256 fillOther(const Row& row, const Call& call) const override;
    void fillSlope(const Row& row) const override;

private:
    Tangent m_tangent;
};

} // namespace bowline::chips
