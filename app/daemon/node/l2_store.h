// SPDX-License-Identifier: MIT
// The layer 2 on disk: every batch, the objects of the head's state with what each batch changed, and indexes of
// transactions, account histories and claims. Every node keeps all of it and serves it (rule A18).
//
// append() and rollbackTo() are one database transaction each, with full durability: after a crash the file
// holds whole batches only. Nothing here judges a batch.
#pragma once

#include "core/l2/batch.h"
#include "core/l2/proof.h"
#include "core/l2/state_tree.h"
#include "core/seal/follower.h"
#include "core/store/database.h"

#include <functional>

namespace bowline::daemon {

/// No such batch, transaction or claim here.
inline constexpr base::ErrorCode kNotHere{"node.not-here"};
/// What is stored contradicts itself.
inline constexpr base::ErrorCode kStoreDamaged{"node.store-damaged"};
/// The folder belongs to another layer 2.
inline constexpr base::ErrorCode kOtherChain{"node.other-chain"};

struct TxPlace {
    base::BatchNumber batch;
    std::uint32_t index = 0;
    l2::TxType kind = l2::TxType::Transfer;
    base::Amount fee;
    std::uint64_t reference = 0;
};

/// An account's entry in the history index.
struct HistoryRow {
    base::XOnlyPublicKey account;
    l2::HistoryEntry entry;
};

/// All that one batch adds.
struct BatchRecord {
    l2::SignedBatch batch;
    std::vector<l2::Receipt> receipts; // in the order of the transactions
    std::vector<l2::StateObject> changes;
    std::vector<HistoryRow> history;       // in order
    std::vector<base::Digest> claimLeaves; // appended by this batch, in order
};

/// Two different headers of one height, both signed by the sequencer, while the Bitcoin block of the first
/// stood. Kept as evidence.
struct EquivocationRow {
    l2::SignedHeader first;
    l2::SignedHeader second;
};

/// A header that the sequencer signed, and the anchor by which it sealed another batch of that number, while the Bitcoin
/// blocks of both stood. Kept as evidence: whoever has the anchor's block can check it.
struct SealedOtherwiseRow {
    l2::SignedHeader header;
    seal::Link anchor;
};

class L2Store {
public:
    /// More writes for the same transaction: what a role must remember together with a batch.
    using Also = std::function<base::Status(store::Database&)>;

    /// Creates the file with `genesis` in it, or checks that it began with the same.
    [[nodiscard]] static base::Result<L2Store> open(const std::string& path, const BatchRecord& genesis);

    [[nodiscard]] base::Status append(const BatchRecord& record, const Also& also = {});
    /// Undoes every batch above `last`. `also` runs before they are deleted.
    [[nodiscard]] base::Status rollbackTo(base::BatchNumber last, const Also& also = {});
    /// False when it was kept before.
    [[nodiscard]] base::Result<bool> addEquivocation(const EquivocationRow& row);
    [[nodiscard]] base::Result<bool> addSealedOtherwise(const SealedOtherwiseRow& row);

    [[nodiscard]] base::Result<l2::SignedHeader> head();
    [[nodiscard]] base::Result<l2::SignedHeader> header(base::BatchNumber number);
    /// From `first` on by number, at most `limit`; none above the head.
    [[nodiscard]] base::Result<std::vector<l2::SignedHeader>> headers(base::BatchNumber first,
                                                                      std::size_t limit);
    [[nodiscard]] base::Result<l2::SignedBatch> batch(base::BatchNumber number);
    /// As it is sent.
    [[nodiscard]] base::Result<base::Bytes> batchBytes(base::BatchNumber number);
    /// State of the head, all objects.
    [[nodiscard]] base::Result<std::vector<l2::StateObject>> objects();
    /// State after batch `number`, all objects: that of the head with the changes since taken back.
    [[nodiscard]] base::Result<std::vector<l2::StateObject>> objectsAfter(base::BatchNumber number);
    [[nodiscard]] base::Result<std::vector<l2::StateObject>> objectsOfKind(l2::ObjectKind kind);
    /// Shows objects of the head's state in order of their ids, from the one after `after` on, until `visit` says
    /// that it has seen enough (false).
    using Visit = std::function<base::Result<bool>(const l2::StateObject&)>;
    [[nodiscard]] base::Status visitKind(l2::ObjectKind kind, const base::Bytes& after, const Visit& visit);
    [[nodiscard]] base::Status visitWithdrawalsOf(const base::XOnlyPublicKey& owner, const base::Bytes& after,
                                                  const Visit& visit);
    [[nodiscard]] base::Result<std::optional<TxPlace>> find(const l2::TxHash& transaction);
    /// The newest batch with a transaction of this kind and reference (l2::Receipt).
    [[nodiscard]] base::Result<std::optional<base::BatchNumber>> newestOf(l2::TxType kind,
                                                                          std::uint64_t reference);
    /// Entries of batches up to `last`, oldest first, at most `limit`.
    [[nodiscard]] base::Result<std::vector<l2::HistoryEntry>>
    history(const base::XOnlyPublicKey& account, base::BatchNumber last, std::size_t limit);
    /// Leaves of the claims tree up to batch `last`, by index.
    [[nodiscard]] base::Result<std::vector<base::Digest>> claimLeaves(base::BatchNumber last);
    /// Those of the head from the index `first` on.
    [[nodiscard]] base::Result<std::vector<base::Digest>> claimLeavesFrom(std::uint64_t first);
    /// Of both kinds.
    [[nodiscard]] base::Result<std::uint64_t> equivocations();
    /// A burn for this Kickoff was in a batch that rollbackTo() took back. Remembered also when the burn comes again.
    [[nodiscard]] base::Result<bool> wasBurnUndone(const base::Txid& kickoff);
    /// For a role's own tables (see the schema) outside append() and rollbackTo().
    [[nodiscard]] store::Database& database() { return m_db; }

private:
    explicit L2Store(store::Database db) : m_db(std::move(db)) {}
    base::Status insert(const BatchRecord& record);
    base::Status change(base::BatchNumber batch, const l2::StateObject& object);
    base::Status rememberBurns(base::BatchNumber number);
    base::Status undo(base::BatchNumber batch);
    store::Database m_db;
};

} // namespace bowline::daemon
