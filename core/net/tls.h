// SPDX-License-Identifier: MIT
// TLS of the JSON-RPC layer: certificates of servers, and what clients accept. TLS 1.2 and 1.3; no renegotiation,
// no compression, no resumption (a resumed session is one whose certificate nobody looked at).
#pragma once

#include "core/base/bytes.h"
#include "core/net/endpoint.h"
#include "core/net/errors.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace bowline::net {

/// A server's certificate with its key, ready for connections.
class ServerTls {
public:
    /// PEM files; the certificate's may hold the chain above it. kBadTlsFiles when they are not of one another, the
    /// certificate's time is over, or everybody may read the key.
    [[nodiscard]] static base::Result<std::shared_ptr<ServerTls>> load(const std::string& certificateFile,
                                                                       const std::string& keyFile);
    ServerTls(const base::ByteArray<32>& fingerprint, std::unique_ptr<boost::asio::ssl::context> context);
    ~ServerTls();
    ServerTls(const ServerTls&) = delete;
    ServerTls& operator=(const ServerTls&) = delete;

    /// SHA-256 of the certificate's DER form: what clients pin.
    [[nodiscard]] const base::ByteArray<32>& fingerprint() const { return m_fingerprint; }
    [[nodiscard]] boost::asio::ssl::context& context() { return *m_context; }

private:
    base::ByteArray<32> m_fingerprint;
    std::unique_ptr<boost::asio::ssl::context> m_context;
};

struct SelfSigned {
    /// Host names and literal addresses that the certificate is good for; the first is its subject.
    std::vector<std::string> names{"localhost", "127.0.0.1"};
    /// From now; a day back, for clients whose clock is behind.
    std::chrono::hours from{-24};
    std::chrono::hours until{10 * 365 * 24};
};

/// Writes a fresh P-256 key and a certificate that it signs itself, both mode 0600. Nobody vouches for it: it is for
/// clients that pin it.
[[nodiscard]] base::Status makeSelfSigned(const std::string& certificateFile, const std::string& keyFile,
                                          const SelfSigned& options = {});

using ClientTls = std::shared_ptr<boost::asio::ssl::context>;

/// What a client accepts at an endpoint with tls: the pinned certificate while its time lasts, or one that the
/// system's authorities vouch for under the endpoint's host.
[[nodiscard]] base::Result<ClientTls> makeClientTls(const Endpoint& endpoint);

} // namespace bowline::net
