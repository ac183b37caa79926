// SPDX-License-Identifier: MIT
// Brings the header chain up to what the peers have: one peer at a time delivers a long chain, all are asked
// for what else they know, announcements are taken as they come, and every peer is asked again now and then,
// because a node whose own tip is old announces nothing.
#pragma once

#include "core/chain/peer_manager.h"

namespace bowline::chain {

class HeaderSync {
public:
    HeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers, const base::Clock& clock,
               Signal& changed);

    /// Starts syncing from a peer, until it is gone.
    void addPeer(const PeerPtr& peer);
    void onHeaders(const PeerPtr& peer, std::vector<bitcoin::BlockHeader> headers);
    void onBlockAnnounced(const PeerPtr& peer, const base::BlockHash& hash);
    void releasePeers() { m_leader.reset(); }

private:
    Task<void> syncWith(PeerPtr peer);
    Task<void> waitForTurn(PeerPtr peer);
    [[nodiscard]] bool isFarAhead(const Peer& peer) const;
    [[nodiscard]] std::vector<base::BlockHash> locatorFor(const PeerPtr& peer) const;
    /// Whether something new was learned.
    bool take(const PeerPtr& peer, std::span<const bitcoin::BlockHeader> headers);
    bool extendFrom(const PeerPtr& peer, std::span<const bitcoin::BlockHeader> fresh);
    void judge(const PeerPtr& peer, const base::Error& error, const bitcoin::BlockHeader& offender);
    base::Result<Branch> branchFor(const PeerPtr& peer, const base::BlockHash& previous);
    bool store(const PeerPtr& peer, Branch branch);

    asio::any_io_executor m_executor;
    HeaderChain& m_chain;
    PeerManager& m_peers;
    const base::Clock& m_clock;
    Signal& m_changed;
    Signal m_wake;
    /// The peer that delivers a long chain, and the part of it that has not enough work yet to be stored.
    PeerPtr m_leader;
    std::optional<Branch> m_candidate;
};

} // namespace bowline::chain
