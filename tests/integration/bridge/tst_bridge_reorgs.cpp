// SPDX-License-Identifier: MIT
// Reorganisations of the real chain under each part of the bridge, with every role a real process: under a deposit
// before and after its mint, under a request that is then spent otherwise, under an operator's payment, under a
// Kickoff and its Take1. Money is asked of bitcoind.
#include "tests/integration/bridge/world.h"

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

class TestBridgeReorgs : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase()
    {
        m_small.reset();
        m_deposit.reset();
        m_world.reset();
    }
    void aDepositWhoseVaultLeavesTheChainBeforeTheMintIsCreditedOnce();
    void aDepositWhoseVaultLeavesTheChainAfterTheMintIsTakenBackAndCreditedAgain();
    void aRequestThatIsSpentOtherwiseAfterAReorgCreditsNobody();
    void aPaymentThatLeavesTheChainIsMadeOnceAndEarnsTheEscrowOnce();
    void aKickoffThatLeavesTheChainStartsItsWindowAnewAndIsTakenOnce();

private:
    [[nodiscard]] std::int64_t balanceOf(const base::XOnlyPublicKey& key) const
    {
        return m_world->account(key).btc.sat();
    }
    [[nodiscard]] std::vector<std::string> paymentsTo(const std::string& address) const;

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_deposit; // 0.1 BTC, minted
    std::unique_ptr<Depositor> m_small;   // 0.01 BTC, minted: the only vault that the operator can pay for
};

void TestBridgeReorgs::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_world = std::make_unique<World>();
}

void TestBridgeReorgs::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    qInfo("%s", m_world->sequencer->log().c_str());
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

std::vector<std::string> TestBridgeReorgs::paymentsTo(const std::string& address) const
{
    std::vector<std::string> out;
    const auto all =
        m_world->bitcoin->json({"listreceivedbyaddress", "0", "false", "true", address}).as_array();
    for (const json::value& entry : all) {
        for (const json::value& txid : entry.at("txids").as_array())
            out.push_back(json::value_to<std::string>(txid));
    }
    return out;
}

void TestBridgeReorgs::aDepositWhoseVaultLeavesTheChainBeforeTheMintIsCreditedOnce()
{
    m_deposit = std::make_unique<Depositor>(*m_world, Amount::fromSat(10'000'000));
    QVERIFY(m_world->mineUntil(12, [&] { return m_deposit->vaultIsSent(); }));
    const std::string confirm = m_deposit->deposit().confirmTxid().displayHex();
    m_world->bitcoin->mine(1);
    QVERIFY(m_world->minedAt(confirm).has_value());
    m_world->replaceByEmptyBlocks(1);
    QVERIFY(!m_world->minedAt(confirm).has_value());
    QVERIFY(m_world->inMempool(confirm));
    QVERIFY(!m_deposit->isMinted());

    QVERIFY(m_world->mineUntil(8, [&] {
        m_deposit->step();
        return m_deposit->isMinted();
    }));
    QCOMPARE(balanceOf(m_deposit->account.xOnlyPublicKey()), 10'000'000);
    QVERIFY(m_world->isUnspent(m_deposit->deposit().vault()));
    QVERIFY(m_world->allAgree());
}

void TestBridgeReorgs::aDepositWhoseVaultLeavesTheChainAfterTheMintIsTakenBackAndCreditedAgain()
{
    m_small = std::make_unique<Depositor>(*m_world, Amount::fromSat(1'000'000));
    Depositor& depositor = *m_small;
    QVERIFY(depositor.finish());
    const std::string confirm = depositor.deposit().confirmTxid().displayHex();
    const auto account = depositor.account.xOnlyPublicKey();
    QCOMPARE(balanceOf(account), 1'000'000);
    const auto mined = m_world->minedAt(confirm);
    QVERIFY(mined.has_value());
    const auto shop = take(crypto::PrivateKey::generate()).xOnlyPublicKey();
    m_world->send(depositor.account, l2::Transfer{shop, Amount::fromSat(300'000)});
    QCOMPARE(balanceOf(shop), 300'000);

    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - *mined + 1);
    QVERIFY(!m_world->minedAt(confirm).has_value());
    // Nothing is on the layer 2 that is not on Bitcoin.
    QVERIFY(within(30, [&] { return !depositor.isMinted(); }));
    QCOMPARE(balanceOf(account), 0);
    QCOMPARE(balanceOf(shop), 0);
    QCOMPARE(balanceOf(m_deposit->account.xOnlyPublicKey()), 10'000'000);

    QVERIFY(m_world->mineUntil(10, [&] {
        depositor.step();
        return depositor.isMinted();
    }));
    // The payment was only held back: nobody has sent it again.
    QVERIFY(within(20, [&] { return balanceOf(shop) == 300'000; }));
    QCOMPARE(balanceOf(account), 1'000'000 - 300'000 - 100);
    QVERIFY(m_world->isUnspent(depositor.deposit().vault()));
    QVERIFY(m_world->allAgree());
    for (const auto& signer : m_world->signers) {
        QVERIFY(signer->must("bridge_evidence").at("evidence").as_array().empty());
    }
}

void TestBridgeReorgs::aRequestThatIsSpentOtherwiseAfterAReorgCreditsNobody()
{
    Depositor depositor(*m_world, Amount::fromSat(1'000'000));
    const std::string request = depositor.deposit().terms().request.txid.displayHex();
    const auto mined = m_world->minedAt(request);
    QVERIFY(mined.has_value());
    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - *mined + 1);
    QVERIFY(m_world->inMempool(request));
    // The depositor's wallet replaces the transaction: the outpoint that everybody was asked to sign for is gone.
    const auto bumped = m_world->bitcoin->json({"bumpfee", request, R"({"fee_rate":50})"}).as_object();
    const std::string replacement = json::value_to<std::string>(bumped.at("txid"));
    for (int i = 0; i < 8; ++i) {
        m_world->mine(1);
        depositor.step();
    }
    QVERIFY(m_world->minedAt(replacement).has_value());
    QVERIFY(!m_world->inMempool(request));
    QVERIFY(!depositor.isConfirmKnown());
    QVERIFY(!depositor.isMinted());
    QCOMPARE(balanceOf(depositor.account.xOnlyPublicKey()), 0);
    QVERIFY(m_world->allAgree());
}

void TestBridgeReorgs::aPaymentThatLeavesTheChainIsMadeOnceAndEarnsTheEscrowOnce()
{
    const auto oper = m_world->operatorKey(1);
    m_world->send(m_deposit->account, l2::Transfer{oper, Amount::fromSat(200'000)});
    QVERIFY(within(20, [&] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); }));
    const std::int64_t before = balanceOf(oper);

    const std::string address = m_world->bitcoin->newAddress();
    const auto script = take(bitcoin::scriptFromAddress(address, bitcoin::Network::Regtest));
    m_world->send(m_deposit->account,
                  l2::WithdrawRequest{Amount::fromSat(500'000), Amount::fromSat(5'000), script});
    QVERIFY(m_world->mineUntil(6 + kSealBlocks, [&] { return !paymentsTo(address).empty(); }));
    QCOMPARE(paymentsTo(address).size(), std::size_t{1});
    const std::string payment = paymentsTo(address).front();
    QVERIFY(m_world->mineUntil(3, [&] { return m_world->minedAt(payment).has_value(); }));

    const auto isPaid = [&] {
        const auto withdrawal = m_world->withdrawal();
        return withdrawal && withdrawal->status == l2::WithdrawalStatus::Paid;
    };
    QVERIFY(m_world->mineUntil(5, isPaid));
    const std::int64_t earned = balanceOf(oper) - before;

    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - *m_world->minedAt(payment) + 1);
    QVERIFY(!m_world->minedAt(payment).has_value());
    QVERIFY(
        within(30, [&] { return !isPaid(); })); // the escrow is not the operator's while the user has nothing
    QVERIFY(m_world->mineUntil(6, isPaid));
    QVERIFY(m_world->minedAt(payment).has_value());
    m_world->mine(3);
    QCOMPARE(paymentsTo(address).size(), std::size_t{1});
    QCOMPARE(qRound64(std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", address, "1"})) * 1e8),
             500'000);
    QCOMPARE(balanceOf(oper) - before, earned);
    QVERIFY(m_world->allAgree());
}

void TestBridgeReorgs::aKickoffThatLeavesTheChainStartsItsWindowAnewAndIsTakenOnce()
{
    QVERIFY(m_small && m_small->isMinted());
    Depositor& deposit = *m_small;
    deposit.step();
    const bridge::Attempt* attempt = deposit.log().signedAttempt();
    QVERIFY(attempt != nullptr);
    const bridge::OperatorGraph& own = *attempt->graph().find(m_world->operatorKey(1));
    const std::string kickoff = own.kickoffTxid().displayHex();
    const std::string take1 = own.takeTxid().displayHex();
    m_world->send(m_deposit->account, l2::Transfer{m_world->operatorKey(1), Amount::fromSat(1'200'000)});
    QVERIFY(m_world->mineUntil(8 + kSealBlocks, [&] { return m_world->minedAt(kickoff).has_value(); }));
    const int first = *m_world->minedAt(kickoff);
    m_world->mine(2);

    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - first + 1);
    QVERIFY(!m_world->minedAt(kickoff).has_value());
    QVERIFY(m_world->mineUntil(8, [&] { return m_world->minedAt(kickoff).has_value(); }));
    const int again = *m_world->minedAt(kickoff);
    QVERIFY(again > first);
    const int window = static_cast<int>(m_world->network.params().takeBlocks);
    while (m_world->bitcoin->height() < again + window - 1) {
        QVERIFY(!m_world->inMempool(take1)); // the old window does not count
        m_world->mine(1);
    }
    QVERIFY(within(30, [&] { return m_world->inMempool(take1); }));
    m_world->mine(1);
    QVERIFY(m_world->minedAt(take1).has_value());
    const auto isTaken = [&] {
        return m_world->vaultStatus(deposit.deposit().vault()) == l2::VaultStatus::Taken;
    };
    QVERIFY(m_world->mineUntil(5, isTaken));

    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - *m_world->minedAt(take1) + 1);
    QVERIFY(!m_world->minedAt(take1).has_value());
    QVERIFY(within(30, [&] { return !isTaken(); }));
    QVERIFY(m_world->mineUntil(8, isTaken));
    QVERIFY(m_world->isUnspent({own.takeTxid(), 0}));
    QVERIFY(!m_world->isUnspent(deposit.deposit().vault()));
    QVERIFY(m_world->allAgree());
    for (const auto& signer : m_world->signers) {
        QVERIFY(signer->must("bridge_evidence").at("evidence").as_array().empty());
    }
}

QTEST_GUILESS_MAIN(TestBridgeReorgs)
#include "tst_bridge_reorgs.moc"
