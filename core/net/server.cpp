// SPDX-License-Identifier: MIT
#include "core/net/server.h"

#include "core/base/log.h"
#include "core/net/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <map>

namespace bowline::net {

using asio::ip::tcp;

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
public:
    Impl(const asio::any_io_executor& executor, std::shared_ptr<ServerShared> shared)
        : m_strand(asio::make_strand(executor)), m_acceptor(m_strand), m_shared(std::move(shared))
    {
    }

    Result<Endpoint> listen(const Endpoint& where)
    {
        const std::shared_ptr<ServerTls>& tls = m_shared->access.tls;
        if (!tls && !where.isLoopback()) {
            return base::makeError(kPlainBeyondLoopback,
                                   where.text() +
                                       ": others could read and change what is said there. Listen on "
                                       "https://" +
                                       where.text() + ", or on 127.0.0.1");
        }
        if (!tls && where.tls) return base::makeError(kCannotListen, where.text() + ": no certificate");
        boost::system::error_code failure;
        const auto address =
            asio::ip::make_address(where.host == "localhost" ? "127.0.0.1" : where.host, failure);
        if (failure) return base::makeError(kCannotListen, where.text() + ": no literal address");
        const tcp::endpoint endpoint(address, where.port);
        m_acceptor.open(endpoint.protocol(), failure);
        if (!failure) m_acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) m_acceptor.bind(endpoint, failure);
        if (!failure) m_acceptor.listen(asio::socket_base::max_listen_connections, failure);
        if (failure) return base::makeError(kCannotListen, where.text() + ": " + failure.message());
        auto accepting = [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->accept(); };
        Endpoint bound{where.host, m_acceptor.local_endpoint().port(), tls != nullptr};
        if (tls) bound.pin = tls->fingerprint();
        asio::co_spawn(m_strand, std::move(accepting), asio::detached);
        return bound;
    }

    void publish(std::string topic, std::string text)
    {
        auto send = [self = shared_from_this(), topic = std::move(topic),
                     shared = std::make_shared<const std::string>(std::move(text))] {
            for (const auto& session : self->m_sessions) session->notify(topic, shared);
        };
        asio::post(m_strand, std::move(send));
    }

    void stop()
    {
        asio::post(m_strand, [self = shared_from_this()] {
            self->m_stopped = true;
            boost::system::error_code ignored;
            self->m_acceptor.close(ignored);
            for (const auto& session : self->m_sessions) session->close();
        });
    }

    [[nodiscard]] std::size_t connections() const { return m_connections; }
    [[nodiscard]] ServerStatistics statistics() const { return m_shared->tally.read(); }

private:
    asio::awaitable<void> accept()
    {
        asio::steady_timer pause(m_strand);
        while (!m_stopped) {
            auto [failure, socket] = co_await m_acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
            if (failure == asio::error::operation_aborted) co_return;
            if (failure) { // out of descriptors, most likely: wait for some to be given back
                base::logWarning("net", "cannot accept a connection: " + failure.message());
                pause.expires_after(std::chrono::milliseconds(200));
                co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
                continue;
            }
            boost::system::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            auto session = std::make_shared<Session>(std::move(socket), m_shared);
            if (!m_stopped && makeRoom(session->owner())) start(std::move(session));
        }
    }

    /// False when everybody who could go for the new connection is being answered right now.
    bool makeRoom(const asio::ip::address& owner)
    {
        const ServerLimits& limits = m_shared->limits;
        std::map<asio::ip::address, std::size_t> held;
        std::size_t all = 0;
        for (const auto& session : m_sessions) {
            if (!session->isOpen()) continue; // on its way out
            ++held[session->owner()];
            ++all;
        }
        const std::size_t share = owner.is_loopback() ? limits.maxPerLoopbackAddress : limits.maxPerAddress;
        if (held[owner] >= share) return closeIdlestOf(owner);
        if (all < limits.maxConnections) return true;
        const auto most = std::max_element(held.begin(), held.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        return closeIdlestOf(most->first);
    }

    bool closeIdlestOf(const asio::ip::address& owner)
    {
        std::shared_ptr<Session> idlest;
        for (const auto& session : m_sessions) {
            if (!session->isOpen() || session->isBusy() || session->owner() != owner) continue;
            if (!idlest || session->lastUse() < idlest->lastUse()) idlest = session;
        }
        if (idlest) idlest->close();
        return idlest != nullptr;
    }

    void start(std::shared_ptr<Session> session)
    {
        m_sessions.insert(session);
        m_connections = m_sessions.size();
        m_shared->tally.connected(session->owner().to_string());
        auto serve = [session]() -> asio::awaitable<void> { co_await session->run(); };
        auto ended = [self = shared_from_this(), session](const std::exception_ptr& bug) {
            if (bug) base::logError("net", "a connection ended by an exception");
            session->close();
            self->m_sessions.erase(session);
            self->m_connections = self->m_sessions.size();
            self->m_shared->tally.disconnected(session->owner().to_string());
        };
        asio::co_spawn(m_strand, std::move(serve), std::move(ended));
    }

    Strand m_strand;
    tcp::acceptor m_acceptor;
    std::shared_ptr<ServerShared> m_shared;
    std::set<std::shared_ptr<Session>> m_sessions;
    std::atomic<std::size_t> m_connections = 0;
    bool m_stopped = false;
};

Server::Server(const asio::any_io_executor& executor, Dispatcher dispatcher, std::vector<std::string> topics,
               ServerLimits limits, ServerAccess access)
    : m_impl(std::make_shared<Impl>(executor,
                                    std::make_shared<ServerShared>(std::move(dispatcher), std::move(topics),
                                                                   limits, std::move(access))))
{
}

Server::~Server() { stop(); }

Result<Endpoint> Server::listen(const Endpoint& where) { return m_impl->listen(where); }

void Server::publish(std::string_view topic, std::string_view method, const json::value& params)
{
    m_impl->publish(std::string(topic), makeNotification(method, params));
}

void Server::stop() { m_impl->stop(); }

std::size_t Server::connections() const { return m_impl->connections(); }

ServerStatistics Server::statistics() const { return m_impl->statistics(); }

} // namespace bowline::net
