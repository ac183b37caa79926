// SPDX-License-Identifier: MIT
// One connection to the JSON-RPC server, from its first HTTP request to its end. Private to the library.
//
// Everything here runs on the server's strand.
#pragma once

#include "core/net/http_rules.h"
#include "core/net/rate_limit.h"
#include "core/net/server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <set>

namespace bowline::net {

using Strand = asio::strand<asio::any_io_executor>;

/// What all sessions of one server share and none of them changes.
struct ServerShared {
    Dispatcher dispatcher;
    std::vector<std::string> topics;
    ServerLimits limits;
};

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(asio::ip::tcp::socket socket, std::shared_ptr<const ServerShared> shared);

    /// Serves the connection until it ends.
    [[nodiscard]] asio::awaitable<void> run();
    /// Queues a notification if the client has subscribed to the topic.
    void notify(const std::string& topic, const std::shared_ptr<const std::string>& text);
    /// Ends the connection at once; run() returns soon after.
    void close();
    /// Whose it is, for counting: the address, of IPv6 the first 64 bits of it.
    [[nodiscard]] const asio::ip::address& owner() const { return m_owner; }
    [[nodiscard]] bool isOpen() const { return !m_closed; }
    /// A request is being answered.
    [[nodiscard]] bool isBusy() const { return m_busy; }
    /// When the last request came, or the connection. Pings and their answers are no requests.
    [[nodiscard]] std::chrono::steady_clock::time_point lastUse() const { return m_lastUse; }

private:
    using WebSocket = boost::beast::websocket::stream<boost::beast::tcp_stream>;

    [[nodiscard]] asio::awaitable<void> runHttp(std::optional<HttpRequest>& upgrade);
    [[nodiscard]] asio::awaitable<HttpResponse> answerHttp(const HttpRequest& request);
    [[nodiscard]] asio::awaitable<bool> writeHttp(HttpResponse response);
    [[nodiscard]] asio::awaitable<void> runWebSocket(HttpRequest upgrade);
    [[nodiscard]] asio::awaitable<void> readMessages();
    [[nodiscard]] asio::awaitable<void> writeMessages();
    [[nodiscard]] asio::awaitable<std::string> answerMessage(std::string_view text);
    [[nodiscard]] Result<json::value> changeSubscription(const Request& request);
    void enqueue(std::shared_ptr<const std::string> text);

    std::shared_ptr<const ServerShared> m_shared;
    boost::beast::tcp_stream m_http;
    std::optional<WebSocket> m_webSocket;
    boost::beast::flat_buffer m_buffer;
    RateLimit m_rate;
    std::set<std::string, std::less<>> m_topics;
    std::deque<std::shared_ptr<const std::string>> m_queue;
    std::size_t m_queuedBytes = 0;
    asio::steady_timer m_wakeWriter;
    asio::ip::address m_owner;
    std::chrono::steady_clock::time_point m_lastUse = std::chrono::steady_clock::now();
    bool m_busy = false;
    bool m_closed = false;
};

} // namespace bowline::net
