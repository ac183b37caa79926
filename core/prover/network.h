// SPDX-License-Identifier: MIT
// What all proofs of one network have in common, for those who make them and those who check them.
#pragma once

#include "core/proven/genesis.h"

namespace bowline::prover {

using base::Bytes;
using base::ByteView;
using base::Result;

/// The bytes are not the network's.
inline constexpr base::ErrorCode kBadNetwork{"prover.bad-network"};

struct ProofNetwork {
    proven::ProofKeys keys;
    aggregate::ChainState genesis; // batch 0, under the set and the chain's key
    field::DigestWords genesisKey{};
    aggregate::KeySet set;

    /// Makes the genesis's key, which takes some tenths of a second.
    [[nodiscard]] static Result<ProofNetwork>
    make(const proven::ProofKeys& keys, const l2::NetworkParams& params, const field::FieldDigest& program);
    /// For provers, which have the pinned keys and no network.json: the genesis's program (8 words), what is kept of its
    /// state (292 bytes) and its key's digest (8 words).
    [[nodiscard]] Bytes encode() const;
    /// Believes the digest: with a wrong one nothing that is made is accepted. kBadNetwork.
    [[nodiscard]] static Result<ProofNetwork> decode(const proven::ProofKeys& keys, ByteView bytes);

private:
    explicit ProofNetwork(aggregate::KeySet keySet) : set(std::move(keySet)) {}
    [[nodiscard]] static Result<ProofNetwork> of(const proven::ProofKeys& keys,
                                                 const aggregate::ChainState& genesis,
                                                 const field::DigestWords& genesisKey);
};

} // namespace bowline::prover
