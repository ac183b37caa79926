// SPDX-License-Identifier: MIT
// The states of one deposit.
#include "core/bridge/depositor.h"
#include "core/bridge/states.h"

namespace bowline::bridge {

namespace {

constexpr std::string_view kRequest = "request";
constexpr std::string_view kConfirm = "confirm";
constexpr std::string_view kRefund = "refund";

/// What the committee is at, as a stable code.
std::string ceremonyNote(const CeremonyProgress& progress)
{
    if (!progress.refusal.empty() && !progress.confirmSigned) return "refused";
    if (progress.attempt == 0)
        return progress.offers < kMinOperators ? "waiting-for-offers" : "waiting-for-proposal";
    if (progress.nonces == 0) return "joining";
    if (progress.partials == 0) return "nonces";
    if (progress.holding == 0) return "partials";
    return "confirming";
}

} // namespace

void DepositStates::authorisationKept(bool needsKey)
{
    m_authorised = true;
    m_needsKey = needsKey;
}

std::vector<Sighting> DepositStates::sightingsIn(std::span<const Transaction> transactions) const
{
    std::vector<Sighting> facts;
    for (const Transaction& transaction : transactions) {
        const Txid txid = transaction.txid();
        if (txid == m_deposit.terms().request.txid) facts.push_back({std::string(kRequest), txid});
        for (const TxIn& input : transaction.inputs) {
            if (input.prevout != m_deposit.terms().request) continue;
            const bool confirms = txid == m_deposit.confirmTxid();
            facts.push_back({std::string(confirms ? kConfirm : kRefund), txid});
        }
    }
    return facts;
}

void DepositStates::blockConnected(Height height, std::span<const Transaction> transactions)
{
    m_chain.connect(height, sightingsIn(transactions));
}

void DepositStates::blockSeenAgain(Height height, std::span<const Transaction> transactions, Height tip)
{
    m_chain.lookAgain(height, sightingsIn(transactions), tip);
}

std::optional<Height> DepositStates::requestHeight() const
{
    const auto found = findSighting(m_chain, kRequest);
    return found ? std::optional(found->first) : std::nullopt;
}

std::optional<Height> DepositStates::confirmHeight() const
{
    const auto found = findSighting(m_chain, kConfirm);
    return found ? std::optional(found->first) : std::nullopt;
}

Step DepositStates::requestStep() const
{
    Step step{
        .id = "deposit.request-confirmed", .actor = Actor::Bitcoin, .txid = m_deposit.terms().request.txid};
    step.height = requestHeight();
    if (step.height) {
        step.clock = clockFrom(*step.height, m_deposit.context().params().depth + 1, m_chain.tip());
        if (step.clock->isOver()) step.state = StepState::Done;
    }
    return step;
}

Step DepositStates::signedStep() const
{
    Step step{.id = "deposit.signed", .actor = Actor::Committee, .note = ceremonyNote(m_relay)};
    if (confirmHeight() || (m_authorised && m_relay.confirmSigned)) {
        step.state = StepState::Done;
        step.note.clear();
    } else if (const auto request = requestHeight()) {
        step.clock = clockFrom(*request, m_deposit.context().params().refundBlocks / 2 + 1, m_chain.tip());
        if (step.clock->isOver()) step.note = "too-late";
    }
    return step;
}

Step DepositStates::vaultStep() const
{
    Step step{.id = "deposit.vault-confirmed", .actor = Actor::Bitcoin, .txid = m_deposit.confirmTxid()};
    step.height = confirmHeight();
    if (step.height) {
        step.clock = clockFrom(*step.height, m_deposit.context().params().depth + 1, m_chain.tip());
        if (step.clock->isOver()) step.state = StepState::Done;
    }
    return step;
}

Step DepositStates::creditedStep() const
{
    Step step{.id = "deposit.credited", .actor = Actor::Sequencer, .l2Hash = m_mint};
    if (m_vault.latest() != nullptr && m_vault.latest()->has_value()) {
        step.state = StepState::Done;
        step.batch = m_vault.since();
    }
    return step;
}

Step DepositStates::refundStep() const
{
    Step step{.id = "deposit.refund", .state = StepState::Skipped, .actor = Actor::You};
    if (const auto refund = findSighting(m_chain, kRefund)) {
        step.state = StepState::Done;
        step.height = refund->first;
        step.txid = refund->second;
    } else if (const auto request = requestHeight(); request && !confirmHeight()) {
        step.clock = clockFrom(*request, m_deposit.context().params().refundBlocks, m_chain.tip());
        if (m_refund && step.clock->isOver()) {
            step.state = StepState::Future; // the next thing that happens
            step.txid = m_refund;
            step.note = "sent";
        }
    }
    return step;
}

Timeline DepositStates::timeline() const
{
    Timeline out;
    Step sent{.id = "deposit.request-sent", .actor = Actor::You, .txid = m_deposit.terms().request.txid};
    if (m_sent || requestHeight()) sent.state = StepState::Done;
    Step credited = creditedStep();
    Step refund = refundStep();
    out.failed = refund.state == StepState::Done;
    out.finished = out.failed || credited.state == StepState::Done;
    const bool refundable = refund.clock && refund.clock->isOver();
    const bool isOnItsWay = refund.state == StepState::Future;
    const bool mintable = vaultStep().state == StepState::Done && !out.finished;
    out.steps = {std::move(sent), requestStep(),       signedStep(),
                 vaultStep(),     std::move(credited), std::move(refund)};
    if (isOnItsWay) {
        for (Step& step : out.steps) {
            const bool isCommittees = step.id != "deposit.request-sent" && step.id != "deposit.refund";
            if (isCommittees && step.state == StepState::Future) step.state = StepState::Skipped;
        }
    }
    settle(out);
    if (out.failed) {
        for (Step& step : out.steps) {
            if (step.id == "deposit.signed") step.state = StepState::Failed;
        }
    }
    if (refundable && !isOnItsWay && !out.finished) overtake(out, "deposit.refund", "refund-open");
    if (out.finished) {
        out.nextAction.clear();
    } else if (refundable) {
        out.nextAction = isOnItsWay ? "wait" : "refund";
    } else if (m_needsKey) {
        out.nextAction = "unlock";
    } else {
        out.nextAction = mintable && m_authorised && !m_mint ? "mint" : "wait";
    }
    return out;
}

} // namespace bowline::bridge
