// SPDX-License-Identifier: MIT
// Where a node is reached: a host and a port, written http://host:port, host:port or [ipv6]:port.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace bowline::net {

struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    /// Literal addresses of the loopback network and "localhost".
    [[nodiscard]] bool isLoopback() const;
    /// "host:port", IPv6 in brackets.
    [[nodiscard]] std::string text() const;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Port 0 is accepted (the system chooses, when listening). https is refused: what nodes say is signed, and
/// nothing secret is sent; encryption to a remote node belongs to a tunnel of the user's choice.
[[nodiscard]] base::Result<Endpoint> parseEndpoint(std::string_view text);

} // namespace bowline::net
