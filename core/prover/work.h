// SPDX-License-Identifier: MIT
// Carries out the tasks of core/tasks: an execution and a shard's proof here, what is above them in proofs.h. Each is a
// function of the program, the batch's input and the results of earlier tasks, so any machine can do it and any other can
// check it.
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
using base::Status;
using proving::ExecutionProof;
using proving::PreparedProgram;

/// The plan or proof that a task starts from is not one.
inline constexpr base::ErrorCode kBadInput{"prover.bad-input"};
/// The machine comes to another state than the plan says.
inline constexpr base::ErrorCode kPlanDiffers{"prover.plan-differs"};

inline constexpr tasks::KindSet kCanDo =
    tasks::setOf({tasks::Kind::Execute, tasks::Kind::Shard, tasks::Kind::Lift, tasks::Kind::Join,
                  tasks::Kind::Chain, tasks::Kind::Wrap});

/// How executions are cut: in shards of equal length, as few as `shardInstructions` allows, but two at least, as the chain takes
/// joins alone. A shard that no shape is tall enough for is halved until one is. All provers of a network cut alike: what
/// is cut otherwise has other tasks.
struct Cut {
    std::uint64_t shardInstructions = std::uint64_t{1} << 20U;
    std::uint64_t maxInstructions = std::uint64_t{10'000'000'000};
    std::size_t memoryPages = std::size_t{128} << 10U; // of the guest, 4 KiB each
    /// What shards are filled up to; none: each has the heights it comes to, and cannot be lifted.
    proving::ShardShapes shapes{};

    /// With the shapes that are pinned.
    [[nodiscard]] static Result<Cut> pinned();
};

/// The plan, encoded. Executes twice: once for the length, once to record. Errors are those of executing: proving::kNoProof,
/// kCanceled, and kTooLittleMemory (proving) for instructions that fit no shape.
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
} // namespace bowline::prover
