// SPDX-License-Identifier: MIT
// Everybody may spend the anchors of the bridge's transactions, so everybody may try to pin them: to sit on the only
// place for a child with something that pays little and costs much to replace. Played on a real bitcoind whose miner
// wants 20 or 200 sat/vB, while each transaction alone pays about 5: the owner's doublings get every one of them mined.
#include "tests/integration/bridge/policy_scene.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;
using bowline::test::bitcoindPresent;

namespace {

constexpr std::int64_t kPinningRate = 3;      // sat/vB: below what a miner takes, above what a mempool drops
constexpr std::int64_t kLargestChild = 1'000; // vB of an unconfirmed child of a v3 transaction, by policy

/// A transaction of the graph, ready to be sent, with what it pays.
struct Pinned {
    Transaction transaction;
    Amount fee;
};

Bitcoind::Options minerWants(std::int64_t satPerVb)
{
    return {.extraArguments = {"-blockmintxfee=" + base::formatBtc(Amount::fromSat(satPerVb * 1'000)),
                               "-fallbackfee=0.01", "-maxtxfee=1"},
            .connectTo = {}};
}

/// What a miner who wants more than the transaction pays takes only by hand.
void mineByHand(const Scene& scene, const Transaction& transaction)
{
    scene.node->cli({"generateblock", scene.node->newAddress(), "[\"" + hexOf(transaction) + "\"]"});
}

Pinned take(const Scene& scene, const DepositGraph& graph)
{
    const OperatorGraph& own = graph.operators()[0];
    mineByHand(scene, scene.signedConfirm(graph));
    mineByHand(scene, must(makeKickoff(own, scene.network.operatorKeys[0])));
    scene.node->mine(static_cast<int>(scene.network.context->params().takeBlocks));
    return {must(makeTake(own, scene.takeSignatures(graph, 0), scene.network.operatorKeys[0])),
            scene.network.context->params().takeFee};
}

Pinned make(const Scene& scene, const DepositGraph& graph, const QString& which)
{
    if (which == "Kickoff")
        return {must(makeKickoff(graph.operators()[0], scene.network.operatorKeys[0])),
                scene.network.context->params().kickoffFee};
    if (which == "Take1") return take(scene, graph);
    const Transaction confirm = scene.signedConfirm(graph);
    Amount out;
    for (const TxOut& output : confirm.outputs) out += output.value;
    return {confirm, graph.deposit().requestOutput().value - out};
}

/// Spends the anchor, and a coin of its own, into as many outputs as make `size` or a little less.
class Attacker {
public:
    explicit Attacker(const Scene& scene)
    {
        const auto scripts = must(bitcoin::TaprootOutput::keyOnly(m_key.xOnlyPublicKey()));
        m_output = TxOut{Amount::fromSat(500'000), scripts.scriptPubKey()};
        m_tweak = scripts.tweak();
        m_coin = scene.pay(m_output);
    }
    [[nodiscard]] Transaction child(const Transaction& parent, std::int64_t size,
                                    std::uint32_t version = kGraphVersion) const
    {
        Transaction out;
        out.version = version;
        const auto anchor = anchorIndex(parent);
        if (!anchor) std::abort();
        out.inputs = {bitcoin::TxIn{{parent.txid(), *anchor}, {}, bitcoin::kSequenceReplaceable, {}},
                      bitcoin::TxIn{m_coin, {}, bitcoin::kSequenceReplaceable, {}}};
        out.inputs[1].witness = keyWitness(Signature64{});
        out.outputs = {TxOut{Amount::fromSat(1'000), payoutOf("attacker")}};
        while (out.virtualSize() + kOutputSize <= size) out.outputs.push_back(out.outputs.front());
        const Amount spent = anchorOutput().value + m_output.value;
        Amount elsewhere;
        for (std::size_t i = 1; i < out.outputs.size(); ++i) elsewhere += out.outputs[i].value;
        out.outputs[0].value = spent - elsewhere - Amount::fromSat(out.virtualSize() * kPinningRate);
        const std::vector<TxOut> all{anchorOutput(), m_output};
        const Digest sighash = must(bitcoin::SighashContext(out, all).taproot(1, bitcoin::kSighashDefault));
        out.inputs[1].witness =
            keyWitness(must(crypto::signSchnorrTweaked(m_key, m_tweak.view(), sighash.view())));
        return out;
    }

private:
    static constexpr std::int64_t kOutputSize = 43; // of a taproot output, in vB
    PrivateKey m_key = keyOf("attacker");
    TxOut m_output;
    Digest m_tweak;
    OutPoint m_coin;
};

/// By the rules of version 3 (BIP431), which Bitcoin Core and Knots name differently.
bool isRefusedAsV3(const Scene& scene, const Transaction& transaction)
{
    const QString reason = QString::fromStdString(scene.refusal(transaction));
    if (reason.contains(QLatin1String("truc"), Qt::CaseInsensitive)) return true;
    qInfo("refusal: '%s'", qPrintable(reason));
    return false;
}

void addTransactions()
{
    QTest::addColumn<QString>("which");
    QTest::newRow("DepositConfirm") << "DepositConfirm";
    QTest::newRow("Kickoff") << "Kickoff";
    QTest::newRow("Take1") << "Take1";
}

} // namespace

class TestBridgePinning : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { SKIP_WITHOUT_BITCOIND(); }
    void theLargestCheapChildDoesNotHoldItDown_data();
    void theLargestCheapChildDoesNotHoldItDown();
    void nothingWorseThanThatIsRelayed_data() { addTransactions(); }
    void nothingWorseThanThatIsRelayed();
};

void TestBridgePinning::theLargestCheapChildDoesNotHoldItDown_data()
{
    QTest::addColumn<QString>("which");
    QTest::addColumn<int>("wanted"); // by the miner, sat/vB
    for (const char* which : {"DepositConfirm", "Kickoff", "Take1"}) {
        for (const int wanted : {20, 200}) {
            QTest::addRow("%s at %d sat/vB", which, wanted) << which << wanted;
        }
    }
}

void TestBridgePinning::theLargestCheapChildDoesNotHoldItDown()
{
    QFETCH(QString, which);
    QFETCH(int, wanted);
    const Scene scene(3, minerWants(wanted));
    const DepositGraph graph = scene.deposit();
    const Attacker attacker(scene);
    const Pinned pinned = make(scene, graph, which);
    scene.send(pinned.transaction);
    const Transaction pin = attacker.child(pinned.transaction, kLargestChild);
    QVERIFY(pin.virtualSize() > kLargestChild - 43);
    scene.send(pin);
    scene.node->mine(1);
    QVERIFY(!scene.isConfirmed(pinned.transaction));

    // As its owner does: twice the rate each time it is stuck, until it is in a block.
    int bumps = 0;
    for (std::int64_t rate = 10'000; !scene.isConfirmed(pinned.transaction); rate *= 2) {
        QVERIFY2(++bumps <= 7, "pinned for good");
        const Transaction child = bumpingChild(scene, pinned.transaction, pinned.fee, base::FeeRate{rate});
        if (scene.refusal(child).empty()) scene.send(child);
        scene.node->mine(1);
    }
    qInfo("mined after %d doublings from 10 sat/vB, the miner wanting %d", bumps - 1, wanted);
    // What the attacker spent the anchor with is gone.
    QVERIFY(scene.node->tryCli({"getmempoolentry", pin.txid().displayHex()}).exitCode != 0);
}

void TestBridgePinning::nothingWorseThanThatIsRelayed()
{
    QFETCH(QString, which);
    const Scene scene(3, minerWants(20));
    const DepositGraph graph = scene.deposit();
    const Attacker attacker(scene);
    const Transaction pinned = make(scene, graph, which).transaction;
    scene.send(pinned);
    QVERIFY(isRefusedAsV3(scene, attacker.child(pinned, kLargestChild + 100)));
    QVERIFY(isRefusedAsV3(scene, attacker.child(pinned, 500, 2)));

    const Transaction first = attacker.child(pinned, kLargestChild);
    scene.send(first);
    // A child of the child would have to go with it.
    Transaction second;
    second.version = kGraphVersion;
    second.inputs = {bitcoin::TxIn{{first.txid(), 0}, {}, bitcoin::kSequenceReplaceable, {}}};
    second.outputs = {TxOut{first.outputs[0].value - Amount::fromSat(1'000), payoutOf("attacker")}};
    QVERIFY(isRefusedAsV3(scene, second));
}

QTEST_GUILESS_MAIN(TestBridgePinning)
#include "tst_bridge_pinning.moc"
