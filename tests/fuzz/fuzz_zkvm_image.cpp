// SPDX-License-Identifier: MIT
// Any bytes as an image file: an accepted one is written back byte for byte, and runs for a while.
#include "core/zkvm/machine.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto image = zkvm::Image::parse(input);
    if (!image.ok()) return 0;
    const base::Bytes written = image->serialize();
    if (!std::equal(written.begin(), written.end(), input.begin(), input.end())) std::abort();
    zkvm::MachineOptions options;
    options.maxPages = 512;
    const auto machine = zkvm::Machine::create(*image, {}, options);
    if (!machine.ok()) return 0;
    static_cast<void>((*machine)->run(20'000));
    if ((*machine)->memory().pageCount() > options.maxPages || (*machine)->registers()[0] != 0) std::abort();
    return 0;
}
