// SPDX-License-Identifier: MIT
// `bowlined --role prover-measure`: how fast this machine proves, in a few seconds and without a node.
//
// What is proven is the first shard of the shortest execution of the network's own program: it is given nothing and refuses it.
// Shards are filled up to pinned shapes, so that costs about what a batch's shard does. The rest of a batch is put to
// it by kBatchEffort.
#pragma once

#include "app/prover/options.h"

namespace bowline::prover_app {

/// The processor time of all tasks of a batch of one payment (an execution, two shards, two lifts, a join, a chain, a wrap), over
/// that of this measurement. Measured: docs/proving-service.md.
inline constexpr double kBatchEffort = 9;

struct Measured {
    double seconds = 0; // by the clock: preparing the program, and the proof
    unsigned threads = 0;
    [[nodiscard]] double batchesAnHour() const { return 3600 / (seconds * kBatchEffort); }
};
[[nodiscard]] Result<Measured> measure(const MeasureOptions& options);

/// What main() returns for this role. The figures go to the file of --output, as JSON: seconds, threads, batches_an_hour.
[[nodiscard]] int runMeasure(const std::vector<std::string>& arguments);

} // namespace bowline::prover_app
