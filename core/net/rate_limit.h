// SPDX-License-Identifier: MIT
// Token bucket: a burst at once, then so many a second.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace bowline::net {

class RateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    RateLimit(std::uint32_t perSecond, std::uint32_t burst, Time now)
        : m_perSecond(perSecond), m_capacity(std::uint64_t{burst} * kUnit), m_level(m_capacity), m_last(now)
    {
    }

    /// True if as much as `cost` is allowed now; it is then counted. More than the burst never is.
    [[nodiscard]] bool allow(Time now, std::uint32_t cost = 1)
    {
        fill(now);
        const std::uint64_t wanted = cost * kUnit;
        if (m_level < wanted) return false;
        m_level -= wanted;
        return true;
    }
    /// What could be asked for now.
    [[nodiscard]] std::uint64_t left(Time now)
    {
        fill(now);
        return m_level / kUnit;
    }
    /// Nothing is owed: forgetting the bucket gives nobody anything.
    [[nodiscard]] bool isFull(Time now)
    {
        fill(now);
        return m_level == m_capacity;
    }

private:
    void fill(Time now)
    {
        const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - m_last).count();
        if (passed > 0) {
            // A bucket is full after burst / perSecond; capping the time keeps the product far from overflow.
            const auto micros = std::min<std::uint64_t>(static_cast<std::uint64_t>(passed), kUnit * 3600);
            m_level = std::min(m_capacity, m_level + micros * m_perSecond);
            m_last = now;
        }
    }

    static constexpr std::uint64_t kUnit = 1'000'000; // one request, in millionths
    std::uint64_t m_perSecond;
    std::uint64_t m_capacity;
    std::uint64_t m_level;
    Time m_last;
};

} // namespace bowline::net
