// SPDX-License-Identifier: MIT
// The states of one withdrawal. What the user follows ends with the operator's confirmed payment.
#include "core/bridge/operator.h"
#include "core/bridge/states.h"

namespace bowline::bridge {

WithdrawalStates::WithdrawalStates(ContextPtr context, const l2::TxHash& requestHash, Amount amount,
                                   Script script)
    : m_context(std::move(context)), m_request(requestHash), m_amount(amount), m_script(std::move(script))
{
}

std::vector<Sighting> WithdrawalStates::sightingsIn(std::span<const Transaction> transactions) const
{
    std::vector<Sighting> facts;
    for (const Transaction& transaction : transactions) {
        if (transaction.outputs.size() < 2 || !(transaction.outputs[0] == TxOut{m_amount, m_script}))
            continue;
        facts.push_back({base::toHex(transaction.outputs[1].scriptPubKey), transaction.txid()});
    }
    return facts;
}

void WithdrawalStates::blockConnected(Height height, std::span<const Transaction> transactions)
{
    m_chain.connect(height, sightingsIn(transactions));
}

void WithdrawalStates::blockSeenAgain(Height height, std::span<const Transaction> transactions, Height tip)
{
    m_chain.lookAgain(height, sightingsIn(transactions), tip);
}

std::optional<std::pair<Height, Txid>> WithdrawalStates::payment() const
{
    const l2::Withdrawal* withdrawal = current();
    if (withdrawal == nullptr || withdrawal->acceptance == 0) return std::nullopt;
    const Script commitment = paymentCommitment(m_context->chainId, l2::withdrawalNumber(m_request),
                                                withdrawal->operatorKey, withdrawal->acceptance);
    return findSighting(m_chain, base::toHex(commitment));
}

const l2::Withdrawal* WithdrawalStates::current() const
{
    const auto* latest = m_withdrawal.latest();
    return latest != nullptr && latest->has_value() ? &latest->value() : nullptr;
}

Step WithdrawalStates::acceptedStep() const
{
    Step step{.id = "withdrawal.accepted", .actor = Actor::Operator};
    const l2::Withdrawal* withdrawal = current();
    if (withdrawal != nullptr && withdrawal->acceptance > 0 &&
        withdrawal->status != l2::WithdrawalStatus::Cancelled) {
        step.state = StepState::Done;
        step.batch = m_withdrawal.since();
    }
    return step;
}

Step WithdrawalStates::paidStep() const
{
    Step step{.id = "withdrawal.paid", .actor = Actor::Operator};
    const l2::Withdrawal* withdrawal = current();
    if (withdrawal == nullptr || withdrawal->acceptance == 0) return step;
    if (const auto paid = payment()) {
        step.height = paid->first;
        step.txid = paid->second;
        // A payment after the pay height earns the operator nothing; the user has it all the same.
        if (paid->first > withdrawal->payHeight) step.note = "late";
        step.state = StepState::Done;
        return step;
    }
    const std::uint32_t window = m_context->params().payWindow;
    const Height start{withdrawal->payHeight.value - std::min(window, withdrawal->payHeight.value)};
    step.clock = clockFrom(start, window + 1, m_chain.tip());
    if (m_chain.tip() > withdrawal->payHeight) step.note = "overdue";
    return step;
}

Step WithdrawalStates::confirmedStep() const
{
    Step step{.id = "withdrawal.payment-confirmed", .actor = Actor::Bitcoin};
    if (const auto paid = payment()) {
        step.txid = paid->second;
        step.height = paid->first;
        step.clock = clockFrom(paid->first, m_context->params().depth + 1, m_chain.tip());
        if (step.clock->isOver()) step.state = StepState::Done;
    }
    return step;
}

Step WithdrawalStates::settledStep() const
{
    Step step{.id = "withdrawal.settled", .actor = Actor::Operator};
    if (current() != nullptr && current()->status == l2::WithdrawalStatus::Paid) {
        step.state = StepState::Done;
        step.batch = m_withdrawal.since();
    }
    return step;
}

Step WithdrawalStates::reclaimStep() const
{
    Step step{
        .id = "withdrawal.reclaim", .state = StepState::Skipped, .actor = Actor::You, .l2Hash = m_reclaim};
    const l2::Withdrawal* withdrawal = current();
    if (withdrawal == nullptr) return step;
    if (withdrawal->status == l2::WithdrawalStatus::Cancelled) {
        step.state = StepState::Done;
        step.batch = m_withdrawal.since();
    } else if (const auto opens = reclaimHeight()) {
        const std::uint32_t length = opens->value - withdrawal->payHeight.value + 1;
        step.clock = clockFrom(withdrawal->payHeight, length, m_chain.tip());
    }
    return step;
}

std::optional<Height> WithdrawalStates::reclaimHeight() const
{
    const l2::Withdrawal* withdrawal = current();
    if (withdrawal == nullptr || withdrawal->status != l2::WithdrawalStatus::Accepted || payment())
        return std::nullopt;
    const l2::NetworkParams& params = m_context->params();
    return withdrawal->payHeight + (params.depth + params.reclaimMargin);
}

Timeline WithdrawalStates::timeline() const
{
    Timeline out;
    const l2::Withdrawal* withdrawal = current();
    Step requested{.id = "withdrawal.requested", .actor = Actor::You, .l2Hash = m_request};
    const bool refused = m_isRefused && withdrawal == nullptr;
    if (withdrawal != nullptr) requested.state = StepState::Done;
    if (refused) {
        requested.state = StepState::Failed;
        requested.note = "request-refused";
    }
    Step confirmed = confirmedStep();
    Step settled = settledStep();
    Step reclaim = reclaimStep();
    out.failed = refused || reclaim.state == StepState::Done;
    out.finished = out.failed || confirmed.state == StepState::Done || settled.state == StepState::Done;
    const bool reclaimable = reclaim.clock && reclaim.clock->isOver();
    out.steps = {std::move(requested), acceptedStep(),     paidStep(),
                 std::move(confirmed), std::move(settled), std::move(reclaim)};
    settle(out);
    if (reclaimable && !out.finished) overtake(out, "withdrawal.reclaim", "reclaim-open");
    if (out.finished) {
        out.nextAction.clear();
    } else if (withdrawal != nullptr && withdrawal->status == l2::WithdrawalStatus::Requested && !m_reclaim) {
        out.nextAction = "cancel";
    } else {
        out.nextAction = reclaimable && !m_reclaim ? "reclaim" : "wait";
    }
    return out;
}

} // namespace bowline::bridge
