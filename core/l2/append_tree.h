// SPDX-License-Identifier: MIT
// Append-only Merkle trees of fixed depth 32 (outbox: SHA-256; claims: BLAKE3), docs/protocol.md, section 3.
// An empty leaf is 32 zero bytes; the frontier holds the roots of the full subtrees left of the next leaf.
#pragma once

#include "core/l2/hashes.h"

#include <vector>

namespace bowline::l2 {

inline constexpr std::size_t kAppendDepth = 32;
inline constexpr ErrorCode kBadAppendProof{"l2.bad-append-proof"};

enum class AppendHash { Outbox, Claims };

[[nodiscard]] Digest appendNode(AppendHash hash, const Digest& left, const Digest& right);

/// What is needed to append and to know the root: one node for each set bit of count, low bits first.
struct Frontier {
    std::uint64_t count = 0;
    std::vector<Digest> nodes;

    void append(AppendHash hash, const Digest& leaf);
    [[nodiscard]] Digest root(AppendHash hash) const;
    friend bool operator==(const Frontier&, const Frontier&) = default;
};
/// count u64 | nodes.
void writeFrontier(base::Writer& writer, const Frontier& frontier);
[[nodiscard]] Frontier readFrontier(base::Reader& reader);

/// The 32 siblings of leaf `index`, from the bottom up, in the tree of all `leaves`.
[[nodiscard]] std::vector<Digest> appendPath(AppendHash hash, std::span<const Digest> leaves,
                                             std::uint64_t index);
[[nodiscard]] Digest rootOfAppendPath(AppendHash hash, const Digest& leaf, std::uint64_t index,
                                      std::span<const Digest> path);

enum class OutboxKind : std::uint8_t { Withdrawal = 1, Claim = 2 };
[[nodiscard]] Digest outboxLeaf(OutboxKind kind, std::uint64_t index, const TxHash& transaction);
[[nodiscard]] Digest inboxStep(const Digest& previous, const OutPoint& vault, Amount value,
                               const XOnlyPublicKey& recipient);

} // namespace bowline::l2
