// SPDX-License-Identifier: MIT
#include "core/proving/prover.h"

namespace bowline::proving {

using base::makeError;

namespace {
// Instructions between two looks at the shard's size.
constexpr std::uint64_t kSlice = 1U << 12U;

[[nodiscard]] base::Status checkStop(const zkvm::Stop& stop, const zkvm::Machine& machine)
{
    const std::string after = " after " + std::to_string(machine.cycles()) + " instructions";
    switch (stop.reason) {
    case zkvm::StopReason::Halted:
    case zkvm::StopReason::Limit: return base::success();
    case zkvm::StopReason::OutOfMemory:
        return makeError(kNoProof, "the guest needs more memory than allowed" + after);
    case zkvm::StopReason::BeforeHint: return makeError(kNoProof, "stopped before the input is read" + after);
    case zkvm::StopReason::Fault: break;
    }
    return makeError(kNoProof, "fault: " + std::string(zkvm::faultName(stop.fault)) + after);
}

[[nodiscard]] bool tell(const ProvingOptions& options, const Progress& progress)
{
    return !options.progress || options.progress(progress);
}
} // namespace

Result<RecordedShard> recordShard(const PreparedProgram& program, zkvm::Machine& machine,
                                  const ProvingOptions& options)
{
    const std::uint64_t limit = std::min(options.shardInstructions, kMaxShardInstructions);
    const std::uint64_t first = machine.cycles();
    RecordedShard out;
    out.statement.pcBefore = machine.pc();
    out.statement.npcBefore = machine.npc();
    Recorder recorder(program.tables().program(), machine);
    std::optional<MemoryPlan> plan;
    if (options.memory != 0 || !options.shapes.empty()) {
        plan.emplace(program.tables(), program.key().verifying(),
                     options.memory != 0 ? options.memory : kUnlimited, options.shapes);
    }
    const bool byCount = options.endsByCount && options.memory == 0;
    const std::size_t firstPages = machine.memory().pageCount();
    do {
        const std::uint64_t slice =
            plan && !byCount ? plan->slice(recorder.rows(), machine.memory().pageCount() - firstPages)
                             : kSlice;
        if (slice == 0 && machine.cycles() != first) break;
        if (slice == 0) return makeError(kTooLittleMemory, plan->refusal());
        if (options.memory != 0) {
            field::CellsReuse::limit(
                plan->cellsLimit(recorder.rows(), machine.memory().pageCount() - firstPages, slice));
        }
        if (stark::isCanceled(options.prover.cancel)) return makeError(kCanceled);
        const std::uint64_t left = limit - (machine.cycles() - first);
        out.stop = machine.run(std::min(left, slice), recorder);
        if (recorder.inFused() && out.stop.reason == zkvm::StopReason::Limit)
            out.stop = machine.run(1, recorder);
        BOWLINE_CHECK(checkStop(out.stop, machine));
    } while (out.stop.reason == zkvm::StopReason::Limit && machine.cycles() - first < limit &&
             recorder.cells() < options.shardCells);
    out.rows = recorder.rows();
    if (!options.shapes.empty()) {
        const std::optional<stark::Heights> shape = plan->heightsOf(out.rows);
        if (!shape) return makeError(kTooLittleMemory, "no shape has the rows that the shard needs");
        out.shape = *shape;
    }
    out.record = recorder.finish(machine.registers());
    out.statement.pcAfter = machine.pc();
    out.statement.npcAfter = machine.npc();
    out.statement.timeAfter = out.record.timeAfter;
    out.statement.halted = out.stop.reason == zkvm::StopReason::Halted;
    out.statement.exitCode = out.statement.halted ? out.stop.exitCode : 0;
    return out;
}

Result<ExecutedShard> executeShard(const PreparedProgram& program, zkvm::Machine& machine,
                                   zkvm::MemoryTree& tree, const ProvingOptions& options)
{
    BOWLINE_TRY(RecordedShard recorded, recordShard(program, machine, options));
    ExecutedShard out;
    out.statement = recorded.statement;
    out.stop = recorded.stop;
    out.witness = witnessOf(program.tables(), program.key().system(), std::move(recorded.record), tree,
                            options.prover, recorded.shape);
    if (stark::isCanceled(options.prover.cancel)) return makeError(kCanceled);
    out.statement.rootBefore = out.witness.rootBefore;
    out.statement.rootAfter = out.witness.rootAfter;
    return out;
}

Result<ExecutionProof> proveExecution(const PreparedProgram& program, base::Bytes input,
                                      const ProvingOptions& options)
{
    BOWLINE_TRY(const auto machine,
                zkvm::Machine::create(program.image(), std::move(input), options.machine));
    zkvm::MemoryTree tree = program.tree();
    const field::CellsReuse reuse; // from shard to shard
    ExecutionProof out;
    out.program = program.commitment();
    Progress progress;
    while (true) {
        if (!tell(options, progress)) return makeError(kCanceled);
        BOWLINE_TRY(ExecutedShard shard, executeShard(program, *machine, tree, options));
        progress.executedInstructions = machine->cycles();
        if (!tell(options, progress)) return makeError(kCanceled);
        const auto proof =
            stark::prove(program.key(), shard.witness.traces, shard.statement.publicValues(), options.prover);
        if (!proof.ok()) return proof.error().code == stark::kCanceled ? makeError(kCanceled) : proof.error();
        out.shards.push_back({shard.statement, stark::encode(program.key().verifying(), *proof)});
        progress.provenInstructions = machine->cycles();
        ++progress.shards;
        if (shard.statement.halted) break;
        if (machine->cycles() >= options.maxInstructions)
            return makeError(kNoProof, "the program did not end within the allowed number of instructions");
        if (out.shards.size() == kMaxShards) return makeError(kNoProof, "more shards than a proof may have");
    }
    static_cast<void>(tell(options, progress));
    BOWLINE_TRY(const zkvm::Outcome outcome, zkvm::outcomeOf(*machine));
    out.journal = outcome.journal;
    out.result = ResultOpening::of(tree, machine->memory());
    return out;
}

} // namespace bowline::proving
