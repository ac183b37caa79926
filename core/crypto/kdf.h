// SPDX-License-Identifier: MIT
// Keys from passwords (scrypt, RFC 7914), from seed words (PBKDF2, BIP39) and from other keys (HKDF, RFC
// 5869).
#pragma once

#include "core/base/secure.h"

#include <chrono>

namespace bowline::crypto {

inline constexpr base::ErrorCode kBadScryptParameters{"crypto.bad-scrypt-parameters"};
inline constexpr base::ErrorCode kDerivationFailed{"crypto.derivation-failed"};

/// Memory used is 128 * r * n bytes. n is a power of two.
struct ScryptParameters {
    std::uint64_t n = 1U << 17U;
    std::uint32_t r = 8;
    std::uint32_t p = 1;
    friend bool operator==(const ScryptParameters&, const ScryptParameters&) = default;
};

/// The least cost accepted for a password (32 MiB).
inline constexpr std::uint64_t kScryptMinN = 1U << 15U;
/// Parameters come from files too: more memory than this is refused, so that a forged file cannot exhaust it.
inline constexpr std::uint64_t kScryptMaxMemory = std::uint64_t{1} << 30U;

/// `length` bytes, at most 1,024. Refuses n that is no power of two or needs more than kScryptMaxMemory, and
/// p above 16; it does not enforce kScryptMinN: see isStrongEnough().
[[nodiscard]] base::Result<base::SecureBytes> scrypt(base::ByteView password, base::ByteView salt,
                                                     const ScryptParameters& parameters, std::size_t length);
/// Whether a password may be protected with these parameters: n >= kScryptMinN, r >= 8, p >= 1.
[[nodiscard]] bool isStrongEnough(const ScryptParameters& parameters);
/// Parameters whose run takes `target` on this machine now, give or take what a doubling leaves open: from 0.7 to
/// 1.4 times as long. Never below kScryptMinN, however slow the machine; once memory is at its limit, p grows.
/// Takes about as long as two runs with kScryptMinN.
[[nodiscard]] base::Result<ScryptParameters> calibrateScrypt(std::chrono::milliseconds target);
/// The same where a run with kScryptMinN takes `measured`.
[[nodiscard]] ScryptParameters scryptParametersFor(std::chrono::nanoseconds measured,
                                                   std::chrono::milliseconds target);

/// PBKDF2 with HMAC-SHA512, `length` bytes.
[[nodiscard]] base::Result<base::SecureBytes> pbkdf2HmacSha512(base::ByteView password, base::ByteView salt,
                                                               std::uint32_t iterations, std::size_t length);
/// HKDF with SHA-256: extract with `salt`, expand with `info`; at most 255 * 32 bytes.
[[nodiscard]] base::Result<base::SecureBytes> hkdfSha256(base::ByteView secret, base::ByteView salt,
                                                         base::ByteView info, std::size_t length);

} // namespace bowline::crypto
