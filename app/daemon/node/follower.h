// SPDX-License-Identifier: MIT
// Keeps an L2Node in step with other nodes: subscribes to their heads, fetches and executes what is missing,
// and replaces batches only when the rules allow it (A7, A8, B12). Any node serves as source, not only the
// sequencer: every batch is checked, none of them is believed.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/client.h"
#include "core/net/subscriber.h"

#include <boost/asio/steady_timer.hpp>

namespace bowline::daemon {

namespace asio = boost::asio;

/// The source shows other batches where ours still stand on Bitcoin: the sequencer signed twice, or the source
/// has another view of Bitcoin.
inline constexpr base::ErrorCode kConflict{"node.conflict"};

struct UpstreamStatus {
    net::Endpoint endpoint;
    bool connected = false;
    base::BatchNumber head;
    std::string lastError; // of the last attempt; empty when it went well
};

class Follower {
public:
    /// Runs on `executor`, the node's strand. Without sources it does nothing.
    Follower(const asio::any_io_executor& executor, L2Node& node, std::vector<net::Endpoint> sources);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    void start();
    void stop();
    [[nodiscard]] std::vector<UpstreamStatus> status() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
    std::vector<net::Endpoint> m_sources;
};

} // namespace bowline::daemon
