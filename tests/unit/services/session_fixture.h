// SPDX-License-Identifier: MIT
// An open wallet against a chain and a node that the test writes: the services' own thread, light client and sockets
// are the real ones, what bitcoind and the sequencer would say is the test's choice.
#pragma once

#include "app/services/local/session.h"
#include "core/bitcoin/params.h"
#include "core/l2/genesis.h"
#include "core/l2/state_tree.h"
#include "core/net/server.h"
#include "tests/unit/bridge/fixture.h"
#include "tests/unit/wallet/wallet_fixture.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <future>

namespace bowline::services::test {

namespace json = boost::json;
using bowline::test::MadeUpChain;

/// Blocks of the test's making. Every follower gets all of them whole, at once.
class WrittenChain final : public chain::Backend {
public:
    explicit WrittenChain(const base::BlockHash& genesis) { m_blocks.push_back({genesis, emptyBlock({})}); }
    void mine(std::vector<bitcoin::Transaction> transactions = {})
    {
        std::unique_lock lock(m_mutex);
        m_blocks.push_back({MadeUpChain::ref(static_cast<std::uint32_t>(m_blocks.size())).hash,
                            emptyBlock(std::move(transactions))});
        for (Walk* walk : m_walks) walk->advance();
        const auto handlers = m_handlers;
        lock.unlock();
        for (const auto& handler : handlers) (*handler)(status());
    }
    /// Another block in the place of the newest; followers of blocks are not told.
    void replaceTip()
    {
        std::unique_lock lock(m_mutex);
        m_blocks.back().first.bytes[0] ^= 0xff;
        const auto handlers = m_handlers;
        lock.unlock();
        for (const auto& handler : handlers) (*handler)(status());
    }
    std::vector<bitcoin::Transaction> sent() const
    {
        const std::lock_guard lock(m_mutex);
        return m_sent;
    }

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    chain::ChainBlock tip() const override
    {
        const std::lock_guard lock(m_mutex);
        return at(m_blocks.size() - 1);
    }
    std::optional<chain::ChainBlock> headerAt(base::Height height) const override
    {
        const std::lock_guard lock(m_mutex);
        if (height.value >= m_blocks.size()) return std::nullopt;
        return at(height.value);
    }
    std::optional<base::Height> heightOf(const base::BlockHash&) const override { return std::nullopt; }
    std::unique_ptr<chain::Follower> follow(chain::FollowFrom from,
                                            std::function<void(const chain::BlockEvent&)> fn) override
    {
        const std::lock_guard lock(m_mutex);
        auto walk = std::make_unique<Walk>(*this, std::move(fn));
        walk->next = from.processed.empty() ? from.birthday.value : from.processed.front().height.value + 1;
        walk->advance();
        m_walks.push_back(walk.get());
        return walk;
    }
    chain::StatusPtr status() const override
    {
        auto out = std::make_shared<chain::ChainStatus>();
        out->tip = tip();
        out->progress.synced = true;
        out->progress.headers = {1, 1, 0, 0};
        return out;
    }
    std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)> fn) override
    {
        fn(status());
        const std::lock_guard lock(m_mutex);
        m_handlers.push_back(std::make_shared<std::function<void(chain::StatusPtr)>>(std::move(fn)));
        return std::make_unique<Listener>(*this, m_handlers.back());
    }
    void fetchBlock(const base::BlockHash&, std::function<void(base::Result<chain::BlockPtr>)>) override {}
    void broadcast(std::vector<bitcoin::Transaction> transactions) override
    {
        const std::lock_guard lock(m_mutex);
        for (auto& transaction : transactions) m_sent.push_back(std::move(transaction));
    }
    void forget(const base::Txid&) override {}
    std::optional<chain::BroadcastStatus> broadcastStatus(const base::Txid&) const override
    {
        return std::nullopt;
    }
    std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return std::make_unique<chain::Handler>();
    }

private:
    struct Walk final : chain::Follower {
        Walk(WrittenChain& c, std::function<void(const chain::BlockEvent&)> f) : chain(c), fn(std::move(f)) {}
        ~Walk() override
        {
            const std::lock_guard lock(chain.m_mutex);
            std::erase(chain.m_walks, this);
        }
        void watch(std::vector<base::Bytes>, base::Height from) override
        {
            const std::lock_guard lock(chain.m_mutex);
            for (std::size_t height = from.value; height < next; ++height) give(height, true);
        }
        void advance()
        {
            for (; next < chain.m_blocks.size(); ++next) give(next, false);
        }
        void give(std::size_t height, bool again) const
        {
            const auto& [hash, block] = chain.m_blocks[height];
            fn(chain::BlockConnected{
                {static_cast<std::uint32_t>(height)}, hash, block->header, block, again});
        }
        WrittenChain& chain;
        std::function<void(const chain::BlockEvent&)> fn;
        std::size_t next = 0;
    };
    using StatusFunction = std::shared_ptr<std::function<void(chain::StatusPtr)>>;
    struct Listener final : chain::Handler {
        Listener(WrittenChain& c, StatusFunction f) : chain(c), fn(std::move(f)) {}
        ~Listener() override
        {
            const std::lock_guard lock(chain.m_mutex);
            std::erase(chain.m_handlers, fn);
        }
        WrittenChain& chain;
        StatusFunction fn;
    };
    static chain::BlockPtr emptyBlock(std::vector<bitcoin::Transaction> transactions)
    {
        return std::make_shared<bitcoin::Block>(MadeUpChain::block(std::move(transactions)));
    }
    chain::ChainBlock at(std::size_t height) const
    {
        return {{static_cast<std::uint32_t>(height)},
                m_blocks[height].first,
                m_blocks[height].second->header,
                {}};
    }

    mutable std::mutex m_mutex;
    std::vector<std::pair<base::BlockHash, chain::BlockPtr>> m_blocks;
    std::vector<Walk*> m_walks;
    std::vector<StatusFunction> m_handlers;
    std::vector<bitcoin::Transaction> m_sent;
};

/// A layer-2 node over sockets that signs with the sequencer's key whatever the test commits.
class WrittenNode {
public:
    using Script = std::function<std::optional<base::Result<json::value>>(const json::object&)>;

    explicit WrittenNode(const l2::NetworkParams& params)
        : m_sequencer(bridge::test::keyOf("sequencer")), m_headers{{l2::genesisHeader(params), {}}},
          m_states{l2::StateTree::fromObjects(l2::genesisObjects(params))}
    {
        net::Dispatcher dispatcher;
        for (const char* method :
             {"chain_head", "chain_header", "chain_headers", "state_get", "account_history", "tx_submit",
              "tx_status", "relay_post", "relay_list", "chain_proof"}) {
            dispatcher.add(method, m_io.get_executor(),
                           [this, method](const json::object& asked) { return answer(method, asked); });
        }
        net::ServerLimits limits;
        limits.requestsPerSecond = limits.requestBurst = 100'000;
        m_server.emplace(m_io.get_executor(), std::move(dispatcher),
                         std::vector<std::string>{"heads", "relay"}, limits);
        m_endpoint =
            bridge::test::must(m_server->listen(bridge::test::must(net::parseEndpoint("127.0.0.1:0"))));
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~WrittenNode()
    {
        m_server->stop();
        m_guard.reset();
        m_io.stop();
        m_thread.join();
    }
    [[nodiscard]] const net::Endpoint& endpoint() const { return m_endpoint; }

    /// The next batch, in which these objects have these values.
    void commit(const std::vector<std::pair<l2::ObjectId, base::Bytes>>& objects,
                std::optional<std::pair<base::Height, base::BlockHash>> l1 = {})
    {
        const std::lock_guard lock(m_mutex);
        l2::StateTree state = m_states.back();
        for (const auto& [id, value] : objects) state = state.with(id.key(), value);
        l2::BatchHeader header = m_headers.back().header;
        header.parent = header.hash();
        header.height.value += 1;
        header.time += 5;
        header.stateRoot = state.root();
        if (l1) std::tie(header.l1Height, header.l1Hash) = *l1;
        m_headers.push_back(bridge::test::must(l2::signHeader(header, m_sequencer)));
        m_states.push_back(std::move(state));
    }
    /// Answers this method as the test says; nothing: as usual.
    void script(const std::string& method, Script script)
    {
        const std::lock_guard lock(m_mutex);
        m_scripts[method] = std::move(script);
    }
    [[nodiscard]] std::vector<json::object> asked(const std::string& method)
    {
        const std::lock_guard lock(m_mutex);
        return m_asked[method];
    }
    /// state_get as of that batch.
    [[nodiscard]] json::object stateAt(std::size_t batch, const json::object& params) const
    {
        const l2::ObjectId object{static_cast<l2::ObjectKind>(params.at("kind").to_number<int>()),
                                  bridge::test::must(base::fromHex(params.at("id").as_string()))};
        json::object out = headerOf(batch);
        const base::Bytes* value = m_states.at(batch).find(object.key());
        out["value"] = value == nullptr ? json::value(nullptr) : json::value(base::toHex(*value));
        out["proof"] = base::toHex(m_states.at(batch).prove(object.key()).encode());
        return out;
    }

private:
    base::Result<json::value> answer(const std::string& method, const json::object& params)
    {
        const std::lock_guard lock(m_mutex);
        m_asked[method].push_back(params);
        if (const auto found = m_scripts.find(method); found != m_scripts.end()) {
            if (auto scripted = found->second(params)) return *scripted;
        }
        return usual(method, params);
    }
    [[nodiscard]] json::value usual(const std::string& method, const json::object& params) const
    {
        if (method == "chain_head") return headerOf(m_headers.size() - 1);
        if (method == "chain_header") return headerOf(params.at("n").to_number<std::size_t>());
        if (method == "chain_headers") {
            const std::span<const l2::SignedHeader> all = m_headers;
            const auto first = params.at("first").to_number<std::size_t>();
            const auto count = params.at("count").to_number<std::size_t>();
            if (first >= all.size()) return "";
            return json::value(
                base::toHex(l2::encodeHeaders(all.subspan(first, std::min(count, all.size() - first)))));
        }
        if (method == "state_get") return stateAt(m_headers.size() - 1, params);
        if (method == "account_history") {
            const auto key =
                bridge::test::must(base::XOnlyPublicKey::fromHex(std::string(params.at("key").as_string())));
            const l2::ObjectId id = l2::accountId(key);
            json::object out = stateAt(m_headers.size() - 1,
                                       {{"kind", static_cast<int>(id.kind)}, {"id", base::toHex(id.id)}});
            out["entries"] = json::array{};
            return out;
        }
        if (method == "relay_list") return json::object{{"messages", json::array{}}};
        if (method == "tx_status") return json::object{{"status", "pending"}};
        return json::object{};
    }
    [[nodiscard]] json::object headerOf(std::size_t batch) const
    {
        const l2::SignedHeader& header = m_headers.at(batch);
        return {{"number", batch},
                {"header", base::toHex(header.header.encode())},
                {"signature", base::toHex(header.signature)}};
    }

    mutable std::mutex m_mutex;
    crypto::PrivateKey m_sequencer;
    std::vector<l2::SignedHeader> m_headers;
    std::vector<l2::StateTree> m_states;
    std::map<std::string, Script> m_scripts;
    std::map<std::string, std::vector<json::object>> m_asked;
    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_guard =
        boost::asio::make_work_guard(m_io);
    std::optional<net::Server> m_server;
    net::Endpoint m_endpoint;
    std::thread m_thread;
};

/// A wallet of 0.5 BTC, unlocked, in a session; everything that touches the session goes through on().
class SessionFixture {
public:
    SessionFixture()
        : network(bridge::test::makeNetworkFile(3, 2)),
          context(bridge::test::must(bridge::makeContext(network))), chain(network.params.checkpointHash()),
          node(network.params)
    {
        chain.mine();
        auto created = wallet::Wallet::create(path(), bowline::test::newWallet(), clock);
        if (!created.ok()) qFatal("%s", bowline::test::describe(created.error()).c_str());
        const auto address = (*created)->nextAddress(wallet::AddressType::Taproot, {});
        chain.mine({MadeUpChain::payment(address->script, base::Amount::fromSat(50'000'000), 1)});
        account = bridge::test::must((*created)->layerTwoAccount());
        connect(std::move(*created));
    }
    ~SessionFixture() { close(); }

    void connect(std::unique_ptr<wallet::Wallet> wallet)
    {
        worker = std::make_unique<Worker>();
        NodeLink::Events events;
        events.view = [this](NodeViewPtr view) {
            nodeView = std::move(view);
            if (session) session->nodeLookedAt(nodeView);
        };
        events.relay = [this] {
            if (session) session->relayChanged();
        };
        link =
            bridge::test::must(NodeLink::open(folder.filePath("layer2.sqlite").toStdString(), network, chain,
                                              node.endpoint(), *worker, std::move(events), checker));
        around.emplace(Surroundings{context, chain, *link, *worker, clock, [] {}});
        on([&] {
            session = bridge::test::must(Session::open(*around, "w", std::move(wallet)));
            session->nodeLookedAt(nodeView);
            return 0;
        });
        link->start();
    }
    void close()
    {
        if (!worker) return;
        on([&] {
            session.reset();
            return 0;
        });
        link->stop();
        worker->stop();
        link.reset();
        worker.reset();
    }
    /// As another run of the program, unlocked.
    void restart()
    {
        close();
        nodeView = std::make_shared<NodeView>();
        auto opened = wallet::Wallet::open(path(), clock);
        if (!opened.ok()) qFatal("%s", bowline::test::describe(opened.error()).c_str());
        if (!(*opened)->unlock(base::viewOf(std::string_view(bowline::test::kPassword))).ok())
            qFatal("locked");
        connect(std::move(*opened));
    }
    /// Runs it on the services' thread.
    template <typename F>
    auto on(F work) -> decltype(work())
    {
        std::promise<decltype(work())> done;
        worker->post([&] { done.set_value(work()); });
        return done.get_future().get();
    }
    [[nodiscard]] bool isSettled()
    {
        return on([&] {
            return nodeView->asked && session->isAnswered() && session->isCaughtUp() &&
                   session->wallet().isSynced();
        });
    }
    [[nodiscard]] Snapshot snapshot()
    {
        return on([&] {
            Snapshot out;
            session->fill(out);
            return out;
        });
    }
    /// The account as the next batch has it.
    void commitAccount(std::uint64_t nonce, std::int64_t sat)
    {
        l2::Account value;
        value.nonce = nonce;
        value.btc = base::Amount::fromSat(sat);
        node.commit({{l2::accountId(account), value.encode()}});
        link->poke();
    }
    [[nodiscard]] std::string path() const { return folder.filePath("w.wallet").toStdString(); }

    QTemporaryDir folder;
    base::ManualClock clock{bowline::test::kNow};
    l2::Network network;
    bridge::ContextPtr context;
    WrittenChain chain;
    WrittenNode node;
    std::unique_ptr<Worker> worker;
    std::shared_ptr<proven::Checker> checker; // of the chain's proofs; null: none is believed
    std::unique_ptr<NodeLink> link;
    std::optional<Surroundings> around;
    std::unique_ptr<Session> session;
    NodeViewPtr nodeView = std::make_shared<NodeView>();
    base::XOnlyPublicKey account;
};

} // namespace bowline::services::test
