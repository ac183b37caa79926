// SPDX-License-Identifier: MIT
#include "core/aggregate/key_set.h"

#include <algorithm>

namespace bowline::aggregate {

using base::makeError;

Result<KeySet> KeySet::make(std::vector<DigestWords> keys)
{
    constexpr std::size_t kLeaves = std::size_t{1} << kDepth;
    if (keys.size() > kLeaves) return makeError(kBadKeySet, "more keys than leaves");
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i] == DigestWords{}) return makeError(kBadKeySet, "eight zeros are no key");
        if (std::find(keys.begin(), keys.begin() + std::ptrdiff_t(i), keys[i]) !=
            keys.begin() + std::ptrdiff_t(i))
            return makeError(kBadKeySet, "a key twice");
    }
    KeySet out;
    out.m_keys = std::move(keys);
    std::vector<DigestWords> layer;
    for (std::size_t i = 0; i < kLeaves; ++i) {
        const DigestWords key = i < out.m_keys.size() ? out.m_keys[i] : DigestWords{};
        layer.push_back(field::spongeOf(field::SpongeTag::ProofRow, key));
    }
    out.m_layers.push_back(std::move(layer));
    while (out.m_layers.back().size() > 1) {
        const std::vector<DigestWords>& below = out.m_layers.back();
        const std::size_t half = below.size() / 2;
        std::vector<DigestWords> above;
        for (std::size_t i = 0; i < half; ++i)
            above.push_back(field::compressPair(below[i], below[i + half]));
        out.m_layers.push_back(std::move(above));
    }
    return out;
}

bool KeySet::contains(const DigestWords& key) const
{
    return std::find(m_keys.begin(), m_keys.end(), key) != m_keys.end();
}

Result<KeyOpening> KeySet::open(const DigestWords& key) const
{
    const auto found = std::find(m_keys.begin(), m_keys.end(), key);
    if (found == m_keys.end()) return makeError(kKeyNotInSet, "a key that is not in the set");
    KeyOpening out;
    out.place = static_cast<std::uint32_t>(found - m_keys.begin());
    for (unsigned layer = 0; layer < kDepth; ++layer) {
        const std::size_t half = m_layers[layer].size() / 2;
        out.path.push_back(m_layers[layer][(out.place % (2 * half)) ^ half]);
    }
    return out;
}

} // namespace bowline::aggregate
