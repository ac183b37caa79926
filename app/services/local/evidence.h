// SPDX-License-Identifier: MIT
// What a wallet can prove against the sequencer or a node, in its database: a program that ends must not forget it. Lives on
// the node thread.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "core/l2/light_client.h"
#include "core/seal/history.h"
#include "core/store/database.h"

namespace bowline::services {

/// Steps of the schema. The third kind, proven_otherwise, is ChainProof's.
inline constexpr const char* kEquivocationTable =
    "CREATE TABLE equivocation(first BLOB NOT NULL, first_signature BLOB NOT NULL, second BLOB NOT NULL, "
    "second_signature BLOB NOT NULL, PRIMARY KEY(first, second)) STRICT, WITHOUT ROWID";
inline constexpr const char* kSealedOtherwiseTable =
    "CREATE TABLE sealed_otherwise(header BLOB NOT NULL, signature BLOB NOT NULL, commitment BLOB NOT NULL, "
    "height INTEGER NOT NULL, block BLOB NOT NULL, txid BLOB NOT NULL, PRIMARY KEY(header, commitment)) "
    "STRICT, WITHOUT ROWID";

/// A header that the sequencer signed, and the anchor by which it sealed another batch of that number.
using SealedOtherwise = std::pair<l2::SignedHeader, seal::Link>;

/// Keeps what is new of these two kinds, within bounds. How much of them is kept now.
[[nodiscard]] base::Result<std::size_t> keepEvidence(store::Database& db,
                                                     const std::vector<l2::Equivocation>& news,
                                                     const std::optional<SealedOtherwise>& sealed);
/// All that is kept, of the three kinds.
[[nodiscard]] base::Result<std::vector<EvidenceView>> evidenceIn(store::Database& db);

} // namespace bowline::services
