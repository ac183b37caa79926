// SPDX-License-Identifier: MIT
#include "core/bitcoin/uint256.h"

#include <bit>
#include <cstdlib>

namespace bowline::bitcoin {

namespace {
// A limb pair: GCC's 128-bit integer is an extension, which -Wpedantic wants marked.
__extension__ using Wide = unsigned __int128;

struct Division {
    Uint256 quotient;
    Uint256 remainder;
};

// Bit by bit: at most 256 steps, for the few divisions that headers ask for.
Division divide(const Uint256& dividend, const Uint256& divisor)
{
    if (divisor == Uint256{}) std::abort();
    Division out{{}, dividend};
    if (dividend < divisor) return out;
    unsigned shift = dividend.bitLength() - divisor.bitLength();
    Uint256 shifted = divisor << shift;
    for (;; --shift) {
        if (out.remainder >= shifted) {
            out.remainder -= shifted;
            out.quotient += Uint256{1} << shift;
        }
        if (shift == 0) return out;
        shifted = shifted >> 1U;
    }
}
} // namespace

Uint256 Uint256::fromLittleEndian(const ByteArray<32>& bytes)
{
    Uint256 out;
    for (std::size_t i = 0; i < 32; ++i) out.m_limbs[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
    return out;
}

Uint256 Uint256::fromBigEndian(const ByteArray<32>& bytes)
{
    ByteArray<32> reversed;
    std::copy(bytes.rbegin(), bytes.rend(), reversed.begin());
    return fromLittleEndian(reversed);
}

Result<Uint256> Uint256::fromHex(std::string_view text)
{
    BOWLINE_TRY(const auto bytes, base::arrayFromHex<32>(text));
    return fromBigEndian(bytes);
}

ByteArray<32> Uint256::littleEndian() const
{
    ByteArray<32> out;
    for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<std::uint8_t>(m_limbs[i / 8] >> (8 * (i % 8)));
    return out;
}

ByteArray<32> Uint256::bigEndian() const
{
    const ByteArray<32> little = littleEndian();
    ByteArray<32> out;
    std::copy(little.rbegin(), little.rend(), out.begin());
    return out;
}

unsigned Uint256::bitLength() const
{
    for (unsigned i = 4; i-- > 0;) {
        if (m_limbs[i] != 0) return 64 * i + static_cast<unsigned>(std::bit_width(m_limbs[i]));
    }
    return 0;
}

Uint256 operator+(const Uint256& a, const Uint256& b)
{
    Uint256 out;
    Wide carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        carry += Wide{a.m_limbs[i]} + b.m_limbs[i];
        out.m_limbs[i] = static_cast<std::uint64_t>(carry);
        carry >>= 64U;
    }
    return out;
}

Uint256 operator-(const Uint256& a, const Uint256& b) { return a + ~b + Uint256{1}; }

Uint256 operator*(const Uint256& a, const Uint256& b)
{
    Uint256 out;
    for (std::size_t i = 0; i < 4; ++i) {
        Wide carry = 0;
        for (std::size_t j = 0; i + j < 4; ++j) {
            carry += Wide{a.m_limbs[i]} * b.m_limbs[j] + out.m_limbs[i + j];
            out.m_limbs[i + j] = static_cast<std::uint64_t>(carry);
            carry >>= 64U;
        }
    }
    return out;
}

Uint256 operator/(const Uint256& a, const Uint256& b) { return divide(a, b).quotient; }

Uint256 operator%(const Uint256& a, const Uint256& b) { return divide(a, b).remainder; }

Uint256 operator<<(const Uint256& a, unsigned count)
{
    Uint256 out;
    if (count >= 256) return out;
    const std::size_t limbs = count / 64;
    const unsigned bits = count % 64;
    for (std::size_t i = limbs; i < 4; ++i) {
        out.m_limbs[i] = a.m_limbs[i - limbs] << bits;
        if (bits != 0 && i > limbs) out.m_limbs[i] |= a.m_limbs[i - limbs - 1] >> (64 - bits);
    }
    return out;
}

Uint256 operator>>(const Uint256& a, unsigned count)
{
    Uint256 out;
    if (count >= 256) return out;
    const std::size_t limbs = count / 64;
    const unsigned bits = count % 64;
    for (std::size_t i = 0; i + limbs < 4; ++i) {
        out.m_limbs[i] = a.m_limbs[i + limbs] >> bits;
        if (bits != 0 && i + limbs + 1 < 4) out.m_limbs[i] |= a.m_limbs[i + limbs + 1] << (64 - bits);
    }
    return out;
}

} // namespace bowline::bitcoin
