// SPDX-License-Identifier: MIT
// The recursion machine: what a lift of one shard of 2^20 instructions costs. Rows of its tables, seconds, bytes, and the
// proven bits at these heights. Prints JSON.
#include "core/aggregate/lift.h"
#include "core/recursion/witness.h"
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/bench/first_shard.h"
#include "tests/bench/timing.h"

#include <cstdio>
#include <string>
#include <thread>

#include <sys/resource.h>

using namespace bowline;
using bench::processorSecondsOf;
using bench::secondsOf;

namespace {
std::size_t permutationsOf(const recursion::Program& program)
{
    std::size_t out = program.permutes.size();
    for (const auto& op : program.rows) out += op.blocks();
    for (const auto& op : program.paths) out += op.steps.size();
    return out;
}

void printRows(const aggregate::Lift& lift)
{
    std::size_t cells = 0;
    const stark::System& system = lift.machine().key().system();
    for (const stark::Chip& chip : system.chips) {
        const std::size_t width =
            chip.constraints.width + chip.constraints.logUpWidth() + stark::kQuotientWidth;
        cells += width << chip.preprocessed.log;
        std::printf("  \"%s_log_rows\": %u,\n  \"%s_columns\": %zu,\n  \"%s_preprocessed\": %zu,\n",
                    chip.name.c_str(), chip.preprocessed.log, chip.name.c_str(), width, chip.name.c_str(),
                    chip.constraints.preprocessedWidth);
    }
    const recursion::Program& p = lift.program();
    std::size_t rows = 0;
    for (const auto& op : p.rows) rows += op.blocks();
    const std::size_t all = permutationsOf(p);
    std::printf(
        "  \"words\": %zu,\n  \"alu\": %zu,\n  \"lanes\": %zu,\n  \"bits\": %zu,\n  \"permutes\": %zu,\n"
        "  \"rows\": %zu,\n  \"paths\": %zu,\n  \"permutations\": %zu,\n  \"cells\": %zu,\n",
        p.words.size(), p.alu.size(), p.lanes.size(), p.bits.size(), p.permutes.size(), rows,
        all - rows - p.permutes.size(), all, cells);
}
} // namespace

int main(int argc, char** argv)
{
    stark::ProverOptions options;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t instructions = argc > 1 ? std::stoull(argv[1]) : std::uint64_t{1} << 20U;
    const auto shard = bench::firstShard("fibonacci", "1000000", instructions, options);
    if (!shard.ok()) return 1;
    std::printf("{\n  \"benchmark\": \"recursion\",\n  \"threads\": %u,\n  \"core_bytes\": %zu,\n",
                options.threads, stark::encode(shard->key, shard->proof).size());
    std::unique_ptr<aggregate::Lift> lift;
    const double make = secondsOf([&] {
        auto made =
            aggregate::Lift::make({shard->span.programLog, shard->proof.heights, stark::kCoreParameters},
                                  stark::kRecursionParameters, options);
        if (made.ok()) lift = std::move(made).value();
    });
    if (!lift) return 1;
    printRows(*lift);
    std::optional<stark::Proof> proof;
    double execute = 0;
    double fill = 0;
    double wall = 0;
    double processor = 0;
    wall = secondsOf([&] {
        processor = processorSecondsOf([&] {
            std::optional<recursion::Execution> execution;
            execute = processorSecondsOf([&] {
                auto executed = lift->execute(shard->span, shard->proof);
                if (executed.ok()) execution = std::move(executed).value();
            });
            std::optional<stark::Traces> traces;
            fill = processorSecondsOf([&] {
                if (execution) traces = lift->machine().traces(*execution, options);
            });
            if (!traces) return;
            auto proven = stark::prove(lift->machine().key(), *traces, execution->publicValues, options);
            if (proven.ok()) proof = std::move(proven).value();
        });
    });
    if (!proof) return 1;
    const base::Bytes bytes = stark::encode(lift->key(), *proof);
    bool accepted = true;
    double verify = 1e9;
    for (int i = 0; i < 5; ++i) {
        verify = std::min(verify, processorSecondsOf([&] {
                              accepted = accepted &&
                                         stark::verify(lift->key(), shard->span.publicValues(), bytes).ok();
                          }));
    }
    // What a join would have to do for each of its two.
    const auto shape = stark::Shape::make(lift->key(), proof->heights);
    if (!shape.ok()) return 1;
    const auto verifier = recursion::verifierProgram(lift->key(), *shape);
    if (!verifier.ok()) return 1;
    std::printf("  \"permutations_to_verify_a_lift\": %zu,\n  \"alu_to_verify_a_lift\": %zu,\n",
                permutationsOf(*verifier), verifier->alu.size());
    const auto report =
        stark::soundness(stark::kRecursionParameters, stark::ProofBounds::of(lift->key(), proof->heights));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("  \"make_seconds\": %.2f,\n  \"lift_execute_processor_seconds\": %.2f,\n"
                "  \"lift_fill_processor_seconds\": %.2f,\n  \"lift_seconds\": %.2f,\n"
                "  \"lift_processor_seconds\": %.2f,\n  \"lift_bytes\": %zu,\n"
                "  \"verify_lift_milliseconds\": %.2f,\n  \"proven_bits_unique\": %.1f,\n"
                "  \"proven_bits_johnson\": %.1f,\n  \"accepted\": %s,\n  \"peak_rss_mib\": %ld\n}\n",
                make, execute, fill, wall, processor, bytes.size(), verify * 1e3, report.unique,
                report.johnson, accepted ? "true" : "false", usage.ru_maxrss / 1024);
    return accepted ? 0 : 1;
}
