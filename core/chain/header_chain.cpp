// SPDX-License-Identifier: MIT
#include "core/chain/header_chain.h"

#include "core/base/log.h"

#include <mutex>
#include <unordered_set>

namespace bowline::chain {

using base::BlockHash;
using base::Height;
using base::makeError;
using base::Result;
using base::Status;
using bitcoin::BlockHeader;
using bitcoin::Uint256;

namespace {

constexpr std::uint32_t kWorkMark = 2016;
// Forks that end further below the tip than this are forgotten.
constexpr std::uint32_t kSideDepth = 2016;
constexpr std::size_t kMaxSideHeaders = 10'000;
// A fork is stored when it has at least the tip's work less that of so many blocks.
constexpr std::uint64_t kSideWorkBlocks = 144;

/// Work of one block after another: neighbours nearly always have the same bits.
class WorkCache {
public:
    const Uint256& of(std::uint32_t bits)
    {
        if (bits != m_bits) {
            m_work = bitcoin::blockWork(bits);
            m_bits = bits;
        }
        return m_work;
    }

private:
    std::uint32_t m_bits = 0; // malformed: its work is zero
    Uint256 m_work;
};

} // namespace

/// A branch and the best chain below it, as one chain.
class HeaderChain::BranchSource final : public bitcoin::HeaderSource {
public:
    BranchSource(const HeaderChain& chain, const Branch& branch) : m_chain(chain), m_branch(branch) {}
    [[nodiscard]] BlockHeader at(Height height) const override
    {
        if (height <= m_branch.fork) return m_chain.m_best[height.value];
        return m_branch.headers[height.value - m_branch.fork.value - 1];
    }

private:
    const HeaderChain& m_chain;
    const Branch& m_branch;
};

Uint256 minimumWorkOf(bitcoin::Network network)
{
    // Main: what Bitcoin Core demanded at the end of 2023, rounded down. The test networks' chains may be
    // started anew, so nothing is demanded of them.
    return network == bitcoin::Network::Main ? Uint256(0x63c4) << 80U : Uint256{};
}

Result<std::unique_ptr<HeaderChain>> HeaderChain::load(const bitcoin::ChainParams& params, HeaderRules rules,
                                                       ChainStore& store)
{
    std::unique_ptr<HeaderChain> chain(new HeaderChain(params, std::move(rules), store));
    BOWLINE_TRY(StoredChain stored, store.load());
    BOWLINE_CHECK(chain->adopt(std::move(stored)));
    return chain;
}

Status HeaderChain::adopt(StoredChain stored)
{
    if (stored.best.empty() || stored.best[0] != m_params.genesis) {
        return makeError(store::kBadRow, "the stored chain does not begin with genesis");
    }
    push(m_params.genesis, m_params.genesisHash);
    for (std::size_t i = 1; i < stored.best.size(); ++i) {
        const BlockHeader& header = stored.best[i];
        const BlockHash hash = header.hash();
        const Height height{static_cast<std::uint32_t>(i)};
        if (header.previous != m_tipHash || !bitcoin::checkProofOfWork(header, m_params).ok() ||
            !checkCheckpoint(height, hash).ok()) {
            break;
        }
        push(header, hash);
    }
    for (const StoredHeader& side : stored.side) {
        // Under a wrong name it would be a header without work.
        if (side.header.hash() == side.hash) m_side.emplace(side.hash, SideHeader{side.height, side.header});
    }
    stored.filters.resize(std::min(stored.filters.size(), m_best.size()));
    m_filters = std::move(stored.filters);
    m_vouchedEnd = std::min(stored.vouched, Height{static_cast<std::uint32_t>(m_filters.size())});
    if (m_best.size() == stored.best.size()) return base::success();
    base::logWarning("chain", "stored headers are inconsistent above " + std::to_string(tipHeight()));
    ChainChange cut;
    cut.fork = {tipHeight()};
    return m_store.apply(cut);
}

ChainBlock HeaderChain::tip() const
{
    const std::shared_lock lock(m_mutex);
    return {{tipHeight()}, m_tipHash, m_best.back(), m_tipWork};
}

Height HeaderChain::height() const
{
    const std::shared_lock lock(m_mutex);
    return {tipHeight()};
}

std::optional<ChainBlock> HeaderChain::at(Height height) const
{
    const std::shared_lock lock(m_mutex);
    if (height.value > tipHeight()) return std::nullopt;
    return blockAt(height.value);
}

std::optional<BlockHash> HeaderChain::hashAt(Height height) const
{
    const std::shared_lock lock(m_mutex);
    if (height.value > tipHeight()) return std::nullopt;
    return hashOf(height.value);
}

std::optional<Height> HeaderChain::heightOf(const BlockHash& hash) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_heights.find(hash);
    if (found == m_heights.end()) return std::nullopt;
    return Height{found->second};
}

std::optional<BlockHeader> HeaderChain::find(const BlockHash& hash) const
{
    const std::shared_lock lock(m_mutex);
    if (const auto best = m_heights.find(hash); best != m_heights.end()) return m_best[best->second];
    if (const auto side = m_side.find(hash); side != m_side.end()) return side->second.header;
    return std::nullopt;
}

std::optional<Height> HeaderChain::heightOnAnyChain(const BlockHash& hash) const
{
    const std::shared_lock lock(m_mutex);
    if (const auto best = m_heights.find(hash); best != m_heights.end()) return Height{best->second};
    if (const auto side = m_side.find(hash); side != m_side.end()) return side->second.height;
    return std::nullopt;
}

bitcoin::WitnessRule HeaderChain::witnessRuleOf(const BlockHash& hash) const
{
    const auto height = heightOnAnyChain(hash);
    const bool before = height && *height < m_params.segwitFrom;
    return before ? bitcoin::WitnessRule::BeforeSegwit : bitcoin::WitnessRule::Segwit;
}

std::optional<Height> HeaderChain::forkHeight(const BlockHash& hash) const
{
    const std::shared_lock lock(m_mutex);
    BlockHash at = hash;
    for (;;) {
        if (const auto best = m_heights.find(at); best != m_heights.end()) return Height{best->second};
        const auto side = m_side.find(at);
        if (side == m_side.end()) return std::nullopt;
        at = side->second.header.previous;
    }
}

std::vector<BlockHash> HeaderChain::locator(Height top) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<BlockHash> out;
    std::uint32_t step = 1;
    for (std::uint32_t height = std::min(top.value, tipHeight()); height > 0;
         height -= std::min(step, height)) {
        out.push_back(hashOf(height));
        if (out.size() >= 10) step *= 2;
    }
    out.push_back(hashOf(0));
    return out;
}

Result<Branch> HeaderChain::branchAt(const BlockHash& hash) const
{
    Branch out;
    out.tipHash = hash;
    BlockHash at = hash;
    while (!m_heights.contains(at)) {
        const auto side = m_side.find(at);
        if (side == m_side.end()) return makeError(kUnconnected, hash.displayHex());
        out.headers.push_back(side->second.header);
        at = side->second.header.previous;
    }
    std::reverse(out.headers.begin(), out.headers.end());
    out.fork = {m_heights.at(at)};
    out.work = workAt(out.fork.value);
    WorkCache cache;
    for (const BlockHeader& header : out.headers) out.work += cache.of(header.bits);
    return out;
}

bool HeaderChain::isAttached(const Branch& branch) const
{
    const BlockHash& below = branch.headers.empty() ? branch.tipHash : branch.headers.front().previous;
    return isOnBestChain({branch.fork, below});
}

Status HeaderChain::extend(Branch& branch, std::span<const BlockHeader> headers, base::UnixTime now) const
{
    const BranchSource source(*this, branch);
    WorkCache cache;
    for (const BlockHeader& header : headers) {
        const Height tip = branch.tipHeight();
        if (header.previous != branch.tipHash)
            return makeError(kBadLink, "after height " + std::to_string(tip.value));
        BOWLINE_CHECK(bitcoin::checkHeader(header, m_params, source, tip, now));
        const BlockHash hash = header.hash();
        BOWLINE_CHECK(checkCheckpoint(tip + 1, hash));
        branch.headers.push_back(header);
        branch.tipHash = hash;
        branch.work += cache.of(header.bits);
    }
    return base::success();
}

Status HeaderChain::checkCheckpoint(Height height, const BlockHash& hash) const
{
    for (const BlockRef& checkpoint : m_rules.checkpoints) {
        if (checkpoint.height == height && checkpoint.hash != hash) {
            return makeError(kCheckpoint, hash.displayHex() + " at " + std::to_string(height.value));
        }
    }
    return base::success();
}

Uint256 HeaderChain::leastWork() const
{
    const Uint256 margin = bitcoin::blockWork(m_best.back().bits) * Uint256(kSideWorkBlocks);
    const Uint256 nearTip = m_tipWork > margin ? m_tipWork - margin : Uint256{};
    return std::max(m_rules.minimumWork, nearTip);
}

Result<CommitResult> HeaderChain::commit(Branch& branch)
{
    if (branch.work < leastWork()) return CommitResult::LowWork;
    if (branch.work > m_tipWork) {
        BOWLINE_CHECK(disconnectTo(branch.fork, std::move(branch.headers)));
        return CommitResult::NewTip;
    }
    std::vector<StoredHeader> fresh;
    Height height = branch.fork;
    for (const BlockHeader& header : branch.headers) {
        height = height + 1;
        const BlockHash hash = header.hash();
        if (!m_side.contains(hash)) fresh.push_back({height, hash, header});
    }
    if (m_side.size() + fresh.size() > kMaxSideHeaders) return CommitResult::LowWork;
    BOWLINE_CHECK(m_store.addSide(fresh));
    const std::unique_lock lock(m_mutex);
    for (const StoredHeader& side : fresh) m_side.emplace(side.hash, SideHeader{side.height, side.header});
    return CommitResult::Side;
}

ChainChange HeaderChain::changeFor(Height fork, std::vector<BlockHeader> next) const
{
    ChainChange change;
    change.fork = fork;
    change.connected = std::move(next);
    const Height newTip = fork + static_cast<std::uint32_t>(change.connected.size());
    for (std::uint32_t height = fork.value + 1; height <= tipHeight(); ++height) {
        const std::size_t i = height - fork.value - 1;
        const bool stays = i < change.connected.size() && change.connected[i] == m_best[height];
        if (!stays) change.toSide.push_back({{height}, hashOf(height), m_best[height]});
    }
    for (const BlockHeader& header : change.connected) {
        if (m_side.empty()) break;
        const BlockHash hash = header.hash();
        if (m_side.contains(hash)) change.fromSide.push_back(hash);
    }
    for (const BlockHash& hash : oldForks(newTip)) change.fromSide.push_back(hash);
    return change;
}

/// Forks that end too far below the tip. A younger one is kept as a whole: without its beginning it leads nowhere.
std::vector<BlockHash> HeaderChain::oldForks(Height newTip) const
{
    std::unordered_set<BlockHash> kept;
    for (const auto& [hash, side] : m_side) {
        if (side.height.value + kSideDepth < newTip.value) continue;
        auto at = m_side.find(hash);
        while (at != m_side.end() && kept.insert(at->first).second)
            at = m_side.find(at->second.header.previous);
    }
    std::vector<BlockHash> out;
    for (const auto& [hash, side] : m_side) {
        if (!kept.contains(hash)) out.push_back(hash);
    }
    return out;
}

Status HeaderChain::disconnectTo(Height fork, std::vector<BlockHeader> next)
{
    const ChainChange change = changeFor(fork, std::move(next));
    BOWLINE_CHECK(m_store.apply(change));
    const std::unique_lock lock(m_mutex);
    while (tipHeight() > fork.value) pop();
    for (const BlockHash& hash : change.fromSide) m_side.erase(hash);
    for (const StoredHeader& side : change.toSide)
        m_side.emplace(side.hash, SideHeader{side.height, side.header});
    for (const BlockHeader& header : change.connected) push(header, header.hash());
    if (m_filters.size() > fork.value + std::size_t{1}) {
        m_filters.resize(fork.value + std::size_t{1});
        m_filterCuts.push_back(fork + 1);
    }
    m_vouchedEnd = std::min(m_vouchedEnd, fork + 1);
    return base::success();
}

Height HeaderChain::filterEnd() const
{
    const std::shared_lock lock(m_mutex);
    return {static_cast<std::uint32_t>(m_filters.size())};
}

std::optional<base::FilterHeader> HeaderChain::filterHeaderAt(Height height) const
{
    const std::shared_lock lock(m_mutex);
    if (height.value >= m_filters.size()) return std::nullopt;
    return m_filters[height.value];
}

Height HeaderChain::vouchedEnd() const
{
    const std::shared_lock lock(m_mutex);
    return m_vouchedEnd;
}

Status HeaderChain::appendFilterHeaders(std::vector<base::FilterHeader> headers)
{
    BOWLINE_CHECK(m_store.appendFilters(filterEnd(), headers));
    const std::unique_lock lock(m_mutex);
    m_filters.insert(m_filters.end(), headers.begin(), headers.end());
    return base::success();
}

Status HeaderChain::setVouchedEnd(Height end)
{
    BOWLINE_CHECK(m_store.setVouched(end));
    const std::unique_lock lock(m_mutex);
    m_vouchedEnd = end;
    return base::success();
}

Status HeaderChain::dropFilterHeaders(Height from)
{
    if (from.value == 0) return makeError(kUnknownBlock, "the filter of genesis is not up for discussion");
    std::vector<BlockHeader> same(m_best.begin() + from.value, m_best.end());
    return disconnectTo({from.value - 1}, std::move(same));
}

std::optional<Height> HeaderChain::filterCutsSince(std::size_t& seen) const
{
    const std::shared_lock lock(m_mutex);
    std::optional<Height> lowest;
    for (; seen < m_filterCuts.size(); ++seen) {
        if (!lowest || m_filterCuts[seen] < *lowest) lowest = m_filterCuts[seen];
    }
    return lowest;
}

BlockHash HeaderChain::hashOf(std::uint32_t height) const
{
    return height == tipHeight() ? m_tipHash : m_best[height + 1].previous;
}

Uint256 HeaderChain::workAt(std::uint32_t height) const
{
    if (height == tipHeight()) return m_tipWork;
    Uint256 work = m_workMarks[height / kWorkMark];
    WorkCache cache;
    for (std::uint32_t i = height / kWorkMark * kWorkMark + 1; i <= height; ++i)
        work += cache.of(m_best[i].bits);
    return work;
}

ChainBlock HeaderChain::blockAt(std::uint32_t height) const
{
    return {{height}, hashOf(height), m_best[height], workAt(height)};
}

void HeaderChain::push(const BlockHeader& header, const BlockHash& hash)
{
    m_best.push_back(header);
    m_tipHash = hash;
    m_tipWork += bitcoin::blockWork(header.bits);
    m_heights.emplace(hash, tipHeight());
    if (tipHeight() % kWorkMark == 0) m_workMarks.push_back(m_tipWork);
}

void HeaderChain::pop()
{
    m_heights.erase(m_tipHash);
    m_tipWork -= bitcoin::blockWork(m_best.back().bits);
    if (tipHeight() % kWorkMark == 0) m_workMarks.pop_back();
    m_tipHash = m_best.back().previous;
    m_best.pop_back();
}

} // namespace bowline::chain
