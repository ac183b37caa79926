// SPDX-License-Identifier: MIT
// An operator's payments when the chain does not go its way: nothing is mined until the window is over, a reorg takes
// the state away, another user's request falls out of the replay, the operator never pays and another one takes over.
// Money is asked of bitcoind.
#include "tests/integration/bridge/world.h"

#include <QFile>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

class TestBridgePayments : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase()
    {
        m_deposit.reset();
        m_world.reset();
    }
    void aPaymentThatIsLateIsTakenBackAndTheUserIsNotPaidTwice();
    void aBumpedPaymentStaysWithinItsWorthAndIsTakenBackAsWell();
    void anOperatorDoesNotPayForAStateWhoseBlockHasLeft();
    void aPaymentCountsWhenAnEarlierRequestFallsOutOfTheReplay();
    void anotherOperatorTakesOverWhatTheFirstDoesNotPay();

private:
    struct Asked {
        std::string address;
        bitcoin::Script script;
    };
    [[nodiscard]] Asked ask(const crypto::PrivateKey& owner, std::int64_t amount, std::int64_t fee) const;
    [[nodiscard]] std::optional<std::pair<std::uint64_t, l2::Withdrawal>> find(const Asked& asked) const;
    [[nodiscard]] bool hasStatus(const Asked& asked, l2::WithdrawalStatus status) const
    {
        const auto found = find(asked);
        return found && found->second.status == status;
    }
    [[nodiscard]] std::int64_t received(const Asked& asked, int confirmations) const
    {
        return qRound64(std::stod(m_world->bitcoin->cli(
                            {"getreceivedbyaddress", asked.address, std::to_string(confirmations)})) *
                        1e8);
    }
    [[nodiscard]] std::vector<bitcoin::Transaction> mempool() const;
    /// The mempool's only transaction that pays it.
    [[nodiscard]] std::optional<bitcoin::Transaction> waiting(const Asked& asked) const;
    void mineEmpty(int blocks) const
    {
        for (int i = 0; i < blocks; ++i) {
            m_world->bitcoin->cli({"generateblock", m_world->bitcoin->newAddress(), "[]"});
            QThread::msleep(700); // the operator has time to act on each
        }
    }
    void setPays(bool pays) const { setFile("pays", pays); }
    void setPatient(bool patient) const { setFile("patient", patient); }
    void setFile(const char* name, bool isThere) const
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(isThere ? file.open(QIODevice::WriteOnly) : file.remove());
    }
    /// Until the operator may pay no more, with its payment in no block; then one full block, and the user reclaims.
    void letItBecomeLate(const Asked& asked);

    QTemporaryDir m_folder;
    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_deposit; // 0.1 BTC, minted
};

void TestBridgePayments::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    qputenv("BOWLINE_TEST_PAYS", m_folder.filePath("pays").toUtf8());
    qputenv("BOWLINE_TEST_PATIENT", m_folder.filePath("patient").toUtf8());
    setPays(true);
    m_world = std::make_unique<World>(
        World::Options{.operatorPrograms = {"bowline-faithless-operator"}, .bitcoind = {}});
    m_deposit = std::make_unique<Depositor>(*m_world, Amount::fromSat(10'000'000));
    QVERIFY(m_deposit->finish());
    m_world->send(m_deposit->account, l2::Transfer{m_world->operatorKey(1), Amount::fromSat(200'000)});
    QVERIFY(within(20, [&] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); }));
}

void TestBridgePayments::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    qInfo("%s", m_world->sequencer->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

TestBridgePayments::Asked TestBridgePayments::ask(const crypto::PrivateKey& owner, std::int64_t amount,
                                                  std::int64_t fee) const
{
    Asked out;
    out.address = m_world->bitcoin->newAddress();
    out.script = take(bitcoin::scriptFromAddress(out.address, bitcoin::Network::Regtest));
    m_world->send(owner, l2::WithdrawRequest{Amount::fromSat(amount), Amount::fromSat(fee), out.script});
    return out;
}

std::optional<std::pair<std::uint64_t, l2::Withdrawal>> TestBridgePayments::find(const Asked& asked) const
{
    const auto all = m_world->sequencer->must("withdrawals_list").as_array();
    for (const json::value& entry : all) {
        const auto id = entry.at("id").to_number<std::uint64_t>();
        const auto value = m_world->object(l2::withdrawalId(id));
        if (!value) continue;
        l2::Withdrawal withdrawal = take(l2::parseWithdrawal(*value));
        if (withdrawal.script == asked.script) return std::pair{id, std::move(withdrawal)};
    }
    return std::nullopt;
}

std::vector<bitcoin::Transaction> TestBridgePayments::mempool() const
{
    std::vector<bitcoin::Transaction> out;
    const auto all = m_world->bitcoin->json({"getrawmempool"}).as_array();
    for (const json::value& entry : all) {
        const auto txid = json::value_to<std::string>(entry);
        const auto raw = m_world->bitcoin->tryCli({"getrawtransaction", txid});
        if (raw.exitCode != 0) continue; // replaced meanwhile
        const std::string hex(raw.out.begin(), std::find(raw.out.begin(), raw.out.end(), '\n'));
        out.push_back(take(bitcoin::parseTransaction(take(base::fromHex(hex)))));
    }
    return out;
}

std::optional<bitcoin::Transaction> TestBridgePayments::waiting(const Asked& asked) const
{
    std::optional<bitcoin::Transaction> found;
    for (bitcoin::Transaction& transaction : mempool()) {
        if (transaction.outputs[0].scriptPubKey != asked.script) continue;
        if (found) qFatal("paid twice");
        found = std::move(transaction);
    }
    return found;
}

void TestBridgePayments::letItBecomeLate(const Asked& asked)
{
    const auto [id, withdrawal] = *find(asked);
    const auto payHeight = static_cast<int>(withdrawal.payHeight.value);
    const auto isWaiting = [&] { return waiting(asked).has_value(); };
    while (m_world->bitcoin->height() < payHeight - 1) mineEmpty(1);
    QVERIFY(within(10, isWaiting)); // it could still be mined in time
    const bitcoin::OutPoint coin = waiting(asked)->inputs[0].prevout;
    mineEmpty(1);
    const auto isTakenBack = [&] {
        const auto all = mempool();
        return std::any_of(all.begin(), all.end(), [&](const bitcoin::Transaction& transaction) {
            return transaction.inputs[0].prevout == coin &&
                   transaction.outputs[0].scriptPubKey != asked.script;
        });
    };
    QVERIFY(within(20, isTakenBack));
    QVERIFY(!isWaiting());
    m_world->mine(1);
    QVERIFY(!m_world->isUnspent(coin));
    const l2::NetworkParams& params = m_world->network.params();
    const int opens = payHeight + static_cast<int>(params.depth + params.reclaimMargin);
    m_world->mine(opens + 1 - m_world->bitcoin->height());
    const std::int64_t before = m_world->account(withdrawal.owner).btc.sat();
    m_world->send(m_deposit->account, l2::WithdrawReclaim{id});
    QVERIFY(within(20, [&] { return hasStatus(asked, l2::WithdrawalStatus::Cancelled); }));
    QCOMPARE(m_world->account(withdrawal.owner).btc.sat() - before,
             (withdrawal.amount + withdrawal.operatorFee + withdrawal.bond - params.minFee).sat());
    QCOMPARE(received(asked, 0), 0);
}

void TestBridgePayments::aPaymentThatIsLateIsTakenBackAndTheUserIsNotPaidTwice()
{
    const Asked asked = ask(m_deposit->account, 500'000, 5'000);
    setPatient(true);
    QVERIFY(m_world->mineUntil(kSealBlocks, [&] { return waiting(asked).has_value(); }));
    letItBecomeLate(asked);
    setPatient(false);
}

void TestBridgePayments::aBumpedPaymentStaysWithinItsWorthAndIsTakenBackAsWell()
{
    // Fee and bond of 500 satoshi each: about five times the payment's size.
    const Asked asked = ask(m_deposit->account, 10'000, 500);
    QVERIFY(m_world->mineUntil(kSealBlocks, [&] { return waiting(asked).has_value(); }));
    const base::Txid first = waiting(asked)->txid();
    const auto feeOf = [&](const base::Txid& txid) {
        const auto entry = m_world->bitcoin->json({"getmempoolentry", txid.displayHex()}).as_object();
        return qRound64(entry.at("fees").at("base").to_number<double>() * 1e8);
    };
    const auto fee = feeOf(first);
    mineEmpty(3);
    QVERIFY(within(20, [&] {
        const auto now = waiting(asked);
        return now && now->txid() != first;
    }));
    const auto bumped = feeOf(waiting(asked)->txid());
    QVERIFY(bumped >= 2 * fee - 10);
    mineEmpty(5);
    const auto last = feeOf(waiting(asked)->txid());
    QVERIFY2(last <= 1'000, std::to_string(last).c_str());
    letItBecomeLate(asked);
}

void TestBridgePayments::anOperatorDoesNotPayForAStateWhoseBlockHasLeft()
{
    setPays(false);
    m_world->mine(4);
    const Asked asked = ask(m_deposit->account, 400'000, 5'000);
    QVERIFY(within(20, [&] { return hasStatus(asked, l2::WithdrawalStatus::Accepted); }));
    QVERIFY(within(20, [&] {
        return m_world->operators[0]->must("chain_head").at("hash") ==
               m_world->sequencer->must("chain_head").at("hash");
    }));
    m_world->sequencer->stop();
    m_world->replaceByEmptyBlocks(3);
    QVERIFY(within(20, [&] {
        return m_world->operators[0]->must("node_info").at("l1").at("height").to_number<int>() ==
               m_world->bitcoin->height();
    }));
    QVERIFY(
        within(20, [&] { return !m_world->operators[0]->must("node_info").at("head_stands").as_bool(); }));
    setPays(true);
    QThread::msleep(3'000);
    QVERIFY(!waiting(asked));
    // The sequencer is back, the state is replayed, and now it pays.
    m_world->sequencer->launch();
    QVERIFY(
        m_world->mineUntil(8 + kSealBlocks, [&] { return hasStatus(asked, l2::WithdrawalStatus::Paid); }));
    QCOMPARE(received(asked, 1), 400'000);
}

void TestBridgePayments::aPaymentCountsWhenAnEarlierRequestFallsOutOfTheReplay()
{
    Depositor other(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(other.finish());
    const std::int64_t before = m_world->account(m_world->operatorKey(1)).btc.sat();
    const Asked lost = ask(other.account, 300'000, 5'000);
    const Asked kept = ask(m_deposit->account, 200'000, 5'000);
    QVERIFY(m_world->mineUntil(4 + kSealBlocks, [&] { return received(kept, 1) == 200'000; }));

    // The other depositor's vault leaves the chain: its mint, its request and the acceptance of it are void.
    const auto vault = m_world->minedAt(other.deposit().confirmTxid().displayHex());
    QVERIFY(vault.has_value());
    m_world->replaceByEmptyBlocks(m_world->bitcoin->height() - *vault + 1);
    // Replays wait for it until it is too late for that; the payment of the other must not be taken back meanwhile.
    const auto isReplayed = [&] { return !find(lost) && find(kept); };
    for (int i = 0; i < 8 && !within(2, isReplayed); ++i) mineEmpty(1);
    QVERIFY(within(10, isReplayed));
    QVERIFY(m_world->mineUntil(10, [&] { return hasStatus(kept, l2::WithdrawalStatus::Paid); }));
    m_world->mine(4);
    QCOMPARE(received(kept, 1), 200'000);
    const auto payments =
        m_world->bitcoin->json({"listreceivedbyaddress", "0", "false", "true", kept.address}).as_array();
    QCOMPARE(payments.at(0).at("txids").as_array().size(), std::size_t{1});
    // The escrow and its own bond, less what the acceptances and the proof cost it.
    const std::int64_t gained = m_world->account(m_world->operatorKey(1)).btc.sat() - before;
    QVERIFY2(gained >= 205'000 - 10 * m_world->network.params().minFee.sat(), std::to_string(gained).c_str());
    QVERIFY(m_world->allAgree());
}

void TestBridgePayments::anotherOperatorTakesOverWhatTheFirstDoesNotPay()
{
    setPays(false);
    const Asked asked = ask(m_deposit->account, 250'000, 5'000);
    QVERIFY(within(20, [&] { return hasStatus(asked, l2::WithdrawalStatus::Accepted); }));
    const l2::Withdrawal abandoned = find(asked)->second;
    QVERIFY(abandoned.operatorKey == m_world->operatorKey(1));
    m_world->send(m_deposit->account, l2::Transfer{m_world->operatorKey(2), Amount::fromSat(200'000)});
    QVERIFY(within(20, [&] { return m_world->operators[1]->must("node_info").at("registered").as_bool(); }));

    const l2::NetworkParams& params = m_world->network.params();
    const int opens = static_cast<int>(abandoned.payHeight.value + params.depth + params.reclaimMargin);
    m_world->mine(opens - 1 - m_world->bitcoin->height());
    QVERIFY(find(asked)->second.operatorKey == m_world->operatorKey(1));
    const std::int64_t before = m_world->account(abandoned.owner).btc.sat();
    m_world->bitcoin->mine(1);
    QVERIFY(
        m_world->mineUntil(3, [&] { return find(asked)->second.operatorKey == m_world->operatorKey(2); }));
    QCOMPARE(find(asked)->second.acceptance, 2U);
    QCOMPARE(m_world->account(abandoned.owner).btc.sat() - before, abandoned.bond.sat());
    QVERIFY(
        m_world->mineUntil(6 + kSealBlocks, [&] { return hasStatus(asked, l2::WithdrawalStatus::Paid); }));
    QCOMPARE(received(asked, 1), 250'000);
    QVERIFY(m_world->allAgree());
}

QTEST_GUILESS_MAIN(TestBridgePayments)
#include "tst_bridge_payments.moc"
