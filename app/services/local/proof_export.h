// SPDX-License-Identifier: MIT
// Makes a proof file of what was shown: first what the node thread holds, then the Bitcoin side, which takes blocks from
// peers and may wait for them.
#pragma once

#include "app/services/local/explorer.h"

namespace bowline::services {

/// The batch is not of the history that is held here (any more).
inline constexpr base::ErrorCode kBatchLeft{"services.batch-left"};
/// A block with an anchor could not be fetched.
inline constexpr base::ErrorCode kBlockMissing{"services.block-missing"};
/// More Bitcoin headers than a file may hold.
inline constexpr base::ErrorCode kProofTooLong{"services.proof-too-long"};
/// Whoever opens it would refuse it: it is not written. The detail names the check.
inline constexpr base::ErrorCode kProofRefused{"services.proof-refused"};

struct ExportParts {
    verify::ProofFile file;          // without bitcoin and anchors
    std::vector<seal::Link> anchors; // that it is to hold
};

/// On the node thread. Headers from batch 1 on, to what seals the batch and to what is proven, as far as a file holds them.
[[nodiscard]] base::Result<ExportParts> exportParts(const NodeAccess& access, const l2::Network& network,
                                                    const Shown& shown);
/// Not on the backend's thread; blocks. Adds the Bitcoin side, checks all of it as verify::check() does, and gives the text.
[[nodiscard]] base::Result<std::string> exportText(ExportParts parts, chain::Backend& backend,
                                                   const verify::Terms& terms);

} // namespace bowline::services
