// SPDX-License-Identifier: MIT
// An operator that accepts a withdrawal and never pays (rules A9, A11): the user, with the command line, gets the
// escrow and the operator's bond, in the first block that the rules allow and not one earlier.
#include "core/l2/address.h"
#include "tests/integration/bridge/world.h"
#include "tests/support/devnet.h"

#include <QFile>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

class TestFaithlessOperator : public QObject {
    Q_OBJECT

private slots:
    void theUserGetsEscrowAndBondAtTheHeightAndNotBefore();
};

void TestFaithlessOperator::theUserGetsEscrowAndBondAtTheHeightAndNotBefore()
{
    SKIP_WITHOUT_BITCOIND();
    World world({.operatorPrograms = {"bowline-faithless-operator"}, .bitcoind = {}});
    QTemporaryDir folder;
    QFile client(folder.filePath("client.json"));
    QVERIFY(client.open(QIODevice::WriteOnly));
    client.write(json::serialize(json::object{{"network_file", world.network.file()},
                                              {"bitcoin", json::array{world.bitcoin->p2pAddress()}},
                                              {"node", "http://" + world.sequencer->address()}})
                     .c_str());
    client.close();
    const CliWallet alice(folder.path().toStdString(), "a password of alice");
    const CliAnswer created = alice.run({"wallet", "create"});
    QCOMPARE(created.exitCode, 0);
    const CliAnswer receive = alice.run({"receive"});
    world.bitcoin->send(json::value_to<std::string>(receive.json.at("address")), "0.5");
    world.mine(1);
    QCOMPARE(
        alice.runWhile({"deposit", "0.01", "--wait", "--timeout", "150"}, [&] { world.bitcoin->mine(1); })
            .exitCode,
        0);
    const auto oper = world.operatorKey(1);
    QCOMPARE(alice
                 .run({"l2", "send", QString::fromStdString(l2::accountText(oper, bitcoin::Network::Regtest)),
                       "0.002"})
                 .exitCode,
             0);
    QVERIFY(within(30, [&] { return world.operators[0]->must("node_info").at("registered").as_bool(); }));
    const std::int64_t operatorBefore = world.account(oper).btc.sat();

    const std::string address = world.bitcoin->newAddress();
    const CliAnswer asked = alice.run({"withdraw", "0.005", QString::fromStdString(address)});
    QCOMPARE(asked.exitCode, 0);
    const QString id = QString::fromStdString(json::value_to<std::string>(asked.json.at("id")));
    QVERIFY(world.mineUntil(6, [&] {
        const auto withdrawal = world.withdrawal();
        return withdrawal && withdrawal->status == l2::WithdrawalStatus::Accepted;
    }));
    const l2::Withdrawal accepted = *world.withdrawal();
    const l2::NetworkParams& params = world.network.params();
    const auto bond = params.bondFor(accepted.amount);
    QVERIFY(bond.sat() > 0);
    QVERIFY(world.account(oper).btc.sat() <= operatorBefore - bond.sat());

    // Once the pay height is over the wallet says that the operator is late; nothing can be done yet.
    const auto heightIs = [&](std::uint32_t height) {
        return world.bitcoin->height() == static_cast<int>(height);
    };
    const std::uint32_t opens = accepted.payHeight.value + params.depth + params.reclaimMargin;
    while (world.bitcoin->height() < static_cast<int>(opens) - 1) world.bitcoin->mine(1);
    QVERIFY(heightIs(opens - 1));
    QCOMPARE(alice.run({"sync", "wait"}).exitCode, 0);
    const CliAnswer early = alice.run({"reclaim", id});
    QCOMPARE(early.exitCode, 1);
    QCOMPARE(early.errorCode(), std::string("services.reclaim-too-early"));
    QVERIFY(early.text.find("block " + std::to_string(opens) + ' ') != std::string::npos);
    QCOMPARE(world.withdrawal()->status, l2::WithdrawalStatus::Accepted);
    const CliAnswer late = alice.run({"bridge", "show", id});
    QVERIFY(late.text.find("overdue") != std::string::npos);

    const auto aliceKey = accepted.owner;
    const std::int64_t before = world.account(aliceKey).btc.sat();
    world.bitcoin->mine(1);
    QVERIFY(heightIs(opens));
    QCOMPARE(alice.run({"sync", "wait"}).exitCode, 0);
    QCOMPARE(alice.run({"reclaim", id}).exitCode, 0);
    QVERIFY(
        world.mineUntil(3, [&] { return world.withdrawal()->status == l2::WithdrawalStatus::Cancelled; }));
    const std::int64_t gained = world.account(aliceKey).btc.sat() - before;
    QCOMPARE(gained, (accepted.amount + accepted.operatorFee + bond - params.minFee).sat());
    QVERIFY(world.account(oper).btc.sat() <= operatorBefore - bond.sat());
    QCOMPARE(world.bitcoin->cli({"getreceivedbyaddress", address, "0"}), std::string("0.00000000"));
    const CliAnswer shown = alice.run({"bridge", "show", id});
    QCOMPARE(shown.json.at("finished").as_bool(), true);
    QVERIFY(world.allAgree());
}

QTEST_GUILESS_MAIN(TestFaithlessOperator)
#include "tst_faithless_operator.moc"
