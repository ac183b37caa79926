// SPDX-License-Identifier: MIT
// The hash functions of Bitcoin: SHA-256 (single, double, tagged after BIP340), RIPEMD-160, SHA-512 and HMAC.
//
// All digests are in the order in which the function yields them ("internal order"). None of these can fail:
// a missing algorithm or exhausted memory inside the cryptographic library ends the program.
#pragma once

#include "core/base/types.h"

#include <initializer_list>
#include <memory>
#include <string_view>

struct evp_md_ctx_st;

namespace bowline::crypto {

using base::ByteArray;
using base::ByteView;
using base::Digest;

[[nodiscard]] Digest sha256(ByteView data);
/// SHA-256 of SHA-256: transaction and block ids, Base58 checksums.
[[nodiscard]] Digest sha256d(ByteView data);
[[nodiscard]] ByteArray<20> ripemd160(ByteView data);
/// RIPEMD-160 of SHA-256: key and script hashes.
[[nodiscard]] ByteArray<20> hash160(ByteView data);
[[nodiscard]] ByteArray<64> sha512(ByteView data);
[[nodiscard]] Digest hmacSha256(ByteView key, ByteView data);
/// The result may be a secret (BIP32): the caller zeroes it.
[[nodiscard]] ByteArray<64> hmacSha512(ByteView key, ByteView data);
/// SHA-256(SHA-256(tag) || SHA-256(tag) || parts...), the tagged hash of BIP340.
[[nodiscard]] Digest taggedHash(std::string_view tag, std::initializer_list<ByteView> parts);

/// SHA-256 of data that comes in pieces. After finish() the object starts afresh.
class Sha256 {
public:
    Sha256();
    Sha256& update(ByteView data);
    [[nodiscard]] Digest finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

} // namespace bowline::crypto
