// SPDX-License-Identifier: MIT
// The secret that lets a caller administer a node: 32 random bytes that the node writes into its data folder at each
// start. Who can read that file is the node's owner. Sent as "Authorization: Bearer <64 hex digits>".
#pragma once

#include "core/base/bytes.h"
#include "core/net/errors.h"

#include <string>
#include <string_view>

namespace bowline::net {

class AccessToken {
public:
    [[nodiscard]] static base::Result<AccessToken> generate();
    /// 64 hex digits. kUnauthorized otherwise.
    [[nodiscard]] static base::Result<AccessToken> parse(std::string_view text);
    /// The value of an Authorization header. kUnauthorized unless it is one of a bearer token.
    [[nodiscard]] static base::Result<AccessToken> fromHeader(std::string_view value);
    /// kBadTokenFile unless the file is its owner's alone and holds a token.
    [[nodiscard]] static base::Result<AccessToken> readFile(const std::string& path);

    /// In a time that says nothing about where they differ.
    [[nodiscard]] bool matches(const AccessToken& other) const;
    [[nodiscard]] std::string headerValue() const;
    /// Mode 0600; an older file is replaced as a whole.
    [[nodiscard]] base::Status writeFile(const std::string& path) const;

private:
    explicit AccessToken(const base::ByteArray<32>& bytes) : m_bytes(bytes) {}
    base::ByteArray<32> m_bytes;
};

} // namespace bowline::net
