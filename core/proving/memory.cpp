// SPDX-License-Identifier: MIT
#include "core/proving/memory.h"

#include "core/field/cells.h"
#include "core/stark/memory.h"
#include "core/zkvm/memory.h"

#include <algorithm>
#include <fstream>

#include <malloc.h>
#include <unistd.h>

namespace bowline::proving {

namespace {
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
// Stacks and scratch of the threads, proofs being encoded, fragments of the allocator.
constexpr std::uint64_t kReserve = 32 * kMebibyte;
// Parts of the limit that stay free for what nobody reckoned with: one of sixteen when a shard is planned, one of eight when
// memory is kept.
constexpr std::uint64_t kSpareOfPlan = 16;
constexpr std::uint64_t kSpare = 8;
constexpr std::array<std::uint64_t, 5> kSlices{4096, 256, 32, 4, 1};
// A precompile's operands have at most 50 words in one place, or 24 in three: so many leaves, and pages.
constexpr std::size_t kMaxLeavesOfStep = 12;
// Rough sizes with what containers add: a step and its vector's growth, an access, a leaf, a node, a permutation.
constexpr std::uint64_t kStepBytes = 3 * sizeof(chips::Step);
constexpr std::uint64_t kAccessBytes = 3 * sizeof(chips::Access);
constexpr std::uint64_t kLeafBytes = 512;
constexpr std::uint64_t kNodeBytes = 768;
constexpr std::uint64_t kPermutationBytes = 256;
constexpr std::uint64_t kPageBytes =
    3 * zkvm::kPageBytes; // the guest's, the recorder's, and what points to them

[[nodiscard]] unsigned logOf(std::size_t rows)
{
    unsigned log = stark::kLogFinal;
    while ((std::size_t{1} << log) < rows) ++log;
    return log;
}

[[nodiscard]] std::size_t permutationsOf(const RowCounts& rows)
{
    std::size_t out = 2 * (rows.leaves + rows.nodes);
    for (const auto& [number, count] : rows.calls) out += count;
    return out;
}

[[nodiscard]] std::uint64_t recordBytes(const RowCounts& rows)
{
    std::uint64_t out = rows.accesses * kAccessBytes + rows.leaves * kLeafBytes + rows.nodes * kNodeBytes +
                        permutationsOf(rows) * kPermutationBytes;
    for (const std::size_t count : rows.steps) out += count * kStepBytes;
    return out;
}

// Whether some shape has the table; without shapes all may be there.
[[nodiscard]] bool mayHave(const ShardShapes& shapes, std::size_t place)
{
    return shapes.empty() || std::any_of(shapes.begin(), shapes.end(), [place](const stark::Heights& shape) {
               return place < shape.size() && shape[place].has_value();
           });
}

// What `instructions` more can add at most to each count, of tables that some shape has.
[[nodiscard]] RowCounts grown(RowCounts rows, std::uint64_t instructions, const chips::MachineTables& tables,
                              const ShardShapes& shapes)
{
    const std::uint64_t steps = instructions + 1; // a shard never ends within a fused branch
    for (std::size_t kind = 0; kind < rows.steps.size(); ++kind) {
        if (mayHave(shapes, kind)) rows.steps[kind] += steps;
    }
    for (std::size_t i = 0; i < tables.calls().size(); ++i) {
        if (mayHave(shapes, tables.placeOfCall(i))) rows.calls[tables.calls()[i].number] += steps;
    }
    rows.accesses += 64 * steps;
    rows.leaves += kMaxLeavesOfStep * steps;
    rows.nodes += kMaxLeavesOfStep * steps * zkvm::MemoryTree::kDepth;
    return rows;
}
} // namespace

MemoryPlan::MemoryPlan(const chips::MachineTables& tables, const stark::VerifyingKey& key,
                       std::uint64_t limit, ShardShapes shapes)
    : m_tables(tables), m_key(key), m_limit(limit), m_before(residentBytes()),
      m_cells(field::CellsReuse::used()), m_shapes(std::move(shapes))
{
}

stark::Heights MemoryPlan::leastHeights(const RowCounts& rows) const
{
    stark::Heights out(m_tables.size());
    for (std::size_t i = 0; i < chips::kKinds; ++i) {
        if (rows.steps[i] != 0) out[i] = logOf(rows.steps[i]);
    }
    for (std::size_t i = 0; i < m_tables.calls().size(); ++i) {
        const auto found = rows.calls.find(m_tables.calls()[i].number);
        if (found != rows.calls.end())
            out[m_tables.placeOfCall(i)] = logOf(found->second * m_tables.calls()[i].chip->rowsPerCall());
    }
    out[m_tables.placeOfLeaf()] = logOf(rows.leaves);
    out[m_tables.placeOfNode()] = logOf(rows.nodes);
    out[m_tables.placeOfPermutation()] = logOf(permutationsOf(rows));
    for (const std::size_t place :
         {m_tables.placeOfProgram(), m_tables.placeOfRange(), m_tables.placeOfBytes()})
        out[place] = m_key.chips[place].preprocessedLog;
    return out;
}

std::optional<stark::Heights> MemoryPlan::heightsOf(const RowCounts& rows) const
{
    const stark::Heights least = leastHeights(rows);
    if (m_shapes.empty()) return least;
    return shapeFor(m_shapes, m_key, least);
}

std::uint64_t MemoryPlan::bytesOf(const RowCounts& rows, std::size_t newPages) const
{
    const std::optional<stark::Heights> heights = heightsOf(rows);
    if (!heights) return 2 * kUnlimited;
    const std::uint64_t filling = recordBytes(rows) + stark::traceBytes(m_key, *heights);
    return newPages * kPageBytes + kReserve + std::max(filling, stark::proverBytes(m_key, *heights));
}

std::uint64_t MemoryPlan::slice(const RowCounts& rows, std::size_t newPages) const
{
    for (const std::uint64_t instructions : kSlices) {
        const std::size_t pages = newPages + kMaxLeavesOfStep * (instructions + 1);
        if (m_before + bytesOf(grown(rows, instructions, m_tables, m_shapes), pages) <=
            m_limit - m_limit / kSpareOfPlan)
            return instructions;
    }
    return 0;
}

std::uint64_t MemoryPlan::cellsLimit(const RowCounts& rows, std::size_t newPages,
                                     std::uint64_t instructions) const
{
    const std::size_t pages = newPages + kMaxLeavesOfStep * (instructions + 1);
    const std::uint64_t others = m_before + recordBytes(grown(rows, instructions, m_tables, m_shapes)) +
                                 pages * kPageBytes + kReserve + m_limit / kSpare;
    return m_cells + (m_limit > others ? m_limit - others : 0);
}

std::string MemoryPlan::refusal() const
{
    const std::uint64_t least = bytesOf(grown({}, kSlices.back(), m_tables, m_shapes), kMaxLeavesOfStep);
    if (least > kUnlimited) return "no shape is tall enough for the smallest shard";
    const auto mebibytes = [](std::uint64_t bytes) {
        return std::to_string((bytes + kMebibyte - 1) / kMebibyte) + " MiB";
    };
    return "the smallest shard needs about " + mebibytes(least) + " beside the " + mebibytes(m_before) +
           " that are in use; the limit is " + mebibytes(m_limit);
}

std::uint64_t preparingBytes(const zkvm::Image& image)
{
    std::size_t words = 0;
    for (const zkvm::TextRange& range : image.text) words += range.words.size();
    const std::uint64_t pages = image.pages.size() * kPageBytes;
    // The program's table has fewer than 24 columns; with their extension and its tree about 400 bytes a row. The other
    // tables, the constraints and the process itself take about 120 MiB.
    return (std::uint64_t{400} << logOf(words)) + pages + 120 * kMebibyte;
}

std::uint64_t residentBytes()
{
    ::malloc_trim(0);
    std::uint64_t mapped = 0;
    std::uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> mapped >> resident;
    const std::uint64_t bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return bytes - std::min<std::uint64_t>(bytes, field::CellsReuse::kept());
}

} // namespace bowline::proving
