// SPDX-License-Identifier: MIT
// The four lines of progress as they are shown, with the time that is left: told only once a line has moved for a
// while, so that nobody reads an estimate that rests on a single moment.
#pragma once

#include "app/services/interfaces/views.h"
#include "core/base/clock.h"
#include "core/chain/backend.h"

#include <array>
#include <mutex>

namespace bowline::services {

class ProgressView {
public:
    /// Of a rate above zero, without a break.
    static constexpr std::int64_t kSteadySeconds = 20;

    explicit ProgressView(const base::Clock& clock) : m_clock(clock) {}
    /// From any thread.
    [[nodiscard]] std::vector<ProgressLine> linesOf(const chain::SyncProgress& progress);

private:
    ProgressLine lineOf(ProgressLine::Kind kind, const chain::ProgressLine& line);

    const base::Clock& m_clock;
    std::mutex m_mutex;
    std::array<std::optional<base::UnixTime>, 4> m_movesSince; // by kind
};

} // namespace bowline::services
