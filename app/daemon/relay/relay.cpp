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
// topic: the sums of its messages, so that no question goes over all of them. `last` is the newest one's number.
constexpr std::array<const char*, 2> kSteps{R"(
CREATE TABLE message(number INTEGER PRIMARY KEY AUTOINCREMENT, topic BLOB NOT NULL, sender BLOB NOT NULL,
                     type INTEGER NOT NULL, member INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE,
                     bytes BLOB NOT NULL) STRICT;
CREATE INDEX message_by_topic ON message(topic, number);
CREATE INDEX message_by_sender ON message(topic, sender);
)",
                                            R"(
CREATE TABLE topic(topic BLOB PRIMARY KEY, messages INTEGER NOT NULL, bytes INTEGER NOT NULL,
                   member INTEGER NOT NULL, last INTEGER NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX topic_by_silence ON topic(member, last, time);
INSERT INTO topic SELECT topic, count(*), sum(length(bytes)), max(member), max(number), unixepoch() FROM message
    GROUP BY topic;
)"};
constexpr store::Schema kSchema{kApplicationId, kSteps};

bool isFor(MessageType type, std::initializer_list<MessageType> allowed)
{
    return std::find(allowed.begin(), allowed.end(), type) != allowed.end();
}

} // namespace

Relay::Relay(store::Database db, const l2::Network& network, const base::Clock& clock, RelayLimits limits)
    : m_db(std::move(db)), m_chainId(network.params.chainId()),
      m_operators(network.operators.begin(), network.operators.end()), m_clock(clock), m_limits(limits)
{
    for (const l2::Member& member : network.members) m_members.insert(member.messageKey);
}

Result<Relay> Relay::open(const std::string& path, const l2::Network& network, const base::Clock& clock,
                          RelayLimits limits)
{
    BOWLINE_TRY(store::Database db, store::Database::open(path, kSchema));
    Relay out(std::move(db), network, clock, limits);
    BOWLINE_CHECK(out.loadTotals());
    return out;
}

Status Relay::loadTotals()
{
    BOWLINE_TRY(Statement sums, m_db.query("SELECT count(*), coalesce(sum(bytes), 0) FROM topic"));
    BOWLINE_CHECK(sums.step());
    m_totals = {sums.u64(0), sums.u64(1)};
    return sums.rowStatus();
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
    BOWLINE_CHECK(checkShare(message));
    BOWLINE_TRY(const Totals totals, makeRoom(message.topic, bytes.size()));
    BOWLINE_CHECK(m_db.run("INSERT INTO message(topic, sender, type, member, digest, bytes) "
                           "VALUES (?, ?, ?, ?, ?, ?)",
                           message.topic, message.sender, static_cast<std::uint8_t>(message.type),
                           partyOf(message.sender) == Party::Member ? 1 : 0, digest, bytes));
    const auto number = static_cast<std::uint64_t>(m_db.lastInsertRowId());
    BOWLINE_CHECK(noteInTopic(message, bytes.size(), number));
    BOWLINE_CHECK(transaction.commit());
    m_totals = totals;
    return Posted{number, true};
}

/// Who may send what (the table of section 6).
Status Relay::checkSender(const Message& message)
{
    const Party party = partyOf(message.sender);
    const MessageType type = message.type;
    if (type == MessageType::Request) return checkDepositor(message);
    const bool memberMay =
        isFor(type, {MessageType::Proposal, MessageType::Join, MessageType::Nonces, MessageType::Partials,
                     MessageType::Holding, MessageType::ConfirmPartial, MessageType::Refusal});
    const bool operatorMay = isFor(type, {MessageType::Offer, MessageType::Refusal});
    const bool depositorMay = isFor(type, {MessageType::Holding, MessageType::Refusal});
    if (party == Party::Member && memberMay) return success();
    if (party == Party::Operator && operatorMay) return success();
    if (!depositorMay) return makeError(kNotAllowed, "sender and type do not go together");
    BOWLINE_TRY(const std::uint64_t requests,
                count("SELECT count(*) FROM message WHERE topic = ? AND sender = ? AND type = 1",
                      message.topic, message.sender));
    return requests > 0 ? success() : Status(makeError(kNotAllowed, "not the depositor of this topic"));
}

/// A topic is the hash of what its depositor asks for, refund key included: nobody else can open it.
Status Relay::checkDepositor(const Message& message)
{
    BOWLINE_TRY(const bridge::Payload payload, bridge::decodePayload(message));
    const auto& request = std::get<bridge::RequestPayload>(payload);
    const bool own =
        message.sender == request.refundKey &&
        message.topic == bridge::depositId(m_chainId, request.refundKey, request.recipient, request.value);
    return own ? success() : Status(makeError(kNotAllowed, "the request is not its sender's"));
}

/// The depositor's part of a ceremony is small, and its messages cost it nothing: so is its share.
Status Relay::checkShare(const Message& message)
{
    BOWLINE_TRY(
        const std::uint64_t ofSender,
        count("SELECT count(*) FROM message WHERE topic = ? AND sender = ?", message.topic, message.sender));
    const bool isDepositor = partyOf(message.sender) == Party::Other;
    const std::size_t share = isDepositor ? m_limits.maxOfDepositor : m_limits.maxPerSender;
    if (ofSender >= share) return makeError(kRelayFull, "the sender's share of the topic");
    if (message.type == MessageType::Request) {
        BOWLINE_TRY(const std::uint64_t requests,
                    count("SELECT count(*) FROM message WHERE topic = ? AND sender = ? AND type = 1",
                          message.topic, message.sender));
        if (requests >= m_limits.maxRequests) return makeError(kRelayFull, "the topic's requests");
    }
    BOWLINE_TRY(Statement inTopic, m_db.query("SELECT messages FROM topic WHERE topic = ?", message.topic));
    BOWLINE_TRY(const bool isThere, inTopic.step());
    const bool isFull = isThere && inTopic.u64(0) >= m_limits.maxPerTopic;
    return isFull ? Status(makeError(kRelayFull, "the topic")) : success();
}

/// Deletes topics until the message fits. What the totals are with it; they hold once the transaction is committed.
Result<Relay::Totals> Relay::makeRoom(const Digest& topic, std::uint64_t bytes)
{
    BOWLINE_TRY(Statement row, m_db.query("SELECT 1 FROM topic WHERE topic = ?", topic));
    BOWLINE_TRY(const bool isThere, row.step());
    Totals totals{m_totals.topics + (isThere ? 0 : 1), m_totals.bytes + bytes};
    while (totals.topics > m_limits.maxTopics || totals.bytes > m_limits.maxBytes) {
        BOWLINE_TRY(const std::uint64_t freed, dropTopic(topic));
        totals = {totals.topics - 1, totals.bytes - freed};
    }
    return totals;
}

/// Requests cost their senders nothing here, so they cannot be allowed to push out a ceremony that runs: topics
/// with a word of the committee go only when they have been silent for so long that the deposit is over. One from a
/// far future was written while the clock ran ahead; it must not hold its place until the clock comes there.
Result<std::uint64_t> Relay::dropTopic(const Digest& except)
{
    const base::UnixTime now = m_clock.now();
    BOWLINE_TRY(Statement weakest,
                m_db.query("SELECT topic, bytes FROM topic WHERE (member = 0 OR time < ? OR time > ?) AND "
                           "topic != ? ORDER BY member, last LIMIT 1",
                           now - m_limits.maxAge, now + m_limits.maxAge, except));
    BOWLINE_TRY(const bool found, weakest.step());
    if (!found) return makeError(kRelayFull, "all topics are in use");
    const auto topic = weakest.hash<Digest>(0);
    const std::uint64_t freed = weakest.u64(1);
    BOWLINE_CHECK(weakest.rowStatus());
    BOWLINE_CHECK(m_db.run("DELETE FROM message WHERE topic = ?", topic));
    BOWLINE_CHECK(m_db.run("DELETE FROM topic WHERE topic = ?", topic));
    return freed;
}

Status Relay::noteInTopic(const Message& message, std::uint64_t bytes, std::uint64_t number)
{
    return m_db.run(
        "INSERT INTO topic(topic, messages, bytes, member, last, time) VALUES (?1, 1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT(topic) DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes, "
        "member = max(member, excluded.member), last = excluded.last, time = excluded.time",
        message.topic, bytes, partyOf(message.sender) == Party::Member ? 1 : 0, number, m_clock.now());
}

Result<std::uint64_t> Relay::count(std::string_view sql, const Digest& topic,
                                   const base::XOnlyPublicKey& sender)
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
