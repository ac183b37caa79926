// SPDX-License-Identifier: MIT
// The chain of headers with the most work, its forks, and the filter headers (BIP157) that belong to it. Checks
// every header in full (bitcoin::checkHeader), keeps everything in memory for reading and in a ChainStore for the
// next start.
//
// One thread changes it (the client's); tip(), at(), heightOf() and the filter header readers may be called from
// any thread.
#pragma once

#include "core/bitcoin/pow.h"
#include "core/chain/backend.h"
#include "core/chain/chain_store.h"

#include <shared_mutex>
#include <unordered_map>

namespace bowline::chain {

/// The first header's `previous` is known neither on the best chain nor on a fork.
inline constexpr base::ErrorCode kUnconnected{"chain.unconnected"};
/// Against a checkpoint given by the operator of this program.
inline constexpr base::ErrorCode kCheckpoint{"chain.checkpoint"};
/// A header does not name the hash of the one before it.
inline constexpr base::ErrorCode kBadLink{"chain.bad-link"};

struct HeaderRules {
    /// A chain with less work than this is never stored: headers of the least difficulty cost nothing and
    /// could fill the disk. Until a chain exceeds it, it is held in memory by whoever syncs (see Branch).
    bitcoin::Uint256 minimumWork;
    /// Blocks that the chain must contain if it is that long.
    std::vector<BlockRef> checkpoints;
};

/// Work that an honest chain of this network had when this program was written; zero where none is known.
[[nodiscard]] bitcoin::Uint256 minimumWorkOf(bitcoin::Network network);

/// Checked headers that follow block `fork` of the best chain and are not part of it.
struct Branch {
    base::Height fork;
    std::vector<bitcoin::BlockHeader> headers; // at fork + 1, fork + 2, ...
    base::BlockHash tipHash;
    bitcoin::Uint256 work; // of the whole chain up to its end
    [[nodiscard]] base::Height tipHeight() const { return fork + static_cast<std::uint32_t>(headers.size()); }
};

enum class CommitResult {
    LowWork, // below the minimum work, or far less than the best chain has: not stored
    Side,    // stored, but another chain has as much work or more
    NewTip,
};

class HeaderChain {
public:
    /// Loads what the store holds. A stored chain that is inconsistent from some height on is cut there.
    static base::Result<std::unique_ptr<HeaderChain>> load(const bitcoin::ChainParams& params,
                                                           HeaderRules rules, ChainStore& store);

    [[nodiscard]] ChainBlock tip() const;
    [[nodiscard]] base::Height height() const;
    [[nodiscard]] std::optional<ChainBlock> at(base::Height height) const;
    /// Cheaper than at() where only the hash is wanted.
    [[nodiscard]] std::optional<base::BlockHash> hashAt(base::Height height) const;
    [[nodiscard]] std::optional<base::Height> heightOf(const base::BlockHash& hash) const;
    [[nodiscard]] bool isOnBestChain(const BlockRef& block) const
    {
        return hashAt(block.height) == block.hash;
    }
    /// On the best chain or on a fork.
    [[nodiscard]] std::optional<bitcoin::BlockHeader> find(const base::BlockHash& hash) const;
    /// On the best chain or on a fork.
    [[nodiscard]] std::optional<base::Height> heightOnAnyChain(const base::BlockHash& hash) const;
    /// By the height of the block. An unknown one is taken for a recent one.
    [[nodiscard]] bitcoin::WitnessRule witnessRuleOf(const base::BlockHash& hash) const;
    /// The height up to which the chain that ends in `hash` is the best chain; empty if the hash is unknown.
    [[nodiscard]] std::optional<base::Height> forkHeight(const base::BlockHash& hash) const;
    /// Hashes from `top` (or the tip, if that is lower) down, denser near the top, ending with genesis
    /// (getheaders).
    [[nodiscard]] std::vector<base::BlockHash> locator(base::Height top) const;

    /// The branch that ends in `hash`, without further headers.
    [[nodiscard]] base::Result<Branch> branchAt(const base::BlockHash& hash) const;
    /// Whether the branch still begins on the best chain, which may have moved since.
    [[nodiscard]] bool isAttached(const Branch& branch) const;
    /// Checks headers and appends them. On an error the valid ones before it have been appended.
    base::Status extend(Branch& branch, std::span<const bitcoin::BlockHeader> headers,
                        base::UnixTime now) const;
    /// Stores a branch, and makes it the best chain if it has more work; ties keep the first seen. The branch
    /// is left alone when the result is LowWork.
    base::Result<CommitResult> commit(Branch& branch);

    /// Cuts off everything above `fork`, filter headers included, and continues with `next`; what was cut off
    /// stays as a fork. The one way back: for a reorg `next` is the better branch, for filter headers found
    /// wrong it is the very same headers (see dropFilterHeaders). Stored in one transaction.
    base::Status disconnectTo(base::Height fork, std::vector<bitcoin::BlockHeader> next);

    /// Number of filter headers held, which is the height of the first one missing.
    [[nodiscard]] base::Height filterEnd() const;
    [[nodiscard]] std::optional<base::FilterHeader> filterHeaderAt(base::Height height) const;
    /// Filter headers below this height were given by two peers or more.
    [[nodiscard]] base::Height vouchedEnd() const;
    /// `headers` are those of filterEnd() and on, computed by the caller from checked parts.
    base::Status appendFilterHeaders(std::vector<base::FilterHeader> headers);
    base::Status setVouchedEnd(base::Height end);
    /// Filter headers from `from` on were found to be wrong: whatever was concluded from them is void.
    base::Status dropFilterHeaders(base::Height from);
    /// The lowest height from which filter headers were cut off since the `seen`-th time; `seen` is updated.
    /// Lets everybody who relied on them look again.
    [[nodiscard]] std::optional<base::Height> filterCutsSince(std::size_t& seen) const;

private:
    struct SideHeader {
        base::Height height;
        bitcoin::BlockHeader header;
    };
    class BranchSource;

    HeaderChain(const bitcoin::ChainParams& params, HeaderRules rules, ChainStore& store)
        : m_params(params), m_rules(std::move(rules)), m_store(store)
    {
    }
    base::Status adopt(StoredChain stored);
    /// Without locking: on the changing thread, or under the lock.
    [[nodiscard]] std::uint32_t tipHeight() const { return static_cast<std::uint32_t>(m_best.size() - 1); }
    [[nodiscard]] base::BlockHash hashOf(std::uint32_t height) const;
    [[nodiscard]] bitcoin::Uint256 workAt(std::uint32_t height) const;
    [[nodiscard]] ChainBlock blockAt(std::uint32_t height) const;
    [[nodiscard]] bitcoin::Uint256 leastWork() const;
    [[nodiscard]] ChainChange changeFor(base::Height fork, std::vector<bitcoin::BlockHeader> next) const;
    [[nodiscard]] std::vector<base::BlockHash> oldForks(base::Height newTip) const;
    base::Status checkCheckpoint(base::Height height, const base::BlockHash& hash) const;
    void push(const bitcoin::BlockHeader& header, const base::BlockHash& hash);
    void pop();

    const bitcoin::ChainParams& m_params;
    HeaderRules m_rules;
    ChainStore& m_store;

    mutable std::shared_mutex m_mutex;
    std::vector<bitcoin::BlockHeader> m_best; // by height
    base::BlockHash m_tipHash;                // other hashes: `previous` of the next header
    std::unordered_map<base::BlockHash, std::uint32_t> m_heights;
    std::vector<bitcoin::Uint256> m_workMarks; // work up to every 2016th height
    bitcoin::Uint256 m_tipWork;
    std::unordered_map<base::BlockHash, SideHeader> m_side;
    std::vector<base::FilterHeader> m_filters; // by height
    base::Height m_vouchedEnd;
    std::vector<base::Height> m_filterCuts;
};

} // namespace bowline::chain
