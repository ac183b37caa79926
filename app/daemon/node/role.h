// SPDX-License-Identifier: MIT
// What a role adds to a node, and what it gets to do it with.
#pragma once

#include "app/daemon/node/keys.h"
#include "app/daemon/node/node.h"
#include "app/daemon/node/proven_chain.h"
#include "app/daemon/node/seals.h"
#include "core/chain/backend.h"
#include "core/net/dispatcher.h"

#include <boost/asio/any_io_executor.hpp>

namespace bowline::daemon {

namespace asio = boost::asio;

/// Sends a notification to subscribers of a topic. Any thread.
using Publish = std::function<void(std::string_view topic, std::string_view method, const net::json::value&)>;

/// Everything here outlives the role.
struct RoleContext {
    const Options& options;
    const l2::Network& network;
    NodeKeys& keys;
    /// The node's strand: methods, timers and events of the role run here, one at a time. It may block for the
    /// time of an execution; network waits are coroutines (net::Client) on it.
    asio::any_io_executor executor;
    L2Node& node;
    /// Callbacks of it come on its own thread: post them to the executor.
    chain::Backend& bitcoin;
    Seals& seals;
    ProvenChain& proven;
};

class Role {
public:
    virtual ~Role() = default;
    /// Before the server listens.
    virtual void addMethods(net::Dispatcher& dispatcher) = 0;
    /// The server listens; runs on the executor.
    virtual base::Status start(const Publish& publish) = 0;
    /// Runs on the executor; afterwards the role starts nothing any more.
    virtual void stop() = 0;
    /// Adds the role's part to node_info.
    virtual void describe(net::json::object& info) const = 0;
};

using RolePtr = std::unique_ptr<Role>;

} // namespace bowline::daemon
