// SPDX-License-Identifier: MIT
// The light client among nodes that lie, break the protocol or fall silent. The nodes are scripted (scripted_peer.h);
// honest behaviour is tested against a real bitcoind in tests/integration/chain.
#include "tests/support/patience.h"
#include "tests/unit/chain/network_test.h"

using namespace bowline;
using namespace bowline::test;
using chain::BlockConnected;
using chain::PeerInfo;
using chain::PeerVerdict;

class TestHostilePeer : public NetworkTest {
    Q_OBJECT
private slots:
    void init() { freshFolder(); }
    void aHeaderWithoutWorkBansAndKeepsTheEvidence();
    void aBanOutlivesTheProcess();
    void anotherNetworkIsNoCrime();
    void protocolBreachesBan_data();
    void protocolBreachesBan();
    void anEndlessStreamOfUnaskedBlocksEndsTheConversation();
    void oldOrUselessNodesAreLimited();
    void aSilentNodeDoesNotHoldUpTheOthers();
    void aNodeThatStallsTheHeadersIsReplaced();
    void aLowWorkChainIsNotStored();
    void aHiddenPaymentIsFoundOutByTheBlock();
    void aHiddenSpendingIsDisputedAndNothingIsMissed();
    void aDisputeEndsWhenTheOneWhoStoodAloneIsGone();
    void aFilterUnlikeItsHeaderBans();
    void whatALoneLiarSaidIsCorrectedLater();
    void aBlockWithOtherTransactionsBansAndAnotherNodeDelivers();
    void aBlockOlderThanSegwitIsJudgedByItsOwnRules();
    void aBlockThatAReorgTookAwayIsNotWaitedFor();
};

void TestHostilePeer::aHeaderWithoutWorkBansAndKeepsTheEvidence()
{
    ScriptedPeer node(honestChain());
    bitcoin::BlockHeader forged;
    {
        Client client(options({&node}));
        QVERIFY(client.waitSynced(10));
        forged = mineHeader(client->tip().header);
        while (bitcoin::checkProofOfWork(forged, regtest()).ok()) ++forged.nonce;
        node.send("headers", chain::writeHeaders({forged}));
        QVERIFY(waitForVerdict(client, node, PeerVerdict::Invalid));
        QCOMPARE(client->tip().height.value, 10U);
        QVERIFY(infoOf(client, node).bannedUntil > base::SystemClock{}.now() + 23 * 3600);
        QVERIFY(infoOf(client, node).reason.find("bitcoin.insufficient-work") != std::string::npos);
    }
    auto store = chain::ChainStore::open(options({}).storePath, regtest());
    const auto bans = store->activeBans(base::SystemClock{}.now());
    QCOMPARE(bans->size(), std::size_t{1});
    QCOMPARE(bans->at(0).address, node.address());
    const auto bytes = forged.serialize();
    QCOMPARE(base::toHex(bans->at(0).evidence), base::toHex(bytes));
}

void TestHostilePeer::aBanOutlivesTheProcess()
{
    ScriptedPeer node(honestChain(), [](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command == "getheaders") self.sendRaw(chain::frameMessage(regtest().magic, "headers", {}));
        return command == "getheaders";
    });
    {
        Client client(options({&node}));
        QVERIFY(waitForVerdict(client, node, PeerVerdict::Invalid));
    }
    const std::size_t before = node.connections();
    Client client(options({&node}));
    QTest::qWait(400);
    QCOMPARE(node.connections(), before);
    QVERIFY(infoOf(client, node).verdict == PeerVerdict::Invalid);
}

void TestHostilePeer::anotherNetworkIsNoCrime()
{
    ScriptedPeer node(honestChain(), [](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command == "version")
            self.sendRaw(base::toBytes(base::viewOf("HTTP/1.1 400 Bad Request\r\n\r\n")));
        return true;
    });
    Client client(options({&node}));
    QVERIFY(waitForVerdict(client, node, PeerVerdict::Limited));
    QCOMPARE(infoOf(client, node).bannedUntil, base::UnixTime{0});
}

void TestHostilePeer::protocolBreachesBan_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const base::Bytes& bytes, const char* code) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          qsizetype(bytes.size()))
                            << code;
    };
    row("malformed inventory", chain::frameMessage(regtest().magic, "inv", base::Bytes{9, 1, 2}),
        "base.truncated");
    row("malformed filter", chain::frameMessage(regtest().magic, "cfilter", base::Bytes(40, 7)),
        "chain.bad-message");
    row("malformed block", chain::frameMessage(regtest().magic, "block", base::Bytes(100, 1)), "base.");
}

void TestHostilePeer::protocolBreachesBan()
{
    QFETCH(QByteArray, sent);
    QFETCH(QString, code);
    ScriptedPeer node(honestChain());
    Client client(options({&node}));
    QVERIFY(client.waitSynced(10));
    node.sendRaw(base::Bytes(sent.begin(), sent.end()));
    QVERIFY(waitForVerdict(client, node, PeerVerdict::Invalid));
    QVERIFY(QString::fromStdString(infoOf(client, node).reason).startsWith(code));
}

void TestHostilePeer::anEndlessStreamOfUnaskedBlocksEndsTheConversation()
{
    const ScriptedChain chain = honestChain();
    ScriptedPeer node(chain);
    Client client(options({&node}));
    QVERIFY(client.waitSynced(10));
    for (int i = 0; i < 40; ++i) node.send("block", chain.blocks[3].serialize());
    QVERIFY(waitForVerdict(client, node, PeerVerdict::Unresponsive));
    QCOMPARE(infoOf(client, node).bannedUntil,
             base::UnixTime{0}); // late answers look alike: no proof, no ban
}

void TestHostilePeer::oldOrUselessNodesAreLimited()
{
    ScriptedPeer old(honestChain());
    old.protocol = 70001;
    ScriptedPeer empty(honestChain());
    empty.services = 0;
    ScriptedPeer noFilters(honestChain());
    noFilters.services = chain::service::kNetwork | chain::service::kWitness;
    Client client(options({&old, &empty, &noFilters}));
    QVERIFY(waitForVerdict(client, old, PeerVerdict::Limited));
    QVERIFY(waitForVerdict(client, empty, PeerVerdict::Limited));
    // Headers and blocks are welcome from a node without filters, and it is said what it lacks.
    QVERIFY(client.waitStatus([](const chain::ChainStatus& now) { return now.tip.height.value == 10; }));
    const PeerInfo info = infoOf(client, noFilters);
    QVERIFY(info.connected && info.verdict == PeerVerdict::Limited);
    QCOMPARE(info.agent, std::string("/fake:1?[2J/"));
    QVERIFY(!client->status()->progress.synced);
}

void TestHostilePeer::aSilentNodeDoesNotHoldUpTheOthers()
{
    ScriptedPeer silent(honestChain(),
                        [](ScriptedPeer&, const std::string&, base::ByteView) { return true; });
    ScriptedPeer honest(honestChain());
    Client client(options({&silent, &honest}));
    QVERIFY(client.waitSynced(10));
    QVERIFY(waitForVerdict(client, silent, PeerVerdict::Unresponsive));
    QCOMPARE(infoOf(client, silent).bannedUntil, base::UnixTime{0});
}

void TestHostilePeer::aNodeThatStallsTheHeadersIsReplaced()
{
    ScriptedChain chain;
    chain.mineEmpty(10);
    ScriptedPeer staller(chain, [](ScriptedPeer&, const std::string& command, base::ByteView) {
        return command == "getheaders";
    });
    staller.claimedHeight = 100'000; // the most promising of all
    ScriptedPeer honest(chain);
    Client client(options({&staller, &honest}));
    QVERIFY(client.waitStatus([](const chain::ChainStatus& now) { return now.tip.height.value == 10; }));
    QVERIFY(waitForVerdict(client, staller, PeerVerdict::Unresponsive));
}

void TestHostilePeer::aLowWorkChainIsNotStored()
{
    ScriptedPeer poor(honestChain());
    poor.claimedHeight = 50'000;
    chain::P2pOptions wanted = options({&poor});
    wanted.minimumWork = bitcoin::Uint256(1000);
    {
        Client client(wanted);
        EVENTUALLY(poor.wasAsked("getheaders"));
        QTest::qWait(300);
        QCOMPARE(client->tip().height.value, 0U);
    }
    auto store = chain::ChainStore::open(wanted.storePath, regtest());
    const auto stored = store->load();
    QCOMPARE(stored->best.size(), std::size_t{1});
    QVERIFY(stored->side.empty());
}

void TestHostilePeer::aHiddenPaymentIsFoundOutByTheBlock()
{
    ScriptedChain lie = honestChain();
    const std::vector<bitcoin::Script> without{m_filler, bitcoin::Script{bitcoin::OP_1}};
    lie.forgeFilter(4, without);
    ScriptedPeer liar(lie);
    ScriptedPeer honest(honestChain());
    Client client(options({&liar, &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(waitForVerdict(client, liar, PeerVerdict::Invalid));
    // At once, or again if the liar was the first to answer.
    QVERIFY(waitForWhole(log, 4));
    QVERIFY(waitForWhole(log, 8));
    QVERIFY(infoOf(client, honest).verdict == PeerVerdict::Good);
}

void TestHostilePeer::aHiddenSpendingIsDisputedAndNothingIsMissed()
{
    ScriptedChain lie = honestChain();
    const std::vector<bitcoin::Script> without{bitcoin::Script{bitcoin::OP_1},
                                               bitcoin::Script{bitcoin::OP_2}};
    lie.forgeFilter(8, without); // the spent script is left out: the block does not prove that
    ScriptedPeer liar(lie);
    ScriptedPeer honest(honestChain());
    Client client(options({&liar, &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(10));
    // Whichever of the two was believed first, the block comes.
    QVERIFY(waitForWhole(log, 8));
    QVERIFY(client.waitStatus([](const chain::ChainStatus& now) {
        return now.progress.disputedFilter == base::Height{8} && now.progress.synced;
    }));
    QVERIFY(infoOf(client, liar).connected);
    QVERIFY(infoOf(client, honest).connected); // nobody is banned without proof
}

void TestHostilePeer::aDisputeEndsWhenTheOneWhoStoodAloneIsGone()
{
    ScriptedChain lie = honestChain();
    const std::vector<bitcoin::Script> without{bitcoin::Script{bitcoin::OP_1},
                                               bitcoin::Script{bitcoin::OP_2}};
    lie.forgeFilter(8, without);
    auto liar = std::make_unique<ScriptedPeer>(lie);
    std::atomic<bool> absent = true;
    ScriptedPeer honest(honestChain(),
                        [&](ScriptedPeer&, const std::string&, base::ByteView) { return absent.load(); });
    Client client(options({liar.get(), &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(10));
    QCOMPARE(log.matched().size(), std::size_t{1}); // the spending is missed
    liar.reset();
    absent = false;
    QVERIFY(log.waitUntil([](const auto& events) {
        const auto* last = std::get_if<BlockConnected>(&events.back());
        return last != nullptr && last->again && last->height.value == 8;
    }));
    QVERIFY(client.waitStatus(
        [](const chain::ChainStatus& now) { return !now.progress.disputedFilter && now.progress.synced; }));
}

void TestHostilePeer::aFilterUnlikeItsHeaderBans()
{
    // Filter headers as everybody has them, but another filter when it counts.
    const ScriptedChain truth = honestChain();
    ScriptedPeer swindler(truth, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getcfilters") return false;
        for (std::size_t i = 1; i <= truth.height(); ++i) {
            const auto& filter = truth.filters[i == 4 ? 5 : i];
            self.send("cfilter", chain::writeFilter({truth.blocks[i].header.hash(), filter.encoded}));
        }
        return true;
    });
    Client client(options({&swindler}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(waitForVerdict(client, swindler, PeerVerdict::Invalid));
    QVERIFY(log.connected().empty());
}

void TestHostilePeer::whatALoneLiarSaidIsCorrectedLater()
{
    ScriptedChain lie = honestChain();
    const std::vector<bitcoin::Script> without{m_filler, bitcoin::Script{bitcoin::OP_1}};
    lie.forgeFilter(4, without);
    ScriptedPeer liar(lie);
    std::atomic<bool> absent = true; // the honest node answers nobody at first
    ScriptedPeer honest(honestChain(),
                        [&](ScriptedPeer&, const std::string&, base::ByteView) { return absent.load(); });
    Client client(options({&liar, &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(10));
    QVERIFY(client.waitStatus([](const chain::ChainStatus& now) { // it was said, at least
        return now.progress.filterHeadersFromOnePeer && now.progress.filterHeaders.done == 10;
    }));
    QCOMPARE(log.matched().size(), std::size_t{1}); // the payment is missed, only its spending is seen
    absent = false;
    QVERIFY(waitForVerdict(client, liar, PeerVerdict::Invalid));
    // What was built on the lie is looked at again: no block is undone, the payment comes.
    QVERIFY(log.waitUntil([](const auto& events) {
        const auto* last = std::get_if<BlockConnected>(&events.back());
        return last != nullptr && last->again && last->height.value == 8;
    }));
    QCOMPARE(log.matched(true).front().height.value, 4U);
    QCOMPARE(log.all().size(), std::size_t{10 + 2});
}

void TestHostilePeer::aBlockWithOtherTransactionsBansAndAnotherNodeDelivers()
{
    const ScriptedChain truth = honestChain();
    ScriptedPeer swindler(truth, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getdata") return false;
        bitcoin::Block forged = truth.blocks[4];
        forged.transactions[0].outputs[0].value = base::Amount::fromSat(1'000'000);
        self.send("block", forged.serialize());
        return true;
    });
    {
        Client client(options({&swindler}));
        EventLog log;
        const auto follower = client.follow(log, {{}, {1}, {m_mine}});
        QVERIFY(waitForVerdict(client, swindler, PeerVerdict::Invalid));
        QVERIFY(log.matched().empty());
    }
    ScriptedPeer honest(truth);
    Client client(options({&swindler, &honest}));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    QVERIFY(log.waitForBlock(10));
    QCOMPARE(log.matched().size(), std::size_t{2});
}

/// A node that has called its own block invalid says nothing to whoever asks for it.
void TestHostilePeer::aBlockThatAReorgTookAwayIsNotWaitedFor()
{
    const ScriptedChain before = honestChain();
    const base::BlockHash gone = before.blocks[4].header.hash();
    ScriptedPeer node(before, [gone](ScriptedPeer&, const std::string& command, base::ByteView payload) {
        return command == "getdata" && chain::parseInventory(payload)->front().hash == gone.bytes;
    });
    chain::P2pOptions patient = options({&node});
    patient.timeouts.answer = chain::Millis(60'000);
    Client client(patient);
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_mine}});
    EVENTUALLY(node.timesAskedFor(gone) > 0);
    QVERIFY(!waitForWhole(log, 4, std::chrono::seconds(1)));
    node.change([this](ScriptedChain& chain) {
        chain.cut(3);
        chain.salt = 7;
        chain.mine({m_mine});
        chain.mineEmpty(9);
    });
    node.change(
        [&node](ScriptedChain& chain) { node.send("headers", chain::writeHeaders(chain.headersFrom(4))); });
    QVERIFY(waitForWhole(log, 4, std::chrono::seconds(20)));
    QVERIFY(log.waitForBlock(13));
    QVERIFY(infoOf(client, node).connected);
    QCOMPARE(node.connections(), std::size_t{1});
    node.send("block", before.blocks[4].serialize()); // it comes after all
    node.change([](ScriptedChain& chain) { chain.mineEmpty(1); });
    node.change(
        [&node](ScriptedChain& chain) { node.send("headers", chain::writeHeaders(chain.headersFrom(14))); });
    QVERIFY(log.waitForBlock(14));
    QVERIFY(infoOf(client, node).connected);
}

void TestHostilePeer::aBlockOlderThanSegwitIsJudgedByItsOwnRules()
{
    // What looks like a witness commitment meant nothing then; from segwit on it lacks its reserved value.
    base::Bytes commitment{0xaa, 0x21, 0xa9, 0xed};
    commitment.resize(36, 7);
    ScriptedChain old;
    old.mineEmpty(49);
    old.mine({bitcoin::nullDataScript(commitment)});
    old.mineEmpty(59);
    old.mine({bitcoin::nullDataScript(commitment)});
    ScriptedPeer node(old);
    chain::P2pOptions wanted = options({&node});
    wanted.params.segwitFrom = base::Height{100};
    Client client(wanted);
    QVERIFY(client.waitSynced(110));
    auto before = chain::blockOf(*client, old.blocks[50].header.hash());
    QVERIFY(before.get().ok());
    QVERIFY(infoOf(client, node).connected);
    auto since = chain::blockOf(*client, old.blocks[110].header.hash());
    QVERIFY(waitForVerdict(client, node, PeerVerdict::Invalid));
}

QTEST_GUILESS_MAIN(TestHostilePeer)
#include "tst_hostile_peer.moc"
