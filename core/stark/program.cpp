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

// Compiles: finds what is needed and for how long, gives out cells, then writes the code.
class Compiler {
public:
    Compiler(const Constraints& constraints, bool withAssertions)
        : m_in(constraints), m_lastUse(constraints.nodes.size(), kNever),
          m_cell(constraints.nodes.size(), kNever)
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
            m_cell[i] = static_cast<std::uint32_t>(m_out.inputs.size());
            m_out.inputs.push_back({node.kind, node.a, node.b});
            m_out.rowSelectors = m_out.rowSelectors || node.kind == NodeKind::FirstRow ||
                                 node.kind == NodeKind::LastRow || node.kind == NodeKind::Transition;
        }
        m_out.cells = m_out.inputs.size();
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
            const std::uint32_t a = m_cell[node.a];
            const std::uint32_t b = m_cell[node.b];
            // A kernel reads row block by row block before it writes: a result may replace its operand.
            release(node.a, i);
            if (node.b != node.a) release(node.b, i);
            m_cell[i] = allocate();
            m_out.code.push_back({opOf(node.kind), m_cell[i], a, b});
        }
        if (const auto found = m_assertions.find(i); found != m_assertions.end()) {
            for (const std::uint32_t k : found->second) m_out.code.push_back({Op::Assert, k, m_cell[i], 0});
            if (isComputed(node.kind)) release(i, i);
        }
    }
    void release(std::uint32_t node, std::uint32_t at)
    {
        if (isComputed(m_in.nodes[node].kind) && m_lastUse[node] == at) m_free.push_back(m_cell[node]);
    }
    [[nodiscard]] std::uint32_t allocate()
    {
        if (m_free.empty()) return static_cast<std::uint32_t>(m_out.cells++);
        const std::uint32_t out = m_free.back();
        m_free.pop_back();
        return out;
    }
    void messages()
    {
        for (const auto& batch : m_in.batches())
            m_out.batchSizes.push_back(static_cast<std::uint8_t>(batch.size()));
        for (const Interaction& interaction : m_in.interactions) {
            Program::Message message{{}, m_cell[interaction.multiplicity], interaction.bus, interaction.send};
            for (const std::uint32_t field : interaction.fields) message.fields.push_back(m_cell[field]);
            m_out.messages.push_back(std::move(message));
        }
    }

    const Constraints& m_in;
    std::map<std::uint32_t, std::vector<std::uint32_t>> m_assertions; // by node
    std::vector<std::uint32_t> m_lastUse;
    std::vector<std::uint32_t> m_cell;
    std::vector<std::uint32_t> m_free;
    Program m_out;
};
} // namespace

Program Program::compile(const Constraints& constraints, bool withAssertions)
{
    return Compiler(constraints, withAssertions).run();
}

BlockRunner::BlockRunner(const Program& program, std::span<const Element> publicValues)
    : m_program(program), m_storage(program.cells * kBlockRows), m_cells(program.cells)
{
    for (std::size_t cell = 0; cell < program.cells; ++cell) {
        Element* storage = m_storage.data() + cell * kBlockRows;
        m_cells[cell] = field::wordsOf(storage);
        if (cell >= program.inputs.size()) continue;
        const Program::Input& input = program.inputs[cell];
        if (input.kind == NodeKind::Constant) std::fill_n(storage, kBlockRows, Element::from(input.a));
        if (input.kind == NodeKind::Public) std::fill_n(storage, kBlockRows, publicValues[input.a]);
    }
}

void BlockRunner::load(const Table& table, std::size_t at, std::size_t rows, const Selectors& selectors)
{
    // The kernels take inputs and registers through one table of pointers, and write registers alone.
    const auto pointAt = [this](std::size_t cell, const Element* from) {
        m_cells[cell] = const_cast<std::uint32_t*>(field::wordsOf(from));
    };
    for (std::size_t cell = 0; cell < m_program.inputs.size(); ++cell) {
        const Program::Input& input = m_program.inputs[cell];
        switch (input.kind) {
        case NodeKind::Main:
        case NodeKind::Preprocessed: {
            const Element* column = (input.kind == NodeKind::Main ? table.main : table.preprocessed)[input.a];
            if (input.b == 0) {
                pointAt(cell, column + at);
            } else if (at + rows < table.rows) {
                pointAt(cell, column + at + 1);
            } else {
                loadNext(column, table, at, rows, cell);
            }
            break;
        }
        case NodeKind::FirstRow: pointAt(cell, selectors.first); break;
        case NodeKind::LastRow: pointAt(cell, selectors.last); break;
        case NodeKind::Transition: pointAt(cell, selectors.transition); break;
        default: break;
        }
    }
}

// The last block: the row after its last is the first of all.
void BlockRunner::loadNext(const Element* column, const Table& table, std::size_t at, std::size_t rows,
                           std::size_t cell)
{
    Element* storage = m_storage.data() + cell * kBlockRows;
    std::copy_n(column + at + 1, rows - 1, storage);
    storage[rows - 1] = column[at + rows == table.rows ? 0 : at + rows];
    m_cells[cell] = field::wordsOf(storage);
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
