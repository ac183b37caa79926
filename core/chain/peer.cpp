// SPDX-License-Identifier: MIT
#include "core/chain/peer.h"

#include "core/base/log.h"
#include "core/chain/chain_store.h"
#include "core/crypto/random.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace bowline::chain {

using base::BlockHash;
using base::Bytes;
using base::ByteView;
using base::makeError;
using base::Result;
using base::Status;
using bitcoin::BlockHeader;
using Headers = std::vector<BlockHeader>;

namespace {

constexpr std::size_t kMaxSendQueue = 8'000'000;
constexpr std::size_t kMaxFilterBatchBytes = 64'000'000;
constexpr Millis kPerFilter{50};
// Late answers to questions given up are unasked too; more than so many are not an accident.
constexpr std::uint32_t kMaxUnasked = 20;
constexpr std::size_t kMaxGivenUp = 64;
// What a peer may send without having been asked (inventories, addresses, news of whatever kind), so that it can
// neither use up the line nor keep the processor busy with next to nothing. A node sends a fraction of it.
constexpr std::size_t kUnaskedAtOnce = 16'000'000;
constexpr std::size_t kUnaskedPerSecond = 100'000;
constexpr std::size_t kCostOfAMessage = 1'000; // beside its bytes

bool isDamage(const base::ErrorCode& code)
{
    return code == kBadMagic || code == kBadCommand || code == kMessageTooLarge || code == kBadChecksum;
}

std::uint64_t randomNonce()
{
    base::ByteArray<8> bytes{};
    // Without randomness the nonce is no secret; it only tells our own connections and pings apart.
    if (!crypto::randomBytes(bytes).ok()) return 1;
    return base::Reader(bytes).u64le() | 1U;
}

/// "host:port" or "[v6]:port".
std::pair<std::string, std::string> splitAddress(const std::string& address)
{
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return {address, ""};
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    return {host, address.substr(colon + 1)};
}

} // namespace

Peer::Peer(asio::any_io_executor executor, std::string address, PeerConfig config, PeerEvents& events)
    : m_executor(executor), m_address(std::move(address)), m_config(std::move(config)), m_events(events),
      m_socket(executor), m_nonce(randomNonce()), m_sendSignal(executor), m_slotFree(executor),
      m_ended(executor), m_unaskedLeft(kUnaskedAtOnce), m_unaskedSince(Steady::now()),
      m_lastReceived(Steady::now())
{
}

void Peer::close(PeerVerdict verdict, std::string reason, Bytes evidence)
{
    if (m_end) return;
    // It is kept as long as the ban is, for each of many peers.
    const auto size = static_cast<std::ptrdiff_t>(std::min(evidence.size(), kMaxEvidence));
    m_end = PeerEnd{verdict, std::move(reason), Bytes(evidence.begin(), evidence.begin() + size)};
    boost::system::error_code ignored;
    m_socket.close(ignored);
    wakeAll();
}

void Peer::wakeAll()
{
    m_ended.notify();
    m_sendSignal.notify();
    m_slotFree.notify();
    if (m_headers) m_headers->arrived.notify();
    if (m_filterHeaders) m_filterHeaders->arrived.notify();
    if (m_filterCheckpoints) m_filterCheckpoints->arrived.notify();
    if (m_filters) m_filters->progress.notify();
    for (const auto& [hash, pending] : m_blocks) {
        if (pending) pending->arrived.notify();
    }
}

Task<PeerEnd> Peer::run()
{
    const PeerPtr self = shared_from_this();
    const bool connected = co_await connect();
    if (connected) {
        m_connectedAt = base::SystemClock{}.now();
        spawn(m_executor, writeLoop());
        spawn(m_executor, closeUnlessReady());
        sendVersion();
        co_await readLoop();
    }
    co_return *m_end;
}

Task<bool> Peer::connect()
{
    asio::steady_timer deadline(m_executor, m_config.timeouts.connect);
    deadline.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error) self->close(PeerVerdict::Offline, "no connection in time");
    });
    const auto [host, port] = splitAddress(m_address);
    asio::ip::tcp::resolver resolver(m_executor);
    const auto [lookupError, endpoints] = co_await resolver.async_resolve(host, port, kAwaitTuple);
    if (lookupError) {
        close(PeerVerdict::Offline, "address unknown: " + lookupError.message());
    }
    if (m_end) co_return false;
    const auto [error, endpoint] = co_await asio::async_connect(m_socket, endpoints, kAwaitTuple);
    if (error) close(PeerVerdict::Offline, "no connection: " + error.message());
    if (m_end) co_return false;
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return true;
}

void Peer::sendVersion()
{
    VersionMessage version;
    // Otherwise nodes ask for the parent of a package without its witness, and cannot use it.
    version.services = service::kWitness;
    version.time = base::SystemClock{}.now();
    version.nonce = m_nonce;
    version.agent = m_config.agent;
    version.startHeight = static_cast<std::int32_t>(m_config.ourHeight.value);
    send("version", writeVersion(version));
}

Task<void> Peer::closeUnlessReady()
{
    const PeerPtr self = shared_from_this();
    const Steady::time_point deadline = Steady::now() + m_config.timeouts.handshake;
    while (!m_ready && !m_end && Steady::now() < deadline) {
        co_await m_ended.waitFor(std::chrono::ceil<Millis>(deadline - Steady::now()));
    }
    if (!m_ready) close(PeerVerdict::Unresponsive, "no handshake in time");
}

Task<void> Peer::readLoop()
{
    while (!m_end) {
        MessageHead head;
        Bytes payload;
        Status status = co_await readMessage(head, payload);
        if (m_end) break;
        m_answers = false;
        if (status.ok()) status = dispatch(head.command, payload);
        if (!status.ok()) closeForError(status.error(), head, payload);
        if (!m_answers) chargeUnasked(payload.size());
    }
}

void Peer::chargeUnasked(std::size_t payload)
{
    const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(Steady::now() - m_unaskedSince);
    m_unaskedSince += elapsed;
    const auto seconds = std::min<std::size_t>(static_cast<std::size_t>(elapsed.count()), 1'000);
    m_unaskedLeft = std::min(kUnaskedAtOnce, m_unaskedLeft + seconds * kUnaskedPerSecond);
    const std::size_t cost = kCostOfAMessage + payload;
    if (cost > m_unaskedLeft) close(PeerVerdict::Unresponsive, "sends far more than anybody asked for");
    m_unaskedLeft -= std::min(cost, m_unaskedLeft);
}

Task<Status> Peer::readMessage(MessageHead& head, Bytes& payload)
{
    payload.resize(kMessageHeadSize);
    const auto [headError, headSize] =
        co_await asio::async_read(m_socket, asio::buffer(payload), kAwaitTuple);
    if (headError) {
        close(PeerVerdict::Offline, "connection ended: " + headError.message());
        co_return base::success();
    }
    auto parsed = parseMessageHead(payload, m_config.magic);
    if (!parsed.ok()) co_return parsed.error();
    head = std::move(parsed).value();
    payload.resize(head.size);
    const auto [error, size] = co_await asio::async_read(m_socket, asio::buffer(payload), kAwaitTuple);
    if (error) {
        close(PeerVerdict::Offline, "connection ended: " + error.message());
        co_return base::success();
    }
    m_bytesReceived += headSize + size;
    m_lastReceived = Steady::now();
    co_return checkPayload(head, payload);
}

void Peer::closeForError(const base::Error& error, const MessageHead& head, const Bytes& payload)
{
    const std::string reason = std::string(error.code.name()) + ": " + error.detail;
    if (error.code == kBadMagic && !m_versionSeen) {
        close(PeerVerdict::Limited, "another network, or no Bitcoin node: " + reason);
        return;
    }
    if (isDamage(error.code)) {
        close(PeerVerdict::Unresponsive, reason);
        return;
    }
    Bytes evidence = base::toBytes(base::viewOf(head.command));
    evidence.push_back(0);
    base::append(evidence, payload);
    close(PeerVerdict::Invalid, reason, std::move(evidence));
}

Task<void> Peer::writeLoop()
{
    const PeerPtr self = shared_from_this();
    while (!m_end) {
        if (m_sendQueue.empty()) {
            co_await m_sendSignal.wait();
            continue;
        }
        const Bytes message = std::move(m_sendQueue.front());
        m_sendQueue.pop_front();
        m_sendBytes -= message.size();
        const auto [error, size] = co_await asio::async_write(m_socket, asio::buffer(message), kAwaitTuple);
        if (error) close(PeerVerdict::Offline, "connection ended: " + error.message());
        m_bytesSent += size;
    }
}

Task<void> Peer::pingLoop()
{
    const PeerPtr self = shared_from_this();
    while (!m_end) {
        m_pingNonce = randomNonce();
        m_pingSent = Steady::now();
        send("ping", writePing(m_pingNonce));
        // Also ends peers that send one message very slowly: the pong would have to come after it.
        if (!co_await m_ended.waitFor(m_config.timeouts.answer) && m_pingNonce != 0) {
            close(PeerVerdict::Unresponsive, "no answer to a ping");
        }
        if (!m_end) co_await m_ended.waitFor(m_config.timeouts.pingEvery);
    }
}

void Peer::send(std::string_view command, ByteView payload)
{
    if (m_end) return;
    m_sendQueue.push_back(frameMessage(m_config.magic, command, payload));
    m_sendBytes += m_sendQueue.back().size();
    if (m_sendBytes > kMaxSendQueue) {
        close(PeerVerdict::Unresponsive, "does not read what it asks for");
        return;
    }
    m_sendSignal.notify();
}

Status Peer::dispatch(const std::string& command, ByteView payload)
{
    if (!m_ready) return dispatchHandshake(command, payload);
    if (command == "ping") {
        BOWLINE_TRY(const std::uint64_t nonce, parsePing(payload));
        send("pong", writePing(nonce));
        return base::success();
    }
    if (command == "pong") return onPong(payload);
    if (command == "headers") return onHeaders(payload);
    if (command == "inv" || command == "getdata") {
        BOWLINE_TRY(const std::vector<InventoryItem> items, parseInventory(payload));
        const PeerPtr self = shared_from_this();
        command == "inv" ? m_events.onInventory(self, items) : m_events.onGetData(self, items);
        return base::success();
    }
    return dispatchAnswer(command, payload);
}

Status Peer::dispatchAnswer(const std::string& command, ByteView payload)
{
    if (command == "cfheaders") return onFilterHeaders(payload);
    if (command == "cfcheckpt") return onFilterCheckpoints(payload);
    if (command == "cfilter") return onFilter(payload);
    if (command == "block") return onBlock(payload);
    if (command == "notfound") return onNotFound(payload);
    if (command == "tx") onUnasked(command);
    // Everything else is for nodes with blocks and mempools, or of a protocol newer than this program.
    return base::success();
}

Status Peer::dispatchHandshake(const std::string& command, ByteView payload)
{
    if (command == "version") return onVersion(payload);
    if (!m_versionSeen) return base::success();
    if (command == "wtxidrelay") m_wtxidRelay = true;
    if (command == "verack") onVerack();
    return base::success();
}

Status Peer::onVersion(ByteView payload)
{
    if (m_versionSeen) return makeError(kBadMessage, "a second version");
    BOWLINE_TRY(m_version, parseVersion(payload));
    m_versionSeen = true;
    if (m_version.nonce == m_nonce) {
        close(PeerVerdict::Offline, "this is our own connection");
    } else if (m_version.protocol < kMinPeerProtocol) {
        close(PeerVerdict::Limited, "protocol " + std::to_string(m_version.protocol) + " is too old");
    } else if (!hasService(service::kNetwork) && !hasService(service::kNetworkLimited)) {
        close(PeerVerdict::Limited, "serves no blocks");
    } else if (!hasService(service::kWitness)) {
        close(PeerVerdict::Limited, "serves no witness data");
    }
    if (m_version.protocol >= kProtocolVersion) send("wtxidrelay", {});
    send("verack", {});
    return base::success();
}

void Peer::onVerack()
{
    m_ready = true;
    send("sendheaders", {});
    spawn(m_executor, pingLoop());
    m_events.onReady(shared_from_this());
}

Status Peer::onPong(ByteView payload)
{
    BOWLINE_TRY(const std::uint64_t nonce, parsePing(payload));
    if (nonce == 0 || nonce != m_pingNonce) return base::success(); // some peers send stray ones
    m_answers = true;
    m_pingNonce = 0;
    const auto taken = std::chrono::duration_cast<Millis>(Steady::now() - m_pingSent);
    m_pingMillis = static_cast<std::uint32_t>(taken.count());
    return base::success();
}

Status Peer::onHeaders(ByteView payload)
{
    BOWLINE_TRY(Headers headers, parseHeaders(payload));
    if (m_headers && !m_headers->value) {
        m_answers = true;
        m_headers->value = std::move(headers);
        m_headers->arrived.notify();
    } else {
        m_events.onHeaders(shared_from_this(), std::move(headers));
    }
    return base::success();
}

Status Peer::onFilterHeaders(ByteView payload)
{
    BOWLINE_TRY(FilterHeadersMessage message, parseFilterHeaders(payload));
    if (!m_filterHeaders || m_filterHeaders->value || m_filterHeaders->wanted != message.last) {
        onUnasked("cfheaders");
        return base::success();
    }
    m_answers = true;
    m_filterHeaders->value = std::move(message);
    m_filterHeaders->arrived.notify();
    return base::success();
}

Status Peer::onFilterCheckpoints(ByteView payload)
{
    BOWLINE_TRY(FilterCheckpointsMessage message, parseFilterCheckpoints(payload));
    if (!m_filterCheckpoints || m_filterCheckpoints->value || m_filterCheckpoints->wanted != message.last) {
        onUnasked("cfcheckpt");
        return base::success();
    }
    m_answers = true;
    m_filterCheckpoints->value = std::move(message);
    m_filterCheckpoints->arrived.notify();
    return base::success();
}

Status Peer::onFilter(ByteView payload)
{
    BOWLINE_TRY(FilterMessage message, parseFilter(payload));
    const bool asked = m_filters && m_filters->filters.size() < m_filters->blocks.size() &&
                       m_filters->blocks[m_filters->filters.size()] == message.block;
    if (!asked) {
        onUnasked("cfilter");
        return base::success();
    }
    m_answers = true;
    m_filters->bytes += message.encoded.size();
    m_filters->filters.push_back({message.block, std::move(message.encoded)});
    if (m_filters->bytes > kMaxFilterBatchBytes)
        close(PeerVerdict::Unresponsive, "filters beyond all measure");
    m_filters->progress.notify();
    return base::success();
}

Status Peer::onBlock(ByteView payload)
{
    BOWLINE_TRY(bitcoin::Block block, bitcoin::parseBlock(payload));
    const auto found = m_blocks.find(block.header.hash());
    if (found == m_blocks.end() || !found->second || found->second->value) {
        if (std::erase(m_givenUp, block.header.hash()) > 0) {
            m_answers = true;
        } else {
            onUnasked("block");
        }
        return base::success();
    }
    BOWLINE_CHECK(bitcoin::checkBlock(block, found->second->rule));
    m_answers = true;
    found->second->value = std::make_shared<const bitcoin::Block>(std::move(block));
    found->second->arrived.notify();
    return base::success();
}

Status Peer::onNotFound(ByteView payload)
{
    BOWLINE_TRY(const std::vector<InventoryItem> items, parseInventory(payload));
    for (const InventoryItem& item : items) {
        const auto found = m_blocks.find(BlockHash{item.hash});
        if (item.type != kInvWitnessBlock || found == m_blocks.end() || !found->second) continue;
        found->second->value = BlockPtr();
        found->second->arrived.notify();
    }
    return base::success();
}

void Peer::onUnasked(std::string_view what)
{
    if (++m_unasked > kMaxUnasked) {
        close(PeerVerdict::Unresponsive, "keeps sending what nobody asked for: " + std::string(what));
    }
}

template <typename T>
Task<Result<Peer::PendingPtr<T>>> Peer::open(PendingPtr<T>& slot, BlockHash wanted)
{
    while (slot && !m_end) co_await m_slotFree.wait();
    if (m_end) co_return makeError(kPeerGone, m_end->reason);
    slot = std::make_shared<Pending<T>>(m_executor);
    slot->wanted = wanted;
    co_return slot;
}

template <typename T>
Task<Result<T>> Peer::answer(PendingPtr<T>& slot, PendingPtr<T> pending, Millis patience)
{
    if (!pending->value && !m_end) co_await pending->arrived.waitFor(patience);
    slot.reset();
    m_slotFree.notify();
    if (pending->value) co_return std::move(*pending->value);
    if (m_end) co_return makeError(kPeerGone, m_end->reason);
    co_return makeError(pending->isGivenUp ? kGivenUp : kPeerTimeout, m_address);
}

base::Error Peer::late(std::string_view question)
{
    close(PeerVerdict::Unresponsive, "no answer to " + std::string(question));
    return makeError(kPeerTimeout, m_address + " to " + std::string(question));
}

Task<Result<Headers>> Peer::getHeaders(std::vector<BlockHash> locator)
{
    const PeerPtr self = shared_from_this();
    auto opened = co_await open(m_headers, BlockHash{});
    if (!opened.ok()) co_return opened.error();
    send("getheaders", writeGetHeaders(locator, BlockHash{}));
    auto out = co_await answer(m_headers, *opened, m_config.timeouts.answer);
    if (!out.ok() && out.error().code == kPeerTimeout) co_return late("getheaders");
    co_return out;
}

Task<Result<FilterHeadersMessage>> Peer::getFilterHeaders(base::Height first, BlockHash last,
                                                          std::size_t count, Millis patience)
{
    const PeerPtr self = shared_from_this();
    auto opened = co_await open(m_filterHeaders, last);
    if (!opened.ok()) co_return opened.error();
    send("getcfheaders", writeGetFilters(first, last));
    auto out = co_await answer(m_filterHeaders, *opened, patience);
    if (out.ok() && out->filterHashes.size() != count) {
        close(PeerVerdict::Unresponsive, "cfheaders answer another question");
        co_return makeError(kPeerTimeout, m_address);
    }
    co_return out;
}

Task<Result<FilterCheckpointsMessage>> Peer::getFilterCheckpoints(BlockHash last)
{
    const PeerPtr self = shared_from_this();
    auto opened = co_await open(m_filterCheckpoints, last);
    if (!opened.ok()) co_return opened.error();
    send("getcfcheckpt", writeGetFilterCheckpoints(last));
    auto out = co_await answer(m_filterCheckpoints, *opened, m_config.timeouts.answer);
    if (!out.ok() && out.error().code == kPeerTimeout) co_return late("getcfcheckpt");
    co_return out;
}

Task<Result<std::vector<bitcoin::BlockFilter>>> Peer::getFilters(base::Height first,
                                                                 std::vector<BlockHash> blocks)
{
    const PeerPtr self = shared_from_this();
    while (m_filters && !m_end) co_await m_slotFree.wait();
    if (m_end) co_return makeError(kPeerGone, m_end->reason);
    const auto batch = std::make_shared<FilterBatch>(m_executor);
    m_filters = batch;
    send("getcfilters", writeGetFilters(first, blocks.back()));
    batch->blocks = std::move(blocks);
    // One deadline for all: nobody else is asked for these blocks meanwhile.
    const auto deadline = Steady::now() + m_config.timeouts.answer + kPerFilter * batch->blocks.size();
    while (!m_end && batch->filters.size() < batch->blocks.size() && Steady::now() < deadline) {
        co_await batch->progress.waitFor(std::chrono::ceil<Millis>(deadline - Steady::now()));
    }
    m_filters.reset();
    m_slotFree.notify();
    if (batch->filters.size() == batch->blocks.size()) co_return std::move(batch->filters);
    if (m_end) co_return makeError(kPeerGone, m_end->reason);
    co_return late("getcfilters");
}

Task<Result<BlockPtr>> Peer::getBlock(BlockHash hash, bitcoin::WitnessRule rule)
{
    const PeerPtr self = shared_from_this();
    // Whoever fetches blocks joins callers that want the same one; asking twice at once is not supported.
    if (m_blocks.contains(hash)) co_return makeError(kUnknownBlock, "asked for already");
    PendingPtr<BlockPtr>& slot = m_blocks[hash];
    auto opened = co_await open(slot, hash);
    if (!opened.ok()) co_return opened.error();
    slot->rule = rule;
    send("getdata", writeInventory({{kInvWitnessBlock, hash.bytes}}));
    auto out = co_await answer(slot, *opened, m_config.timeouts.answer);
    m_blocks.erase(hash);
    if (!out.ok() && out.error().code == kPeerTimeout) co_return late("getdata of a block");
    if (out.ok() && *out == nullptr) co_return makeError(kUnknownBlock, m_address + " does not have it");
    co_return out;
}

void Peer::giveUp(const BlockHash& hash)
{
    const auto found = m_blocks.find(hash);
    if (found == m_blocks.end() || !found->second || found->second->value) return;
    m_givenUp.push_back(hash);
    if (m_givenUp.size() > kMaxGivenUp) m_givenUp.pop_front();
    found->second->isGivenUp = true;
    found->second->arrived.notify();
}

PeerInfo Peer::info() const
{
    PeerInfo out;
    out.address = m_address;
    out.verdict = m_end ? m_end->verdict : PeerVerdict::Good;
    if (m_end) out.reason = m_end->reason;
    out.connected = isReady();
    out.agent = sanitizeAgent(m_version.agent);
    out.protocol = m_versionSeen ? m_version.protocol : 0;
    out.servesFilters = servesFilters();
    out.connectedAt = m_connectedAt;
    out.pingMillis = m_pingMillis;
    out.bytesReceived = m_bytesReceived;
    out.bytesSent = m_bytesSent;
    if (out.connected && !out.servesFilters) {
        out.verdict = PeerVerdict::Limited;
        out.reason = "serves no block filters";
    }
    return out;
}

} // namespace bowline::chain
