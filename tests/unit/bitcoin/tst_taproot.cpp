// SPDX-License-Identifier: MIT
// core/bitcoin/taproot.h: BIP341's wallet vectors, a node's script path spends, and trees of odd shapes.
#include "core/bitcoin/address.h"
#include "core/bitcoin/taproot.h"
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::hashOf;
using bowline::test::textOf;

namespace {
// The vectors write a leaf as an object and a branch as an array of two.
TaprootTree treeOf(const boost::json::value& node)
{
    if (node.is_array()) return TaprootTree::branch(treeOf(node.at(0)), treeOf(node.at(1))).value();
    const auto version = static_cast<std::uint8_t>(node.at("leafVersion").as_int64());
    return TaprootTree::leaf({bytesOf(node.at("script")), version});
}

TapLeaf numberedLeaf(std::int64_t number)
{
    return {ScriptBuilder().number(number).op(OP_DROP).op(OP_1).take()};
}

std::vector<TapLeaf> numberedLeaves(std::size_t count)
{
    std::vector<TapLeaf> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(numberedLeaf(static_cast<std::int64_t>(i)));
    return out;
}

// Every leaf can be spent: its control block, written and read again, leads to the output key.
bool allLeavesAreCommitted(const TaprootOutput& output)
{
    for (std::size_t i = 0; i < output.tree()->leafCount(); ++i) {
        const auto control = parseControlBlock(output.controlBlock(i).serialize());
        if (!control ||
            !checkTaprootCommitment(output.outputKey(), *control, output.tree()->leafAt(i).script)) {
            return false;
        }
    }
    return true;
}
} // namespace

class TestTaproot : public QObject {
    Q_OBJECT
private slots:
    void vectorsOfBip341();
    void nodesScriptSpendsCarryValidControlBlocks();
    void unspendableKeyIsTheHashOfTheGenerator();
    void balancedTreesAreFlat_data();
    void balancedTreesAreFlat();
    void weightedTreesGiveShortPathsToLikelyLeaves();
    void badWeightsAreRefused();
    void treesMayBe128DeepButNotDeeper();
    void hiddenNodesKeepTheRoot();
    void leafVersionsThatConfuseAreRefused();
    void keysOffTheCurveAreRefused();
    void controlBlocksOfOddLengthsAreRefused();
    void tamperedControlBlocksAreRefused();
};

void TestTaproot::vectorsOfBip341()
{
    SKIP_WITHOUT_VECTORS();
    const auto vectors = test::readVectorJson("bip341/wallet-test-vectors.json");
    int controlBlocks = 0;
    for (const auto& vector : vectors.at("scriptPubKey").as_array()) {
        const auto internalKey = hashOf<XOnlyPublicKey>(vector.at("given").at("internalPubkey"));
        const auto& scriptTree = vector.at("given").at("scriptTree");
        const auto output = scriptTree.is_null() ? TaprootOutput::keyOnly(internalKey)
                                                 : TaprootOutput::withTree(internalKey, treeOf(scriptTree));
        const auto& steps = vector.at("intermediary");
        const auto& expected = vector.at("expected");
        QCOMPARE(output.value().tweak().hex(), textOf(steps.at("tweak")));
        QCOMPARE(output->outputKey().hex(), textOf(steps.at("tweakedPubkey")));
        QCOMPARE(base::toHex(output->scriptPubKey()), textOf(expected.at("scriptPubKey")));
        const auto address = addressFromScript(output->scriptPubKey(), Network::Main);
        QCOMPARE(address.value(), textOf(expected.at("bip350Address")));
        if (scriptTree.is_null()) continue;

        QCOMPARE(output->tree()->root().hex(), textOf(steps.at("merkleRoot")));
        const auto& leafHashes = steps.at("leafHashes").as_array();
        QCOMPARE(output->tree()->leafCount(), leafHashes.size());
        for (std::size_t i = 0; i < leafHashes.size(); ++i) {
            QCOMPARE(tapLeafHash(output->tree()->leafAt(i)).hex(), textOf(leafHashes[i]));
            const std::string control = base::toHex(output->controlBlock(i).serialize());
            QCOMPARE(control, textOf(expected.at("scriptPathControlBlocks").at(i)));
            ++controlBlocks;
        }
        QVERIFY(allLeavesAreCommitted(*output));
    }
    QCOMPARE(controlBlocks, 12);
}

void TestTaproot::nodesScriptSpendsCarryValidControlBlocks()
{
    const Block block = test::parsedRecordedBlock();
    int checked = 0;
    for (std::size_t i = 1; i < block.transactions.size(); ++i) {
        const std::vector<Bytes>& witness = block.transactions[i].inputs[0].witness;
        const std::vector<TxOut> spent = test::recordedSpentOutputs(i);
        if (outputTypeOf(spent[0].scriptPubKey) != OutputType::PayToTaproot || witness.size() != 3) continue;
        const auto control = parseControlBlock(witness[2]);
        QVERIFY(control.ok());
        QVERIFY(control->internalKey == unspendableInternalKey());
        QCOMPARE(base::toHex(control->serialize()), base::toHex(witness[2]));
        const auto key = base::toArray<32>(ByteView(spent[0].scriptPubKey).subspan(2));
        QVERIFY(checkTaprootCommitment(XOnlyPublicKey{*key}, *control, witness[1]).ok());
        ++checked;
    }
    QCOMPARE(checked, 2);
}

void TestTaproot::unspendableKeyIsTheHashOfTheGenerator()
{
    // BIP341: H = lift_x(SHA-256 of the uncompressed generator), so that nobody chose it.
    const Bytes generator = bytesOf("0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                                    "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8");
    QCOMPARE(unspendableInternalKey().hex(), crypto::sha256(generator).hex());
    QVERIFY(crypto::isOnCurve(unspendableInternalKey()));
}

void TestTaproot::balancedTreesAreFlat_data()
{
    QTest::addColumn<int>("leaves");
    QTest::addColumn<int>("depth");
    QTest::newRow("1") << 1 << 0;
    QTest::newRow("2") << 2 << 1;
    QTest::newRow("3") << 3 << 2;
    QTest::newRow("5") << 5 << 3;
    QTest::newRow("8") << 8 << 3;
    QTest::newRow("9") << 9 << 4;
    QTest::newRow("100") << 100 << 7;
}

void TestTaproot::balancedTreesAreFlat()
{
    QFETCH(int, leaves);
    QFETCH(int, depth);
    const TaprootTree tree = TaprootTree::balanced(numberedLeaves(static_cast<std::size_t>(leaves)));
    std::size_t deepest = 0;
    for (std::size_t i = 0; i < tree.leafCount(); ++i) {
        QVERIFY(tree.leafAt(i) == numberedLeaf(static_cast<std::int64_t>(i)));
        deepest = std::max(deepest, tree.pathOf(i).size());
    }
    QCOMPARE(deepest, static_cast<std::size_t>(depth));
    const auto output = TaprootOutput::withTree(unspendableInternalKey(), tree);
    QVERIFY(allLeavesAreCommitted(output.value()));
}

void TestTaproot::weightedTreesGiveShortPathsToLikelyLeaves()
{
    const auto tree = TaprootTree::weighted(numberedLeaves(5), {1, 20, 1, 1, 5});
    const std::vector<std::size_t> expected{3, 1, 4, 4, 2}; // Huffman's lengths
    // The two lightest of equal weight are joined first, so one of the three ones stays a level higher.
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < 5; ++i) {
        QVERIFY(tree.value().leafAt(i) == numberedLeaf(static_cast<std::int64_t>(i)));
        lengths.push_back(tree->pathOf(i).size());
    }
    QCOMPARE(lengths[1], expected[1]);
    QCOMPARE(lengths[4], expected[4]);
    QCOMPARE(lengths[0] + lengths[2] + lengths[3], expected[0] + expected[2] + expected[3]);
    QVERIFY(allLeavesAreCommitted(TaprootOutput::withTree(unspendableInternalKey(), *tree).value()));
    QVERIFY2(TaprootTree::weighted(numberedLeaves(5), {1, 20, 1, 1, 5}).value().root() == tree->root(),
             "the same tree each time");
}

void TestTaproot::badWeightsAreRefused()
{
    QVERIFY(TaprootTree::weighted({}, {}).error().code == kTaprootBadWeights);
    QVERIFY(TaprootTree::weighted(numberedLeaves(2), {1}).error().code == kTaprootBadWeights);
    QVERIFY(TaprootTree::weighted(numberedLeaves(2), {1, 0}).error().code == kTaprootBadWeights);
    QVERIFY(TaprootTree::weighted(numberedLeaves(2), {UINT64_MAX, 1}).error().code == kTaprootBadWeights);
}

void TestTaproot::treesMayBe128DeepButNotDeeper()
{
    TaprootTree tree = TaprootTree::leaf(numberedLeaf(0));
    for (int i = 1; i <= 128; ++i) {
        auto deeper = TaprootTree::branch(std::move(tree), TaprootTree::leaf(numberedLeaf(i)));
        QVERIFY(deeper.ok());
        tree = std::move(*deeper);
    }
    QCOMPARE(tree.pathOf(0).size(), std::size_t{128});
    QVERIFY(allLeavesAreCommitted(TaprootOutput::withTree(unspendableInternalKey(), tree).value()));
    const auto tooDeep = TaprootTree::branch(std::move(tree), TaprootTree::leaf(numberedLeaf(129)));
    QVERIFY(tooDeep.error().code == kTaprootTooDeep);
}

void TestTaproot::hiddenNodesKeepTheRoot()
{
    const TaprootTree known = TaprootTree::balanced(numberedLeaves(4));
    const TaprootTree full = TaprootTree::branch(known, TaprootTree::leaf(numberedLeaf(9))).value();
    const TaprootTree part =
        TaprootTree::branch(TaprootTree::hidden(known.root()), TaprootTree::leaf(numberedLeaf(9))).value();
    QVERIFY(part.root() == full.root());
    QCOMPARE(part.leafCount(), std::size_t{1});
    QVERIFY(part.pathOf(0) == full.pathOf(4));
    QVERIFY(full.find(numberedLeaf(9)) == std::optional<std::size_t>(4));
    QVERIFY(!full.find(numberedLeaf(10)).has_value());
}

void TestTaproot::leafVersionsThatConfuseAreRefused()
{
    for (const std::uint8_t version : {std::uint8_t{0xc1}, std::uint8_t{0x50}}) {
        const TaprootTree tree = TaprootTree::leaf({Script{OP_1}, version});
        const auto output = TaprootOutput::withTree(unspendableInternalKey(), tree);
        QVERIFY(output.error().code == kTaprootBadLeafVersion);
    }
}

void TestTaproot::keysOffTheCurveAreRefused()
{
    XOnlyPublicKey noPoint;
    noPoint.bytes.fill(0xff);
    QVERIFY(TaprootOutput::keyOnly(noPoint).error().code == kTaprootBadKey);
    QVERIFY(checkTaprootCommitment(noPoint, ControlBlock{kTapscriptLeafVersion, false, noPoint, {}}, {})
                .error()
                .code == kTaprootBadKey);
}

void TestTaproot::controlBlocksOfOddLengthsAreRefused()
{
    for (const std::size_t size : {0UL, 1UL, 32UL, 34UL, 64UL, 66UL, 33UL + 32 * 129}) {
        QVERIFY(parseControlBlock(Bytes(size, 0xc0)).error().code == kBadControlBlock);
    }
    QVERIFY(parseControlBlock(Bytes(33 + 32 * 128, 0xc0)).ok());
}

void TestTaproot::tamperedControlBlocksAreRefused()
{
    const auto output =
        TaprootOutput::withTree(unspendableInternalKey(), TaprootTree::balanced(numberedLeaves(3))).value();
    const Bytes good = output.controlBlock(0).serialize();
    const Script& script = output.tree()->leafAt(0).script;
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes bad = good;
        bad[i] ^= 0x01; // at 0: the parity
        const auto control = parseControlBlock(bad);
        QVERIFY(control.ok());
        QVERIFY2(!checkTaprootCommitment(output.outputKey(), *control, script).ok(),
                 std::to_string(i).c_str());
    }
    const auto control = parseControlBlock(good);
    QVERIFY(
        checkTaprootCommitment(output.outputKey(), *control, output.tree()->leafAt(1).script).error().code ==
        kTaprootMismatch);
}

QTEST_GUILESS_MAIN(TestTaproot)
#include "tst_taproot.moc"
