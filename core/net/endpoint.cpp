// SPDX-License-Identifier: MIT
#include "core/net/endpoint.h"

#include "core/net/errors.h"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace bowline::net {

namespace {
constexpr std::string_view kPlain = "http://";
constexpr std::string_view kTls = "https://";
constexpr std::string_view kPin = "sha256=";

base::Error bad(std::string_view text, std::string_view why)
{
    return base::makeError(kBadEndpoint, std::string(text.substr(0, 256)) + ": " + std::string(why));
}

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':';
}

/// True if `text` began with `prefix`, which is then gone.
bool take(std::string_view& text, std::string_view prefix)
{
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The part behind '#', which is then gone.
base::Result<std::optional<base::ByteArray<32>>> takePin(std::string_view& rest, std::string_view text)
{
    const std::size_t hash = rest.find('#');
    if (hash == std::string_view::npos) return std::optional<base::ByteArray<32>>{};
    std::string_view pin = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
    if (!take(pin, kPin)) return bad(text, "a pin is written #sha256=<64 hex digits>");
    const auto bytes = base::arrayFromHex<32>(pin);
    if (!bytes.ok()) return bad(text, "a pin is written #sha256=<64 hex digits>");
    return std::optional(*bytes);
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

std::string Endpoint::url() const
{
    std::string out = std::string(tls ? kTls : kPlain) + text();
    if (pin) out += '#' + std::string(kPin) + base::toHex(*pin);
    return out;
}

base::Result<Endpoint> parseEndpoint(std::string_view text)
{
    Endpoint out;
    std::string_view rest = text;
    out.tls = take(rest, kTls);
    if (!out.tls) take(rest, kPlain);
    BOWLINE_TRY(out.pin, takePin(rest, text));
    if (out.pin && !out.tls) return bad(text, "a pin needs https://");
    if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos) return bad(text, "a port is missing");
    std::string_view host = rest.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool hasColon = host.find(':') != std::string_view::npos;
    if (host.empty() || host.size() > 253 || hasColon != bracketed) return bad(text, "no host");
    if (!std::all_of(host.begin(), host.end(), isHostCharacter)) return bad(text, "no host");
    out.host = host;

    const std::string_view digits = rest.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return bad(text, "no port number");
    return out;
}

} // namespace bowline::net
