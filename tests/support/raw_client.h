// SPDX-License-Identifier: MIT
// Plain sockets that send whatever they like, for tests of the JSON-RPC server.
#pragma once

#include "core/net/endpoint.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <thread>

#include <sys/socket.h>

namespace bowline::test {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using net::Endpoint;

/// A blocking socket that gives up reading after three seconds.
class RawClient {
public:
    /// All of 127.0.0.0/8 is this machine: `from` is the client's own address.
    explicit RawClient(const Endpoint& endpoint, const std::string& from = "127.0.0.1") : m_socket(m_io)
    {
        m_socket.open(tcp::v4());
        m_socket.bind({asio::ip::make_address(from), 0});
        m_socket.connect({asio::ip::make_address(endpoint.host), endpoint.port});
        const timeval limit{3, 0};
        setsockopt(m_socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(m_socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    void send(const std::string& text)
    {
        boost::system::error_code ignored;
        asio::write(m_socket, asio::buffer(text), ignored);
    }
    /// What comes until the other side closes.
    std::string readToEnd(bool* closed = nullptr)
    {
        std::string out;
        char piece[4096];
        for (;;) {
            const ssize_t count = ::recv(m_socket.native_handle(), piece, sizeof piece, 0);
            if (closed != nullptr) *closed = count == 0 || (count < 0 && errno == ECONNRESET);
            if (count <= 0) return out;
            out.append(piece, static_cast<std::size_t>(count));
        }
    }
    std::string post(const std::string& body,
                     const std::string& headers = "Content-Type: application/json\r\n")
    {
        send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers +
             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        return readToEnd();
    }
    tcp::socket& socket() { return m_socket; }

private:
    asio::io_context m_io;
    tcp::socket m_socket;
};

[[nodiscard]] inline bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

class WebClient {
public:
    explicit WebClient(const Endpoint& endpoint, const std::string& from = "127.0.0.1",
                       const std::string& authorization = {})
        : m_socket(m_io)
    {
        m_socket.next_layer().open(tcp::v4());
        m_socket.next_layer().bind({asio::ip::make_address(from), 0});
        m_socket.next_layer().connect({asio::ip::make_address(endpoint.host), endpoint.port});
        const timeval limit{3, 0};
        setsockopt(m_socket.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (!authorization.empty()) {
            m_socket.set_option(websocket::stream_base::decorator([authorization](auto& request) {
                request.set(boost::beast::http::field::authorization, authorization);
            }));
        }
        m_socket.handshake("x", "/");
        m_socket.text(true);
    }
    void send(const std::string& text) { m_socket.write(asio::buffer(text)); }
    std::string read()
    {
        boost::beast::flat_buffer buffer;
        boost::system::error_code failure;
        m_socket.read(buffer, failure);
        return failure ? "failed: " + failure.message() : boost::beast::buffers_to_string(buffer.data());
    }
    std::string call(const std::string& text)
    {
        send(text);
        return read();
    }
    websocket::stream<tcp::socket>& socket() { return m_socket; }

private:
    asio::io_context m_io;
    websocket::stream<tcp::socket> m_socket;
};

template <typename Condition>
[[nodiscard]] bool eventually(Condition condition)
{
    for (int i = 0; i < 200; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

} // namespace bowline::test
