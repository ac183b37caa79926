// SPDX-License-Identifier: MIT
#include "core/chain/walk.h"

#include <boost/asio/post.hpp>

namespace bowline::chain {

using base::BlockHash;
using base::Height;

namespace {
constexpr std::size_t kBatch = 500;
// Events of a long walk without filters come in portions, so that the network is served between them.
constexpr std::size_t kHeaderBatch = 200;
constexpr std::size_t kWholeBatch = 16;
constexpr std::size_t kFetchAhead = 8;
// A reorg deeper than this makes the follower start again from its birthday.
constexpr std::size_t kMaxDelivered = 10'000;
constexpr Millis kAfterFailure{100};
} // namespace

Walk::Walk(asio::any_io_executor executor, WalkParts& parts, FollowFrom from,
           std::shared_ptr<BlockCallback> callback)
    : m_executor(std::move(executor)), m_parts(parts), m_callback(std::move(callback)),
      m_birthday(from.birthday), m_delivered(from.processed.rbegin(), from.processed.rend()),
      m_next(m_delivered.empty() ? m_birthday : m_delivered.back().height + 1),
      m_scripts(from.scripts.begin(), from.scripts.end())
{
    static_cast<void>(m_parts.chain.filterCutsSince(m_seenCuts)); // those before this walk do not concern it
    rebuildScripts();
}

void Walk::rebuildScripts()
{
    const std::vector<bitcoin::Script> scripts(m_scripts.begin(), m_scripts.end());
    m_scriptSet = std::make_shared<const bitcoin::ScriptSet>(scripts);
    ++m_scriptVersion;
}

void Walk::start() { spawn(m_executor, run()); }

void Walk::watch(std::vector<base::Bytes> scripts, Height from)
{
    const std::size_t before = m_scripts.size();
    for (base::Bytes& script : scripts) m_scripts.insert(std::move(script));
    if (m_scripts.size() == before) return;
    rebuildScripts();
    m_cameWhole.resize(std::min<std::size_t>(m_cameWhole.size(), from.value));
    if (from < m_next) m_again = std::min(from, m_again.value_or(from));
    m_parts.changed.notify();
}

Task<void> Walk::run()
{
    const auto self = shared_from_this();
    while (!isEnded()) {
        const bool known = undoReorg();
        noticeDoubts();
        const bool worked = known && co_await advance();
        if (!worked && !isEnded()) co_await m_parts.changed.wait();
    }
}

bool Walk::undoReorg()
{
    while (!m_delivered.empty()) {
        const BlockRef last = m_delivered.back();
        const auto onBest = m_parts.chain.hashAt(last.height);
        if (onBest == last.hash) return true;
        // Above the tip and unknown: after a loss of the header store the chain is still being fetched.
        if (!onBest && !m_parts.chain.find(last.hash)) return false;
        m_delivered.pop_back();
        m_next = m_delivered.empty() ? m_birthday : m_delivered.back().height + 1;
        m_cameWhole.resize(std::min<std::size_t>(m_cameWhole.size(), m_next.value));
        emit(BlockDisconnected{last.height, last.hash});
    }
    return true;
}

void Walk::noticeDoubts()
{
    std::optional<Height> doubt = m_parts.chain.filterCutsSince(m_seenCuts);
    const auto disputed = m_parts.filterHeaders.disputed();
    if (disputed && disputed != m_seenDispute) doubt = std::min(*disputed, doubt.value_or(*disputed));
    m_seenDispute = disputed;
    if (doubt) m_again = std::min(*doubt, m_again.value_or(*doubt));
    if (m_again && *m_again < m_birthday) m_again = m_birthday;
    while (m_again && *m_again < m_next && cameWhole(*m_again)) m_again = *m_again + 1;
    if (m_again && *m_again >= m_next) m_again.reset();
}

Walk::Hashes Walk::hashesOf(Height first, Height end, std::size_t most) const
{
    Hashes out;
    for (Height height = first; height < end && out.size() < most; height = height + 1) {
        const auto hash = m_parts.chain.hashAt(height);
        if (!hash) break;
        out.push_back(*hash);
    }
    return out;
}

Task<bool> Walk::advance()
{
    const Height tipEnd = m_parts.chain.height() + 1;
    if (m_scriptSet->empty()) {
        m_again.reset();
        if (m_next >= tipEnd) co_return false;
        co_return co_await walkHeaders();
    }
    const bool again = m_again.has_value();
    const Height first = position();
    const Height goal = again ? std::min(m_next, tipEnd) : tipEnd;
    const Height end = std::min(goal, m_parts.filterHeaders.usableEnd());
    Hashes hashes = hashesOf(first, end, kBatch);
    if (!hashes.empty()) co_return co_await scan(first, std::move(hashes), again);
    if (!m_parts.filterHeaders.disputed()) co_return false;
    hashes = hashesOf(first, goal, kWholeBatch);
    if (hashes.empty()) co_return false;
    std::vector<bool> all(hashes.size(), true);
    co_await deliver(first, std::move(hashes), std::move(all), again);
    co_return true;
}

Task<bool> Walk::walkHeaders()
{
    const Hashes hashes = hashesOf(m_next, m_parts.chain.height() + 1, kHeaderBatch);
    for (const BlockHash& hash : hashes) {
        const BlockRef block{m_next, hash};
        // The callback may have ended the walk or given it scripts.
        if (isEnded() || !m_scriptSet->empty() || !m_parts.chain.isOnBestChain(block)) break;
        deliverOne(block, nullptr, false);
    }
    co_await asio::post(m_executor, asio::use_awaitable);
    co_return true;
}

Task<bool> Walk::scan(Height first, Hashes hashes, bool again)
{
    const std::uint64_t version = m_scriptVersion;
    const auto filters = co_await m_parts.filters.get(first, hashes);
    if (!filters.ok()) {
        co_await sleepFor(kAfterFailure);
        co_return true;
    }
    const Height after = first + static_cast<std::uint32_t>(hashes.size());
    if (hashes.size() == kBatch) {
        m_parts.filters.prefetch(after, hashesOf(after, m_parts.filterHeaders.usableEnd(), kBatch));
    }
    std::vector<bool> hits = co_await m_parts.matcher.match(m_scriptSet, *filters);
    if (version == m_scriptVersion) co_await deliver(first, std::move(hashes), std::move(hits), again);
    co_return true;
}

Task<void> Walk::deliver(Height first, Hashes hashes, std::vector<bool> hits, bool again)
{
    const std::uint64_t version = m_scriptVersion;
    std::vector<BlockHash> wanted;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (again && cameWhole(first + static_cast<std::uint32_t>(i))) hits[i] = false;
        if (hits[i]) wanted.push_back(hashes[i]);
    }
    std::size_t fetched = 0;
    std::size_t begun = 0;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        const BlockRef block{first + static_cast<std::uint32_t>(i), hashes[i]};
        for (; begun < std::min(wanted.size(), fetched + kFetchAhead); ++begun)
            m_parts.blocks.prefetch(wanted[begun]);
        BlockPtr whole;
        if (hits[i]) {
            if (!m_parts.chain.isOnBestChain(block)) co_return; // nobody may have it any more
            const auto answer = co_await m_parts.blocks.fetch(block.hash);
            if (!answer.ok()) {
                co_await sleepFor(kAfterFailure);
                co_return;
            }
            whole = *answer;
            ++fetched;
        }
        // While a block was fetched, and in the last callback, anything may have happened.
        const bool asBefore = !isEnded() && version == m_scriptVersion && m_parts.chain.isOnBestChain(block);
        if (!asBefore || position() != block.height) co_return;
        const std::size_t marks = m_cameWhole.size();
        deliverOne(block, std::move(whole), again);
        if (m_cameWhole.size() < marks) co_return; // which of the next ones to fetch is to be decided anew
    }
}

bool Walk::cameWhole(Height height) const
{
    return height.value < m_cameWhole.size() && m_cameWhole[height.value];
}

void Walk::rememberWhole(const BlockRef& block, const bitcoin::Block& whole, bool again)
{
    const std::size_t index = block.height.value;
    // Those above it may spend what nobody knew of when they came.
    const bool news = again && !cameWhole(block.height) && paysToUs(whole);
    if (news || m_cameWhole.size() <= index) m_cameWhole.resize(index + 1);
    m_cameWhole[index] = true;
}

bool Walk::paysToUs(const bitcoin::Block& block) const
{
    for (const bitcoin::Transaction& transaction : block.transactions) {
        for (const bitcoin::TxOut& output : transaction.outputs) {
            if (m_scripts.contains(output.scriptPubKey)) return true;
        }
    }
    return false;
}

void Walk::deliverOne(const BlockRef& block, BlockPtr whole, bool again)
{
    const auto entry = m_parts.chain.at(block.height);
    if (!entry) return;
    const bool last = again && block.height + 1 >= m_next;
    if (again) {
        m_again = last ? std::nullopt : std::optional<Height>(block.height + 1);
    } else {
        m_next = block.height + 1;
        m_delivered.push_back(block);
        if (m_delivered.size() > kMaxDelivered) m_delivered.pop_front();
    }
    if (whole) rememberWhole(block, *whole, again);
    if (whole) m_parts.onBlock(block, *whole);
    if (!again || whole)
        emit(BlockConnected{block.height, block.hash, entry->header, std::move(whole), again});
    if (last || (!again && block.height == m_parts.chain.height())) m_parts.changed.notify();
}

} // namespace bowline::chain
