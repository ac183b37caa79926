// SPDX-License-Identifier: MIT
// From what a shard did to the filled tables and the statement about it.
#pragma once

#include "core/proving/recorder.h"
#include "core/stark/prover.h"

namespace bowline::proving {

struct ShardWitness {
    stark::Traces traces;
    zkvm::NodeDigest rootBefore{};
    zkvm::NodeDigest rootAfter{};
};

/// Sets the digests of the touched leaves, yields the nodes above them, and brings the tree to the state after the shard.
[[nodiscard]] std::vector<chips::TouchedNode> moveTree(zkvm::MemoryTree& tree,
                                                       std::vector<chips::TouchedLeaf>& leaves);

/// Fills all tables, or leaves some out if the options' cancel becomes true. `tree` is that of the state before the shard,
/// and of the state after it when this returns. `shape`: the heights to fill up to, which are enough; empty: each
/// table's least, and tables without rows are left out.
[[nodiscard]] ShardWitness witnessOf(const chips::MachineTables& tables, const stark::System& system,
                                     ShardRecord record, zkvm::MemoryTree& tree,
                                     const stark::ProverOptions& options, const stark::Heights& shape = {});

/// The same for records that no machine would make: for tests that play a dishonest prover.
void fillLookups(const chips::MachineTables& tables, const stark::System& system, stark::Traces& traces,
                 const stark::ProverOptions& options, unsigned permutationLog = 0);

} // namespace bowline::proving
