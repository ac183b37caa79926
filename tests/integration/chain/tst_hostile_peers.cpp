// SPDX-License-Identifier: MIT
// The light client between a real bitcoind and peers that attack it, one case for each attack on headers, filters,
// blocks and the connection. In the end the client has the node's chain and the right balance within a stated time, a
// peer is banned only when it provably lied, and the node never is.
#include "tests/integration/chain/hostile_ground.h"

using namespace bowline;
using namespace bowline::test;
using bitcoin::BlockHeader;
using chain::PeerVerdict;
using Millis = std::chrono::milliseconds;

namespace {

constexpr int kSoon = 10'000; // milliseconds for a client that is held up by nobody

ScriptedPeer::Behaviour answersHeaders(const std::vector<BlockHeader>& headers)
{
    return behaviour::answers("getheaders", framed("headers", chain::writeHeaders(headers)));
}

void mineAgain(BlockHeader& header)
{
    while (!bitcoin::checkProofOfWork(header, regtest()).ok()) ++header.nonce;
}

} // namespace

class TestHostilePeers : public HostileGround {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        startNode();
    }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanupTestCase() { m_node.reset(); }

    void aForkOfLessWorkIsKnownAndNotFollowed();
    void headersThatBreakARuleBan_data();
    void headersThatBreakARuleBan();
    void aHeaderOfTheFutureIsNotTakenAndNobodyIsBanned();
    void headersWithoutTheirBeginningEndTheConversation();
    void whoClaimsAGreatHeightAndSaysNothingIsReplaced_data();
    void whoClaimsAGreatHeightAndSaysNothingIsReplaced();

    void aFilterThatHidesAPaymentBans();
    void aFilterThatHidesASpendingIsDisputed();
    void aFilterThatIsNoneBans();
    void aFilterUnlikeItsHeaderBans();
    void filterHeadersThatAnswerAnotherQuestionEndTheConversation_data();
    void filterHeadersThatAnswerAnotherQuestionEndTheConversation();
    void whoKeepsBackFiltersIsReplaced_data();
    void whoKeepsBackFiltersIsReplaced();

    void aBlockThatIsNotItsHeadersBans_data();
    void aBlockThatIsNotItsHeadersBans();
    void whoKeepsBackBlocksIsReplaced_data();
    void whoKeepsBackBlocksIsReplaced();

    void malformedMessagesBan_data();
    void malformedMessagesBan();
    void whatTheLineMayHaveDamagedBansNobody_data();
    void whatTheLineMayHaveDamagedBansNobody();
    void whoIsNoBitcoinNodeIsLeftAlone_data();
    void whoIsNoBitcoinNodeIsLeftAlone();
    void bytesOneByOneHoldNothingUp_data();
    void bytesOneByOneHoldNothingUp();

private:
    /// The chain of the node up to `depth` blocks below its tip, and `length` other blocks.
    ScriptedChain forkOf(std::size_t depth, std::size_t length, std::uint32_t salt = 1)
    {
        ScriptedChain out = truth();
        out.cut(out.height() - depth);
        out.salt = salt;
        out.mineEmpty(length);
        return out;
    }
    ScriptedChain forgedAt(std::size_t height, const std::vector<bitcoin::Script>& elements)
    {
        ScriptedChain out = truth();
        out.forgeFilter(height, elements);
        return out;
    }
    /// All scripts that a block pays to, but ours.
    std::vector<bitcoin::Script> outputsWithoutOurs(std::size_t height)
    {
        std::vector<bitcoin::Script> out;
        for (const bitcoin::Transaction& transaction : truth().blocks[height].transactions) {
            for (const bitcoin::TxOut& output : transaction.outputs) {
                if (output.scriptPubKey != m_script) out.push_back(output.scriptPubKey);
            }
        }
        return out;
    }
};

void TestHostilePeers::aForkOfLessWorkIsKnownAndNotFollowed()
{
    ScriptedPeer liar(forkOf(9, 8));
    Scene scene(options({&liar}), m_script);
    ENDS_WELL(scene, kSoon);
    QVERIFY(liar.wasAsked("getheaders"));
    QVERIFY(infoOf(scene, liar.address()).connected); // a fork is no lie
    QCOMPARE(infoOf(scene, liar.address()).height.value, std::uint32_t(truth().height() - 9));
    QVERIFY(!isBanned(scene, liar));
}

void TestHostilePeers::headersThatBreakARuleBan_data()
{
    QTest::addColumn<QString>("lie");
    QTest::addColumn<QString>("code");
    QTest::newRow("difficulty too high") << "bits"
                                         << "bitcoin.wrong-difficulty";
    QTest::newRow("difficulty too low") << "easy"
                                        << "bitcoin.wrong-difficulty";
    QTest::newRow("dated before the median") << "old"
                                             << "bitcoin.time-too-old";
    QTest::newRow("no work") << "work"
                             << "bitcoin.insufficient-work";
    QTest::newRow("no work and of the future") << "lazy future"
                                               << "bitcoin.insufficient-work";
    QTest::newRow("old version") << "version"
                                 << "bitcoin.bad-block-version";
    QTest::newRow("not linked") << "link"
                                << "chain.bad-link";
}

void TestHostilePeers::headersThatBreakARuleBan()
{
    QFETCH(QString, lie);
    QFETCH(QString, code);
    const ScriptedChain chain = truth();
    BlockHeader forged = mineHeader(chain.blocks.back().header, 1, {}, 1);
    std::vector<BlockHeader> headers = chain.headersFrom(1);
    if (lie == "bits") forged.bits = 0x207ffffe;
    if (lie == "easy") forged.bits = 0x2100ffff;
    if (lie == "old") forged.time = chain.blocks[chain.height() - 5].header.time;
    if (lie == "version") forged.version = 1;
    if (lie == "lazy future") forged.time += 10 * 3600;
    if (lie != "easy") mineAgain(forged);
    while (lie.endsWith("work") && bitcoin::checkProofOfWork(forged, regtest()).ok()) ++forged.nonce;
    while (lie == "lazy future" && bitcoin::checkProofOfWork(forged, regtest()).ok()) ++forged.nonce;
    const BlockHeader& below = chain.blocks[chain.height() - 3].header;
    if (lie == "link") headers.push_back(mineHeader(below, 1, {}, 1));
    headers.push_back(lie == "link" ? mineHeader(below, 2, {}, 1) : forged);
    ScriptedPeer liar(chain, answersHeaders(headers));
    liar.claimedHeight = std::int32_t(headers.size());
    Scene scene(options({&liar}), m_script);
    QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    QVERIFY2(infoOf(scene, liar.address()).reason.starts_with(code.toStdString()),
             infoOf(scene, liar.address()).reason.c_str());
    QVERIFY(isBanned(scene, liar));
    ENDS_WELL(scene, kSoon);
    QVERIFY(scene.client.waitSynced(std::uint32_t(chain.height())));
}

void TestHostilePeers::aHeaderOfTheFutureIsNotTakenAndNobodyIsBanned()
{
    const ScriptedChain chain = truth();
    BlockHeader future = mineHeader(chain.blocks.back().header, 1, {}, 10 * 3600);
    std::vector<BlockHeader> headers = chain.headersFrom(1);
    headers.push_back(future);
    ScriptedPeer liar(chain, answersHeaders(headers));
    Scene scene(options({&liar}), m_script);
    QVERIFY(scene.client.waitStatus([](const chain::ChainStatus& now) { return now.progress.clockSuspect; }));
    ENDS_WELL(scene, kSoon);
    QVERIFY(!isBanned(scene, liar));
    QVERIFY(!scene.client->status()->progress.synced); // the one thing that such a peer can do
}

void TestHostilePeers::headersWithoutTheirBeginningEndTheConversation()
{
    const std::vector<BlockHeader> stray = mineHeaders(mineHeader(regtest().genesis, 5), 3, 5);
    ScriptedPeer liar(truth(), answersHeaders(stray));
    Scene scene(options({&liar}), m_script);
    QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Unresponsive));
    QVERIFY(liar.timesAsked("getheaders") < 50);
    QVERIFY(!isBanned(scene, liar));
    ENDS_WELL(scene, kSoon);
}

void TestHostilePeers::whoClaimsAGreatHeightAndSaysNothingIsReplaced_data()
{
    QTest::addColumn<bool>("hangsUp");
    QTest::newRow("silent") << false;
    QTest::newRow("hangs up and comes back") << true;
}

void TestHostilePeers::whoClaimsAGreatHeightAndSaysNothingIsReplaced()
{
    QFETCH(bool, hangsUp);
    ScriptedPeer staller(truth(), [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getheaders") return false;
        if (hangsUp) { // most of the time it is there, and has not yet been found out
            std::this_thread::sleep_for(Millis(1000));
            self.dropConnection();
        }
        return true;
    });
    staller.claimedHeight = std::numeric_limits<std::int32_t>::max();
    Scene scene(options({&staller}), m_script);
    ENDS_WELL(scene, kSoon);
    QTRY_VERIFY_WITH_TIMEOUT(staller.connections() >= 2, 10'000);
    // It is back, and its claim is not believed a second time: it does not keep the client from being synced.
    QVERIFY(scene.client.waitStatus([](const chain::ChainStatus& now) { return now.progress.synced; }, 3000));
    QElapsedTimer watch;
    watch.start();
    while (watch.elapsed() < 1500) {
        QVERIFY(scene.client->status()->progress.synced);
        QTest::qWait(20);
    }
    QVERIFY(!isBanned(scene, staller));
}

void TestHostilePeers::aFilterThatHidesAPaymentBans()
{
    ScriptedPeer liar(forgedAt(m_paid, outputsWithoutOurs(m_paid)));
    Scene scene(options({&liar}), m_script);
    QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    QVERIFY(isBanned(scene, liar));
    ENDS_WELL(scene, kSoon);
    QVERIFY(scene.client.waitSynced(std::uint32_t(truth().height())));
}

void TestHostilePeers::aFilterThatHidesASpendingIsDisputed()
{
    ScriptedPeer liar(forgedAt(m_spent, outputsWithoutOurs(m_spent)));
    Scene scene(options({&liar}), m_script);
    ENDS_WELL(scene, 2 * kSoon);
    QVERIFY(scene.client.waitStatus([&](const chain::ChainStatus& now) {
        return now.progress.synced && now.progress.disputedFilter == base::Height{std::uint32_t(m_spent)};
    }));
    QVERIFY(!isBanned(scene, liar)); // nothing in the block proves it
}

void TestHostilePeers::aFilterThatIsNoneBans()
{
    ScriptedChain chain = truth();
    chain.filters[m_paid].encoded = {0x05, 0xff, 0xff, 0xff}; // five elements in three bytes
    ScriptedPeer liar(chain);
    Scene scene(options({&liar}), m_script);
    QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    ENDS_WELL(scene, kSoon);
}

void TestHostilePeers::aFilterUnlikeItsHeaderBans()
{
    // Filter headers as the node has them, and other filters when it is asked for them.
    const ScriptedChain chain = truth();
    ScriptedPeer liar(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != "getcfilters") return false;
        for (std::size_t i = 1; i <= chain.height(); ++i) {
            const std::size_t other = i == chain.height() ? i - 1 : i + 1;
            self.send("cfilter",
                      chain::writeFilter({chain.blocks[i].header.hash(), chain.filters[other].encoded}));
        }
        return true;
    });
    Scene scene(options({&liar}), m_script);
    ENDS_WELL(scene, kSoon);
    // Whom to ask is chosen in turn: only when it was asked it could be found out.
    if (liar.wasAsked("getcfilters")) QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    QCOMPARE(isBanned(scene, liar), liar.wasAsked("getcfilters"));
}

void TestHostilePeers::filterHeadersThatAnswerAnotherQuestionEndTheConversation_data()
{
    QTest::addColumn<QString>("lie");
    QTest::newRow("one too few") << "few";
    QTest::newRow("one too many") << "many";
    QTest::newRow("none") << "none";
    QTest::newRow("another previous") << "previous";
    QTest::newRow("another block") << "last";
}

void TestHostilePeers::filterHeadersThatAnswerAnotherQuestionEndTheConversation()
{
    QFETCH(QString, lie);
    const ScriptedChain chain = truth();
    ScriptedPeer liar(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView payload) {
        if (command != "getcfheaders") return false;
        base::Reader in(payload);
        in.u8();
        const std::size_t first = in.u32le();
        const std::size_t last = *chain.heightOf(in.hash<base::BlockHash>());
        chain::FilterHeadersMessage message;
        message.last = chain.blocks[lie == "last" ? last - 1 : last].header.hash();
        if (first > 0) message.previous = chain.filterHeader(first - 1);
        if (lie == "previous") message.previous.bytes[0] ^= 1U;
        for (std::size_t i = first; i <= last; ++i) message.filterHashes.push_back(chain.filters[i].hash());
        if (lie == "few") message.filterHashes.pop_back();
        if (lie == "many") message.filterHashes.push_back(message.filterHashes.back());
        if (lie == "none") message.filterHashes.clear();
        self.send("cfheaders", chain::writeFilterHeaders(message));
        return true;
    });
    Scene scene(options({&liar}), m_script);
    ENDS_WELL(scene, kSoon);
    // The answer about another block is none: such a peer is given up when it was asked seven times.
    if (lie != "last") QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Unresponsive));
    QVERIFY(!isBanned(scene, liar)); // it may have had another chain when it answered
}

void TestHostilePeers::whoKeepsBackFiltersIsReplaced_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("hangsUp");
    QTest::newRow("filter headers, silent") << "getcfheaders" << false;
    QTest::newRow("filter headers, hangs up") << "getcfheaders" << true;
    QTest::newRow("filters, silent") << "getcfilters" << false;
    QTest::newRow("filters, hangs up") << "getcfilters" << true;
}

void TestHostilePeers::whoKeepsBackFiltersIsReplaced()
{
    QFETCH(QString, command);
    QFETCH(bool, hangsUp);
    const std::string name = command.toStdString();
    ScriptedPeer peer(truth(), hangsUp ? behaviour::hangsUpOn(name) : behaviour::silentTo(name));
    Scene scene(options({&peer}), m_script);
    // A batch of filters has the patience of an answer and 50 ms for each filter.
    ENDS_WELL(scene, kSoon + (name == "getcfilters" ? 1500 + 50 * int(truth().height()) : 0));
    QVERIFY(!isBanned(scene, peer));
    QVERIFY(scene.client.waitStatus([](const chain::ChainStatus& now) { return now.progress.synced; }));
}

void TestHostilePeers::aBlockThatIsNotItsHeadersBans_data()
{
    QTest::addColumn<QString>("lie");
    QTest::newRow("another amount") << "amount";
    QTest::newRow("a transaction left out") << "omitted";
    QTest::newRow("transactions doubled") << "doubled"; // the same Merkle root (CVE-2012-2459)
    QTest::newRow("witness stripped") << "stripped";
    QTest::newRow("another witness") << "witness";
    QTest::newRow("no transactions") << "empty";
}

void TestHostilePeers::aBlockThatIsNotItsHeadersBans()
{
    QFETCH(QString, lie);
    const ScriptedChain chain = truth();
    ScriptedPeer liar(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView payload) {
        if (command != "getdata") return false;
        bitcoin::Block block = chain.blocks[*chain.heightOf({chain::parseInventory(payload)->front().hash})];
        auto& transactions = block.transactions;
        if (lie == "amount") transactions[0].outputs[0].value = base::Amount::fromSat(1'000'000);
        if (lie == "omitted") transactions.pop_back();
        if (lie == "doubled") transactions.push_back(transactions.back());
        if (lie == "stripped") {
            for (bitcoin::Transaction& transaction : transactions) {
                for (bitcoin::TxIn& in : transaction.inputs) in.witness.clear();
            }
        }
        if (lie == "witness") transactions.back().inputs[0].witness[0].push_back(7);
        if (lie == "empty") transactions.clear();
        self.send("block", block.serialize());
        return true;
    });
    Scene scene(options({&liar}), m_script);
    ENDS_WELL(scene, kSoon);
    auto asked = chain::blockOf(*scene.client, chain.blocks[m_paid - 1].header.hash());
    if (liar.wasAsked("getdata")) QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    QCOMPARE(isBanned(scene, liar), liar.wasAsked("getdata"));
}

void TestHostilePeers::whoKeepsBackBlocksIsReplaced_data()
{
    QTest::addColumn<QString>("how");
    QTest::newRow("silent") << "silent";
    QTest::newRow("hangs up") << "hangsUp";
    QTest::newRow("says it has none") << "notfound";
    QTest::newRow("sends another one") << "other";
}

void TestHostilePeers::whoKeepsBackBlocksIsReplaced()
{
    QFETCH(QString, how);
    const ScriptedChain chain = truth();
    ScriptedPeer peer(chain, [&](ScriptedPeer& self, const std::string& command, base::ByteView payload) {
        if (command != "getdata") return false;
        if (how == "hangsUp") self.dropConnection();
        if (how == "notfound") self.send("notfound", base::toBytes(payload));
        if (how == "other") self.send("block", chain.blocks[7].serialize());
        return true;
    });
    Scene scene(options({&peer}), m_script);
    ENDS_WELL(scene, 2 * kSoon);
    QVERIFY(!isBanned(scene, peer));
}

void TestHostilePeers::malformedMessagesBan_data()
{
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const std::string& name, std::string_view command, const base::Bytes& payload) {
        const base::Bytes bytes = framed(command, payload);
        QTest::newRow(name.c_str()) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                                  qsizetype(bytes.size()));
    };
    const std::vector<std::pair<std::string, base::Bytes>> valid{
        {"ping", chain::writePing(1)},
        {"pong", chain::writePing(1)},
        {"inv", chain::writeInventory({{chain::kInvTx, {}}})},
        {"getdata", chain::writeInventory({{chain::kInvTx, {}}})},
        {"notfound", chain::writeInventory({{chain::kInvTx, {}}})},
        {"headers", chain::writeHeaders({regtest().genesis})},
        {"cfheaders", chain::writeFilterHeaders({{}, {}, {{}, {}}})},
        {"cfilter", chain::writeFilter({{}, {1, 2, 3}})},
        {"cfcheckpt", chain::writeFilterCheckpoints({{}, {{}, {}}})},
        {"block", ScriptedChain().blocks[0].serialize()},
    };
    for (const auto& [command, payload] : valid) {
        base::Bytes cut = payload;
        cut.pop_back();
        row(command + " cut short", command, cut);
        base::Bytes more = payload;
        more.push_back(0);
        // Longer than such a message can be is judged by its head: see whatTheLineMayHaveDamagedBansNobody.
        if (command != "ping" && command != "pong") row(command + " with something behind it", command, more);
    }
    row("inv of more than 50,000", "inv", {0xfd + 1, 0xff, 0xff, 0xff, 0xff});
    row("headers with a count beyond all measure", "headers",
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
    row("filter of another type", "cfilter", base::Bytes(40, 7));
}

void TestHostilePeers::malformedMessagesBan()
{
    QFETCH(QByteArray, sent);
    ScriptedPeer liar(truth(), behaviour::on("getheaders", [&](ScriptedPeer& self) {
                          self.sendRaw(base::Bytes(sent.begin(), sent.end()));
                      }));
    Scene scene(options({&liar}), m_script);
    QVERIFY(waitForVerdict(scene, liar, PeerVerdict::Invalid));
    QVERIFY(isBanned(scene, liar));
    ENDS_WELL(scene, kSoon);
}

void TestHostilePeers::whatTheLineMayHaveDamagedBansNobody_data()
{
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const char* name, const base::Bytes& bytes) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          qsizetype(bytes.size()));
    };
    base::Bytes checksum = framed("ping", chain::writePing(1));
    checksum[20] ^= 1U;
    row("wrong checksum", checksum);
    base::Bytes payload = framed("headers", chain::writeHeaders({regtest().genesis}));
    payload.back() ^= 1U;
    row("a bit of the payload", payload);
    base::Bytes magic = framed("ping", chain::writePing(1));
    magic[0] ^= 1U;
    row("a bit of the magic", magic);
    base::Bytes command = framed("ping", chain::writePing(1));
    command[5] = 0x80;
    row("a bit of the command", command);
    base::Bytes size = framed("headers", chain::writeHeaders({}));
    size[18] ^= 0x10U;
    row("a bit of the size", size);
    row("garbage", base::Bytes(500, 0x5a));
}

void TestHostilePeers::whatTheLineMayHaveDamagedBansNobody()
{
    QFETCH(QByteArray, sent);
    ScriptedPeer peer(truth(), behaviour::on("getheaders", [&](ScriptedPeer& self) {
                          self.sendRaw(base::Bytes(sent.begin(), sent.end()));
                      }));
    Scene scene(options({&peer}), m_script);
    QVERIFY(waitForVerdict(scene, peer, PeerVerdict::Unresponsive));
    QVERIFY(!isBanned(scene, peer));
    ENDS_WELL(scene, kSoon);
}

void TestHostilePeers::whoIsNoBitcoinNodeIsLeftAlone_data()
{
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("another network") << QByteArray(
        "\xf9\xbe\xb4\xd9version\0\0\0\0\0\0\0\0\0\x5d\xf6\xe0\xe2", 24);
    QTest::newRow("zeros") << QByteArray(100, '\0');
    QTest::newRow("an endless line") << QByteArray(100'000, 'x');
}

void TestHostilePeers::whoIsNoBitcoinNodeIsLeftAlone()
{
    QFETCH(QByteArray, says);
    ScriptedPeer stranger(truth(), behaviour::answers("version", base::Bytes(says.begin(), says.end())));
    Scene scene(options({&stranger}), m_script);
    QVERIFY(waitForVerdict(scene, stranger, PeerVerdict::Limited));
    QVERIFY(!isBanned(scene, stranger));
    ENDS_WELL(scene, kSoon);
}

void TestHostilePeers::bytesOneByOneHoldNothingUp_data()
{
    QTest::addColumn<QString>("instead"); // of the answer to this
    QTest::newRow("in the handshake") << "version";
    QTest::newRow("in the headers") << "getheaders";
    QTest::newRow("in the filters") << "getcfilters";
    QTest::newRow("in a block") << "getdata";
    QTest::newRow("in a message that nobody asked for") << "ping";
}

void TestHostilePeers::bytesOneByOneHoldNothingUp()
{
    QFETCH(QString, instead);
    const base::Bytes large = framed("addr", base::Bytes(500'000, 1));
    ScriptedPeer slow(truth(), [&](ScriptedPeer& self, const std::string& command, base::ByteView) {
        if (command != instead.toStdString()) return false;
        self.drip(large, Millis(20));
        return true;
    });
    Scene scene(options({&slow}), m_script);
    ENDS_WELL(scene, kSoon + (instead == "getcfilters" ? 1500 + 50 * int(truth().height()) : 0));
    if (slow.wasAsked(instead.toStdString())) QVERIFY(waitForVerdict(scene, slow, PeerVerdict::Unresponsive));
    QVERIFY(!isBanned(scene, slow));
}

QTEST_GUILESS_MAIN(TestHostilePeers)
#include "tst_hostile_peers.moc"
