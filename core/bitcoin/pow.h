// SPDX-License-Identifier: MIT
// Proof of work and the rules for headers in their chain: compact targets, work, retargeting on every
// network, median time, the time warp rule of BIP94. Pure functions over the headers before.
#pragma once

#include "core/base/clock.h"
#include "core/bitcoin/params.h"

namespace bowline::bitcoin {

/// The compact form is negative, overflows, is zero, or above the network's limit.
inline constexpr ErrorCode kBadTarget{"bitcoin.bad-target"};
/// The hash is above the target.
inline constexpr ErrorCode kInsufficientWork{"bitcoin.insufficient-work"};
/// Not the difficulty that the chain asks for at this place.
inline constexpr ErrorCode kWrongDifficulty{"bitcoin.wrong-difficulty"};
/// Not later than the median of the eleven headers before, or against BIP94.
inline constexpr ErrorCode kTimeTooOld{"bitcoin.time-too-old"};
/// More than two hours ahead of the clock: may become valid.
inline constexpr ErrorCode kTimeTooNew{"bitcoin.time-too-new"};
inline constexpr ErrorCode kBadBlockVersion{"bitcoin.bad-block-version"};

inline constexpr std::uint32_t kRetargetInterval = 2016;
inline constexpr std::int64_t kTargetSpacing = 600;                                 // seconds
inline constexpr std::int64_t kTargetTimespan = kTargetSpacing * kRetargetInterval; // two weeks
inline constexpr std::int64_t kMaxFutureBlockTime = 7200;                           // two hours
inline constexpr std::int64_t kMaxTimewarp = 600;                                   // BIP94

/// A compact target as its 4 bytes say, before any judgement. Sign and overflow as Bitcoin Core reads them.
struct CompactTarget {
    Uint256 value;
    bool negative = false;
    bool overflow = false;
};
[[nodiscard]] CompactTarget decodeCompact(std::uint32_t bits);
/// Rounds down to the 23 bits that the compact form keeps.
[[nodiscard]] std::uint32_t encodeCompact(const Uint256& value);
/// The target, if it is one that the network allows.
[[nodiscard]] Result<Uint256> targetFromBits(std::uint32_t bits, const ChainParams& params);

/// The expected number of hashes for this target: 2^256 / (target + 1). Zero for a malformed one.
[[nodiscard]] Uint256 blockWork(std::uint32_t bits);
/// The header's own claim is met. Whether the claim is the right one says checkHeader().
[[nodiscard]] Status checkProofOfWork(const BlockHeader& header, const ChainParams& params);

/// The headers of one chain up to a tip, by height.
class HeaderSource {
public:
    virtual ~HeaderSource() = default;
    /// `height` is never above the tip that was passed beside the source. To decide one header at most the
    /// 2,016 headers before it are asked for, and genesis where a walk reaches it.
    [[nodiscard]] virtual BlockHeader at(Height height) const = 0;
};

/// The bits that the header after `tip` must have. `time` is that header's own time (20-minute rule).
[[nodiscard]] std::uint32_t nextWorkRequired(const ChainParams& params, const HeaderSource& headers,
                                             Height tip, std::uint32_t time);
/// The median time of `tip` and up to ten headers before it (BIP113).
[[nodiscard]] std::uint32_t medianTimePast(const HeaderSource& headers, Height tip);

/// Everything about the header that follows `tip` except that its `previous` is the hash of the tip's header:
/// proof of work, difficulty, times, version. `now` is the clock of this machine.
[[nodiscard]] Status checkHeader(const BlockHeader& header, const ChainParams& params,
                                 const HeaderSource& headers, Height tip, base::UnixTime now);

} // namespace bowline::bitcoin
