// SPDX-License-Identifier: MIT
// Any bytes as an ELF program: what loads lies within its bounds, has an image that is read back, and runs for a
// while without leaving them.
#include "core/zkvm/elf.h"
#include "core/zkvm/machine.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto program = zkvm::parseElf(input, zkvm::kMemoryBegin, BOWLINE_ARENA_BASE);
    if (!program.ok()) return 0;
    // A file says how long its segments are, but only its own bytes may cost memory.
    if (program->pages.size() > size + 1 || program->end > BOWLINE_ARENA_BASE) std::abort();
    const auto image = zkvm::imageFromElf(input);
    if (!image.ok()) std::abort();
    const auto again = zkvm::Image::parse(image->serialize());
    if (!again.ok() || again->serialize() != image->serialize()) std::abort();
    zkvm::MachineOptions options;
    options.maxPages = 512;
    const auto machine = zkvm::Machine::create(*image, base::toBytes(input), options);
    if (!machine.ok()) return 0; // refused instructions, or more pages than allowed here
    static_cast<void>((*machine)->run(20'000));
    if ((*machine)->memory().pageCount() > options.maxPages || (*machine)->registers()[0] != 0) std::abort();
    return 0;
}
