// SPDX-License-Identifier: MIT
#include "core/chain/p2p_client.h"

#include "core/base/log.h"
#include "core/chain/broadcaster.h"
#include "core/chain/header_sync.h"
#include "core/chain/status_board.h"
#include "core/chain/walk.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <filesystem>
#include <thread>

namespace bowline::chain {

using base::Height;
using base::Result;
using base::Status;

namespace {

/// The way to the client's thread for objects that may outlive the client.
class Gate {
public:
    explicit Gate(asio::io_context& context) : m_context(&context) {}
    void setThread(std::thread::id id) { m_thread = id; }
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_context = nullptr;
    }
    /// False when the client has stopped: the task will never run.
    bool post(std::function<void()> task)
    {
        const std::lock_guard lock(m_mutex);
        if (m_context == nullptr) return false;
        asio::post(*m_context, std::move(task));
        return true;
    }
    /// At once when called on the client's thread.
    void run(std::function<void()> task)
    {
        if (std::this_thread::get_id() == m_thread.load()) {
            task();
        } else {
            post(std::move(task));
        }
    }

private:
    std::mutex m_mutex;
    asio::io_context* m_context;
    std::atomic<std::thread::id> m_thread;
};

class WalkHandle final : public Follower {
public:
    WalkHandle(std::shared_ptr<Gate> gate, std::weak_ptr<Walk> walk, std::shared_ptr<BlockCallback> callback,
               std::function<void()> ended)
        : m_gate(std::move(gate)), m_walk(std::move(walk)), m_callback(std::move(callback)),
          m_ended(std::move(ended))
    {
    }
    ~WalkHandle() override
    {
        m_callback->revoke();
        m_gate->post(m_ended);
    }
    void watch(std::vector<base::Bytes> scripts, Height from) override
    {
        m_gate->run([walk = m_walk, scripts = std::move(scripts), from]() mutable {
            if (const auto alive = walk.lock()) alive->watch(std::move(scripts), from);
        });
    }

private:
    std::shared_ptr<Gate> m_gate;
    std::weak_ptr<Walk> m_walk;
    std::shared_ptr<BlockCallback> m_callback;
    std::function<void()> m_ended;
};

/// Everything that lives on the client's thread, in the order in which it depends on each other.
struct Parts {
    Parts(asio::any_io_executor on, const P2pOptions& options, const base::Clock& clock, HeaderChain& chain,
          ChainStore& store, PeerEvents& events)
        : executor(on), changed(executor),
          peers(executor, peerConfig(options), chain, store, clock, events, changed),
          headerSync(executor, chain, peers, clock, changed), blocks(executor, chain, peers, changed),
          filterHeaders(executor, chain, peers, blocks, changed, options.timeouts.answer),
          filters(executor, chain, filterHeaders, changed), matcher(executor),
          broadcaster(executor, chain, peers, changed), walkParts{chain,
                                                                  filterHeaders,
                                                                  filters,
                                                                  blocks,
                                                                  matcher,
                                                                  changed,
                                                                  [this](const BlockRef& ref,
                                                                         const bitcoin::Block& block) {
                                                                      broadcaster.onBlock(ref, block);
                                                                  }},
          board(executor, chain, peers, filterHeaders, clock, changed, [this] { return slowest(); })
    {
    }
    static PeerManagerConfig peerConfig(const P2pOptions& options)
    {
        PeerManagerConfig out;
        out.addresses = options.peers;
        if (options.useDnsSeeds) {
            for (const std::string_view seed : options.params.dnsSeeds) out.dnsSeeds.emplace_back(seed);
        }
        out.defaultPort = options.params.defaultPort;
        out.wanted = std::max(options.maxPeers, options.peers.size());
        out.peer.magic = options.params.magic;
        out.peer.agent = options.agent;
        out.peer.timeouts = options.timeouts;
        out.retryFirst = options.retryFirst;
        return out;
    }
    /// Sockets must be gone before their context is.
    void releasePeers()
    {
        peers.stop();
        headerSync.releasePeers();
        filterHeaders.releasePeers();
    }
    [[nodiscard]] std::optional<Height> slowest() const
    {
        std::optional<Height> least;
        for (const auto& walk : walks) {
            const Height done{std::max(walk->position().value, 1U) - 1};
            if (!walk->isEnded() && (!least || done < *least)) least = done;
        }
        return least;
    }

    asio::any_io_executor executor;
    Signal changed; // whenever chain, peers, filter headers or walks have changed
    PeerManager peers;
    HeaderSync headerSync;
    BlockFetcher blocks;
    FilterHeaderSync filterHeaders;
    FilterSource filters;
    Matcher matcher;
    Broadcaster broadcaster;
    WalkParts walkParts;
    std::vector<std::shared_ptr<Walk>> walks;
    StatusBoard board;
};

class P2pClient final : public Backend, private PeerEvents {
public:
    explicit P2pClient(P2pOptions options)
        : m_options(std::move(options)), m_context(std::make_unique<asio::io_context>(1)),
          m_gate(std::make_shared<Gate>(*m_context))
    {
    }
    ~P2pClient() override { P2pClient::stop(); }

    Status start() override;
    void stop() override;
    void post(std::function<void()> task) override { m_gate->post(std::move(task)); }
    [[nodiscard]] ChainBlock tip() const override { return m_chain->tip(); }
    [[nodiscard]] std::optional<ChainBlock> headerAt(Height height) const override
    {
        return m_chain->at(height);
    }
    [[nodiscard]] std::optional<Height> heightOf(const BlockHash& hash) const override
    {
        return m_chain->heightOf(hash);
    }
    [[nodiscard]] std::unique_ptr<Follower> follow(FollowFrom from,
                                                   std::function<void(const BlockEvent&)> fn) override;
    [[nodiscard]] StatusPtr status() const override { return m_parts->board.latest(); }
    [[nodiscard]] std::unique_ptr<Handler> handleStatus(std::function<void(StatusPtr)> fn) override;
    void fetchBlock(const BlockHash& hash, std::function<void(Result<BlockPtr>)> fn) override;
    void broadcast(std::vector<bitcoin::Transaction> transactions) override;
    void forget(const Txid& txid) override;
    [[nodiscard]] std::optional<BroadcastStatus> broadcastStatus(const Txid& txid) const override
    {
        return m_parts->broadcaster.status(txid);
    }
    [[nodiscard]] std::unique_ptr<Handler>
    handleBroadcast(std::function<void(const BroadcastStatus&)> fn) override
    {
        return m_parts->broadcaster.handle(std::move(fn));
    }

private:
    using FetchCallback = std::function<void(Result<BlockPtr>)>;

    void onReady(const PeerPtr& peer) override;
    void onHeaders(const PeerPtr& peer, std::vector<bitcoin::BlockHeader> headers) override;
    void onInventory(const PeerPtr& peer, const std::vector<InventoryItem>& items) override;
    void onGetData(const PeerPtr& peer, const std::vector<InventoryItem>& items) override;
    Status openChain();
    Status setStoreAside();
    void dropEndedWalks();
    Task<void> answerFetch(std::uint64_t id, BlockHash hash);
    [[nodiscard]] FetchCallback takeFetch(std::uint64_t id);

    P2pOptions m_options;
    base::SystemClock m_systemClock;
    std::optional<ChainStore> m_store;
    std::unique_ptr<HeaderChain> m_chain;
    std::unique_ptr<asio::io_context> m_context;
    std::shared_ptr<Gate> m_gate;
    std::unique_ptr<Parts> m_parts;
    std::mutex m_fetchMutex;
    std::map<std::uint64_t, FetchCallback> m_fetches; // not answered yet
    std::uint64_t m_nextFetch = 0;
    std::thread m_thread;
};

Status P2pClient::openChain()
{
    HeaderRules rules;
    rules.minimumWork = m_options.minimumWork.value_or(minimumWorkOf(m_options.params.network));
    rules.checkpoints = m_options.checkpoints;
    BOWLINE_TRY(ChainStore opened, ChainStore::open(m_options.storePath, m_options.params));
    m_store.emplace(std::move(opened));
    BOWLINE_TRY(m_chain, HeaderChain::load(m_options.params, rules, *m_store));
    return base::success();
}

Status P2pClient::setStoreAside()
{
    m_chain.reset();
    m_store.reset();
    std::error_code error;
    std::filesystem::rename(m_options.storePath, m_options.storePath + ".damaged", error);
    if (error) return base::makeError(store::kIo, "cannot set " + m_options.storePath + " aside");
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(m_options.storePath + suffix, error);
    return base::success();
}

Status P2pClient::start()
{
    Status opened = openChain();
    if (!opened.ok() && (opened.error().code == store::kCorrupt || opened.error().code == store::kBadRow)) {
        base::logWarning("chain", "the header store is damaged and fetched anew: " + opened.error().detail);
        BOWLINE_CHECK(setStoreAside());
        opened = openChain();
    }
    BOWLINE_CHECK(opened);
    const base::Clock& clock = m_options.clock != nullptr ? *m_options.clock : m_systemClock;
    PeerEvents& events = *this;
    m_parts =
        std::make_unique<Parts>(m_context->get_executor(), m_options, clock, *m_chain, *m_store, events);
    m_parts->peers.start();
    m_parts->filterHeaders.start();
    m_parts->blocks.start();
    m_parts->broadcaster.start();
    m_parts->board.start();
    m_thread = std::thread([this] {
        m_gate->setThread(std::this_thread::get_id());
        const auto work = asio::make_work_guard(*m_context);
        m_context->run();
    });
    return base::success();
}

void P2pClient::stop()
{
    if (!m_thread.joinable()) return;
    m_gate->close();
    m_context->stop();
    m_thread.join();
    m_parts->matcher.stop();
    m_parts->releasePeers();
    m_context.reset(); // destroys the coroutines
    std::map<std::uint64_t, FetchCallback> open;
    {
        const std::lock_guard lock(m_fetchMutex);
        open.swap(m_fetches);
    }
    for (const auto& [id, fn] : open) fn(base::makeError(kStopped, "the client stops"));
}

std::unique_ptr<Follower> P2pClient::follow(FollowFrom from, std::function<void(const BlockEvent&)> fn)
{
    auto callback = std::make_shared<BlockCallback>(std::move(fn));
    const auto walk =
        std::make_shared<Walk>(m_parts->executor, m_parts->walkParts, std::move(from), callback);
    m_gate->post([this, walk] {
        m_parts->walks.push_back(walk);
        walk->start();
        m_parts->changed.notify();
    });
    return std::make_unique<WalkHandle>(m_gate, walk, std::move(callback), [this] { dropEndedWalks(); });
}

void P2pClient::dropEndedWalks()
{
    std::erase_if(m_parts->walks, [](const auto& walk) { return walk->isEnded(); });
    m_parts->changed.notify(); // wakes those that wait, so that they see their end
}

std::unique_ptr<Handler> P2pClient::handleStatus(std::function<void(StatusPtr)> fn)
{
    auto handler = m_parts->board.handle(std::move(fn));
    m_gate->post([this] { m_parts->changed.notify(); });
    return handler;
}

void P2pClient::fetchBlock(const BlockHash& hash, FetchCallback fn)
{
    std::uint64_t id = 0;
    {
        const std::lock_guard lock(m_fetchMutex);
        id = m_nextFetch++;
        m_fetches.emplace(id, std::move(fn));
    }
    const bool posted = m_gate->post([this, id, hash] { spawn(m_parts->executor, answerFetch(id, hash)); });
    if (posted) return;
    if (const FetchCallback stopped = takeFetch(id))
        stopped(base::makeError(kStopped, "the client has stopped"));
}

P2pClient::FetchCallback P2pClient::takeFetch(std::uint64_t id)
{
    const std::lock_guard lock(m_fetchMutex);
    const auto found = m_fetches.find(id);
    if (found == m_fetches.end()) return nullptr;
    FetchCallback out = std::move(found->second);
    m_fetches.erase(found);
    return out;
}

Task<void> P2pClient::answerFetch(std::uint64_t id, BlockHash hash)
{
    const auto result = co_await m_parts->blocks.fetch(hash);
    if (const FetchCallback fn = takeFetch(id)) fn(result);
}

void P2pClient::broadcast(std::vector<bitcoin::Transaction> transactions)
{
    m_gate->post([this, all = std::move(transactions)] { m_parts->broadcaster.add(all); });
}

void P2pClient::forget(const Txid& txid)
{
    m_gate->post([this, txid] { m_parts->broadcaster.forget(txid); });
}

void P2pClient::onReady(const PeerPtr& peer)
{
    base::logInfo("chain", "connected to " + peer->address());
    m_parts->headerSync.addPeer(peer);
    m_parts->broadcaster.onReady(peer);
    m_parts->changed.notify();
}

void P2pClient::onHeaders(const PeerPtr& peer, std::vector<bitcoin::BlockHeader> headers)
{
    m_parts->headerSync.onHeaders(peer, std::move(headers));
}

void P2pClient::onInventory(const PeerPtr& peer, const std::vector<InventoryItem>& items)
{
    for (const InventoryItem& item : items) {
        if (item.type == kInvBlock) m_parts->headerSync.onBlockAnnounced(peer, BlockHash{item.hash});
    }
    m_parts->broadcaster.onInventory(peer, items);
}

void P2pClient::onGetData(const PeerPtr& peer, const std::vector<InventoryItem>& items)
{
    m_parts->broadcaster.onGetData(peer, items);
}

} // namespace

std::unique_ptr<Backend> makeP2pClient(P2pOptions options)
{
    return std::make_unique<P2pClient>(std::move(options));
}

} // namespace bowline::chain
