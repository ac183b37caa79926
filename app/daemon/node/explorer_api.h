// SPDX-License-Identifier: MIT
// What explorers ask a node for (docs/protocol.md, section 7): a transaction's place in its batch, the receipts of a batch,
// objects of one kind. Each answer can be checked against a header.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/dispatcher.h"

namespace bowline::daemon {

/// The most objects in one answer of objects_list: each comes with its proof.
inline constexpr std::size_t kMaxProvenListed = 50;

/// The most batches in one answer of batch_counts.
inline constexpr std::uint64_t kMaxBatchesCounted = 20;

/// tx_proof, chain_receipts, batch_counts, objects_list. Handlers run on `executor`, the node's strand; `node` outlives the dispatcher.
void addExplorerMethods(net::Dispatcher& dispatcher, const net::asio::any_io_executor& executor,
                        L2Node& node);

/// Of a batch's transactions, in their order, as the program made them.
[[nodiscard]] base::Result<std::vector<l2::Receipt>> receiptsOf(L2Node& node, const l2::BatchBody& body);

} // namespace bowline::daemon
