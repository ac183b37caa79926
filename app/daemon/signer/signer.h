// SPDX-License-Identifier: MIT
// The signer: a committee member. It takes part in the ceremonies of all deposits, sends the vaults'
// transactions and their mints, and watches every Kickoff of every graph it signed for: one without a burn in
// its own re-executed state it vetoes inside the window (rule A1).
#pragma once

#include "app/daemon/bridge/chain_feed.h"
#include "app/daemon/bridge/l2_sender.h"
#include "app/daemon/bridge/relay_link.h"
#include "app/daemon/bridge/request_book.h"
#include "app/daemon/bridge/turns.h"
#include "app/daemon/node/role.h"
#include "app/daemon/signer/signer_store.h"

#include <chrono>

namespace bowline::daemon {

/// The key file's keys are none of the committee's.
inline constexpr base::ErrorCode kNotAMember{"daemon.not-a-member"};

class Signer : public Role {
public:
    Signer(const RoleContext& context, bridge::ContextPtr bridge, std::size_t index, SignerStore store,
           const net::Endpoint& sequencer);

    void addMethods(net::Dispatcher& dispatcher) override;
    base::Status start(const Publish& publish) override;
    void stop() override;
    void describe(net::json::object& info) const override;

protected:
    /// What leaves for the relay. Virtual for tests that play a member which lies.
    [[nodiscard]] virtual std::vector<base::Bytes> toPost(std::vector<base::Bytes> messages)
    {
        return messages;
    }
    /// Whether this Kickoff must be vetoed now. Virtual for tests that play a signer which does not.
    [[nodiscard]] virtual bool mustVeto(const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault,
                                        base::Height kickoff) const;

private:
    using Clock = std::chrono::steady_clock;
    struct Running {
        std::unique_ptr<bridge::MemberCeremony> machine;
        Clock::time_point movedAt; // when it last heard something new, or asked for it again
    };

    void turn();
    void onMessage(const bridge::Message& message);
    void searchRequests();
    void openStanding();
    void openDeposit(bridge::Deposit deposit, bridge::MemberMemory memory,
                     const std::vector<bridge::Message>& messages);
    void runCeremonies();
    [[nodiscard]] base::Status stepCeremony(bridge::MemberCeremony& ceremony, bridge::ChainFacts& facts);
    [[nodiscard]] bool isRefunded(const bridge::Deposit& deposit) const;
    [[nodiscard]] bool isTooLate(const bridge::MemberCeremony& ceremony) const;
    void dropEnded();
    void repostSilent();
    void watchGraph(const bridge::SignedGraph& kept);
    void sendVault(const bridge::MemberCeremony& ceremony);
    [[nodiscard]] bridge::Burn sealedBurn(const bridge::OperatorGraph& graph,
                                          const bitcoin::OutPoint& vault) const;
    void watchKickoffs();
    [[nodiscard]] base::Status watchKickoff(const bridge::OperatorGraph& own, const bitcoin::OutPoint& vault);
    [[nodiscard]] std::vector<base::Bytes> fixedScripts() const;

    RoleContext m_context;
    bridge::ContextPtr m_bridge;
    std::size_t m_index;
    SignerStore m_store;
    Turns m_turns;
    ChainFeed m_feed;
    L2Sender m_sender;
    RelayLink m_relay;
    RequestBook m_requests;                                        // those that the chain does not show yet
    std::map<bridge::DepositTerms, Running> m_ceremonies;          // of requests that were seen
    std::map<bridge::DepositTerms, bridge::DepositGraph> m_graphs; // signed ones
    std::map<bitcoin::OutPoint, bitcoin::OutPoint> m_bound;        // fundings, see ChainFacts
    std::set<base::Txid> m_sent; // vaults and vetoes that the backend was given
};

[[nodiscard]] base::Result<RolePtr> makeSigner(const RoleContext& context);
/// The parts of makeSigner(), for tests with a class of their own.
struct SignerParts {
    bridge::ContextPtr bridge;
    std::size_t index = 0;
    SignerStore store;
    net::Endpoint sequencer;
};
[[nodiscard]] base::Result<SignerParts> signerParts(const RoleContext& context);

} // namespace bowline::daemon
