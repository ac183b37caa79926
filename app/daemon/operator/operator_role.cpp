// SPDX-License-Identifier: MIT
#include "app/daemon/operator/operator_role.h"

#include "app/daemon/bridge/bridge_state.h"
#include "core/base/log.h"
#include "core/bitcoin/address.h"
#include "core/bridge/operator.h"
#include "core/l2/address.h"

namespace bowline::daemon {

namespace json = net::json;
using base::Result;
using base::Status;
using bridge::Message;

Operator::Operator(const RoleContext& context, bridge::ContextPtr bridge, const net::Endpoint& sequencer,
                   std::unique_ptr<OperatorPolicy> policy)
    : m_context(context), m_bridge(std::move(bridge)), m_self(context.keys.key("operator").xOnlyPublicKey()),
      m_policy(std::move(policy)), m_turns(context.executor, [this] { turn(); }),
      m_feed(context.executor, context.bitcoin, context.network.params.checkpointHeight,
             [this] { m_turns.wake(); }),
      m_sender(context.executor, sequencer, context.node, [this] { m_turns.wake(); }),
      m_relay(context.executor, sequencer, m_bridge->chainId,
              {[this](const Message& message) { onMessage(message); }, [this] { m_turns.wake(); }}),
      m_unseen(m_bridge)
{
}

Status Operator::open()
{
    BOWLINE_TRY(m_wallet, OperatorWallet::open(m_context, [this] { m_turns.wake(); }));
    return base::success();
}

void Operator::addMethods(net::Dispatcher&) {}

Status Operator::start(const Publish&)
{
    BOWLINE_TRY(const bitcoin::TxOut funding, bridge::kickoffFunding(m_context.network.params, m_self));
    m_feed.start({funding.scriptPubKey});
    BOWLINE_TRY(const auto fundings, m_wallet->fundings());
    for (const FundingRecord& record : fundings) {
        if (record.bound) openOffered(record);
    }
    BOWLINE_TRY(const auto graphs, m_wallet->graphs());
    for (const bridge::SignedGraph& graph : graphs) openOwned(graph);
    BOWLINE_TRY(const auto payments, m_wallet->payments());
    for (const PaymentRecord& payment : payments) {
        m_feed.watch({payment.transaction.outputs.at(0).scriptPubKey}, {});
    }
    m_context.node.onHead([this](const HeadChange&) { m_turns.wake(); });
    m_context.seals.onChange([this] { m_turns.wake(); });
    m_context.proven.onChange([this] { m_turns.wake(); });
    m_wallet->start();
    m_relay.start();
    m_turns.start();
    return base::success();
}

void Operator::stop()
{
    m_turns.stop();
    m_relay.stop();
    m_sender.stop();
    m_feed.stop();
    m_wallet->stop();
}

void Operator::describe(json::object& info) const
{
    const auto network = m_context.network.params.bitcoinNetwork;
    const auto script = m_wallet->payoutScript();
    const auto address =
        script.ok() ? bitcoin::addressFromScript(*script, network) : Result<std::string>(script.error());
    const auto self = operatorOf(m_context.node, m_self);
    info["operator"] = m_self.hex();
    info["bitcoin_address"] = address.valueOr("");
    info["bitcoin_spendable"] = m_wallet->spendable().sat();
    info["layer2_account"] = l2::accountText(m_self, network);
    info["layer2_balance"] = layerTwoBalance().sat();
    info["registered"] = self && self->status == l2::OperatorStatus::Active;
    info["offers"] = m_offered.size();
    info["graphs"] = m_owned.size();
    info["pay_for"] = m_context.options.payFor == PayFor::Proven ? "proven" : "sealed";
}

base::Amount Operator::layerTwoBalance() const
{
    const Result<l2::Account> account = m_context.node.account(m_self);
    return account.ok() ? account->btc : base::Amount();
}

void Operator::onMessage(const Message& message)
{
    m_unseen.add(message);
    for (auto& [terms, log] : m_requests) log.add(message);
    for (auto& [terms, offered] : m_offered) offered.log.add(message);
}

bool Operator::headStands() const
{
    return m_context.node.placeOf(m_context.node.head().header) == L1Place::Stands;
}

bool Operator::mayPromise() const { return headStands() && !m_context.seals.isHistoryInDoubt(); }

bool Operator::isSure(l2::TxType kind, std::uint64_t reference) const
{
    if (!m_context.seals.isSealedDeep(kind, reference)) return false;
    return m_context.options.payFor == PayFor::Sealed || m_context.proven.isProven(kind, reference);
}

/// An acceptance that is not proven before its pay height costs the bond.
bool Operator::isProvingInTime() const
{
    if (m_context.options.payFor == PayFor::Sealed) return true;
    const std::optional<proven::Head> proven = m_context.proven.head();
    const l2::NetworkParams& params = m_context.network.params;
    return proven && proven->l1Height + (params.depth + params.payWindow / 2) >= m_feed.tip();
}

void Operator::turn()
{
    // All of it needs Bitcoin and the own records; a relay or a sequencer that is silent stops nothing else.
    if (!m_feed.isCurrent() || !m_wallet->wallet().isSynced()) return;
    ++m_turnNumber;
    m_sender.poll();
    if (m_sender.isIdle()) m_accepting = {};
    searchRequests();
    openStanding();
    enum class Needs { Chain, SureHead, Relay };
    struct Part {
        std::string_view name;
        Status (Operator::*run)();
        Needs needs = Needs::Chain;
    };
    // What earns or saves money that is already out comes first. One failing part must not stop the others.
    static constexpr Part kParts[] = {
        {"collecting graphs", &Operator::collectGraphs},
        {"claims", &Operator::followClaims},
        {"payments that are out", &Operator::followPayments},
        {"payments", &Operator::payWithdrawals, Needs::SureHead},
        {"registration", &Operator::registerOperator, Needs::SureHead},
        {"acceptances", &Operator::acceptWithdrawals, Needs::SureHead},
        {"offers", &Operator::makeOffers, Needs::Relay},
        {"claiming", &Operator::claimVault, Needs::SureHead},
        {"free fundings", &Operator::releaseFundings},
        {"new fundings", &Operator::prepareFundings},
    };
    std::string trouble;
    for (const Part& part : kParts) {
        if (part.needs == Needs::SureHead && !mayPromise()) continue;
        if (part.needs == Needs::Relay && (!m_relay.isCurrent() || m_context.seals.isHistoryInDoubt()))
            continue;
        const Status done = (this->*part.run)();
        if (done.ok()) continue;
        trouble += std::string(part.name) + ": " + std::string(done.error().code.name()) + ' ' +
                   done.error().detail + "; ";
    }
    if (!trouble.empty() && trouble != m_trouble) base::logWarning("operator", trouble);
    m_trouble = trouble;
}

Result<RolePtr> makeOperator(const RoleContext& context, std::unique_ptr<OperatorPolicy> policy)
{
    BOWLINE_TRY(bridge::ContextPtr bridge, bridge::makeContext(context.network));
    if (!bridge->isOperator(context.keys.key("operator").xOnlyPublicKey()))
        return base::makeError(kNotAnOperator);
    BOWLINE_TRY(const net::Endpoint sequencer, sequencerOf(context.options, context.network));
    auto role = std::make_unique<Operator>(context, std::move(bridge), sequencer, std::move(policy));
    BOWLINE_CHECK(role->open());
    return RolePtr(std::move(role));
}

Result<RolePtr> makeOperator(const RoleContext& context)
{
    return makeOperator(
        context, std::make_unique<OperatorPolicy>(context.options.feeRate, context.options.maxFeeRate));
}

} // namespace bowline::daemon
