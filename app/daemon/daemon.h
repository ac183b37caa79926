// SPDX-License-Identifier: MIT
// A running node: its Bitcoin light client, its copy of the layer 2, its role, its JSON-RPC port.
//
// Two threads. One has the sockets, the other everything that owns data ("the node's strand"); the light client
// has a third of its own.
#pragma once

#include "app/daemon/options.h"
#include "app/daemon/roles.h"

#include <functional>
#include <memory>

namespace bowline::daemon {

/// Another process uses the data folder.
inline constexpr base::ErrorCode kInUse{"daemon.in-use"};
inline constexpr base::ErrorCode kNoProgram{"daemon.no-program"};
inline constexpr base::ErrorCode kNoNetworkFile{"daemon.no-network-file"};

[[nodiscard]] std::string_view versionText();

class Daemon {
public:
    using RoleFactory = std::function<base::Result<RolePtr>(const RoleContext&)>;
    /// Opens everything and listens; nothing runs yet. `factory`: tests give nodes that do not keep their word. `checker`:
    /// of the chain's proofs, and tests give one that believes what it is shown; unless given the network's own.
    [[nodiscard]] static base::Result<std::unique_ptr<Daemon>>
    open(const Options& options, const RoleFactory& factory = makeRole,
         std::shared_ptr<const proven::Checker> checker = nullptr);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Where it listens.
    [[nodiscard]] const net::Endpoint& endpoint() const;
    /// What is printed when requests are answered: one line of JSON.
    [[nodiscard]] std::string readyLine() const;
    /// Until SIGTERM or SIGINT. `onReady` is called once requests are answered.
    base::Status run(const std::function<void()>& onReady);

private:
    class Impl;
    explicit Daemon(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace bowline::daemon
