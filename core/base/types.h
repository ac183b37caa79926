// SPDX-License-Identifier: MIT
// Strong types that keep money, heights and the many 32-byte hashes apart.
//
// Hash256-like types hold bytes in the order in which they are hashed and sent ("internal order").
// Bitcoin shows transaction and block ids reversed: use displayHex()/fromDisplayHex() for those only.
#pragma once

#include "core/base/bytes.h"

#include <cstring>
#include <functional>

namespace bowline::base {

/// A 32-byte value that cannot be mixed up with one of another Tag.
template <typename Tag>
struct Hash256 {
    ByteArray<32> bytes{};

    [[nodiscard]] ByteView view() const { return bytes; }
    [[nodiscard]] bool isZero() const { return bytes == ByteArray<32>{}; }
    /// Memory order.
    [[nodiscard]] std::string hex() const { return toHex(bytes); }
    /// Reversed order, as Bitcoin shows ids.
    [[nodiscard]] std::string displayHex() const
    {
        ByteArray<32> reversed;
        std::copy(bytes.rbegin(), bytes.rend(), reversed.begin());
        return toHex(reversed);
    }
    [[nodiscard]] static Result<Hash256> fromHex(std::string_view text)
    {
        BOWLINE_TRY(auto raw, arrayFromHex<32>(text));
        return Hash256{raw};
    }
    [[nodiscard]] static Result<Hash256> fromDisplayHex(std::string_view text)
    {
        BOWLINE_TRY(auto raw, arrayFromHex<32>(text));
        Hash256 out;
        std::copy(raw.rbegin(), raw.rend(), out.bytes.begin());
        return out;
    }
    friend constexpr auto operator<=>(const Hash256&, const Hash256&) = default;
};

using Txid = Hash256<struct TxidTag>;                 // double SHA-256 of a transaction without witness
using Wtxid = Hash256<struct WtxidTag>;               // BIP141
using BlockHash = Hash256<struct BlockHashTag>;       // double SHA-256 of a Bitcoin header
using MerkleRoot = Hash256<struct MerkleRootTag>;     // of a Bitcoin block
using FilterHeader = Hash256<struct FilterHeaderTag>; // BIP157
using Digest = Hash256<struct DigestTag>;             // any other 32-byte digest
using XOnlyPublicKey = Hash256<struct XOnlyTag>;      // BIP340, big-endian x coordinate

/// An amount of bitcoin in satoshi. Signed, so that differences are amounts too; checked where it is
/// read from outside. There is deliberately no conversion to or from floating point.
class Amount {
public:
    static constexpr std::int64_t kSatPerBtc = 100'000'000;
    static constexpr std::int64_t kMaxSat = 21'000'000 * kSatPerBtc;

    constexpr Amount() = default;
    [[nodiscard]] static constexpr Amount fromSat(std::int64_t sat) { return Amount{sat}; }
    [[nodiscard]] constexpr std::int64_t sat() const { return m_sat; }
    /// 0 <= amount <= 21 million BTC.
    [[nodiscard]] constexpr bool isValidMoney() const { return m_sat >= 0 && m_sat <= kMaxSat; }

    friend constexpr auto operator<=>(Amount, Amount) = default;
    friend constexpr Amount operator+(Amount a, Amount b) { return Amount{a.m_sat + b.m_sat}; }
    friend constexpr Amount operator-(Amount a, Amount b) { return Amount{a.m_sat - b.m_sat}; }
    friend constexpr Amount operator-(Amount a) { return Amount{-a.m_sat}; }
    friend constexpr Amount operator*(Amount a, std::int64_t n) { return Amount{a.m_sat * n}; }
    constexpr Amount& operator+=(Amount o) { return *this = *this + o; }
    constexpr Amount& operator-=(Amount o) { return *this = *this - o; }

private:
    constexpr explicit Amount(std::int64_t sat) : m_sat(sat) {}
    std::int64_t m_sat = 0;
};

inline constexpr ErrorCode kBadAmount{"base.bad-amount"};
/// Parses a decimal number of BTC such as "0.015" (a dot, at most 8 decimals, no sign, no exponent,
/// no grouping), independent of the locale. Refuses more than 21 million.
[[nodiscard]] Result<Amount> parseBtc(std::string_view text);
/// Always 8 decimals: "0.01500000", with a leading '-' when negative.
[[nodiscard]] std::string formatBtc(Amount amount);

/// A Bitcoin block height. Kept apart from counts and from layer-2 batch numbers.
struct Height {
    std::uint32_t value = 0;
    friend constexpr auto operator<=>(Height, Height) = default;
    friend constexpr Height operator+(Height h, std::uint32_t n) { return {h.value + n}; }
};

/// The number of a layer-2 batch; batch 0 is genesis.
struct BatchNumber {
    std::uint64_t value = 0;
    friend constexpr auto operator<=>(BatchNumber, BatchNumber) = default;
};

/// Fee rate in satoshi per 1,000 virtual bytes, so that fractions of 1 sat/vB stay exact.
struct FeeRate {
    std::int64_t satPerKvb = 0;
    friend constexpr auto operator<=>(FeeRate, FeeRate) = default;
    /// Rounded up: a fee that is a satoshi short is refused by nodes.
    [[nodiscard]] constexpr Amount feeFor(std::int64_t virtualBytes) const
    {
        return Amount::fromSat((satPerKvb * virtualBytes + 999) / 1000);
    }
};

} // namespace bowline::base

template <typename Tag>
struct std::hash<bowline::base::Hash256<Tag>> {
    std::size_t operator()(const bowline::base::Hash256<Tag>& value) const noexcept
    {
        std::size_t out = 0; // the bytes are hashes already: any eight of them are spread well
        std::memcpy(&out, value.bytes.data(), sizeof out);
        return out;
    }
};
