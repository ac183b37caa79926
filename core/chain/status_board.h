// SPDX-License-Identifier: MIT
// Draws the picture of the backend (ChainStatus) when something changed, at most ten times a second.
#pragma once

#include "core/chain/filter_headers.h"
#include "core/chain/subscription.h"

namespace bowline::chain {

class StatusBoard {
public:
    /// `scanned` tells the height that the slowest follower has reached; empty without followers.
    StatusBoard(asio::any_io_executor executor, const HeaderChain& chain, const PeerManager& peers,
                const FilterHeaderSync& filters, const base::Clock& clock, Signal& changed,
                std::function<std::optional<base::Height>()> scanned);

    void start();
    /// From any thread.
    [[nodiscard]] StatusPtr latest() const;
    [[nodiscard]] std::unique_ptr<Handler> handle(std::function<void(StatusPtr)> fn)
    {
        return m_callbacks.add(std::move(fn));
    }

private:
    /// Turns a growing number into a line with a rate over the last seconds.
    class Meter {
    public:
        ProgressLine line(std::uint64_t done, std::uint64_t total, base::UnixTime now);

    private:
        std::deque<std::pair<Steady::time_point, std::uint64_t>> m_samples;
        base::UnixTime m_lastAdvance = 0;
    };

    Task<void> run();
    [[nodiscard]] StatusPtr draw();

    asio::any_io_executor m_executor;
    const HeaderChain& m_chain;
    const PeerManager& m_peers;
    const FilterHeaderSync& m_filters;
    const base::Clock& m_clock;
    Signal& m_changed;
    std::function<std::optional<base::Height>()> m_scanned;
    Meter m_peerMeter;
    Meter m_headerMeter;
    Meter m_filterMeter;
    Meter m_scanMeter;
    mutable std::mutex m_mutex;
    StatusPtr m_latest;
    CallbackList<StatusPtr> m_callbacks;
};

} // namespace bowline::chain
