// SPDX-License-Identifier: MIT
// relay_post and relay_list over JSON-RPC.
#pragma once

#include "app/daemon/node/role.h"
#include "app/daemon/relay/relay.h"

namespace bowline::daemon {

/// `relay` outlives the dispatcher. `announce` gets each message that is new.
void addRelayMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor, Relay& relay,
                     std::function<void(std::uint64_t number, base::ByteView bytes)> announce);
[[nodiscard]] net::json::object relayMessageJson(std::uint64_t number, base::ByteView bytes);

} // namespace bowline::daemon
