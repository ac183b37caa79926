// SPDX-License-Identifier: MIT
// The loops of kernels.h, written once over the vector type of packed.h. Included by one source file a back end.
#pragma once

#include "core/field/kernels.h"
#include "core/field/kernels_tables.h"
#include "core/field/packed.h"
#include "core/field/poseidon2_pairs.h"
#include "core/field/poseidon2_wide.h"

namespace bowline::field::BOWLINE_BACKEND {

// --- Poseidon2 (poseidon2.cpp says what it is) -------------------------------------------------------------

template <typename P>
BOWLINE_INLINE void multiplyExternal(P (&s)[16])
{
    for (int g = 0; g < 16; g += 4) {
        const P ab = s[g] + s[g + 1];
        const P cd = s[g + 2] + s[g + 3];
        const P all = ab + cd;
        const P a = s[g];
        const P c = s[g + 2];
        s[g] = all + ab + s[g + 1];
        s[g + 2] = all + cd + s[g + 3];
        s[g + 1] = all + s[g + 1] + c + c;
        s[g + 3] = all + s[g + 3] + a + a;
    }
    for (int i = 0; i < 4; ++i) {
        const P sum = (s[i] + s[4 + i]) + (s[8 + i] + s[12 + i]);
        for (int j = i; j < 16; j += 4) s[j] = s[j] + sum;
    }
}

// J + diag(-2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 1/2^8, 1/8, 1/2^24, -1/2^8, -1/8, -1/16, -1/2^24).
template <typename P>
BOWLINE_INLINE void multiplyInternal(P (&s)[16])
{
    P sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    sum = sum + (((s[8] + s[9]) + (s[10] + s[11])) + ((s[12] + s[13]) + (s[14] + s[15])));
    s[0] = sum - (s[0] + s[0]);
    s[1] = sum + s[1];
    s[2] = sum + (s[2] + s[2]);
    s[3] = sum + s[3].halved();
    s[4] = sum + (s[4] + s[4] + s[4]);
    const P twice = s[5] + s[5];
    s[5] = sum + (twice + twice);
    s[6] = sum - s[6].halved();
    s[7] = sum - (s[7] + s[7] + s[7]);
    const P double8 = s[8] + s[8];
    s[8] = sum - (double8 + double8);
    s[9] = sum + s[9].template shifted<8>();
    s[10] = sum + s[10].template shifted<3>();
    s[11] = sum + s[11].template shifted<24>();
    s[12] = sum - s[12].template shifted<8>();
    s[13] = sum - s[13].template shifted<3>();
    s[14] = sum - s[14].template shifted<4>();
    s[15] = sum - s[15].template shifted<24>();
}

template <typename P>
BOWLINE_INLINE void fullRound(P (&s)[16], const std::uint32_t* constants)
{
    for (int i = 0; i < 16; ++i) s[i] = (s[i] + P::broadcast(constants[i])).cubed();
    multiplyExternal(s);
}

// keep(values, count) is told of what poseidon2_rounds.h commits to.
template <typename P, typename Keep>
BOWLINE_INLINE void permuteKeeping(P (&s)[16], const Keep& keep)
{
    multiplyExternal(s);
    for (int round = 0; round < 4; ++round) {
        fullRound(s, tables::kRounds.words + 16 * round);
        keep(s, 16);
    }
    for (int round = 0; round < 20; ++round) {
        s[0] = (s[0] + P::broadcast(tables::kRounds.words[64 + round])).cubed();
        keep(s, 1);
        multiplyInternal(s);
    }
    for (int round = 0; round < 4; ++round) {
        fullRound(s, tables::kRounds.words + 84 + 16 * round);
        keep(s, 16);
    }
}

// Of states side by side, for AVX; the overloads of poseidon2_pairs.h and poseidon2_wide.h do without.
template <typename P>
void permuteState(P (&s)[16])
{
    permuteKeeping(s, [](const P*, std::size_t) {});
}

template <typename P>
void permuteRow(const std::uint32_t* const* inputs, std::uint32_t* const* rounds, std::size_t row)
{
    P s[16];
    for (std::size_t w = 0; w < 16; ++w) s[w] = P::load(inputs[w] + row);
    permuteKeeping(s, [&](const P* values, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i, ++rounds) {
            if (*rounds != nullptr) values[i].store(*rounds + row);
        }
    });
}

inline void permuteRows(const std::uint32_t* const* inputs, std::uint32_t* const* rounds, std::size_t rows)
{
    std::size_t row = 0;
    for (; row + Packed::kLanes <= rows; row += Packed::kLanes) permuteRow<Packed>(inputs, rounds, row);
    for (; row < rows; ++row) permuteRow<Scalar>(inputs, rounds, row);
}

template <typename P>
void permuteAt(std::uint32_t* words, std::size_t stride)
{
    P s[16];
    for (std::size_t w = 0; w < 16; ++w) s[w] = P::load(words + w * stride);
    permuteState(s);
    for (std::size_t w = 0; w < 16; ++w) s[w].store(words + w * stride);
}

inline void permute(std::uint32_t* words, std::size_t count)
{
    std::size_t j = 0;
    for (; j + Packed::kLanes <= count; j += Packed::kLanes) permuteAt<Packed>(words + j, count);
    for (; j < count; ++j) permuteAt<Scalar>(words + j, count);
}

template <typename P>
void hashRow(const std::uint32_t* const* columns, std::size_t width, std::size_t row, std::uint32_t tag,
             std::uint32_t length, std::uint32_t* out, std::size_t stride)
{
    P s[16];
    for (auto& word : s) word = P::broadcast(0);
    s[8] = P::broadcast(tag);
    s[9] = P::broadcast(length);
    std::size_t column = 0;
    do {
        for (std::size_t i = 0; i < 8 && column < width; ++i, ++column)
            s[i] = s[i] + P::load(columns[column] + row);
        permuteState(s);
    } while (column < width);
    for (std::size_t w = 0; w < 8; ++w) s[w].store(out + w * stride + row);
}

inline void hashRows(const std::uint32_t* const* columns, std::size_t width, std::size_t rows,
                     std::uint32_t tag, std::uint32_t length, std::uint32_t* out, std::size_t stride)
{
    std::size_t row = 0;
    for (; row + Packed::kLanes <= rows; row += Packed::kLanes)
        hashRow<Packed>(columns, width, row, tag, length, out, stride);
    for (; row < rows; ++row) hashRow<Scalar>(columns, width, row, tag, length, out, stride);
}

template <typename P>
void compressAt(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                std::uint32_t* out, std::size_t outStride)
{
    P s[16];
    for (std::size_t w = 0; w < 8; ++w) {
        s[w] = P::load(left + w * inStride);
        s[8 + w] = P::load(right + w * inStride);
    }
    permuteState(s);
    for (std::size_t w = 0; w < 8; ++w) {
        (s[8 + w] + P::load(right + w * inStride)).store(out + w * outStride);
    }
}

inline void compress(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                     std::uint32_t* out, std::size_t outStride, std::size_t count)
{
    std::size_t j = 0;
    for (; j + Packed::kLanes <= count; j += Packed::kLanes)
        compressAt<Packed>(left + j, right + j, inStride, out + j, outStride);
    for (; j < count; ++j) compressAt<Scalar>(left + j, right + j, inStride, out + j, outStride);
}

inline void compressPairs(const std::uint32_t* const* left, const std::uint32_t* const* right,
                          std::size_t count, std::uint32_t* out)
{
    constexpr std::size_t kLanes = Packed::kLanes;
    for (std::size_t first = 0; first < count; first += kLanes) {
        std::uint32_t states[kLanes][16];
        for (std::size_t i = 0; i < kLanes; ++i) {
            const std::size_t pair = first + i < count ? first + i : count - 1;
            for (std::size_t w = 0; w < 8; ++w) {
                states[i][w] = left[pair][w];
                states[i][8 + w] = right[pair][w];
            }
        }
        Packed s[16];
        for (std::size_t w = 0; w < 16; w += kLanes) {
            Packed block[kLanes];
            for (std::size_t i = 0; i < kLanes; ++i) block[i] = Packed::load(states[i] + w);
            Packed::transpose(block);
            for (std::size_t i = 0; i < kLanes; ++i) s[w + i] = block[i];
        }
        Packed added[8];
        for (std::size_t w = 0; w < 8; ++w) added[w] = s[8 + w];
        permuteState(s);
        std::uint32_t digests[8][kLanes];
        for (std::size_t w = 0; w < 8; ++w) (s[8 + w] + added[w]).store(digests[w]);
        for (std::size_t i = 0; i < kLanes && first + i < count; ++i) {
            for (std::size_t w = 0; w < 8; ++w) out[8 * (first + i) + w] = digests[w][i];
        }
    }
}

inline void turnRows(const std::uint32_t* const* from, std::size_t rows, std::size_t width,
                     std::uint32_t* out, std::size_t stride)
{
    constexpr std::size_t kLanes = Packed::kLanes;
    for (std::size_t first = 0; first < rows; first += kLanes) {
        const std::uint32_t* row[kLanes];
        for (std::size_t i = 0; i < kLanes; ++i) row[i] = from[first + i < rows ? first + i : rows - 1];
        std::size_t c = 0;
        for (; c + kLanes <= width; c += kLanes) {
            Packed block[kLanes];
            for (std::size_t i = 0; i < kLanes; ++i) block[i] = Packed::load(row[i] + c);
            Packed::transpose(block);
            for (std::size_t i = 0; i < kLanes; ++i) block[i].store(out + (c + i) * stride + first);
        }
        for (; c < width; ++c) {
            for (std::size_t i = 0; i < kLanes; ++i) out[c * stride + first + i] = row[i][c];
        }
    }
}

inline bool readWords(const std::uint8_t* from, std::size_t count, std::uint32_t* out)
{
    bool canonical = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t* at = from + 4 * i;
        out[i] = std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8U | std::uint32_t{at[2]} << 16U |
                 std::uint32_t{at[3]} << 24U;
        canonical &= out[i] < kModulus;
    }
    if (!canonical) return false;
    std::size_t i = 0;
    const Packed factor = Packed::broadcast(tables::kToMontgomery);
    for (; i + Packed::kLanes <= count; i += Packed::kLanes) (Packed::load(out + i) * factor).store(out + i);
    for (; i < count; ++i) out[i] = (Scalar{out[i]} * Scalar{tables::kToMontgomery}).v;
    return true;
}

template <typename P>
BOWLINE_INLINE std::uint32_t grindAt(const std::uint32_t* state, std::size_t position, std::uint32_t mask,
                                     std::uint32_t from)
{
    std::uint32_t counters[P::kLanes];
    for (std::size_t i = 0; i < P::kLanes; ++i) counters[i] = from + static_cast<std::uint32_t>(i);
    P s[16];
    for (std::size_t w = 0; w < 16; ++w) s[w] = P::broadcast(state[w]);
    s[position] = P::load(counters) * P::broadcast(tables::kToMontgomery);
    permuteState(s);
    return (s[0] * P::broadcast(1)).lanesBelow(mask);
}

inline std::uint32_t grind(const std::uint32_t* state, std::size_t position, std::uint32_t mask,
                           std::uint32_t from, std::uint32_t to)
{
    std::uint32_t n = from;
    for (; n + Packed::kLanes <= to; n += static_cast<std::uint32_t>(Packed::kLanes)) {
        const std::uint32_t hits = grindAt<Packed>(state, position, mask, n);
        if (hits != 0) return n + static_cast<std::uint32_t>(__builtin_ctz(hits));
    }
    for (; n < to; ++n) {
        if (grindAt<Scalar>(state, position, mask, n) != 0) return n;
    }
    return to;
}

// --- number-theoretic transform ----------------------------------------------------------------------------
// Both networks use one factor a block: roots[k] = w^bitreverse(k), where k numbers the blocks of a layer. A block
// stays in the cache from the moment it is small enough, as the recursion goes down to it at once.

// (a, b) -> (a + t b, a - t b).
template <typename P>
BOWLINE_INLINE void splitLayer(std::uint32_t* data, std::size_t half, std::uint32_t root)
{
    const P t = P::broadcast(root);
    for (std::size_t j = 0; j < half; j += P::kLanes) {
        const P a = P::load(data + j);
        const P b = P::load(data + half + j) * t;
        (a + b).store(data + j);
        (a - b).store(data + half + j);
    }
}

// (a, b) -> (a + b, (a - b) t).
template <typename P>
BOWLINE_INLINE void joinLayer(std::uint32_t* data, std::size_t half, std::uint32_t root)
{
    const P t = P::broadcast(root);
    for (std::size_t j = 0; j < half; j += P::kLanes) {
        const P a = P::load(data + j);
        const P b = P::load(data + half + j);
        (a + b).store(data + j);
        ((a - b) * t).store(data + half + j);
    }
}

template <typename P>
BOWLINE_INLINE void splitTwoLayers(std::uint32_t* data, std::size_t quarter, std::size_t k,
                                   const std::uint32_t* roots)
{
    const P t1 = P::broadcast(roots[k]);
    const P t2 = P::broadcast(roots[2 * k]);
    const P t3 = P::broadcast(roots[2 * k + 1]);
    for (std::size_t j = 0; j < quarter; j += P::kLanes) {
        std::uint32_t* at = data + j;
        const P a0 = P::load(at);
        const P a1 = P::load(at + quarter);
        const P a2 = P::load(at + 2 * quarter) * t1;
        const P a3 = P::load(at + 3 * quarter) * t1;
        const P b1 = (a1 + a3) * t2;
        const P b3 = (a1 - a3) * t3;
        (a0 + a2 + b1).store(at);
        (a0 + a2 - b1).store(at + quarter);
        (a0 - a2 + b3).store(at + 2 * quarter);
        (a0 - a2 - b3).store(at + 3 * quarter);
    }
}

template <typename P>
BOWLINE_INLINE void joinTwoLayers(std::uint32_t* data, std::size_t quarter, std::size_t k,
                                  const std::uint32_t* roots)
{
    const P t1 = P::broadcast(roots[k]);
    const P t2 = P::broadcast(roots[2 * k]);
    const P t3 = P::broadcast(roots[2 * k + 1]);
    for (std::size_t j = 0; j < quarter; j += P::kLanes) {
        std::uint32_t* at = data + j;
        const P c0 = P::load(at);
        const P c1 = P::load(at + quarter);
        const P c2 = P::load(at + 2 * quarter);
        const P c3 = P::load(at + 3 * quarter);
        const P b0 = c0 + c1;
        const P b1 = (c0 - c1) * t2;
        const P b2 = c2 + c3;
        const P b3 = (c2 - c3) * t3;
        (b0 + b2).store(at);
        (b1 + b3).store(at + quarter);
        ((b0 - b2) * t1).store(at + 2 * quarter);
        ((b1 - b3) * t1).store(at + 3 * quarter);
    }
}

template <typename P, bool kSplit>
BOWLINE_INLINE void butterfly(P& x, P& y, P t)
{
    const P a = x;
    if (kSplit) {
        const P b = y * t;
        x = a + b;
        y = a - b;
    } else {
        const P b = y;
        x = a + b;
        y = (a - b) * t;
    }
}

// The layers between registers: block number `index` of kLanes registers, down to blocks of one register.
template <typename P, bool kSplit>
BOWLINE_INLINE void layersBetween(P (&m)[P::kLanes], std::size_t index, const std::uint32_t* roots)
{
    for (unsigned layer = 0; layer < P::kLogLanes; ++layer) {
        const unsigned s = kSplit ? layer : P::kLogLanes - 1 - layer;
        const std::size_t half = P::kLanes >> (s + 1);
        for (std::size_t b = 0; b < (std::size_t{1} << s); ++b) {
            const P t = P::broadcast(roots[(index << s) + b]);
            for (std::size_t j = 2 * b * half; j < (2 * b + 1) * half; ++j)
                butterfly<P, kSplit>(m[j], m[j + half], t);
        }
    }
}

// The layers inside a register, after a transposition: lane g holds the former register g, block number
// kLanes * index + g. Its block b of 2^s has the root number (g << s) + b, and roots[(g << s) + b] is
// roots[g << s] * roots[b], as bit reversal sends disjoint bits to disjoint bits.
template <typename P, bool kSplit>
BOWLINE_INLINE void layersInside(P (&m)[P::kLanes], std::size_t index, const std::uint32_t* const* roots)
{
    for (unsigned layer = 0; layer < P::kLogLanes; ++layer) {
        const unsigned s = kSplit ? layer : P::kLogLanes - 1 - layer;
        const std::size_t half = P::kLanes >> (s + 1);
        const P group = P::load(roots[s] + index * P::kLanes);
        for (std::size_t b = 0; b < (std::size_t{1} << s); ++b) {
            const P t = b == 0 ? group : group * P::broadcast(roots[0][b]);
            for (std::size_t j = 2 * b * half; j < (2 * b + 1) * half; ++j)
                butterfly<P, kSplit>(m[j], m[j + half], t);
        }
    }
}

// A block of kLanes^2 elements, all its layers in registers.
template <typename P, bool kSplit>
void baseBlock(std::uint32_t* data, std::size_t index, const std::uint32_t* const* roots)
{
    P m[P::kLanes];
    for (std::size_t i = 0; i < P::kLanes; ++i) m[i] = P::load(data + i * P::kLanes);
    if (kSplit) layersBetween<P, kSplit>(m, index, roots[0]);
    P::transpose(m);
    layersInside<P, kSplit>(m, index, roots);
    P::transpose(m);
    if (!kSplit) layersBetween<P, kSplit>(m, index, roots[0]);
    for (std::size_t i = 0; i < P::kLanes; ++i) m[i].store(data + i * P::kLanes);
}

template <typename P>
inline constexpr unsigned kBaseLog = P::kLanes == 1 ? 0 : 2 * P::kLogLanes;

// Block number k of 2^log elements.
template <typename P>
void split(std::uint32_t* data, unsigned log, std::size_t k, const std::uint32_t* const* roots)
{
    if (log == kBaseLog<P>) {
        if constexpr (P::kLanes > 1) baseBlock<P, true>(data, k, roots);
        return;
    }
    const std::size_t size = std::size_t{1} << log;
    if (log >= kBaseLog<P> + 2) {
        splitTwoLayers<P>(data, size / 4, k, roots[0]);
        for (std::size_t i = 0; i < 4; ++i) split<P>(data + i * size / 4, log - 2, 4 * k + i, roots);
    } else {
        splitLayer<P>(data, size / 2, roots[0][k]);
        for (std::size_t i = 0; i < 2; ++i) split<P>(data + i * size / 2, log - 1, 2 * k + i, roots);
    }
}

template <typename P>
void join(std::uint32_t* data, unsigned log, std::size_t k, const std::uint32_t* const* roots)
{
    if (log == kBaseLog<P>) {
        if constexpr (P::kLanes > 1) baseBlock<P, false>(data, k, roots);
        return;
    }
    const std::size_t size = std::size_t{1} << log;
    if (log >= kBaseLog<P> + 2) {
        for (std::size_t i = 0; i < 4; ++i) join<P>(data + i * size / 4, log - 2, 4 * k + i, roots);
        joinTwoLayers<P>(data, size / 4, k, roots[0]);
    } else {
        for (std::size_t i = 0; i < 2; ++i) join<P>(data + i * size / 2, log - 1, 2 * k + i, roots);
        joinLayer<P>(data, size / 2, roots[0][k]);
    }
}

inline void toCoefficients(std::uint32_t* data, unsigned log, const TwiddleView& view)
{
    if (log >= kBaseLog<Packed>) {
        split<Packed>(data, log, 0, view.roots);
    } else {
        split<Scalar>(data, log, 0, view.roots);
    }
}

inline void toValues(std::uint32_t* data, unsigned log, const TwiddleView& view)
{
    if (log >= kBaseLog<Packed>) {
        join<Packed>(data, log, 0, view.roots);
    } else {
        join<Scalar>(data, log, 0, view.roots);
    }
}

inline void multiply(std::uint32_t* out, const std::uint32_t* a, const std::uint32_t* b, std::size_t count)
{
    std::size_t i = 0;
    for (; i + Packed::kLanes <= count; i += Packed::kLanes)
        (Packed::load(a + i) * Packed::load(b + i)).store(out + i);
    for (; i < count; ++i) (Scalar::load(a + i) * Scalar::load(b + i)).store(out + i);
}

} // namespace bowline::field::BOWLINE_BACKEND
