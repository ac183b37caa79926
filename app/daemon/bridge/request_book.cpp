// SPDX-License-Identifier: MIT
#include "app/daemon/bridge/request_book.h"

#include <algorithm>

namespace bowline::daemon {

using bridge::Message;
using bridge::MessageType;

RequestBook::RequestBook(bridge::ContextPtr bridge, Limits limits)
    : m_bridge(std::move(bridge)), m_limits(limits)
{
}

void RequestBook::add(const Message& message)
{
    if (message.type == MessageType::Request) addRequest(message);
    const auto found = m_topics.find(message.topic);
    if (found == m_topics.end() || !mayPost(found->second, message)) return;
    std::vector<Message>& known = found->second.messages;
    const auto ofSender = std::count_if(known.begin(), known.end(),
                                        [&](const Message& other) { return other.sender == message.sender; });
    if (static_cast<std::size_t>(ofSender) < m_limits.messagesPerSender) known.push_back(message);
}

bool RequestBook::mayPost(const Topic& topic, const Message& message) const
{
    return message.sender == topic.depositor || m_bridge->isOperator(message.sender) ||
           m_bridge->committee.indexOfMessageKey(message.sender).has_value();
}

void RequestBook::addRequest(const Message& message)
{
    const base::Result<bridge::Payload> payload = bridge::decodePayload(message);
    if (!payload.ok()) return;
    const auto& request = std::get<bridge::RequestPayload>(*payload);
    auto deposit = bridge::Deposit::create(
        m_bridge, {request.request, request.refundKey, request.recipient, request.value});
    if (!deposit.ok() || deposit->id() != message.topic || request.refundKey != message.sender) return;
    const auto [entry, isNew] = m_topics.try_emplace(message.topic, Topic{request.refundKey, {}, {}});
    Topic& topic = entry->second;
    const bool known = std::any_of(topic.entries.begin(), topic.entries.end(), [&](Number number) {
        return m_entries.at(number).terms() == deposit->terms();
    });
    if (known) return;
    m_scripts.push_back(deposit->requestOutput().scriptPubKey);
    topic.entries.insert(m_next);
    m_entries.emplace(m_next++, std::move(*deposit));
    // Its own topic's oldest, else everybody's: never the one that has just come.
    if (topic.entries.size() > m_limits.perTopic) {
        forget(*topic.entries.begin());
    } else if (m_entries.size() > m_limits.requests) {
        forget(m_entries.begin()->first);
    }
}

void RequestBook::forget(Number number)
{
    const auto entry = m_entries.find(number);
    const auto topic = m_topics.find(entry->second.id());
    topic->second.entries.erase(number);
    if (topic->second.entries.empty()) m_topics.erase(topic);
    m_entries.erase(entry);
}

std::vector<RequestBook::Standing> RequestBook::takeStanding(const bridge::ChainFacts& facts)
{
    std::vector<Standing> out;
    std::vector<Number> done;
    for (const auto& [number, deposit] : m_entries) {
        const bridge::OutputFact* fact = facts.find(deposit.terms().request);
        if (fact == nullptr) continue;
        // What an outpoint holds never changes, and the committee is not asked twice for what is late or spent.
        done.push_back(number);
        const bool standing = fact->output == deposit.requestOutput() && !fact->spentBy &&
                              !bridge::halfOfRefundTimePassed(m_bridge->params(), fact->height, facts.tip);
        if (standing) out.push_back({deposit, m_topics.at(deposit.id()).messages});
    }
    for (const Number number : done) forget(number);
    return out;
}

} // namespace bowline::daemon
