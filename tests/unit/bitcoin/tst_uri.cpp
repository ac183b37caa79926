// SPDX-License-Identifier: MIT
// core/bitcoin/uri.h: the examples of BIP21, and links made to mislead.
#include "core/bitcoin/uri.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;

namespace {
// BIP21's own examples with a valid address in place of its placeholder.
const std::string kAddress = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";

Result<PaymentUri> parse(const std::string& text) { return parsePaymentUri(text, Network::Main); }
} // namespace

class TestUri : public QObject {
    Q_OBJECT
private slots:
    void examplesOfBip21();
    void schemeAndParameterNamesInAnyCase();
    void unknownRequirementsRefuseTheLink();
    void amountsThatAreNoneAreRefused_data();
    void amountsThatAreNoneAreRefused();
    void malformedLinksAreRefused_data();
    void malformedLinksAreRefused();
    void addressIsHeldAgainstTheNetwork();
    void plusIsAPlus();
    void whatIsWrittenIsReadAgain();
};

void TestUri::examplesOfBip21()
{
    QCOMPARE(parse("bitcoin:" + kAddress).value().address, kAddress);
    QCOMPARE(parse("bitcoin:" + kAddress + "?label=Luke-Jr").value().label, std::string("Luke-Jr"));
    const auto request = parse("bitcoin:" + kAddress + "?amount=20.3&label=Luke-Jr");
    QCOMPARE(request.value().amount->sat(), std::int64_t{2'030'000'000});
    const auto donation =
        parse("bitcoin:" + kAddress + "?amount=50&label=Luke-Jr&message=Donation%20for%20project%20xyz");
    QCOMPARE(donation.value().message, std::string("Donation for project xyz"));
    QCOMPARE(donation->amount->sat(), 50 * Amount::kSatPerBtc);
    const auto future = parse("bitcoin:" + kAddress + "?somethingyoudontunderstand=50&somethingelse=999");
    QVERIFY((future.value().others == std::vector<std::pair<std::string, std::string>>{
                                          {"somethingyoudontunderstand", "50"}, {"somethingelse", "999"}}));
}

void TestUri::schemeAndParameterNamesInAnyCase()
{
    // Capitals make QR codes smaller.
    const auto uri = parse("BITCOIN:BC1PFEESSRAWGF?AMOUNT=0.5&Label=x");
    QCOMPARE(uri.value().address, std::string("BC1PFEESSRAWGF"));
    QCOMPARE(uri->amount->sat(), std::int64_t{50'000'000});
    QCOMPARE(uri->label, std::string("x"));
}

void TestUri::unknownRequirementsRefuseTheLink()
{
    for (const char* parameter :
         {"req-somethingyoudontunderstand=50", "REQ-x", "label=a&req-y=1", "%72eq-z=1"}) {
        const auto uri = parse("bitcoin:" + kAddress + '?' + parameter);
        QVERIFY2(uri.error().code == kUriRequirement, parameter);
    }
}

void TestUri::amountsThatAreNoneAreRefused_data()
{
    QTest::addColumn<QString>("amount");
    for (const char* text : {"", "0", "0.00000000", "-1", "1,5", "1e3", "0.123456789", "21000000.00000001",
                             "0x1", "20.3X8", "%31%2C5", "1 "}) {
        QTest::newRow(*text == '\0' ? "empty" : text) << text;
    }
}

void TestUri::amountsThatAreNoneAreRefused()
{
    QFETCH(QString, amount);
    QVERIFY(parse("bitcoin:" + kAddress + "?amount=" + amount.toStdString()).error().code == kUriBadAmount);
}

void TestUri::malformedLinksAreRefused_data()
{
    QTest::addColumn<QString>("link");
    const QString good = QString::fromStdString("bitcoin:" + kAddress);
    QTest::newRow("empty") << "";
    QTest::newRow("another scheme") << good.mid(7).prepend("litecoin");
    QTest::newRow("no address") << "bitcoin:?amount=1";
    QTest::newRow("percent at the end") << good + "?label=a%";
    QTest::newRow("one digit") << good + "?label=a%2";
    QTest::newRow("no digits") << good + "?label=a%zz";
    QTest::newRow("two amounts") << good + "?amount=1&amount=2";
    QTest::newRow("two labels by capitals") << good + "?label=1&LABEL=2";
    QTest::newRow("line break") << good + "?label=a%0Ab";
    QTest::newRow("zero byte") << good + "?label=a%00b";
    QTest::newRow("C1 control") << good + "?label=a%C2%85b";
    QTest::newRow("not UTF-8") << good + "?label=%FF";
    QTest::newRow("overlong UTF-8") << good + "?label=%C0%AF";
    QTest::newRow("surrogate") << good + "?label=%ED%A0%80";
    QTest::newRow("cut UTF-8") << good + "?label=%E2%82";
    QTest::newRow("fragment") << good + "?label=a#amount=1";
    QTest::newRow("too long") << good + "?label=" + QString("a").repeated(5000);
}

void TestUri::malformedLinksAreRefused()
{
    QFETCH(QString, link);
    QVERIFY(parse(link.toStdString()).error().code == kBadUri);
}

void TestUri::addressIsHeldAgainstTheNetwork()
{
    QVERIFY(parsePaymentUri("bitcoin:" + kAddress, Network::Regtest).error().code == kAddressOtherNetwork);
    QVERIFY(!parse("bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb").ok());
    QVERIFY2(!parse("bitcoin://" + kAddress).ok(), "no authority");
}

void TestUri::plusIsAPlus()
{
    QCOMPARE(parse("bitcoin:" + kAddress + "?message=1+1%2B1").value().message, std::string("1+1+1"));
}

void TestUri::whatIsWrittenIsReadAgain()
{
    PaymentUri uri;
    uri.address = kAddress;
    QCOMPARE(formatPaymentUri(uri), "bitcoin:" + kAddress);
    uri.amount = Amount::fromSat(150'000);
    uri.label = "Fran\u00e7ois & S\u00f6hne?";
    uri.message = "100% = all #1 \u20bf";
    uri.others = {{"lightning", "lnbc1"}};
    const std::string text = formatPaymentUri(uri);
    QVERIFY2(text.find("?amount=0.0015&label=") != std::string::npos, text.c_str());
    QVERIFY(parse(text).value() == uri);
    uri.amount = Amount::fromSat(20 * Amount::kSatPerBtc);
    QVERIFY(formatPaymentUri(uri).find("?amount=20&") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestUri)
#include "tst_uri.moc"
