// SPDX-License-Identifier: MIT
#include "core/net/dial.h"

#include "core/net/tls_check.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bowline::net {

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

base::Status unreachable(const Endpoint& endpoint, const boost::system::error_code& failure)
{
    return base::makeError(kUnreachable, endpoint.text() + ": " + failure.message());
}
} // namespace

asio::awaitable<base::Status> dial(Wire& wire, asio::ip::tcp::resolver& resolver, const Endpoint& endpoint,
                                   const ClientTls& tls)
{
    if (endpoint.tls != (tls != nullptr)) co_return base::makeError(kTlsFailed, "no settings for TLS");
    const std::string port = std::to_string(endpoint.port);
    const auto [unknown, addresses] = co_await resolver.async_resolve(endpoint.host, port, kTuple);
    if (unknown) co_return unreachable(endpoint, unknown);
    const auto [failure, address] = co_await wire.next_layer().async_connect(addresses, kTuple);
    if (failure) co_return unreachable(endpoint, failure);
    boost::system::error_code ignored;
    wire.next_layer().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!tls) co_return base::success();

    SSL* connection = wire.startTls(*tls);
    base::Status named = nameServer(connection, endpoint);
    if (!named.ok()) co_return named;
    const auto refused = co_await wire.handshakeAsClient();
    // Closed from outside, by a timeout for instance: the caller knows why.
    if (refused == asio::error::operation_aborted) co_return unreachable(endpoint, refused);
    if (refused) co_return tlsFailure(endpoint, connection, refused);
    co_return base::success();
}

} // namespace bowline::net
