// SPDX-License-Identifier: MIT
// Hashes and key derivation against published values, random bytes against obvious failures.
#include "core/base/bytes.h"
#include "core/crypto/hash.h"
#include "core/crypto/kdf.h"
#include "core/crypto/random.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

using namespace bowline::crypto;
using namespace bowline::base;

namespace {
Bytes hex(const char* text) { return *fromHex(text); }
template <typename Container>
std::string hexOf(const Container& bytes)
{
    return toHex({bytes.data(), bytes.size()});
}
} // namespace

class TestHash : public QObject {
    Q_OBJECT
private slots:
    void knownAnswersOfEachHash();
    void knownAnswersOfHmac();
    void taggedHashFollowsBip340();
    void streamingEqualsOneShotWhateverThePieces();
    void threadsHashIndependently();
    void genesisHeaderHashesToTheGenesisId();
    void scryptKnownAnswers();
    void scryptRefusesParametersThatExhaustMemory();
    void scryptCalibrationNeverGoesBelowTheMinimum();
    void scryptTakesAboutAsLongAsItShould();
    void pbkdf2KnownAnswers();
    void hkdfKnownAnswers();
    void randomBytesDoNotRepeat();
};

void TestHash::knownAnswersOfEachHash()
{
    // FIPS 180-2 and the RIPEMD-160 paper: the three-letter message and the empty one.
    QCOMPARE(sha256(viewOf("abc")).hex(),
             std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(sha256({}).hex(),
             std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(hexOf(sha512(viewOf("abc"))),
             std::string("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
    QCOMPARE(hexOf(ripemd160(viewOf("abc"))), std::string("8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"));
    // BIP173: the key hash of the generator point.
    QCOMPARE(hexOf(hash160(hex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"))),
             std::string("751e76e8199196d454941c45d1b3a323f1433bd6"));
}

void TestHash::knownAnswersOfHmac()
{
    // RFC 4231, test cases 1, 2 and 6 (a key longer than the block).
    const Bytes key1(20, 0x0b);
    const Bytes key6(131, 0xaa);
    QCOMPARE(hmacSha256(key1, viewOf("Hi There")).hex(),
             std::string("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
    QCOMPARE(hmacSha256(viewOf("Jefe"), viewOf("what do ya want for nothing?")).hex(),
             std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    QCOMPARE(hexOf(hmacSha512(viewOf("Jefe"), viewOf("what do ya want for nothing?"))),
             std::string("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"));
    QCOMPARE(hmacSha256(key6, viewOf("Test Using Larger Than Block-Size Key - Hash Key First")).hex(),
             std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

void TestHash::taggedHashFollowsBip340()
{
    // Computed with Python's hashlib.
    QCOMPARE(taggedHash("BIP0340/challenge", {viewOf("abc"), viewOf("def")}).hex(),
             std::string("7a4cfae49b93660bbb49d35c215159cfae5f7d3f5ca0e6ba7f4c3d42203a2082"));
    QCOMPARE(taggedHash("TapLeaf", {}).hex(),
             std::string("5212c288a377d1f8164962a5a13429f9ba6a7b84e59776a52c6637df2106facb"));
}

void TestHash::streamingEqualsOneShotWhateverThePieces()
{
    Bytes data(1000);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 7);
    const ByteView view(data);
    Sha256 stream;
    for (std::size_t piece = 0; piece < 130; ++piece) {
        for (std::size_t at = 0; at < view.size(); at += piece + 1) {
            stream.update(view.subspan(at, std::min(piece + 1, view.size() - at)));
        }
        QCOMPARE(stream.finish().hex(), sha256(data).hex()); // and the object starts afresh
    }
}

void TestHash::threadsHashIndependently()
{
    std::atomic<int> wrong{0};
    const auto work = [&wrong](std::uint8_t seed) {
        const Bytes data(80, seed);
        const Digest expected = sha256d(data);
        for (int i = 0; i < 20'000; ++i) {
            if (sha256d(data) != expected) ++wrong;
        }
    };
    std::thread other(work, std::uint8_t{1});
    work(2);
    other.join();
    QCOMPARE(wrong.load(), 0);
}

void TestHash::genesisHeaderHashesToTheGenesisId()
{
    const Bytes header =
        hex("0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b2"
            "7ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c");
    QCOMPARE(sha256d(header).displayHex(),
             std::string("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"));
}

void TestHash::scryptKnownAnswers()
{
    // RFC 7914, section 12, the first three.
    QCOMPARE(hexOf(*scrypt({}, {}, {16, 1, 1}, 64)),
             std::string("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                         "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"));
    QCOMPARE(hexOf(*scrypt(viewOf("password"), viewOf("NaCl"), {1024, 8, 16}, 64)),
             std::string("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                         "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"));
    QCOMPARE(hexOf(*scrypt(viewOf("pleaseletmein"), viewOf("SodiumChloride"), {16384, 8, 1}, 64)),
             std::string("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                         "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"));
}

void TestHash::scryptRefusesParametersThatExhaustMemory()
{
    const std::vector<ScryptParameters> forged = {
        {1U << 21U, 8, 1},
        {UINT64_MAX / 2 + 1, 8, 1},
        {1U << 15U, UINT32_MAX, 1},
        {1U << 15U, 8, UINT32_MAX},
        {0, 8, 1},
        {1, 8, 1},
        {3U << 14U, 8, 1},
        {1U << 15U, 0, 1},
        {1U << 15U, 8, 0},
    };
    for (const ScryptParameters& parameters : forged) {
        const auto result = scrypt(viewOf("x"), viewOf("y"), parameters, 32);
        QVERIFY(!result.ok());
        QVERIFY(result.error().code == kBadScryptParameters);
        QVERIFY(!isStrongEnough(parameters));
    }
    QVERIFY(isStrongEnough({kScryptMinN, 8, 1}));
    QVERIFY(!isStrongEnough({kScryptMinN / 2, 8, 1}));
}

void TestHash::scryptCalibrationNeverGoesBelowTheMinimum()
{
    const auto least = calibrateScrypt(std::chrono::milliseconds(0));
    QVERIFY(least.ok());
    QCOMPARE(least->n, kScryptMinN);
    const auto most = calibrateScrypt(std::chrono::hours(24));
    QVERIFY(most.ok());
    QCOMPARE(most->n * 128 * most->r, kScryptMaxMemory); // what may be chosen may also be derived
    QCOMPARE(most->p, 16U);
}

void TestHash::scryptTakesAboutAsLongAsItShould()
{
    using namespace std::chrono;
    // A run with the least cost on all kinds of machines, from 2 ms to 1.4 s in steps of 1 %.
    for (nanoseconds measured = milliseconds(2); measured <= milliseconds(1400); measured += measured / 100) {
        const ScryptParameters chosen = scryptParametersFor(measured, seconds(1));
        const auto cost = static_cast<std::int64_t>(chosen.n / kScryptMinN * chosen.p);
        const auto expected = duration_cast<milliseconds>(measured * cost).count();
        QVERIFY2(expected >= 699 && expected <= 1400, std::to_string(expected).c_str());
        QVERIFY(isStrongEnough(chosen));
        QVERIFY(chosen.p == 1 || chosen.n * 128 * chosen.r == kScryptMaxMemory); // memory first
    }
    // A machine that is slower than that waits rather than lower the guard.
    QVERIFY((scryptParametersFor(seconds(9), seconds(1)) == ScryptParameters{kScryptMinN, 8, 1}));
}

void TestHash::pbkdf2KnownAnswers()
{
    // Computed with Python's hashlib.
    QCOMPARE(hexOf(*pbkdf2HmacSha512(viewOf("password"), viewOf("salt"), 1, 64)),
             std::string("867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
                         "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"));
    QCOMPARE(hexOf(*pbkdf2HmacSha512(viewOf("password"), viewOf("salt"), 2, 64)),
             std::string("e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c"
                         "f76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e"));
    QVERIFY(!pbkdf2HmacSha512(viewOf("password"), viewOf("salt"), 0, 64).ok());
}

void TestHash::hkdfKnownAnswers()
{
    // RFC 5869, test cases 1 and 3 (no salt, no info).
    const Bytes secret(22, 0x0b);
    QCOMPARE(
        hexOf(*hkdfSha256(secret, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
        std::string("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    QCOMPARE(
        hexOf(*hkdfSha256(secret, {}, {}, 42)),
        std::string("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    QVERIFY(!hkdfSha256(secret, {}, {}, 255 * 32 + 1).ok());
}

void TestHash::randomBytesDoNotRepeat()
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(toHex(randomSecret()->view()));
    QCOMPARE(seen.size(), std::size_t{100});
    Bytes many(100'000);
    QVERIFY(randomBytes(many).ok());
    std::set<std::uint8_t> values(many.begin(), many.end());
    QCOMPARE(values.size(), std::size_t{256}); // every part of a long buffer is filled
    QVERIFY(!std::all_of(many.end() - 32, many.end(), [](std::uint8_t b) { return b == 0; }));
}

QTEST_APPLESS_MAIN(TestHash)
#include "tst_hash.moc"
