// SPDX-License-Identifier: MIT
#include "tests/unit/chain/fake_chain.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <future>

namespace bowline::test {

namespace asio = boost::asio;
using base::Bytes;
using base::ByteView;

bitcoin::BlockHeader mineHeader(const bitcoin::BlockHeader& previous, std::uint32_t salt,
                                const base::MerkleRoot& root)
{
    bitcoin::BlockHeader out;
    out.version = 0x20000000;
    out.previous = previous.hash();
    out.merkleRoot = root;
    if (root.isZero()) out.merkleRoot.bytes[0] = static_cast<std::uint8_t>(salt + 1);
    out.time = previous.time + 600;
    out.bits = previous.bits;
    while (!bitcoin::checkProofOfWork(out, regtest()).ok()) ++out.nonce;
    return out;
}

std::vector<bitcoin::BlockHeader> mineHeaders(const bitcoin::BlockHeader& previous, std::size_t count,
                                              std::uint32_t salt)
{
    std::vector<bitcoin::BlockHeader> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(mineHeader(i == 0 ? previous : out.back(), salt));
    return out;
}

FakeChain::FakeChain()
{
    blocks.push_back({regtest().genesis, {}});
    const std::vector<bitcoin::Script> none;
    filters.push_back(bitcoin::buildFilter(regtest().genesisHash, none));
}

void FakeChain::mine(const std::vector<bitcoin::Script>& payTo, const std::optional<bitcoin::OutPoint>& spend,
                     const bitcoin::Script& spent)
{
    bitcoin::Transaction coinbase;
    bitcoin::TxIn input;
    input.prevout.index = 0xffffffff;
    bitcoin::ScriptBuilder tag;
    tag.number(static_cast<std::int64_t>(blocks.size())).number(salt).number(7);
    input.scriptSig = tag.take();
    coinbase.inputs.push_back(input);
    coinbase.outputs.push_back({base::Amount::fromSat(1000), bitcoin::Script{bitcoin::OP_1}});
    for (const bitcoin::Script& script : payTo)
        coinbase.outputs.push_back({base::Amount::fromSat(5000), script});
    bitcoin::Block block;
    block.transactions.push_back(coinbase);
    std::vector<bitcoin::Script> spentScripts;
    if (spend) {
        bitcoin::Transaction spender;
        bitcoin::TxIn from;
        from.prevout = *spend;
        spender.inputs.push_back(from);
        spender.outputs.push_back({base::Amount::fromSat(1), bitcoin::Script{bitcoin::OP_2}});
        block.transactions.push_back(spender);
        spentScripts.push_back(spent);
    }
    const base::MerkleRoot root{bitcoin::merkleTreeRoot(block.txids()).root.bytes};
    block.header = mineHeader(blocks.back().header, salt, root);
    filters.push_back(bitcoin::buildBasicFilter(block, spentScripts));
    blocks.push_back(std::move(block));
}

void FakeChain::cut(std::size_t height)
{
    blocks.resize(height + 1);
    filters.resize(height + 1);
}

void FakeChain::dateTip(std::uint32_t time)
{
    bitcoin::BlockHeader& header = blocks.back().header;
    header.time = time;
    while (!bitcoin::checkProofOfWork(header, regtest()).ok()) ++header.nonce;
    const std::vector<bitcoin::Script> none;
    filters.back() = bitcoin::buildBasicFilter(blocks.back(), none);
}

void FakeChain::forgeFilter(std::size_t height, std::span<const bitcoin::Script> elements)
{
    filters[height] = bitcoin::buildFilter(blocks[height].header.hash(), elements);
}

base::FilterHeader FakeChain::filterHeader(std::size_t height) const
{
    base::FilterHeader out;
    for (std::size_t i = 0; i <= height; ++i) out = filters[i].header(out);
    return out;
}

std::optional<std::size_t> FakeChain::heightOf(const base::BlockHash& hash) const
{
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (blocks[i].header.hash() == hash) return i;
    }
    return std::nullopt;
}

FakeNode::FakeNode(FakeChain chain, Hook hook)
    : m_chain(std::move(chain)), m_hook(std::move(hook)),
      m_acceptor(m_context, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0))
{
    asio::co_spawn(m_context, acceptLoop(), asio::detached);
    m_thread = std::thread([this] { m_context.run(); });
}

FakeNode::~FakeNode()
{
    m_context.stop();
    m_thread.join();
}

std::string FakeNode::address() const
{
    return "127.0.0.1:" + std::to_string(m_acceptor.local_endpoint().port());
}

std::size_t FakeNode::timesAsked(const std::string& command) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_asked.find(command);
    return found == m_asked.end() ? 0 : found->second;
}

std::size_t FakeNode::timesAskedFor(const base::BlockHash& block) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_askedFor.find(block.bytes);
    return found == m_askedFor.end() ? 0 : found->second;
}

void FakeNode::note(const std::string& command, ByteView payload)
{
    const std::lock_guard lock(m_mutex);
    ++m_asked[command];
    if (command != "getdata") return;
    const auto items = chain::parseInventory(payload);
    if (!items.ok()) return;
    for (const chain::InventoryItem& item : *items) ++m_askedFor[item.hash];
}

asio::awaitable<void> FakeNode::acceptLoop()
{
    for (;;) {
        auto socket = std::make_shared<Socket>(m_context);
        const auto [error] = co_await m_acceptor.async_accept(*socket, asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        ++m_connections;
        m_current = socket;
        asio::co_spawn(m_context, serve(socket), asio::detached);
    }
}

asio::awaitable<void> FakeNode::serve(std::shared_ptr<Socket> socket)
{
    for (;;) {
        Bytes buffer(chain::kMessageHeadSize);
        auto [error, size] =
            co_await asio::async_read(*socket, asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        const auto head = chain::parseMessageHead(buffer, regtest().magic);
        if (!head.ok()) co_return;
        buffer.resize(head->size);
        auto [bodyError, bodySize] =
            co_await asio::async_read(*socket, asio::buffer(buffer), asio::as_tuple(asio::use_awaitable));
        if (bodyError) co_return;
        note(head->command, buffer);
        if (!m_hook || !m_hook(*this, head->command, buffer)) answer(head->command, buffer);
    }
}

void FakeNode::change(const std::function<void(FakeChain&)>& fn)
{
    std::promise<void> done;
    asio::post(m_context, [&] {
        fn(m_chain);
        done.set_value();
    });
    done.get_future().wait();
}

void FakeNode::send(const std::string& command, const Bytes& payload)
{
    sendRaw(chain::frameMessage(regtest().magic, command, payload));
}

void FakeNode::sendRaw(Bytes bytes)
{
    asio::post(m_context, [this, bytes = std::move(bytes)] { write(bytes); });
}

void FakeNode::sendLater(std::chrono::milliseconds after, const std::string& command, const Bytes& payload)
{
    const auto timer = std::make_shared<asio::steady_timer>(m_context, after);
    timer->async_wait(
        [this, timer, bytes = chain::frameMessage(regtest().magic, command, payload)](auto error) {
            if (!error) write(bytes);
        });
}

void FakeNode::dropConnection()
{
    asio::post(m_context, [this] {
        boost::system::error_code ignored;
        if (m_current) m_current->close(ignored);
    });
}

void FakeNode::write(const Bytes& bytes)
{
    boost::system::error_code ignored;
    if (m_current) asio::write(*m_current, asio::buffer(bytes), ignored);
}

void FakeNode::answer(const std::string& command, ByteView payload)
{
    if (command == "version") sendVersion();
    if (command == "ping") send("pong", base::toBytes(payload));
    if (command == "getheaders") answerGetHeaders(payload);
    if (command == "getcfheaders") answerGetFilterHeaders(payload);
    if (command == "getcfilters") answerGetFilters(payload);
    if (command == "getcfcheckpt") answerGetCheckpoints(payload);
    if (command == "getdata") answerGetData(payload);
}

void FakeNode::sendVersion()
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

void FakeNode::answerGetHeaders(ByteView payload)
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

void FakeNode::answerGetFilterHeaders(ByteView payload)
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

void FakeNode::answerGetFilters(ByteView payload)
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

void FakeNode::answerGetCheckpoints(ByteView payload)
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

void FakeNode::answerGetData(ByteView payload)
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

} // namespace bowline::test
