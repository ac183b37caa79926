// SPDX-License-Identifier: MIT
// One run of the two MuSig2 rounds over all slots of a deposit's graph, as its public messages show it.
#pragma once

#include "core/bridge/graph.h"
#include "core/bridge/messages.h"

#include <set>

namespace bowline::bridge {

using GraphPtr = std::shared_ptr<const DepositGraph>;

class Attempt {
public:
    /// `fresh`: the random bytes of each member's join, in the order of the committee.
    Attempt(std::uint32_t number, GraphPtr graph, const std::vector<ByteArray<32>>& fresh);

    [[nodiscard]] const Digest& session() const { return m_session; }
    [[nodiscard]] std::uint32_t number() const { return m_number; }
    [[nodiscard]] const DepositGraph& graph() const { return *m_graph; }
    [[nodiscard]] const GraphPtr& graphPtr() const { return m_graph; }

    [[nodiscard]] bool hasNonces(std::size_t member) const { return m_nonces.at(member).has_value(); }
    [[nodiscard]] bool allNonces() const { return !m_sessions.empty(); }
    /// The hash of all nonces; zero before allNonces().
    [[nodiscard]] const Digest& view() const { return m_view; }
    /// The MuSig2 session of a slot, from allNonces() on.
    [[nodiscard]] const crypto::Session& sessionOf(std::size_t slot) const { return m_sessions.at(slot); }

    [[nodiscard]] bool hasPartials(std::size_t member) const { return m_partials.at(member).has_value(); }
    /// Complete and verified: the mint authorisation and every Take1.
    [[nodiscard]] const std::optional<SignedGraph>& signedGraph() const { return m_signedGraph; }
    [[nodiscard]] bool memberHolds(std::size_t member) const { return m_holdings.contains(member); }
    [[nodiscard]] bool depositorHolds() const { return m_depositorHolds; }
    [[nodiscard]] bool everybodyHolds() const
    {
        return m_depositorHolds && m_holdings.size() == m_nonces.size();
    }
    /// A verified mint signature, from the partial signatures or from somebody's holding message.
    [[nodiscard]] const std::optional<Signature64>& mintSignature() const { return m_mintSignature; }
    [[nodiscard]] bool hasConfirmPartial(std::size_t member) const
    {
        return m_confirmPartials.at(member).has_value();
    }
    /// The committee's signature of T1.
    [[nodiscard]] const std::optional<Signature64>& confirmSignature() const { return m_confirmSignature; }
    /// Members that broke this attempt.
    [[nodiscard]] const std::set<std::size_t>& liars() const { return m_liars; }
    [[nodiscard]] std::size_t countNonces() const;
    [[nodiscard]] std::size_t countPartials() const;
    [[nodiscard]] std::size_t countHolding() const { return m_holdings.size(); }

private:
    friend class CeremonyLog;
    /// What became of a message: `Wrong` is the sender's fault, `Later` may still be judged.
    enum class Judgement { Taken, Later, Wrong };
    Judgement addNonces(std::size_t member, const NoncesPayload& payload);
    Judgement addPartials(std::size_t member, const PartialsPayload& payload);
    Judgement addConfirmPartial(std::size_t member, const ConfirmPartialPayload& payload);
    /// The depositor's without a member.
    Judgement addHolding(std::optional<std::size_t> member, const HoldingPayload& payload);
    void startSessions();
    void combine();
    void combineConfirm();
    [[nodiscard]] bool isValidPartial(std::size_t slot, std::size_t member,
                                      const crypto::PartialSignature& partial) const;

    std::uint32_t m_number;
    GraphPtr m_graph;
    Digest m_session;
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

} // namespace bowline::bridge
