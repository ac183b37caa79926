// SPDX-License-Identifier: MIT
// The last layer: what wrapping the lift of one shard costs, how large the wrapped proof is, and how long who checks it takes on
// each back end. Prints JSON. `bench_wrap --verify KEY FILE [TIMES]` is what it starts to time the verification alone.
#include "core/aggregate/lift.h"
#include "core/aggregate/wrap.h"
#include "core/field/cells.h"
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/bench/first_shard.h"
#include "tests/bench/timing.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <sys/resource.h>

using namespace bowline;
using bench::processorSecondsOf;
using bench::secondsOf;

namespace {
// What the key is made of, as numbers.
void writeKey(const aggregate::WrapKey& key, const std::string& path)
{
    std::ofstream out(path);
    out << key.publicValues << '\n';
    for (const unsigned log : key.heights) out << log << ' ';
    for (const field::Element x : key.columns) out << x.value() << ' ';
}
aggregate::WrapKey readKey(const std::string& path)
{
    std::ifstream in(path);
    aggregate::WrapKey out;
    in >> out.publicValues;
    for (unsigned& log : out.heights) in >> log;
    for (field::Element& x : out.columns) {
        std::uint32_t word = 0;
        in >> word;
        x = field::Element::from(word);
    }
    return out;
}

// Prints milliseconds of processor time for a verification, decoding included: of the first one, which asks the system for its
// memory, and the least of many.
int verifyMany(const std::string& keyFile, const std::string& file, int times)
{
    const auto key = aggregate::verifyingKeyOf(readKey(keyFile));
    if (!key.ok()) return 1;
    const base::Bytes bytes = bench::fileOf(file);
    double first = 0;
    double best = 1e9;
    for (int i = 0; i < times; ++i) {
        bool accepted = false;
        const double seconds =
            processorSecondsOf([&] { accepted = aggregate::verifyWrapped(*key, bytes).ok(); });
        if (i == 0) first = seconds;
        best = std::min(best, seconds);
        if (!accepted) return 1;
    }
    std::printf("%.3f %.3f\n", first * 1e3, best * 1e3);
    return 0;
}

struct Milliseconds {
    double first = -1;
    double best = -1;
};

Milliseconds millisecondsOf(const std::string& self, const std::string& backend, const std::string& key,
                            const std::string& file)
{
    const std::string command =
        "BOWLINE_FIELD_BACKEND=" + backend + " '" + self + "' --verify '" + key + "' '" + file + "'";
    std::FILE* pipe = popen(command.c_str(), "r");
    Milliseconds out;
    if (pipe == nullptr) return out;
    const bool read = std::fscanf(pipe, "%lf %lf", &out.first, &out.best) == 2;
    return pclose(pipe) == 0 && read ? out : Milliseconds{};
}

void printLayer(const char* name, const recursion::Machine& machine)
{
    std::size_t cells = 0;
    stark::Heights heights;
    std::printf("  \"%s_log_rows\": [", name);
    for (const stark::Chip& chip : machine.key().system().chips) {
        const unsigned log = chip.preprocessed.log;
        heights.emplace_back(log);
        cells += (chip.constraints.width + chip.constraints.logUpWidth() + stark::kQuotientWidth +
                  chip.constraints.preprocessedWidth)
                 << log;
        std::printf("%s%u", heights.size() > 1 ? ", " : "", log);
    }
    const stark::VerifyingKey& key = machine.key().verifying();
    const auto report = stark::soundness(key.parameters, stark::ProofBounds::of(key, heights));
    std::printf("],\n  \"%s_cells\": %zu,\n  \"%s_blowup\": %u,\n  \"%s_queries\": %u,\n"
                "  \"%s_proven_bits_johnson\": %.1f,\n  \"%s_proven_bits_unique\": %.1f,\n",
                name, cells << key.parameters.logBlowup, name, 1U << key.parameters.logBlowup, name,
                key.parameters.queries, name, report.johnson, name, report.unique);
    std::fprintf(stderr, "%s", report.table(name).c_str());
}

struct Timed {
    double wall = 0;
    double processor = 0;
    double caller =
        0; // processor time of this thread alone: what the clock would say if nobody else used the machine
};
double callerSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}
template <typename Fn>
Timed timed(const Fn& fn)
{
    Timed out;
    const double begin = callerSeconds();
    out.wall = secondsOf([&] { out.processor = processorSecondsOf(fn); });
    out.caller = callerSeconds() - begin;
    return out;
}
} // namespace

int main(int argc, char** argv)
{
    if (argc >= 4 && std::string(argv[1]) == "--verify")
        return verifyMany(argv[2], argv[3], argc > 4 ? std::atoi(argv[4]) : 50);
    const field::CellsReuse reuse; // as whoever proves one thing after the other has
    stark::ProverOptions options;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t instructions = argc > 1 ? std::stoull(argv[1]) : std::uint64_t{1} << 20U;
    const auto shard = bench::firstShard("fibonacci", "1000000", instructions, options);
    if (!shard.ok()) return 1;
    const auto lift =
        aggregate::Lift::make({shard->span.programLog, shard->proof.heights, stark::kCoreParameters},
                              aggregate::kWideLiftForm, options);
    if (!lift.ok()) return 1;
    const auto inner = (*lift)->prove(shard->span, shard->proof, options);
    if (!inner.ok()) return 1;

    std::unique_ptr<aggregate::Wrap> wrap;
    const Timed make = timed([&] {
        auto made =
            aggregate::Wrap::make((*lift)->key(), inner->proof.heights, aggregate::kWrapParameters, options);
        if (made.ok()) wrap = std::move(made).value();
    });
    if (!wrap) return 1;
    const std::vector<field::Element> values = shard->span.publicValues();
    std::printf("{\n  \"benchmark\": \"wrap\",\n  \"threads\": %u,\n", options.threads);
    printLayer("first", wrap->first());
    printLayer("last", wrap->last());
    std::optional<stark::Proof> first;
    const Timed firstTime = timed([&] {
        auto proven = wrap->proveFirst(values, inner->proof, options);
        if (proven.ok()) first = std::move(proven).value();
    });
    if (!first) return 1;
    base::Bytes file;
    const Timed lastTime = timed([&] {
        auto proven = wrap->proveLast(values, *first, options);
        if (proven.ok()) file = std::move(proven).value();
    });
    if (file.empty()) return 1;

    const std::string folder = std::filesystem::temp_directory_path().string() + "/bench_wrap";
    writeKey(wrap->wrapKey(), folder + ".key");
    std::ofstream(folder + ".proof", std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
    for (const char* backend : {"avx512", "avx2", "portable"}) {
        const Milliseconds taken = millisecondsOf(argv[0], backend, folder + ".key", folder + ".proof");
        std::printf("  \"verify_milliseconds_%s\": %.3f,\n  \"verify_first_milliseconds_%s\": %.3f,\n",
                    backend, taken.best, backend, taken.first);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("  \"make_seconds\": %.2f,\n  \"first_seconds\": %.2f,\n"
                "  \"first_processor_seconds\": %.2f,\n  \"first_bytes\": %zu,\n  \"last_seconds\": %.2f,\n"
                "  \"last_processor_seconds\": %.2f,\n  \"wrap_seconds\": %.2f,\n"
                "  \"wrap_processor_seconds\": %.2f,\n  \"wrap_seconds_of_one_thread\": %.2f,\n  "
                "\"wrapped_bytes\": %zu,\n  \"peak_rss_mib\": %ld\n}\n",
                make.wall, firstTime.wall, firstTime.processor,
                stark::encode(wrap->first().key().verifying(), *first).size(), lastTime.wall,
                lastTime.processor, firstTime.wall + lastTime.wall, firstTime.processor + lastTime.processor,
                firstTime.caller + lastTime.caller, file.size(), usage.ru_maxrss / 1024);
    return 0;
}
