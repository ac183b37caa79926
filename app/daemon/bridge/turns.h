// SPDX-License-Identifier: MIT
// Turns of a role: whatever happened, one look at everything soon afterwards, and one every second without
// cause.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace bowline::daemon {

namespace asio = boost::asio;

class Turns {
public:
    Turns(const asio::any_io_executor& executor, std::function<void()> turn)
        : m_timer(executor), m_turn(std::move(turn))
    {
    }
    void start() { schedule(kIdle); }
    void stop()
    {
        m_stopped = true;
        m_timer.cancel();
    }
    /// Something happened. Many calls make one turn.
    void wake()
    {
        if (!m_stopped && !m_soon) {
            m_soon = true;
            schedule(kSoon);
        }
    }

private:
    static constexpr std::chrono::milliseconds kSoon{20};
    static constexpr std::chrono::milliseconds kIdle{1'000};

    void schedule(std::chrono::milliseconds delay)
    {
        m_timer.expires_after(delay);
        m_timer.async_wait([this](const boost::system::error_code& failure) {
            if (failure || m_stopped) return;
            m_soon = false;
            m_turn();
            if (!m_soon) schedule(kIdle);
        });
    }

    asio::steady_timer m_timer;
    std::function<void()> m_turn;
    bool m_soon = false;
    bool m_stopped = false;
};

} // namespace bowline::daemon
