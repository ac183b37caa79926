// SPDX-License-Identifier: MIT
// What all timelines share.
#include "core/bridge/states.h"

#include <algorithm>

namespace bowline::bridge {

std::string_view actorName(Actor actor)
{
    switch (actor) {
    case Actor::You: return "you";
    case Actor::Committee: return "committee";
    case Actor::Operator: return "operator";
    case Actor::Bitcoin: return "bitcoin";
    case Actor::Sequencer: return "sequencer";
    }
    return "unknown";
}

BlockClock clockFrom(Height start, std::uint32_t length, Height tip)
{
    const std::uint32_t confirmations = tip < start ? 0 : tip.value - start.value + 1;
    return {start, length, std::min(confirmations, length)};
}

void settle(Timeline& timeline)
{
    std::vector<Step>& steps = timeline.steps;
    std::size_t reached = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].state == StepState::Done || steps[i].state == StepState::Failed) reached = i;
    }
    for (std::size_t i = 0; i < reached; ++i) {
        if (steps[i].state == StepState::Future) {
            steps[i].state = timeline.failed ? StepState::Skipped : StepState::Done;
        }
    }
    const auto next = std::find_if(steps.begin(), steps.end(),
                                   [](const Step& step) { return step.state == StepState::Future; });
    if (timeline.failed || timeline.finished || next == steps.end()) {
        if (!steps.empty()) timeline.state = steps[reached].id;
    } else {
        next->state = StepState::Current;
        timeline.state = next->id;
    }
}

void overtake(Timeline& timeline, std::string_view wayOut, std::string_view note)
{
    for (Step& step : timeline.steps) {
        if (step.state == StepState::Current) {
            step.state = StepState::Failed;
            step.note = std::string(note);
        } else if (step.id == wayOut) {
            step.state = StepState::Current;
        }
    }
    timeline.state = std::string(wayOut);
}

std::optional<std::pair<Height, Txid>> findSighting(const FactLog<Sighting>& log, std::string_view role)
{
    for (auto block = log.blocks().rbegin(); block != log.blocks().rend(); ++block) {
        for (const Sighting& sighting : block->second) {
            if (sighting.role == role) return std::pair{block->first, sighting.txid};
        }
    }
    return std::nullopt;
}

CeremonyProgress progressOf(const CeremonyLog& log)
{
    CeremonyProgress out;
    out.offers = log.offers().size();
    out.attempt = log.highestAttempt();
    const std::size_t members = log.deposit().context().committee.size();
    for (std::size_t i = 0; i < members && out.attempt > 0; ++i) {
        if (log.joinOf(out.attempt, i)) ++out.joined;
    }
    if (const Attempt* attempt = log.attempt(out.attempt)) {
        out.nonces = attempt->countNonces();
        out.partials = attempt->countPartials();
        out.holding = attempt->countHolding();
    }
    out.confirmSigned = log.confirmedAttempt() != nullptr;
    if (!log.refusals().empty()) out.refusal = log.refusals().back().payload.text;
    return out;
}

} // namespace bowline::bridge
