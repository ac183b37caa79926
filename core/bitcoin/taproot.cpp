// SPDX-License-Identifier: MIT
#include "core/bitcoin/taproot.h"

#include "core/base/serial.h"
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"

#include <algorithm>
#include <stdexcept>

namespace bowline::bitcoin {

namespace {
constexpr std::size_t kControlBlockBase = 33;
constexpr std::uint8_t kLeafVersionMask = 0xfe;
constexpr std::uint8_t kAnnexLookalike = 0x50;

bool isLeafVersion(std::uint8_t version)
{
    return (version & kLeafVersionMask) == version && version != kAnnexLookalike;
}

Digest leafHashOf(std::uint8_t version, ByteView script)
{
    base::Writer writer;
    writer.u8(version);
    writer.variableBytes(script);
    return crypto::taggedHash("TapLeaf", {writer.data()});
}
} // namespace

Digest tapLeafHash(const TapLeaf& leaf) { return leafHashOf(leaf.version, leaf.script); }

Digest tapBranchHash(const Digest& a, const Digest& b)
{
    return crypto::taggedHash("TapBranch", {std::min(a, b).view(), std::max(a, b).view()});
}

Digest tapTweakHash(const XOnlyPublicKey& internalKey, const std::optional<Digest>& merkleRoot)
{
    return crypto::taggedHash("TapTweak", {internalKey.view(), merkleRoot ? merkleRoot->view() : ByteView{}});
}

const XOnlyPublicKey& unspendableInternalKey()
{
    static constexpr XOnlyPublicKey kKey{{0x50, 0x92, 0x9b, 0x74, 0xc1, 0xa0, 0x49, 0x54, 0xb7, 0x8b, 0x4b,
                                          0x60, 0x35, 0xe9, 0x7a, 0x5e, 0x07, 0x8a, 0x5a, 0x0f, 0x28, 0xec,
                                          0x96, 0xd5, 0x47, 0xbf, 0xee, 0x9a, 0xce, 0x80, 0x3a, 0xc0}};
    return kKey;
}

TaprootTree TaprootTree::leaf(TapLeaf leaf)
{
    TaprootTree out;
    out.m_root = tapLeafHash(leaf);
    out.m_leaves.push_back({std::move(leaf), {}});
    return out;
}

TaprootTree TaprootTree::hidden(const Digest& root)
{
    TaprootTree out;
    out.m_root = root;
    return out;
}

Result<TaprootTree> TaprootTree::branch(TaprootTree left, TaprootTree right)
{
    TaprootTree out;
    out.m_depth = std::max(left.m_depth, right.m_depth) + 1;
    if (out.m_depth > kMaxTaprootDepth) return makeError(kTaprootTooDeep);
    out.m_root = tapBranchHash(left.m_root, right.m_root);
    for (Placed& placed : left.m_leaves) placed.path.push_back(right.m_root);
    for (Placed& placed : right.m_leaves) placed.path.push_back(left.m_root);
    out.m_leaves = std::move(left.m_leaves);
    std::move(right.m_leaves.begin(), right.m_leaves.end(), std::back_inserter(out.m_leaves));
    return out;
}

TaprootTree TaprootTree::balanced(std::vector<TapLeaf> leaves)
{
    if (leaves.empty()) throw std::invalid_argument("a taproot tree has at least one leaf");
    // Pair neighbours, level by level; an odd last one moves up unpaired.
    std::vector<TaprootTree> level;
    level.reserve(leaves.size());
    for (TapLeaf& one : leaves) level.push_back(leaf(std::move(one)));
    while (level.size() > 1) {
        std::vector<TaprootTree> next;
        next.reserve(level.size() / 2 + 1);
        for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
            next.push_back(branch(std::move(level[i]), std::move(level[i + 1])).value());
        }
        if (level.size() % 2 != 0) next.push_back(std::move(level.back()));
        level = std::move(next);
    }
    return std::move(level.front());
}

Result<TaprootTree> TaprootTree::weighted(std::vector<TapLeaf> leaves,
                                          const std::vector<std::uint64_t>& weights)
{
    if (leaves.empty() || weights.size() != leaves.size()) return makeError(kTaprootBadWeights);
    struct Node {
        std::uint64_t weight;
        std::size_t
            order; // of creation: decides between equal weights, so that the tree is the same everywhere
        TaprootTree tree;
        std::vector<std::size_t> numbers; // of its leaves, in their order within `tree`
    };
    const auto heavier = [](const Node& a, const Node& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.order > b.order;
    };
    std::vector<Node> heap;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (weights[i] == 0) return makeError(kTaprootBadWeights, "a weight of zero");
        heap.push_back({weights[i], i, leaf(std::move(leaves[i])), {i}});
    }
    std::make_heap(heap.begin(), heap.end(), heavier);
    const auto popLightest = [&heap, &heavier] {
        std::pop_heap(heap.begin(), heap.end(), heavier);
        Node out = std::move(heap.back());
        heap.pop_back();
        return out;
    };
    for (std::size_t order = heap.size(); heap.size() > 1; ++order) {
        Node a = popLightest();
        Node b = popLightest();
        if (a.weight + b.weight < a.weight) return makeError(kTaprootBadWeights, "the sum is beyond 64 bits");
        BOWLINE_TRY(TaprootTree joined, branch(std::move(a.tree), std::move(b.tree)));
        a.numbers.insert(a.numbers.end(), b.numbers.begin(), b.numbers.end());
        heap.push_back({a.weight + b.weight, order, std::move(joined), std::move(a.numbers)});
        std::push_heap(heap.begin(), heap.end(), heavier);
    }
    Node& root = heap.front();
    std::vector<Placed> inOrder(root.numbers.size());
    for (std::size_t i = 0; i < root.numbers.size(); ++i) {
        inOrder[root.numbers[i]] = std::move(root.tree.m_leaves[i]);
    }
    root.tree.m_leaves = std::move(inOrder);
    return std::move(root.tree);
}

std::optional<std::size_t> TaprootTree::find(const TapLeaf& leaf) const
{
    for (std::size_t i = 0; i < m_leaves.size(); ++i) {
        if (m_leaves[i].leaf == leaf) return i;
    }
    return std::nullopt;
}

Bytes ControlBlock::serialize() const
{
    Bytes out{static_cast<std::uint8_t>((leafVersion & kLeafVersionMask) | (outputKeyIsOdd ? 1U : 0U))};
    base::append(out, internalKey.view());
    for (const Digest& sibling : path) base::append(out, sibling.view());
    return out;
}

Result<ControlBlock> parseControlBlock(ByteView bytes)
{
    if (bytes.size() < kControlBlockBase || (bytes.size() - kControlBlockBase) % 32 != 0 ||
        bytes.size() > kControlBlockBase + 32 * kMaxTaprootDepth) {
        return makeError(kBadControlBlock, "a control block has 33 + 32 m bytes, m at most 128");
    }
    base::Reader reader(bytes);
    ControlBlock out;
    const std::uint8_t first = reader.u8();
    out.leafVersion = first & kLeafVersionMask;
    out.outputKeyIsOdd = (first & 1U) != 0;
    out.internalKey = reader.hash<XOnlyPublicKey>();
    while (reader.remaining() != 0) out.path.push_back(reader.hash<Digest>());
    return out;
}

Result<TaprootOutput> TaprootOutput::keyOnly(const XOnlyPublicKey& internalKey)
{
    return create(internalKey, std::nullopt);
}

Result<TaprootOutput> TaprootOutput::withTree(const XOnlyPublicKey& internalKey, TaprootTree tree)
{
    for (std::size_t i = 0; i < tree.leafCount(); ++i) {
        if (!isLeafVersion(tree.leafAt(i).version)) return makeError(kTaprootBadLeafVersion);
    }
    return create(internalKey, std::move(tree));
}

Result<TaprootOutput> TaprootOutput::create(const XOnlyPublicKey& internalKey,
                                            std::optional<TaprootTree> tree)
{
    TaprootOutput out;
    out.m_internalKey = internalKey;
    out.m_tree = std::move(tree);
    const auto tweaked = crypto::tweakXOnly(internalKey, out.tweak().view());
    if (!tweaked) return makeError(kTaprootBadKey, tweaked.error().detail);
    out.m_outputKey = tweaked->key;
    out.m_outputKeyIsOdd = tweaked->oddY;
    return out;
}

Digest TaprootOutput::tweak() const
{
    return tapTweakHash(m_internalKey, m_tree ? std::optional(m_tree->root()) : std::nullopt);
}

ControlBlock TaprootOutput::controlBlock(std::size_t leafNumber) const
{
    if (!m_tree) throw std::logic_error("a key-only output has no control blocks");
    return {m_tree->leafAt(leafNumber).version, m_outputKeyIsOdd, m_internalKey, m_tree->pathOf(leafNumber)};
}

Status checkTaprootCommitment(const XOnlyPublicKey& outputKey, const ControlBlock& control, ByteView script)
{
    if (control.path.size() > kMaxTaprootDepth) return makeError(kTaprootTooDeep);
    Digest node = leafHashOf(control.leafVersion, script);
    for (const Digest& sibling : control.path) node = tapBranchHash(node, sibling);
    const auto tweaked =
        crypto::tweakXOnly(control.internalKey, tapTweakHash(control.internalKey, node).view());
    if (!tweaked) return makeError(kTaprootBadKey, tweaked.error().detail);
    if (tweaked->key != outputKey || tweaked->oddY != control.outputKeyIsOdd)
        return makeError(kTaprootMismatch);
    return base::success();
}

} // namespace bowline::bitcoin
