// SPDX-License-Identifier: MIT
// The proof of a whole execution: one proof a shard, each starting where the one before it ended, and the public
// values under the last one's memory root.
//
// The file is canonical, little-endian (docs/proofs.md, "Proof files"): one encoding, nothing behind it.
#pragma once

#include "core/proving/program.h"

namespace bowline::proving {

/// The bytes are no proof file.
inline constexpr base::ErrorCode kBadProofFile{"proving.bad-proof-file"};

inline constexpr std::size_t kMaxShards = 1U << 16U;
inline constexpr std::size_t kMaxShardProof = std::size_t{64} << 20U;

/// The state that a shard leaves behind, and the proof of it.
struct ShardProof {
    chips::Statement statement; // the part before the shard is that of its predecessor, and not in the file
    base::Bytes proof;          // core/stark/proof.h
};

/// The two leaves in which the kernel leaves its result, and what hangs them on the root.
struct ResultOpening {
    static constexpr std::uint32_t kLeaf = BOWLINE_RESULT / zkvm::kLeafBytes; // the first one's place
    static_assert(kLeaf % 2 == 0);
    static constexpr unsigned kPath = zkvm::MemoryTree::kDepth - 1; // the leaves are siblings
    std::array<zkvm::LeafWords, 2> leaves{};
    std::array<zkvm::NodeDigest, kPath> path{};

    [[nodiscard]] zkvm::NodeDigest root() const;
    [[nodiscard]] static ResultOpening of(const zkvm::MemoryTree& tree, const zkvm::Memory& memory);
};

struct ExecutionProof {
    ProgramCommitment program;
    std::vector<ShardProof> shards;
    ResultOpening result;
    base::Bytes journal;

    [[nodiscard]] base::Bytes encode() const;
    /// Checks the form alone. Allocates no more than the file is long.
    [[nodiscard]] static Result<ExecutionProof> decode(base::ByteView file);
    [[nodiscard]] std::uint64_t instructions() const;
};

[[nodiscard]] bool looksLikeProof(base::ByteView file);

} // namespace bowline::proving
