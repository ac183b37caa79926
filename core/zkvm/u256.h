// SPDX-License-Identifier: MIT
// 256-bit numbers as eight little-endian 32-bit words, as they lie in guest memory.
#pragma once

#include <array>
#include <cstdint>

namespace bowline::zkvm {

using U256 = std::array<std::uint32_t, 8>;

[[nodiscard]] bool isZero(const U256& a);
[[nodiscard]] bool isBelow(const U256& a, const U256& b);
/// a * b mod m for any a and b; m is not zero.
[[nodiscard]] U256 multiplyModulo(const U256& a, const U256& b, const U256& m);
struct Division {
    std::array<std::uint32_t, 16> quotient{};
    U256 rest{};
};
/// a * b divided by m, which is not zero.
[[nodiscard]] Division divideProduct(const U256& a, const U256& b, const U256& m);
/// For a and b below m.
[[nodiscard]] U256 addModulo(const U256& a, const U256& b, const U256& m);
[[nodiscard]] U256 subtractModulo(const U256& a, const U256& b, const U256& m);
/// 1 / a modulo the odd prime m, for a below m; 0 for 0.
[[nodiscard]] U256 invertModulo(const U256& a, const U256& m);

} // namespace bowline::zkvm
