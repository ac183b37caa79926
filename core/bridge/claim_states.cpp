// SPDX-License-Identifier: MIT
// The states of an operator's claim of a vault.
#include "core/bridge/states.h"

namespace bowline::bridge {

namespace {

constexpr std::string_view kKickoff = "kickoff";
constexpr std::string_view kTake = "take";
constexpr std::string_view kFundingSpent = "funding-spent";
constexpr std::string_view kVetoed = "vetoed";

} // namespace

ClaimStates::ClaimStates(ContextPtr context, OutPoint vault, const OperatorGraph& graph)
    : m_context(std::move(context)), m_vault(vault), m_funding(graph.offer().funding),
      m_kickoffTxid(graph.kickoffTxid()), m_takeTxid(graph.takeTxid())
{
}

ClaimStates::ClaimStates(ContextPtr context, OutPoint vault, const l2::Claim& claim)
    : m_context(std::move(context)), m_vault(vault), m_funding(claim.funding), m_kickoffTxid(claim.kickoff),
      m_takeTxid(claim.take)
{
}

void ClaimStates::blockConnected(Height height, std::span<const Transaction> transactions)
{
    const OutPoint stake{m_kickoffTxid, OperatorGraph::kStakeIndex};
    const OutPoint connector{m_kickoffTxid, OperatorGraph::kConnectorIndex};
    std::vector<Sighting> facts;
    for (const Transaction& transaction : transactions) {
        const Txid txid = transaction.txid();
        if (txid == m_kickoffTxid) {
            facts.push_back({std::string(kKickoff), txid});
        } else if (txid == m_takeTxid) {
            facts.push_back({std::string(kTake), txid});
        } else {
            for (const TxIn& input : transaction.inputs) {
                if (input.prevout == m_funding) facts.push_back({std::string(kFundingSpent), txid});
                if (input.prevout == stake || input.prevout == connector) {
                    facts.push_back({std::string(kVetoed), txid});
                }
            }
        }
    }
    m_chain.connect(height, std::move(facts));
}

std::optional<Height> ClaimStates::kickoffHeight() const
{
    const auto found = findSighting(m_chain, kKickoff);
    return found ? std::optional(found->first) : std::nullopt;
}

std::optional<Height> ClaimStates::takenHeight() const
{
    const auto found = findSighting(m_chain, kTake);
    return found ? std::optional(found->first) : std::nullopt;
}

std::optional<std::pair<Height, Txid>> ClaimStates::breach() const
{
    if (const auto vetoed = findSighting(m_chain, kVetoed)) return vetoed;
    return findSighting(m_chain, kFundingSpent);
}

Step ClaimStates::burnedStep() const
{
    Step step{.id = "claim.burned", .actor = Actor::Operator, .l2Hash = m_burn};
    if (const l2::Claim* claim = current()) {
        step.state = StepState::Done;
        step.l2Hash = claim->burn;
        step.batch = m_claim.since();
    }
    return step;
}

Step ClaimStates::kickoffStep() const
{
    Step step{.id = "claim.kickoff", .actor = Actor::Operator, .txid = m_kickoffTxid};
    step.height = kickoffHeight();
    if (step.height) step.state = StepState::Done;
    if (findSighting(m_chain, kFundingSpent)) {
        step.state = StepState::Failed;
        step.note = std::string(kFundingSpent);
    } else if (!step.height && m_kickoffSent) {
        step.note = "sent";
    }
    return step;
}

Step ClaimStates::windowStep() const
{
    Step step{.id = "claim.window", .actor = Actor::Committee};
    if (const auto kickoff = kickoffHeight()) {
        step.clock = clockFrom(*kickoff, m_context->params().takeBlocks, m_chain.tip());
        if (step.clock->isOver()) step.state = StepState::Done;
    }
    if (const auto vetoed = findSighting(m_chain, kVetoed)) {
        step.state = StepState::Failed;
        step.height = vetoed->first;
        step.txid = vetoed->second;
        step.note = std::string(kVetoed);
    }
    return step;
}

Step ClaimStates::takenStep() const
{
    Step step{.id = "claim.taken", .actor = Actor::Operator, .txid = m_takeTxid};
    step.height = takenHeight();
    if (step.height) {
        step.clock = clockFrom(*step.height, m_context->params().depth + 1, m_chain.tip());
        step.state = StepState::Done;
    } else if (m_takeSent) {
        step.note = "sent";
    }
    return step;
}

const l2::Claim* ClaimStates::current() const
{
    const auto* latest = m_claim.latest();
    return latest != nullptr && latest->has_value() ? &latest->value() : nullptr;
}

std::string ClaimStates::nextAction() const
{
    const l2::Claim* claim = current();
    const std::uint32_t k = m_context->params().depth;
    if (const auto spent = breach()) {
        const bool live = claim != nullptr && claim->status == l2::ClaimStatus::Live;
        return live && isDeep(spent->first, m_chain.tip(), k) ? "void" : live ? "wait" : "";
    }
    if (claim == nullptr) return "wait";
    if (claim->status != l2::ClaimStatus::Live) return "";
    if (const auto taken = takenHeight()) return isDeep(*taken, m_chain.tip(), k) ? "settle" : "wait";
    if (const auto kickoff = kickoffHeight()) {
        return clockFrom(*kickoff, m_context->params().takeBlocks, m_chain.tip()).isOver() ? "take" : "wait";
    }
    return "kickoff";
}

Timeline ClaimStates::timeline() const
{
    Timeline out;
    const l2::Claim* claim = current();
    Step settled{.id = "claim.settled", .actor = Actor::Sequencer};
    if (claim != nullptr && claim->status == l2::ClaimStatus::Taken) {
        settled.state = StepState::Done;
        settled.batch = m_claim.since();
    }
    Step voided{.id = "claim.voided", .state = StepState::Skipped, .actor = Actor::Sequencer};
    if (claim != nullptr && claim->status == l2::ClaimStatus::Void) {
        voided.state = StepState::Done;
        voided.batch = m_claim.since();
    }
    out.failed = breach().has_value() || voided.state == StepState::Done;
    out.finished = settled.state == StepState::Done || voided.state == StepState::Done;
    out.steps = {burnedStep(), kickoffStep(),      windowStep(),
                 takenStep(),  std::move(settled), std::move(voided)};
    settle(out);
    out.nextAction = nextAction();
    return out;
}

} // namespace bowline::bridge
