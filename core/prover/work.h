// SPDX-License-Identifier: MIT
// Carries out the tasks of core/tasks: an execution, a shard's proof, its lift. Each is a function of the program, the
// batch's input and the results of earlier tasks, so any machine can do it and any other can check it.
//
// The result of an execution, the plan, is the proof file of core/proving with proofs of no bytes: where each shard ends
// and in which state, the public values, and what hangs them on the last root. With the shards' proofs put in it is the proof
// of the whole execution.
#pragma once

#include "core/aggregate/lift.h"
#include "core/proving/prover.h"
#include "core/tasks/task.h"

namespace bowline::prover {

using base::Bytes;
using base::ByteView;
using base::Result;
using proving::ExecutionProof;
using proving::PreparedProgram;

/// Nobody has written what does this kind of task yet.
inline constexpr base::ErrorCode kNoSuchWork{"prover.no-such-work"};
/// The plan or proof that a task starts from is not one.
inline constexpr base::ErrorCode kBadInput{"prover.bad-input"};
/// The machine comes to another state than the plan says.
inline constexpr base::ErrorCode kPlanDiffers{"prover.plan-differs"};

/// What can be done: execute, shard, lift. The others stand in the graph and wait.
inline constexpr tasks::KindSet kCanDo =
    tasks::setOf({tasks::Kind::Execute, tasks::Kind::Shard, tasks::Kind::Lift});

/// How executions are cut. All provers of a network cut alike: what is cut otherwise has other tasks.
struct Cut {
    std::uint64_t shardInstructions = std::uint64_t{1} << 20U;
    std::uint64_t shardCells = std::uint64_t{1} << 26U;
    std::uint64_t maxInstructions = std::uint64_t{10'000'000'000};
    std::size_t memoryPages = std::size_t{128} << 10U; // of the guest, 4 KiB each
};

/// The plan, encoded. Errors are those of executing: proving::kNoProof, kCanceled.
[[nodiscard]] Result<Bytes> execute(const PreparedProgram& program, Bytes input, const Cut& cut,
                                    stark::Cancel cancel = nullptr);
/// A plan's form: its own shards follow each other, and no proof is in it.
[[nodiscard]] Result<ExecutionProof> decodePlan(ByteView plan);
/// The proof of shard `index`. Executes everything before it once more, which costs a few milliseconds a shard.
[[nodiscard]] Result<Bytes> proveShard(const PreparedProgram& program, Bytes input,
                                       const ExecutionProof& plan, std::uint32_t index, const Cut& cut,
                                       const stark::ProverOptions& options);

/// Public values of the lift of a shard.
[[nodiscard]] Result<aggregate::Span> spanOf(const ExecutionProof& plan, std::uint32_t index);
/// The shape of a shard's proof, which says which lift is its own.
[[nodiscard]] Result<aggregate::ShardShape> shapeOf(const ExecutionProof& plan, ByteView shardProof,
                                                    const stark::VerifyingKey& core);
[[nodiscard]] Result<Bytes> liftShard(const ExecutionProof& plan, std::uint32_t index, ByteView shardProof,
                                      const stark::ProverOptions& options);

} // namespace bowline::prover
