// SPDX-License-Identifier: MIT
#include "core/stark/program.h"

#include <algorithm>

namespace bowline::stark {

namespace {
[[nodiscard]] bool isComputed(NodeKind kind)
{
    return kind == NodeKind::Add || kind == NodeKind::Subtract || kind == NodeKind::Multiply;
}

[[nodiscard]] Op opOf(NodeKind kind)
{
    if (kind == NodeKind::Add) return Op::Add;
    return kind == NodeKind::Subtract ? Op::Subtract : Op::Multiply;
}

constexpr std::uint32_t kNever = 0xffffffffU;

// Compiles: finds what is needed and for how long, gives out slots, then writes the code.
class Compiler {
public:
    Compiler(const Constraints& constraints, bool withAssertions)
        : m_in(constraints), m_lastUse(constraints.nodes.size(), kNever),
          m_slot(constraints.nodes.size(), kNever)
    {
        if (withAssertions) {
            for (std::size_t k = 0; k < m_in.assertions.size(); ++k)
                m_assertions[m_in.assertions[k].node].push_back(static_cast<std::uint32_t>(k));
        }
    }

    Program run()
    {
        findUses();
        for (std::uint32_t i = 0; i < m_in.nodes.size(); ++i) {
            const Node& node = m_in.nodes[i];
            if (m_lastUse[i] == kNever || isComputed(node.kind)) continue;
            m_slot[i] = static_cast<std::uint32_t>(m_out.inputs.size());
            m_out.inputs.push_back({node.kind, node.a, node.b});
            m_out.rowSelectors = m_out.rowSelectors || node.kind == NodeKind::FirstRow ||
                                 node.kind == NodeKind::LastRow || node.kind == NodeKind::Transition;
        }
        m_out.slots = m_out.inputs.size();
        for (std::uint32_t i = 0; i < m_in.nodes.size(); ++i) emit(i);
        messages();
        return std::move(m_out);
    }

private:
    void use(std::uint32_t node, std::uint32_t at)
    {
        if (m_lastUse[node] == kNever || m_lastUse[node] < at) m_lastUse[node] = at;
    }
    void findUses()
    {
        const auto end = static_cast<std::uint32_t>(m_in.nodes.size());
        for (const Interaction& interaction : m_in.interactions) {
            use(interaction.multiplicity, end);
            for (const std::uint32_t field : interaction.fields) use(field, end);
        }
        for (const auto& [node, list] : m_assertions) use(node, node);
        for (std::uint32_t i = end; i-- > 0;) {
            if (m_lastUse[i] == kNever || !isComputed(m_in.nodes[i].kind)) continue;
            use(m_in.nodes[i].a, i);
            use(m_in.nodes[i].b, i);
        }
    }
    void emit(std::uint32_t i)
    {
        if (m_lastUse[i] == kNever) return;
        const Node& node = m_in.nodes[i];
        if (isComputed(node.kind)) {
            const std::uint32_t a = m_slot[node.a];
            const std::uint32_t b = m_slot[node.b];
            // A kernel reads row block by row block before it writes: a result may replace its operand.
            release(node.a, i);
            if (node.b != node.a) release(node.b, i);
            m_slot[i] = allocate();
            m_out.code.push_back({opOf(node.kind), m_slot[i], a, b});
        }
        if (const auto found = m_assertions.find(i); found != m_assertions.end()) {
            for (const std::uint32_t k : found->second) m_out.code.push_back({Op::Assert, k, m_slot[i], 0});
            if (isComputed(node.kind)) release(i, i);
        }
    }
    void release(std::uint32_t node, std::uint32_t at)
    {
        if (isComputed(m_in.nodes[node].kind) && m_lastUse[node] == at) m_free.push_back(m_slot[node]);
    }
    [[nodiscard]] std::uint32_t allocate()
    {
        if (m_free.empty()) return static_cast<std::uint32_t>(m_out.slots++);
        const std::uint32_t out = m_free.back();
        m_free.pop_back();
        return out;
    }
    void messages()
    {
        for (const auto& batch : m_in.batches())
            m_out.batchSizes.push_back(static_cast<std::uint8_t>(batch.size()));
        for (const Interaction& interaction : m_in.interactions) {
            Program::Message message{{}, m_slot[interaction.multiplicity], interaction.bus, interaction.send};
            for (const std::uint32_t field : interaction.fields) message.fields.push_back(m_slot[field]);
            m_out.messages.push_back(std::move(message));
        }
    }

    const Constraints& m_in;
    std::map<std::uint32_t, std::vector<std::uint32_t>> m_assertions; // by node
    std::vector<std::uint32_t> m_lastUse;
    std::vector<std::uint32_t> m_slot;
    std::vector<std::uint32_t> m_free;
    Program m_out;
};
} // namespace

Program Program::compile(const Constraints& constraints, bool withAssertions)
{
    return Compiler(constraints, withAssertions).run();
}

BlockRunner::BlockRunner(const Program& program, std::span<const Element> publicValues)
    : m_program(program), m_storage(program.slots * kBlockRows), m_slots(program.slots)
{
    for (std::size_t slot = 0; slot < program.slots; ++slot) {
        Element* storage = m_storage.data() + slot * kBlockRows;
        m_slots[slot] = field::wordsOf(storage);
        if (slot >= program.inputs.size()) continue;
        const Program::Input& input = program.inputs[slot];
        if (input.kind == NodeKind::Constant) std::fill_n(storage, kBlockRows, Element::from(input.a));
        if (input.kind == NodeKind::Public) std::fill_n(storage, kBlockRows, publicValues[input.a]);
    }
}

void BlockRunner::load(const Table& table, std::size_t at, std::size_t rows, const Selectors& selectors)
{
    // The kernels take inputs and registers through one table of pointers, and write registers alone.
    const auto pointAt = [this](std::size_t slot, const Element* from) {
        m_slots[slot] = const_cast<std::uint32_t*>(field::wordsOf(from));
    };
    for (std::size_t slot = 0; slot < m_program.inputs.size(); ++slot) {
        const Program::Input& input = m_program.inputs[slot];
        switch (input.kind) {
        case NodeKind::Main:
        case NodeKind::Preprocessed: {
            const Element* column = (input.kind == NodeKind::Main ? table.main : table.preprocessed)[input.a];
            if (input.b == 0) {
                pointAt(slot, column + at);
            } else if (at + rows < table.rows) {
                pointAt(slot, column + at + 1);
            } else {
                loadNext(column, table, at, rows, slot);
            }
            break;
        }
        case NodeKind::FirstRow: pointAt(slot, selectors.first); break;
        case NodeKind::LastRow: pointAt(slot, selectors.last); break;
        case NodeKind::Transition: pointAt(slot, selectors.transition); break;
        default: break;
        }
    }
}

// The last block: the row after its last is the first of all.
void BlockRunner::loadNext(const Element* column, const Table& table, std::size_t at, std::size_t rows,
                           std::size_t slot)
{
    Element* storage = m_storage.data() + slot * kBlockRows;
    std::copy_n(column + at + 1, rows - 1, storage);
    storage[rows - 1] = column[at + rows == table.rows ? 0 : at + rows];
    m_slots[slot] = field::wordsOf(storage);
}

LogUpChallenges LogUpChallenges::make(const Extension& alpha, const Extension& beta, std::size_t count)
{
    LogUpChallenges out{alpha, {}};
    Extension power = beta;
    for (std::size_t i = 0; i < count; ++i, power *= beta) out.betaPowers.push_back(power);
    return out;
}

std::size_t longestMessage(const VerifyingKey& key)
{
    std::size_t out = 0;
    const auto look = [&out](const Constraints& constraints) {
        for (const Interaction& i : constraints.interactions) out = std::max(out, i.fields.size());
    };
    for (const auto& chip : key.chips) look(chip.constraints);
    look(key.boundary);
    return out;
}

} // namespace bowline::stark
