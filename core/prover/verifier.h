// SPDX-License-Identifier: MIT
// Checks the results of tasks for a node that executes batches itself.
#pragma once

#include "core/prover/proofs.h"
#include "core/tasks/service.h"

namespace bowline::prover {

/// Of one program and one network. An execution is checked by executing; proofs are verified, under pinned keys alone.
class ProofVerifier final : public tasks::Verifier {
public:
    /// The image outlives the verifier. Takes about a second.
    [[nodiscard]] static Result<std::unique_ptr<ProofVerifier>>
    make(const zkvm::Image& image, ProofNetwork network, proven::ChainRules rules, const Cut& cut);
    /// Of a network, by what is pinned.
    [[nodiscard]] static Result<std::unique_ptr<ProofVerifier>> make(const zkvm::Image& image,
                                                                     const l2::NetworkParams& params);

    [[nodiscard]] tasks::KindSet kinds() const override { return kCanDo; }
    [[nodiscard]] Result<std::uint32_t> check(const tasks::Lease& lease, ByteView input,
                                              const std::vector<Bytes>& inputs, ByteView result) override;

    [[nodiscard]] field::FieldDigest programId() const { return m_program->commitment().id(); }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_program->key().verifying(); }
    [[nodiscard]] const ProofNetwork& network() const { return m_proofs.network(); }

private:
    explicit ProofVerifier(ProofChecker proofs) : m_proofs(std::move(proofs)) {}
    [[nodiscard]] Result<std::uint32_t> checkExecution(ByteView input, ByteView result) const;
    [[nodiscard]] Status checkShard(std::uint32_t index, ByteView plan, ByteView result) const;
    /// Of all kinds above a shard.
    [[nodiscard]] Status checkProof(const tasks::Task& task, const std::vector<Bytes>& inputs,
                                    ByteView result) const;

    std::unique_ptr<PreparedProgram> m_program;
    Cut m_cut;
    ProofChecker m_proofs;
};

} // namespace bowline::prover
