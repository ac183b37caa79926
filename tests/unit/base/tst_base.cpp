// SPDX-License-Identifier: MIT
// core/base: hexadecimal text, amounts, bounded reading, secret memory.
#include "core/base/secure.h"
#include "core/base/serial.h"
#include "tests/support/sanitized.h"

#include <QFile>
#include <QTest>

#include <sys/mman.h>

using namespace bowline::base;

namespace {

/// Memory of this process that is locked; -1 if the system does not say.
qint64 lockedKib()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly)) return -1;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmLck:")) return line.mid(6).trimmed().split(' ').first().toLongLong();
    }
    return -1;
}

/// The flags that the system has for the mapping around an address, see proc(5).
QByteArrayList mappingFlags(const void* address)
{
    const auto wanted = reinterpret_cast<quintptr>(address); // NOLINT(*-reinterpret-cast)
    QFile file(QStringLiteral("/proc/self/smaps"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    bool inside = false;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const QByteArrayList range = line.split(' ').first().split('-');
        bool isStart = false;
        bool isEnd = false;
        const quint64 start = range.first().toULongLong(&isStart, 16);
        const quint64 end = range.last().toULongLong(&isEnd, 16);
        if (range.size() == 2 && isStart && isEnd) inside = wanted >= start && wanted < end;
        if (inside && line.startsWith("VmFlags:")) return line.mid(8).simplified().split(' ');
    }
    return {};
}

} // namespace

class TestBase : public QObject {
    Q_OBJECT
private slots:
    void hexReadsBothCasesAndRefusesTheRest();
    void amountsAreReadExactly_data();
    void amountsAreReadExactly();
    void amountsThatAreNoMoneyAreRefused_data();
    void amountsThatAreNoMoneyAreRefused();
    void readerNeverReadsPastTheEnd();
    void readerRefusesLongCompactSizes();
    void writerAndReaderAgree();
    void releasedSecretMemoryIsZeroed();
    void aLivingSecretIsLockedInMemoryAndLeftOutOfDumps();
};

void TestBase::hexReadsBothCasesAndRefusesTheRest()
{
    QCOMPARE(fromHex("00fFAb").value(), (Bytes{0x00, 0xff, 0xab}));
    QCOMPARE(toHex(Bytes{0x00, 0xff, 0xab}), std::string("00ffab"));
    QVERIFY(!fromHex("0").ok());
    QVERIFY(!fromHex("0g").ok());
    QVERIFY(!fromHex(" 0").ok());
}

void TestBase::amountsAreReadExactly_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("sat");
    QTest::newRow("zero") << "0" << qint64{0};
    QTest::newRow("one satoshi") << "0.00000001" << qint64{1};
    QTest::newRow("no leading zero") << ".5" << qint64{50'000'000};
    QTest::newRow("all money") << "21000000" << qint64{2'100'000'000'000'000};
    QTest::newRow("no binary fraction") << "0.1" << qint64{10'000'000};
}

void TestBase::amountsAreReadExactly()
{
    QFETCH(QString, text);
    QFETCH(qint64, sat);
    const auto amount = parseBtc(text.toStdString());
    QVERIFY(amount.ok());
    QCOMPARE(amount->sat(), sat);
    QCOMPARE(parseBtc(formatBtc(*amount))->sat(), sat);
}

void TestBase::amountsThatAreNoMoneyAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", ".", "1.", "-1", "+1", "1e3", "1,5", "0.123456789", "21000000.00000001",
                             "1 0", "999999999", "0x10", "\u0661"}) {
        QTest::newRow(text) << text;
    }
}

void TestBase::amountsThatAreNoMoneyAreRefused()
{
    QFETCH(QString, text);
    const auto amount = parseBtc(text.toStdString());
    QVERIFY(!amount.ok());
    QVERIFY(amount.error().code == kBadAmount);
}

void TestBase::readerNeverReadsPastTheEnd()
{
    const Bytes bytes{1, 2, 3};
    Reader reader(bytes);
    QCOMPARE(reader.u16le(), std::uint16_t{0x0201});
    QCOMPARE(reader.u32le(), 0U);
    QVERIFY(reader.failed());
    QCOMPARE(reader.u8(), std::uint8_t{0});
    QVERIFY(reader.finish().error().code == kTruncated);
}

void TestBase::readerRefusesLongCompactSizes()
{
    for (const Bytes& bytes :
         {Bytes{0xfd, 0xfc, 0x00}, Bytes{0xfe, 0xff, 0xff, 0, 0}, Bytes{0xff, 0, 0, 0, 1, 0, 0, 0}}) {
        Reader reader(bytes);
        reader.compactSize(UINT64_MAX);
        QVERIFY(reader.failed());
    }
    const Bytes tooLong{5, 1, 2, 3, 4, 5};
    Reader reader(tooLong);
    QVERIFY(reader.variableBytes(4).empty());
    QVERIFY(reader.status().error().code == kTooLong);
}

void TestBase::writerAndReaderAgree()
{
    for (const std::uint64_t value :
         {0ULL, 0xfcULL, 0xfdULL, 0xffffULL, 0x10000ULL, 0xffffffffULL, 0x100000000ULL}) {
        Writer writer;
        writer.compactSize(value);
        writer.i32le(-2);
        Reader reader(writer.data());
        QCOMPARE(reader.compactSize(UINT64_MAX), value);
        QCOMPARE(reader.i32le(), -2);
        QVERIFY(reader.finish().ok());
    }
}

void TestBase::releasedSecretMemoryIsZeroed()
{
    // The page is unmapped on release, so what can be seen from outside is the zeroing itself.
    std::array<std::uint8_t, 64> memory{};
    memory.fill(0xaa);
    secureZero(memory.data(), memory.size());
    QVERIFY(std::all_of(memory.begin(), memory.end(), [](std::uint8_t b) { return b == 0; }));
    auto* secret = static_cast<std::uint8_t*>(secureAllocate(100'000));
    QVERIFY(secret != nullptr);
    secret[99'999] = 1;
    secureRelease(secret, 100'000);
}

void TestBase::aLivingSecretIsLockedInMemoryAndLeftOutOfDumps()
{
    if (bowline::test::kSanitized) QSKIP("the sanitizers make mlock do nothing");
    // Whether the system lets this process lock anything at all, asked without our code between.
    alignas(4096) static std::array<std::uint8_t, 64 * 1024> probe{};
    const bool mayLock = ::mlock(probe.data(), probe.size()) == 0;
    if (mayLock) ::munlock(probe.data(), probe.size());
    if (!mayLock) {
        QVERIFY2(!qEnvironmentVariableIsSet("BOWLINE_REQUIRE_VECTORS"), "this process may not lock memory");
        QSKIP("this process may not lock memory");
    }
    const qint64 before = lockedKib();
    QVERIFY(before >= 0);
    {
        const SecureArray<32> key(ByteArray<32>{7});
        QVERIFY2(lockedKib() > before, qPrintable(QString::number(lockedKib())));
        SecureBytes words(100'000, 'w'); // grows by moving to other pages
        words.push_back('x');
        QVERIFY(lockedKib() >= before + 100);
        for (const void* secret :
             {static_cast<const void*>(key.data()), static_cast<const void*>(words.data())}) {
            const QByteArrayList flags = mappingFlags(secret);
            QVERIFY2(flags.contains("lo"), flags.join(' ').constData()); // locked: never swapped
            QVERIFY2(flags.contains("dd"), flags.join(' ').constData()); // not in core dumps
        }
    }
    QCOMPARE(lockedKib(), before);
    // It is not there by itself.
    const auto ordinary = std::make_unique<std::array<char, 64>>();
    const QByteArrayList flags = mappingFlags(ordinary.get());
    QVERIFY(!flags.isEmpty() && !flags.contains("lo") && !flags.contains("dd"));
}

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
