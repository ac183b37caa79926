// SPDX-License-Identifier: MIT
// What members of the committee bring each other as files: a proposal, and messages.
#include "app/daemon/committee/round.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::daemon;

namespace {

struct Known {
    l2::Network network;
    std::optional<Proposal> proposal;
    Known()
    {
        for (std::uint8_t i = 1; i <= 2; ++i) {
            base::Bytes secret(32, i);
            const auto key = crypto::PrivateKey::fromBytes(secret);
            if (!key.ok()) std::abort();
            network.members.push_back({key->publicKey(), key->xOnlyPublicKey(), {}});
        }
        network.params.sequencerKey = network.members[0].messageKey;
        network.seal = {{base::Txid{{7}}, 1}, base::Amount::fromSat(100'000), 60};
        if (!l2::pinLists(network).ok()) std::abort();
        auto made = Proposal::make(
            network,
            RecoveryTerms{{network.seal.outpoint, network.seal.value}, base::Amount::fromSat(500), {}});
        if (!made.ok()) std::abort();
        proposal = *made;
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Known kKnown;
    const std::string text(data, data + size);
    Proposal read = *kKnown.proposal;
    const auto parsed = Proposal::parse(text);
    if (parsed.ok()) {
        if (parsed->text() != text) std::abort();
        read = *parsed;
        read.chainId = kKnown.network.params.chainId();
        const auto lines = describe(read, kKnown.network);
        if (lines.ok() != messageOf(read, kKnown.network).ok()) std::abort();
    }
    auto round = Round::begin(kKnown.network, *kKnown.proposal);
    if (!round.ok()) std::abort();
    // Nobody here signed it.
    if (round->take({data, size}).ok() || !round->faults().empty()) std::abort();
    return 0;
}
