// SPDX-License-Identifier: MIT
// Unsigned integers of 256 bits, as proof-of-work targets and sums of work need them. Arithmetic is modulo
// 2^256; division by zero is a bug and ends the program.
#pragma once

#include "core/bitcoin/types.h"

namespace bowline::bitcoin {

class Uint256 {
public:
    constexpr Uint256() = default;
    constexpr Uint256(std::uint64_t value) : m_limbs{value, 0, 0, 0} {} // NOLINT(google-explicit-constructor)
    [[nodiscard]] static constexpr Uint256 max() { return ~Uint256{}; }
    [[nodiscard]] static Uint256 fromLittleEndian(const ByteArray<32>& bytes);
    [[nodiscard]] static Uint256 fromBigEndian(const ByteArray<32>& bytes);
    /// 64 hexadecimal digits, most significant first.
    [[nodiscard]] static Result<Uint256> fromHex(std::string_view text);

    [[nodiscard]] ByteArray<32> littleEndian() const;
    [[nodiscard]] ByteArray<32> bigEndian() const;
    /// 64 digits, most significant first, as nodes show chain work.
    [[nodiscard]] std::string hex() const { return base::toHex(bigEndian()); }
    /// Position of the highest set bit plus one; 0 for zero.
    [[nodiscard]] unsigned bitLength() const;
    [[nodiscard]] constexpr std::uint64_t low64() const { return m_limbs[0]; }
    /// Whether it fits into 64 bits.
    [[nodiscard]] constexpr bool isSmall() const { return (m_limbs[1] | m_limbs[2] | m_limbs[3]) == 0; }

    friend constexpr bool operator==(const Uint256&, const Uint256&) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256& a, const Uint256& b)
    {
        for (std::size_t i = 4; i-- > 0;) {
            if (a.m_limbs[i] != b.m_limbs[i]) return a.m_limbs[i] <=> b.m_limbs[i];
        }
        return std::strong_ordering::equal;
    }
    constexpr Uint256 operator~() const
    {
        Uint256 out;
        for (std::size_t i = 0; i < 4; ++i) out.m_limbs[i] = ~m_limbs[i];
        return out;
    }
    friend Uint256 operator+(const Uint256& a, const Uint256& b);
    friend Uint256 operator-(const Uint256& a, const Uint256& b);
    friend Uint256 operator*(const Uint256& a, const Uint256& b);
    friend Uint256 operator/(const Uint256& a, const Uint256& b);
    friend Uint256 operator%(const Uint256& a, const Uint256& b);
    friend Uint256 operator<<(const Uint256& a, unsigned count);
    friend Uint256 operator>>(const Uint256& a, unsigned count);
    Uint256& operator+=(const Uint256& other) { return *this = *this + other; }
    Uint256& operator-=(const Uint256& other) { return *this = *this - other; }

private:
    std::array<std::uint64_t, 4> m_limbs{}; // least significant first
};

} // namespace bowline::bitcoin
