// SPDX-License-Identifier: MIT
// What names a node and what shows that one may administer it: an endpoint that is taken comes out of its own URL again,
// and a token out of its own header.
#include "core/net/access_token.h"
#include "core/net/endpoint.h"

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
    if (const auto endpoint = net::parseEndpoint(text); endpoint.ok()) {
        const auto again = net::parseEndpoint(endpoint->url());
        require(again.ok() && *again == *endpoint);
        require(endpoint->tls || !endpoint->pin);
        // Without its pin and scheme it is the same place.
        const auto place = net::parseEndpoint(endpoint->text());
        require(place.ok() && place->host == endpoint->host && place->port == endpoint->port);
    }
    if (const auto token = net::AccessToken::fromHeader(text); token.ok()) {
        const auto again = net::AccessToken::fromHeader(token->headerValue());
        require(again.ok() && again->matches(*token));
        require(size == token->headerValue().size());
    }
    return 0;
}
