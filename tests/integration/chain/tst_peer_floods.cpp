// SPDX-License-Identifier: MIT
// Peers that send without end, beside a real bitcoind: the client follows the node meanwhile, its memory stays within a
// bound, and whoever floods is left without being banned. With BOWLINE_FLOOD_SECONDS all kinds are played, each for so
// long, and the flooder comes back as often as it is let in.
//
// The memory measured is that of this process, so what the scripted peers send is made before.
#include "tests/integration/chain/hostile_ground.h"

using namespace bowline;
using namespace bowline::test;
using chain::PeerVerdict;

namespace {

constexpr std::size_t kMemoryBound = 48 * kMegabyte; // beyond what an undisturbed client needs for the same
// Within it a batch of filters may have been asked of the flooder in vain, which takes seven seconds.
constexpr int kSoon = 18'000;
// One connection may send so much unasked, and what is on its way when it is closed.
constexpr std::uint64_t kReadAtMost = 30 * kMegabyte;

/// Zero for a sample of the floods, each only as long as it takes to see that it is cut off.
int floodSeconds() { return qEnvironmentVariableIntValue("BOWLINE_FLOOD_SECONDS"); }

base::ByteArray<32> someHash(std::uint32_t number)
{
    base::ByteArray<32> out{};
    for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

base::Bytes inventoryOf(std::uint32_t type, std::size_t count)
{
    std::vector<chain::InventoryItem> items;
    for (std::uint32_t i = 0; i < count; ++i) items.push_back({type, someHash(i)});
    return chain::writeInventory(items);
}

/// A block of nearly four megabytes in as many small transactions as fit.
base::Bytes largeBlock()
{
    ScriptedChain chain;
    bitcoin::Block block;
    bitcoin::Transaction small;
    small.inputs.resize(1);
    small.outputs.push_back({base::Amount::fromSat(1), bitcoin::Script{bitcoin::OP_1}});
    const std::size_t each = small.serialize().size();
    block.header = mineHeader(regtest().genesis, 9);
    block.transactions.assign(980'000 / each, small); // of weight four each byte
    return block.serialize();
}

} // namespace

class TestPeerFloods : public HostileGround {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        startNode();
    }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanupTestCase() { m_node.reset(); }

    void floodsAreReadToABoundAndDelayNothing_data();
    void floodsAreReadToABoundAndDelayNothing();
    void manyFloodersAtOnce();
    void theEvidenceOfManyLiarsIsSmall();
    void filtersBeyondAllMeasureAreNotKept();
    void whoDoesNotReadIsLeft();
    void whoHangsUpAtOnceIsNotCalledAgainAtOnce();
};

void TestPeerFloods::floodsAreReadToABoundAndDelayNothing_data()
{
    QTest::addColumn<QByteArray>("message");
    enum { Always, Nightly };
    const auto row = [](const char* name, std::string_view command, const base::Bytes& payload,
                        int when = Always) {
        if (when == Nightly && floodSeconds() == 0) return;
        const base::Bytes bytes = framed(command, payload);
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          qsizetype(bytes.size()));
    };
    row("inv of transactions", "inv", inventoryOf(chain::kInvWtx, chain::kMaxInventory), Nightly);
    row("inv of unknown blocks", "inv", inventoryOf(chain::kInvBlock, chain::kMaxInventory));
    std::vector<chain::InventoryItem> known(chain::kMaxInventory,
                                            {chain::kInvBlock, truth().blocks[5].header.hash().bytes});
    row("inv of a known block", "inv", chain::writeInventory(known), Nightly);
    row("getdata", "getdata", inventoryOf(chain::kInvWitnessTx, chain::kMaxInventory));
    row("notfound", "notfound", inventoryOf(chain::kInvWitnessBlock, chain::kMaxInventory), Nightly);
    row("known headers", "headers", chain::writeHeaders(truth().headersFrom(1)), Nightly);
    row("no headers", "headers", chain::writeHeaders({}), Nightly);
    row("addr under the limit", "addr", base::Bytes(chain::kMaxPayload, 1));
    row("unknown messages of no length", "nonsense", {});
    row("ping", "ping", chain::writePing(5), Nightly);
    row("pong", "pong", chain::writePing(5), Nightly);
    row("unasked blocks", "block", largeBlock());
    row("unasked filters", "cfilter", chain::writeFilter({{}, base::Bytes(bitcoin::kMaxFilterSize, 0)}),
        Nightly);
    row("unasked filter headers", "cfheaders",
        chain::writeFilterHeaders({{}, {}, std::vector<base::Digest>(chain::kMaxFilterHeadersPerRequest)}));
    row("unasked checkpoints", "cfcheckpt",
        chain::writeFilterCheckpoints({{}, std::vector<base::FilterHeader>(100'000)}), Nightly);
    row("transactions", "tx", base::Bytes(400'000, 1), Nightly);
}

void TestPeerFloods::floodsAreReadToABoundAndDelayNothing()
{
    QFETCH(QByteArray, message);
    const auto bytes = std::make_shared<const base::Bytes>(message.begin(), message.end());
    ScriptedPeer flooder(truth(),
                         behaviour::on("sendheaders", [&](ScriptedPeer& self) { self.flood(bytes); }));
    const PeakMemory memory;
    QVERIFY(memory.supported());
    Scene scene(options({&flooder}), m_script);
    ENDS_WELL(scene, kSoon);
    QElapsedTimer watch;
    watch.start();
    do {
        m_node->mine(1);
        QElapsedTimer delay;
        delay.start();
        const QString wrong = trouble(scene, 6000);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        QVERIFY2(delay.elapsed() < 6000, qPrintable(QString("a block took %1 ms").arg(delay.elapsed())));
    } while (watch.elapsed() < 1000 * floodSeconds());
    if (floodSeconds() == 0) QVERIFY(waitForVerdict(scene, flooder, PeerVerdict::Unresponsive));
    QVERIFY(!isBanned(scene, flooder));
    const std::uint64_t perConnection = flooder.bytesSent() / std::max<std::size_t>(1, flooder.connections());
    qInfo("%llu MB in %zu connections, %zu MB of memory",
          static_cast<unsigned long long>(flooder.bytesSent() / kMegabyte), flooder.connections(),
          memory.grown() / kMegabyte);
    QVERIFY2(perConnection <= kReadAtMost, qPrintable(QString("%1 bytes a connection").arg(perConnection)));
    QVERIFY2(memory.grown() <= kMemoryBound, qPrintable(QString("%1 bytes more").arg(memory.grown())));
}

void TestPeerFloods::manyFloodersAtOnce()
{
    const auto bytes =
        std::make_shared<const base::Bytes>(framed("addr", base::Bytes(chain::kMaxPayload, 1)));
    std::vector<std::unique_ptr<ScriptedPeer>> flooders;
    PeerList all;
    for (int i = 0; i < 7; ++i) {
        flooders.push_back(std::make_unique<ScriptedPeer>(
            truth(), behaviour::on("sendheaders", [&](ScriptedPeer& self) { self.flood(bytes); })));
        all.push_back(flooders.back().get());
    }
    const PeakMemory memory;
    Scene scene(options(all), m_script);
    ENDS_WELL(scene, 2 * kSoon);
    m_node->mine(1);
    const QString wrong = trouble(scene, 6000);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    qInfo("%zu MB of memory", memory.grown() / kMegabyte);
    QVERIFY(memory.grown() <= 2 * kMemoryBound); // a message of four megabytes for each
    for (const auto& flooder : flooders) QVERIFY(!isBanned(scene, *flooder));
}

void TestPeerFloods::theEvidenceOfManyLiarsIsSmall()
{
    // A malformed block just under the limit is what each of them is banned for.
    const base::Bytes lie = framed("block", base::Bytes(chain::kMaxPayload, 0xff));
    std::vector<std::unique_ptr<ScriptedPeer>> liars;
    PeerList all;
    for (int i = 0; i < 16; ++i) {
        liars.push_back(std::make_unique<ScriptedPeer>(
            truth(), behaviour::on("sendheaders", [&](ScriptedPeer& self) { self.sendRaw(lie); })));
        all.push_back(liars.back().get());
    }
    Scene scene(options(all), m_script);
    for (const auto& liar : liars) QVERIFY(waitForVerdict(scene, *liar, PeerVerdict::Invalid));
    ENDS_WELL(scene, 3 * kSoon);
    liars.clear();
    // What is still held, rather than the peak: the messages themselves came all at a time.
    const std::size_t held = PeakMemory::resident();
    scene.client.stop();
    const std::size_t after = PeakMemory::resident();
    qInfo("%zu MB let go at the end", (std::max(held, after) - after) / kMegabyte);
    QVERIFY2(held < after + 24 * kMegabyte, qPrintable(QString("%1 bytes").arg(held - after)));
}

void TestPeerFloods::filtersBeyondAllMeasureAreNotKept()
{
    // The only peer gives well-formed filters of the greatest size that is read: 399,998 times the difference zero.
    // They come sixty at a time, so that no batch is too large by itself.
    base::Bytes huge(bitcoin::kMaxFilterSize, 0);
    huge[0] = 0xfe;
    huge[1] = 0x7e;
    huge[2] = 0x1a;
    huge[3] = 0x06;
    QVERIFY(bitcoin::checkFilter({{}, huge}).ok());
    constexpr std::size_t kStep = 60;
    const int steps = floodSeconds() == 0 ? 6 : 20;
    ScriptedChain chain;
    chain.mineEmpty(kStep * std::size_t(steps));
    const base::Digest hash = bitcoin::BlockFilter{{}, huge}.hash();
    std::vector<base::FilterHeader> headers{chain.filterHeader(0)};
    while (headers.size() <= chain.height())
        headers.push_back(bitcoin::BlockFilter{{}, huge}.header(headers.back()));
    ScriptedChain shown = chain;
    shown.cut(kStep);
    ScriptedPeer liar(shown, [&](ScriptedPeer& self, const std::string& command, base::ByteView payload) {
        if (command != "getcfheaders" && command != "getcfilters") return false;
        base::Reader in(payload);
        in.u8();
        const std::size_t first = in.u32le();
        const std::size_t last = *chain.heightOf(in.hash<base::BlockHash>());
        chain::FilterHeadersMessage message{chain.blocks[last].header.hash(), {}, {}};
        if (first > 0) message.previous = headers[first - 1];
        for (std::size_t i = first; i <= last; ++i) {
            const bitcoin::BlockFilter& small = chain.filters[0];
            message.filterHashes.push_back(i == 0 ? small.hash() : hash);
            const base::BlockHash block = chain.blocks[i].header.hash();
            if (command == "getcfilters")
                self.send("cfilter", chain::writeFilter({block, i == 0 ? small.encoded : huge}));
        }
        if (command == "getcfheaders") self.send("cfheaders", chain::writeFilterHeaders(message));
        return true;
    });
    const PeakMemory memory;
    chain::P2pOptions wanted = options({&liar}, false);
    wanted.timeouts.answer = chain::Millis(20'000); // sixty megabytes are hashed several times on the way
    Scene scene(wanted, m_script);
    for (std::size_t height = kStep; height <= chain.height(); height += kStep) {
        liar.change([&](ScriptedChain& now) {
            while (now.height() < height) {
                now.append(chain.blocks[now.height() + 1], chain.filters[now.height() + 1]);
            }
        });
        liar.send("headers", chain::writeHeaders({chain.blocks[height].header}));
        QVERIFY(scene.log.waitForBlock(std::uint32_t(height)));
    }
    qInfo("%zu MB of memory for %zu MB of filters", memory.grown() / kMegabyte, chain.height());
    // The cache, a batch at the client, a batch on its way from the peer, which is in this process.
    QVERIFY(memory.grown() <= (160 + 2 * 64 + 16) * kMegabyte);
    QVERIFY(!isBanned(scene, liar));
}

void TestPeerFloods::whoDoesNotReadIsLeft()
{
    // It asks for a transaction of ours, over and over, and reads nothing of what it is sent.
    ScriptedPeer deaf(truth());
    Scene scene(options({&deaf}), m_script);
    ENDS_WELL(scene, kSoon);
    bitcoin::Transaction large;
    large.inputs.resize(1);
    large.outputs.assign(2000, {base::Amount::fromSat(600), bitcoin::Script(34, 0x51)});
    scene.client->broadcast({large});
    QTRY_VERIFY(scene.client->broadcastStatus(large.txid()));
    const PeakMemory memory;
    deaf.stopReading();
    std::vector<chain::InventoryItem> again(chain::kMaxInventory, {chain::kInvWitnessTx, large.txid().bytes});
    deaf.send("getdata", chain::writeInventory(again));
    QElapsedTimer watch;
    watch.start();
    QVERIFY(waitForVerdict(scene, deaf, PeerVerdict::Unresponsive));
    QVERIFY(!isBanned(scene, deaf));
    m_node->mine(1);
    const QString wrong = trouble(scene, 6000);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QVERIFY2(watch.elapsed() < 8000, qPrintable(QString("%1 ms").arg(watch.elapsed())));
    qInfo("%zu MB of memory", memory.grown() / kMegabyte);
    QVERIFY(memory.grown() <= kMemoryBound);
}

void TestPeerFloods::whoHangsUpAtOnceIsNotCalledAgainAtOnce()
{
    ScriptedPeer flapping(truth(), behaviour::hangsUpOn("sendheaders"));
    Scene scene(options({&flapping}), m_script);
    ENDS_WELL(scene, kSoon);
    QTest::qWait(3000);
    // 100 ms, 200 ms, and so on: not the same pause for ever.
    QVERIFY2(flapping.connections() <= 8, qPrintable(QString("%1 times").arg(flapping.connections())));
    QVERIFY(flapping.connections() >= 2);
    QVERIFY(!isBanned(scene, flapping));
}

QTEST_GUILESS_MAIN(TestPeerFloods)
#include "tst_peer_floods.moc"
