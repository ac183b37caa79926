// SPDX-License-Identifier: MIT
// What happened to the own layer-2 account, read from its complete, verified history: each entry's transaction is
// taken from a batch whose body matches its verified header. What was not read before, by this run or an earlier one,
// is handed out: a wallet made from its words learns so of what it once signed. Lives on the services' thread.
#pragma once

#include "app/services/local/surroundings.h"
#include "core/l2/batch.h"
#include "core/l2/transaction.h"

#include <map>
#include <set>

namespace bowline::services {

class LayerTwoLog {
public:
    struct Events {
        /// One of the account's own, in this batch. It may come more than once.
        std::function<void(const l2::Transaction& transaction, const l2::BatchHeader& batch)> own;
        /// All of the history was read.
        std::function<void()> complete;
    };
    LayerTwoLog(const Surroundings& around, wallet::Wallet& wallet, base::XOnlyPublicKey account,
                Events events);
    ~LayerTwoLog();
    LayerTwoLog(const LayerTwoLog&) = delete;
    LayerTwoLog& operator=(const LayerTwoLog&) = delete;

    /// The account changed: reads what is new.
    void refresh();
    /// Tries again what failed.
    void lookAgain();
    /// No call is on its way.
    [[nodiscard]] bool isIdle() const { return m_callsOpen == 0; }
    [[nodiscard]] bool contains(const l2::TxHash& hash) const { return m_known.contains(hash); }
    /// Newest first.
    [[nodiscard]] std::vector<ActivityView> activities() const;

private:
    static constexpr std::size_t kKept = 20;
    void takeHistory(std::vector<l2::HistoryEntry> entries);
    void askBatch(base::BatchNumber number);
    void takeBatch(const l2::SignedBatch& batch);
    [[nodiscard]] std::size_t readBefore(const std::vector<l2::HistoryEntry>& entries);
    void noteRead();
    [[nodiscard]] std::optional<ActivityView> activityOf(const l2::Transaction& transaction,
                                                         base::UnixTime time) const;

    const Surroundings& m_around;
    wallet::Wallet& m_wallet;
    base::XOnlyPublicKey m_account;
    Events m_events;
    std::vector<l2::HistoryEntry> m_entries; // the last kKept, oldest first
    std::set<l2::TxHash> m_unread;
    std::optional<std::pair<std::uint64_t, l2::TxHash>> m_end; // of the history: its length and last entry
    std::size_t m_callsOpen = 0;
    bool m_hasFailed = false;
    std::map<l2::TxHash, ActivityView> m_known;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
