// SPDX-License-Identifier: MIT
// A connection that is plain or becomes TLS, as one type for everything above it. Private to the library.
//
// Nobody waits for TLS's own goodbye (close_notify): HTTP bodies carry their length and WebSocket messages their
// frames, so a cut connection is never taken for a whole answer.
//
// HTTP and WebSocket are templates over the stream and over what follows each read and write. Here both end: reads
// and writes take one form (wire.cpp compiles them once), whatever asked for them.
#pragma once

#include "core/net/transfer.h"

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <openssl/types.h>

namespace boost::asio::ssl {
class context;
}

namespace bowline::net {

class Wire {
public:
    using next_layer_type = boost::beast::tcp_stream;
    using executor_type = next_layer_type::executor_type;

    explicit Wire(boost::asio::ip::tcp::socket socket);
    explicit Wire(const executor_type& executor);
    ~Wire();
    Wire(Wire&& other) noexcept;
    Wire& operator=(Wire&& other) = delete;

    /// From here on everything goes through TLS, beginning with a handshake. The context outlives the wire; what is
    /// returned is the wire's.
    SSL* startTls(boost::asio::ssl::context& context);
    [[nodiscard]] boost::asio::awaitable<boost::system::error_code> handshakeAsClient();
    /// `begun` is what has been read already; all of it belongs to the handshake.
    [[nodiscard]] boost::asio::awaitable<boost::system::error_code>
    handshakeAsServer(boost::asio::const_buffer begun);

    [[nodiscard]] executor_type get_executor() { return next_layer().get_executor(); }
    [[nodiscard]] next_layer_type& next_layer();
    [[nodiscard]] const next_layer_type& next_layer() const;

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return startTransfer(std::forward<Token>(token),
                             [this, list = BufferList<boost::asio::mutable_buffer>(buffers)](
                                 TransferHandler handler) { readSome(list, std::move(handler)); });
    }
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return startTransfer(std::forward<Token>(token),
                             [this, list = BufferList<boost::asio::const_buffer>(buffers)](
                                 TransferHandler handler) { writeSome(list, std::move(handler)); });
    }

private:
    template <typename Token, typename Start>
    auto startTransfer(Token&& token, Start start)
    {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [executor = get_executor(), start = std::move(start)](auto&& handler) {
                start(TransferHandler(std::forward<decltype(handler)>(handler), executor));
            },
            token);
    }
    void readSome(const BufferList<boost::asio::mutable_buffer>& buffers, TransferHandler handler);
    void writeSome(const BufferList<boost::asio::const_buffer>& buffers, TransferHandler handler);

    struct Stream;
    std::unique_ptr<Stream> m_stream;
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
