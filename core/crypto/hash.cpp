// SPDX-License-Identifier: MIT
#include "core/crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace bowline::crypto {

namespace {

// Inside OpenSSL 3 looking an algorithm up costs more than hashing a block header. So each algorithm is
// fetched once, and each thread keeps one context: 5 million double hashes of 80 bytes a second instead
// of 1.5.
const EVP_MD* fetched(const char* name)
{
    const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
    if (algorithm == nullptr) std::abort(); // an OpenSSL without this hash cannot run Bitcoin
    return algorithm;
}

const EVP_MD* sha256Algorithm()
{
    static const EVP_MD* const algorithm = fetched("SHA256");
    return algorithm;
}

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

EVP_MD_CTX* threadContext()
{
    thread_local const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return context.get();
}

void require(int ok)
{
    if (ok != 1) std::abort(); // out of memory, or a bug: there is no digest to go on with
}

void digestInto(const EVP_MD* algorithm, std::initializer_list<ByteView> parts, std::uint8_t* out)
{
    EVP_MD_CTX* const context = threadContext();
    require(EVP_DigestInit_ex2(context, algorithm, nullptr));
    for (const ByteView part : parts) require(EVP_DigestUpdate(context, part.data(), part.size()));
    require(EVP_DigestFinal_ex(context, out, nullptr));
}

void hmacInto(const EVP_MD* algorithm, ByteView key, ByteView data, std::uint8_t* out)
{
    if (key.size() > INT32_MAX) std::abort(); // HMAC() counts key bytes in an int; no key of ours comes near
    const auto* made =
        HMAC(algorithm, key.data(), static_cast<int>(key.size()), data.data(), data.size(), out, nullptr);
    if (made == nullptr) std::abort();
}

} // namespace

Digest sha256(ByteView data)
{
    Digest out;
    digestInto(sha256Algorithm(), {data}, out.bytes.data());
    return out;
}

Digest sha256d(ByteView data) { return sha256(sha256(data).view()); }

ByteArray<20> ripemd160(ByteView data)
{
    static const EVP_MD* const algorithm = fetched("RIPEMD160");
    ByteArray<20> out;
    digestInto(algorithm, {data}, out.data());
    return out;
}

ByteArray<20> hash160(ByteView data) { return ripemd160(sha256(data).view()); }

ByteArray<64> sha512(ByteView data)
{
    static const EVP_MD* const algorithm = fetched("SHA512");
    ByteArray<64> out;
    digestInto(algorithm, {data}, out.data());
    return out;
}

Digest hmacSha256(ByteView key, ByteView data)
{
    Digest out;
    hmacInto(EVP_sha256(), key, data, out.bytes.data());
    return out;
}

ByteArray<64> hmacSha512(ByteView key, ByteView data)
{
    ByteArray<64> out;
    hmacInto(EVP_sha512(), key, data, out.data());
    return out;
}

Digest taggedHash(std::string_view tag, std::initializer_list<ByteView> parts)
{
    const Digest tagHash = sha256(base::viewOf(tag));
    Sha256 hash;
    hash.update(tagHash.view()).update(tagHash.view());
    for (const ByteView part : parts) hash.update(part);
    return hash.finish();
}

Sha256::Sha256() : m_context(EVP_MD_CTX_new())
{
    require(EVP_DigestInit_ex2(m_context.get(), sha256Algorithm(), nullptr));
}

Sha256& Sha256::update(ByteView data)
{
    require(EVP_DigestUpdate(m_context.get(), data.data(), data.size()));
    return *this;
}

Digest Sha256::finish()
{
    Digest out;
    require(EVP_DigestFinal_ex(m_context.get(), out.bytes.data(), nullptr));
    require(EVP_DigestInit_ex2(m_context.get(), sha256Algorithm(), nullptr));
    return out;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

} // namespace bowline::crypto
