// SPDX-License-Identifier: MIT
// The node interface (docs/protocol.md, section 7): what every role answers. Binary values are hex strings in
// the order in which they are encoded, amounts are integers of satoshi.
#pragma once

#include "app/daemon/node/follower.h"
#include "app/daemon/node/node.h"
#include "core/net/dispatcher.h"

namespace bowline::daemon {

/// tx_submit and the relay are the sequencer's.
inline constexpr base::ErrorCode kNotSequencer{"node.not-sequencer"};
/// An account with more entries than one answer may hold.
inline constexpr base::ErrorCode kTooMany{"node.too-many"};

inline constexpr std::size_t kMaxHistoryEntries = 100'000;
/// The most headers in one answer of chain_headers: two hundred kilobytes of hex.
inline constexpr std::size_t kMaxHeadersListed = 200;

/// {number, hash, header, signature}
[[nodiscard]] net::json::object headJson(const l2::SignedHeader& head);

/// Everything but node_info, whose parts are known to the daemon only. Handlers run on `executor`, the node's
/// strand; `node` outlives the dispatcher. tx_submit, relay_post and relay_list answer kNotSequencer until a
/// role replaces them.
void addNodeMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor, L2Node& node);
/// {status, batch, index} of a transaction in a batch; nothing when it is in none.
[[nodiscard]] base::Result<std::optional<net::json::object>> includedJson(L2Node& node,
                                                                          const l2::TxHash& hash);

} // namespace bowline::daemon
