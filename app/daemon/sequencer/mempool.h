// SPDX-License-Identifier: MIT
// Transactions that wait for a batch: bounded, ordered by nonce within an account and by fee between accounts.
//
// Pure: it knows nothing of state and store; the sequencer tells it each account's next nonce.
#pragma once

#include "core/l2/transaction.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace bowline::daemon {

/// As many transactions or bytes as are kept, and no cheaper one to make room.
inline constexpr base::ErrorCode kPoolFull{"sequencer.pool-full"};
/// Another transaction of the account has this nonce and a fee at least as high.
inline constexpr base::ErrorCode kNonceTaken{"sequencer.nonce-taken"};
/// Too many transactions of this account wait already.
inline constexpr base::ErrorCode kAccountFull{"sequencer.account-full"};

struct PoolLimits {
    std::size_t maxCount = 5'000;
    std::size_t maxBytes = 32U << 20U;
    std::size_t maxPerAccount = 64;
    std::uint64_t maxBatchesWaited = 1'000; // then it is dropped: its nonce's turn has not come
};

struct PoolEntry {
    std::uint64_t arrival = 0; // order of coming; kept across restarts
    std::uint64_t since = 0;   // the head's number when it came
    l2::TxHash hash;
    base::XOnlyPublicKey sender; // zero: none is needed, as of a mint
    std::uint64_t nonce = 0;
    base::Amount fee;
    base::Bytes encoded;
    base::Amount outflow; // what it takes from the sender's balance beside the fee
    /// The program would have applied it when it came, so its fee will be paid. Of one with a later nonce nobody
    /// knows: its fee is a promise, and for a promise nothing that pays has to go.
    bool judged = false;
    std::optional<bitcoin::OutPoint> vault; // of a mint
};

class Mempool {
public:
    explicit Mempool(PoolLimits limits = {}) : m_limits(limits) {}

    /// What had to go for it, evicted or replaced. A transaction that is there already changes nothing.
    [[nodiscard]] base::Result<std::vector<l2::TxHash>> add(PoolEntry entry);
    void remove(const l2::TxHash& hash);
    [[nodiscard]] bool has(const l2::TxHash& hash) const { return m_entries.count(hash) != 0; }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    /// Fees and outflows of the sender's waiting transactions, all but the one with that nonce.
    [[nodiscard]] base::Amount committedBeside(const base::XOnlyPublicKey& sender, std::uint64_t nonce) const;

    using NextNonce = std::function<std::uint64_t(const base::XOnlyPublicKey&)>;
    /// What a batch should hold, in order: those without a sender as they came (their authority is inside),
    /// then the best fee per byte first, the nonces of each account without a gap from `nextNonce` on.
    [[nodiscard]] std::vector<const PoolEntry*> select(const NextNonce& nextNonce, std::size_t maxCount,
                                                       std::size_t maxBytes) const;
    /// Those whose nonce is below the account's next one: they can never be applied.
    [[nodiscard]] std::vector<l2::TxHash> stale(const NextNonce& nextNonce) const;
    /// Those that came when the head's number was below `batch`.
    [[nodiscard]] std::vector<l2::TxHash> olderThan(std::uint64_t batch) const;
    /// Null when no mint of that vault waits.
    [[nodiscard]] const PoolEntry* mintOf(const bitcoin::OutPoint& vault) const;

private:
    using Account = std::map<std::uint64_t, l2::TxHash>; // by nonce

    void insert(PoolEntry entry);
    PoolEntry extract(l2::TxHash hash); // by value: the reference may be into what goes
    [[nodiscard]] base::Status replace(const PoolEntry& entry, std::vector<PoolEntry>& gone);
    [[nodiscard]] base::Status makeRoom(const PoolEntry& entry, std::vector<PoolEntry>& gone);
    [[nodiscard]] const PoolEntry* victim() const;

    PoolLimits m_limits;
    std::map<l2::TxHash, PoolEntry> m_entries;
    std::map<base::XOnlyPublicKey, Account> m_accounts;
    std::map<std::uint64_t, l2::TxHash> m_mints; // by arrival
    std::size_t m_bytes = 0;
};

} // namespace bowline::daemon
