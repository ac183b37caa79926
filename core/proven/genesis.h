// SPDX-License-Identifier: MIT
// Where a network's chain of proofs begins: its genesis batch as a state of the chain, and the set of keys that has the
// genesis's own.
#pragma once

#include "core/aggregate/chain.h"
#include "core/l2/params.h"
#include "core/proven/keys.h"

namespace bowline::proven {

/// What the chain's first proof says: batch 0, to be followed by batches of this program. The keys in it are not set.
[[nodiscard]] aggregate::ChainState genesisState(const l2::NetworkParams& params,
                                                 const field::FieldDigest& program);

/// All that hangs on the network. Takes some tenths of a second.
struct NetworkKeys {
    std::unique_ptr<aggregate::Genesis> genesis;
    aggregate::KeySet set; // the pinned ones, and the genesis's

    [[nodiscard]] static Result<NetworkKeys> make(const ProofKeys& keys, const l2::NetworkParams& params,
                                                  const field::FieldDigest& program,
                                                  const stark::ProverOptions& options = {});
};

} // namespace bowline::proven
