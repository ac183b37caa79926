// SPDX-License-Identifier: MIT
// core/bitcoin/pow.h, uint256.h and params.h: genesis blocks, compact targets, real retargets of main, and
// the special rules of the test networks.
#include "core/bitcoin/pow.h"
#include "core/crypto/hash.h"
#include "tests/unit/bitcoin/fixtures.h"

#include <functional>

using namespace bowline;
using namespace bowline::bitcoin;

namespace {
constexpr std::uint32_t kTwoHours = 2 * 60 * 60;

// Headers computed from their height.
class MadeHeaders final : public HeaderSource {
public:
    using Make = std::function<BlockHeader(std::uint32_t)>;
    explicit MadeHeaders(Make make) : m_make(std::move(make)) {}
    BlockHeader at(Height height) const override { return m_make(height.value); }

private:
    Make m_make;
};

BlockHeader headerWith(std::uint32_t time, std::uint32_t bits)
{
    BlockHeader out;
    out.version = 0x20000000;
    out.time = time;
    out.bits = bits;
    return out;
}

// A chain of which only the first and the last header of a period matter.
MadeHeaders period(std::uint32_t first, std::uint32_t firstTime, std::uint32_t lastTime, std::uint32_t bits)
{
    return MadeHeaders([=](std::uint32_t h) { return headerWith(h == first ? firstTime : lastTime, bits); });
}

// Finds a nonce; only for the lowest difficulty.
BlockHeader mined(BlockHeader header, const ChainParams& params)
{
    while (!checkProofOfWork(header, params).ok()) ++header.nonce;
    return header;
}
} // namespace

class TestPow : public QObject {
    Q_OBJECT
private slots:
    void genesisBlocksHaveTheirKnownHashes_data();
    void genesisBlocksHaveTheirKnownHashes();
    void magicOfSignetIsTheHashOfItsChallenge();
    void networksAreFoundByName();
    void arithmeticOf256Bits();
    void compactTargetsReadAsInCore_data();
    void compactTargetsReadAsInCore();
    void targetsThatAreNoneAreRefused();
    void workIsWhatNodesCount();
    void mainRetargetsAsItDid_data();
    void mainRetargetsAsItDid();
    void mainKeepsItsBitsWithinAPeriod();
    void testnetAllowsEasyBlocksAfterTwentyMinutes();
    void testnet4RetargetsFromTheFirstHeader();
    void testnet4RefusesTimeWarps();
    void medianOfFewAndManyHeaders();
    void wrongHeadersAreRefused();
    void mainRefusesOldVersionsFromItsHeightsOn_data();
    void mainRefusesOldVersionsFromItsHeightsOn();
    void signetRetargetsAtItsLimitWithoutOverflow();
};

void TestPow::genesisBlocksHaveTheirKnownHashes_data()
{
    QTest::addColumn<int>("network");
    QTest::addColumn<QString>("hash");
    QTest::newRow("main") << int(Network::Main)
                          << "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";
    QTest::newRow("testnet4") << int(Network::Testnet4)
                              << "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043";
    QTest::newRow("signet") << int(Network::Signet)
                            << "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6";
    QTest::newRow("regtest") << int(Network::Regtest)
                             << "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";
}

void TestPow::genesisBlocksHaveTheirKnownHashes()
{
    QFETCH(int, network);
    QFETCH(QString, hash);
    const ChainParams& params = chainParams(static_cast<Network>(network));
    QCOMPARE(params.genesis.hash().displayHex(), hash.toStdString());
    QVERIFY(params.genesisHash == params.genesis.hash());
    QVERIFY(checkProofOfWork(params.genesis, params).ok());
}

void TestPow::magicOfSignetIsTheHashOfItsChallenge()
{
    // BIP325: the first four bytes of the double SHA-256 of the challenge with its length.
    const ChainParams& params = chainParams(Network::Signet);
    base::Writer writer;
    writer.variableBytes(params.signetChallenge);
    const Digest hash = crypto::sha256d(writer.data());
    QVERIFY(std::equal(params.magic.begin(), params.magic.end(), hash.bytes.begin()));
}

void TestPow::networksAreFoundByName()
{
    for (const Network network : {Network::Main, Network::Testnet4, Network::Signet, Network::Regtest}) {
        QVERIFY(networkFromName(networkName(network)).value() == network);
    }
    QVERIFY(networkFromName("mainnet").error().code == kUnknownNetwork);
}

void TestPow::arithmeticOf256Bits()
{
    const auto hex = [](const char* text) { return Uint256::fromHex(text).value(); };
    const Uint256 a = hex("7d1de5eaf9b156d53208f033b5aa8122d2d2355d5e12292b121156cfdb4a529c");
    const Uint256 b = hex("00000000000000000000000000000000d7c1a2e7f3b5d9f08642135791357913");
    // Computed with arbitrary precision outside this program.
    QVERIFY(a + b == hex("7d1de5eaf9b156d53208f033b5aa8123aa93d84551c8031b98536a276c7fcbaf"));
    QVERIFY(b - a == hex("82e21a15064ea92acdf70fcc4a557ede04ef6d8a95a3b0c57430bc87b5eb2677"));
    QVERIFY(a * b == hex("eeb48848d8dcc5a8a45ad13947008703ee2234d629aa06103c2ad644dddbdd94"));
    QVERIFY(a / b == hex("00000000000000000000000000000000947438f2e2a3da05bd4120cef2aea565"));
    QVERIFY(a % b == hex("00000000000000000000000000000000d4455a816a30089849c23895d93e4f1d"));
    QVERIFY((a << 77U) == hex("1e0676b550245a5a46ababc2452562422ad9fb694a5380000000000000000000"));
    QVERIFY((a >> 77U) == hex("00000000000000000003e8ef2f57cd8ab6a99047819dad5409169691aaeaf091"));
    QVERIFY((a << 192U) == hex("121156cfdb4a529c000000000000000000000000000000000000000000000000"));
    QVERIFY((a >> 256U) == Uint256{});
    QVERIFY(Uint256::max() + Uint256{1} == Uint256{});
    QCOMPARE(Uint256{}.bitLength(), 0U);
    QCOMPARE(a.bitLength(), 255U);
    QVERIFY(Uint256::fromLittleEndian(a.littleEndian()) == a);
    QVERIFY(a > b && !(b > a));
}

void TestPow::compactTargetsReadAsInCore_data()
{
    // Bitcoin Core's own table (arith_uint256), with the form in which each value is written again.
    QTest::addColumn<uint>("bits");
    QTest::addColumn<QString>("value"); // without leading zeros
    QTest::addColumn<bool>("negative");
    QTest::addColumn<bool>("overflow");
    QTest::addColumn<uint>("written");
    QTest::newRow("zero") << 0U << "0" << false << false << 0U;
    QTest::newRow("shifted out") << 0x00123456U << "0" << false << false << 0U;
    QTest::newRow("shifted out, size 1") << 0x01003456U << "0" << false << false << 0U;
    QTest::newRow("shifted out, sign") << 0x01803456U << "0" << false << false << 0U;
    QTest::newRow("one byte") << 0x01123456U << "12" << false << false << 0x01120000U;
    QTest::newRow("needs a byte for the sign") << 0x02008000U << "80" << false << false << 0x02008000U;
    QTest::newRow("negative") << 0x01fedcbaU << "7e" << true << false << 0x017e0000U;
    QTest::newRow("two bytes") << 0x02123456U << "1234" << false << false << 0x02123400U;
    QTest::newRow("three bytes") << 0x03123456U << "123456" << false << false << 0x03123456U;
    QTest::newRow("four bytes") << 0x04123456U << "12345600" << false << false << 0x04123456U;
    QTest::newRow("four bytes, negative") << 0x04923456U << "12345600" << true << false << 0x04123456U;
    QTest::newRow("high mantissa") << 0x05009234U << "92340000" << false << false << 0x05009234U;
    QTest::newRow("as large as can be")
        << 0x20123456U << "1234560000000000000000000000000000000000000000000000000000000000" << false << false
        << 0x20123456U;
    QTest::newRow("too large") << 0xff123456U << "0" << false << true << 0U;
    QTest::newRow("too large by a byte") << 0x21010000U << "0" << false << true << 0U;
}

void TestPow::compactTargetsReadAsInCore()
{
    QFETCH(uint, bits);
    QFETCH(QString, value);
    QFETCH(bool, negative);
    QFETCH(bool, overflow);
    QFETCH(uint, written);
    const CompactTarget compact = decodeCompact(bits);
    QCOMPARE(compact.negative, negative);
    QCOMPARE(compact.overflow, overflow);
    if (overflow) return; // what is left of the value has no meaning
    QCOMPARE(QString::fromStdString(compact.value.hex()), value.rightJustified(64, '0'));
    QCOMPARE(encodeCompact(compact.value), written);
}

void TestPow::targetsThatAreNoneAreRefused()
{
    const ChainParams& main = chainParams(Network::Main);
    QVERIFY(targetFromBits(0x1d00ffff, main).ok());
    for (const std::uint32_t bits : {0U, 0x01fedcbaU, 0xff123456U, 0x1d010000U, 0x207fffffU, 0x1d80ffffU}) {
        QVERIFY(targetFromBits(bits, main).error().code == kBadTarget);
    }
    BlockHeader easy = main.genesis;
    easy.bits = 0x207fffff;
    QVERIFY(checkProofOfWork(easy, main).error().code == kBadTarget);
    BlockHeader other = main.genesis;
    other.nonce ^= 1U;
    QVERIFY(checkProofOfWork(other, main).error().code == kInsufficientWork);
}

void TestPow::workIsWhatNodesCount()
{
    // The chain work of genesis as nodes show it, and that of a regtest block: two hashes.
    QCOMPARE(blockWork(0x1d00ffff).hex(), std::string(55, '0') + "100010001");
    QVERIFY(blockWork(0x207fffff) == Uint256{2});
    QVERIFY(blockWork(0) == Uint256{});
    const std::string chainWork = test::textOf(test::recordedBlock().at("block").at("chainwork"));
    const std::int64_t height = test::recordedBlock().at("block").at("height").as_int64();
    QVERIFY(Uint256::fromHex(chainWork).value() == Uint256{2 * (static_cast<std::uint64_t>(height) + 1)});
}

void TestPow::mainRetargetsAsItDid_data()
{
    // Real periods of main, and its bounds, as Bitcoin Core's tests have them.
    QTest::addColumn<uint>("tip");
    QTest::addColumn<uint>("firstTime");
    QTest::addColumn<uint>("lastTime");
    QTest::addColumn<uint>("bits");
    QTest::addColumn<uint>("expected");
    QTest::newRow("first change") << 32255U << 1261130161U << 1262152739U << 0x1d00ffffU << 0x1d00d86aU;
    QTest::newRow("not above the limit") << 2015U << 1231006505U << 1233061996U << 0x1d00ffffU << 0x1d00ffffU;
    QTest::newRow("not below a quarter")
        << 68543U << 1279008237U << 1279297671U << 0x1c05a3f4U << 0x1c0168fdU;
    QTest::newRow("not above four times")
        << 46367U << 1263163443U << 1269211443U << 0x1c387f6fU << 0x1d00e1fdU;
}

void TestPow::mainRetargetsAsItDid()
{
    QFETCH(uint, tip);
    QFETCH(uint, firstTime);
    QFETCH(uint, lastTime);
    QFETCH(uint, bits);
    QFETCH(uint, expected);
    const MadeHeaders headers = period(tip - 2015, firstTime, lastTime, bits);
    const ChainParams& params = chainParams(Network::Main);
    QCOMPARE(nextWorkRequired(params, headers, Height{tip}, lastTime + 600), expected);
}

void TestPow::mainKeepsItsBitsWithinAPeriod()
{
    const MadeHeaders headers = period(30240, 1261130161, 1262152739, 0x1d00d86a);
    const ChainParams& params = chainParams(Network::Main);
    QCOMPARE(nextWorkRequired(params, headers, Height{32256}, 1262152739 + 100 * kTwoHours), 0x1d00d86aU);
}

void TestPow::testnetAllowsEasyBlocksAfterTwentyMinutes()
{
    const ChainParams& params = chainParams(Network::Testnet4);
    constexpr std::uint32_t kStart = 1'720'000'000;
    constexpr std::uint32_t kReal = 0x1c0ffff0;
    // Heights 4100 and 4101 are easy ones.
    const MadeHeaders headers([](std::uint32_t h) {
        return headerWith(kStart + 600 * (h - 4032), h == 4100 || h == 4101 ? 0x1d00ffffU : kReal);
    });
    const std::uint32_t tipTime = headers.at(Height{4101}).time;
    QCOMPARE(nextWorkRequired(params, headers, Height{4101}, tipTime + 1201), 0x1d00ffffU);
    QCOMPARE(nextWorkRequired(params, headers, Height{4101}, tipTime + 1200), kReal);
    QCOMPARE(nextWorkRequired(params, headers, Height{4099}, tipTime), kReal);
    // A period of easy ones only: the walk ends at its first header.
    const MadeHeaders easy(
        [](std::uint32_t h) { return headerWith(kStart, h < 4032 ? kReal : 0x1d00ffffU); });
    QCOMPARE(nextWorkRequired(params, easy, Height{4050}, kStart), 0x1d00ffffU);
}

void TestPow::testnet4RetargetsFromTheFirstHeader()
{
    // BIP94: an easy last header must not reset the difficulty, as it did on testnet3.
    constexpr std::uint32_t kStart = 1'720'000'000;
    constexpr std::uint32_t kReal = 0x1c0ffff0;
    const MadeHeaders headers([](std::uint32_t h) {
        return headerWith(kStart + 600 * (h - 4032), h == 6047 ? 0x1d00ffffU : kReal);
    });
    const std::uint32_t withRule =
        nextWorkRequired(chainParams(Network::Testnet4), headers, Height{6047}, kStart);
    const Uint256 expected = decodeCompact(kReal).value * Uint256{600 * 2015} / Uint256{600 * 2016};
    QCOMPARE(withRule, encodeCompact(expected));
}

void TestPow::testnet4RefusesTimeWarps()
{
    ChainParams params = chainParams(Network::Testnet4);
    params.powLimit = Uint256::max() >> 1U; // so that the test can mine
    params.noRetargeting = true;
    constexpr std::uint32_t kStart = 1'720'000'000;
    const MadeHeaders headers(
        [](std::uint32_t h) { return headerWith(kStart + 600 * (h - 4000), 0x207fffff); });
    const std::uint32_t tipTime = headers.at(Height{4031}).time;
    const auto verdict = [&](std::uint32_t tip, std::uint32_t time) {
        return checkHeader(mined(headerWith(time, 0x207fffff), params), params, headers, Height{tip},
                           kStart * 2LL);
    };
    QVERIFY(verdict(4031, tipTime - 600).ok());
    QVERIFY(verdict(4031, tipTime - 601).error().code == kTimeTooOld);
    QVERIFY2(verdict(4030, tipTime - 1300).ok(), "the rule is for the first header of a period only");
}

void TestPow::medianOfFewAndManyHeaders()
{
    const MadeHeaders headers([](std::uint32_t h) { return headerWith(h % 2 == 0 ? 1000 + h : 500 + h, 0); });
    QCOMPARE(medianTimePast(headers, Height{0}), 1000U);
    QCOMPARE(medianTimePast(headers, Height{1}), 1000U);
    // Heights 10 to 20: 1010, 511, 1012, 513, 1014, 515, 1016, 517, 1018, 519, 1020.
    QCOMPARE(medianTimePast(headers, Height{20}), 1010U);
}

void TestPow::wrongHeadersAreRefused()
{
    const ChainParams& params = chainParams(Network::Regtest);
    constexpr std::uint32_t kStart = 1'720'000'000;
    const MadeHeaders headers([](std::uint32_t h) { return headerWith(kStart + h, 0x207fffff); });
    const auto verdict = [&](const BlockHeader& header) {
        return checkHeader(header, params, headers, Height{100}, kStart);
    };
    QVERIFY(verdict(mined(headerWith(kStart + 101, 0x207fffff), params)).ok());
    QVERIFY(verdict(headerWith(kStart + 101, 0x1d00ffff)).error().code == kWrongDifficulty);
    QVERIFY(verdict(mined(headerWith(kStart + 95, 0x207fffff), params)).error().code == kTimeTooOld);
    QVERIFY(verdict(mined(headerWith(kStart + 96, 0x207fffff), params)).ok());
    const BlockHeader future = mined(headerWith(kStart + kTwoHours + 1, 0x207fffff), params);
    QVERIFY(verdict(future).error().code == kTimeTooNew);
    QVERIFY(verdict(mined(headerWith(kStart + kTwoHours, 0x207fffff), params)).ok());
    BlockHeader oldVersion = headerWith(kStart + 101, 0x207fffff);
    oldVersion.version = 3;
    QVERIFY(verdict(mined(oldVersion, params)).error().code == kBadBlockVersion);
    // Whatever else is wrong with it: a header without work is called that, so that it bans.
    for (BlockHeader lazy : {headerWith(kStart + 101, 0x207fffff), future, oldVersion}) {
        while (checkProofOfWork(lazy, params).ok()) ++lazy.nonce;
        QVERIFY(verdict(lazy).error().code == kInsufficientWork);
    }
}

void TestPow::mainRefusesOldVersionsFromItsHeightsOn_data()
{
    // The first heights at which BIP34, BIP66 and BIP65 were enforced, and one below each.
    QTest::addColumn<uint>("version");
    QTest::addColumn<uint>("height");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("1 before BIP34") << 1U << 227'930U << true;
    QTest::newRow("1 from BIP34 on") << 1U << 227'931U << false;
    QTest::newRow("2 before BIP66") << 2U << 363'724U << true;
    QTest::newRow("2 from BIP66 on") << 2U << 363'725U << false;
    QTest::newRow("3 before BIP65") << 3U << 388'380U << true;
    QTest::newRow("3 from BIP65 on") << 3U << 388'381U << false;
    QTest::newRow("4 from BIP65 on") << 4U << 388'381U << true;
    QTest::newRow("negative") << 0x80000004U << 388'381U << false;
}

void TestPow::mainRefusesOldVersionsFromItsHeightsOn()
{
    QFETCH(uint, version);
    QFETCH(uint, height);
    QFETCH(bool, allowed);
    ChainParams params = chainParams(Network::Main); // with its heights
    params.powLimit = Uint256::max() >> 1U;          // so that the test can mine
    params.noRetargeting = true;
    constexpr std::uint32_t kStart = 1'400'000'000;
    const MadeHeaders headers([](std::uint32_t h) { return headerWith(kStart + h, 0x207fffff); });
    BlockHeader header = headerWith(kStart + height, 0x207fffff);
    header.version = version;
    const Status verdict =
        checkHeader(mined(header, params), params, headers, Height{height - 1}, kStart * 2LL);
    QCOMPARE(verdict.ok(), allowed);
    if (!allowed) QVERIFY(verdict.error().code == kBadBlockVersion);
}

void TestPow::signetRetargetsAtItsLimitWithoutOverflow()
{
    // Signet has the highest limit of all networks that retarget: four times as long a period times the limit is just
    // below 2^256. A product that wrapped around would give a far lower target.
    const ChainParams& params = chainParams(Network::Signet);
    constexpr std::uint32_t kStart = 1'600'000'000;
    constexpr std::uint32_t kLimit = 0x1e0377ae;
    QCOMPARE(encodeCompact(params.powLimit), kLimit);
    constexpr std::uint32_t kTwoWeeks = kTargetTimespan;
    const auto after = [&](std::uint32_t seconds) {
        return nextWorkRequired(params, period(0, kStart, kStart + seconds, kLimit), Height{2015},
                                kStart + seconds);
    };
    QCOMPARE(after(kTwoWeeks), kLimit);
    QCOMPARE(after(4 * kTwoWeeks), kLimit);
    QCOMPARE(after(9 * kTwoWeeks), kLimit);
    // Half the time halves the target, and no more than a quarter is taken at once.
    QCOMPARE(after(kTwoWeeks / 2), encodeCompact(params.powLimit >> 1U));
    QCOMPARE(after(1), encodeCompact(params.powLimit >> 2U));
}

QTEST_GUILESS_MAIN(TestPow)
#include "tst_pow.moc"
