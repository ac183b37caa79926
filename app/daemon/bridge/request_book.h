// SPDX-License-Identifier: MIT
// Requests that depositors posted on the relay and that the chain does not show yet, each with what was said about
// it meanwhile. Whoever has a key can post as many as the relay takes: they wait here, cheap and bounded, until
// their output stands. Only then a ceremony is worth its while, and only real coins make one.
//
// An outpoint alone names no deposit: a stranger can post somebody else's with a refund key of its own. The terms
// decide, and the output that they ask for.
#pragma once

#include "core/bridge/ceremony.h"

namespace bowline::daemon {

class RequestBook {
public:
    /// The oldest goes first where there are too many.
    struct Limits {
        std::size_t requests = 16'384;        // more than the relay keeps topics
        std::size_t perTopic = 8;             // a depositor harms itself alone
        std::size_t messagesPerSender = 1024; // in one topic
    };
    /// A request whose output stands, and all messages of its topic so far.
    struct Standing {
        bridge::Deposit deposit;
        std::vector<bridge::Message> messages;
    };

    explicit RequestBook(bridge::ContextPtr bridge) : RequestBook(std::move(bridge), Limits()) {}
    RequestBook(bridge::ContextPtr bridge, Limits limits);

    /// Messages of topics without a request here, and of those who have no part in the topic's deposit, are dropped.
    void add(const bridge::Message& message);
    /// What the chain must be searched for since the last call.
    [[nodiscard]] std::vector<base::Bytes> takeScripts() { return std::exchange(m_scripts, {}); }
    /// Hands out the requests that stand now, and forgets those that can come to nothing any more.
    [[nodiscard]] std::vector<Standing> takeStanding(const bridge::ChainFacts& facts);
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }

private:
    using Number = std::uint64_t; // in the order of arrival
    struct Topic {
        base::XOnlyPublicKey depositor;
        std::set<Number> entries;
        std::vector<bridge::Message> messages;
    };
    void addRequest(const bridge::Message& message);
    void forget(Number number);
    [[nodiscard]] bool mayPost(const Topic& topic, const bridge::Message& message) const;

    bridge::ContextPtr m_bridge;
    Limits m_limits;
    Number m_next = 0;
    std::map<Number, bridge::Deposit> m_entries;
    std::map<base::Digest, Topic> m_topics;
    std::vector<base::Bytes> m_scripts;
};

} // namespace bowline::daemon
