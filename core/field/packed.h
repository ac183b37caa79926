// SPDX-License-Identifier: MIT
// Several elements of KoalaBear in one vector register: the type `Packed` of the back end that the including
// source file is compiled for. That file defines BOWLINE_BACKEND (avx512, avx2 or portable) and, for the first
// two, BOWLINE_BACKEND_AVX512 or BOWLINE_BACKEND_AVX2, and is compiled with the flags of that back end.
//
// Everything here and in the kernels that include it stands in a namespace named after the back end, and uses
// no inline function of anybody else: otherwise the linker might take a copy with AVX-512 instructions for
// a processor that has none. tests/unit/field/check_backends.py looks at the object files.
//
// Elements are the Montgomery words of koalabear.h, always below p, so every back end gives the same words.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(BOWLINE_BACKEND_AVX512) || defined(BOWLINE_BACKEND_AVX2)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BOWLINE_INLINE inline __attribute__((always_inline))

namespace bowline::field::BOWLINE_BACKEND {

inline constexpr std::uint32_t kModulus = 0x7f000001U;
inline constexpr std::uint32_t kInverse = 0x81000001U; // 1/p mod 2^32
inline constexpr std::uint32_t kOne = 0x01fffffeU;     // 1 in Montgomery form, 2^32 mod p

/// One element: the tails of vector loops, and all of the portable back end on processors without 128-bit registers.
struct Scalar {
    static constexpr std::size_t kLanes = 1;
    static constexpr unsigned kLogLanes = 0;
    std::uint32_t v;

    static BOWLINE_INLINE Scalar load(const std::uint32_t* from) { return {*from}; }
    BOWLINE_INLINE void store(std::uint32_t* to) const { *to = v; }
    static BOWLINE_INLINE Scalar broadcast(std::uint32_t word) { return {word}; }
    static BOWLINE_INLINE void transpose(Scalar (&)[1]) {}
    friend BOWLINE_INLINE Scalar operator+(Scalar a, Scalar b)
    {
        const std::uint32_t sum = a.v + b.v;
        return {sum >= kModulus ? sum - kModulus : sum};
    }
    friend BOWLINE_INLINE Scalar operator-(Scalar a, Scalar b)
    {
        return {a.v >= b.v ? a.v - b.v : a.v + kModulus - b.v};
    }
    friend BOWLINE_INLINE Scalar operator*(Scalar a, Scalar b)
    {
        const std::uint64_t wide = std::uint64_t{a.v} * b.v;
        const std::uint32_t multiple = static_cast<std::uint32_t>(wide) * kInverse;
        const auto high = static_cast<std::uint32_t>(wide >> 32U);
        const auto low = static_cast<std::uint32_t>((std::uint64_t{multiple} * kModulus) >> 32U);
        return {high >= low ? high - low : high + kModulus - low};
    }
    [[nodiscard]] BOWLINE_INLINE Scalar cubed() const { return *this * *this * *this; }
    /// Half of it.
    [[nodiscard]] BOWLINE_INLINE Scalar halved() const
    {
        return {(v >> 1U) + ((v & 1U) != 0 ? (kModulus + 1) / 2 : 0)};
    }
    /// It divided by 2^k, k <= 24: with low its last k bits, (v - low * p) / 2^k mod p.
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Scalar shifted() const
    {
        const std::uint32_t low = v & ((1U << K) - 1);
        return Scalar{v >> K} - Scalar{((low << 7U) - low) << (24U - K)};
    }
    /// Bit i: the element of lane i is zero in its last bits.
    [[nodiscard]] BOWLINE_INLINE std::uint32_t lanesBelow(std::uint32_t mask) const
    {
        return (v & mask) == 0;
    }
};

#if defined(BOWLINE_BACKEND_AVX512)

struct Packed {
    static constexpr std::size_t kLanes = 16;
    static constexpr unsigned kLogLanes = 4;
    __m512i v;

    static BOWLINE_INLINE Packed load(const std::uint32_t* from) { return {_mm512_loadu_si512(from)}; }
    BOWLINE_INLINE void store(std::uint32_t* to) const { _mm512_storeu_si512(to, v); }
    static BOWLINE_INLINE Packed broadcast(std::uint32_t word)
    {
        return {_mm512_set1_epi32(static_cast<int>(word))};
    }
    static BOWLINE_INLINE __m512i modulus() { return _mm512_set1_epi32(static_cast<int>(kModulus)); }
    friend BOWLINE_INLINE Packed operator+(Packed a, Packed b)
    {
        const __m512i sum = _mm512_add_epi32(a.v, b.v);
        return {_mm512_min_epu32(sum, _mm512_sub_epi32(sum, modulus()))};
    }
    friend BOWLINE_INLINE Packed operator-(Packed a, Packed b)
    {
        const __m512i difference = _mm512_sub_epi32(a.v, b.v);
        return {_mm512_min_epu32(difference, _mm512_add_epi32(difference, modulus()))};
    }
    friend BOWLINE_INLINE Packed operator*(Packed a, Packed b)
    {
        const __m512i inverse = _mm512_set1_epi32(static_cast<int>(kInverse));
        const __m512i aOdd = _mm512_srli_epi64(a.v, 32);
        const __m512i bOdd = _mm512_srli_epi64(b.v, 32);
        const __m512i even = _mm512_mul_epu32(a.v, b.v);
        const __m512i odd = _mm512_mul_epu32(aOdd, bOdd);
        const __m512i evenLow = _mm512_mul_epu32(_mm512_mul_epu32(even, inverse), modulus());
        const __m512i oddLow = _mm512_mul_epu32(_mm512_mul_epu32(odd, inverse), modulus());
        const __m512i high = _mm512_mask_mov_epi32(_mm512_srli_epi64(even, 32), 0xaaaaU, odd);
        const __m512i low = _mm512_mask_mov_epi32(_mm512_srli_epi64(evenLow, 32), 0xaaaaU, oddLow);
        return Packed{high} - Packed{low};
    }
    /// x^3. The square is not reduced: half of the lanes at a time stay in 64 bits until the end, which is below 2 p.
    [[nodiscard]] BOWLINE_INLINE Packed cubed() const
    {
        const __m512i odd = _mm512_srli_epi64(v, 32);
        const __m512i evenCube = reducedProduct(_mm512_srli_epi64(reducedProduct(v, v), 32), v);
        const __m512i oddCube = reducedProduct(_mm512_srli_epi64(reducedProduct(odd, odd), 32), odd);
        const __m512i cube = _mm512_mask_mov_epi32(_mm512_srli_epi64(evenCube, 32), 0xaaaaU, oddCube);
        return {_mm512_min_epu32(cube, _mm512_sub_epi32(cube, modulus()))};
    }
    /// Of the even lanes, a b <= 1.5 p^2: a b / 2^32 mod p in the upper half of each 64 bits, at most a b / 2^32 + p.
    static BOWLINE_INLINE __m512i reducedProduct(__m512i a, __m512i b)
    {
        const __m512i wide = _mm512_mul_epu32(a, b);
        const __m512i multiple = _mm512_mul_epu32(wide, _mm512_set1_epi32(static_cast<int>(0U - kInverse)));
        return _mm512_add_epi64(wide, _mm512_mul_epu32(multiple, modulus()));
    }
    [[nodiscard]] BOWLINE_INLINE Packed halved() const
    {
        const __mmask16 odd = _mm512_test_epi32_mask(v, _mm512_set1_epi32(1));
        const __m512i half = _mm512_srli_epi32(v, 1);
        return {_mm512_mask_add_epi32(half, odd, half, _mm512_set1_epi32((kModulus + 1) / 2))};
    }
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Packed shifted() const
    {
        const __m512i low = _mm512_and_si512(v, _mm512_set1_epi32((1 << K) - 1));
        const __m512i times127 = _mm512_sub_epi32(_mm512_slli_epi32(low, 7), low);
        return Packed{_mm512_srli_epi32(v, K)} - Packed{_mm512_slli_epi32(times127, 24 - K)};
    }
    [[nodiscard]] BOWLINE_INLINE std::uint32_t lanesBelow(std::uint32_t mask) const
    {
        return _mm512_testn_epi32_mask(v, _mm512_set1_epi32(static_cast<int>(mask)));
    }
    /// Lane j of register i becomes lane i of register j.
    static BOWLINE_INLINE void transpose(Packed (&m)[16])
    {
        __m512i a[16];
        for (int i = 0; i < 8; ++i) {
            a[2 * i] = _mm512_unpacklo_epi32(m[2 * i].v, m[2 * i + 1].v);
            a[2 * i + 1] = _mm512_unpackhi_epi32(m[2 * i].v, m[2 * i + 1].v);
        }
        __m512i b[16];
        for (int i = 0; i < 4; ++i) {
            b[4 * i] = _mm512_unpacklo_epi64(a[4 * i], a[4 * i + 2]);
            b[4 * i + 1] = _mm512_unpackhi_epi64(a[4 * i], a[4 * i + 2]);
            b[4 * i + 2] = _mm512_unpacklo_epi64(a[4 * i + 1], a[4 * i + 3]);
            b[4 * i + 3] = _mm512_unpackhi_epi64(a[4 * i + 1], a[4 * i + 3]);
        }
        for (int i = 0; i < 4; ++i) {
            // b[4q + i] holds, in its quarter c, column 4c + i of the rows 4q .. 4q + 3.
            const __m512i x = _mm512_shuffle_i32x4(b[i], b[4 + i], 0x88);
            const __m512i y = _mm512_shuffle_i32x4(b[i], b[4 + i], 0xdd);
            const __m512i z = _mm512_shuffle_i32x4(b[8 + i], b[12 + i], 0x88);
            const __m512i w = _mm512_shuffle_i32x4(b[8 + i], b[12 + i], 0xdd);
            m[i].v = _mm512_shuffle_i32x4(x, z, 0x88);
            m[8 + i].v = _mm512_shuffle_i32x4(x, z, 0xdd);
            m[4 + i].v = _mm512_shuffle_i32x4(y, w, 0x88);
            m[12 + i].v = _mm512_shuffle_i32x4(y, w, 0xdd);
        }
    }
};

#elif defined(BOWLINE_BACKEND_AVX2)

struct Packed {
    static constexpr std::size_t kLanes = 8;
    static constexpr unsigned kLogLanes = 3;
    __m256i v;

    static BOWLINE_INLINE Packed load(const std::uint32_t* from)
    {
        return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
    }
    BOWLINE_INLINE void store(std::uint32_t* to) const
    {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), v);
    }
    static BOWLINE_INLINE Packed broadcast(std::uint32_t word)
    {
        return {_mm256_set1_epi32(static_cast<int>(word))};
    }
    static BOWLINE_INLINE __m256i modulus() { return _mm256_set1_epi32(static_cast<int>(kModulus)); }
    friend BOWLINE_INLINE Packed operator+(Packed a, Packed b)
    {
        const __m256i sum = _mm256_add_epi32(a.v, b.v);
        return {_mm256_min_epu32(sum, _mm256_sub_epi32(sum, modulus()))};
    }
    friend BOWLINE_INLINE Packed operator-(Packed a, Packed b)
    {
        const __m256i difference = _mm256_sub_epi32(a.v, b.v);
        return {_mm256_min_epu32(difference, _mm256_add_epi32(difference, modulus()))};
    }
    friend BOWLINE_INLINE Packed operator*(Packed a, Packed b)
    {
        const __m256i inverse = _mm256_set1_epi32(static_cast<int>(kInverse));
        const __m256i even = _mm256_mul_epu32(a.v, b.v);
        const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), _mm256_srli_epi64(b.v, 32));
        const __m256i evenLow = _mm256_mul_epu32(_mm256_mul_epu32(even, inverse), modulus());
        const __m256i oddLow = _mm256_mul_epu32(_mm256_mul_epu32(odd, inverse), modulus());
        const __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
        const __m256i low = _mm256_blend_epi32(_mm256_srli_epi64(evenLow, 32), oddLow, 0xaa);
        return Packed{high} - Packed{low};
    }
    /// x^3, as with AVX-512.
    [[nodiscard]] BOWLINE_INLINE Packed cubed() const
    {
        const __m256i odd = _mm256_srli_epi64(v, 32);
        const __m256i evenCube = reducedProduct(_mm256_srli_epi64(reducedProduct(v, v), 32), v);
        const __m256i oddCube = reducedProduct(_mm256_srli_epi64(reducedProduct(odd, odd), 32), odd);
        const __m256i cube = _mm256_blend_epi32(_mm256_srli_epi64(evenCube, 32), oddCube, 0xaa);
        return {_mm256_min_epu32(cube, _mm256_sub_epi32(cube, modulus()))};
    }
    static BOWLINE_INLINE __m256i reducedProduct(__m256i a, __m256i b)
    {
        const __m256i wide = _mm256_mul_epu32(a, b);
        const __m256i multiple = _mm256_mul_epu32(wide, _mm256_set1_epi32(static_cast<int>(0U - kInverse)));
        return _mm256_add_epi64(wide, _mm256_mul_epu32(multiple, modulus()));
    }
    [[nodiscard]] BOWLINE_INLINE Packed halved() const
    {
        const __m256i odd =
            _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_and_si256(v, _mm256_set1_epi32(1)));
        const __m256i half = _mm256_and_si256(odd, _mm256_set1_epi32((kModulus + 1) / 2));
        return {_mm256_add_epi32(_mm256_srli_epi32(v, 1), half)};
    }
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Packed shifted() const
    {
        const __m256i low = _mm256_and_si256(v, _mm256_set1_epi32((1 << K) - 1));
        const __m256i times127 = _mm256_sub_epi32(_mm256_slli_epi32(low, 7), low);
        return Packed{_mm256_srli_epi32(v, K)} - Packed{_mm256_slli_epi32(times127, 24 - K)};
    }
    [[nodiscard]] BOWLINE_INLINE std::uint32_t lanesBelow(std::uint32_t mask) const
    {
        const __m256i bits = _mm256_and_si256(v, _mm256_set1_epi32(static_cast<int>(mask)));
        const __m256i zero = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
        return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(zero)));
    }
    static BOWLINE_INLINE void transpose(Packed (&m)[8])
    {
        __m256i a[8];
        for (int i = 0; i < 4; ++i) {
            a[2 * i] = _mm256_unpacklo_epi32(m[2 * i].v, m[2 * i + 1].v);
            a[2 * i + 1] = _mm256_unpackhi_epi32(m[2 * i].v, m[2 * i + 1].v);
        }
        __m256i b[8];
        for (int i = 0; i < 2; ++i) {
            b[4 * i] = _mm256_unpacklo_epi64(a[4 * i], a[4 * i + 2]);
            b[4 * i + 1] = _mm256_unpackhi_epi64(a[4 * i], a[4 * i + 2]);
            b[4 * i + 2] = _mm256_unpacklo_epi64(a[4 * i + 1], a[4 * i + 3]);
            b[4 * i + 3] = _mm256_unpackhi_epi64(a[4 * i + 1], a[4 * i + 3]);
        }
        for (int i = 0; i < 4; ++i) {
            m[i].v = _mm256_permute2x128_si256(b[i], b[4 + i], 0x20);
            m[4 + i].v = _mm256_permute2x128_si256(b[i], b[4 + i], 0x31);
        }
    }
};

#elif defined(__SSE2__)

// The portable back end where the compiler may use 128-bit registers anyway, as on every x86-64 processor.
struct Packed {
    static constexpr std::size_t kLanes = 4;
    static constexpr unsigned kLogLanes = 2;
    __m128i v;

    static BOWLINE_INLINE Packed load(const std::uint32_t* from)
    {
        return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))};
    }
    BOWLINE_INLINE void store(std::uint32_t* to) const
    {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), v);
    }
    static BOWLINE_INLINE Packed broadcast(std::uint32_t word)
    {
        return {_mm_set1_epi32(static_cast<int>(word))};
    }
    static BOWLINE_INLINE __m128i modulus() { return _mm_set1_epi32(static_cast<int>(kModulus)); }
    /// A lane below zero, and not below -p, as its residue.
    static BOWLINE_INLINE Packed fromSigned(__m128i x)
    {
        return {_mm_add_epi32(x, _mm_and_si128(_mm_srai_epi32(x, 31), modulus()))};
    }
    friend BOWLINE_INLINE Packed operator+(Packed a, Packed b)
    {
        return fromSigned(_mm_add_epi32(a.v, _mm_sub_epi32(b.v, modulus())));
    }
    friend BOWLINE_INLINE Packed operator-(Packed a, Packed b) { return fromSigned(_mm_sub_epi32(a.v, b.v)); }
    friend BOWLINE_INLINE Packed operator*(Packed a, Packed b)
    {
        const __m128i inverse = _mm_set1_epi32(static_cast<int>(kInverse));
        const __m128i upper = _mm_set_epi32(-1, 0, -1, 0);
        const __m128i even = _mm_mul_epu32(a.v, b.v);
        const __m128i odd = _mm_mul_epu32(_mm_srli_epi64(a.v, 32), _mm_srli_epi64(b.v, 32));
        const __m128i evenLow = _mm_mul_epu32(_mm_mul_epu32(even, inverse), modulus());
        const __m128i oddLow = _mm_mul_epu32(_mm_mul_epu32(odd, inverse), modulus());
        // The lower halves of a product and of its multiple are equal: one difference serves both.
        const __m128i evenHigh = _mm_srli_epi64(_mm_sub_epi64(even, evenLow), 32);
        const __m128i oddHigh = _mm_and_si128(_mm_sub_epi64(odd, oddLow), upper);
        return fromSigned(_mm_or_si128(evenHigh, oddHigh));
    }
    [[nodiscard]] BOWLINE_INLINE Packed cubed() const { return *this * *this * *this; }
    [[nodiscard]] BOWLINE_INLINE Packed halved() const
    {
        const __m128i odd = _mm_sub_epi32(_mm_setzero_si128(), _mm_and_si128(v, _mm_set1_epi32(1)));
        const __m128i half = _mm_and_si128(odd, _mm_set1_epi32((kModulus + 1) / 2));
        return {_mm_add_epi32(_mm_srli_epi32(v, 1), half)};
    }
    template <unsigned K>
    [[nodiscard]] BOWLINE_INLINE Packed shifted() const
    {
        const __m128i low = _mm_and_si128(v, _mm_set1_epi32((1 << K) - 1));
        const __m128i times127 = _mm_sub_epi32(_mm_slli_epi32(low, 7), low);
        return Packed{_mm_srli_epi32(v, K)} - Packed{_mm_slli_epi32(times127, 24 - K)};
    }
    [[nodiscard]] BOWLINE_INLINE std::uint32_t lanesBelow(std::uint32_t mask) const
    {
        const __m128i bits = _mm_and_si128(v, _mm_set1_epi32(static_cast<int>(mask)));
        const __m128i zero = _mm_cmpeq_epi32(bits, _mm_setzero_si128());
        return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(zero)));
    }
    static BOWLINE_INLINE void transpose(Packed (&m)[4])
    {
        const __m128i a = _mm_unpacklo_epi32(m[0].v, m[1].v);
        const __m128i b = _mm_unpackhi_epi32(m[0].v, m[1].v);
        const __m128i c = _mm_unpacklo_epi32(m[2].v, m[3].v);
        const __m128i d = _mm_unpackhi_epi32(m[2].v, m[3].v);
        m[0].v = _mm_unpacklo_epi64(a, c);
        m[1].v = _mm_unpackhi_epi64(a, c);
        m[2].v = _mm_unpacklo_epi64(b, d);
        m[3].v = _mm_unpackhi_epi64(b, d);
    }
};

#else

using Packed = Scalar;

#endif

/// Four of them: an element of F[x] / (x^4 - 3) in every lane.
template <typename P>
struct Quad {
    P c[4];

    static BOWLINE_INLINE Quad zero()
    {
        const P z = P::broadcast(0);
        return {{z, z, z, z}};
    }
    static BOWLINE_INLINE Quad broadcast(const std::uint32_t* words)
    {
        return {
            {P::broadcast(words[0]), P::broadcast(words[1]), P::broadcast(words[2]), P::broadcast(words[3])}};
    }
    /// Coefficient j stands `stride` words behind coefficient j - 1.
    static BOWLINE_INLINE Quad load(const std::uint32_t* from, std::size_t stride)
    {
        return {
            {P::load(from), P::load(from + stride), P::load(from + 2 * stride), P::load(from + 3 * stride)}};
    }
    BOWLINE_INLINE void store(std::uint32_t* to, std::size_t stride) const
    {
        for (std::size_t j = 0; j < 4; ++j) c[j].store(to + j * stride);
    }
    static BOWLINE_INLINE P triple(P x) { return x + x + x; }
    friend BOWLINE_INLINE Quad operator+(const Quad& a, const Quad& b)
    {
        return {{a.c[0] + b.c[0], a.c[1] + b.c[1], a.c[2] + b.c[2], a.c[3] + b.c[3]}};
    }
    friend BOWLINE_INLINE Quad operator-(const Quad& a, const Quad& b)
    {
        return {{a.c[0] - b.c[0], a.c[1] - b.c[1], a.c[2] - b.c[2], a.c[3] - b.c[3]}};
    }
    friend BOWLINE_INLINE Quad operator*(const Quad& a, const Quad& b)
    {
        const P* x = a.c;
        const P* y = b.c;
        return {{x[0] * y[0] + triple(x[1] * y[3] + x[2] * y[2] + x[3] * y[1]),
                 x[0] * y[1] + x[1] * y[0] + triple(x[2] * y[3] + x[3] * y[2]),
                 x[0] * y[2] + x[1] * y[1] + x[2] * y[0] + triple(x[3] * y[3]),
                 x[0] * y[3] + x[1] * y[2] + x[2] * y[1] + x[3] * y[0]}};
    }
    [[nodiscard]] BOWLINE_INLINE Quad times(P b) const { return {{c[0] * b, c[1] * b, c[2] * b, c[3] * b}}; }
    [[nodiscard]] BOWLINE_INLINE Quad plus(P b) const { return {{c[0] + b, c[1], c[2], c[3]}}; }
    /// Lane by lane; zero for zero.
    [[nodiscard]] BOWLINE_INLINE Quad inverse() const
    {
        const P n0 = c[0] * c[0] + triple(c[2] * c[2]) - triple(c[1] * c[3] + c[1] * c[3]);
        const P n1 = c[0] * c[2] + c[0] * c[2] - c[1] * c[1] - triple(c[3] * c[3]);
        const P inverseNorm = invert(n0 * n0 - triple(n1 * n1));
        const P zero = P::broadcast(0);
        const Quad conjugate{{c[0], zero - c[1], c[2], zero - c[3]}};
        const Quad scale{{n0 * inverseNorm, zero, zero - n1 * inverseNorm, zero}};
        return conjugate * scale;
    }
    /// x^(p - 2).
    static BOWLINE_INLINE P invert(P x)
    {
        P out = P::broadcast(kOne);
        for (int bit = 30; bit >= 0; --bit) {
            out = out * out;
            if ((((kModulus - 2) >> bit) & 1U) != 0) out = out * x;
        }
        return out;
    }
};

} // namespace bowline::field::BOWLINE_BACKEND
