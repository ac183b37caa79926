// SPDX-License-Identifier: MIT
#include "core/net/client.h"

#include "core/net/dial.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <mutex>

namespace bowline::net {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxIdleConnections = 4;
constexpr std::chrono::milliseconds kRatePause{500};

/// One connection and the resolver that leads to it; ended as a whole by a timeout.
struct Connection {
    explicit Connection(const asio::any_io_executor& executor) : resolver(executor), wire(executor) {}
    void end()
    {
        resolver.cancel();
        wire.next_layer().close();
    }
    tcp::resolver resolver;
    Wire wire;
    beast::flat_buffer buffer;
    bool used = false;
    bool answered = false;
};
using ConnectionPtr = std::shared_ptr<Connection>;

Error unreachable(const Endpoint& endpoint, const boost::system::error_code& failure)
{
    return base::makeError(kUnreachable, endpoint.text() + ": " + failure.message());
}
} // namespace

class Client::Impl : public std::enable_shared_from_this<Client::Impl> {
public:
    Impl(const asio::any_io_executor& executor, Endpoint endpoint, ClientOptions options)
        : m_executor(executor), m_endpoint(std::move(endpoint)), m_options(std::move(options))
    {
    }

    asio::awaitable<Result<json::value>> call(std::string method, json::object params)
    {
        const auto deadline = std::chrono::steady_clock::now() + m_options.timeout;
        base::Status ready = prepare();
        if (!ready.ok()) co_return ready.error();
        for (;;) {
            Result<json::value> answer = co_await callOnce(method, params, deadline);
            const bool later = !answer.ok() && answer.error().code == kRateLimited &&
                               std::chrono::steady_clock::now() + kRatePause < deadline;
            if (!later) co_return answer;
            asio::steady_timer pause(m_executor, kRatePause);
            co_await pause.async_wait(kTuple);
        }
    }

    [[nodiscard]] const Endpoint& endpoint() const { return m_endpoint; }

private:
    using Deadline = std::chrono::steady_clock::time_point;

    /// What every call needs: the settings of TLS, made once.
    base::Status prepare()
    {
        if (m_options.token && !m_endpoint.tls && !m_endpoint.isLoopback())
            return base::makeError(kRefused, "a token is not sent in plain text to " + m_endpoint.text());
        const std::lock_guard lock(m_mutex);
        if (!m_endpoint.tls || m_tls) return base::success();
        BOWLINE_TRY(m_tls, makeClientTls(m_endpoint));
        return base::success();
    }

    asio::awaitable<Result<json::value>> callOnce(const std::string& method, const json::object& params,
                                                  Deadline deadline)
    {
        const std::uint64_t id = nextId();
        const std::string body = makeRequest(id, method, params);
        bool again = true;
        for (;;) {
            const ConnectionPtr connection = take();
            const bool reused = connection->used;
            Result<std::string> answer = co_await exchangeInTime(connection, body, deadline);
            if (answer) co_return parseResponse(*answer, id);
            const bool stale = reused && !connection->answered && answer.error().code == kUnreachable;
            if (!stale || !again) co_return answer.error();
            again = false;
            dropIdle(); // the server restarted: the others are stale too
        }
    }

    std::uint64_t nextId()
    {
        const std::lock_guard lock(m_mutex);
        return ++m_lastId;
    }

    ConnectionPtr take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_idle.empty()) return std::make_shared<Connection>(asio::make_strand(m_executor));
        ConnectionPtr out = std::move(m_idle.back());
        m_idle.pop_back();
        return out;
    }

    void giveBack(const ConnectionPtr& connection)
    {
        const std::lock_guard lock(m_mutex);
        if (m_idle.size() < kMaxIdleConnections) m_idle.push_back(connection);
    }

    void dropIdle()
    {
        const std::lock_guard lock(m_mutex);
        m_idle.clear();
    }

    /// The exchange, ended by the timeout wherever it stands. Runs on the connection's strand.
    asio::awaitable<Result<std::string>> exchangeInTime(ConnectionPtr connection, const std::string& body,
                                                        Deadline deadline)
    {
        // co_spawn wants a result that can be made of nothing, hence the optional.
        std::optional<Result<std::string>> out;
        auto work = [this, connection, deadline, &body, &out]() -> asio::awaitable<void> {
            const auto expired = std::make_shared<bool>(false);
            asio::steady_timer timer(connection->wire.get_executor(), deadline);
            timer.async_wait([connection, expired](const boost::system::error_code& failure) {
                if (failure) return;
                *expired = true;
                connection->end();
            });
            Result<std::string> answer = co_await exchange(connection, body);
            timer.cancel();
            if (*expired) answer = base::makeError(kTimeout, m_endpoint.text());
            if (!answer) connection->end();
            out.emplace(std::move(answer));
        };
        const auto self = shared_from_this();
        co_await asio::co_spawn(connection->wire.get_executor(), std::move(work), asio::use_awaitable);
        co_return std::move(*out);
    }

    asio::awaitable<Result<std::string>> exchange(ConnectionPtr connection, const std::string& body)
    {
        connection->answered = false;
        if (!connection->used) {
            const base::Status dialled =
                co_await dial(connection->wire, connection->resolver, m_endpoint, m_tls);
            if (!dialled.ok()) co_return dialled.error();
            connection->used = true;
        }
        http::request<http::string_body> request{http::verb::post, "/", 11};
        request.set(http::field::host, m_endpoint.text());
        request.set(http::field::content_type, "application/json");
        if (m_options.token) request.set(http::field::authorization, m_options.token->headerValue());
        request.body() = body;
        request.prepare_payload();
        const auto [notSent, sent] = co_await http::async_write(connection->wire, request, kTuple);
        if (notSent) co_return unreachable(m_endpoint, notSent);

        http::response_parser<http::string_body> parser;
        parser.body_limit(m_options.maxResponseBytes);
        const auto [failure, count] =
            co_await http::async_read(connection->wire, connection->buffer, parser, kTuple);
        connection->answered = count > 0;
        if (failure == http::error::body_limit)
            co_return base::makeError(kBadResponse, "the answer is too long");
        if (failure) co_return unreachable(m_endpoint, failure);
        if (parser.get().keep_alive()) giveBack(connection);
        co_return std::move(parser.get().body());
    }

    asio::any_io_executor m_executor;
    Endpoint m_endpoint;
    ClientOptions m_options;
    std::mutex m_mutex;
    ClientTls m_tls; // set once, before the first connection
    std::uint64_t m_lastId = 0;
    std::vector<ConnectionPtr> m_idle;
};

Client::Client(const asio::any_io_executor& executor, Endpoint endpoint, ClientOptions options)
    : m_impl(std::make_shared<Impl>(executor, std::move(endpoint), std::move(options)))
{
}

Client::~Client() = default;

asio::awaitable<Result<json::value>> Client::call(std::string method, json::object params)
{
    // The coroutine holds the implementation itself: it may outlive the client.
    auto impl = m_impl;
    auto run = [](std::shared_ptr<Impl> held, std::string name,
                  json::object arguments) -> asio::awaitable<Result<json::value>> {
        Result<json::value> out = co_await held->call(std::move(name), std::move(arguments));
        co_return out;
    };
    return run(std::move(impl), std::move(method), std::move(params));
}

const Endpoint& Client::endpoint() const { return m_impl->endpoint(); }

class BlockingClient::Impl {
public:
    Impl(Endpoint endpoint, ClientOptions options)
        : m_client(m_io.get_executor(), std::move(endpoint), std::move(options))
    {
    }

    Result<json::value> call(std::string method, json::object params)
    {
        const std::lock_guard lock(m_mutex);
        if (m_cancelled) return base::makeError(kCancelled);
        std::optional<Result<json::value>> out;
        auto work = [this, &out, &method, &params]() -> asio::awaitable<void> {
            Result<json::value> answer = co_await m_client.call(std::move(method), std::move(params));
            out.emplace(std::move(answer));
        };
        asio::co_spawn(m_io, std::move(work), [](const std::exception_ptr& bug) {
            if (bug) std::rethrow_exception(bug);
        });
        m_io.restart();
        if (m_cancelled)
            return base::makeError(kCancelled); // restart() would have undone a cancel() before it
        while (!out && m_io.run_one() > 0) {
        }
        if (!out) return base::makeError(kCancelled);
        return std::move(*out);
    }

    void cancel()
    {
        m_cancelled = true;
        m_io.stop();
    }

    [[nodiscard]] const Endpoint& endpoint() const { return m_client.endpoint(); }

private:
    std::mutex m_mutex;
    std::atomic<bool> m_cancelled = false;
    asio::io_context m_io{1};
    Client m_client;
};

BlockingClient::BlockingClient(Endpoint endpoint, ClientOptions options)
    : m_impl(std::make_unique<Impl>(std::move(endpoint), std::move(options)))
{
}

BlockingClient::~BlockingClient() = default;

Result<json::value> BlockingClient::call(std::string method, json::object params)
{
    return m_impl->call(std::move(method), std::move(params));
}

void BlockingClient::cancel() { m_impl->cancel(); }

const Endpoint& BlockingClient::endpoint() const { return m_impl->endpoint(); }

} // namespace bowline::net
