// SPDX-License-Identifier: MIT
// The operator: offers its stake for deposits, pays withdrawals from its own wallet, burns for vaults and
// takes them. Each turn looks at Bitcoin, at the layer 2 and at its records, and does what is due; nothing
// that is to be done is remembered apart from these, so that a restart, a rollback or a reorg needs no case
// of its own.
#pragma once

#include "app/daemon/bridge/chain_feed.h"
#include "app/daemon/bridge/l2_sender.h"
#include "app/daemon/bridge/relay_link.h"
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

    void turn();
    void onMessage(const bridge::Message& message);

    // deposits.cpp
    [[nodiscard]] base::Status prepareFundings();
    [[nodiscard]] base::Status makeOffers();
    [[nodiscard]] base::Status offerFor(const bridge::DepositTerms& terms);
    [[nodiscard]] base::Status collectGraphs();
    [[nodiscard]] base::Status releaseFundings();
    void openOffered(const FundingRecord& funding);
    void openOwned(const bridge::SignedGraph& kept);
    [[nodiscard]] bool fundingIsGood(const bitcoin::OutPoint& outpoint) const;
    [[nodiscard]] bool requestIsGood(const bridge::Deposit& deposit) const;

    // withdrawals.cpp
    [[nodiscard]] base::Status registerOperator();
    [[nodiscard]] base::Status acceptWithdrawals();
    [[nodiscard]] base::Status payWithdrawals();
    [[nodiscard]] base::Status provePayments();
    [[nodiscard]] base::Status bumpPayment(const PaymentRecord& payment);
    [[nodiscard]] base::Result<std::vector<std::pair<std::uint64_t, l2::Withdrawal>>> withdrawals();
    [[nodiscard]] bool isAcceptable(const l2::Withdrawal& withdrawal) const;

    // claims.cpp
    [[nodiscard]] base::Status claimVault();
    [[nodiscard]] base::Status followClaims();
    [[nodiscard]] base::Status followClaim(const Owned& owned);
    [[nodiscard]] base::Status finishClaim(std::string_view action, const Owned& owned, std::uint64_t index,
                                           const bridge::ClaimStates& states);
    [[nodiscard]] base::Status sendAndBump(const bitcoin::Transaction& transaction, base::Amount fee);
    [[nodiscard]] bridge::ClaimStates statesOf(const Owned& owned) const;

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
    std::map<bitcoin::OutPoint, bridge::DepositTerms> m_requests;    // posted on the relay, by request
    std::map<base::Digest, std::vector<bridge::Message>> m_messages; // by topic
    std::map<bitcoin::OutPoint, Offered> m_offered;                  // by request
    std::map<bitcoin::OutPoint, Owned> m_owned;                      // by request
    std::map<base::Txid, Waiting> m_waiting;
    std::string m_trouble; // the last turn's, logged once
};

[[nodiscard]] base::Result<RolePtr> makeOperator(const RoleContext& context);
[[nodiscard]] base::Result<RolePtr> makeOperator(const RoleContext& context,
                                                 std::unique_ptr<OperatorPolicy> policy);

} // namespace bowline::daemon
