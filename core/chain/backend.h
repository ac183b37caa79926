// SPDX-License-Identifier: MIT
// What the wallet and the bridge need of a Bitcoin network, whoever provides it: the best header chain, the
// blocks that concern somebody, broadcast, and an honest account of how far synchronisation has come.
//
// Threads. A backend owns one thread. Every callback of this interface runs on it, one at a time: a callback
// must be quick and must not wait for another thread that calls into the backend. All methods may be called
// from any thread, callbacks included, and none of them waits for the network or the disk. An object returned by
// follow() or handle...() is a subscription: destroying it ends it, and once the destructor returned, its
// callback is neither running (unless the destructor was called from that very callback) nor ever called again.
// A callback therefore must not wait for a thread that destroys its subscription.
//
// Trust. Headers are checked in full (work, difficulty, time). A block handed out is checked against its header
// (Merkle root, witness commitment), its scripts and amounts are not: the work in the header is the proof.
#pragma once

#include "core/base/clock.h"
#include "core/base/types.h"
#include "core/bitcoin/block.h"
#include "core/bitcoin/pow.h"
#include "core/bitcoin/transaction.h"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bowline::chain {

using base::BlockHash;
using base::Height;
using base::Txid;
using base::UnixTime;
using base::Wtxid;

/// The hash names no block of a header chain that is known here.
inline constexpr base::ErrorCode kUnknownBlock{"chain.unknown-block"};
/// No peer that could answer is connected, or none of them answered in time.
inline constexpr base::ErrorCode kNoPeer{"chain.no-peer"};
/// The backend was stopped before the answer came.
inline constexpr base::ErrorCode kStopped{"chain.stopped"};

struct BlockRef {
    Height height;
    BlockHash hash;
    friend bool operator==(const BlockRef&, const BlockRef&) = default;
};

/// A block of the best chain. `work` is the sum over all blocks from genesis to this one, inclusive.
struct ChainBlock {
    Height height;
    BlockHash hash;
    bitcoin::BlockHeader header;
    bitcoin::Uint256 work;
};

using BlockPtr = std::shared_ptr<const bitcoin::Block>;

/// The next block of the best chain. Whatever the follower had at this height or above is undone by it.
struct BlockConnected {
    Height height;
    BlockHash hash;
    bitcoin::BlockHeader header;
    /// The whole block when it may hold something for the follower's scripts, paying or spending; else null.
    /// Filters have false positives: it may hold nothing of interest.
    BlockPtr block;
    /// The block was delivered before and comes again because scripts were added (Follower::watch). Only
    /// matching blocks come again. Processing a block twice must do no harm.
    bool again = false;
};

/// `hash` at `height` left the best chain; so did everything above it. Come from the top down.
struct BlockDisconnected {
    Height height;
    BlockHash hash;
};

using BlockEvent = std::variant<BlockConnected, BlockDisconnected>;

/// Where a follower stands, so that blocks are delivered without a gap after a restart, a crash or a reorg that
/// happened meanwhile.
struct FollowFrom {
    /// Blocks that the follower has processed and stored, newest first; the newest must be there, the others
    /// as far down as a reorg should be undone precisely. Empty for a new follower.
    ///
    /// First a BlockDisconnected comes for each of these that is not on the best chain, then BlockConnected from
    /// the block after the first one that is; if none is, from `birthday`.
    std::vector<BlockRef> processed;
    /// The first block of interest when nothing was processed yet.
    Height birthday;
    /// Scripts (scriptPubKey) to look for from the first event on.
    std::vector<base::Bytes> scripts;
};

/// One walk along the best chain, with its own scripts and position. Destroying it ends it.
class Follower {
public:
    virtual ~Follower() = default;
    /// Adds scripts. Blocks from `from` up to the position reached are looked at once more for all scripts, and
    /// those that match come again before the walk goes on. Known scripts are ignored.
    virtual void watch(std::vector<base::Bytes> scripts, Height from) = 0;
};

/// A subscription without further use than being alive.
class Handler {
public:
    virtual ~Handler() = default;
};

/// One line of progress; done == total means that this part is complete as far as anybody connected knows.
struct ProgressLine {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::uint64_t perSecond = 0; // over the last seconds; 0 when nothing moved
    UnixTime lastAdvance = 0;    // 0: never
    friend bool operator==(const ProgressLine&, const ProgressLine&) = default;
};

struct SyncProgress {
    ProgressLine peers;         // connected of wanted
    ProgressLine headers;       // height of the best chain, of the best height any peer claims
    ProgressLine filterHeaders; // height, of the best chain's height
    ProgressLine scan;          // height reached by the slowest follower, of the best chain's height
    /// Nobody but one peer vouches for some filter header in use: a lie by omission would go unnoticed.
    bool filterHeadersFromOnePeer = false;
    /// Peers disagree about a filter at this height and the block does not tell who lies. Blocks from here on
    /// are downloaded whole, so nothing is missed.
    std::optional<Height> disputedFilter;
    /// A peer has shown a header with real work that is, by this machine's clock, more than two hours in the
    /// future. It cannot be taken; if it is our clock that is slow, we lack the blocks that all others have.
    bool clockSuspect = false;
    /// The clock is not suspect, a peer has answered that there is nothing more, and headers, filter headers (or disputed) and scan are
    /// complete.
    bool synced = false;
};

/// What became of a peer. Only Invalid bans.
enum class PeerVerdict {
    Good,
    Invalid,      // broke the protocol or consensus, provably; banned, and the evidence is kept
    Unresponsive, // did not answer in time; asked again later
    Offline,      // no connection, or it was closed; not the peer's fault
    Limited,      // lacks a service that is needed, is of another network, or too far behind
};

struct PeerInfo {
    std::string address; // host:port
    PeerVerdict verdict = PeerVerdict::Offline;
    std::string reason; // English, for the details
    bool connected = false;
    std::string agent; // as the peer names itself, printable ASCII only
    std::uint32_t protocol = 0;
    bool servesFilters = false;
    Height height; // the best it has shown or claimed
    UnixTime connectedAt = 0;
    std::optional<std::uint32_t> pingMillis;
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
    UnixTime bannedUntil = 0; // 0: not banned
};

/// One immutable picture of the backend.
struct ChainStatus {
    ChainBlock tip;
    SyncProgress progress;
    std::vector<PeerInfo> peers;
};
using StatusPtr = std::shared_ptr<const ChainStatus>;

enum class BroadcastState {
    Waiting,   // nobody to tell yet
    Announced, // peers were told of it
    Requested, // a peer asked for it and got it: it may have refused it, Bitcoin's protocol does not say
    Seen,      // another peer announced it to us: it is in that peer's mempool
    Mined,     // in a block that a follower here received
};

struct BroadcastStatus {
    Txid txid;
    Wtxid wtxid;
    BroadcastState state = BroadcastState::Waiting; // the furthest reached
    std::uint32_t announcedTo = 0;                  // peers
    std::uint32_t requestedBy = 0;
    std::uint32_t seenFrom = 0;
};

class Backend {
public:
    virtual ~Backend() = default;

    /// Opens the stores and starts the thread. Once only, and before anything else.
    virtual base::Status start() = 0;
    /// Ends the thread, and with it every callback; open fetchBlock() calls are answered with kStopped, on the
    /// calling thread. Also done by the destructor. Never call it from a callback.
    virtual void stop() = 0;
    /// Runs `task` on the backend's thread.
    virtual void post(std::function<void()> task) = 0;

    /// The best header chain. headerAt is empty above the tip, heightOf for blocks not on the best chain.
    [[nodiscard]] virtual ChainBlock tip() const = 0;
    [[nodiscard]] virtual std::optional<ChainBlock> headerAt(Height height) const = 0;
    [[nodiscard]] virtual std::optional<Height> heightOf(const BlockHash& hash) const = 0;

    /// Blocks in order of height, without gaps, see BlockEvent and FollowFrom.
    [[nodiscard]] virtual std::unique_ptr<Follower> follow(FollowFrom from,
                                                           std::function<void(const BlockEvent&)> fn) = 0;

    /// The latest picture; never null after start().
    [[nodiscard]] virtual StatusPtr status() const = 0;
    /// Each new picture, at most ten a second, the current one first.
    [[nodiscard]] virtual std::unique_ptr<Handler> handleStatus(std::function<void(StatusPtr)> fn) = 0;

    /// A block of the best chain or of a known fork. After stop() the answer is kStopped, on the caller's thread.
    virtual void fetchBlock(const BlockHash& hash, std::function<void(base::Result<BlockPtr>)> fn) = 0;

    /// Announces the transactions to all peers and serves them, again and again, until forget() or until a
    /// follower receives the block that holds them. Give a package parents first: a parent whose fee is too
    /// low by itself is accepted together with its child by nodes that relay packages (Bitcoin Core >= 28, one
    /// parent with one child). Not kept across restarts: the caller has them in its own store.
    virtual void broadcast(std::vector<bitcoin::Transaction> transactions) = 0;
    virtual void forget(const Txid& txid) = 0;
    [[nodiscard]] virtual std::optional<BroadcastStatus> broadcastStatus(const Txid& txid) const = 0;
    [[nodiscard]] virtual std::unique_ptr<Handler>
    handleBroadcast(std::function<void(const BroadcastStatus&)> fn) = 0;
};

/// fetchBlock() as a future, for threads that may wait. Never wait for it on the backend's thread.
[[nodiscard]] std::future<base::Result<BlockPtr>> blockOf(Backend& backend, const BlockHash& hash);

} // namespace bowline::chain
