// SPDX-License-Identifier: MIT
#include "tests/support/raw_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/time.h>

namespace bowline::test {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

namespace {
void connect(tcp::socket& socket, const Endpoint& endpoint, const std::string& from)
{
    socket.open(tcp::v4());
    socket.bind({asio::ip::make_address(from), 0});
    socket.connect({asio::ip::make_address(endpoint.host), endpoint.port});
    const timeval limit{3, 0};
    setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}
} // namespace

struct RawClient::Impl {
    asio::io_context io;
    tcp::socket socket{io};
};

RawClient::RawClient(const Endpoint& endpoint, const std::string& from) : m_impl(std::make_unique<Impl>())
{
    connect(m_impl->socket, endpoint, from);
}

RawClient::~RawClient() = default;

void RawClient::send(const std::string& text)
{
    boost::system::error_code ignored;
    asio::write(m_impl->socket, asio::buffer(text), ignored);
}

std::string RawClient::readSome()
{
    std::array<char, 4096> piece;
    const ssize_t count = ::recv(m_impl->socket.native_handle(), piece.data(), piece.size(), 0);
    return {piece.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

std::string RawClient::readToEnd(bool* closed)
{
    std::string out;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t count = ::recv(m_impl->socket.native_handle(), piece.data(), piece.size(), 0);
        if (closed != nullptr) *closed = count == 0 || (count < 0 && errno == ECONNRESET);
        if (count <= 0) return out;
        out.append(piece.data(), static_cast<std::size_t>(count));
    }
}

std::string RawClient::post(const std::string& body, const std::string& headers)
{
    send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return readToEnd();
}

struct WebClient::Impl {
    asio::io_context io;
    websocket::stream<tcp::socket> stream{io};
};

WebClient::WebClient(const Endpoint& endpoint, const std::string& from, const std::string& authorization)
    : m_impl(std::make_unique<Impl>())
{
    connect(m_impl->stream.next_layer(), endpoint, from);
    if (!authorization.empty()) {
        m_impl->stream.set_option(websocket::stream_base::decorator([authorization](auto& request) {
            request.set(boost::beast::http::field::authorization, authorization);
        }));
    }
    m_impl->stream.handshake("x", "/");
    m_impl->stream.text(true);
}

WebClient::~WebClient() = default;

void WebClient::send(const std::string& text) { m_impl->stream.write(asio::buffer(text)); }

void WebClient::sendInTwo(const std::string& first, const std::string& second)
{
    m_impl->stream.auto_fragment(false);
    m_impl->stream.write_some(false, asio::buffer(first));
    m_impl->stream.write_some(true, asio::buffer(second));
}

bool WebClient::ping()
{
    boost::system::error_code failure;
    m_impl->stream.ping({}, failure);
    return !failure;
}

std::string WebClient::read()
{
    boost::beast::flat_buffer buffer;
    boost::system::error_code failure;
    m_impl->stream.read(buffer, failure);
    return failure ? "failed: " + failure.message() : boost::beast::buffers_to_string(buffer.data());
}

std::string WebClient::call(const std::string& text)
{
    send(text);
    return read();
}

} // namespace bowline::test
