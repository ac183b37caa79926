// SPDX-License-Identifier: MIT
#include "core/zkvm/precompiles.h"

#include "core/field/poseidon2.h"

#include <algorithm>
#include <bit>

namespace bowline::zkvm {

namespace {

// FIPS 180-4, 4.2.2.
constexpr std::array<std::uint32_t, 64> kSha256Constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// 2^256 - 2^32 - 977.
constexpr U256 kSecpPrime{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff,
                          0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};

struct Point {
    U256 x;
    U256 y;

    explicit Point(const Words16& words)
    {
        std::copy_n(words.begin(), 8, x.begin());
        std::copy_n(words.begin() + 8, 8, y.begin());
    }
    [[nodiscard]] bool isReduced() const { return isBelow(x, kSecpPrime) && isBelow(y, kSecpPrime); }
};

[[nodiscard]] U256 times(const U256& a, const U256& b) { return multiplyModulo(a, b, kSecpPrime); }
[[nodiscard]] U256 minus(const U256& a, const U256& b) { return subtractModulo(a, b, kSecpPrime); }
[[nodiscard]] U256 plus(const U256& a, const U256& b) { return addModulo(a, b, kSecpPrime); }

// The third point on the line of that slope through p and a point with x coordinate `otherX`, mirrored.
[[nodiscard]] Words16 alongSlope(const U256& slope, const Point& p, const U256& otherX)
{
    const U256 x = minus(minus(times(slope, slope), p.x), otherX);
    const U256 y = minus(times(slope, minus(p.x, x)), p.y);
    Words16 out;
    std::copy(x.begin(), x.end(), out.begin());
    std::copy(y.begin(), y.end(), out.begin() + 8);
    return out;
}

using Lanes = std::array<std::uint64_t, 25>;

[[nodiscard]] constexpr std::size_t laneAt(std::size_t x, std::size_t y) { return x % 5 + 5 * (y % 5); }

void keccakTheta(Lanes& a)
{
    std::array<std::uint64_t, 5> column{};
    for (std::size_t x = 0; x < 5; ++x) {
        for (std::size_t y = 0; y < 5; ++y) column[x] ^= a[laneAt(x, y)];
    }
    for (std::size_t x = 0; x < 5; ++x) {
        const std::uint64_t change = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
        for (std::size_t y = 0; y < 5; ++y) a[laneAt(x, y)] ^= change;
    }
}

// Rho and pi together: each lane is rotated by a triangular number and moves to (y, 2x + 3y).
[[nodiscard]] Lanes keccakRhoPi(const Lanes& a)
{
    Lanes out{};
    out[0] = a[0];
    std::size_t x = 1;
    std::size_t y = 0;
    for (int t = 0; t < 24; ++t) {
        out[laneAt(y, 2 * x + 3 * y)] = std::rotl(a[laneAt(x, y)], (t + 1) * (t + 2) / 2 % 64);
        const std::size_t nextX = y;
        y = (2 * x + 3 * y) % 5;
        x = nextX;
    }
    return out;
}

// The round constant's bits come from the linear feedback shift register x^8 + x^6 + x^5 + x^4 + 1.
[[nodiscard]] std::uint64_t keccakRoundConstant(std::uint8_t& lfsr)
{
    std::uint64_t out = 0;
    for (unsigned j = 0; j < 7; ++j) {
        if ((lfsr & 1U) != 0) out |= std::uint64_t{1} << ((1U << j) - 1U);
        lfsr = static_cast<std::uint8_t>((unsigned{lfsr} << 1U) ^ ((lfsr >> 7U) * 0x71U));
    }
    return out;
}

} // namespace

bool permutePoseidon2(Words16& state)
{
    constexpr auto reduced = [](std::uint32_t word) { return word < field::Element::kModulus; };
    if (!std::all_of(state.begin(), state.end(), reduced)) return false;
    field::State elements;
    std::transform(state.begin(), state.end(), elements.begin(), field::Element::from);
    field::permute(elements);
    std::transform(elements.begin(), elements.end(), state.begin(), [](auto e) { return e.value(); });
    return true;
}

void compressSha256(Words8& state, const Words16& block)
{
    std::array<std::uint32_t, 64> w;
    std::copy(block.begin(), block.end(), w.begin());
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3U;
        const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10U;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
        const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + kSha256Constants[i] + w[i];
        const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
        const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const Words8 added{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += added[i];
}

bool multiplyModulo256(U256& x, const U256& y, const U256& m)
{
    if (isZero(m)) return false;
    x = multiplyModulo(x, y, m);
    return true;
}

bool addSecp256k1(Words16& point, const Words16& other)
{
    const Point p(point);
    const Point q(other);
    if (!p.isReduced() || !q.isReduced() || p.x == q.x) return false;
    const U256 slope = times(minus(q.y, p.y), invertModulo(minus(q.x, p.x), kSecpPrime));
    point = alongSlope(slope, p, q.x);
    return true;
}

bool doubleSecp256k1(Words16& point)
{
    const Point p(point);
    if (!p.isReduced() || isZero(p.y)) return false;
    const U256 square = times(p.x, p.x);
    const U256 slope = times(plus(plus(square, square), square), invertModulo(plus(p.y, p.y), kSecpPrime));
    point = alongSlope(slope, p, p.x);
    return true;
}

void permuteKeccak(Words50& state)
{
    Lanes lanes;
    for (std::size_t i = 0; i < 25; ++i) lanes[i] = state[2 * i] | std::uint64_t{state[2 * i + 1]} << 32U;
    std::uint8_t lfsr = 1;
    for (int round = 0; round < 24; ++round) {
        keccakTheta(lanes);
        const Lanes moved = keccakRhoPi(lanes);
        for (std::size_t y = 0; y < 5; ++y) {
            for (std::size_t x = 0; x < 5; ++x)
                lanes[laneAt(x, y)] =
                    moved[laneAt(x, y)] ^ (~moved[laneAt(x + 1, y)] & moved[laneAt(x + 2, y)]);
        }
        lanes[0] ^= keccakRoundConstant(lfsr);
    }
    for (std::size_t i = 0; i < 25; ++i) {
        state[2 * i] = static_cast<std::uint32_t>(lanes[i]);
        state[2 * i + 1] = static_cast<std::uint32_t>(lanes[i] >> 32U);
    }
}

} // namespace bowline::zkvm
