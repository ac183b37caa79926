// SPDX-License-Identifier: MIT
// Here, and not in the header: every file that waits would compile Asio's templates for it again.
#include "core/chain/async.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace bowline::chain {

namespace {
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
} // namespace

Task<void> Signal::wait()
{
    asio::steady_timer timer(m_executor, asio::steady_timer::time_point::max());
    co_await waitOn(timer);
}

Task<bool> Signal::waitFor(Millis duration)
{
    asio::steady_timer timer(m_executor, duration);
    co_return co_await waitOn(timer);
}

Task<bool> Signal::waitOn(asio::steady_timer& timer)
{
    const Entry entry(m_waiters, timer);
    const auto [error] = co_await timer.async_wait(kAwaitTuple);
    co_return error == asio::error::operation_aborted;
}

Task<void> sleepFor(Millis duration)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(kAwaitTuple);
}

void spawn(const asio::any_io_executor& executor, Task<void> work)
{
    asio::co_spawn(executor, std::move(work), asio::detached);
}

} // namespace bowline::chain
