// SPDX-License-Identifier: MIT
// The extension of degree 4 of KoalaBear, F[x] / (x^4 - 3): about 124 bits, from which the challenges of a
// proof are drawn. x^4 - 3 is irreducible because 3 is no square and p = 1 mod 4; tests/unit/field checks it.
#pragma once

#include "core/field/koalabear.h"

#include <array>
#include <cstddef>

namespace bowline::field {

/// c[0] + c[1] x + c[2] x^2 + c[3] x^3.
class Extension {
public:
    static constexpr std::size_t kDegree = 4;
    static constexpr std::uint32_t kNonResidue = 3;

    constexpr Extension() = default;
    constexpr Extension(Element base) : m_c{base, {}, {}, {}} {} // NOLINT(google-explicit-constructor)
    constexpr explicit Extension(const std::array<Element, 4>& coefficients) : m_c(coefficients) {}
    [[nodiscard]] static constexpr Extension from(std::uint32_t value) { return Element::from(value); }

    [[nodiscard]] constexpr const std::array<Element, 4>& coefficients() const { return m_c; }
    [[nodiscard]] constexpr Element operator[](std::size_t i) const { return m_c[i]; }
    [[nodiscard]] constexpr bool isZero() const { return *this == Extension{}; }

    friend constexpr bool operator==(const Extension&, const Extension&) = default;
    friend constexpr Extension operator+(const Extension& a, const Extension& b)
    {
        return Extension{
            {a.m_c[0] + b.m_c[0], a.m_c[1] + b.m_c[1], a.m_c[2] + b.m_c[2], a.m_c[3] + b.m_c[3]}};
    }
    friend constexpr Extension operator-(const Extension& a, const Extension& b)
    {
        return Extension{
            {a.m_c[0] - b.m_c[0], a.m_c[1] - b.m_c[1], a.m_c[2] - b.m_c[2], a.m_c[3] - b.m_c[3]}};
    }
    friend constexpr Extension operator-(const Extension& a) { return Extension{} - a; }
    friend constexpr Extension operator*(const Extension& a, const Extension& b)
    {
        const auto& x = a.m_c;
        const auto& y = b.m_c;
        return Extension{{x[0] * y[0] + triple(x[1] * y[3] + x[2] * y[2] + x[3] * y[1]),
                          x[0] * y[1] + x[1] * y[0] + triple(x[2] * y[3] + x[3] * y[2]),
                          x[0] * y[2] + x[1] * y[1] + x[2] * y[0] + triple(x[3] * y[3]),
                          x[0] * y[3] + x[1] * y[2] + x[2] * y[1] + x[3] * y[0]}};
    }
    friend constexpr Extension operator*(const Extension& a, Element b)
    {
        return Extension{{a.m_c[0] * b, a.m_c[1] * b, a.m_c[2] * b, a.m_c[3] * b}};
    }
    friend constexpr Extension operator*(Element a, const Extension& b) { return b * a; }
    constexpr Extension& operator+=(const Extension& o) { return *this = *this + o; }
    constexpr Extension& operator-=(const Extension& o) { return *this = *this - o; }
    constexpr Extension& operator*=(const Extension& o) { return *this = *this * o; }

    [[nodiscard]] constexpr Extension power(std::uint64_t exponent) const
    {
        Extension out = from(1);
        for (int bit = 63; bit >= 0; --bit) {
            out *= out;
            if (((exponent >> static_cast<unsigned>(bit)) & 1U) != 0) out *= *this;
        }
        return out;
    }
    /// By the norm into F[x^2], then into F. Zero for zero, which has none.
    [[nodiscard]] constexpr Extension inverse() const
    {
        // With y = x^2, y^2 = 3: a = u + v x, and a (u - v x) = u^2 - y v^2 = n0 + n1 y lies in F[y].
        const auto& c = m_c;
        const Element n0 = c[0] * c[0] + triple(c[2] * c[2]) - triple((c[1] * c[3]).doubled());
        const Element n1 = (c[0] * c[2]).doubled() - c[1] * c[1] - triple(c[3] * c[3]);
        const Element inverseNorm = (n0 * n0 - triple(n1 * n1)).inverse();
        const Extension conjugate{{c[0], -c[1], c[2], -c[3]}};
        return conjugate * Extension{{n0 * inverseNorm, {}, -n1 * inverseNorm, {}}};
    }

private:
    [[nodiscard]] static constexpr Element triple(Element x) { return x.doubled() + x; }
    std::array<Element, 4> m_c{};
};

} // namespace bowline::field
