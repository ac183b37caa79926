// SPDX-License-Identifier: MIT
// What a stranger can put into a block: commitments, and transactions that spend a seal.
#include "core/seal/follower.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::seal;

namespace {

SealTerms termsOf(const bitcoin::OutPoint& first)
{
    l2::NetworkParams params;
    params.sequencerKey = bitcoin::unspendableInternalKey(); // some point
    params.committeeKey = bitcoin::unspendableInternalKey();
    auto terms = SealTerms::create(params, {first, base::Amount::fromSat(100'000), 60});
    if (!terms.ok()) std::abort();
    return std::move(*terms);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    const auto commitment = parseCommitment(input);
    if (commitment.ok()) {
        const auto again = commitment->encode();
        if (base::toBytes(again) != base::toBytes(input)) std::abort();
    }
    const auto transaction = bitcoin::parseTransaction(input);
    if (!transaction.ok() || transaction->inputs.empty()) return 0;
    std::vector<bitcoin::TxOut> further(transaction->inputs.size() - 1);
    if (termsOf({}).isSigned(*transaction, base::Amount::fromSat(1'000), further)) std::abort(); // by whom?
    SealFollower follower(termsOf(transaction->inputs.back().prevout));
    if (!follower.blockConnected({5}, {}, {&*transaction, 1})) std::abort();
    const Link& link = follower.links().front();
    if (goesOn(link.kind) != follower.open().has_value()) std::abort();
    if (!follower.blockDisconnected({5}) || !follower.links().empty()) std::abort();
    return 0;
}
