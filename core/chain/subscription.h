// SPDX-License-Identifier: MIT
// Callbacks that end with the object that stands for them. See the rule about threads in backend.h.
#pragma once

#include "core/chain/backend.h"

#include <atomic>
#include <mutex>

namespace bowline::chain {

/// A callback that can be revoked from any thread. After revoke() returned it is neither running, except below
/// revoke() on the same thread, nor will it run again.
template <typename Arg>
class Callback {
public:
    explicit Callback(std::function<void(Arg)> fn) : m_fn(std::move(fn)) {}

    void operator()(Arg argument)
    {
        const std::lock_guard lock(m_mutex);
        if (m_alive) m_fn(argument);
    }
    void revoke()
    {
        m_alive = false;
        const std::lock_guard lock(m_mutex);
    }
    [[nodiscard]] bool isAlive() const { return m_alive; }

private:
    std::recursive_mutex m_mutex;
    std::atomic<bool> m_alive = true;
    const std::function<void(Arg)> m_fn;
};

/// All callbacks for one kind of event. add() from any thread, notify() on the client's.
template <typename Arg>
class CallbackList {
public:
    [[nodiscard]] std::unique_ptr<Handler> add(std::function<void(Arg)> fn)
    {
        auto callback = std::make_shared<Callback<Arg>>(std::move(fn));
        const std::lock_guard lock(m_mutex);
        m_callbacks.push_back(callback);
        return std::make_unique<Revoker>(std::move(callback));
    }
    void notify(Arg argument)
    {
        for (const auto& callback : snapshot()) (*callback)(argument);
    }

private:
    using CallbackPtr = std::shared_ptr<Callback<Arg>>;
    class Revoker final : public Handler {
    public:
        explicit Revoker(CallbackPtr callback) : m_callback(std::move(callback)) {}
        ~Revoker() override { m_callback->revoke(); }

    private:
        CallbackPtr m_callback;
    };
    [[nodiscard]] std::vector<CallbackPtr> snapshot()
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_callbacks, [](const CallbackPtr& callback) { return !callback->isAlive(); });
        return m_callbacks;
    }
    std::mutex m_mutex;
    std::vector<CallbackPtr> m_callbacks;
};

} // namespace bowline::chain
