// SPDX-License-Identifier: MIT
// The hash of commitments as the verifier computes it; a template argument, so that the last proof of a chain, which
// no circuit verifies, can use another one.
#pragma once

#include "core/field/sponge.h"

#include <string_view>
#include <type_traits>
#include <vector>

namespace bowline::stark {

/// One path to check: rows by the log of their domain, largest first, and the siblings from the leaf up; the bits of the
/// position say on which side each stands.
template <typename B>
struct PathItem {
    std::vector<std::pair<unsigned, std::vector<typename B::Felt>>> rows;
    const std::vector<typename B::Digest>* path = nullptr;
    const std::vector<typename B::Bit>* bits = nullptr;
};

/// sponge.h's spongeOf(ProofRow) and compressPair over a backend's values.
template <typename B>
struct Poseidon2Hash {
    using Felt = typename B::Felt;
    using Digest = typename B::Digest;

    [[nodiscard]] static Digest row(B& backend, const std::vector<Felt>& elements)
    {
        const auto number = [&backend](std::size_t n) {
            return backend.constant(field::Element::from(static_cast<std::uint32_t>(n)));
        };
        std::array<Felt, 16> state;
        state.fill(number(0));
        state[8] = number(static_cast<std::size_t>(field::SpongeTag::ProofRow));
        state[9] = number(elements.size());
        std::size_t at = 0;
        do {
            for (std::size_t i = 0; i < 8 && at < elements.size(); ++i, ++at)
                state[i] = state[i] + elements[at];
            backend.permute(state);
        } while (at < elements.size());
        Digest out;
        std::copy_n(state.begin(), 8, out.begin());
        return out;
    }
    [[nodiscard]] static Digest pair(B& backend, const Digest& left, const Digest& right)
    {
        std::array<Felt, 16> state;
        std::copy(left.begin(), left.end(), state.begin());
        std::copy(right.begin(), right.end(), state.begin() + 8);
        backend.permute(state);
        Digest out;
        for (std::size_t i = 0; i < 8; ++i) out[i] = state[8 + i] + right[i];
        return out;
    }
};

/// Requires that the path leads to the root.
template <typename B, typename Hash>
void requirePath(B& backend, const PathItem<B>& item, const typename B::Digest& root, std::string_view why)
{
    auto node = Hash::row(backend, item.rows.front().second);
    std::size_t next = 1;
    for (unsigned log = item.rows.front().first; log-- > 0;) {
        const auto& sibling = (*item.path)[item.rows.front().first - 1 - log];
        const auto& right = (*item.bits)[log];
        node =
            Hash::pair(backend, backend.select(right, sibling, node), backend.select(right, node, sibling));
        if (next < item.rows.size() && item.rows[next].first == log)
            node = Hash::pair(backend, node, Hash::row(backend, item.rows[next++].second));
    }
    backend.requireEqual(node, root, why);
}

/// The same for many paths of one form; a backend that can hash many at once does.
template <typename B, typename Hash>
void requirePaths(B& backend, const std::vector<PathItem<B>>& items, const typename B::Digest& root,
                  std::string_view why)
{
    if constexpr (std::is_same_v<Hash, Poseidon2Hash<B>> &&
                  requires { backend.requirePaths(items, root, why); }) {
        backend.requirePaths(items, root, why);
    } else {
        for (const PathItem<B>& item : items) requirePath<B, Hash>(backend, item, root, why);
    }
}

} // namespace bowline::stark
