// SPDX-License-Identifier: MIT
// Byte strings: owning, viewing, of fixed size; hexadecimal text; constant-time comparison.
#pragma once

#include "core/base/result.h"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bowline::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

inline constexpr ErrorCode kBadHex{"base.bad-hex"};
inline constexpr ErrorCode kBadLength{"base.bad-length"};

/// Lower-case hexadecimal, two digits a byte, in memory order.
[[nodiscard]] std::string toHex(ByteView bytes);
/// Accepts both cases; refuses an odd number of digits and anything that is no digit.
[[nodiscard]] Result<Bytes> fromHex(std::string_view text);

template <std::size_t N>
[[nodiscard]] Result<ByteArray<N>> arrayFromHex(std::string_view text)
{
    BOWLINE_TRY(const Bytes bytes, fromHex(text));
    if (bytes.size() != N) return makeError(kBadLength, "expected " + std::to_string(N) + " bytes of hex");
    ByteArray<N> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

template <std::size_t N>
[[nodiscard]] Result<ByteArray<N>> toArray(ByteView bytes)
{
    if (bytes.size() != N) return makeError(kBadLength, "expected " + std::to_string(N) + " bytes");
    ByteArray<N> out;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

[[nodiscard]] inline ByteView viewOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; // NOLINT(*-reinterpret-cast)
}
[[nodiscard]] inline Bytes toBytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

/// Equality whose time depends on the lengths only. For secrets and authenticators.
[[nodiscard]] bool constantTimeEqual(ByteView a, ByteView b);

} // namespace bowline::base
