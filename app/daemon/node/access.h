// SPDX-License-Identifier: MIT
// Who may come to a node's port: its certificate, its access token, and the methods that need the token.
#pragma once

#include "app/daemon/options.h"
#include "core/net/server.h"

#include <functional>

namespace bowline::daemon {

/// Files in the data folder, all mode 0600. The certificate and its key are made at the first start that needs them;
/// the token is another one at each start.
[[nodiscard]] std::string certificateFileOf(const std::string& datadir);
[[nodiscard]] std::string certificateKeyFileOf(const std::string& datadir);
[[nodiscard]] std::string tokenFileOf(const std::string& datadir);

/// Writes a fresh token; with --listen https://... also opens the certificate that was named, or the node's own.
[[nodiscard]] base::Result<net::ServerAccess> openAccess(const Options& options);

/// admin_status: what the server has met and who is connected. admin_stop: ends the node as SIGTERM does; `stop` is
/// called on `executor` and returns at once.
void addAdminMethods(net::Dispatcher& dispatcher, const net::asio::any_io_executor& executor,
                     std::function<net::ServerStatistics()> statistics, std::function<void()> stop);

} // namespace bowline::daemon
