// SPDX-License-Identifier: MIT
#include "core/prover/verifier.h"

#include "core/proving/verifier.h"
#include "core/stf/pins.h"

#include <algorithm>

namespace bowline::prover {

using base::makeError;
using base::success;
using tasks::Kind;
using tasks::kWrongResult;

Result<std::unique_ptr<ProofVerifier>> ProofVerifier::make(const zkvm::Image& image, ProofNetwork network,
                                                           proven::ChainRules rules, const Cut& cut)
{
    BOWLINE_TRY(ProofChecker proofs, ProofChecker::make(std::move(network), std::move(rules)));
    std::unique_ptr<ProofVerifier> out(new ProofVerifier(std::move(proofs)));
    BOWLINE_TRY(out->m_program, PreparedProgram::make(image, stark::kCoreParameters, {}));
    out->m_cut = cut;
    return out;
}

Result<std::unique_ptr<ProofVerifier>> ProofVerifier::make(const zkvm::Image& image,
                                                           const l2::NetworkParams& params)
{
    const auto& keys = proven::pinnedKeys();
    if (!keys.ok()) return keys.error();
    BOWLINE_TRY(const stf::ProgramPin pin, stf::pinOf(params.bitcoinNetwork));
    BOWLINE_TRY(ProofNetwork network, ProofNetwork::make(*keys, params, pin.id));
    BOWLINE_TRY(proven::ChainRules rules, proven::ChainRules::make(params));
    BOWLINE_TRY(const Cut cut, Cut::pinned());
    return make(image, std::move(network), std::move(rules), cut);
}

Result<std::uint32_t> ProofVerifier::check(const tasks::Lease& lease, ByteView input,
                                           const std::vector<Bytes>& inputs, ByteView result)
{
    if (lease.task.kind == Kind::Execute) return checkExecution(input, result);
    if (lease.task.kind == Kind::Shard) {
        if (inputs.size() != 1) return makeError(kBadInput, "another number of inputs");
        BOWLINE_CHECK(checkShard(lease.task.place, inputs[0], result));
    } else {
        BOWLINE_CHECK(checkProof(lease.task, inputs, result));
    }
    return std::uint32_t{0};
}

Result<std::uint32_t> ProofVerifier::checkExecution(ByteView input, ByteView result) const
{
    BOWLINE_TRY(const Bytes own, execute(*m_program, base::toBytes(input), m_cut));
    if (!std::equal(own.begin(), own.end(), result.begin(), result.end()))
        return makeError(kWrongResult, "executing gives another plan");
    BOWLINE_TRY(const ExecutionProof plan, decodePlan(own));
    return static_cast<std::uint32_t>(plan.shards.size());
}

Status ProofVerifier::checkShard(std::uint32_t index, ByteView planBytes, ByteView result) const
{
    BOWLINE_TRY(const ExecutionProof plan, decodePlan(planBytes));
    if (index >= plan.shards.size()) return makeError(kBadInput, "no such shard");
    const bool isLast = index + 1 == plan.shards.size();
    const Status status = proving::verifyShard(plan.shards[index].statement, result, isLast, key());
    if (!status.ok()) return makeError(kWrongResult, status.error().detail);
    return m_proofs.checkShape(result, key());
}

Status ProofVerifier::checkProof(const tasks::Task& task, const std::vector<Bytes>& inputs,
                                 ByteView result) const
{
    const auto has = [&inputs](std::size_t least, std::size_t most) {
        return inputs.size() >= least && inputs.size() <= most;
    };
    if (task.kind == Kind::Lift && has(2, 2)) {
        BOWLINE_TRY(const ExecutionProof plan, decodePlan(inputs[0]));
        return m_proofs.checkLift(plan, task.place, inputs[1], key(), result);
    }
    if (task.kind == Kind::Join && has(2, 2)) return m_proofs.checkJoin(inputs[0], inputs[1], result);
    if (task.kind == Kind::Chain && has(2, 3)) {
        BOWLINE_TRY(const ExecutionProof plan, decodePlan(inputs[0]));
        const auto before = inputs.size() == 3 ? std::optional<ByteView>(inputs[2]) : std::nullopt;
        return m_proofs.checkChain(plan, before, inputs[1], result);
    }
    if (task.kind == Kind::Wrap && has(1, 1)) return m_proofs.checkWrap(inputs[0], result);
    return makeError(kBadInput, "another number of inputs");
}

} // namespace bowline::prover
