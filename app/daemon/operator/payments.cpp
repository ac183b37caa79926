// SPDX-License-Identifier: MIT
// Paying an accepted withdrawal once, and what becomes of the payment: proven when it is mined, hurried while it waits,
// taken back when it would come too late. A user must not get both the payment and the escrow, and an operator must
// not pay the same withdrawal twice, whatever a reorg does to the state.
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

bool conflicts(const bitcoin::Transaction& one, const bitcoin::Transaction& other)
{
    return std::any_of(one.inputs.begin(), one.inputs.end(), [&](const bitcoin::TxIn& input) {
        return std::any_of(other.inputs.begin(), other.inputs.end(),
                           [&](const bitcoin::TxIn& theirs) { return theirs.prevout == input.prevout; });
    });
}

} // namespace

Status Operator::payWithdrawals()
{
    BOWLINE_TRY(const Withdrawals all, withdrawals());
    BOWLINE_TRY(const auto records, m_wallet->payments());
    Status worst = base::success(); // a payment that is too large for now must not hold up the others
    for (const auto& entry : all) {
        const std::uint64_t id = entry.first;
        const l2::Withdrawal& withdrawal = entry.second;
        if (withdrawal.status != l2::WithdrawalStatus::Accepted || withdrawal.operatorKey != m_self) continue;
        // Bitcoin must say that this acceptance counts, and not one of another history; and it must be proven.
        if (!isSure(l2::TxType::WithdrawAccept, id)) continue;
        BOWLINE_TRY(const bool open, mayPay(id, withdrawal, records));
        if (!open || m_feed.tip() + kPayMargin > withdrawal.payHeight || !m_policy->mayPay(id, withdrawal))
            continue;
        m_feed.watch({withdrawal.script}, m_feed.tip());
        // The record that says so is written together with the transaction.
        const auto made = m_wallet->pay(
            bridge::paymentOutputs(m_bridge->chainId, id, withdrawal), m_policy->feeRate(),
            [&](wallet::WalletStore& store, const bitcoin::Transaction& transaction) {
                return OperatorWallet::putPayment(store, {id, withdrawal.acceptance, false, transaction});
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

/// No payment of the same amount to the same script for this withdrawal can still be mined, or is: also none for
/// another acceptance, whose number may have changed when the state was replayed.
Result<bool> Operator::mayPay(std::uint64_t id, const l2::Withdrawal& withdrawal,
                              const std::vector<PaymentRecord>& records)
{
    const bitcoin::TxOut paid{withdrawal.amount, withdrawal.script};
    for (const PaymentRecord& record : records) {
        const bool same = !record.takesBack && record.id == id && record.transaction.outputs.front() == paid;
        if (!same) continue;
        BOWLINE_TRY(const bool dead, isDead(record, records));
        if (!dead) return false;
    }
    return true;
}

/// Only the wallet itself can spend its coins otherwise, and what it spends for withdrawals is recorded.
Result<bool> Operator::isDead(const PaymentRecord& payment, const std::vector<PaymentRecord>& records)
{
    for (const PaymentRecord& other : records) {
        if (other.transaction == payment.transaction || !conflicts(other.transaction, payment.transaction))
            continue;
        BOWLINE_TRY(const auto mined, m_wallet->minedAt(other.transaction.txid()));
        if (mined && bridge::isDeep(*mined, m_feed.tip(), m_context.network.params.depth)) return true;
    }
    return false;
}

Status Operator::followPayments()
{
    BOWLINE_TRY(const Withdrawals all, withdrawals());
    BOWLINE_TRY(const auto records, m_wallet->payments());
    std::map<std::pair<std::uint64_t, std::uint32_t>, Payments> byAcceptance;
    for (const PaymentRecord& record : records) {
        byAcceptance[{record.id, record.acceptance}].push_back(&record);
    }
    Status worst = base::success();
    for (const auto& [acceptance, group] : byAcceptance) {
        const auto found = all.find(acceptance.first);
        const bool ours = found != all.end() && found->second.operatorKey == m_self &&
                          found->second.acceptance == acceptance.second;
        const Status done = followPayment(group, ours ? &found->second : nullptr);
        if (!done.ok()) worst = done;
    }
    return worst;
}

/// `withdrawal`: while its acceptance is the one that was paid for.
Status Operator::followPayment(const Payments& records, const l2::Withdrawal* withdrawal)
{
    const PaymentRecord* pending = nullptr;
    for (const PaymentRecord* record : records) {
        const base::Txid txid = record->transaction.txid();
        if (const ChainFeed::Sighting* mined = m_feed.find(txid)) {
            m_waiting.erase(txid); // a reorg may make it wait anew
            m_inVain.erase(txid);
            const bool counts =
                withdrawal != nullptr && withdrawal->status == l2::WithdrawalStatus::Accepted &&
                bridge::isPayment(record->transaction, m_bridge->chainId, record->id, *withdrawal);
            return counts ? provePayment(*record, *mined) : base::success();
        }
        BOWLINE_TRY(const auto rate, m_wallet->pendingRate(txid));
        if (rate) pending = record;
    }
    return pending != nullptr ? hurry(*pending, withdrawal) : base::success();
}

Status Operator::provePayment(const PaymentRecord& payment, const ChainFeed::Sighting& mined)
{
    if (!m_sender.isIdle() || !isProvable(m_context.node, mined.height)) return base::success();
    BOWLINE_CHECK(m_sender.send(l2::WithdrawProve{payment.id, mined.proof}, key(),
                                "proof of payment " + std::to_string(payment.id)));
    return base::success();
}

/// Mined now, it would earn nothing: the pay height is over, or its acceptance has left the state and did not come back
/// within the blocks that a replay takes.
bool Operator::isInVain(const PaymentRecord& pending, const l2::Withdrawal* withdrawal)
{
    const base::Txid txid = pending.transaction.txid();
    if (withdrawal != nullptr) {
        m_inVain.erase(txid);
        return withdrawal->status == l2::WithdrawalStatus::Accepted && m_feed.tip() >= withdrawal->payHeight;
    }
    if (!headStands()) return false;
    const base::Height since = m_inVain.try_emplace(txid, m_feed.tip()).first->second;
    const l2::NetworkParams& params = m_context.network.params;
    return m_feed.tip() >= since + (replayHold(params) + params.depth + m_policy->patience());
}

/// What waits too long is replaced at twice the rate; what is in vain is taken back, at whatever it takes.
Status Operator::hurry(const PaymentRecord& pending, const l2::Withdrawal* withdrawal)
{
    const base::Txid txid = pending.transaction.txid();
    BOWLINE_TRY(const auto rate, m_wallet->pendingRate(txid));
    const bool inVain = !pending.takesBack && isInVain(pending, withdrawal);
    const auto [entry, isNew] = m_waiting.try_emplace(txid, Waiting{m_feed.tip(), *rate});
    if (!inVain && (isNew || m_feed.tip() < entry->second.since + m_policy->patience()))
        return base::success();
    entry->second.since = m_feed.tip();

    PaymentRecord next{pending.id, pending.acceptance, pending.takesBack || inVain, {}};
    const auto record = [&](wallet::WalletStore& store, const bitcoin::Transaction& transaction) {
        next.transaction = transaction;
        return OperatorWallet::putPayment(store, next);
    };
    if (next.takesBack) {
        const base::FeeRate higher =
            m_policy->higherRate(*rate).value_or(base::FeeRate{rate->satPerKvb + 1'000});
        BOWLINE_CHECK(m_wallet->takeBack(txid, higher, record));
        base::logWarning("operator", "taking back the payment of " + std::to_string(pending.id));
        return base::success();
    }
    if (withdrawal == nullptr || withdrawal->status != l2::WithdrawalStatus::Accepted) return base::success();
    const auto higher = m_policy->higherRate(*rate, *withdrawal, pending.transaction.virtualSize());
    if (!higher) return base::success();
    base::logInfo("operator", "a higher rate for the payment of " + std::to_string(pending.id));
    BOWLINE_CHECK(m_wallet->replace(txid, *higher, withdrawal->operatorFee + withdrawal->bond, record));
    return base::success();
}

} // namespace bowline::daemon
