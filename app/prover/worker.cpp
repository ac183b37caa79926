// SPDX-License-Identifier: MIT
#include "app/prover/worker.h"

#include "app/prover/child.h"
#include "core/field/cells.h"
#include "core/proving/memory.h"
#include "core/tasks/service.h"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <system_error>

#include <sys/resource.h>

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

stark::ProverOptions proverOptions(const WorkerOptions& options)
{
    stark::ProverOptions out;
    out.threads = options.threads;
    return out;
}

// Beside what is kept: what docs/proving-service.md measured, with some room.
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
std::uint64_t needOf(Kind kind)
{
    return (kind == Kind::Execute ? 512 : kind == Kind::Lift ? 2600 : 1600) * kMebibyte;
}

std::uint64_t memoryLimit()
{
    rlimit limit{};
    return ::getrlimit(RLIMIT_DATA, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/// Of --serve.
int serve()
{
    const field::CellsReuse reuse;
    Workbench bench;
    for (std::string line; std::getline(std::cin, line);) {
        boost::system::error_code failure;
        const boost::json::value parsed = boost::json::parse(line, failure);
        std::vector<std::string> arguments;
        if (!failure && parsed.is_array()) {
            for (const boost::json::value& item : parsed.get_array())
                arguments.push_back(item.is_string() ? std::string(item.get_string()) : std::string());
        }
        const auto options = parseWorker(arguments);
        const Status done = options.ok() ? bench.work(*options) : Status(options.error());
        std::string answer =
            done.ok() ? "" : std::string(done.error().code.name()) + ' ' + done.error().detail;
        std::replace(answer.begin(), answer.end(), '\n', ' ');
        std::printf("%s\n", answer.c_str());
        std::fflush(stdout);
    }
    return 0;
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

void Workbench::makeRoom(const WorkerOptions& options)
{
    const std::uint64_t limit = memoryLimit();
    const auto isTight = [&] { return proving::residentBytes() + needOf(options.kind) > limit; };
    if (!isTight()) return;
    const bool isExecuted = options.kind == Kind::Execute || options.kind == Kind::Shard;
    if (!isExecuted) m_program.reset();
    if (isTight() && m_maker) m_maker->forget();
}

/// Of an execution or a shard.
Result<Bytes> Workbench::executed(const WorkerOptions& options, const std::vector<Bytes>& needs)
{
    const stark::ProverOptions prover = proverOptions(options);
    if (!m_image || m_imageDigest != options.imageDigest) {
        m_program.reset();
        BOWLINE_TRY(const base::Digest digest, base::Digest::fromHex(options.imageDigest));
        BOWLINE_TRY(m_image, stf::ImageProgram::open(options.image, digest));
        m_imageDigest = options.imageDigest;
    }
    if (!m_program) {
        BOWLINE_TRY(m_program,
                    prover::PreparedProgram::make(m_image->image(), stark::kCoreParameters, prover));
    }
    BOWLINE_TRY(Bytes input, readFile(options.input, tasks::kMaxResult));
    BOWLINE_TRY(const prover::Cut cut, prover::Cut::pinned());
    if (options.kind == Kind::Execute) return prover::execute(*m_program, std::move(input), cut);
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(needs.at(0)));
    return prover::proveShard(*m_program, std::move(input), plan, options.place, cut, prover);
}

/// Of what is above a shard.
Result<Bytes> Workbench::aggregated(const WorkerOptions& options, const std::vector<Bytes>& needs)
{
    if (!m_maker || m_network != options.network) {
        const auto& keys = proven::pinnedKeys();
        if (!keys.ok()) return keys.error();
        BOWLINE_TRY(const Bytes told, base::fromHex(options.network));
        BOWLINE_TRY(prover::ProofNetwork network, prover::ProofNetwork::decode(*keys, told));
        m_maker.emplace(std::move(network), proverOptions(options));
        m_network = options.network;
    }
    if (options.kind == Kind::Join) return m_maker->join(needs.at(0), needs.at(1));
    if (options.kind == Kind::Wrap) return m_maker->wrap(needs.at(0));
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(needs.at(0)));
    if (options.kind == Kind::Lift) return m_maker->lift(plan, options.place, needs.at(1));
    const auto before = needs.size() > 2 ? std::optional<base::ByteView>(needs[2]) : std::nullopt;
    return m_maker->chain(plan, before, needs.at(1));
}

Result<Bytes> Workbench::resultOf(const WorkerOptions& options)
{
    if (options.needs.size() < leastNeeds(options.kind)) return makeError(kUsage, "--needs is missing");
    std::vector<Bytes> needs;
    for (const std::string& path : options.needs) {
        BOWLINE_TRY(Bytes bytes, readFile(path, tasks::kMaxResult));
        needs.push_back(std::move(bytes));
    }
    makeRoom(options);
    const bool isExecuted = options.kind == Kind::Execute || options.kind == Kind::Shard;
    return isExecuted ? executed(options, needs) : aggregated(options, needs);
}

Status Workbench::work(const WorkerOptions& options)
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
    if (options.ok() && options->serves) return serve();
    const Status done = options.ok() ? Workbench().work(*options) : Status(options.error());
    if (done.ok()) return 0;
    const std::string code(done.error().code.name());
    std::fprintf(stderr, "prover-worker: %s: %s\n", code.c_str(), done.error().detail.c_str());
    return options.ok() ? 1 : 2;
}

} // namespace bowline::prover_app
