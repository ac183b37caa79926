// SPDX-License-Identifier: MIT
// Poseidon2 on one state in 64-bit integers, reduced only as far as the next product needs: the portable back end and
// the tails of the others. Plain integers throughout, as packed.h asks.
//
// A word is a signed number that stands for its residue mod p. `settled` means |x| <= 2^31. The bounds beside
// the steps are on |x|; none passes 2^37, for which settle() is made.
#pragma once

#include "core/field/kernels_tables.h"
#include "core/field/packed.h"

namespace bowline::field::BOWLINE_BACKEND {

using Wide = std::int64_t;

/// |x| < 2^37 -> the same residue, at most 2^30 + 2^6 * 2^24. By 2^31 = 2^24 - 1 mod p.
BOWLINE_INLINE Wide settle(Wide x) { return x - ((x + (Wide{1} << 30)) >> 31) * Wide{kModulus}; }

/// a * b / 2^32 mod p for |a * b| <= 2^62; at most |a * b| / 2^32 + 2^30.
BOWLINE_INLINE Wide montgomery(Wide a, Wide b)
{
    const Wide wide = a * b;
    const auto multiple = static_cast<std::int32_t>(static_cast<std::uint32_t>(wide) * kInverse);
    return (wide >> 32) - ((Wide{multiple} * Wide{kModulus}) >> 32); // their last 32 bits are equal
}

/// Settled -> settled.
BOWLINE_INLINE Wide cubeWide(Wide x) { return montgomery(montgomery(x, x), x); }

/// x / 2^K mod p, K <= 24: at most |x| / 2^K + 2^31. As p = 1 mod 2^K.
template <unsigned K>
BOWLINE_INLINE Wide divided(Wide x)
{
    const Wide low = x & ((Wide{1} << K) - 1);
    return (x - low * Wide{kModulus}) >> K;
}

// Settled -> 35 * 2^31.
BOWLINE_INLINE void multiplyExternalWide(Wide (&s)[16])
{
    for (int g = 0; g < 16; g += 4) {
        const Wide ab = s[g] + s[g + 1];
        const Wide cd = s[g + 2] + s[g + 3];
        const Wide all = ab + cd;
        const Wide a = s[g];
        const Wide c = s[g + 2];
        s[g] = all + ab + s[g + 1];
        s[g + 2] = all + cd + s[g + 3];
        s[g + 1] += all + 2 * c;
        s[g + 3] += all + 2 * a;
    }
    for (int i = 0; i < 4; ++i) {
        const Wide sum = (s[i] + s[4 + i]) + (s[8 + i] + s[12 + i]);
        for (int j = i; j < 16; j += 4) s[j] += sum;
    }
}

// s[0] settled -> words that stay below 2^35.5 over all 20 rounds: only s[1] grows, by the sum a round, and what would
// double is settled.
BOWLINE_INLINE void multiplyInternalWide(Wide (&s)[16])
{
    Wide sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    sum = settle(sum + (((s[8] + s[9]) + (s[10] + s[11])) + ((s[12] + s[13]) + (s[14] + s[15]))));
    s[0] = sum - 2 * s[0];
    s[1] = sum + s[1];
    s[2] = settle(sum + 2 * s[2]);
    s[3] = sum + divided<1>(s[3]);
    s[4] = settle(sum + 3 * s[4]);
    s[5] = settle(sum + 4 * s[5]);
    s[6] = sum - divided<1>(s[6]);
    s[7] = settle(sum - 3 * s[7]);
    s[8] = settle(sum - 4 * s[8]);
    s[9] = sum + divided<8>(s[9]);
    s[10] = sum + divided<3>(s[10]);
    s[11] = sum + divided<24>(s[11]);
    s[12] = sum - divided<8>(s[12]);
    s[13] = sum - divided<3>(s[13]);
    s[14] = sum - divided<4>(s[14]);
    s[15] = sum - divided<24>(s[15]);
}

BOWLINE_INLINE void fullRoundsWide(Wide (&s)[16], const std::uint32_t* constants)
{
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 16; ++i) s[i] = cubeWide(settle(s[i] + Wide{constants[16 * round + i]}));
        multiplyExternalWide(s);
    }
}

inline void permuteState(Scalar (&state)[16])
{
    Wide s[16];
    for (int i = 0; i < 16; ++i) s[i] = Wide{state[i].v};
    multiplyExternalWide(s);
    fullRoundsWide(s, tables::kRounds.words);
    for (Wide& word : s) word = settle(word);
    for (int round = 0; round < 20; ++round) {
        s[0] = cubeWide(settle(s[0] + Wide{tables::kRounds.words[64 + round]}));
        multiplyInternalWide(s);
    }
    fullRoundsWide(s, tables::kRounds.words + 84);
    for (int i = 0; i < 16; ++i) {
        const Wide x = settle(s[i]); // above -p and below p
        state[i].v = static_cast<std::uint32_t>(x < 0 ? x + Wide{kModulus} : x);
    }
}

} // namespace bowline::field::BOWLINE_BACKEND
