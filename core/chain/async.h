// SPDX-License-Identifier: MIT
// What the coroutines of this library wait with. Everything here belongs to one io_context that one thread runs.
#pragma once

#include "core/base/result.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>

namespace bowline::chain {

namespace asio = boost::asio;
using Millis = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;
template <typename T>
using Task = asio::awaitable<T>;

inline constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);

/// Wakes every coroutine that waits for it. Has no memory: check the condition before each wait; nothing
/// else runs between the check and the wait.
class Signal {
public:
    explicit Signal(asio::any_io_executor executor) : m_executor(std::move(executor)) {}

    void notify()
    {
        for (asio::steady_timer* waiter : m_waiters) waiter->cancel();
    }
    Task<void> wait();
    /// False when the time was up first.
    Task<bool> waitFor(Millis duration);

private:
    Task<bool> waitOn(asio::steady_timer& timer);

    asio::any_io_executor m_executor;
    std::list<asio::steady_timer*> m_waiters;
};

Task<void> sleepFor(Millis duration);
/// Runs the coroutine on `executor`; nobody waits for its end.
void spawn(const asio::any_io_executor& executor, Task<void> work);

} // namespace bowline::chain

/// BOWLINE_TRY and BOWLINE_CHECK for coroutines.
#define BOWLINE_CO_TRY(declaration, expression)                                                              \
    auto BOWLINE_CONCAT(bowlineTry, __LINE__) = (expression);                                                \
    if (!BOWLINE_CONCAT(bowlineTry, __LINE__).ok()) co_return BOWLINE_CONCAT(bowlineTry, __LINE__).error();  \
    declaration = std::move(BOWLINE_CONCAT(bowlineTry, __LINE__)).value()
