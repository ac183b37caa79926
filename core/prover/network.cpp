// SPDX-License-Identifier: MIT
#include "core/prover/network.h"

namespace bowline::prover {

using aggregate::ChainState;

namespace {
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kSize = kDigestBytes + aggregate::kKeptBytes + kDigestBytes;

void write(base::Writer& writer, const field::DigestWords& words)
{
    for (const field::Element x : words) writer.u32le(x.value());
}
} // namespace

Result<ProofNetwork> ProofNetwork::of(const proven::ProofKeys& keys, const ChainState& genesis,
                                      const field::DigestWords& genesisKey)
{
    std::vector<field::DigestWords> all = keys.digests();
    all.push_back(genesisKey);
    BOWLINE_TRY(auto set, aggregate::KeySet::make(std::move(all)));
    ProofNetwork out(std::move(set));
    out.keys = keys;
    out.genesis = genesis;
    out.genesis.keySet = out.set.root();
    out.genesis.chainKey = keys.chain;
    out.genesisKey = genesisKey;
    return out;
}

Result<ProofNetwork> ProofNetwork::make(const proven::ProofKeys& keys, const l2::NetworkParams& params,
                                        const field::FieldDigest& program)
{
    const ChainState genesis = proven::genesisState(params, program);
    BOWLINE_TRY(const auto made, aggregate::Genesis::make(genesis));
    return of(keys, genesis, made->key().digest);
}

Bytes ProofNetwork::encode() const
{
    base::Writer writer;
    write(writer, genesis.program);
    writer.bytes(genesis.kept);
    write(writer, genesisKey);
    return writer.take();
}

Result<ProofNetwork> ProofNetwork::decode(const proven::ProofKeys& keys, ByteView bytes)
{
    if (bytes.size() != kSize) return base::makeError(kBadNetwork, "length");
    const ByteView program = bytes.first(kDigestBytes);
    const ByteView key = bytes.last(kDigestBytes);
    if (!field::isCanonical(program) || !field::isCanonical(key))
        return base::makeError(kBadNetwork, "a word that is no element");
    ChainState genesis;
    genesis.program = field::elementsOf(program);
    const ByteView kept = bytes.subspan(kDigestBytes, aggregate::kKeptBytes);
    std::copy(kept.begin(), kept.end(), genesis.kept.begin());
    return of(keys, genesis, field::elementsOf(key));
}

} // namespace bowline::prover
