// SPDX-License-Identifier: MIT
// The withdrawals of an open wallet: which request became which withdrawal, where it stands on the layer 2, and
// whether the operator's payment is on Bitcoin. Lives on the services' thread.
#pragma once

#include "app/services/local/records.h"
#include "app/services/local/surroundings.h"

#include "core/bridge/states.h"

#include <map>

namespace bowline::services {

/// The withdrawal was not requested, is paid, or its deadline has not passed.
inline constexpr base::ErrorCode kNothingToReclaim{"services.nothing-to-reclaim"};

class WithdrawalBook {
public:
    WithdrawalBook(const Surroundings& around, wallet::Wallet& wallet);
    ~WithdrawalBook();
    WithdrawalBook(const WithdrawalBook&) = delete;
    WithdrawalBook& operator=(const WithdrawalBook&) = delete;

    base::Status load();
    base::Status add(const WithdrawalRecord& record);
    /// For a request that the node refused with a reason: it never came about.
    base::Status forget(const l2::TxHash& request);

    [[nodiscard]] std::vector<base::Bytes> scripts() const;
    [[nodiscard]] std::optional<base::Height> firstHeight() const;

    void blockConnected(const chain::BlockConnected& block);
    void blockDisconnected(base::Height height);
    void headChanged(const NodeView& view);

    [[nodiscard]] std::vector<BridgeItem> items() const;
    /// Escrows of withdrawals that are not over.
    [[nodiscard]] base::Amount inEscrow() const;
    /// The layer-2 id to reclaim, when the timeline offers it.
    [[nodiscard]] base::Result<std::uint64_t> reclaimable(const std::string& id) const;
    base::Status reclaimSubmitted(const std::string& id, const l2::TxHash& hash);
    [[nodiscard]] bool knows(const std::string& id) const;

private:
    struct Entry;
    base::Status keep(const Entry& entry);
    void insert(const WithdrawalRecord& record);
    void identify(Entry& entry);
    void takeIdentity(const l2::TxHash& request, std::uint64_t id);
    void askState(Entry& entry);
    [[nodiscard]] const Entry* find(const std::string& id) const;

    const Surroundings& m_around;
    wallet::Wallet& m_wallet;
    std::map<l2::TxHash, std::unique_ptr<Entry>> m_entries;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
