// SPDX-License-Identifier: MIT
#include "core/tasks/service.h"

#include "core/crypto/hash.h"

namespace bowline::tasks {

using base::makeError;

Result<std::optional<Lease>> TaskService::take(const TakeRequest& request)
{
    for (const Kind kind : kKinds) {
        if (contains(request.kinds, kind) && !contains(m_verifier.kinds(), kind))
            return makeError(kKindNotThere, std::string(kindName(kind)));
    }
    return m_store.take(request);
}

Status TaskService::deliver(const LeaseToken& token, base::ByteView result)
{
    if (result.size() > kMaxResult) return makeError(kResultTooLarge, std::to_string(result.size()));
    const auto held = m_store.lease(token);
    if (!held.ok()) {
        if (held.error().code != kLeaseLost) return held.error();
        // Success if this very result was accepted and only the answer was lost.
        return m_store.finish(token, result, {});
    }
    BOWLINE_TRY(const base::Bytes input, m_store.blob(held->job.input));
    std::vector<base::Bytes> inputs;
    for (const base::Digest& digest : held->inputs) {
        BOWLINE_TRY(base::Bytes bytes, m_store.blob(digest));
        inputs.push_back(std::move(bytes));
    }
    const auto shards = m_verifier.check(*held, input, inputs, result);
    if (!shards.ok()) {
        if (shards.error().code == kWrongResult) BOWLINE_CHECK(m_store.reject(token, shards.error().detail));
        return shards.error();
    }
    std::vector<Task> more;
    if (held->task.kind == Kind::Execute) {
        BOWLINE_TRY(more, tasksAfterExecution(held->job, *shards));
    }
    return m_store.finish(token, result, more);
}

} // namespace bowline::tasks
