// SPDX-License-Identifier: MIT
// Derivation paths: what parses is formatted to a path that parses to the same steps.
#include "core/keys/bip32.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto path = keys::parsePath(std::string(data, data + size));
    if (!path.ok()) return 0;
    const auto again = keys::parsePath(keys::formatPath(*path));
    if (!again.ok() || *again != *path || path->size() > keys::kMaxDepth) std::abort();
    return 0;
}
