// SPDX-License-Identifier: MIT
// Bytes of an HTTP connection through the parser with the server's limits, the rules of what is taken, and the
// JSON-RPC below: what is refused by the rules must never have looked like a request of a program.
#include "core/net/http_rules.h"
#include "core/net/jsonrpc.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdlib>

using namespace bowline;
namespace http = boost::beast::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    http::request_parser<http::string_body> parser;
    parser.header_limit(1024);
    parser.body_limit(4096);
    parser.eager(true);
    boost::system::error_code failure;
    std::size_t used = 0;
    while (used < size && !failure && !parser.is_done()) {
        const std::size_t count = parser.put(boost::asio::buffer(data + used, size - used), failure);
        if (count == 0) break;
        used += count;
    }
    if (failure || !parser.is_done()) return 0;
    const net::HttpRequest request = parser.release();
    const auto allowed = net::checkRpcRequest(request);
    if (allowed.ok() && request.find(http::field::origin) != request.end()) std::abort();
    if (allowed.ok() && request.method() != http::verb::post) std::abort();
    if (!allowed.ok()) return 0;
    const auto parsed = net::parseRequest(request.body());
    const std::string answer = parsed.ok() ? net::makeResult(parsed->id.value_or(nullptr), parsed->params)
                                           : net::makeErrorResponse(nullptr, parsed.error());
    if (net::makeHttpResponse(request, http::status::ok, answer).body() != answer) std::abort();
    return 0;
}
