// SPDX-License-Identifier: MIT
// The JSON-RPC clients against the real server, and against servers that do not behave.
#include "core/net/client.h"
#include "core/net/server.h"
#include "core/net/subscriber.h"

#include <QTest>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <mutex>
#include <thread>

using namespace bowline;
using namespace bowline::net;
using asio::ip::tcp;

namespace {

/// Runs until it is destroyed.
class Loop {
public:
    Loop() : m_thread([this] { io.run(); }) {}
    ~Loop()
    {
        m_guard.reset();
        m_thread.join();
    }
    asio::io_context io{1};

private:
    asio::executor_work_guard<asio::io_context::executor_type> m_guard = asio::make_work_guard(io);
    std::thread m_thread;
};

class Fixture {
public:
    explicit Fixture(std::uint16_t port = 0)
        : m_server(loop.io.get_executor(), methods(), {"heads"}, limits())
    {
        endpoint = *m_server.listen({"127.0.0.1", port});
    }
    ~Fixture() { m_server.stop(); }
    Server& server() { return m_server; }

    Loop loop;
    Endpoint endpoint;

private:
    static ServerLimits limits()
    {
        ServerLimits out;
        out.requestBurst = 100'000;
        return out;
    }
    Dispatcher methods()
    {
        Dispatcher out;
        out.add("echo", loop.io.get_executor(),
                [](const json::object& params) -> Result<json::value> { return json::value(params); });
        out.add("slow", loop.io.get_executor(), [](const json::object&) -> Result<json::value> {
            std::this_thread::sleep_for(std::chrono::milliseconds(600));
            return json::value(1);
        });
        return out;
    }
    Server m_server;
};

/// Accepts one connection after the other and answers each with fixed bytes.
class FixedAnswer {
public:
    explicit FixedAnswer(std::string bytes, bool close = true) : m_bytes(std::move(bytes)), m_close(close)
    {
        m_acceptor.open(tcp::v4());
        m_acceptor.bind({asio::ip::address_v4::loopback(), 0});
        m_acceptor.listen();
        endpoint = {"127.0.0.1", m_acceptor.local_endpoint().port()};
        m_thread = std::thread([this] {
            for (;;) {
                boost::system::error_code failure;
                tcp::socket socket = m_acceptor.accept(failure);
                if (m_stop || failure) return;
                ++accepted;
                char request[4096];
                static_cast<void>(socket.read_some(asio::buffer(request), failure));
                asio::write(socket, asio::buffer(m_bytes), failure);
                if (!m_close) m_kept.push_back(std::move(socket));
            }
        });
    }
    ~FixedAnswer()
    {
        m_stop = true;
        boost::system::error_code ignored;
        tcp::socket wake(m_io);
        wake.connect({asio::ip::make_address(endpoint.host), endpoint.port}, ignored);
        m_thread.join();
    }
    Endpoint endpoint;
    std::atomic<int> accepted = 0;

private:
    std::string m_bytes;
    bool m_close;
    std::atomic<bool> m_stop = false;
    asio::io_context m_io;
    tcp::acceptor m_acceptor{m_io};
    std::vector<tcp::socket> m_kept;
    std::thread m_thread;
};

std::string_view codeOf(const Result<json::value>& result)
{
    return result.ok() ? std::string_view("ok") : result.error().code.name();
}

std::string http(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

template <typename Condition>
bool eventually(Condition condition)
{
    for (int i = 0; i < 250; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

/// What a subscriber reported.
struct Seen {
    std::mutex mutex;
    int connected = 0;
    int disconnected = 0;
    std::vector<std::int64_t> numbers;

    Subscriber::Events events()
    {
        return {[this] {
                    const std::lock_guard lock(mutex);
                    ++connected;
                },
                [this](const Error&) {
                    const std::lock_guard lock(mutex);
                    ++disconnected;
                },
                [this](std::string_view, const json::object& params) {
                    const std::lock_guard lock(mutex);
                    numbers.push_back(params.at("number").to_number<std::int64_t>());
                }};
    }
    template <typename Read>
    auto locked(Read read)
    {
        const std::lock_guard lock(mutex);
        return read();
    }
};

} // namespace

class TestRpcClient : public QObject {
    Q_OBJECT

private slots:
    void reusesItsConnection()
    {
        Fixture fixture;
        BlockingClient client(fixture.endpoint);
        for (int i = 0; i < 50; ++i) {
            const auto answer = client.call("echo", {{"i", i}});
            QVERIFY(answer.ok());
            QCOMPARE(answer->at("i").as_int64(), i);
        }
        QCOMPARE(fixture.server().connections(), std::size_t{1});
    }

    void callsInParallelDoNotMix()
    {
        Fixture fixture;
        Loop loop;
        Client client(loop.io.get_executor(), fixture.endpoint);
        std::atomic<int> right = 0;
        std::atomic<int> ended = 0;
        for (int i = 0; i < 20; ++i) {
            auto work = [&client, &right, &ended, i]() -> asio::awaitable<void> {
                json::object params{{"i", i}};
                const Result<json::value> answer = co_await client.call("echo", std::move(params));
                if (answer.ok() && answer->at("i").as_int64() == i) ++right;
                ++ended;
            };
            asio::co_spawn(loop.io, std::move(work), [](const std::exception_ptr&) {});
        }
        QVERIFY(eventually([&] { return ended == 20; }));
        QCOMPARE(right.load(), 20);
    }

    void survivesARestartOfTheServer()
    {
        auto fixture = std::make_unique<Fixture>();
        const Endpoint endpoint = fixture->endpoint;
        BlockingClient client(endpoint);
        QCOMPARE(codeOf(client.call("echo")), std::string_view("ok"));
        fixture.reset();
        QCOMPARE(codeOf(client.call("echo")), kUnreachable.name());
        fixture = std::make_unique<Fixture>(endpoint.port);
        QCOMPARE(codeOf(client.call("echo")), std::string_view("ok"));
    }

    void givesUpInTime()
    {
        Fixture fixture;
        ClientOptions options;
        options.timeout = std::chrono::milliseconds(150);
        BlockingClient impatient(fixture.endpoint, options);
        const auto before = std::chrono::steady_clock::now();
        QCOMPARE(codeOf(impatient.call("slow")), kTimeout.name());
        QVERIFY(std::chrono::steady_clock::now() - before < std::chrono::milliseconds(500));

        FixedAnswer silent("", false);
        BlockingClient waiting(silent.endpoint, options);
        QCOMPARE(codeOf(waiting.call("echo")), kTimeout.name());
    }

    void canBeCancelledFromAnotherThread()
    {
        FixedAnswer silent("", false);
        BlockingClient client(silent.endpoint);
        std::thread other([&client] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            client.cancel();
        });
        QCOMPARE(codeOf(client.call("echo")), kCancelled.name());
        other.join();
        QCOMPARE(codeOf(client.call("echo")), kCancelled.name());
    }

    void refusesAnswersThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* name, const std::string& bytes, std::string_view code) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes)
                                << QByteArray(code.data(), static_cast<qsizetype>(code.size()));
        };
        row("no HTTP", "hello\r\n\r\n", kUnreachable.name());
        row("nothing", "", kUnreachable.name());
        row("cut off", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", kUnreachable.name());
        row("no JSON", http("hello"), kBadResponse.name());
        row("another request's", http(R"({"jsonrpc":"2.0","result":1,"id":99})"), kBadResponse.name());
        row("too long", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", kBadResponse.name());
    }
    void refusesAnswersThatAreNone()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, code);
        FixedAnswer server(bytes.toStdString());
        BlockingClient client(server.endpoint);
        const std::string_view got = codeOf(client.call("echo"));
        QCOMPARE(QByteArray(got.data(), static_cast<qsizetype>(got.size())), code);
        QCOMPARE(server.accepted.load(), 1); // a fresh connection that fails is not tried again
    }

    void aSubscriberHearsWhatHappensAndComesBackAfterAnInterruption()
    {
        auto fixture = std::make_unique<Fixture>();
        const Endpoint endpoint = fixture->endpoint;
        Seen seen;
        Loop loop;
        SubscriberOptions options;
        options.firstBackoff = std::chrono::milliseconds(20);
        options.lastBackoff = std::chrono::milliseconds(100);
        Subscriber subscriber(loop.io.get_executor(), endpoint, {"heads"}, seen.events(), options);
        subscriber.start();
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.connected; }) == 1; }));
        fixture->server().publish("heads", "head", json::value{{"number", 1}});
        fixture->server().publish("heads", "head", json::value{{"number", 2}});
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.numbers.size(); }) == 2; }));
        fixture.reset();
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.disconnected; }) >= 2; }));
        fixture = std::make_unique<Fixture>(endpoint.port);
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.connected; }) == 2; }));
        fixture->server().publish("heads", "head", json::value{{"number", 3}});
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.numbers.size(); }) == 3; }));
        QCOMPARE(seen.locked([&] { return seen.numbers; }), (std::vector<std::int64_t>{1, 2, 3}));
        subscriber.stop();
    }

    void aSubscriberToAnUnknownTopicKeepsSayingSo()
    {
        Fixture fixture;
        Seen seen;
        Loop loop;
        SubscriberOptions options;
        options.firstBackoff = std::chrono::milliseconds(20);
        Subscriber subscriber(loop.io.get_executor(), fixture.endpoint, {"nope"}, seen.events(), options);
        subscriber.start();
        QVERIFY(eventually([&] { return seen.locked([&] { return seen.disconnected; }) >= 2; }));
        QCOMPARE(seen.locked([&] { return seen.connected; }), 0);
        subscriber.stop();
    }
};

QTEST_GUILESS_MAIN(TestRpcClient)
#include "tst_rpc_client.moc"
