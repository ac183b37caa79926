// SPDX-License-Identifier: MIT
// Notifications of a JSON-RPC server over WebSocket, with reconnection.
//
// A connection that broke may have lost notifications: at every onConnected the owner asks for what it missed.
#pragma once

#include "core/net/endpoint.h"
#include "core/net/jsonrpc.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace bowline::net {

namespace asio = boost::asio;

struct SubscriberOptions {
    std::chrono::milliseconds connectTimeout{5'000};
    /// No sign of life for so long (pings are sent) breaks the connection.
    std::chrono::milliseconds idleTimeout{30'000};
    /// Doubled at each failure, from the first to the second, with up to a quarter of jitter.
    std::chrono::milliseconds firstBackoff{250};
    std::chrono::milliseconds lastBackoff{30'000};
    std::size_t maxMessageBytes = 4U << 20U;
};

class Subscriber {
public:
    struct Events {
        /// Every topic is subscribed.
        std::function<void()> onConnected;
        /// The connection broke or could not be made; the next attempt follows by itself.
        std::function<void(const Error& why)> onDisconnected;
        std::function<void(std::string_view method, const json::object& params)> onNotification;
    };

    /// Events run on `executor`, never at the same time.
    Subscriber(const asio::any_io_executor& executor, Endpoint endpoint, std::vector<std::string> topics,
               Events events, SubscriberOptions options = {});
    /// As stop().
    ~Subscriber();
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

    void start();
    /// Any thread. When called on the executor's own thread no event follows.
    void stop();

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace bowline::net
