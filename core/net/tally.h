// SPDX-License-Identifier: MIT
// What a server has met since it began: for its owner, who wants to know of a flood. Any thread.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace bowline::net {

struct ServerStatistics {
    std::uint64_t accepted = 0; // connections
    std::uint64_t requests = 0; // that were handed to a method
    /// Refused requests and connections by error code, those of methods not counted.
    std::map<std::string, std::uint64_t, std::less<>> refused;
    /// Open connections by address (of IPv6 the /64 network).
    std::map<std::string, std::size_t, std::less<>> connections;
};

class Tally {
public:
    void connected(const std::string& owner)
    {
        const std::lock_guard lock(m_mutex);
        ++m_now.accepted;
        ++m_now.connections[owner];
    }
    void disconnected(const std::string& owner)
    {
        const std::lock_guard lock(m_mutex);
        const auto entry = m_now.connections.find(owner);
        if (entry != m_now.connections.end() && --entry->second == 0) m_now.connections.erase(entry);
    }
    void asked()
    {
        const std::lock_guard lock(m_mutex);
        ++m_now.requests;
    }
    void refused(base::ErrorCode code)
    {
        const std::lock_guard lock(m_mutex);
        ++m_now.refused[std::string(code.name())];
    }
    [[nodiscard]] ServerStatistics read() const
    {
        const std::lock_guard lock(m_mutex);
        return m_now;
    }

private:
    mutable std::mutex m_mutex;
    ServerStatistics m_now;
};

} // namespace bowline::net
