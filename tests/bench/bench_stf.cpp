// SPDX-License-Identifier: MIT
// The state transition on a batch of each kind: instructions and time of its image in the machine, and the time of the
// same source compiled for this machine, as a child process. Prints JSON. With a folder as argument it writes the inputs
// there, for bowline-zkvm run and prove; with --heights it prints the tables' heights of all shards instead, for who
// chooses shapes to fill them up to.
#include "core/proving/prover.h"
#include "tests/unit/stf/batches.h"

#include <chrono>
#include <cstdio>
#include <fstream>

using namespace bowline;
using namespace bowline::test;

namespace {
// The best of some, since other programs are on the machine.
template <typename Fn>
double bestSeconds(int times, const Fn& fn)
{
    double best = 1e9;
    for (int i = 0; i < times; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        fn();
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

void write(const std::string& path, const Bytes& bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}
// A batch's shards as they are cut to be chained: of 2^20 instructions at most, two at least.
std::vector<proving::RecordedShard> shardsOf(const proving::PreparedProgram& program, const Bytes& frame)
{
    proving::ProvingOptions options;
    const auto first = must(zkvm::Machine::create(program.image(), frame, options.machine));
    static_cast<void>(first->run(~std::uint64_t{0}));
    const std::uint64_t n = first->cycles();
    const std::uint64_t count = std::max<std::uint64_t>(2, (n + (1U << 20U) - 1) >> 20U);
    options.shardInstructions = (n + count - 1) / count;
    const auto machine = must(zkvm::Machine::create(program.image(), frame, options.machine));
    std::vector<proving::RecordedShard> out;
    do {
        out.push_back(must(proving::recordShard(program, *machine, options)));
        out.back().record = {}; // of which there could be many
    } while (!out.back().statement.halted);
    return out;
}

std::string textOf(const stark::Heights& heights)
{
    std::string out;
    for (const auto& height : heights)
        out += (out.empty() ? "" : " ") + (height ? std::to_string(*height) : std::string("-"));
    return out;
}

int printHeights(const proving::PreparedProgram& program)
{
    const proving::MemoryPlan plan(program.tables(), program.key().verifying(), proving::kUnlimited);
    for (const auto& [name, frame] : framesOfEachKind()) {
        for (const auto& shard : shardsOf(program, frame)) {
            std::printf("%s %llu: %s\n", name.c_str(),
                        static_cast<unsigned long long>(shard.statement.instructions()),
                        textOf(*plan.heightsOf(shard.rows)).c_str());
            std::fflush(stdout); // it takes minutes on a busy machine
        }
    }
    return 0;
}
} // namespace

int main(int argc, char** argv)
{
    const stf::ImageProgramPtr image = imageStf();
    if (argc > 1 && std::string(argv[1]) == "--heights") {
        const auto program = must(proving::PreparedProgram::make(image->image(), stark::kCoreParameters, {}));
        return printHeights(*program);
    }
    const StfProgramPtr native = nativeStf();
    const char* separator = "";
    std::printf("{\n  \"benchmark\": \"stf\",\n  \"batches\": {");
    for (const auto& [name, frame] : framesOfEachKind()) {
        if (argc > 1) write(std::string(argv[1]) + '/' + name, frame);
        stf::ImageProgram::Measured measured;
        const double seconds = bestSeconds(3, [&] { measured = must(image->measure(frame)); });
        ProgramOutput output;
        const double child = bestSeconds(3, [&] { output = must(native->run(frame)); });
        if (output != measured.output || output.exitCode != 0) return 1;
        std::printf(
            "%s\n    \"%s\": {\"cycles\": %llu, \"image_milliseconds\": %.2f, \"native_milliseconds\": %.2f, "
            "\"memory_mib\": %.1f, \"input_bytes\": %zu}",
            separator, name.c_str(), static_cast<unsigned long long>(measured.cycles), 1e3 * seconds,
            1e3 * child, static_cast<double>(measured.memoryPages) / 256, frame.size());
        separator = ",";
    }
    std::printf("\n  }\n}\n");
    return 0;
}
