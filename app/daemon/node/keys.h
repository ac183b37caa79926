// SPDX-License-Identifier: MIT
// The secret keys of a node: a file in its data folder, mode 0600, made once by `bowlined keygen`.
//
// Text, one "name hex" pair a line after a first line that names the format; read straight into locked memory.
// Not encrypted yet: whoever reads the folder has the keys (docs/trust.md).
#pragma once

#include "app/daemon/options.h"
#include "core/crypto/keys.h"
#include "core/net/jsonrpc.h"

#include <map>

namespace bowline::daemon {

inline constexpr base::ErrorCode kNoKeyFile{"daemon.no-key-file"};
inline constexpr base::ErrorCode kBadKeyFile{"daemon.bad-key-file"};
/// Others than the owner may read the file, or it is not the owner's.
inline constexpr base::ErrorCode kKeyFileExposed{"daemon.key-file-exposed"};
inline constexpr base::ErrorCode kKeyFileExists{"daemon.key-file-exists"};

/// sequencer: "sequencer". signer: "vault", "message". operator: "operator", "wallet" (seed of its own wallet).
class NodeKeys {
public:
    [[nodiscard]] static base::Result<NodeKeys> load(const std::string& datadir, NodeRole role);
    /// Makes folder and file; never overwrites.
    [[nodiscard]] static base::Result<NodeKeys> create(const std::string& datadir, NodeRole role);

    [[nodiscard]] NodeRole role() const { return m_role; }
    /// A key of the role. Asking for another one is a bug.
    [[nodiscard]] const crypto::PrivateKey& key(std::string_view name) const;
    /// What goes into network.json, by names such as "sequencer_key", "vault_key", "message_key",
    /// "possession", "operator_key".
    [[nodiscard]] base::Result<net::json::object> publicKeys() const;

private:
    explicit NodeKeys(NodeRole role) : m_role(role) {}
    NodeRole m_role;
    std::map<std::string, crypto::PrivateKey, std::less<>> m_keys;
};

} // namespace bowline::daemon
