// SPDX-License-Identifier: MIT
// A Bitcoin node in this process that serves a ScriptedChain over a real socket on the loopback interface, framed as
// on the network, and misbehaves as told: by behaviours that look at each message before the node answers it, and by
// floods and drips of bytes.
#pragma once

#include "core/chain/wire.h"
#include "tests/support/scripted_chain.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace bowline::test {

class ScriptedPeer {
public:
    using Millis = std::chrono::milliseconds;
    /// Looks at a message before the node does; true means that it was dealt with. On the node's thread.
    using Behaviour =
        std::function<bool(ScriptedPeer& self, const std::string& command, base::ByteView payload)>;

    explicit ScriptedPeer(ScriptedChain chain, Behaviour behaviour = {});
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    [[nodiscard]] std::string address() const;
    /// To whoever is connected; lost without anybody.
    void send(const std::string& command, const base::Bytes& payload);
    void sendRaw(base::Bytes bytes);
    void sendLater(Millis after, const std::string& command, const base::Bytes& payload);
    /// The same bytes again and again, as fast as they are read, until the other side hangs up.
    void flood(std::shared_ptr<const base::Bytes> bytes);
    /// One byte at a time. What is sent afterwards waits behind them.
    void drip(base::Bytes bytes, Millis pause);
    /// From now on nothing that comes is read.
    void stopReading() { m_deaf = true; }
    /// Hangs up on whoever is connected.
    void dropConnection();
    /// Runs on the node's thread, and waits for it.
    void change(const std::function<void(ScriptedChain&)>& fn);
    /// Only on the node's thread.
    [[nodiscard]] const ScriptedChain& chain() const { return m_chain; }

    [[nodiscard]] std::size_t connections() const { return m_connections; }
    [[nodiscard]] std::uint64_t bytesSent() const { return m_bytesSent; }
    [[nodiscard]] bool wasAsked(const std::string& command) const { return timesAsked(command) > 0; }
    [[nodiscard]] std::size_t timesAsked(const std::string& command) const;
    /// How often getdata named this block.
    [[nodiscard]] std::size_t timesAskedFor(const base::BlockHash& block) const;

    std::uint64_t services =
        chain::service::kNetwork | chain::service::kWitness | chain::service::kCompactFilters;
    std::uint32_t protocol = chain::kProtocolVersion;
    std::int32_t claimedHeight = -1; // -1: the true one

private:
    struct Connection;
    using ConnectionPtr = std::shared_ptr<Connection>;

    boost::asio::awaitable<void> acceptLoop();
    boost::asio::awaitable<void> serve(ConnectionPtr connection);
    boost::asio::awaitable<void> writeLoop(ConnectionPtr connection);
    boost::asio::awaitable<bool> writeSlowly(ConnectionPtr connection, base::Bytes bytes, Millis pause);
    void enqueue(base::Bytes bytes, Millis pause);
    void note(const std::string& command, base::ByteView payload);
    void answer(const std::string& command, base::ByteView payload);
    void sendVersion();
    void answerGetHeaders(base::ByteView payload);
    void answerGetFilterHeaders(base::ByteView payload);
    void answerGetFilters(base::ByteView payload);
    void answerGetCheckpoints(base::ByteView payload);
    void answerGetData(base::ByteView payload);

    ScriptedChain m_chain;
    Behaviour m_behaviour;
    boost::asio::io_context m_context;
    boost::asio::ip::tcp::acceptor m_acceptor;
    ConnectionPtr m_current;
    std::atomic<std::size_t> m_connections = 0;
    std::atomic<std::uint64_t> m_bytesSent = 0;
    std::atomic<bool> m_deaf = false;
    mutable std::mutex m_mutex;
    std::map<std::string, std::size_t> m_asked;
    std::map<base::ByteArray<32>, std::size_t> m_askedFor;
    std::thread m_thread;
};

/// Ways to misbehave, to be put together with all().
namespace behaviour {
/// Each looks at a message in turn, until one has dealt with it.
[[nodiscard]] ScriptedPeer::Behaviour all(std::vector<ScriptedPeer::Behaviour> parts);
/// Says nothing at all, not even its version.
[[nodiscard]] ScriptedPeer::Behaviour mute();
[[nodiscard]] ScriptedPeer::Behaviour silentTo(std::string command);
/// Answers the first `count` of these questions, and no more.
[[nodiscard]] ScriptedPeer::Behaviour silentAfter(std::string command, std::size_t count);
[[nodiscard]] ScriptedPeer::Behaviour hangsUpOn(std::string command);
/// Answers a question with these bytes, whatever was asked.
[[nodiscard]] ScriptedPeer::Behaviour answers(std::string command, base::Bytes framed);
/// Does this when the message comes, and then what a node does.
[[nodiscard]] ScriptedPeer::Behaviour on(std::string command, std::function<void(ScriptedPeer&)> fn);
} // namespace behaviour

/// Head and payload for regtest.
[[nodiscard]] base::Bytes framed(std::string_view command, base::ByteView payload);

} // namespace bowline::test
