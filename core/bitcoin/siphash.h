// SPDX-License-Identifier: MIT
// SipHash-2-4 with 64-bit output: the keyed hash of BIP158.
#pragma once

#include "core/bitcoin/types.h"

namespace bowline::bitcoin {

/// Words of the 128-bit key, little-endian.
struct SipKey {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
};
[[nodiscard]] std::uint64_t sipHash24(const SipKey& key, ByteView data);

} // namespace bowline::bitcoin
