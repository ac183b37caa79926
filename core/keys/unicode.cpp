// SPDX-License-Identifier: MIT
#include "core/keys/unicode.h"

#include "core/keys/tables.h"

#include <algorithm>
#include <optional>

namespace bowline::keys {

namespace {

using base::ByteView;
using base::SecureBytes;
using SecureText = std::vector<char32_t, base::SecureAllocator<char32_t>>;

constexpr char32_t kLastCodePoint = 0x10ffff;

struct Decoded {
    char32_t point = 0;
    std::size_t length = 0;
};

/// The first code point of `bytes`, if it is well-formed (Unicode, table 3-7).
std::optional<Decoded> decodeOne(ByteView bytes)
{
    const std::uint8_t first = bytes[0];
    if (first < 0x80) return Decoded{first, 1};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || bytes.size() < length) return std::nullopt;
    char32_t point = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((bytes[i] & 0xc0U) != 0x80) return std::nullopt;
        point = (point << 6U) | (bytes[i] & 0x3fU);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < kLeast[length] || point > kLastCodePoint || surrogate) return std::nullopt;
    return Decoded{point, length};
}

void encodeOne(SecureBytes& out, char32_t point)
{
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<std::uint8_t>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xc0 | point >> 6U);
        put(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        put(0xe0 | point >> 12U);
        put(0x80 | (point >> 6U & 0x3f));
        put(0x80 | (point & 0x3f));
    } else {
        put(0xf0 | point >> 18U);
        put(0x80 | (point >> 12U & 0x3f));
        put(0x80 | (point >> 6U & 0x3f));
        put(0x80 | (point & 0x3f));
    }
}

/// Unicode, section 3.12: Hangul syllables decompose by arithmetic.
bool appendHangul(SecureText& out, char32_t point)
{
    constexpr char32_t kSyllables = 0xac00;
    constexpr char32_t kLeading = 0x1100;
    constexpr char32_t kVowels = 0x1161;
    constexpr char32_t kTrailing = 0x11a7; // one before the first: no trailing consonant
    constexpr char32_t kVowelCount = 21;
    constexpr char32_t kTrailingCount = 28;
    constexpr char32_t kCount = 19 * kVowelCount * kTrailingCount;
    if (point < kSyllables || point >= kSyllables + kCount) return false;
    const char32_t index = point - kSyllables;
    out.push_back(kLeading + index / (kVowelCount * kTrailingCount));
    out.push_back(kVowels + index / kTrailingCount % kVowelCount);
    if (index % kTrailingCount != 0) out.push_back(kTrailing + index % kTrailingCount);
    return true;
}

void appendDecomposed(SecureText& out, char32_t point)
{
    if (point < 0x80) return out.push_back(point);
    if (appendHangul(out, point)) return;
    const auto table = decompositions();
    const auto found = std::lower_bound(table.begin(), table.end(), point,
                                        [](const Decomposition& d, char32_t p) { return d.from < p; });
    if (found == table.end() || found->from != point) return out.push_back(point);
    const auto parts = decompositionPool().subspan(found->offset, found->length);
    out.insert(out.end(), parts.begin(), parts.end());
}

std::uint8_t combiningClassOf(char32_t point)
{
    const auto table = combiningRanges();
    const auto after = std::upper_bound(table.begin(), table.end(), point,
                                        [](char32_t p, const CombiningRange& r) { return p < r.first; });
    if (after == table.begin()) return 0;
    const CombiningRange& range = *(after - 1);
    return point <= range.last ? range.combiningClass : std::uint8_t{0};
}

/// Sorts each run of combining marks by class, stably. By insertion, because std::stable_sort would copy the
/// text to ordinary memory; kMaxNormalizedInput keeps the square of the longest run small.
void reorderMarks(SecureText& text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        const std::uint8_t mark = combiningClassOf(text[i]);
        for (std::size_t at = i; mark != 0 && at > 0 && combiningClassOf(text[at - 1]) > mark; --at) {
            std::swap(text[at - 1], text[at]);
        }
    }
}

} // namespace

base::Result<SecureBytes> normalizeNfkd(ByteView utf8)
{
    if (utf8.size() > kMaxNormalizedInput) return base::makeError(kTextTooLong);
    SecureText text;
    text.reserve(utf8.size() + 16); // enough for most text: locked memory is slow to grow
    for (ByteView rest = utf8; !rest.empty();) {
        const auto decoded = decodeOne(rest);
        if (!decoded)
            return base::makeError(kBadUtf8, "at byte " + std::to_string(utf8.size() - rest.size()));
        appendDecomposed(text, decoded->point);
        rest = rest.subspan(decoded->length);
    }
    reorderMarks(text);
    SecureBytes out;
    out.reserve(text.size() * 4);
    for (const char32_t point : text) encodeOne(out, point);
    return out;
}

} // namespace bowline::keys
