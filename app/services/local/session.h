// SPDX-License-Identifier: MIT
// An open wallet with everything that follows the chains for it: coins, layer-2 account, deposits, withdrawals,
// and drafts that wait for a person's consent. Lives on the services' thread.
#pragma once

#include "app/services/interfaces/services.h"
#include "app/services/local/deposit_book.h"
#include "app/services/local/layer_two_log.h"
#include "app/services/local/own_transactions.h"
#include "app/services/local/transfer_book.h"
#include "app/services/local/withdrawal_book.h"
#include "core/wallet/spend.h"

#include <variant>

namespace bowline::services {

/// The draft is unknown, too old, or of another session.
inline constexpr base::ErrorCode kNoSuchDraft{"services.no-such-draft"};
/// The layer-2 account could not be verified yet, so that nothing is signed on its behalf.
inline constexpr base::ErrorCode kAccountUnknown{"services.account-unknown"};
inline constexpr base::ErrorCode kLayerTwoInsufficient{"services.layer2-insufficient"};
/// Coins are other ones now, and the fee would be above the one that was reviewed.
inline constexpr base::ErrorCode kFeeAboveReview{"services.fee-above-review"};

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
    wallet::SpendRequest request;             // with stand-in scripts, replaced when the deposit starts
    base::Amount fee;                         // as reviewed
    std::vector<std::uint32_t> refundIndexes; // taken by the first try to start it
};
struct WithdrawDraft {
    bitcoin::Script script;
    std::string address;
    base::Amount amount;
    base::Amount operatorFee;
    base::Amount fee;
};
using Draft = std::variant<SpendDraftEntry, LayerTwoDraft, DepositDraft, WithdrawDraft>;

/// Where blocks are read from for records of which the first was made at this tip: a reorg may put a transaction
/// into an earlier block than its record knows.
[[nodiscard]] base::Height followStart(base::Height first, base::Height checkpoint);

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
    [[nodiscard]] TransferBook& transfers() { return *m_transfers; }
    [[nodiscard]] const Surroundings& around() const { return m_around; }
    /// Deposits, withdrawals and claims of the own vaults, newest first.
    [[nodiscard]] std::vector<BridgeItem> bridgeItems() const;

    void lockKeys();
    void keysUnlocked();
    /// Asks everything anew for another head, and when the node is back; otherwise what was not answered yet.
    void nodeLookedAt(const NodeViewPtr& view);
    /// The own account is known, and everything was answered for the present head, be it with a failure.
    [[nodiscard]] bool isAnswered() const;
    /// Deposits and withdrawals have seen every block up to the tip.
    [[nodiscard]] bool isCaughtUp() const;
    void relayChanged() { m_deposits->relayChanged(); }
    /// Looks for the scripts of a deposit or withdrawal that was just added.
    void watchNewScripts();

    std::string addDraft(Draft draft);
    /// For one use: a second one finds no draft until returnDraft(). Valid until then, or until the keys are locked.
    template <typename D>
    [[nodiscard]] base::Result<D*> takeDraft(const std::string& id)
    {
        const auto found = m_drafts.find(id);
        if (found == m_drafts.end() || found->second.isTaken) return base::makeError(kNoSuchDraft);
        D* wanted = std::get_if<D>(&found->second.draft);
        const std::int64_t age = m_around.clock.now() - found->second.born;
        const bool isOld = age > kDraftSeconds || age < -kDraftSeconds; // or the clock was set: nobody knows
        if (wanted == nullptr || isOld) return base::makeError(kNoSuchDraft);
        found->second.isTaken = true;
        return wanted;
    }
    /// What was tried with it came about (it is gone), or not (it can be tried again).
    void returnDraft(const std::string& id, bool isUsed);
    /// The same for what is done at once.
    template <typename D, typename R>
    [[nodiscard]] base::Result<R> withDraft(const std::string& id,
                                            const std::function<base::Result<R>(D&)>& use)
    {
        BOWLINE_TRY(D * draft, takeDraft<D>(id));
        base::Result<R> result = use(*draft);
        returnDraft(id, result.ok());
        return result;
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
    void follow(base::Height from);
    void followStatus();
    void onBlock(const chain::BlockEvent& event);
    [[nodiscard]] std::vector<wallet::WatchedScript>
    refundScripts(const base::XOnlyPublicKey& refundKey, std::uint32_t index,
                  const base::XOnlyPublicKey& recipient) const;
    void headChanged();
    void lookAgain();
    void askAccount();
    [[nodiscard]] bool stillStands(const NodeView& before) const;
    void judgeAccount();
    void askProven();
    void takeProven(const StateValue& value);
    void takeAccount(const StateValue& value);
    void takeOwn(const l2::Transaction& transaction, const l2::BatchHeader& batch);
    void takeLost(const l2::TxHash& hash, const std::string& reason);
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
    std::unique_ptr<TransferBook> m_transfers;
    std::unique_ptr<LayerTwoLog> m_log;
    struct HeldDraft {
        Draft draft;
        std::int64_t born = 0;
        bool isTaken = false;
    };
    std::unique_ptr<chain::Follower> m_follower;
    std::unique_ptr<chain::Handler> m_status;
    base::Height m_followedFrom;
    std::uint64_t m_walk = 0;       // of the present follower: events of one before it are dropped
    std::uint64_t m_looksAsked = 0; // as in wallet::WalletSync
    std::uint64_t m_looksHeard = 0;
    bool m_isBackendSynced = false;
    std::optional<base::BlockHash> m_followedTo;
    std::map<std::string, HeldDraft> m_drafts;
    std::uint64_t m_draftCount = 0;
    std::optional<l2::Account> m_account;
    Verdict m_accountVerdict;
    std::optional<l2::BatchHeader> m_accountBatch; // that it was verified against
    Freshness m_accountFreshness;
    std::optional<ProvenBalance> m_proven; // of the proven batch that the view names
    Freshness m_provenFreshness;
    NodeViewPtr m_nodeView; // the one looked at last
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
