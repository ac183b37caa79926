// SPDX-License-Identifier: MIT
// The message board of deposits (docs/protocol.md, section 6): keeps what depositors, operators and the committee
// post, in order, and hands it out. Trusted with nothing: it only keeps strangers from filling it.
//
// Taken in: messages of this layer 2 with a valid signature, from a member, a pinned operator, or, within the
// topic of its own deposit, from the depositor. Everything is bounded; see RelayLimits.
#pragma once

#include "core/base/clock.h"
#include "core/bridge/messages.h"
#include "core/l2/params.h"
#include "core/store/database.h"

#include <set>

namespace bowline::daemon {

/// The sender has no say in this topic, or not with this type of message.
inline constexpr base::ErrorCode kNotAllowed{"relay.not-allowed"};
/// The topic, or the sender's share of it, is full.
inline constexpr base::ErrorCode kRelayFull{"relay.full"};

/// Beyond maxTopics or maxBytes the topic goes that no member has spoken in and that is silent for longest; when
/// there is none, one that is silent for longer than maxAge, whoever spoke in it.
struct RelayLimits {
    std::size_t maxPerSender = 256; // messages of a member or operator in one topic
    std::size_t maxOfDepositor = 80;
    std::size_t maxRequests = 4; // of the depositor's
    std::size_t maxPerTopic = 4096;
    std::size_t maxTopics = 10'000;
    std::uint64_t maxBytes = 256U << 20U; // of all messages
    base::UnixTime maxAge = base::UnixTime{60} * 24 * 3600;
};

struct RelayMessage {
    std::uint64_t number = 0; // running, over all topics; never reused
    base::Bytes bytes;
};

class Relay {
public:
    static constexpr std::size_t kMaxListed = 200;

    /// `clock` outlives the relay.
    [[nodiscard]] static base::Result<Relay> open(const std::string& path, const l2::Network& network,
                                                  const base::Clock& clock, RelayLimits limits = {});

    struct Posted {
        std::uint64_t number = 0;
        bool fresh = false; // false: the same bytes were posted before
    };
    [[nodiscard]] base::Result<Posted> post(base::ByteView bytes);
    /// Messages with numbers above `after`, of one topic or all, at most kMaxListed.
    [[nodiscard]] base::Result<std::vector<RelayMessage>> list(const std::optional<base::Digest>& topic,
                                                               std::uint64_t after);

private:
    enum class Party { Member, Operator, Other };

    struct Totals {
        std::uint64_t topics = 0;
        std::uint64_t bytes = 0;
    };

    Relay(store::Database db, const l2::Network& network, const base::Clock& clock, RelayLimits limits);
    base::Status loadTotals();
    [[nodiscard]] Party partyOf(const base::XOnlyPublicKey& sender) const;
    base::Status checkSender(const bridge::Message& message);
    base::Status checkDepositor(const bridge::Message& message);
    base::Status checkShare(const bridge::Message& message);
    [[nodiscard]] base::Result<Totals> makeRoom(const base::Digest& topic, std::uint64_t bytes);
    [[nodiscard]] base::Result<std::uint64_t> dropTopic(const base::Digest& except);
    base::Status noteInTopic(const bridge::Message& message, std::uint64_t bytes, std::uint64_t number);
    [[nodiscard]] base::Result<std::uint64_t> count(std::string_view sql, const base::Digest& topic,
                                                    const base::XOnlyPublicKey& sender);

    store::Database m_db;
    l2::ChainId m_chainId;
    std::set<base::XOnlyPublicKey> m_members;
    std::set<base::XOnlyPublicKey> m_operators;
    const base::Clock& m_clock;
    RelayLimits m_limits;
    Totals m_totals; // of the table of topics
};

} // namespace bowline::daemon
