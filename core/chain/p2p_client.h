// SPDX-License-Identifier: MIT
// The light client: a Backend that speaks Bitcoin's peer-to-peer protocol with several nodes, checks headers in
// full and finds blocks of interest by compact filters (BIP157, BIP158).
//
// What it cannot do: see transactions before they are mined (filters cover blocks only), and notice that all its
// peers together leave a spent script out of a filter (see filter_proof.h): have more than one peer.
#pragma once

#include "core/chain/backend.h"
#include "core/chain/header_chain.h"
#include "core/chain/peer.h"

namespace bowline::chain {

struct P2pOptions {
    bitcoin::ChainParams params;
    /// The file for headers; its folder must exist.
    std::string storePath;
    /// host:port of nodes to be connected to, all of them. "[::1]:8333" for IPv6.
    std::vector<std::string> peers;
    /// Ask the network's DNS seeds for more nodes when there are fewer than `maxPeers` addresses. Tells the
    /// seeds' operators and the nodes that somebody here uses Bitcoin.
    bool useDnsSeeds = false;
    std::size_t maxPeers = 8;
    /// Work below which a header chain is not stored; the network's own figure when empty.
    std::optional<bitcoin::Uint256> minimumWork;
    std::vector<BlockRef> checkpoints;
    /// As told to nodes. The same for everybody, so that it identifies nobody.
    std::string agent = "/bowline:0.1/";
    PeerTimeouts timeouts;
    Millis retryFirst{500};
    /// The machine's clock when null. Must outlive the client.
    const base::Clock* clock = nullptr;
};

/// A damaged store is set aside (its name gets ".damaged") and fetched anew: it holds nothing of the user's.
[[nodiscard]] std::unique_ptr<Backend> makeP2pClient(P2pOptions options);

} // namespace bowline::chain
