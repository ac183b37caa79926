// SPDX-License-Identifier: MIT
#include "core/l2/state_tree.h"

#include <algorithm>

namespace bowline::l2 {

using field::FieldDigest;
using field::SpongeTag;

// A leaf when it has no children. Never changed once made, so that trees may share it.
struct StateTree::Node {
    StateKey key;
    Bytes value;
    FieldDigest valueHash;
    std::shared_ptr<const Node> left;
    std::shared_ptr<const Node> right;
    FieldDigest digest;

    [[nodiscard]] bool isLeaf() const { return !left && !right; }
};

namespace {
using NodePtr = std::shared_ptr<const StateTree::Node>;

[[nodiscard]] ByteView digestView(const NodePtr& node)
{
    static const FieldDigest kEmpty;
    return node ? node->digest.view() : kEmpty.view();
}

[[nodiscard]] NodePtr makeLeaf(const StateKey& key, Bytes value)
{
    auto leaf = std::make_shared<StateTree::Node>();
    leaf->key = key;
    leaf->valueHash = valueDigest(value);
    leaf->value = std::move(value);
    leaf->digest = leafDigest(key, leaf->valueHash);
    return leaf;
}

[[nodiscard]] NodePtr makeInner(NodePtr left, NodePtr right)
{
    auto inner = std::make_shared<StateTree::Node>();
    inner->digest = field::hashPair(SpongeTag::Node, digestView(left), digestView(right));
    inner->left = std::move(left);
    inner->right = std::move(right);
    return inner;
}

// The inner nodes that separate two leaves whose paths agree down to `depth`. Different keys differ
// somewhere.
[[nodiscard]] NodePtr separate(NodePtr a, NodePtr b, std::size_t depth)
{
    const bool aRight = pathBit(a->key, depth);
    const bool bRight = pathBit(b->key, depth);
    if (aRight != bRight)
        return aRight ? makeInner(std::move(b), std::move(a)) : makeInner(std::move(a), std::move(b));
    NodePtr below = separate(std::move(a), std::move(b), depth + 1);
    return aRight ? makeInner(nullptr, std::move(below)) : makeInner(std::move(below), nullptr);
}

[[nodiscard]] NodePtr insert(const NodePtr& at, NodePtr leaf, std::size_t depth, bool& added)
{
    if (!at) {
        added = true;
        return leaf;
    }
    if (at->isLeaf()) {
        if (at->key == leaf->key) return leaf;
        added = true;
        return separate(at, std::move(leaf), depth);
    }
    if (pathBit(leaf->key, depth))
        return makeInner(at->left, insert(at->right, std::move(leaf), depth + 1, added));
    return makeInner(insert(at->left, std::move(leaf), depth + 1, added), at->right);
}

enum WitnessNode : std::uint8_t {
    kEmptyNode = 0,
    kLeafNode = 1,
    kInnerNode = 2,
    kLeftOut = 3,
    kOtherLeaf = 4
};

// `keys` are those whose path leads through `node`.
void writeWitness(base::Writer& writer, const NodePtr& node, std::vector<StateKey> keys, std::size_t depth)
{
    if (!node) {
        writer.u8(kEmptyNode);
    } else if (keys.empty()) {
        writer.u8(kLeftOut);
        writer.hash(node->digest);
    } else if (node->isLeaf()) {
        const bool wanted = std::find(keys.begin(), keys.end(), node->key) != keys.end();
        writer.u8(wanted ? kLeafNode : kOtherLeaf);
        writer.hash(node->key);
        if (wanted) {
            writer.u32le(static_cast<std::uint32_t>(node->value.size()));
            writer.bytes(node->value);
        } else {
            writer.hash(node->valueHash);
        }
    } else {
        const auto middle = std::partition(keys.begin(), keys.end(),
                                           [depth](const StateKey& key) { return !pathBit(key, depth); });
        writer.u8(kInnerNode);
        writeWitness(writer, node->left, {keys.begin(), middle}, depth + 1);
        writeWitness(writer, node->right, {middle, keys.end()}, depth + 1);
    }
}
} // namespace

bool pathBit(const StateKey& key, std::size_t index)
{
    const std::size_t word = 4 * (index / 31);
    const std::size_t bit = 30 - index % 31;
    return (std::uint32_t{key.bytes[word + bit / 8]} >> (bit % 8) & 1U) != 0;
}

FieldDigest leafDigest(const StateKey& key, const FieldDigest& value)
{
    return field::hashPair(SpongeTag::Leaf, key.view(), value.view());
}

FieldDigest valueDigest(ByteView value) { return field::hashBytes(SpongeTag::Value, value); }

Bytes StateProof::encode() const
{
    base::Writer writer;
    writer.u8(static_cast<std::uint8_t>(siblings.size()));
    for (const FieldDigest& sibling : siblings) writer.hash(sibling);
    writer.u8(static_cast<std::uint8_t>(end));
    if (end == ProofEnd::Other) {
        writer.hash(otherKey);
        writer.hash(otherValue);
    }
    return writer.take();
}

Result<StateProof> parseStateProof(ByteView bytes)
{
    base::Reader reader(bytes);
    StateProof out;
    const auto digest = [&reader] {
        const auto read = reader.hash<FieldDigest>();
        if (!field::isCanonical(read.view())) reader.fail(kBadStateProof, "no digest");
        return read;
    };
    const std::size_t depth = reader.u8();
    if (depth > kKeyBits) reader.fail(kBadStateProof, "too deep");
    for (std::size_t i = 0; i < depth && !reader.failed(); ++i) out.siblings.push_back(digest());
    const std::uint8_t end = reader.u8();
    if (end > static_cast<std::uint8_t>(ProofEnd::Other)) reader.fail(kBadStateProof, "unknown end");
    out.end = static_cast<ProofEnd>(end);
    if (out.end == ProofEnd::Other) {
        out.otherKey = StateKey{digest().bytes};
        out.otherValue = digest();
    }
    const Status status = reader.finish();
    if (!status) return base::makeError(kBadStateProof, status.error().detail);
    return out;
}

StateTree StateTree::fromObjects(std::span<const StateObject> objects) { return StateTree{}.with(objects); }

StateRoot StateTree::root() const { return m_root ? StateRoot{m_root->digest.bytes} : StateRoot{}; }

const Bytes* StateTree::find(const StateKey& key) const
{
    const Node* node = m_root.get();
    for (std::size_t depth = 0; node != nullptr; ++depth) {
        if (node->isLeaf()) return node->key == key ? &node->value : nullptr;
        node = pathBit(key, depth) ? node->right.get() : node->left.get();
    }
    return nullptr;
}

StateTree StateTree::with(const StateKey& key, Bytes value) const
{
    bool added = false;
    StateTree out;
    out.m_root = insert(m_root, makeLeaf(key, std::move(value)), 0, added);
    out.m_size = m_size + (added ? 1 : 0);
    return out;
}

StateTree StateTree::with(std::span<const StateObject> objects) const
{
    StateTree out = *this;
    for (const StateObject& object : objects) out = out.with(object.id.key(), object.value);
    return out;
}

StateProof StateTree::prove(const StateKey& key) const
{
    StateProof out;
    NodePtr node = m_root;
    for (std::size_t depth = 0; node && !node->isLeaf(); ++depth) {
        const bool right = pathBit(key, depth);
        const NodePtr& sibling = right ? node->left : node->right;
        out.siblings.push_back(sibling ? sibling->digest : FieldDigest{});
        node = right ? node->right : node->left;
    }
    if (!node) return out;
    out.end = node->key == key ? ProofEnd::Found : ProofEnd::Other;
    if (out.end == ProofEnd::Other) {
        out.otherKey = node->key;
        out.otherValue = node->valueHash;
    }
    return out;
}

Bytes StateTree::witness(std::span<const StateKey> keys) const
{
    std::vector<StateKey> sorted(keys.begin(), keys.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    base::Writer writer;
    writeWitness(writer, m_root, std::move(sorted), 0);
    return writer.take();
}

} // namespace bowline::l2
