// SPDX-License-Identifier: MIT
// What a wrapped proof of the chain says once it was checked, and who checks one (docs/recursion.md; rules B12, B13).
#pragma once

#include "core/base/result.h"
#include "core/l2/types.h"

namespace bowline::proven {

using base::BatchNumber;
using base::ByteView;
using base::Digest;
using base::Result;

/// The file proves nothing for this network: no valid proof, or one of other keys, another network or genesis. The detail has
/// the reason.
inline constexpr base::ErrorCode kNotProven{"proven.not-proven"};
/// Nothing is pinned for this network, so that no file can be judged.
inline constexpr base::ErrorCode kNoKeys{"proven.no-keys"};
/// A valid proof whose last batch was executed by a program that this version does not know.
inline constexpr base::ErrorCode kUnknownProgram{"proven.unknown-program"};

/// From this network's genesis on every batch up to `batch` was executed by the program that was due, and led to this.
struct Head {
    BatchNumber batch;
    l2::BatchHash hash;
    l2::StateRoot state;
    Digest claimsRoot;
    std::uint64_t claimsCount = 0;
    base::Height
        l1Height; // the Bitcoin block that the batch had confirmed: whether it stands is the caller's to judge
    base::BlockHash l1Hash;
    base::ByteArray<32> l1Work{}; // u256 little-endian, cumulative up to that block
    std::uint64_t sealedBatch = 0;
    Digest program;                    // id, its eight elements as 32-bit little-endian words
    Digest nextProgram;                // zero: none is announced
    std::uint64_t activationBatch = 0; // from which on nextProgram is due
    friend bool operator==(const Head&, const Head&) = default;
};

class Checker {
public:
    virtual ~Checker() = default;
    /// What check() would have to do once, before the first file. Any thread, as often as one likes.
    virtual void prepare() const {}
    /// Takes a few milliseconds and may be called from any thread. kNotProven, kUnknownProgram, kNoKeys.
    [[nodiscard]] virtual Result<Head> check(ByteView file) const = 0;
};

} // namespace bowline::proven
