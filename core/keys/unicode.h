// SPDX-License-Identifier: MIT
// Unicode normalisation form NFKD, which BIP39 asks for, over tables generated at build time from Python's
// unicodedata. For secrets: all buffers are in locked memory.
#pragma once

#include "core/base/secure.h"

namespace bowline::keys {

/// Not well-formed UTF-8: overlong forms, surrogates, beyond U+10FFFF.
inline constexpr base::ErrorCode kBadUtf8{"keys.bad-utf8"};
/// More than kMaxNormalizedInput bytes.
inline constexpr base::ErrorCode kTextTooLong{"keys.text-too-long"};

inline constexpr std::size_t kMaxNormalizedInput = 1U << 13U;

/// NFKD of UTF-8 text, as UTF-8.
[[nodiscard]] base::Result<base::SecureBytes> normalizeNfkd(base::ByteView utf8);

} // namespace bowline::keys
