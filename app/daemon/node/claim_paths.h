// SPDX-License-Identifier: MIT
// The claims tree of the head, inner nodes and all, so that the path of one claim costs neither a walk over the
// others nor their hashes. Read from the store once, then only what is new; after a rollback once more.
#pragma once

#include "app/daemon/node/node.h"

namespace bowline::daemon {

/// The claims tree with its inner nodes, as far as there are leaves below them.
class ClaimTree {
public:
    void append(const base::Digest& leaf);
    void clear();
    [[nodiscard]] std::uint64_t size() const { return m_levels.front().size(); }
    [[nodiscard]] const base::Digest& leaf(std::uint64_t index) const { return m_levels.front()[index]; }
    /// The 32 siblings of a leaf, from the bottom up: as l2::appendPath.
    [[nodiscard]] std::vector<base::Digest> path(std::uint64_t index) const;

private:
    std::vector<std::vector<base::Digest>> m_levels =
        std::vector<std::vector<base::Digest>>(l2::kAppendDepth);
};

class ClaimPaths {
public:
    /// `node` outlives this.
    explicit ClaimPaths(L2Node& node) : m_node(node) {}

    /// To be called with every change of the node's head.
    void headChanged(const HeadChange& change);
    /// The tree of the head.
    [[nodiscard]] base::Result<const ClaimTree*> tree();

private:
    L2Node& m_node;
    ClaimTree m_tree;
    bool m_current = false;
};

} // namespace bowline::daemon
