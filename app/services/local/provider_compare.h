// SPDX-License-Identifier: MIT
// The same question to a second node: whether it shows the same, and if not, who can be convicted of what. Two batches of one
// number that the sequencer signed are kept, whoever showed the second one.
#pragma once

#include "app/services/local/explorer.h"

namespace bowline::services {

/// On the node thread; `other` is asked from here and blocks it for as long as its timeout.
[[nodiscard]] ComparisonView compareWith(NodeAccess& access, net::BlockingClient& other, const Shown& shown);

} // namespace bowline::services
