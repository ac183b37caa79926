// SPDX-License-Identifier: MIT
// Poseidon2 on four states in 128-bit registers, for the portable back end: two states a register, each word in 64 bits.
// Without AVX a reduced sum of 32-bit words costs five instructions; here it costs one for two states, and words are
// reduced only where a product needs it.
//
// A word is a number >= 0 that stands for its residue mod p. Bounds beside the steps are in units of 2^31; p is 0.993
// of them. docs/decisions/0080-verification-in-registers.md has the sums.
#pragma once

#include "core/field/kernels_tables.h"
#include "core/field/packed.h"

#if defined(__SSE2__) && !defined(BOWLINE_BACKEND_AVX2) && !defined(BOWLINE_BACKEND_AVX512)

namespace bowline::field::BOWLINE_BACKEND {

/// One word of two states.
struct Pair {
    __m128i v;

    static BOWLINE_INLINE __m128i words(std::uint32_t word)
    {
        return _mm_set_epi32(0, int(word), 0, int(word));
    }
    friend BOWLINE_INLINE Pair operator+(Pair a, Pair b) { return {_mm_add_epi64(a.v, b.v)}; }
    friend BOWLINE_INLINE Pair operator-(Pair a, Pair b) { return {_mm_sub_epi64(a.v, b.v)}; }
    /// x < 128 -> the same residue, at most 1 + x / 128. By 2^31 = 2^24 - 1 mod p.
    [[nodiscard]] BOWLINE_INLINE Pair settled() const
    {
        return {_mm_sub_epi64(v, _mm_mul_epu32(_mm_srli_epi64(v, 31), words(kModulus)))};
    }
    /// a b / 2^32 mod p for a b < 2.016, both below 2: at most a b / 2 + 0.993.
    static BOWLINE_INLINE __m128i montgomery(__m128i a, __m128i b)
    {
        const __m128i wide = _mm_mul_epu32(a, b);
        const __m128i multiple = _mm_mul_epu32(wide, words(0U - kInverse));
        return _mm_srli_epi64(_mm_add_epi64(wide, _mm_mul_epu32(multiple, words(kModulus))), 32);
    }
    /// x <= 1.13 -> at most 1.92.
    [[nodiscard]] BOWLINE_INLINE Pair cubed() const { return {montgomery(montgomery(v, v), v)}; }
    /// Half of it: at most x / 2 + 0.5.
    [[nodiscard]] BOWLINE_INLINE Pair halved() const
    {
        const __m128i odd = _mm_and_si128(v, words(1));
        return {_mm_srli_epi64(_mm_add_epi64(v, _mm_mul_epu32(odd, words(kModulus))), 1)};
    }
    /// x / 2^K is quotient - excess mod p; excess < 1, K <= 24. As p = 1 + 127 * 2^24.
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Pair quotient() const
    {
        return {_mm_srli_epi64(v, K)};
    }
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Pair excess() const
    {
        const __m128i low = _mm_and_si128(v, words((1U << K) - 1));
        return {_mm_mul_epu32(low, words(127U << (24U - K)))};
    }
};

// 1.92 -> 15, as each word is at most 7 of them and the sums are settled.
BOWLINE_INLINE void multiplyExternal(Pair (&s)[16])
{
    for (int g = 0; g < 16; g += 4) {
        const Pair ab = s[g] + s[g + 1];
        const Pair cd = s[g + 2] + s[g + 3];
        const Pair all = ab + cd;
        const Pair a = s[g];
        const Pair c = s[g + 2];
        s[g] = all + ab + s[g + 1];
        s[g + 2] = all + cd + s[g + 3];
        s[g + 1] = all + s[g + 1] + (c + c);
        s[g + 3] = all + s[g + 3] + (a + a);
    }
    for (int i = 0; i < 4; ++i) {
        const Pair sum = ((s[i] + s[4 + i]) + (s[8 + i] + s[12 + i])).settled();
        for (int j = i; j < 16; j += 4) s[j] = s[j] + sum;
    }
}

// The matrix of kernels_impl.h. s[0] <= 1.92, s[1] <= 1.31 and 2 more a round, others <= 8: all together below 128 over
// 20 rounds, the sum <= 2. What is subtracted is at most 5 p.
BOWLINE_INLINE void multiplyInternal(Pair (&s)[16])
{
    const Pair total = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    const Pair sum =
        (total + (((s[8] + s[9]) + (s[10] + s[11])) + ((s[12] + s[13]) + (s[14] + s[15])))).settled();
    const Pair high = sum + Pair{_mm_set1_epi64x(5LL * kModulus)};
    s[0] = high - (s[0] + s[0]);
    s[1] = sum + s[1];
    s[2] = (sum + (s[2] + s[2])).settled();
    s[3] = sum + s[3].halved();
    s[4] = (sum + (s[4] + s[4]) + s[4]).settled();
    const Pair twice = s[5] + s[5];
    s[5] = (sum + (twice + twice)).settled();
    s[6] = high - s[6].halved();
    s[7] = (high - (s[7] + s[7]) - s[7]).settled();
    const Pair twice8 = s[8] + s[8];
    s[8] = (high - (twice8 + twice8)).settled();
    s[9] = (high - s[9].excess<8>()) + s[9].quotient<8>();
    s[10] = (high - s[10].excess<3>()) + s[10].quotient<3>();
    s[11] = (high - s[11].excess<24>()) + s[11].quotient<24>();
    s[12] = (high + s[12].excess<8>()) - s[12].quotient<8>();
    s[13] = (high + s[13].excess<3>()) - s[13].quotient<3>();
    s[14] = (high + s[14].excess<4>()) - s[14].quotient<4>();
    s[15] = (high + s[15].excess<24>()) - s[15].quotient<24>();
}

BOWLINE_INLINE void fullRounds(Pair (&s)[16], const std::uint32_t* constants)
{
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 16; ++i)
            s[i] = (s[i] + Pair{Pair::words(constants[16 * round + i])}).settled().cubed();
        multiplyExternal(s);
    }
}

// Words below p -> at most 1.12.
inline void permutePairs(Pair (&s)[16])
{
    multiplyExternal(s);
    fullRounds(s, tables::kRounds.words);
    for (Pair& word : s) word = word.settled();
    for (int round = 0; round < 20; ++round) {
        s[0] = (s[0] + Pair{Pair::words(tables::kRounds.words[64 + round])}).settled().cubed();
        multiplyInternal(s);
    }
    for (Pair& word : s) word = word.settled();
    fullRounds(s, tables::kRounds.words + 84);
    for (Pair& word : s) word = word.settled();
}

inline void permuteState(Packed (&state)[16])
{
    const __m128i lower = _mm_set_epi32(0, -1, 0, -1);
    Pair even[16];
    Pair odd[16];
    for (int i = 0; i < 16; ++i) {
        even[i].v = _mm_and_si128(state[i].v, lower);
        odd[i].v = _mm_srli_epi64(state[i].v, 32);
    }
    permutePairs(even);
    permutePairs(odd);
    for (int i = 0; i < 16; ++i) {
        const __m128i words = _mm_or_si128(even[i].v, _mm_slli_epi64(odd[i].v, 32));
        state[i] = Packed::fromSigned(_mm_sub_epi32(words, Packed::modulus()));
    }
}

} // namespace bowline::field::BOWLINE_BACKEND

#endif
