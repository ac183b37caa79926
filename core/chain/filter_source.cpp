// SPDX-License-Identifier: MIT
#include "core/chain/filter_source.h"

namespace bowline::chain {

using base::BlockHash;
using base::Height;
using base::makeError;
using base::Result;
using base::Status;

namespace {
constexpr std::size_t kMaxCacheBytes = 48'000'000;
// Whatever is asked for: peers that agree can give filters far larger than any block's.
constexpr std::size_t kMostCacheBytes = 160'000'000;
// Beside the bytes of the filter itself: what a small one costs in the tables.
constexpr std::size_t kEntryBytes = 200;
constexpr Millis kPatience{60'000};
} // namespace

FilterSource::FilterSource(asio::any_io_executor executor, HeaderChain& chain, FilterHeaderSync& headers,
                           Signal& changed)
    : m_executor(executor), m_chain(chain), m_headers(headers), m_changed(changed), m_done(executor)
{
}

Task<Result<std::vector<FilterPtr>>> FilterSource::get(Height first, std::vector<BlockHash> blocks)
{
    while (overlapsBusy(first, blocks.size())) co_await m_done.wait();
    const auto busy =
        m_busy.insert(m_busy.end(), {first.value, first.value + static_cast<std::uint32_t>(blocks.size())});
    const Status fetched = co_await fetchMissing(first, blocks);
    m_busy.erase(busy);
    m_done.notify();
    if (!fetched.ok()) co_return fetched.error();
    noticeCuts();
    std::vector<FilterPtr> out;
    for (const BlockHash& block : blocks) {
        const auto found = m_cache.find(block);
        if (found == m_cache.end()) co_return makeError(kUnknownBlock, "the chain has moved");
        m_byUse.splice(m_byUse.end(), m_byUse, found->second.place);
        out.push_back(found->second.filter);
    }
    co_return out;
}

void FilterSource::prefetch(Height first, std::vector<BlockHash> blocks)
{
    if (!blocks.empty()) spawn(m_executor, prefetchNow(first, std::move(blocks)));
}

Task<void> FilterSource::prefetchNow(Height first, std::vector<BlockHash> blocks)
{
    // Whatever goes wrong will go wrong again for the one who waits for it.
    const auto ignored = co_await get(first, std::move(blocks));
    static_cast<void>(ignored);
}

bool FilterSource::overlapsBusy(Height first, std::size_t count) const
{
    return std::any_of(m_busy.begin(), m_busy.end(), [&](const auto& range) {
        return first.value < range.second && range.first < first.value + count;
    });
}

/// Filters were checked against headers that may be found wrong later: they go with them.
void FilterSource::noticeCuts()
{
    if (!m_chain.filterCutsSince(m_seenCuts)) return;
    m_cache.clear();
    m_byUse.clear();
    m_bytes = 0;
}

Task<Status> FilterSource::fetchMissing(Height first, const std::vector<BlockHash>& blocks)
{
    noticeCuts();
    const auto missing = [&](const BlockHash& block) { return !m_cache.contains(block); };
    const auto begin = std::find_if(blocks.begin(), blocks.end(), missing);
    if (begin == blocks.end()) co_return base::success();
    const auto end = std::find_if(blocks.rbegin(), blocks.rend(), missing).base();
    const Height from = first + static_cast<std::uint32_t>(begin - blocks.begin());
    const std::vector<BlockHash> wanted(begin, end);
    const Height last = from + static_cast<std::uint32_t>(wanted.size() - 1);
    const auto deadline = Steady::now() + kPatience;
    while (m_chain.isOnBestChain({last, wanted.back()})) {
        const PeerPtr peer = m_headers.peerAgreeingTo(last + 1);
        if (!peer) {
            const auto left = std::chrono::ceil<Millis>(deadline - Steady::now());
            if (left <= Millis(0)) co_return makeError(kNoPeer, "filters");
            co_await m_changed.waitFor(left);
            continue;
        }
        auto answer = co_await peer->getFilters(from, wanted);
        if (!answer.ok()) continue; // that peer is closed
        const Status accepted = accept(peer, from, std::move(answer).value());
        if (accepted.ok() || accepted.error().code == kUnknownBlock) co_return accepted;
    }
    co_return makeError(kUnknownBlock, "the chain has moved");
}

Status FilterSource::accept(const PeerPtr& peer, Height first, std::vector<bitcoin::BlockFilter> filters)
{
    Height height = first;
    for (bitcoin::BlockFilter& filter : filters) {
        const auto wanted = m_chain.filterHeaderAt(height);
        // What it agreed to may have been cut off meanwhile; then this is no judgement of its filters.
        const bool agreed = height < peer->knowledge.filtersAgreed;
        if (!wanted || !agreed || !m_chain.isOnBestChain({height, filter.block})) {
            return makeError(kUnknownBlock, "the chain has moved");
        }
        const auto previous =
            height.value == 0 ? base::FilterHeader{} : *m_chain.filterHeaderAt({height.value - 1});
        if (filter.header(previous) != *wanted) {
            peer->close(PeerVerdict::Invalid,
                        "filter at height " + std::to_string(height.value) +
                            " is not the one of the filter header it agreed to",
                        filter.encoded);
            return makeError(kPeerGone, peer->address());
        }
        remember(std::make_shared<const bitcoin::BlockFilter>(std::move(filter)));
        height = height + 1;
    }
    return base::success();
}

void FilterSource::remember(FilterPtr filter)
{
    const BlockHash block = filter->block;
    if (m_cache.contains(block)) return;
    m_bytes += filter->encoded.size() + kEntryBytes;
    m_cache.emplace(block, Cached{std::move(filter), m_byUse.insert(m_byUse.end(), block)});
    // A whole request is kept if at all possible: its filters are about to be read.
    while (m_bytes > kMostCacheBytes ||
           (m_bytes > kMaxCacheBytes && m_cache.size() > 2 * kMaxFiltersPerRequest)) {
        const auto oldest = m_cache.find(m_byUse.front());
        m_bytes -= oldest->second.filter->encoded.size() + kEntryBytes;
        m_cache.erase(oldest);
        m_byUse.pop_front();
    }
}

} // namespace bowline::chain
