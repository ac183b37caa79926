// SPDX-License-Identifier: MIT
// BLAKE3 with 32 bytes of output, in its plain mode (no key, no derivation). Used in the claims tree, because
// its compression function is the cheapest one to check in Bitcoin Script.
#pragma once

#include "core/crypto/hash.h"

namespace bowline::crypto {

[[nodiscard]] Digest blake3(ByteView data);
/// The keyed mode: another function for every key.
[[nodiscard]] Digest blake3Keyed(const std::array<std::uint8_t, 32>& key, ByteView data);

} // namespace bowline::crypto
