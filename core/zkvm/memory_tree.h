// SPDX-License-Identifier: MIT
// The Merkle tree over memory and registers: depth 27 over leaves of 32 bytes, by Poseidon2.
//
// A leaf is the permutation of its 16 little-endian 16-bit limbs, cut to 8 elements; a node is that of its two
// children. The fixed depth is what separates leaves from nodes (docs/decisions/0042).
#pragma once

#include "core/field/sponge.h"
#include "core/zkvm/image.h"

#include <unordered_map>

namespace bowline::zkvm {

using LeafWords = std::array<std::uint32_t, kLeafWords>;
using NodeDigest = std::array<field::Element, 8>;

[[nodiscard]] NodeDigest hashLeaf(const LeafWords& words);
[[nodiscard]] NodeDigest hashNode(const NodeDigest& left, const NodeDigest& right);
/// 8 little-endian words, each below p.
[[nodiscard]] field::FieldDigest digestOf(const NodeDigest& node);

class MemoryTree {
public:
    static constexpr unsigned kDepth = 27;

    /// All leaves are zero.
    MemoryTree();

    /// Puts new contents in place. Any order; the last of several for one index stands.
    void set(const std::map<std::uint32_t, LeafWords>& leaves);
    /// Puts one node in place whose digest is known; its parents are the caller's to put as well.
    void put(unsigned level, std::uint32_t index, const NodeDigest& digest)
    {
        m_nodes[level][index] = digest;
    }
    /// Level 0 are the leaves, level kDepth is the root.
    [[nodiscard]] const NodeDigest& node(unsigned level, std::uint32_t index) const;
    [[nodiscard]] field::FieldDigest root() const { return digestOf(node(kDepth, 0)); }

private:
    std::array<NodeDigest, kDepth + 1> m_zero; // of a subtree of zeros
    std::array<std::unordered_map<std::uint32_t, NodeDigest>, kDepth + 1> m_nodes;
};

/// The leaves that hold something other than zeros: of pages and of the registers.
[[nodiscard]] std::map<std::uint32_t, LeafWords> leavesOf(const Image& image);
/// Those that another image has otherwise, with its contents: what brings the tree of the one to that of the other.
[[nodiscard]] std::map<std::uint32_t, LeafWords> changedLeaves(const Image& from, const Image& to);
[[nodiscard]] field::FieldDigest rootOf(const Image& image);

} // namespace bowline::zkvm
