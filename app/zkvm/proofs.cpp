// SPDX-License-Identifier: MIT
// The commands about proofs: prove, verify, inspect, bench.
#include "app/zkvm/commands.h"
#include "app/zkvm/files.h"
#include "app/zkvm/programs.h"
#include "core/proving/prover.h"
#include "core/proving/verifier.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include <sys/resource.h>

namespace bowline::zkvm_cli {

namespace json = boost::json;

namespace {

class Stopwatch {
public:
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
    }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

[[nodiscard]] long peakMebibytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

// Of a shard's tables, what the prover holds for each cell at once: the columns, twice as many points, and the tree.
constexpr std::uint64_t kBytesOfCell = 16;
constexpr std::uint64_t kLeastMebibytes = 64;

[[nodiscard]] base::Result<proving::ProvingOptions> provingOptions(const Arguments& arguments)
{
    const std::uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
    BOWLINE_TRY(const std::uint64_t threads, arguments.number("threads", cores));
    BOWLINE_TRY(const std::uint64_t mebibytes, arguments.number("memory", 2048));
    if (threads == 0 || threads > 256) return base::makeError(kUsage, "--threads takes 1 to 256");
    if (mebibytes < kLeastMebibytes) return base::makeError(kUsage, "--memory takes at least 64 MiB");
    proving::ProvingOptions out;
    out.prover.threads = static_cast<unsigned>(threads);
    out.prover.cancel = interruptFlag();
    // A quarter is the guest's, half the tables'; the rest is the program's own table and what comes and goes.
    out.machine.maxPages = std::min<std::uint64_t>(mebibytes / 4, 1024) * ((1U << 20U) / zkvm::kPageBytes);
    out.shardCells = mebibytes * (1U << 20U) / 2 / kBytesOfCell;
    out.memory = mebibytes << 20U;
    return out;
}

// What no proof can have more of than an execution alone shows, before any work is spent on it.
[[nodiscard]] base::Result<std::uint64_t> countInstructions(const zkvm::Image& image,
                                                            const base::Bytes& input,
                                                            const zkvm::MachineOptions& options,
                                                            std::uint64_t limit)
{
    BOWLINE_TRY(const auto machine, zkvm::Machine::create(image, input, options));
    zkvm::NullTracer tracer;
    BOWLINE_TRY(const zkvm::Stop stop, runInterruptibly(*machine, limit, tracer));
    if (stop.reason != zkvm::StopReason::Halted) return stopError(stop, *machine);
    return machine->cycles();
}

// One line, written over itself, on a terminal or not.
void showProgress(const proving::Progress& progress, std::uint64_t total, double seconds)
{
    const auto done = static_cast<double>(progress.provenInstructions);
    const double rate = seconds > 0 ? done / seconds : 0;
    std::fprintf(stderr, "\r%5.1f %%  %zu shards  %.0f kHz", 100 * done / static_cast<double>(total),
                 progress.shards, rate / 1000);
    if (rate > 0) std::fprintf(stderr, "  %.0f s left ", (static_cast<double>(total) - done) / rate);
    std::fflush(stderr);
}

struct Proven {
    base::Bytes file;
    field::FieldDigest id;
    std::uint64_t instructions = 0;
    std::size_t shards = 0;
    std::uint32_t exitCode = 0;
    double seconds = 0;        // executing and proving
    double prepareSeconds = 0; // what is done once for a program
};

[[nodiscard]] base::Result<Proven> proveFile(const Arguments& arguments)
{
    BOWLINE_TRY(proving::ProvingOptions options, provingOptions(arguments));
    BOWLINE_TRY(options.maxInstructions, arguments.number("limit", options.maxInstructions));
    BOWLINE_TRY(const zkvm::Image image, readImage(arguments));
    BOWLINE_TRY(base::Bytes input, readInput(arguments));
    BOWLINE_TRY(const std::uint64_t total,
                countInstructions(image, input, options.machine, options.maxInstructions));
    if (proving::preparingBytes(image) > options.memory)
        return base::makeError(proving::kTooLittleMemory, "the program has too much code for --memory");
    const Stopwatch preparing;
    const auto prepared = proving::PreparedProgram::make(image, options.parameters, options.prover);
    if (!prepared.ok())
        return prepared.error().code == stark::kCanceled ? interruptedError() : prepared.error();
    const proving::PreparedProgram& program = **prepared;
    Proven out;
    out.prepareSeconds = preparing.seconds();
    const Stopwatch watch;
    const bool shows = arguments.has("progress");
    options.progress = [&](const proving::Progress& progress) {
        if (shows) showProgress(progress, total, watch.seconds());
        return !wasInterrupted();
    };
    const auto proof = proving::proveExecution(program, std::move(input), options);
    if (shows) std::fprintf(stderr, "\n");
    if (!proof.ok()) {
        if (proof.error().code == proving::kCanceled) return interruptedError();
        return proof.error();
    }
    out.seconds = watch.seconds();
    out.file = proof->encode();
    out.id = proof->program.id();
    out.instructions = proof->instructions();
    out.shards = proof->shards.size();
    out.exitCode = proof->shards.back().statement.exitCode;
    return out;
}

void report(json::object& out, const Proven& proven)
{
    out["id"] = proven.id.hex();
    out["exit_code"] = proven.exitCode;
    out["cycles"] = proven.instructions;
    out["shards"] = proven.shards;
    out["prepare_seconds"] = proven.prepareSeconds;
    out["seconds"] = proven.seconds;
    out["khz"] = static_cast<double>(proven.instructions) / proven.seconds / 1000;
    out["rss_mib"] = peakMebibytes();
    out["proof_bytes"] = proven.file.size();
}

[[nodiscard]] base::Result<field::FieldDigest> idArgument(const Arguments& arguments)
{
    BOWLINE_TRY(const std::string text, arguments.value("id"));
    const auto bytes = base::fromHex(text);
    if (!bytes.ok() || bytes->size() != 32)
        return base::makeError(kUsage, "--id takes 64 hexadecimal digits");
    field::FieldDigest out;
    std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
    return out;
}

struct Checked {
    proving::Verified verified;
    double milliseconds = 0;    // the proof alone
    double keyMilliseconds = 0; // its key, made once for a program
};

[[nodiscard]] base::Result<Checked> check(base::ByteView file, const field::FieldDigest& id)
{
    const Stopwatch preparing;
    BOWLINE_TRY(const proving::ExecutionProof proof, proving::ExecutionProof::decode(file));
    BOWLINE_TRY(const stark::VerifyingKey key,
                proving::verifyingKeyOf(proof.program, stark::kCoreParameters));
    Checked out;
    out.keyMilliseconds = preparing.seconds() * 1000;
    const Stopwatch watch;
    BOWLINE_TRY(out.verified, proving::verifyExecution(proof, id, key));
    out.milliseconds = watch.seconds() * 1000;
    return out;
}

} // namespace

CommandResult proveCommand(const Arguments& arguments)
{
    BOWLINE_TRY(const std::string output, arguments.value("output"));
    BOWLINE_TRY(const Proven proven, proveFile(arguments));
    BOWLINE_CHECK(writeFile(output, proven.file));
    Report out;
    report(out.json, proven);
    return out;
}

CommandResult verifyCommand(const Arguments& arguments)
{
    BOWLINE_TRY(const field::FieldDigest id, idArgument(arguments));
    BOWLINE_TRY(const std::uint64_t exitCode, arguments.number("exit-code", 0));
    BOWLINE_TRY(const std::string path, arguments.file());
    BOWLINE_TRY(const base::Bytes file, readFile(path));
    BOWLINE_TRY(const Checked checked, check(file, id));
    if (checked.verified.exitCode != exitCode)
        return base::makeError(proving::kRejected, "the program ended with exit code " +
                                                       std::to_string(checked.verified.exitCode));
    if (arguments.has("journal")) {
        BOWLINE_TRY(const std::string journalPath, arguments.value("journal"));
        BOWLINE_TRY(const base::Bytes expected, readFile(journalPath));
        if (expected != checked.verified.journal)
            return base::makeError(proving::kRejected, "other public values than those of --journal");
    }
    Report out;
    out.json["verified"] = true;
    out.json["id"] = id.hex();
    out.json["exit_code"] = checked.verified.exitCode;
    out.json["cycles"] = checked.verified.instructions;
    out.json["journal"] = base::toHex(checked.verified.journal);
    out.json["key_milliseconds"] = checked.keyMilliseconds;
    out.json["milliseconds"] = checked.milliseconds;
    return out;
}

CommandResult inspectCommand(const Arguments& arguments)
{
    BOWLINE_TRY(const std::string path, arguments.file());
    BOWLINE_TRY(const base::Bytes file, readFile(path));
    BOWLINE_TRY(const proving::ExecutionProof proof, proving::ExecutionProof::decode(file));
    BOWLINE_TRY(const stark::VerifyingKey key,
                proving::verifyingKeyOf(proof.program, stark::kCoreParameters));
    Report out;
    out.json["verified"] = false; // looked at, not checked
    out.json["id"] = proof.program.id().hex();
    out.json["kernel_version"] = proof.program.kernelVersion;
    out.json["cycles"] = proof.instructions();
    out.json["exit_code"] = proof.shards.back().statement.exitCode;
    out.json["journal"] = base::toHex(proof.journal);
    out.json["proof_bytes"] = file.size();
    json::array shards;
    for (const proving::ShardProof& shard : proof.shards) {
        BOWLINE_TRY(const stark::Proof inner, stark::decode(key, shard.proof));
        json::object rows;
        for (std::size_t i = 0; i < inner.heights.size(); ++i) {
            if (inner.heights[i]) rows[key.chips[i].name] = std::uint64_t{1} << *inner.heights[i];
        }
        shards.push_back(json::object{{"cycles", shard.statement.instructions()},
                                      {"proof_bytes", shard.proof.size()},
                                      {"rows", std::move(rows)}});
    }
    out.json["shards"] = std::move(shards);
    return out;
}

CommandResult benchCommand(const Arguments& arguments)
{
    BOWLINE_TRY(const Proven proven, proveFile(arguments));
    Checked best;
    for (int i = 0; i < 5; ++i) {
        BOWLINE_TRY(const Checked checked, check(proven.file, proven.id));
        if (i == 0 || checked.milliseconds < best.milliseconds) best = checked;
    }
    Report out;
    report(out.json, proven);
    out.json["verify_milliseconds"] = best.milliseconds;
    out.json["key_milliseconds"] = best.keyMilliseconds;
    return out;
}

} // namespace bowline::zkvm_cli
