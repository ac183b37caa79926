// SPDX-License-Identifier: MIT
// Random bytes for keys and nonces, straight from the kernel: no generator state of ours that a fork, a
// snapshot of the process or a crash dump could repeat or reveal.
#pragma once

#include "core/base/secure.h"

#include <span>

namespace bowline::crypto {

inline constexpr base::ErrorCode kNoRandomness{"crypto.no-randomness"};

/// Fills `out`; waits only before the kernel's generator was first seeded at boot.
[[nodiscard]] base::Status randomBytes(std::span<std::uint8_t> out);
/// 32 fresh bytes in locked memory.
[[nodiscard]] base::Result<base::SecureArray<32>> randomSecret();

} // namespace bowline::crypto
