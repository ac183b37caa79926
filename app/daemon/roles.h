// SPDX-License-Identifier: MIT
// Which role does what: the one place that knows all of them.
#pragma once

#include "app/daemon/node/role.h"

namespace bowline::daemon {

[[nodiscard]] base::Result<RolePtr> makeRole(const RoleContext& context);

} // namespace bowline::daemon
