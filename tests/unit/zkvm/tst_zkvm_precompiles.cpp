// SPDX-License-Identifier: MIT
// core/zkvm: the precompiled functions against published values, other libraries, and slow ways of one's own.
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"
#include "core/zkvm/precompiles.h"
#include "tests/unit/zkvm/fixture.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::zkvm;

namespace {

U256 fromHex(const std::string& bigEndian)
{
    const auto bytes = expect(base::arrayFromHex<32>(bigEndian));
    U256 out{};
    for (std::size_t i = 0; i < 32; ++i) out[7 - i / 4] = out[7 - i / 4] << 8U | bytes[i];
    return out;
}

std::string toHex(const std::uint32_t* words)
{
    base::Bytes bytes;
    for (std::size_t i = 32; i-- > 0;)
        bytes.push_back(static_cast<std::uint8_t>(words[i / 4] >> 8 * (i % 4)));
    return base::toHex(bytes);
}

// x * y mod m by doubling and adding, one bit at a time, with a word of room on top.
U256 slowProduct(const U256& x, const U256& y, const U256& m)
{
    std::array<std::uint32_t, 9> sum{};
    const auto subtractIfPossible = [&sum, &m] {
        std::array<std::uint32_t, 9> less{};
        std::int64_t borrow = 0;
        for (std::size_t i = 0; i < 9; ++i) {
            const std::int64_t digit = std::int64_t{sum[i]} - (i < 8 ? m[i] : 0U) + borrow;
            less[i] = static_cast<std::uint32_t>(digit);
            borrow = digit < 0 ? -1 : 0;
        }
        if (borrow == 0) sum = less;
    };
    const auto add = [&sum](const std::array<std::uint32_t, 9>& other) {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 9; ++i) {
            carry += std::uint64_t{sum[i]} + other[i];
            sum[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
    };
    // x itself may be far above m: take its bits one by one as well.
    std::array<std::uint32_t, 9> reduced{};
    for (std::size_t bit = 256; bit-- > 0;) {
        add(sum);
        if ((x[bit / 32] >> bit % 32 & 1U) != 0) add({1});
        subtractIfPossible();
    }
    reduced = sum;
    sum = {};
    for (std::size_t bit = 256; bit-- > 0;) {
        add(sum);
        subtractIfPossible();
        if ((y[bit / 32] >> bit % 32 & 1U) != 0) add(reduced);
        subtractIfPossible();
    }
    U256 out;
    std::copy_n(sum.begin(), 8, out.begin());
    return out;
}

Words16 pointOf(std::uint8_t scalar)
{
    base::ByteArray<32> secret{};
    secret[31] = scalar;
    const auto key = expect(crypto::PrivateKey::fromBytes(secret));
    const base::ByteArray<33> compressed = key.publicKey().bytes();
    const U256 x = fromHex(base::toHex(base::ByteView(compressed).subspan(1)));
    // y = (x^3 + 7)^((p + 1) / 4), of the parity that the first byte tells.
    const U256 p = fromHex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    const U256 square = addModulo(multiplyModulo(multiplyModulo(x, x, p), x, p), {7}, p);
    const U256 exponent = fromHex("3fffffffffffffffffffffffffffffffffffffffffffffffffffffffbfffff0c");
    U256 y{1};
    for (std::size_t bit = 256; bit-- > 0;) {
        y = multiplyModulo(y, y, p);
        if ((exponent[bit / 32] >> bit % 32 & 1U) != 0) y = multiplyModulo(y, square, p);
    }
    if ((y[0] & 1U) != (compressed[0] & 1U)) y = subtractModulo({}, y, p);
    Words16 out;
    std::copy(x.begin(), x.end(), out.begin());
    std::copy(y.begin(), y.end(), out.begin() + 8);
    return out;
}

} // namespace

class TestZkvmPrecompiles : public QObject {
    Q_OBJECT
private slots:
    void inversesMultiplyToOne();
    void poseidon2IsThatOfTheField();
    void sha256IsThatOfBitcoin();
    void productsModuloAnyNumber();
    void pointsOfSecp256k1();
    void keccakOfThePublishedAnswers();
    void guestsReachAllOfThem();
};

void TestZkvmPrecompiles::poseidon2IsThatOfTheField()
{
    field::State state;
    Words16 words;
    for (std::uint32_t i = 0; i < 16; ++i) {
        words[i] = i * 0x07654321U % field::Element::kModulus;
        state[i] = field::Element::from(words[i]);
    }
    QVERIFY(permutePoseidon2(words));
    field::permute(state);
    for (std::size_t i = 0; i < 16; ++i) QCOMPARE(words[i], state[i].value());
    const Words16 before = words;
    for (std::size_t i = 0; i < 16; ++i) {
        Words16 bad = before;
        bad[i] = field::Element::kModulus + static_cast<std::uint32_t>(i);
        const Words16 same = bad;
        QVERIFY(!permutePoseidon2(bad));
        QCOMPARE(bad, same);
    }
}

void TestZkvmPrecompiles::sha256IsThatOfBitcoin()
{
    Words8 state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    base::Bytes message(150, 0);
    for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(i * i);
    base::Bytes padded = message;
    padded.push_back(0x80);
    padded.resize(192 - 8);
    for (int shift = 56; shift >= 0; shift -= 8)
        padded.push_back(static_cast<std::uint8_t>(8 * message.size() >> static_cast<unsigned>(shift)));
    for (std::size_t block = 0; block < 3; ++block) {
        Words16 words{};
        for (std::size_t i = 0; i < 64; ++i) words[i / 4] = words[i / 4] << 8U | padded[64 * block + i];
        compressSha256(state, words);
    }
    std::string text;
    for (const std::uint32_t word : state) text += QString("%1").arg(word, 8, 16, QChar('0')).toStdString();
    QCOMPARE(text, crypto::sha256(message).hex());
}

void TestZkvmPrecompiles::productsModuloAnyNumber()
{
    std::mt19937 random(1);
    const auto number = [&random] {
        U256 out{};
        const std::size_t length = random() % 9;
        for (std::size_t i = 0; i < length; ++i) {
            const auto kind = random() % 4;
            out[i] = kind == 0 ? 0xffffffffU : kind == 1 ? 0U : static_cast<std::uint32_t>(random());
        }
        return out;
    };
    for (int i = 0; i < 4000; ++i) {
        const U256 x = number();
        const U256 y = number();
        U256 m = number();
        if (i % 7 == 0) m = {static_cast<std::uint32_t>(random() % 3 + 1)};
        if (i % 11 == 0) m = {0, 0, 0, 0, 0, 0, 0, 0x80000000U + static_cast<std::uint32_t>(i % 2)};
        U256 product = x;
        if (isZero(m)) {
            QVERIFY(!multiplyModulo256(product, y, m));
            QCOMPARE(product, x);
            continue;
        }
        QVERIFY(multiplyModulo256(product, y, m));
        QCOMPARE(product, slowProduct(x, y, m));
        QVERIFY(isBelow(product, m));
    }
}

void TestZkvmPrecompiles::pointsOfSecp256k1()
{
    const Words16 one = pointOf(1);
    QCOMPARE(toHex(one.data()),
             std::string("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
    QCOMPARE(toHex(one.data() + 8),
             std::string("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"));
    Words16 point = one;
    QVERIFY(doubleSecp256k1(point));
    QCOMPARE(point, pointOf(2));
    for (std::uint8_t n = 3; n < 40; ++n) {
        QVERIFY(addSecp256k1(point, one));
        QCOMPARE(point, pointOf(n));
    }
    Words16 twice = pointOf(19);
    QVERIFY(doubleSecp256k1(twice));
    QCOMPARE(twice, pointOf(38));

    Words16 same = one;
    QVERIFY(!addSecp256k1(same, one));
    QCOMPARE(same, one);
    Words16 negative = one;
    const U256 p = fromHex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    U256 y;
    std::copy_n(one.begin() + 8, 8, y.begin());
    y = subtractModulo({}, y, p);
    std::copy(y.begin(), y.end(), negative.begin() + 8);
    QVERIFY(!addSecp256k1(same, negative));
    // x + p is the same number and another encoding.
    Words16 notReduced = pointOf(2);
    std::copy(p.begin(), p.end(), notReduced.begin());
    QVERIFY(!addSecp256k1(notReduced, one));
    QVERIFY(!addSecp256k1(same, notReduced));
    QVERIFY(!doubleSecp256k1(notReduced));
}

void TestZkvmPrecompiles::keccakOfThePublishedAnswers()
{
    Words50 state{};
    permuteKeccak(state);
    QCOMPARE(state[0] | std::uint64_t{state[1]} << 32U, 0xf1258f7940e1dde7ULL);
    QCOMPARE(state[2] | std::uint64_t{state[3]} << 32U, 0x84d5ccf933c0478aULL);
    // SHA3-256 of nothing: padding 06 .. 80 over a rate of 136 bytes.
    state = {};
    state[0] = 0x06;
    state[33] = 0x80000000;
    permuteKeccak(state);
    base::Bytes digest;
    for (std::size_t i = 0; i < 32; ++i)
        digest.push_back(static_cast<std::uint8_t>(state[i / 4] >> 8 * (i % 4)));
    QCOMPARE(base::toHex(digest),
             std::string("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"));
}

void TestZkvmPrecompiles::guestsReachAllOfThem()
{
    // Operands in the guest's memory, some of them the same one: everything is read before anything is written.
    const GuestRun run = runGuest(compileC(R"(
#include <bowline.h>
int main(void)
{
    static uint32_t hash[16], state[8], block[16], x[8] = {5}, m[8] = {7}, p[16], q[16];
    static uint64_t lanes[25];
    bowline_read(p, sizeof p);
    for (int i = 0; i < 16; ++i) q[i] = p[i];
    bowline_poseidon2(hash);
    bowline_sha256_compress(state, block);
    bowline_mulmod256(x, x, m);
    bowline_secp256k1_double(p);
    bowline_secp256k1_add(p, q);
    bowline_keccak_f(lanes);
    bowline_commit(hash, sizeof hash);
    bowline_commit(state, sizeof state);
    bowline_commit(x, sizeof x);
    bowline_commit(p, sizeof p);
    bowline_commit(lanes, sizeof lanes);
    return 0;
})"),
                                  [] {
                                      base::Writer out;
                                      for (const std::uint32_t word : pointOf(1)) out.u32le(word);
                                      return out.take();
                                  }());
    QCOMPARE(run.stop, (Stop{StopReason::Halted, Fault::None, 0}));
    Words16 hash{};
    QVERIFY(permutePoseidon2(hash));
    Words8 state{};
    compressSha256(state, {});
    Words50 lanes{};
    permuteKeccak(lanes);
    base::Writer out;
    for (const std::uint32_t word : hash) out.u32le(word);
    for (const std::uint32_t word : state) out.u32le(word);
    for (const std::uint32_t word : {25U % 7U, 0U, 0U, 0U, 0U, 0U, 0U, 0U}) out.u32le(word);
    for (const std::uint32_t word : pointOf(3)) out.u32le(word);
    for (const std::uint32_t word : lanes) out.u32le(word);
    QCOMPARE(base::toHex(run.journal), base::toHex(out.data()));
}

void TestZkvmPrecompiles::inversesMultiplyToOne()
{
    const U256 field = fromHex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    const U256 order = fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    const U256 curve25519 = fromHex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
    std::mt19937 random(7);
    for (const U256& m : {field, order, curve25519, U256{65537}, U256{3}}) {
        QCOMPARE(invertModulo({}, m), U256{});
        for (std::uint32_t i = 0; i < 2'000; ++i) {
            U256 a{};
            // Of every length, and near both ends.
            for (std::size_t word = 0; word < 1 + i % 8; ++word)
                a[word] = static_cast<std::uint32_t>(random());
            if (i % 5 == 1) a = {1 + i};
            a = multiplyModulo(a, {1}, m);
            if (i % 5 == 2) a = subtractModulo({}, {2}, m);
            if (isZero(a)) continue;
            const U256 inverse = invertModulo(a, m);
            QVERIFY(isBelow(inverse, m));
            QCOMPARE(multiplyModulo(a, inverse, m), U256{1});
        }
    }
}

QTEST_GUILESS_MAIN(TestZkvmPrecompiles)
#include "tst_zkvm_precompiles.moc"
