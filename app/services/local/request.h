// SPDX-License-Identifier: MIT
// What stands behind a Task: a cancel flag and the epoch of the session it belongs to, so that a result that
// comes after cancel() or after a lock is replaced by kCancelled.
#pragma once

#include "app/services/interfaces/task.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace bowline::services {

/// Grows with every lock and unlock. Shared with requests that may outlive the services.
using Epoch = std::shared_ptr<std::atomic<std::uint64_t>>;

class RequestState final : public Task::State {
public:
    explicit RequestState(Epoch epoch) : m_epoch(std::move(epoch)), m_born(m_epoch->load()) {}
    void cancel() override { m_cancelled = true; }
    [[nodiscard]] bool isOver() const { return m_cancelled || m_epoch->load() != m_born; }
    /// For requests that begin an epoch themselves (unlock). False when a lock or cancel() was quicker: then nothing
    /// may come of the request.
    [[nodiscard]] bool beginEpoch()
    {
        std::uint64_t born = m_born;
        if (m_cancelled || !m_epoch->compare_exchange_strong(born, born + 1)) return false;
        m_born = born + 1;
        return true;
    }

private:
    Epoch m_epoch;
    std::atomic<std::uint64_t> m_born;
    std::atomic<bool> m_cancelled = false;
};

/// The one answer of a request. Copies share it; the first call counts. An unanswered request that is dropped
/// (the services ended) answers with kCancelled.
template <typename T>
class Reply {
public:
    Reply(std::shared_ptr<RequestState> state, Completion<T> done)
        : m_shared(std::make_shared<Shared>(std::move(state), std::move(done)))
    {
    }
    void operator()(base::Result<T> result) const
    {
        Completion<T> done = std::exchange(m_shared->done, nullptr);
        if (!done) return;
        if (m_shared->state->isOver()) {
            done(base::makeError(kCancelled));
        } else {
            done(std::move(result));
        }
    }
    [[nodiscard]] bool isOver() const { return m_shared->state->isOver(); }
    [[nodiscard]] bool beginEpoch() const { return m_shared->state->beginEpoch(); }

private:
    struct Shared {
        Shared(std::shared_ptr<RequestState> s, Completion<T> d) : state(std::move(s)), done(std::move(d)) {}
        Shared(const Shared&) = delete;
        Shared& operator=(const Shared&) = delete;
        ~Shared()
        {
            if (done) done(base::makeError(kCancelled));
        }
        std::shared_ptr<RequestState> state;
        Completion<T> done;
    };
    std::shared_ptr<Shared> m_shared;
};

} // namespace bowline::services
