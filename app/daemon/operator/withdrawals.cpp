// SPDX-License-Identifier: MIT
// The operator's part in withdrawals: registering, accepting, paying once, and proving it.
#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/operator/operator_role.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"

#include <algorithm>

namespace bowline::daemon {

using base::Result;
using base::Status;

namespace {

/// Blocks that must be left of the pay window when a payment is begun: it has to be mined in time (A9).
constexpr std::uint32_t kPayMargin = 2;

} // namespace

Result<std::vector<std::pair<std::uint64_t, l2::Withdrawal>>> Operator::withdrawals()
{
    BOWLINE_TRY(const auto objects, m_context.node.store().objectsOfKind(l2::ObjectKind::Withdrawal));
    std::vector<std::pair<std::uint64_t, l2::Withdrawal>> out;
    for (const l2::StateObject& object : objects) {
        base::Reader reader(object.id.id);
        const std::uint64_t id = reader.u64le();
        BOWLINE_CHECK(reader.finish());
        BOWLINE_TRY(l2::Withdrawal withdrawal, l2::parseWithdrawal(object.value));
        out.emplace_back(id, std::move(withdrawal));
    }
    return out;
}

Status Operator::registerOperator()
{
    const l2::NetworkParams& params = m_context.network.params;
    const auto self = operatorOf(m_context.node, m_self);
    if ((self && self->status == l2::OperatorStatus::Active) || !m_sender.isIdle()) return base::success();
    if (layerTwoBalance() < params.operatorStake + params.minFee) return base::success();
    BOWLINE_CHECK(m_sender.send(l2::OperatorRegister{params.operatorStake}, key(), "registration"));
    return base::success();
}

bool Operator::isAcceptable(const l2::Withdrawal& withdrawal) const
{
    const l2::NetworkParams& params = m_context.network.params;
    const Result<l2::L1View> view = m_context.node.l1View();
    const bool abandoned = withdrawal.status == l2::WithdrawalStatus::Accepted &&
                           withdrawal.operatorKey != m_self && view.ok() &&
                           view->tipHeight >= withdrawal.payHeight + params.depth + params.reclaimMargin;
    if (withdrawal.status != l2::WithdrawalStatus::Requested && !abandoned) return false;
    const base::Amount fee = m_policy->feeRate().feeFor(OperatorPolicy::kPaymentSize);
    return layerTwoBalance() >= params.bondFor(withdrawal.amount) + params.minFee &&
           m_wallet->spendable() >= withdrawal.amount + fee + fee;
}

Status Operator::acceptWithdrawals()
{
    const auto self = operatorOf(m_context.node, m_self);
    if (!self || self->status != l2::OperatorStatus::Active || !m_sender.isIdle()) return base::success();
    BOWLINE_TRY(const auto all, withdrawals());
    // Two blocks for a view that is honestly behind ours; on an older one there would be no time left to pay.
    const base::Height least = m_feed.tip() + (std::max(m_context.network.params.payWindow, 2U) - 2);
    for (const auto& [id, withdrawal] : all) {
        if (!isAcceptable(withdrawal) || !m_policy->mayAccept(id, withdrawal)) continue;
        BOWLINE_CHECK(m_sender.send(l2::WithdrawAccept{id, least}, key(), "acceptance of " + std::to_string(id)));
        return base::success(); // the next one when this one is in a batch: the bond changes the balance
    }
    return base::success();
}

/// One payment per acceptance, ever: the record that says so is written together with the transaction.
Status Operator::payWithdrawals()
{
    BOWLINE_TRY(const auto all, withdrawals());
    BOWLINE_TRY(const auto payments, m_wallet->payments());
    Status worst = base::success(); // a payment that is too large for now must not hold up the others
    for (const auto& [number, withdrawal] : all) {
        const std::uint64_t id = number;
        if (withdrawal.status != l2::WithdrawalStatus::Accepted || withdrawal.operatorKey != m_self) continue;
        const bool paid = std::any_of(payments.begin(), payments.end(), [&](const PaymentRecord& payment) {
            return payment.id == id && payment.acceptance == withdrawal.acceptance;
        });
        if (paid || m_feed.tip() + kPayMargin > withdrawal.payHeight || !m_policy->mayPay(id, withdrawal))
            continue;
        m_feed.watch({withdrawal.script}, m_feed.tip());
        const auto made = m_wallet->pay(
            bridge::paymentOutputs(m_bridge->chainId, id, withdrawal), m_policy->feeRate(),
            [&](wallet::WalletStore& store, const bitcoin::Transaction& transaction) {
                return OperatorWallet::putPayment(store, {id, withdrawal.acceptance, transaction});
            });
        if (made.ok()) {
            base::logInfo("operator",
                          "paid withdrawal " + std::to_string(id) + " by " + made->txid().displayHex());
        } else {
            worst = made.error();
        }
    }
    return worst;
}

Status Operator::provePayments()
{
    BOWLINE_TRY(const auto all, withdrawals());
    BOWLINE_TRY(const auto payments, m_wallet->payments());
    Status worst = base::success();
    for (const PaymentRecord& payment : payments) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto& entry) { return entry.first == payment.id; });
        if (found == all.end() || found->second.status != l2::WithdrawalStatus::Accepted ||
            found->second.acceptance != payment.acceptance || found->second.operatorKey != m_self) {
            continue;
        }
        const ChainFeed::Sighting* mined = m_feed.find(payment.transaction.txid());
        if (mined == nullptr) {
            const Status bumped = bumpPayment(payment);
            if (!bumped.ok()) worst = bumped;
            continue;
        }
        if (!m_sender.isIdle() || !isProvable(m_context.node, mined->height)) continue;
        BOWLINE_CHECK(m_sender.send(l2::WithdrawProve{payment.id, mined->proof}, key(),
                                    "proof of payment " + std::to_string(payment.id)));
    }
    return worst;
}

/// A payment that waits too long gets a child, from the wallet's own change.
Status Operator::bumpPayment(const PaymentRecord& payment)
{
    const base::Txid txid = payment.transaction.txid();
    const auto [entry, isNew] = m_waiting.emplace(txid, Waiting{m_feed.tip(), m_policy->feeRate()});
    Waiting& waiting = entry->second;
    if (isNew || m_feed.tip() < waiting.since + m_policy->patience()) return base::success();
    waiting.since = m_feed.tip();
    waiting.rate = {waiting.rate.satPerKvb * 2};
    return m_wallet->bumpOwn(txid, waiting.rate);
}

} // namespace bowline::daemon
