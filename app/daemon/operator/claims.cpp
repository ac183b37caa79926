// SPDX-License-Identifier: MIT
// The operator's claims: burning for a vault, Kickoff, the window, Take1, and the end on the layer 2.
#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/operator/operator_role.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"

namespace bowline::daemon {

using base::Result;
using base::Status;

/// The most valuable vault of ours that the balance pays for, one claim at a time on its way. One whose Kickoff is on the
/// chain comes before all others: its burn fell out of a replay, and every member vetoes until it is made again.
Status Operator::claimVault()
{
    const auto self = operatorOf(m_context.node, m_self);
    if (!self || self->status != l2::OperatorStatus::Active || !m_sender.isIdle()) return base::success();
    std::vector<bridge::ClaimCandidate> candidates;
    std::vector<bridge::ClaimCandidate> urgent;
    std::map<bitcoin::OutPoint, const Owned*> byVault;
    for (const auto& [terms, owned] : m_owned) {
        const bitcoin::OutPoint outpoint = owned.graph.deposit().vault();
        const auto vault = vaultOf(m_context.node, outpoint);
        const bool live =
            vault && vault->status == l2::VaultStatus::Live && vault->graphRoot == owned.graph.root();
        // A live vault in the state may be gone on Bitcoin: an operator that took it and did not say so.
        if (!live || !isUnspent(outpoint) || !m_policy->mayClaim(outpoint)) continue;
        const bridge::OperatorGraph& own = owned.own(m_self);
        const bool stands = isUnspent({own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex});
        if (!stands && !fundingIsGood(own.offer().funding)) continue;
        (stands ? urgent : candidates).push_back({outpoint, vault->value});
        byVault[outpoint] = &owned;
    }
    const base::Amount fee = m_context.network.params.minFee;
    const auto chosen = urgent.empty() ? bridge::chooseClaim(std::move(candidates), layerTwoBalance(),
                                                             m_policy->reserve() + fee)
                                       : bridge::chooseClaim(std::move(urgent), layerTwoBalance(), fee);
    if (!chosen) return base::success();
    BOWLINE_TRY(const l2::ClaimVault payload, bridge::claimPayload(byVault.at(chosen->vault)->graph, m_self));
    BOWLINE_CHECK(m_sender.send(payload, key(), "claim of " + bitcoin::toString(chosen->vault)));
    return base::success();
}

bool Operator::isUnspent(const bitcoin::OutPoint& outpoint) const
{
    const bridge::OutputFact* fact = m_feed.facts().find(outpoint);
    return fact != nullptr && !fact->spentBy;
}

/// `own`: of the operator whose claim it is.
bridge::ClaimStates Operator::statesOf(const Owned& owned, const bridge::OperatorGraph& own) const
{
    bridge::ClaimStates states(m_bridge, owned.graph.deposit().vault(), own);
    m_feed.replay(states);
    const auto claim = claimOf(m_context.node, owned.graph.deposit().vault());
    const bool isIts = claim && claim->second.operatorKey == own.offer().operatorKey &&
                       claim->second.kickoff == own.kickoffTxid();
    states.batch(m_context.node.head().header.height, isIts ? std::optional(claim->second) : std::nullopt);
    return states;
}

Status Operator::followClaims()
{
    Status worst = base::success(); // what fails for one claim must not hold up the others
    for (const auto& [terms, owned] : m_owned) {
        for (const Status& done : {followClaim(owned), voidForeignClaim(owned)}) {
            if (!done.ok()) worst = done;
        }
    }
    return worst;
}

Status Operator::followClaim(const Owned& owned)
{
    const bridge::OperatorGraph& own = owned.own(m_self);
    const bridge::ClaimStates states = statesOf(owned, own);
    const l2::NetworkParams& params = m_context.network.params;
    const std::string action = states.timeline().nextAction;
    const auto claim = claimOf(m_context.node, owned.graph.deposit().vault());
    // A burn in a history that Bitcoin has not sealed is none to the members, who would veto.
    const bool claimed = hasLiveClaim(m_context.node, own, owned.graph.deposit().vault()) &&
                         isSure(l2::TxType::Claim, claim->first);
    if (!states.kickoffHeight() && !states.breach() && mayPromise() && m_policy->mayKickoff(own, claimed)) {
        BOWLINE_TRY(const bitcoin::Transaction kickoff, bridge::makeKickoff(own, key()));
        return sendAndBump(kickoff, params.kickoffFee);
    }
    if (action == "take") {
        BOWLINE_TRY(const bitcoin::Transaction take, bridge::makeTake(own, owned.take, key()));
        return sendAndBump(take, params.takeFee);
    }
    if (claim && (action == "settle" || action == "void"))
        return finishClaim(action, own, claim->first, states);
    return base::success();
}

/// A claim that was vetoed holds the vault until somebody says so; its operator may be off for good.
Status Operator::voidForeignClaim(const Owned& owned)
{
    const auto claim = claimOf(m_context.node, owned.graph.deposit().vault());
    if (!claim || claim->second.operatorKey == m_self) return base::success();
    const bridge::OperatorGraph* theirs = owned.graph.find(claim->second.operatorKey);
    if (theirs == nullptr) return base::success();
    const bridge::ClaimStates states = statesOf(owned, *theirs);
    if (states.timeline().nextAction != "void") return base::success();
    return finishClaim("void", *theirs, claim->first, states);
}

/// Tells the layer 2 how it ended: the take, or the transaction that made it impossible.
Status Operator::finishClaim(std::string_view action, const bridge::OperatorGraph& own, std::uint64_t index,
                             const bridge::ClaimStates& states)
{
    if (!m_sender.isIdle()) return base::success();
    const bool settles = action == "settle";
    const base::Txid txid = settles ? own.takeTxid() : states.breach()->second;
    const ChainFeed::Sighting* sighting = m_feed.find(txid);
    if (sighting == nullptr || !isProvable(m_context.node, sighting->height)) return base::success();
    const l2::Payload payload = settles ? l2::Payload{l2::ClaimSettle{index, sighting->proof}}
                                        : l2::Payload{l2::ClaimVoid{index, sighting->proof}};
    BOWLINE_CHECK(m_sender.send(payload, key(), std::string(action) + " of claim " + std::to_string(index)));
    return base::success();
}

/// Sends it once per life, and a child at twice the rate each time it has waited too long, up to the highest.
Status Operator::sendAndBump(const bitcoin::Transaction& transaction, base::Amount fee)
{
    const base::Txid txid = transaction.txid();
    const base::FeeRate own{fee.sat() * 1000 / transaction.virtualSize()};
    const auto [entry, isNew] = m_waiting.emplace(txid, Waiting{m_feed.tip(), own});
    Waiting& waiting = entry->second;
    if (isNew) {
        base::logInfo("operator", "sending " + txid.displayHex());
        return m_wallet->send(transaction);
    }
    if (m_feed.tip() < waiting.since + m_policy->patience()) return base::success();
    const auto higher = m_policy->higherRate(waiting.rate);
    if (!higher) return base::success();
    waiting.since = m_feed.tip();
    waiting.rate = *higher;
    base::logInfo("operator", "bumping " + txid.displayHex());
    return m_wallet->bump(transaction, fee, waiting.rate);
}

} // namespace bowline::daemon
