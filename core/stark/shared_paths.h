// SPDX-License-Identifier: MIT
// The paths of many positions to one root with every node once: a node that follows from others of them is not sent.
//
// Layers from the leaves up, in each the parents in ascending order: a parent with one child on a path lacks the other
// child, which is the next node of the list. docs/proofs.md, "Pruned proofs".
#pragma once

#include "core/stark/blake3.h"

#include <algorithm>

namespace bowline::stark {

/// How a set of positions climbs to the root.
class SharedPlan {
public:
    static constexpr std::size_t kNone = ~std::size_t{0};

    struct Parent {
        std::size_t left = kNone; // places in the layer below, kNone: not on a path
        std::size_t right = kNone;
    };
    struct Layer {
        std::vector<std::size_t> positions; // ascending, each once
        std::vector<std::size_t> queries;   // of each position: one query that leads there
        std::vector<std::size_t> placeOf;   // of each query: its position's place
        std::vector<Parent> parents;        // how they come of the layer below; empty for the leaves
    };

    /// Positions of the queries among 2^log leaves.
    SharedPlan(const std::vector<std::size_t>& queries, unsigned log);

    [[nodiscard]] unsigned log() const { return static_cast<unsigned>(m_layers.size() - 1); }
    /// Of 2^log nodes.
    [[nodiscard]] const Layer& layer(unsigned log) const { return m_layers[log]; }
    /// Nodes that no path computes.
    [[nodiscard]] std::size_t missing() const;

private:
    std::vector<Layer> m_layers; // by the log of their number of nodes
};

/// The list of missing nodes out of whole paths: `siblings[q]` are those of query q from the leaf up.
[[nodiscard]] std::vector<field::DigestWords>
sharedNodes(const SharedPlan& plan, const std::vector<const std::vector<field::DigestWords>*>& siblings);

/// A path of a pruned proof: the list that all of one commitment share.
struct SharedNodes {
    std::span<const field::DigestWords> shared;
};

/// Opened rows of many queries under one root. Row m of query q is at rows[q * widths.size() + m].
struct SharedOpening {
    const PathForm* form = nullptr;
    std::vector<std::size_t> positions; // of each query
    std::vector<std::size_t> widths;
    std::vector<const field::Element*> rows;
    std::span<const field::DigestWords> nodes;
};
/// The rows are those of the tree under the root, with exactly these nodes. Hashed by BLAKE3, many side by side.
[[nodiscard]] bool sharedPathsLeadTo(const SharedOpening& opening, const field::DigestWords& root);

/// What stark::requirePaths asks for when paths are SharedNodes.
template <typename Hash, typename B, typename Item>
void requireSharedPaths(B& backend, const PathForm& form, const std::vector<Item>& items,
                        const field::DigestWords& root, std::string_view why)
{
    static_assert(Hash::kKind == HashKind::Blake3);
    SharedOpening opening{&form, {}, {}, {}, items.front().path->shared};
    for (std::size_t m = 0; m < items.front().rows->size(); ++m)
        opening.widths.push_back((*items.front().rows)[m].size());
    for (const Item& item : items) {
        for (std::size_t m = 0; m < opening.widths.size(); ++m)
            opening.rows.push_back((*item.rows)[m].data());
        std::size_t position = 0;
        for (unsigned i = 0; i < form.front().log; ++i) position |= std::size_t{(*item.bits)[i]} << i;
        opening.positions.push_back(position);
    }
    if (!sharedPathsLeadTo(opening, root)) backend.reject(why);
}

} // namespace bowline::stark
