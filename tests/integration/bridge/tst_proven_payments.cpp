// SPDX-License-Identifier: MIT
// An operator that pays for what is proven, as a real process: it accepts nothing while proofs are behind, pays nothing that is
// only sealed, keeps a proof over kill -9, and is not misled by proofs of histories that nobody signed. What its upstream
// shows it as the chain's proof is the test's to say; money is asked of bitcoind.
#include "tests/integration/bridge/world.h"
#include "tests/unit/proven/fixture.h"

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

class TestProvenPayments : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase()
    {
        m_alice.reset();
        m_world.reset();
    }
    void nothingIsAcceptedWhileNothingIsProven();
    void whatIsOnlySealedIsNotPaid();
    void nothingIsAcceptedWhileProofsAreBehind();
    void aProofIsKeptOverAKill();
    void aProofOfAnUnsignedHistoryStopsNothing();
    void aProofOfASecondSignedHistoryEndsAllPromises();

private:
    [[nodiscard]] Bowlined& oper() const { return *m_world->operators[0]; }
    [[nodiscard]] json::object info() const { return oper().must("node_info").as_object(); }
    [[nodiscard]] std::uint64_t provenBatch() const
    {
        const json::value& batch = info().at("proof").at("batch");
        return batch.is_null() ? 0 : batch.to_number<std::uint64_t>();
    }
    [[nodiscard]] l2::BatchHeader headerOf(std::uint64_t number) const
    {
        const json::value answer = m_world->sequencer->must("chain_header", {{"n", number}});
        return take(
            l2::parseBatchHeader(take(base::fromHex(json::value_to<std::string>(answer.at("header"))))));
    }
    /// From now on the operator's upstream shows this as the chain's proof.
    void show(const l2::BatchHeader& header, const std::optional<l2::SignedHeader>& sent = {}) const
    {
        json::object answer{{"n", header.height.value},
                            {"hash", header.hash().hex()},
                            {"proof", base::toHex(proven::test::makeFile(proven::test::headOf(header)))}};
        if (sent) {
            answer["header"] = base::toHex(sent->header.encode());
            answer["signature"] = base::toHex(sent->signature);
        }
        m_world->fronts.at("operator-1")
            ->lie([answer](const std::string& method, const json::object& params, const NodeProxy::Ask& ask) {
                return method == "chain_proof" ? NodeProxy::Answer(json::value(answer)) : ask(method, params);
            });
    }
    void prove(std::uint64_t number) const
    {
        show(headerOf(number));
        QVERIFY(within(20, [&] { return provenBatch() == number; }));
    }
    /// Of the withdrawal of that amount.
    [[nodiscard]] l2::WithdrawalStatus statusOf(std::int64_t amount) const
    {
        const json::value all = m_world->sequencer->must("withdrawals_list");
        for (const json::value& one : all.as_array()) {
            if (one.at("amount").to_number<std::int64_t>() == amount)
                return static_cast<l2::WithdrawalStatus>(one.at("status").to_number<int>());
        }
        return l2::WithdrawalStatus::Cancelled;
    }
    [[nodiscard]] std::int64_t received() const
    {
        return qRound64(std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", m_address, "0"})) * 1e8);
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_alice;
    std::string m_address;
};

void TestProvenPayments::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    World::Options options;
    options.operatorPrograms = {"bowline-believing-operator"};
    options.fronts = World::Fronts::OfEach;
    m_world = std::make_unique<World>(options);
    m_alice = std::make_unique<Depositor>(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(m_alice->finish());
    // The other operator has no money on the layer 2 and stays out of it.
    m_world->send(m_alice->account, l2::Transfer{m_world->operatorKey(1), Amount::fromSat(200'000)});
    QVERIFY(m_world->mineUntil(6, [&] { return info().at("registered").as_bool(); }));
    m_address = m_world->bitcoin->newAddress();
}

void TestProvenPayments::nothingIsAcceptedWhileNothingIsProven()
{
    QCOMPARE(std::string(info().at("pay_for").as_string()), std::string("proven"));
    const auto script = take(bitcoin::scriptFromAddress(m_address, bitcoin::Network::Regtest));
    m_world->send(m_alice->account,
                  l2::WithdrawRequest{Amount::fromSat(300'000), Amount::fromSat(2'000), script});
    for (int i = 0; i < 3; ++i) {
        m_world->mine(1);
        QThread::msleep(700);
    }
    QCOMPARE(m_world->withdrawal()->status, l2::WithdrawalStatus::Requested);
    QCOMPARE(provenBatch(), 0ULL);
    prove(m_world->sequencer->head());
    QVERIFY(m_world->mineUntil(
        4, [&] { return m_world->withdrawal()->status == l2::WithdrawalStatus::Accepted; }));
}

void TestProvenPayments::whatIsOnlySealedIsNotPaid()
{
    const std::uint64_t before = provenBatch();
    const std::uint64_t head = m_world->sequencer->head();
    const auto isSealedDeep = [&] {
        const auto seal = oper().call("chain_seal", {{"n", head}});
        return seal.ok() && // the operator may not have the sequencer's newest batch yet
               std::string(seal->at("state").as_string()) == "sealed" &&
               seal->at("confirmations").to_number<std::uint32_t>() > m_world->network.params().depth;
    };
    QVERIFY(m_world->mineUntil(kSealBlocks, isSealedDeep));
    m_world->mine(1);
    QThread::msleep(3'000); // it would have paid by now
    QCOMPARE(provenBatch(), before);
    QCOMPARE(received(), 0LL);
    prove(head);
    QVERIFY(within(20, [&] { return received() == 300'000; }));
}

/// There is a proof, and it is of long ago.
void TestProvenPayments::nothingIsAcceptedWhileProofsAreBehind()
{
    constexpr std::int64_t kAmount = 100'000;
    const l2::NetworkParams& params = m_world->network.params();
    m_world->mine(static_cast<int>(params.depth + params.payWindow / 2 + 2));
    const auto script = take(bitcoin::scriptFromAddress(m_address, bitcoin::Network::Regtest));
    m_world->send(m_alice->account,
                  l2::WithdrawRequest{Amount::fromSat(kAmount), Amount::fromSat(2'000), script});
    for (int i = 0; i < 3; ++i) {
        m_world->mine(1);
        QThread::msleep(700);
    }
    QVERIFY(provenBatch() > 0);
    QCOMPARE(statusOf(kAmount), l2::WithdrawalStatus::Requested);
    prove(m_world->sequencer->head());
    QVERIFY(m_world->mineUntil(4, [&] { return statusOf(kAmount) == l2::WithdrawalStatus::Accepted; }));
}

void TestProvenPayments::aProofIsKeptOverAKill()
{
    const std::uint64_t before = provenBatch();
    m_world->fronts.at("operator-1")->tellTheTruth(); // its node knows of no proof
    oper().kill();
    oper().launch();
    QCOMPARE(provenBatch(), before);
    const json::value proof = oper().must("chain_proof");
    QCOMPARE(proof.at("n").to_number<std::uint64_t>(), before);
    // And a client can ask for values under it, for which the node made the state anew.
    const json::value state = oper().must("state_get", {{"kind", 8}, {"id", ""}, {"batch", before}});
    QCOMPARE(std::string(state.at("header").as_string()), base::toHex(headerOf(before).encode()));
    QVERIFY(!state.at("value").is_null());
}

void TestProvenPayments::aProofOfAnUnsignedHistoryStopsNothing()
{
    l2::BatchHeader other = headerOf(m_world->sequencer->head());
    other.time += 1;
    QVERIFY(within(20, [&] { return oper().head() >= other.height.value; }));
    const std::uint64_t before = provenBatch();
    show(other);
    QVERIFY(within(20, [&] { return info().at("proof").at("other_histories").to_number<int>() == 1; }));
    QCOMPARE(info().at("equivocations").to_number<int>(), 0);
    QCOMPARE(provenBatch(), before);
}

void TestProvenPayments::aProofOfASecondSignedHistoryEndsAllPromises()
{
    l2::BatchHeader other = headerOf(m_world->sequencer->head());
    other.time += 2;
    const auto keys = m_world->network.keys("sequencer", daemon::NodeRole::Sequencer);
    show(other, take(l2::signHeader(other, keys.key("sequencer"))));
    QVERIFY(within(20, [&] { return info().at("equivocations").to_number<int>() == 1; }));
    const auto script = take(bitcoin::scriptFromAddress(m_address, bitcoin::Network::Regtest));
    m_world->send(m_alice->account,
                  l2::WithdrawRequest{Amount::fromSat(100'000), Amount::fromSat(2'000), script});
    for (int i = 0; i < 3; ++i) {
        m_world->mine(1);
        QThread::msleep(700);
    }
    const auto requested = static_cast<int>(l2::WithdrawalStatus::Requested);
    QCOMPARE(m_world->sequencer->must("withdrawals_list", {{"status", requested}}).as_array().size(),
             std::size_t{1});
    QCOMPARE(received(), 300'000LL);
}

QTEST_GUILESS_MAIN(TestProvenPayments)
#include "tst_proven_payments.moc"
