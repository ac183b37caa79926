// SPDX-License-Identifier: MIT
// Rule A2: a sequencer that runs twice on one key makes two histories that both pass every check, and shows each to others.
// Bitcoin says which one counts: the operator that was shown the other one names the conflict and pays nothing in it.
#include "tests/integration/bridge/world.h"

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

class TestTwoHistories : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { SKIP_WITHOUT_BITCOIND(); }
    void nobodyPaysInTheOneThatIsNotSealed();
};

namespace {

/// Shows operator 1 the copy's history alone, and everybody else the first one.
class Split {
public:
    explicit Split(World& world) : m_world(world)
    {
        world.sequencer->stop();
        const std::string folder = world.network.datadir("sequencer-b");
        std::filesystem::copy(world.network.datadir("sequencer"), folder,
                              std::filesystem::copy_options::recursive);
        world.sequencer->launch();
    }
    void startTwin()
    {
        twin = Bowlined::start({.role = "sequencer",
                                .datadir = m_world.network.datadir("sequencer-b"),
                                .networkFile = m_world.network.file(),
                                .bitcoin = m_world.bitcoin->p2pAddress(),
                                .upstream = {},
                                .extra = {}});
        m_world.fronts.at("operator-1")->serve(twin->endpoint());
    }
    World& m_world;
    std::unique_ptr<Bowlined> twin;
};

json::array withdrawalsOf(const Bowlined& node) { return node.must("withdrawals_list").as_array(); }

bool isAccepted(const Bowlined& node)
{
    const json::array all = withdrawalsOf(node);
    return all.size() == 1 && all[0].at("status").to_number<int>() >= 2;
}

double receivedAt(const World& world, const std::string& address)
{
    return std::stod(world.bitcoin->cli({"getreceivedbyaddress", address, "0"}));
}

l2::Transaction request(const World& world, const Depositor& depositor, std::uint64_t nonce,
                        const std::string& address)
{
    l2::Transaction out;
    out.nonce = nonce;
    out.fee = world.network.params().minFee;
    out.payload = l2::WithdrawRequest{Amount::fromSat(50'000), Amount::fromSat(5'000),
                                      take(bitcoin::scriptFromAddress(address, bitcoin::Network::Regtest))};
    return take(l2::signTransaction(out, world.network.params().chainId(), depositor.account));
}

} // namespace

void TestTwoHistories::nobodyPaysInTheOneThatIsNotSealed()
{
    World::Options options;
    options.fronts = World::Fronts::OfEach;
    World world(options);
    Depositor depositor(world, Amount::fromSat(1'000'000));
    QVERIFY(depositor.finish());
    for (const int i : {1, 2}) {
        world.send(depositor.account, l2::Transfer{world.operatorKey(i), Amount::fromSat(150'000)});
    }
    for (const auto& oper : world.operators) {
        QVERIFY(within(60, [&] { return oper->must("node_info").at("registered").as_bool(); }));
    }
    QVERIFY(world.allAgree());
    QVERIFY(world.mineUntil(8, [&] { return world.sequencer->must("node_info").at("anchor").is_null(); }));

    Split split(world);
    const std::uint64_t nonce = world.account(depositor.account.xOnlyPublicKey()).nonce;
    const std::string honest = world.bitcoin->newAddress();
    const std::string vain = world.bitcoin->newAddress();
    world.operators[0]->stop(); // sees nothing of the first history
    QVERIFY(world.sequencer
                ->call("tx_submit", {{"hex", base::toHex(request(world, depositor, nonce, honest).encode())}})
                .ok());
    QVERIFY(within(60, [&] { return isAccepted(*world.sequencer); }));
    QVERIFY(within(60, [&] {
        const json::value anchor = world.sequencer->must("node_info").at("anchor");
        return !anchor.is_null() && world.inMempool(json::value_to<std::string>(anchor));
    }));

    split.startTwin();
    world.operators[0]->launch();
    QVERIFY(
        split.twin->call("tx_submit", {{"hex", base::toHex(request(world, depositor, nonce, vain).encode())}})
            .ok());
    // Nobody contradicts it yet: operator 1 promises. It does not pay before Bitcoin says that it counts.
    QVERIFY(within(60, [&] { return isAccepted(*split.twin); }));
    QVERIFY(within(60, [&] { return isAccepted(*world.operators[0]); }));
    QThread::msleep(3'000);
    QCOMPARE(receivedAt(world, vain), 0.0);

    QVERIFY(world.mineUntil(12, [&] { return receivedAt(world, honest) > 0; }));
    QVERIFY(within(
        30, [&] { return world.operators[0]->must("node_info").at("seal").at("conflict").as_bool(); }));
    QVERIFY(!world.operators[1]->must("node_info").at("seal").at("conflict").as_bool());
    // It keeps what convicts the sequencer, also through a kill.
    world.operators[0]->kill();
    world.operators[0]->launch();
    QCOMPARE(world.operators[0]->must("chain_evidence").at("sealed_otherwise").as_array().size(),
             std::size_t{1});
    QVERIFY(world.operators[0]->must("node_info").at("equivocations").to_number<int>() > 0);
    QCOMPARE(world.operators[1]->must("node_info").at("equivocations").to_number<int>(), 0);
    for (int i = 0; i < 14; ++i) { // beyond the pay height
        world.bitcoin->mine(1);
        QThread::msleep(500);
    }
    QCOMPARE(receivedAt(world, vain), 0.0);
    QCOMPARE(receivedAt(world, honest), 0.0005);
    QCOMPARE(world.withdrawal()->status, l2::WithdrawalStatus::Paid);
}

QTEST_GUILESS_MAIN(TestTwoHistories)
#include "tst_two_histories.moc"
