// SPDX-License-Identifier: MIT
// The state transition's own view of Bitcoin: links, proof of work, difficulty, times; replacement of the
// last k headers by more work only (rule A7).
#include "core/bitcoin/pow.h"
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
bitcoin::BlockHeader parsed(const ByteArray<80>& raw) { return must(bitcoin::parseBlockHeader(raw)); }
} // namespace

class TestStfBitcoin : public QObject {
    Q_OBJECT
private slots:
    void viewFollowsAndConfirms();
    void manyBlocksInOneBatch();
    void emptySectionChangesNothing();
    void branchOfEqualWorkIsRefused();
    void branchOfMoreWorkReplacesTheLastHeaders();
    void whatIsConfirmedIsNeverReplaced();
    void keepOutsideTheViewIsRefused();
    void headerThatDoesNotFollowIsRefused();
    void headerWithoutWorkIsRefused();
    void otherDifficultyIsRefused();
    void timeNotAfterTheMedianIsRefused();
    void badSectionMakesTheWholeProposalInvalid();
};

void TestStfBitcoin::viewFollowsAndConfirms()
{
    Layer layer(2);
    QCOMPARE(layer.view().tipHeight.value, 100U);
    QCOMPARE(layer.head().l1Height.value, 100U);
    for (std::uint32_t height = 101; height <= 106; ++height) {
        layer.chain.mine();
        layer.commit();
        const L1View view = layer.view();
        QCOMPARE(view.tipHeight.value, height);
        QCOMPARE(view.tipHash, *layer.chain.hashAt({height}));
        const std::uint32_t confirmed = std::max(100U, height - 2);
        QCOMPARE(view.confirmedHeight.value, confirmed);
        QCOMPARE(view.ring.size(), std::size_t{height - confirmed});
        QCOMPARE(layer.head().l1Height.value, confirmed);
        QCOMPARE(layer.head().l1Hash, *layer.chain.hashAt({confirmed}));
        const Bytes* block = layer.state().find(l1BlockId({confirmed}).key());
        QVERIFY(block != nullptr);
        QCOMPARE(parseL1Block(*block).value(), *layer.chain.hashAt({confirmed}));
        QVERIFY(layer.state().find(l1BlockId({confirmed + 1}).key()) == nullptr);
    }
    QCOMPARE(layer.view().confirmedWork[0], std::uint8_t{202 + 2 * 4}); // regtest: 2 hashes a block
    QCOMPARE(layer.view().lastTimes[0], layer.chain.at({104}).header.time);
    QCOMPARE(layer.view().lastTimes[4], layer.chain.at({100}).header.time);
}

void TestStfBitcoin::manyBlocksInOneBatch()
{
    Layer layer(6);
    layer.chain.mineMany(50);
    const auto done = layer.commit();
    QCOMPARE(done.runs, 1U);
    QCOMPARE(layer.view().confirmedHeight.value, 144U);
    for (std::uint32_t height = 101; height <= 144; ++height) {
        const Bytes* block = layer.state().find(l1BlockId({height}).key());
        QVERIFY(block != nullptr);
        QCOMPARE(parseL1Block(*block).value(), *layer.chain.hashAt({height}));
    }
    QCOMPARE(done.statement.l1Height.value, 144U);
    QCOMPARE(done.statement.l1Work, layer.view().confirmedWork);
}

void TestStfBitcoin::emptySectionChangesNothing()
{
    Layer layer(2);
    layer.chain.mineMany(5);
    layer.commit();
    const BatchHeader parent = layer.head();
    const Execution done = layer.commit();
    // But that the parent can be named by an anchor from now on.
    QCOMPARE(done.changes.size(), std::size_t{1});
    QVERIFY(done.changes[0].id == batchObjectId(parent.height));
    const BatchObject named{parent.hash(), parent.l1Height, parent.l1Hash};
    QCOMPARE(done.changes[0].value, named.encode());
}

void TestStfBitcoin::branchOfEqualWorkIsRefused()
{
    Layer layer(3);
    layer.chain.mineMany(5);
    layer.commit();
    const Height tip = layer.chain.tip();
    layer.chain.cut({tip.value - 2});
    layer.chain.mineMany(2, 1);
    QCOMPARE(layer.l1Section().keep.value, tip.value - 2);
    QCOMPARE(layer.l1Refusal(layer.l1Section()), std::string("l1-not-more-work"));
    // Nor may the view simply forget its last headers.
    QCOMPARE(layer.l1Refusal({{tip.value - 1}, {}}), std::string("l1-not-more-work"));
}

void TestStfBitcoin::branchOfMoreWorkReplacesTheLastHeaders()
{
    Layer layer(3);
    layer.chain.mineMany(5);
    layer.commit();
    const Height tip = layer.chain.tip();
    layer.chain.cut({tip.value - 3}); // all of the last k
    layer.chain.mineMany(4, 1);
    layer.commit();
    QCOMPARE(layer.view().tipHeight.value, tip.value + 1);
    QCOMPARE(layer.view().tipHash, *layer.chain.hashAt(layer.chain.tip()));
    QCOMPARE(layer.head().l1Hash, *layer.chain.hashAt(layer.head().l1Height));
}

void TestStfBitcoin::whatIsConfirmedIsNeverReplaced()
{
    Layer layer(3);
    layer.chain.mineMany(8);
    layer.commit();
    const Height confirmed = layer.view().confirmedHeight;
    layer.chain.cut({confirmed.value - 1});
    layer.chain.mineMany(30, 1);
    L1Section section;
    section.keep = {confirmed.value - 1};
    for (std::uint32_t h = confirmed.value; h <= layer.chain.tip().value; ++h) {
        section.headers.push_back(layer.chain.header({h}));
    }
    QCOMPARE(layer.l1Refusal(section), std::string("l1-keep-out-of-range"));
    section.keep = confirmed;
    section.headers.erase(section.headers.begin());
    QCOMPARE(layer.l1Refusal(section), std::string("l1-bad-link"));
}

void TestStfBitcoin::keepOutsideTheViewIsRefused()
{
    Layer layer(2);
    layer.chain.mineMany(4);
    layer.commit();
    const std::string refused = "l1-keep-out-of-range";
    QCOMPARE(layer.l1Refusal({{layer.view().tipHeight.value + 1}, {}}), refused);
    QCOMPARE(layer.l1Refusal({{0xffffffff}, {}}), refused);
    QCOMPARE(layer.l1Refusal({{0}, {}}), refused);
}

void TestStfBitcoin::headerThatDoesNotFollowIsRefused()
{
    Layer layer(2);
    layer.chain.mineMany(3);
    L1Section section = layer.l1Section();
    std::swap(section.headers[1], section.headers[2]);
    QCOMPARE(layer.l1Refusal(section), std::string("l1-bad-link"));
    section.headers.erase(section.headers.begin());
    QCOMPARE(layer.l1Refusal(section), std::string("l1-bad-link"));
}

void TestStfBitcoin::headerWithoutWorkIsRefused()
{
    Layer layer(2);
    layer.chain.mine();
    bitcoin::BlockHeader header = parsed(layer.chain.header(layer.chain.tip()));
    const auto& regtest = bitcoin::chainParams(bitcoin::Network::Regtest);
    while (bitcoin::checkProofOfWork(header, regtest).ok()) ++header.nonce;
    QCOMPARE(layer.l1Refusal({{100}, {header.serialize()}}), std::string("l1-bad-work"));
}

void TestStfBitcoin::otherDifficultyIsRefused()
{
    Layer layer(2);
    layer.chain.mine();
    for (const std::uint32_t bits : {0x207ffffeU, 0x1f7fffffU, 0x217fffffU, 0U, 0xffffffffU, 0x20ffffffU}) {
        bitcoin::BlockHeader header = parsed(layer.chain.header(layer.chain.tip()));
        header.bits = bits;
        QCOMPARE(layer.l1Refusal({{100}, {header.serialize()}}), std::string("l1-bad-bits"));
    }
}

void TestStfBitcoin::timeNotAfterTheMedianIsRefused()
{
    Layer layer(2);
    layer.chain.mineMany(14);
    layer.commit();
    layer.chain.mine();
    bitcoin::BlockHeader header = parsed(layer.chain.header(layer.chain.tip()));
    // The median of the 11 before is the sixth from the top.
    const std::uint32_t median = layer.chain.at({layer.chain.tip().value - 6}).header.time;
    header.time = median;
    solve(header);
    QCOMPARE(layer.l1Refusal({{layer.view().tipHeight}, {header.serialize()}}), std::string("l1-bad-time"));
    header.time = median + 1;
    solve(header);
    QCOMPARE(layer.l1Refusal({{layer.view().tipHeight}, {header.serialize()}}), std::string());
}

void TestStfBitcoin::badSectionMakesTheWholeProposalInvalid()
{
    Layer layer;
    layer.fund(layer.alice);
    BatchBody body =
        layer.bodyWith({layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(1)})});
    body.l1.headers.push_back(layer.chain.header({101}));
    const auto result = layer.propose(body);
    const auto* invalid = std::get_if<InvalidBatch>(&result);
    QVERIFY(invalid != nullptr);
    QVERIFY(!invalid->transaction.has_value());
    QCOMPARE(invalid->reason, std::string("l1-bad-link"));
}

QTEST_APPLESS_MAIN(TestStfBitcoin)
#include "tst_stf_bitcoin.moc"
