// SPDX-License-Identifier: MIT
// Requests and responses of JSON-RPC as hostile text. A request that is accepted must come out of its own text
// again, and every answer must be JSON.
#include "core/net/params.h"

#include <cstdlib>

using namespace bowline;

namespace {
void require(bool condition)
{
    if (!condition) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size); // NOLINT(*-reinterpret-cast)
    const auto request = net::parseRequest(text);
    if (request) {
        require(request->method.size() <= net::kMaxMethodLength);
        const auto again = net::parseRequest(net::makeRequest(1, request->method, request->params));
        require(again.ok() && again->method == request->method && again->params == request->params);
        static_cast<void>(net::fieldHex(request->params, "hex", 64));
        static_cast<void>(net::fieldU32(request->params, "n"));
        static_cast<void>(net::onlyFields(request->params, {"hex", "n"}));
    } else {
        require(net::parseJson(net::makeErrorResponse(nullptr, request.error())).ok());
    }
    const auto response = net::parseResponse(text, 7);
    if (response) require(net::parseResponse(net::makeResult(7, *response), 7).ok());
    return 0;
}
