// SPDX-License-Identifier: MIT
// The hash of commitments as the verifier computes it; a template argument, so that the last proof of a chain, which
// no circuit verifies, can use another one.
#pragma once

#include "core/field/extension.h"
#include "core/field/sponge.h"
#include "core/stark/challenger.h"
#include "core/stark/parameters.h"

#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bowline::stark {

/// Which rows of an item are hashed together, by the log of their domain; largest first.
struct PathLevel {
    unsigned log = 0;
    std::vector<std::size_t> rows;
};
using PathForm = std::vector<PathLevel>;

/// One path to check: its rows, and the siblings from the leaf up; the bits of the position say on which side each stands.
template <typename B, typename Rows = std::vector<std::vector<typename B::Felt>>,
          typename Path = std::vector<typename B::Digest>>
struct PathItem {
    const Rows* rows = nullptr;
    const Path* path = nullptr;
    const std::vector<typename B::Bit>* bits = nullptr;
};

/// sponge.h's spongeOf(ProofRow) and compressPair over a backend's values.
template <typename B>
struct Poseidon2Hash {
    using Felt = typename B::Felt;
    using Digest = typename B::Digest;
    using Sponge = Poseidon2Sponge<B>;
    static constexpr HashKind kKind = HashKind::Poseidon2;

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
template <typename B, typename Hash, typename Item>
void requirePath(B& backend, const PathForm& form, const Item& item, const typename B::Digest& root,
                 std::string_view why)
{
    const auto rowAt = [&](const PathLevel& level) {
        std::vector<typename B::Felt> row;
        for (const std::size_t i : level.rows) {
            const auto& part = (*item.rows)[i];
            row.insert(row.end(), part.begin(), part.end());
        }
        return Hash::row(backend, row);
    };
    auto node = rowAt(form.front());
    std::size_t next = 1;
    for (unsigned log = form.front().log; log-- > 0;) {
        const auto& sibling = (*item.path)[form.front().log - 1 - log];
        const auto& right = (*item.bits)[log];
        node =
            Hash::pair(backend, backend.select(right, sibling, node), backend.select(right, node, sibling));
        if (next < form.size() && form[next].log == log)
            node = Hash::pair(backend, node, rowAt(form[next++]));
    }
    backend.requireEqual(node, root, why);
}

/// The same for many paths of one form; a backend that can hash many at once does.
template <typename B, typename Hash, typename Item>
void requirePaths(B& backend, const PathForm& form, const std::vector<Item>& items,
                  const typename B::Digest& root, std::string_view why)
{
    if constexpr (std::is_same_v<Hash, Poseidon2Hash<B>> &&
                  requires { backend.requirePaths(form, items, root, why); }) {
        backend.requirePaths(form, items, root, why);
    } else if constexpr (requires { items.front().path->shared; }) {
        requireSharedPaths<Hash>(backend, form, items, root, why); // shared_paths.h
    } else {
        for (const Item& item : items) requirePath<B, Hash>(backend, form, item, root, why);
    }
}

/// For each row the sum of its elements times the weights; by the backend if it can do many at once.
template <typename B>
[[nodiscard]] std::vector<typename B::Ext>
weightedSums(B& backend, const std::vector<std::span<const typename B::Felt>>& rows,
             std::span<const typename B::Ext> weights)
{
    if constexpr (requires { backend.weightedSums(rows, weights); }) {
        return backend.weightedSums(rows, weights);
    } else {
        std::vector<typename B::Ext> out;
        for (const auto& row : rows) {
            auto sum = backend.constant(field::Extension{});
            for (std::size_t c = 0; c < row.size(); ++c) sum = sum + weights[c] * row[c];
            out.push_back(sum);
        }
        return out;
    }
}

/// Rows are filled up with zeros to a multiple of this many elements where they are summed up.
inline constexpr std::size_t kRowBlock = 8;
[[nodiscard]] constexpr std::size_t filledRow(std::size_t elements)
{
    return (elements + kRowBlock - 1) / kRowBlock * kRowBlock;
}

/// requirePaths, and by level and item the sum of the level's row e: e_j times powers[n - 1 - j], n being its length filled
/// up. powers[i] is the i-th power of one value.
template <typename B, typename Hash, typename Item>
[[nodiscard]] std::vector<std::vector<typename B::Ext>>
openRows(B& backend, const PathForm& form, const std::vector<Item>& items, const typename B::Digest& root,
         std::span<const typename B::Ext> powers, std::string_view why)
{
    using Ext = typename B::Ext;
    if constexpr (std::is_same_v<Hash, Poseidon2Hash<B>> &&
                  requires { backend.openRows(form, items, root, powers, why); }) {
        return backend.openRows(form, items, root, powers, why);
    } else {
        requirePaths<B, Hash>(backend, form, items, root, why);
        std::vector<std::vector<Ext>> out;
        for (const PathLevel& level : form) {
            std::size_t width = 0;
            for (const std::size_t row : level.rows) width += (*items.front().rows)[row].size();
            std::vector<Ext>& sums = out.emplace_back();
            std::size_t next = filledRow(width);
            for (const std::size_t row : level.rows) {
                std::vector<std::span<const typename B::Felt>> rows;
                for (const Item& item : items) rows.emplace_back((*item.rows)[row]);
                std::vector<Ext> weights;
                for (std::size_t c = 0; c < rows.front().size(); ++c) weights.push_back(powers[--next]);
                std::vector<Ext> part = weightedSums(backend, rows, std::span<const Ext>(weights));
                for (std::size_t q = 0; q < sums.size(); ++q) part[q] = sums[q] + part[q];
                sums = std::move(part);
            }
        }
        return out;
    }
}

/// 1 / (point - x) for each x, and requires that none is the point.
template <typename B>
[[nodiscard]] std::vector<typename B::Ext> inverseDistances(B& backend, const typename B::Ext& point,
                                                            const std::vector<typename B::Felt>& from,
                                                            std::string_view why)
{
    if constexpr (requires { backend.inverseDistances(point, from, why); }) {
        return backend.inverseDistances(point, from, why);
    } else {
        std::vector<typename B::Ext> out;
        for (const auto& x : from) out.push_back(backend.inverse(point - backend.extension(x), why));
        return out;
    }
}

} // namespace bowline::stark
