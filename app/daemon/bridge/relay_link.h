// SPDX-License-Identifier: MIT
// A node's connection to the relay: reads every message from the first one on, and posts what it is given
// until the relay has it. The relay is believed nothing: each message's network and signature are checked
// here.
#pragma once

#include "core/bridge/messages.h"
#include "core/net/client.h"
#include "core/net/subscriber.h"

#include <deque>
#include <functional>

namespace bowline::daemon {

namespace asio = boost::asio;

class RelayLink {
public:
    struct Events {
        std::function<void(const bridge::Message&)> onMessage;
        /// After a run of messages.
        std::function<void()> onRead;
    };
    /// Events run on `executor`.
    RelayLink(const asio::any_io_executor& executor, const net::Endpoint& endpoint,
              const l2::ChainId& chainId, Events events);
    ~RelayLink();
    RelayLink(const RelayLink&) = delete;
    RelayLink& operator=(const RelayLink&) = delete;

    void start();
    void stop();
    void post(base::Bytes message);
    /// Reads everything of the topic once more. A relay that left something out, or numbered it wrongly, is not the
    /// only one to be blind for it: nobody asks for a number twice.
    void readAgain(const base::Digest& topic);
    /// The relay was read to its end at least once.
    [[nodiscard]] bool isCurrent() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace bowline::daemon
