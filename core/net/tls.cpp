// SPDX-License-Identifier: MIT
#include "core/net/tls.h"

#include "core/base/private_file.h"
#include "core/net/tls_check.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace bowline::net {

namespace ssl = boost::asio::ssl;
using base::makeError;
using base::Result;
using base::Status;

namespace {
constexpr std::size_t kMaxPem = 64U << 10U;
// TLS 1.2 only with forward secrecy and authenticated encryption; 1.3 has nothing else.
constexpr const char* kCiphers12 = "ECDHE+AESGCM:ECDHE+CHACHA20";

template <auto Free>
struct Freed {
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

Result<base::ByteArray<32>> fingerprintOf(const X509* certificate)
{
    base::ByteArray<32> out{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), out.data(), &size) != 1 || size != out.size())
        return makeError(kBadTlsFiles, "the certificate has no fingerprint");
    return out;
}

/// What both sides share.
Status restrict(ssl::context& context)
{
    SSL_CTX* native = context.native_handle();
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    const bool good = SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
                      SSL_CTX_set_cipher_list(native, kCiphers12) == 1 &&
                      SSL_CTX_set_num_tickets(native, 0) == 1;
    return good ? base::success() : Status(makeError(kTlsFailed, "the TLS library refuses its settings"));
}

std::string textOf(BIO* memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// "DNS:localhost,IP:127.0.0.1"
std::string alternativeNames(const std::vector<std::string>& names)
{
    std::string out;
    for (const std::string& name : names) {
        boost::system::error_code noAddress;
        boost::asio::ip::make_address(name, noAddress);
        out += (out.empty() ? "" : ",") + std::string(noAddress ? "DNS:" : "IP:") + name;
    }
    return out;
}

bool addExtension(X509* certificate, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509* certificate)
{
    base::ByteArray<8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
    std::uint64_t serial = 0;
    for (const std::uint8_t byte : bytes) serial = serial << 8U | byte;
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial | 1U) == 1;
}

Certificate signedBySelf(EVP_PKEY* key, const SelfSigned& options)
{
    Certificate out(X509_new());
    const auto seconds = [](std::chrono::hours hours) {
        return static_cast<long>(std::chrono::seconds(hours).count());
    };
    X509_NAME* subject = X509_get_subject_name(out.get());
    // Common names end at 64 characters (RFC 5280, appendix A); the whole name is among the alternative ones.
    const std::string common = options.names.empty() ? "node" : options.names.front().substr(0, 64);
    const bool good =
        X509_set_version(out.get(), X509_VERSION_3) == 1 && setSerial(out.get()) &&
        X509_gmtime_adj(X509_getm_notBefore(out.get()), seconds(options.from)) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(out.get()), seconds(options.until)) != nullptr &&
        X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, base::viewOf(common).data(),
                                   static_cast<int>(common.size()), -1, 0) == 1 &&
        X509_set_issuer_name(out.get(), subject) == 1 && X509_set_pubkey(out.get(), key) == 1 &&
        addExtension(out.get(), NID_basic_constraints, "critical,CA:FALSE") &&
        addExtension(out.get(), NID_ext_key_usage, "serverAuth") &&
        addExtension(out.get(), NID_subject_alt_name, alternativeNames(options.names)) &&
        X509_sign(out.get(), key, EVP_sha256()) > 0;
    return good ? std::move(out) : Certificate{};
}

/// The whole of a client's trust when it pins: this certificate, while its time lasts. That the other side holds its
/// key the handshake proves in any case.
int checkPin(X509_STORE_CTX* store, void* pin)
{
    const auto* wanted = static_cast<const base::ByteArray<32>*>(pin);
    X509* shown = X509_STORE_CTX_get0_cert(store);
    const auto fingerprint = fingerprintOf(shown);
    int verdict = X509_V_OK;
    if (!fingerprint.ok() || !base::constantTimeEqual(*fingerprint, *wanted)) {
        verdict = X509_V_ERR_APPLICATION_VERIFICATION;
    } else if (X509_cmp_current_time(X509_get0_notBefore(shown)) >= 0) {
        verdict = X509_V_ERR_CERT_NOT_YET_VALID;
    } else if (X509_cmp_current_time(X509_get0_notAfter(shown)) <= 0) {
        verdict = X509_V_ERR_CERT_HAS_EXPIRED;
    }
    X509_STORE_CTX_set_error(store, verdict);
    return verdict == X509_V_OK ? 1 : 0;
}

/// A client's context with the pin that its callback refers to.
struct PinnedContext {
    PinnedContext() : context(ssl::context::tls_client) {}
    ssl::context context;
    base::ByteArray<32> pin{};
};

} // namespace

ServerTls::ServerTls(const base::ByteArray<32>& fingerprint, std::unique_ptr<ssl::context> context)
    : m_fingerprint(fingerprint), m_context(std::move(context))
{
}

ServerTls::~ServerTls() = default;

Result<std::shared_ptr<ServerTls>> ServerTls::load(const std::string& certificateFile,
                                                   const std::string& keyFile)
{
    BOWLINE_TRY(const std::string key,
                base::readPrivateFile(keyFile, kMaxPem, base::Exposure::NotToEverybody, kBadTlsFiles));
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    BOWLINE_CHECK(restrict(*context));
    boost::system::error_code failure;
    context->use_certificate_chain_file(certificateFile, failure);
    if (failure) return makeError(kBadTlsFiles, certificateFile + ": " + failure.message());
    context->use_private_key(boost::asio::buffer(key), ssl::context::pem, failure);
    const bool fit = !failure && SSL_CTX_check_private_key(context->native_handle()) == 1;
    if (!fit) return makeError(kBadTlsFiles, keyFile + " is not the key of " + certificateFile);
    const X509* certificate = SSL_CTX_get0_certificate(context->native_handle());
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0)
        return makeError(kBadTlsFiles, certificateFile + ": its time is over");
    BOWLINE_TRY(const auto fingerprint, fingerprintOf(certificate));
    return std::make_shared<ServerTls>(fingerprint, std::move(context));
}

Status makeSelfSigned(const std::string& certificateFile, const std::string& keyFile,
                      const SelfSigned& options)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = key ? signedBySelf(key.get(), options) : Certificate{};
    const Memory keyText(BIO_new(BIO_s_mem()));
    const Memory certificateText(BIO_new(BIO_s_mem()));
    const bool written =
        certificate && keyText && certificateText &&
        PEM_write_bio_PKCS8PrivateKey(keyText.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
        PEM_write_bio_X509(certificateText.get(), certificate.get()) == 1;
    if (!written) return makeError(kBadTlsFiles, "a certificate cannot be made");
    // The key first: a certificate whose key is not there yet would be taken for a damaged pair.
    BOWLINE_CHECK(base::writePrivateFile(keyFile, base::viewOf(textOf(keyText.get())), kBadTlsFiles));
    return base::writePrivateFile(certificateFile, base::viewOf(textOf(certificateText.get())), kBadTlsFiles);
}

Result<ClientTls> makeClientTls(const Endpoint& endpoint)
{
    auto held = std::make_shared<PinnedContext>();
    BOWLINE_CHECK(restrict(held->context));
    held->context.set_verify_mode(ssl::verify_peer);
    if (endpoint.pin) {
        held->pin = *endpoint.pin;
        SSL_CTX_set_cert_verify_callback(held->context.native_handle(), &checkPin, &held->pin);
    } else {
        boost::system::error_code failure;
        held->context.set_default_verify_paths(failure);
        if (failure) return makeError(kTlsFailed, "no certificate authorities: " + failure.message());
        X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(held->context.native_handle());
        X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        const char* host = endpoint.host.c_str();
        // A literal address is looked for among addresses, everything else among names.
        const bool set = X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1 ||
                         X509_VERIFY_PARAM_set1_host(rules, host, 0) == 1;
        if (!set) return makeError(kTlsFailed, "no host name to check: " + endpoint.host);
    }
    return ClientTls(held, &held->context);
}

base::Error tlsFailure(const Endpoint& endpoint, SSL* connection, const boost::system::error_code& failure)
{
    const long verdict = SSL_get_verify_result(connection);
    if (verdict == X509_V_ERR_APPLICATION_VERIFICATION && endpoint.pin)
        return makeError(kWrongPin, endpoint.text() + ": another certificate than the pinned one");
    if (verdict != X509_V_OK)
        return makeError(kBadCertificate, endpoint.text() + ": " + X509_verify_cert_error_string(verdict));
    return makeError(kTlsFailed, endpoint.text() + ": " + failure.message());
}

Status nameServer(SSL* connection, const Endpoint& endpoint)
{
    boost::system::error_code isName;
    boost::asio::ip::make_address(endpoint.host, isName);
    if (!isName) return base::success(); // addresses are not sent (RFC 6066, section 3)
    // SSL_set_tlsext_host_name() without its C cast; the name is copied.
    auto* name = const_cast<char*>(endpoint.host.c_str()); // NOLINT(*-const-cast)
    const bool set = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name) == 1;
    return set ? base::success() : Status(makeError(kTlsFailed, endpoint.text()));
}

} // namespace bowline::net
