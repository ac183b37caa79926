// SPDX-License-Identifier: MIT
// The inverse modulo a prime by division steps (D. J. Bernstein, B.-Y. Yang, "Fast constant-time gcd computation and
// modular inversion", 2019), 62 steps at a time, not in constant time: nothing here is secret.
#include "core/zkvm/u256.h"

#include <bit>
#include <cstddef>

namespace bowline::zkvm {

namespace {

__extension__ using Wide = __int128;

constexpr unsigned kBits = 62;
constexpr std::uint64_t kMask = (std::uint64_t{1} << kBits) - 1;
// A signed number: limbs of 62 bits, of which the last one has the sign and room.
using Signed = std::array<std::int64_t, 5>;

[[nodiscard]] Signed limbsOf(const U256& a)
{
    Signed out{};
    for (unsigned bit = 0; bit < 256; ++bit) {
        const std::uint64_t value = a[bit / 32] >> bit % 32 & 1U;
        out[bit / kBits] |= static_cast<std::int64_t>(value << bit % kBits);
    }
    return out;
}

[[nodiscard]] U256 wordsOf(const Signed& a)
{
    U256 out{};
    for (unsigned bit = 0; bit < 256; ++bit) {
        const auto limb = static_cast<std::uint64_t>(a[bit / kBits]);
        out[bit / 32] |= static_cast<std::uint32_t>(limb >> bit % kBits & 1U) << bit % 32;
    }
    return out;
}

[[nodiscard]] std::uint64_t lowest(const Signed& a)
{
    return static_cast<std::uint64_t>(a[0]) | static_cast<std::uint64_t>(a[1]) << kBits;
}

[[nodiscard]] bool isZero(const Signed& a) { return a == Signed{}; }

// What 62 division steps do to (f, g): (u f + v g, q f + r g) / 2^62. |u| + |v| and |q| + |r| are at most 2^62.
struct Steps {
    std::int64_t u = 1;
    std::int64_t v = 0;
    std::int64_t q = 0;
    std::int64_t r = 1;
};

[[nodiscard]] Steps divisionSteps(std::int64_t& delta, std::uint64_t f, std::uint64_t g)
{
    Steps out;
    unsigned left = kBits;
    while (true) {
        // Steps on an even g only halve it.
        const auto zeros = static_cast<unsigned>(std::countr_zero(g | std::uint64_t{1} << left));
        g >>= zeros;
        out.u <<= zeros;
        out.v <<= zeros;
        delta += zeros;
        left -= zeros;
        if (left == 0) return out;
        if (delta > 0) {
            delta = -delta;
            const Steps before = out;
            out = {before.q, before.r, before.q - before.u, before.r - before.v};
            const std::uint64_t old = f;
            f = g;
            g -= old;
        } else {
            g += f;
            out.q += out.u;
            out.r += out.v;
        }
    }
}

// (x a + y b + z m) / 2^62, which is whole.
[[nodiscard]] Signed combined(std::int64_t x, const Signed& a, std::int64_t y, const Signed& b,
                              std::int64_t z, const Signed& m)
{
    Signed out{};
    Wide sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        sum += Wide{x} * a[i] + Wide{y} * b[i] + Wide{z} * m[i];
        if (i > 0) out[i - 1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & kMask);
        sum >>= kBits;
    }
    out.back() = static_cast<std::int64_t>(sum);
    return out;
}

// a + sign * m, in canonical limbs.
[[nodiscard]] Signed plusMultiple(const Signed& a, std::int64_t sign, const Signed& m)
{
    Signed out{};
    Wide sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        sum += Wide{a[i]} + Wide{sign} * m[i];
        out[i] = i + 1 < out.size() ? static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) & kMask)
                                    : static_cast<std::int64_t>(sum);
        sum >>= kBits;
    }
    return out;
}

// 1 / m modulo 2^62 for an odd m: each round doubles the number of bits that are right.
[[nodiscard]] std::uint64_t inverseOfLowest(std::uint64_t m)
{
    std::uint64_t out = m; // three bits
    for (int round = 0; round < 5; ++round) out *= 2 - m * out;
    return out & kMask;
}

} // namespace

U256 invertModulo(const U256& a, const U256& m)
{
    if (zkvm::isZero(a)) return {};
    const Signed modulus = limbsOf(m);
    const std::uint64_t inverse = inverseOfLowest(lowest(modulus));
    Signed f = modulus;
    Signed g = limbsOf(a);
    // d a = f and e a = g modulo m. Their size grows by m at most each time, of which there are 12 at most.
    Signed d{};
    Signed e{1};
    std::int64_t delta = 1;
    while (!isZero(g)) {
        const Steps s = divisionSteps(delta, lowest(f), lowest(g));
        const auto factor = [&](std::int64_t x, std::int64_t y) {
            const std::uint64_t low =
                static_cast<std::uint64_t>(x) * lowest(d) + static_cast<std::uint64_t>(y) * lowest(e);
            return static_cast<std::int64_t>((0 - low * inverse) & kMask);
        };
        const Signed nextD = combined(s.u, d, s.v, e, factor(s.u, s.v), modulus);
        e = combined(s.q, d, s.r, e, factor(s.q, s.r), modulus);
        d = nextD;
        const Signed nextF = combined(s.u, f, s.v, g, 0, modulus);
        g = combined(s.q, f, s.r, g, 0, modulus);
        f = nextF;
    }
    // f is 1 or -1.
    if (f.back() < 0) d = plusMultiple(Signed{}, -1, d);
    while (d.back() < 0) d = plusMultiple(d, 1, modulus);
    for (Signed less = plusMultiple(d, -1, modulus); less.back() >= 0; less = plusMultiple(d, -1, modulus))
        d = less;
    return wordsOf(d);
}

} // namespace bowline::zkvm
