// SPDX-License-Identifier: MIT
// JSON-RPC 2.0 as text: requests, responses, notifications and error objects (jsonrpc.org/specification).
//
// Two things of the specification are left out on purpose: batch requests (a cheap way to multiply work per
// message) and parameters by position. Numbers are integers; there is no use of floating point.
#pragma once

#include "core/base/result.h"
#include "core/net/errors.h"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bowline::net {

namespace json = boost::json;
using base::Error;
using base::Result;

/// Deeper nesting is refused before anything is built.
inline constexpr std::size_t kMaxJsonDepth = 16;
inline constexpr std::size_t kMaxMethodLength = 64;

struct Request {
    std::string method;
    json::object params;
    /// Number, string or null. Absent: a notification, which gets no answer.
    std::optional<json::value> id;
};

/// JSON with bounded depth and numbers that a double holds. `kParseError` otherwise.
[[nodiscard]] Result<json::value> parseJson(std::string_view text);
[[nodiscard]] Result<Request> parseRequest(std::string_view text);

[[nodiscard]] std::string makeRequest(std::uint64_t id, std::string_view method, const json::object& params);
[[nodiscard]] std::string makeResult(const json::value& id, const json::value& result);
[[nodiscard]] std::string makeErrorResponse(const json::value& id, const Error& error);
[[nodiscard]] std::string makeNotification(std::string_view method, const json::value& params);

/// The result, or the error that the other side sent, its code restored from data.code (see remoteCode()).
/// `kBadResponse` when the text is no response to request `id`.
[[nodiscard]] Result<json::value> parseResponse(std::string_view text, std::uint64_t id);

/// An error code received from outside. ErrorCode refers to text that lives forever, so names are kept in a
/// table of bounded size; a malformed name, or one more than the table holds, becomes kRemoteError.
[[nodiscard]] base::ErrorCode remoteCode(std::string_view name);

} // namespace bowline::net
