// SPDX-License-Identifier: MIT
#include "core/zkvm/memory_tree.h"

#include <set>

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

std::map<std::uint32_t, LeafWords> leavesOf(const Image& image)
{
    std::map<std::uint32_t, LeafWords> out;
    const auto add = [&out](std::uint32_t index, const std::uint32_t* words) {
        LeafWords leaf;
        std::copy_n(words, kLeafWords, leaf.begin());
        if (leaf != LeafWords{}) out.emplace_hint(out.end(), index, leaf);
    };
    constexpr std::uint32_t kLeavesPerPage = kPageBytes / kLeafBytes;
    for (const auto& [page, content] : image.pages) {
        for (std::uint32_t i = 0; i < kLeavesPerPage; ++i)
            add(page * kLeavesPerPage + i, content.data() + std::size_t{i} * kLeafWords);
    }
    for (std::uint32_t i = 0; i < kRegisterCount / kLeafWords; ++i)
        add(kFirstRegisterLeaf + i, image.registers.data() + std::size_t{i} * kLeafWords);
    return out;
}

field::FieldDigest rootOf(const Image& image)
{
    MemoryTree tree;
    tree.set(leavesOf(image));
    return tree.root();
}

} // namespace bowline::zkvm
