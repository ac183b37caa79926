// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/l1_section.h"

namespace bowline::daemon {

using base::Height;

namespace {

/// The highest block of the view that is on the own best chain; nothing if not even the confirmed one is.
std::optional<Height> commonHeight(const l2::L1View& view, const BitcoinView& bitcoin)
{
    if (bitcoin.hashAt(view.confirmedHeight) != view.confirmedHash) return std::nullopt;
    Height common = view.confirmedHeight;
    for (const auto& header : view.ring) {
        if (bitcoin.headerAt(common + 1) != header) break;
        common = common + 1;
    }
    return common;
}

} // namespace

l2::L1Section nextL1Section(const l2::L1View& view, const BitcoinView& bitcoin)
{
    const l2::L1Section unchanged{view.tipHeight, {}};
    const auto common = commonHeight(view, bitcoin);
    if (!common) return unchanged;
    l2::L1Section out{*common, {}};
    while (out.headers.size() < kMaxHeadersPerBatch) {
        const auto height = *common + static_cast<std::uint32_t>(out.headers.size() + 1);
        const auto header = bitcoin.headerAt(height);
        if (!header) break;
        out.headers.push_back(*header);
    }
    return out.headers.empty() ? unchanged : out;
}

} // namespace bowline::daemon
