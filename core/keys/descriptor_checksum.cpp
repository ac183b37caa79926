// SPDX-License-Identifier: MIT
// The checksum of BIP380: a BCH code over the characters, like that of Bech32 but for a larger alphabet.
#include "core/keys/descriptor.h"

namespace bowline::keys {

namespace {

// Characters that differ in case only, or are hex digits, were placed so that typical mistakes change one
// symbol.
constexpr std::string_view kInputCharacters = "0123456789()[],'/*abcdefgh@:$%{}"
                                              "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
                                              "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
constexpr std::string_view kChecksumCharacters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr unsigned kChecksumLength = 8;

std::uint64_t polymodStep(std::uint64_t c, std::uint64_t value)
{
    constexpr std::uint64_t kGenerator[] = {0xf5dee51989, 0xa9fdca3312, 0x1bab10e32d, 0x3706b1677a,
                                            0x644d626ffd};
    const std::uint64_t top = c >> 35U;
    c = ((c & 0x7ffffffff) << 5U) ^ value;
    for (unsigned i = 0; i < 5; ++i) {
        if ((top >> i & 1U) != 0) c ^= kGenerator[i];
    }
    return c;
}

} // namespace

Result<std::string> descriptorChecksum(std::string_view expression)
{
    std::uint64_t c = 1;
    std::uint64_t group = 0;
    unsigned inGroup = 0;
    for (const char character : expression) {
        const std::size_t position = kInputCharacters.find(character);
        if (position == std::string_view::npos) return base::makeError(kDescriptorSyntax, "character");
        c = polymodStep(c, position % 32);
        group = group * 3 + position / 32;
        if (++inGroup == 3) {
            c = polymodStep(c, group);
            group = 0;
            inGroup = 0;
        }
    }
    if (inGroup > 0) c = polymodStep(c, group);
    for (unsigned i = 0; i < kChecksumLength; ++i) c = polymodStep(c, 0);
    c ^= 1U;
    std::string out;
    for (unsigned i = 0; i < kChecksumLength; ++i) {
        out += kChecksumCharacters[c >> (5 * (kChecksumLength - 1 - i)) & 31U];
    }
    return out;
}

} // namespace bowline::keys
