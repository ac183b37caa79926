// SPDX-License-Identifier: MIT
// A batch of the real program from its input to one proof of the chain, by the functions that provers run: each stage's time,
// bytes, and in the end the wrapped proof, checked. An empty batch behind the genesis, and one of 100 transfers, up to the proof of
// its execution: what the chain adds to it is the same for each. With arguments the batches of these names instead of the latter
// (bench_stf has the names; none: "-"). "--provers N" before them: that many provers share each batch's tasks, as those of one
// machine or of several do. Prints JSON.
#include "core/field/cells.h"
#include "core/prover/verifier.h"
#include "core/stf/pins.h"
#include "tests/bench/timing.h"
#include "tests/unit/stf/batches.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
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

/// A prover keeps what it has made.
using Provers = std::vector<std::unique_ptr<prover::ProofMaker>>;

/// The tasks of one batch behind its plan. A prover takes the first one whose inputs are there: joins before lifts before
/// shards, so that what is made is used up.
class Tasks {
public:
    using Work = std::function<prover::Bytes(prover::ProofMaker&, const std::vector<prover::Bytes>&)>;

    std::size_t add(std::string name, std::vector<std::size_t> needs, Work work)
    {
        m_all.push_back({std::move(name), std::move(needs), std::move(work), {}, State::Waits});
        return m_all.size() - 1;
    }
    void run(Provers& provers)
    {
        std::vector<std::thread> threads;
        for (auto& maker : provers) threads.emplace_back([this, &maker] { runOne(*maker); });
        for (std::thread& thread : threads) thread.join();
    }
    [[nodiscard]] const prover::Bytes& resultOf(std::size_t task) const { return m_all.at(task).result; }

private:
    enum class State : std::uint8_t { Waits, Runs, Done };
    struct Task {
        std::string name;
        std::vector<std::size_t> needs;
        Work work;
        prover::Bytes result;
        State state;
    };

    [[nodiscard]] bool isReady(const Task& task) const
    {
        return task.state == State::Waits &&
               std::all_of(task.needs.begin(), task.needs.end(),
                           [this](std::size_t i) { return m_all[i].state == State::Done; });
    }
    [[nodiscard]] bool isOver() const
    {
        return std::none_of(m_all.begin(), m_all.end(),
                            [](const Task& task) { return task.state == State::Waits; });
    }
    void runOne(prover::ProofMaker& maker)
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            // Tasks that were added later lie further up.
            const auto found = std::find_if(m_all.rbegin(), m_all.rend(),
                                            [this](const Task& task) { return isReady(task); });
            if (found == m_all.rend()) {
                if (isOver()) return;
                m_changed.wait(lock);
                continue;
            }
            Task& task = *found;
            task.state = State::Runs;
            std::vector<prover::Bytes> inputs;
            for (const std::size_t i : task.needs) inputs.push_back(m_all[i].result);
            lock.unlock();
            prover::Bytes result;
            const double seconds = bench::secondsOf([&] { result = task.work(maker, inputs); });
            lock.lock();
            std::printf("  \"%s_seconds\": %.2f,\n  \"%s_bytes\": %zu,\n", task.name.c_str(), seconds,
                        task.name.c_str(), result.size());
            std::fflush(stdout);
            task.result = std::move(result);
            task.state = State::Done;
            m_changed.notify_all();
        }
    }

    std::vector<Task> m_all; // does not grow while they run
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

/// All stages up to the last join.
Proven proveBatch(const std::string& name, const prover::PreparedProgram& program, Provers& provers,
                  const prover::Bytes& frame, const stark::ProverOptions& options)
{
    const prover::Cut cut = must(prover::Cut::pinned());
    Proven out;
    const prover::Bytes plan =
        timed(name + "_execute", [&] { return must(prover::execute(program, frame, cut)); });
    out.plan = must(prover::decodePlan(plan));
    print(name + "_shards", static_cast<double>(out.plan.shards.size()));
    print(name + "_instructions", static_cast<double>(out.plan.instructions()));
    Tasks tasks;
    std::vector<std::size_t> row;
    for (std::uint32_t i = 0; i < out.plan.shards.size(); ++i)
        row.push_back(tasks.add(name + "_shard_" + std::to_string(i), {}, [&, i](auto&, const auto&) {
            return must(prover::proveShard(program, frame, out.plan, i, cut, options));
        }));
    for (std::uint32_t i = 0; i < row.size(); ++i)
        row[i] = tasks.add(name + "_lift_" + std::to_string(i), {i}, [&, i](auto& maker, const auto& inputs) {
            return must(maker.lift(out.plan, i, inputs[0]));
        });
    for (int level = 1; row.size() > 1; ++level) {
        std::vector<std::size_t> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2)
            above.push_back(tasks.add(
                name + "_join_" + std::to_string(level) + '_' + std::to_string(i / 2), {row[i], row[i + 1]},
                [](auto& maker, const auto& inputs) { return must(maker.join(inputs[0], inputs[1])); }));
        if (row.size() % 2 == 1) above.push_back(row.back());
        row = std::move(above);
    }
    timed(name + "_proofs", [&] {
        tasks.run(provers);
        return true;
    });
    out.whole = tasks.resultOf(row.front());
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
    std::vector<std::string> names(argv + 1, argv + argc);
    std::size_t count = 1;
    if (names.size() >= 2 && names[0] == "--provers") {
        count = std::stoul(names[1]);
        names.erase(names.begin(), names.begin() + 2);
    }
    std::printf("{\n  \"benchmark\": \"batch\",\n  \"provers\": %zu,\n", count);
    const stf::ImageProgramPtr image = test::imageStf();
    const test::Layer layer;
    const auto program = timed("prepare", [&] {
        return must(prover::PreparedProgram::make(image->image(), stark::kCoreParameters, options));
    });
    const auto id = must(stf::pinOf(bitcoin::Network::Regtest)).id;
    const prover::ProofNetwork network = timed(
        "network", [&] { return must(prover::ProofNetwork::make(*proven::pinnedKeys(), layer.params, id)); });
    const field::CellsReuse reuse; // as a worker that goes from task to task
    Provers provers;
    for (std::size_t i = 0; i < count; ++i)
        provers.push_back(std::make_unique<prover::ProofMaker>(network, options));
    g_seconds = g_processor = 0;
    if (names.empty()) names = {"transfers-100"};
    for (const auto& [name, batchFrame] : test::framesOfEachKind()) {
        if (std::find(names.begin(), names.end(), name) == names.end()) continue;
        std::string figure = name;
        std::replace(figure.begin(), figure.end(), '-', '_');
        static_cast<void>(proveBatch(figure, *program, provers, batchFrame, options));
        printTotals(figure);
    }
    const prover::Bytes frame = test::frameOf(layer, layer.bodyWith({}));
    const Proven batch = proveBatch("empty", *program, provers, frame, options);
    prover::ProofMaker& maker = *provers.front();
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
