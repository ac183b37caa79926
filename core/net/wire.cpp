// SPDX-License-Identifier: MIT
#include "core/net/wire.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <variant>

namespace bowline::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
using Plain = boost::beast::tcp_stream;
using Tls = boost::beast::ssl_stream<boost::beast::tcp_stream>;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
} // namespace

struct Wire::Stream {
    template <typename From>
    explicit Stream(From&& from) : either(std::in_place_type<Plain>, std::forward<From>(from))
    {
    }
    [[nodiscard]] Tls* tls() { return std::get_if<Tls>(&either); }
    [[nodiscard]] Plain& plain() { return std::get<Plain>(either); }
    std::variant<Plain, Tls> either;
};

Wire::Wire(asio::ip::tcp::socket socket) : m_stream(std::make_unique<Stream>(std::move(socket))) {}
Wire::Wire(const executor_type& executor) : m_stream(std::make_unique<Stream>(executor)) {}
Wire::~Wire() = default;
Wire::Wire(Wire&& other) noexcept = default;

SSL* Wire::startTls(asio::ssl::context& context)
{
    Plain plain = std::move(m_stream->plain());
    return m_stream->either.emplace<Tls>(std::move(plain), context).native_handle();
}

asio::awaitable<error_code> Wire::handshakeAsClient()
{
    const auto [failure] = co_await m_stream->tls()->async_handshake(asio::ssl::stream_base::client, kTuple);
    co_return failure;
}

asio::awaitable<error_code> Wire::handshakeAsServer(asio::const_buffer begun)
{
    const auto [failure, used] =
        co_await m_stream->tls()->async_handshake(asio::ssl::stream_base::server, begun, kTuple);
    // Bytes that no handshake wanted would be taken for what was said under its protection.
    if (!failure && used != begun.size()) co_return asio::ssl::error::unexpected_result;
    co_return failure;
}

Wire::next_layer_type& Wire::next_layer()
{
    Tls* tls = m_stream->tls();
    return tls != nullptr ? tls->next_layer() : m_stream->plain();
}

const Wire::next_layer_type& Wire::next_layer() const
{
    const Tls* tls = m_stream->tls();
    return tls != nullptr ? tls->next_layer() : m_stream->plain();
}

void Wire::readSome(const BufferList<asio::mutable_buffer>& buffers, TransferHandler handler)
{
    if (Tls* tls = m_stream->tls()) {
        tls->async_read_some(buffers, std::move(handler));
    } else {
        m_stream->plain().async_read_some(buffers, std::move(handler));
    }
}

void Wire::writeSome(const BufferList<asio::const_buffer>& buffers, TransferHandler handler)
{
    if (Tls* tls = m_stream->tls()) {
        tls->async_write_some(buffers, std::move(handler));
    } else {
        m_stream->plain().async_write_some(buffers, std::move(handler));
    }
}

} // namespace bowline::net
