// SPDX-License-Identifier: MIT
#include "core/chain/block_fetcher.h"

namespace bowline::chain {

using base::BlockHash;
using base::makeError;
using base::Result;

namespace {
// Several followers want the same block within moments; older ones are fetched again.
constexpr std::size_t kMaxRecentWeight = 64'000'000;
constexpr std::size_t kMaxRecentBlocks = 256;
} // namespace

BlockFetcher::BlockFetcher(asio::any_io_executor executor, const HeaderChain& chain, PeerManager& peers,
                           Signal& changed)
    : m_executor(executor), m_chain(chain), m_peers(peers), m_changed(changed), m_done(executor)
{
}

void BlockFetcher::prefetch(const BlockHash& hash)
{
    const bool busy = std::find(m_busy.begin(), m_busy.end(), hash) != m_busy.end();
    if (!busy && !cached(hash)) spawn(m_executor, prefetchNow(hash));
}

Task<void> BlockFetcher::prefetchNow(BlockHash hash)
{
    if (!m_chain.heightOf(hash)) co_return; // a reorg was quicker
    // Whatever goes wrong will go wrong again for the one who waits for it.
    const auto ignored = co_await fetch(hash);
    static_cast<void>(ignored);
}

void BlockFetcher::start() { spawn(m_executor, watchChain()); }

Task<void> BlockFetcher::watchChain()
{
    for (;;) {
        co_await m_changed.wait();
        for (const Asked& asked : m_asked) {
            if (!m_chain.heightOf(asked.hash)) asked.peer->giveUp(asked.hash);
        }
    }
}

Task<Result<BlockPtr>> BlockFetcher::fetch(BlockHash hash, Millis patience)
{
    if (!m_chain.find(hash)) co_return makeError(kUnknownBlock, hash.displayHex());
    const bool wasOnBestChain = m_chain.heightOf(hash).has_value();
    while (std::find(m_busy.begin(), m_busy.end(), hash) != m_busy.end()) co_await m_done.wait();
    if (BlockPtr block = cached(hash)) co_return block;
    m_busy.push_back(hash);
    auto out = co_await fetchFromPeers(hash, patience, wasOnBestChain);
    m_busy.erase(std::find(m_busy.begin(), m_busy.end(), hash));
    if (out.ok()) remember(hash, *out);
    m_done.notify();
    co_return out;
}

Task<Result<BlockPtr>> BlockFetcher::fetchFromPeers(BlockHash hash, Millis patience, bool wasOnBestChain)
{
    const auto deadline = Steady::now() + patience;
    std::vector<PeerPtr> without; // asked in vain; not asked again for this block
    for (;;) {
        if (wasOnBestChain && !m_chain.heightOf(hash)) co_return makeError(kGivenUp, hash.displayHex());
        if (const PeerPtr peer = choose(hash, without)) {
            auto answer = co_await ask(peer, hash);
            if (answer.ok()) co_return answer;
            if (answer.error().code != kGivenUp) without.push_back(peer);
            continue;
        }
        const auto left = std::chrono::ceil<Millis>(deadline - Steady::now());
        if (left <= Millis(0)) co_return makeError(kNoPeer, "block " + hash.displayHex());
        co_await m_changed.waitFor(left);
    }
}

Task<Result<BlockPtr>> BlockFetcher::ask(PeerPtr peer, BlockHash hash)
{
    const bitcoin::WitnessRule rule = m_chain.witnessRuleOf(hash);
    if (!m_chain.heightOf(hash)) co_return co_await peer->getBlock(hash, rule);
    const auto asked = m_asked.insert(m_asked.end(), {hash, peer});
    auto answer = co_await peer->getBlock(hash, rule);
    m_asked.erase(asked);
    co_return answer;
}

PeerPtr BlockFetcher::choose(const BlockHash& hash, const std::vector<PeerPtr>& without) const
{
    const auto fork = m_chain.forkHeight(hash);
    PeerPtr best;
    for (const PeerPtr& peer : m_peers.ready()) {
        const base::Height height = m_peers.heightOf(*peer);
        const bool recent = height.value < (fork ? fork->value : 0) + 288;
        if (!fork || height < *fork || (!peer->servesBlocks() && !recent)) continue;
        if (std::find(without.begin(), without.end(), peer) != without.end()) continue;
        if (!best || peer->load() < best->load()) best = peer;
    }
    return best;
}

BlockPtr BlockFetcher::cached(const BlockHash& hash) const
{
    for (const auto& [known, block] : m_recent) {
        if (known == hash) return block;
    }
    return nullptr;
}

void BlockFetcher::remember(const BlockHash& hash, BlockPtr block)
{
    m_recentWeight += static_cast<std::size_t>(block->weight());
    m_recent.emplace_back(hash, std::move(block));
    while (m_recent.size() > kMaxRecentBlocks || (m_recentWeight > kMaxRecentWeight && m_recent.size() > 1)) {
        m_recentWeight -= static_cast<std::size_t>(m_recent.front().second->weight());
        m_recent.pop_front();
    }
}

} // namespace bowline::chain
