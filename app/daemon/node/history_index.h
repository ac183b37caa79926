// SPDX-License-Identifier: MIT
// Which accounts each transaction of a batch touched, and which claims it appended: what the program folds into
// the accounts' history accumulators and into the claims tree, worked out again for the node's indexes.
//
// The result is held against the accumulators of the executed state, so an index that serves wallets is never
// incomplete without anybody noticing.
#pragma once

#include "app/daemon/node/l2_store.h"
#include "core/l2/executor.h"

namespace bowline::daemon {

/// The index does not fold to what the program computed.
inline constexpr base::ErrorCode kIndexMismatch{"node.index-mismatch"};

struct BatchIndex {
    std::vector<HistoryRow> history;
    std::vector<base::Digest> claimLeaves;
};

/// `before`: the state that the batch was executed on.
[[nodiscard]] base::Result<BatchIndex> indexBatch(const l2::StateTree& before,
                                                  const l2::Execution& execution);

} // namespace bowline::daemon
