// SPDX-License-Identifier: MIT
// core/bitcoin/filter.h and siphash.h: BIP158's vectors, a real node's filter, and hostile encodings.
#include "core/bitcoin/filter.h"
#include "core/bitcoin/siphash.h"
#include "core/crypto/hash.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::textOf;

namespace {
Script numberedScript(std::uint32_t number)
{
    base::Writer writer;
    writer.u32le(number);
    return payToTaproot(XOnlyPublicKey{crypto::sha256(writer.data()).bytes});
}

std::vector<Script> numberedScripts(std::uint32_t from, std::uint32_t to)
{
    std::vector<Script> out;
    for (std::uint32_t i = from; i < to; ++i) out.push_back(numberedScript(i));
    return out;
}

bool matches(const BlockFilter& filter, const std::vector<Script>& scripts)
{
    const ScriptSet set(scripts);
    return FilterMatcher(set).matchesAny(filter).value();
}

BlockFilter filterOf(std::string_view hex) { return {BlockHash{{1, 2, 3}}, bytesOf(hex)}; }
} // namespace

class TestFilter : public QObject {
    Q_OBJECT
private slots:
    void sipHashOfItsAuthors();
    void vectorsOfBip158();
    void nodesFilterIsOurs();
    void nodesFilterMatchesEveryScriptOfTheBlock();
    void everyElementIsFoundInFiltersOfAnySize();
    void strangersAreRarelyFound();
    void matcherGoesFromFilterToFilter();
    void emptyFiltersAndSetsMatchNothing();
    void hostileFiltersAreRefused_data();
    void hostileFiltersAreRefused();
    void everyTruncationIsRefused();
};

void TestFilter::sipHashOfItsAuthors()
{
    // Key and message are 00 01 02 ...; from the reference tables of SipHash-2-4.
    const SipKey key{0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
    Bytes message;
    for (std::uint8_t i = 0; i < 16; ++i) message.push_back(i);
    QCOMPARE(sipHash24(key, {}), std::uint64_t{0x726fdb47dd0e0e31U});
    QCOMPARE(sipHash24(key, ByteView(message).first(1)), std::uint64_t{0x74f839c593dc67fdU});
    QCOMPARE(sipHash24(key, ByteView(message).first(8)), std::uint64_t{0x93f5f5799a932462U});
    QCOMPARE(sipHash24(key, ByteView(message).first(15)), std::uint64_t{0xa129ca6149be45e5U});
    QCOMPARE(sipHash24(key, message), std::uint64_t{0x3f2acc7f57c29bdbU});
}

void TestFilter::vectorsOfBip158()
{
    SKIP_WITHOUT_VECTORS();
    int checked = 0;
    const auto vectors = test::readVectorJson("bip158/testnet-19.json");
    for (const auto& row : vectors.as_array()) {
        if (row.as_array().size() < 8) continue; // the heading
        const Block block = parseBlock(bytesOf(row.at(2))).value();
        std::vector<Script> spent;
        for (const auto& script : row.at(3).as_array()) spent.push_back(bytesOf(script));
        const BlockFilter filter = buildBasicFilter(block, spent);
        QCOMPARE(base::toHex(filter.encoded), textOf(row.at(5)));
        const auto previous = test::shownHash<FilterHeader>(textOf(row.at(4)));
        QCOMPARE(filter.header(previous).displayHex(), textOf(row.at(6)));
        QVERIFY(checkFilter(filter).ok());
        for (const Script& script : spent) {
            if (!script.empty()) QVERIFY(matches(filter, {script}));
        }
        ++checked;
    }
    QCOMPARE(checked, 10);
}

void TestFilter::nodesFilterIsOurs()
{
    const Block block = test::parsedRecordedBlock();
    std::vector<Script> spent;
    for (std::size_t i = 1; i < block.transactions.size(); ++i) {
        for (const TxOut& output : test::recordedSpentOutputs(i)) spent.push_back(output.scriptPubKey);
    }
    const BlockFilter filter = buildBasicFilter(block, spent);
    const auto& recorded = test::recordedBlock();
    QCOMPARE(base::toHex(filter.encoded), textOf(recorded.at("filter").at("filter")));
    const auto previous = test::shownHash<FilterHeader>(textOf(recorded.at("previousFilter").at("header")));
    QCOMPARE(filter.header(previous).displayHex(), textOf(recorded.at("filter").at("header")));
}

void TestFilter::nodesFilterMatchesEveryScriptOfTheBlock()
{
    const Block block = test::parsedRecordedBlock();
    const BlockFilter filter{block.header.hash(), bytesOf(test::recordedBlock().at("filter").at("filter"))};
    QVERIFY(checkFilter(filter).ok());
    for (const Transaction& transaction : block.transactions) {
        for (const TxOut& output : transaction.outputs) {
            const bool isData = outputTypeOf(output.scriptPubKey) == OutputType::NullData;
            QCOMPARE(matches(filter, {output.scriptPubKey}), !isData);
        }
    }
}

void TestFilter::everyElementIsFoundInFiltersOfAnySize()
{
    for (const std::uint32_t size : {1U, 2U, 3U, 10U, 253U, 1000U}) {
        const std::vector<Script> elements = numberedScripts(0, size);
        const BlockFilter filter = buildFilter(BlockHash{{9}}, elements);
        QCOMPARE(filter.count().value(), std::uint64_t{size});
        QVERIFY(checkFilter(filter).ok());
        for (const Script& script : elements) {
            // Alone, and among many strangers.
            QVERIFY(matches(filter, {script}));
        }
        std::vector<Script> crowd = numberedScripts(100'000, 101'000);
        crowd.push_back(elements.back());
        QVERIFY(matches(filter, crowd));
    }
}

void TestFilter::strangersAreRarelyFound()
{
    // 200 filters x 1,000 scripts, one false hit in 784,931 each: 0.25 expected; more than 6 have p < 1e-8.
    const ScriptSet strangers(numberedScripts(100'000, 101'000));
    FilterMatcher matcher(strangers);
    int hits = 0;
    for (std::uint8_t i = 0; i < 200; ++i) {
        const BlockFilter filter = buildFilter(BlockHash{{i}}, numberedScripts(0, 100));
        if (matcher.matchesAny(filter).value()) ++hits;
    }
    QVERIFY2(hits <= 6, std::to_string(hits).c_str());
}

void TestFilter::matcherGoesFromFilterToFilter()
{
    const ScriptSet mine(numberedScripts(7, 9));
    FilterMatcher matcher(mine);
    for (std::uint8_t i = 0; i < 20; ++i) {
        const bool has = i % 3 == 0;
        const BlockFilter filter = buildFilter(BlockHash{{i}}, numberedScripts(has ? 8 : 10, 50));
        QCOMPARE(matcher.matchesAny(filter).value(), has);
    }
}

void TestFilter::emptyFiltersAndSetsMatchNothing()
{
    const BlockFilter empty = buildFilter(BlockHash{}, {});
    QCOMPARE(base::toHex(empty.encoded), std::string("00"));
    QVERIFY(checkFilter(empty).ok());
    QVERIFY(!matches(empty, numberedScripts(0, 3)));
    const std::vector<Script> one = numberedScripts(0, 1);
    QVERIFY(!matches(buildFilter(BlockHash{}, one), {}));
    QVERIFY2(!matches(buildFilter(BlockHash{}, one), {Script{}}), "the empty script is no element");
    QVERIFY(buildFilter(BlockHash{}, std::vector<Script>{one[0], one[0], Script{}}).encoded ==
            buildFilter(BlockHash{}, one).encoded);
    QCOMPARE(ScriptSet(std::vector<Script>{one[0], one[0], Script{}}).size(), std::size_t{1});
}

void TestFilter::hostileFiltersAreRefused_data()
{
    QTest::addColumn<QString>("hex");
    QTest::newRow("no count") << "";
    QTest::newRow("half a count") << "fd01";
    QTest::newRow("count in a long form") << "fd0100" + QString("00").repeated(3);
    QTest::newRow("count without codes") << "01";
    QTest::newRow("four billion elements") << "feffffffff" + QString("00").repeated(1000);
    QTest::newRow("more than 32 bits") << "ff0000000001000000" + QString("00").repeated(1000);
    QTest::newRow("bytes after an empty filter") << "0000";
    QTest::newRow("a byte after the codes") << "0100000000";
    QTest::newRow("padding that is not zero") << "01000001";
    QTest::newRow("endless quotient") << "01" + QString("ff").repeated(1000);
    QTest::newRow("value out of range") << "01fff000000000"; // 12 * 2^19
    QTest::newRow("larger than any block's") << "01" + QString("ff").repeated(1'000'000);
}

void TestFilter::hostileFiltersAreRefused()
{
    QFETCH(QString, hex);
    const BlockFilter filter = filterOf(hex.toStdString());
    QVERIFY(checkFilter(filter).error().code == kBadFilter);
    // Matching may stop before it sees the fault, but must not read past the end.
    const ScriptSet set(numberedScripts(0, 10));
    static_cast<void>(FilterMatcher(set).matchesAny(filter));
}

void TestFilter::everyTruncationIsRefused()
{
    const BlockFilter filter = buildFilter(BlockHash{{5}}, numberedScripts(0, 40));
    const ScriptSet strangers(numberedScripts(1000, 1001));
    QVERIFY(!FilterMatcher(strangers).matchesAny(filter).value());
    for (std::size_t size = 0; size < filter.encoded.size(); ++size) {
        const BlockFilter cut{
            filter.block,
            Bytes(filter.encoded.begin(), filter.encoded.begin() + static_cast<std::ptrdiff_t>(size))};
        QVERIFY(checkFilter(cut).error().code == kBadFilter);
        QVERIFY(FilterMatcher(strangers).matchesAny(cut).error().code == kBadFilter);
    }
}

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
