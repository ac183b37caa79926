// SPDX-License-Identifier: MIT
// The prime field KoalaBear, p = 2^31 - 2^24 + 1, in Montgomery form with R = 2^32.
#pragma once

#include <cstdint>

namespace bowline::field {

/// An element of the field. Always reduced: equal elements have equal representations.
class Element {
public:
    static constexpr std::uint32_t kModulus = 0x7f000001U;

    constexpr Element() = default;
    /// Takes any 32-bit number, modulo p.
    [[nodiscard]] static constexpr Element from(std::uint32_t value)
    {
        return Element{reduce(std::uint64_t{value} * kRSquared)};
    }
    /// The canonical value, below p.
    [[nodiscard]] constexpr std::uint32_t value() const { return reduce(m_residue); }

    friend constexpr bool operator==(Element, Element) = default;
    friend constexpr Element operator+(Element a, Element b)
    {
        const std::uint32_t sum = a.m_residue + b.m_residue; // both below 2^31: no carry out of 32 bits
        return Element{sum >= kModulus ? sum - kModulus : sum};
    }
    friend constexpr Element operator-(Element a, Element b)
    {
        return Element{a.m_residue >= b.m_residue ? a.m_residue - b.m_residue
                                                  : a.m_residue + kModulus - b.m_residue};
    }
    friend constexpr Element operator*(Element a, Element b)
    {
        return Element{reduce(std::uint64_t{a.m_residue} * b.m_residue)};
    }
    friend constexpr Element operator-(Element a) { return Element{} - a; }
    constexpr Element& operator+=(Element o) { return *this = *this + o; }
    constexpr Element& operator-=(Element o) { return *this = *this - o; }
    constexpr Element& operator*=(Element o) { return *this = *this * o; }
    [[nodiscard]] constexpr Element doubled() const { return *this + *this; }
    [[nodiscard]] constexpr Element halved() const
    {
        return Element{m_residue % 2 == 0 ? m_residue / 2 : (m_residue + kModulus) / 2};
    }
    /// By square and multiply.
    [[nodiscard]] constexpr Element power(std::uint32_t exponent) const
    {
        Element out = from(1);
        for (int bit = 31; bit >= 0; --bit) {
            out *= out;
            if (((exponent >> static_cast<unsigned>(bit)) & 1U) != 0) out *= *this;
        }
        return out;
    }

    /// The inverse; zero for zero, which has none: callers that can meet it ask first.
    [[nodiscard]] constexpr Element inverse() const { return power(kModulus - 2); }
    [[nodiscard]] constexpr bool isZero() const { return m_residue == 0; }

    /// A root of unity of order 2^log, log <= kTwoAdicity; rootOfUnity(k) squared is rootOfUnity(k - 1).
    [[nodiscard]] static constexpr Element rootOfUnity(unsigned log)
    {
        Element out = from(kGenerator).power((kModulus - 1) >> kTwoAdicity);
        for (unsigned i = log; i < kTwoAdicity; ++i) out *= out;
        return out;
    }
    static constexpr unsigned kTwoAdicity = 24;    ///< p - 1 = 127 * 2^24
    static constexpr std::uint32_t kGenerator = 3; ///< generates the multiplicative group

    /// The Montgomery form in memory, value * 2^32 mod p: for kernels that work on raw words.
    [[nodiscard]] constexpr std::uint32_t residue() const { return m_residue; }

private:
    static constexpr std::uint32_t kRSquared = 0x17f7efe4U;     // 2^64 mod p
    static constexpr std::uint32_t kMinusInverse = 0x7effffffU; // -1/p mod 2^32

    constexpr explicit Element(std::uint32_t residue) : m_residue(residue) {}
    /// wide / R mod p, for wide < p * 2^32.
    [[nodiscard]] static constexpr std::uint32_t reduce(std::uint64_t wide)
    {
        const std::uint32_t multiple = static_cast<std::uint32_t>(wide) * kMinusInverse;
        const auto out = static_cast<std::uint32_t>((wide + std::uint64_t{multiple} * kModulus) >> 32U);
        return out >= kModulus ? out - kModulus : out;
    }

    std::uint32_t m_residue = 0;
};

} // namespace bowline::field
