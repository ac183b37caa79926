// SPDX-License-Identifier: MIT
// TLS between the JSON-RPC client and server: who is believed, who is refused, and with which code.
#include "core/net/client.h"
#include "core/net/server.h"
#include "core/net/subscriber.h"
#include "tests/support/raw_client.h"

#include <QTemporaryDir>
#include <QTest>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include <sys/stat.h>

using namespace bowline;
using namespace bowline::net;
using namespace bowline::test;
namespace ssl = asio::ssl;
using asio::ip::tcp;

namespace {

template <typename T>
std::string_view codeOf(const Result<T>& result)
{
    return result.ok() ? std::string_view("ok") : result.error().code.name();
}

/// A certificate with its key, in files of their own.
struct Files {
    explicit Files(const SelfSigned& options = {})
    {
        if (!makeSelfSigned(certificate, key, options).ok()) qFatal("no certificate");
    }
    QTemporaryDir folder;
    std::string certificate = folder.filePath("tls.crt").toStdString();
    std::string key = folder.filePath("tls.key").toStdString();
};

class Fixture {
public:
    explicit Fixture(const Files& files, ServerLimits limits = {}, const std::string& host = "127.0.0.1")
        : m_server(m_io.get_executor(), methods(), {"heads"}, limits,
                   {*ServerTls::load(files.certificate, files.key), std::nullopt})
    {
        endpoint = *m_server.listen({host, 0});
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~Fixture()
    {
        m_server.stop();
        m_thread.join();
    }
    Server& server() { return m_server; }
    Endpoint endpoint;

private:
    Dispatcher methods()
    {
        Dispatcher out;
        out.add("echo", m_io.get_executor(),
                [](const json::object& params) -> Result<json::value> { return json::value(params); });
        return out;
    }
    asio::io_context m_io{1};
    Server m_server;
    std::thread m_thread;
};

/// Shakes hands with whoever comes, with any certificate and any version of TLS.
class AnyTlsServer {
public:
    explicit AnyTlsServer(const Files& files, int highestVersion = TLS1_3_VERSION)
    {
        SSL_CTX* native = m_context.native_handle();
        SSL_CTX_set_security_level(native, 0);
        SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(native, highestVersion);
        m_context.use_certificate_chain_file(files.certificate);
        m_context.use_private_key_file(files.key, ssl::context::pem);
        endpoint = {"127.0.0.1", m_acceptor.local_endpoint().port(), true};
        m_thread = std::thread([this] {
            boost::system::error_code failure;
            ssl::stream<tcp::socket> stream(m_acceptor.accept(), m_context);
            stream.handshake(ssl::stream_base::server, failure);
        });
    }
    ~AnyTlsServer() { m_thread.join(); } // after its one client
    Endpoint endpoint;

private:
    asio::io_context m_io;
    tcp::acceptor m_acceptor{m_io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    ssl::context m_context{ssl::context::tls_server};
    std::thread m_thread;
};

base::ByteArray<32> pinOf(const Files& files)
{
    // Of the file itself: the expired one no server of ours would load.
    std::ifstream in(files.certificate);
    std::ostringstream text;
    text << in.rdbuf();
    const std::string pem = text.str();
    BIO* memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    base::ByteArray<32> out{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), out.data(), &size) != 1) qFatal("no digest");
    X509_free(certificate);
    BIO_free(memory);
    return out;
}

/// A client of our server that speaks no version above `highest`.
bool handshakeWorks(const Endpoint& endpoint, int highest)
{
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), highest);
    asio::io_context io;
    ssl::stream<tcp::socket> stream(io, context);
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), endpoint.port});
    boost::system::error_code failure;
    stream.handshake(ssl::stream_base::client, failure);
    return !failure;
}

Result<json::value> echo(const Endpoint& endpoint)
{
    return BlockingClient(endpoint).call("echo", {{"a", 1}});
}

const SelfSigned kExpired{{"localhost", "127.0.0.1"}, std::chrono::hours(-48), std::chrono::hours(-24)};
const SelfSigned kNotYet{{"localhost", "127.0.0.1"}, std::chrono::hours(24), std::chrono::hours(48)};

} // namespace

class TestRpcTls : public QObject {
    Q_OBJECT

private slots:
    void aPinIsAllThatIsNeeded()
    {
        const Files files;
        Fixture fixture(files);
        QVERIFY(fixture.endpoint.tls);
        QVERIFY(*fixture.endpoint.pin == pinOf(files));
        QCOMPARE(codeOf(echo(*parseEndpoint(fixture.endpoint.url()))), std::string_view("ok"));
        // Many requests over one connection, and one that is large in both directions.
        BlockingClient client(fixture.endpoint);
        for (int i = 0; i < 20; ++i) QVERIFY(client.call("echo", {{"i", i}})->at("i") == i);
        const std::string large(1'000'000, 'x');
        QVERIFY(client.call("echo", {{"text", large}})->at("text") == json::string(large));
        QCOMPARE(fixture.server().statistics().accepted, std::uint64_t{2});
    }

    void subscriptionsGoTheSameWay()
    {
        const Files files;
        Fixture fixture(files);
        asio::io_context io{1};
        std::atomic<bool> connected = false;
        std::atomic<int> number = 0;
        Subscriber::Events events{[&] { connected = true; }, [](const Error&) {},
                                  [&](std::string_view, const json::object& params) {
                                      number = params.at("number").to_number<int>();
                                  }};
        Subscriber subscriber(io.get_executor(), fixture.endpoint, {"heads"}, std::move(events));
        subscriber.start();
        std::thread thread([&] { io.run(); });
        const bool subscribed = eventually([&] { return connected.load(); });
        fixture.server().publish("heads", "head", json::value{{"number", 7}});
        const bool told = eventually([&] { return number == 7; });
        subscriber.stop();
        thread.join();
        QVERIFY(subscribed && told);
    }

    void anotherCertificateThanThePinnedOneIsRefused()
    {
        const Files files;
        const Files others;
        Fixture fixture(files);
        Endpoint wrong = fixture.endpoint;
        wrong.pin = pinOf(others);
        QCOMPARE(codeOf(echo(wrong)), kWrongPin.name());
        QCOMPARE(fixture.server().statistics().requests, std::uint64_t{0});
        wrong.pin = fixture.endpoint.pin;
        wrong.pin->back() ^= 1U;
        QCOMPARE(codeOf(echo(wrong)), kWrongPin.name());
    }

    void aPinnedCertificateIsGoodForItsTimeOnly()
    {
        for (const SelfSigned& options : {kExpired, kNotYet}) {
            const Files files(options);
            AnyTlsServer server(files);
            Endpoint endpoint = server.endpoint;
            endpoint.pin = pinOf(files);
            QCOMPARE(codeOf(echo(endpoint)), kBadCertificate.name());
        }
    }

    void withoutAPinTheSystemsAuthoritiesDecide()
    {
        const Files files(SelfSigned{.names = {"localhost"}});
        Fixture fixture(files);
        const Endpoint byName{"localhost", fixture.endpoint.port, true};
        const Endpoint byAddress{"127.0.0.1", fixture.endpoint.port, true};
        QCOMPARE(codeOf(echo(byName)), kBadCertificate.name()); // nobody vouches for it
        // The variable by which OpenSSL is told another store of the system.
        qputenv("SSL_CERT_FILE", QByteArray::fromStdString(files.certificate));
        const auto known = echo(byName);
        const auto otherName = echo(byAddress);
        const Files expired(
            SelfSigned{.names = {"localhost"}, .from = kExpired.from, .until = kExpired.until});
        qputenv("SSL_CERT_FILE", QByteArray::fromStdString(expired.certificate));
        AnyTlsServer late(expired);
        const auto expiredAnswer = echo({"localhost", late.endpoint.port, true});
        qunsetenv("SSL_CERT_FILE");
        QCOMPARE(codeOf(known), std::string_view("ok"));
        QCOMPARE(codeOf(otherName), kBadCertificate.name());
        QVERIFY(contains(otherName.error().detail, "mismatch"));
        QCOMPARE(codeOf(expiredAnswer), kBadCertificate.name());
    }

    void versionsBefore12AreRefusedByBothSides()
    {
        const Files files;
        Fixture fixture(files);
        QVERIFY(!handshakeWorks(fixture.endpoint, TLS1_VERSION));
        QVERIFY(!handshakeWorks(fixture.endpoint, TLS1_1_VERSION));
        QVERIFY(handshakeWorks(fixture.endpoint, TLS1_2_VERSION));
        QVERIFY(handshakeWorks(fixture.endpoint, TLS1_3_VERSION));
        AnyTlsServer old(files, TLS1_1_VERSION);
        Endpoint endpoint = old.endpoint;
        endpoint.pin = pinOf(files);
        QCOMPARE(codeOf(echo(endpoint)), kTlsFailed.name());
    }

    void plainAndTlsDoNotMix()
    {
        const Files files;
        Fixture fixture(files);
        const Endpoint plain{"127.0.0.1", fixture.endpoint.port};
        const std::string answer = RawClient(plain).post(R"({"jsonrpc":"2.0","id":1,"method":"echo"})");
        QVERIFY(contains(answer, "HTTP/1.1 400") && contains(answer, "net.needs-tls"));
        QCOMPARE(codeOf(echo(plain)), kNeedsTls.name());
        QCOMPARE(fixture.server().statistics().requests, std::uint64_t{0});

        asio::io_context io{1};
        Server server(io.get_executor(), Dispatcher{}, {});
        Endpoint secured = *server.listen({"127.0.0.1", 0});
        std::thread thread([&] { io.run(); });
        secured.tls = true;
        secured.pin = fixture.endpoint.pin;
        const auto refused = echo(secured);
        server.stop();
        thread.join();
        QCOMPARE(codeOf(refused), kTlsFailed.name());
    }

    void beyondLoopbackOnlyWithTls()
    {
        asio::io_context io{1};
        for (const char* host : {"0.0.0.0", "::", "192.0.2.1"}) {
            Server server(io.get_executor(), Dispatcher{}, {});
            const auto bound = server.listen({host, 0});
            QCOMPARE(codeOf(bound), kPlainBeyondLoopback.name());
            QVERIFY(contains(bound.error().detail, "https://"));
        }
        const Files files;
        Fixture fixture(files, {}, "0.0.0.0");
        Endpoint here = fixture.endpoint;
        here.host = "127.0.0.1";
        QCOMPARE(codeOf(echo(here)), std::string_view("ok"));
    }

    void whoDoesNotShakeHandsIsCutOff()
    {
        const Files files;
        ServerLimits limits;
        limits.handshakeTimeout = std::chrono::milliseconds(300);
        Fixture fixture(files, limits);
        bool closed = false;
        RawClient silent(fixture.endpoint);
        QCOMPARE(silent.readToEnd(&closed), std::string());
        QVERIFY(closed);
        RawClient begun(fixture.endpoint);
        begun.send(std::string("\x16\x03\x01\x02\x00\x01", 6)); // a hello that never goes on
        begun.readToEnd(&closed);
        QVERIFY(closed);
        QCOMPARE(codeOf(echo(fixture.endpoint)), std::string_view("ok"));
    }

    void handshakesArePaidFor()
    {
        const Files files;
        ServerLimits limits;
        limits.handshakeCost = 10;
        limits.loopbackUnitBurst = 25;
        limits.loopbackUnitsPerSecond = 1;
        Fixture fixture(files, limits);
        QVERIFY(handshakeWorks(fixture.endpoint, TLS1_3_VERSION));
        QVERIFY(handshakeWorks(fixture.endpoint, TLS1_3_VERSION));
        QVERIFY(!handshakeWorks(fixture.endpoint, TLS1_3_VERSION));
        QCOMPARE(fixture.server().statistics().refused["net.rate-limited"], std::uint64_t{1});
    }

    void badFilesAreNamed()
    {
        const Files files;
        const Files others;
        struct stat info = {};
        QCOMPARE(::stat(files.key.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        QCOMPARE(codeOf(ServerTls::load(files.certificate, files.key)), std::string_view("ok"));
        QCOMPARE(codeOf(ServerTls::load(files.certificate, others.key)), kBadTlsFiles.name());
        QCOMPARE(codeOf(ServerTls::load(files.certificate + "x", files.key)), kBadTlsFiles.name());
        QCOMPARE(codeOf(ServerTls::load(files.certificate, files.key + "x")), kBadTlsFiles.name());
        ::chmod(files.key.c_str(), 0644);
        QCOMPARE(codeOf(ServerTls::load(files.certificate, files.key)), kBadTlsFiles.name());
        const Files expired(kExpired);
        QCOMPARE(codeOf(ServerTls::load(expired.certificate, expired.key)), kBadTlsFiles.name());
    }
};

QTEST_GUILESS_MAIN(TestRpcTls)
#include "tst_rpc_tls.moc"
