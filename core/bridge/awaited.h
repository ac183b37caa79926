// SPDX-License-Identifier: MIT
// Whom a ceremony waits for.
#pragma once

#include "core/bridge/ceremony.h"

namespace bowline::bridge {

/// The members whose message the running attempt waits for, by their index. Silence convicts nobody: the relay may be
/// the cause.
[[nodiscard]] std::vector<std::size_t> awaitedMembers(const MemberCeremony& ceremony);

} // namespace bowline::bridge
