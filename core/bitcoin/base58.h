// SPDX-License-Identifier: MIT
// Base58Check: old addresses, WIF keys, extended keys.
#pragma once

#include "core/bitcoin/types.h"

namespace bowline::bitcoin {

inline constexpr ErrorCode kBase58BadCharacter{"bitcoin.base58-bad-character"};
inline constexpr ErrorCode kBase58BadChecksum{"bitcoin.base58-bad-checksum"};
inline constexpr ErrorCode kBase58BadLength{"bitcoin.base58-bad-length"};

/// Longer text than an extended key (111 characters) is refused before the quadratic work starts.
inline constexpr std::size_t kMaxBase58Length = 128;

/// Not for secrets: the result is an ordinary string.
[[nodiscard]] std::string encodeBase58Check(ByteView payload);
/// The payload without its four bytes of checksum.
[[nodiscard]] Result<Bytes> decodeBase58Check(std::string_view text);

} // namespace bowline::bitcoin
