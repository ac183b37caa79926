// SPDX-License-Identifier: MIT
// Bitcoin's Merkle trees: roots, paths, and the two traps in them.
//
// CVE-2012-2459: an odd last node is paired with itself, so that lists with repeated tails share a root.
// Roots report such lists as mutated; a path that could prove a repeated position is refused.
// 64-byte transactions: an inner node is the hash of 64 bytes, and so is such a transaction; a path longer or
// shorter than the tree may "prove" one. The depth of a tree is known from the path of its coinbase.
#pragma once

#include "core/bitcoin/transaction.h"

#include <span>
#include <vector>

namespace bowline::bitcoin {

/// The path does not lead from the leaf to the root.
inline constexpr ErrorCode kBadMerklePath{"bitcoin.bad-merkle-path"};
/// The path is as good as any but its length is not the tree's.
inline constexpr ErrorCode kMerkleDepth{"bitcoin.merkle-depth"};
/// What was shown as the coinbase is none.
inline constexpr ErrorCode kNotACoinbase{"bitcoin.not-a-coinbase"};

/// A block of 4 million weight units holds at most 16,666 transactions of the least size, 60 bytes.
inline constexpr std::size_t kMaxMerkleDepth = 15;

struct MerkleTreeRoot {
    Digest root;
    /// Two equal nodes were paired where the list was long enough to do without.
    bool mutated = false;
};
/// Zero for no leaves.
[[nodiscard]] MerkleTreeRoot merkleTreeRoot(std::span<const Digest> leaves);

/// From a leaf to the root: siblings from the bottom up; bit i of `index` says that the node of level i is a
/// right child.
struct MerklePath {
    std::uint32_t index = 0;
    std::vector<Digest> siblings;
    friend bool operator==(const MerklePath&, const MerklePath&) = default;
};
/// `index` must be below the number of leaves.
[[nodiscard]] MerklePath merklePath(std::span<const Digest> leaves, std::uint32_t index);
/// Refuses paths deeper than kMaxMerkleDepth, indexes beyond the depth and repeated positions.
[[nodiscard]] Result<Digest> rootOfPath(const Digest& leaf, const MerklePath& path);

/// Serialised: index (4 bytes, little-endian), number of siblings (1 byte), siblings.
void writeMerklePath(base::Writer& writer, const MerklePath& path);
[[nodiscard]] MerklePath readMerklePath(base::Reader& reader);

/// The transaction is in the block, by a path alone. Only for transactions whose own bytes the caller has
/// and that are not 64 bytes long; otherwise use the stronger form below.
[[nodiscard]] Status checkInclusion(const Txid& txid, const MerklePath& path, const MerkleRoot& root);
/// As above, and the path is as long as that of the block's coinbase, which excludes inner nodes as leaves.
[[nodiscard]] Status checkInclusion(const Txid& txid, const MerklePath& path, const Transaction& coinbase,
                                    const MerklePath& coinbasePath, const MerkleRoot& root);

} // namespace bowline::bitcoin
