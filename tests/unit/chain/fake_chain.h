// SPDX-License-Identifier: MIT
// Blocks mined in the test at regtest's difficulty, with their filters, and a node in this process that serves them
// over a real socket and misbehaves as told.
#pragma once

#include "core/bitcoin/filter.h"
#include "core/bitcoin/pow.h"
#include "core/chain/wire.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace bowline::test {

inline const bitcoin::ChainParams& regtest() { return bitcoin::chainParams(bitcoin::Network::Regtest); }

/// A valid header after `previous`. `salt` makes forks differ.
[[nodiscard]] bitcoin::BlockHeader mineHeader(const bitcoin::BlockHeader& previous, std::uint32_t salt = 0,
                                              const base::MerkleRoot& root = {});
[[nodiscard]] std::vector<bitcoin::BlockHeader> mineHeaders(const bitcoin::BlockHeader& previous,
                                                            std::size_t count, std::uint32_t salt = 0);

class FakeChain {
public:
    FakeChain();
    /// A block whose coinbase pays to `payTo`, if given, and that spends `spend`, an output with script `spent`.
    void mine(const std::vector<bitcoin::Script>& payTo = {},
              const std::optional<bitcoin::OutPoint>& spend = {}, const bitcoin::Script& spent = {});
    void mineEmpty(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) mine();
    }
    /// Back to this height.
    void cut(std::size_t height);
    /// Gives the last block this time, and the work that it needs then.
    void dateTip(std::uint32_t time);
    /// Puts another filter in the place of the true one, so that later filter headers differ too.
    void forgeFilter(std::size_t height, std::span<const bitcoin::Script> elements);

    [[nodiscard]] std::size_t height() const { return blocks.size() - 1; }
    [[nodiscard]] base::FilterHeader filterHeader(std::size_t height) const;
    [[nodiscard]] std::optional<std::size_t> heightOf(const base::BlockHash& hash) const;

    std::vector<bitcoin::Block> blocks;        // by height; genesis without its transaction
    std::vector<bitcoin::BlockFilter> filters; // by height
    std::uint32_t salt = 0;
};

class FakeNode {
public:
    /// Looks at a message before the node does; true means that it was dealt with.
    using Hook = std::function<bool(FakeNode& node, const std::string& command, base::ByteView payload)>;

    explicit FakeNode(FakeChain chain, Hook hook = {});
    ~FakeNode();
    [[nodiscard]] std::string address() const;
    /// To whoever is connected.
    void send(const std::string& command, const base::Bytes& payload);
    void sendRaw(base::Bytes bytes);
    void sendLater(std::chrono::milliseconds after, const std::string& command, const base::Bytes& payload);
    /// Hangs up on whoever is connected.
    void dropConnection();
    /// Runs on the node's thread, and waits for it.
    void change(const std::function<void(FakeChain&)>& fn);
    [[nodiscard]] std::size_t connections() const { return m_connections; }
    [[nodiscard]] bool wasAsked(const std::string& command) const { return timesAsked(command) > 0; }
    [[nodiscard]] std::size_t timesAsked(const std::string& command) const;
    /// How often getdata named this block.
    [[nodiscard]] std::size_t timesAskedFor(const base::BlockHash& block) const;

    std::uint64_t services =
        chain::service::kNetwork | chain::service::kWitness | chain::service::kCompactFilters;
    std::uint32_t protocol = chain::kProtocolVersion;
    std::int32_t claimedHeight = -1; // -1: the true one

private:
    using Socket = boost::asio::ip::tcp::socket;
    boost::asio::awaitable<void> acceptLoop();
    boost::asio::awaitable<void> serve(std::shared_ptr<Socket> socket);
    void note(const std::string& command, base::ByteView payload);
    void answer(const std::string& command, base::ByteView payload);
    void sendVersion();
    void answerGetHeaders(base::ByteView payload);
    void answerGetFilterHeaders(base::ByteView payload);
    void answerGetFilters(base::ByteView payload);
    void answerGetCheckpoints(base::ByteView payload);
    void answerGetData(base::ByteView payload);
    void write(const base::Bytes& bytes);

    FakeChain m_chain;
    Hook m_hook;
    boost::asio::io_context m_context;
    boost::asio::ip::tcp::acceptor m_acceptor;
    std::shared_ptr<Socket> m_current;
    std::atomic<std::size_t> m_connections = 0;
    mutable std::mutex m_mutex;
    std::map<std::string, std::size_t> m_asked;
    std::map<base::ByteArray<32>, std::size_t> m_askedFor;
    std::thread m_thread;
};

} // namespace bowline::test
