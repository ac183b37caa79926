// SPDX-License-Identifier: MIT
// The state transition, transfers and what all transactions share: who may ask, in which order, for which
// fee. Every refusal is also checked to change nothing and to make a strict batch invalid (Layer::refusal).
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

class TestStfTransfer : public QObject {
    Q_OBJECT
private slots:
    void transferMovesTheAmountAndPaysTheSequencer();
    void everyTouchedAccountFoldsTheTransaction();
    void transferToOneselfCostsTheFeeOnly();
    void severalTransfersOfOneBatchBuildOnEachOther();
    void replayAndGapsOfTheNonceAreRefused();
    void foreignSignatureIsRefused();
    void signatureForAnotherChainIsRefused();
    void feeBelowTheLeastIsRefused();
    void moreThanTheBalanceIsRefused();
    void nothingCannotBeSent();
    void amountsBeyondAllMoneyAreMalformed();
    void garbageIsMalformed();
    void proposalLeavesOutTheBadAndKeepsTheGood();
    void timeMustMoveOn();
    void tooLongOrTooManyTransactionsMakeABodyMalformed();
};

namespace {
const Amount kSome = Amount::fromSat(5'000);
} // namespace

void TestStfTransfer::transferMovesTheAmountAndPaysTheSequencer()
{
    Layer layer;
    layer.fund(layer.alice);
    const Amount before = layer.balance(layer.alice);
    const auto done = layer.commit({layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome})});
    QCOMPARE(layer.balance(layer.bob), kSome);
    QCOMPARE(layer.balance(layer.alice), before - kSome - layer.params.minFee);
    QCOMPARE(layer.balance(layer.sequencer), layer.params.minFee);
    QCOMPARE(layer.account(layer.alice).nonce, 1ULL);
    QCOMPARE(done.receipts.size(), std::size_t{1});
    QCOMPARE(done.receipts[0].kind, TxType::Transfer);
    QCOMPARE(done.statement.fees, 100ULL);
    QCOMPARE(done.runs, 1U);
    QVERIFY(layer.conserved());
}

void TestStfTransfer::everyTouchedAccountFoldsTheTransaction()
{
    Layer layer;
    const TestVault vault = layer.fund(layer.alice);
    const Transaction tx = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    layer.commit({tx});
    const BatchNumber minted = layer.batches[layer.batches.size() - 2].head.header.height;
    const std::vector<HistoryEntry> alice{{vault.mint.hash(), minted, 0},
                                          {tx.hash(), layer.head().height, 0}};
    QVERIFY(verifyHistory(layer.account(layer.alice).history, alice).ok());
    QVERIFY(verifyHistory(layer.account(layer.bob).history, std::span(alice).last(1)).ok());
    QVERIFY(verifyHistory(layer.account(layer.sequencer).history, {}).ok());
}

void TestStfTransfer::transferToOneselfCostsTheFeeOnly()
{
    Layer layer;
    layer.fund(layer.alice);
    const Amount before = layer.balance(layer.alice);
    const Transaction tx = layer.make(layer.alice, Transfer{layer.alice.xOnlyPublicKey(), kSome});
    layer.commit({tx});
    QCOMPARE(layer.balance(layer.alice), before - layer.params.minFee);
    QVERIFY(layer.conserved());
}

void TestStfTransfer::severalTransfersOfOneBatchBuildOnEachOther()
{
    Layer layer;
    layer.fund(layer.alice);
    const Transaction first = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    Transaction back = layer.make(layer.bob, Transfer{layer.alice.xOnlyPublicKey(), Amount::fromSat(1'000)});
    Transaction second = first;
    second.nonce = 1;
    const auto done = layer.commit({first, back, layer.sign(second, layer.alice)});
    QCOMPARE(done.receipts.size(), std::size_t{3});
    QCOMPARE(layer.balance(layer.bob).sat(), 2 * 5'000 - 1'000 - 100);
    QVERIFY(layer.conserved());
}

void TestStfTransfer::replayAndGapsOfTheNonceAreRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    const Transaction tx = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    Transaction early = tx;
    early.nonce = 1;
    QCOMPARE(layer.refusal(layer.sign(early, layer.alice)), std::string("nonce-high"));
    layer.commit({tx});
    QCOMPARE(layer.refusal(tx), std::string("nonce-low"));
}

void TestStfTransfer::foreignSignatureIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    const Transaction good = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    Transaction byBob = layer.sign(good, layer.bob);
    byBob.sender = layer.alice.xOnlyPublicKey();
    QCOMPARE(layer.refusal(byBob), std::string("bad-signature"));
    Transaction redirected = good;
    std::get<Transfer>(redirected.payload).to = layer.operators[0].xOnlyPublicKey();
    QCOMPARE(layer.refusal(redirected), std::string("bad-signature"));
    Transaction unsignedTx = good;
    unsignedTx.signature = {};
    QCOMPARE(layer.refusal(unsignedTx), std::string("bad-signature"));
    QCOMPARE(layer.refusal(good), std::string());
}

void TestStfTransfer::signatureForAnotherChainIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    Transaction tx = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    ChainId other = layer.chainId;
    other.bytes[0] ^= 1;
    QCOMPARE(layer.refusal(must(signTransaction(tx, other, layer.alice))), std::string("bad-signature"));
}

void TestStfTransfer::feeBelowTheLeastIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    Transaction tx = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    tx.fee = Amount::fromSat(99);
    QCOMPARE(layer.refusal(layer.sign(tx, layer.alice)), std::string("fee-low"));
    tx.fee = Amount::fromSat(0);
    QCOMPARE(layer.refusal(layer.sign(tx, layer.alice)), std::string("fee-low"));
}

void TestStfTransfer::moreThanTheBalanceIsRefused()
{
    Layer layer;
    layer.fund(layer.alice);
    const Amount all = layer.balance(layer.alice);
    const auto to = layer.bob.xOnlyPublicKey();
    QCOMPARE(layer.refusal(layer.make(layer.alice, Transfer{to, all})), std::string("balance-low"));
    const Amount most = all - layer.params.minFee;
    QCOMPARE(layer.refusal(layer.make(layer.alice, Transfer{to, most + Amount::fromSat(1)})),
             std::string("balance-low"));
    QCOMPARE(layer.refusal(layer.make(layer.alice, Transfer{to, most})), std::string());
    QCOMPARE(layer.refusal(layer.make(layer.bob, Transfer{to, kSome})), std::string("balance-low"));
}

void TestStfTransfer::nothingCannotBeSent()
{
    Layer layer;
    layer.fund(layer.alice);
    const Transaction tx = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount{}});
    QCOMPARE(layer.refusal(tx), std::string("amount-zero"));
}

void TestStfTransfer::amountsBeyondAllMoneyAreMalformed()
{
    Layer layer;
    layer.fund(layer.alice);
    for (const std::int64_t sat : {Amount::kMaxSat + 1, std::int64_t{-1}, std::int64_t{-5'000'000}}) {
        const Transaction tx =
            layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(sat)});
        QCOMPARE(layer.refusal(tx), std::string("malformed"));
        Transaction fee = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
        fee.fee = Amount::fromSat(sat);
        QCOMPARE(layer.refusal(layer.sign(fee, layer.alice)), std::string("malformed"));
    }
    const Transaction most =
        layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(Amount::kMaxSat)});
    QCOMPARE(layer.refusal(most), std::string("balance-low"));
}

void TestStfTransfer::garbageIsMalformed()
{
    Layer layer;
    layer.fund(layer.alice);
    const Bytes good = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome}).encode();
    QCOMPARE(layer.refusalOf({}), std::string("malformed"));
    QCOMPARE(layer.refusalOf(Bytes(good.begin(), good.end() - 1)), std::string("malformed"));
    Bytes longer = good;
    longer.insert(longer.end() - 64, 0);
    QCOMPARE(layer.refusalOf(longer), std::string("malformed"));
    Bytes version = good;
    version[0] = 2;
    QCOMPARE(layer.refusalOf(version), std::string("malformed"));
    for (const int type : {0, 12, 255}) {
        Bytes unknown = good;
        unknown[1] = static_cast<std::uint8_t>(type);
        QCOMPARE(layer.refusalOf(unknown), std::string("malformed"));
    }
}

void TestStfTransfer::proposalLeavesOutTheBadAndKeepsTheGood()
{
    Layer layer;
    layer.fund(layer.alice);
    const Transaction good = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), kSome});
    Transaction forged = good;
    forged.signature[5] ^= 1;
    Transaction next = good;
    next.nonce = 1;
    next = layer.sign(next, layer.alice);
    const auto result = layer.propose(layer.bodyWith({forged, good, good, next}));
    const auto& done = std::get<Execution>(result);
    QCOMPARE(done.rejected.size(), std::size_t{2});
    QCOMPARE(done.rejected[0].index, 0U);
    QCOMPARE(done.rejected[0].reason, std::string("bad-signature"));
    QCOMPARE(done.rejected[1].index, 2U);
    QCOMPARE(done.rejected[1].reason, std::string("nonce-low"));
    QCOMPARE(done.rejected[1].hash, good.hash());
    QCOMPARE(done.body.transactions.size(), std::size_t{2});
    // A follower gets the same from what is left.
    const auto followed = must(layer.executor.apply(layer.head(), layer.state(), done.header, done.body));
    QCOMPARE(std::get<Execution>(followed).state.root(), done.header.stateRoot);
}

void TestStfTransfer::timeMustMoveOn()
{
    Layer layer;
    const auto at = [&layer](std::uint64_t time) {
        return must(layer.executor.propose(layer.head(), layer.state(), time, layer.bodyWith({})));
    };
    QCOMPARE(std::get<InvalidBatch>(at(layer.head().time)).reason, std::string("time-not-later"));
    QCOMPARE(std::get<InvalidBatch>(at(0)).reason, std::string("time-not-later"));
    QVERIFY(std::holds_alternative<Execution>(at(layer.head().time + 1)));
}

void TestStfTransfer::tooLongOrTooManyTransactionsMakeABodyMalformed()
{
    Layer layer;
    BatchBody body = layer.bodyWith({});
    body.transactions = {Bytes(kMaxTransactionBytes, 0)};
    QCOMPARE(std::get<Execution>(layer.propose(body)).rejected[0].reason, std::string("malformed"));
    body.transactions = {Bytes(kMaxTransactionBytes + 1, 0)};
    QVERIFY(!parseBatchBody(body.encode()).ok());
    QVERIFY(!layer.executor.propose(layer.head(), layer.state(), layer.nextTime(), body).ok());
    body.transactions.assign(kMaxTransactions, {});
    QVERIFY(parseBatchBody(body.encode()).ok());
    body.transactions.emplace_back();
    QVERIFY(!parseBatchBody(body.encode()).ok());
    QVERIFY(!layer.executor.propose(layer.head(), layer.state(), layer.nextTime(), body).ok());
}

QTEST_APPLESS_MAIN(TestStfTransfer)
#include "tst_stf_transfer.moc"
