// SPDX-License-Identifier: MIT
// Fetches whole blocks from whichever peer has them, once for all who want the same one.
#pragma once

#include "core/chain/peer_manager.h"

namespace bowline::chain {

class BlockFetcher {
public:
    BlockFetcher(asio::any_io_executor executor, const HeaderChain& chain, PeerManager& peers,
                 Signal& changed);

    void start();
    /// A block whose header is known, checked against it. kUnknownBlock for other hashes, kNoPeer when nobody
    /// delivered it within the patience, kGivenUp when a reorg took it from the best chain meanwhile: a node that holds
    /// it invalid says nothing when it is asked for, and everybody would wait for that.
    Task<base::Result<BlockPtr>> fetch(base::BlockHash hash, Millis patience = Millis(60'000));
    /// Begins to fetch what will be wanted soon.
    void prefetch(const base::BlockHash& hash);

private:
    Task<void> watchChain();
    Task<void> prefetchNow(base::BlockHash hash);
    Task<base::Result<BlockPtr>> ask(PeerPtr peer, base::BlockHash hash);
    [[nodiscard]] PeerPtr choose(const base::BlockHash& hash, const std::vector<PeerPtr>& without) const;
    Task<base::Result<BlockPtr>> fetchFromPeers(base::BlockHash hash, Millis patience, bool wasOnBestChain);
    [[nodiscard]] BlockPtr cached(const base::BlockHash& hash) const;
    void remember(const base::BlockHash& hash, BlockPtr block);

    asio::any_io_executor m_executor;
    const HeaderChain& m_chain;
    PeerManager& m_peers;
    Signal& m_changed;
    Signal m_done;
    std::vector<base::BlockHash> m_busy;
    struct Asked {
        base::BlockHash hash;
        PeerPtr peer;
    };
    std::list<Asked> m_asked; // blocks of the best chain, as it was when they were asked for
    std::deque<std::pair<base::BlockHash, BlockPtr>> m_recent;
    std::size_t m_recentWeight = 0;
};

} // namespace bowline::chain
