// SPDX-License-Identifier: MIT
#include "core/zkvm/program.h"

namespace bowline::zkvm {

Result<Snapshot> takeSnapshot(const Image& image, std::uint64_t limit, MachineOptions options)
{
    options.stopBeforeHint = true;
    BOWLINE_TRY(const auto machine, Machine::create(image, {}, std::move(options)));
    const Stop stop = machine->run(limit);
    switch (stop.reason) {
    case StopReason::BeforeHint: return Snapshot{machine->image(), machine->cycles()};
    case StopReason::Halted:
        return base::makeError(kNoSnapshot, "the program ends without reading its input");
    case StopReason::Limit:
        return base::makeError(kNoSnapshot, "the limit was reached before the input is read");
    case StopReason::OutOfMemory: return base::makeError(kTooLarge, "more memory than allowed");
    case StopReason::Fault: break;
    }
    return base::makeError(kNoSnapshot,
                           "fault before the input is read: " + std::string(faultName(stop.fault)));
}

} // namespace bowline::zkvm
