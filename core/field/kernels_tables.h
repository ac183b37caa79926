// SPDX-License-Identifier: MIT
// What the kernels read: plain words, so that they need no inline function of a class.
#pragma once

#include <cstdint>

namespace bowline::field::tables {

/// Round constants of Poseidon2 as Montgomery words: 4 rows of 16, 20 single ones, 4 rows of 16.
struct Rounds {
    std::uint32_t words[4 * 16 + 20 + 4 * 16];
};
extern const Rounds kRounds;
/// Times this, a plain number below p becomes its Montgomery word.
inline constexpr std::uint32_t kToMontgomery = 0x17f7efe4U; // 2^64 mod p

} // namespace bowline::field::tables
