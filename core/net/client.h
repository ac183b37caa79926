// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 client over HTTP: a coroutine client, and a blocking one for programs without an event loop.
//
// Idle connections are kept and reused. A request that fails on a reused connection before any byte of its
// answer came is sent once more on a fresh one: methods are expected to bear being repeated. A server that says
// "too much at a time" (kRateLimited) is asked again every half second while the timeout lasts.
#pragma once

#include "core/net/access_token.h"
#include "core/net/endpoint.h"
#include "core/net/jsonrpc.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>

namespace bowline::net {

namespace asio = boost::asio;

struct ClientOptions {
    /// From the call to its answer, connecting included.
    std::chrono::milliseconds timeout{10'000};
    std::size_t maxResponseBytes = 32U << 20U;
    /// Goes with every request. Never sent in plain text beyond this machine: calls then fail with kRefused.
    std::optional<AccessToken> token = std::nullopt;
};

class Client {
public:
    Client(const asio::any_io_executor& executor, Endpoint endpoint, ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The result, the typed error of the other side, or kUnreachable, kTimeout, kBadResponse,
    /// and with TLS kWrongPin, kBadCertificate, kTlsFailed.
    /// Runs on the client's executor; the client may be destroyed before the call has ended.
    [[nodiscard]] asio::awaitable<Result<json::value>> call(std::string method, json::object params = {});
    [[nodiscard]] const Endpoint& endpoint() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

/// Blocks the calling thread, for at most the timeout. Never on a GUI thread. Calls of several threads are
/// served one after the other.
class BlockingClient {
public:
    explicit BlockingClient(Endpoint endpoint, ClientOptions options = {});
    ~BlockingClient();
    BlockingClient(const BlockingClient&) = delete;
    BlockingClient& operator=(const BlockingClient&) = delete;

    [[nodiscard]] Result<json::value> call(std::string method, json::object params = {});
    /// Ends the running call and every later one with kCancelled. Any thread.
    void cancel();
    [[nodiscard]] const Endpoint& endpoint() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bowline::net
