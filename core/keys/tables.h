// SPDX-License-Identifier: MIT
// Tables that tools/wordlists/generate.py writes at build time. Internal to this library.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace bowline::keys {

/// The 2,048 words of each language, each ended by a line feed; in the order of Language. NFC and NFKD.
[[nodiscard]] const std::array<std::string_view, 8>& composedWords();
[[nodiscard]] const std::array<std::string_view, 8>& decomposedWords();

/// `from` becomes `length` code points of the pool (full NFKD, applied recursively). Hangul syllables are
/// computed, not listed.
struct Decomposition {
    char32_t from;
    std::uint16_t offset;
    std::uint8_t length;
};
/// Ascending.
[[nodiscard]] std::span<const Decomposition> decompositions();
[[nodiscard]] std::span<const char32_t> decompositionPool();

/// Code points of one canonical combining class other than 0, bounds included.
struct CombiningRange {
    char32_t first;
    char32_t last;
    std::uint8_t combiningClass;
};
/// Ascending, without overlap.
[[nodiscard]] std::span<const CombiningRange> combiningRanges();

} // namespace bowline::keys
