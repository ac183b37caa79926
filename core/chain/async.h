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
    Task<void> wait()
    {
        asio::steady_timer timer(m_executor, asio::steady_timer::time_point::max());
        co_await waitOn(timer);
    }
    /// False when the time was up first.
    Task<bool> waitFor(Millis duration)
    {
        asio::steady_timer timer(m_executor, duration);
        co_return co_await waitOn(timer);
    }

private:
    /// Also takes the timer off the list when the coroutine is destroyed while it waits.
    struct Entry {
        Entry(std::list<asio::steady_timer*>& all, asio::steady_timer& timer)
            : list(all), place(all.insert(all.end(), &timer))
        {
        }
        ~Entry() { list.erase(place); }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        std::list<asio::steady_timer*>& list;
        std::list<asio::steady_timer*>::iterator place;
    };
    Task<bool> waitOn(asio::steady_timer& timer)
    {
        const Entry entry(m_waiters, timer);
        const auto [error] = co_await timer.async_wait(kAwaitTuple);
        co_return error == asio::error::operation_aborted;
    }

    asio::any_io_executor m_executor;
    std::list<asio::steady_timer*> m_waiters;
};

inline Task<void> sleepFor(Millis duration)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(kAwaitTuple);
}

} // namespace bowline::chain

/// BOWLINE_TRY and BOWLINE_CHECK for coroutines.
#define BOWLINE_CO_TRY(declaration, expression)                                                              \
    auto BOWLINE_CONCAT(bowlineTry, __LINE__) = (expression);                                                \
    if (!BOWLINE_CONCAT(bowlineTry, __LINE__).ok()) co_return BOWLINE_CONCAT(bowlineTry, __LINE__).error();  \
    declaration = std::move(BOWLINE_CONCAT(bowlineTry, __LINE__)).value()
