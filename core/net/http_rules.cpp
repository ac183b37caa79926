// SPDX-License-Identifier: MIT
#include "core/net/http_rules.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>

namespace bowline::net {

namespace http = boost::beast::http;

base::Status checkOrigin(const HttpRequest& request)
{
    if (request.find(http::field::origin) != request.end()) {
        return base::makeError(kRefused, "requests of web pages are not accepted");
    }
    return base::success();
}

base::Status checkRpcRequest(const HttpRequest& request)
{
    BOWLINE_CHECK(checkOrigin(request));
    if (request.method() != http::verb::post) return base::makeError(kRefused, "only POST is accepted");
    // Browsers may send other types to foreign origins without asking first.
    const auto whole = request[http::field::content_type];
    const auto type = whole.substr(0, whole.find(';'));
    if (!boost::beast::iequals(type, "application/json")) {
        return base::makeError(kRefused, "the content type must be application/json");
    }
    return base::success();
}

HttpResponse makeHttpResponse(const HttpRequest& request, http::status status, std::string body)
{
    HttpResponse out{body.empty() ? http::status::no_content : status, request.version()};
    out.set(http::field::content_type, "application/json");
    out.set(http::field::cache_control, "no-store");
    out.set("X-Content-Type-Options", "nosniff");
    out.keep_alive(request.keep_alive());
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

} // namespace bowline::net
