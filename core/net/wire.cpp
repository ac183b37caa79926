// SPDX-License-Identifier: MIT
#include "core/net/wire.h"

namespace bowline::net {

namespace asio = boost::asio;

Wire::Wire(asio::ip::tcp::socket socket) : m_stream(std::in_place_type<Plain>, std::move(socket)) {}
Wire::Wire(const executor_type& executor) : m_stream(std::in_place_type<Plain>, executor) {}
Wire::~Wire() = default;
Wire::Wire(Wire&& other) noexcept = default;

Wire::Tls& Wire::startTls(asio::ssl::context& context)
{
    Plain plain = std::move(std::get<Plain>(m_stream));
    return m_stream.emplace<Tls>(std::move(plain), context);
}

Wire::Plain& Wire::next_layer()
{
    if (Tls* tls = std::get_if<Tls>(&m_stream)) return tls->next_layer();
    return std::get<Plain>(m_stream);
}

const Wire::Plain& Wire::next_layer() const
{
    if (const Tls* tls = std::get_if<Tls>(&m_stream)) return tls->next_layer();
    return std::get<Plain>(m_stream);
}

void Wire::readSome(const BufferList<asio::mutable_buffer>& buffers, TransferHandler handler)
{
    if (Tls* tls = std::get_if<Tls>(&m_stream)) {
        tls->async_read_some(buffers, std::move(handler));
    } else {
        std::get<Plain>(m_stream).async_read_some(buffers, std::move(handler));
    }
}

void Wire::writeSome(const BufferList<asio::const_buffer>& buffers, TransferHandler handler)
{
    if (Tls* tls = std::get_if<Tls>(&m_stream)) {
        tls->async_write_some(buffers, std::move(handler));
    } else {
        std::get<Plain>(m_stream).async_write_some(buffers, std::move(handler));
    }
}

} // namespace bowline::net
