// SPDX-License-Identifier: MIT
// Bech32 (BIP173) and Bech32m (BIP350) text, and the regrouping of bits that they need.
#pragma once

#include "core/bitcoin/types.h"

#include <span>

namespace bowline::bitcoin {

inline constexpr ErrorCode kBech32BadCharacter{"bitcoin.bech32-bad-character"};
inline constexpr ErrorCode kBech32MixedCase{"bitcoin.bech32-mixed-case"};
inline constexpr ErrorCode kBech32BadLength{"bitcoin.bech32-bad-length"};
/// No separator, or nothing before it.
inline constexpr ErrorCode kBech32NoPrefix{"bitcoin.bech32-no-prefix"};
inline constexpr ErrorCode kBech32BadChecksum{"bitcoin.bech32-bad-checksum"};
inline constexpr ErrorCode kBech32BadPadding{"bitcoin.bech32-bad-padding"};

/// The limit of BIP173, within which four wrong characters are always found.
inline constexpr std::size_t kMaxBech32Length = 90;

enum class Bech32Form { Bech32, Bech32m };

struct Bech32Text {
    Bech32Form form = Bech32Form::Bech32;
    std::string prefix;               // lower case
    std::vector<std::uint8_t> values; // five bits each, without the checksum
};
/// Values must be below 32, the prefix lower case.
[[nodiscard]] std::string encodeBech32(Bech32Form form, std::string_view prefix,
                                       std::span<const std::uint8_t> values);
/// `maxLength` may exceed 90 for texts that are no addresses, at the cost of weaker error detection.
[[nodiscard]] Result<Bech32Text> decodeBech32(std::string_view text,
                                              std::size_t maxLength = kMaxBech32Length);

/// Bytes to groups of five bits, padded with zeros.
[[nodiscard]] std::vector<std::uint8_t> toFiveBits(ByteView bytes);
/// Back; refuses padding of five bits or more, or not zero.
[[nodiscard]] Result<Bytes> fromFiveBits(std::span<const std::uint8_t> values);

} // namespace bowline::bitcoin
