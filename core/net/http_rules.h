// SPDX-License-Identifier: MIT
// Which HTTP requests the server takes, apart from any socket (and so apart for tests and fuzzing).
#pragma once

#include "core/net/errors.h"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>

namespace bowline::net {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

/// Refuses what a web page could make a browser send (rule of the server, see server.h).
[[nodiscard]] base::Status checkOrigin(const HttpRequest& request);
/// A POST with a JSON body, and no web page behind it.
[[nodiscard]] base::Status checkRpcRequest(const HttpRequest& request);
/// An answer that may be shown to nobody but the caller: never cached, never guessed to be anything but JSON.
/// An empty body (after a notification) becomes 204.
[[nodiscard]] HttpResponse makeHttpResponse(const HttpRequest& request, boost::beast::http::status status,
                                            std::string body);

} // namespace bowline::net
