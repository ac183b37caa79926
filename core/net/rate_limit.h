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

    /// True if one more is allowed now; it is then counted.
    [[nodiscard]] bool allow(Time now)
    {
        const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - m_last).count();
        if (passed > 0) {
            // A bucket is full after burst / perSecond; capping the time keeps the product far from overflow.
            const auto micros = std::min<std::uint64_t>(static_cast<std::uint64_t>(passed), kUnit * 3600);
            m_level = std::min(m_capacity, m_level + micros * m_perSecond);
            m_last = now;
        }
        if (m_level < kUnit) return false;
        m_level -= kUnit;
        return true;
    }

private:
    static constexpr std::uint64_t kUnit = 1'000'000; // one request, in millionths
    std::uint64_t m_perSecond;
    std::uint64_t m_capacity;
    std::uint64_t m_level;
    Time m_last;
};

} // namespace bowline::net
