// SPDX-License-Identifier: MIT
#include "core/net/address_budgets.h"

namespace bowline::net {

bool AddressBudgets::spend(const boost::asio::ip::address& owner, std::uint32_t cost, Time now)
{
    auto bucket = m_buckets.find(owner);
    if (bucket == m_buckets.end()) {
        if (m_buckets.size() >= m_rates.maxAddresses) makeRoom(now);
        const bool local = owner.is_loopback();
        bucket = m_buckets
                     .try_emplace(owner, local ? m_rates.loopbackPerSecond : m_rates.perSecond,
                                  local ? m_rates.loopbackBurst : m_rates.burst, now)
                     .first;
    }
    return bucket->second.allow(now, cost);
}

void AddressBudgets::makeRoom(Time now)
{
    for (auto entry = m_buckets.begin(); entry != m_buckets.end();) {
        entry = entry->second.isFull(now) ? m_buckets.erase(entry) : std::next(entry);
    }
    if (m_buckets.size() < m_rates.maxAddresses) return;
    // Everybody owes something: who has most left loses least by being forgotten.
    const auto most = std::max_element(m_buckets.begin(), m_buckets.end(), [now](auto& a, auto& b) {
        return a.second.left(now) < b.second.left(now);
    });
    m_buckets.erase(most);
}

} // namespace bowline::net
