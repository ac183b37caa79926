// SPDX-License-Identifier: MIT
// The sequencer: takes transactions in, makes a batch at every turn of the clock when there is something to put
// into it, and keeps the relay's message board.
#pragma once

#include "app/daemon/node/role.h"

namespace bowline::daemon {

/// The key file does not hold the network's sequencer key.
inline constexpr base::ErrorCode kWrongKey{"daemon.wrong-key"};

[[nodiscard]] base::Result<RolePtr> makeSequencer(const RoleContext& context);

} // namespace bowline::daemon
