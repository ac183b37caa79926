// SPDX-License-Identifier: MIT
// Block filters, checked against the filter headers, for all followers: what one fetched another finds here.
// Held in memory only, the most recently used ones.
#pragma once

#include "core/chain/filter_headers.h"

namespace bowline::chain {

using FilterPtr = std::shared_ptr<const bitcoin::BlockFilter>;

class FilterSource {
public:
    FilterSource(asio::any_io_executor executor, HeaderChain& chain, FilterHeaderSync& headers,
                 Signal& changed);

    /// The filters of consecutive blocks of the best chain, at most kMaxFiltersPerRequest, all below
    /// FilterHeaderSync::usableEnd(). kUnknownBlock when the chain moved meanwhile, kNoPeer when nobody answers
    /// within the patience.
    Task<base::Result<std::vector<FilterPtr>>> get(base::Height first, std::vector<base::BlockHash> blocks);
    /// Begins to fetch what will be wanted next.
    void prefetch(base::Height first, std::vector<base::BlockHash> blocks);

private:
    struct Cached {
        FilterPtr filter;
        std::list<base::BlockHash>::iterator place;
    };
    Task<void> prefetchNow(base::Height first, std::vector<base::BlockHash> blocks);
    Task<base::Status> fetchMissing(base::Height first, const std::vector<base::BlockHash>& blocks);
    /// Checks and remembers. Closes the peer when a filter does not fit the header that it agreed to.
    base::Status accept(const PeerPtr& peer, base::Height first, std::vector<bitcoin::BlockFilter> filters);
    [[nodiscard]] bool overlapsBusy(base::Height first, std::size_t count) const;
    void remember(FilterPtr filter);
    void noticeCuts();

    asio::any_io_executor m_executor;
    HeaderChain& m_chain;
    FilterHeaderSync& m_headers;
    Signal& m_changed;
    Signal m_done;
    std::list<std::pair<std::uint32_t, std::uint32_t>> m_busy; // [first, end) being fetched
    std::unordered_map<base::BlockHash, Cached> m_cache;
    std::list<base::BlockHash> m_byUse; // least recently used first
    std::size_t m_bytes = 0;
    std::size_t m_seenCuts = 0;
};

} // namespace bowline::chain
