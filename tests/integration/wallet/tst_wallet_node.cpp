// SPDX-License-Identifier: MIT
// The wallet against a real bitcoind that refuses what is not standard: receiving, sending, bumping,
// coinbase, reorganisations and restoring. What the node says comes from bitcoin-cli, not through our code.
#include "core/bitcoin/address.h"
#include "core/keys/mnemonic.h"
#include "core/wallet/bump.h"
#include "tests/integration/wallet/live_wallet.h"

#include <boost/json.hpp>

#include <cmath>

using namespace bowline;
using namespace bowline::wallet;
using namespace bowline::test;

namespace {

constexpr auto kNetwork = bitcoin::Network::Regtest;

NewWallet freshWords()
{
    NewWallet out = newWallet();
    out.words = keys::Mnemonic::generate(12)->text();
    return out;
}

NewWallet sameWords(const base::SecureBytes& words)
{
    NewWallet out = newWallet();
    out.words = words;
    out.restored = true;
    return out;
}

/// The node prints bitcoin with eight decimals; a double holds them, and rounding brings them back.
std::int64_t satOf(const boost::json::value& btc)
{
    return std::llround(btc.to_number<double>() * 100'000'000.0);
}

Script scriptOf(const std::string& address) { return *bitcoin::scriptFromAddress(address, kNetwork); }

SpendRequest pay(const std::string& address, std::int64_t amount, std::int64_t satPerKvb)
{
    SpendRequest request;
    request.recipients = {{scriptOf(address), sat(amount), false, {}}};
    request.rate = {satPerKvb};
    return request;
}

bool inPool(const Bitcoind& node, const Txid& txid)
{
    return QTest::qWaitFor(
        [&] {
            return node.tryCli({"getmempoolentry", txid.displayHex()}).exitCode == 0;
        },
        30'000);
}

boost::json::object poolEntry(const Bitcoind& node, const Txid& txid)
{
    return node.json({"getmempoolentry", txid.displayHex()}).as_object();
}

/// What the node's own wallet got by this transaction.
std::int64_t nodeReceived(const Bitcoind& node, const Txid& txid)
{
    return satOf(node.json({"gettransaction", txid.displayHex()}).at("amount"));
}

} // namespace

class TestWalletNode : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void receivesAndSendsBothTypes();
    void aProtocolPaymentHasItsLayout();
    void aReplacementIsAcceptedAndMined();
    void childrenBumpPaymentsOfOurs();
    void childrenBumpAnchoredTransactions();
    void coinbaseIsSpentNotABlockTooEarly();
    void aReorganisationTakesMoneyBackAndReturnsIt();
    void restoringFindsTheSameBalance();

private:
    std::unique_ptr<Bitcoind> m_node;
};

void TestWalletNode::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_node = Bitcoind::start();
    m_node->mine(110);
}

void TestWalletNode::cleanupTestCase() { m_node.reset(); }

void TestWalletNode::receivesAndSendsBothTypes()
{
    LiveWallet live(*m_node, freshWords());
    const std::string taproot = live.newAddress();
    const std::string segwit = live.newAddress(AddressType::SegwitV0);
    QVERIFY(taproot.starts_with("bcrt1p") && segwit.starts_with("bcrt1q"));
    m_node->send(taproot, "0.30000000");
    m_node->send(segwit, "0.20000000");
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), std::int64_t{50'000'000});
    QVERIFY(!live.balance().partial);

    // More than either type has alone: both kinds of input in one transaction.
    const SignedSpend spend =
        live.send(draftSpend(live.wallet(), pay(m_node->newAddress(), 45'000'000, 2'500)));
    QCOMPARE(spend.transaction.inputs.size(), std::size_t{2});
    const Txid txid = spend.transaction.txid();
    QVERIFY(inPool(*m_node, txid));
    const boost::json::object entry = poolEntry(*m_node, txid);
    QCOMPARE(satOf(entry.at("fees").at("base")), spend.draft.fee.sat());
    QCOMPARE(entry.at("vsize").to_number<std::int64_t>(), spend.transaction.virtualSize());
    QCOMPARE(entry.at("bip125-replaceable").as_bool(), true);
    QCOMPARE(live.balance().pendingOutgoing.sat(), 45'000'000 + spend.draft.fee.sat());
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(nodeReceived(*m_node, txid), std::int64_t{45'000'000});
    QCOMPARE(live.balance().confirmed.sat(), 5'000'000 - spend.draft.fee.sat());
    QCOMPARE(live.balance().pendingOutgoing.sat(), std::int64_t{0});

    // Each type alone, everything that is left, twice.
    for (const AddressType type : {AddressType::SegwitV0, AddressType::Taproot}) {
        m_node->send(live.newAddress(type), "0.01000000");
        m_node->mine(1);
        QVERIFY(live.catchUp(*m_node));
        SpendRequest all = pay(m_node->newAddress("bech32"), 0, 1'000);
        all.recipients[0].takesRest = true;
        const std::int64_t before = live.balance().confirmed.sat();
        const SignedSpend sweep = live.send(draftSpend(live.wallet(), all));
        QVERIFY(inPool(*m_node, sweep.transaction.txid()));
        m_node->mine(1);
        QVERIFY(live.catchUp(*m_node));
        QCOMPARE(nodeReceived(*m_node, sweep.transaction.txid()), before - sweep.draft.fee.sat());
        QCOMPARE(live.balance().confirmed.sat(), std::int64_t{0});
    }
}

void TestWalletNode::aProtocolPaymentHasItsLayout()
{
    LiveWallet live(*m_node, freshWords());
    m_node->send(live.newAddress(), "0.50000000");
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    const std::string target = m_node->newAddress();
    const base::Bytes digest(32, 0xab);
    SpendRequest request = pay(target, 10'000'000, 1'500);
    request.recipients.push_back({bitcoin::nullDataScript(digest), {}, false, {}});
    request.fixedOrder = true;
    const SignedSpend spend = live.send(draftSpend(live.wallet(), request));
    QVERIFY(inPool(*m_node, spend.transaction.txid()));
    const auto shown = m_node->json({"getrawtransaction", spend.transaction.txid().displayHex(), "1"});
    const auto& outputs = shown.at("vout").as_array();
    QCOMPARE(satOf(outputs.at(0).at("value")), std::int64_t{10'000'000});
    QCOMPARE(std::string(outputs.at(0).at("scriptPubKey").at("address").as_string()), target);
    QCOMPARE(std::string(outputs.at(1).at("scriptPubKey").at("hex").as_string()),
             "6a20" + base::toHex(digest));
    QCOMPARE(outputs.size(), std::size_t{3});
}

void TestWalletNode::aReplacementIsAcceptedAndMined()
{
    LiveWallet live(*m_node, freshWords());
    m_node->send(live.newAddress(), "0.10000000");
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    const SignedSpend first =
        live.send(draftSpend(live.wallet(), pay(m_node->newAddress(), 4'000'000, 1'000)));
    QVERIFY(inPool(*m_node, first.transaction.txid()));
    // The smallest step that the rules allow, then a large one.
    Txid last = first.transaction.txid();
    std::int64_t lastFee = first.draft.fee.sat();
    for (const std::int64_t rate : {1'100, 25'000}) {
        const SignedSpend next =
            live.send(draftReplacement(live.wallet(), last, {{rate}, false, {}, {}, {}}));
        QVERIFY(inPool(*m_node, next.transaction.txid()));
        QVERIFY(m_node->tryCli({"getmempoolentry", last.displayHex()}).exitCode != 0);
        QVERIFY(next.draft.fee.sat() > lastFee);
        lastFee = next.draft.fee.sat();
        last = next.transaction.txid();
    }
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(nodeReceived(*m_node, last), std::int64_t{4'000'000});
    QCOMPARE(live.balance().confirmed.sat(), 6'000'000 - lastFee);
    QVERIFY((*live.wallet().historyEntry(first.transaction.txid()))->state == TransactionState::Conflicted);
    // Taken back while it is not mined.
    const SignedSpend regretted =
        live.send(draftSpend(live.wallet(), pay(m_node->newAddress(), 2'000'000, 1'000)));
    QVERIFY(inPool(*m_node, regretted.transaction.txid()));
    const SignedSpend undo = live.send(
        draftCancellation(live.wallet(), regretted.transaction.txid(), {{5'000}, false, {}, {}, {}}));
    QVERIFY(inPool(*m_node, undo.transaction.txid()));
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), 6'000'000 - lastFee - undo.draft.fee.sat());
}

void TestWalletNode::childrenBumpPaymentsOfOurs()
{
    LiveWallet live(*m_node, freshWords());
    m_node->send(live.newAddress(AddressType::SegwitV0), "0.10000000");
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    const SignedSpend parent =
        live.send(draftSpend(live.wallet(), pay(m_node->newAddress(), 4'000'000, 1'000)));
    QVERIFY(inPool(*m_node, parent.transaction.txid()));
    const SignedSpend child =
        live.send(draftChildOf(live.wallet(), parent.transaction.txid(), {{30'000}, false, {}, {}, {}}));
    QVERIFY(inPool(*m_node, child.transaction.txid()));
    const boost::json::object entry = poolEntry(*m_node, child.transaction.txid());
    const std::int64_t fees = satOf(entry.at("fees").at("ancestor"));
    const auto size = entry.at("ancestorsize").to_number<std::int64_t>();
    QCOMPARE(fees, (parent.draft.fee + child.draft.fee).sat());
    QVERIFY(fees * 1000 >= 30'000 * size);
    QVERIFY(fees * 1000 <= 30'500 * size);
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), 6'000'000 - fees);
}

void TestWalletNode::childrenBumpAnchoredTransactions()
{
    LiveWallet live(*m_node, freshWords());
    m_node->send(live.newAddress(), "0.10000000");
    m_node->send(live.newAddress(), "0.20000000");
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    // A version 3 transaction with a keyless anchor, as the bridge has them; from another wallet, so that its
    // change is no help.
    LiveWallet other(*m_node, freshWords());
    m_node->send(other.newAddress(), "0.10000000");
    m_node->mine(1);
    QVERIFY(other.catchUp(*m_node));
    SpendRequest request = pay(m_node->newAddress(), 5'000'000, 1'000);
    request.recipients.push_back({bitcoin::payToAnchor(), sat(240), false, {}});
    request.version = 3;
    request.fixedOrder = true;
    const SignedSpend parent = other.send(draftSpend(other.wallet(), request));
    QVERIFY(inPool(*m_node, parent.transaction.txid()));
    QVERIFY(live.catchUp(*m_node));
    Txid last;
    for (const std::int64_t rate : {10'000, 40'000}) { // the second child takes the place of the first
        ChildRequest bump;
        bump.parents = {parent.transaction};
        bump.parentFee = parent.draft.fee;
        bump.packageRate = {rate};
        const SignedSpend child = live.send(draftChild(live.wallet(), bump));
        QVERIFY(inPool(*m_node, child.transaction.txid()));
        const boost::json::object entry = poolEntry(*m_node, child.transaction.txid());
        QVERIFY(satOf(entry.at("fees").at("ancestor")) * 1000 >=
                rate * entry.at("ancestorsize").to_number<std::int64_t>());
        if (!last.isZero()) QVERIFY(m_node->tryCli({"getmempoolentry", last.displayHex()}).exitCode != 0);
        last = child.transaction.txid();
    }
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    const auto spender = m_node->json({"getrawtransaction", last.displayHex(), "1", m_node->bestBlock()});
    QCOMPARE(spender.at("version").to_number<int>(), 3);
    QCOMPARE(live.balance().pendingOutgoing.sat(), std::int64_t{0});
}

void TestWalletNode::coinbaseIsSpentNotABlockTooEarly()
{
    LiveWallet live(*m_node, freshWords());
    m_node->mine(1, live.newAddress());
    QVERIFY(live.catchUp(*m_node));
    const std::int64_t reward = live.balance().immature.sat();
    QVERIFY(reward > 0);
    QCOMPARE(live.balance().spendable.sat(), std::int64_t{0});
    m_node->mine(98);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().immature.sat(), reward);
    const SpendRequest request = pay(m_node->newAddress(), reward / 2, 1'000);
    COMPARE_ERROR(draftSpend(live.wallet(), request), kInsufficientFunds);
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), reward);
    const SignedSpend spend = live.send(draftSpend(live.wallet(), request));
    QVERIFY(inPool(*m_node, spend.transaction.txid()));
}

void TestWalletNode::aReorganisationTakesMoneyBackAndReturnsIt()
{
    LiveWallet live(*m_node, freshWords());
    m_node->send(live.newAddress(), "0.07000000");
    const std::string lost = m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), std::int64_t{7'000'000});
    // Two empty blocks in its place: generateblock takes no transactions unless told.
    m_node->cli({"invalidateblock", lost});
    const std::string miner = m_node->newAddress();
    m_node->cli({"generateblock", miner, "[]"});
    m_node->cli({"generateblock", miner, "[]"});
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), std::int64_t{0});
    QCOMPARE(live.balance().pendingIncoming.sat(), std::int64_t{7'000'000});
    m_node->mine(1);
    QVERIFY(live.catchUp(*m_node));
    QCOMPARE(live.balance().confirmed.sat(), std::int64_t{7'000'000});
    const std::vector<HistoryEntry> history = *live.wallet().history(std::nullopt, 10);
    QCOMPARE(history.size(), std::size_t{1});
    QCOMPARE(history[0].confirmed->hash.displayHex(), m_node->bestBlock());
}

void TestWalletNode::restoringFindsTheSameBalance()
{
    const base::SecureBytes words = keys::Mnemonic::generate(24)->text();
    NewWallet options = sameWords(words);
    Balance expected;
    std::size_t transactions = 0;
    {
        LiveWallet live(*m_node, std::move(options));
        // Far beyond the first gap, several addresses a block, so that it grows twice and more.
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 17; ++i) {
                m_node->send(live.newAddress(i % 3 == 0 ? AddressType::SegwitV0 : AddressType::Taproot),
                             "0.00100000");
            }
            m_node->mine(1);
            QVERIFY(live.catchUp(*m_node));
        }
        const SignedSpend spend =
            live.send(draftSpend(live.wallet(), pay(m_node->newAddress(), 1'234'567, 3'000)));
        QVERIFY(inPool(*m_node, spend.transaction.txid()));
        m_node->mine(1);
        QVERIFY(live.catchUp(*m_node));
        expected = live.balance();
        transactions = live.wallet().history(std::nullopt, 1'000)->size();
        QCOMPARE(expected.confirmed.sat(), 51 * 100'000 - 1'234'567 - spend.draft.fee.sat());
    }
    LiveWallet restored(*m_node, sameWords(words));
    QVERIFY(restored.catchUp(*m_node));
    // It says that it is complete only when the second looks are done too.
    QCOMPARE(restored.balance().confirmed.sat(), expected.confirmed.sat());
    QVERIFY(restored.balance() == expected);
    QCOMPARE(restored.wallet().history(std::nullopt, 1'000)->size(), transactions);
}

QTEST_GUILESS_MAIN(TestWalletNode)
#include "tst_wallet_node.moc"
