// SPDX-License-Identifier: MIT
// core/bitcoin/script.h: pushes, numbers, output types, dust and relative lock times.
#include "core/bitcoin/script.h"
#include "tests/unit/bitcoin/fixtures.h"

#include <limits>
#include <map>
#include <set>

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::textOf;

class TestScript : public QObject {
    Q_OBJECT
private slots:
    void pushesAreTheShortest_data();
    void pushesAreTheShortest();
    void longerPushesThanNeededAreSeen();
    void readerStopsAtAPushBeyondTheEnd();
    void readerWalksOverRealScripts();
    void numbersAreWrittenAsConsensusReadsThem_data();
    void numbersAreWrittenAsConsensusReadsThem();
    void numbersInLongerFormsAreRefused();
    void nodeAndWalletAgreeOnOutputTypes();
    void nearMissesAreNoStandardOutputs();
    void dustLimitsAreTheNodes();
    void relativeLockTimesAreEncoded();
    void relativeLockTimesAreComparedAsInBip112();
};

void TestScript::pushesAreTheShortest_data()
{
    QTest::addColumn<QString>("data");
    QTest::addColumn<QString>("prefix"); // what stands before the data
    QTest::addColumn<bool>("opcodeOnly");
    QTest::newRow("empty") << ""
                           << "00" << true;
    QTest::newRow("one") << "01"
                         << "51" << true;
    QTest::newRow("sixteen") << "10"
                             << "60" << true;
    QTest::newRow("minus one") << "81"
                               << "4f" << true;
    QTest::newRow("zero byte") << "00"
                               << "01" << false;
    QTest::newRow("seventeen") << "11"
                               << "01" << false;
    QTest::newRow("75 bytes") << QString("aa").repeated(75) << "4b" << false;
    QTest::newRow("76 bytes") << QString("aa").repeated(76) << "4c4c" << false;
    QTest::newRow("255 bytes") << QString("aa").repeated(255) << "4cff" << false;
    QTest::newRow("256 bytes") << QString("aa").repeated(256) << "4d0001" << false;
    QTest::newRow("65536 bytes") << QString("aa").repeated(65536) << "4e00000100" << false;
}

void TestScript::pushesAreTheShortest()
{
    QFETCH(QString, data);
    QFETCH(QString, prefix);
    QFETCH(bool, opcodeOnly);
    const Bytes bytes = bytesOf(data.toStdString());
    const Script script = ScriptBuilder().push(bytes).take();
    QCOMPARE(QString::fromStdString(base::toHex(script)), opcodeOnly ? prefix : prefix + data);
    ScriptReader reader(script);
    const auto op = reader.next();
    QVERIFY(op.has_value());
    QVERIFY(op->isMinimal());
    if (!opcodeOnly) QCOMPARE(base::toHex(op->data), data.toStdString());
    QVERIFY(!reader.next().has_value());
    QVERIFY(!reader.malformed());
}

void TestScript::longerPushesThanNeededAreSeen()
{
    for (const char* script : {"0101", "0110", "0181", "4c00", "4c01aa", "4d0100aa", "4e01000000aa"}) {
        const Bytes bytes = bytesOf(script);
        ScriptReader reader(bytes);
        const auto op = reader.next();
        QVERIFY(op.has_value());
        QVERIFY2(!op->isMinimal(), script);
    }
}

void TestScript::readerStopsAtAPushBeyondTheEnd()
{
    for (const char* script :
         {"01", "02aa", "4c", "4c02aa", "4d01", "4d0200aa", "4e010000", "4effffffffaa"}) {
        const Bytes bytes = bytesOf(script);
        ScriptReader reader(bytes);
        QVERIFY(!reader.next().has_value());
        QVERIFY2(reader.malformed(), script);
        QVERIFY(!reader.next().has_value());
    }
}

void TestScript::readerWalksOverRealScripts()
{
    const Bytes script = bytesOf("76a914eee81863b2e8695924f5c43fec6067ba2f6dd24b88ac");
    ScriptReader reader(script);
    std::vector<std::uint8_t> opcodes;
    while (const auto op = reader.next()) opcodes.push_back(op->opcode);
    QVERIFY((opcodes == std::vector<std::uint8_t>{OP_DUP, OP_HASH160, 20, OP_EQUALVERIFY, OP_CHECKSIG}));
}

void TestScript::numbersAreWrittenAsConsensusReadsThem_data()
{
    QTest::addColumn<qint64>("number");
    QTest::addColumn<QString>("hex");
    QTest::newRow("0") << qint64{0} << "";
    QTest::newRow("1") << qint64{1} << "01";
    QTest::newRow("-1") << qint64{-1} << "81";
    QTest::newRow("127") << qint64{127} << "7f";
    QTest::newRow("128") << qint64{128} << "8000";
    QTest::newRow("-128") << qint64{-128} << "8080";
    QTest::newRow("255") << qint64{255} << "ff00";
    QTest::newRow("256") << qint64{256} << "0001";
    QTest::newRow("-32768") << qint64{-32768} << "008080";
    QTest::newRow("2^31 - 1") << qint64{2147483647} << "ffffff7f";
    QTest::newRow("-(2^31 - 1)") << qint64{-2147483647} << "ffffffff";
    QTest::newRow("2^32 - 1") << qint64{4294967295} << "ffffffff00";
    QTest::newRow("2^63 - 1") << std::numeric_limits<qint64>::max() << "ffffffffffffff7f";
}

void TestScript::numbersAreWrittenAsConsensusReadsThem()
{
    QFETCH(qint64, number);
    QFETCH(QString, hex);
    const Bytes bytes = encodeScriptNumber(number);
    QCOMPARE(base::toHex(bytes), hex.toStdString());
    QCOMPARE(qint64{decodeScriptNumber(bytes, 8).value()}, number);
    if (bytes.size() > 4) QVERIFY(decodeScriptNumber(bytes).error().code == kBadScriptNumber);
}

void TestScript::numbersInLongerFormsAreRefused()
{
    for (const char* hex : {"00", "80", "0100", "0180", "7f00", "ff0000", "00000080"}) {
        QVERIFY2(decodeScriptNumber(bytesOf(hex)).error().code == kBadScriptNumber, hex);
    }
    QCOMPARE(base::toHex(encodeScriptNumber(std::numeric_limits<qint64>::min())),
             std::string("000000000000008080"));
    QCOMPARE(base::toHex(ScriptBuilder().number(-1).number(0).number(16).number(17).number(144).take()),
             std::string("4f0060011102") + "9000");
}

void TestScript::nodeAndWalletAgreeOnOutputTypes()
{
    const std::map<std::string, OutputType> names{
        {"pubkeyhash", OutputType::PayToPublicKeyHash},
        {"scripthash", OutputType::PayToScriptHash},
        {"witness_v0_keyhash", OutputType::PayToWitnessPublicKeyHash},
        {"witness_v0_scripthash", OutputType::PayToWitnessScriptHash},
        {"witness_v1_taproot", OutputType::PayToTaproot},
        {"anchor", OutputType::PayToAnchor},
        {"witness_unknown", OutputType::UnknownWitness},
        {"nulldata", OutputType::NullData}};
    std::set<OutputType> seen;
    const auto check = [&](const boost::json::value& script) {
        const OutputType expected = names.at(textOf(script.at("type")));
        QVERIFY2(outputTypeOf(bytesOf(script.at("hex"))) == expected, textOf(script.at("hex")).c_str());
        seen.insert(expected);
    };
    for (const auto& transaction : test::recordedBlock().at("block").at("tx").as_array()) {
        for (const auto& output : transaction.at("vout").as_array()) check(output.at("scriptPubKey"));
        for (const auto& input : transaction.at("vin").as_array()) {
            if (input.as_object().contains("prevout")) check(input.at("prevout").at("scriptPubKey"));
        }
    }
    QCOMPARE(seen.size(), names.size());
}

void TestScript::nearMissesAreNoStandardOutputs()
{
    const std::string hash20(40, 'a');
    for (const std::string& hex :
         {"76a914" + hash20 + "88ad", "76a914" + hash20 + "88", "a914" + hash20 + "88",
          "a94c14" + hash20 + "87", std::string("51"), std::string("5101aa")}) {
        QVERIFY2(outputTypeOf(bytesOf(hex)) == OutputType::Other, hex.c_str());
    }
    // Version 0 of another length, and version 1 of the anchor's length but other bytes.
    QVERIFY(outputTypeOf(bytesOf("0015" + hash20 + "aa")) == OutputType::UnknownWitness);
    QVERIFY(outputTypeOf(bytesOf("51024e74")) == OutputType::UnknownWitness);
    QVERIFY(!witnessProgramOf(bytesOf("5129" + std::string(82, 'a'))).has_value());
    QVERIFY(witnessProgramOf(bytesOf("5128" + std::string(80, 'a'))).has_value());
}

void TestScript::dustLimitsAreTheNodes()
{
    // The figures of Bitcoin Core's policy at 3,000 sat/kvB.
    QCOMPARE(dustThreshold(payToPublicKeyHash({})).sat(), std::int64_t{546});
    QCOMPARE(dustThreshold(payToScriptHash({})).sat(), std::int64_t{540});
    QCOMPARE(dustThreshold(payToWitnessPublicKeyHash({})).sat(), std::int64_t{294});
    QCOMPARE(dustThreshold(payToWitnessScriptHash({})).sat(), std::int64_t{330});
    QCOMPARE(dustThreshold(payToTaproot({})).sat(), std::int64_t{330});
    QCOMPARE(dustThreshold(payToAnchor()).sat(), std::int64_t{240});
    QCOMPARE(dustThreshold(nullDataScript(bytesOf("aabb"))).sat(), std::int64_t{0});
}

void TestScript::relativeLockTimesAreEncoded()
{
    using std::chrono::seconds;
    QCOMPARE(sequenceForBlocks(144), 144U);
    QCOMPARE(sequenceForDuration(seconds{0}).value(), 0x400000U);
    QCOMPARE(sequenceForDuration(seconds{1}).value(), 0x400001U);
    QCOMPARE(sequenceForDuration(seconds{512}).value(), 0x400001U);
    QCOMPARE(sequenceForDuration(seconds{513}).value(), 0x400002U);
    QCOMPARE(sequenceForDuration(seconds{512 * 65535}).value(), 0x40ffffU);
    QVERIFY(sequenceForDuration(seconds{512 * 65535 + 1}).error().code == kBadTimelock);
    QVERIFY(sequenceForDuration(seconds{-1}).error().code == kBadTimelock);
}

void TestScript::relativeLockTimesAreComparedAsInBip112()
{
    QVERIFY(sequenceMeets(144, 144, 2));
    QVERIFY(sequenceMeets(144, 145, 3));
    QVERIFY(!sequenceMeets(144, 143, 2));
    QVERIFY2(!sequenceMeets(144, 144, 1), "version 1 has no relative lock times");
    QVERIFY2(!sequenceMeets(144, kSequenceFinal, 2), "a final input has none");
    QVERIFY2(!sequenceMeets(144, kSequenceLockTime | 144, 2), "blocks are no time");
    QVERIFY(sequenceMeets(kSequenceLockTime | 2, kSequenceLockTime | 2, 2));
    QVERIFY2(sequenceMeets(kSequenceLockDisabled, 0, 1), "a disabled operand asks for nothing");
}

QTEST_GUILESS_MAIN(TestScript)
#include "tst_script.moc"
