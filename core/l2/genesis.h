// SPDX-License-Identifier: MIT
// Batch 0: the state and the header that follow from the parameters alone. Clients compute them themselves.
#pragma once

#include "core/l2/batch.h"
#include "core/l2/state_tree.h"

namespace bowline::l2 {

/// The checkpoint as view of Bitcoin and as its first confirmed block, and the counters.
[[nodiscard]] std::vector<StateObject> genesisObjects(const NetworkParams& params);
[[nodiscard]] BatchBody genesisBody(const NetworkParams& params);
[[nodiscard]] BatchHeader genesisHeader(const NetworkParams& params);
/// With a signature of zeros.
[[nodiscard]] SignedBatch genesisBatch(const NetworkParams& params);

} // namespace bowline::l2
