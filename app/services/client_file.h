// SPDX-License-Identifier: MIT
// client.json in a data folder: where a wallet connects to, so that it need not be said each time.
#pragma once

#include "app/services/local_services.h"

namespace bowline::services {

/// Neither given nor in client.json.
inline constexpr base::ErrorCode kNotConfigured{"services.not-configured"};

struct ClientFile {
    std::string networkFile;
    std::vector<std::string> bitcoinPeers;
    std::string node;
    std::string nodeTokenFile; // of one's own node
};

/// What is empty in `given` is taken from client.json in `dataDir`.
[[nodiscard]] base::Result<LocalOptions> clientOptions(const std::string& dataDir, const ClientFile& given);
[[nodiscard]] base::Status writeClientFile(const std::string& dataDir, const ClientFile& file);

} // namespace bowline::services
