// SPDX-License-Identifier: MIT
// What a client does around one handshake. Private to the library.
#pragma once

#include "core/net/tls.h"

#include <boost/system/error_code.hpp>
#include <openssl/types.h>

namespace bowline::net {

/// Why the handshake failed: kWrongPin, kBadCertificate or kTlsFailed.
[[nodiscard]] base::Error tlsFailure(const Endpoint& endpoint, SSL* connection,
                                     const boost::system::error_code& failure);
/// Before the handshake: tells the server which of its names is meant.
[[nodiscard]] base::Status nameServer(SSL* connection, const Endpoint& endpoint);

} // namespace bowline::net
