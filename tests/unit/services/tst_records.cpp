// SPDX-License-Identifier: MIT
// What a wallet's file keeps of deposits and withdrawals: read back exactly, and nothing else is taken for one.
#include "app/services/local/records.h"

#include <QTest>

#include <random>

using namespace bowline;
using namespace bowline::services;

class TestRecords : public QObject {
    Q_OBJECT
private slots:
    void depositsAreReadBack();
    void withdrawalsAreReadBack();
    void paymentsAreReadBack();
    void everyTruncationIsRefused();
    void noiseIsRefusedWithoutHarm();
};

namespace {
DepositRecord someDeposit()
{
    DepositRecord record;
    record.terms.request.txid.bytes.fill(1);
    record.terms.request.index = 3;
    record.terms.refundKey.bytes.fill(2);
    record.terms.recipient.bytes.fill(3);
    record.terms.value = base::Amount::fromSat(1'000'000);
    record.refundIndex = 7;
    record.created = 1'700'000'000;
    record.createdAt = {120};
    bridge::MintAuthorisation held;
    held.graphRoot.bytes.fill(4);
    held.signature.fill(5);
    record.authorisation = held;
    record.refund = base::Txid{};
    return record;
}

l2::Transaction somePayment(std::uint64_t nonce)
{
    l2::Transaction out;
    out.sender.bytes.fill(8);
    out.nonce = nonce;
    out.fee = base::Amount::fromSat(100);
    out.payload =
        l2::WithdrawRequest{base::Amount::fromSat(1'500'000), base::Amount::fromSat(3'000), {0x51, 0x20}};
    out.signature.fill(9);
    return out;
}

TransferRecord somePaymentRecord() { return {somePayment(5), 1'700'000'002, "nonce-used"}; }

WithdrawalRecord someWithdrawal()
{
    WithdrawalRecord record;
    record.request.bytes.fill(6);
    record.amount = base::Amount::fromSat(1'500'000);
    record.operatorFee = base::Amount::fromSat(3'000);
    record.script = {0x51, 0x20, 1, 2, 3};
    record.address = "bcrt1p...";
    record.created = 1'700'000'001;
    record.createdAt = {121};
    record.transaction = somePayment(3);
    record.refused = "balance-low";
    return record;
}
} // namespace

void TestRecords::depositsAreReadBack()
{
    const auto back = parseDepositRecord(encode(someDeposit()));
    QVERIFY(back.ok());
    QVERIFY(back->terms == someDeposit().terms);
    QCOMPARE(back->refundIndex, 7U);
    QCOMPARE(back->createdAt.value, 120U);
    QVERIFY(back->authorisation == someDeposit().authorisation);
    QVERIFY(back->refund.has_value());
    DepositRecord bare = someDeposit();
    bare.authorisation.reset();
    bare.refund.reset();
    QVERIFY(!parseDepositRecord(encode(bare))->authorisation.has_value());
}

void TestRecords::withdrawalsAreReadBack()
{
    const auto back = parseWithdrawalRecord(encode(someWithdrawal()));
    QVERIFY(back.ok());
    QVERIFY(back->request == someWithdrawal().request);
    QVERIFY(back->amount == someWithdrawal().amount);
    QVERIFY(back->script == someWithdrawal().script);
    QCOMPARE(back->address, someWithdrawal().address);
    QVERIFY(back->transaction == someWithdrawal().transaction);
    QCOMPARE(back->refused, std::string("balance-low"));
    QVERIFY(!back->reclaim.has_value());
    WithdrawalRecord reclaimed = someWithdrawal();
    reclaimed.reclaim = somePayment(4);
    QVERIFY(parseWithdrawalRecord(encode(reclaimed))->reclaim == somePayment(4));
}

void TestRecords::paymentsAreReadBack()
{
    const auto back = parseTransferRecord(encode(somePaymentRecord()));
    QVERIFY(back.ok());
    QVERIFY(back->transaction == somePayment(5));
    QCOMPARE(back->created, base::UnixTime{1'700'000'002});
    QCOMPARE(back->refused, std::string("nonce-used"));
    QCOMPARE(refusalText(""), std::string("refused"));
    QCOMPARE(refusalText(std::string(1'000, 'x')).size(), std::size_t{100}); // a node's text is no measure
}

void TestRecords::everyTruncationIsRefused()
{
    for (const base::Bytes& whole :
         {encode(someDeposit()), encode(someWithdrawal()), encode(somePaymentRecord())}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const base::ByteView cut(whole.data(), size);
            QVERIFY(!parseDepositRecord(cut).ok());
            QVERIFY(!parseWithdrawalRecord(cut).ok());
            QVERIFY(!parseTransferRecord(cut).ok());
        }
        base::Bytes longer = whole;
        longer.push_back(0);
        QVERIFY(!parseDepositRecord(longer).ok());
        QVERIFY(!parseWithdrawalRecord(longer).ok());
        QVERIFY(!parseTransferRecord(longer).ok());
    }
}

void TestRecords::noiseIsRefusedWithoutHarm()
{
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        base::Bytes noise = random() % 2 == 0 ? encode(someDeposit()) : encode(someWithdrawal());
        for (int flips = 0; flips < 3; ++flips)
            noise[random() % noise.size()] = static_cast<std::uint8_t>(random());
        if (const auto read = parseDepositRecord(noise); read.ok()) QVERIFY(encode(*read) == noise);
        if (const auto read = parseWithdrawalRecord(noise); read.ok()) QVERIFY(encode(*read) == noise);
    }
}

QTEST_GUILESS_MAIN(TestRecords)
#include "tst_records.moc"
