// SPDX-License-Identifier: MIT
// What becomes of the own layer-2 transactions with a node that forgets, refuses, and does not answer: nonces leave no
// gap, nothing is paid twice, and what was written down is sent until it is in a batch or known to be lost.
#include "app/services/local/own_transactions.h"
#include "core/net/errors.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::services;
namespace json = boost::json;

namespace {

/// A node that answers what the test tells it to, when the test says so.
struct FakeNode {
    struct Asked {
        std::string method;
        json::object params;
        OwnTransactions::Answer done;
    };
    std::vector<Asked> asked;
    std::vector<std::pair<l2::TxHash, std::string>> lost;
    OwnTransactions own{
        [this](std::string method, json::object params, OwnTransactions::Answer done) {
            asked.push_back({std::move(method), std::move(params), std::move(done)});
        },
        [this](const l2::TxHash& hash, const std::string& reason) { lost.emplace_back(hash, reason); }};

    /// Answers the oldest call, which must be of this method.
    void answer(const std::string& method, base::Result<json::value> result)
    {
        if (asked.empty() || asked.front().method != method) qFatal("not the call that was awaited");
        const Asked next = std::move(asked.front());
        asked.erase(asked.begin());
        next.done(std::move(result));
    }
    void status(const char* status) { answer("tx_status", json::value{{"status", status}}); }
    void refuse(const std::string& method, std::string reason)
    {
        answer(method, base::makeError(base::ErrorCode{"sequencer.tx-rejected"}, std::move(reason)));
    }
    /// The answer of one submission: its hash, or the code of its error.
    std::string submit(const l2::Transaction& tx, OwnTransactions::Unanswered unanswered,
                       base::Result<json::value> result)
    {
        std::string out;
        own.submit(tx, unanswered, [&out](base::Result<l2::TxHash> hash) {
            out = hash.ok() ? hash->hex() : std::string(hash.error().code.name());
        });
        answer("tx_submit", std::move(result));
        return out;
    }
};

l2::Transaction transfer(std::uint64_t nonce, std::int64_t sat = 1)
{
    l2::Transaction out;
    out.sender.bytes.fill(1);
    out.nonce = nonce;
    out.fee = base::Amount::fromSat(100);
    out.payload = l2::Transfer{base::XOnlyPublicKey{}, base::Amount::fromSat(sat)};
    return out;
}

base::Error silence() { return base::makeError(net::kTimeout); }

constexpr auto kForget = OwnTransactions::Unanswered::Forget;
constexpr auto kInsist = OwnTransactions::Unanswered::Insist;

} // namespace

class TestOwnTransactions : public QObject {
    Q_OBJECT

private slots:
    void noncesCountOnWhileTransactionsWait();
    void aRefusedOneGivesItsNonceBack();
    void oneThatIsDroppedLaterLeavesAGapThatTheNextFills();
    void aSecondTryAfterSilenceTakesTheSameNonce();
    void whatIsWrittenDownIsSentUntilTheNodeHasIt();
    void whatTheAccountHasPassedIsOver();
    void aFullNodeIsNoLastWord();
    void whatWaitsBehindAGapIsNamed();
};

void TestOwnTransactions::noncesCountOnWhileTransactionsWait()
{
    FakeNode node;
    node.own.accountIs(5);
    QCOMPARE(node.own.nextNonce(), std::uint64_t{5});
    QCOMPARE(node.submit(transfer(5), kForget, json::value{}), transfer(5).hash().hex());
    QCOMPARE(node.own.nextNonce(), std::uint64_t{6});
    QCOMPARE(node.submit(transfer(6), kForget, json::value{}), transfer(6).hash().hex());
    QCOMPARE(node.own.nextNonce(), std::uint64_t{7});
    // Included, but the verified account is not there yet: the nonce is not offered again.
    node.own.accountIs(5);
    node.status("included");
    node.status("pending");
    QCOMPARE(node.own.nextNonce(), std::uint64_t{7});
    node.own.accountIs(7);
    node.status("included");
    node.status("included");
    QCOMPARE(node.own.nextNonce(), std::uint64_t{7});
    node.own.accountIs(7);
    QVERIFY(node.asked.empty()); // nothing is left to ask for
    QVERIFY(node.lost.empty());
}

void TestOwnTransactions::aRefusedOneGivesItsNonceBack()
{
    FakeNode node;
    const base::Error refused = base::makeError(base::ErrorCode{"sequencer.tx-rejected"}, "balance-low");
    QCOMPARE(node.submit(transfer(0), kForget, refused), std::string("sequencer.tx-rejected"));
    QCOMPARE(node.own.nextNonce(), std::uint64_t{0});
    QCOMPARE(node.submit(transfer(0), kInsist, refused), std::string("sequencer.tx-rejected"));
    QCOMPARE(node.own.nextNonce(), std::uint64_t{0});
    QVERIFY(node.lost.empty()); // whoever submitted it was told
}

void TestOwnTransactions::oneThatIsDroppedLaterLeavesAGapThatTheNextFills()
{
    FakeNode node;
    for (std::uint64_t nonce = 0; nonce < 3; ++nonce) node.submit(transfer(nonce), kForget, json::value{});
    node.own.accountIs(1);
    // In the order of their hashes, which the test does not know.
    for (int i = 0; i < 3; ++i) {
        const auto hash = json::value_to<std::string>(node.asked.front().params.at("hash"));
        if (hash == transfer(0).hash().hex())
            node.status("included");
        else if (hash == transfer(1).hash().hex())
            node.answer("tx_status", json::value{{"status", "rejected"}, {"reason", "withdrawal-closed"}});
        else
            node.status("pending");
    }
    QCOMPARE(node.lost.size(), std::size_t{1});
    QVERIFY(node.lost[0].first == transfer(1).hash());
    QCOMPARE(node.lost[0].second, std::string("withdrawal-closed"));
    QCOMPARE(node.own.nextNonce(), std::uint64_t{1});
    node.submit(transfer(1, 9), kForget, json::value{});
    QCOMPARE(node.own.nextNonce(), std::uint64_t{3});
}

void TestOwnTransactions::aSecondTryAfterSilenceTakesTheSameNonce()
{
    FakeNode node;
    QCOMPARE(node.submit(transfer(0), kForget, silence()), std::string("net.timeout"));
    // Had the first one arrived after all, this one cannot be applied beside it.
    QCOMPARE(node.own.nextNonce(), std::uint64_t{0});
    node.own.accountIs(0);
    QVERIFY(node.asked.empty()); // and nothing sends the first one again
}

void TestOwnTransactions::whatIsWrittenDownIsSentUntilTheNodeHasIt()
{
    FakeNode node;
    QCOMPARE(node.submit(transfer(0), kInsist, silence()), transfer(0).hash().hex());
    QCOMPARE(node.own.nextNonce(), std::uint64_t{1});
    node.own.accountIs(0);
    node.status("unknown");
    QCOMPARE(node.asked.size(), std::size_t{1});
    QCOMPARE(json::value_to<std::string>(node.asked[0].params.at("hex")), base::toHex(transfer(0).encode()));
    node.own.accountIs(0);
    QCOMPARE(node.asked.size(), std::size_t{1}); // one call at a time for each
    node.answer("tx_submit", silence());
    node.own.accountIs(0);
    node.answer("tx_status", silence());
    node.own.accountIs(0);
    node.status("pending");
    node.own.accountIs(1);
    node.status("included");
    node.own.accountIs(1);
    QVERIFY(node.asked.empty());
    QVERIFY(node.lost.empty());
    // Taken up again after a restart, and refused by now.
    node.own.track(transfer(1));
    node.own.track(transfer(1));
    node.own.accountIs(1);
    node.status("unknown");
    node.refuse("tx_submit", "balance-low");
    QCOMPARE(node.lost.size(), std::size_t{1});
    QCOMPARE(node.lost[0].second, std::string("balance-low"));
    QCOMPARE(node.own.nextNonce(), std::uint64_t{1});
}

void TestOwnTransactions::whatTheAccountHasPassedIsOver()
{
    FakeNode node;
    node.own.track(transfer(3));
    node.own.accountIs(4);
    node.status("unknown"); // another one had its nonce
    QCOMPARE(node.lost.size(), std::size_t{1});
    QCOMPARE(node.lost[0].second, std::string("nonce-used"));
    QVERIFY(node.asked.empty());
}

void TestOwnTransactions::aFullNodeIsNoLastWord()
{
    FakeNode node;
    node.own.track(transfer(0));
    node.own.accountIs(0);
    node.status("unknown");
    node.answer("tx_submit", base::makeError(base::ErrorCode{"sequencer.pool-full"}));
    QVERIFY(node.lost.empty());
    node.own.accountIs(0);
    QCOMPARE(node.asked.size(), std::size_t{1});
}

void TestOwnTransactions::whatWaitsBehindAGapIsNamed()
{
    FakeNode node;
    node.own.accountIs(4);
    QVERIFY(!node.own.waitingBehindGap());
    for (std::uint64_t nonce = 4; nonce < 6; ++nonce) node.submit(transfer(nonce), kForget, json::value{});
    QVERIFY(!node.own.waitingBehindGap());
    node.own.track(transfer(8));
    node.own.track(transfer(7));
    QVERIFY(node.own.waitingBehindGap() == transfer(7).hash());
    // A look without news of the account asks for each, and is how the loss of one is noticed.
    node.own.lookAgain();
    QCOMPARE(node.asked.size(), std::size_t{4});
}

QTEST_GUILESS_MAIN(TestOwnTransactions)
#include "tst_own_transactions.moc"
