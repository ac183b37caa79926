// SPDX-License-Identifier: MIT
// Statements (public values): no bytes crash the parser, and what it takes has one encoding.
#include "core/l2/statement.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto statement = parseStatement(input);
    if (statement.ok() && statement->encode() != base::toBytes(input)) std::abort();
    return 0;
}
