// SPDX-License-Identifier: MIT
#include "core/stark/messages.h"

#include "core/stark/program.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace bowline::stark {

namespace {
// The chip's constraints with no interaction but those to be shown.
[[nodiscard]] Constraints keepSends(const Constraints& constraints, std::span<const std::uint32_t> buses,
                                    std::vector<std::size_t>& kept)
{
    Constraints out = constraints;
    out.interactions.clear();
    for (std::size_t i = 0; i < constraints.interactions.size(); ++i) {
        const Interaction& interaction = constraints.interactions[i];
        if (!interaction.send || std::find(buses.begin(), buses.end(), interaction.bus) == buses.end())
            continue;
        out.interactions.push_back(interaction);
        kept.push_back(i);
    }
    return out;
}

// Canonical values of the cells that messages read; each cell once.
class CanonicalCells {
public:
    CanonicalCells(const Program& program, field::Backend backend) : m_kernels(field::kernelsOf(backend))
    {
        for (const Program::Message& message : program.messages) {
            add(message.multiplicity);
            for (const std::uint32_t cell : message.fields) add(cell);
        }
        m_values.resize(m_index.size() * kBlockRows);
        // Multiplying Montgomery words by the word 1 takes them out of Montgomery form.
        m_ones.assign(kBlockRows, 1);
    }
    void load(std::uint32_t* const* cells, std::size_t rows)
    {
        for (const auto& [cell, index] : m_index)
            m_kernels.multiply(m_values.data() + index * kBlockRows, cells[cell], m_ones.data(), rows);
    }
    [[nodiscard]] const std::uint32_t* at(std::uint32_t cell) const
    {
        return m_values.data() + m_index.at(cell) * kBlockRows;
    }

private:
    void add(std::uint32_t cell) { m_index.try_emplace(cell, m_index.size()); }

    const field::Kernels& m_kernels;
    std::map<std::uint32_t, std::size_t> m_index;
    std::vector<std::uint32_t> m_values;
    std::vector<std::uint32_t> m_ones;
};

[[nodiscard]] std::vector<const Element*> columnsOf(const Matrix& matrix)
{
    std::vector<const Element*> out;
    for (std::size_t c = 0; c < matrix.width; ++c) out.push_back(matrix.column(c));
    return out;
}
} // namespace

void visitSends(const Chip& chip, const Matrix& trace, std::span<const std::uint32_t> buses,
                std::span<const Element> publicValues, field::Backend backend,
                const std::function<void(const MessageBlock&)>& visitor)
{
    std::vector<std::size_t> kept;
    const Program program = Program::compile(keepSends(chip.constraints, buses, kept), false);
    if (kept.empty()) return;
    if (program.rowSelectors) throw std::logic_error("a message to a table depends on a row selector");
    const BlockRunner::Table table{columnsOf(trace), columnsOf(chip.preprocessed), trace.rows()};
    const std::size_t rows = std::min(kBlockRows, trace.rows());
    BlockRunner runner(program, publicValues);
    CanonicalCells cells(program, backend);
    std::vector<MessageBlock> blocks;
    for (std::size_t m = 0; m < kept.size(); ++m) {
        MessageBlock block{
            kept[m], program.messages[m].bus, 0, rows, cells.at(program.messages[m].multiplicity), {}};
        for (const std::uint32_t cell : program.messages[m].fields) block.fields.push_back(cells.at(cell));
        blocks.push_back(std::move(block));
    }
    for (std::size_t at = 0; at < trace.rows(); at += rows) {
        runner.load(table, at, rows, {});
        starkKernelsOf(backend).runProgram(
            {program.code.data(), program.code.size(), runner.cells(), rows, nullptr, nullptr});
        cells.load(runner.cells(), rows);
        for (MessageBlock& block : blocks) {
            block.at = at;
            visitor(block);
        }
    }
}

} // namespace bowline::stark
