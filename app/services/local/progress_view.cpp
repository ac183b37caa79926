// SPDX-License-Identifier: MIT
#include "app/services/local/progress_view.h"

namespace bowline::services {

std::vector<ProgressLine> ProgressView::linesOf(const chain::SyncProgress& progress)
{
    const std::lock_guard lock(m_mutex);
    return {lineOf(ProgressLine::Kind::Peers, progress.peers),
            lineOf(ProgressLine::Kind::Headers, progress.headers),
            lineOf(ProgressLine::Kind::FilterHeaders, progress.filterHeaders),
            lineOf(ProgressLine::Kind::Filters, progress.scan)};
}

ProgressLine ProgressView::lineOf(ProgressLine::Kind kind, const chain::ProgressLine& line)
{
    ProgressLine out;
    out.kind = kind;
    out.done = line.done;
    out.total = line.total;
    out.perSecond = line.perSecond;
    out.lastAdvance = line.lastAdvance;
    auto& since = m_movesSince.at(static_cast<std::size_t>(kind));
    if (line.perSecond == 0) {
        since.reset();
        return out;
    }
    if (!since) since = m_clock.now();
    const bool isSteady = m_clock.now() - *since >= kSteadySeconds;
    if (isSteady && line.total > line.done) out.secondsLeft = (line.total - line.done) / line.perSecond;
    return out;
}

} // namespace bowline::services
