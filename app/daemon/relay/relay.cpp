// SPDX-License-Identifier: MIT
#include "app/daemon/relay/relay.h"

#include "core/bridge/committee.h"
#include "core/crypto/hash.h"

#include <array>

namespace bowline::daemon {

using base::ByteView;
using base::Digest;
using base::makeError;
using base::Result;
using base::Status;
using base::success;
using bridge::Message;
using bridge::MessageType;
using store::Statement;

namespace {

// "BWRL"
constexpr std::uint32_t kApplicationId = 0x4257524c;
constexpr std::array<const char*, 1> kSteps{R"(
CREATE TABLE message(number INTEGER PRIMARY KEY AUTOINCREMENT, topic BLOB NOT NULL, sender BLOB NOT NULL,
                     type INTEGER NOT NULL, member INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE,
                     bytes BLOB NOT NULL) STRICT;
CREATE INDEX message_by_topic ON message(topic, number);
CREATE INDEX message_by_sender ON message(topic, sender);
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};

bool isFor(MessageType type, std::initializer_list<MessageType> allowed)
{
    return std::find(allowed.begin(), allowed.end(), type) != allowed.end();
}

} // namespace

Relay::Relay(store::Database db, const l2::Network& network, RelayLimits limits)
    : m_db(std::move(db)),
      m_chainId(network.params.chainId()),
      m_operators(network.operators.begin(), network.operators.end()),
      m_limits(limits)
{
    for (const l2::Member& member : network.members) m_members.insert(member.messageKey);
}

Result<Relay> Relay::open(const std::string& path, const l2::Network& network, RelayLimits limits)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    return Relay(std::move(db), network, limits);
}

Relay::Party Relay::partyOf(const base::XOnlyPublicKey& sender) const
{
    if (m_members.count(sender) != 0) return Party::Member;
    return m_operators.count(sender) != 0 ? Party::Operator : Party::Other;
}

Result<Relay::Posted> Relay::post(ByteView bytes)
{
    BOWLINE_TRY(const Message message, bridge::openMessage(bytes, m_chainId));
    BOWLINE_CHECK(bridge::decodePayload(message));
    const Digest digest = crypto::sha256(bytes);
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(m_db));
    BOWLINE_TRY(Statement known, m_db.query("SELECT number FROM message WHERE digest = ?", digest));
    BOWLINE_TRY(const bool posted, known.step());
    if (posted) return Posted{known.u64(0), false};
    BOWLINE_CHECK(checkSender(message));
    BOWLINE_CHECK(checkRoom(message));
    BOWLINE_CHECK(m_db.run("INSERT INTO message(topic, sender, type, member, digest, bytes) "
                           "VALUES (?, ?, ?, ?, ?, ?)",
                           message.topic, message.sender, static_cast<std::uint8_t>(message.type),
                           partyOf(message.sender) == Party::Member ? 1 : 0, digest, bytes));
    const auto number = static_cast<std::uint64_t>(m_db.lastInsertRowId());
    BOWLINE_CHECK(transaction.commit());
    return Posted{number, true};
}

/// Who may send what (the table of section 6).
Status Relay::checkSender(const Message& message)
{
    const Party party = partyOf(message.sender);
    const MessageType type = message.type;
    if (type == MessageType::Request) return checkDepositor(message);
    const bool memberMay = isFor(type, {MessageType::Proposal, MessageType::Join, MessageType::Nonces,
                                        MessageType::Partials, MessageType::Holding, MessageType::ConfirmPartial,
                                        MessageType::Refusal});
    const bool operatorMay = isFor(type, {MessageType::Offer, MessageType::Refusal});
    const bool depositorMay = isFor(type, {MessageType::Holding, MessageType::Refusal});
    if (party == Party::Member && memberMay) return success();
    if (party == Party::Operator && operatorMay) return success();
    if (!depositorMay) return makeError(kNotAllowed, "sender and type do not go together");
    BOWLINE_TRY(const std::uint64_t requests,
                count("SELECT count(*) FROM message WHERE topic = ? AND sender = ? AND type = 1", message.topic,
                      message.sender));
    return requests > 0 ? success() : Status(makeError(kNotAllowed, "not the depositor of this topic"));
}

/// A topic is the hash of what its depositor asks for, refund key included: nobody else can open it.
Status Relay::checkDepositor(const Message& message)
{
    BOWLINE_TRY(const bridge::Payload payload, bridge::decodePayload(message));
    const auto& request = std::get<bridge::RequestPayload>(payload);
    const bool own = message.sender == request.refundKey
                     && message.topic
                            == bridge::depositId(m_chainId, request.refundKey, request.recipient, request.value);
    return own ? success() : Status(makeError(kNotAllowed, "the request is not its sender's"));
}

Status Relay::checkRoom(const Message& message)
{
    BOWLINE_TRY(const std::uint64_t ofSender,
                count("SELECT count(*) FROM message WHERE topic = ? AND sender = ?", message.topic, message.sender));
    if (ofSender >= m_limits.maxPerSender) return makeError(kRelayFull, "the sender's share of the topic");
    BOWLINE_TRY(Statement inTopic, m_db.query("SELECT count(*) FROM message WHERE topic = ?", message.topic));
    BOWLINE_CHECK(inTopic.step());
    if (inTopic.u64(0) >= m_limits.maxPerTopic) return makeError(kRelayFull, "the topic");
    if (inTopic.u64(0) > 0) return success();
    BOWLINE_TRY(Statement topics, m_db.query("SELECT count(DISTINCT topic) FROM message"));
    BOWLINE_CHECK(topics.step());
    return topics.u64(0) < m_limits.maxTopics ? success() : dropOldestTopic();
}

/// Requests cost their senders nothing here, so they cannot be allowed to push out a ceremony that runs: only
/// topics without a word of the committee go.
Status Relay::dropOldestTopic()
{
    BOWLINE_CHECK(m_db.run("DELETE FROM message WHERE topic = (SELECT topic FROM message GROUP BY topic "
                           "HAVING max(member) = 0 ORDER BY max(number) LIMIT 1)"));
    return m_db.changes() > 0 ? success() : Status(makeError(kRelayFull, "all topics are in use"));
}

Result<std::uint64_t> Relay::count(std::string_view sql, const Digest& topic, const base::XOnlyPublicKey& sender)
{
    BOWLINE_TRY(Statement statement, m_db.query(sql, topic, sender));
    BOWLINE_CHECK(statement.step());
    return statement.u64(0);
}

Result<std::vector<RelayMessage>> Relay::list(const std::optional<Digest>& topic, std::uint64_t after)
{
    BOWLINE_TRY(Statement statement, topic
                                         ? m_db.query("SELECT number, bytes FROM message WHERE topic = ? AND "
                                                      "number > ? ORDER BY number LIMIT ?",
                                                      *topic, after, kMaxListed)
                                         : m_db.query("SELECT number, bytes FROM message WHERE number > ? "
                                                      "ORDER BY number LIMIT ?",
                                                      after, kMaxListed));
    std::vector<RelayMessage> out;
    BOWLINE_CHECK(statement.forEach([&out](Statement& row) { out.push_back({row.u64(0), row.blob(1)}); }));
    return out;
}

} // namespace bowline::daemon
