// SPDX-License-Identifier: MIT
// The work of proving a batch as a graph of tasks:
//
//   execute -> shard * n -> lift * n -> joins, two to one, level by level -> chain -> wrap
//
// A task's id is SHA-256 of its kind and of what it works on, so that planning a batch twice plans the same tasks. What a
// task needs are the results of others; what it starts from is the batch's input. Nothing here knows what a proof is.
#pragma once

#include "core/base/types.h"

#include <vector>

namespace bowline::tasks {

using base::Result;
using base::Status;

using TaskId = base::Hash256<struct TaskIdTag>;

enum class Kind : std::uint8_t {
    Execute = 1, // input -> the plan: where each shard starts and ends, and in which state
    Shard = 2,   // plan -> the proof of one shard
    Lift = 3,    // plan, a shard's proof -> its proof in the recursion machine
    Join = 4,    // two neighbours -> one
    Chain = 5,   // the chain before this batch, the batch -> the chain with it
    Wrap = 6,    // the chain's proof -> one that is small
};
inline constexpr std::array kKinds{Kind::Execute, Kind::Shard, Kind::Lift,
                                   Kind::Join,    Kind::Chain, Kind::Wrap};
/// "execute", "shard", ...
[[nodiscard]] std::string_view kindName(Kind kind);
inline constexpr base::ErrorCode kUnknownKind{"tasks.unknown-kind"};
[[nodiscard]] Result<Kind> kindFromName(std::string_view name);

/// A wrap is worth making for the chain's newest proof alone, as it says all that older ones say. While later batches are
/// chained as fast as wraps are made, that of every kWrapEvery-th batch is made all the same.
inline constexpr std::uint64_t kWrapEvery = 8;

/// A set of kinds: bit 1 << kind.
using KindSet = std::uint32_t;
[[nodiscard]] constexpr KindSet setOf(std::initializer_list<Kind> kinds)
{
    KindSet out = 0;
    for (const Kind kind : kinds) out |= KindSet{1} << static_cast<unsigned>(kind);
    return out;
}
[[nodiscard]] constexpr bool contains(KindSet set, Kind kind) { return (set & setOf({kind})) != 0; }

/// A batch that is to be proven.
struct BatchJob {
    std::uint64_t number = 0;
    base::Digest hash;   // of the batch
    base::Digest parent; // of the batch before it
    base::Digest input;  // SHA-256 of what the program is given
    friend bool operator==(const BatchJob&, const BatchJob&) = default;
};

struct Task {
    TaskId id;
    Kind kind = Kind::Execute;
    base::Digest batch; // its hash
    std::uint64_t number = 0;
    std::uint32_t place = 0;     // shard or lift: of which shard; join: level << 16 | place in it
    std::uint32_t memoryMib = 0; // what a prover needs to have for it
    std::vector<TaskId> needs;   // their results, in this order, are what it works on
    friend bool operator==(const Task&, const Task&) = default;
};

/// More shards than this are no batch of ours.
inline constexpr std::uint32_t kMaxShards = 4096;
inline constexpr base::ErrorCode kTooManyShards{"tasks.too-many-shards"};

/// The one task that can be known before the batch was executed.
[[nodiscard]] Task executeTask(const BatchJob& job);
/// All that follow, when it is known how many shards there are (1 to kMaxShards).
[[nodiscard]] Result<std::vector<Task>> tasksAfterExecution(const BatchJob& job, std::uint32_t shards);

} // namespace bowline::tasks
