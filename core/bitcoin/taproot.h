// SPDX-License-Identifier: MIT
// Taproot outputs (BIP341): script trees of any shape, output keys, control blocks and their verification.
#pragma once

#include "core/bitcoin/script.h"

#include <vector>

namespace bowline::bitcoin {

inline constexpr ErrorCode kTaprootTooDeep{"bitcoin.taproot-too-deep"};
/// The internal key is no point on the curve, or the tweak is out of range (which nobody can bring about).
inline constexpr ErrorCode kTaprootBadKey{"bitcoin.taproot-bad-key"};
/// Odd, or a version that would look like an annex.
inline constexpr ErrorCode kTaprootBadLeafVersion{"bitcoin.taproot-bad-leaf-version"};
inline constexpr ErrorCode kBadControlBlock{"bitcoin.bad-control-block"};
/// Not one weight per leaf, a weight of zero, or a sum beyond 64 bits.
inline constexpr ErrorCode kTaprootBadWeights{"bitcoin.taproot-bad-weights"};
/// Control block and script do not lead to the output key.
inline constexpr ErrorCode kTaprootMismatch{"bitcoin.taproot-mismatch"};

inline constexpr std::uint8_t kTapscriptLeafVersion = 0xc0; // BIP342
inline constexpr std::size_t kMaxTaprootDepth = 128;

struct TapLeaf {
    Script script;
    std::uint8_t version = kTapscriptLeafVersion;
    friend bool operator==(const TapLeaf&, const TapLeaf&) = default;
};

[[nodiscard]] Digest tapLeafHash(const TapLeaf& leaf);
/// The order of the two does not matter.
[[nodiscard]] Digest tapBranchHash(const Digest& a, const Digest& b);
/// Without a root the output has no script path.
[[nodiscard]] Digest tapTweakHash(const XOnlyPublicKey& internalKey, const std::optional<Digest>& merkleRoot);

/// The point of BIP341 whose discrete logarithm nobody knows: lift_x(SHA-256(uncompressed G)).
[[nodiscard]] const XOnlyPublicKey& unspendableInternalKey();

/// A tree of scripts, built from the leaves to the root. Leaves are numbered from left to right; a hidden
/// node stands for a subtree of which only the hash is known and has no number.
class TaprootTree {
public:
    [[nodiscard]] static TaprootTree leaf(TapLeaf leaf);
    [[nodiscard]] static TaprootTree leaf(Script script) { return leaf(TapLeaf{std::move(script)}); }
    [[nodiscard]] static TaprootTree hidden(const Digest& root);
    /// Refuses trees deeper than 128.
    [[nodiscard]] static Result<TaprootTree> branch(TaprootTree left, TaprootTree right);
    /// As flat as can be: depth is the logarithm of the number of leaves, rounded up. At least one leaf.
    [[nodiscard]] static TaprootTree balanced(std::vector<TapLeaf> leaves);
    /// Huffman's tree: leaves likely to be used come with short paths. One weight per leaf, all above 0;
    /// leaf numbers follow the order given.
    [[nodiscard]] static Result<TaprootTree> weighted(std::vector<TapLeaf> leaves,
                                                      const std::vector<std::uint64_t>& weights);

    [[nodiscard]] const Digest& root() const { return m_root; }
    [[nodiscard]] std::size_t leafCount() const { return m_leaves.size(); }
    [[nodiscard]] const TapLeaf& leafAt(std::size_t number) const { return m_leaves.at(number).leaf; }
    /// Siblings from the leaf up to the root.
    [[nodiscard]] const std::vector<Digest>& pathOf(std::size_t number) const
    {
        return m_leaves.at(number).path;
    }
    /// The number of the first leaf with this script and version.
    [[nodiscard]] std::optional<std::size_t> find(const TapLeaf& leaf) const;

private:
    struct Placed {
        TapLeaf leaf;
        std::vector<Digest> path;
    };
    Digest m_root;
    std::size_t m_depth = 0;
    std::vector<Placed> m_leaves;
};

/// What stands in the last witness element of a script path spend (before an annex).
struct ControlBlock {
    std::uint8_t leafVersion = kTapscriptLeafVersion;
    bool outputKeyIsOdd = false;
    XOnlyPublicKey internalKey;
    std::vector<Digest> path; // from the leaf up

    [[nodiscard]] Bytes serialize() const;
    friend bool operator==(const ControlBlock&, const ControlBlock&) = default;
};
/// 33 + 32 m bytes, m from 0 to 128.
[[nodiscard]] Result<ControlBlock> parseControlBlock(ByteView bytes);

/// An output key with what is needed to spend it.
class TaprootOutput {
public:
    /// Key path only, as BIP86 has it.
    [[nodiscard]] static Result<TaprootOutput> keyOnly(const XOnlyPublicKey& internalKey);
    [[nodiscard]] static Result<TaprootOutput> withTree(const XOnlyPublicKey& internalKey, TaprootTree tree);

    [[nodiscard]] const XOnlyPublicKey& internalKey() const { return m_internalKey; }
    [[nodiscard]] const std::optional<TaprootTree>& tree() const { return m_tree; }
    [[nodiscard]] const XOnlyPublicKey& outputKey() const { return m_outputKey; }
    [[nodiscard]] bool outputKeyIsOdd() const { return m_outputKeyIsOdd; }
    /// What the internal private key is tweaked with to sign for the key path.
    [[nodiscard]] Digest tweak() const;
    [[nodiscard]] Script scriptPubKey() const { return payToTaproot(m_outputKey); }
    /// For the leaf of that number (see TaprootTree); the output must have a tree.
    [[nodiscard]] ControlBlock controlBlock(std::size_t leafNumber) const;

private:
    TaprootOutput() = default;
    [[nodiscard]] static Result<TaprootOutput> create(const XOnlyPublicKey& internalKey,
                                                      std::optional<TaprootTree> tree);
    XOnlyPublicKey m_internalKey;
    std::optional<TaprootTree> m_tree;
    XOnlyPublicKey m_outputKey;
    bool m_outputKeyIsOdd = false;
};

/// BIP341 "Script validation rules", the part about the commitment: the output key commits to this script.
[[nodiscard]] Status checkTaprootCommitment(const XOnlyPublicKey& outputKey, const ControlBlock& control,
                                            ByteView script);

} // namespace bowline::bitcoin
