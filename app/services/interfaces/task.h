// SPDX-License-Identifier: MIT
// How the window and the command line ask a service for something that takes time.
//
// A call returns at once with a Task; its completion runs exactly once, on the services' thread, with the
// result, unless the Task was cancelled or the session locked before (then with kCancelled). Dropping a Task
// does not cancel it. Dropping a Subscription ends it: when its destructor returns, the function is not
// running and will not run again, except when it is dropped from inside that function.
#pragma once

#include "core/base/result.h"

#include <functional>
#include <memory>
#include <utility>

namespace bowline::services {

inline constexpr base::ErrorCode kCancelled{"services.cancelled"};
inline constexpr base::ErrorCode kNotReady{"services.not-ready"};

template <typename T>
using Completion = std::function<void(base::Result<T>)>;

/// A running request. Copyable handle; thread-safe.
class Task {
public:
    class State {
    public:
        virtual ~State() = default;
        virtual void cancel() = 0;
    };
    Task() = default;
    explicit Task(std::shared_ptr<State> state) : m_state(std::move(state)) {}
    /// Asks the work to stop; the completion then reports kCancelled if it has not run yet.
    void cancel()
    {
        if (m_state) m_state->cancel();
    }

private:
    std::shared_ptr<State> m_state;
};

/// Ends a subscription when it is destroyed.
class Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::function<void()> end) : m_end(std::move(end)) {}
    Subscription(Subscription&& other) noexcept : m_end(std::exchange(other.m_end, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept
    {
        std::swap(m_end, other.m_end);
        return *this;
    }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    ~Subscription()
    {
        if (m_end) m_end();
    }

private:
    std::function<void()> m_end;
};

} // namespace bowline::services
