// SPDX-License-Identifier: MIT
// Brings the header chain up to what the peers have: one peer at a time delivers a long chain, all are asked
// for what else they know, announcements are taken as they come, and every peer is asked again now and then,
// because a node whose own tip is old announces nothing.
#pragma once

#include "core/chain/peer_manager.h"

namespace bowline::chain {

class HeaderSync {
public:
    HeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers,
               const base::Clock& clock, Signal& changed);

    /// Starts syncing from a peer, until it is gone.
    void addPeer(const PeerPtr& peer);
    void onHeaders(const PeerPtr& peer, std::vector<bitcoin::BlockHeader> headers);
    void onBlockAnnounced(const PeerPtr& peer, const base::BlockHash& hash);
    void releasePeers() { m_leader.reset(); }

private:
    enum class Extended { Nothing, LowWork, Stored };

    /// Question after question, each from where the last answer ended, until the peer has no more.
    Task<base::Status> walkThrough(PeerPtr peer);
    Task<void> syncWith(PeerPtr peer);
    Task<void> waitForTurn(PeerPtr peer);
    void finishWalk(const PeerPtr& peer);
    void letGo(const PeerPtr& peer);
    /// Whether what the peer has is too long to be stored message by message.
    [[nodiscard]] bool needsLead(const Peer& peer) const;
    [[nodiscard]] bool leaderIsSlow() const;
    void noteGain(base::Height reached);
    /// The height of the last header that the peer showed, on whatever chain.
    [[nodiscard]] base::Height reachedBy(const PeerPtr& peer) const;
    [[nodiscard]] std::vector<base::BlockHash> locatorFor(const PeerPtr& peer) const;
    /// Learns from headers that the peer sent, asked or not.
    void take(const PeerPtr& peer, std::span<const bitcoin::BlockHeader> headers);
    base::Result<Branch> branchFor(const PeerPtr& peer, const base::BlockHash& previous);
    Extended extendFrom(const PeerPtr& peer, std::span<const bitcoin::BlockHeader> fresh);
    void judge(const PeerPtr& peer, const base::Error& error, const bitcoin::BlockHeader& offender);
    [[nodiscard]] bool isCandidateOf(const PeerPtr& peer) const;
    [[nodiscard]] bool followsCandidate(const PeerPtr& peer, const base::BlockHash& previous) const;
    Extended store(const PeerPtr& peer, Branch branch);

    asio::any_io_executor m_executor;
    HeaderChain& m_chain;
    PeerManager& m_peers;
    const base::Clock& m_clock;
    Signal& m_changed;
    Signal m_wake;
    /// The peer that delivers a long chain, and how far it had come when it last gained a message's worth.
    PeerPtr m_leader;
    base::Height m_leadMark;
    Steady::time_point m_leadMarkedAt;
    /// A long chain that has not enough work yet to be stored. It is checked in full, so that it outlives the peer
    /// that led.
    std::optional<Branch> m_candidate;
    bool m_leaderExtended = false; // the candidate has grown under this leader
};

} // namespace bowline::chain
