// SPDX-License-Identifier: MIT
#include "core/net/web_socket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace bowline::net {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
} // namespace

struct WebSocket::Impl {
    explicit Impl(Wire wire) : stream(std::move(wire)) {}
    websocket::stream<Wire> stream;
    beast::flat_buffer buffer;
};

WebSocket::WebSocket(Wire wire, const WebSocketLimits& limits)
    : m_impl(std::make_unique<Impl>(std::move(wire)))
{
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = limits.handshakeTimeout;
    timeouts.idle_timeout = limits.idleTimeout;
    timeouts.keep_alive_pings = true;
    m_impl->stream.set_option(timeouts);
    m_impl->stream.read_message_max(limits.maxMessageBytes);
    m_impl->stream.text(true);
}

WebSocket::~WebSocket() = default;

Wire& WebSocket::wire() { return m_impl->stream.next_layer(); }

Wire::executor_type WebSocket::get_executor() { return m_impl->stream.get_executor(); }

void WebSocket::onPing(std::function<void()> called)
{
    m_impl->stream.control_callback(
        [called = std::move(called)](websocket::frame_type kind, beast::string_view) {
            if (kind == websocket::frame_type::ping) called();
        });
}

asio::awaitable<error_code> WebSocket::accept(const HttpRequest& upgrade)
{
    const auto [failure] = co_await m_impl->stream.async_accept(upgrade, kTuple);
    co_return failure;
}

asio::awaitable<error_code> WebSocket::connect(const std::string& host)
{
    const auto [failure] = co_await m_impl->stream.async_handshake(host, "/", kTuple);
    co_return failure;
}

asio::awaitable<error_code> WebSocket::read(std::string& message)
{
    const auto [failure, count] = co_await m_impl->stream.async_read(m_impl->buffer, kTuple);
    if (failure) co_return failure;
    message = beast::buffers_to_string(m_impl->buffer.data());
    m_impl->buffer.consume(m_impl->buffer.size());
    co_return error_code{};
}

bool WebSocket::gotText() const { return m_impl->stream.got_text(); }

asio::awaitable<error_code> WebSocket::write(const std::string& message)
{
    const auto [failure, count] = co_await m_impl->stream.async_write(asio::buffer(message), kTuple);
    co_return failure;
}

} // namespace bowline::net
