// SPDX-License-Identifier: MIT
#include "core/prover/work.h"

#include "core/proven/keys.h"
#include "core/zkvm/machine.h"

#include <limits>

namespace bowline::prover {

using base::makeError;
using base::success;

namespace {
[[nodiscard]] proving::ProvingOptions optionsOf(const Cut& cut, const stark::ProverOptions& prover)
{
    proving::ProvingOptions out;
    out.prover = prover;
    out.machine.maxPages = cut.memoryPages;
    out.shardCells = std::numeric_limits<std::uint64_t>::max();
    out.maxInstructions = cut.maxInstructions;
    out.shapes = cut.shapes;
    out.endsByCount = true;
    return out; // without a limit of memory, which would make shards differ from machine to machine
}

[[nodiscard]] bool sameState(const chips::Statement& a, const chips::Statement& b)
{
    return a.pcBefore == b.pcBefore && a.npcBefore == b.npcBefore && a.rootBefore == b.rootBefore &&
           a.pcAfter == b.pcAfter && a.npcAfter == b.npcAfter && a.rootAfter == b.rootAfter &&
           a.timeAfter == b.timeAfter && a.halted == b.halted && a.exitCode == b.exitCode;
}

// To the beginning of a shard: instructions that another shard proves.
[[nodiscard]] Status skip(zkvm::Machine& machine, std::uint64_t instructions, stark::Cancel cancel)
{
    constexpr std::uint64_t kSlice = std::uint64_t{1} << 24U;
    while (machine.cycles() < instructions) {
        if (stark::isCanceled(cancel)) return makeError(proving::kCanceled);
        const zkvm::Stop stop = machine.run(std::min(kSlice, instructions - machine.cycles()));
        if (stop.reason != zkvm::StopReason::Limit)
            return makeError(kPlanDiffers, "it ends before the shard");
    }
    return success();
}
} // namespace

Result<Cut> Cut::pinned()
{
    const auto& keys = proven::pinnedKeys();
    if (!keys.ok()) return keys.error();
    Cut out;
    out.shapes = keys->shapes();
    return out;
}

namespace {
// How many instructions the execution has.
[[nodiscard]] Result<std::uint64_t> lengthOf(const PreparedProgram& program, const Bytes& input,
                                             const proving::ProvingOptions& options)
{
    constexpr std::uint64_t kSlice = std::uint64_t{1} << 24U;
    BOWLINE_TRY(const auto machine, zkvm::Machine::create(program.image(), input, options.machine));
    while (machine->cycles() < options.maxInstructions) {
        if (stark::isCanceled(options.prover.cancel)) return makeError(proving::kCanceled);
        const zkvm::Stop stop = machine->run(std::min(kSlice, options.maxInstructions - machine->cycles()));
        if (stop.reason == zkvm::StopReason::Halted) return machine->cycles();
        if (stop.reason != zkvm::StopReason::Limit)
            return makeError(proving::kNoProof,
                             "the execution does not end well: " + std::string(zkvm::faultName(stop.fault)));
    }
    return makeError(proving::kNoProof, "the program did not end within the allowed number of instructions");
}

// The shard that begins where the machine is, halved until a shape is tall enough. The machine is another one then, at the
// end of the shard.
[[nodiscard]] Result<proving::RecordedShard> nextShard(const PreparedProgram& program, const Bytes& input,
                                                       std::unique_ptr<zkvm::Machine>& machine,
                                                       proving::ProvingOptions options)
{
    const std::uint64_t first = machine->cycles();
    for (;;) {
        auto shard = proving::recordShard(program, *machine, options);
        const bool isTooTall = !shard.ok() && shard.error().code == proving::kTooLittleMemory;
        if (!isTooTall || options.shardInstructions == 1) return shard;
        options.shardInstructions = (options.shardInstructions + 1) / 2;
        BOWLINE_TRY(machine, zkvm::Machine::create(program.image(), input, options.machine));
        BOWLINE_CHECK(skip(*machine, first, options.prover.cancel));
    }
}
} // namespace

Result<Bytes> execute(const PreparedProgram& program, Bytes input, const Cut& cut, stark::Cancel cancel)
{
    stark::ProverOptions prover;
    prover.cancel = cancel;
    proving::ProvingOptions options = optionsOf(cut, prover);
    BOWLINE_TRY(const std::uint64_t length, lengthOf(program, input, options));
    const std::uint64_t longest = std::max<std::uint64_t>(1, cut.shardInstructions);
    const std::uint64_t count = std::max<std::uint64_t>(2, (length + longest - 1) / longest);
    options.shardInstructions = (length + count - 1) / count;
    BOWLINE_TRY(auto machine, zkvm::Machine::create(program.image(), input, options.machine));
    zkvm::MemoryTree tree = program.tree();
    ExecutionProof out;
    out.program = program.commitment();
    for (;;) {
        BOWLINE_TRY(proving::RecordedShard shard, nextShard(program, input, machine, options));
        shard.statement.rootBefore = tree.node(zkvm::MemoryTree::kDepth, 0);
        static_cast<void>(proving::moveTree(tree, shard.record.leaves));
        shard.statement.rootAfter = tree.node(zkvm::MemoryTree::kDepth, 0);
        out.shards.push_back({shard.statement, {}});
        if (shard.statement.halted) break;
        if (out.shards.size() == tasks::kMaxShards) return makeError(proving::kNoProof, "too many shards");
    }
    BOWLINE_TRY(const zkvm::Outcome outcome, zkvm::outcomeOf(*machine));
    out.journal = outcome.journal;
    out.result = proving::ResultOpening::of(tree, machine->memory());
    return out.encode();
}

Result<ExecutionProof> decodePlan(ByteView plan)
{
    const auto decoded = ExecutionProof::decode(plan);
    if (!decoded.ok()) return makeError(kBadInput, "plan: " + decoded.error().detail);
    for (const proving::ShardProof& shard : decoded->shards) {
        if (!shard.proof.empty()) return makeError(kBadInput, "a plan with a proof in it");
    }
    return *decoded;
}

Result<Bytes> proveShard(const PreparedProgram& program, Bytes input, const ExecutionProof& plan,
                         std::uint32_t index, const Cut& cut, const stark::ProverOptions& options)
{
    if (index >= plan.shards.size()) return makeError(kBadInput, "no such shard");
    std::uint64_t before = 0;
    for (std::uint32_t i = 0; i < index; ++i) before += plan.shards[i].statement.instructions();
    const chips::Statement& planned = plan.shards[index].statement;
    proving::ProvingOptions shardOptions = optionsOf(cut, options);
    BOWLINE_TRY(const auto machine,
                zkvm::Machine::create(program.image(), std::move(input), shardOptions.machine));
    BOWLINE_CHECK(skip(*machine, before, options.cancel));
    zkvm::MemoryTree tree = program.tree();
    if (before != 0) tree.set(zkvm::changedLeaves(program.image(), machine->image()));
    shardOptions.shardInstructions = planned.instructions();
    BOWLINE_TRY(const proving::ExecutedShard shard,
                proving::executeShard(program, *machine, tree, shardOptions));
    if (!sameState(shard.statement, planned))
        return makeError(kPlanDiffers, "shard " + std::to_string(index));
    const auto proof =
        stark::prove(program.key(), shard.witness.traces, shard.statement.publicValues(), options);
    if (!proof.ok()) return proof.error();
    return stark::encode(program.key().verifying(), *proof);
}

Result<aggregate::Span> spanOf(const ExecutionProof& plan, std::uint32_t index)
{
    if (index >= plan.shards.size()) return makeError(kBadInput, "no such shard");
    aggregate::Span out;
    out.shard = plan.shards[index].statement;
    out.tables = plan.program.tables;
    out.programLog = plan.program.programLog;
    return out;
}

Result<aggregate::ShardShape> shapeOf(const ExecutionProof& plan, ByteView shardProof,
                                      const stark::VerifyingKey& core)
{
    const auto proof = stark::decode(core, shardProof);
    if (!proof.ok()) return makeError(kBadInput, "shard's proof: " + proof.error().detail);
    aggregate::ShardShape out;
    out.programLog = plan.program.programLog;
    out.heights = proof->heights;
    return out;
}

} // namespace bowline::prover
