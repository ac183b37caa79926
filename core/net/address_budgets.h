// SPDX-License-Identifier: MIT
// How much each address may still ask for: a token bucket for each one that was heard of lately. Private to the
// library; used on the server's strand.
#pragma once

#include "core/net/rate_limit.h"

#include <boost/asio/ip/address.hpp>

#include <map>

namespace bowline::net {

class AddressBudgets {
public:
    using Time = RateLimit::Time;
    struct Rates {
        std::uint32_t perSecond;
        std::uint32_t burst;
        std::uint32_t loopbackPerSecond;
        std::uint32_t loopbackBurst;
        std::size_t maxAddresses; // remembered at a time
    };
    explicit AddressBudgets(const Rates& rates) : m_rates(rates) {}

    /// True if the address may spend as much now; it then has.
    [[nodiscard]] bool spend(const boost::asio::ip::address& owner, std::uint32_t cost, Time now);
    [[nodiscard]] std::size_t size() const { return m_buckets.size(); }

private:
    void makeRoom(Time now);

    Rates m_rates;
    std::map<boost::asio::ip::address, RateLimit> m_buckets;
};

} // namespace bowline::net
