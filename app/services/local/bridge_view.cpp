// SPDX-License-Identifier: MIT
#include "app/services/local/bridge_view.h"

namespace bowline::services {

namespace {
StepState stateView(bridge::StepState state)
{
    switch (state) {
    case bridge::StepState::Done: return StepState::Done;
    case bridge::StepState::Current: return StepState::Current;
    case bridge::StepState::Future: return StepState::Future;
    case bridge::StepState::Failed: return StepState::Failed;
    case bridge::StepState::Skipped: return StepState::Skipped;
    }
    return StepState::Future;
}

TimelineStep stepView(const bridge::Step& step)
{
    TimelineStep out;
    out.id = step.id;
    out.state = stateView(step.state);
    out.actor = bridge::actorName(step.actor);
    if (step.txid) out.txid = step.txid->displayHex();
    if (step.l2Hash) out.txid = "l2:" + step.l2Hash->hex();
    if (step.height) out.height = step.height->value;
    if (step.clock) out.clock = BlockClock{step.clock->start.value, step.clock->length, step.clock->passed};
    out.note = step.note;
    return out;
}
} // namespace

void fillFromTimeline(BridgeItem& item, const bridge::Timeline& timeline)
{
    item.state = timeline.state;
    item.finished = timeline.finished;
    item.failed = timeline.failed;
    item.nextAction = timeline.nextAction;
    item.steps.clear();
    for (const bridge::Step& step : timeline.steps) item.steps.push_back(stepView(step));
}

} // namespace bowline::services
