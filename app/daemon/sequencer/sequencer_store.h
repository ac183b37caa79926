// SPDX-License-Identifier: MIT
// What the sequencer remembers beside the batches, in the same database (node/l2_store.cpp has the tables): which
// headers it ever signed, which transactions wait, which it refused and why.
#pragma once

#include "core/l2/batch.h"
#include "core/store/database.h"

namespace bowline::daemon {

struct PendingRow {
    std::uint64_t position = 0; // order of coming
    l2::TxHash hash;
    base::Bytes encoded;
    bool replay = false;     // was in a batch that was undone: goes first, in this order (rule A8)
    std::uint64_t since = 0; // the head's number when it came
};

/// Ordered by position.
[[nodiscard]] base::Result<std::vector<PendingRow>> loadPending(store::Database& db);
/// The position of the new row, after all others.
[[nodiscard]] base::Result<std::uint64_t> addPending(store::Database& db, const l2::TxHash& hash,
                                                     base::ByteView encoded, base::BatchNumber head);
/// Before all others, in the order given.
[[nodiscard]] base::Status addReplays(store::Database& db, const std::vector<base::Bytes>& transactions);
[[nodiscard]] base::Status removePending(store::Database& db, const l2::TxHash& hash);

/// The newest 10,000 are kept.
[[nodiscard]] base::Status addRejected(store::Database& db, const l2::TxHash& hash, std::string_view reason);
[[nodiscard]] base::Status removeRejected(store::Database& db, const l2::TxHash& hash);
[[nodiscard]] base::Result<std::optional<std::string>> rejectionOf(store::Database& db,
                                                                   const l2::TxHash& hash);

/// Never deleted, not by a rollback either.
[[nodiscard]] base::Status addSigned(store::Database& db, const l2::BatchHeader& header);
[[nodiscard]] base::Result<std::vector<l2::BatchHeader>> signedAt(store::Database& db,
                                                                  base::BatchNumber number);

/// Batches that were signed and then undone, whole: Bitcoin may come back to the chain on which they stood.
[[nodiscard]] base::Status addUndone(store::Database& db, const l2::SignedBatch& batch);
[[nodiscard]] base::Status removeUndone(store::Database& db, const l2::BatchHeader& header);
[[nodiscard]] base::Result<std::vector<l2::SignedBatch>> undoneAt(store::Database& db,
                                                                  base::BatchNumber number);

/// The Bitcoin height up to which replays wait for mints that must be proven anew; 0 without a reorg.
[[nodiscard]] base::Status putHold(store::Database& db, base::Height until);
[[nodiscard]] base::Result<base::Height> holdUntil(store::Database& db);

} // namespace bowline::daemon
