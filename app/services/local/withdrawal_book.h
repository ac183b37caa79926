// SPDX-License-Identifier: MIT
// The withdrawals of an open wallet: which request became which withdrawal, where it stands on the layer 2, and
// whether the operator's payment is on Bitcoin. Lives on the services' thread.
#pragma once

#include "app/services/local/freshness.h"
#include "app/services/local/own_transactions.h"
#include "app/services/local/records.h"
#include "app/services/local/surroundings.h"
#include "core/bridge/states.h"

#include <map>

namespace bowline::services {

/// The withdrawal was not requested, is over, or its reclaim is on its way already.
inline constexpr base::ErrorCode kNothingToReclaim{"services.nothing-to-reclaim"};
/// The operator may still pay, or its payment may still be proven; the detail names the height that opens it.
inline constexpr base::ErrorCode kReclaimTooEarly{"services.reclaim-too-early"};

class WithdrawalBook {
public:
    WithdrawalBook(const Surroundings& around, wallet::Wallet& wallet, OwnTransactions& own);
    ~WithdrawalBook();
    WithdrawalBook(const WithdrawalBook&) = delete;
    WithdrawalBook& operator=(const WithdrawalBook&) = delete;

    base::Status load();
    base::Status add(const WithdrawalRecord& record);
    /// A request that the own verified history holds: without a record of it (the wallet was restored) it gets one.
    base::Status adopt(const l2::Transaction& request, const l2::BatchHeader& batch);
    /// For a request that the node refused with a reason: it never came about.
    base::Status forget(const l2::TxHash& request);
    /// One of the own transactions will be in no batch: a request is over, a reclaim may be tried again.
    void lost(const l2::TxHash& hash, const std::string& reason);

    [[nodiscard]] std::vector<base::Bytes> scripts() const;
    [[nodiscard]] std::optional<base::Height> firstHeight() const;
    /// The scripts of withdrawals that came after the last call, and where to look for them.
    [[nodiscard]] std::vector<std::pair<base::Bytes, base::Height>> takeNewScripts();

    void blockConnected(const chain::BlockConnected& block);
    void blockDisconnected(base::Height height);
    void headChanged(const NodeView& view);
    /// Asks once more for what was not answered for the present head.
    void lookAgain();
    /// Each was answered for the present head, be it with a failure.
    [[nodiscard]] bool isAnswered() const;
    /// The own account as verified in that batch.
    void accountIs(std::uint64_t nonce, base::BatchNumber batch);

    [[nodiscard]] std::vector<BridgeItem> items() const;
    /// Escrows of withdrawals that are not over.
    [[nodiscard]] base::Amount inEscrow() const;
    /// The layer-2 number to reclaim, when the timeline offers it.
    [[nodiscard]] base::Result<std::uint64_t> reclaimable(const std::string& id) const;
    base::Status reclaimSubmitted(const std::string& id, const l2::Transaction& reclaim);
    [[nodiscard]] bool knows(const std::string& id) const;

private:
    struct Entry;
    base::Status keep(const WithdrawalRecord& record);
    void insert(const WithdrawalRecord& record);
    void askState(Entry& entry);
    void takeState(Entry& entry, const StateValue& value);
    [[nodiscard]] bool hasPassed(const Entry& entry, base::BatchNumber batch) const;
    [[nodiscard]] const Entry* find(const std::string& id) const;

    const Surroundings& m_around;
    wallet::Wallet& m_wallet;
    OwnTransactions& m_own;
    std::map<l2::TxHash, std::unique_ptr<Entry>> m_entries;
    std::vector<std::pair<base::Bytes, base::Height>> m_newScripts;
    l2::SignedHeader m_head;                                              // of the view before
    std::optional<std::pair<std::uint64_t, base::BatchNumber>> m_account; // its nonce, and in which batch
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
