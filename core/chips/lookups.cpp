// SPDX-License-Identifier: MIT
#include "core/chips/lookups.h"

#include <array>

namespace bowline::chips {

namespace {
constexpr std::size_t kRows = std::size_t{1} << 16U;
constexpr std::array<std::uint32_t, 7> kTableBuses{kProgramBus, kLimbBus,    kBitsBus, kPairBus,
                                                   kByteBus,    kAddressBus, kFieldBus};

// Adds multiplicities by a function from a message's place in the block to the row that answers it; none: kRows.
template <typename RowOf>
void countRows(const stark::MessageBlock& block, std::uint32_t* counts, const RowOf& rowOf)
{
    for (std::size_t i = 0; i < block.rows; ++i) {
        if (block.multiplicity[i] == 0) continue;
        const std::size_t row = rowOf(i);
        if (row < kRows) counts[row] += block.multiplicity[i];
    }
}
} // namespace

LookupCounter::LookupCounter(const ProgramTable* program)
    : m_range(RangeTable::kColumns * kRows), m_bytes(ByteTable::kColumns * kRows), m_programTable(program),
      m_program(program == nullptr ? 0 : std::size_t{1} << program->log())
{
}

void LookupCounter::countBlock(const stark::MessageBlock& block)
{
    const auto field = [&block](std::size_t f, std::size_t i) { return block.fields[f][i]; };
    const auto value = [&](std::size_t i) -> std::size_t { return field(0, i); };
    const auto pair = [&](std::size_t i, std::size_t first) {
        const std::uint32_t a = field(first, i);
        const std::uint32_t b = field(first + 1, i);
        return a < 256 && b < 256 ? ByteTable::row(a, b) : kRows;
    };
    switch (block.bus) {
    case kLimbBus: countRows(block, m_range.data() + RangeTable::kLimbs * kRows, value); break;
    case kAddressBus: countRows(block, m_range.data() + RangeTable::kAddresses * kRows, value); break;
    case kFieldBus: countRows(block, m_range.data() + RangeTable::kFieldHighs * kRows, value); break;
    case kBitsBus:
        countRows(block, m_range.data() + RangeTable::kBits * kRows, [&](std::size_t i) {
            const std::uint32_t n = field(1, i);
            return n <= 15 && value(i) < (std::size_t{1} << n) ? RangeTable::bitsRow(field(0, i), n) : kRows;
        });
        break;
    case kPairBus:
        countRows(block, m_bytes.data() + ByteTable::kPairs * kRows,
                  [&](std::size_t i) { return pair(i, 0); });
        break;
    case kByteBus:
        for (std::uint32_t operation = 0; operation <= kNorBytes; ++operation) {
            countRows(block, m_bytes.data() + (ByteTable::kAnds + operation) * kRows,
                      [&](std::size_t i) { return field(0, i) == operation ? pair(i, 1) : kRows; });
        }
        break;
    case kProgramBus: countProgram(block); break;
    default: break;
    }
}

void LookupCounter::countProgram(const stark::MessageBlock& block)
{
    if (m_programTable == nullptr) return;
    for (std::size_t i = 0; i < block.rows; ++i) {
        if (block.multiplicity[i] == 0) continue;
        if (const auto row = m_programTable->rowOf(block.fields[0][i]))
            m_program[*row] += block.multiplicity[i];
    }
}

void LookupCounter::count(const stark::Chip& chip, const stark::Matrix& trace, field::Backend backend)
{
    stark::visitSends(chip, trace, kTableBuses, {}, backend,
                      [this](const stark::MessageBlock& block) { countBlock(block); });
}

void LookupCounter::add(const LookupCounter& other)
{
    for (std::size_t i = 0; i < m_range.size(); ++i) m_range[i] += other.m_range[i];
    for (std::size_t i = 0; i < m_bytes.size(); ++i) m_bytes[i] += other.m_bytes[i];
    for (std::size_t i = 0; i < m_program.size(); ++i) m_program[i] += other.m_program[i];
}

stark::Matrix LookupCounter::matrixOf(const std::vector<std::uint32_t>& counts, std::size_t columns)
{
    unsigned log = 0;
    while (columns << log < counts.size()) ++log;
    stark::Matrix out(columns, log);
    for (std::size_t i = 0; i < counts.size(); ++i) out.data[i] = Element::from(counts[i]);
    return out;
}

} // namespace bowline::chips
