// SPDX-License-Identifier: MIT
// Attacks by headers alone, by the rules of each network: false difficulty, easy blocks where they are allowed and
// where not, time warps, dates of the future, many headers of little work. What one header must be is computed for
// made headers, without work (a wrong difficulty is refused before the work is looked at); what becomes of whole
// chains is played on chains mined here, by the network's own rules with a limit that a test can meet.
#include "core/chain/header_chain.h"
#include "tests/support/scripted_chain.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;
using bitcoin::BlockHeader;
using bitcoin::ChainParams;
using bitcoin::Network;
using chain::Branch;
using chain::ChainStore;
using chain::CommitResult;
using chain::HeaderChain;

namespace {

constexpr std::uint32_t kStart = 1'720'000'000;
constexpr std::uint32_t kReal = 0x1c0ffff0; // a difficulty far from every limit
constexpr std::uint32_t kPeriodEnd = 6047;  // the last header of the period that begins at 4032
constexpr base::UnixTime kMuchLater = kStart + 400'000'000LL;

/// Headers by height; what is not set is `usual`.
class MadeChain final : public bitcoin::HeaderSource {
public:
    explicit MadeChain(std::uint32_t bits) : m_bits(bits) {}
    [[nodiscard]] BlockHeader at(base::Height height) const override
    {
        BlockHeader out;
        out.version = 0x20000000;
        out.bits = m_bits;
        out.time = timeOf(height.value);
        const auto set = changed.find(height.value);
        return set == changed.end() ? out : set->second;
    }
    [[nodiscard]] static std::uint32_t timeOf(std::uint32_t height) { return kStart + 600 * (height - 4032); }
    void date(std::uint32_t height, std::uint32_t time)
    {
        BlockHeader header = at({height});
        header.time = time;
        changed[height] = header;
    }
    std::map<std::uint32_t, BlockHeader> changed;

private:
    std::uint32_t m_bits;
};

BlockHeader headerWith(std::uint32_t time, std::uint32_t bits)
{
    BlockHeader out;
    out.version = 0x20000000;
    out.time = time;
    out.bits = bits;
    return out;
}

/// The rules of testnet4, with a limit of two hashes and a usual difficulty of 4,096.
ChainParams easyTestnet4()
{
    ChainParams out = bitcoin::chainParams(Network::Testnet4);
    out.powLimit = bitcoin::Uint256::max() >> 1U;
    out.genesis.bits = 0x1f0fffff;
    while (!bitcoin::checkProofOfWork(out.genesis, out).ok()) ++out.genesis.nonce;
    out.genesisHash = out.genesis.hash();
    return out;
}
constexpr std::uint32_t kUsualBits = 0x1f0fffff;
constexpr std::uint32_t kEasyBits = 0x207fffff;

BlockHeader minedAfter(const BlockHeader& previous, const ChainParams& params, std::uint32_t time,
                       std::uint32_t bits)
{
    BlockHeader out = headerWith(time, bits);
    out.previous = previous.hash();
    while (!bitcoin::checkProofOfWork(out, params).ok()) ++out.nonce;
    return out;
}

struct Held {
    explicit Held(const ChainParams& of) : params(of), store(ChainStore::open(":memory:", params).value())
    {
        chain = HeaderChain::load(params, {}, store).value();
    }
    base::Status add(const BlockHeader& header, base::UnixTime now)
    {
        BOWLINE_TRY(Branch branch, chain->branchAt(header.previous));
        BOWLINE_CHECK(chain->extend(branch, std::span(&header, 1), now));
        BOWLINE_TRY(last, chain->commit(branch));
        return base::success();
    }
    ChainParams params;
    ChainStore store;
    std::unique_ptr<HeaderChain> chain;
    CommitResult last = CommitResult::LowWork;
};

} // namespace

class TestHeaderRules : public QObject {
    Q_OBJECT
private slots:
    void onlyTheDifficultyOfTheNetworkIsTaken_data();
    void onlyTheDifficultyOfTheNetworkIsTaken();
    void aTimeWarpLowersNothingOnTestnet4_data();
    void aTimeWarpLowersNothingOnTestnet4();
    void anEasyBlockNeedsItsTwentyMinutes();
    void aStormOfEasyBlocksDoesNotResetTheDifficulty();
    void manyEasyBlocksWeighLessThanFewRealOnes();
    void easyBlocksEndAtTwoHoursBeyondTheClock();
    void aLongChainCannotBeDatedBack();
};

void TestHeaderRules::onlyTheDifficultyOfTheNetworkIsTaken_data()
{
    QTest::addColumn<int>("network");
    QTest::addColumn<uint>("tip");
    QTest::addColumn<uint>("span"); // seconds that the period took
    constexpr uint kTwoWeeks = bitcoin::kTargetTimespan;
    for (const auto& [network, name] :
         {std::pair(Network::Main, "main"), {Network::Testnet4, "testnet4"}, {Network::Signet, "signet"}}) {
        const auto row = [&, of = network, called = name](const char* what, uint tip, uint span) {
            QTest::addRow("%s, %s", called, what) << int(of) << tip << span;
        };
        row("within a period", 5000, kTwoWeeks);
        row("retarget, as usual", kPeriodEnd, kTwoWeeks);
        row("retarget, a third of the time", kPeriodEnd, kTwoWeeks / 3);
        row("retarget, no time at all", kPeriodEnd, 1);
        row("retarget, a year", kPeriodEnd, 26 * kTwoWeeks);
    }
}

void TestHeaderRules::onlyTheDifficultyOfTheNetworkIsTaken()
{
    QFETCH(int, network);
    QFETCH(uint, tip);
    QFETCH(uint, span);
    const ChainParams& params = bitcoin::chainParams(Network(network));
    MadeChain chain(kReal);
    chain.date(kPeriodEnd, chain.at({4032}).time + span);
    const std::uint32_t time = std::max(chain.at({tip}).time, bitcoin::medianTimePast(chain, {tip})) + 600;
    const std::uint32_t required = bitcoin::nextWorkRequired(params, chain, {tip}, time);
    // Held against the definition: the span is between a quarter and four times two weeks.
    const std::uint64_t clamped = std::clamp<std::uint64_t>(span, 302'400, 4'838'400);
    const bitcoin::Uint256 old = bitcoin::decodeCompact(kReal).value;
    const bitcoin::Uint256 moved =
        std::min(params.powLimit, old * bitcoin::Uint256(clamped) / bitcoin::Uint256(1'209'600));
    QCOMPARE(required, tip == kPeriodEnd ? bitcoin::encodeCompact(moved) : kReal);

    const auto verdict = [&](std::uint32_t bits) {
        return bitcoin::checkHeader(headerWith(time, bits), params, chain, {tip}, kMuchLater).error().code;
    };
    // The right claim is believed, so that only its work is missing; every other one is refused for itself.
    QVERIFY(verdict(required) == bitcoin::kInsufficientWork);
    const std::uint32_t limit = bitcoin::encodeCompact(params.powLimit);
    for (const std::uint32_t lie :
         {required + 1, required - 1, limit, 0x207fffffU, 0U, 0x1d80ffffU, 0xff00ffffU,
          bitcoin::encodeCompact(old << 2U), bitcoin::encodeCompact(old << 3U)}) {
        if (lie != required) QVERIFY(verdict(lie) == bitcoin::kWrongDifficulty);
    }
}

void TestHeaderRules::aTimeWarpLowersNothingOnTestnet4_data()
{
    QTest::addColumn<int>("network");
    QTest::addColumn<bool>("refused");
    // On main and signet the warp is within the rules of today; what stands against it there is the work of the chain.
    QTest::newRow("main") << int(Network::Main) << false;
    QTest::newRow("signet") << int(Network::Signet) << false;
    QTest::newRow("testnet4") << int(Network::Testnet4) << true;
}

void TestHeaderRules::aTimeWarpLowersNothingOnTestnet4()
{
    QFETCH(int, network);
    QFETCH(bool, refused);
    ChainParams params = bitcoin::chainParams(Network(network));
    // All headers of the period are dated as far back as the median allows, but the last one eight weeks later: the
    // period seems to have taken that long. The next period is dated back again, which measures the same time twice.
    MadeChain chain(kReal);
    for (std::uint32_t h = 4032; h < kPeriodEnd; ++h) chain.date(h, kStart + (h - 4032) / 6);
    const std::uint32_t late = kStart + 8 * 7 * 24 * 3600;
    chain.date(kPeriodEnd, late);
    const std::uint32_t back = bitcoin::medianTimePast(chain, {kPeriodEnd}) + 1;
    const std::uint32_t lowered = bitcoin::nextWorkRequired(params, chain, {kPeriodEnd}, back);
    QVERIFY(bitcoin::blockWork(lowered) < bitcoin::blockWork(kReal));
    // With an easy limit and no retargeting the header can be mined, so that its date is what is judged.
    params.powLimit = bitcoin::Uint256::max() >> 1U;
    params.noRetargeting = true;
    MadeChain easy(kEasyBits);
    for (const auto& [height, header] : chain.changed) easy.date(height, header.time);
    const auto verdict = [&](std::uint32_t time) {
        const BlockHeader header = minedAfter(easy.at({kPeriodEnd}), params, time, kEasyBits);
        return bitcoin::checkHeader(header, params, easy, {kPeriodEnd}, kMuchLater);
    };
    QCOMPARE(!verdict(back).ok(), refused);
    if (refused) QVERIFY(verdict(back).error().code == bitcoin::kTimeTooOld);
    QCOMPARE(!verdict(late - 601).ok(), refused);
    QVERIFY(verdict(late - 600).ok());
    QVERIFY(verdict(back - 1).error().code == bitcoin::kTimeTooOld); // before the median, on every network
}

void TestHeaderRules::anEasyBlockNeedsItsTwentyMinutes()
{
    Held held(easyTestnet4());
    const BlockHeader& genesis = held.params.genesis;
    const auto easyAt = [&](std::uint32_t seconds) {
        return minedAfter(genesis, held.params, genesis.time + seconds, kEasyBits);
    };
    QVERIFY(held.add(easyAt(1200), kMuchLater).error().code == bitcoin::kWrongDifficulty);
    QVERIFY(held.add(easyAt(1201), kMuchLater).ok());
    // After it the usual difficulty is due again, not the easy one.
    const BlockHeader easy = held.chain->tip().header;
    const BlockHeader next = minedAfter(easy, held.params, easy.time + 600, kEasyBits);
    QVERIFY(held.add(next, kMuchLater).error().code == bitcoin::kWrongDifficulty);
    QVERIFY(held.add(minedAfter(easy, held.params, easy.time + 600, kUsualBits), kMuchLater).ok());
}

void TestHeaderRules::aStormOfEasyBlocksDoesNotResetTheDifficulty()
{
    // A whole period of easy blocks, but for the first: testnet3 would go on with the easy difficulty for good.
    const ChainParams& params = bitcoin::chainParams(Network::Testnet4);
    MadeChain chain(0x1d00ffff);
    for (std::uint32_t h = 4032; h <= kPeriodEnd; ++h) {
        BlockHeader header = headerWith(kStart + 1201 * (h - 4032), h == 4032 ? kReal : 0x1d00ffff);
        chain.changed[h] = header;
    }
    const std::uint32_t time = chain.at({kPeriodEnd}).time + 600;
    const std::uint32_t required = bitcoin::nextWorkRequired(params, chain, {kPeriodEnd}, time);
    const bitcoin::Uint256 old = bitcoin::decodeCompact(kReal).value;
    QCOMPARE(required,
             bitcoin::encodeCompact(old * bitcoin::Uint256(1201 * 2015) / bitcoin::Uint256(1'209'600)));
    const auto verdict = [&](std::uint32_t bits) {
        return bitcoin::checkHeader(headerWith(time, bits), params, chain, {kPeriodEnd}, kMuchLater)
            .error()
            .code;
    };
    QVERIFY(verdict(0x1d00ffff) == bitcoin::kWrongDifficulty);
    QVERIFY(verdict(required) == bitcoin::kInsufficientWork);
}

void TestHeaderRules::manyEasyBlocksWeighLessThanFewRealOnes()
{
    Held held(easyTestnet4());
    const BlockHeader genesis = held.params.genesis;
    for (int i = 0; i < 3; ++i) {
        const BlockHeader tip = held.chain->tip().header;
        QVERIFY(held.add(minedAfter(tip, held.params, tip.time + 600, kUsualBits), kMuchLater).ok());
    }
    const base::BlockHash honest = held.chain->tip().hash;
    BlockHeader last = genesis;
    for (int i = 0; i < 300; ++i) {
        last = minedAfter(last, held.params, last.time + 1201, kEasyBits);
        QVERIFY(held.add(last, kMuchLater).ok()); // valid, so nobody is to be banned for it
        QVERIFY(held.last == CommitResult::Side);
    }
    QCOMPARE(held.chain->tip().hash, honest);
    QCOMPARE(held.chain->height().value, 3U);
    QCOMPARE(held.chain->heightOnAnyChain(last.hash())->value, 300U);
}

void TestHeaderRules::easyBlocksEndAtTwoHoursBeyondTheClock()
{
    Held held(easyTestnet4());
    const base::UnixTime now = held.params.genesis.time;
    int taken = 0;
    for (;;) {
        const BlockHeader tip = held.chain->tip().header;
        const base::Status added = held.add(minedAfter(tip, held.params, tip.time + 1201, kEasyBits), now);
        if (!added.ok()) {
            QVERIFY(added.error().code == bitcoin::kTimeTooNew); // no ban: our clock may be slow
            break;
        }
        ++taken;
    }
    QCOMPARE(taken, 7200 / 1201);
}

void TestHeaderRules::aLongChainCannotBeDatedBack()
{
    Held held(regtest());
    std::vector<BlockHeader> headers = mineHeaders(regtest().genesis, 20);
    Branch branch = held.chain->branchAt(regtest().genesisHash).value();
    QVERIFY(held.chain->extend(branch, headers, kMuchLater).ok());
    // Each as early as possible: the median follows, at one second for each header at least in the long run.
    BlockHeader last = headers.back();
    const std::uint32_t before = last.time;
    for (int i = 0; i < 60; ++i) {
        const auto refused = minedAfter(last, held.params, before - 6000, last.bits);
        QVERIFY(held.chain->extend(branch, std::span(&refused, 1), kMuchLater).error().code ==
                bitcoin::kTimeTooOld);
        last = minedAfter(last, held.params, before + 1 + static_cast<std::uint32_t>(i) / 5, last.bits);
        QVERIFY(held.chain->extend(branch, std::span(&last, 1), kMuchLater).ok());
    }
    QCOMPARE(branch.tipHeight().value, 80U);
}

QTEST_GUILESS_MAIN(TestHeaderRules)
#include "tst_header_rules.moc"
