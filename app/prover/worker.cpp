// SPDX-License-Identifier: MIT
#include "app/prover/worker.h"

#include "app/prover/child.h"
#include "core/prover/proofs.h"
#include "core/stf/image_program.h"
#include "core/tasks/service.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <new>
#include <system_error>

namespace bowline::prover_app {

using base::Bytes;
using base::makeError;
using base::Status;
using base::success;
using tasks::Kind;

namespace {

/// Whichever thread it was that found no memory, for its data or for another thread's stack.
[[noreturn]] void onTerminate()
{
    try {
        if (std::current_exception()) std::rethrow_exception(std::current_exception());
    } catch (const std::bad_alloc&) {
        std::fputs("prover-worker: out of memory\n", stderr);
        std::_Exit(kOutOfMemory);
    } catch (const std::system_error& error) {
        std::fprintf(stderr, "prover-worker: %s\n", error.what());
        if (error.code() == std::errc::resource_unavailable_try_again) std::_Exit(kOutOfMemory);
    } catch (...) {
        std::fputs("prover-worker: an unknown exception\n", stderr);
    }
    std::abort();
}

/// Of an execution or a shard.
Result<Bytes> executed(const WorkerOptions& options, const std::vector<Bytes>& needs,
                       const stark::ProverOptions& prover)
{
    BOWLINE_TRY(const base::Digest digest, base::Digest::fromHex(options.imageDigest));
    BOWLINE_TRY(const stf::ImageProgramPtr image, stf::ImageProgram::open(options.image, digest));
    BOWLINE_TRY(Bytes input, readFile(options.input, tasks::kMaxResult));
    BOWLINE_TRY(const auto program,
                prover::PreparedProgram::make(image->image(), stark::kCoreParameters, prover));
    BOWLINE_TRY(const prover::Cut cut, prover::Cut::pinned());
    if (options.kind == Kind::Execute) return prover::execute(*program, std::move(input), cut);
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(needs.at(0)));
    return prover::proveShard(*program, std::move(input), plan, options.place, cut, prover);
}

/// Of what is above a shard.
Result<Bytes> aggregated(const WorkerOptions& options, const std::vector<Bytes>& needs,
                         const stark::ProverOptions& prover)
{
    const auto& keys = proven::pinnedKeys();
    if (!keys.ok()) return keys.error();
    BOWLINE_TRY(const Bytes told, base::fromHex(options.network));
    BOWLINE_TRY(prover::ProofNetwork network, prover::ProofNetwork::decode(*keys, told));
    prover::ProofMaker maker(std::move(network), prover);
    if (options.kind == Kind::Join) return maker.join(needs.at(0), needs.at(1));
    if (options.kind == Kind::Wrap) return maker.wrap(needs.at(0));
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(needs.at(0)));
    if (options.kind == Kind::Lift) return maker.lift(plan, options.place, needs.at(1));
    const auto before = needs.size() > 2 ? std::optional<base::ByteView>(needs[2]) : std::nullopt;
    return maker.chain(plan, before, needs.at(1));
}

std::size_t leastNeeds(Kind kind)
{
    switch (kind) {
    case Kind::Execute: return 0;
    case Kind::Shard:
    case Kind::Wrap: return 1;
    case Kind::Lift:
    case Kind::Join:
    case Kind::Chain: return 2;
    }
    return 0;
}

Result<Bytes> resultOf(const WorkerOptions& options)
{
    if (options.needs.size() < leastNeeds(options.kind)) return makeError(kUsage, "--needs is missing");
    stark::ProverOptions prover;
    prover.threads = options.threads;
    std::vector<Bytes> needs;
    for (const std::string& path : options.needs) {
        BOWLINE_TRY(Bytes bytes, readFile(path, tasks::kMaxResult));
        needs.push_back(std::move(bytes));
    }
    const bool isExecuted = options.kind == Kind::Execute || options.kind == Kind::Shard;
    return isExecuted ? executed(options, needs, prover) : aggregated(options, needs, prover);
}
} // namespace

Result<Bytes> readFile(const std::string& path, std::size_t limit)
{
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0 || static_cast<std::size_t>(size) > limit) return makeError(kCannotRead, path);
    Bytes out(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(out.data()), size); // NOLINT(*-reinterpret-cast)
    if (!in) return makeError(kCannotRead, path);
    return out;
}

Status writeFile(const std::string& path, base::ByteView bytes)
{
    const std::string temporary = path + ".new";
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(bytes.data()), // NOLINT(*-reinterpret-cast)
              static_cast<std::streamsize>(bytes.size()));
    out.close();
    std::error_code failure;
    if (out) std::filesystem::rename(temporary, path, failure);
    if (!out || failure) return makeError(kCannotWrite, path);
    return success();
}

Status work(const WorkerOptions& options)
{
    BOWLINE_TRY(const Bytes result, resultOf(options));
    return writeFile(options.output, result);
}

int runWorker(const std::vector<std::string>& arguments)
{
    // When the machine is out of memory the kernel is to end this process before any other.
    std::ofstream("/proc/self/oom_score_adj") << "1000";
    std::set_terminate(&onTerminate);
    const auto options = parseWorker(arguments);
    const Status done = options.ok() ? work(*options) : Status(options.error());
    if (done.ok()) return 0;
    const std::string code(done.error().code.name());
    std::fprintf(stderr, "prover-worker: %s: %s\n", code.c_str(), done.error().detail.c_str());
    return options.ok() ? 1 : 2;
}

} // namespace bowline::prover_app
