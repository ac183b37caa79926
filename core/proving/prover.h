// SPDX-License-Identifier: MIT
// Executes a program and proves it, shard by shard.
#pragma once

#include "core/proving/proof.h"
#include "core/proving/shard.h"

#include <functional>

namespace bowline::proving {

/// The execution has no proof: it faulted, or needs more memory or instructions than allowed.
inline constexpr base::ErrorCode kNoProof{"proving.no-proof"};
inline constexpr base::ErrorCode kCanceled{"proving.canceled"};

struct Progress {
    std::uint64_t provenInstructions = 0;
    std::uint64_t executedInstructions = 0;
    std::size_t shards = 0; // proven
};

struct ProvingOptions {
    stark::Parameters parameters = stark::kCoreParameters;
    stark::ProverOptions prover;
    zkvm::MachineOptions machine;
    /// A shard ends after so many instructions, or when its tables are about as large as `shardCells`.
    std::uint64_t shardInstructions = std::uint64_t{1} << 20U;
    std::uint64_t shardCells = std::uint64_t{1} << 27U;
    std::uint64_t maxInstructions = std::uint64_t{1} << 40U;
    /// Bytes that the process may have resident: shards are made so small that it never has more, and when none is small
    /// enough the answer is kTooLittleMemory. 0: no limit.
    std::uint64_t memory = 0;
    /// Every shard gets one of these, and ends before it needs more rows than the tallest has. A program that needs a
    /// table which none of them has is refused. Empty: each shard has the heights it comes to.
    ShardShapes shapes;
    /// With shapes: shards end as without them, by the number of instructions, and a shard that no shape is tall enough for is
    /// kTooLittleMemory. For whoever knows where a shard may end, and would not look before every few instructions.
    bool endsByCount = false;
    /// Before a shard is executed and before it is proven. False cancels, as prover.cancel does at any time.
    std::function<bool(const Progress&)> progress;
};

/// The longest shard: its times stay below kMaxGap.
inline constexpr std::uint64_t kMaxShardInstructions = std::uint64_t{1} << 21U;

[[nodiscard]] Result<ExecutionProof> proveExecution(const PreparedProgram& program, base::Bytes input,
                                                    const ProvingOptions& options);

/// One shard of a machine's execution, written down, before its tables are filled. Of the statement the roots are not there yet:
/// moveTree() has the one after, when it is given the record's leaves. Where a shard ends depends on the program, its input and
/// `options` alone, unless options.memory is given.
struct RecordedShard {
    chips::Statement statement;
    RowCounts rows;
    stark::Heights shape; // of options.shapes; empty without
    ShardRecord record;
    zkvm::Stop stop;
};
[[nodiscard]] Result<RecordedShard> recordShard(const PreparedProgram& program, zkvm::Machine& machine,
                                                const ProvingOptions& options);

/// One shard of a machine's execution as its tables. `machine` and `tree` go on to the state after it.
struct ExecutedShard {
    chips::Statement statement;
    ShardWitness witness;
    zkvm::Stop stop;
};
[[nodiscard]] Result<ExecutedShard> executeShard(const PreparedProgram& program, zkvm::Machine& machine,
                                                 zkvm::MemoryTree& tree, const ProvingOptions& options);

} // namespace bowline::proving
