// SPDX-License-Identifier: MIT
// The deposits of an open wallet, carried from request to mint: reads the relay, answers the committee, watches
// Bitcoin and the layer 2, mints, and builds the refund. Everything is taken up again from the kept records.
//
// Lives on the services' thread.
#pragma once

#include "app/services/local/claim_book.h"
#include "app/services/local/freshness.h"
#include "app/services/local/records.h"
#include "app/services/local/relay_outbox.h"
#include "app/services/local/surroundings.h"
#include "core/bridge/states.h"
#include "core/wallet/spend.h"

#include <map>

namespace bowline::services {

inline constexpr base::ErrorCode kUnknownBridgeId{"services.unknown-bridge-id"};
/// The request was not confirmed, or was taken by the committee or by a refund already.
inline constexpr base::ErrorCode kNothingToRefund{"services.nothing-to-refund"};
/// A refund that pays about as much is waiting for a block; one with a higher fee takes its place.
inline constexpr base::ErrorCode kRefundOnItsWay{"services.refund-on-its-way"};

class DepositBook {
public:
    /// Tells `claims` of every deposit and of what becomes of its vault.
    DepositBook(const Surroundings& around, wallet::Wallet& wallet, wallet::WalletSync& sync,
                ClaimBook& claims);
    ~DepositBook();
    DepositBook(const DepositBook&) = delete;
    DepositBook& operator=(const DepositBook&) = delete;

    base::Status load();
    /// Writes the records and the transaction that pays their requests as one, then sends it: the file never holds
    /// one without the other, whenever the process dies.
    base::Status start(const std::vector<DepositRecord>& records, const wallet::SignedSpend& request);
    /// Requests that a restored wallet found on the chain and that no record speaks of (rule A17).
    base::Status adoptFoundRequests();

    [[nodiscard]] std::vector<base::Bytes> scripts() const;
    [[nodiscard]] std::optional<base::Height> firstHeight() const;
    /// The scripts of deposits that came after the last call, and where to look for them.
    [[nodiscard]] std::vector<std::pair<base::Bytes, base::Height>> takeNewScripts();

    void blockConnected(const chain::BlockConnected& block);
    void blockDisconnected(base::Height height);
    void relayChanged();
    void headChanged(const NodeView& view);
    /// Asks once more for what was not answered for the present head.
    void lookAgain();
    /// Each was answered for the present head, be it with a failure.
    [[nodiscard]] bool isAnswered() const;
    /// Keys became available or went away.
    void keysChanged();

    [[nodiscard]] std::vector<BridgeItem> items() const;
    /// Signs and sends the refund; its txid. One that waits for a block already is replaced by a higher fee.
    base::Result<base::Txid> refund(const std::string& id, base::FeeRate rate);

private:
    struct Entry;
    Entry* find(const std::string& id);
    base::Status keep(const base::Digest& id, const DepositRecord& record);
    base::Status insert(const DepositRecord& record);
    [[nodiscard]] base::Result<base::Digest> idOf(const DepositRecord& record) const;
    [[nodiscard]] std::optional<wallet::HistoryEntry> waitingRefund(const Entry& entry) const;
    void askRelay(const base::Digest& topic);
    void takeMessages(const base::Digest& topic, const boost::json::value& answer);
    void advance(Entry& entry);
    void act(Entry& entry, bridge::DepositorEffects effects);
    void askVault(Entry& entry);
    void takeVault(Entry& entry, const StateValue& value);
    void mintWhenDeep(Entry& entry);
    void submitMint(const base::Digest& topic, const chain::BlockPtr& block, base::Height height);
    [[nodiscard]] bridge::ChainFacts factsOf(const Entry& entry) const;
    [[nodiscard]] BridgeItem itemOf(const Entry& entry) const;

    const Surroundings& m_around;
    wallet::Wallet& m_wallet;
    wallet::WalletSync& m_sync;
    ClaimBook& m_claims;
    std::map<base::Digest, std::unique_ptr<Entry>> m_entries; // by deposit id
    std::vector<std::pair<base::Bytes, base::Height>> m_newScripts;
    RelayOutbox m_outbox;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
