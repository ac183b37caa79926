// SPDX-License-Identifier: MIT
// One connection to the JSON-RPC server, from its first HTTP request to its end. Private to the library.
//
// Everything here runs on the server's strand.
#pragma once

#include "core/net/address_budgets.h"
#include "core/net/http_rules.h"
#include "core/net/server.h"
#include "core/net/web_socket.h"
#include "core/net/wire.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <deque>
#include <set>

namespace bowline::net {

using Strand = asio::strand<asio::any_io_executor>;

/// What all sessions of one server share. Budgets belong to the server's strand, the rest does not change.
struct ServerShared {
    ServerShared(Dispatcher methods, std::vector<std::string> topicNames, const ServerLimits& given,
                 ServerAccess who);
    Dispatcher dispatcher;
    std::vector<std::string> topics;
    ServerLimits limits;
    ServerAccess access;
    AddressBudgets budgets;
    Tally tally;
};

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(asio::ip::tcp::socket socket, std::shared_ptr<ServerShared> shared);

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
    /// An answer, and why it is a refusal of the server itself when it is one.
    struct Answer {
        std::string text;
        std::optional<base::ErrorCode> refusal;
    };

    [[nodiscard]] asio::awaitable<bool> secure();
    [[nodiscard]] asio::awaitable<void> refusePlain();
    [[nodiscard]] asio::awaitable<void> runHttp(std::optional<HttpRequest>& upgrade);
    [[nodiscard]] asio::awaitable<bool> waitForRequest(std::chrono::milliseconds limit);
    [[nodiscard]] asio::awaitable<HttpResponse> answerHttp(const HttpRequest& request);
    [[nodiscard]] asio::awaitable<bool> writeHttp(HttpResponse response);
    [[nodiscard]] asio::awaitable<void> writeLast(HttpResponse response);
    [[nodiscard]] asio::awaitable<base::Status> checkToken(const HttpRequest& request);
    [[nodiscard]] asio::awaitable<void> runWebSocket(HttpRequest upgrade);
    [[nodiscard]] asio::awaitable<void> readMessages();
    [[nodiscard]] asio::awaitable<void> writeMessages();
    [[nodiscard]] asio::awaitable<Answer> answerMessage(std::string_view text);
    [[nodiscard]] base::Status checkLimits(const Request& request, std::size_t bytes);
    [[nodiscard]] Answer refuse(const json::value& id, const Error& error);
    [[nodiscard]] Result<json::value> changeSubscription(const Request& request);
    [[nodiscard]] boost::beast::tcp_stream& tcp();
    void enqueue(std::shared_ptr<const std::string> text);

    std::shared_ptr<ServerShared> m_shared;
    Wire m_wire;
    std::optional<WebSocket> m_webSocket;
    boost::beast::flat_buffer m_buffer;
    RateLimit m_rate;
    /// The token of the request that is answered, or of the upgrade, was the server's.
    bool m_isAdmin = false;
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
