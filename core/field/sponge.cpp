// SPDX-License-Identifier: MIT
#include "core/field/sponge.h"

#include <vector>

namespace bowline::field {

namespace {
constexpr std::size_t kRate = 8;

[[nodiscard]] std::uint32_t wordAt(base::ByteView bytes, std::size_t index)
{
    std::uint32_t out = 0;
    for (std::size_t i = 4; i-- > 0;) out = out << 8U | bytes[4 * index + i];
    return out;
}

void appendLimbs(std::vector<Element>& out, base::ByteView bytes)
{
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const std::uint32_t high = i + 1 < bytes.size() ? bytes[i + 1] : 0U;
        out.push_back(Element::from(bytes[i] | high << 8U));
    }
}
} // namespace

bool isCanonical(base::ByteView digest)
{
    if (digest.size() != 32) return false;
    for (std::size_t i = 0; i < kRate; ++i) {
        if (wordAt(digest, i) >= Element::kModulus) return false;
    }
    return true;
}

base::Result<FieldDigest> parseDigest(base::ByteView bytes)
{
    if (!isCanonical(bytes)) return base::makeError(kBadDigest, "a word is not below the modulus");
    FieldDigest out;
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

DigestWords elementsOf(base::ByteView digest)
{
    DigestWords out;
    for (std::size_t i = 0; i < kRate; ++i) out[i] = Element::from(wordAt(digest, i));
    return out;
}

DigestWords spongeOf(SpongeTag tag, std::span<const Element> elements)
{
    State state{};
    state[8] = Element::from(static_cast<std::uint32_t>(tag));
    state[9] = Element::from(static_cast<std::uint32_t>(elements.size()));
    if (elements.empty()) permute(state);
    while (!elements.empty()) {
        const std::size_t count = std::min(kRate, elements.size());
        for (std::size_t i = 0; i < count; ++i) state[i] += elements[i];
        permute(state);
        elements = elements.subspan(count);
    }
    DigestWords out;
    std::copy_n(state.begin(), kRate, out.begin());
    return out;
}

DigestWords compressPair(const DigestWords& left, const DigestWords& right)
{
    State state;
    std::copy(left.begin(), left.end(), state.begin());
    std::copy(right.begin(), right.end(), state.begin() + kRate);
    permute(state);
    DigestWords out;
    for (std::size_t i = 0; i < kRate; ++i) out[i] = state[kRate + i] + right[i];
    return out;
}

FieldDigest hashElements(SpongeTag tag, std::span<const Element> elements)
{
    const DigestWords words = spongeOf(tag, elements);
    FieldDigest out;
    for (std::size_t i = 0; i < kRate; ++i) {
        const std::uint32_t word = words[i].value();
        for (std::size_t j = 0; j < 4; ++j) out.bytes[4 * i + j] = static_cast<std::uint8_t>(word >> (8 * j));
    }
    return out;
}

FieldDigest hashBytes(SpongeTag tag, base::ByteView bytes)
{
    std::vector<Element> elements;
    elements.reserve(bytes.size() / 2 + 3);
    elements.push_back(Element::from(static_cast<std::uint32_t>(bytes.size() & 0xffffU)));
    elements.push_back(Element::from(static_cast<std::uint32_t>(bytes.size() >> 16U)));
    appendLimbs(elements, bytes);
    return hashElements(tag, elements);
}

FieldDigest hashPair(SpongeTag tag, base::ByteView left, base::ByteView right)
{
    std::array<Element, 16> elements;
    const auto first = elementsOf(left);
    const auto second = elementsOf(right);
    std::copy(first.begin(), first.end(), elements.begin());
    std::copy(second.begin(), second.end(), elements.begin() + kRate);
    return hashElements(tag, elements);
}

FieldDigest hashDigestAndBytes(SpongeTag tag, base::ByteView digest, base::ByteView bytes)
{
    const auto first = elementsOf(digest);
    std::vector<Element> elements(first.begin(), first.end());
    appendLimbs(elements, bytes);
    return hashElements(tag, elements);
}

} // namespace bowline::field
