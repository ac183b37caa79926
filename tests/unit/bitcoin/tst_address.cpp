// SPDX-License-Identifier: MIT
// core/bitcoin/address.h, bech32.h and base58.h: the vectors of BIP173 and BIP350, the addresses of a real
// node, and the mistakes that people make when they paste one.
#include "core/bitcoin/address.h"
#include "core/bitcoin/base58.h"
#include "core/bitcoin/bech32.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::textOf;

namespace {
constexpr const char* kGenesisAddress = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
constexpr const char* kTaprootAddress = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";

Network networkOf(const std::string& address)
{
    return address.rfind("tb1", 0) == 0 || address.rfind("TB1", 0) == 0 ? Network::Signet : Network::Main;
}

void checkStrings(const std::string& file, Bech32Form form)
{
    const auto vectors = test::readVectorJson(file);
    for (const auto& text : vectors.at("valid").as_array()) {
        const auto decoded = decodeBech32(textOf(text));
        QVERIFY2(decoded.ok(), textOf(text).c_str());
        QVERIFY(decoded->form == form);
        const std::string again = encodeBech32(form, decoded->prefix, decoded->values);
        QCOMPARE(QString::fromStdString(again), QString::fromStdString(textOf(text)).toLower());
    }
    for (const auto& entry : vectors.at("invalid").as_array()) {
        const auto decoded = decodeBech32(textOf(entry.at("string")));
        QVERIFY2(!decoded.ok() || decoded->form != form, textOf(entry.at("string")).c_str());
    }
}
} // namespace

class TestAddress : public QObject {
    Q_OBJECT
private slots:
    void textVectorsOfBip173And350();
    void addressVectorsOfBip350();
    void addressVectorsOfBip173();
    void nodeAndWalletAgreeOnAddresses();
    void oldAddressesOfEachNetwork();
    void anchorHasAnAddressOnEachNetwork();
    void addressOfAnotherNetworkSaysSo_data();
    void addressOfAnotherNetworkSaysSo();
    void everyWrongCharacterIsFound();
    void mistakesHaveTheirOwnCodes_data();
    void mistakesHaveTheirOwnCodes();
    void scriptsWithoutAnAddressSaySo();
    void base58KeepsLeadingZeros();
};

void TestAddress::textVectorsOfBip173And350()
{
    SKIP_WITHOUT_VECTORS();
    checkStrings("bech32/vectors.json", Bech32Form::Bech32);
    checkStrings("bech32m/vectors.json", Bech32Form::Bech32m);
}

void TestAddress::addressVectorsOfBip350()
{
    SKIP_WITHOUT_VECTORS();
    const auto vectors = test::readVectorJson("bech32m/vectors.json");
    for (const auto& entry : vectors.at("valid_addresses").as_array()) {
        const std::string address = textOf(entry.at("address"));
        const auto script = scriptFromAddress(address, networkOf(address));
        QVERIFY2(script.ok(), address.c_str());
        QCOMPARE(base::toHex(*script), textOf(entry.at("script_pubkey")));
        const auto again = addressFromScript(*script, networkOf(address));
        QCOMPARE(QString::fromStdString(again.value()), QString::fromStdString(address).toLower());
    }
    for (const auto& entry : vectors.at("invalid_addresses").as_array()) {
        const std::string address = textOf(entry.at("string"));
        for (const Network network : {Network::Main, Network::Testnet4, Network::Regtest}) {
            const auto script = scriptFromAddress(address, network);
            QVERIFY2(!script.ok(), address.c_str());
            QVERIFY2(script.error().code != kAddressOtherNetwork, "it is not good on another network either");
        }
    }
}

void TestAddress::addressVectorsOfBip173()
{
    SKIP_WITHOUT_VECTORS();
    // BIP350 superseded the form of versions above 0: those addresses must be refused now.
    const auto vectors = test::readVectorJson("bech32/vectors.json");
    for (const auto& entry : vectors.at("valid_addresses").as_array()) {
        const std::string address = textOf(entry.at("address"));
        const auto script = scriptFromAddress(address, networkOf(address));
        if (textOf(entry.at("script_pubkey")).rfind("00", 0) == 0) {
            QCOMPARE(base::toHex(script.value()), textOf(entry.at("script_pubkey")));
        } else {
            QVERIFY2(script.error().code == kAddressWrongForm, address.c_str());
        }
    }
    for (const auto& entry : vectors.at("invalid_addresses").as_array()) {
        QVERIFY(!scriptFromAddress(textOf(entry.at("string")), Network::Main).ok());
        QVERIFY(!scriptFromAddress(textOf(entry.at("string")), Network::Signet).ok());
    }
}

void TestAddress::nodeAndWalletAgreeOnAddresses()
{
    int checked = 0;
    const auto check = [&checked](const boost::json::value& script) {
        if (!script.as_object().contains("address")) return;
        const std::string address = textOf(script.at("address"));
        const Bytes bytes = bytesOf(script.at("hex"));
        QCOMPARE(addressFromScript(bytes, Network::Regtest).value(), address);
        QCOMPARE(base::toHex(scriptFromAddress(address, Network::Regtest).value()), base::toHex(bytes));
        ++checked;
    };
    for (const auto& transaction : test::recordedBlock().at("block").at("tx").as_array()) {
        for (const auto& output : transaction.at("vout").as_array()) check(output.at("scriptPubKey"));
        for (const auto& input : transaction.at("vin").as_array()) {
            if (input.as_object().contains("prevout")) check(input.at("prevout").at("scriptPubKey"));
        }
    }
    QVERIFY(checked > 30);
}

void TestAddress::oldAddressesOfEachNetwork()
{
    const std::string genesisScript = "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac";
    QCOMPARE(base::toHex(scriptFromAddress(kGenesisAddress, Network::Main).value()), genesisScript);
    QCOMPARE(addressFromScript(bytesOf(genesisScript), Network::Main).value(), std::string(kGenesisAddress));
    // BIP16's first address of a script hash.
    QCOMPARE(base::toHex(scriptFromAddress("3P14159f73E4gFr7JterCCQh9QjiTjiZrG", Network::Main).value()),
             std::string("a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87"));
}

void TestAddress::anchorHasAnAddressOnEachNetwork()
{
    QCOMPARE(addressFromScript(payToAnchor(), Network::Main).value(), std::string("bc1pfeessrawgf"));
    QCOMPARE(addressFromScript(payToAnchor(), Network::Regtest).value(), std::string("bcrt1pfeesnyr2tx"));
    QVERIFY(scriptFromAddress("bc1pfeessrawgf", Network::Main).value() == payToAnchor());
}

void TestAddress::addressOfAnotherNetworkSaysSo_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("network");
    QTest::newRow("main key hash on regtest") << kGenesisAddress << int(Network::Regtest);
    QTest::newRow("main script hash on signet")
        << "3P14159f73E4gFr7JterCCQh9QjiTjiZrG" << int(Network::Signet);
    QTest::newRow("regtest key hash on main") << "mrRTWKiGZssfTPjayDfoyiaLpkZDAShC5o" << int(Network::Main);
    QTest::newRow("main taproot on signet") << kTaprootAddress << int(Network::Signet);
    QTest::newRow("regtest witness on main") << "bcrt1pfeesnyr2tx" << int(Network::Main);
    QTest::newRow("regtest witness on testnet4") << "bcrt1pfeesnyr2tx" << int(Network::Testnet4);
    QTest::newRow("signet witness on regtest")
        << "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx" << int(Network::Regtest);
}

void TestAddress::addressOfAnotherNetworkSaysSo()
{
    QFETCH(QString, address);
    QFETCH(int, network);
    const auto script = scriptFromAddress(address.toStdString(), static_cast<Network>(network));
    QVERIFY(script.error().code == kAddressOtherNetwork);
}

void TestAddress::everyWrongCharacterIsFound()
{
    const std::string good = kTaprootAddress;
    QVERIFY(scriptFromAddress(good, Network::Main).ok());
    for (const std::string& address : {good, std::string(kGenesisAddress)}) {
        for (std::size_t i = 0; i < address.size(); ++i) {
            for (const char c : {'q', 'p', '2', 'Z', '1', 'O'}) {
                std::string bad = address;
                if (bad[i] == c) continue;
                bad[i] = c;
                QVERIFY2(!scriptFromAddress(bad, Network::Main).ok(), bad.c_str());
            }
        }
    }
}

void TestAddress::mistakesHaveTheirOwnCodes_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("code");
    const QString taproot = kTaprootAddress;
    QTest::newRow("empty") << ""
                           << "bitcoin.base58-bad-length";
    QTest::newRow("a word") << "bitcoin"
                            << "bitcoin.base58-bad-checksum";
    QTest::newRow("a letter that Base58 lacks") << "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfOl"
                                                << "bitcoin.base58-bad-character";
    QTest::newRow("a slip in an old one") << "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"
                                          << "bitcoin.base58-bad-checksum";
    QTest::newRow("a slip") << taproot.chopped(1) + "q"
                            << "bitcoin.bech32-bad-checksum";
    QTest::newRow("mixed case") << taproot.chopped(1) + "Q"
                                << "bitcoin.bech32-mixed-case";
    QTest::newRow("cut off") << taproot.left(8) << "bitcoin.bech32-bad-length";
    QTest::newRow("space behind") << taproot + " "
                                  << "bitcoin.bech32-bad-character";
    QTest::newRow("another coin") << "LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"
                                  << "bitcoin.address-unknown";
    QTest::newRow("a private key") << "5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss"
                                   << "bitcoin.address-unknown";
    QTest::newRow("Bech32 of something else") << "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"
                                              << "bitcoin.address-unknown";
    QTest::newRow("very long") << QString("z").repeated(100'000) << "bitcoin.base58-bad-length";
}

void TestAddress::mistakesHaveTheirOwnCodes()
{
    QFETCH(QString, address);
    QFETCH(QString, code);
    const auto script = scriptFromAddress(address.toStdString(), Network::Main);
    QVERIFY(!script.ok());
    QCOMPARE(QString::fromStdString(std::string(script.error().code.name())), code);
}

void TestAddress::scriptsWithoutAnAddressSaySo()
{
    for (const char* script :
         {"", "51", "6a07626f776c696e65", "0015aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
        QVERIFY2(addressFromScript(bytesOf(script), Network::Main).error().code == kNoAddress, script);
    }
}

void TestAddress::base58KeepsLeadingZeros()
{
    for (const char* hex : {"", "00", "0000", "000001", "00ff00", "ffffffff"}) {
        const std::string text = encodeBase58Check(bytesOf(hex));
        QCOMPARE(base::toHex(decodeBase58Check(text).value()), std::string(hex));
    }
    QCOMPARE(encodeBase58Check(bytesOf("0062e907b15cbf27d5425399ebf6f0fb50ebb88f18")),
             std::string(kGenesisAddress));
}

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
