// SPDX-License-Identifier: MIT
// Signers and operators as real processes over a real bitcoind: a deposit from request to mint, a withdrawal,
// the claim of a vault, a Kickoff without a burn, deaths in between. Money is asked of bitcoind.
#include "tests/integration/bridge/world.h"

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

class TestBridgeRoles : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase()
    {
        m_first.reset();
        m_world.reset();
    }
    void aDepositIsSignedMintedAndHeldByEverybody();
    void aWithdrawalIsPaidOnceAndProven();
    void anOperatorClaimsAVaultAndTakesItEvenWhenItsKickoffIsStuckAndItDies();
    void aBurnThatIsNotSealedIsNoneToOperatorsAndMembers();
    void aSignerKilledInTheCeremonyComesBackAndFinishes();
    void oneHonestSignerVetoesAKickoffWithoutABurn();

private:
    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_first;
};

void TestBridgeRoles::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_world = std::make_unique<World>();
}

void TestBridgeRoles::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

void TestBridgeRoles::aDepositIsSignedMintedAndHeldByEverybody()
{
    m_first = std::make_unique<Depositor>(*m_world, Amount::fromSat(10'000'000));
    QVERIFY(m_first->finish());
    QVERIFY(m_world->isUnspent(m_first->deposit().vault()));
    QCOMPARE(m_world->account(m_first->account.xOnlyPublicKey()).btc.sat(), 10'000'000);
    const auto vault =
        m_world->bitcoin->json({"gettxout", m_first->deposit().confirmTxid().displayHex(), "0"}).as_object();
    QCOMPARE(qRound64(vault.at("value").to_number<double>() * 1e8), 10'000'000);
    for (const auto& signer : m_world->signers) {
        QVERIFY(within(10, [&] { return signer->must("node_info").at("graphs") == 1; }));
        QVERIFY(signer->must("bridge_evidence").at("evidence").as_array().empty());
    }
    for (const auto& oper : m_world->operators) {
        QVERIFY(within(10, [&] { return oper->must("node_info").at("graphs") == 1; }));
    }
}

void TestBridgeRoles::aWithdrawalIsPaidOnceAndProven()
{
    QVERIFY(m_first && m_first->isMinted());
    // The operator's stake on the layer 2 comes from the depositor.
    const auto operatorKey =
        m_world->network.keys("operator-1", daemon::NodeRole::Operator).key("operator").xOnlyPublicKey();
    m_world->send(m_first->account, l2::Transfer{operatorKey, Amount::fromSat(200'000)});
    QVERIFY(within(20, [&] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); }));

    const std::string address = m_world->bitcoin->newAddress();
    const auto script = take(bitcoin::scriptFromAddress(address, bitcoin::Network::Regtest));
    m_world->send(m_first->account,
                  l2::WithdrawRequest{Amount::fromSat(500'000), Amount::fromSat(5'000), script});
    const auto received = [&] {
        return qRound64(std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", address, "1"})) * 1e8);
    };
    QVERIFY(m_world->mineUntil(6 + kSealBlocks, [&] { return received() == 500'000; }));
    QVERIFY(m_world->mineUntil(4, [&] {
        const auto withdrawal = m_world->withdrawal();
        return withdrawal && withdrawal->status == l2::WithdrawalStatus::Paid;
    }));
    // It dies and comes back, blocks pass: nothing is paid twice.
    m_world->operators[0]->kill();
    m_world->operators[0]->launch();
    m_world->mine(3);
    QCOMPARE(received(), 500'000);
}

void TestBridgeRoles::anOperatorClaimsAVaultAndTakesItEvenWhenItsKickoffIsStuckAndItDies()
{
    QVERIFY(m_first && m_first->isMinted());
    Depositor deposit(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(deposit.finish());
    deposit.step();
    const bridge::Attempt* attempt = deposit.log().signedAttempt();
    QVERIFY(attempt != nullptr);
    const auto operatorKey =
        m_world->network.keys("operator-1", daemon::NodeRole::Operator).key("operator").xOnlyPublicKey();
    const bridge::OperatorGraph& own = *attempt->graph().find(operatorKey);
    const std::string kickoff = own.kickoffTxid().displayHex();
    // With this and the escrow of the withdrawal the operator can pay for a vault of 0.01.
    m_world->send(deposit.account, l2::Transfer{operatorKey, Amount::fromSat(950'000)});

    QVERIFY(m_world->mineUntil(kSealBlocks, [&] { return m_world->inMempool(kickoff); }));
    // Nobody will mine the Kickoff by itself.
    m_world->bitcoin->cli({"prioritisetransaction", kickoff, "0", "-2000"});
    m_world->operators[0]->kill();
    m_world->mine(1);
    QVERIFY(m_world->inMempool(kickoff)); // not mined
    m_world->operators[0]->launch();
    QVERIFY(m_world->mineUntil(8, [&] { return !m_world->inMempool(kickoff); }));
    const auto mined = m_world->bitcoin->json({"getrawtransaction", kickoff, "1"}).as_object();
    const auto block =
        m_world->bitcoin->json({"getblockheader", json::value_to<std::string>(mined.at("blockhash"))})
            .as_object();
    const int kickoffHeight = json::value_to<int>(block.at("height"));

    const std::string take1 = own.takeTxid().displayHex();
    const int first = kickoffHeight + static_cast<int>(m_world->network.params().takeBlocks);
    while (m_world->bitcoin->height() < first - 1) {
        QVERIFY(!m_world->inMempool(take1));
        m_world->mine(1);
    }
    QVERIFY(within(20, [&] { return m_world->inMempool(take1); }));
    m_world->mine(1);
    QVERIFY(!m_world->isUnspent(deposit.deposit().vault()));
    QVERIFY(m_world->isUnspent({own.takeTxid(), 0}));
    QVERIFY(m_world->mineUntil(4, [&] {
        const auto value = m_world->object(l2::vaultId(deposit.deposit().vault()));
        return value && take(l2::parseVault(*value)).status == l2::VaultStatus::Taken;
    }));
}

/// Miners leave the anchors out: the operator waits with its Kickoff, and the members veto one that is made by hand, as late
/// as they can.
void TestBridgeRoles::aBurnThatIsNotSealedIsNoneToOperatorsAndMembers()
{
    QVERIFY(m_first && m_first->isMinted());
    Depositor deposit(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(deposit.finish());
    deposit.step();
    const bridge::Attempt* attempt = deposit.log().signedAttempt();
    QVERIFY(attempt != nullptr);
    const daemon::NodeKeys keys = m_world->network.keys("operator-1", daemon::NodeRole::Operator);
    const base::XOnlyPublicKey operatorKey = keys.key("operator").xOnlyPublicKey();
    const bridge::OperatorGraph& own = *attempt->graph().find(operatorKey);
    const auto hasAnchor = [&] { return !m_world->sequencer->must("node_info").at("anchor").is_null(); };
    QVERIFY(m_world->mineUntil(8, [&] { return !hasAnchor(); }));
    const auto block = [&](const std::string& transactions) {
        m_world->bitcoin->cli({"generateblock", m_world->bitcoin->newAddress(), transactions});
        QThread::msleep(500); // nodes act on each block
    };

    m_world->send(m_first->account, l2::Transfer{operatorKey, Amount::fromSat(1'200'000)});
    QVERIFY(within(20, [&] {
        const auto value = m_world->object(l2::vaultId(deposit.deposit().vault()));
        return value && take(l2::parseVault(*value)).status == l2::VaultStatus::Claimed;
    }));
    for (int i = 0; i < 4; ++i) block("[]");
    QVERIFY(hasAnchor());
    QVERIFY(m_world->allAgree());
    QThread::msleep(2'000);
    QVERIFY(!m_world->inMempool(own.kickoffTxid().displayHex()));

    m_world->operators[0]->stop();
    const bitcoin::Transaction kickoff = take(bridge::makeKickoff(own, keys.key("operator")));
    block("[\"" + base::toHex(kickoff.serialize()) + "\"]");
    const l2::NetworkParams& params = m_world->network.params();
    const std::uint32_t late = params.takeBlocks - std::max(params.takeBlocks / 4, params.depth + 1);
    QVERIFY(late > params.takeBlocks / 2);
    const bitcoin::OutPoint connector{own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex};
    for (std::uint32_t i = 1; i < late; ++i) block("[]");
    QThread::msleep(2'000);
    QVERIFY(!m_world->isSpentInMempool(connector));
    block("[]");
    QVERIFY(within(30, [&] { return m_world->isSpentInMempool(connector); }));
    m_world->operators[0]->launch();
    m_world->mine(2);
    QVERIFY(m_world->isUnspent(deposit.deposit().vault()));
}

void TestBridgeRoles::aSignerKilledInTheCeremonyComesBackAndFinishes()
{
    Depositor depositor(*m_world, Amount::fromSat(1'000'000));
    // As soon as the committee has joined, one of them dies.
    QVERIFY(m_world->mineUntil(12, [&] {
        depositor.step();
        return depositor.log().highestAttempt() > 0;
    }));
    m_world->signers[1]->kill();
    QThread::msleep(500);
    depositor.step();
    m_world->signers[1]->launch();
    QVERIFY(depositor.finish());
}

void TestBridgeRoles::oneHonestSignerVetoesAKickoffWithoutABurn()
{
    Depositor depositor(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(depositor.finish());
    depositor.step();
    const bridge::Attempt* attempt = depositor.log().signedAttempt();
    QVERIFY(attempt != nullptr);
    // Operator 2 has no money on the layer 2. It kicks off all the same, by hand; two signers look away.
    m_world->operators[1]->stop();
    m_world->signers[1]->stop();
    m_world->signers[2]->stop();
    const daemon::NodeKeys keys = m_world->network.keys("operator-2", daemon::NodeRole::Operator);
    const bridge::OperatorGraph& own = *attempt->graph().find(keys.key("operator").xOnlyPublicKey());
    const bitcoin::Transaction kickoff = take(bridge::makeKickoff(own, keys.key("operator")));
    m_world->bitcoin->cli({"sendrawtransaction", base::toHex(kickoff.serialize())});
    m_world->mine(1);
    const int window = static_cast<int>(m_world->network.params().takeBlocks);
    const bitcoin::OutPoint connector{own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex};
    QVERIFY(m_world->isUnspent(connector));
    m_world->mine(window / 2);
    QVERIFY(within(20, [&] { return m_world->isSpentInMempool(connector); }));
    m_world->mine(1);
    QVERIFY(!m_world->isUnspent(connector));
    QVERIFY(m_world->isUnspent(depositor.deposit().vault()));
    // Take1 has lost its input for ever.
    m_world->mine(window);
    const std::size_t which = static_cast<std::size_t>(&own - attempt->graph().operators().data());
    const bitcoin::Transaction take1 =
        take(bridge::makeTake(own, attempt->signedGraph()->takes[which], keys.key("operator")));
    const auto sent = m_world->bitcoin->tryCli({"sendrawtransaction", base::toHex(take1.serialize())});
    QVERIFY(sent.exitCode != 0);
    QVERIFY2(sent.error.find("missingorspent") != std::string::npos, sent.error.c_str());
}

QTEST_GUILESS_MAIN(TestBridgeRoles)
#include "tst_bridge_roles.moc"
