// SPDX-License-Identifier: MIT
#include "core/tasks/task.h"

#include "core/base/serial.h"
#include "core/crypto/hash.h"

namespace bowline::tasks {

using base::makeError;

namespace {
constexpr std::string_view kTag = "bowline task 2";
constexpr std::uint32_t kLevelShift = 16;

// With room over what docs/proving-service.md measured.
std::uint32_t memoryOf(Kind kind)
{
    switch (kind) {
    case Kind::Execute: return 1024;
    case Kind::Shard: return 2048;
    case Kind::Lift:
    case Kind::Join:
    case Kind::Chain:
    case Kind::Wrap: return 3072;
    }
    return 3072;
}

TaskId idOf(Kind kind, std::uint32_t place, std::initializer_list<base::ByteView> worksOn)
{
    base::Writer out;
    out.bytes(base::viewOf(kTag));
    out.u8(static_cast<std::uint8_t>(kind));
    out.u32le(place);
    for (const base::ByteView part : worksOn) out.bytes(part); // each of 32 bytes
    return {crypto::sha256(out.data()).bytes};
}

TaskId executeId(const BatchJob& job) { return idOf(Kind::Execute, 0, {job.hash.view(), job.input.view()}); }

// Of the batch's hash alone, so that the next batch can name it before this one was executed.
TaskId chainId(const base::Digest& batch) { return idOf(Kind::Chain, 0, {batch.view()}); }

Task taskOf(const BatchJob& job, Kind kind, std::uint32_t place, const TaskId& id, std::vector<TaskId> needs)
{
    return {id, kind, job.hash, job.number, place, memoryOf(kind), std::move(needs)};
}

/// Joins the row of results two by two until one is left; an odd one goes up as it is.
TaskId addJoins(std::vector<Task>& out, const BatchJob& job, std::vector<TaskId> row)
{
    for (std::uint32_t level = 1; row.size() > 1; ++level) {
        std::vector<TaskId> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
            const auto place = level << kLevelShift | static_cast<std::uint32_t>(i / 2);
            const TaskId id = idOf(Kind::Join, place, {row[i].view(), row[i + 1].view()});
            out.push_back(taskOf(job, Kind::Join, place, id, {row[i], row[i + 1]}));
            above.push_back(id);
        }
        if (row.size() % 2 == 1) above.push_back(row.back());
        row = std::move(above);
    }
    return row.front();
}
} // namespace

std::string_view kindName(Kind kind)
{
    switch (kind) {
    case Kind::Execute: return "execute";
    case Kind::Shard: return "shard";
    case Kind::Lift: return "lift";
    case Kind::Join: return "join";
    case Kind::Chain: return "chain";
    case Kind::Wrap: return "wrap";
    }
    return "unknown";
}

Result<Kind> kindFromName(std::string_view name)
{
    for (const Kind kind : kKinds) {
        if (kindName(kind) == name) return kind;
    }
    return makeError(kUnknownKind, std::string(name));
}

Task executeTask(const BatchJob& job) { return taskOf(job, Kind::Execute, 0, executeId(job), {}); }

Result<std::vector<Task>> tasksAfterExecution(const BatchJob& job, std::uint32_t shards)
{
    if (shards == 0 || shards > kMaxShards) return makeError(kTooManyShards, std::to_string(shards));
    const TaskId execute = executeId(job);
    std::vector<Task> out;
    std::vector<TaskId> lifts;
    for (std::uint32_t i = 0; i < shards; ++i) {
        const TaskId shard = idOf(Kind::Shard, i, {execute.view()});
        const TaskId lift = idOf(Kind::Lift, i, {shard.view()});
        out.push_back(taskOf(job, Kind::Shard, i, shard, {execute}));
        out.push_back(taskOf(job, Kind::Lift, i, lift, {execute, shard}));
        lifts.push_back(lift);
    }
    const TaskId whole = addJoins(out, job, std::move(lifts));
    const TaskId chain = chainId(job.hash);
    // The first batch follows genesis, which is no batch that is proven by shards.
    std::vector<TaskId> chained{execute, whole};
    if (job.number > 1) chained.push_back(chainId(job.parent));
    out.push_back(taskOf(job, Kind::Chain, 0, chain, std::move(chained)));
    out.push_back(taskOf(job, Kind::Wrap, 0, idOf(Kind::Wrap, 0, {chain.view()}), {chain}));
    return out;
}

} // namespace bowline::tasks
