// SPDX-License-Identifier: MIT
// The wallet's own payments on the layer 2 from their submission until they are in a batch, and those that came to
// nothing, with the reason. Kept in the wallet's file: a payment is sent again after a restart as well, and whoever
// made it hears of its end. Lives on the services' thread.
#pragma once

#include "app/services/interfaces/views.h"
#include "app/services/local/own_transactions.h"
#include "app/services/local/records.h"
#include "core/wallet/wallet.h"

#include <map>

namespace bowline::services {

class TransferBook {
public:
    TransferBook(wallet::Wallet& wallet, OwnTransactions& own) : m_wallet(wallet), m_own(own) {}

    base::Status load();
    /// The node has it.
    base::Status add(const l2::Transaction& transfer, base::UnixTime now);
    /// It is in a batch: from now on the account's history tells of it.
    void included(const l2::TxHash& hash);
    /// It will be in no batch.
    void lost(const l2::TxHash& hash, const std::string& reason);
    /// Those on their way as "pending", those that came to nothing as "refused".
    [[nodiscard]] std::vector<ActivityView> activities() const;

private:
    static constexpr std::size_t kRefusedKept = 20;
    base::Status keep(const TransferRecord& record);

    wallet::Wallet& m_wallet;
    OwnTransactions& m_own;
    std::map<l2::TxHash, TransferRecord> m_records;
};

} // namespace bowline::services
