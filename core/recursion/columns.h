// SPDX-License-Identifier: MIT
// The columns of the recursion machine's tables. Preprocessed ones are named P..., main ones M...
#pragma once

#include "core/field/poseidon2_rounds.h"
#include "core/recursion/machine.h"

namespace bowline::recursion::columns {

using field::kRoundValues;

/// A permutation: its input and what each round commits to; the last 16 are the output.
inline constexpr std::size_t kPermutation = 16 + kRoundValues;
/// The same where nobody wants the first half of the output: round values up to kFirstHalf, and from kSecondHalf on.
inline constexpr std::size_t kFirstHalf = kRoundValues - 16;
inline constexpr std::size_t kSecondHalf = kRoundValues - 8;
inline constexpr std::size_t kHalfPermutation = kPermutation - 8;
[[nodiscard]] constexpr bool isKept(std::size_t roundValue, bool halved)
{
    return !halved || roundValue < kFirstHalf || roundValue >= kSecondHalf;
}
[[nodiscard]] constexpr std::size_t roundColumn(std::size_t roundValue, bool halved)
{
    return 16 + roundValue - (halved && roundValue >= kSecondHalf ? 8 : 0);
}

// These two have several operations in a row, one in each slot: column c of slot s is s * PSlot + c, or s * MSlot + c. They are
// narrow, and as tall as all others together they would set the length of every path that is verified of a proof.
namespace words {
inline constexpr std::size_t kSlots = 2;
enum P : std::size_t {
    PAddress,
    PTimes,
    PFixFirst,
    PFixRest,
    PValue,
    PSlot = PValue + 4,
    PWidth = kSlots * PSlot
};
enum M : std::size_t { MValue, MSlot = 4, MWidth = kSlots * MSlot };
} // namespace words

namespace alu {
inline constexpr std::size_t kSlots = 4;
enum P : std::size_t {
    PA,
    PB,
    PC,
    POut,
    PReal,
    PTimes,
    PSlot,
    PWidth = kSlots * PSlot
}; // times of a check: -1
enum M : std::size_t { MA, MB = 4, MC = 8, MOut = 12, MSlot = 16, MWidth = kSlots * MSlot };
} // namespace alu

namespace lanes {
enum P : std::size_t {
    PWord,
    PElements,
    PWordTimes = PElements + 4,
    PTimes,
    PWidth = PTimes + 4
}; // -1: read
enum M : std::size_t { MValue, MWidth = 4 };
} // namespace lanes

namespace bits {
inline constexpr std::size_t kAll = 31; // of an element
enum P : std::size_t { PIn, PFirst, PReal, PTimes, PWidth = PTimes + kMaxBits };
enum M : std::size_t { MBits, MTop = kAll, MWidth = kAll + 3 };
} // namespace bits

namespace permutes {
enum P : std::size_t { PIn, POut = 4, PReal, PTimes, PWidth = PTimes + 4 };
enum M : std::size_t { MState, MWidth = kPermutation };
} // namespace permutes

namespace rows {
enum P : std::size_t {
    PGamma,
    PReal,
    PData,
    PRead = PData + 2,
    PFirst,
    PLength,
    PAbsent,               // of data 1 to 7: behind the row's end
    PDigest = PAbsent + 7, // the words of the digest, and the sum's
    PDigestTimes,
    PSumTimes = PDigestTimes + 2,
    PWidth
};
enum M : std::size_t {
    MState,
    MData = kPermutation,
    MGamma = MData + 8, // its powers 1, 2, 3, 4 and 8
    MSum = MGamma + 20, // up to this row
    MWidth = MSum + 4
};
inline constexpr std::size_t kPowers = 5;
} // namespace rows

namespace paths {
enum P : std::size_t {
    PBit,
    PClimb,
    PDigest, // of a row, two words
    PStart,
    PJoin,    // another row's digest at the right
    PChained, // goes on with what the row before it came to
    PRoot,
    PEnd = PRoot + 2,
    PWidth
};
enum M : std::size_t { MState, MBit = kHalfPermutation, MDigest, MWidth = MDigest + 8 };
} // namespace paths

} // namespace bowline::recursion::columns
