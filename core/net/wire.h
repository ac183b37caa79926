// SPDX-License-Identifier: MIT
// A connection that is plain or becomes TLS, as one type for everything above it. Private to the library.
//
// Nobody waits for TLS's own goodbye (close_notify): HTTP bodies carry their length and WebSocket messages their
// frames, so a cut connection is never taken for a whole answer.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <variant>

namespace bowline::net {

class Wire {
    using Plain = boost::beast::tcp_stream;
    using Tls = boost::beast::ssl_stream<boost::beast::tcp_stream>;

public:
    using executor_type = Plain::executor_type;
    using next_layer_type = Plain;

    explicit Wire(boost::asio::ip::tcp::socket socket)
        : m_stream(std::in_place_type<Plain>, std::move(socket))
    {
    }
    explicit Wire(const executor_type& executor) : m_stream(std::in_place_type<Plain>, executor) {}

    /// From here on everything goes through TLS; the handshake is the caller's. The context outlives the wire.
    Tls& startTls(boost::asio::ssl::context& context)
    {
        Plain plain = std::move(std::get<Plain>(m_stream));
        return m_stream.emplace<Tls>(std::move(plain), context);
    }

    [[nodiscard]] executor_type get_executor() { return next_layer().get_executor(); }
    [[nodiscard]] Plain& next_layer()
    {
        if (Tls* tls = std::get_if<Tls>(&m_stream)) return tls->next_layer();
        return std::get<Plain>(m_stream);
    }
    [[nodiscard]] const Plain& next_layer() const
    {
        if (const Tls* tls = std::get_if<Tls>(&m_stream)) return tls->next_layer();
        return std::get<Plain>(m_stream);
    }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        if (Tls* tls = std::get_if<Tls>(&m_stream))
            return tls->async_read_some(buffers, std::forward<Token>(token));
        return std::get<Plain>(m_stream).async_read_some(buffers, std::forward<Token>(token));
    }
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        if (Tls* tls = std::get_if<Tls>(&m_stream))
            return tls->async_write_some(buffers, std::forward<Token>(token));
        return std::get<Plain>(m_stream).async_write_some(buffers, std::forward<Token>(token));
    }

private:
    std::variant<Plain, Tls> m_stream;
};

// Found by Beast's WebSocket stream when it ends a connection.
inline void teardown(boost::beast::role_type role, Wire& wire, boost::system::error_code& failure)
{
    using boost::beast::websocket::teardown;
    teardown(role, wire.next_layer(), failure);
}
template <typename Handler>
void async_teardown(boost::beast::role_type role, Wire& wire, Handler&& handler)
{
    using boost::beast::websocket::async_teardown;
    async_teardown(role, wire.next_layer(), std::forward<Handler>(handler));
}

} // namespace bowline::net
