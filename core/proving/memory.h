// SPDX-License-Identifier: MIT
// Keeps a prover below a limit of memory: what a shard will need is known from the rows of its tables before it is
// proven, and the shard ends before it needs more.
#pragma once

#include "core/proving/shapes.h"
#include "core/zkvm/image.h"

#include <map>

namespace bowline::proving {

/// The limit leaves no room for the smallest shard, or no shape is tall enough for it.
inline constexpr base::ErrorCode kTooLittleMemory{"proving.memory"};

/// Rows of a shard's tables so far, and what its record holds.
struct RowCounts {
    std::array<std::size_t, chips::kKinds> steps{};
    std::map<std::uint32_t, std::size_t> calls; // by the precompile's number
    std::size_t accesses = 0;                   // of the calls
    std::size_t leaves = 0;                     // touched, the registers' among them
    std::size_t nodes = 0;                      // above them
};

class MemoryPlan {
public:
    /// `limit`: bytes that the process may have resident. What it has now is taken to stay, but for what is kept to be
    /// used again (field::CellsReuse). Tables and key outlive the plan.
    MemoryPlan(const chips::MachineTables& tables, const stark::VerifyingKey& key, std::uint64_t limit,
               ShardShapes shapes = {});

    /// So many instructions, whatever they are, can follow and the shard can still be proven; kSlices has the answers.
    /// 0: it has to end here. `newPages`: the guest's memory has grown by so many pages since the plan was made.
    [[nodiscard]] std::uint64_t slice(const RowCounts& rows, std::size_t newPages) const;
    /// Bytes at the peak of recording, filling and proving such a shard, beside what was resident before.
    [[nodiscard]] std::uint64_t bytesOf(const RowCounts& rows, std::size_t newPages) const;
    /// What field::CellsReuse may let large Cells have together, used or not, while the tables of such a shard and of
    /// `instructions` more are recorded and filled.
    [[nodiscard]] std::uint64_t cellsLimit(const RowCounts& rows, std::size_t newPages,
                                           std::uint64_t instructions) const;
    [[nodiscard]] std::string refusal() const;
    /// The heights that a shard with these rows is proven with; none if no shape is tall enough.
    [[nodiscard]] std::optional<stark::Heights> heightsOf(const RowCounts& rows) const;

private:
    [[nodiscard]] stark::Heights leastHeights(const RowCounts& rows) const;

    const chips::MachineTables& m_tables;
    const stark::VerifyingKey& m_key;
    std::uint64_t m_limit;
    std::uint64_t m_before; // resident when the plan was made
    std::uint64_t m_cells;  // of it, in large Cells
    ShardShapes m_shapes;
};

/// No limit of memory.
inline constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62U;

/// Bytes at the peak of preparing a program, the process itself included.
[[nodiscard]] std::uint64_t preparingBytes(const zkvm::Image& image);

/// Of the process, now, but for what field::CellsReuse keeps. Gives back what the allocator keeps but nobody uses.
[[nodiscard]] std::uint64_t residentBytes();

} // namespace bowline::proving
