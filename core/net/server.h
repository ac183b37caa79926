// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 server: HTTP POST (any path) and WebSocket upgrades on one port, with TLS or, on loopback, without.
//
// Built to face hostile clients: everything a connection may use is bounded (body, header, rate, time, queued
// output, their number), one request at a time per connection, and a request that a web page could have sent is
// refused (any Origin header, any content type other than application/json), because the port is reachable from
// every browser on the machine.
//
// Connections are bounded per address and in all. Who comes when there is no room is let in, and the connection
// that has asked for nothing for longest goes: of the address that is full, or of the one that holds the most. So
// a client that only keeps connections open shuts nobody out. Work is bounded per address too: each method has a
// cost, and an address whose budget is spent gets kRateLimited until it has filled again.
//
// WebSocket clients call "subscribe" {"topic": t} and "unsubscribe" {"topic": t}; publish() then sends them
// notifications. A client that does not read them is disconnected once its queue is full: it reconnects and
// asks for what it missed.
#pragma once

#include "core/net/access_token.h"
#include "core/net/dispatcher.h"
#include "core/net/endpoint.h"
#include "core/net/tally.h"
#include "core/net/tls.h"

#include <chrono>
#include <memory>
#include <vector>

namespace bowline::net {

/// Each with what it is against, and what who goes beyond it gets. Nesting (kMaxJsonDepth) and batches (none at all)
/// are bounded in jsonrpc.h.
struct ServerLimits {
    /// Descriptors and memory. The idlest connection of who holds the most is closed.
    std::size_t maxConnections = 64;
    /// Of one address (of IPv6 one /64 network). All programs of this machine share its loopback address.
    std::size_t maxPerAddress = 16;
    std::size_t maxPerLoopbackAddress = 64;
    /// Memory and parsing; the longest honest request is a transaction or message of some 100 kB in hex. kTooLarge
    /// with HTTP 413, or WebSocket close code 1009.
    std::size_t maxRequestBytes = 2U << 20U;
    /// Memory; programs send less than 1 kB. kTooLarge with HTTP 431.
    std::size_t maxHeaderBytes = 8U << 10U;
    /// Of one connection, so that one program of this machine leaves room to the others. kRateLimited.
    std::uint32_t requestsPerSecond = 200;
    std::uint32_t requestBurst = 400;
    /// Of one address, in the costs of methods (MethodRules::cost): 10 transactions a second, or 200 reads. A wallet
    /// that catches up reads at that pace; the burst is a ceremony's messages of one signer. kRateLimited.
    std::uint32_t unitsPerSecond = 200;
    std::uint32_t unitBurst = 2'000;
    /// Whoever runs programs here could burn the processor without asking; this only stops a runaway one.
    std::uint32_t loopbackUnitsPerSecond = 20'000;
    std::uint32_t loopbackUnitBurst = 40'000;
    /// Parsing is work before any method is known: a request costs one unit more for each so many bytes.
    std::size_t bytesPerUnit = 64U << 10U;
    /// A handshake is some 0.3 ms of signing. Who cannot pay is closed: TLS has no words for it.
    std::uint32_t handshakeCost = 10;
    /// Addresses whose budget is remembered: some 100 bytes each.
    std::size_t maxAddresses = 4'096;
    /// WebSocket output that waits for a client to read it. Then it is disconnected.
    std::size_t maxQueuedMessages = 1024;
    std::size_t maxQueuedBytes = 16U << 20U;
    /// From the connection to the end of TLS's handshake, and again to the first byte of a request. Closed.
    std::chrono::milliseconds handshakeTimeout{10'000};
    /// From a request's first byte to its last: 2 MB at 100 kB/s. A client that drips bytes is closed.
    std::chrono::milliseconds requestTimeout{20'000};
    /// Between two requests (HTTP), or without a sign of life (WebSocket: answers to pings count); also for reading
    /// an answer. Closed.
    std::chrono::milliseconds idleTimeout{60'000};
    /// Before a wrong token is answered. It never grows, and a connection that waits may be closed for another: who
    /// guesses holds up nobody.
    std::chrono::milliseconds wrongTokenDelay{500};
};

/// Who may come in. The defaults: everybody on this machine, nobody as administrator.
struct ServerAccess {
    std::shared_ptr<ServerTls> tls;
    /// Without one, methods for administrators answer nobody.
    std::optional<AccessToken> token;
};

class Server {
public:
    /// Methods and topics are fixed before listen().
    Server(const asio::any_io_executor& executor, Dispatcher dispatcher, std::vector<std::string> topics,
           ServerLimits limits = {}, ServerAccess access = {});
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and accepts. The endpoint returned has the port that the system chose for port 0, and the certificate's
    /// fingerprint as its pin. kPlainBeyondLoopback when others could reach it and there is no TLS.
    [[nodiscard]] Result<Endpoint> listen(const Endpoint& where);
    /// Sends a notification to the subscribers of `topic`. Any thread.
    void publish(std::string_view topic, std::string_view method, const json::value& params);
    /// Stops accepting and closes every connection. Any thread; the executor then runs out of work.
    void stop();
    /// Open connections now. Any thread; for node_info.
    [[nodiscard]] std::size_t connections() const;
    /// Any thread.
    [[nodiscard]] ServerStatistics statistics() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace bowline::net
