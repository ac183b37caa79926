// SPDX-License-Identifier: MIT
#include "app/daemon/node/claim_paths.h"

namespace bowline::daemon {

using base::Digest;
using base::Result;

namespace {

constexpr auto kHash = l2::AppendHash::Claims;

/// Of each level the root of a subtree without leaves.
const std::vector<Digest>& emptyRoots()
{
    static const std::vector<Digest> roots = [] {
        std::vector<Digest> out(1);
        while (out.size() < l2::kAppendDepth) out.push_back(l2::appendNode(kHash, out.back(), out.back()));
        return out;
    }();
    return roots;
}

} // namespace

void ClaimTree::append(const Digest& leaf)
{
    std::size_t position = m_levels.front().size();
    m_levels.front().push_back(leaf);
    for (std::size_t i = 0; i + 1 < m_levels.size(); ++i) {
        const std::vector<Digest>& below = m_levels[i];
        position /= 2;
        const Digest& right = 2 * position + 1 < below.size() ? below[2 * position + 1] : emptyRoots()[i];
        m_levels[i + 1].resize(position + 1);
        m_levels[i + 1][position] = l2::appendNode(kHash, below[2 * position], right);
    }
}

void ClaimTree::clear()
{
    for (std::vector<Digest>& level : m_levels) level.clear();
}

std::vector<Digest> ClaimTree::path(std::uint64_t index) const
{
    std::vector<Digest> out;
    for (std::size_t i = 0; i < m_levels.size(); ++i) {
        const std::uint64_t sibling = (index >> i) ^ 1U;
        out.push_back(sibling < m_levels[i].size() ? m_levels[i][sibling] : emptyRoots()[i]);
    }
    return out;
}

void ClaimPaths::headChanged(const HeadChange& change)
{
    m_current = false;
    // After batches were undone the head is where the two chains of batches part; their claims are gone with them.
    if (change.fork == change.head.header.height) m_tree.clear();
}

Result<const ClaimTree*> ClaimPaths::tree()
{
    if (!m_current) {
        BOWLINE_TRY(const std::vector<Digest> fresh, m_node.store().claimLeavesFrom(m_tree.size()));
        for (const Digest& leaf : fresh) m_tree.append(leaf);
        m_current = true;
    }
    return &m_tree;
}

} // namespace bowline::daemon
