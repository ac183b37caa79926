// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 server: HTTP POST (any path) and WebSocket upgrades on one port.
//
// Built to face hostile clients: everything a connection may use is bounded (body, header, rate, idle time,
// queued output, their number), one request at a time per connection, and a request that a web page could have
// sent is refused (any Origin header, any content type other than application/json), because the port is
// reachable from every browser on the machine.
//
// Connections are bounded per address and in all. Who comes when there is no room is let in, and the connection
// that has asked for nothing for longest goes: of the address that is full, or of the one that holds the most. So
// a client that only keeps connections open shuts nobody out.
//
// WebSocket clients call "subscribe" {"topic": t} and "unsubscribe" {"topic": t}; publish() then sends them
// notifications. A client that does not read them is disconnected once its queue is full: it reconnects and
// asks for what it missed.
#pragma once

#include "core/net/dispatcher.h"
#include "core/net/endpoint.h"

#include <chrono>
#include <memory>
#include <vector>

namespace bowline::net {

struct ServerLimits {
    std::size_t maxConnections = 64;
    /// Of one address (of IPv6 one /64 network). All programs of this machine share its loopback address.
    std::size_t maxPerAddress = 16;
    std::size_t maxPerLoopbackAddress = 64;
    std::size_t maxRequestBytes = 2U << 20U;
    std::size_t maxHeaderBytes = 8U << 10U;
    std::uint32_t requestsPerSecond = 200;
    std::uint32_t requestBurst = 400;
    std::size_t maxQueuedMessages = 1024;
    std::size_t maxQueuedBytes = 16U << 20U;
    /// Without a complete request (HTTP), or without a sign of life (WebSocket: answers to pings count).
    std::chrono::milliseconds idleTimeout{60'000};
};

class Server {
public:
    /// Methods and topics are fixed before listen().
    Server(const asio::any_io_executor& executor, Dispatcher dispatcher, std::vector<std::string> topics,
           ServerLimits limits = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and accepts. The endpoint returned has the port that the system chose for port 0.
    [[nodiscard]] Result<Endpoint> listen(const Endpoint& where);
    /// Sends a notification to the subscribers of `topic`. Any thread.
    void publish(std::string_view topic, std::string_view method, const json::value& params);
    /// Stops accepting and closes every connection. Any thread; the executor then runs out of work.
    void stop();
    /// Open connections now. Any thread; for node_info.
    [[nodiscard]] std::size_t connections() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace bowline::net
