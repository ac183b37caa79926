// SPDX-License-Identifier: MIT
// What happened to the own layer-2 account, read from its complete, verified history: each entry's transaction is
// taken from a batch whose body matches its verified header. Lives on the services' thread.
#pragma once

#include "app/services/local/surroundings.h"

#include "core/l2/transaction.h"

#include <map>

namespace bowline::services {

class LayerTwoLog {
public:
    LayerTwoLog(const Surroundings& around, base::XOnlyPublicKey account);
    ~LayerTwoLog();
    LayerTwoLog(const LayerTwoLog&) = delete;
    LayerTwoLog& operator=(const LayerTwoLog&) = delete;

    /// The account changed: reads what is new.
    void refresh();
    /// Newest first.
    [[nodiscard]] std::vector<ActivityView> activities() const;

private:
    static constexpr std::size_t kKept = 20;
    void takeHistory(std::vector<l2::HistoryEntry> entries);
    void takeBatch(const l2::SignedBatch& batch);
    [[nodiscard]] std::optional<ActivityView> activityOf(const l2::Transaction& transaction, base::UnixTime time) const;

    const Surroundings& m_around;
    base::XOnlyPublicKey m_account;
    std::vector<l2::HistoryEntry> m_entries; // the last kKept, oldest first
    std::map<l2::TxHash, ActivityView> m_known;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
