// SPDX-License-Identifier: MIT
// The operator: offers its stake for deposits, pays withdrawals from its own wallet, burns for vaults and
// takes them. Each turn looks at Bitcoin, at the layer 2 and at its records, and does what is due; nothing
// that is to be done is remembered apart from these, so that a restart, a rollback or a reorg needs no case
// of its own.
#pragma once

#include "app/daemon/bridge/chain_feed.h"
#include "app/daemon/bridge/l2_sender.h"
#include "app/daemon/bridge/relay_link.h"
#include "app/daemon/bridge/request_book.h"
#include "app/daemon/bridge/turns.h"
#include "app/daemon/operator/operator_policy.h"
#include "app/daemon/operator/operator_wallet.h"
#include "core/bridge/states.h"

namespace bowline::daemon {

/// The key file's key is none of the network's operators.
inline constexpr base::ErrorCode kNotAnOperator{"daemon.not-an-operator"};

class Operator : public Role {
public:
    Operator(const RoleContext& context, bridge::ContextPtr bridge, const net::Endpoint& sequencer,
             std::unique_ptr<OperatorPolicy> policy);
    /// Before start().
    [[nodiscard]] base::Status open();

    void addMethods(net::Dispatcher& dispatcher) override;
    base::Status start(const Publish& publish) override;
    void stop() override;
    void describe(net::json::object& info) const override;

private:
    /// A deposit in whose ceremony a funding of ours takes part.
    struct Offered {
        FundingRecord funding;
        bridge::CeremonyLog log;
        bool posted = false;
    };
    /// A graph of ours with all its signatures.
    struct Owned {
        bridge::DepositGraph graph;
        bridge::TakeSignatures take;
        [[nodiscard]] const bridge::OperatorGraph& own(const base::XOnlyPublicKey& key) const
        {
            return *graph.find(key);
        }
    };
    /// A transaction of the bridge that waits for a block.
    struct Waiting {
        base::Height since;
        base::FeeRate rate;
    };

    /// The own records of one acceptance of a withdrawal.
    using Payments = std::vector<const PaymentRecord*>;

    void turn();
    void onMessage(const bridge::Message& message);
    /// The state is not about to vanish: the Bitcoin block of the own head is on the best chain. Nothing is promised or
    /// paid on another one.
    [[nodiscard]] bool headStands() const;
    /// And it is the only one that the sequencer signed, and no other one was sealed (rule A2).
    [[nodiscard]] bool mayPromise() const;
    /// The batch of the newest transaction of this kind with this reference is sealed k deep (rule A2), and proven, unless the
    /// owner of this node does without: then bitcoin may leave for it.
    [[nodiscard]] bool isSure(l2::TxType kind, std::uint64_t reference) const;
    /// Proofs come in time for what is accepted now.
    [[nodiscard]] bool isProvingInTime() const;

    // deposits.cpp
    [[nodiscard]] base::Status prepareFundings();
    void searchRequests();
    void openStanding();
    [[nodiscard]] base::Status makeOffers();
    [[nodiscard]] base::Status offerFor(const bridge::Deposit& deposit);
    void dropRequests();
    [[nodiscard]] base::Status collectGraphs();
    void askAgain(const bridge::Deposit& deposit);
    [[nodiscard]] base::Status releaseFundings();
    void openOffered(const FundingRecord& funding);
    void openOwned(const bridge::SignedGraph& kept);
    [[nodiscard]] bool fundingIsGood(const bitcoin::OutPoint& outpoint) const;
    [[nodiscard]] bool requestIsGood(const bridge::Deposit& deposit) const;

    // withdrawals.cpp
    [[nodiscard]] base::Status registerOperator();
    [[nodiscard]] base::Status acceptWithdrawals();
    using Withdrawals = std::map<std::uint64_t, l2::Withdrawal>;
    [[nodiscard]] base::Result<Withdrawals> withdrawals();
    [[nodiscard]] bool isAcceptable(const l2::Withdrawal& withdrawal, base::Amount spendable) const;
    [[nodiscard]] base::Amount costOf(base::Amount amount) const;
    [[nodiscard]] base::Result<base::Amount> spendableBesidePromises();

    // payments.cpp
    [[nodiscard]] base::Status payWithdrawals();
    [[nodiscard]] base::Result<bool> mayPay(std::uint64_t id, const l2::Withdrawal& withdrawal,
                                            const std::vector<PaymentRecord>& records);
    [[nodiscard]] base::Result<bool> isDead(const PaymentRecord& payment,
                                            const std::vector<PaymentRecord>& records);
    [[nodiscard]] base::Status followPayments();
    [[nodiscard]] base::Status followPayment(const Payments& records, const l2::Withdrawal* withdrawal);
    [[nodiscard]] base::Status provePayment(const PaymentRecord& payment, const ChainFeed::Sighting& mined);
    [[nodiscard]] base::Status hurry(const PaymentRecord& pending, const l2::Withdrawal* withdrawal);
    [[nodiscard]] bool isInVain(const PaymentRecord& pending, const l2::Withdrawal* withdrawal);

    // claims.cpp
    [[nodiscard]] base::Status claimVault();
    [[nodiscard]] base::Status followClaims();
    [[nodiscard]] base::Status followClaim(const Owned& owned);
    [[nodiscard]] base::Status finishClaim(std::string_view action, const bridge::OperatorGraph& own,
                                           std::uint64_t index, const bridge::ClaimStates& states);
    [[nodiscard]] base::Status voidForeignClaim(const Owned& owned);
    [[nodiscard]] base::Status sendAndBump(const bitcoin::Transaction& transaction, base::Amount fee);
    [[nodiscard]] bool isUnspent(const bitcoin::OutPoint& outpoint) const;
    [[nodiscard]] bridge::ClaimStates statesOf(const Owned& owned, const bridge::OperatorGraph& own) const;

    [[nodiscard]] const crypto::PrivateKey& key() const { return m_context.keys.key("operator"); }
    [[nodiscard]] base::Amount layerTwoBalance() const;

    RoleContext m_context;
    bridge::ContextPtr m_bridge;
    base::XOnlyPublicKey m_self;
    std::unique_ptr<OperatorPolicy> m_policy;
    Turns m_turns;
    ChainFeed m_feed;
    L2Sender m_sender;
    RelayLink m_relay;
    std::unique_ptr<OperatorWallet> m_wallet;
    RequestBook m_unseen; // requests that the chain does not show yet
    std::map<bridge::DepositTerms, bridge::CeremonyLog> m_requests; // those that it shows
    std::map<bridge::DepositTerms, Offered> m_offered;
    std::map<bridge::DepositTerms, Owned> m_owned;
    std::map<base::Txid, Waiting> m_waiting;
    /// Unconfirmed payments whose acceptance is not in the state, since when.
    std::map<base::Txid, base::Height> m_inVain;
    base::Amount m_accepting; // what the acceptance that is on its way will cost
    std::string m_trouble;    // the last turn's, logged once
    std::uint32_t m_turnNumber = 0;
};

[[nodiscard]] base::Result<RolePtr> makeOperator(const RoleContext& context);
[[nodiscard]] base::Result<RolePtr> makeOperator(const RoleContext& context,
                                                 std::unique_ptr<OperatorPolicy> policy);

} // namespace bowline::daemon
