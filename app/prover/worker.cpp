// SPDX-License-Identifier: MIT
#include "app/prover/worker.h"

#include "core/base/child_process.h"
#include "core/prover/work.h"
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
        std::_Exit(base::kOutOfMemory);
    } catch (const std::system_error& error) {
        std::fprintf(stderr, "prover-worker: %s\n", error.what());
        if (error.code() == std::errc::resource_unavailable_try_again) std::_Exit(base::kOutOfMemory);
    } catch (...) {
        std::fputs("prover-worker: an unknown exception\n", stderr);
    }
    std::abort();
}

Result<std::unique_ptr<prover::PreparedProgram>> prepare(const zkvm::Image& image,
                                                         const stark::ProverOptions& options)
{
    return prover::PreparedProgram::make(image, stark::kCoreParameters, options);
}

Result<Bytes> resultOf(const WorkerOptions& options)
{
    stark::ProverOptions prover;
    prover.threads = options.threads;
    if (options.kind == Kind::Lift) {
        BOWLINE_TRY(const Bytes planBytes, readFile(options.plan, tasks::kMaxResult));
        BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(planBytes));
        BOWLINE_TRY(const Bytes proof, readFile(options.proof, tasks::kMaxResult));
        return prover::liftShard(plan, options.place, proof, prover);
    }
    if (!tasks::contains(prover::kCanDo, options.kind))
        return makeError(prover::kNoSuchWork, std::string(tasks::kindName(options.kind)));
    BOWLINE_TRY(const base::Digest digest, base::Digest::fromHex(options.imageDigest));
    BOWLINE_TRY(const stf::ImageProgramPtr image, stf::ImageProgram::open(options.image, digest));
    BOWLINE_TRY(Bytes input, readFile(options.input, tasks::kMaxResult));
    BOWLINE_TRY(const auto program, prepare(image->image(), prover));
    if (options.kind == Kind::Execute) return prover::execute(*program, std::move(input), {});
    BOWLINE_TRY(const Bytes planBytes, readFile(options.plan, tasks::kMaxResult));
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(planBytes));
    return prover::proveShard(*program, std::move(input), plan, options.place, {}, prover);
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
