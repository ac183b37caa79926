// SPDX-License-Identifier: MIT
// Nonces, partial signatures and what they add up to. A committee of honest members passes through here
// without a single failure; each failure has a name.
#include "core/bridge/attempt.h"

#include "core/l2/hashes.h"

#include <algorithm>

namespace bowline::bridge {

namespace {

template <typename T>
std::size_t countPresent(const std::vector<std::optional<T>>& values)
{
    return static_cast<std::size_t>(std::count_if(
        values.begin(), values.end(), [](const std::optional<T>& value) { return value.has_value(); }));
}

} // namespace

Attempt::Attempt(std::uint32_t number, GraphPtr graph, const std::vector<ByteArray<32>>& fresh)
    : m_number(number), m_graph(std::move(graph)),
      m_session(sessionId(m_graph->deposit().terms().request, m_graph->root(), number, fresh)),
      m_nonces(fresh.size()), m_partials(fresh.size()), m_confirmPartials(fresh.size())
{
}

std::size_t Attempt::countNonces() const { return countPresent(m_nonces); }

std::size_t Attempt::countPartials() const { return countPresent(m_partials); }

Attempt::Judgement Attempt::addNonces(std::size_t member, const NoncesPayload& payload)
{
    if (payload.nonces.size() != m_graph->signingSlots().size()) return Judgement::Wrong;
    m_nonces[member] = payload;
    if (countNonces() == m_nonces.size()) startSessions();
    return Judgement::Taken;
}

void Attempt::startSessions()
{
    base::Writer all;
    all.hash(m_session);
    for (const auto& payload : m_nonces) {
        for (const crypto::PublicNonce& nonce : payload->nonces) all.bytes(nonce.bytes());
    }
    const std::vector<SigningSlot>& slots = m_graph->signingSlots();
    std::vector<crypto::Session> sessions;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        std::vector<crypto::PublicNonce> nonces;
        for (const auto& payload : m_nonces) nonces.push_back(payload->nonces[slot]);
        const auto aggregate = crypto::AggregateNonce::fromNonces(nonces);
        if (!aggregate.ok()) return; // cannot happen: each is a pair of points
        auto session =
            crypto::Session::start(m_graph->keysOf(slots[slot]), *aggregate, slots[slot].message, m_session);
        if (!session.ok()) return;
        sessions.push_back(std::move(*session));
    }
    m_view = l2::bowlineHash("nonce-view", {all.data()});
    m_sessions = std::move(sessions);
}

bool Attempt::isValidPartial(std::size_t slot, std::size_t member,
                             const crypto::PartialSignature& partial) const
{
    const PublicKey& key = m_graph->deposit().context().committee.members().at(member).vaultKey;
    return m_sessions.at(slot).verifyPartial(partial, key, m_nonces.at(member)->nonces.at(slot)).ok();
}

Attempt::Judgement Attempt::addPartials(std::size_t member, const PartialsPayload& payload)
{
    if (payload.partials.size() != m_graph->signingSlots().size() - 1) return Judgement::Wrong;
    // Signed over other nonces than were shown here: nobody can tell from this who is to blame.
    if (!allNonces() || payload.view != m_view) return Judgement::Later;
    for (std::size_t slot = 0; slot < payload.partials.size(); ++slot) {
        if (!isValidPartial(slot, member, payload.partials[slot])) return Judgement::Wrong;
    }
    m_partials[member] = payload;
    if (countPartials() == m_partials.size()) combine();
    return Judgement::Taken;
}

void Attempt::combine()
{
    std::vector<Signature64> signatures;
    for (std::size_t slot = 0; slot + 1 < m_graph->signingSlots().size(); ++slot) {
        std::vector<crypto::PartialSignature> partials;
        for (const auto& payload : m_partials) partials.push_back(payload->partials[slot]);
        const auto signature = m_sessions[slot].aggregate(partials);
        if (!signature.ok()) return; // cannot happen: each was verified
        signatures.push_back(*signature);
    }
    SignedGraph out;
    out.terms = m_graph->deposit().terms();
    out.mintSignature = signatures[0];
    for (std::size_t i = 0; i < m_graph->operators().size(); ++i) {
        out.offers.push_back(m_graph->operators()[i].offer());
        out.takes.push_back({signatures[1 + 2 * i], signatures[2 + 2 * i]});
    }
    m_mintSignature = out.mintSignature;
    m_signedGraph = std::move(out);
}

Attempt::Judgement Attempt::addHolding(std::optional<std::size_t> member, const HoldingPayload& payload)
{
    if (payload.graphRoot != m_graph->root() ||
        !m_graph->deposit().mintSignatureIsValid(payload.graphRoot, payload.mintSignature)) {
        return Judgement::Wrong;
    }
    if (!m_mintSignature) m_mintSignature = payload.mintSignature;
    if (member) {
        m_holdings.insert(*member);
    } else {
        m_depositorHolds = true;
    }
    return Judgement::Taken;
}

Attempt::Judgement Attempt::addConfirmPartial(std::size_t member, const ConfirmPartialPayload& payload)
{
    if (!allNonces() || payload.view != m_view) return Judgement::Later;
    if (!isValidPartial(m_graph->signingSlots().size() - 1, member, payload.partial)) return Judgement::Wrong;
    m_confirmPartials[member] = payload.partial;
    if (countPresent(m_confirmPartials) == m_confirmPartials.size()) combineConfirm();
    return Judgement::Taken;
}

void Attempt::combineConfirm()
{
    std::vector<crypto::PartialSignature> partials;
    for (const auto& partial : m_confirmPartials) partials.push_back(*partial);
    const auto signature = m_sessions.back().aggregate(partials);
    if (signature.ok()) m_confirmSignature = *signature;
}

} // namespace bowline::bridge
