// SPDX-License-Identifier: MIT
#include "core/net/endpoint.h"

#include "core/net/errors.h"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace bowline::net {

namespace {
base::Error bad(std::string_view text, std::string_view why)
{
    return base::makeError(kBadEndpoint, std::string(text.substr(0, 256)) + ": " + std::string(why));
}

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':';
}
} // namespace

bool Endpoint::isLoopback() const
{
    if (host == "localhost") return true;
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(host, failure);
    return !failure && address.is_loopback();
}

std::string Endpoint::text() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

base::Result<Endpoint> parseEndpoint(std::string_view text)
{
    std::string_view rest = text;
    if (rest.substr(0, 8) == "https://") return bad(text, "https is not supported, use a tunnel");
    if (rest.substr(0, 7) == "http://") rest.remove_prefix(7);
    if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos) return bad(text, "a port is missing");
    std::string_view host = rest.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool hasColon = host.find(':') != std::string_view::npos;
    if (host.empty() || host.size() > 253 || hasColon != bracketed) return bad(text, "no host");
    if (!std::all_of(host.begin(), host.end(), isHostCharacter)) return bad(text, "no host");

    const std::string_view digits = rest.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return bad(text, "no port number");
    return Endpoint{std::string(host), port};
}

} // namespace bowline::net
