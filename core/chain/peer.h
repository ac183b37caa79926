// SPDX-License-Identifier: MIT
// One connection to a Bitcoin node: handshake, framing, questions with their answers, and the verdict at its end.
//
// A Peer judges what a single peer can be judged by (malformed, oversized, unasked, late); what needs the chain
// is judged by those who ask, through close(). A frame that is broken (magic, command, size, checksum) ends the
// conversation without a ban: the line may have damaged it. A payload that is malformed under its checksum bans.
// Memory per peer is bounded: one message of at most kMaxPayload, one answer of each kind, kMaxSendQueue bytes to
// send. So is what it can make us read unasked: kUnaskedAtOnce, and kUnaskedPerSecond in the long run.
#pragma once

#include "core/bitcoin/filter.h"
#include "core/chain/async.h"
#include "core/chain/backend.h"
#include "core/chain/wire.h"

#include <boost/asio/ip/tcp.hpp>

#include <deque>
#include <unordered_map>

namespace bowline::chain {

/// The peer did not answer in time. It is closed as Unresponsive.
inline constexpr base::ErrorCode kPeerTimeout{"chain.peer-timeout"};
/// The connection ended before the answer.
inline constexpr base::ErrorCode kPeerGone{"chain.peer-gone"};
/// Whoever asked needs no answer any more (Peer::giveUp).
inline constexpr base::ErrorCode kGivenUp{"chain.given-up"};

struct PeerTimeouts {
    Millis connect{10'000};
    Millis handshake{15'000};
    Millis answer{30'000}; // headers, filter headers, block; a batch of filters gets more for each of them
    Millis pingEvery{60'000};
};

struct PeerConfig {
    Magic magic{};
    std::string agent;
    PeerTimeouts timeouts;
    base::Height ourHeight; // told in version
};

/// How a connection ended.
struct PeerEnd {
    PeerVerdict verdict = PeerVerdict::Offline;
    std::string reason;
    base::Bytes evidence; // for Invalid: what the peer sent, cut off at kMaxEvidence
};

class Peer;
using PeerPtr = std::shared_ptr<Peer>;

/// What a peer tells unasked. Called on the client's thread.
class PeerEvents {
public:
    virtual ~PeerEvents() = default;
    virtual void onReady(const PeerPtr& peer) = 0;
    virtual void onHeaders(const PeerPtr& peer, std::vector<bitcoin::BlockHeader> headers) = 0;
    virtual void onInventory(const PeerPtr& peer, const std::vector<InventoryItem>& items) = 0;
    virtual void onGetData(const PeerPtr& peer, const std::vector<InventoryItem>& items) = 0;
};

class Peer : public std::enable_shared_from_this<Peer> {
public:
    using Socket = asio::ip::tcp::socket;

    Peer(asio::any_io_executor executor, std::string address, PeerConfig config, PeerEvents& events);

    /// Connects to host:port, runs the conversation, returns how it ended.
    Task<PeerEnd> run();
    /// Ends the conversation; the first verdict stays.
    void close(PeerVerdict verdict, std::string reason, base::Bytes evidence = {});

    Task<base::Result<std::vector<bitcoin::BlockHeader>>> getHeaders(std::vector<base::BlockHash> locator);
    /// The filter hashes of `count` blocks from `first` to the block `last`. A peer's filter index may lag behind
    /// its chain by a moment: then it says nothing, and `patience` says how long to wait. Not answering this
    /// alone does not close the peer.
    Task<base::Result<FilterHeadersMessage>> getFilterHeaders(base::Height first, base::BlockHash last,
                                                              std::size_t count, Millis patience);
    Task<base::Result<FilterCheckpointsMessage>> getFilterCheckpoints(base::BlockHash last);
    /// The filters of these consecutive blocks, at most kMaxFiltersPerRequest, in order. Their content is for
    /// the caller to check.
    Task<base::Result<std::vector<bitcoin::BlockFilter>>> getFilters(base::Height first,
                                                                     std::vector<base::BlockHash> blocks);
    /// A block that fits its header (bitcoin::checkBlock) by the rule of its height.
    Task<base::Result<BlockPtr>> getBlock(base::BlockHash hash, bitcoin::WitnessRule rule);
    /// Ends getBlock() of it with kGivenUp, if it is waited for. That it never comes is not held against the peer, nor
    /// that it still comes.
    void giveUp(const base::BlockHash& hash);
    void sendInventory(const std::vector<InventoryItem>& items) { send("inv", writeInventory(items)); }
    void sendTransaction(base::ByteView serialized) { send("tx", serialized); }
    void sendNotFound(const std::vector<InventoryItem>& items) { send("notfound", writeInventory(items)); }

    [[nodiscard]] const std::string& address() const { return m_address; }
    [[nodiscard]] bool isReady() const { return m_ready && !m_end; }
    /// Whether it ever was.
    [[nodiscard]] bool wasReady() const { return m_ready; }
    [[nodiscard]] bool servesFilters() const { return hasService(service::kCompactFilters); }
    [[nodiscard]] bool servesBlocks() const { return hasService(service::kNetwork); }
    [[nodiscard]] bool relaysByWtxid() const { return m_wtxidRelay; }
    /// One that does not (BIP37's relay flag; bitcoind -blocksonly) hangs up on whoever announces a transaction to it.
    [[nodiscard]] bool wantsTransactions() const { return m_version.relay; }
    [[nodiscard]] const VersionMessage& version() const { return m_version; }
    /// Blocks asked for and not answered yet.
    [[nodiscard]] std::size_t load() const { return m_blocks.size(); }
    /// Everything a picture of the peer shows except its height.
    [[nodiscard]] PeerInfo info() const;
    /// When something came last.
    [[nodiscard]] Steady::time_point lastReceived() const { return m_lastReceived; }

    /// Kept for the peer by those who sync from it.
    struct Knowledge {
        base::BlockHash lastHeader; // the last header it showed; zero: none yet
        bool headersHeard = false;  // it has answered a question for headers
        bool headersSynced = false; // it had no more headers when asked
        bool askForHeaders = false; // it seems to have more
        /// It has a full message of headers that are worth too little to be stored alone.
        bool longBranch = false;
        /// The last it showed has a date that our clock calls the future, and real work.
        bool aheadOfOurClock = false;
        /// It has waited long enough behind a leader whose chain is worth too little to be stored.
        bool goesAlone = false;
        std::uint32_t unconnected = 0;
        base::Height filtersAgreed;      // its filter headers were found equal to ours below this height
        bool comparing = false;          // they are being compared right now
        std::uint32_t filterSilence = 0; // questions for filter headers that it left unanswered, in a row
    };
    Knowledge knowledge;

private:
    template <typename T>
    struct Pending {
        explicit Pending(asio::any_io_executor executor) : arrived(std::move(executor)) {}
        base::BlockHash wanted; // what the answer must name; unused for headers
        bitcoin::WitnessRule rule = bitcoin::WitnessRule::Segwit; // for blocks
        Signal arrived;
        std::optional<T> value;
        bool isGivenUp = false;
    };
    template <typename T>
    using PendingPtr = std::shared_ptr<Pending<T>>;
    struct FilterBatch {
        explicit FilterBatch(asio::any_io_executor executor) : progress(std::move(executor)) {}
        std::vector<base::BlockHash> blocks;
        std::vector<bitcoin::BlockFilter> filters; // of the first blocks, so far
        std::size_t bytes = 0;
        Signal progress;
    };

    [[nodiscard]] bool hasService(std::uint64_t bit) const { return (m_version.services & bit) != 0; }
    Task<bool> connect();
    void sendVersion();
    Task<void> closeUnlessReady();
    Task<void> readLoop();
    Task<base::Status> readMessage(MessageHead& head, base::Bytes& payload);
    Task<void> writeLoop();
    Task<void> pingLoop();
    void send(std::string_view command, base::ByteView payload);
    void closeForError(const base::Error& error, const MessageHead& head, const base::Bytes& payload);
    void wakeAll();

    /// Accounts for a message that nobody asked for.
    void chargeUnasked(std::size_t payload);

    base::Status dispatch(const std::string& command, base::ByteView payload);
    base::Status dispatchHandshake(const std::string& command, base::ByteView payload);
    base::Status dispatchAnswer(const std::string& command, base::ByteView payload);
    base::Status onVersion(base::ByteView payload);
    void onVerack();
    base::Status onPong(base::ByteView payload);
    base::Status onHeaders(base::ByteView payload);
    base::Status onFilterHeaders(base::ByteView payload);
    base::Status onFilterCheckpoints(base::ByteView payload);
    base::Status onFilter(base::ByteView payload);
    base::Status onBlock(base::ByteView payload);
    base::Status onNotFound(base::ByteView payload);
    void onUnasked(std::string_view what);

    /// Waits until no other question of the same kind is open, then opens this one in `slot`.
    template <typename T>
    Task<base::Result<PendingPtr<T>>> open(PendingPtr<T>& slot, base::BlockHash wanted);
    /// Waits for the answer and frees the slot.
    template <typename T>
    Task<base::Result<T>> answer(PendingPtr<T>& slot, PendingPtr<T> pending, Millis patience);
    base::Error late(std::string_view question);

    asio::any_io_executor m_executor;
    std::string m_address;
    PeerConfig m_config;
    PeerEvents& m_events;
    Socket m_socket;
    std::optional<PeerEnd> m_end;

    VersionMessage m_version;
    bool m_versionSeen = false;
    bool m_ready = false;
    bool m_wtxidRelay = false;
    std::uint64_t m_nonce = 0;
    base::UnixTime m_connectedAt = 0;

    std::deque<base::Bytes> m_sendQueue;
    std::size_t m_sendBytes = 0;
    Signal m_sendSignal;
    Signal m_slotFree; // some question was answered, or the end has come
    Signal m_ended;

    PendingPtr<std::vector<bitcoin::BlockHeader>> m_headers;
    PendingPtr<FilterHeadersMessage> m_filterHeaders;
    PendingPtr<FilterCheckpointsMessage> m_filterCheckpoints;
    std::shared_ptr<FilterBatch> m_filters;
    std::unordered_map<base::BlockHash, PendingPtr<BlockPtr>> m_blocks;
    std::deque<base::BlockHash> m_givenUp; // the last ones, which may still come
    std::uint32_t m_unasked = 0;
    bool m_answers = false; // the message at hand is the answer to a question
    std::size_t m_unaskedLeft;
    Steady::time_point m_unaskedSince; // when m_unaskedLeft was last brought up to date

    std::uint64_t m_pingNonce = 0;
    Steady::time_point m_pingSent;
    std::optional<std::uint32_t> m_pingMillis;
    Steady::time_point m_lastReceived;
    std::uint64_t m_bytesReceived = 0;
    std::uint64_t m_bytesSent = 0;
};

} // namespace bowline::chain
