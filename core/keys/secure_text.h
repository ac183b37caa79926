// SPDX-License-Identifier: MIT
// Base58Check for private keys: the text of core/bitcoin/base58.h, but everything in locked memory. Internal
// to this library.
#pragma once

#include "core/base/secure.h"

#include <string_view>

namespace bowline::keys {

[[nodiscard]] base::SecureBytes encodeSecretBase58Check(base::ByteView payload);
/// The payload without its checksum; at most 128 characters of text.
[[nodiscard]] base::Result<base::SecureBytes> decodeSecretBase58Check(std::string_view text);

/// Appends ASCII text.
inline void appendText(base::SecureBytes& out, std::string_view text)
{
    out.insert(out.end(), text.begin(), text.end());
}
[[nodiscard]] inline std::string_view asText(const base::SecureBytes& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; // NOLINT(*-reinterpret-cast)
}

} // namespace bowline::keys
