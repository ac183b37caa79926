// SPDX-License-Identifier: MIT
// `bowlined --role prover-measure`: how fast this machine proves, in a few seconds and without a node.
//
// What is proven is the shortest execution of the network's own program: it is given nothing and refuses it. That has the
// tables of a batch's shard, with fewer rows. The time is put in relation to that of a batch by kBatchEffort.
#pragma once

#include "app/prover/options.h"

namespace bowline::prover_app {

/// The processor time of all tasks of a batch of one transfer (execute, shard, lift, chain, wrap), over that of this
/// measurement; docs/proving-service.md says where it comes from.
inline constexpr double kBatchEffort = 14;

struct Measured {
    double seconds = 0; // by the clock: preparing the program, and the proof
    unsigned threads = 0;
    [[nodiscard]] double batchesAnHour() const { return 3600 / (seconds * kBatchEffort); }
};
[[nodiscard]] Result<Measured> measure(const MeasureOptions& options);

/// What main() returns for this role. The figures go to the file of --output, as JSON: seconds, threads, batches_an_hour.
[[nodiscard]] int runMeasure(const std::vector<std::string>& arguments);

} // namespace bowline::prover_app
