// SPDX-License-Identifier: MIT
// The state transition as the node needs it, so that tests can put another one in its place. The real one runs
// guest/stf (core/l2/executor.h).
#pragma once

#include "core/l2/executor.h"

namespace bowline::daemon {

/// Another program than this node's is due from this batch on (rule B13).
inline constexpr base::ErrorCode kOtherProgram{"daemon.other-program"};

/// Whether the batch behind `state` is for the program `own`: the state names what took over and what is due. As long as none
/// took over it is that of genesis, which each node has pinned.
[[nodiscard]] base::Status checkProgramDue(const l2::StateTree& state, base::BatchNumber batch,
                                           const base::Digest& own);

class Engine {
public:
    virtual ~Engine() = default;
    [[nodiscard]] virtual base::Result<l2::ExecutionResult> propose(const l2::BatchHeader& parent,
                                                                    const l2::StateTree& state,
                                                                    std::uint64_t time,
                                                                    const l2::BatchBody& candidate) const = 0;
    [[nodiscard]] virtual base::Result<l2::ExecutionResult> apply(const l2::BatchHeader& parent,
                                                                  const l2::StateTree& state,
                                                                  const l2::BatchHeader& header,
                                                                  const l2::BatchBody& body) const = 0;
};

class StfEngine final : public Engine {
public:
    /// `id` is the program's, which it goes by when another one is announced.
    StfEngine(l2::NetworkParams params, l2::StfProgramPtr program, const base::Digest& id = {})
        : m_executor(std::move(params), std::move(program)), m_id(id)
    {
    }
    [[nodiscard]] base::Result<l2::ExecutionResult> propose(const l2::BatchHeader& parent,
                                                            const l2::StateTree& state, std::uint64_t time,
                                                            const l2::BatchBody& candidate) const override
    {
        BOWLINE_CHECK(checkProgramDue(state, {parent.height.value + 1}, m_id));
        return m_executor.propose(parent, state, time, candidate);
    }
    [[nodiscard]] base::Result<l2::ExecutionResult> apply(const l2::BatchHeader& parent,
                                                          const l2::StateTree& state,
                                                          const l2::BatchHeader& header,
                                                          const l2::BatchBody& body) const override
    {
        BOWLINE_CHECK(checkProgramDue(state, header.height, m_id));
        return m_executor.apply(parent, state, header, body);
    }
    /// Batch 0 as the program makes it equals the one computed here.
    [[nodiscard]] base::Status checkGenesis() const
    {
        BOWLINE_CHECK(m_executor.genesis());
        return base::success();
    }

private:
    l2::StfExecutor m_executor;
    base::Digest m_id;
};

} // namespace bowline::daemon
