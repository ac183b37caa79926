// SPDX-License-Identifier: MIT
// Following other nodes over real sockets: catching up, replacing only what fell off Bitcoin (rules A7, B12),
// noticing a sequencer that signs twice, and sources that lie.
#include "app/daemon/node/api.h"
#include "core/net/server.h"
#include "tests/unit/daemon/fixture.h"

#include <QTest>

#include <boost/asio/io_context.hpp>

using namespace bowline;
using namespace bowline::test;
namespace asio = boost::asio;
namespace json = net::json;

namespace {

/// A server with the methods given, or those of a node, and a follower of it; all on this thread.
class Rig {
public:
    Rig(TestNode& own, net::Dispatcher methods) : m_server(m_io.get_executor(), std::move(methods), {"heads"})
    {
        start(own);
    }
    Rig(TestNode& own, TestNode& source) : m_server(m_io.get_executor(), methodsOf(source), {"heads"})
    {
        source.node->onHead([this](const daemon::HeadChange& change) {
            m_server.publish("heads", "head", daemon::headJson(change.head));
        });
        start(own);
    }
    template <typename Condition>
    bool until(Condition condition, int seconds = 15)
    {
        for (int i = 0; i < seconds * 50 && !condition(); ++i) m_io.run_for(std::chrono::milliseconds(20));
        return condition();
    }
    [[nodiscard]] std::string lastError() const { return m_follower->status().front().lastError; }
    bool failsWith(std::string_view code)
    {
        return until([&] { return lastError().substr(0, code.size()) == code; });
    }

private:
    net::Dispatcher methodsOf(TestNode& source)
    {
        net::Dispatcher out;
        daemon::addNodeMethods(out, m_io.get_executor(), *source.node);
        return out;
    }
    void start(TestNode& own)
    {
        const net::Endpoint endpoint = must(m_server.listen({"127.0.0.1", 0}));
        m_follower = std::make_unique<daemon::Follower>(m_io.get_executor(), *own.node,
                                                        std::vector<net::Endpoint>{endpoint});
        m_follower->start();
    }
    asio::io_context m_io{1};
    net::Server m_server;
    std::unique_ptr<daemon::Follower> m_follower;
};

void fill(TestNode& node, const Layer& layer)
{
    for (std::size_t i = node.node->head().header.height.value + 1; i < layer.batches.size(); ++i) {
        const base::Status applied = node.node->applyBatch(layer.batches[i]);
        if (!applied.ok()) qFatal("a batch of the test: %s", applied.error().detail.c_str());
    }
}

/// `count` batches, one per block.
void grow(Layer& layer, unsigned count, std::uint32_t salt = 0)
{
    for (unsigned i = 0; i < count; ++i) {
        layer.chain.mine({}, salt);
        layer.commit();
    }
}

std::uint64_t heightOf(const TestNode& node) { return node.node->head().header.height.value; }

} // namespace

class TestFollower : public QObject {
    Q_OBJECT

private slots:
    void catchesUpAndThenHearsOfNewBatches()
    {
        Layer layer;
        grow(layer, 6);
        TestNode source(layer.params, layer.chain);
        TestNode own(layer.params, layer.chain);
        fill(source, layer);
        Rig rig(own, source);
        QVERIFY(rig.until([&] { return heightOf(own) == 6; }));
        grow(layer, 1);
        fill(source, layer);
        // Well before the pause between two polls ends.
        QVERIFY(rig.until([&] { return heightOf(own) == 7; }, 3));
        QVERIFY(own.node->head() == source.node->head());
        QCOMPARE(rig.lastError(), std::string());
    }

    void waitsForItsOwnBitcoinChain()
    {
        Layer layer;
        grow(layer, 3);
        MinedChain behind;
        TestNode source(layer.params, layer.chain);
        TestNode own(layer.params, behind);
        fill(source, layer);
        Rig rig(own, source);
        // The first batch confirms nothing beyond the checkpoint; the second does.
        QVERIFY(rig.failsWith("node.l1-behind"));
        QCOMPARE(heightOf(own), std::uint64_t{1});
        behind.mineMany(3);
        QVERIFY(rig.until([&] { return heightOf(own) == 3; }));
    }

    void keepsEvidenceWhenTheSequencerSignsTwice()
    {
        Layer layer;
        grow(layer, 2);
        Layer twin;
        grow(twin, 1);
        twin.chain.mine();
        const auto other = std::get<Execution>(
            must(twin.executor.propose(twin.head(), twin.state(), twin.nextTime() + 7, twin.bodyWith({}))));
        const SignedBatch second{must(signHeader(other.header, twin.sequencer)), other.body};
        TestNode source(layer.params, twin.chain);
        TestNode own(layer.params, layer.chain);
        fill(own, layer);
        fill(source, twin);
        QVERIFY(source.node->applyBatch(second).ok());
        QVERIFY(source.node->head().header.height == own.node->head().header.height);
        Rig rig(own, source);
        QVERIFY(rig.failsWith("node.conflict"));
        QCOMPARE(must(own.node->store().equivocations()), std::uint64_t{1});
        QVERIFY(own.node->head() == layer.batches.back().head);
    }

    void replacesBatchesOnlyWhenTheirBlockLeftItsOwnChain()
    {
        Layer old;
        grow(old, 5);
        // The same sequencer after a reorg: batch 3 confirms block 102, which stays; what comes later is new.
        Layer fresh;
        grow(fresh, 3);
        fresh.chain.cut({102});
        fresh.chain.mineMany(2, 9);
        fresh.commit();
        grow(fresh, 4, 9);
        MinedChain view = old.chain;
        TestNode source(old.params, fresh.chain);
        TestNode own(old.params, view);
        fill(own, old);
        fill(source, fresh);
        Rig rig(own, source);
        QVERIFY(rig.failsWith("node.l1-"));
        QVERIFY(own.node->head() == old.batches.back().head);
        QCOMPARE(must(own.node->store().equivocations()), std::uint64_t{0}); // a reorg explains it
        view = fresh.chain;
        QVERIFY(rig.until([&] { return own.node->head() == source.node->head(); }));
        QCOMPARE(must(own.node->store().equivocations()), std::uint64_t{0});
        for (std::size_t i = 1; i < fresh.batches.size(); ++i) {
            QVERIFY(must(own.node->store().header({i})).header == fresh.batches[i].head.header);
        }
    }

    void sourcesThatLieChangeNothing_data()
    {
        QTest::addColumn<QString>("lie");
        QTest::addColumn<QString>("code");
        QTest::newRow("no header") << "empty"
                                   << "net.invalid-params";
        QTest::newRow("forged signature") << "signature"
                                          << "l2.bad-batch-signature";
        QTest::newRow("another layer 2") << "chain"
                                         << "node.other-chain";
        QTest::newRow("a batch of another height") << "height"
                                                   << "net.bad-response";
        QTest::newRow("a batch that is none") << "garbage"
                                              << "net.bad-response";
        QTest::newRow("signed, but a wrong result") << "root"
                                                    << "node.invalid-batch";
    }
    void sourcesThatLieChangeNothing()
    {
        QFETCH(QString, lie);
        QFETCH(QString, code);
        Layer layer;
        grow(layer, 2);
        SignedBatch batch = layer.batches[1];
        if (lie == "chain") batch.head.header.chainId.bytes[0] ^= 1;
        if (lie == "root") batch.head.header.stateRoot = layer.states[0].root();
        batch.head = must(signHeader(batch.head.header, layer.sequencer));
        if (lie == "signature") batch.head.signature[0] ^= 1;
        if (lie == "height") batch = layer.batches[2];
        const json::value head =
            lie == "empty" ? json::value(json::object{}) : json::value(daemon::headJson(batch.head));
        const json::value whole =
            lie == "garbage" ? json::value(17) : json::value(base::toHex(batch.encode()));
        net::Dispatcher methods;
        asio::io_context handlers; // run by hand below, so that the answers come
        TestNode own(layer.params, layer.chain);
        const auto fixed = [](const json::value& answer) {
            return [answer](const json::object&) -> net::Result<json::value> { return answer; };
        };
        methods.add("chain_head", handlers.get_executor(), fixed(head));
        methods.add("chain_batch", handlers.get_executor(), fixed(whole));
        Rig rig(own, std::move(methods));
        QVERIFY(rig.until([&] {
            handlers.restart();
            handlers.poll();
            return rig.lastError().rfind(code.toStdString(), 0) == 0;
        }));
        QCOMPARE(heightOf(own), std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestFollower)
#include "tst_follower.moc"
