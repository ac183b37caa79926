// SPDX-License-Identifier: MIT
// The outputs of a descriptor, and its text.
#include "core/crypto/hash.h"
#include "core/keys/descriptor_data.h"
#include "core/keys/secure_text.h"

#include <algorithm>

namespace bowline::keys {

using base::Digest;
using base::SecureBytes;
using bitcoin::Network;
using bitcoin::Script;
using bitcoin::ScriptBuilder;
using bitcoin::TaprootTree;

namespace {

// ---- expanding ----

/// Adds what an expression expanded to, once per key, noting where it stands.
void note(DescriptorOutput& out, ExpandedExpression expanded, const std::optional<Digest>& leaf)
{
    const auto mark = [&leaf](auto& entry) {
        if (!leaf) {
            entry.internal = true;
        } else if (std::find(entry.leaves.begin(), entry.leaves.end(), *leaf) == entry.leaves.end()) {
            entry.leaves.push_back(*leaf);
        }
    };
    for (ExpandedKey& single : expanded.singles) {
        const auto same = std::find_if(out.keys.begin(), out.keys.end(), [&single](const ExpandedKey& known) {
            return known.key == single.key && known.origin == single.origin;
        });
        mark(same != out.keys.end() ? *same : out.keys.emplace_back(std::move(single)));
    }
    if (!expanded.musig) return;
    const auto same =
        std::find_if(out.musigs.begin(), out.musigs.end(), [&expanded](const ExpandedMusig& known) {
            return known.aggregate == expanded.musig->aggregate && known.path == expanded.musig->path;
        });
    mark(same != out.musigs.end() ? *same : out.musigs.emplace_back(std::move(*expanded.musig)));
}

Script multiAScript(const LeafExpression& leaf, const std::vector<ExpandedExpression>& expanded)
{
    std::vector<base::XOnlyPublicKey> keys;
    for (const ExpandedExpression& one : expanded) keys.push_back(one.key.xOnly());
    if (leaf.kind == LeafKind::SortedMultiA) std::sort(keys.begin(), keys.end());
    ScriptBuilder out;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        out.push(keys[i].view()).op(i == 0 ? bitcoin::OP_CHECKSIG : bitcoin::OP_CHECKSIGADD);
    }
    return out.number(leaf.number).op(bitcoin::OP_NUMEQUAL).take();
}

Script leafScript(const LeafExpression& leaf, const std::vector<ExpandedExpression>& expanded)
{
    const base::XOnlyPublicKey key = expanded.front().key.xOnly();
    ScriptBuilder out;
    switch (leaf.kind) {
    case LeafKind::Pk: return out.push(key.view()).op(bitcoin::OP_CHECKSIG).take();
    case LeafKind::Pkh:
        out.op(bitcoin::OP_DUP).op(bitcoin::OP_HASH160).push(crypto::hash160(key.view()));
        return out.op(bitcoin::OP_EQUALVERIFY).op(bitcoin::OP_CHECKSIG).take();
    case LeafKind::PkOlder:
        out.push(key.view()).op(bitcoin::OP_CHECKSIGVERIFY);
        return out.number(leaf.number).op(bitcoin::OP_CHECKSEQUENCEVERIFY).take();
    case LeafKind::MultiA:
    case LeafKind::SortedMultiA: break;
    }
    return multiAScript(leaf, expanded);
}

Result<TaprootTree> expandTree(const TreeExpression& tree, std::uint32_t index, DescriptorOutput& out)
{
    if (!tree.leaf) {
        BOWLINE_TRY(TaprootTree left, expandTree(*tree.left, index, out));
        BOWLINE_TRY(TaprootTree right, expandTree(*tree.right, index, out));
        return TaprootTree::branch(std::move(left), std::move(right));
    }
    std::vector<ExpandedExpression> expanded;
    for (const KeyExpression& key : tree.leaf->keys) {
        BOWLINE_TRY(ExpandedExpression one, expandKey(key, index));
        expanded.push_back(std::move(one));
    }
    bitcoin::TapLeaf leaf{leafScript(*tree.leaf, expanded)};
    const Digest hash = bitcoin::tapLeafHash(leaf);
    for (ExpandedExpression& one : expanded) note(out, std::move(one), hash);
    return TaprootTree::leaf(std::move(leaf));
}

/// Calls visit(key) for every key expression.
template <typename Visit>
void forEachKey(const TreeExpression* tree, const Visit& visit)
{
    if (tree == nullptr) return;
    if (tree->leaf) {
        for (const KeyExpression& key : tree->leaf->keys) visit(key);
    }
    forEachKey(tree->left.get(), visit);
    forEachKey(tree->right.get(), visit);
}
template <typename Visit>
void forEachKey(const DescriptorData& data, const Visit& visit)
{
    visit(data.key);
    forEachKey(data.tree.get(), visit);
}

// ---- printing ----

class Printer {
public:
    Printer(Network network, Reveal reveal) : m_network(network), m_reveal(reveal) {}

    [[nodiscard]] SecureBytes print(const DescriptorData& data)
    {
        constexpr std::string_view kNames[] = {"wpkh(", "tr(", "rawtr("};
        text(kNames[static_cast<std::size_t>(data.type)]);
        key(data.key);
        if (data.tree) {
            text(",");
            tree(*data.tree);
        }
        text(")");
        // What was parsed, or built from parsed parts, holds allowed characters only.
        const std::string checksum = *descriptorChecksum(asText(m_out));
        text("#" + checksum);
        return std::move(m_out);
    }

private:
    void text(std::string_view more) { appendText(m_out, more); }
    void key(const KeyExpression& expression) { printKey(m_out, expression, m_network, m_reveal); }
    void tree(const TreeExpression& node)
    {
        if (node.leaf) return leaf(*node.leaf);
        text("{");
        tree(*node.left);
        text(",");
        tree(*node.right);
        text("}");
    }
    void leaf(const LeafExpression& expression)
    {
        constexpr std::string_view kNames[] = {"pk(", "pkh(", "and_v(v:pk(", "multi_a(", "sortedmulti_a("};
        text(kNames[static_cast<std::size_t>(expression.kind)]);
        const bool multi = expression.kind == LeafKind::MultiA || expression.kind == LeafKind::SortedMultiA;
        if (multi) text(std::to_string(expression.number));
        for (std::size_t i = 0; i < expression.keys.size(); ++i) {
            if (multi) text(",");
            key(expression.keys[i]);
        }
        if (expression.kind == LeafKind::PkOlder) text("),older(" + std::to_string(expression.number) + ")");
        text(")");
    }

    Network m_network;
    Reveal m_reveal;
    SecureBytes m_out;
};

} // namespace

DescriptorType Descriptor::type() const { return m_data->type; }

Network Descriptor::network() const { return m_data->network; }

bool Descriptor::isRanged() const
{
    bool out = false;
    forEachKey(*m_data, [&out](const KeyExpression& key) { out = out || keys::isRanged(key); });
    return out;
}

bool Descriptor::hasPrivateKeys() const
{
    bool out = false;
    forEachKey(*m_data, [&out](const KeyExpression& key) { out = out || hasSecret(key); });
    return out;
}

Result<Script> Descriptor::scriptAt(std::uint32_t index) const
{
    BOWLINE_TRY(DescriptorOutput output, outputAt(index));
    return std::move(output.script);
}

Result<DescriptorOutput> Descriptor::outputAt(std::uint32_t index) const
{
    DescriptorOutput out;
    BOWLINE_TRY(ExpandedExpression expanded, expandKey(m_data->key, index));
    const crypto::PublicKey key = expanded.key;
    note(out, std::move(expanded), std::nullopt);
    if (m_data->type == DescriptorType::Wpkh) {
        for (ExpandedKey& single : out.keys) single.internal = false; // a notion of taproot only
        out.script = bitcoin::payToWitnessPublicKeyHash(crypto::hash160(key.view()));
        return out;
    }
    if (m_data->type == DescriptorType::RawTr) {
        out.script = bitcoin::payToTaproot(key.xOnly());
        return out;
    }
    if (!m_data->tree) {
        BOWLINE_TRY(out.taproot, bitcoin::TaprootOutput::keyOnly(key.xOnly()));
    } else {
        BOWLINE_TRY(TaprootTree tree, expandTree(*m_data->tree, index, out));
        BOWLINE_TRY(out.taproot, bitcoin::TaprootOutput::withTree(key.xOnly(), std::move(tree)));
    }
    out.script = out.taproot->scriptPubKey();
    return out;
}

Result<std::vector<crypto::PrivateKey>> Descriptor::privateKeysAt(std::uint32_t index) const
{
    std::vector<crypto::PrivateKey> out;
    base::Status status = base::success();
    forEachKey(*m_data, [&](const KeyExpression& key) {
        if (status.ok()) status = collectSecrets(key, index, out);
    });
    if (!status.ok()) return status.error();
    return out;
}

std::string Descriptor::toString() const
{
    return std::string(asText(Printer(m_data->network, Reveal::PublicKeys).print(*m_data)));
}

SecureBytes Descriptor::toPrivateText() const
{
    return Printer(m_data->network, Reveal::PrivateKeys).print(*m_data);
}

} // namespace bowline::keys
