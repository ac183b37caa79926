// SPDX-License-Identifier: MIT
#include "core/chain/header_sync.h"

#include "core/base/log.h"

namespace bowline::chain {

using base::BlockHash;
using base::Result;
using base::Status;
using bitcoin::BlockHeader;

namespace {
constexpr Millis kAskAgain{30'000};
constexpr std::uint32_t kFarAhead = kMaxHeadersPerMessage;
// A leader that gains less than a message's worth in this time gives way to another peer.
constexpr Millis kLeadPatience{20'000};
constexpr Millis kLookAtLeader{1'000};
// What can be stored at once waits so long behind a leader who has brought nothing of the kind: rather the same headers
// from two peers than the tip held up by whoever claims more.
constexpr Millis kWaitBehindLittleWork{5'000};
constexpr std::uint32_t kMaxUnconnected = 10;
// 160 MB, from the one peer that leads: some forty years of blocks. More than this without the minimum work is no
// Bitcoin chain.
constexpr std::size_t kMaxCandidate = 2'000'000;
} // namespace

HeaderSync::HeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers,
                       const base::Clock& clock, Signal& changed)
    : m_executor(executor), m_chain(chain), m_peers(peers), m_clock(clock), m_changed(changed),
      m_wake(executor)
{
}

void HeaderSync::addPeer(const PeerPtr& peer) { spawn(m_executor, syncWith(peer)); }

Task<void> HeaderSync::syncWith(PeerPtr peer)
{
    while (peer->isReady()) {
        const Status walked = co_await walkThrough(peer);
        if (!walked.ok()) break;
        finishWalk(peer);
        const auto again = Steady::now() + kAskAgain;
        while (peer->isReady() && !peer->knowledge.askForHeaders && Steady::now() < again) {
            co_await m_wake.waitFor(std::chrono::ceil<Millis>(again - Steady::now()));
        }
    }
    letGo(peer);
    m_wake.notify();
}

Task<Status> HeaderSync::walkThrough(PeerPtr peer)
{
    Height reached;
    for (;;) {
        co_await waitForTurn(peer);
        const bool leads = m_leader == peer;
        peer->knowledge.askForHeaders = false;
        const auto answer = co_await peer->getHeaders(locatorFor(peer));
        if (!answer.ok()) co_return answer.error();
        peer->knowledge.headersHeard = true;
        if (leads && m_leader != peer)
            continue; // too slow: the answer may follow a candidate that is another's now
        take(peer, *answer);
        if (answer->size() < kMaxHeadersPerMessage) co_return base::success();
        // What could not be kept is asked for again, as the leader.
        if (peer->knowledge.longBranch && m_leader != peer) continue;
        // Anything else than the way up is no step of the walk, and would hold the lead for ever.
        const Height now = reachedBy(peer);
        if (now <= reached) co_return base::success();
        reached = now;
        if (m_leader == peer) noteGain(reached);
    }
}

void HeaderSync::finishWalk(const PeerPtr& peer)
{
    peer->knowledge.headersSynced = !peer->knowledge.aheadOfOurClock;
    peer->knowledge.longBranch = false;
    // All that this peer has of it is not enough.
    if (m_leader == peer && m_leaderExtended) m_candidate.reset();
    letGo(peer);
    m_wake.notify();
    m_changed.notify();
}

void HeaderSync::letGo(const PeerPtr& peer)
{
    if (m_leader == peer) m_leader.reset();
}

/// Several peers would deliver the same long chain; the others wait until the first is done, gone, or slow.
Task<void> HeaderSync::waitForTurn(PeerPtr peer)
{
    const auto begin = Steady::now();
    const auto goesAlone = [&] { return peer->knowledge.goesAlone && !peer->knowledge.longBranch; };
    while (peer->isReady() && needsLead(*peer) && !goesAlone() && m_leader && m_leader != peer &&
           !leaderIsSlow()) {
        co_await m_wake.waitFor(kLookAtLeader);
        const bool patient = Steady::now() - begin < kWaitBehindLittleWork;
        peer->knowledge.goesAlone = !patient && m_leaderExtended;
    }
    const bool hasTurn = !needsLead(*peer) || m_leader == peer || (goesAlone() && m_leader);
    if (!peer->isReady() || hasTurn) co_return;
    m_leader = peer;
    m_leaderExtended = false;
    m_leadMark = reachedBy(peer);
    m_leadMarkedAt = Steady::now();
}

bool HeaderSync::needsLead(const Peer& peer) const
{
    if (peer.knowledge.longBranch) return true;
    const std::int64_t claimed = peer.version().startHeight;
    return !peer.knowledge.headersSynced && claimed > std::int64_t{m_chain.height().value} + kFarAhead;
}

bool HeaderSync::leaderIsSlow() const { return Steady::now() - m_leadMarkedAt > kLeadPatience; }

void HeaderSync::noteGain(Height reached)
{
    if (reached < m_leadMark + kFarAhead) return;
    m_leadMark = reached;
    m_leadMarkedAt = Steady::now();
}

Height HeaderSync::reachedBy(const PeerPtr& peer) const
{
    if (isCandidateOf(peer) && m_leaderExtended) return m_candidate->tipHeight();
    return m_chain.heightOnAnyChain(peer->knowledge.lastHeader).value_or(Height{});
}

bool HeaderSync::isCandidateOf(const PeerPtr& peer) const
{
    return m_candidate && m_leader == peer && m_chain.isAttached(*m_candidate);
}

bool HeaderSync::followsCandidate(const PeerPtr& peer, const BlockHash& previous) const
{
    return isCandidateOf(peer) && m_candidate->tipHash == previous;
}

std::vector<BlockHash> HeaderSync::locatorFor(const PeerPtr& peer) const
{
    // From what the peer is known to have rather than from our tip: its answer then tells what it has now.
    std::vector<BlockHash> out = m_chain.locator(m_peers.heightOf(*peer));
    const BlockHash& last = peer->knowledge.lastHeader;
    const bool onFork = m_chain.find(last) && !m_chain.heightOf(last);
    if (onFork) out.insert(out.begin(), last);
    if (isCandidateOf(peer)) out.insert(out.begin(), m_candidate->tipHash);
    return out;
}

void HeaderSync::onHeaders(const PeerPtr& peer, std::vector<BlockHeader> headers)
{
    const bool wasAhead = peer->knowledge.aheadOfOurClock;
    take(peer, headers);
    // A full message is part of a longer answer; and who was ahead of our clock is asked whether there is more.
    if (headers.size() == kMaxHeadersPerMessage || (wasAhead && !peer->knowledge.aheadOfOurClock)) {
        peer->knowledge.askForHeaders = true;
    }
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

void HeaderSync::take(const PeerPtr& peer, std::span<const BlockHeader> headers)
{
    peer->knowledge.aheadOfOurClock = false;
    peer->knowledge.longBranch = false;
    std::size_t known = 0;
    // The candidate may pass over headers of an old fork: they belong to it all the same.
    const bool onCandidate = !headers.empty() && followsCandidate(peer, headers.front().previous);
    for (; !onCandidate && known < headers.size(); ++known) {
        const BlockHash hash = headers[known].hash();
        if (!m_chain.find(hash)) break;
        peer->knowledge.lastHeader = hash;
    }
    if (known > 0) m_changed.notify();
    if (known == headers.size()) return;
    const Extended extended = extendFrom(peer, headers.subspan(known));
    if (headers.size() < kMaxHeadersPerMessage || extended == Extended::Nothing) return;
    peer->knowledge.headersSynced = false;
    peer->knowledge.longBranch = extended == Extended::LowWork;
}

Result<Branch> HeaderSync::branchFor(const PeerPtr& peer, const BlockHash& previous)
{
    if (!followsCandidate(peer, previous)) return m_chain.branchAt(previous);
    Branch out = std::move(*m_candidate);
    m_candidate.reset();
    return out;
}

HeaderSync::Extended HeaderSync::extendFrom(const PeerPtr& peer, std::span<const BlockHeader> fresh)
{
    const bool onCandidate = followsCandidate(peer, fresh.front().previous);
    auto branch = branchFor(peer, fresh.front().previous);
    if (!branch.ok()) {
        judge(peer, branch.error(), fresh.front());
        return Extended::Nothing;
    }
    const std::size_t before = branch->headers.size();
    const Status status = m_chain.extend(*branch, fresh, m_clock.now());
    const std::size_t accepted = branch->headers.size() - before;
    if (!status.ok()) judge(peer, status.error(), fresh[accepted]);
    if (accepted == 0 && !onCandidate) return Extended::Nothing;
    // A candidate outlives whoever spoils its end.
    const Extended stored = store(peer, std::move(*branch));
    return accepted == 0 ? Extended::Nothing : stored;
}

HeaderSync::Extended HeaderSync::store(const PeerPtr& peer, Branch branch)
{
    const BlockHash last = branch.tipHash;
    const auto committed = m_chain.commit(branch);
    if (!committed.ok()) {
        base::logError("chain", "headers not stored: " + committed.error().detail);
        return Extended::Nothing;
    }
    peer->knowledge.unconnected = 0;
    if (*committed == CommitResult::LowWork) {
        if (m_leader == peer && branch.headers.size() <= kMaxCandidate) {
            m_candidate = std::move(branch);
            m_leaderExtended = true;
        }
        return Extended::LowWork;
    }
    peer->knowledge.lastHeader = last;
    m_changed.notify();
    return Extended::Stored;
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
        // One of the two clocks is wrong, and it may be ours: no ban, and no claim to be synced (StatusBoard).
        peer->knowledge.aheadOfOurClock = true;
        peer->knowledge.headersSynced = false;
        base::logWarning("chain", "peer " + peer->address() + ": " + reason);
        return;
    }
    const auto bytes = offender.serialize();
    peer->close(PeerVerdict::Invalid, reason, base::toBytes(bytes));
}

} // namespace bowline::chain
