// SPDX-License-Identifier: MIT
// A WebSocket over a wire, either end. Private to the library.
//
// Apart from its users for the compiler's sake: Beast's templates for it are the largest of all, and are compiled
// here once.
#pragma once

#include "core/net/http_rules.h"
#include "core/net/wire.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace bowline::net {

namespace asio = boost::asio;

struct WebSocketLimits {
    std::chrono::milliseconds handshakeTimeout;
    /// Without a sign of life from the other side, which is pinged meanwhile.
    std::chrono::milliseconds idleTimeout;
    std::size_t maxMessageBytes;
};

/// Sends text. One read and one write may be under way at a time; closing the wire ends both.
class WebSocket {
public:
    WebSocket(Wire wire, const WebSocketLimits& limits);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    [[nodiscard]] Wire& wire();
    [[nodiscard]] Wire::executor_type get_executor();
    /// Called for each ping that comes; the answer to it is sent by itself. Before accept() or connect().
    void onPing(std::function<void()> called);

    /// The server's side of the handshake.
    [[nodiscard]] asio::awaitable<boost::system::error_code> accept(const HttpRequest& upgrade);
    /// The client's side of it, on a wire that is connected.
    [[nodiscard]] asio::awaitable<boost::system::error_code> connect(const std::string& host);
    /// The next message whole, in place of what `message` held.
    [[nodiscard]] asio::awaitable<boost::system::error_code> read(std::string& message);
    /// Whether the message read last was declared to be text.
    [[nodiscard]] bool gotText() const;
    /// `message` stays as it is until this returns.
    [[nodiscard]] asio::awaitable<boost::system::error_code> write(const std::string& message);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bowline::net
