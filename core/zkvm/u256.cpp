// SPDX-License-Identifier: MIT
#include "core/zkvm/u256.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

namespace bowline::zkvm {

namespace {

using Wide = std::array<std::uint32_t, 17>; // a product and one word of room for the shift
constexpr std::uint64_t kBase = std::uint64_t{1} << 32U;

[[nodiscard]] Wide product(const U256& a, const U256& b)
{
    Wide out{};
    for (std::size_t i = 0; i < 8; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 8; ++j) {
            const std::uint64_t sum = std::uint64_t{a[i]} * b[j] + out[i + j] + carry;
            out[i + j] = static_cast<std::uint32_t>(sum);
            carry = sum >> 32U;
        }
        out[i + 8] = static_cast<std::uint32_t>(carry);
    }
    return out;
}

void shiftLeft(std::span<std::uint32_t> words, unsigned bits)
{
    if (bits == 0) return;
    for (std::size_t i = words.size(); i-- > 0;)
        words[i] = words[i] << bits | (i > 0 ? words[i - 1] >> (32 - bits) : 0U);
}

void shiftRight(std::span<std::uint32_t> words, unsigned bits)
{
    if (bits == 0) return;
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = words[i] >> bits | (i + 1 < words.size() ? words[i + 1] << (32 - bits) : 0U);
}

// rest[at ..] -= digit * divisor; true if it went below zero.
[[nodiscard]] bool subtractMultiple(std::span<std::uint32_t> rest, std::span<const std::uint32_t> divisor,
                                    std::uint64_t digit)
{
    std::uint64_t carry = 0;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i <= divisor.size(); ++i) {
        const std::uint64_t term = (i < divisor.size() ? digit * divisor[i] : 0) + carry;
        carry = term >> 32U;
        const std::uint64_t difference = std::uint64_t{rest[i]} - static_cast<std::uint32_t>(term) - borrow;
        rest[i] = static_cast<std::uint32_t>(difference);
        borrow = difference >> 63U;
    }
    return borrow != 0;
}

void addBack(std::span<std::uint32_t> rest, std::span<const std::uint32_t> divisor)
{
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i <= divisor.size(); ++i) {
        carry += std::uint64_t{rest[i]} + (i < divisor.size() ? divisor[i] : 0U);
        rest[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32U;
    }
}

// Long division after Knuth (The Art of Computer Programming, volume 2, 4.3.1, algorithm D).
[[nodiscard]] Division divide(Wide rest, U256 divisor)
{
    Division out;
    std::size_t length = 8;
    while (divisor[length - 1] == 0) --length;
    const auto shift = static_cast<unsigned>(std::countl_zero(divisor[length - 1]));
    shiftLeft(divisor, shift);
    shiftLeft(rest, shift);
    const std::span<const std::uint32_t> by(divisor.data(), length);
    const std::uint64_t top = by[length - 1];
    const std::uint64_t second = length > 1 ? by[length - 2] : 0U;
    for (std::size_t at = rest.size() - length; at-- > 0;) {
        const std::uint64_t head = std::uint64_t{rest[at + length]} << 32U | rest[at + length - 1];
        std::uint64_t digit = head / top;
        std::uint64_t left = head % top;
        const std::uint64_t next = length > 1 ? rest[at + length - 2] : 0U;
        while (digit >= kBase || digit * second > (left << 32U | next)) {
            --digit;
            left += top;
            if (left >= kBase) break;
        }
        const std::span<std::uint32_t> part(rest.data() + at, length + 1);
        if (subtractMultiple(part, by, digit)) {
            addBack(part, by);
            --digit;
        }
        out.quotient[at] = static_cast<std::uint32_t>(digit);
    }
    shiftRight(rest, shift);
    std::copy_n(rest.begin(), length, out.rest.begin());
    return out;
}

// a - b and whether it went below zero.
[[nodiscard]] bool subtract(U256& a, const U256& b)
{
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const std::uint64_t difference = std::uint64_t{a[i]} - b[i] - borrow;
        a[i] = static_cast<std::uint32_t>(difference);
        borrow = difference >> 63U;
    }
    return borrow != 0;
}

[[nodiscard]] bool add(U256& a, const U256& b)
{
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        carry += std::uint64_t{a[i]} + b[i];
        a[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32U;
    }
    return carry != 0;
}

} // namespace

bool isZero(const U256& a) { return a == U256{}; }

bool isBelow(const U256& a, const U256& b)
{
    return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

Division divideProduct(const U256& a, const U256& b, const U256& m) { return divide(product(a, b), m); }

U256 multiplyModulo(const U256& a, const U256& b, const U256& m) { return divideProduct(a, b, m).rest; }

U256 addModulo(const U256& a, const U256& b, const U256& m)
{
    U256 out = a;
    if (add(out, b) || !isBelow(out, m)) static_cast<void>(subtract(out, m));
    return out;
}

U256 subtractModulo(const U256& a, const U256& b, const U256& m)
{
    U256 out = a;
    if (subtract(out, b)) static_cast<void>(add(out, m));
    return out;
}

} // namespace bowline::zkvm
