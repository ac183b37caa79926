// SPDX-License-Identifier: MIT
// What signers and operators read of the layer 2's state.
#pragma once

#include "app/daemon/node/node.h"
#include "app/daemon/options.h"
#include "core/bridge/ceremony.h"
#include "core/bridge/graph.h"

namespace bowline::daemon {

/// Bitcoin blocks that replays wait, at most, for a mint whose transaction may be mined again (decision 21). It ends
/// before anybody loses by it: a payment that was made in time can still be proven after it, before its withdrawal may
/// be reclaimed (rule A9).
[[nodiscard]] std::uint32_t replayHold(const l2::NetworkParams& params);
/// Where batches are taken from: the nodes of --upstream, else those that the network file names. Nobody for the
/// sequencer.
[[nodiscard]] base::Result<std::vector<net::Endpoint>> followedNodes(const Options& options,
                                                                     const l2::Network& network);
/// The one that takes transactions and keeps the relay: as the network file says, else the first of --upstream.
/// A follower takes neither, so being followed does not make a node the sequencer.
[[nodiscard]] base::Result<net::Endpoint> sequencerOf(const Options& options, const l2::Network& network);

[[nodiscard]] std::optional<l2::Vault> vaultOf(const L2Node& node, const bitcoin::OutPoint& vault);
/// The claim that a vault stands under, with its index.
[[nodiscard]] std::optional<std::pair<std::uint64_t, l2::Claim>> claimOf(const L2Node& node,
                                                                         const bitcoin::OutPoint& vault);
[[nodiscard]] std::optional<l2::Claim> claimAt(const L2Node& node, std::uint64_t index);
[[nodiscard]] std::optional<l2::Operator> operatorOf(const L2Node& node, const base::XOnlyPublicKey& key);
/// Rule A1: what the state says of a burn with exactly this graph's Kickoff, whether its claim is still live or already
/// taken: a Take1 that a reorg has taken out of the chain leaves its claim taken for a moment, and that is no theft.
[[nodiscard]] bridge::Burn burnOf(L2Node& node, const bridge::OperatorGraph& graph,
                                  const bitcoin::OutPoint& vault);
/// There is a burn, and the claim is not settled yet: there is something left to kick off for.
[[nodiscard]] bool hasLiveClaim(const L2Node& node, const bridge::OperatorGraph& graph,
                                const bitcoin::OutPoint& vault);
/// The program's view of Bitcoin has come so far that a transaction at `height` can be proven.
[[nodiscard]] bool isProvable(const L2Node& node, base::Height height);

} // namespace bowline::daemon
