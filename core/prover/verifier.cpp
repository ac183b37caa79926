// SPDX-License-Identifier: MIT
#include "core/prover/verifier.h"

#include "core/proving/verifier.h"
#include "core/stark/verifier.h"

#include <algorithm>

namespace bowline::prover {

using base::makeError;
using base::Status;
using base::success;
using tasks::Kind;
using tasks::kWrongResult;

Result<std::unique_ptr<ProofVerifier>> ProofVerifier::make(const zkvm::Image& image, const Cut& cut)
{
    std::unique_ptr<ProofVerifier> out(new ProofVerifier);
    BOWLINE_TRY(out->m_program, PreparedProgram::make(image, stark::kCoreParameters, {}));
    out->m_cut = cut;
    return out;
}

Result<std::uint32_t> ProofVerifier::check(const tasks::Lease& lease, ByteView input,
                                           const std::vector<Bytes>& inputs, ByteView result)
{
    const auto has = [&inputs](std::size_t count) {
        return inputs.size() == count ? success() : Status(makeError(kBadInput, "another number of inputs"));
    };
    switch (lease.task.kind) {
    case Kind::Execute: return checkExecution(input, result);
    case Kind::Shard:
        BOWLINE_CHECK(has(1));
        BOWLINE_CHECK(checkShard(lease.task.place, inputs[0], result));
        return std::uint32_t{0};
    case Kind::Lift:
        BOWLINE_CHECK(has(2));
        BOWLINE_CHECK(checkLift(lease.task.place, inputs[0], inputs[1], result));
        return std::uint32_t{0};
    case Kind::Join:
    case Kind::Chain:
    case Kind::Wrap: break;
    }
    return makeError(tasks::kKindNotThere, std::string(tasks::kindName(lease.task.kind)));
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
    return status.ok() ? success() : Status(makeError(kWrongResult, status.error().detail));
}

Status ProofVerifier::checkLift(std::uint32_t index, ByteView planBytes, ByteView shard, ByteView result)
{
    BOWLINE_TRY(const ExecutionProof plan, decodePlan(planBytes));
    BOWLINE_TRY(const aggregate::Span span, spanOf(plan, index));
    BOWLINE_TRY(const aggregate::ShardShape shape, shapeOf(plan, shard, key()));
    BOWLINE_TRY(const stark::VerifyingKey* lift, liftKey(shape));
    const Status status = stark::verify(*lift, span.publicValues(), result);
    return status.ok() ? success() : Status(makeError(kWrongResult, status.error().detail));
}

Result<const stark::VerifyingKey*> ProofVerifier::liftKey(const aggregate::ShardShape& shape)
{
    const auto known = std::find_if(m_lifts.begin(), m_lifts.end(),
                                    [&shape](const auto& entry) { return entry.first == shape.heights; });
    if (known != m_lifts.end()) {
        std::rotate(known, known + 1, m_lifts.end());
        return &m_lifts.back().second;
    }
    BOWLINE_TRY(const auto lift, aggregate::Lift::make(shape));
    if (m_lifts.size() == kMaxLifts) m_lifts.erase(m_lifts.begin());
    m_lifts.emplace_back(shape.heights, lift->key());
    return &m_lifts.back().second;
}

} // namespace bowline::prover
