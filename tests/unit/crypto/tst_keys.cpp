// SPDX-License-Identifier: MIT
// Keys, tweaks, ECDSA and Schnorr signatures: the official vectors of BIP340, published keys, forgeries.
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"
#include "core/crypto/random.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <sstream>

using namespace bowline::crypto;
using namespace bowline::base;

namespace {
const char* const kOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

PrivateKey privateKey(const char* text) { return *PrivateKey::fromBytes(*fromHex(text)); }
std::string keyHex(const PublicKey& key) { return toHex(key.bytes()); }
std::vector<std::string> fieldsOf(const std::string& line)
{
    std::vector<std::string> out;
    std::stringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) out.push_back(field);
    while (out.size() < 8) out.emplace_back();
    return out;
}
} // namespace

class TestKeys : public QObject {
    Q_OBJECT
private slots:
    void bip340Vectors();
    void smallMultiplesOfTheGenerator();
    void numbersThatAreNoPrivateKeyAreRefused();
    void stringsThatAreNoPublicKeyAreRefused();
    void privateAndPublicTweaksAgree();
    void tweaksThatCancelTheKeyAreRefused();
    void xOnlyTweakSignsForTheTweakedKey();
    void ecdsaSignaturesAreShortAndVerify();
    void ecdsaMatchesRfc6979();
    void ecdsaRefusesHighSAndLooseEncoding();
    void aSignatureOfAnotherMessageIsRefused();
};

void TestKeys::bip340Vectors()
{
    SKIP_WITHOUT_VECTORS();
    std::stringstream file(bowline::test::readVectorFile("bip340/test-vectors.csv"));
    std::string line;
    std::getline(file, line); // the names of the columns
    int verified = 0;
    int produced = 0;
    while (std::getline(file, line)) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto field = fieldsOf(line); // index, secret, public, auxiliary, message, signature, result
        const Bytes message = *fromHex(field[4]);
        const auto expected = *arrayFromHex<64>(field[5]);
        const auto key = *XOnlyPublicKey::fromHex(field[2]);
        if (!field[1].empty()) {
            const PrivateKey secret = privateKey(field[1].c_str());
            QCOMPARE(secret.xOnlyPublicKey().hex(), key.hex());
            const auto signature = signSchnorr(secret, message, *arrayFromHex<32>(field[3]));
            QVERIFY(signature.ok());
            QCOMPARE(toHex(*signature), toHex(expected));
            ++produced;
        }
        QCOMPARE(verifySchnorr(key, message, expected), field[6] == "TRUE");
        ++verified;
    }
    QCOMPARE(verified, 19);
    QCOMPARE(produced, 8);
}

void TestKeys::smallMultiplesOfTheGenerator()
{
    // SEC 2: the generator itself, and its well-known double.
    QCOMPARE(
        keyHex(privateKey("0000000000000000000000000000000000000000000000000000000000000001").publicKey()),
        std::string("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
    QCOMPARE(
        keyHex(privateKey("0000000000000000000000000000000000000000000000000000000000000002").publicKey()),
        std::string("02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"));
    // n - 1 is the negative of the generator: same x, odd y.
    const PrivateKey last = privateKey("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
    QVERIFY(last.publicKey().hasOddY());
    QCOMPARE(last.xOnlyPublicKey().hex(),
             std::string("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
}

void TestKeys::numbersThatAreNoPrivateKeyAreRefused()
{
    QVERIFY(!PrivateKey::fromBytes(Bytes(32, 0)).ok());
    QVERIFY(!PrivateKey::fromBytes(*fromHex(kOrder)).ok());
    QVERIFY(!PrivateKey::fromBytes(Bytes(32, 0xff)).ok());
    QVERIFY(!PrivateKey::fromBytes(Bytes(31, 1)).ok());
    QVERIFY(!PrivateKey::fromBytes(Bytes(33, 1)).ok());
    QVERIFY(!PrivateKey::fromBytes({}).ok());
}

void TestKeys::stringsThatAreNoPublicKeyAreRefused()
{
    const Bytes good = *fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    QVERIFY(PublicKey::parse(good).ok());
    for (const unsigned first : {0x00U, 0x01U, 0x04U, 0x05U, 0x06U, 0xffU}) {
        Bytes bad = good;
        bad[0] = static_cast<std::uint8_t>(first);
        QVERIFY(!PublicKey::parse(bad).ok());
    }
    QVERIFY(!PublicKey::parse(ByteView(good).first(32)).ok());
    // The generator uncompressed: a good point, in a form that segregated witness forbids.
    QVERIFY(!PublicKey::parse(*fromHex("0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                                       "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"))
                 .ok());
    // From the BIP340 vectors: an x that is no coordinate, and the field's size.
    QVERIFY(!isOnCurve(
        *XOnlyPublicKey::fromHex("eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34")));
    QVERIFY(!isOnCurve(
        *XOnlyPublicKey::fromHex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30")));
}

void TestKeys::privateAndPublicTweaksAgree()
{
    for (int i = 0; i < 20; ++i) {
        const PrivateKey key = *PrivateKey::generate();
        const auto tweak = *randomSecret();
        QCOMPARE(keyHex(key.tweakAdd(tweak.view())->publicKey()),
                 keyHex(*key.publicKey().tweakAdd(tweak.view())));
    }
    // 1 + 1 = 2
    const Bytes one = *fromHex("0000000000000000000000000000000000000000000000000000000000000001");
    QCOMPARE(toHex(PrivateKey::fromBytes(one)->tweakAdd(one)->secret()),
             std::string("0000000000000000000000000000000000000000000000000000000000000002"));
}

void TestKeys::tweaksThatCancelTheKeyAreRefused()
{
    const PrivateKey one = privateKey("0000000000000000000000000000000000000000000000000000000000000001");
    const Bytes minusOne = *fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
    QVERIFY(one.tweakAdd(minusOne).error().code == kBadTweak);
    QVERIFY(one.publicKey().tweakAdd(minusOne).error().code == kBadTweak);
    QVERIFY(tweakXOnly(one.xOnlyPublicKey(), minusOne).error().code == kBadTweak);
    QVERIFY(one.tweakAdd(*fromHex(kOrder)).error().code == kBadTweak);
    QVERIFY(one.tweakAdd(Bytes(31, 1)).error().code == kBadTweak);
}

void TestKeys::xOnlyTweakSignsForTheTweakedKey()
{
    const Digest message = sha256(viewOf("spend"));
    for (int i = 0; i < 20; ++i) { // keys of both parities
        const PrivateKey key = *PrivateKey::generate();
        const Digest tweak = taggedHash("TapTweak", {key.xOnlyPublicKey().view()});
        const TweakedKey output = *tweakXOnly(key.xOnlyPublicKey(), tweak.view());
        const auto signature = signSchnorrTweaked(key, tweak.view(), message.view());
        QVERIFY(signature.ok());
        QVERIFY(verifySchnorr(output.key, message.view(), *signature));
        QVERIFY(!verifySchnorr(key.xOnlyPublicKey(), message.view(), *signature));
    }
}

void TestKeys::ecdsaSignaturesAreShortAndVerify()
{
    const PrivateKey key = *PrivateKey::generate();
    for (int i = 0; i < 100; ++i) {
        const Digest hash = sha256(Bytes(1, static_cast<std::uint8_t>(i)));
        const Bytes der = *signEcdsa(key, hash);
        QVERIFY(der.size() <= 70);
        QVERIFY(verifyEcdsa(key.publicKey(), hash, der));
        QCOMPARE(toHex(*signEcdsa(key, hash)), toHex(der)); // no randomness
    }
}

void TestKeys::ecdsaMatchesRfc6979()
{
    // A widely published deterministic signature on secp256k1 whose R is low at the first try.
    const PrivateKey turing = privateKey("f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181");
    QCOMPARE(toHex(*signEcdsa(turing, sha256(viewOf("Alan Turing")))),
             std::string("304402207063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c"
                         "022058dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea"));
    // Another one whose R is high: it verifies, but ours is another, shorter signature.
    const PrivateKey one = privateKey("0000000000000000000000000000000000000000000000000000000000000001");
    const Digest hash = sha256(viewOf("Satoshi Nakamoto"));
    const Bytes published =
        *fromHex("3045022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                 "02202442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
    QVERIFY(verifyEcdsa(one.publicKey(), hash, published));
    QCOMPARE(signEcdsa(one, hash)->size(), std::size_t{70});
}

void TestKeys::ecdsaRefusesHighSAndLooseEncoding()
{
    const PrivateKey one = privateKey("0000000000000000000000000000000000000000000000000000000000000001");
    const Digest hash = sha256(viewOf("Satoshi Nakamoto"));
    // n - s of the published signature: the same equation holds, but anybody could have made it from the
    // other.
    const Bytes high = *fromHex("3046022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                                "022100dbbd3162d46e9f9bef7feb87c16dc13b4f6568a87f4e83f728e2443ba586675c");
    QVERIFY(!verifyEcdsa(one.publicKey(), hash, high));
    Bytes trailing = *signEcdsa(one, hash);
    QVERIFY(verifyEcdsa(one.publicKey(), hash, trailing));
    trailing.push_back(0);
    QVERIFY(!verifyEcdsa(one.publicKey(), hash, trailing));
    QVERIFY(!verifyEcdsa(one.publicKey(), hash, {}));
}

void TestKeys::aSignatureOfAnotherMessageIsRefused()
{
    const PrivateKey key = *PrivateKey::generate();
    const Digest mine = sha256(viewOf("mine"));
    const Digest other = sha256(viewOf("other"));
    QVERIFY(!verifyEcdsa(key.publicKey(), other, *signEcdsa(key, mine)));
    QVERIFY(!verifySchnorr(key.xOnlyPublicKey(), other.view(), *signSchnorr(key, mine.view())));
    QVERIFY(!verifySchnorr(PrivateKey::generate()->xOnlyPublicKey(), mine.view(),
                           *signSchnorr(key, mine.view())));
}

QTEST_APPLESS_MAIN(TestKeys)
#include "tst_keys.moc"
