// SPDX-License-Identifier: MIT
// The machine without tracing and with it, on the examples built for it, and the memory tree. Prints JSON.
#include "core/zkvm/machine_run.h"
#include "core/zkvm/program.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

using namespace bowline;

namespace {

template <typename Fn>
double secondsOf(const Fn& fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

base::Bytes guest(const std::string& name)
{
    std::ifstream in(std::string(BOWLINE_BINARY_DIR) + "/guests/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Run {
    std::uint64_t cycles = 0;
    double seconds = 0;
    bool good = false;

    [[nodiscard]] double millionsPerSecond() const { return static_cast<double>(cycles) / seconds / 1e6; }
};

// The best of several, since other work shares the machine.
template <typename Tracer>
Run bestOf(int times, const zkvm::Image& image, const std::string& input)
{
    Run best;
    for (int i = 0; i < times; ++i) {
        Tracer tracer;
        auto machine = zkvm::Machine::create(image, base::toBytes(base::viewOf(input)), {});
        if (!machine.ok()) return {};
        zkvm::Stop stop;
        const double seconds = secondsOf([&] { stop = (*machine)->run(std::uint64_t{1} << 40U, tracer); });
        const bool good = stop.reason == zkvm::StopReason::Halted && stop.exitCode == 0;
        if (!good) return {};
        if (i == 0 || seconds < best.seconds) best = {(*machine)->cycles(), seconds, good};
    }
    return best;
}

} // namespace

int main()
{
    const auto fibonacci = zkvm::imageFromElf(guest("fibonacci"));
    const auto garbage = zkvm::imageFromElf(guest("garbage"));
    const auto chain = zkvm::imageFromElf(guest("sha256chain"));
    if (!fibonacci.ok() || !garbage.ok() || !chain.ok()) return 1;
    constexpr int kTimes = 3;
    const Run loop = bestOf<zkvm::NullTracer>(kTimes, *fibonacci, "20000000");
    const Run collector = bestOf<zkvm::NullTracer>(kTimes, *garbage, "");
    const Run hashes = bestOf<zkvm::NullTracer>(kTimes, *chain, "");
    const Run counted = bestOf<zkvm::OpcodeCounter>(kTimes, *garbage, "");
    if (!loop.good || !collector.good || !hashes.good || !counted.good) return 1;

    field::FieldDigest root;
    const double rootSeconds = secondsOf([&] { root = zkvm::rootOf(*garbage); });
    if (root.isZero()) return 1;
    std::printf("{\n  \"benchmark\": \"zkvm\",\n"
                "  \"executor_fibonacci_million_instructions_per_second\": %.1f,\n"
                "  \"executor_garbage_million_instructions_per_second\": %.1f,\n"
                "  \"executor_sha256chain_million_instructions_per_second\": %.1f,\n"
                "  \"executor_counting_million_instructions_per_second\": %.1f,\n"
                "  \"garbage_cycles\": %llu,\n  \"sha256chain_cycles\": %llu,\n"
                "  \"memory_root_milliseconds\": %.1f\n}\n",
                loop.millionsPerSecond(), collector.millionsPerSecond(), hashes.millionsPerSecond(),
                counted.millionsPerSecond(), static_cast<unsigned long long>(collector.cycles),
                static_cast<unsigned long long>(hashes.cycles), 1e3 * rootSeconds);
    return 0;
}
