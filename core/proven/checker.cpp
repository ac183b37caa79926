// SPDX-License-Identifier: MIT
#include "core/proven/checker.h"

#include "core/aggregate/proof_file.h"
#include "core/l2/genesis.h"
#include "core/stf/pins.h"

#include <algorithm>

namespace bowline::proven {

using aggregate::ChainState;
using aggregate::Kept;
using base::makeError;

namespace {
/// As bytes: eight little-endian words.
template <typename Hash>
[[nodiscard]] Hash bytesOf(const DigestWords& words)
{
    Hash out;
    for (std::size_t i = 0; i < out.bytes.size(); ++i)
        out.bytes[i] = static_cast<std::uint8_t>(words[i / 4].value() >> 8 * (i % 4));
    return out;
}

template <std::size_t N>
void copy(base::ByteArray<N>& to, const ChainState& state, Kept field)
{
    const ByteView from = state.field(field);
    std::copy(from.begin(), from.end(), to.begin());
}

[[nodiscard]] bool is(const ChainState& state, Kept field, ByteView expected)
{
    const ByteView said = state.field(field);
    return std::equal(said.begin(), said.end(), expected.begin(), expected.end());
}
} // namespace

Result<ChainRules> ChainRules::make(const l2::NetworkParams& params, const ProofKeys& keys,
                                    const field::FieldDigest& program)
{
    ChainRules out;
    BOWLINE_TRY(out.wrap, aggregate::verifyingKeyOf(keys.wrap));
    BOWLINE_TRY(const NetworkKeys network, NetworkKeys::make(keys, params, program));
    out.keySet = network.set.root();
    out.chainKey = keys.chain;
    out.chainId = params.chainId();
    out.genesisHash = l2::genesisHeader(params).hash();
    out.programs = {program};
    return out;
}

Result<ChainRules> ChainRules::make(const l2::NetworkParams& params)
{
    BOWLINE_TRY(const stf::ProgramPin pin, stf::pinOf(params.bitcoinNetwork));
    const Result<ProofKeys>& keys = pinnedKeys();
    if (!keys.ok()) return keys.error();
    return make(params, *keys, pin.id);
}

Result<std::unique_ptr<ChainChecker>> ChainChecker::make(const l2::NetworkParams& params)
{
    BOWLINE_TRY(ChainRules rules, ChainRules::make(params));
    return std::make_unique<ChainChecker>(std::move(rules));
}

Result<Head> ChainChecker::check(ByteView file) const
{
    const auto values = aggregate::verifyWrapped(m_rules.wrap, file);
    if (!values.ok()) {
        const base::Error& error = values.error();
        return makeError(kNotProven, std::string(error.code.name()) + ": " + error.detail);
    }
    return headOf(m_rules, *values);
}

Result<Head> headOf(const ChainRules& rules, std::span<const field::Element> publicValues)
{
    const auto read = aggregate::chainStateIn(publicValues);
    if (!read.ok()) return makeError(kNotProven, read.error().detail);
    const ChainState& state = *read;
    if (state.keySet != rules.keySet) return makeError(kNotProven, aggregate::reasons::kKeySet);
    if (state.chainKey != rules.chainKey) return makeError(kNotProven, aggregate::reasons::kChainKey);
    if (!is(state, Kept::ChainId, rules.chainId.view()) ||
        !is(state, Kept::GenesisHash, rules.genesisHash.view()))
        return makeError(kNotProven, aggregate::reasons::kNetwork);
    Head out;
    out.batch = BatchNumber{state.number(Kept::Batch)};
    copy(out.hash.bytes, state, Kept::BatchHash);
    copy(out.state.bytes, state, Kept::State);
    copy(out.claimsRoot.bytes, state, Kept::ClaimsRoot);
    out.claimsCount = state.number(Kept::ClaimsCount);
    out.l1Height.value = static_cast<std::uint32_t>(state.number(Kept::L1Height));
    copy(out.l1Hash.bytes, state, Kept::L1Hash);
    copy(out.l1Work, state, Kept::L1Work);
    out.sealedBatch = state.number(Kept::SealedBatch);
    out.program = bytesOf<Digest>(state.program);
    copy(out.nextProgram.bytes, state, Kept::NextProgram);
    out.activationBatch = state.number(Kept::Activation);
    const auto known = bytesOf<field::FieldDigest>(state.program);
    if (std::find(rules.programs.begin(), rules.programs.end(), known) == rules.programs.end())
        return makeError(kUnknownProgram, known.hex());
    return out;
}

} // namespace bowline::proven
