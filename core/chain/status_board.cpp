// SPDX-License-Identifier: MIT
#include "core/chain/status_board.h"

namespace bowline::chain {

namespace {
constexpr Millis kLeastPause{100};
constexpr Millis kRateWindow{4'000};
// While something moves the rates are drawn anew even without an event, so that a stall is seen as one.
constexpr Millis kWhileMoving{1'000};
} // namespace

StatusBoard::StatusBoard(asio::any_io_executor executor, const HeaderChain& chain, const PeerManager& peers,
                         const FilterHeaderSync& filters, const base::Clock& clock, Signal& changed,
                         std::function<std::optional<base::Height>()> scanned)
    : m_executor(std::move(executor)), m_chain(chain), m_peers(peers), m_filters(filters), m_clock(clock),
      m_changed(changed), m_scanned(std::move(scanned))
{
    m_latest = draw();
}

void StatusBoard::start() { spawn(m_executor, run()); }

StatusPtr StatusBoard::latest() const
{
    const std::lock_guard lock(m_mutex);
    return m_latest;
}

Task<void> StatusBoard::run()
{
    for (;;) {
        StatusPtr next = draw();
        {
            const std::lock_guard lock(m_mutex);
            m_latest = next;
        }
        m_callbacks.notify(next);
        const SyncProgress& progress = next->progress;
        const bool moving = progress.headers.perSecond + progress.filterHeaders.perSecond +
                                progress.scan.perSecond + progress.peers.perSecond >
                            0;
        // What changes during the pause is in the next picture, and the pause itself is not interrupted.
        const auto before = Steady::now();
        const bool event = co_await m_changed.waitFor(moving ? kWhileMoving : Millis(3'600'000));
        const auto waited = std::chrono::ceil<Millis>(Steady::now() - before);
        if (event && waited < kLeastPause) co_await sleepFor(kLeastPause - waited);
    }
}

StatusPtr StatusBoard::draw()
{
    auto out = std::make_shared<ChainStatus>();
    out->tip = m_chain.tip();
    out->peers = m_peers.infos();
    const base::UnixTime now = m_clock.now();
    const std::uint64_t height = out->tip.height.value;
    const base::Height filterEnd = m_filters.usableEnd();
    const std::uint64_t filters = filterEnd.value == 0 ? 0 : filterEnd.value - 1;
    const std::uint64_t scanned = m_scanned().value_or(out->tip.height).value;
    const auto ready = m_peers.ready();
    SyncProgress& progress = out->progress;
    progress.peers = m_peerMeter.line(ready.size(), m_peers.wanted(), now);
    progress.headers = m_headerMeter.line(height, m_peers.bestClaim().value, now);
    progress.filterHeaders = m_filterMeter.line(std::min(filters, height), height, now);
    progress.scan = m_scanMeter.line(std::min(scanned, height), height, now);
    progress.filterHeadersFromOnePeer = m_chain.vouchedEnd() < m_chain.filterEnd();
    progress.disputedFilter = m_filters.disputed();
    const bool heard = std::any_of(ready.begin(), ready.end(),
                                   [](const PeerPtr& peer) { return peer->knowledge.headersSynced; });
    const auto complete = [](const ProgressLine& line) { return line.done >= line.total; };
    progress.clockSuspect = std::any_of(ready.begin(), ready.end(),
                                        [](const PeerPtr& peer) { return peer->knowledge.aheadOfOurClock; });
    progress.synced = heard && !progress.clockSuspect && complete(progress.headers) &&
                      complete(progress.scan) &&
                      (complete(progress.filterHeaders) || progress.disputedFilter);
    return out;
}

ProgressLine StatusBoard::Meter::line(std::uint64_t done, std::uint64_t total, base::UnixTime now)
{
    const auto tick = Steady::now();
    if (!m_samples.empty() && done > m_samples.back().second) m_lastAdvance = now;
    m_samples.emplace_back(tick, done);
    while (m_samples.size() > 2 && m_samples[1].first + kRateWindow <= tick) m_samples.pop_front();
    const auto& [since, start] = m_samples.front();
    const auto millis = std::chrono::duration_cast<Millis>(tick - since).count();
    const std::uint64_t gained = done > start ? done - start : 0;
    const std::uint64_t rate = millis <= 0 ? 0 : gained * 1000 / static_cast<std::uint64_t>(millis);
    return {done, total, rate, m_lastAdvance};
}

} // namespace bowline::chain
