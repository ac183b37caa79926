// SPDX-License-Identifier: MIT
// Headers of Bitcoin from a network's checkpoint on, each checked in full: link, difficulty, work, time, version.
#pragma once

#include "core/base/clock.h"
#include "core/bitcoin/uint256.h"
#include "core/l2/light_client.h"

#include <span>
#include <vector>

namespace bowline::verify {

/// The checkpoint says what came before it as far as the rules of its own network need that: on regtest, the only one that
/// l2::checkParams() lets through, the times of the last eleven blocks.
class HeaderRun final : public l2::BestChain {
public:
    /// `headers` follow the checkpoint, in order. `now`: the clock of this machine. The codes of bitcoin::checkHeader(),
    /// kBrokenLink, whose detail names the height, and kHeightsEnd.
    [[nodiscard]] static base::Result<HeaderRun>
    check(const l2::NetworkParams& params, std::span<const base::ByteArray<80>> headers, base::UnixTime now);

    [[nodiscard]] base::Height first() const { return m_first; }
    [[nodiscard]] base::Height tip() const override;
    [[nodiscard]] std::optional<base::BlockHash> hashAt(base::Height height) const override;
    /// Within first() and tip().
    [[nodiscard]] const bitcoin::BlockHeader& headerAt(base::Height height) const;
    /// Cumulative up to that block, from Bitcoin's own first block on.
    [[nodiscard]] const bitcoin::Uint256& workAt(base::Height height) const;

private:
    struct Entry {
        bitcoin::BlockHeader header;
        base::BlockHash hash;
        bitcoin::Uint256 work;
    };
    class Source;
    [[nodiscard]] const Entry& at(base::Height height) const
    {
        return m_entries[height.value - m_first.value];
    }

    base::Height m_first; // the checkpoint's
    std::vector<Entry> m_entries;
};

/// A header does not name the one before it.
inline constexpr base::ErrorCode kBrokenLink{"verify.broken-link"};
/// More headers than heights are left behind the checkpoint.
inline constexpr base::ErrorCode kHeightsEnd{"verify.heights-end"};

} // namespace bowline::verify
