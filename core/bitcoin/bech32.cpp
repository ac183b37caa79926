// SPDX-License-Identifier: MIT
#include "core/bitcoin/bech32.h"

#include <algorithm>

namespace bowline::bitcoin {

namespace {
constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr char kSeparator = '1';
constexpr std::size_t kChecksumSize = 6;

constexpr std::uint32_t constantOf(Bech32Form form) { return form == Bech32Form::Bech32 ? 1U : 0x2bc830a3U; }

// One step of the BCH code of BIP173 over GF(32).
std::uint32_t polymodStep(std::uint32_t state, std::uint8_t value)
{
    constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                      0x2a1462b3};
    const std::uint32_t top = state >> 25U;
    state = (state & 0x1ffffffU) << 5U ^ value;
    for (std::size_t i = 0; i < kGenerator.size(); ++i) {
        if ((top >> i & 1U) != 0) state ^= kGenerator[i];
    }
    return state;
}

std::uint32_t polymod(std::string_view prefix, std::span<const std::uint8_t> values)
{
    std::uint32_t state = 1;
    for (const char c : prefix) state = polymodStep(state, static_cast<std::uint8_t>(c) >> 5U);
    state = polymodStep(state, 0);
    for (const char c : prefix) state = polymodStep(state, static_cast<std::uint8_t>(c) & 31U);
    for (const std::uint8_t value : values) state = polymodStep(state, value);
    return state;
}

// Not std::tolower: the locale must not decide.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Status checkCharacters(std::string_view text)
{
    bool hasLower = false;
    bool hasUpper = false;
    for (const char c : text) {
        if (c < 33 || c > 126) return makeError(kBech32BadCharacter, "not printable ASCII");
        hasLower = hasLower || (c >= 'a' && c <= 'z');
        hasUpper = hasUpper || (c >= 'A' && c <= 'Z');
    }
    if (hasLower && hasUpper) return makeError(kBech32MixedCase);
    return base::success();
}
} // namespace

std::string encodeBech32(Bech32Form form, std::string_view prefix, std::span<const std::uint8_t> values)
{
    std::vector<std::uint8_t> all(values.begin(), values.end());
    all.resize(values.size() + kChecksumSize, 0);
    const std::uint32_t checksum = polymod(prefix, all) ^ constantOf(form);
    for (std::size_t i = 0; i < kChecksumSize; ++i) {
        all[values.size() + i] = checksum >> (5 * (kChecksumSize - 1 - i)) & 31U;
    }
    std::string out(prefix);
    out += kSeparator;
    for (const std::uint8_t value : all) out += kAlphabet[value];
    return out;
}

Result<Bech32Text> decodeBech32(std::string_view text, std::size_t maxLength)
{
    if (text.size() > maxLength) return makeError(kBech32BadLength, "too long");
    BOWLINE_CHECK(checkCharacters(text));
    const std::size_t separator = text.rfind(kSeparator);
    if (separator == std::string_view::npos || separator == 0) return makeError(kBech32NoPrefix);
    if (text.size() - separator - 1 < kChecksumSize) return makeError(kBech32BadLength, "too short");

    Bech32Text out;
    for (const char c : text.substr(0, separator)) out.prefix += lower(c);
    for (const char c : text.substr(separator + 1)) {
        const std::size_t value = kAlphabet.find(lower(c));
        if (value == std::string_view::npos) return makeError(kBech32BadCharacter, "not of the alphabet");
        out.values.push_back(static_cast<std::uint8_t>(value));
    }
    const std::uint32_t residue = polymod(out.prefix, out.values);
    if (residue != constantOf(Bech32Form::Bech32) && residue != constantOf(Bech32Form::Bech32m)) {
        return makeError(kBech32BadChecksum);
    }
    out.form = residue == constantOf(Bech32Form::Bech32) ? Bech32Form::Bech32 : Bech32Form::Bech32m;
    out.values.resize(out.values.size() - kChecksumSize);
    return out;
}

std::vector<std::uint8_t> toFiveBits(ByteView bytes)
{
    std::vector<std::uint8_t> out;
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        buffer = (buffer << 8U | byte) & 0xfffU;
        for (held += 8; held >= 5; held -= 5) out.push_back(buffer >> (held - 5) & 31U);
    }
    if (held != 0) out.push_back(buffer << (5 - held) & 31U);
    return out;
}

Result<Bytes> fromFiveBits(std::span<const std::uint8_t> values)
{
    Bytes out;
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (const std::uint8_t value : values) {
        buffer = (buffer << 5U | value) & 0xfffU;
        held += 5;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<std::uint8_t>(buffer >> held));
    }
    if (held >= 5 || (buffer & ((1U << held) - 1)) != 0) return makeError(kBech32BadPadding);
    return out;
}

} // namespace bowline::bitcoin
