// SPDX-License-Identifier: MIT
// BLAKE3 in its keyed mode on many messages side by side, one a lane: the loops behind core/stark/blake3.h. A message is
// elements as little-endian words below p, a digest's words are reduced modulo p. Included by kernels_impl.h.
#pragma once

#include "core/field/kernels_tables.h"
#include "core/field/packed.h"

namespace bowline::stark::BOWLINE_BACKEND {

using field::BOWLINE_BACKEND::Packed;
using field::BOWLINE_BACKEND::Scalar;

/// Plain 32-bit words, one a lane of P.
template <typename P>
struct Lanes {
    decltype(P::v) v;

    static BOWLINE_INLINE Lanes broadcast(std::uint32_t word) { return {P::broadcast(word).v}; }
    /// Elements as their values, and words as elements.
    static BOWLINE_INLINE Lanes valuesOf(P x) { return {(x * P::broadcast(1)).v}; }
    [[nodiscard]] BOWLINE_INLINE P reduced() const
    {
        return P{v} * P::broadcast(field::tables::kToMontgomery);
    }
    friend BOWLINE_INLINE Lanes operator+(Lanes a, Lanes b)
    {
#if defined(BOWLINE_BACKEND_AVX512)
        if constexpr (P::kLanes == 16) return {_mm512_add_epi32(a.v, b.v)};
#elif defined(BOWLINE_BACKEND_AVX2)
        if constexpr (P::kLanes == 8) return {_mm256_add_epi32(a.v, b.v)};
#elif defined(__SSE2__)
        if constexpr (P::kLanes == 4) return {_mm_add_epi32(a.v, b.v)};
#endif
        if constexpr (P::kLanes == 1) return {a.v + b.v};
    }
    friend BOWLINE_INLINE Lanes operator^(Lanes a, Lanes b)
    {
#if defined(BOWLINE_BACKEND_AVX512)
        if constexpr (P::kLanes == 16) return {_mm512_xor_si512(a.v, b.v)};
#elif defined(BOWLINE_BACKEND_AVX2)
        if constexpr (P::kLanes == 8) return {_mm256_xor_si256(a.v, b.v)};
#elif defined(__SSE2__)
        if constexpr (P::kLanes == 4) return {_mm_xor_si128(a.v, b.v)};
#endif
        if constexpr (P::kLanes == 1) return {a.v ^ b.v};
    }
    template <int K>
    [[nodiscard]] BOWLINE_INLINE Lanes rotatedRight() const
    {
#if defined(BOWLINE_BACKEND_AVX512)
        if constexpr (P::kLanes == 16) return {_mm512_ror_epi32(v, K)};
#elif defined(BOWLINE_BACKEND_AVX2)
        if constexpr (P::kLanes == 8 && K == 16) {
            const __m256i order = _mm256_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2, 13,
                                                  12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2);
            return {_mm256_shuffle_epi8(v, order)};
        } else if constexpr (P::kLanes == 8 && K == 8) {
            const __m256i order = _mm256_set_epi8(12, 15, 14, 13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1, 12,
                                                  15, 14, 13, 8, 11, 10, 9, 4, 7, 6, 5, 0, 3, 2, 1);
            return {_mm256_shuffle_epi8(v, order)};
        } else if constexpr (P::kLanes == 8) {
            return {_mm256_or_si256(_mm256_srli_epi32(v, K), _mm256_slli_epi32(v, 32 - K))};
        }
#elif defined(__SSE2__)
        if constexpr (P::kLanes == 4) return {_mm_or_si128(_mm_srli_epi32(v, K), _mm_slli_epi32(v, 32 - K))};
#endif
        if constexpr (P::kLanes == 1) return {(v >> K) | (v << (32 - K))};
    }
};

inline constexpr std::uint32_t kBlake3Start[4] = {0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU};
inline constexpr unsigned char kBlake3Order[7][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                                      {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
                                                      {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
                                                      {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
                                                      {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
                                                      {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
                                                      {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};
enum Blake3Flag : std::uint32_t {
    kChunkStart = 1,
    kChunkEnd = 2,
    kParent = 4,
    kRoot = 8,
    kKeyed = 16,
};

template <typename P>
BOWLINE_INLINE void mixLanes(Lanes<P>* s, int a, int b, int c, int d, Lanes<P> x, Lanes<P> y)
{
    s[a] = s[a] + s[b] + x;
    s[d] = (s[d] ^ s[a]).template rotatedRight<16>();
    s[c] = s[c] + s[d];
    s[b] = (s[b] ^ s[c]).template rotatedRight<12>();
    s[a] = s[a] + s[b] + y;
    s[d] = (s[d] ^ s[a]).template rotatedRight<8>();
    s[c] = s[c] + s[d];
    s[b] = (s[b] ^ s[c]).template rotatedRight<7>();
}

template <typename P, int R>
BOWLINE_INLINE void mixRound(Lanes<P>* s, const Lanes<P>* m)
{
    constexpr const unsigned char* at = kBlake3Order[R];
    mixLanes(s, 0, 4, 8, 12, m[at[0]], m[at[1]]);
    mixLanes(s, 1, 5, 9, 13, m[at[2]], m[at[3]]);
    mixLanes(s, 2, 6, 10, 14, m[at[4]], m[at[5]]);
    mixLanes(s, 3, 7, 11, 15, m[at[6]], m[at[7]]);
    mixLanes(s, 0, 5, 10, 15, m[at[8]], m[at[9]]);
    mixLanes(s, 1, 6, 11, 12, m[at[10]], m[at[11]]);
    mixLanes(s, 2, 7, 8, 13, m[at[12]], m[at[13]]);
    mixLanes(s, 3, 4, 9, 14, m[at[14]], m[at[15]]);
}

/// The compression: `chaining` becomes the next one.
template <typename P>
BOWLINE_INLINE void compressBlock(Lanes<P>* chaining, const Lanes<P>* m, std::uint32_t chunk,
                                  std::uint32_t length, std::uint32_t flags)
{
    Lanes<P> s[16];
    for (int i = 0; i < 8; ++i) s[i] = chaining[i];
    for (int i = 0; i < 4; ++i) s[8 + i] = Lanes<P>::broadcast(kBlake3Start[i]);
    s[12] = Lanes<P>::broadcast(chunk);
    s[13] = Lanes<P>::broadcast(0);
    s[14] = Lanes<P>::broadcast(length);
    s[15] = Lanes<P>::broadcast(flags);
    mixRound<P, 0>(s, m);
    mixRound<P, 1>(s, m);
    mixRound<P, 2>(s, m);
    mixRound<P, 3>(s, m);
    mixRound<P, 4>(s, m);
    mixRound<P, 5>(s, m);
    mixRound<P, 6>(s, m);
    for (int i = 0; i < 8; ++i) chaining[i] = s[i] ^ s[8 + i];
}

template <typename P>
BOWLINE_INLINE void startLanes(Lanes<P>* chaining, const std::uint32_t* key)
{
    for (int i = 0; i < 8; ++i) chaining[i] = Lanes<P>::broadcast(key[i]);
}

inline constexpr std::size_t kElementsOfChunk = 256;

/// One chunk of a row: elements [begin, end) of the columns.
template <typename P>
void hashChunk(const std::uint32_t* const* columns, std::size_t begin, std::size_t end, std::size_t row,
               std::uint32_t chunk, std::uint32_t lastFlags, const std::uint32_t* key, Lanes<P>* chaining)
{
    startLanes<P>(chaining, key);
    std::size_t at = begin;
    do {
        Lanes<P> m[16];
        std::uint32_t flags = kKeyed | (at == begin ? std::uint32_t{kChunkStart} : 0U);
        const std::size_t filled = end - at < 16 ? end - at : 16;
        for (std::size_t i = 0; i < filled; ++i) m[i] = Lanes<P>::valuesOf(P::load(columns[at + i] + row));
        for (std::size_t i = filled; i < 16; ++i) m[i] = Lanes<P>::broadcast(0);
        at += filled;
        if (at == end) flags |= kChunkEnd | lastFlags;
        compressBlock<P>(chaining, m, chunk, static_cast<std::uint32_t>(4 * filled), flags);
    } while (at < end);
}

/// Two chaining values to their parent's, in `left`.
template <typename P>
void hashParent(Lanes<P>* left, const Lanes<P>* right, std::uint32_t flags, const std::uint32_t* key)
{
    Lanes<P> m[16];
    for (int i = 0; i < 8; ++i) {
        m[i] = left[i];
        m[8 + i] = right[i];
    }
    startLanes<P>(left, key);
    compressBlock<P>(left, m, 0, 64, kKeyed | kParent | flags);
}

template <typename P>
void blake3Row(const std::uint32_t* const* columns, std::size_t width, std::size_t row,
               const std::uint32_t* key, std::uint32_t* out, std::size_t stride)
{
    // Chaining values of whole subtrees, the largest first: one for every bit that is set in the number of chunks.
    Lanes<P> waiting[24][8];
    std::size_t count = 0;
    std::uint32_t chunk = 0;
    std::size_t begin = 0;
    for (; width - begin > kElementsOfChunk; begin += kElementsOfChunk, ++chunk) {
        hashChunk<P>(columns, begin, begin + kElementsOfChunk, row, chunk, 0, key, waiting[count++]);
        for (std::uint32_t whole = chunk + 1; (whole & 1U) == 0; whole >>= 1U, --count)
            hashParent<P>(waiting[count - 2], waiting[count - 1], 0, key);
    }
    Lanes<P> last[8];
    hashChunk<P>(columns, begin, width, row, chunk, count == 0 ? kRoot : 0, key, last);
    for (; count > 0; --count) {
        hashParent<P>(waiting[count - 1], last, count == 1 ? kRoot : 0, key);
        for (int i = 0; i < 8; ++i) last[i] = waiting[count - 1][i];
    }
    for (std::size_t w = 0; w < 8; ++w) last[w].reduced().store(out + w * stride + row);
}

inline void blake3Rows(const std::uint32_t* const* columns, std::size_t width, std::size_t rows,
                       const std::uint32_t* key, std::uint32_t* out, std::size_t stride)
{
    std::size_t row = 0;
    for (; row + Packed::kLanes <= rows; row += Packed::kLanes)
        blake3Row<Packed>(columns, width, row, key, out, stride);
    for (; row < rows; ++row) blake3Row<Scalar>(columns, width, row, key, out, stride);
}

template <typename P>
BOWLINE_INLINE void blake3Pair(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                               const std::uint32_t* key, std::uint32_t* out, std::size_t outStride)
{
    Lanes<P> m[16];
    for (std::size_t w = 0; w < 8; ++w) {
        m[w] = Lanes<P>::valuesOf(P::load(left + w * inStride));
        m[8 + w] = Lanes<P>::valuesOf(P::load(right + w * inStride));
    }
    Lanes<P> chaining[8];
    startLanes<P>(chaining, key);
    compressBlock<P>(chaining, m, 0, 64, kKeyed | kChunkStart | kChunkEnd | kRoot);
    for (std::size_t w = 0; w < 8; ++w) chaining[w].reduced().store(out + w * outStride);
}

inline void blake3Pairs(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                        const std::uint32_t* key, std::uint32_t* out, std::size_t outStride,
                        std::size_t count)
{
    std::size_t j = 0;
    for (; j + Packed::kLanes <= count; j += Packed::kLanes)
        blake3Pair<Packed>(left + j, right + j, inStride, key, out + j, outStride);
    for (; j < count; ++j) blake3Pair<Scalar>(left + j, right + j, inStride, key, out + j, outStride);
}

template <typename P>
BOWLINE_INLINE std::uint32_t blake3GrindAt(const std::uint32_t* message, const std::uint32_t* key,
                                           std::uint32_t mask, std::uint32_t from)
{
    std::uint32_t counters[P::kLanes];
    for (std::size_t i = 0; i < P::kLanes; ++i) counters[i] = from + static_cast<std::uint32_t>(i);
    Lanes<P> m[16];
    for (std::size_t w = 0; w < 16; ++w) m[w] = Lanes<P>::broadcast(w < 9 ? message[w] : 0);
    m[9] = {P::load(counters).v};
    Lanes<P> chaining[8];
    startLanes<P>(chaining, key);
    compressBlock<P>(chaining, m, 0, 40, kKeyed | kChunkStart | kChunkEnd | kRoot);
    std::uint32_t hits = P{chaining[0].v}.lanesBelow(mask);
    if (hits == 0) return 0;
    std::uint32_t words[P::kLanes];
    P{chaining[0].v}.store(words);
    for (std::size_t i = 0; i < P::kLanes; ++i) {
        if ((words[i] & 0x7fffffffU) >= field::BOWLINE_BACKEND::kModulus) hits &= ~(1U << i);
    }
    return hits;
}

inline std::uint32_t blake3Grind(const std::uint32_t* message, const std::uint32_t* key, std::uint32_t mask,
                                 std::uint32_t from, std::uint32_t to)
{
    std::uint32_t n = from;
    for (; n + Packed::kLanes <= to; n += static_cast<std::uint32_t>(Packed::kLanes)) {
        const std::uint32_t hits = blake3GrindAt<Packed>(message, key, mask, n);
        if (hits != 0) return n + static_cast<std::uint32_t>(__builtin_ctz(hits));
    }
    for (; n < to; ++n) {
        if (blake3GrindAt<Scalar>(message, key, mask, n) != 0) return n;
    }
    return to;
}

} // namespace bowline::stark::BOWLINE_BACKEND
