// SPDX-License-Identifier: MIT
#include "core/bitcoin/merkle.h"

#include "core/crypto/hash.h"

namespace bowline::bitcoin {

namespace {
Digest parentOf(const Digest& left, const Digest& right)
{
    ByteArray<64> both;
    std::copy(left.bytes.begin(), left.bytes.end(), both.begin());
    std::copy(right.bytes.begin(), right.bytes.end(), both.begin() + 32);
    return crypto::sha256d(both);
}

// One level up, in place. An odd last node is paired with itself.
void foldLevel(std::vector<Digest>& level)
{
    if (level.size() % 2 != 0) level.push_back(level.back());
    for (std::size_t i = 0; i < level.size() / 2; ++i) level[i] = parentOf(level[2 * i], level[2 * i + 1]);
    level.resize(level.size() / 2);
}

bool hasEqualPair(const std::vector<Digest>& level)
{
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
        if (level[i] == level[i + 1]) return true;
    }
    return false;
}
} // namespace

MerkleTreeRoot merkleTreeRoot(std::span<const Digest> leaves)
{
    if (leaves.empty()) return {};
    MerkleTreeRoot out;
    std::vector<Digest> level(leaves.begin(), leaves.end());
    while (level.size() > 1) {
        out.mutated = out.mutated || hasEqualPair(level);
        foldLevel(level);
    }
    out.root = level.front();
    return out;
}

MerklePath merklePath(std::span<const Digest> leaves, std::uint32_t index)
{
    MerklePath out;
    out.index = index;
    std::vector<Digest> level(leaves.begin(), leaves.end());
    for (std::size_t at = index; level.size() > 1; at /= 2) {
        const std::size_t sibling = at ^ 1U;
        out.siblings.push_back(sibling < level.size() ? level.at(sibling) : level.at(at));
        foldLevel(level);
    }
    return out;
}

Result<Digest> rootOfPath(const Digest& leaf, const MerklePath& path)
{
    if (path.siblings.size() > kMaxMerkleDepth) return makeError(kBadMerklePath, "path too long");
    if (path.index >> path.siblings.size() != 0) return makeError(kBadMerklePath, "index beyond the path");
    Digest node = leaf;
    for (std::size_t i = 0; i < path.siblings.size(); ++i) {
        const Digest& sibling = path.siblings[i];
        const bool isRight = (path.index >> i & 1U) != 0;
        // Only the last left node of a level is paired with itself: on the right it is a repetition.
        if (isRight && sibling == node) return makeError(kBadMerklePath, "repeated position");
        node = isRight ? parentOf(sibling, node) : parentOf(node, sibling);
    }
    return node;
}

void writeMerklePath(base::Writer& writer, const MerklePath& path)
{
    writer.u32le(path.index);
    writer.u8(static_cast<std::uint8_t>(path.siblings.size()));
    for (const Digest& sibling : path.siblings) writer.hash(sibling);
}

MerklePath readMerklePath(base::Reader& reader)
{
    MerklePath out;
    out.index = reader.u32le();
    const std::size_t count = reader.u8();
    if (count > kMaxMerkleDepth) {
        reader.fail(kBadMerklePath, "path too long");
        return out;
    }
    for (std::size_t i = 0; i < count; ++i) out.siblings.push_back(reader.hash<Digest>());
    return out;
}

Status checkInclusion(const Txid& txid, const MerklePath& path, const MerkleRoot& root)
{
    BOWLINE_TRY(const Digest reached, rootOfPath(Digest{txid.bytes}, path));
    if (reached.bytes != root.bytes) return makeError(kBadMerklePath, "the path ends at another root");
    return base::success();
}

Status checkInclusion(const Txid& txid, const MerklePath& path, const Transaction& coinbase,
                      const MerklePath& coinbasePath, const MerkleRoot& root)
{
    // The bytes of a coinbase begin with a version, a count and 32 zeros: an inner node in its place would
    // need a hash with as many chosen bits.
    if (!coinbase.isCoinbase() || coinbasePath.index != 0) return makeError(kNotACoinbase);
    BOWLINE_CHECK(checkInclusion(coinbase.txid(), coinbasePath, root));
    if (path.siblings.size() != coinbasePath.siblings.size()) {
        return makeError(kMerkleDepth, "the path is not as long as that of the coinbase");
    }
    return checkInclusion(txid, path, root);
}

} // namespace bowline::bitcoin
