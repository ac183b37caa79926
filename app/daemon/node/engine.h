// SPDX-License-Identifier: MIT
// The state transition as the node needs it, so that tests can put another one in its place. The real one runs
// guest/stf (core/l2/executor.h).
#pragma once

#include "core/l2/executor.h"

namespace bowline::daemon {

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
    StfEngine(l2::NetworkParams params, l2::StfProgramPtr program)
        : m_executor(std::move(params), std::move(program))
    {
    }
    [[nodiscard]] base::Result<l2::ExecutionResult> propose(const l2::BatchHeader& parent,
                                                            const l2::StateTree& state, std::uint64_t time,
                                                            const l2::BatchBody& candidate) const override
    {
        return m_executor.propose(parent, state, time, candidate);
    }
    [[nodiscard]] base::Result<l2::ExecutionResult> apply(const l2::BatchHeader& parent,
                                                          const l2::StateTree& state,
                                                          const l2::BatchHeader& header,
                                                          const l2::BatchBody& body) const override
    {
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
};

} // namespace bowline::daemon
