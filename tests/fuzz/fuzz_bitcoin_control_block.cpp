// SPDX-License-Identifier: MIT
// Any bytes as a taproot control block and script: accepted ones are written back byte for byte.
#include "core/bitcoin/taproot.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto control = bitcoin::parseControlBlock(input);
    if (!control) return 0;
    const base::Bytes written = control->serialize();
    if (!std::equal(written.begin(), written.end(), input.begin(), input.end())) std::abort();
    static_cast<void>(bitcoin::checkTaprootCommitment(control->internalKey, *control, input));
    return 0;
}
