// SPDX-License-Identifier: MIT
// What the precompiled primitives compute, on operands as words of guest memory. Operands that cannot be proven
// (docs/zkvm.md) yield false and leave everything as it was. Byte order: 64-bit lanes and 256-bit numbers are
// little-endian; the words of SHA-256 are numbers, so that a guest swaps the bytes of its big-endian block.
#pragma once

#include "core/zkvm/u256.h"

namespace bowline::zkvm {

using Words8 = std::array<std::uint32_t, 8>;
using Words16 = std::array<std::uint32_t, 16>;
using Words50 = std::array<std::uint32_t, 50>;

/// The permutation of core/field; false if a word is not below p.
[[nodiscard]] bool permutePoseidon2(Words16& state);
/// One compression of FIPS 180-4.
void compressSha256(Words8& state, const Words16& block);
/// x := x * y mod m, any x and y; false for m = 0.
[[nodiscard]] bool multiplyModulo256(U256& x, const U256& y, const U256& m);
/// Affine points of y^2 = x^3 + 7 as x and then y. That they are on the curve is not looked at; coordinates must
/// be below the field's prime and the two x differ.
[[nodiscard]] bool addSecp256k1(Words16& point, const Words16& other);
/// y must not be 0.
[[nodiscard]] bool doubleSecp256k1(Words16& point);
/// The 24 rounds of FIPS 202 on 25 lanes.
void permuteKeccak(Words50& state);

} // namespace bowline::zkvm
