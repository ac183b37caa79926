// SPDX-License-Identifier: MIT
// Failures of the JSON-RPC layer, on both ends of the wire.
//
// An error object on the wire is {"code": n, "message": detail, "data": {"code": "dotted.name"}}. The number is
// the one JSON-RPC 2.0 reserves for the protocol's own failures and -32000 for everything else; the dotted name
// in data.code is what programs compare.
#pragma once

#include "core/base/result.h"

namespace bowline::net {

/// No JSON, or nested too deep.
inline constexpr base::ErrorCode kParseError{"net.parse-error"};
/// JSON, but no request of JSON-RPC 2.0. Batch requests are refused with this code too.
inline constexpr base::ErrorCode kInvalidRequest{"net.invalid-request"};
inline constexpr base::ErrorCode kMethodNotFound{"net.method-not-found"};
/// A parameter is missing, of the wrong type, out of range or unknown.
inline constexpr base::ErrorCode kInvalidParams{"net.invalid-params"};
/// The handler threw: a bug of the server, logged there.
inline constexpr base::ErrorCode kInternalError{"net.internal-error"};
/// The request body is larger than the server takes.
inline constexpr base::ErrorCode kTooLarge{"net.too-large"};
/// More requests a second than one connection may make, or more work than one address may ask for. The same
/// request is welcome a moment later.
inline constexpr base::ErrorCode kRateLimited{"net.rate-limited"};
/// Not a POST with a JSON body, or sent by a web page (it carries an Origin header).
inline constexpr base::ErrorCode kRefused{"net.refused"};
/// The method needs the node's access token, or the token is not the node's.
inline constexpr base::ErrorCode kUnauthorized{"net.unauthorized"};
/// Plain HTTP on a port that speaks TLS.
inline constexpr base::ErrorCode kNeedsTls{"net.needs-tls"};
/// Subscriptions need a WebSocket connection.
inline constexpr base::ErrorCode kNeedsWebSocket{"net.needs-websocket"};
inline constexpr base::ErrorCode kUnknownTopic{"net.unknown-topic"};

/// The address cannot be bound.
inline constexpr base::ErrorCode kCannotListen{"net.cannot-listen"};
/// A server without TLS listens on loopback only.
inline constexpr base::ErrorCode kPlainBeyondLoopback{"net.plain-beyond-loopback"};
/// Certificate or key: not there, not readable, not of one another, out of date, or readable by everybody.
inline constexpr base::ErrorCode kBadTlsFiles{"net.bad-tls-files"};
/// The file of the access token: not there, malformed, or readable by others.
inline constexpr base::ErrorCode kBadTokenFile{"net.bad-token-file"};
/// Not of a form that endpoint.h names.
inline constexpr base::ErrorCode kBadEndpoint{"net.bad-endpoint"};
/// No connection, or it broke.
inline constexpr base::ErrorCode kUnreachable{"net.unreachable"};
inline constexpr base::ErrorCode kTimeout{"net.timeout"};
/// The other side's certificate is not the pinned one.
inline constexpr base::ErrorCode kWrongPin{"net.wrong-pin"};
/// The other side's certificate is out of date, or no authority of this system vouches for it and its name.
inline constexpr base::ErrorCode kBadCertificate{"net.bad-certificate"};
/// No TLS connection, for another reason: the other side speaks none, or only versions before 1.2.
inline constexpr base::ErrorCode kTlsFailed{"net.tls-failed"};
inline constexpr base::ErrorCode kCancelled{"net.cancelled"};
/// The other side answered with something that is no JSON-RPC response to our request.
inline constexpr base::ErrorCode kBadResponse{"net.bad-response"};
/// The other side answered with an error that has no well-formed data.code.
inline constexpr base::ErrorCode kRemoteError{"net.remote-error"};

/// No answer was had, and nobody refused the request: it is worth trying again later.
[[nodiscard]] constexpr bool isConnectionFailure(base::ErrorCode code)
{
    return code == kUnreachable || code == kTimeout || code == kWrongPin || code == kBadCertificate ||
           code == kTlsFailed;
}

} // namespace bowline::net
