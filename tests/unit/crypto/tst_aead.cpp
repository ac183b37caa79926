// SPDX-License-Identifier: MIT
// Sealed boxes: opened as another implementation sealed them, and refused after any change.
#include "core/crypto/aead.h"
#include "core/crypto/random.h"

#include <QTest>

#include <set>

using namespace bowline::crypto;
using namespace bowline::base;

namespace {
AeadKey countingKey()
{
    AeadKey key;
    for (std::size_t i = 0; i < key.size(); ++i) key.data()[i] = static_cast<std::uint8_t>(i);
    return key;
}
} // namespace

class TestAead : public QObject {
    Q_OBJECT
private slots:
    void opensABoxSealedByAnotherImplementation();
    void anyFlippedBitIsFound();
    void anyCutIsFound();
    void aBoxMovedElsewhereDoesNotOpen();
    void aWrongKeyDoesNotOpen();
    void emptyAndLongPlaintextsComeBack();
    void sealingTwiceUsesTwoNonces();
};

void TestAead::opensABoxSealedByAnotherImplementation()
{
    // Sealed with ChaCha20Poly1305 of Python's "cryptography": key 00..1f, nonce 40..4b, associated data
    // 01 || "wallet seed".
    const Bytes box =
        *fromHex("01404142434445464748494a4b8c2319ed042fce7637bd927356f7f368c446f23c9d43e769f940541c");
    const auto opened = openBox(countingKey(), box, viewOf("wallet seed"));
    QVERIFY(opened.ok());
    QCOMPARE(toHex(viewOf(*opened)), toHex(viewOf("twelve words")));
}

void TestAead::anyFlippedBitIsFound()
{
    const Bytes box = *sealBox(countingKey(), viewOf("secret"), viewOf("context"));
    QVERIFY(openBox(countingKey(), box, viewOf("context")).ok());
    for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
        Bytes changed = box;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto opened = openBox(countingKey(), changed, viewOf("context"));
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().code == (bit < 8 ? kBoxVersion : kBoxNotAuthentic));
    }
}

void TestAead::anyCutIsFound()
{
    const Bytes box = *sealBox(countingKey(), viewOf("secret"), {});
    for (std::size_t size = 0; size < box.size(); ++size) {
        QVERIFY(!openBox(countingKey(), ByteView(box).first(size), {}).ok());
    }
    Bytes longer = box;
    longer.push_back(0);
    QVERIFY(!openBox(countingKey(), longer, {}).ok());
}

void TestAead::aBoxMovedElsewhereDoesNotOpen()
{
    const Bytes box = *sealBox(countingKey(), viewOf("secret"), viewOf("wallet A"));
    QVERIFY(openBox(countingKey(), box, viewOf("wallet B")).error().code == kBoxNotAuthentic);
    QVERIFY(openBox(countingKey(), box, {}).error().code == kBoxNotAuthentic);
}

void TestAead::aWrongKeyDoesNotOpen()
{
    const Bytes box = *sealBox(countingKey(), viewOf("secret"), {});
    const AeadKey other = *randomSecret();
    QVERIFY(openBox(other, box, {}).error().code == kBoxNotAuthentic);
}

void TestAead::emptyAndLongPlaintextsComeBack()
{
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{64}, std::size_t{100'000}}) {
        Bytes plaintext(size);
        QVERIFY(randomBytes(plaintext).ok());
        const Bytes box = *sealBox(countingKey(), plaintext, viewOf("x"));
        QCOMPARE(box.size(), size + kBoxOverhead);
        QVERIFY(toBytes(viewOf(*openBox(countingKey(), box, viewOf("x")))) == plaintext);
    }
}

void TestAead::sealingTwiceUsesTwoNonces()
{
    std::set<Bytes> boxes;
    for (int i = 0; i < 100; ++i) boxes.insert(*sealBox(countingKey(), viewOf("same"), {}));
    QCOMPARE(boxes.size(), std::size_t{100});
}

QTEST_APPLESS_MAIN(TestAead)
#include "tst_aead.moc"
