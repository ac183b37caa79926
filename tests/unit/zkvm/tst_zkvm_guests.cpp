// SPDX-License-Identifier: MIT
// Whole programs, compiled as for any Linux machine by both Go compilers (and in C and Rust): what they write and commit
// to is what qemu-mipsel says, or the same source compiled for the builder's own machine.
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
    void precompilesAreWhatPlainCodeComputes();
    void plainCodeRefusesWhatTheMachineRefuses_data();
    void plainCodeRefusesWhatTheMachineRefuses();
    void theExampleInC();
    void whatCompilersCallInC();
    void theExamplesInRust();
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

// Every example in Go.
void TestZkvmGuests::programsAgreeWithQemu_data()
{
    QTest::addColumn<QString>("guest");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("exitCode");
    for (const QString folder : {"", "newer/"}) {
        const auto add = [&folder](const QString& name, const QByteArray& input, int exitCode) {
            QTest::newRow(qPrintable(QString("%1%2 %3").arg(folder, name).arg(input.size())))
                << folder + name << input << exitCode;
        };
        for (const char* name :
             {"bigmem", "everyday", "fibonacci", "garbage", "goroutines", "json", "mapsort", "sha256chain"})
            add(name, {}, 0);
        add("sha256chain", "some input that is longer than one block of the hash function, by a bit", 0);
        add("mapsort", "b a b c", 0);
        add("json", "{", 1);
        add("fibonacci", "thirty", 1);
        add("everyday", "a line\nanother\n\nand the last", 4);
    }
}

void TestZkvmGuests::programsAgreeWithQemu()
{
    QFETCH(QString, guest);
    QFETCH(QByteArray, input);
    QFETCH(int, exitCode);
    const base::Bytes elf = builtGuest(guest.toStdString());
    const base::Bytes bytes(input.begin(), input.end());
    const NativeRun expected = runQemu(elf, bytes);
    const GuestRun first = runGuest(elf, bytes);
    QCOMPARE(expected.exitCode, exitCode);
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
    for (const char* name : {"fibonacci", "newer/fibonacci"}) {
        const Image image = expect(imageFromElf(builtGuest(name)));
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
}

// One source, compiled by both compilers for the machine and, with plain code instead, for qemu and for this processor.
void TestZkvmGuests::precompilesAreWhatPlainCodeComputes()
{
    for (const char* input : {"", "hello", "another input, of more than thirty-two bytes, \xff\xfe"}) {
        const base::ByteView bytes = base::viewOf(input);
        const NativeRun expected = runNative("native/precompiles", bytes);
        QCOMPARE(expected.exitCode, 0);
        QCOMPARE(expected.journal.size(), std::size_t{64 + 32 + 32 + 64 + 200});
        for (const char* name : {"precompiles", "newer/precompiles"}) {
            const GuestRun run = runGuest(builtGuest(name), bytes);
            QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
            QCOMPARE(run.journal, expected.journal);
            QCOMPARE(base::toBytes(base::viewOf(run.shown[0])), expected.output);
        }
        for (const char* name : {"plain/precompiles", "newer-plain/precompiles"}) {
            const NativeRun run = runQemu(builtGuest(name), bytes);
            QCOMPARE(run.exitCode, 0);
            QCOMPARE(run.journal, expected.journal);
            QCOMPARE(run.output, expected.output);
        }
        for (const NativeRun& run :
             {runNative("native/c-precompiles", bytes), runQemu(builtGuest("plain/c-precompiles"), bytes)}) {
            QCOMPARE(run.exitCode, 0);
            QCOMPARE(run.journal, expected.journal);
        }
        for (const char* name : {"c-precompiles", "plain/c-precompiles"}) {
            const GuestRun run = runGuest(builtGuest(name), bytes);
            QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
            QCOMPARE(run.journal, expected.journal);
        }
    }
}

// An operand that the machine refuses is refused by plain code.
void TestZkvmGuests::plainCodeRefusesWhatTheMachineRefuses_data()
{
    QTest::addColumn<QString>("call");
    QTest::newRow("poseidon2") << "s[3] = 0x7f000001; bowline_poseidon2(s)";
    QTest::newRow("mulmod") << "bowline_mulmod256(s, s + 8, zero)";
    QTest::newRow("equal x") << "bowline_secp256k1_add(s, t)";
    QTest::newRow("y is 0") << "bowline_secp256k1_double(s)";
    QTest::newRow("coordinate")
        << "t[0] = 9; for (int i = 8; i < 16; ++i) t[i] = ~0u; bowline_secp256k1_add(s, t)";
}

void TestZkvmGuests::plainCodeRefusesWhatTheMachineRefuses()
{
    QFETCH(QString, call);
    const std::string body = "static uint32_t s[16], t[16], zero[8];\nint main(void) { s[0] = t[0] = 5; " +
                             call.toStdString() + "; return 0; }\n";
    const GuestRun machine = runGuest(compileC("#include <bowline.h>\n" + body), {});
    QCOMPARE(machine.stop.reason, StopReason::Fault);
    const NativeRun plain = runQemu(compileC("#define BOWLINE_PLAIN\n#include <bowline.h>\n" + body), {});
    QCOMPARE(plain.exitCode, 2);
}

void TestZkvmGuests::theExampleInC()
{
    const base::Bytes input(5000, 3);
    const GuestRun run = runGuest(builtGuest("sum"), input);
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
    QCOMPARE(base::toHex(run.journal), std::string("88130000983a0000"));
    const NativeRun qemu = runQemu(builtGuest("sum"), input);
    QCOMPARE(qemu.exitCode, 0);
    QCOMPARE(qemu.journal, run.journal);
}

// Divisions, shifts and blocks of memory, which the compiler takes from guest/c/runtime.c.
void TestZkvmGuests::whatCompilersCallInC()
{
    const std::uint64_t edges[] = {0,
                                   1,
                                   2,
                                   3,
                                   7,
                                   31,
                                   32,
                                   33,
                                   63,
                                   0x7fffffff,
                                   0x80000000,
                                   0xffffffff,
                                   0x100000000,
                                   0x123456789abcdef0,
                                   0x7fffffffffffffff,
                                   0x8000000000000000,
                                   0xfffffffffffffffe,
                                   0xffffffffffffffff};
    base::Bytes input;
    const auto put = [&input](std::uint64_t value) {
        for (unsigned i = 0; i < 8; ++i) input.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    };
    for (const std::uint64_t a : edges) {
        for (const std::uint64_t b : edges) {
            put(a);
            put(b);
        }
    }
    const NativeRun expected = runNative("native/c-runtime", input);
    QCOMPARE(expected.exitCode, 0);
    QVERIFY(expected.journal.size() > std::size(edges) * std::size(edges) * 64);
    const GuestRun run = runGuest(builtGuest("c-runtime"), input);
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
    QCOMPARE(run.journal, expected.journal);
}

void TestZkvmGuests::theExamplesInRust()
{
    if (!hasGuest("rust-collatz") && qEnvironmentVariableIsSet("BOWLINE_RUST_IS_NEEDED"))
        QFAIL("built without Rust, and this run is to test it");
    if (!hasGuest("rust-collatz"))
        QSKIP("built without Rust: tools/setup/setup.sh --dev brings rustc and rust-src");
    const base::Bytes collatz = builtGuest("rust-collatz");
    for (const char* input : {"27", "x", "18446744073709551615"}) {
        const NativeRun expected = runQemu(collatz, base::viewOf(input));
        const GuestRun run = runGuest(collatz, base::viewOf(input));
        QCOMPARE(run.stop,
                 (Stop{StopReason::Halted, Fault::None, static_cast<std::uint32_t>(expected.exitCode)}));
        QCOMPARE(run.journal, expected.journal);
        QCOMPARE(base::toBytes(base::viewOf(run.shown[0])), expected.output);
    }
    QCOMPARE(base::toHex(runGuest(collatz, base::viewOf("27")).journal),
             std::string("1b000000000000006f00000000000000"));
    QCOMPARE(runGuest(collatz, base::viewOf("x")).stop.exitCode, 1U);
    const GuestRun panicked = runGuest(collatz, base::viewOf("18446744073709551615"));
    QCOMPARE(panicked.stop.exitCode, 101U);
    QVERIFY(panicked.shown[1].find("collatz.rs") != std::string::npos);
    QCOMPARE(runGuest(builtGuest("rust-precompiles"), base::viewOf("hello")).journal,
             runNative("native/precompiles", base::viewOf("hello")).journal);
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
    QCOMPARE(runGuest(builtGuest("newer/bip340"), all).journal, verdicts);
    for (const char* name : {"plain/bip340", "newer-plain/bip340"}) {
        const NativeRun plain = runQemu(builtGuest(name), all);
        QCOMPARE(plain.exitCode, 0);
        QCOMPARE(plain.journal, verdicts);
    }
    all.pop_back();
    QCOMPARE(runGuest(elf, all).stop, (Stop{StopReason::Halted, Fault::None, 1}));
}

QTEST_GUILESS_MAIN(TestZkvmGuests)
#include "tst_zkvm_guests.moc"
