// SPDX-License-Identifier: MIT
#include "core/zkvm/memory_tree.h"

#include <algorithm>
#include <set>
#include <span>

namespace bowline::zkvm {

namespace {

[[nodiscard]] NodeDigest firstHalf(const field::State& state)
{
    NodeDigest out;
    std::copy_n(state.begin(), out.size(), out.begin());
    return out;
}

} // namespace

NodeDigest hashLeaf(const LeafWords& words)
{
    field::State state;
    for (std::size_t i = 0; i < words.size(); ++i) {
        state[2 * i] = field::Element::from(words[i] & 0xffffU);
        state[2 * i + 1] = field::Element::from(words[i] >> 16U);
    }
    field::permute(state);
    return firstHalf(state);
}

NodeDigest hashNode(const NodeDigest& left, const NodeDigest& right)
{
    field::State state;
    std::copy(left.begin(), left.end(), state.begin());
    std::copy(right.begin(), right.end(), state.begin() + 8);
    field::permute(state);
    return firstHalf(state);
}

field::FieldDigest digestOf(const NodeDigest& node)
{
    field::FieldDigest out;
    for (std::size_t i = 0; i < node.size(); ++i) {
        const std::uint32_t word = node[i].value();
        for (std::size_t j = 0; j < 4; ++j) out.bytes[4 * i + j] = static_cast<std::uint8_t>(word >> 8 * j);
    }
    return out;
}

MemoryTree::MemoryTree()
{
    m_zero[0] = hashLeaf({});
    for (unsigned level = 1; level <= kDepth; ++level)
        m_zero[level] = hashNode(m_zero[level - 1], m_zero[level - 1]);
}

const NodeDigest& MemoryTree::node(unsigned level, std::uint32_t index) const
{
    const auto found = m_nodes[level].find(index);
    return found == m_nodes[level].end() ? m_zero[level] : found->second;
}

void MemoryTree::set(const std::map<std::uint32_t, LeafWords>& leaves)
{
    std::set<std::uint32_t> changed;
    for (const auto& [index, words] : leaves) {
        m_nodes[0][index] = hashLeaf(words);
        changed.insert(changed.end(), index / 2);
    }
    for (unsigned level = 1; level <= kDepth; ++level) {
        std::set<std::uint32_t> parents;
        for (const std::uint32_t index : changed) {
            m_nodes[level][index] = hashNode(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
            parents.insert(parents.end(), index / 2);
        }
        changed = std::move(parents);
    }
}

namespace {
// Leaf by leaf where the two differ.
void addChanges(std::map<std::uint32_t, LeafWords>& out, std::uint32_t firstLeaf,
                std::span<const std::uint32_t> from, std::span<const std::uint32_t> to)
{
    for (std::size_t i = 0; i < to.size(); i += kLeafWords) {
        LeafWords leaf;
        std::copy_n(to.begin() + static_cast<std::ptrdiff_t>(i), kLeafWords, leaf.begin());
        if (!std::equal(leaf.begin(), leaf.end(), from.begin() + static_cast<std::ptrdiff_t>(i)))
            out.emplace_hint(out.end(), firstLeaf + static_cast<std::uint32_t>(i / kLeafWords), leaf);
    }
}
} // namespace

std::map<std::uint32_t, LeafWords> leavesOf(const Image& image) { return changedLeaves({}, image); }

std::map<std::uint32_t, LeafWords> changedLeaves(const Image& from, const Image& to)
{
    static const Page kZeros{};
    const auto pageOf = [](const Image& image, std::uint32_t index) -> const Page& {
        const auto found = image.pages.find(index);
        return found == image.pages.end() ? kZeros : found->second;
    };
    std::set<std::uint32_t> indices;
    for (const Image* image : {&from, &to}) {
        for (const auto& [index, content] : image->pages) indices.insert(index);
    }
    std::map<std::uint32_t, LeafWords> out;
    for (const std::uint32_t index : indices)
        addChanges(out, index * (kPageBytes / kLeafBytes), pageOf(from, index), pageOf(to, index));
    addChanges(out, kFirstRegisterLeaf, from.registers, to.registers);
    return out;
}

field::FieldDigest rootOf(const Image& image)
{
    MemoryTree tree;
    tree.set(leavesOf(image));
    return tree.root();
}

} // namespace bowline::zkvm
