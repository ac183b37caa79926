// SPDX-License-Identifier: MIT
// Where a node is reached: a host and a port, written http://host:port, host:port or [ipv6]:port; with TLS
// https://host:port, and with the certificate that must be there https://host:port#sha256=<64 hex digits>.
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bowline::net {

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
    /// SHA-256 of the certificate's DER form, as `openssl x509 -fingerprint -sha256` prints it. Without one the
    /// certificate must be good for the host in the eyes of the system's certificate authorities. Only with tls.
    std::optional<base::ByteArray<32>> pin = std::nullopt;

    /// Literal addresses of the loopback network and "localhost".
    [[nodiscard]] bool isLoopback() const;
    /// "host:port", IPv6 in brackets.
    [[nodiscard]] std::string text() const;
    /// All of it; parseEndpoint() gives the same endpoint again.
    [[nodiscard]] std::string url() const;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Port 0 is accepted (the system chooses, when listening). kBadEndpoint for everything of another form.
[[nodiscard]] base::Result<Endpoint> parseEndpoint(std::string_view text);

} // namespace bowline::net
