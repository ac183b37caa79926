// SPDX-License-Identifier: MIT
// Strangers on the relay and a sequencer that is gone, against real processes: somebody else's outpoint, floods of
// requests, a claim that was vetoed and whose operator is off, a Kickoff without a burn while the relay is silent.
#include "tests/integration/bridge/world.h"

using namespace bowline;
using namespace bowline::test;
using base::Amount;

namespace {

/// A request of somebody who pays nothing, for this outpoint.
base::Bytes strangersRequest(const World& world, const bitcoin::OutPoint& outpoint, Amount value)
{
    const crypto::PrivateKey key = take(crypto::PrivateKey::generate());
    const bridge::DepositTerms terms{outpoint, key.xOnlyPublicKey(), key.xOnlyPublicKey(), value};
    const bridge::Deposit deposit = take(bridge::Deposit::create(world.context, terms));
    return take(bridge::signMessage(
                    key, world.context->chainId, deposit.id(), {},
                    bridge::RequestPayload{terms.request, terms.refundKey, terms.recipient, terms.value}))
        .serialize();
}

} // namespace

class TestBridgeAttacks : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase()
    {
        m_deposit.reset();
        m_small.reset();
        m_world.reset();
    }
    void aStrangerWhoNamesTheOutpointFirstDoesNotStopTheDeposit();
    void aFloodOfRequestsStopsNoDepositAlsoAfterARestart();
    void aVetoedClaimIsVoidedByTheOtherOperatorWhichThenClaims();
    void aSignerThatCannotReadTheRelayVetoesAllTheSame();

private:
    void post(const base::Bytes& message) const
    {
        static_cast<void>(m_world->sequencer->must("relay_post", {{"hex", base::toHex(message)}}));
    }
    [[nodiscard]] daemon::NodeKeys keysOf(int number) const
    {
        return m_world->network.keys("operator-" + std::to_string(number), daemon::NodeRole::Operator);
    }
    /// As operator `number` would, without having burned.
    [[nodiscard]] const bridge::OperatorGraph& kickOffByHand(Depositor& deposit, int number) const;

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_deposit; // 0.1 BTC, minted
    std::unique_ptr<Depositor> m_small;   // 0.01 BTC, minted
};

void TestBridgeAttacks::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_world = std::make_unique<World>();
}

void TestBridgeAttacks::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

const bridge::OperatorGraph& TestBridgeAttacks::kickOffByHand(Depositor& deposit, int number) const
{
    const daemon::NodeKeys keys = keysOf(number);
    const crypto::PrivateKey& key = keys.key("operator");
    const bridge::OperatorGraph& own = *deposit.log().signedAttempt()->graph().find(key.xOnlyPublicKey());
    const bitcoin::Transaction kickoff = take(bridge::makeKickoff(own, key));
    m_world->bitcoin->cli({"sendrawtransaction", base::toHex(kickoff.serialize())});
    m_world->mine(1);
    return own;
}

void TestBridgeAttacks::aStrangerWhoNamesTheOutpointFirstDoesNotStopTheDeposit()
{
    m_deposit = std::make_unique<Depositor>(*m_world, Amount::fromSat(10'000'000));
    post(strangersRequest(*m_world, m_deposit->deposit().terms().request, Amount::fromSat(10'000'000)));
    QThread::msleep(500); // everybody has read it
    QVERIFY(m_deposit->finish());
    for (const auto& signer : m_world->signers) {
        QVERIFY(signer->must("bridge_evidence").at("evidence").as_array().empty());
    }
}

void TestBridgeAttacks::aFloodOfRequestsStopsNoDepositAlsoAfterARestart()
{
    constexpr int kFakes = 1'100;
    for (int i = 0; i < kFakes; ++i) {
        bitcoin::OutPoint outpoint;
        outpoint.index = static_cast<std::uint32_t>(i);
        post(strangersRequest(*m_world, outpoint, Amount::fromSat(1'000'000)));
    }
    const auto haveReadAll = [&] {
        return std::all_of(m_world->signers.begin(), m_world->signers.end(), [](const auto& signer) {
            return signer->must("node_info").at("unseen_requests").template to_number<int>() >= kFakes;
        });
    };
    QVERIFY(within(30, haveReadAll));
    m_small = std::make_unique<Depositor>(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(m_small->finish());

    m_world->signers[0]->kill();
    m_world->signers[0]->launch();
    m_world->operators[0]->kill();
    m_world->operators[0]->launch();
    QVERIFY(within(30, haveReadAll));
    Depositor again(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(again.finish());
}

void TestBridgeAttacks::aVetoedClaimIsVoidedByTheOtherOperatorWhichThenClaims()
{
    QVERIFY(m_small && m_small->isMinted());
    m_small->step();
    // Operator 1 kicks off without a burn, is vetoed, burns all the same, and is never seen again.
    m_world->operators[0]->stop();
    const daemon::NodeKeys keys = keysOf(1);
    const crypto::PrivateKey& first = keys.key("operator");
    const bridge::OperatorGraph& own = kickOffByHand(*m_small, 1);
    const bitcoin::OutPoint connector{own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex};
    QVERIFY(m_world->mineUntil(static_cast<int>(m_world->network.params().takeBlocks) - 1,
                               [&] { return !m_world->isUnspent(connector); }));
    m_world->send(m_deposit->account, l2::Transfer{first.xOnlyPublicKey(), Amount::fromSat(1'200'000)});
    m_world->send(first, l2::OperatorRegister{m_world->network.params().operatorStake});
    const bitcoin::OutPoint vault = m_small->deposit().vault();
    m_world->send(
        first, take(bridge::claimPayload(m_small->log().signedAttempt()->graph(), first.xOnlyPublicKey())));
    QCOMPARE(m_world->vaultStatus(vault), std::optional(l2::VaultStatus::Claimed));

    const auto second = m_world->operatorKey(2);
    m_world->send(m_deposit->account, l2::Transfer{second, Amount::fromSat(2'300'000)});
    const auto claimant = [&]() -> std::optional<base::XOnlyPublicKey> {
        const auto value = m_world->object(l2::vaultId(vault));
        const l2::Vault object = take(l2::parseVault(*value));
        if (object.status != l2::VaultStatus::Claimed) return std::nullopt;
        return take(l2::parseClaim(*m_world->object(l2::claimObjectId(object.claimIndex)))).operatorKey;
    };
    QVERIFY(m_world->mineUntil(8, [&] { return claimant() == second; }));
    QCOMPARE(take(l2::parseClaim(*m_world->object(l2::claimObjectId(0)))).status, l2::ClaimStatus::Void);
    QVERIFY(m_world->isUnspent(vault));
}

void TestBridgeAttacks::aSignerThatCannotReadTheRelayVetoesAllTheSame()
{
    QVERIFY(m_deposit && m_deposit->isMinted());
    m_deposit->step();
    for (const auto& node : m_world->operators) node->stop();
    m_world->signers[1]->stop();
    m_world->signers[2]->stop();
    m_world->sequencer->kill();
    m_world->signers[0]->kill();
    m_world->signers[0]->launch();

    const bridge::OperatorGraph& own = kickOffByHand(*m_deposit, 1);
    const bitcoin::OutPoint connector{own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex};
    const int window = static_cast<int>(m_world->network.params().takeBlocks);
    const auto vetoIsSent = [&] {
        const auto all = m_world->bitcoin->json({"getrawmempool"}).as_array();
        return std::any_of(all.begin(), all.end(), [&](const auto& txid) {
            const auto raw =
                m_world->bitcoin->cli({"getrawtransaction", boost::json::value_to<std::string>(txid)});
            const auto transaction = take(bitcoin::parseTransaction(take(base::fromHex(raw))));
            return transaction.inputs[0].prevout == connector;
        });
    };
    // Its state cannot come to the Kickoff's height: it waits for the claim until a quarter of the window is left.
    m_world->mine(window - window / 4 - 1);
    QThread::msleep(1'500);
    QVERIFY(!vetoIsSent());
    m_world->mine(1);
    QVERIFY(within(30, vetoIsSent));
    m_world->mine(1);
    QVERIFY(!m_world->isUnspent(connector));
    QVERIFY(m_world->isUnspent(m_deposit->deposit().vault()));
}

QTEST_GUILESS_MAIN(TestBridgeAttacks)
#include "tst_bridge_attacks.moc"
