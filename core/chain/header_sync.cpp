// SPDX-License-Identifier: MIT
#include "core/chain/header_sync.h"

#include "core/base/log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace bowline::chain {

using base::BlockHash;
using base::Result;
using base::Status;
using bitcoin::BlockHeader;

namespace {
constexpr Millis kAskAgain{30'000};
constexpr std::uint32_t kFarAhead = kMaxHeadersPerMessage;
constexpr std::uint32_t kMaxUnconnected = 10;
// 160 MB, from the one peer that leads: some forty years of blocks. More than this without the minimum work is no
// Bitcoin chain.
constexpr std::size_t kMaxCandidate = 2'000'000;
} // namespace

HeaderSync::HeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers,
                       const base::Clock& clock, Signal& changed)
    : m_executor(executor), m_chain(chain), m_peers(peers), m_clock(clock), m_changed(changed), m_wake(executor)
{
}

void HeaderSync::addPeer(const PeerPtr& peer)
{
    asio::co_spawn(m_executor, syncWith(peer), asio::detached);
}

Task<void> HeaderSync::syncWith(PeerPtr peer)
{
    while (peer->isReady()) {
        co_await waitForTurn(peer);
        peer->knowledge.askForHeaders = false;
        const auto answer = co_await peer->getHeaders(locatorFor(peer));
        if (!answer.ok()) break;
        const bool isNew = take(peer, *answer);
        if (answer->size() == kMaxHeadersPerMessage && isNew) continue;
        peer->knowledge.headersSynced = true;
        if (m_leader == peer) {
            m_leader.reset();
            m_candidate.reset();
        }
        m_wake.notify();
        m_changed.notify();
        const auto again = Steady::now() + kAskAgain;
        while (peer->isReady() && !peer->knowledge.askForHeaders && Steady::now() < again) {
            co_await m_wake.waitFor(std::chrono::ceil<Millis>(again - Steady::now()));
        }
    }
    if (m_leader == peer) {
        m_leader.reset();
        m_candidate.reset();
    }
    m_wake.notify();
}

/// Several peers would deliver the same long chain; the others wait until the first is done or gone.
Task<void> HeaderSync::waitForTurn(PeerPtr peer)
{
    while (peer->isReady() && isFarAhead(*peer) && m_leader && m_leader != peer) co_await m_wake.waitFor(kAskAgain);
    if (peer->isReady() && isFarAhead(*peer)) m_leader = peer;
}

bool HeaderSync::isFarAhead(const Peer& peer) const
{
    const std::int64_t claimed = peer.version().startHeight;
    return !peer.knowledge.headersSynced && claimed > std::int64_t{m_chain.height().value} + kFarAhead;
}

std::vector<BlockHash> HeaderSync::locatorFor(const PeerPtr& peer) const
{
    // From what the peer is known to have rather than from our tip: its answer then tells what it has now.
    std::vector<BlockHash> out = m_chain.locator(m_peers.heightOf(*peer));
    if (m_candidate && m_leader == peer) out.insert(out.begin(), m_candidate->tipHash);
    return out;
}

void HeaderSync::onHeaders(const PeerPtr& peer, std::vector<BlockHeader> headers)
{
    take(peer, headers);
    // A full message is part of a longer answer.
    if (headers.size() == kMaxHeadersPerMessage) peer->knowledge.askForHeaders = true;
    if (peer->knowledge.askForHeaders) m_wake.notify();
}

void HeaderSync::onBlockAnnounced(const PeerPtr& peer, const BlockHash& hash)
{
    if (m_chain.find(hash)) {
        peer->knowledge.lastHeader = hash;
        m_changed.notify();
        return;
    }
    peer->knowledge.askForHeaders = true;
    m_wake.notify();
}

bool HeaderSync::take(const PeerPtr& peer, std::span<const BlockHeader> headers)
{
    const BlockHash before = peer->knowledge.lastHeader;
    std::size_t known = 0;
    for (; known < headers.size(); ++known) {
        const BlockHash hash = headers[known].hash();
        if (!m_chain.find(hash)) break;
        peer->knowledge.lastHeader = hash;
    }
    if (known > 0) m_changed.notify();
    // Known headers count as news while the peer is being walked through, so that the walk goes on; the same ones
    // again, or others out of order, are no step of it, and would hold the lead for ever.
    if (known == headers.size()) return known > 0 && (before.isZero() || headers.front().previous == before);
    return extendFrom(peer, headers.subspan(known));
}

Result<Branch> HeaderSync::branchFor(const PeerPtr& peer, const BlockHash& previous)
{
    if (m_candidate && m_leader == peer && m_candidate->tipHash == previous) {
        Branch out = std::move(*m_candidate);
        m_candidate.reset();
        return out;
    }
    return m_chain.branchAt(previous);
}

bool HeaderSync::extendFrom(const PeerPtr& peer, std::span<const BlockHeader> fresh)
{
    auto branch = branchFor(peer, fresh.front().previous);
    if (!branch.ok()) {
        judge(peer, branch.error(), fresh.front());
        return false;
    }
    const std::size_t before = branch->headers.size();
    const Status status = m_chain.extend(*branch, fresh, m_clock.now());
    const std::size_t accepted = branch->headers.size() - before;
    if (!status.ok()) judge(peer, status.error(), fresh[accepted]);
    return accepted > 0 && store(peer, std::move(*branch));
}

bool HeaderSync::store(const PeerPtr& peer, Branch branch)
{
    const BlockHash last = branch.tipHash;
    const auto committed = m_chain.commit(branch);
    if (!committed.ok()) {
        base::logError("chain", "headers not stored: " + committed.error().detail);
        return false;
    }
    if (*committed == CommitResult::LowWork) {
        if (m_leader != peer || branch.headers.size() > kMaxCandidate) return false;
        m_candidate = std::move(branch);
        return true;
    }
    peer->knowledge.lastHeader = last;
    m_changed.notify();
    return true;
}

void HeaderSync::judge(const PeerPtr& peer, const base::Error& error, const BlockHeader& offender)
{
    const std::string reason = std::string(error.code.name()) + ": " + error.detail;
    if (error.code == kUnconnected) {
        peer->knowledge.askForHeaders = true;
        if (++peer->knowledge.unconnected > kMaxUnconnected) {
            peer->close(PeerVerdict::Unresponsive, "keeps sending headers without their beginning");
        }
        return;
    }
    if (error.code == bitcoin::kTimeTooNew) {
        // One of the two clocks is wrong, and it may be ours.
        base::logWarning("chain", "peer " + peer->address() + ": " + reason);
        return;
    }
    const auto bytes = offender.serialize();
    peer->close(PeerVerdict::Invalid, reason, base::toBytes(bytes));
}

} // namespace bowline::chain
