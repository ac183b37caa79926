// SPDX-License-Identifier: MIT
// What the public messages of one deposit say, taken together: proposals, attempts, nonces, partial
// signatures, and the signatures they add up to. Members, depositor and operators all read the ceremony
// through this class; it holds no secret, needs no network and gives the same result in whatever order the
// messages come.
//
// The first message of a kind counts. A second, different one of the same sender is evidence against it.
#pragma once

#include "core/bridge/attempt.h"
#include "core/bridge/evidence.h"

#include <map>
#include <set>

namespace bowline::bridge {

/// What one sender may fill: messages of a type beyond this are dropped.
inline constexpr std::size_t kMaxOffersPerOperator = 8;
inline constexpr std::size_t kMaxRefusals = 64;
/// Kept of one sender and fault; the first is enough to convict.
inline constexpr std::size_t kMaxEvidence = 4;

/// A proposal whose offers and root are sound, as far as its messages can tell.
struct Proposal {
    std::uint32_t attempt = 0;
    GraphPtr graph;
    Message message;
};

enum class Intake {
    Taken,
    Duplicate,
    NotOurs, // another topic, or a sender without a part in this deposit
    Accused, // evidence was kept, see takeEvidence()
    Excess,  // beyond what one sender may fill
};

struct Refusal {
    XOnlyPublicKey sender;
    RefusalPayload payload;
};

class CeremonyLog {
public:
    explicit CeremonyLog(Deposit deposit) : m_deposit(std::move(deposit)) {}

    [[nodiscard]] const Deposit& deposit() const { return m_deposit; }
    /// Takes a message whose signature was verified (openMessage).
    Intake add(const Message& message);

    /// The latest offer of each operator that is pinned and offered for this request.
    [[nodiscard]] std::vector<Message> offers() const;
    /// By attempt; sound ones only.
    [[nodiscard]] const std::map<std::uint32_t, Proposal>& proposals() const { return m_proposals; }
    [[nodiscard]] const Proposal* latestProposal() const;
    [[nodiscard]] const Proposal* proposalWithRoot(const Digest& root) const;
    /// The highest attempt that somebody proposed or joined; 0 when nobody did.
    [[nodiscard]] std::uint32_t highestAttempt() const;
    [[nodiscard]] std::uint32_t highestJoinOf(std::size_t member) const;
    [[nodiscard]] std::optional<JoinPayload> joinOf(std::uint32_t attempt, std::size_t member) const;
    /// The attempt whose joins are complete; null before.
    [[nodiscard]] const Attempt* attempt(std::uint32_t number) const;
    /// The highest with complete joins.
    [[nodiscard]] const Attempt* latestAttempt() const;
    /// The first attempt that yielded a mint authorisation and all Take1 signatures, or T1.
    [[nodiscard]] const Attempt* signedAttempt() const;
    [[nodiscard]] const Attempt* confirmedAttempt() const;
    [[nodiscard]] const std::vector<Refusal>& refusals() const { return m_refusals; }

    /// Evidence since the last call.
    [[nodiscard]] std::vector<Evidence> takeEvidence() { return std::exchange(m_evidence, {}); }

private:
    struct Slot { // where a message belongs: one per sender
        MessageType type = MessageType::Request;
        std::uint32_t attempt = 0; // of joins and proposals, else 0
        Digest session;            // of types 5 to 8, else zero
        XOnlyPublicKey sender;
        friend auto operator<=>(const Slot&, const Slot&) = default;
    };
    [[nodiscard]] bool senderMayPost(const Message& message) const;
    [[nodiscard]] bool concernsRequest(const Payload& payload) const;
    Intake addOffer(const Message& message);
    Intake addRefusal(const Message& message, const RefusalPayload& payload);
    Intake addToSlot(const Slot& slot, const Message& message);
    Intake judgeProposal(const Message& message, const ProposalPayload& payload);
    [[nodiscard]] Result<DepositGraph> openProposal(const ProposalPayload& payload) const;
    void startAttempts();
    void runAttempt(Attempt& attempt);
    void judgeMember(Attempt& attempt, std::size_t member);
    void judgeHolding(Attempt& attempt, std::optional<std::size_t> member);
    void blame(Attempt& attempt, std::size_t member, Fault fault, const Message& message);
    [[nodiscard]] const Message* find(MessageType type, const Digest& session,
                                      const XOnlyPublicKey& sender) const;
    [[nodiscard]] std::vector<Message> contextOf(const Attempt& attempt, bool withNonces) const;
    bool accuse(Fault fault, const XOnlyPublicKey& accused, const std::vector<Message>& messages);

    Deposit m_deposit;
    std::map<Slot, Message> m_messages;
    std::map<XOnlyPublicKey, std::vector<Message>> m_offers;
    std::map<std::uint32_t, Proposal> m_proposals;
    std::map<std::uint32_t, Attempt> m_attempts;
    std::vector<Refusal> m_refusals;
    std::map<std::pair<Fault, XOnlyPublicKey>, std::set<Digest>> m_accused; // digests of offending messages
    std::vector<Evidence> m_evidence;
};

} // namespace bowline::bridge
