// SPDX-License-Identifier: MIT
// Signed batches and bodies: no bytes crash the parser, and what it takes has one encoding.
#include "core/l2/batch.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto batch = parseSignedBatch(input);
    if (batch.ok() && batch->encode() != base::toBytes(input)) std::abort();
    const auto body = parseBatchBody(input);
    if (body.ok() && body->encode() != base::toBytes(input)) std::abort();
    return 0;
}
