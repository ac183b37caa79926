// SPDX-License-Identifier: MIT
// The way to a server: name, TCP, TLS. Private to the library.
#pragma once

#include "core/net/tls.h"
#include "core/net/wire.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace bowline::net {

namespace asio = boost::asio;

/// Connects the wire, with the TLS of the endpoint. Timeouts are those that the wire has; closing it ends this.
/// `tls` is set if the endpoint asks for TLS.
[[nodiscard]] asio::awaitable<base::Status> dial(Wire& wire, asio::ip::tcp::resolver& resolver,
                                                 const Endpoint& endpoint, const ClientTls& tls);

} // namespace bowline::net
