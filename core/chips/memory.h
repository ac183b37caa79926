// SPDX-License-Identifier: MIT
// The tables that bind a shard's memory to the roots before and after it (core/zkvm/memory_tree.h).
#pragma once

#include "core/chips/columns.h"
#include "core/field/poseidon2_rounds.h"
#include "core/zkvm/memory_tree.h"

#include <span>

namespace bowline::chips {

/// A leaf that the shard touches: its words before and after, and when each was accessed last (0: never).
struct TouchedLeaf {
    std::uint32_t index = 0;
    zkvm::LeafWords before{};
    zkvm::LeafWords after{};
    std::array<std::uint32_t, zkvm::kLeafWords> times{};
    zkvm::NodeDigest digestBefore{};
    zkvm::NodeDigest digestAfter{};
};

/// An inner node above touched leaves.
struct TouchedNode {
    std::uint32_t level = 0;
    std::uint32_t index = 0;
    bool leftTouched = false;
    bool rightTouched = false;
    std::array<zkvm::NodeDigest, 2> left{}; // before and after
    std::array<zkvm::NodeDigest, 2> right{};
    std::array<zkvm::NodeDigest, 2> parent{};
};

/// One row a touched leaf: puts its words on the memory's bus at time 0 and takes them off as they are at the end. All
/// words enter the shard here, as limbs below 2^16, and all addresses are of this table's form: 32 * index + 4 i, the
/// lower limb a multiple of 4 below 2^16. That a leaf is there once only is the tree's doing: its node is asked for
/// once (NodeTable).
class LeafTable : public stark::Air {
public:
    LeafTable();
    [[nodiscard]] std::string name() const override { return "leaf"; }
    [[nodiscard]] std::size_t width() const override { return m_layout.width(); }
    void eval(AirBuilder& b) const override;
    void fill(const Row& row, const TouchedLeaf& leaf) const;

private:
    Layout m_layout;
    std::size_t m_real;
    std::size_t m_indexLow;  // 11 bits
    std::size_t m_indexHigh; // 16 bits
    std::size_t m_before;    // 16 limbs
    std::size_t m_after;
    std::size_t m_times;
    std::size_t m_digestBefore;
    std::size_t m_digestAfter;
};

/// One row an inner node: takes its digests before and after from the bus and puts those of its touched children
/// there; a child that is not touched is the same before and after. Levels fall and the root is on the bus once, so
/// every node of the tree is there at most once, and an index is below 2^(27 - level).
class NodeTable : public stark::Air {
public:
    NodeTable();
    [[nodiscard]] std::string name() const override { return "node"; }
    [[nodiscard]] std::size_t width() const override { return m_layout.width(); }
    void eval(AirBuilder& b) const override;
    void fill(const Row& row, const TouchedNode& node) const;

private:
    Layout m_layout;
    std::size_t m_real;
    std::size_t m_level;
    std::size_t m_index;
    std::size_t m_leftTouched;
    std::size_t m_rightTouched;
    std::array<std::size_t, 2> m_left;
    std::array<std::size_t, 2> m_right;
    std::array<std::size_t, 2> m_parent;
};

/// One row a permutation of Poseidon2, asked for any number of times: with its first half or all of its result. Rows
/// that nobody asks for are permutations too.
class PermutationTable : public stark::Air {
public:
    static constexpr std::size_t kWidth = 16;
    static constexpr std::size_t kRounds = field::kRoundValues;
    [[nodiscard]] std::string name() const override { return "permutation"; }
    [[nodiscard]] std::size_t width() const override { return kHalves + 2; }
    void eval(AirBuilder& b) const override;

    /// Which multiplicity column counts a bus's messages.
    static constexpr std::size_t kHalves = kWidth + kRounds;
    static constexpr std::size_t kWholes = kHalves + 1;
    static void fill(const Row& row, const std::array<std::uint32_t, kWidth>& input, std::uint32_t halves,
                     std::uint32_t wholes);
};

} // namespace bowline::chips
