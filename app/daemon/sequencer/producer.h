// SPDX-License-Identifier: MIT
// Makes batches. One step at a time: undo what left Bitcoin's best chain, gather what waits, let the program
// execute it, sign, keep, all in an order that a crash at any point leaves intact:
//
// A transaction that was accepted is on disk before its hash is given out. A batch, the record that it was
// signed and the removal of its transactions from the waiting ones are one database transaction; the signature
// leaves the process only afterwards. A second header of one height is signed only when the Bitcoin block of
// every earlier one has left the best chain (rules A7, A8); when Bitcoin comes back to such a block, the batch
// that was signed on it is taken back as it was.
#pragma once

#include "app/daemon/node/bitcoin_view.h"
#include "app/daemon/node/node.h"
#include "app/daemon/sequencer/mempool.h"
#include "app/daemon/sequencer/sequencer_store.h"
#include "core/base/clock.h"

namespace bowline::daemon {

/// The program refused the transaction; the detail is its reason.
inline constexpr base::ErrorCode kTxRejected{"sequencer.tx-rejected"};
/// The nonce is too far ahead of the account's.
inline constexpr base::ErrorCode kNonceFar{"sequencer.nonce-far"};
/// Signing would contradict an earlier signature. Happens when batches were lost that are known to be signed, as
/// when an old copy of the data folder was put back in part.
inline constexpr base::ErrorCode kWouldSignTwice{"sequencer.would-sign-twice"};

enum class TxState { Unknown, Pending, Rejected };
struct TxVerdict {
    TxState state = TxState::Unknown;
    std::string reason; // of Rejected
};

class Producer {
public:
    /// All outlive the producer.
    Producer(L2Node& node, const BitcoinView& bitcoin, const crypto::PrivateKey& key,
             const base::Clock& clock, PoolLimits limits = {});
    /// What nobody waits for, Bitcoin blocks and seals, makes a batch only so long after it was first there; what
    /// comes meanwhile goes into the same one. Not at all unless told so.
    void gatherBlocksFor(std::chrono::seconds time) { m_gatherBlocks = time; }

    /// What waited when the process ended.
    [[nodiscard]] base::Status restore();
    /// Checks the transaction as far as that is possible now and lets it wait.
    [[nodiscard]] base::Result<l2::TxHash> submit(base::ByteView encoded);
    /// At most one batch. True when there is one more. Without `mayMake` only those are taken back that have to be.
    [[nodiscard]] base::Result<bool> step(bool mayMake = true);
    /// Of transactions that are in no batch.
    [[nodiscard]] base::Result<TxVerdict> verdictOf(const l2::TxHash& hash);
    [[nodiscard]] std::size_t waiting() const { return m_pool.size() + m_replays.size(); }

private:
    struct Candidate {
        l2::BatchBody body;
        std::vector<l2::TxHash> hashes; // of body.transactions
        std::size_t replays = 0;        // the first so many of them
        std::optional<l2::TxHash> lost; // the replayed mint that the last one proves anew
        [[nodiscard]] bool isEmpty() const { return body.transactions.empty() && body.l1.headers.empty(); }
        [[nodiscard]] bool isAwaited() const;
    };

    base::Status undoWhatLeft();
    [[nodiscard]] base::Result<bool> takeBack();
    [[nodiscard]] std::optional<bitcoin::OutPoint> lostMint(const PendingRow& row) const;
    [[nodiscard]] std::optional<std::string_view> hopeless(const l2::Transaction& transaction) const;
    base::Status checkNow(const l2::Transaction& transaction, const PoolEntry& entry);
    [[nodiscard]] PoolEntry entryOf(const l2::Transaction& transaction, base::Bytes encoded) const;
    [[nodiscard]] base::Amount outflowOf(const l2::Transaction& transaction) const;
    base::Status admit(PoolEntry entry);
    [[nodiscard]] base::Result<Candidate> gather();
    [[nodiscard]] bool isTimeFor(const Candidate& candidate);
    base::Status keep(const l2::Execution& execution, const std::vector<l2::RejectedTransaction>& dropped);
    base::Status drop(const std::vector<l2::RejectedTransaction>& dropped);
    base::Status dropOld();
    base::Status checkMaySign(const l2::BatchHeader& header);
    void forget(const l2::TxHash& hash);
    [[nodiscard]] std::uint64_t nextNonce(const base::XOnlyPublicKey& account) const;

    L2Node& m_node;
    const BitcoinView& m_bitcoin;
    const crypto::PrivateKey& m_key;
    const base::Clock& m_clock;
    PoolLimits m_limits;
    Mempool m_pool;
    std::deque<PendingRow> m_replays;
    std::chrono::seconds m_gatherBlocks{0};
    std::optional<base::UnixTime> m_gatheringSince;
    std::string m_lastRefusal; // of the L1 section, logged once
};

} // namespace bowline::daemon
