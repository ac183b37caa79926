// SPDX-License-Identifier: MIT
#include "core/proven/genesis.h"

#include "core/l2/genesis.h"
#include "core/l2/statement.h"

namespace bowline::proven {

aggregate::ChainState genesisState(const l2::NetworkParams& params, const field::FieldDigest& program)
{
    const l2::BatchHeader header = l2::genesisHeader(params);
    l2::Statement statement;
    statement.chainId = params.chainId();
    statement.lastHash = statement.genesisHash = header.hash();
    statement.state = header.stateRoot;
    statement.claimsRoot = l2::Counters{}.claims.root(l2::AppendHash::Claims);
    statement.l1Height = params.checkpointHeight;
    statement.l1Hash = params.checkpointHash();
    statement.l1Work = params.checkpointWork;
    const base::Bytes journal = statement.encode();
    aggregate::ChainState out;
    out.program = field::elementsOf(program.view());
    for (std::size_t i = 0; i < aggregate::kKeptFields.size(); ++i) {
        const aggregate::JournalField& field = aggregate::kKeptFields[i];
        std::copy_n(journal.begin() + std::ptrdiff_t(field.at), field.bytes,
                    out.kept.begin() + std::ptrdiff_t(keptOffset(aggregate::Kept(i))));
    }
    return out;
}

Result<NetworkKeys> NetworkKeys::make(const ProofKeys& keys, const l2::NetworkParams& params,
                                      const field::FieldDigest& program, const stark::ProverOptions& options)
{
    BOWLINE_TRY(auto genesis,
                aggregate::Genesis::make(genesisState(params, program), aggregate::kChainForm, options));
    std::vector<DigestWords> all = keys.digests();
    all.push_back(genesis->key().digest);
    BOWLINE_TRY(auto set, aggregate::KeySet::make(std::move(all)));
    return NetworkKeys{std::move(genesis), std::move(set)};
}

} // namespace bowline::proven
