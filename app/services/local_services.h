// SPDX-License-Identifier: MIT
// The services on this machine: a light client of Bitcoin, one of the layer 2, wallets in files.
#pragma once

#include "app/services/interfaces/services.h"
#include "core/l2/params.h"
#include "core/net/endpoint.h"
#include "core/proven/head.h"

#include <chrono>

namespace bowline::services {

/// The services could not be started: the reason is in the detail.
inline constexpr base::ErrorCode kCannotStart{"services.cannot-start"};
/// Another process has services on this data folder: a window, a command. The detail names its id.
inline constexpr base::ErrorCode kInUse{"services.in-use"};

struct LocalOptions {
    std::string dataDir;                   // made when missing, for this user only
    l2::Network network;                   // from the pinned network.json
    std::vector<std::string> bitcoinPeers; // host:port
    net::Endpoint node;                    // of the layer 2
    /// Empty: about one second of scrypt for a new wallet. Tests use something cheaper.
    std::optional<std::uint64_t> scryptCost;
    /// Of the chain's proofs; unless given the network's own.
    std::shared_ptr<const proven::Checker> checker;
    /// How long to wait for another process to be done with the data folder.
    std::chrono::milliseconds patience{0};
};

[[nodiscard]] base::Result<std::unique_ptr<Services>> makeLocalServices(LocalOptions options);

using StartFailed = std::function<void(const base::Error&)>;
/// The same without waiting for databases and sockets: requests wait for them instead. `failed` runs on another thread
/// when they could not be opened; every request is then answered with the same error.
[[nodiscard]] base::Result<std::unique_ptr<Services>> makeLocalServicesBehind(LocalOptions options,
                                                                              StartFailed failed);

/// Reads and checks a network.json.
[[nodiscard]] base::Result<l2::Network> readNetworkFile(const std::string& path);

} // namespace bowline::services
