// SPDX-License-Identifier: MIT
// Whole Go programs, compiled as for any Linux machine: what they write and commit to is what qemu-mipsel says.
#include "tests/support/vectors.h"
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::zkvm;

class TestZkvmGuests : public QObject {
    Q_OBJECT
private slots:
    void programsAgreeWithQemu_data();
    void programsAgreeWithQemu();
    void theInputDecides();
    void aSnapshotSavesTheStartUp();
    void precompilesAreWhatPlainGoComputes();
    void theExampleInC();
    void signaturesOfBip340();
};

namespace {
struct SignatureVector {
    base::Bytes record; // as the guest reads it
    bool valid = false;
    bool shortMessage = false;
};

std::vector<SignatureVector> signatureVectors()
{
    std::vector<SignatureVector> out;
    const QStringList lines = QString::fromStdString(readVectorFile("bip340/test-vectors.csv")).split('\n');
    for (const QString& line : lines.mid(1)) {
        const QStringList fields = line.trimmed().split(',');
        if (fields.size() < 7) continue;
        const QByteArray message = QByteArray::fromHex(fields[4].toLatin1());
        QByteArray record =
            QByteArray::fromHex(fields[2].toLatin1()) + QByteArray::fromHex(fields[5].toLatin1());
        for (int i = 0; i < 4; ++i) record += static_cast<char>(message.size() >> 8 * i & 0xff);
        record += message;
        out.push_back({base::Bytes(record.begin(), record.end()), fields[6] == "TRUE", message.size() <= 32});
    }
    return out;
}
} // namespace

void TestZkvmGuests::programsAgreeWithQemu_data()
{
    QTest::addColumn<QByteArray>("input");
    for (const char* name : {"fibonacci", "garbage", "goroutines", "json", "mapsort", "sha256chain"})
        QTest::newRow(name) << QByteArray();
    QTest::newRow("sha256chain") << QByteArray(
        "some input that is longer than one block of the hash function, by a bit");
    QTest::newRow("mapsort") << QByteArray("b a b c");
    QTest::newRow("json") << QByteArray("{");
}

void TestZkvmGuests::programsAgreeWithQemu()
{
    QFETCH(QByteArray, input);
    const base::Bytes elf = builtGuest(QTest::currentDataTag());
    const base::Bytes bytes(input.begin(), input.end());
    const NativeRun expected = runQemu(elf, bytes);
    const GuestRun first = runGuest(elf, bytes);
    QCOMPARE(first.stop,
             (Stop{StopReason::Halted, Fault::None, static_cast<std::uint32_t>(expected.exitCode)}));
    QCOMPARE(base::toBytes(base::viewOf(first.shown[0])), expected.output);
    QCOMPARE(first.journal, expected.journal);
    QVERIFY2(first.cycles > 300'000 && first.cycles < 30'000'000, qPrintable(QString::number(first.cycles)));
    // Nothing outside of program and input has a say: the state is the same to the last word.
    const GuestRun second = runGuest(elf, bytes);
    QCOMPARE(second.cycles, first.cycles);
    QCOMPARE(second.root, first.root);
}

void TestZkvmGuests::theInputDecides()
{
    const base::Bytes elf = builtGuest("fibonacci");
    const GuestRun run = runGuest(elf, base::viewOf("30"));
    QCOMPARE(run.shown[0], std::string("fibonacci 30 = 832040\n"));
    QCOMPARE(base::toHex(run.journal), std::string("1e00000028b20c00"));
    const GuestRun wrong = runGuest(elf, base::viewOf("thirty"));
    QCOMPARE(wrong.stop, (Stop{StopReason::Halted, Fault::None, 1}));
    QCOMPARE(wrong.shown[1], std::string("the input is not a number\n"));
    QVERIFY(wrong.journal.empty());
}

void TestZkvmGuests::aSnapshotSavesTheStartUp()
{
    const Image image = expect(imageFromElf(builtGuest("fibonacci")));
    const Snapshot snapshot = expect(takeSnapshot(image, kNoLimit, {}));
    QCOMPARE(expect(takeSnapshot(image, kNoLimit, {})).image, snapshot.image);
    QVERIFY(snapshot.cycles > 200'000);
    const Image kept = expect(Image::parse(snapshot.image.serialize()));
    const GuestRun whole = runImage(image, base::viewOf("30"));
    const GuestRun rest = runImage(kept, base::viewOf("30"));
    QCOMPARE(rest.stop, whole.stop);
    QCOMPARE(rest.journal, whole.journal);
    QCOMPARE(rest.root, whole.root);
    QCOMPARE(rest.cycles + snapshot.cycles, whole.cycles);
}

void TestZkvmGuests::precompilesAreWhatPlainGoComputes()
{
    for (const char* input : {"", "hello", "another input, of more than thirty-two bytes, \xff\xfe"}) {
        const NativeRun native = runNative("precompiles.native", base::viewOf(input));
        const GuestRun run = runGuest(builtGuest("precompiles"), base::viewOf(input));
        QCOMPARE(native.exitCode, 0);
        QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
        QCOMPARE(native.journal.size(), std::size_t{64 + 32 + 32 + 64 + 200});
        QCOMPARE(run.journal, native.journal);
        QCOMPARE(base::toBytes(base::viewOf(run.shown[0])), native.output);
    }
}

void TestZkvmGuests::theExampleInC()
{
    const base::Bytes input(5000, 3);
    const GuestRun run = runGuest(builtGuest("sum"), input);
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
    QCOMPARE(base::toHex(run.journal), std::string("88130000983a0000"));
}

// The official vectors, and what one more signature costs.
void TestZkvmGuests::signaturesOfBip340()
{
    SKIP_WITHOUT_VECTORS();
    const base::Bytes elf = builtGuest("bip340");
    const std::vector<SignatureVector> vectors = signatureVectors();
    QVERIFY(vectors.size() >= 19);
    base::Bytes all;
    base::Bytes verdicts;
    std::uint64_t dearest = 0;
    const std::uint64_t nothing = runGuest(elf, {}).cycles;
    for (const SignatureVector& vector : vectors) {
        all.insert(all.end(), vector.record.begin(), vector.record.end());
        verdicts.push_back(vector.valid ? 1 : 0);
        if (!vector.shortMessage) continue;
        const GuestRun run = runGuest(elf, vector.record);
        QCOMPARE(run.journal, base::Bytes{verdicts.back()});
        dearest = std::max(dearest, run.cycles - nothing);
    }
    const GuestRun run = runGuest(elf, all);
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
    QCOMPARE(run.journal, verdicts);
    qInfo() << "at most" << dearest << "cycles a signature of a message of 32 bytes or fewer";
    QVERIFY(dearest < 60'000);
    all.pop_back();
    QCOMPARE(runGuest(elf, all).stop, (Stop{StopReason::Halted, Fault::None, 1}));
}

QTEST_GUILESS_MAIN(TestZkvmGuests)
#include "tst_zkvm_guests.moc"
