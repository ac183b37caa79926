// SPDX-License-Identifier: MIT
// Verification of what a node shows against a root that is known already: objects and their absence, the
// complete history of an account, claims and outbox entries.
#pragma once

#include "core/l2/state_tree.h"

namespace bowline::l2 {

/// The value does not belong to the proof's end (a value with an exclusion proof, or none with an inclusion).
inline constexpr ErrorCode kProofValueMismatch{"l2.proof-value-mismatch"};
/// The path leads to another root.
inline constexpr ErrorCode kProofWrongRoot{"l2.proof-wrong-root"};
/// The shown leaf does not lie on the path of the key.
inline constexpr ErrorCode kProofWrongPath{"l2.proof-wrong-path"};
/// The entries do not fold to the account's accumulator: one is missing, added, changed or out of order.
inline constexpr ErrorCode kHistoryIncomplete{"l2.history-incomplete"};

/// `value`: what the object is said to hold; no value means that the object is said to be absent.
[[nodiscard]] Status verifyState(const StateRoot& root, const StateKey& key,
                                 const std::optional<Bytes>& value, const StateProof& proof);

struct HistoryEntry {
    TxHash transaction;
    BatchNumber batch;
    std::uint32_t index = 0; // within the batch
    friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};
/// Oldest first, all of them.
[[nodiscard]] Status verifyHistory(const field::FieldDigest& accumulator,
                                   std::span<const HistoryEntry> entries);

/// Entry `index` of the tree whose root and count are known from the counters object.
[[nodiscard]] Status verifyAppended(AppendHash hash, const Frontier& frontier, const Digest& leaf,
                                    std::uint64_t index, std::span<const Digest> path);

} // namespace bowline::l2
