// SPDX-License-Identifier: MIT
// The member's steps, in the order in which they happen.
#include "core/bridge/ceremony.h"

#include "core/bridge/operator.h"
#include "core/crypto/random.h"

#include <algorithm>

namespace bowline::bridge {

namespace {

/// How long member 0 waits for more offers once there are enough.
constexpr std::uint32_t kOfferPatience = 2;

} // namespace

const OutputFact* ChainFacts::find(const OutPoint& outpoint) const
{
    const auto found = outputs.find(outpoint);
    return found == outputs.end() ? nullptr : &found->second;
}

bool ChainFacts::isBoundElsewhere(const OutPoint& funding, const OutPoint& request) const
{
    const auto found = boundFundings.find(funding);
    return found != boundFundings.end() && found->second != request;
}

bool isDeep(Height height, Height tip, std::uint32_t k)
{
    return height.value <= tip.value && tip.value - height.value >= k;
}

bool halfOfRefundTimePassed(const l2::NetworkParams& params, Height request, Height tip)
{
    return tip >= request + params.refundBlocks / 2;
}

bool vetoIsDue(const l2::NetworkParams& params, Height kickoff, Height tip, Burn burn, Height view)
{
    const std::uint32_t half = params.takeBlocks / 2;
    // What stays behind a late veto must outlast a reorg as well.
    const std::uint32_t late = params.takeBlocks - std::max(params.takeBlocks / 4, params.depth + 1);
    const bool mayComeAgain = view < kickoff || burn == Burn::Undone;
    return burn != Burn::There && tip >= kickoff + (mayComeAgain ? std::max(half, late) : half);
}

bool Effects::empty() const
{
    return !joinedAttempt && !ownProposal && released.empty() && !signedGraph && !confirmSignature &&
           evidence.empty() && post.empty() && broadcast.empty();
}

std::string_view phaseName(CeremonyPhase phase)
{
    switch (phase) {
    case CeremonyPhase::WaitingForRequest: return "waiting-for-request";
    case CeremonyPhase::WaitingForOffers: return "waiting-for-offers";
    case CeremonyPhase::Joining: return "joining";
    case CeremonyPhase::Nonces: return "nonces";
    case CeremonyPhase::Partials: return "partials";
    case CeremonyPhase::Holding: return "holding";
    case CeremonyPhase::Confirming: return "confirming";
    case CeremonyPhase::Signed: return "signed";
    case CeremonyPhase::Confirmed: return "confirmed";
    case CeremonyPhase::Refused: return "refused";
    case CeremonyPhase::Refunded: return "refunded";
    }
    return "unknown";
}

MemberCeremony::MemberCeremony(Deposit deposit, std::size_t index, PrivateKey vaultKey, PrivateKey messageKey,
                               MemberMemory memory)
    : m_log(std::move(deposit)), m_index(index), m_vaultKey(std::move(vaultKey)),
      m_messageKey(std::move(messageKey)), m_memory(std::move(memory))
{
}

Result<MemberCeremony> MemberCeremony::create(Deposit deposit, std::size_t index, const PrivateKey& vaultKey,
                                              const PrivateKey& messageKey, MemberMemory memory)
{
    const Committee& committee = deposit.context().committee;
    if (committee.indexOfVaultKey(vaultKey.publicKey()) != index ||
        committee.indexOfMessageKey(messageKey.xOnlyPublicKey()) != index) {
        return base::makeError(kBadCommittee, "not the keys of member " + std::to_string(index));
    }
    MemberCeremony out{std::move(deposit), index, vaultKey.clone(), messageKey.clone(), std::move(memory)};
    if (out.m_memory.ownProposal) {
        BOWLINE_TRY(const Message proposal,
                    openMessage(*out.m_memory.ownProposal, out.m_log.deposit().context().chainId));
        out.m_log.add(proposal);
        out.m_posted.push_back(*out.m_memory.ownProposal);
    }
    return out;
}

std::vector<std::pair<OutPoint, TxOut>> MemberCeremony::outputsOfInterest() const
{
    const Deposit& deposit = m_log.deposit();
    std::vector<std::pair<OutPoint, TxOut>> out{{deposit.terms().request, deposit.requestOutput()}};
    for (const Message& message : m_log.offers()) {
        const Result<Payload> payload = decodePayload(message);
        const auto funding = kickoffFunding(deposit.context().params(), message.sender);
        if (payload.ok() && funding.ok())
            out.emplace_back(std::get<OfferPayload>(*payload).funding, *funding);
    }
    for (const auto& [attempt, proposal] : m_log.proposals()) {
        for (const OperatorGraph& graph : proposal.graph->operators()) {
            out.emplace_back(graph.offer().funding, graph.fundingOutput());
        }
    }
    return out;
}

Result<Effects> MemberCeremony::step(const ChainFacts& facts)
{
    Effects effects;
    effects.evidence = m_log.takeEvidence();
    BOWLINE_CHECK(finish(effects));
    BOWLINE_TRY(const bool goOn, checkRequest(facts, effects));
    if (goOn) BOWLINE_CHECK(runAttempt(facts, effects));
    BOWLINE_CHECK(finish(effects)); // the own message may have been the last one
    for (Evidence& evidence : m_log.takeEvidence()) effects.evidence.push_back(std::move(evidence));
    return effects;
}

Result<bool> MemberCeremony::checkRequest(const ChainFacts& facts, Effects& effects)
{
    const Deposit& deposit = m_log.deposit();
    const l2::NetworkParams& params = deposit.context().params();
    const OutputFact* request = facts.find(deposit.terms().request);
    if (request == nullptr) {
        m_phase = m_memory.confirmSignature ? CeremonyPhase::Signed : CeremonyPhase::WaitingForRequest;
        return false;
    }
    if (!(request->output == deposit.requestOutput())) {
        BOWLINE_CHECK(refuse(RefusalCode::RequestInvalid, "the output is not the request's", effects));
        return false;
    }
    if (request->spentBy) {
        const bool confirmed = *request->spentBy == deposit.confirmTxid();
        m_phase = confirmed ? CeremonyPhase::Confirmed : CeremonyPhase::Refunded;
        m_live.reset();
        return false;
    }
    if (m_memory.confirmSignature) {
        m_phase = CeremonyPhase::Signed;
        return false;
    }
    if (!isDeep(request->height, facts.tip, params.depth)) {
        m_phase = CeremonyPhase::WaitingForRequest;
        return false;
    }
    if (halfOfRefundTimePassed(params, request->height, facts.tip)) {
        BOWLINE_CHECK(refuse(RefusalCode::TooLate, "half of the refund time has passed", effects));
        m_live.reset();
        return false;
    }
    return true;
}

Status MemberCeremony::refuse(RefusalCode code, std::string text, Effects& effects)
{
    m_phase = CeremonyPhase::Refused;
    const RefusalPayload refusal{code, std::move(text)};
    if (m_refusal == refusal) return base::success();
    m_refusal = refusal;
    return post(Digest{}, refusal, effects);
}

bool MemberCeremony::fundingStands(const OutPoint& funding, const TxOut& expected,
                                   const ChainFacts& facts) const
{
    const OutputFact* fact = facts.find(funding);
    return fact != nullptr && fact->output == expected && !fact->spentBy &&
           !facts.isBoundElsewhere(funding, m_log.deposit().terms().request) &&
           isDeep(fact->height, facts.tip, m_log.deposit().context().params().depth);
}

bool MemberCeremony::fundingsStand(const DepositGraph& graph, const ChainFacts& facts) const
{
    return std::all_of(graph.operators().begin(), graph.operators().end(), [&](const OperatorGraph& own) {
        return fundingStands(own.offer().funding, own.fundingOutput(), facts);
    });
}

/// Member 0 proposes when there are enough standing offers and every operator offered, or it waited for them.
Status MemberCeremony::propose(const ChainFacts& facts, Effects& effects)
{
    if (m_index != 0 || m_memory.boundRoot) return base::success();
    const Proposal* latest = m_log.latestProposal();
    if (latest != nullptr && fundingsStand(*latest->graph, facts)) return base::success();

    const Deposit& deposit = m_log.deposit();
    std::vector<Message> standing;
    std::vector<OperatorOffer> offers;
    for (const Message& message : m_log.offers()) {
        BOWLINE_TRY(const Payload payload, decodePayload(message));
        const OfferPayload& content = std::get<OfferPayload>(payload);
        const OperatorOffer offer{message.sender, content.funding, content.payoutScript};
        const auto graph = OperatorGraph::create(deposit, offer);
        if (!graph.ok() || !fundingStands(offer.funding, graph->fundingOutput(), facts)) continue;
        if (standing.size() == kMaxOffers) break;
        standing.push_back(message);
        offers.push_back(offer);
    }
    const auto graph = DepositGraph::create(deposit, std::move(offers));
    if (!graph.ok()) { // too few, or two with the same funding
        m_offersSince.reset();
        return base::success();
    }
    if (!m_offersSince) m_offersSince = facts.tip;
    const bool everybody =
        standing.size() == std::min(deposit.context().network.operators.size(), kMaxOffers);
    if (!everybody && facts.tip < *m_offersSince + kOfferPatience) return base::success();
    const std::uint32_t attempt = std::max(m_log.highestAttempt(), m_memory.joinedAttempt) + 1;
    if (attempt > kMaxAttempts) return base::success();
    BOWLINE_CHECK(
        post(Digest{}, ProposalPayload{attempt, deposit.terms().request, standing, graph->root()}, effects));
    m_memory.ownProposal = effects.post.back();
    effects.ownProposal = m_memory.ownProposal;
    return base::success();
}

Status MemberCeremony::runAttempt(const ChainFacts& facts, Effects& effects)
{
    BOWLINE_CHECK(propose(facts, effects));
    BOWLINE_CHECK(join(facts, effects));
    if (!m_live) return base::success();
    const Attempt* attempt = m_log.attempt(m_live->attempt);
    if (attempt == nullptr || attempt->graph().root() != m_live->root) {
        m_phase = CeremonyPhase::Joining;
        return base::success();
    }
    for (const std::size_t liar : attempt->liars()) {
        return refuse(RefusalCode::BadPartial, "member " + std::to_string(liar), effects);
    }
    if (!m_live->sentNonces) BOWLINE_CHECK(sendNonces(*attempt, effects));
    m_phase = CeremonyPhase::Nonces;
    if (!attempt->allNonces()) return base::success();
    if (!m_live->sentPartials) {
        if (!fundingsStand(attempt->graph(), facts)) return base::success();
        BOWLINE_CHECK(sendPartials(*attempt, effects));
    }
    m_phase = CeremonyPhase::Partials;
    if (!attempt->signedGraph()) return base::success();
    if (!m_live->sentHolding) BOWLINE_CHECK(sendHolding(*attempt, effects));
    m_phase = CeremonyPhase::Holding;
    if (!attempt->everybodyHolds()) return base::success();
    if (!m_live->sentConfirm) {
        if (!fundingsStand(attempt->graph(), facts)) return base::success();
        BOWLINE_CHECK(sendConfirm(*attempt, effects));
    }
    m_phase = CeremonyPhase::Confirming;
    return base::success();
}

/// Joins the highest attempt that is there, for the latest proposal. A member that joined it in a former
/// life, or for an earlier proposal, starts the attempt after it, and the others follow.
Status MemberCeremony::join(const ChainFacts& facts, Effects& effects)
{
    const Proposal* proposal = m_log.latestProposal();
    if (proposal == nullptr) {
        m_phase = CeremonyPhase::WaitingForOffers;
        return base::success();
    }
    const Digest& root = proposal->graph->root();
    const std::uint32_t known = m_log.highestAttempt();
    if (m_live && m_live->attempt >= known && m_live->root == root) return base::success();
    if (!m_live && hasFinishedPart()) {
        m_phase = CeremonyPhase::Confirming;
        return base::success();
    }
    const std::uint32_t former = std::max(m_memory.joinedAttempt, m_log.highestJoinOf(m_index));
    const std::uint32_t target = std::max(known, former + 1);
    if (target > kMaxAttempts) return refuse(RefusalCode::Other, "too many attempts", effects);
    if (m_memory.boundRoot && *m_memory.boundRoot != root) {
        return refuse(RefusalCode::BoundElsewhere, "signed for graph root " + m_memory.boundRoot->hex(),
                      effects);
    }
    if (!fundingsStand(*proposal->graph, facts)) {
        if (!m_live) m_phase = CeremonyPhase::WaitingForOffers;
        return base::success();
    }

    JoinPayload payload{target, root, {}};
    BOWLINE_CHECK(crypto::randomBytes(payload.fresh));
    m_live.reset(); // the nonces of the attempt before are gone
    m_live = Live{};
    m_live->attempt = target;
    m_live->root = root;
    m_posted.clear();
    if (m_memory.ownProposal) m_posted.push_back(*m_memory.ownProposal);
    m_memory.joinedAttempt = target;
    effects.joinedAttempt = target;
    m_refusal.reset();
    m_phase = CeremonyPhase::Joining;
    return post(Digest{}, payload, effects);
}

/// Everything that needed a secret nonce went out in a former life: the attempt can end without this member.
bool MemberCeremony::hasFinishedPart() const
{
    const Attempt* attempt = m_log.attempt(m_log.highestAttempt());
    return attempt != nullptr && attempt->hasConfirmPartial(m_index);
}

Status MemberCeremony::sendNonces(const Attempt& attempt, Effects& effects)
{
    NoncesPayload payload;
    std::vector<std::optional<crypto::SecretNonce>> nonces;
    for (const SigningSlot& slot : attempt.graph().signingSlots()) {
        BOWLINE_TRY(crypto::SecretNonce nonce,
                    crypto::SecretNonce::generate(m_vaultKey, attempt.graph().keysOf(slot), slot.message,
                                                  attempt.session()));
        payload.nonces.push_back(nonce.publicNonce());
        nonces.emplace_back(std::move(nonce));
    }
    m_live->nonces = std::move(nonces);
    m_live->sentNonces = true;
    return post(attempt.session(), payload, effects);
}

Result<crypto::PartialSignature> MemberCeremony::signSlot(const Attempt& attempt, std::size_t slot)
{
    std::optional<crypto::SecretNonce> nonce = std::exchange(m_live->nonces.at(slot), std::nullopt);
    if (!nonce) return base::makeError(crypto::kMusigNonceSpent);
    return attempt.sessionOf(slot).sign(std::move(*nonce), m_vaultKey);
}

Status MemberCeremony::sendPartials(const Attempt& attempt, Effects& effects)
{
    PartialsPayload payload;
    payload.view = attempt.view();
    for (std::size_t slot = 0; slot + 1 < attempt.graph().signingSlots().size(); ++slot) {
        BOWLINE_TRY(const crypto::PartialSignature partial, signSlot(attempt, slot));
        payload.partials.push_back(partial);
    }
    m_live->sentPartials = true;
    m_memory.boundRoot = m_live->root;
    effects.released.push_back(
        {attempt.session(), attempt.number(), m_live->root, false, attempt.graph().fundings()});
    return post(attempt.session(), payload, effects);
}

Status MemberCeremony::sendHolding(const Attempt& attempt, Effects& effects)
{
    m_memory.signedGraph = attempt.signedGraph();
    effects.signedGraph = m_memory.signedGraph;
    m_live->sentHolding = true;
    return post(attempt.session(), HoldingPayload{m_live->root, attempt.signedGraph()->mintSignature},
                effects);
}

Status MemberCeremony::sendConfirm(const Attempt& attempt, Effects& effects)
{
    const std::size_t last = attempt.graph().signingSlots().size() - 1;
    BOWLINE_TRY(const crypto::PartialSignature partial, signSlot(attempt, last));
    m_live->sentConfirm = true;
    effects.released.push_back(
        {attempt.session(), attempt.number(), m_live->root, true, attempt.graph().fundings()});
    return post(attempt.session(), ConfirmPartialPayload{attempt.view(), partial}, effects);
}

Status MemberCeremony::finish(Effects& effects)
{
    const Attempt* attempt = m_log.confirmedAttempt();
    if (attempt == nullptr || m_memory.confirmSignature) return base::success();
    BOWLINE_TRY(Transaction confirm, m_log.deposit().signedConfirm(*attempt->confirmSignature()));
    // A member that restarted may see the end of an attempt that it had finished its part of.
    if (!m_memory.signedGraph && attempt->signedGraph()) {
        m_memory.signedGraph = attempt->signedGraph();
        effects.signedGraph = m_memory.signedGraph;
    }
    m_memory.confirmSignature = attempt->confirmSignature();
    effects.confirmSignature = m_memory.confirmSignature;
    effects.broadcast.push_back(std::move(confirm));
    m_phase = CeremonyPhase::Signed;
    m_live.reset();
    return base::success();
}

Result<std::optional<Transaction>> MemberCeremony::confirmTransaction() const
{
    if (!m_memory.confirmSignature) return std::optional<Transaction>{};
    BOWLINE_TRY(Transaction confirm, m_log.deposit().signedConfirm(*m_memory.confirmSignature));
    return std::optional<Transaction>{std::move(confirm)};
}

Status MemberCeremony::post(const Digest& session, const Payload& payload, Effects& effects)
{
    const Deposit& deposit = m_log.deposit();
    BOWLINE_TRY(const Message message,
                signMessage(m_messageKey, deposit.context().chainId, deposit.id(), session, payload));
    m_log.add(message);
    effects.post.push_back(message.serialize());
    m_posted.push_back(effects.post.back());
    return base::success();
}

} // namespace bowline::bridge
