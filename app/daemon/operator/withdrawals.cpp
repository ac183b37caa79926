// SPDX-License-Identifier: MIT
// The operator's part in withdrawals up to the promise: registering and accepting.
#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/operator/operator_role.h"
#include "core/base/log.h"
#include "core/bridge/operator.h"

#include <algorithm>

namespace bowline::daemon {

using base::Result;
using base::Status;

Result<Operator::Withdrawals> Operator::withdrawals()
{
    BOWLINE_TRY(const auto objects, m_context.node.store().objectsOfKind(l2::ObjectKind::Withdrawal));
    Withdrawals out;
    for (const l2::StateObject& object : objects) {
        base::Reader reader(object.id.id);
        const std::uint64_t id = reader.u64le();
        BOWLINE_CHECK(reader.finish());
        BOWLINE_TRY(l2::Withdrawal withdrawal, l2::parseWithdrawal(object.value));
        out.emplace(id, std::move(withdrawal));
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

/// What a payment of it takes out of the wallet at most before somebody has to think about it.
base::Amount Operator::costOf(base::Amount amount) const
{
    return amount + m_policy->feeRate().feeFor(OperatorPolicy::kPaymentSize) * 2;
}

/// The wallet's coins less what was promised and is not paid yet. A promise that is on its way counts.
Result<base::Amount> Operator::spendableBesidePromises()
{
    BOWLINE_TRY(const Withdrawals all, withdrawals());
    BOWLINE_TRY(const auto payments, m_wallet->payments());
    base::Amount promised = m_accepting;
    for (const auto& [id, withdrawal] : all) {
        if (withdrawal.status != l2::WithdrawalStatus::Accepted || withdrawal.operatorKey != m_self) continue;
        BOWLINE_TRY(const bool open, mayPay(id, withdrawal, payments));
        if (open) promised += costOf(withdrawal.amount);
    }
    return std::max(m_wallet->spendable() - promised, base::Amount());
}

bool Operator::isAcceptable(const l2::Withdrawal& withdrawal, base::Amount spendable) const
{
    const l2::NetworkParams& params = m_context.network.params;
    const Result<l2::L1View> view = m_context.node.l1View();
    const bool abandoned = withdrawal.status == l2::WithdrawalStatus::Accepted &&
                           withdrawal.operatorKey != m_self && view.ok() &&
                           view->tipHeight >= withdrawal.payHeight + params.depth + params.reclaimMargin;
    if (withdrawal.status != l2::WithdrawalStatus::Requested && !abandoned) return false;
    return layerTwoBalance() >= params.bondFor(withdrawal.amount) + params.minFee &&
           spendable >= costOf(withdrawal.amount);
}

Status Operator::acceptWithdrawals()
{
    const auto self = operatorOf(m_context.node, m_self);
    if (!self || self->status != l2::OperatorStatus::Active || !m_sender.isIdle()) return base::success();
    if (!isProvingInTime()) return base::success();
    BOWLINE_TRY(const Withdrawals all, withdrawals());
    BOWLINE_TRY(const base::Amount spendable, spendableBesidePromises());
    // Two blocks for a view that is honestly behind ours; on an older one there would be no time left to pay.
    const base::Height least = m_feed.tip() + (std::max(m_context.network.params.payWindow, 2U) - 2);
    for (const auto& [id, withdrawal] : all) {
        if (!isAcceptable(withdrawal, spendable) || !m_policy->mayAccept(id, withdrawal)) continue;
        BOWLINE_CHECK(
            m_sender.send(l2::WithdrawAccept{id, least}, key(), "acceptance of " + std::to_string(id)));
        m_accepting = costOf(withdrawal.amount);
        return base::success(); // the next one when this one is in a batch: the bond changes the balance
    }
    return base::success();
}

} // namespace bowline::daemon
