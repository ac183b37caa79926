// SPDX-License-Identifier: MIT
#include "core/crypto/kdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

namespace bowline::crypto {

namespace {

using base::ByteView;
using base::makeError;
using base::SecureBytes;

constexpr std::size_t kMaxDerived = 1024;
constexpr std::uint32_t kMaxR = 32;
constexpr std::uint32_t kMaxP = 16;

const char* asText(ByteView bytes)
{
    return reinterpret_cast<const char*>(
        bytes.data()); // NOLINT(*-reinterpret-cast): OpenSSL's type for passwords
}

// OpenSSL takes parameters as pointers to non-const even where it only reads.
OSSL_PARAM octets(const char* name, ByteView bytes)
{
    static std::uint8_t empty = 0; // a null pointer would mean "not given"
    void* const data =
        bytes.empty() ? &empty : const_cast<std::uint8_t*>(bytes.data()); // NOLINT(*-const-cast)
    return OSSL_PARAM_construct_octet_string(name, data, bytes.size());
}

base::Status checkScrypt(const ScryptParameters& parameters)
{
    const auto [n, r, p] = parameters;
    if (n < 2 || (n & (n - 1)) != 0) return makeError(kBadScryptParameters, "n must be a power of two");
    if (r == 0 || r > kMaxR || p == 0 || p > kMaxP)
        return makeError(kBadScryptParameters, "r or p out of range");
    if (n > kScryptMaxMemory / (std::uint64_t{128} * r))
        return makeError(kBadScryptParameters, "too much memory");
    return base::success();
}

} // namespace

base::Result<SecureBytes> scrypt(ByteView password, ByteView salt, const ScryptParameters& parameters,
                                 std::size_t length)
{
    BOWLINE_CHECK(checkScrypt(parameters));
    if (length == 0 || length > kMaxDerived) return makeError(base::kBadLength, "derived key length");
    SecureBytes out(length);
    constexpr std::uint64_t kSlack = 1U << 20U; // OpenSSL counts its small buffers too
    if (EVP_PBE_scrypt(asText(password), password.size(), salt.data(), salt.size(), parameters.n,
                       parameters.r, parameters.p, kScryptMaxMemory + kSlack, out.data(), length) != 1) {
        return makeError(kDerivationFailed, "scrypt"); // out of memory
    }
    return out;
}

bool isStrongEnough(const ScryptParameters& parameters)
{
    return checkScrypt(parameters).ok() && parameters.n >= kScryptMinN && parameters.r >= 8;
}

ScryptParameters scryptParametersFor(std::chrono::nanoseconds measured, std::chrono::milliseconds target)
{
    ScryptParameters out;
    out.n = kScryptMinN;
    // The step that brings the time to 0.7 of the target or beyond cannot bring it beyond 1.4.
    const auto tooQuick = [&measured, target] { return measured * 10 < target * 7; };
    for (; tooQuick() && out.n * 2 <= kScryptMaxMemory / (std::uint64_t{128} * out.r); measured *= 2)
        out.n *= 2;
    for (; tooQuick() && out.p * 2 <= kMaxP; measured *= 2) out.p *= 2;
    return out;
}

base::Result<ScryptParameters> calibrateScrypt(std::chrono::milliseconds target)
{
    using Clock = std::chrono::steady_clock;
    ScryptParameters least;
    least.n = kScryptMinN;
    // The quicker of two: what else the machine was doing must not make the password cheaper to guess.
    auto measured = std::chrono::nanoseconds::max();
    for (int run = 0; run < 2; ++run) {
        const auto start = Clock::now();
        BOWLINE_TRY(const SecureBytes ignored, scrypt({}, {}, least, 32));
        static_cast<void>(ignored);
        measured = std::min<std::chrono::nanoseconds>(measured, Clock::now() - start);
    }
    return scryptParametersFor(measured, target);
}

base::Result<SecureBytes> pbkdf2HmacSha512(ByteView password, ByteView salt, std::uint32_t iterations,
                                           std::size_t length)
{
    constexpr std::size_t kMaxInput = std::size_t{1} << 20U;
    if (length == 0 || length > kMaxDerived || password.size() > kMaxInput || salt.size() > kMaxInput) {
        return makeError(base::kBadLength, "pbkdf2");
    }
    if (iterations == 0 || iterations > INT32_MAX) return makeError(kDerivationFailed, "pbkdf2 iterations");
    SecureBytes out(length);
    if (PKCS5_PBKDF2_HMAC(asText(password), static_cast<int>(password.size()), salt.data(),
                          static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha512(),
                          static_cast<int>(length), out.data()) != 1) {
        return makeError(kDerivationFailed, "pbkdf2");
    }
    return out;
}

base::Result<SecureBytes> hkdfSha256(ByteView secret, ByteView salt, ByteView info, std::size_t length)
{
    constexpr std::size_t kLongest = 255 * 32; // RFC 5869
    if (length == 0 || length > kLongest) return makeError(base::kBadLength, "hkdf");
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                      &EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(algorithm.get()),
                                                                            &EVP_KDF_CTX_free);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        octets(OSSL_KDF_PARAM_KEY, secret),
        octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, info),
        OSSL_PARAM_construct_end(),
    };
    SecureBytes out(length);
    if (!context || EVP_KDF_derive(context.get(), out.data(), length, parameters) != 1) {
        return makeError(kDerivationFailed, "hkdf");
    }
    return out;
}

} // namespace bowline::crypto
