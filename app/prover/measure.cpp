// SPDX-License-Identifier: MIT
#include "app/prover/measure.h"

#include "app/prover/worker.h"
#include "core/net/jsonrpc.h"
#include "core/prover/work.h"
#include "core/tasks/service.h"

#include <chrono>
#include <cstdio>

namespace bowline::prover_app {

namespace json = net::json;
using base::Bytes;
using base::Status;

Result<Measured> measure(const MeasureOptions& options)
{
    BOWLINE_TRY(const Bytes file, readFile(options.stfImage, tasks::kMaxResult));
    BOWLINE_TRY(const zkvm::Image image, zkvm::Image::parse(file));
    stark::ProverOptions prover;
    prover.threads = options.threads;
    const auto begun = std::chrono::steady_clock::now();
    BOWLINE_TRY(const auto program, prover::PreparedProgram::make(image, stark::kCoreParameters, prover));
    BOWLINE_TRY(const prover::Cut cut, prover::Cut::pinned());
    BOWLINE_TRY(const Bytes planBytes, prover::execute(*program, {}, cut));
    BOWLINE_TRY(const prover::ExecutionProof plan, prover::decodePlan(planBytes));
    BOWLINE_CHECK(prover::proveShard(*program, {}, plan, 0, cut, prover));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    return Measured{took.count(), options.threads};
}

int runMeasure(const std::vector<std::string>& arguments)
{
    const auto run = [](const MeasureOptions& options) -> Status {
        BOWLINE_TRY(const Measured measured, measure(options));
        return writeFile(options.output, base::viewOf(json::serialize(
                                             json::object{{"seconds", measured.seconds},
                                                          {"threads", measured.threads},
                                                          {"batches_an_hour", measured.batchesAnHour()}})));
    };
    const auto options = parseMeasure(arguments);
    const Status done = options.ok() ? run(*options) : Status(options.error());
    if (done.ok()) return 0;
    const std::string code(done.error().code.name());
    std::fprintf(stderr, "prover-measure: %s: %s\n", code.c_str(), done.error().detail.c_str());
    return options.ok() ? 1 : 2;
}

} // namespace bowline::prover_app
