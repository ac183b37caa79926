// SPDX-License-Identifier: MIT
// The operator's part in deposits: fundings, offers, and the signatures it finds in the ceremony's messages.
#include "app/daemon/operator/operator_role.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"

namespace bowline::daemon {

using base::Result;
using base::Status;

void Operator::openOffered(const FundingRecord& funding)
{
    const auto deposit = bridge::Deposit::create(m_bridge, *funding.bound);
    if (!deposit.ok()) return;
    const auto [entry, isNew] =
        m_offered.emplace(funding.bound->request, Offered{funding, bridge::CeremonyLog(*deposit), false});
    if (!isNew) return;
    for (const bridge::Message& message : m_messages[deposit->id()]) entry->second.log.add(message);
    m_feed.watch({deposit->requestOutput().scriptPubKey}, {});
}

void Operator::openOwned(const bridge::SignedGraph& kept)
{
    auto graph = kept.open(m_bridge);
    if (!graph.ok() || graph->find(m_self) == nullptr) {
        base::logError("operator", "a kept graph does not verify");
        return;
    }
    const auto which = static_cast<std::size_t>(graph->find(m_self) - graph->operators().data());
    const bridge::OperatorGraph& own = graph->operators()[which];
    m_feed.watch({graph->deposit().vaultOutput().scriptPubKey, own.connectorScripts().scriptPubKey()}, {});
    m_owned.emplace(kept.terms.request, Owned{std::move(*graph), kept.takes.at(which)});
}

bool Operator::fundingIsGood(const bitcoin::OutPoint& outpoint) const
{
    const bridge::OutputFact* fact = m_feed.facts().find(outpoint);
    return fact != nullptr && !fact->spentBy &&
           fact->output.value == bridge::kickoffFundingValue(m_context.network.params) &&
           bridge::isDeep(fact->height, m_feed.tip(), m_context.network.params.depth);
}

bool Operator::requestIsGood(const bridge::Deposit& deposit) const
{
    const bridge::OutputFact* fact = m_feed.facts().find(deposit.terms().request);
    return fact != nullptr && !fact->spentBy && fact->output == deposit.requestOutput() &&
           bridge::isDeep(fact->height, m_feed.tip(), m_context.network.params.depth) &&
           !bridge::halfOfRefundTimePassed(m_context.network.params, fact->height, m_feed.tip());
}

/// Keeps some funding outputs ready. Each is recorded together with the transaction that makes it.
Status Operator::prepareFundings()
{
    BOWLINE_TRY(const auto records, m_wallet->fundings());
    std::size_t free = 0;
    for (const FundingRecord& record : records) {
        const bridge::OutputFact* fact = m_feed.facts().find(record.outpoint);
        if (!record.bound && (fact == nullptr || !fact->spentBy)) ++free;
    }
    BOWLINE_TRY(const bitcoin::TxOut funding, bridge::kickoffFunding(m_context.network.params, m_self));
    if (free >= m_policy->preparedFundings() || m_wallet->spendable() < funding.value * 2)
        return base::success();
    const auto made = m_wallet->pay({funding}, m_policy->feeRate(),
                                    [](wallet::WalletStore& store, const bitcoin::Transaction& transaction) {
                                        return OperatorWallet::putFunding(
                                            store, FundingRecord{{transaction.txid(), 0}, std::nullopt, {}});
                                    });
    if (made.ok()) base::logInfo("operator", "funding " + made->txid().displayHex());
    return made.ok() ? base::success() : Status(made.error());
}

Status Operator::makeOffers()
{
    Status worst = base::success(); // what fails for one deposit must not hold up the others
    for (const auto& [request, terms] : m_requests) {
        if (m_offered.contains(request)) continue;
        const Status done = offerFor(terms);
        if (!done.ok()) worst = done;
    }
    for (auto& [request, offered] : m_offered) {
        // Once per life: the relay may have lost it.
        if (offered.posted || !requestIsGood(offered.log.deposit())) continue;
        m_relay.post(offered.funding.offer);
        offered.posted = true;
    }
    return worst;
}

/// Binds a free funding to the deposit. The record is on disk before the offer leaves.
Status Operator::offerFor(const bridge::DepositTerms& terms)
{
    BOWLINE_TRY(const bridge::Deposit deposit, bridge::Deposit::create(m_bridge, terms));
    if (!requestIsGood(deposit) || !m_policy->mayOffer(terms)) return base::success();
    BOWLINE_TRY(const auto records, m_wallet->fundings());
    for (FundingRecord record : records) {
        if (record.bound || !fundingIsGood(record.outpoint)) continue;
        BOWLINE_TRY(const bitcoin::Script payout, m_wallet->payoutScript());
        BOWLINE_TRY(const bridge::Message offer,
                    bridge::makeOffer(deposit, {m_self, record.outpoint, payout}, key()));
        record.bound = terms;
        record.offer = offer.serialize();
        BOWLINE_CHECK(m_wallet->putFunding(record));
        openOffered(record);
        base::logInfo("operator", "offer for " + bitcoin::toString(terms.request));
        return base::success();
    }
    return base::success();
}

/// Partial signatures are public: whoever reads the relay can add them up.
Status Operator::collectGraphs()
{
    for (auto& [request, offered] : m_offered) {
        if (m_owned.contains(request)) continue;
        static_cast<void>(offered.log.takeEvidence()); // the members keep it
        const bridge::Attempt* attempt = offered.log.signedAttempt();
        if (attempt == nullptr || attempt->graph().find(m_self) == nullptr) continue;
        BOWLINE_CHECK(m_wallet->putGraph(*attempt->signedGraph()));
        openOwned(*attempt->signedGraph());
        base::logInfo("operator", "Take1 of " + bitcoin::toString(request) + " is signed");
    }
    return base::success();
}

/// A deposit that was refunded, and deeply so, gives its funding back.
Status Operator::releaseFundings()
{
    const l2::NetworkParams& params = m_context.network.params;
    for (auto offered = m_offered.begin(); offered != m_offered.end();) {
        const bridge::Deposit& deposit = offered->second.log.deposit();
        const ChainFeed::Sighting* spender = m_feed.spenderOf(deposit.terms().request);
        const bool refunded =
            spender != nullptr && spender->txid != deposit.confirmTxid() &&
            bridge::isDeep(spender->height, m_feed.tip(), params.depth + params.reclaimMargin);
        if (!refunded) {
            ++offered;
            continue;
        }
        BOWLINE_CHECK(
            m_wallet->putFunding(FundingRecord{offered->second.funding.outpoint, std::nullopt, {}}));
        m_requests.erase(offered->first);
        offered = m_offered.erase(offered);
    }
    return base::success();
}

} // namespace bowline::daemon
