// SPDX-License-Identifier: MIT
// An open wallet with everything that follows the chains for it: coins, layer-2 account, deposits, withdrawals,
// and drafts that wait for a person's consent. Lives on the services' thread.
#pragma once

#include "app/services/interfaces/services.h"
#include "app/services/local/deposit_book.h"
#include "app/services/local/layer_two_log.h"
#include "app/services/local/own_transactions.h"
#include "app/services/local/withdrawal_book.h"

#include "core/wallet/spend.h"

#include <variant>

namespace bowline::services {

/// The draft is unknown, too old, or of another session.
inline constexpr base::ErrorCode kNoSuchDraft{"services.no-such-draft"};
/// The layer-2 account could not be verified yet, so that nothing is signed on its behalf.
inline constexpr base::ErrorCode kAccountUnknown{"services.account-unknown"};
inline constexpr base::ErrorCode kLayerTwoInsufficient{"services.layer2-insufficient"};

struct SpendDraftEntry {
    wallet::SpendDraft draft;
    bool acceptHighFee = false;
};
struct LayerTwoDraft {
    base::XOnlyPublicKey to;
    base::Amount amount;
    base::Amount fee;
};
struct DepositDraft {
    std::vector<base::Amount> vaults;
    wallet::SpendRequest request; // with stand-in scripts, replaced when the deposit starts
};
struct WithdrawDraft {
    bitcoin::Script script;
    std::string address;
    base::Amount amount;
    base::Amount operatorFee;
    base::Amount fee;
};
using Draft = std::variant<SpendDraftEntry, LayerTwoDraft, DepositDraft, WithdrawDraft>;

class Session {
public:
    static base::Result<std::unique_ptr<Session>> open(const Surroundings& around, std::string name,
                                                       std::unique_ptr<wallet::Wallet> wallet);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] wallet::Wallet& wallet() { return *m_wallet; }
    [[nodiscard]] wallet::WalletSync& sync() { return *m_sync; }
    [[nodiscard]] DepositBook& deposits() { return *m_deposits; }
    [[nodiscard]] WithdrawalBook& withdrawals() { return *m_withdrawals; }
    [[nodiscard]] const Surroundings& around() const { return m_around; }
    /// Deposits, withdrawals and claims of the own vaults, newest first.
    [[nodiscard]] std::vector<BridgeItem> bridgeItems() const;

    void lockKeys();
    void keysUnlocked();
    void headChanged(const NodeView& view);
    void relayChanged() { m_deposits->relayChanged(); }
    /// Looks for the scripts of a deposit or withdrawal that was just added.
    void watchNewScripts();

    std::string addDraft(Draft draft);
    template <typename D>
    [[nodiscard]] base::Result<D> takeDraft(const std::string& id)
    {
        const auto found = m_drafts.find(id);
        if (found == m_drafts.end()) return base::makeError(kNoSuchDraft);
        auto [draft, born] = std::move(found->second);
        m_drafts.erase(found);
        const D* wanted = std::get_if<D>(&draft);
        if (wanted == nullptr || m_around.clock.now() - born > kDraftSeconds) return base::makeError(kNoSuchDraft);
        return std::move(*std::get_if<D>(&draft));
    }

    /// The own account as verified last; absent before.
    [[nodiscard]] const std::optional<l2::Account>& account() const { return m_account; }
    [[nodiscard]] const Verdict& accountVerdict() const { return m_accountVerdict; }
    /// Signs with the next free nonce.
    [[nodiscard]] base::Result<l2::Transaction> signLayerTwo(l2::Payload payload, base::Amount fee);
    [[nodiscard]] OwnTransactions& own() { return *m_own; }

    void fill(Snapshot& snapshot);

private:
    static constexpr std::int64_t kDraftSeconds = 600;
    Session(const Surroundings& around, std::string name, std::unique_ptr<wallet::Wallet> wallet);
    base::Status start();
    void onBlock(const chain::BlockEvent& event);
    [[nodiscard]] std::vector<wallet::WatchedScript> refundScripts(const base::XOnlyPublicKey& refundKey,
                                                                   std::uint32_t index,
                                                                   const base::XOnlyPublicKey& recipient) const;
    void takeAccount(const StateValue& value);
    void fillActivity(Snapshot& snapshot);
    void fillNeeds(Snapshot& snapshot) const;

    const Surroundings& m_around;
    std::string m_name;
    std::unique_ptr<wallet::Wallet> m_wallet;
    std::unique_ptr<wallet::WalletSync> m_sync;
    std::unique_ptr<ClaimBook> m_claims;
    std::unique_ptr<DepositBook> m_deposits;
    std::unique_ptr<OwnTransactions> m_own;
    std::unique_ptr<WithdrawalBook> m_withdrawals;
    std::unique_ptr<LayerTwoLog> m_log;
    std::unique_ptr<chain::Follower> m_follower;
    std::map<std::string, std::pair<Draft, std::int64_t>> m_drafts;
    std::uint64_t m_draftCount = 0;
    std::optional<l2::Account> m_account;
    Verdict m_accountVerdict;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
