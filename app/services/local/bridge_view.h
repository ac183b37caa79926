// SPDX-License-Identifier: MIT
// The bridge's timelines in the words of the window.
#pragma once

#include "app/services/interfaces/views.h"
#include "core/bridge/states.h"

namespace bowline::services {

/// State, steps and next action of `item` from the timeline.
void fillFromTimeline(BridgeItem& item, const bridge::Timeline& timeline);

} // namespace bowline::services
