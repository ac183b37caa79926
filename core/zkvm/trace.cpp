// SPDX-License-Identifier: MIT
#include "core/zkvm/trace.h"

namespace bowline::zkvm {

LeafRecorder::LeafRecorder(const Memory& memory, const Registers& registers)
    : m_memory(&memory), m_initialRegisters(registers)
{
}

void LeafRecorder::memory(std::uint32_t address, std::uint32_t before, std::uint32_t after)
{
    const std::uint32_t index = address / kLeafBytes;
    const std::size_t position = address % kLeafBytes / 4;
    const auto [entry, isNew] = m_leaves.try_emplace(index);
    Leaf& leaf = entry->second;
    if (isNew) {
        // The machine calls after it has stored: of this word only `before` is the initial content.
        for (std::uint32_t i = 0; i < kLeafWords; ++i)
            static_cast<void>(m_memory->load(index * kLeafBytes + 4 * i, leaf.initial[i]));
        leaf.initial[position] = before;
        leaf.final = leaf.initial;
    }
    leaf.final[position] = after;
}

std::map<std::uint32_t, LeafRecorder::Leaf> LeafRecorder::finish(const Registers& registers) const
{
    std::map<std::uint32_t, Leaf> out(m_leaves.begin(), m_leaves.end());
    for (std::uint32_t i = 0; i < kRegisterCount / kLeafWords; ++i) {
        Leaf& leaf = out[kFirstRegisterLeaf + i];
        std::copy_n(m_initialRegisters.begin() + i * kLeafWords, kLeafWords, leaf.initial.begin());
        std::copy_n(registers.begin() + i * kLeafWords, kLeafWords, leaf.final.begin());
    }
    return out;
}

} // namespace bowline::zkvm
