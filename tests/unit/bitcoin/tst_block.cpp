// SPDX-License-Identifier: MIT
// core/bitcoin/block.h and merkle.h against a real node's block and proofs, and the known attacks on them.
#include "core/bitcoin/params.h"
#include "core/crypto/hash.h"
#include "tests/unit/bitcoin/fixtures.h"

#include <algorithm>

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::textOf;

namespace {
// The hashes of a node's proof (merkleblock, BIP37: header, number of transactions, hashes, flags).
std::vector<Digest> hashesOfNodeProof(const Bytes& proof)
{
    base::Reader reader(proof);
    static_cast<void>(readBlockHeader(reader));
    reader.u32le();
    std::vector<Digest> out(static_cast<std::size_t>(reader.compactSize(1000)));
    for (Digest& hash : out) hash = reader.hash<Digest>();
    return out;
}

std::vector<Digest> someLeaves(std::size_t count)
{
    std::vector<Digest> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(crypto::sha256(Bytes{static_cast<std::uint8_t>(i)}));
    return out;
}

MerkleRoot asRoot(const Digest& digest) { return MerkleRoot{digest.bytes}; }
} // namespace

class TestBlock : public QObject {
    Q_OBJECT
private slots:
    void nodesBlockPassesAllChecks();
    void realBlocksOfTestnetPassAllChecks();
    void everyTruncationIsRefused();
    void pathsAreMadeOfTheHashesThatTheNodeProves();
    void pathOfEveryLeafOfEverySizeLeadsToTheRoot();
    void changedTransactionIsRefused();
    void repeatedTailWithTheSameRootIsRefused();
    void repeatedPositionCannotBeProven();
    void innerNodeAsTransactionIsRefusedByTheDepth();
    void coinbaseOfAProofMustBeACoinbase();
    void pathsSurviveSerialisation();
    void changedWitnessIsRefused();
    void commitmentsHaveNoMeaningBeforeSegwit();
    void secondCoinbaseIsRefused();
};

void TestBlock::nodesBlockPassesAllChecks()
{
    const auto& recorded = test::recordedBlock().at("block");
    const Block block = test::parsedRecordedBlock();
    QCOMPARE(block.header.hash().displayHex(), textOf(recorded.at("hash")));
    QCOMPARE(block.header.previous.displayHex(), textOf(recorded.at("previousblockhash")));
    QCOMPARE(block.header.merkleRoot.displayHex(), textOf(recorded.at("merkleroot")));
    QCOMPARE(std::int64_t{block.header.time}, recorded.at("time").as_int64());
    QCOMPARE(block.weight(), recorded.at("weight").as_int64());
    QCOMPARE(base::toHex(block.serialize()), textOf(test::recordedBlock().at("raw")));
    QVERIFY(checkBlock(block).ok());
}

void TestBlock::realBlocksOfTestnetPassAllChecks()
{
    SKIP_WITHOUT_VECTORS();
    int checked = 0;
    const auto vectors = test::readVectorJson("bip158/testnet-19.json");
    for (const auto& row : vectors.as_array()) {
        if (row.as_array().size() < 8) continue; // the heading
        const auto block = parseBlock(bytesOf(row.at(2)));
        QVERIFY(block.ok());
        QCOMPARE(block->header.hash().displayHex(), textOf(row.at(1)));
        const bool segwit = row.at(0).as_int64() >= 834'624; // where testnet3 activated it
        const auto rule = segwit ? WitnessRule::Segwit : WitnessRule::BeforeSegwit;
        QVERIFY(checkBlock(*block, rule).ok());
        ++checked;
    }
    QCOMPARE(checked, 10);
}

void TestBlock::everyTruncationIsRefused()
{
    const Bytes raw = bytesOf(test::recordedBlock().at("raw"));
    for (std::size_t size = 0; size < raw.size(); ++size)
        QVERIFY(!parseBlock(ByteView(raw).first(size)).ok());
    Bytes longer = raw;
    longer.push_back(0);
    QVERIFY(parseBlock(longer).error().code == base::kTrailingBytes);
    QVERIFY(parseBlock(Bytes(4'000'001, 0)).error().code == kBlockTooLarge);
}

void TestBlock::pathsAreMadeOfTheHashesThatTheNodeProves()
{
    const Block block = test::parsedRecordedBlock();
    const std::vector<Digest> txids = block.txids();
    QCOMPARE(txids.size(), std::size_t{9}); // odd on three levels
    const MerklePath coinbasePath = merklePath(txids, 0);
    for (std::uint32_t i = 0; i < txids.size(); ++i) {
        const Txid txid{txids[i].bytes};
        const Bytes nodeProof = bytesOf(test::recordedBlock().at("proofs").at(txid.displayHex()));
        const std::vector<Digest> known = hashesOfNodeProof(nodeProof);
        const MerklePath path = merklePath(txids, i);
        std::size_t shared = 0;
        for (const Digest& sibling : path.siblings) {
            if (std::find(known.begin(), known.end(), sibling) != known.end()) ++shared;
        }
        // The node's proof has the transaction itself too, and leaves out nodes that are paired with
        // themselves.
        QCOMPARE(shared + (i == 8 ? 0U : 1U), known.size());
        QVERIFY(checkInclusion(txid, path, block.header.merkleRoot).ok());
        QVERIFY(
            checkInclusion(txid, path, block.transactions[0], coinbasePath, block.header.merkleRoot).ok());
    }
}

void TestBlock::pathOfEveryLeafOfEverySizeLeadsToTheRoot()
{
    for (std::size_t count = 1; count <= 33; ++count) {
        const std::vector<Digest> leaves = someLeaves(count);
        const MerkleTreeRoot root = merkleTreeRoot(leaves);
        QVERIFY(!root.mutated);
        for (std::uint32_t i = 0; i < count; ++i) {
            const MerklePath path = merklePath(leaves, i);
            QVERIFY(checkInclusion(Txid{leaves[i].bytes}, path, asRoot(root.root)).ok());
            MerklePath elsewhere = path;
            elsewhere.index ^= 1U;
            if (count > 1) QVERIFY(!checkInclusion(Txid{leaves[i].bytes}, elsewhere, asRoot(root.root)).ok());
            elsewhere.index = i + (1U << path.siblings.size());
            QVERIFY(!checkInclusion(Txid{leaves[i].bytes}, elsewhere, asRoot(root.root)).ok());
        }
    }
}

void TestBlock::changedTransactionIsRefused()
{
    Block block = test::parsedRecordedBlock();
    block.transactions[4].lockTime ^= 1U;
    QVERIFY(checkBlock(block).error().code == kBlockBadMerkleRoot);
}

void TestBlock::repeatedTailWithTheSameRootIsRefused()
{
    // CVE-2012-2459: nine transactions and the ninth again have the root of nine.
    Block block = test::parsedRecordedBlock();
    block.transactions.push_back(block.transactions.back());
    QVERIFY(merkleTreeRoot(block.txids()).root.bytes == block.header.merkleRoot.bytes);
    QVERIFY(checkBlock(block).error().code == kBlockMutated);
}

void TestBlock::repeatedPositionCannotBeProven()
{
    // The same with a path: position 9 of a list of nine would lead to the root as well.
    const std::vector<Digest> leaves = someLeaves(9);
    const MerkleRoot root = asRoot(merkleTreeRoot(leaves).root);
    MerklePath path = merklePath(leaves, 8);
    const Txid last{leaves[8].bytes};
    QVERIFY(checkInclusion(last, path, root).ok());
    path.index = 9;
    QVERIFY(checkInclusion(last, path, root).error().code == kBadMerklePath);
}

void TestBlock::innerNodeAsTransactionIsRefusedByTheDepth()
{
    // The 64 bytes of two txids hash like a transaction; its "path" is one level shorter than any real one.
    const Block block = test::parsedRecordedBlock();
    const std::vector<Digest> txids = block.txids();
    Bytes fake = base::toBytes(txids[2].view());
    base::append(fake, txids[3].view());
    const Txid fakeId{crypto::sha256d(fake).bytes};
    MerklePath path = merklePath(txids, 2);
    path.siblings.erase(path.siblings.begin());
    path.index = 1;
    QVERIFY2(checkInclusion(fakeId, path, block.header.merkleRoot).ok(), "the attack itself must work");
    const auto guarded =
        checkInclusion(fakeId, path, block.transactions[0], merklePath(txids, 0), block.header.merkleRoot);
    QVERIFY(guarded.error().code == kMerkleDepth);
}

void TestBlock::coinbaseOfAProofMustBeACoinbase()
{
    const Block block = test::parsedRecordedBlock();
    const std::vector<Digest> txids = block.txids();
    const Txid txid{txids[2].bytes};
    const auto status = checkInclusion(txid, merklePath(txids, 2), block.transactions[1],
                                       merklePath(txids, 1), block.header.merkleRoot);
    QVERIFY(status.error().code == kNotACoinbase);
}

void TestBlock::pathsSurviveSerialisation()
{
    const MerklePath path = merklePath(someLeaves(9), 5);
    base::Writer writer;
    writeMerklePath(writer, path);
    base::Reader reader(writer.data());
    QVERIFY(readMerklePath(reader) == path);
    QVERIFY(reader.finish().ok());
    const Bytes tooDeep{0, 0, 0, 0, 16};
    base::Reader hostile(tooDeep);
    static_cast<void>(readMerklePath(hostile));
    QVERIFY(hostile.status().error().code == kBadMerklePath);
}

void TestBlock::changedWitnessIsRefused()
{
    // Txids and root stay as they are: only the commitment tells.
    Block block = test::parsedRecordedBlock();
    auto signedInput = std::find_if(block.transactions.begin() + 1, block.transactions.end(),
                                    [](const Transaction& transaction) { return transaction.hasWitness(); });
    QVERIFY(signedInput != block.transactions.end());
    signedInput->inputs[0].witness[0].push_back(0);
    QVERIFY(checkMerkleRoot(block).ok());
    QVERIFY(checkBlock(block).error().code == kBlockBadWitnessCommitment);
    // Without the reserved value nothing is committed to either.
    Block bare = test::parsedRecordedBlock();
    bare.transactions[0].inputs[0].witness.clear();
    QVERIFY(checkBlock(bare).error().code == kBlockBadWitnessCommitment);
}

void TestBlock::commitmentsHaveNoMeaningBeforeSegwit()
{
    Block block = test::parsedRecordedBlock();
    for (Transaction& transaction : block.transactions) {
        for (TxIn& input : transaction.inputs) input.witness.clear();
    }
    QVERIFY(checkBlock(block, WitnessRule::BeforeSegwit).ok());
    QVERIFY(!checkBlock(block, WitnessRule::Segwit).ok());
    QVERIFY(!checkBlock(test::parsedRecordedBlock(), WitnessRule::BeforeSegwit).ok());
}

void TestBlock::secondCoinbaseIsRefused()
{
    Block block = test::parsedRecordedBlock();
    Transaction second = block.transactions[0];
    second.lockTime = 7;
    block.transactions.insert(block.transactions.begin() + 1, second);
    block.header.merkleRoot = asRoot(merkleTreeRoot(block.txids()).root);
    QVERIFY(checkBlock(block).error().code == kBlockBadCoinbase);
    block.transactions.clear();
    QVERIFY(checkBlock(block).error().code == kBlockBadCoinbase);
}

QTEST_GUILESS_MAIN(TestBlock)
#include "tst_block.moc"
