// SPDX-License-Identifier: MIT
#include "core/l2/append_tree.h"

#include "core/crypto/blake3.h"

#include <bit>

namespace bowline::l2 {

Digest appendNode(AppendHash hash, const Digest& left, const Digest& right)
{
    if (hash == AppendHash::Outbox) return domainHash(Domain::OutboxNode, {left.view(), right.view()});
    ByteArray<64> pair;
    std::copy(left.bytes.begin(), left.bytes.end(), pair.begin());
    std::copy(right.bytes.begin(), right.bytes.end(), pair.begin() + 32);
    return crypto::blake3(pair);
}

void Frontier::append(AppendHash hash, const Digest& leaf)
{
    Digest node = leaf;
    const auto taken = static_cast<std::size_t>(std::countr_one(count));
    for (std::size_t i = 0; i < taken; ++i) node = appendNode(hash, nodes[i], node);
    nodes.erase(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(taken));
    nodes.insert(nodes.begin(), node);
    ++count;
}

Digest Frontier::root(AppendHash hash) const
{
    Digest node;
    Digest empty;
    std::size_t next = 0;
    for (std::size_t level = 0; level < kAppendDepth; ++level) {
        if ((count >> level & 1U) != 0) {
            node = appendNode(hash, nodes[next++], node);
        } else {
            node = appendNode(hash, node, empty);
        }
        empty = appendNode(hash, empty, empty);
    }
    return node;
}

void writeFrontier(base::Writer& writer, const Frontier& frontier)
{
    writer.u64le(frontier.count);
    for (const Digest& node : frontier.nodes) writer.hash(node);
}

Frontier readFrontier(base::Reader& reader)
{
    Frontier out;
    out.count = reader.u64le();
    if (out.count >> kAppendDepth != 0) {
        reader.fail(kBadField, "more leaves than the tree holds");
        return {};
    }
    for (int i = std::popcount(out.count); i > 0; --i) out.nodes.push_back(reader.hash<Digest>());
    return out;
}

std::vector<Digest> appendPath(AppendHash hash, std::span<const Digest> leaves, std::uint64_t index)
{
    std::vector<Digest> path;
    std::vector<Digest> level(leaves.begin(), leaves.end());
    Digest empty;
    for (std::size_t depth = 0; depth < kAppendDepth; ++depth) {
        const std::uint64_t sibling = index ^ 1U;
        path.push_back(sibling < level.size() ? level[sibling] : empty);
        if (level.size() % 2 != 0) level.push_back(empty);
        for (std::size_t i = 0; i < level.size() / 2; ++i) {
            level[i] = appendNode(hash, level[2 * i], level[2 * i + 1]);
        }
        level.resize(level.size() / 2);
        empty = appendNode(hash, empty, empty);
        index >>= 1U;
    }
    return path;
}

Digest rootOfAppendPath(AppendHash hash, const Digest& leaf, std::uint64_t index,
                        std::span<const Digest> path)
{
    Digest node = leaf;
    for (const Digest& sibling : path) {
        node = (index & 1U) != 0 ? appendNode(hash, sibling, node) : appendNode(hash, node, sibling);
        index >>= 1U;
    }
    return node;
}

Digest outboxLeaf(OutboxKind kind, std::uint64_t index, const TxHash& transaction)
{
    base::Writer writer;
    writer.u8(static_cast<std::uint8_t>(kind));
    writer.u64le(index);
    writer.hash(transaction);
    return domainHash(Domain::OutboxLeaf, {writer.data()});
}

Digest inboxStep(const Digest& previous, const OutPoint& vault, Amount value, const XOnlyPublicKey& recipient)
{
    base::Writer writer;
    writer.hash(previous);
    bitcoin::writeOutPoint(writer, vault);
    writer.amountLe(value);
    writer.hash(recipient);
    return domainHash(Domain::Inbox, {writer.data()});
}

} // namespace bowline::l2
