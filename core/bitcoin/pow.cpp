// SPDX-License-Identifier: MIT
#include "core/bitcoin/pow.h"

#include <algorithm>

namespace bowline::bitcoin {

CompactTarget decodeCompact(std::uint32_t bits)
{
    const std::uint32_t size = bits >> 24U;
    const std::uint32_t mantissa = bits & 0x007fffffU;
    CompactTarget out;
    // The mantissa's lowest byte has the weight 256^(size - 3).
    out.value = size <= 3 ? Uint256{mantissa >> (8 * (3 - size))} : Uint256{mantissa} << (8 * (size - 3));
    const bool nonZero = size <= 3 ? out.value != Uint256{} : mantissa != 0;
    out.negative = nonZero && (bits & 0x00800000U) != 0;
    out.overflow =
        mantissa != 0 && (size > 34 || (mantissa > 0xff && size > 33) || (mantissa > 0xffff && size > 32));
    return out;
}

std::uint32_t encodeCompact(const Uint256& value)
{
    std::uint32_t size = (value.bitLength() + 7) / 8;
    std::uint64_t mantissa =
        size <= 3 ? value.low64() << (8 * (3 - size)) : (value >> (8 * (size - 3))).low64();
    // The top bit of the mantissa means a sign: a value that would set it moves one byte up.
    if ((mantissa & 0x00800000U) != 0) {
        mantissa >>= 8U;
        ++size;
    }
    return static_cast<std::uint32_t>(mantissa) | size << 24U;
}

Result<Uint256> targetFromBits(std::uint32_t bits, const ChainParams& params)
{
    const CompactTarget compact = decodeCompact(bits);
    if (compact.negative || compact.overflow) return makeError(kBadTarget, "negative or too large");
    if (compact.value == Uint256{}) return makeError(kBadTarget, "zero");
    if (compact.value > params.powLimit) return makeError(kBadTarget, "above the limit of the network");
    return compact.value;
}

Uint256 blockWork(std::uint32_t bits)
{
    const CompactTarget compact = decodeCompact(bits);
    if (compact.negative || compact.overflow || compact.value == Uint256{}) return {};
    // 2^256 does not fit: 2^256 / (t + 1) = (2^256 - t - 1) / (t + 1) + 1 = ~t / (t + 1) + 1.
    return ~compact.value / (compact.value + Uint256{1}) + Uint256{1};
}

Status checkProofOfWork(const BlockHeader& header, const ChainParams& params)
{
    BOWLINE_TRY(const Uint256 target, targetFromBits(header.bits, params));
    if (Uint256::fromLittleEndian(header.hash().bytes) > target) return makeError(kInsufficientWork);
    return base::success();
}

namespace {
// The first header of the period that ends with `tip`. 2015 intervals, not 2016: an old mistake that is law.
Height firstOfPeriod(Height tip) { return Height{tip.value - (kRetargetInterval - 1)}; }

std::uint32_t retarget(const ChainParams& params, const HeaderSource& headers, Height tip)
{
    const BlockHeader last = headers.at(tip);
    const BlockHeader first = headers.at(firstOfPeriod(tip));
    const std::int64_t measured = std::int64_t{last.time} - std::int64_t{first.time};
    const std::int64_t timespan = std::clamp(measured, kTargetTimespan / 4, kTargetTimespan * 4);

    // BIP94: the first header of a period always has the period's real difficulty; the last may be a
    // 20-minute one.
    const Uint256 old = decodeCompact(params.bip94 ? first.bits : last.bits).value;
    // No overflow: signet has the highest limit of the networks that retarget, 0x377ae * 2^216, and four
    // times the timespan is 4838400, which multiplied is just below 2^256.
    const Uint256 scaled = old * Uint256{static_cast<std::uint64_t>(timespan)} /
                           Uint256{static_cast<std::uint64_t>(kTargetTimespan)};
    return encodeCompact(std::min(scaled, params.powLimit));
}

// The bits of the last header before that were not lowered by the 20-minute rule.
std::uint32_t lastRegularBits(const ChainParams& params, const HeaderSource& headers, Height tip)
{
    const std::uint32_t lowest = encodeCompact(params.powLimit);
    BlockHeader header = headers.at(tip);
    while (tip.value % kRetargetInterval != 0 && header.bits == lowest) {
        tip = Height{tip.value - 1};
        header = headers.at(tip);
    }
    return header.bits;
}
} // namespace

std::uint32_t nextWorkRequired(const ChainParams& params, const HeaderSource& headers, Height tip,
                               std::uint32_t time)
{
    const BlockHeader last = headers.at(tip);
    if (params.noRetargeting) return last.bits;
    if ((tip.value + 1) % kRetargetInterval == 0) return retarget(params, headers, tip);
    if (!params.minimumDifficultyRule) return last.bits;
    if (std::int64_t{time} > std::int64_t{last.time} + 2 * kTargetSpacing)
        return encodeCompact(params.powLimit);
    return lastRegularBits(params, headers, tip);
}

std::uint32_t medianTimePast(const HeaderSource& headers, Height tip)
{
    constexpr std::uint32_t kSpan = 11;
    std::vector<std::uint32_t> times;
    for (std::uint32_t i = 0; i < kSpan && i <= tip.value; ++i) {
        times.push_back(headers.at(Height{tip.value - i}).time);
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

namespace {
Status checkTimes(const BlockHeader& header, const ChainParams& params, const HeaderSource& headers,
                  Height tip, base::UnixTime now)
{
    if (header.time <= medianTimePast(headers, tip))
        return makeError(kTimeTooOld, "not after the median time");
    const bool startsPeriod = (tip.value + 1) % kRetargetInterval == 0;
    if (params.bip94 && startsPeriod &&
        std::int64_t{header.time} < std::int64_t{headers.at(tip).time} - kMaxTimewarp) {
        return makeError(kTimeTooOld, "against the time warp rule of BIP94");
    }
    if (std::int64_t{header.time} > now + kMaxFutureBlockTime) return makeError(kTimeTooNew);
    return base::success();
}

Status checkVersion(const BlockHeader& header, const ChainParams& params, Height height)
{
    const auto version = static_cast<std::int32_t>(header.version);
    const bool tooLow = (version < 2 && height >= params.version2From) ||
                        (version < 3 && height >= params.version3From) ||
                        (version < 4 && height >= params.version4From);
    if (tooLow)
        return makeError(kBadBlockVersion, "version " + std::to_string(version) + " is no longer valid");
    return base::success();
}
} // namespace

Status checkHeader(const BlockHeader& header, const ChainParams& params, const HeaderSource& headers,
                   Height tip, base::UnixTime now)
{
    if (header.bits != nextWorkRequired(params, headers, tip, header.time))
        return makeError(kWrongDifficulty);
    // Before the times: they may end in a verdict that bans nobody, and that must not be had without work.
    BOWLINE_CHECK(checkProofOfWork(header, params));
    BOWLINE_CHECK(checkTimes(header, params, headers, tip, now));
    return checkVersion(header, params, tip + 1);
}

} // namespace bowline::bitcoin
