// SPDX-License-Identifier: MIT
// Checks the results of tasks for a node that executes batches itself.
#pragma once

#include "core/prover/work.h"
#include "core/tasks/service.h"

#include <map>

namespace bowline::prover {

/// Of one program. An execution is checked by executing, a shard's proof and a lift by verifying them. Keys of lifts are
/// made when a shape is met first (a second or two) and the newest kMaxLifts are kept.
class ProofVerifier final : public tasks::Verifier {
public:
    static constexpr std::size_t kMaxLifts = 8;

    /// The image outlives the verifier. Takes about a second.
    [[nodiscard]] static Result<std::unique_ptr<ProofVerifier>> make(const zkvm::Image& image,
                                                                     const Cut& cut = {});

    [[nodiscard]] tasks::KindSet kinds() const override { return kCanDo; }
    [[nodiscard]] Result<std::uint32_t> check(const tasks::Lease& lease, ByteView input,
                                              const std::vector<Bytes>& inputs, ByteView result) override;

    [[nodiscard]] field::FieldDigest programId() const { return m_program->commitment().id(); }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_program->key().verifying(); }

private:
    ProofVerifier() = default;
    [[nodiscard]] Result<std::uint32_t> checkExecution(ByteView input, ByteView result) const;
    [[nodiscard]] base::Status checkShard(std::uint32_t index, ByteView plan, ByteView result) const;
    [[nodiscard]] base::Status checkLift(std::uint32_t index, ByteView plan, ByteView shard, ByteView result);
    [[nodiscard]] Result<const stark::VerifyingKey*> liftKey(const aggregate::ShardShape& shape);

    std::unique_ptr<PreparedProgram> m_program;
    Cut m_cut;
    std::vector<std::pair<stark::Heights, stark::VerifyingKey>> m_lifts; // the one used last is the last
};

} // namespace bowline::prover
