// SPDX-License-Identifier: MIT
// Hierarchical keys: the vectors of BIP32, BIP84 and BIP86, and paths as people and files write them.
#include "core/bitcoin/address.h"
#include "core/bitcoin/base58.h"
#include "core/keys/account.h"
#include "core/keys/mnemonic.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::keys;
using base::Bytes;
using bitcoin::Network;
namespace json = boost::json;

namespace {
std::string_view textOf(const json::value& value) { return value.as_string(); }
std::string privateText(const ExtendedPrivateKey& key)
{
    const base::SecureBytes text = key.toText(Network::Main);
    return {text.begin(), text.end()};
}
ExtendedPrivateKey masterOf(std::string_view sentence)
{
    const auto seed = Mnemonic::parse(base::viewOf(sentence))->toSeed({});
    return *ExtendedPrivateKey::fromSeed(base::viewOf(*seed));
}
/// The key material of a SLIP132 text (zpub, zprv), whose version is not ours.
std::string withoutVersion(std::string_view text)
{
    return base::toHex(base::ByteView(*bitcoin::decodeBase58Check(text)).subspan(4));
}
const char* const kRoot =
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGt"
    "RBeJgk33yuGBxrMPHi";
} // namespace

class TestBip32 : public QObject {
    Q_OBJECT
private slots:
    void derivationVectors();
    void invalidKeyVectorsAreRefused();
    void bip84Vectors();
    void bip86Vectors();
    void keysOfAnotherNetworkAreRefused();
    void publicDerivationEqualsPrivateDerivation();
    void hardenedStepsNeedThePrivateKey();
    void derivationStopsAtDepth255();
    void seedsOfUnusualLengthAreRefused();
    void pathsAreReadStrictly_data();
    void pathsAreReadStrictly();
    void brokenPathsAreRefused_data();
    void brokenPathsAreRefused();
    void accountNumbersAbove31BitsAreRefused();
};

void TestBip32::derivationVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = test::readVectorJson("bip32/vectors.json");
    int checked = 0;
    for (const json::value& one : file.at("valid").as_array()) {
        const auto master = ExtendedPrivateKey::fromSeed(*base::fromHex(textOf(one.at("seed"))));
        QVERIFY(master.ok());
        for (const json::value& step : one.at("chain").as_array()) {
            const auto key = master->derive(*parsePath(textOf(step.at("path"))));
            QVERIFY(key.ok());
            QCOMPARE(privateText(*key), std::string(textOf(step.at("prv"))));
            QCOMPARE(key->extendedPublicKey().toString(Network::Main), std::string(textOf(step.at("pub"))));
            // And back from the text.
            QCOMPARE(privateText(*ExtendedPrivateKey::parse(textOf(step.at("prv")), Network::Main)),
                     std::string(textOf(step.at("prv"))));
            QVERIFY(*ExtendedPublicKey::parse(textOf(step.at("pub")), Network::Main) ==
                    key->extendedPublicKey());
            ++checked;
        }
    }
    QVERIFY(checked >= 17);
}

void TestBip32::invalidKeyVectorsAreRefused()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = test::readVectorJson("bip32/vectors.json");
    for (const json::value& one : file.at("invalid").as_array()) {
        const std::string_view text = textOf(one.at("key"));
        QVERIFY2(!ExtendedPublicKey::parse(text, Network::Main).ok(), textOf(one.at("why")).data());
        QVERIFY2(!ExtendedPrivateKey::parse(text, Network::Main).ok(), textOf(one.at("why")).data());
    }
}

void TestBip32::bip84Vectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = test::readVectorJson("bip84/vectors.json");
    const ExtendedPrivateKey master = masterOf(textOf(file.at(0).at("mnemonic")));
    QCOMPARE(withoutVersion(privateText(master)), withoutVersion(textOf(file.at(0).at("rootpriv"))));
    const auto account = *master.derive(*accountPath(AccountKind::Bip84, Network::Main, 0));
    QCOMPARE(withoutVersion(account.extendedPublicKey().toString(Network::Main)),
             withoutVersion(textOf(file.at(1).at("xpub"))));
    QCOMPARE(withoutVersion(privateText(account)), withoutVersion(textOf(file.at(1).at("xpriv"))));
    const auto descriptors = *accountDescriptors(master, AccountKind::Bip84, Network::Main, 0);
    const auto check = [&file](const Descriptor& descriptor, std::uint32_t index, std::size_t row) {
        const DescriptorOutput output = *descriptor.outputAt(index);
        QCOMPARE(*bitcoin::addressFromScript(output.script, Network::Main),
                 std::string(textOf(file.at(row).at("address"))));
        QCOMPARE(base::toHex(output.keys.at(0).key.view()), std::string(textOf(file.at(row).at("pubkey"))));
    };
    check(descriptors.receive, 0, 2);
    check(descriptors.receive, 1, 3);
    check(descriptors.change, 0, 4);
}

void TestBip32::bip86Vectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = test::readVectorJson("bip86/vectors.json");
    const ExtendedPrivateKey master = masterOf(textOf(file.at(0).at("mnemonic")));
    QCOMPARE(privateText(master), std::string(textOf(file.at(0).at("rootpriv"))));
    const DerivationPath path = *accountPath(AccountKind::Bip86, Network::Main, 0);
    const auto account = *master.derive(path);
    QCOMPARE(privateText(account), std::string(textOf(file.at(1).at("xprv"))));
    QCOMPARE(account.extendedPublicKey().toString(Network::Main), std::string(textOf(file.at(1).at("xpub"))));
    const auto descriptors = *accountDescriptors(master, AccountKind::Bip86, Network::Main, 0);
    QVERIFY(!descriptors.receive.hasPrivateKeys());
    const auto check = [&](const Descriptor& descriptor, std::uint32_t branch, std::uint32_t index,
                           std::size_t row) {
        const DescriptorOutput output = *descriptor.outputAt(index);
        const json::value& expected = file.at(row);
        QCOMPARE(*bitcoin::addressFromScript(output.script, Network::Main),
                 std::string(textOf(expected.at("address"))));
        QCOMPARE(base::toHex(output.script), std::string(textOf(expected.at("scriptPubKey"))));
        QCOMPARE(output.taproot->internalKey().hex(), std::string(textOf(expected.at("internal_key"))));
        QCOMPARE(output.taproot->outputKey().hex(), std::string(textOf(expected.at("output_key"))));
        // The origin leads from the master key to the private key of this output.
        const ExpandedKey& key = output.keys.at(0);
        QVERIFY(key.internal);
        QVERIFY(key.origin.fingerprint == master.fingerprint());
        QCOMPARE(formatPath(key.origin.path),
                 formatPath(path) + "/" + std::to_string(branch) + "/" + std::to_string(index));
        QCOMPARE(privateText(*master.derive(key.origin.path)), std::string(textOf(expected.at("xprv"))));
    };
    check(descriptors.receive, 0, 0, 2);
    check(descriptors.receive, 0, 1, 3);
    check(descriptors.change, 1, 0, 4);
}

void TestBip32::keysOfAnotherNetworkAreRefused()
{
    QVERIFY(ExtendedPrivateKey::parse(kRoot, Network::Main).ok());
    QVERIFY(ExtendedPrivateKey::parse(kRoot, Network::Regtest).error().code == kExtendedKeyVersion);
    const auto key = ExtendedPrivateKey::parse(kRoot, Network::Main)->extendedPublicKey();
    const std::string test = key.toString(Network::Testnet4);
    QVERIFY(test.starts_with("tpub"));
    QVERIFY(ExtendedPublicKey::parse(test, Network::Main).error().code == kExtendedKeyVersion);
    QVERIFY(*ExtendedPublicKey::parse(test, Network::Signet) == key);
}

void TestBip32::publicDerivationEqualsPrivateDerivation()
{
    const auto root = *ExtendedPrivateKey::parse(kRoot, Network::Main);
    const auto account = *root.derive(*parsePath("m/86h/0h/0h"));
    for (std::uint32_t index = 0; index < 20; ++index) {
        const DerivationPath steps{index % 2, index * 1000};
        QVERIFY(account.derive(steps)->extendedPublicKey() == *account.extendedPublicKey().derive(steps));
    }
}

void TestBip32::hardenedStepsNeedThePrivateKey()
{
    const auto key = ExtendedPrivateKey::parse(kRoot, Network::Main)->extendedPublicKey();
    QVERIFY(key.child(kHardened).error().code == kHardenedNeedsPrivateKey);
    QVERIFY(key.derive(*parsePath("0/1h/2")).error().code == kHardenedNeedsPrivateKey);
    QVERIFY(key.childTweak(kHardened).error().code == kHardenedNeedsPrivateKey);
}

void TestBip32::derivationStopsAtDepth255()
{
    const auto root = *ExtendedPrivateKey::parse(kRoot, Network::Main);
    const auto deepest = *root.derive(DerivationPath(255, 1));
    QCOMPARE(int(deepest.depth()), 255);
    QVERIFY(deepest.child(0).error().code == kTooDeep);
    QVERIFY(deepest.extendedPublicKey().child(0).error().code == kTooDeep);
}

void TestBip32::seedsOfUnusualLengthAreRefused()
{
    QVERIFY(ExtendedPrivateKey::fromSeed(Bytes(15, 1)).error().code == kBadSeed);
    QVERIFY(ExtendedPrivateKey::fromSeed(Bytes(65, 1)).error().code == kBadSeed);
    QVERIFY(ExtendedPrivateKey::fromSeed(Bytes(16, 1)).ok());
}

void TestBip32::pathsAreReadStrictly_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("normal");
    QTest::newRow("root") << "m"
                          << "m";
    QTest::newRow("h") << "m/86h/1h/0h/0/5"
                       << "m/86h/1h/0h/0/5";
    QTest::newRow("apostrophes") << "m/86'/1'/0'/0/5"
                                 << "m/86h/1h/0h/0/5";
    QTest::newRow("without m") << "0/1'"
                               << "m/0/1h";
    QTest::newRow("largest") << "m/2147483647h/2147483647"
                             << "m/2147483647h/2147483647";
}

void TestBip32::pathsAreReadStrictly()
{
    QFETCH(QString, text);
    QFETCH(QString, normal);
    const auto path = parsePath(text.toStdString());
    QVERIFY(path.ok());
    QCOMPARE(formatPath(*path), normal.toStdString());
}

void TestBip32::brokenPathsAreRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
         {"",     "/",     "m/",    "/0",    "m//0",  "m/0/",  "m/2147483648", "m/4294967296",
          "m/-1", "m/+1",  "m/0x1", "m/01",  "m/1H",  "m/1hh", "m/h",          "m/ 1",
          "M/0",  "m/0/m", "m/*",   "m/1h'", "m/1e3", "mm"}) {
        QTest::newRow(text) << text;
    }
    QString deep = "m";
    for (int i = 0; i < 256; ++i) deep += "/0";
    QTest::newRow("256 steps") << deep;
}

void TestBip32::brokenPathsAreRefused()
{
    QFETCH(QString, text);
    QVERIFY(!parsePath(text.toStdString()).ok());
}

void TestBip32::accountNumbersAbove31BitsAreRefused()
{
    QVERIFY(accountPath(AccountKind::Bip86, Network::Main, kHardened).error().code == kBadAccount);
    QCOMPARE(formatPath(*accountPath(AccountKind::Bip86, Network::Regtest, 7)), std::string("m/86h/1h/7h"));
    QCOMPARE(formatPath(*accountPath(AccountKind::Bip84, Network::Main, 0)), std::string("m/84h/0h/0h"));
}

QTEST_APPLESS_MAIN(TestBip32)
#include "tst_bip32.moc"
