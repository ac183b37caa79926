// SPDX-License-Identifier: MIT
// What a batch says about Bitcoin: the step from the program's view to the sequencer's own best chain.
#pragma once

#include "app/daemon/node/bitcoin_view.h"
#include "core/l2/batch.h"
#include "core/l2/objects.h"

namespace bowline::daemon {

/// More headers go into further batches.
inline constexpr std::size_t kMaxHeadersPerBatch = 2016;

/// Headers after the last one that both have; those of the ring above it are replaced (rule A7). A section
/// without headers keeps everything: nothing new, the own chain is behind, or the confirmed block itself left
/// it, which no batch can mend (rollback, rule A8).
[[nodiscard]] l2::L1Section nextL1Section(const l2::L1View& view, const BitcoinView& bitcoin);

} // namespace bowline::daemon
