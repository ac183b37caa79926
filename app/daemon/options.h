// SPDX-License-Identifier: MIT
// What bowlined is told on its command line.
#pragma once

#include "core/base/types.h"
#include "core/net/endpoint.h"

#include <optional>
#include <vector>

namespace bowline::daemon {

inline constexpr base::ErrorCode kBadUsage{"daemon.bad-usage"};

enum class NodeRole { Sequencer, Signer, Operator };
/// "sequencer", "signer", "operator".
[[nodiscard]] std::string_view roleName(NodeRole role);
[[nodiscard]] base::Result<NodeRole> roleFromName(std::string_view name);

/// What an operator pays and kicks off for: batches that are sealed k deep, and unless told otherwise proven too.
enum class PayFor { Proven, Sealed };

/// --proving: the tasks are in a file of the data folder.
inline constexpr std::string_view kProvingSqlite = "sqlite";

struct Options {
    enum class Command { Run, Keygen, Help, Version };
    Command command = Command::Run;
    NodeRole role = NodeRole::Sequencer;
    std::string datadir;
    std::string networkFile;
    net::Endpoint listen{"127.0.0.1", 0}; // with tls beyond loopback
    std::string tlsCertificate;           // both or none: then the node's own, in the data folder
    std::string tlsKey;
    std::vector<net::Endpoint> bitcoin;  // P2P ports of Bitcoin nodes
    std::vector<net::Endpoint> upstream; // nodes to follow; the sequencer has none
    std::optional<int> readyFd;
    std::string stfImage;      // path of bowline-stf.image; empty: beside this program
    std::string stf;           // path of bowline-stf, likewise; not for the sequencer
    unsigned intervalMs = 500; // the sequencer waits so long to gather transactions
    /// The sequencer makes no further batch while so many are not proven; 0: it waits for no proof.
    unsigned mostUnproven = 0;
    /// Bitcoin blocks alone make a batch so long after the first of them; 0: at once.
    unsigned gatherBlocksSeconds = 0;
    // The operator's fee rates on Bitcoin.
    base::FeeRate feeRate{2'000};
    base::FeeRate maxFeeRate{200'000};
    PayFor payFor = PayFor::Proven; // the operator's
    /// Where the tasks of proving are kept: kProvingSqlite, or a connection string of PostgreSQL. Empty: nothing is proven.
    std::string proving;
    bool verbose = false;
};

[[nodiscard]] base::Result<Options> parseOptions(const std::vector<std::string>& arguments);
[[nodiscard]] std::string_view usageText();

} // namespace bowline::daemon
