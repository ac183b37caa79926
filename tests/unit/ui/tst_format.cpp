// SPDX-License-Identifier: MIT
// Amounts, addresses, clocks and ages as people read and type them.
#include "ui/design/format.h"

#include <QLocale>
#include <QTest>

using namespace bowline;
using namespace bowline::ui;

namespace {
base::Amount sat(std::int64_t value) { return base::Amount::fromSat(value); }
const QString kThin(QChar(0x2009));
} // namespace

class TestFormat : public QObject {
    Q_OBJECT

private slots:
    void amountIsGroupedWithAllDecimals()
    {
        QCOMPARE(amountDigits(sat(1'234'567), Unit::Btc), "0.01" + kThin + "234" + kThin + "567");
        QCOMPARE(amountDigits(sat(2'100'000'000'000'000), Unit::Btc),
                 "21" + kThin + "000" + kThin + "000.00" + kThin + "000" + kThin + "000");
        QCOMPARE(amountDigits(sat(1'234'567), Unit::Sat), "1" + kThin + "234" + kThin + "567");
        QCOMPARE(amountDigits(sat(-1), Unit::Sat), QString(QChar(0x2212)) + "1");
    }
    void sumsOfDisplayedDigitsLineUp()
    {
        // Every amount of one column has the same number of characters after the point.
        for (const std::int64_t value : {0LL, 1LL, 99'999'999LL, 100'000'000LL, 2'100'000'000'000'000LL}) {
            QCOMPARE(amountDigits(sat(value), Unit::Btc).section('.', 1).size(), 10);
        }
    }
    void plusIsShownWhenAskedFor()
    {
        QVERIFY(amountText(sat(5), Unit::Sat, true).startsWith('+'));
        QVERIFY(!amountText(sat(5), Unit::Sat).startsWith('+'));
        QVERIFY(!amountText(sat(0), Unit::Sat, true).startsWith('+'));
    }
    void whatWasShownCanBeTypedAgain()
    {
        for (const std::int64_t value : {1LL, 1'234'567LL, 100'000'000LL, 2'100'000'000'000'000LL}) {
            for (const Unit unit : {Unit::Btc, Unit::Sat}) {
                QCOMPARE(parseAmount(amountDigits(sat(value), unit), unit)->sat(), value);
                QCOMPARE(parseAmount(amountForEditing(sat(value), unit), unit)->sat(), value);
            }
        }
    }
    void commasAndSignsAreRefusedInEveryLocale()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        for (const char* text : {"0,5", "1.234,5", "-1", "1e3", "0x10", "", "1.123456789", "21000001", "٣"}) {
            QVERIFY2(!parseAmount(QString::fromUtf8(text), Unit::Btc).ok(), text);
        }
        QCOMPARE(parseAmount("0.5", Unit::Btc)->sat(), 50'000'000);
        for (const char* text : {"1.5", "-1", "99999999999999999999", ""}) {
            QVERIFY2(!parseAmount(text, Unit::Sat).ok(), text);
        }
        QLocale::setDefault(before);
    }
    void addressIsCutIntoFoursAndStaysWhole()
    {
        const QString address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        const QStringList chunks = addressChunks(address);
        QCOMPARE(chunks.join(QString()), address);
        for (int i = 0; i + 1 < chunks.size(); ++i) QCOMPARE(chunks[i].size(), 4);
    }
    void blockRangeCoversEightOfTen()
    {
        // Against the exact quantiles of the Erlang distribution with mean 600 s per block.
        struct Case {
            std::uint32_t blocks;
            double low;
            double high;
        };
        for (const Case& c : {Case{1, 63.2, 1381.6}, Case{6, 1891, 5564}, Case{144, 77200, 95700}}) {
            const TimeRange range = rangeForBlocks(c.blocks);
            QVERIFY2(std::abs(double(range.low) - c.low) / c.low < 0.08,
                     qPrintable(QString::number(range.low)));
            QVERIFY2(std::abs(double(range.high) - c.high) / c.high < 0.03,
                     qPrintable(QString::number(range.high)));
        }
    }
    void clockSaysBlocksFirstAndTimeOnlyWhereBlocksHaveTime()
    {
        const services::BlockClock clock{100, 144, 87};
        QCOMPARE(clockText(clock, services::NetworkKind::Main),
                 QString::fromUtf8("87 / 144 blocks · about 7–12 h"));
        QCOMPARE(clockText(clock, services::NetworkKind::Regtest), QString("87 / 144 blocks"));
        QCOMPARE(clockText({100, 144, 144}, services::NetworkKind::Main), QString("144 / 144 blocks"));
    }
    void feeRatesAreExact()
    {
        QCOMPARE(feeRateText(1000), QString("1 sat/vB"));
        QCOMPARE(feeRateText(2500), QString("2.5 sat/vB"));
        QCOMPARE(feeRateText(1001), QString("1.001 sat/vB"));
        QCOMPARE(parseFeeRate("2.5").value(), 2500);
        QCOMPARE(parseFeeRate(" 20 ").value(), 20000);
        for (const char* text : {"", "0", "0.0", "-1", "1.", "1.2345", "1,5", "abc", "99999999"}) {
            QVERIFY2(!parseFeeRate(text), text);
        }
    }
    void tipIsOldAfterNinetyMinutesExceptOnRegtest()
    {
        QVERIFY(!isStale(1000, 1000 + 89 * 60, services::NetworkKind::Main));
        QVERIFY(isStale(1000, 1000 + 91 * 60, services::NetworkKind::Main));
        QVERIFY(!isStale(1000, 1000 + 91 * 60, services::NetworkKind::Regtest));
    }
    void longIdsAreShortenedInTheMiddle()
    {
        QCOMPARE(shortened("0123456789abcdef0123456789abcdef"),
                 QString("0123456789") + QChar(0x2026) + "89abcdef");
        QCOMPARE(shortened("short"), QString("short"));
    }
};

QTEST_APPLESS_MAIN(TestFormat)
#include "tst_format.moc"
