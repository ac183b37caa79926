// SPDX-License-Identifier: MIT
// Authenticated encryption of small secrets (seeds, keys, backups): ChaCha20-Poly1305, RFC 8439.
//
// ChaCha20-Poly1305 rather than AES-256-GCM, because its constant-time code needs no special instructions:
// the wallet must not leak through the cache on a machine without AES-NI.
//
// A box is   version (1 byte, 0x01) || nonce (12 bytes) || ciphertext || tag (16 bytes).
// The version byte is authenticated together with the caller's associated data. Nonces are random, so one key
// may seal up to 2^32 boxes (RFC 8439 allows more, the birthday bound on 96 random bits does not).
#pragma once

#include "core/base/secure.h"

namespace bowline::crypto {

/// The key is wrong, or box or associated data were changed: the cipher cannot tell these apart.
inline constexpr base::ErrorCode kBoxNotAuthentic{"crypto.box-not-authentic"};
inline constexpr base::ErrorCode kBoxTooShort{"crypto.box-too-short"};
inline constexpr base::ErrorCode kBoxVersion{"crypto.box-version"};
inline constexpr base::ErrorCode kBoxTooLong{"crypto.box-too-long"};

using AeadKey = base::SecureArray<32>;

/// Bytes that a box is longer than its plaintext.
inline constexpr std::size_t kBoxOverhead = 1 + 12 + 16;
/// The longest plaintext sealed or opened, 1 GiB.
inline constexpr std::size_t kBoxMaxPlaintext = std::size_t{1} << 30U;

/// `associated` is authenticated, not stored: say what the box is and where it belongs ("wallet seed", id).
[[nodiscard]] base::Result<base::Bytes> sealBox(const AeadKey& key, base::ByteView plaintext,
                                                base::ByteView associated);
[[nodiscard]] base::Result<base::SecureBytes> openBox(const AeadKey& key, base::ByteView box,
                                                      base::ByteView associated);

} // namespace bowline::crypto
