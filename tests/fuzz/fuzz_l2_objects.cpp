// SPDX-License-Identifier: MIT
// Objects of the state: the first byte chooses the kind; what a parser takes has one encoding.
#include "core/l2/objects.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::l2;

namespace {
template <typename T>
void roundTrip(const Result<T>& object, base::ByteView input)
{
    if (object.ok() && object->encode() != base::toBytes(input)) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const base::ByteView input(data + 1, size - 1);
    switch (static_cast<ObjectKind>(data[0])) {
    case ObjectKind::Account: roundTrip(parseAccount(input), input); break;
    case ObjectKind::L1View: roundTrip(parseL1View(input), input); break;
    case ObjectKind::L1Block: (void)parseL1Block(input); break;
    case ObjectKind::Vault: roundTrip(parseVault(input), input); break;
    case ObjectKind::Withdrawal: roundTrip(parseWithdrawal(input), input); break;
    case ObjectKind::Operator: roundTrip(parseOperator(input), input); break;
    case ObjectKind::Payment: (void)parsePayment(input); break;
    case ObjectKind::Counters: roundTrip(parseCounters(input), input); break;
    case ObjectKind::Claim: roundTrip(parseClaim(input), input); break;
    case ObjectKind::Chain: roundTrip(parseChainObject(input), input); break;
    case ObjectKind::Batch: roundTrip(parseBatchObject(input), input); break;
    }
    return 0;
}
