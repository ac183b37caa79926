// SPDX-License-Identifier: MIT
// Sorting messages into the slots where they belong, building attempts from them, and naming who broke the
// rules.
#include "core/bridge/ceremony_log.h"

#include <algorithm>

namespace bowline::bridge {

namespace {

std::vector<Bytes> serializeAll(const std::vector<Message>& messages)
{
    std::vector<Bytes> out;
    for (const Message& message : messages) out.push_back(message.serialize());
    return out;
}

std::uint32_t attemptOf(const Payload& payload)
{
    if (const auto* proposal = std::get_if<ProposalPayload>(&payload)) return proposal->attempt;
    if (const auto* join = std::get_if<JoinPayload>(&payload)) return join->attempt;
    return 0;
}

} // namespace

bool CeremonyLog::senderMayPost(const Message& message) const
{
    const Committee& committee = m_deposit.context().committee;
    const bool isDepositor = message.sender == m_deposit.terms().refundKey;
    const std::optional<std::size_t> member = committee.indexOfMessageKey(message.sender);
    switch (message.type) {
    case MessageType::Request: return isDepositor;
    case MessageType::Offer: return m_deposit.context().isOperator(message.sender);
    case MessageType::Proposal: return member == std::size_t{0};
    case MessageType::Join:
    case MessageType::Nonces:
    case MessageType::Partials:
    case MessageType::ConfirmPartial: return member.has_value();
    case MessageType::Holding: return member.has_value() || isDepositor;
    case MessageType::Refusal:
        return member.has_value() || isDepositor || m_deposit.context().isOperator(message.sender);
    }
    return false;
}

bool CeremonyLog::concernsRequest(const Payload& payload) const
{
    const DepositTerms& terms = m_deposit.terms();
    if (const auto* request = std::get_if<RequestPayload>(&payload)) {
        return *request == RequestPayload{terms.request, terms.refundKey, terms.recipient, terms.value};
    }
    if (const auto* offer = std::get_if<OfferPayload>(&payload)) return offer->request == terms.request;
    if (const auto* proposal = std::get_if<ProposalPayload>(&payload))
        return proposal->request == terms.request;
    return true;
}

Intake CeremonyLog::add(const Message& message)
{
    if (message.topic != m_deposit.id() || !senderMayPost(message)) return Intake::NotOurs;
    const Result<Payload> payload = decodePayload(message);
    if (!payload.ok()) {
        return accuse(Fault::Malformed, message.sender, {message}) ? Intake::Accused : Intake::Duplicate;
    }
    if (!concernsRequest(*payload)) return Intake::NotOurs;
    if (message.type == MessageType::Offer) return addOffer(message);
    if (message.type == MessageType::Refusal) return addRefusal(message, std::get<RefusalPayload>(*payload));

    const Intake intake =
        addToSlot({message.type, attemptOf(*payload), message.session, message.sender}, message);
    if (intake != Intake::Taken) return intake;
    if (message.type == MessageType::Proposal) {
        const Intake judged = judgeProposal(message, std::get<ProposalPayload>(*payload));
        if (judged != Intake::Taken) return judged;
    }
    const std::size_t before = m_evidence.size();
    startAttempts();
    for (auto& [number, attempt] : m_attempts) runAttempt(attempt);
    return m_evidence.size() == before ? Intake::Taken : Intake::Accused;
}

Intake CeremonyLog::addOffer(const Message& message)
{
    std::vector<Message>& offers = m_offers[message.sender];
    for (const Message& known : offers) {
        if (known.payload == message.payload) return Intake::Duplicate;
    }
    if (offers.size() >= kMaxOffersPerOperator) return Intake::Excess;
    offers.push_back(message);
    return Intake::Taken;
}

Intake CeremonyLog::addRefusal(const Message& message, const RefusalPayload& payload)
{
    for (const Refusal& known : m_refusals) {
        if (known.sender == message.sender && known.payload == payload) return Intake::Duplicate;
    }
    if (m_refusals.size() >= kMaxRefusals) return Intake::Excess;
    m_refusals.push_back({message.sender, payload});
    return Intake::Taken;
}

Intake CeremonyLog::addToSlot(const Slot& slot, const Message& message)
{
    const auto known = m_messages.find(slot);
    if (known != m_messages.end()) {
        if (known->second.payload == message.payload) return Intake::Duplicate;
        return accuse(Fault::Equivocation, message.sender, {known->second, message}) ? Intake::Accused
                                                                                     : Intake::Duplicate;
    }
    const auto ofSender = std::count_if(m_messages.begin(), m_messages.end(), [&](const auto& entry) {
        return entry.first.type == slot.type && entry.first.sender == slot.sender;
    });
    if (ofSender >= std::ptrdiff_t{kMaxAttempts}) return Intake::Excess;
    m_messages.emplace(slot, message);
    return Intake::Taken;
}

Result<DepositGraph> CeremonyLog::openProposal(const ProposalPayload& payload) const
{
    std::vector<OperatorOffer> offers;
    for (const Message& message : payload.offers) {
        if (message.chainId != m_deposit.context().chainId || message.topic != m_deposit.id()) {
            return base::makeError(kOtherNetwork, "an offer for another deposit");
        }
        if (!message.signatureIsValid()) return base::makeError(kBadMessageSignature, "an offer");
        BOWLINE_TRY(const Payload content, decodePayload(message));
        const OfferPayload& offer = std::get<OfferPayload>(content); // parseMessage let nothing else in
        if (offer.request != m_deposit.terms().request) {
            return base::makeError(kOtherNetwork, "an offer for another request");
        }
        offers.push_back({message.sender, offer.funding, offer.payoutScript});
    }
    BOWLINE_TRY(DepositGraph graph, DepositGraph::create(m_deposit, std::move(offers)));
    if (graph.root() != payload.graphRoot) return base::makeError(kWrongGraphRoot);
    return graph;
}

Intake CeremonyLog::judgeProposal(const Message& message, const ProposalPayload& payload)
{
    Result<DepositGraph> graph = openProposal(payload);
    if (!graph.ok()) {
        accuse(Fault::BadProposal, message.sender, {message});
        return Intake::Accused;
    }
    m_proposals.emplace(
        payload.attempt,
        Proposal{payload.attempt, std::make_shared<const DepositGraph>(std::move(*graph)), message});
    return Intake::Taken;
}

std::vector<Message> CeremonyLog::offers() const
{
    std::vector<Message> out;
    for (const auto& [sender, offers] : m_offers) out.push_back(offers.back());
    return out;
}

const Proposal* CeremonyLog::latestProposal() const
{
    return m_proposals.empty() ? nullptr : &m_proposals.rbegin()->second;
}

const Proposal* CeremonyLog::proposalWithRoot(const Digest& root) const
{
    for (const auto& [attempt, proposal] : m_proposals) {
        if (proposal.graph->root() == root) return &proposal;
    }
    return nullptr;
}

std::optional<JoinPayload> CeremonyLog::joinOf(std::uint32_t attempt, std::size_t member) const
{
    const XOnlyPublicKey& sender = m_deposit.context().committee.members().at(member).messageKey;
    const auto found = m_messages.find({MessageType::Join, attempt, Digest{}, sender});
    if (found == m_messages.end()) return std::nullopt;
    const Result<Payload> payload = decodePayload(found->second);
    return std::get<JoinPayload>(*payload);
}

std::uint32_t CeremonyLog::highestJoinOf(std::size_t member) const
{
    const XOnlyPublicKey& sender = m_deposit.context().committee.members().at(member).messageKey;
    std::uint32_t highest = 0;
    for (const auto& [slot, message] : m_messages) {
        if (slot.type == MessageType::Join && slot.sender == sender)
            highest = std::max(highest, slot.attempt);
    }
    return highest;
}

std::uint32_t CeremonyLog::highestAttempt() const
{
    std::uint32_t highest = m_proposals.empty() ? 0 : m_proposals.rbegin()->first;
    for (std::size_t i = 0; i < m_deposit.context().committee.size(); ++i) {
        highest = std::max(highest, highestJoinOf(i));
    }
    return highest;
}

const Attempt* CeremonyLog::attempt(std::uint32_t number) const
{
    const auto found = m_attempts.find(number);
    return found == m_attempts.end() ? nullptr : &found->second;
}

const Attempt* CeremonyLog::latestAttempt() const
{
    return m_attempts.empty() ? nullptr : &m_attempts.rbegin()->second;
}

const Attempt* CeremonyLog::signedAttempt() const
{
    for (const auto& [number, attempt] : m_attempts) {
        if (attempt.signedGraph()) return &attempt;
    }
    return nullptr;
}

const Attempt* CeremonyLog::confirmedAttempt() const
{
    for (const auto& [number, attempt] : m_attempts) {
        if (attempt.confirmSignature()) return &attempt;
    }
    return nullptr;
}

void CeremonyLog::startAttempts()
{
    for (std::uint32_t number = 1; number <= highestAttempt(); ++number) {
        if (m_attempts.contains(number)) continue;
        std::vector<ByteArray<32>> fresh;
        std::set<Digest> roots;
        for (std::size_t i = 0; i < m_deposit.context().committee.size(); ++i) {
            const auto join = joinOf(number, i);
            if (!join) break;
            fresh.push_back(join->fresh);
            roots.insert(join->graphRoot);
        }
        // Members that joined for different graphs cannot finish: this attempt stays open for ever.
        if (fresh.size() != m_deposit.context().committee.size() || roots.size() != 1) continue;
        const Proposal* proposal = proposalWithRoot(*roots.begin());
        if (proposal != nullptr) m_attempts.emplace(number, Attempt(number, proposal->graph, fresh));
    }
}

const Message* CeremonyLog::find(MessageType type, const Digest& session, const XOnlyPublicKey& sender) const
{
    const auto found = m_messages.find({type, 0, session, sender});
    return found == m_messages.end() ? nullptr : &found->second;
}

void CeremonyLog::runAttempt(Attempt& attempt)
{
    const std::size_t size = m_deposit.context().committee.size();
    // Twice, since the last nonces open what came before them.
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t member = 0; member < size; ++member) judgeMember(attempt, member);
    }
    for (std::size_t member = 0; member < size; ++member) judgeHolding(attempt, member);
    judgeHolding(attempt, std::nullopt);
}

void CeremonyLog::judgeMember(Attempt& attempt, std::size_t member)
{
    if (attempt.liars().contains(member)) return;
    const XOnlyPublicKey& sender = m_deposit.context().committee.members().at(member).messageKey;
    const auto judge = [&](MessageType type, Fault fault, const auto& add) {
        const Message* message = find(type, attempt.session(), sender);
        if (message == nullptr) return;
        const Result<Payload> payload = decodePayload(*message);
        if (add(*payload) == Attempt::Judgement::Wrong) blame(attempt, member, fault, *message);
    };
    if (!attempt.hasNonces(member)) {
        judge(MessageType::Nonces, Fault::Malformed, [&](const Payload& payload) {
            return attempt.addNonces(member, std::get<NoncesPayload>(payload));
        });
    }
    if (!attempt.hasPartials(member)) {
        judge(MessageType::Partials, Fault::BadPartial, [&](const Payload& payload) {
            return attempt.addPartials(member, std::get<PartialsPayload>(payload));
        });
    }
    if (!attempt.hasConfirmPartial(member)) {
        judge(MessageType::ConfirmPartial, Fault::BadPartial, [&](const Payload& payload) {
            return attempt.addConfirmPartial(member, std::get<ConfirmPartialPayload>(payload));
        });
    }
}

void CeremonyLog::judgeHolding(Attempt& attempt, std::optional<std::size_t> member)
{
    if (member ? attempt.memberHolds(*member) : attempt.depositorHolds()) return;
    const XOnlyPublicKey& sender =
        member ? m_deposit.context().committee.members().at(*member).messageKey : m_deposit.terms().refundKey;
    const Message* message = find(MessageType::Holding, attempt.session(), sender);
    if (message == nullptr) return;
    const Result<Payload> payload = decodePayload(*message);
    if (attempt.addHolding(member, std::get<HoldingPayload>(*payload)) == Attempt::Judgement::Wrong) {
        std::vector<Message> messages = contextOf(attempt, false);
        messages.push_back(*message);
        accuse(Fault::BadHolding, sender, messages);
    }
}

void CeremonyLog::blame(Attempt& attempt, std::size_t member, Fault fault, const Message& message)
{
    attempt.m_liars.insert(member);
    std::vector<Message> messages = contextOf(attempt, fault == Fault::BadPartial);
    messages.push_back(message);
    accuse(fault, message.sender, messages);
}

std::vector<Message> CeremonyLog::contextOf(const Attempt& attempt, bool withNonces) const
{
    std::vector<Message> out;
    if (const Proposal* proposal = proposalWithRoot(attempt.graph().root())) out.push_back(proposal->message);
    for (const l2::Member& member : m_deposit.context().committee.members()) {
        const auto join = m_messages.find({MessageType::Join, attempt.number(), Digest{}, member.messageKey});
        if (join != m_messages.end()) out.push_back(join->second);
    }
    for (const l2::Member& member : m_deposit.context().committee.members()) {
        const Message* nonces = find(MessageType::Nonces, attempt.session(), member.messageKey);
        if (withNonces && nonces != nullptr) out.push_back(*nonces);
    }
    return out;
}

bool CeremonyLog::accuse(Fault fault, const XOnlyPublicKey& accused, const std::vector<Message>& messages)
{
    std::set<Digest>& known = m_accused[{fault, accused}];
    if (known.size() >= kMaxEvidence || !known.insert(messages.back().digest()).second) return false;
    m_evidence.push_back({fault, accused, m_deposit.terms(), serializeAll(messages)});
    return true;
}

} // namespace bowline::bridge
