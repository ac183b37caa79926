// SPDX-License-Identifier: MIT
#include "core/net/subscriber.h"

#include "core/net/dial.h"
#include "core/net/params.h"
#include "core/net/web_socket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <random>

namespace bowline::net {

namespace beast = boost::beast;
using asio::ip::tcp;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
} // namespace

class Subscriber::Impl : public std::enable_shared_from_this<Subscriber::Impl> {
public:
    Impl(const asio::any_io_executor& executor, Endpoint endpoint, std::vector<std::string> topics,
         Events events, SubscriberOptions options)
        : m_strand(asio::make_strand(executor)), m_endpoint(std::move(endpoint)), m_topics(std::move(topics)),
          m_events(std::move(events)), m_options(options), m_backoff(options.firstBackoff), m_pause(m_strand),
          m_resolver(m_strand)
    {
    }

    void start()
    {
        auto run = [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->run(); };
        asio::co_spawn(m_strand, std::move(run), asio::detached);
    }

    void stop()
    {
        m_stopped = true;
        asio::post(m_strand, [self = shared_from_this()] {
            self->m_pause.cancel();
            self->m_resolver.cancel();
            if (self->m_socket) self->tcp().close();
        });
    }

private:
    beast::tcp_stream& tcp() { return m_socket->wire().next_layer(); }

    asio::awaitable<void> run()
    {
        while (!m_stopped) {
            const base::Status ended = co_await connectAndRead();
            m_socket.reset();
            if (m_stopped) co_return;
            m_events.onDisconnected(ended.ok() ? base::makeError(kUnreachable) : ended.error());
            m_pause.expires_after(nextPause());
            co_await m_pause.async_wait(kTuple);
        }
    }

    /// Ends with the reason why the connection did not last.
    asio::awaitable<base::Status> connectAndRead()
    {
        base::Status connected = co_await connect();
        if (!connected) co_return connected;
        for (std::size_t i = 0; i < m_topics.size(); ++i) {
            base::Status subscribed = co_await subscribe(i + 1, m_topics[i]);
            if (!subscribed) co_return subscribed;
        }
        if (m_stopped) co_return base::makeError(kCancelled);
        m_backoff = m_options.firstBackoff;
        m_events.onConnected();
        while (!m_stopped) {
            Result<std::string> text = co_await readText();
            if (!text) co_return text.error();
            if (m_stopped) co_return base::makeError(kCancelled);
            base::Status delivered = deliver(*text);
            if (!delivered) co_return delivered;
        }
        co_return base::makeError(kCancelled);
    }

    asio::awaitable<base::Status> connect()
    {
        if (m_endpoint.tls && !m_tls) {
            auto settings = makeClientTls(m_endpoint);
            if (!settings) co_return settings.error();
            m_tls = *settings;
        }
        m_socket.emplace(Wire(m_strand), WebSocketLimits{m_options.connectTimeout, m_options.idleTimeout,
                                                         m_options.maxMessageBytes});
        tcp().expires_after(m_options.connectTimeout);
        base::Status dialled = co_await dial(m_socket->wire(), m_resolver, m_endpoint, m_tls);
        if (m_stopped) co_return base::makeError(kCancelled);
        if (!dialled) co_return dialled;
        tcp().expires_never();
        const std::string host = m_endpoint.text();
        const auto refused = co_await m_socket->connect(host);
        if (refused) co_return base::makeError(kUnreachable, host + ": " + refused.message());
        co_return base::success();
    }

    /// Asks for the topic and waits for the answer; notifications that come in between are delivered.
    asio::awaitable<base::Status> subscribe(std::uint64_t id, const std::string& topic)
    {
        json::object params;
        params["topic"] = topic;
        const std::string request = makeRequest(id, "subscribe", params);
        const auto failure = co_await m_socket->write(request);
        if (failure) co_return base::makeError(kUnreachable, failure.message());
        for (;;) {
            Result<std::string> text = co_await readText();
            if (!text) co_return text.error();
            if (deliver(*text)) continue;
            const Result<json::value> answer = parseResponse(*text, id);
            co_return answer ? base::success() : base::Status(answer.error());
        }
    }

    asio::awaitable<Result<std::string>> readText()
    {
        std::string text;
        const auto failure = co_await m_socket->read(text);
        if (failure) co_return base::makeError(kUnreachable, failure.message());
        co_return text;
    }

    base::Status deliver(const std::string& text)
    {
        auto notification = parseRequest(text);
        if (!notification || notification->id) {
            return base::makeError(kBadResponse, "expected a notification");
        }
        m_events.onNotification(notification->method, notification->params);
        return base::success();
    }

    std::chrono::milliseconds nextPause()
    {
        const auto pause = m_backoff;
        m_backoff = std::min(m_backoff * 2, m_options.lastBackoff);
        std::uniform_int_distribution<std::int64_t> jitter(0, pause.count() / 4);
        return pause + std::chrono::milliseconds(jitter(m_random));
    }

    asio::strand<asio::any_io_executor> m_strand;
    Endpoint m_endpoint;
    std::vector<std::string> m_topics;
    Events m_events;
    SubscriberOptions m_options;
    std::chrono::milliseconds m_backoff;
    asio::steady_timer m_pause;
    tcp::resolver m_resolver;
    ClientTls m_tls;
    std::optional<WebSocket> m_socket;
    std::minstd_rand m_random{std::random_device{}()}; // spreads reconnections; nothing secret
    std::atomic<bool> m_stopped = false;
};

Subscriber::Subscriber(const asio::any_io_executor& executor, Endpoint endpoint,
                       std::vector<std::string> topics, Events events, SubscriberOptions options)
    : m_impl(std::make_shared<Impl>(executor, std::move(endpoint), std::move(topics), std::move(events),
                                    options))
{
}

Subscriber::~Subscriber() { stop(); }

void Subscriber::start() { m_impl->start(); }

void Subscriber::stop() { m_impl->stop(); }

} // namespace bowline::net
