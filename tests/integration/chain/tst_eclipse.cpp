// SPDX-License-Identifier: MIT
// All peers but one are one adversary's, or all of them are: what the client shows then, what it never believes, and
// how it recovers as soon as one honest node, a real bitcoind, is heard.
#include "tests/integration/chain/hostile_ground.h"
#include "tests/support/patience.h"

using namespace bowline;
using namespace bowline::test;
using chain::PeerVerdict;

namespace {
constexpr std::size_t kLiars = 7; // of eight
constexpr int kSoon = 15'000;     // eight comparisons instead of two
} // namespace

class TestEclipse : public HostileGround {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        startNode();
    }
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_liars.clear();
    }
    void cleanupTestCase() { m_node.reset(); }

    void sevenWithLessWork();
    void sevenWithAsMuchWork();
    void sevenWithoutTheTip();
    void allWithoutTheTipUntilOneHonestNodeIsHeard();
    void aPaymentOnAForkOfTheLiarsVanishes();
    void sevenThatHideAPayment();
    void sevenThatHideASpending();
    void allHideAPaymentUntilOneHonestNodeIsHeard();
    void allLieAboutOneScriptWhileTheBlockComesForAnother();
    void sevenThatSayNothing();

private:
    PeerList liars(const ScriptedChain& chain, const ScriptedPeer::Behaviour& behaviour = {})
    {
        PeerList out;
        for (std::size_t i = 0; i < kLiars; ++i) {
            m_liars.push_back(std::make_unique<ScriptedPeer>(chain, behaviour));
            out.push_back(m_liars.back().get());
        }
        return out;
    }
    ScriptedChain forkOf(std::size_t depth, std::size_t length)
    {
        ScriptedChain out = truth();
        out.cut(out.height() - depth);
        out.salt = 3;
        out.mineEmpty(length);
        return out;
    }
    ScriptedChain without(std::size_t height, bool ours)
    {
        ScriptedChain out = truth();
        std::vector<bitcoin::Script> kept;
        for (const bitcoin::Transaction& transaction : out.blocks[height].transactions) {
            for (const bitcoin::TxOut& output : transaction.outputs) {
                if (!ours || output.scriptPubKey != m_script) kept.push_back(output.scriptPubKey);
            }
        }
        out.forgeFilter(height, kept);
        return out;
    }
    std::size_t banned(Scene& scene)
    {
        std::size_t count = 0;
        for (const auto& liar : m_liars) count += isBanned(scene, *liar) ? 1U : 0U;
        return count;
    }
    std::vector<std::unique_ptr<ScriptedPeer>> m_liars;
};

void TestEclipse::sevenWithLessWork()
{
    Scene scene(options(liars(forkOf(6, 5))), m_script);
    ENDS_WELL(scene, kSoon);
    QVERIFY(scene.client.waitSynced(std::uint32_t(truth().height())));
    QCOMPARE(banned(scene), std::size_t{0}); // a fork is no lie
}

void TestEclipse::sevenWithAsMuchWork()
{
    // Which of two equal chains is right nobody can say: the first one seen is kept, until one of them grows.
    const ScriptedChain fork = forkOf(4, 4);
    Scene scene(options(liars(fork)), m_script);
    QVERIFY(scene.client.waitSynced(std::uint32_t(fork.height())));
    const base::BlockHash tip = scene.client->tip().hash;
    QVERIFY(tip == fork.tipHash() || tip == truth().tipHash());
    m_node->mine(1);
    const QString wrong = trouble(scene);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QCOMPARE(banned(scene), std::size_t{0});
}

void TestEclipse::sevenWithoutTheTip()
{
    ScriptedChain old = truth();
    old.cut(old.height() - 3);
    Scene scene(options(liars(old)), m_script);
    ENDS_WELL(scene, kSoon);
    QVERIFY(scene.client.waitSynced(std::uint32_t(truth().height())));
    m_node->mine(1); // announced by the node alone
    QElapsedTimer watch;
    watch.start();
    const QString wrong = trouble(scene);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QVERIFY(watch.elapsed() < 8000); // its filter header may wait two seconds for the others
    QCOMPARE(banned(scene), std::size_t{0});
}

void TestEclipse::allWithoutTheTipUntilOneHonestNodeIsHeard()
{
    // Nobody tells of the last blocks. All peers say the same, so the client calls itself synced; what remains is the
    // age of its tip, which is shown (the window warns from 90 minutes on: isStale() in ui/design/format.h).
    ScriptedChain old = truth();
    old.cut(old.height() - 3);
    chain::P2pOptions wanted = options(liars(old), false);
    {
        Scene eclipsed(wanted, m_script);
        QVERIFY(eclipsed.client.waitSynced(std::uint32_t(old.height())));
        QCOMPARE(eclipsed.client->status()->tip.header.time, old.blocks.back().header.time);
        QVERIFY(eclipsed.client->status()->tip.header.time < truth().blocks.back().header.time + 1);
        QCOMPARE(eclipsed.client->tip().hash, old.tipHash());
    }
    wanted.peers.push_back(m_node->p2pAddress());
    Scene scene(wanted, m_script);
    ENDS_WELL(scene, kSoon);
}

void TestEclipse::aPaymentOnAForkOfTheLiarsVanishes()
{
    // The liars mine a payment on a fork that the client is made to follow; the honest chain undoes it.
    ScriptedChain fork = truth();
    fork.cut(fork.height() - 3);
    fork.salt = 4;
    fork.mineEmpty(1);
    fork.mine({m_script});
    chain::P2pOptions wanted = options(liars(fork), false);
    {
        Scene eclipsed(wanted, m_script);
        QVERIFY(eclipsed.client.waitSynced(std::uint32_t(fork.height())));
        EVENTUALLY_EQUAL(balance(eclipsed.log), trueBalance() + 5000); // believed: two blocks of real work
    }
    wanted.peers.push_back(m_node->p2pAddress());
    Scene scene(wanted, m_script);
    ENDS_WELL(scene, kSoon);
    QCOMPARE(banned(scene), std::size_t{0});
}

void TestEclipse::sevenThatHideAPayment()
{
    Scene scene(options(liars(without(m_paid, true))), m_script);
    for (const auto& liar : m_liars) QVERIFY(waitForVerdict(scene, *liar, PeerVerdict::Invalid));
    ENDS_WELL(scene, 2 * kSoon);
    QCOMPARE(banned(scene), kLiars); // the block proves it: no majority counts
    QVERIFY(scene.client.waitStatus(
        [](const chain::ChainStatus& now) { return now.progress.filterHeadersFromOnePeer; }));
}

void TestEclipse::sevenThatHideASpending()
{
    Scene scene(options(liars(without(m_spent, false))), m_script);
    ENDS_WELL(scene, 2 * kSoon);
    QVERIFY(scene.client.waitStatus([&](const chain::ChainStatus& now) {
        return now.progress.disputedFilter == base::Height{std::uint32_t(m_spent)};
    }));
    QCOMPARE(banned(scene), std::size_t{0}); // nothing proves it, so the blocks are taken whole
}

void TestEclipse::allHideAPaymentUntilOneHonestNodeIsHeard()
{
    chain::P2pOptions wanted = options(liars(without(m_paid, true)), false);
    {
        // What cannot be noticed: several peers agree, and the block is never looked at.
        Scene eclipsed(wanted, m_script);
        QVERIFY(eclipsed.client.waitSynced(std::uint32_t(truth().height())));
        QVERIFY(eclipsed.log.waitForBlock(std::uint32_t(truth().height())));
        QVERIFY(!waitForWhole(eclipsed, m_paid, 300));
        QVERIFY(!eclipsed.client->status()->progress.disputedFilter);
    }
    wanted.peers.push_back(m_node->p2pAddress());
    Scene scene(wanted, m_script); // with the filter headers of the liars, which the store has kept
    for (const auto& liar : m_liars) QVERIFY(waitForVerdict(scene, *liar, PeerVerdict::Invalid));
    ENDS_WELL(scene, 2 * kSoon);
}

void TestEclipse::allLieAboutOneScriptWhileTheBlockComesForAnother()
{
    // The filter hides our script, but the block comes because of another one that is watched: then all of it is seen.
    const std::size_t height = m_paid;
    bitcoin::Script other;
    for (const bitcoin::TxOut& output : truth().blocks[height].transactions[0].outputs) {
        if (!output.scriptPubKey.empty() && output.scriptPubKey != m_script && other.empty())
            other = output.scriptPubKey;
    }
    Client client(options(liars(without(height, true)), false));
    EventLog log;
    const auto follower = client.follow(log, {{}, {1}, {m_script, other}});
    QVERIFY(log.waitForBlock(std::uint32_t(truth().height())));
    EVENTUALLY_EQUAL(balance(log), trueBalance());
}

void TestEclipse::sevenThatSayNothing()
{
    Scene scene(options(liars(truth(), behaviour::mute())), m_script);
    ENDS_WELL(scene, kSoon);
    for (const auto& liar : m_liars) QVERIFY(waitForVerdict(scene, *liar, PeerVerdict::Unresponsive));
    QCOMPARE(banned(scene), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestEclipse)
#include "tst_eclipse.moc"
