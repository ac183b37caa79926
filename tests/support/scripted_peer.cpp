// SPDX-License-Identifier: MIT
#include "tests/support/scripted_peer.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <deque>
#include <future>

namespace bowline::test {

namespace asio = boost::asio;
using base::Bytes;
using base::ByteView;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
} // namespace

Bytes framed(std::string_view command, ByteView payload)
{
    return chain::frameMessage(regtest().magic, command, payload);
}

/// Everything to one client goes through one queue, so that messages stay whole beside a flood.
struct ScriptedPeer::Connection {
    explicit Connection(asio::io_context& context) : socket(context), news(context) {}
    struct Item {
        Bytes bytes;
        Millis pause; // after each byte; zero: all at once
    };
    asio::ip::tcp::socket socket;
    asio::steady_timer news; // cancelled when there is something to send
    std::deque<Item> queue;
    std::shared_ptr<const Bytes> flood;
    bool ended = false;

    void end()
    {
        ended = true;
        boost::system::error_code ignored;
        socket.close(ignored);
        news.cancel();
    }
};

ScriptedPeer::ScriptedPeer(ScriptedChain chain, Behaviour behaviour)
    : m_chain(std::move(chain)), m_behaviour(std::move(behaviour)),
      m_acceptor(m_context, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0))
{
    asio::co_spawn(m_context, acceptLoop(), asio::detached);
    m_thread = std::thread([this] { m_context.run(); });
}

ScriptedPeer::~ScriptedPeer()
{
    m_context.stop();
    m_thread.join();
    m_current.reset();
}

std::string ScriptedPeer::address() const
{
    return "127.0.0.1:" + std::to_string(m_acceptor.local_endpoint().port());
}

std::size_t ScriptedPeer::timesAsked(const std::string& command) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_asked.find(command);
    return found == m_asked.end() ? 0 : found->second;
}

std::size_t ScriptedPeer::timesAskedFor(const base::BlockHash& block) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_askedFor.find(block.bytes);
    return found == m_askedFor.end() ? 0 : found->second;
}

void ScriptedPeer::note(const std::string& command, ByteView payload)
{
    const std::lock_guard lock(m_mutex);
    ++m_asked[command];
    if (command != "getdata") return;
    const auto items = chain::parseInventory(payload);
    if (!items.ok()) return;
    for (const chain::InventoryItem& item : *items) ++m_askedFor[item.hash];
}

asio::awaitable<void> ScriptedPeer::acceptLoop()
{
    for (;;) {
        const auto connection = std::make_shared<Connection>(m_context);
        const auto [error] = co_await m_acceptor.async_accept(connection->socket, kTuple);
        if (error) co_return;
        ++m_connections;
        m_current = connection;
        asio::co_spawn(m_context, serve(connection), asio::detached);
        asio::co_spawn(m_context, writeLoop(connection), asio::detached);
    }
}

asio::awaitable<void> ScriptedPeer::serve(ConnectionPtr connection)
{
    while (!connection->ended) {
        Bytes buffer(chain::kMessageHeadSize);
        const auto [error, size] =
            co_await asio::async_read(connection->socket, asio::buffer(buffer), kTuple);
        if (error) break;
        const auto head = chain::parseMessageHead(buffer, regtest().magic);
        if (!head.ok()) break;
        buffer.resize(head->size);
        const auto [bodyError, bodySize] =
            co_await asio::async_read(connection->socket, asio::buffer(buffer), kTuple);
        if (bodyError) break;
        note(head->command, buffer);
        if (!m_behaviour || !m_behaviour(*this, head->command, buffer)) answer(head->command, buffer);
        if (m_deaf) co_return; // the connection stays, with whatever is written to it
    }
    connection->end();
}

asio::awaitable<void> ScriptedPeer::writeLoop(ConnectionPtr connection)
{
    while (!connection->ended) {
        bool sent = true;
        if (!connection->queue.empty()) {
            Connection::Item item = std::move(connection->queue.front());
            connection->queue.pop_front();
            sent = co_await writeSlowly(connection, std::move(item.bytes), item.pause);
        } else if (const auto flood = connection->flood) {
            const auto [error, size] =
                co_await asio::async_write(connection->socket, asio::buffer(*flood), kTuple);
            m_bytesSent += size;
            sent = !error;
        } else {
            connection->news.expires_at(asio::steady_timer::time_point::max());
            co_await connection->news.async_wait(kTuple);
        }
        if (!sent) connection->end();
    }
}

asio::awaitable<bool> ScriptedPeer::writeSlowly(ConnectionPtr connection, Bytes bytes, Millis pause)
{
    const std::size_t step = pause == Millis(0) ? bytes.size() : 1;
    for (std::size_t at = 0; at < bytes.size() && !connection->ended; at += step) {
        const auto [error, size] =
            co_await asio::async_write(connection->socket, asio::buffer(bytes.data() + at, step), kTuple);
        m_bytesSent += size;
        if (error) co_return false;
        if (pause == Millis(0)) break;
        asio::steady_timer timer(m_context, pause);
        co_await timer.async_wait(kTuple);
    }
    co_return !connection->ended;
}

void ScriptedPeer::change(const std::function<void(ScriptedChain&)>& fn)
{
    std::promise<void> done;
    asio::post(m_context, [&] {
        fn(m_chain);
        done.set_value();
    });
    done.get_future().wait();
}

void ScriptedPeer::enqueue(Bytes bytes, Millis pause)
{
    asio::post(m_context, [this, bytes = std::move(bytes), pause]() mutable {
        if (!m_current || m_current->ended) return;
        m_current->queue.push_back({std::move(bytes), pause});
        m_current->news.cancel();
    });
}

void ScriptedPeer::send(const std::string& command, const Bytes& payload)
{
    sendRaw(framed(command, payload));
}

void ScriptedPeer::sendRaw(Bytes bytes) { enqueue(std::move(bytes), Millis(0)); }

void ScriptedPeer::drip(Bytes bytes, Millis pause) { enqueue(std::move(bytes), pause); }

void ScriptedPeer::flood(std::shared_ptr<const Bytes> bytes)
{
    asio::post(m_context, [this, bytes = std::move(bytes)] {
        if (!m_current || m_current->ended) return;
        m_current->flood = bytes;
        m_current->news.cancel();
    });
}

void ScriptedPeer::sendLater(Millis after, const std::string& command, const Bytes& payload)
{
    const auto timer = std::make_shared<asio::steady_timer>(m_context, after);
    timer->async_wait([this, timer, bytes = framed(command, payload)](auto error) {
        if (!error) sendRaw(bytes);
    });
}

void ScriptedPeer::dropConnection()
{
    asio::post(m_context, [this] {
        if (m_current) m_current->end();
    });
}

void ScriptedPeer::answer(const std::string& command, ByteView payload)
{
    if (command == "version") sendVersion();
    if (command == "ping") send("pong", base::toBytes(payload));
    if (command == "getheaders") answerGetHeaders(payload);
    if (command == "getcfheaders") answerGetFilterHeaders(payload);
    if (command == "getcfilters") answerGetFilters(payload);
    if (command == "getcfcheckpt") answerGetCheckpoints(payload);
    if (command == "getdata") answerGetData(payload);
}

void ScriptedPeer::sendVersion()
{
    chain::VersionMessage version;
    version.protocol = protocol;
    version.services = services;
    version.nonce = 77;
    version.agent = "/fake:1\x1b[2J/"; // a terminal escape, to be shown as question marks
    version.startHeight = claimedHeight >= 0 ? claimedHeight : static_cast<std::int32_t>(m_chain.height());
    send("version", chain::writeVersion(version));
    send("wtxidrelay", {});
    send("verack", {});
}

void ScriptedPeer::answerGetHeaders(ByteView payload)
{
    base::Reader in(payload);
    in.u32le();
    const std::uint64_t count = in.compactSize(200);
    std::size_t from = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto known = m_chain.heightOf(in.hash<base::BlockHash>());
        if (!known) continue;
        from = *known;
        break;
    }
    std::vector<bitcoin::BlockHeader> headers;
    for (std::size_t i = from + 1; i < m_chain.blocks.size() && headers.size() < chain::kMaxHeadersPerMessage;
         ++i) {
        headers.push_back(m_chain.blocks[i].header);
    }
    send("headers", chain::writeHeaders(headers));
}

void ScriptedPeer::answerGetFilterHeaders(ByteView payload)
{
    base::Reader in(payload);
    in.u8();
    const std::size_t first = in.u32le();
    const auto last = m_chain.heightOf(in.hash<base::BlockHash>());
    if (!last) return;
    chain::FilterHeadersMessage message;
    message.last = m_chain.blocks[*last].header.hash();
    if (first > 0) message.previous = m_chain.filterHeader(first - 1);
    for (std::size_t i = first; i <= *last; ++i) message.filterHashes.push_back(m_chain.filters[i].hash());
    send("cfheaders", chain::writeFilterHeaders(message));
}

void ScriptedPeer::answerGetFilters(ByteView payload)
{
    base::Reader in(payload);
    in.u8();
    const std::size_t first = in.u32le();
    const auto last = m_chain.heightOf(in.hash<base::BlockHash>());
    if (!last) return;
    for (std::size_t i = first; i <= *last; ++i) {
        send("cfilter", chain::writeFilter({m_chain.blocks[i].header.hash(), m_chain.filters[i].encoded}));
    }
}

void ScriptedPeer::answerGetCheckpoints(ByteView payload)
{
    base::Reader in(payload);
    in.u8();
    const auto last = m_chain.heightOf(in.hash<base::BlockHash>());
    if (!last) return;
    chain::FilterCheckpointsMessage message;
    message.last = m_chain.blocks[*last].header.hash();
    for (std::size_t i = chain::kFilterCheckpointInterval; i <= *last;
         i += chain::kFilterCheckpointInterval) {
        message.headers.push_back(m_chain.filterHeader(i));
    }
    send("cfcheckpt", chain::writeFilterCheckpoints(message));
}

void ScriptedPeer::answerGetData(ByteView payload)
{
    const auto items = chain::parseInventory(payload);
    if (!items.ok()) return;
    for (const chain::InventoryItem& item : *items) {
        const auto height = m_chain.heightOf(base::BlockHash{item.hash});
        if (height && *height > 0) {
            send("block", m_chain.blocks[*height].serialize());
        } else {
            send("notfound", chain::writeInventory({item}));
        }
    }
}

namespace behaviour {

using Behaviour = ScriptedPeer::Behaviour;

Behaviour all(std::vector<Behaviour> parts)
{
    return [parts = std::move(parts)](ScriptedPeer& self, const std::string& command, ByteView payload) {
        return std::any_of(parts.begin(), parts.end(),
                           [&](const Behaviour& part) { return part(self, command, payload); });
    };
}

Behaviour mute()
{
    return [](ScriptedPeer&, const std::string&, ByteView) { return true; };
}

Behaviour silentTo(std::string command) { return silentAfter(std::move(command), 0); }

Behaviour silentAfter(std::string command, std::size_t count)
{
    return [command = std::move(command), count](ScriptedPeer& self, const std::string& seen, ByteView) {
        return seen == command && self.timesAsked(command) > count;
    };
}

Behaviour hangsUpOn(std::string command)
{
    return [command = std::move(command)](ScriptedPeer& self, const std::string& seen, ByteView) {
        if (seen != command) return false;
        self.dropConnection();
        return true;
    };
}

Behaviour answers(std::string command, Bytes bytes)
{
    return [command = std::move(command), bytes = std::move(bytes)](ScriptedPeer& self,
                                                                    const std::string& seen, ByteView) {
        if (seen != command) return false;
        self.sendRaw(bytes);
        return true;
    };
}

Behaviour on(std::string command, std::function<void(ScriptedPeer&)> fn)
{
    return [command = std::move(command), fn = std::move(fn)](ScriptedPeer& self, const std::string& seen,
                                                              ByteView) {
        if (seen == command) fn(self);
        return false;
    };
}

} // namespace behaviour

} // namespace bowline::test
