// SPDX-License-Identifier: MIT
#include "core/chain/filter_headers.h"

#include "core/base/log.h"
#include "core/chain/filter_proof.h"
#include "core/crypto/hash.h"

namespace bowline::chain {

using base::BlockHash;
using base::FilterHeader;
using base::Height;
using base::makeError;
using base::Result;
using base::Status;

namespace {
constexpr std::uint32_t kRange = kMaxFilterHeadersPerRequest;
// A node whose filter index lags behind its chain does not answer at all. That lasts for moments after a block, for
// longer after many: so the question is repeated, with patience that grows to what a slow line needs.
constexpr Millis kFirstPatience{400};
constexpr std::uint32_t kMaxSilence = 7; // 50 seconds in all
constexpr Millis kAskAgain{100};
// Once somebody has answered, the others get so long; who takes longer is compared later.
constexpr Millis kStragglers{2'000};
constexpr Millis kFirstStorePause{5'000};
constexpr Millis kMostStorePause{300'000};

FilterHeader nextHeader(const base::Digest& filterHash, const FilterHeader& previous)
{
    base::Bytes both = base::toBytes(filterHash.view());
    base::append(both, previous.view());
    return FilterHeader{crypto::sha256d(both).bytes};
}

FilterHeader headerBefore(const HeaderChain& chain, Height height)
{
    if (height.value == 0) return {};
    return chain.filterHeaderAt({height.value - 1}).value_or(FilterHeader{});
}
} // namespace

/// Answers of several peers to the same question, as they come in.
struct FilterHeaderSync::Gathering {
    explicit Gathering(asio::any_io_executor executor) : progress(std::move(executor)) {}
    std::vector<Answer> answers;
    std::size_t open = 0;
    Signal progress;
};

FilterHeaderSync::FilterHeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers,
                                   BlockFetcher& blocks, Signal& changed, Millis answerPatience)
    : m_executor(std::move(executor)), m_chain(chain), m_peers(peers), m_blocks(blocks), m_changed(changed),
      m_answerPatience(answerPatience)
{
}

void FilterHeaderSync::start() { spawn(m_executor, run()); }

Height FilterHeaderSync::usableEnd() const
{
    const Height end = m_chain.filterEnd();
    return m_dispute ? std::min(end, m_dispute->height) : end;
}

std::optional<Height> FilterHeaderSync::disputed() const
{
    if (!m_dispute) return std::nullopt;
    return m_dispute->height;
}

std::vector<PeerPtr> FilterHeaderSync::filterPeers() const
{
    std::vector<PeerPtr> out = m_peers.ready();
    // Before it has shown headers, only its own claim says on which chain it is; and a node does not answer, or hangs
    // up, when it is asked about a block that it does not have.
    std::erase_if(
        out, [](const PeerPtr& peer) { return !peer->servesFilters() || !peer->knowledge.headersHeard; });
    return out;
}

PeerPtr FilterHeaderSync::peerAgreeingTo(Height end) const
{
    std::vector<PeerPtr> peers = filterPeers();
    std::erase_if(peers, [&](const PeerPtr& peer) { return peer->knowledge.filtersAgreed < end; });
    return peers.empty() ? nullptr : peers[m_turn++ % peers.size()];
}

Task<void> FilterHeaderSync::run()
{
    for (;;) {
        const Step done = co_await step();
        if (done != Step::NotStored) m_storePause = Millis(0);
        if (done == Step::Progress) m_changed.notify();
        if (done == Step::NoAnswer) co_await sleepFor(kAskAgain);
        if (done == Step::NotStored) co_await sleepFor(nextStorePause());
        if (done == Step::Idle) co_await m_changed.wait();
    }
}

Millis FilterHeaderSync::nextStorePause()
{
    m_storePause = std::clamp(2 * m_storePause, kFirstStorePause, kMostStorePause);
    return m_storePause;
}

void FilterHeaderSync::noticeCuts()
{
    if (m_dispute && m_dispute->among != filterPeers()) m_dispute.reset();
    const auto cut = m_chain.filterCutsSince(m_seenCuts);
    if (!cut) return;
    for (auto& [address, end] : m_agreedByAddress) end = std::min(end, *cut);
    for (const PeerPtr& peer : m_peers.ready()) {
        peer->knowledge.filtersAgreed = std::min(peer->knowledge.filtersAgreed, *cut);
    }
    if (m_dispute && m_dispute->height >= *cut) m_dispute.reset();
}

Task<FilterHeaderSync::Step> FilterHeaderSync::step()
{
    noticeCuts();
    compareAll();
    if (m_dispute || m_chain.filterEnd() > m_chain.height()) co_return Step::Idle;
    co_return co_await extend();
}

void FilterHeaderSync::compareAll()
{
    for (const PeerPtr& peer : filterPeers()) {
        const Height end = std::min(usableEnd(), m_peers.heightOf(*peer) + 1);
        if (peer->knowledge.filtersAgreed >= end || peer->knowledge.comparing) continue;
        peer->knowledge.comparing = true;
        spawn(m_executor, compareOne(peer, end));
    }
}

Task<void> FilterHeaderSync::compareOne(PeerPtr peer, Height end)
{
    const Step done = co_await compare(peer, end);
    if (done == Step::NoAnswer) co_await sleepFor(kAskAgain);
    if (done == Step::NotStored) co_await sleepFor(nextStorePause());
    peer->knowledge.comparing = false;
    m_changed.notify();
}

Task<FilterHeaderSync::Step> FilterHeaderSync::compare(PeerPtr peer, Height end)
{
    Height from = peer->knowledge.filtersAgreed;
    if (end.value - from.value > kRange) {
        const auto found = co_await compareCheckpoints(peer, from, end);
        if (!found) co_return Step::NoAnswer;
        from = *found;
    }
    co_return co_await compareRange(peer, from, std::min(end, from + kRange));
}

Task<std::optional<Height>> FilterHeaderSync::compareCheckpoints(PeerPtr peer, Height from, Height end)
{
    const auto last = m_chain.hashAt({end.value - 1});
    if (!last) co_return std::nullopt;
    const auto answer = co_await peer->getFilterCheckpoints(*last);
    if (!answer.ok() || m_chain.hashAt({end.value - 1}) != last) co_return std::nullopt;
    for (const FilterHeader& theirs : answer->headers) {
        const auto index = static_cast<std::uint32_t>(&theirs - answer->headers.data());
        const Height height{(index + 1) * kFilterCheckpointInterval};
        if (height >= end || m_chain.filterHeaderAt(height) != theirs) break;
        from = std::max(from, height + 1);
    }
    agreed(peer, from);
    co_return from;
}

Task<FilterHeaderSync::Step> FilterHeaderSync::compareRange(PeerPtr peer, Height from, Height end)
{
    const auto answer = co_await ask(peer, from, {end.value - 1});
    if (!answer.ok()) co_return Step::NoAnswer;
    for (std::size_t i = 0; i < answer->headers.size(); ++i) {
        const Height height = from + static_cast<std::uint32_t>(i);
        const auto ours = m_chain.filterHeaderAt(height);
        if (!ours) co_return Step::NoAnswer; // cut off meanwhile
        if (*ours == answer->headers[i]) continue;
        agreed(peer, height);
        co_return co_await contradicted(peer, height, answer->headers[i]);
    }
    agreed(peer, end);
    co_return Step::Progress;
}

/// The filter headers from `first` to `last` by this peer, following what is stored before `first`.
Task<Result<FilterHeaderSync::Answer>> FilterHeaderSync::ask(PeerPtr peer, Height first, Height last)
{
    const auto lastHash = m_chain.hashAt(last);
    if (!lastHash) co_return makeError(kUnknownBlock, "above the tip");
    const std::uint32_t count = last.value - first.value + 1;
    const Millis patience = kFirstPatience * (1U << peer->knowledge.filterSilence);
    const auto answer = co_await peer->getFilterHeaders(first, *lastHash, count, patience);
    if (!answer.ok()) {
        if (++peer->knowledge.filterSilence >= kMaxSilence) {
            peer->close(PeerVerdict::Unresponsive, "no answer to getcfheaders");
        }
        co_return answer.error();
    }
    peer->knowledge.filterSilence = 0;
    if (m_chain.hashAt(last) != lastHash) co_return makeError(kUnknownBlock, "the chain has moved");
    if (answer->previous != headerBefore(m_chain, first)) {
        peer->close(PeerVerdict::Unresponsive, "its filter headers do not follow those it gave before");
        co_return makeError(kPeerGone, peer->address());
    }
    Answer out{peer, {}};
    FilterHeader header = answer->previous;
    for (const base::Digest& hash : answer->filterHashes) {
        header = nextHeader(hash, header);
        out.headers.push_back(header);
    }
    co_return out;
}

Task<FilterHeaderSync::Step> FilterHeaderSync::contradicted(PeerPtr peer, Height height, FilterHeader theirs)
{
    const FilterHeader ours = m_chain.filterHeaderAt(height).value_or(FilterHeader{});
    std::vector<Claim> claims(2);
    claims[0].header = ours;
    claims[0].peers = filterPeers();
    std::erase_if(claims[0].peers, [&](const PeerPtr& p) { return p->knowledge.filtersAgreed <= height; });
    claims[1].header = theirs;
    claims[1].peers = {peer};
    const bool examined = co_await decide(height, claims);
    if (!examined || m_chain.filterHeaderAt(height) != ours) co_return Step::NoAnswer;
    // Without anybody left who vouches for what is stored, the word of a peer that is here counts for more.
    if (claims[0].refuted || (claims[0].peers.empty() && claims[1].proven)) {
        base::logWarning("chain",
                         "stored filter headers are dropped from height " + std::to_string(height.value));
        const Status dropped = m_chain.dropFilterHeaders(height);
        if (dropped.ok()) co_return Step::Progress;
        base::logError("chain", "filter headers not dropped: " + dropped.error().detail);
        co_return Step::NotStored;
    }
    if (!claims[1].proven) co_return Step::NoAnswer;
    setDispute(height);
    co_return Step::Progress;
}

Task<FilterHeaderSync::Step> FilterHeaderSync::extend()
{
    const Height first = m_chain.filterEnd();
    std::vector<PeerPtr> peers = filterPeers();
    std::erase_if(peers, [&](const PeerPtr& peer) {
        return peer->knowledge.filtersAgreed < first || m_peers.heightOf(*peer) < first;
    });
    if (peers.empty()) co_return Step::Idle;
    Height last = first;
    for (const PeerPtr& peer : peers) last = std::max(last, m_peers.heightOf(*peer));
    last = std::min({last, m_chain.height(), first + (kRange - 1)});
    std::erase_if(peers, [&](const PeerPtr& peer) { return m_peers.heightOf(*peer) < last; });

    const auto lastHash = m_chain.hashAt(last);
    const std::vector<Answer> answers = co_await askAll(std::move(peers), first, last);
    if (answers.empty()) co_return Step::NoAnswer;
    if (m_chain.filterEnd() != first || m_chain.hashAt(last) != lastHash) co_return Step::Progress;
    std::size_t equal = 0;
    const std::vector<FilterHeader>& model = answers.front().headers;
    const auto sameAs = [&](const Answer& answer) { return answer.headers[equal] == model[equal]; };
    while (equal < model.size() && std::all_of(answers.begin(), answers.end(), sameAs)) ++equal;
    const Status stored = append(answers, first, equal);
    if (!stored.ok()) {
        base::logError("chain", "filter headers not stored: " + stored.error().detail);
        co_return Step::NotStored;
    }
    if (equal < model.size()) co_await disagreed(answers, first, equal);
    co_return Step::Progress;
}

Task<void> FilterHeaderSync::disagreed(std::vector<Answer> answers, Height first, std::size_t equal)
{
    std::vector<Claim> claims;
    for (const Answer& answer : answers) {
        const FilterHeader& header = answer.headers[equal];
        const auto same = std::find_if(claims.begin(), claims.end(),
                                       [&](const Claim& claim) { return claim.header == header; });
        if (same != claims.end()) {
            same->peers.push_back(answer.peer);
        } else {
            claims.push_back({header, {answer.peer}});
        }
    }
    const Height height = first + static_cast<std::uint32_t>(equal);
    const bool examined = co_await decide(height, claims);
    const auto proven = std::count_if(claims.begin(), claims.end(), [](const Claim& c) { return c.proven; });
    if (examined && proven > 1) setDispute(height);
}

Task<std::vector<FilterHeaderSync::Answer>> FilterHeaderSync::askAll(std::vector<PeerPtr> peers, Height first,
                                                                     Height last)
{
    const auto gathering = std::make_shared<Gathering>(m_executor);
    gathering->open = peers.size();
    for (const PeerPtr& peer : peers) {
        spawn(m_executor, askOne(peer, first, last, gathering));
    }
    while (gathering->open > 0 && gathering->answers.empty()) co_await gathering->progress.wait();
    const auto deadline = Steady::now() + kStragglers;
    while (gathering->open > 0 && Steady::now() < deadline) {
        co_await gathering->progress.waitFor(std::chrono::ceil<Millis>(deadline - Steady::now()));
    }
    co_return std::move(gathering->answers);
}

Task<void> FilterHeaderSync::askOne(PeerPtr peer, Height first, Height last, std::shared_ptr<Gathering> into)
{
    auto answer = co_await ask(peer, first, last);
    if (answer.ok()) into->answers.push_back(std::move(answer).value());
    --into->open;
    into->progress.notify();
}

Status FilterHeaderSync::append(const std::vector<Answer>& answers, Height first, std::size_t count)
{
    if (count == 0) return base::success();
    const auto& headers = answers.front().headers;
    BOWLINE_CHECK(
        m_chain.appendFilterHeaders({headers.begin(), headers.begin() + static_cast<std::ptrdiff_t>(count)}));
    for (const Answer& answer : answers) agreed(answer.peer, first + static_cast<std::uint32_t>(count));
    return base::success();
}

std::optional<FilterHeaderSync::Place> FilterHeaderSync::placeAt(Height height) const
{
    const auto hash = m_chain.hashAt(height);
    if (!hash || m_chain.filterEnd() < height) return std::nullopt;
    return Place{height, *hash, headerBefore(m_chain, height)};
}

Task<bool> FilterHeaderSync::decide(Height height, std::vector<Claim>& claims)
{
    const auto place = placeAt(height);
    if (!place) co_return false;
    const auto block = co_await m_blocks.fetch(place->hash, m_answerPatience);
    if (!block.ok()) {
        co_await sleepFor(kAskAgain);
        co_return false;
    }
    for (Claim& claim : claims) {
        // The claims are about one place. After a reorg nobody is judged by what another place would demand.
        if (placeAt(height) != place || !co_await examine(claim, *place, *block)) co_return false;
    }
    co_return true;
}

Task<bool> FilterHeaderSync::examine(Claim& claim, Place place, BlockPtr block)
{
    const std::vector<BlockHash> blocks{place.hash};
    for (const PeerPtr& peer : claim.peers) {
        const auto answer = co_await peer->getFilters(place.height, blocks);
        if (placeAt(place.height) != place) co_return false;
        if (!answer.ok()) continue;
        const bitcoin::BlockFilter& filter = answer->front();
        if (filter.header(place.previous) != claim.header) {
            peer->close(PeerVerdict::Invalid, "its filter is not the one of its filter header",
                        filter.encoded);
            continue;
        }
        const Status check = checkFilterAgainstBlock(filter, *block);
        claim.proven = check.ok();
        claim.refuted = !check.ok();
        if (claim.proven) co_return true;
        const std::string reason = std::string(check.error().code.name()) + ": " + check.error().detail;
        for (const PeerPtr& liar : claim.peers) liar->close(PeerVerdict::Invalid, reason, filter.encoded);
        co_return true;
    }
    co_return true;
}

void FilterHeaderSync::agreed(const PeerPtr& peer, Height end)
{
    peer->knowledge.filtersAgreed = std::max(peer->knowledge.filtersAgreed, end);
    Height& mark = m_agreedByAddress[peer->address()];
    mark = std::max(mark, end);
    std::vector<Height> ends;
    for (const auto& [address, until] : m_agreedByAddress) ends.push_back(until);
    if (ends.size() < 2) return;
    std::sort(ends.rbegin(), ends.rend());
    const Height byTwo = std::min(ends[1], m_chain.filterEnd());
    if (byTwo <= m_chain.vouchedEnd()) return;
    const Status stored = m_chain.setVouchedEnd(byTwo);
    if (!stored.ok()) base::logError("chain", "progress not stored: " + stored.error().detail);
}

void FilterHeaderSync::setDispute(Height height)
{
    if (m_dispute && m_dispute->height <= height) return; // whatever is above it is not relied on anyway
    base::logWarning("chain", "peers disagree about the filter at height " + std::to_string(height.value) +
                                  " and the block does not decide");
    m_dispute = Dispute{height, filterPeers()};
}

} // namespace bowline::chain
