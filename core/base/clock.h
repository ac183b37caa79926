// SPDX-License-Identifier: MIT
// The wall clock behind an interface, so that tests can set it.
#pragma once

#include <chrono>
#include <cstdint>

namespace bowline::base {

/// Seconds since 1970-01-01 UTC.
using UnixTime = std::int64_t;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UnixTime now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] UnixTime now() const override
    {
        using namespace std::chrono;
        return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    }
};

class ManualClock final : public Clock {
public:
    explicit ManualClock(UnixTime start) : m_now(start) {}
    [[nodiscard]] UnixTime now() const override { return m_now; }
    void set(UnixTime now) { m_now = now; }

private:
    UnixTime m_now;
};

} // namespace bowline::base
