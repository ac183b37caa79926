// SPDX-License-Identifier: MIT
// One follower's walk along the best chain (Backend::follow): undoes what a reorg took away, matches filters
// against its scripts, fetches the blocks that match, and delivers everything in order.
#pragma once

#include "core/chain/matcher.h"
#include "core/chain/subscription.h"

#include <set>

namespace bowline::chain {

/// What a walk works with; owned by the client.
struct WalkParts {
    HeaderChain& chain;
    FilterHeaderSync& filterHeaders;
    FilterSource& filters;
    BlockFetcher& blocks;
    Matcher& matcher;
    Signal& changed;
    /// Every block that is delivered whole.
    std::function<void(const BlockRef&, const bitcoin::Block&)> onBlock;
};

using BlockCallback = Callback<const BlockEvent&>;

/// On the client's thread only.
class Walk : public std::enable_shared_from_this<Walk> {
public:
    Walk(asio::any_io_executor executor, WalkParts& parts, FollowFrom from,
         std::shared_ptr<BlockCallback> callback);

    void start();
    void watch(std::vector<base::Bytes> scripts, base::Height from);
    [[nodiscard]] bool isEnded() const { return !m_callback->isAlive(); }
    /// The first height that is not done.
    [[nodiscard]] base::Height position() const { return m_again ? std::min(*m_again, m_next) : m_next; }

private:
    using Hashes = std::vector<base::BlockHash>;

    Task<void> run();
    /// Delivers what is no longer on the best chain. False when the chain is not known far enough to tell.
    bool undoReorg();
    /// Filters that were relied on and may be wrong, dropped or disputed by now, are looked at again.
    void noticeDoubts();
    /// One batch. False when there is nothing to do; only then nothing was waited for.
    Task<bool> advance();
    Task<bool> walkHeaders();
    Task<bool> scan(base::Height first, Hashes hashes, bool again);
    /// Delivers block after block as long as nothing changes; `hits` says which to fetch.
    Task<void> deliver(base::Height first, Hashes hashes, std::vector<bool> hits, bool again);
    void deliverOne(const BlockRef& block, BlockPtr whole, bool again);
    void emit(const BlockEvent& event) { (*m_callback)(event); }
    [[nodiscard]] Hashes hashesOf(base::Height first, base::Height end, std::size_t most) const;
    void rebuildScripts();
    [[nodiscard]] bool cameWhole(base::Height height) const;
    void rememberWhole(const BlockRef& block, const bitcoin::Block& whole, bool again);
    [[nodiscard]] bool paysToUs(const bitcoin::Block& block) const;

    asio::any_io_executor m_executor;
    WalkParts& m_parts;
    std::shared_ptr<BlockCallback> m_callback;
    base::Height m_birthday;
    std::deque<BlockRef> m_delivered; // oldest first, without those long buried
    base::Height m_next;
    std::optional<base::Height> m_again; // blocks from here to m_next are to be looked at once more
    /// By height: what came whole needs no filter, so that no doubt about filters makes it come again. Forgotten from
    /// where it would be read differently: scripts were added, or a block below turned out to pay to them.
    std::vector<bool> m_cameWhole;
    std::size_t m_seenCuts = 0;
    std::optional<base::Height> m_seenDispute;
    std::set<base::Bytes> m_scripts;
    ScriptSetPtr m_scriptSet;
    std::uint64_t m_scriptVersion = 0;
};

} // namespace bowline::chain
