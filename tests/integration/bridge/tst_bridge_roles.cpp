// SPDX-License-Identifier: MIT
// Signers and operators as real processes over a real bitcoind: a deposit from request to mint, a withdrawal,
// the claim of a vault, a Kickoff without a burn, deaths in between. Money is asked of bitcoind.
#include "core/bitcoin/address.h"
#include "core/bridge/depositor.h"
#include "core/bridge/operator.h"
#include "tests/support/bowlined.h"

#include <QTest>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

namespace {

template <typename T>
T take(base::Result<T> result)
{
    if (!result.ok())
        qFatal("%s %s", std::string(result.error().code.name()).c_str(), result.error().detail.c_str());
    return std::move(result).value();
}

/// bitcoind, a sequencer, three signers and two operators with money.
class World {
public:
    World() : bitcoin(startBitcoin()), network(*bitcoin, {.signers = 3, .operators = 2, .depth = 1})
    {
        context = take(bridge::makeContext(network.network()));
        sequencer = Bowlined::start(network, *bitcoin, "sequencer");
        for (const char* name : {"signer-1", "signer-2", "signer-3"}) signers.push_back(launch(name));
        for (const char* name : {"operator-1", "operator-2"}) operators.push_back(launch(name));
        for (const auto& oper : operators) {
            const auto address = json::value_to<std::string>(oper->must("node_info").at("bitcoin_address"));
            for (int i = 0; i < 4; ++i) bitcoin->send(address, "0.5");
        }
        mine(2);
    }
    static std::unique_ptr<Bitcoind> startBitcoin()
    {
        auto out = Bitcoind::start();
        out->mine(120);
        return out;
    }
    std::unique_ptr<Bowlined> launch(const std::string& name) const
    {
        return Bowlined::start(network, *bitcoin, name, {sequencer->address()});
    }
    void mine(int blocks) const
    {
        for (int i = 0; i < blocks; ++i) {
            bitcoin->mine(1);
            QThread::msleep(300); // nodes act on each block
        }
    }
    [[nodiscard]] bool inMempool(const std::string& txid) const
    {
        return bitcoin->tryCli({"getmempoolentry", txid}).exitCode == 0;
    }
    [[nodiscard]] bool isUnspent(const bitcoin::OutPoint& outpoint) const
    {
        return !bitcoin
                    ->cli({"gettxout", outpoint.txid.displayHex(), std::to_string(outpoint.index), "false"})
                    .empty();
    }
    /// Mines while waiting.
    template <typename Condition>
    [[nodiscard]] bool mineUntil(int blocks, Condition condition) const
    {
        for (int i = 0; i < blocks; ++i) {
            if (within(2, condition)) return true;
            bitcoin->mine(1);
        }
        return within(10, condition);
    }
    [[nodiscard]] std::optional<base::Bytes> object(const l2::ObjectId& id) const
    {
        const auto answer =
            sequencer->must("state_get", {{"kind", static_cast<int>(id.kind)}, {"id", base::toHex(id.id)}});
        if (answer.at("value").is_null()) return std::nullopt;
        return take(base::fromHex(json::value_to<std::string>(answer.at("value"))));
    }
    [[nodiscard]] l2::Account account(const base::XOnlyPublicKey& key) const
    {
        const auto value = object(l2::accountId(key));
        return value ? take(l2::parseAccount(*value)) : l2::Account{};
    }
    void send(const crypto::PrivateKey& key, const l2::Payload& payload) const
    {
        l2::Transaction transaction;
        transaction.nonce = account(key.xOnlyPublicKey()).nonce;
        transaction.fee = network.params().minFee;
        transaction.payload = payload;
        transaction = take(l2::signTransaction(transaction, network.params().chainId(), key));
        const auto answer = sequencer->call("tx_submit", {{"hex", base::toHex(transaction.encode())}});
        if (!answer.ok()) qFatal("tx_submit: %s", answer.error().detail.c_str());
        if (!within(20, [&] { return account(key.xOnlyPublicKey()).nonce > transaction.nonce; }))
            qFatal("not included");
    }

    std::unique_ptr<Bitcoind> bitcoin;
    TestNetwork network;
    bridge::ContextPtr context;
    std::unique_ptr<Bowlined> sequencer;
    std::vector<std::unique_ptr<Bowlined>> signers;
    std::vector<std::unique_ptr<Bowlined>> operators;
};

/// A depositor: pays the request from the node's wallet and takes part in the ceremony.
class Depositor {
public:
    Depositor(const World& world, Amount value)
        : m_world(world), m_refund(take(crypto::PrivateKey::generate())),
          account(take(crypto::PrivateKey::generate())), m_deposit(pay(value)),
          m_ceremony(m_deposit, std::nullopt)
    {
    }
    [[nodiscard]] const bridge::Deposit& deposit() const { return m_deposit; }
    [[nodiscard]] const bridge::CeremonyLog& log() const { return m_ceremony.log(); }

    /// One look at relay and chain.
    void step()
    {
        for (;;) {
            const auto answer = m_world.sequencer->must("relay_list", {{"after", m_after}});
            const auto& messages = answer.at("messages").as_array();
            if (messages.empty()) break;
            for (const auto& entry : messages) {
                m_after = json::value_to<std::uint64_t>(entry.at("number"));
                const auto bytes = take(base::fromHex(json::value_to<std::string>(entry.at("message"))));
                m_ceremony.add(take(bridge::openMessage(bytes, m_world.context->chainId)));
            }
        }
        bridge::ChainFacts facts;
        facts.tip = {static_cast<std::uint32_t>(m_world.bitcoin->height())};
        const bool unspent = m_world.isUnspent(m_deposit.terms().request);
        facts.outputs[m_deposit.terms().request] = {m_deposit.requestOutput(), m_height,
                                                    unspent ? std::nullopt
                                                            : std::optional(m_deposit.confirmTxid())};
        const auto effects = take(m_ceremony.step(facts, &m_refund));
        for (const base::Bytes& message : effects.post) {
            static_cast<void>(m_world.sequencer->must("relay_post", {{"hex", base::toHex(message)}}));
        }
    }
    [[nodiscard]] bool vaultIsSent()
    {
        step();
        return m_world.inMempool(m_deposit.confirmTxid().displayHex()) ||
               m_world.isUnspent(m_deposit.vault());
    }
    [[nodiscard]] bool isMinted() const { return m_world.object(l2::vaultId(m_deposit.vault())).has_value(); }
    /// From request to mint.
    [[nodiscard]] bool finish()
    {
        return m_world.mineUntil(12, [&] { return vaultIsSent(); }) &&
               m_world.mineUntil(6, [&] { return isMinted(); });
    }

private:
    bridge::Deposit pay(Amount value)
    {
        bridge::DepositTerms terms{{}, m_refund.xOnlyPublicKey(), account.xOnlyPublicKey(), value};
        const bitcoin::TxOut output =
            take(bridge::requestOutputFor(*m_world.context, terms.refundKey, terms.recipient, value));
        const std::string txid = m_world.bitcoin->send(
            take(bitcoin::addressFromScript(output.scriptPubKey, bitcoin::Network::Regtest)),
            base::formatBtc(output.value));
        m_world.mine(2);
        m_height = {static_cast<std::uint32_t>(m_world.bitcoin->height() - 1)};
        const auto raw = m_world.bitcoin->cli({"getrawtransaction", txid});
        const bitcoin::Transaction transaction = take(bitcoin::parseTransaction(take(base::fromHex(raw))));
        for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
            if (transaction.outputs[i] == output) terms.request = {transaction.txid(), i};
        }
        return take(bridge::Deposit::create(m_world.context, terms));
    }

    const World& m_world;
    crypto::PrivateKey m_refund;

public:
    crypto::PrivateKey account;

private:
    base::Height m_height;
    bridge::Deposit m_deposit;
    bridge::DepositorCeremony m_ceremony;
    std::uint64_t m_after = 0;
};

} // namespace

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
    QVERIFY(m_world->mineUntil(6, [&] { return received() == 500'000; }));
    QVERIFY(m_world->mineUntil(4, [&] {
        const auto value = m_world->object(l2::withdrawalId(1));
        return value && take(l2::parseWithdrawal(*value)).status == l2::WithdrawalStatus::Paid;
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

    QVERIFY(within(20, [&] { return m_world->inMempool(kickoff); }));
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
    QVERIFY(within(20, [&] { return m_world->bitcoin->json({"getrawmempool"}).as_array().size() > 0; }));
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
