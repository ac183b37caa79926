// SPDX-License-Identifier: MIT
// The operator's part in deposits: fundings, offers, and the signatures it finds in the ceremony's messages.
#include "app/daemon/operator/operator_role.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"

#include <algorithm>

namespace bowline::daemon {

using base::Result;
using base::Status;

namespace {
constexpr std::size_t kFundingsAtOnce = 20; // outputs of one transaction that stays small enough to be bumped
constexpr std::uint32_t kAskAgainTurns = 10; // of about a second
} // namespace

void Operator::openOffered(const FundingRecord& funding)
{
    const auto deposit = bridge::Deposit::create(m_bridge, *funding.bound);
    if (!deposit.ok()) return;
    auto known = m_requests.extract(*funding.bound);
    bridge::CeremonyLog log = known ? std::move(known.mapped()) : bridge::CeremonyLog(*deposit);
    m_offered.emplace(*funding.bound, Offered{funding, std::move(log), false});
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
    // The others' Kickoffs and what becomes of them concern us: a claim that failed holds the vault.
    std::vector<base::Bytes> scripts{graph->deposit().vaultOutput().scriptPubKey};
    for (const bridge::OperatorGraph& each : graph->operators()) {
        scripts.push_back(each.fundingOutput().scriptPubKey);
        scripts.push_back(each.connectorScripts().scriptPubKey());
    }
    m_feed.watch(scripts, {});
    m_owned.emplace(kept.terms, Owned{std::move(*graph), kept.takes.at(which)});
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

/// A request older than the refund time is of no use to anybody.
void Operator::searchRequests()
{
    const base::Height tip = m_feed.tip();
    m_feed.watch(m_unseen.takeScripts(),
                 {tip.value - std::min(tip.value, m_context.network.params.refundBlocks)});
}

void Operator::openStanding()
{
    for (RequestBook::Standing& found : m_unseen.takeStanding(m_feed.facts())) {
        const bridge::DepositTerms terms = found.deposit.terms();
        if (m_offered.contains(terms)) continue;
        const auto [entry, isNew] = m_requests.emplace(terms, bridge::CeremonyLog(std::move(found.deposit)));
        for (const bridge::Message& message : found.messages) entry->second.add(message);
    }
}

/// Those that nobody can make anything of any more.
void Operator::dropRequests()
{
    std::erase_if(m_requests, [this](const auto& entry) {
        const bridge::OutputFact* fact = m_feed.facts().find(entry.first.request);
        return fact != nullptr &&
               (fact->spentBy ||
                bridge::halfOfRefundTimePassed(m_context.network.params, fact->height, m_feed.tip()));
    });
}

/// Keeps some funding outputs ready beside what the open requests need. They are recorded together with the transaction
/// that makes them.
Status Operator::prepareFundings()
{
    BOWLINE_TRY(const auto records, m_wallet->fundings());
    const auto asked = std::count_if(m_requests.begin(), m_requests.end(), [this](const auto& request) {
        return requestIsGood(request.second.deposit());
    });
    const std::size_t wanted =
        m_policy->preparedFundings() + std::min(static_cast<std::size_t>(asked), kFundingsAtOnce);
    std::size_t free = 0;
    for (const FundingRecord& record : records) {
        const bridge::OutputFact* fact = m_feed.facts().find(record.outpoint);
        if (!record.bound && (fact == nullptr || !fact->spentBy)) ++free;
    }
    if (free >= wanted) return base::success();
    BOWLINE_TRY(const bitcoin::TxOut funding, bridge::kickoffFunding(m_context.network.params, m_self));
    // A payment that was promised comes first: its bond is at stake.
    BOWLINE_TRY(const base::Amount spendable, spendableBesidePromises());
    std::size_t count = wanted - free;
    while (count > 0 && spendable < funding.value * static_cast<std::int64_t>(count + 1)) --count;
    if (count == 0) return base::success();
    const auto made =
        m_wallet->pay(std::vector(count, funding), m_policy->feeRate(),
                      [count](wallet::WalletStore& store, const bitcoin::Transaction& transaction) -> Status {
                          for (std::uint32_t i = 0; i < count; ++i) {
                              BOWLINE_CHECK(OperatorWallet::putFunding(
                                  store, FundingRecord{{transaction.txid(), i}, std::nullopt, {}}));
                          }
                          return base::success();
                      });
    if (made.ok()) {
        base::logInfo("operator", std::to_string(count) + " fundings in " + made->txid().displayHex());
    }
    return made.ok() ? base::success() : Status(made.error());
}

Status Operator::makeOffers()
{
    Status worst = base::success(); // what fails for one deposit must not hold up the others
    dropRequests();
    std::vector<bridge::Deposit> wanted; // an offer takes its request out of the map
    for (const auto& [terms, log] : m_requests) {
        if (requestIsGood(log.deposit()) && m_policy->mayOffer(terms)) wanted.push_back(log.deposit());
    }
    for (const bridge::Deposit& deposit : wanted) {
        const Status done = offerFor(deposit);
        if (!done.ok()) worst = done;
    }
    for (auto& [terms, offered] : m_offered) {
        // Once per life: the relay may have lost it.
        if (offered.posted || !requestIsGood(offered.log.deposit())) continue;
        m_relay.post(offered.funding.offer);
        offered.posted = true;
    }
    return worst;
}

/// Binds a free funding to the deposit. The record is on disk before the offer leaves.
Status Operator::offerFor(const bridge::Deposit& deposit)
{
    BOWLINE_TRY(const auto records, m_wallet->fundings());
    for (FundingRecord record : records) {
        if (record.bound || !fundingIsGood(record.outpoint)) continue;
        BOWLINE_TRY(const bitcoin::Script payout, m_wallet->payoutScript());
        BOWLINE_TRY(const bridge::Message offer,
                    bridge::makeOffer(deposit, {m_self, record.outpoint, payout}, key()));
        record.bound = deposit.terms();
        record.offer = offer.serialize();
        BOWLINE_CHECK(m_wallet->putFunding(record));
        openOffered(record);
        base::logInfo("operator", "offer for " + bitcoin::toString(deposit.terms().request));
        return base::success();
    }
    return base::success();
}

/// A vault whose signatures never came: the relay left something out. Without them there is no Take1.
void Operator::askAgain(const bridge::Deposit& deposit)
{
    if (m_turnNumber % kAskAgainTurns != 0) return;
    const ChainFeed::Sighting* spender = m_feed.spenderOf(deposit.terms().request);
    if (spender != nullptr && spender->txid == deposit.confirmTxid()) m_relay.readAgain(deposit.id());
}

/// Partial signatures are public: whoever reads the relay can add them up.
Status Operator::collectGraphs()
{
    for (auto& [terms, offered] : m_offered) {
        if (m_owned.contains(terms)) continue;
        static_cast<void>(offered.log.takeEvidence()); // the members keep it
        const bridge::Attempt* attempt = offered.log.signedAttempt();
        if (attempt == nullptr) askAgain(offered.log.deposit());
        if (attempt == nullptr || attempt->graph().find(m_self) == nullptr) continue;
        BOWLINE_CHECK(m_wallet->putGraph(*attempt->signedGraph()));
        openOwned(*attempt->signedGraph());
        base::logInfo("operator", "Take1 of " + bitcoin::toString(terms.request) + " is signed");
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
        offered = m_offered.erase(offered);
    }
    return base::success();
}

} // namespace bowline::daemon
