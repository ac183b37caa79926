// SPDX-License-Identifier: MIT
// The wallet's line to a node that is ahead of the wallet's Bitcoin chain, lies, or signs twice: what is called
// verified, what is named, and what is there again after a restart. A real socket, a real database; the node is ours.
#include "app/services/local/batch_view.h"
#include "app/services/local/node_link.h"
#include "core/net/server.h"
#include "tests/support/patience.h"
#include "tests/unit/l2/fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>

#include <thread>

using namespace bowline;
using namespace bowline::services;
using test::must;
namespace json = boost::json;
namespace asio = boost::asio;

namespace {

/// The wallet's Bitcoin headers, of which it has seen `tip`.
class FakeBackend final : public chain::Backend {
public:
    void show(const test::MinedChain& blocks, std::uint32_t tip)
    {
        const std::lock_guard lock(m_mutex);
        m_hashes.clear();
        for (std::uint32_t height = test::MinedChain::kCheckpoint; height <= tip; ++height) {
            m_hashes[height] = *blocks.hashAt({height});
        }
    }
    [[nodiscard]] chain::ChainBlock tip() const override
    {
        const std::lock_guard lock(m_mutex);
        return {{m_hashes.rbegin()->first}, m_hashes.rbegin()->second, {}, {}};
    }
    [[nodiscard]] std::optional<chain::ChainBlock> headerAt(base::Height height) const override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_hashes.find(height.value);
        if (found == m_hashes.end()) return std::nullopt;
        return chain::ChainBlock{height, found->second, {}, {}};
    }

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] std::optional<base::Height> heightOf(const base::BlockHash&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Follower>
    follow(chain::FollowFrom, std::function<void(const chain::BlockEvent&)>) override
    {
        return nullptr;
    }
    [[nodiscard]] chain::StatusPtr status() const override { return std::make_shared<chain::ChainStatus>(); }
    [[nodiscard]] std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)>) override
    {
        return nullptr;
    }
    void fetchBlock(const base::BlockHash&, std::function<void(base::Result<chain::BlockPtr>)>) override {}
    void broadcast(std::vector<bitcoin::Transaction>) override {}
    void forget(const base::Txid&) override {}
    [[nodiscard]] std::optional<chain::BroadcastStatus> broadcastStatus(const base::Txid&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return nullptr;
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::uint32_t, base::BlockHash> m_hashes;
};

/// Serves the headers that the test gives it, whatever they are.
class FakeNode {
public:
    FakeNode() : m_server(m_io.get_executor(), methods(), {"heads", "relay"})
    {
        endpoint = *m_server.listen({"127.0.0.1", 0});
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~FakeNode()
    {
        m_server.stop();
        m_guard.reset();
        m_thread.join();
    }
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;
    void serve(std::vector<l2::SignedHeader> headers)
    {
        const std::lock_guard lock(m_mutex);
        m_headers = std::move(headers);
    }
    /// The state of the head.
    void serve(l2::StateTree state)
    {
        const std::lock_guard lock(m_mutex);
        m_state = std::move(state);
    }
    [[nodiscard]] int headersServed() const { return m_served; }

    net::Endpoint endpoint;

private:
    static json::value answerOf(const l2::SignedHeader& header)
    {
        return {{"header", base::toHex(header.header.encode())},
                {"signature", base::toHex(header.signature)}};
    }
    net::Dispatcher methods()
    {
        net::Dispatcher out;
        out.add("chain_head", m_io.get_executor(), [this](const json::object&) -> base::Result<json::value> {
            const std::lock_guard lock(m_mutex);
            return answerOf(m_headers.back());
        });
        out.add("chain_header", m_io.get_executor(),
                [this](const json::object& params) -> base::Result<json::value> {
                    const std::lock_guard lock(m_mutex);
                    ++m_served;
                    const auto number = params.at("n").to_number<std::size_t>();
                    if (number >= m_headers.size()) return base::makeError(base::ErrorCode{"node.not-here"});
                    return answerOf(m_headers[number]);
                });
        out.add("state_get", m_io.get_executor(),
                [this](const json::object& params) -> base::Result<json::value> {
                    const std::lock_guard lock(m_mutex);
                    const l2::ObjectId object{static_cast<l2::ObjectKind>(params.at("kind").to_number<int>()),
                                              *base::fromHex(params.at("id").as_string())};
                    const base::Bytes* value = m_state.find(object.key());
                    json::object answer = answerOf(m_headers.back()).as_object();
                    answer["value"] =
                        value == nullptr ? json::value(nullptr) : json::value(base::toHex(*value));
                    answer["proof"] = base::toHex(m_state.prove(object.key()).encode());
                    return json::value(std::move(answer));
                });
        return out;
    }

    std::mutex m_mutex;
    std::vector<l2::SignedHeader> m_headers;
    l2::StateTree m_state;
    std::atomic<int> m_served = 0;
    asio::io_context m_io{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_guard = asio::make_work_guard(m_io);
    net::Server m_server;
    std::thread m_thread;
};

/// A network with its sequencer, a node, and a wallet that looks at them.
struct World {
    test::Layer layer;
    FakeBackend bitcoin;
    FakeNode node;
    QTemporaryDir folder;
    std::vector<l2::SignedHeader> headers{{l2::genesisHeader(layer.params), {}}};
    Worker owner;
    std::mutex mutex;
    NodeViewPtr view = std::make_shared<NodeView>();
    int moves = 0; // views that were another layer 2 than the one before
    std::unique_ptr<NodeLink> link;

    World() { layer.chain.mineMany(10); }
    ~World() { close(); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// One more batch, on this Bitcoin block.
    void batch(std::uint32_t bitcoinHeight, const std::optional<l2::ChainObject>& chain = {})
    {
        l2::BatchHeader next = headers.back().header;
        next.parent = headers.back().header.hash();
        next.height.value += 1;
        next.time += 5;
        next.l1Height = {bitcoinHeight};
        next.l1Hash = *layer.chain.hashAt({bitcoinHeight});
        if (chain) {
            const l2::StateTree state = l2::StateTree{}.with(l2::chainObjectId().key(), chain->encode());
            next.stateRoot = state.root();
            node.serve(state);
        }
        headers.push_back(must(l2::signHeader(next, layer.sequencer)));
    }
    void open()
    {
        node.serve(headers);
        NodeLink::Events events;
        events.view = [this](NodeViewPtr next) {
            const std::lock_guard lock(mutex);
            if (next->movedSince(*view)) ++moves;
            view = std::move(next);
        };
        events.relay = [] {};
        l2::Network network;
        network.params = layer.params;
        link = must(NodeLink::open(folder.filePath("layer2.sqlite").toStdString(), network, bitcoin,
                                   node.endpoint, owner, std::move(events)));
        link->start();
    }
    void close()
    {
        if (link) link->stop();
        link.reset();
    }
    [[nodiscard]] NodeViewPtr now()
    {
        const std::lock_guard lock(mutex);
        return view;
    }
    void forget()
    {
        const std::lock_guard lock(mutex);
        view = std::make_shared<NodeView>();
    }
    [[nodiscard]] int countMoves()
    {
        const std::lock_guard lock(mutex);
        return moves;
    }
    [[nodiscard]] std::uint64_t head() { return now()->head.header.height.value; }
    [[nodiscard]] std::uint64_t verified() { return now()->verifiedHead.value; }
    /// In the block at this height.
    [[nodiscard]] seal::Link anchor(std::uint32_t height, const l2::BatchHeader& batch) const
    {
        seal::Link out{{height}, *layer.chain.hashAt({height}), {}, seal::SpendKind::Anchor, {}, {}};
        out.commitment = must(seal::Commitment::of(batch));
        return out;
    }
    [[nodiscard]] seal::SealVerdict sealOf(std::uint64_t number)
    {
        for (const JudgedHeader& judged : now()->recent) {
            if (judged.header.header.height.value == number) return judged.seal;
        }
        return {};
    }
    /// Of batch `number`, as the window shows it.
    [[nodiscard]] BatchView row(std::uint64_t number)
    {
        for (const JudgedHeader& judged : now()->recent) {
            if (judged.header.header.height.value == number)
                return batchViewOf(judged.header, judged.verdict, "node");
        }
        return {};
    }
};

} // namespace

class TestNodeLink : public QObject {
    Q_OBJECT

private slots:
    void aBatchAheadOfTheOwnBitcoinChainIsNotCalledVerified()
    {
        World w;
        w.batch(103);
        w.batch(105);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        QCOMPARE(w.verified(), std::uint64_t{1});
        QCOMPARE(w.row(1).verdict.kind, Verdict::Kind::Verified);
        QCOMPARE(w.row(2).verdict.kind, Verdict::Kind::Unverified);
        QCOMPARE(w.row(2).verdict.reason, std::string("l1-behind"));
        const std::vector<std::string> passed{"chain-id", "sequencer-signature", "parent-links"};
        QCOMPARE(w.row(2).checks, passed); // and not the Bitcoin block
        // The wallet catches up: nothing new at the node, and all the same it is another layer 2.
        const int before = w.countMoves();
        w.bitcoin.show(w.layer.chain, 106);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{2});
        QCOMPARE(w.row(2).verdict.kind, Verdict::Kind::Verified);
        QCOMPARE(w.row(2).checks.back(), std::string("bitcoin-block-on-own-chain"));
        QCOMPARE(w.countMoves(), before + 1);
    }
    void aReorgOfTheOwnChainTakesTheVerdictBack()
    {
        World w;
        w.batch(103);
        w.batch(106);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{2});
        test::MinedChain other = w.layer.chain;
        other.cut({104});
        other.mineMany(6, 77);
        w.bitcoin.show(other, 110);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        QCOMPARE(w.head(), std::uint64_t{2});
        QCOMPARE(w.row(2).verdict.reason, std::string("l1-elsewhere"));
        QCOMPARE(w.row(1).verdict.kind, Verdict::Kind::Verified);
    }
    void aWrongSignatureIsNamedAndNothingOfItIsTaken()
    {
        World w;
        w.batch(103);
        w.batch(103);
        w.headers.back().signature[5] ^= 1;
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(QString::fromStdString(w.now()->invalid), QString("bad-signature"));
        QCOMPARE(w.now()->problem, std::string("services.node-invalid"));
        QVERIFY(w.now()->reachable);
        QCOMPARE(w.head(), std::uint64_t{1});
        // It mends its ways.
        w.headers.pop_back();
        w.batch(103);
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        QVERIFY(w.now()->invalid.empty() && w.now()->problem.empty());
    }
    void aSequencerThatSignedTwiceIsCounted()
    {
        World w;
        w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        QCOMPARE(w.now()->equivocations, std::size_t{0});
        w.headers.back().header.time += 1;
        w.headers.back() = must(l2::signHeader(w.headers.back().header, w.layer.sequencer));
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.now()->equivocations, std::size_t{1});
        QCOMPARE(w.now()->invalid, std::string("equivocation"));
    }
    void bitcoinSaysWhichBatchesCount()
    {
        World w;
        for (int i = 0; i < 3; ++i) w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        QVERIFY(!w.now()->sealedTo);
        const seal::Link first = w.anchor(106, w.headers[1].header);
        w.link->setSeals({first});
        EVENTUALLY_EQUAL(w.now()->sealedTo, std::optional(base::BatchNumber{1}));
        QVERIFY(w.sealOf(2).state == seal::SealState::Sequenced);
        QVERIFY(w.sealOf(1).state == seal::SealState::Sealed);
        QCOMPARE(w.sealOf(0).confirmations, 3U);
        // The sequencer has sealed another batch than the one that this node shows.
        l2::BatchHeader other = w.headers[2].header;
        other.time += 1;
        w.link->setSeals({first, w.anchor(107, other)});
        EVENTUALLY(w.now()->sealConflict);
        QVERIFY(w.sealOf(1).state == seal::SealState::Sealed);
        QVERIFY(w.sealOf(3).state == seal::SealState::Conflict);
        QCOMPARE(w.now()->equivocations, std::size_t{1});
        // It has signed both, and that is remembered.
        w.close();
        w.forget();
        w.open();
        EVENTUALLY_EQUAL(w.now()->equivocations, std::size_t{1});
        QVERIFY(!w.now()->sealConflict); // nothing was said of the blocks yet
    }
    void whatTheProgramSaysIsCheckedAndShown()
    {
        World w;
        for (int i = 0; i < 2; ++i) w.batch(103);
        l2::ChainObject said;
        said.sealedBatch = {1};
        said.announced.bytes[0] = 7;
        said.activationHeight = {230};
        w.batch(103, said);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY(w.now()->program.has_value());
        QCOMPARE(*w.now()->program, said);
        QVERIFY(w.now()->programInDoubt); // no block shows that seal
        w.link->setSeals({w.anchor(106, w.headers[1].header)});
        EVENTUALLY(!w.now()->programInDoubt);
        // The next head has another object, but the node shows the old one: it is not under that root.
        w.batch(103, l2::ChainObject{});
        w.node.serve(l2::StateTree{}.with(l2::chainObjectId().key(), said.encode()));
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{4});
        QCOMPARE(*w.now()->program, said); // what was known
        w.node.serve(l2::StateTree{}.with(l2::chainObjectId().key(), l2::ChainObject{}.encode()));
        w.link->poke();
        EVENTUALLY(*w.now()->program == l2::ChainObject{});
    }
    void anAnchorThatAReorganisationExplainsConvictsNobody()
    {
        World w;
        w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        test::MinedChain branch = w.layer.chain;
        branch.cut({102});
        branch.mineMany(8, 1);
        l2::BatchHeader other = w.headers[1].header;
        other.l1Hash = *branch.hashAt({103});
        w.bitcoin.show(branch, 108);
        seal::Link anchor = w.anchor(106, other);
        anchor.block = *branch.hashAt({106});
        w.link->setSeals({anchor});
        EVENTUALLY(w.now()->sealConflict); // the node has not heard of it yet
        QCOMPARE(w.now()->equivocations, std::size_t{0});
    }
    void whatWasAheadIsKeptAndThereAfterARestart()
    {
        World w;
        w.batch(103);
        w.batch(105);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        w.batch(106);
        w.bitcoin.show(w.layer.chain, 108);
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        w.close();
        const int served = w.node.headersServed();
        w.forget();
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        EVENTUALLY(w.now()->reachable);
        QCOMPARE(w.node.headersServed(), served); // nothing had to be fetched again
    }
    void genesisIsShownAsComputedHere()
    {
        World w;
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY(w.now()->reachable);
        const std::vector<std::string> checks{"genesis-computed", "bitcoin-block-on-own-chain"};
        QCOMPARE(w.row(0).checks, checks);
        QVERIFY(w.row(0).signatureHex.empty());
        QVERIFY(!w.row(0).headerHex.empty());
    }
};

QTEST_GUILESS_MAIN(TestNodeLink)
#include "tst_node_link.moc"
