// SPDX-License-Identifier: MIT
#include "core/net/access_token.h"

#include "core/base/private_file.h"
#include "core/crypto/random.h"

#include <boost/beast/core/string.hpp>

namespace bowline::net {

using base::Result;

namespace {
constexpr std::string_view kScheme = "Bearer ";
constexpr std::size_t kHexLength = 64;
} // namespace

Result<AccessToken> AccessToken::generate()
{
    base::ByteArray<32> bytes{};
    BOWLINE_CHECK(crypto::randomBytes(bytes));
    return AccessToken(bytes);
}

Result<AccessToken> AccessToken::parse(std::string_view text)
{
    // The text may be a secret that is only mistyped: it is never repeated in an error.
    if (text.size() != kHexLength) return base::makeError(kUnauthorized, "a token is 64 hex digits");
    const auto bytes = base::arrayFromHex<32>(text);
    if (!bytes.ok()) return base::makeError(kUnauthorized, "a token is 64 hex digits");
    return AccessToken(*bytes);
}

Result<AccessToken> AccessToken::fromHeader(std::string_view value)
{
    // Names of schemes are compared without case (RFC 9110, section 11.1).
    if (!boost::beast::iequals(value.substr(0, kScheme.size()), kScheme))
        return base::makeError(kUnauthorized, "only bearer tokens are known");
    return parse(value.substr(kScheme.size()));
}

Result<AccessToken> AccessToken::readFile(const std::string& path)
{
    BOWLINE_TRY(std::string text,
                base::readPrivateFile(path, kHexLength + 1, base::Exposure::OwnerOnly, kBadTokenFile));
    if (!text.empty() && text.back() == '\n') text.pop_back();
    auto token = parse(text);
    if (!token.ok()) return base::makeError(kBadTokenFile, path + " holds no token");
    return token;
}

bool AccessToken::matches(const AccessToken& other) const
{
    return base::constantTimeEqual(m_bytes, other.m_bytes);
}

std::string AccessToken::headerValue() const { return std::string(kScheme) + base::toHex(m_bytes); }

base::Status AccessToken::writeFile(const std::string& path) const
{
    const std::string text = base::toHex(m_bytes) + '\n';
    return base::writePrivateFile(path, base::viewOf(text), kBadTokenFile);
}

} // namespace bowline::net
