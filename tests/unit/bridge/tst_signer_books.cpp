// SPDX-License-Identifier: MIT
// What signers and operators keep of requests, and what a signer must never forget, while strangers post whatever
// they like.
#include "app/daemon/bridge/request_book.h"
#include "app/daemon/operator/operator_policy.h"
#include "app/daemon/signer/signer_store.h"
#include "tests/unit/bridge/fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;
using daemon::OperatorPolicy;
using daemon::RequestBook;
using daemon::SignerStore;

namespace {

DepositTerms termsOf(std::string_view who, std::string_view request)
{
    DepositTerms terms = standardTerms();
    terms.refundKey = keyOf(who).xOnlyPublicKey();
    terms.request = outpointOf(request);
    return terms;
}

struct Board {
    TestNetwork network = makeNetwork(2, 2);
    ChainFacts facts{.tip = {200}, .outputs = {}, .boundFundings = {}};

    [[nodiscard]] Deposit deposit(const DepositTerms& terms) const
    {
        return must(Deposit::create(network.context, terms));
    }
    [[nodiscard]] Message request(std::string_view who, std::string_view outpoint) const
    {
        const DepositTerms terms = termsOf(who, outpoint);
        return must(
            signMessage(keyOf(who), network.context->chainId, deposit(terms).id(), {},
                        RequestPayload{terms.request, terms.refundKey, terms.recipient, terms.value}));
    }
    [[nodiscard]] Message refusal(const PrivateKey& who, const Digest& topic, std::string text) const
    {
        return must(signMessage(who, network.context->chainId, topic, {},
                                RefusalPayload{RefusalCode::Other, std::move(text)}));
    }
    /// The request is mined as these terms ask for.
    void mine(const DepositTerms& terms, std::uint32_t height = 199)
    {
        facts.outputs[terms.request] = {deposit(terms).requestOutput(), {height}, std::nullopt};
    }
};

} // namespace

class TestSignerBooks : public QObject {
    Q_OBJECT

private slots:
    void aStrangerThatNamesSomebodysOutpointFirstTakesNothingAway();
    void fakesDoNotDisplaceARequestThatTheChainShows();
    void theOldestGoesWhenThereAreTooMany();
    void aDepositorWithManyOutpointsHarmsItselfAlone();
    void messagesOfThoseWithoutAPartAreDropped();
    void whatIsSpentOrTooLateIsNotHandedOut();
    void memoriesOfTwoDepositsWithOneOutpointAreKeptApart();
    void aStoreOfTheFirstFormIsTakenOver();
    void aBumpStopsAtTheHighestRateAndAtWhatTheWithdrawalIsWorth();
};

void TestSignerBooks::aStrangerThatNamesSomebodysOutpointFirstTakesNothingAway()
{
    Board board;
    RequestBook book(board.network.context);
    book.add(board.request("mallory", "alice's"));
    book.add(board.request("alice", "alice's"));
    QCOMPARE(book.size(), std::size_t{2});
    QCOMPARE(book.takeScripts().size(), std::size_t{2});
    QVERIFY(book.takeStanding(board.facts).empty());
    board.mine(termsOf("alice", "alice's"));
    const auto standing = book.takeStanding(board.facts);
    QCOMPARE(standing.size(), std::size_t{1});
    QVERIFY(standing[0].deposit.terms() == termsOf("alice", "alice's"));
    QCOMPARE(standing[0].messages.size(), std::size_t{1});
    QCOMPARE(book.size(), std::size_t{0}); // what the outpoint holds will never be what the stranger said
}

void TestSignerBooks::fakesDoNotDisplaceARequestThatTheChainShows()
{
    Board board;
    RequestBook book(board.network.context, {.requests = 20, .perTopic = 8, .messagesPerSender = 8});
    book.add(board.request("alice", "alice's"));
    board.mine(termsOf("alice", "alice's"));
    QCOMPARE(book.takeStanding(board.facts).size(), std::size_t{1});
    for (int i = 0; i < 60; ++i) {
        const std::string name = "stranger " + std::to_string(i);
        book.add(board.request(name, name));
    }
    QCOMPARE(book.size(), std::size_t{20});
    book.add(board.request("bob", "bob's"));
    board.mine(termsOf("bob", "bob's"));
    const auto standing = book.takeStanding(board.facts);
    QCOMPARE(standing.size(), std::size_t{1});
    QVERIFY(standing[0].deposit.terms() == termsOf("bob", "bob's"));
}

void TestSignerBooks::theOldestGoesWhenThereAreTooMany()
{
    Board board;
    RequestBook book(board.network.context, {.requests = 2, .perTopic = 8, .messagesPerSender = 8});
    for (const char* who : {"first", "second", "third"}) {
        book.add(board.request(who, who));
        board.mine(termsOf(who, who));
    }
    const auto standing = book.takeStanding(board.facts);
    QCOMPARE(standing.size(), std::size_t{2});
    QVERIFY(standing[0].deposit.terms() == termsOf("second", "second"));
    QVERIFY(standing[1].deposit.terms() == termsOf("third", "third"));
}

void TestSignerBooks::aDepositorWithManyOutpointsHarmsItselfAlone()
{
    Board board;
    RequestBook book(board.network.context, {.requests = 10, .perTopic = 3, .messagesPerSender = 100});
    book.add(board.request("alice", "alice's"));
    for (int i = 0; i < 50; ++i) book.add(board.request("mallory", "outpoint " + std::to_string(i)));
    QCOMPARE(book.size(), std::size_t{4});
    board.mine(termsOf("alice", "alice's"));
    QCOMPARE(book.takeStanding(board.facts).size(), std::size_t{1});
}

void TestSignerBooks::messagesOfThoseWithoutAPartAreDropped()
{
    Board board;
    RequestBook book(board.network.context, {.requests = 10, .perTopic = 8, .messagesPerSender = 3});
    const Digest topic = board.deposit(termsOf("alice", "alice's")).id();
    book.add(board.refusal(board.network.messageKeys[0], topic, "before there is a request"));
    book.add(board.request("alice", "alice's"));
    for (int i = 0; i < 10; ++i) {
        book.add(board.refusal(keyOf("mallory"), topic, std::to_string(i)));
        book.add(board.refusal(board.network.operatorKeys[0], topic, std::to_string(i)));
    }
    book.add(board.refusal(board.network.messageKeys[1], topic, "mine"));
    board.mine(termsOf("alice", "alice's"));
    const auto standing = book.takeStanding(board.facts);
    QCOMPARE(standing.size(), std::size_t{1});
    // The request, three of the operator, one of the member.
    QCOMPARE(standing[0].messages.size(), std::size_t{5});
    for (const Message& message : standing[0].messages) {
        QVERIFY(message.sender != keyOf("mallory").xOnlyPublicKey());
    }
}

void TestSignerBooks::whatIsSpentOrTooLateIsNotHandedOut()
{
    Board board;
    RequestBook book(board.network.context);
    for (const char* who : {"spent", "late", "good"}) book.add(board.request(who, who));
    board.mine(termsOf("spent", "spent"));
    board.facts.outputs[termsOf("spent", "spent").request].spentBy = Txid{{7}};
    board.mine(termsOf("late", "late"), 200 - board.network.context->params().refundBlocks / 2);
    board.mine(termsOf("good", "good"), 201 - board.network.context->params().refundBlocks / 2);
    const auto standing = book.takeStanding(board.facts);
    QCOMPARE(standing.size(), std::size_t{1});
    QVERIFY(standing[0].deposit.terms() == termsOf("good", "good"));
    QCOMPARE(book.size(), std::size_t{0});
}

void TestSignerBooks::memoriesOfTwoDepositsWithOneOutpointAreKeptApart()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("signer.sqlite").toStdString();
    const DepositTerms fake = termsOf("mallory", "alice's");
    const DepositTerms real = termsOf("alice", "alice's");
    const OutPoint funding = outpointOf("funding");
    {
        SignerStore store = must(SignerStore::open(path));
        Effects joins;
        joins.joinedAttempt = 2;
        QVERIFY(store.keep(fake, joins).ok());
        Effects signs;
        signs.joinedAttempt = 5;
        signs.released.push_back({Digest{{1}}, 5, Digest{{2}}, false, {funding}});
        QVERIFY(store.keep(real, signs).ok());
        QVERIFY(!store.keep(real, signs).ok()); // a session releases once
    }
    SignerStore store = must(SignerStore::open(path));
    QCOMPARE(must(store.deposits()).size(), std::size_t{2});
    QCOMPARE(must(store.memoryOf(fake)).joinedAttempt, 2U);
    QVERIFY(!must(store.memoryOf(fake)).boundRoot);
    QCOMPARE(must(store.memoryOf(real)).joinedAttempt, 5U);
    QVERIFY(must(store.memoryOf(real)).boundRoot == (Digest{{2}}));
    QCOMPARE(must(store.memoryOf(termsOf("bob", "bob's"))).joinedAttempt, 0U);
    const auto bound = must(store.boundFundings());
    QCOMPARE(bound.size(), std::size_t{1});
    QVERIFY(bound.at(funding) == real.request);
    QVERIFY(store.releaseFundings(real.request).ok());
    QVERIFY(must(store.boundFundings()).empty());
}

void TestSignerBooks::aStoreOfTheFirstFormIsTakenOver()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("signer.sqlite").toStdString();
    const DepositTerms terms = termsOf("alice", "alice's");
    {
        constexpr std::array<const char*, 1> kFirst{R"(
CREATE TABLE deposit(request BLOB PRIMARY KEY, terms BLOB NOT NULL, joined INTEGER NOT NULL DEFAULT 0,
                     bound_root BLOB, own_proposal BLOB, signed_graph BLOB, confirm_signature BLOB) STRICT;
CREATE TABLE released(session BLOB NOT NULL, confirm INTEGER NOT NULL, attempt INTEGER NOT NULL,
                      graph_root BLOB NOT NULL, request BLOB NOT NULL, PRIMARY KEY(session, confirm)) STRICT;
CREATE TABLE evidence(digest BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE veto(kickoff BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)"};
        store::Database db = must(store::Database::open(path, store::Schema{0x42575347, kFirst}));
        base::Writer writer;
        writeTerms(writer, terms);
        base::Writer outpoint;
        bitcoin::writeOutPoint(outpoint, terms.request);
        QVERIFY(db.run("INSERT INTO deposit(request, terms, joined, bound_root) VALUES (?, ?, 3, ?)",
                       outpoint.data(), writer.data(), Digest{{9}})
                    .ok());
    }
    SignerStore store = must(SignerStore::open(path));
    const MemberMemory memory = must(store.memoryOf(terms));
    QCOMPARE(memory.joinedAttempt, 3U);
    QVERIFY(memory.boundRoot == (Digest{{9}}));
}

void TestSignerBooks::aBumpStopsAtTheHighestRateAndAtWhatTheWithdrawalIsWorth()
{
    const OperatorPolicy policy(base::FeeRate{2'000}, base::FeeRate{10'000});
    QVERIFY(policy.feeRate() == base::FeeRate{2'000});
    QVERIFY(policy.higherRate(base::FeeRate{2'000}) == base::FeeRate{4'000});
    QVERIFY(policy.higherRate(base::FeeRate{8'000}) == base::FeeRate{10'000});
    QVERIFY(!policy.higherRate(base::FeeRate{10'000}));
    l2::Withdrawal withdrawal;
    withdrawal.operatorFee = Amount::fromSat(500);
    withdrawal.bond = Amount::fromSat(500);
    QVERIFY(policy.higherRate(base::FeeRate{2'000}, withdrawal, 200) == base::FeeRate{4'000});
    QVERIFY(policy.higherRate(base::FeeRate{4'000}, withdrawal, 200) == base::FeeRate{5'000});
    QVERIFY(!policy.higherRate(base::FeeRate{5'000}, withdrawal, 200));
    QVERIFY(policy.mayAccept(1, withdrawal));
    withdrawal.operatorFee = Amount::fromSat(499);
    QVERIFY(!policy.mayAccept(1, withdrawal));
}

QTEST_GUILESS_MAIN(TestSignerBooks)
#include "tst_signer_books.moc"
