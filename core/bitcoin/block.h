// SPDX-License-Identifier: MIT
// Block headers and blocks: shape, serialisation, and the checks that need no chain around them.
#pragma once

#include "core/bitcoin/merkle.h"

namespace bowline::bitcoin {

inline constexpr ErrorCode kBlockTooLarge{"bitcoin.block-too-large"};
inline constexpr ErrorCode kBlockBadMerkleRoot{"bitcoin.block-bad-merkle-root"};
/// The transactions hash to the root, but so does a shorter list (CVE-2012-2459).
inline constexpr ErrorCode kBlockMutated{"bitcoin.block-mutated"};
/// No transaction, the first is no coinbase, or another one is.
inline constexpr ErrorCode kBlockBadCoinbase{"bitcoin.block-bad-coinbase"};
inline constexpr ErrorCode kBlockBadWitnessCommitment{"bitcoin.block-bad-witness-commitment"};

struct BlockHeader {
    static constexpr std::size_t kSize = 80;

    std::uint32_t version = 0;
    BlockHash previous;
    MerkleRoot merkleRoot;
    std::uint32_t time = 0; // seconds since 1970
    std::uint32_t bits = 0; // compact target, see pow.h
    std::uint32_t nonce = 0;

    [[nodiscard]] ByteArray<kSize> serialize() const;
    /// Computed at each call.
    [[nodiscard]] BlockHash hash() const;
    friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};
/// Exactly 80 bytes.
[[nodiscard]] Result<BlockHeader> parseBlockHeader(ByteView bytes);
[[nodiscard]] BlockHeader readBlockHeader(base::Reader& reader);

struct Block {
    BlockHeader header;
    std::vector<Transaction> transactions;

    [[nodiscard]] Bytes serialize() const;
    [[nodiscard]] std::int64_t weight() const;
    [[nodiscard]] std::vector<Digest> txids() const;
    /// As the witness tree takes them: zero for the coinbase (BIP141).
    [[nodiscard]] std::vector<Digest> wtxids() const;
};
/// Exactly one block of at most 4 million bytes. Parsed only: call checkBlock() before believing it.
[[nodiscard]] Result<Block> parseBlock(ByteView bytes);

/// Before segwit (ChainParams::segwitFrom) what looks like a commitment has no meaning, and no block has
/// witnesses.
enum class WitnessRule { BeforeSegwit, Segwit };

[[nodiscard]] Status checkMerkleRoot(const Block& block);
/// BIP141, "Commitment structure". A block without witness data needs no commitment.
[[nodiscard]] Status checkWitnessCommitment(const Block& block, WitnessRule rule = WitnessRule::Segwit);
/// Everything above, the weight, one coinbase at the first place, and checkTransaction() of each. Not
/// checked: proof of work (pow.h), scripts, signatures, signature operations, values of inputs.
[[nodiscard]] Status checkBlock(const Block& block, WitnessRule rule = WitnessRule::Segwit);

} // namespace bowline::bitcoin
