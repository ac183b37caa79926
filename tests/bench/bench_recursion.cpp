// SPDX-License-Identifier: MIT
// The recursion machine: what it costs to lift two shards of 2^20 instructions of one shape, to join the two, and to chain a
// batch. Operations of the programs, seconds, bytes, and the proven bits at these heights. Prints JSON.
#include "core/aggregate/join.h"
#include "core/aggregate/lift.h"
#include "core/aggregate/verify.h"
#include "core/field/cells.h"
#include "core/proven/keys.h"
#include "core/proving/prover.h"
#include "core/recursion/witness.h"
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/bench/first_shard.h"
#include "tests/bench/timing.h"
#include "tests/unit/aggregate/chained.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include <sys/resource.h>

using namespace bowline;
using bench::processorSecondsOf;
using bench::secondsOf;

namespace {
struct Shard {
    aggregate::Span span;
    stark::Proof proof;
};
struct Shards {
    std::vector<Shard> all;
    stark::VerifyingKey key;
    aggregate::ShardShape shape;
};

// The first two shards, in the pinned shape of long shards with signatures, which has every table.
base::Result<Shards> firstShards(const std::string& guest, const std::string& input,
                                 std::uint64_t instructions, const stark::ProverOptions& prover)
{
    BOWLINE_TRY(const auto image, zkvm::imageFromElf(bench::fileOf(BOWLINE_BINARY_DIR "/guests/" + guest)));
    const auto& keys = proven::pinnedKeys();
    if (!keys.ok()) return keys.error();
    proving::ProvingOptions options;
    options.prover = prover;
    options.shardInstructions = instructions;
    options.shapes = {keys->shapes().at(3)};
    BOWLINE_TRY(const auto program, proving::PreparedProgram::make(image, options.parameters, prover));
    BOWLINE_TRY(const auto machine,
                zkvm::Machine::create(image, base::toBytes(base::viewOf(input)), options.machine));
    zkvm::MemoryTree tree = program->tree();
    Shards out;
    for (int i = 0; i < 2; ++i) {
        BOWLINE_TRY(const auto executed, proving::executeShard(*program, *machine, tree, options));
        Shard shard;
        BOWLINE_TRY(shard.proof, stark::prove(program->key(), executed.witness.traces,
                                              executed.statement.publicValues(), prover));
        shard.span = {executed.statement, program->commitment().tables, program->commitment().programLog, {}};
        out.all.push_back(std::move(shard));
    }
    out.key = program->key().verifying();
    out.shape = {program->commitment().programLog, out.all[0].proof.heights, options.parameters};
    return out;
}

std::size_t rowsOf(const recursion::Program& program)
{
    std::size_t out = 0;
    for (const auto& op : program.rows) out += op.blocks();
    return out;
}
std::size_t stepsOf(const recursion::Program& program)
{
    std::size_t out = 0;
    for (const auto& op : program.paths) out += op.steps.size();
    return out;
}

void printOperations(const std::string& what, const recursion::Program& p)
{
    std::printf("  \"%s_operations\": {\"words\": %zu, \"alu\": %zu, \"lanes\": %zu, \"bits\": %zu, "
                "\"permutes\": %zu, "
                "\"rows\": %zu, \"paths\": %zu},\n",
                what.c_str(), p.words.size(), p.alu.size(), p.lanes.size(), p.bits.size(), p.permutes.size(),
                rowsOf(p), stepsOf(p));
}

// All programs that join two proofs of the release's forms.
bool printJoins()
{
    for (const auto& left : aggregate::kForms) {
        for (const auto& right : aggregate::kForms) {
            const auto program = aggregate::joinProgram(left, right);
            if (!program.ok()) return false;
            const auto name = [](const recursion::MachineForm& form) {
                return std::string(form.heights == aggregate::kLiftForm.heights       ? "lift"
                                   : form.heights == aggregate::kWideLiftForm.heights ? "wide_lift"
                                                                                      : "join");
            };
            printOperations("join_of_" + name(left) + "_and_" + name(right), *program);
        }
    }
    return true;
}

void printForm(const std::string& what, const recursion::Machine& machine)
{
    std::size_t cells = 0;
    for (const stark::Chip& chip : machine.key().system().chips) {
        const std::size_t width =
            chip.constraints.width + chip.constraints.logUpWidth() + stark::kQuotientWidth;
        cells += width << chip.preprocessed.log;
        const std::string name = what + "_" + chip.name;
        std::printf("  \"%s_log_rows\": %u,\n  \"%s_columns\": %zu,\n  \"%s_preprocessed\": %zu,\n",
                    name.c_str(), chip.preprocessed.log, name.c_str(), width, name.c_str(),
                    chip.constraints.preprocessedWidth);
    }
    std::printf("  \"%s_cells\": %zu,\n", what.c_str(), cells);
}

// Executes and proves, and prints what each takes.
template <typename Execute>
std::optional<stark::Proof> proveTimed(const char* what, const recursion::Machine& machine,
                                       const Execute& executed, const stark::ProverOptions& options)
{
    std::optional<stark::Proof> proof;
    double execute = 0;
    double fill = 0;
    double processor = 0;
    const double wall = secondsOf([&] {
        processor = processorSecondsOf([&] {
            std::optional<recursion::Execution> execution;
            execute = processorSecondsOf([&] {
                auto result = executed();
                if (result.ok()) execution = std::move(result).value();
            });
            std::optional<stark::Traces> traces;
            fill = processorSecondsOf([&] {
                if (execution) traces = machine.traces(*execution, options);
            });
            if (!traces) return;
            auto proven = stark::prove(machine.key(), *traces, execution->publicValues, options);
            if (proven.ok()) proof = std::move(proven).value();
        });
    });
    if (!proof) return proof;
    std::printf("  \"%s_execute_processor_seconds\": %.2f,\n  \"%s_fill_processor_seconds\": %.2f,\n"
                "  \"%s_seconds\": %.2f,\n  \"%s_processor_seconds\": %.2f,\n  \"%s_bytes\": %zu,\n",
                what, execute, what, fill, what, wall, what, processor, what,
                stark::encode(machine.key().verifying(), *proof).size());
    return proof;
}

bool verifyTimed(const char* what, const std::vector<field::Element>& values, const stark::Proof& proof,
                 const stark::VerifyingKey& key)
{
    const base::Bytes bytes = stark::encode(key, proof);
    bool accepted = true;
    double verify = 1e9;
    for (int i = 0; i < 5; ++i) {
        verify = std::min(verify, processorSecondsOf([&] {
                              accepted = accepted && stark::verify(key, values, bytes).ok();
                          }));
    }
    std::printf("  \"verify_%s_milliseconds\": %.2f,\n", what, verify * 1e3);
    return accepted;
}

// As a worker lifts shard after shard: with the memory of the one before.
bool runWarm(const aggregate::Lift& lift, const Shard& shard, const field::DigestWords& keySet,
             const stark::ProverOptions& options)
{
    constexpr int kLifts = 5;
    const field::CellsReuse reuse;
    aggregate::Span span = shard.span;
    span.keySet = keySet;
    std::vector<double> seconds;
    std::vector<double> processor;
    for (int i = 0; i <= kLifts; ++i) {
        bool proven = false;
        double used = 0;
        const double passed = secondsOf([&] {
            used = processorSecondsOf([&] {
                const auto execution = lift.execute(span, shard.proof);
                proven = execution.ok() && lift.machine().prove(*execution, options).ok();
            });
        });
        if (!proven) return false;
        if (i == 0) continue; // has nothing to reuse
        seconds.push_back(passed);
        processor.push_back(used);
    }
    std::sort(seconds.begin(), seconds.end());
    std::sort(processor.begin(), processor.end());
    std::printf("  \"warm_lift_seconds\": %.2f,\n  \"warm_lift_most_seconds\": %.2f,\n"
                "  \"warm_lift_processor_seconds\": %.2f,\n",
                seconds[kLifts / 2], seconds.back(), processor[kLifts / 2]);
    return true;
}

// A batch behind the genesis. The batch's proof is by a program that proves anything, of the joins' form: what the chain does
// is the same for each.
bool runChain(const stark::ProverOptions& options)
{
    std::unique_ptr<aggregate::Chain> chain;
    const double make = secondsOf([&] {
        auto made = aggregate::Chain::make({}, options);
        if (made.ok()) chain = std::move(made).value();
    });
    if (!chain) return false;
    printOperations("chain", chain->program());
    std::printf("  \"make_chain_seconds\": %.2f,\n", make);
    const auto genesis = aggregate::Genesis::make(
        test::stateOf(test::statementOf(0), aggregate::programOf(test::startOf(test::kOld))),
        aggregate::kChainForm, options);
    if (!genesis.ok()) return false;
    const test::Anything batches(aggregate::Span::kValues, aggregate::kJoinForm);
    const auto keys = aggregate::KeySet::make(
        {batches.machine.key().verifying().digest, chain->key().digest, (*genesis)->key().digest});
    if (!keys.ok()) return false;
    const auto first = (*genesis)->prove(keys->root(), chain->key().digest, options);
    if (!first.ok()) return false;
    const auto batch = test::batchOf(test::statementOf(1), keys->root(), batches);
    auto proof = proveTimed(
        "chain", chain->machine(), [&] { return chain->execute(*keys, *first, batch); }, options);
    const auto state = aggregate::advanced(first->state, batch);
    return proof && state.ok() && verifyTimed("chain", state->publicValues(), *proof, chain->key());
}

int run(const Shards& shards, const stark::ProverOptions& options)
{
    std::unique_ptr<aggregate::Lift> lift;
    std::unique_ptr<aggregate::Join> join;
    const double makeLift = secondsOf([&] {
        auto made = aggregate::Lift::make(shards.shape, aggregate::kWideLiftForm, options);
        if (made.ok()) lift = std::move(made).value();
    });
    const double makeJoin = secondsOf([&] {
        auto made = aggregate::Join::make(
            {aggregate::kWideLiftForm, aggregate::kWideLiftForm, aggregate::kJoinForm}, options);
        if (made.ok()) join = std::move(made).value();
    });
    if (!lift || !join) return 1;
    printForm("lift", lift->machine());
    printForm("join", join->machine());
    printOperations("lift", lift->program());
    if (!printJoins()) return 1;
    std::printf("  \"make_seconds\": %.2f,\n  \"make_join_seconds\": %.2f,\n", makeLift, makeJoin);
    const auto keys = aggregate::KeySet::make({lift->key().digest, join->key().digest});
    if (!keys.ok()) return 1;
    std::vector<aggregate::SpanProof> lifts;
    for (std::size_t i = 0; i < 2; ++i) {
        aggregate::Span span = shards.all[i].span;
        span.keySet = keys->root();
        auto proof = proveTimed(
            i == 0 ? "lift" : "second_lift", lift->machine(),
            [&] { return lift->execute(span, shards.all[i].proof); }, options);
        if (!proof) return 1;
        lifts.push_back({span, *lift->key().preprocessed, std::move(*proof)});
    }
    if (!runWarm(*lift, shards.all[0], keys->root(), options)) return 1;
    const auto whole = aggregate::joined(lifts[0].span, lifts[1].span);
    if (!whole.ok()) return 1;
    auto proof = proveTimed(
        "join", join->machine(), [&] { return join->execute(*keys, lifts[0], lifts[1]); }, options);
    if (!proof) return 1;
    const aggregate::SpanProof both{*whole, *join->key().preprocessed, std::move(*proof)};
    const bool accepted = verifyTimed("lift", lifts[0].span.publicValues(), lifts[0].proof, lift->key()) &&
                          verifyTimed("join", both.span.publicValues(), both.proof, join->key()) &&
                          runChain(options);
    const auto report = stark::soundness(aggregate::kJoinForm.parameters,
                                         stark::ProofBounds::of(join->key(), both.proof.heights));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("  \"proven_bits_unique\": %.1f,\n  \"proven_bits_johnson\": %.1f,\n  \"accepted\": %s,\n"
                "  \"peak_rss_mib\": %ld\n}\n",
                report.unique, report.johnson, accepted ? "true" : "false", usage.ru_maxrss / 1024);
    return accepted ? 0 : 1;
}
} // namespace

int main(int argc, char** argv)
{
    stark::ProverOptions options;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t instructions = argc > 1 ? std::stoull(argv[1]) : std::uint64_t{1} << 20U;
    const auto shards = firstShards("fibonacci", "1000000", instructions, options);
    if (!shards.ok()) return std::fprintf(stderr, "%s\n", shards.error().detail.c_str()), 1;
    std::printf("{\n  \"benchmark\": \"recursion\",\n  \"threads\": %u,\n  \"core_bytes\": %zu,\n",
                options.threads, stark::encode(shards->key, shards->all[0].proof).size());
    return run(*shards, options);
}
