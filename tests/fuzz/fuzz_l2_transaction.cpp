// SPDX-License-Identifier: MIT
// Layer-2 transactions: no bytes crash the parser, and what it takes has one encoding.
#include "core/l2/transaction.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto transaction = parseTransaction(input);
    if (transaction.ok() && transaction->encode() != base::toBytes(input)) std::abort();
    if (transaction.ok() && transaction->hash() != hashOfEncoded(input)) std::abort();
    return 0;
}
