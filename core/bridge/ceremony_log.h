// SPDX-License-Identifier: MIT
// What the public messages of one deposit say, taken together: proposals, attempts, nonces, partial signatures,
// and the signatures they add up to. Members, depositor and operators all read the ceremony through this class;
// it holds no secret, needs no network and gives the same result in whatever order the messages come.
//
// The first message of a kind counts. A second, different one of the same sender is evidence against it.
#pragma once

#include "core/bridge/evidence.h"

#include <map>
#include <set>

namespace bowline::bridge {

/// Attempts per deposit: enough for every member to restart a few times, and a bound on what is kept.
inline constexpr std::uint32_t kMaxAttempts = 64;
inline constexpr std::size_t kMaxOffersPerOperator = 8;

/// A proposal whose offers and root are sound, as far as its messages can tell.
struct Proposal {
    std::uint32_t attempt = 0;
    DepositGraph graph;
    Message message;
};

/// One run of the two rounds.
class Attempt {
public:
    [[nodiscard]] const Digest& session() const { return m_session; }
    [[nodiscard]] std::uint32_t number() const { return m_number; }
    [[nodiscard]] const DepositGraph& graph() const { return m_graph; }

    [[nodiscard]] bool hasNonces(std::size_t member) const { return m_nonces.at(member).has_value(); }
    [[nodiscard]] bool allNonces() const { return !m_sessions.empty(); }
    /// The hash of all nonces; zero before allNonces().
    [[nodiscard]] const Digest& view() const { return m_view; }
    /// The MuSig2 session of a slot, from allNonces() on.
    [[nodiscard]] const crypto::Session& sessionOf(std::size_t slot) const { return m_sessions.at(slot); }

    [[nodiscard]] bool hasPartials(std::size_t member) const { return m_partials.at(member).has_value(); }
    /// Complete and verified: the mint authorisation and every Take1.
    [[nodiscard]] const std::optional<SignedGraph>& signedGraph() const { return m_signedGraph; }
    [[nodiscard]] bool hasHolding(std::size_t member) const { return m_holdings.contains(member); }
    [[nodiscard]] bool depositorHolds() const { return m_depositorHolds; }
    [[nodiscard]] bool everybodyHolds() const
    {
        return m_depositorHolds && m_holdings.size() == m_nonces.size();
    }
    /// A mint signature that somebody's holding message carried; verified.
    [[nodiscard]] const std::optional<Signature64>& mintSignature() const { return m_mintSignature; }
    [[nodiscard]] bool hasConfirmPartial(std::size_t member) const
    {
        return m_confirmPartials.at(member).has_value();
    }
    /// The committee's signature of T1.
    [[nodiscard]] const std::optional<Signature64>& confirmSignature() const { return m_confirmSignature; }
    /// Members whose partial signatures failed.
    [[nodiscard]] const std::set<std::size_t>& liars() const { return m_liars; }

private:
    friend class CeremonyLog;
    Attempt(std::uint32_t number, const Digest& session, const DepositGraph& graph);
    std::uint32_t m_number;
    Digest m_session;
    DepositGraph m_graph;
    Digest m_view;
    std::vector<std::optional<NoncesPayload>> m_nonces;
    std::vector<crypto::Session> m_sessions;
    std::vector<std::optional<PartialsPayload>> m_partials;
    std::vector<std::optional<crypto::PartialSignature>> m_confirmPartials;
    std::set<std::size_t> m_holdings;
    bool m_depositorHolds = false;
    std::set<std::size_t> m_liars;
    std::optional<SignedGraph> m_signedGraph;
    std::optional<Signature64> m_mintSignature;
    std::optional<Signature64> m_confirmSignature;
};

enum class Intake {
    Taken,
    Duplicate,
    NotOurs,  // another topic, or a sender without a part in this deposit
    Accused,  // evidence was kept, see takeEvidence()
    Excess,   // beyond what one sender may fill
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
    /// The graph root of the members' joins at an attempt; the first member's in committee order.
    [[nodiscard]] std::optional<Digest> rootOfAttempt(std::uint32_t attempt) const;
    [[nodiscard]] const JoinPayload* joinOf(std::uint32_t attempt, std::size_t member) const;
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
        MessageType type;
        std::uint32_t attempt; // of joins and proposals, else 0
        Digest session;        // of types 5 to 8, else zero
        XOnlyPublicKey sender;
        friend auto operator<=>(const Slot&, const Slot&) = default;
    };
    Intake addOffer(const Message& message);
    Intake addRefusal(const Message& message, const RefusalPayload& payload);
    Intake addToSlot(const Slot& slot, const Message& message, const Payload& payload);
    bool senderMayPost(const Message& message) const;
    void progress();
    bool progressProposals();
    bool progressJoins();
    bool progressAttempt(Attempt& attempt);
    bool progressNonces(Attempt& attempt);
    bool progressPartials(Attempt& attempt);
    bool progressHoldings(Attempt& attempt);
    bool progressConfirm(Attempt& attempt);
    void combine(Attempt& attempt);
    void startSessions(Attempt& attempt);
    [[nodiscard]] const Message* find(MessageType type, const Digest& session, const XOnlyPublicKey& sender) const;
    void accuse(Fault fault, const XOnlyPublicKey& accused, std::vector<Message> offending,
                const Attempt* attempt);
    void accuseProposal(const Message& message);

    Deposit m_deposit;
    std::map<Slot, Message> m_messages;
    std::map<XOnlyPublicKey, std::vector<Message>> m_offers;
    std::map<std::uint32_t, Proposal> m_proposals;
    std::map<std::uint32_t, Attempt> m_attempts;
    std::vector<Refusal> m_refusals;
    std::set<std::pair<std::uint8_t, Digest>> m_accusedMessages;
    std::vector<Evidence> m_evidence;
};

} // namespace bowline::bridge
