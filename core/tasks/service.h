// SPDX-License-Identifier: MIT
// Gives tasks to provers and takes their results, none without a check.
#pragma once

#include "core/tasks/task_store.h"

namespace bowline::tasks {

/// Nothing here can do, or check, a task of this kind.
inline constexpr base::ErrorCode kKindNotThere{"tasks.kind-not-there"};
/// The result is not that of the task; the detail says what is wrong with it.
inline constexpr base::ErrorCode kWrongResult{"tasks.wrong-result"};
/// Longer than any result.
inline constexpr base::ErrorCode kResultTooLarge{"tasks.result-too-large"};

inline constexpr std::size_t kMaxResult = std::size_t{64} << 20U;

/// Says whether a result is right. Given by whoever knows what is proven (core/prover).
class Verifier {
public:
    virtual ~Verifier() = default;
    /// The kinds that it can check. Others are not given out.
    [[nodiscard]] virtual KindSet kinds() const = 0;
    /// For an execution the number of shards, 0 for all else. kWrongResult if the result is wrong; any other error says
    /// that it could not be checked, and is not held against the prover. `input` and `inputs` are the bytes that
    /// the lease names: those of the batch, and the results of what the task needs.
    [[nodiscard]] virtual Result<std::uint32_t> check(const Lease& lease, base::ByteView input,
                                                      const std::vector<base::Bytes>& inputs,
                                                      base::ByteView result) = 0;
};

/// As its store: one thread at a time. Both outlive it.
class TaskService {
public:
    TaskService(TaskStore& store, Verifier& verifier) : m_store(store), m_verifier(verifier) {}

    /// kKindNotThere if one of the kinds cannot be checked here; all errors of TaskStore::take.
    [[nodiscard]] Result<std::optional<Lease>> take(const TakeRequest& request);
    /// Checks and keeps. kWrongResult, kLeaseLost, kResultTooLarge.
    Status deliver(const LeaseToken& token, base::ByteView result);
    [[nodiscard]] TaskStore& store() { return m_store; }

private:
    TaskStore& m_store;
    Verifier& m_verifier;
};

} // namespace bowline::tasks
