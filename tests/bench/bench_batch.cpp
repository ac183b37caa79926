// SPDX-License-Identifier: MIT
// A batch of the real program from its input to one proof of the chain, by the functions that provers run: each stage's time,
// bytes, and in the end the wrapped proof, checked. An empty batch behind the genesis, and one of 100 transfers, up to the proof of
// its execution: what the chain adds to it is the same for each. With arguments the batches of these names instead of the latter
// (bench_stf has the names; none: "-"). Prints JSON.
#include "core/field/cells.h"
#include "core/prover/verifier.h"
#include "core/stf/pins.h"
#include "tests/bench/timing.h"
#include "tests/unit/stf/batches.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <thread>

#include <sys/resource.h>

using namespace bowline;
using test::must;

namespace {
double g_seconds = 0;
double g_processor = 0;

template <typename Fn>
auto timed(const std::string& name, const Fn& fn)
{
    std::optional<decltype(fn())> out;
    double processor = 0;
    const double seconds =
        bench::secondsOf([&] { processor = bench::processorSecondsOf([&] { out.emplace(fn()); }); });
    std::printf("  \"%s_seconds\": %.2f,\n  \"%s_processor_seconds\": %.2f,\n", name.c_str(), seconds,
                name.c_str(), processor);
    std::fflush(stdout);
    g_seconds += seconds;
    g_processor += processor;
    return std::move(*out);
}

void print(const std::string& name, double value) { std::printf("  \"%s\": %.3f,\n", name.c_str(), value); }

struct Proven {
    prover::ExecutionProof plan;
    prover::Bytes whole; // the last join's
};

/// All stages up to the last join, shard after shard, by one process that keeps what it has made.
Proven proveBatch(const std::string& name, const prover::PreparedProgram& program, prover::ProofMaker& maker,
                  const prover::Bytes& frame, const stark::ProverOptions& options)
{
    const prover::Cut cut = must(prover::Cut::pinned());
    Proven out;
    const prover::Bytes plan =
        timed(name + "_execute", [&] { return must(prover::execute(program, frame, cut)); });
    out.plan = must(prover::decodePlan(plan));
    print(name + "_shards", static_cast<double>(out.plan.shards.size()));
    print(name + "_instructions", static_cast<double>(out.plan.instructions()));
    std::vector<prover::Bytes> row;
    for (std::uint32_t i = 0; i < out.plan.shards.size(); ++i) {
        const std::string place = name + "_shard_" + std::to_string(i);
        const prover::Bytes shard =
            timed(place, [&] { return must(prover::proveShard(program, frame, out.plan, i, cut, options)); });
        print(place + "_bytes", static_cast<double>(shard.size()));
        row.push_back(
            timed(name + "_lift_" + std::to_string(i), [&] { return must(maker.lift(out.plan, i, shard)); }));
    }
    for (int level = 1; row.size() > 1; ++level) {
        std::vector<prover::Bytes> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2)
            above.push_back(timed(name + "_join_" + std::to_string(level) + '_' + std::to_string(i / 2),
                                  [&] { return must(maker.join(row[i], row[i + 1])); }));
        if (row.size() % 2 == 1) above.push_back(row.back());
        row = std::move(above);
    }
    out.whole = row.front();
    return out;
}

void printTotals(const std::string& name)
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    print(name + "_total_seconds", g_seconds);
    print(name + "_total_processor_seconds", g_processor);
    print(name + "_peak_mib", static_cast<double>(usage.ru_maxrss) / 1024);
    g_seconds = g_processor = 0;
}
} // namespace

int main(int argc, char** argv)
{
    stark::ProverOptions options;
    options.threads = 2;
    std::printf("{\n  \"benchmark\": \"batch\",\n");
    const stf::ImageProgramPtr image = test::imageStf();
    const test::Layer layer;
    const auto program = timed("prepare", [&] {
        return must(prover::PreparedProgram::make(image->image(), stark::kCoreParameters, options));
    });
    const auto id = must(stf::pinOf(bitcoin::Network::Regtest)).id;
    const prover::ProofNetwork network = timed(
        "network", [&] { return must(prover::ProofNetwork::make(*proven::pinnedKeys(), layer.params, id)); });
    const field::CellsReuse reuse; // as a worker that goes from task to task
    prover::ProofMaker maker(network, options);
    g_seconds = g_processor = 0;
    std::vector<std::string> names(argv + 1, argv + argc);
    if (names.empty()) names = {"transfers-100"};
    for (const auto& [name, batchFrame] : test::framesOfEachKind()) {
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        std::string figure = name;
        std::replace(figure.begin(), figure.end(), '-', '_');
        static_cast<void>(proveBatch(figure, *program, maker, batchFrame, options));
        printTotals(figure);
    }
    const prover::Bytes frame = test::frameOf(layer, layer.bodyWith({}));
    const Proven batch = proveBatch("empty", *program, maker, frame, options);
    const prover::Bytes chain =
        timed("empty_chain", [&] { return must(maker.chain(batch.plan, std::nullopt, batch.whole)); });
    const prover::Bytes wrapped = timed("empty_wrap", [&] { return must(maker.wrap(chain)); });
    printTotals("empty");
    print("wrapped_bytes", static_cast<double>(wrapped.size()));
    const auto checker = must(proven::ChainChecker::make(layer.params));
    bool isAccepted = true;
    double best = 1e9;
    for (int i = 0; i < 20; ++i)
        best = std::min(best, bench::processorSecondsOf(
                                  [&] { isAccepted = isAccepted && checker->check(wrapped).ok(); }));
    std::printf("  \"check_milliseconds\": %.2f\n}\n", best * 1e3);
    return isAccepted ? 0 : 1;
}
