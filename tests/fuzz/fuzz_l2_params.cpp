// SPDX-License-Identifier: MIT
// Network parameters in both forms: the canonical encoding and network.json.
#include "core/l2/params.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto params = parseParams(input);
    if (params.ok() && params->encode() != base::toBytes(input)) std::abort();
    const std::string_view text(reinterpret_cast<const char*>(data), size); // NOLINT(*-reinterpret-cast)
    const auto network = parseNetworkJson(text);
    if (network.ok() && !parseNetworkJson(toNetworkJson(*network)).ok()) std::abort();
    return 0;
}
