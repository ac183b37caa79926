// SPDX-License-Identifier: MIT
// Carries out the tasks above shards: lift, join, chain, wrap. Results are files of core/aggregate/proof_file.h, and of
// core/aggregate/wrap.h for a wrap.
#pragma once

#include "core/aggregate/join.h"
#include "core/aggregate/proof_file.h"
#include "core/proven/checker.h"
#include "core/prover/network.h"
#include "core/prover/work.h"

#include <map>

namespace bowline::prover {

/// Makes the programs and keys that it needs when it first needs them, and keeps them.
class ProofMaker {
public:
    /// `options` for all that is made.
    ProofMaker(ProofNetwork network, const stark::ProverOptions& options)
        : m_network(std::move(network)), m_options(options)
    {
    }
    /// kNoSuchShape, kBadInput for a proof that is none, kRejected (recursion) for one that proves nothing.
    [[nodiscard]] Result<Bytes> lift(const ExecutionProof& plan, std::uint32_t index, ByteView shardProof);
    /// kBadInput, kDoNotJoin (aggregate), kRejected (recursion).
    [[nodiscard]] Result<Bytes> join(ByteView left, ByteView right);
    /// `before`: the chain's proof, or none for the first batch. kBadInput, kDoesNotFollow (aggregate), kRejected.
    [[nodiscard]] Result<Bytes> chain(const ExecutionProof& plan, std::optional<ByteView> before,
                                      ByteView batch);
    [[nodiscard]] Result<Bytes> wrap(ByteView chain);
    /// Forgets all programs and keys, as another task may need the memory.
    void forget();

private:
    /// Of the program whose shards are lifted: the same for all shards of a batch, and of most batches.
    [[nodiscard]] Result<const stark::VerifyingKey*> coreKey(const proving::ProgramCommitment& program);

    ProofNetwork m_network;
    stark::ProverOptions m_options;
    std::optional<std::pair<proving::ProgramCommitment, stark::VerifyingKey>> m_core;
    std::map<std::size_t, std::unique_ptr<aggregate::Lift>> m_lifts; // by their place among the keys
    std::map<std::size_t, std::unique_ptr<aggregate::Join>> m_joins; // by ProofKeys::joinIndex
    std::unique_ptr<aggregate::Chain> m_chain;
    std::unique_ptr<aggregate::Wrap> m_wrap;
};

/// Checks of results, by the pinned keys alone. kWrongResult (tasks) if the result is wrong, kBadInput if what it was made of is.
class ProofChecker {
public:
    [[nodiscard]] static Result<ProofChecker> make(ProofNetwork network, proven::ChainRules rules);

    /// A shard's proof has a shape that can be lifted. Whether it proves anything is not looked at.
    [[nodiscard]] Status checkShape(ByteView shardProof, const stark::VerifyingKey& core) const;
    [[nodiscard]] Status checkLift(const ExecutionProof& plan, std::uint32_t index, ByteView shardProof,
                                   const stark::VerifyingKey& core, ByteView result) const;
    [[nodiscard]] Status checkJoin(ByteView left, ByteView right, ByteView result) const;
    [[nodiscard]] Status checkChain(const ExecutionProof& plan, std::optional<ByteView> before,
                                    ByteView batch, ByteView result) const;
    [[nodiscard]] Status checkWrap(ByteView chain, ByteView result) const;

    [[nodiscard]] const ProofNetwork& network() const { return m_network; }

private:
    ProofChecker(ProofNetwork network, proven::ChainRules rules)
        : m_network(std::move(network)), m_rules(std::move(rules))
    {
    }
    [[nodiscard]] Status verify(ByteView result, std::size_t form, const field::DigestWords& key,
                                const std::vector<field::Element>& values) const;

    ProofNetwork m_network;
    proven::ChainRules m_rules;
    std::array<stark::VerifyingKey, aggregate::ProofFile::kChain + 1>
        m_forms; // without a program's commitment
};

/// A shard's proof has a shape that is none of the pinned ones.
inline constexpr base::ErrorCode kNoSuchShape{"prover.no-such-shape"};
/// The place of the lift for these heights among the keys.
[[nodiscard]] Result<std::size_t> liftPlaceOf(const proven::ProofKeys& keys, const stark::Heights& heights);

} // namespace bowline::prover
