// SPDX-License-Identifier: MIT
#include "core/bitcoin/block.h"

#include "core/crypto/hash.h"

#include <algorithm>

namespace bowline::bitcoin {

using base::Reader;
using base::Writer;

namespace {
// BIP141: OP_RETURN, a push of 36 bytes, the tag, and the commitment in the 32 bytes that follow.
constexpr std::array<std::uint8_t, 6> kCommitmentPrefix{OP_RETURN, 0x24, 0xaa, 0x21, 0xa9, 0xed};
constexpr std::size_t kMinCommitmentScript = kCommitmentPrefix.size() + 32;
// The least transaction: version, no marker, one input with an empty script, one output with one, lock time.
constexpr std::size_t kMinTransactionSize = 4 + 1 + 41 + 1 + 9 + 4;

// If several outputs look like it, the last one counts.
std::optional<ByteView> witnessCommitmentIn(const Transaction& coinbase)
{
    const auto& outputs = coinbase.outputs;
    const auto isCommitment = [](const TxOut& output) {
        const Script& script = output.scriptPubKey;
        return script.size() >= kMinCommitmentScript &&
               std::equal(kCommitmentPrefix.begin(), kCommitmentPrefix.end(), script.begin());
    };
    const auto found = std::find_if(outputs.rbegin(), outputs.rend(), isCommitment);
    if (found == outputs.rend()) return std::nullopt;
    return ByteView(found->scriptPubKey).subspan(kCommitmentPrefix.size(), 32);
}
} // namespace

ByteArray<BlockHeader::kSize> BlockHeader::serialize() const
{
    Writer writer;
    writer.u32le(version);
    writer.hash(previous);
    writer.hash(merkleRoot);
    writer.u32le(time);
    writer.u32le(bits);
    writer.u32le(nonce);
    ByteArray<kSize> out;
    std::copy(writer.data().begin(), writer.data().end(), out.begin());
    return out;
}

BlockHash BlockHeader::hash() const { return BlockHash{crypto::sha256d(serialize()).bytes}; }

BlockHeader readBlockHeader(Reader& reader)
{
    BlockHeader out;
    out.version = reader.u32le();
    out.previous = reader.hash<BlockHash>();
    out.merkleRoot = reader.hash<MerkleRoot>();
    out.time = reader.u32le();
    out.bits = reader.u32le();
    out.nonce = reader.u32le();
    return out;
}

Result<BlockHeader> parseBlockHeader(ByteView bytes)
{
    Reader reader(bytes);
    const BlockHeader out = readBlockHeader(reader);
    BOWLINE_CHECK(reader.finish());
    return out;
}

Bytes Block::serialize() const
{
    Writer writer;
    writer.bytes(header.serialize());
    writer.compactSize(transactions.size());
    for (const Transaction& transaction : transactions) writer.bytes(transaction.serialize());
    return writer.take();
}

std::int64_t Block::weight() const
{
    Writer count;
    count.compactSize(transactions.size());
    const std::size_t fixed = BlockHeader::kSize + count.data().size();
    std::int64_t out = static_cast<std::int64_t>(fixed) * kWitnessScaleFactor;
    for (const Transaction& transaction : transactions) out += transaction.weight();
    return out;
}

std::vector<Digest> Block::txids() const
{
    std::vector<Digest> out;
    out.reserve(transactions.size());
    for (const Transaction& transaction : transactions) out.push_back(Digest{transaction.txid().bytes});
    return out;
}

std::vector<Digest> Block::wtxids() const
{
    std::vector<Digest> out;
    out.reserve(transactions.size());
    for (const Transaction& transaction : transactions) {
        out.push_back(out.empty() ? Digest{} : Digest{transaction.wtxid().bytes});
    }
    return out;
}

Result<Block> parseBlock(ByteView bytes)
{
    if (bytes.size() > static_cast<std::size_t>(kMaxBlockWeight)) return makeError(kBlockTooLarge);
    Reader reader(bytes);
    Block out;
    out.header = readBlockHeader(reader);
    const auto count = static_cast<std::size_t>(reader.compactSize(reader.remaining() / kMinTransactionSize));
    out.transactions.reserve(count);
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        out.transactions.push_back(readTransaction(reader));
    }
    BOWLINE_CHECK(reader.finish());
    return out;
}

Status checkMerkleRoot(const Block& block)
{
    const MerkleTreeRoot computed = merkleTreeRoot(block.txids());
    if (computed.root.bytes != block.header.merkleRoot.bytes) return makeError(kBlockBadMerkleRoot);
    if (computed.mutated) return makeError(kBlockMutated);
    return base::success();
}

Status checkWitnessCommitment(const Block& block, WitnessRule rule)
{
    if (block.transactions.empty()) return makeError(kBlockBadCoinbase, "no transactions");
    const Transaction& coinbase = block.transactions[0];
    const auto commitment = witnessCommitmentIn(coinbase);
    if (!commitment || rule == WitnessRule::BeforeSegwit) {
        const auto hasWitness = [](const Transaction& transaction) { return transaction.hasWitness(); };
        const bool any = std::any_of(block.transactions.begin(), block.transactions.end(), hasWitness);
        if (any) return makeError(kBlockBadWitnessCommitment, "witness data without a commitment");
        return base::success();
    }
    if (!coinbase.isCoinbase() || coinbase.inputs[0].witness.size() != 1 ||
        coinbase.inputs[0].witness[0].size() != 32) {
        return makeError(kBlockBadWitnessCommitment, "no reserved value of 32 bytes in the coinbase");
    }
    const MerkleTreeRoot root = merkleTreeRoot(block.wtxids());
    Bytes preimage = base::toBytes(root.root.view());
    base::append(preimage, coinbase.inputs[0].witness[0]);
    const Digest expected = crypto::sha256d(preimage);
    if (!std::equal(commitment->begin(), commitment->end(), expected.bytes.begin())) {
        return makeError(kBlockBadWitnessCommitment, "the commitment is to another tree");
    }
    return base::success();
}

Status checkBlock(const Block& block, WitnessRule rule)
{
    const auto& transactions = block.transactions;
    if (transactions.empty() || !transactions[0].isCoinbase()) return makeError(kBlockBadCoinbase);
    BOWLINE_CHECK(checkMerkleRoot(block));
    if (block.weight() > kMaxBlockWeight) return makeError(kBlockTooLarge);
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        if (i != 0 && transactions[i].isCoinbase())
            return makeError(kBlockBadCoinbase, "more than one coinbase");
        BOWLINE_CHECK(checkTransaction(transactions[i]));
    }
    return checkWitnessCommitment(block, rule);
}

} // namespace bowline::bitcoin
