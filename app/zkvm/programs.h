// SPDX-License-Identifier: MIT
// What the commands that execute have in common.
#pragma once

#include "app/zkvm/arguments.h"
#include "core/zkvm/machine_run.h"

#include <atomic>

namespace bowline::zkvm_cli {

/// Whether a signal asked to stop.
[[nodiscard]] bool wasInterrupted();
/// The same for those who look themselves.
[[nodiscard]] const std::atomic<bool>* interruptFlag();

/// The program named on the command line, ELF or image.
[[nodiscard]] base::Result<zkvm::Image> readImage(const Arguments& arguments);
/// The file of --input, or nothing.
[[nodiscard]] base::Result<base::Bytes> readInput(const Arguments& arguments);

/// Why an execution that did not halt is no result.
[[nodiscard]] base::Error stopError(const zkvm::Stop& stop, const zkvm::Machine& machine);

[[nodiscard]] base::Error interruptedError();

/// Until it stops or a signal comes.
template <typename Tracer>
base::Result<zkvm::Stop> runInterruptibly(zkvm::Machine& machine, std::uint64_t limit, Tracer& tracer)
{
    // Between two looks at Ctrl-C: a tenth of a second or so.
    constexpr std::uint64_t kSlice = 20'000'000;
    while (true) {
        const std::uint64_t left = limit - machine.cycles();
        const zkvm::Stop stop = machine.run(std::min(left, kSlice), tracer);
        if (wasInterrupted()) return interruptedError();
        if (stop.reason != zkvm::StopReason::Limit || machine.cycles() >= limit) return stop;
    }
}

} // namespace bowline::zkvm_cli
