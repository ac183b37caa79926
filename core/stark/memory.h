// SPDX-License-Identifier: MIT
// What prove() holds at once, reckoned before it starts.
#pragma once

#include "core/stark/key.h"

namespace bowline::stark {

/// Bytes at the peak of prove() for tables of these heights, the traces included, the key not. From above: parts that do
/// not live at the same time are counted as if they did where little depends on it. Threads' own scratch is left out.
[[nodiscard]] std::uint64_t proverBytes(const VerifyingKey& key, const Heights& heights);
/// Of them, those of the traces alone.
[[nodiscard]] std::uint64_t traceBytes(const VerifyingKey& key, const Heights& heights);

} // namespace bowline::stark
