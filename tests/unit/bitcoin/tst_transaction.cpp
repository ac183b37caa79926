// SPDX-License-Identifier: MIT
// core/bitcoin/transaction.h against Bitcoin Core's transaction vectors and a real node's answers.
#include "core/bitcoin/transaction.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::textOf;

namespace {
// One input and one output, without witness.
Transaction smallTransaction()
{
    Transaction out;
    out.inputs.push_back({{Txid{{1}}, 0}, {}, kSequenceFinal, {}});
    out.outputs.push_back({Amount::fromSat(1000), payToAnchor()});
    return out;
}
} // namespace

class TestTransaction : public QObject {
    Q_OBJECT
private slots:
    void coresValidTransactionsAreReadAndWrittenUnchanged();
    void coresMalformedTransactionsAreRefused();
    void nodeAndWalletAgreeOnIdsAndWeights();
    void everyTruncationIsRefused();
    void trailingBytesAreRefused();
    void superfluousWitnessFlagIsRefused();
    void unknownFlagIsRefused();
    void hugeCountsAreRefusedBeforeMemoryIsTaken();
    void unsignedTransactionOfAPsbtMayHaveNoInputs();
    void valuesBeyondAllMoneyAreRefused();
    void outpointsShowLikeNodesShowThem();
};

void TestTransaction::coresValidTransactionsAreReadAndWrittenUnchanged()
{
    SKIP_WITHOUT_VECTORS();
    int checked = 0;
    const auto vectors = test::readVectorJson("script/tx_valid.json");
    for (const auto& row : vectors.as_array()) {
        if (row.as_array().size() != 3) continue; // a comment
        const Bytes raw = bytesOf(row.at(1));
        const auto transaction = parseTransaction(raw);
        QVERIFY2(transaction.ok(), textOf(row.at(1)).c_str());
        QCOMPARE(base::toHex(transaction->serialize()), base::toHex(raw));
        QVERIFY2(checkTransaction(*transaction).ok(), textOf(row.at(1)).c_str());
        ++checked;
    }
    QCOMPARE(checked, 121);
}

void TestTransaction::coresMalformedTransactionsAreRefused()
{
    SKIP_WITHOUT_VECTORS();
    int malformed = 0;
    int wellFormed = 0;
    const auto vectors = test::readVectorJson("script/tx_invalid.json");
    for (const auto& row : vectors.as_array()) {
        if (row.as_array().size() != 3) continue; // a comment
        const auto transaction = parseTransaction(bytesOf(row.at(1)));
        const bool good = transaction.ok() && checkTransaction(*transaction).ok();
        // The other rows fail in their scripts, which this library does not execute.
        const bool expected = textOf(row.at(2)) != "BADTX";
        QVERIFY2(good == expected, textOf(row.at(1)).c_str());
        ++(expected ? wellFormed : malformed);
    }
    QCOMPARE(malformed, 9);
    QCOMPARE(wellFormed, 84);
}

void TestTransaction::nodeAndWalletAgreeOnIdsAndWeights()
{
    for (const auto& recorded : test::recordedBlock().at("block").at("tx").as_array()) {
        const auto transaction = parseTransaction(bytesOf(recorded.at("hex")));
        QVERIFY(transaction.ok());
        QCOMPARE(transaction->txid().displayHex(), textOf(recorded.at("txid")));
        QCOMPARE(transaction->wtxid().displayHex(), textOf(recorded.at("hash")));
        QCOMPARE(transaction->weight(), recorded.at("weight").as_int64());
        QCOMPARE(transaction->virtualSize(), recorded.at("vsize").as_int64());
        QCOMPARE(static_cast<std::int64_t>(transaction->serialize().size()), recorded.at("size").as_int64());
        QCOMPARE(std::int64_t{transaction->lockTime}, recorded.at("locktime").as_int64());
        const auto& outputs = recorded.at("vout").as_array();
        QCOMPARE(transaction->outputs.size(), outputs.size());
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            QCOMPARE(transaction->outputs[i].value.sat(), test::amountOf(outputs[i].at("value")).sat());
        }
    }
}

void TestTransaction::everyTruncationIsRefused()
{
    const Bytes raw = bytesOf(test::recordedBlock().at("block").at("tx").at(3).at("hex"));
    QVERIFY(parseTransaction(raw).ok());
    for (std::size_t size = 0; size < raw.size(); ++size) {
        QVERIFY2(!parseTransaction(ByteView(raw).first(size)).ok(), std::to_string(size).c_str());
    }
}

void TestTransaction::trailingBytesAreRefused()
{
    Bytes raw = smallTransaction().serialize();
    raw.push_back(0);
    QVERIFY(parseTransaction(raw).error().code == base::kTrailingBytes);
}

void TestTransaction::superfluousWitnessFlagIsRefused()
{
    // The same transaction with marker, flag and one empty witness: another wtxid for no reason (BIP144).
    const Bytes plain = smallTransaction().serialize();
    Bytes raw(plain.begin(), plain.begin() + 4);
    base::append(raw, Bytes{0x00, 0x01});
    raw.insert(raw.end(), plain.begin() + 4, plain.end() - 4);
    base::append(raw, Bytes{0x00, 0, 0, 0, 0});
    QVERIFY(parseTransaction(raw).error().code == kBadTransaction);
}

void TestTransaction::unknownFlagIsRefused()
{
    Transaction transaction = smallTransaction();
    transaction.inputs[0].witness = {{1}};
    Bytes raw = transaction.serialize();
    QVERIFY(parseTransaction(raw).ok());
    QCOMPARE(raw[5], std::uint8_t{0x01});
    raw[5] = 0x02;
    QVERIFY(parseTransaction(raw).error().code == kBadTransaction);
}

void TestTransaction::hugeCountsAreRefusedBeforeMemoryIsTaken()
{
    // Version and a claim of four billion inputs: the claim is held against the bytes that follow.
    QVERIFY(parseTransaction(bytesOf("01000000feffffffff")).error().code == base::kTooLong);
    QVERIFY(parseTransaction(bytesOf("01000000ffffffffffffffffff")).error().code == base::kTooLong);
}

void TestTransaction::unsignedTransactionOfAPsbtMayHaveNoInputs()
{
    Transaction transaction;
    transaction.outputs = smallTransaction().outputs;
    const Bytes raw = transaction.serializeWithoutWitness();
    const auto parsed = parseTransactionWithoutWitness(raw);
    QVERIFY(parsed.ok());
    QVERIFY(*parsed == transaction);
    QVERIFY(!parseTransaction(raw).ok());
    QVERIFY(checkTransaction(transaction).error().code == kTxNoInputs);
}

void TestTransaction::valuesBeyondAllMoneyAreRefused()
{
    Transaction transaction = smallTransaction();
    transaction.outputs[0].value = Amount::fromSat(Amount::kMaxSat);
    QVERIFY(checkTransaction(transaction).ok());
    transaction.outputs.push_back({Amount::fromSat(1), {}});
    QVERIFY(checkTransaction(transaction).error().code == kTxBadValue);
    // Enough outputs to come back to a small sum by overflow.
    transaction.outputs.assign(5000, {Amount::fromSat(Amount::kMaxSat), {}});
    QVERIFY(checkTransaction(transaction).error().code == kTxBadValue);
    transaction.outputs.assign(1, {Amount::fromSat(-1), {}});
    QVERIFY(checkTransaction(transaction).error().code == kTxBadValue);
}

void TestTransaction::outpointsShowLikeNodesShowThem()
{
    const auto& recorded = test::recordedBlock().at("block").at("tx").at(1);
    const auto transaction = parseTransaction(bytesOf(recorded.at("hex")));
    const auto& input = recorded.at("vin").at(0);
    const std::string expected = textOf(input.at("txid")) + ':' + std::to_string(input.at("vout").as_int64());
    QCOMPARE(toString(transaction->inputs[0].prevout), expected);
}

QTEST_GUILESS_MAIN(TestTransaction)
#include "tst_transaction.moc"
