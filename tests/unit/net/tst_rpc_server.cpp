// SPDX-License-Identifier: MIT
// The JSON-RPC server against clients that do not behave: plain sockets that send whatever they like.
#include "core/net/client.h"
#include "core/net/server.h"
#include "tests/support/raw_client.h"

#include <QTest>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace bowline;
using namespace bowline::net;
using namespace bowline::test;

namespace {

constexpr auto kShort = std::chrono::milliseconds(300);

/// A server with "echo", "fail" and "throw", its methods on another thread than its sockets.
class Fixture {
public:
    explicit Fixture(ServerLimits limits = {}) : m_server(m_io.get_executor(), methods(), {"heads"}, limits)
    {
        endpoint = *m_server.listen({"127.0.0.1", 0});
        m_ioThread = std::thread([this] { m_io.run(); });
        m_workThread = std::thread([this] { m_work.run(); });
    }
    ~Fixture()
    {
        slowMayEnd = true;
        m_server.stop();
        m_ioThread.join();
        m_guard.reset();
        m_workThread.join();
    }
    Server& server() { return m_server; }

    Endpoint endpoint;
    std::thread::id handlerThread;
    std::atomic<bool> slowRuns = false;
    std::atomic<bool> slowMayEnd = false;

private:
    Dispatcher methods()
    {
        Dispatcher out;
        const asio::any_io_executor worker = m_work.get_executor();
        out.add("echo", worker, [this](const json::object& params) -> Result<json::value> {
            handlerThread = std::this_thread::get_id();
            return json::value(params);
        });
        out.add("fail", worker, [](const json::object&) -> Result<json::value> {
            return base::makeError(base::ErrorCode{"test.failed"}, "why");
        });
        out.add("slow", worker, [this](const json::object&) -> Result<json::value> {
            slowRuns = true;
            while (!slowMayEnd) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            return json::value("done");
        });
        out.add("throw", worker, [](const json::object&) -> Result<json::value> {
            throw std::runtime_error("secret detail");
        });
        return out;
    }

    asio::io_context m_io{1};
    asio::io_context m_work{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_guard = asio::make_work_guard(m_work);
    Server m_server;
    std::thread m_ioThread;
    std::thread m_workThread;
};

const std::string kSubscribe = R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"heads"}})";
std::string echo(int id)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"echo","params":{"a":1}})";
}

} // namespace

class TestRpcServer : public QObject {
    Q_OBJECT

private slots:
    void answersAPostOnTheHandlersOwnThread()
    {
        Fixture fixture;
        const std::string answer = RawClient(fixture.endpoint).post(echo(4));
        QVERIFY(contains(answer, "HTTP/1.1 200 OK\r\n"));
        QVERIFY(contains(answer, "\r\n\r\n"
                                 R"({"jsonrpc":"2.0","id":4,"result":{"a":1}})"));
        QVERIFY(fixture.handlerThread != std::thread::id{});
        QVERIFY(fixture.handlerThread != std::this_thread::get_id());
    }

    void answersFailuresWithStableCodesAndHidesBugs()
    {
        Fixture fixture;
        const auto call = [&](const std::string& body) { return RawClient(fixture.endpoint).post(body); };
        QVERIFY(contains(call(R"({"jsonrpc":"2.0","id":1,"method":"fail"})"),
                         R"("error":{"code":-32000,"message":"why","data":{"code":"test.failed"}})"));
        const std::string bug = call(R"({"jsonrpc":"2.0","id":1,"method":"throw"})");
        QVERIFY(contains(bug, "net.internal-error") && !contains(bug, "secret detail"));
        QVERIFY(contains(call(R"({"jsonrpc":"2.0","id":1,"method":"nope"})"), "\"code\":-32601"));
        QVERIFY(contains(call("{"), "\"code\":-32700"));
        QVERIFY(contains(call("[]"), "\"code\":-32600"));
        QVERIFY(contains(call(R"({"jsonrpc":"2.0","method":"echo"})"), "HTTP/1.1 204"));
    }

    void aWebPageCannotReachIt()
    {
        Fixture fixture;
        const auto post = [&](const std::string& headers) {
            return RawClient(fixture.endpoint).post(echo(1), headers);
        };
        QVERIFY(contains(post("Content-Type: text/plain\r\n"), "net.refused"));
        QVERIFY(contains(post(""), "net.refused"));
        QVERIFY(contains(post("Content-Type: application/json\r\nOrigin: http://evil.example\r\n"),
                         "net.refused"));
        RawClient get(fixture.endpoint);
        get.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        QVERIFY(contains(get.readToEnd(), "net.refused"));
        RawClient socket(fixture.endpoint);
        socket.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    "Origin: http://evil.example\r\n\r\n");
        const std::string refused = socket.readSome();
        QVERIFY(contains(refused, "net.refused") && !contains(refused, "101 Switching"));
    }

    void refusesWhatIsTooLarge()
    {
        ServerLimits limits;
        limits.maxRequestBytes = 1000;
        limits.maxHeaderBytes = 500;
        Fixture fixture(limits);
        RawClient body(fixture.endpoint);
        body.send(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1001\r\n\r\n");
        QVERIFY(contains(body.readToEnd(), "HTTP/1.1 413"));
        RawClient chunked(fixture.endpoint);
        chunked.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n800\r\n" +
                     std::string(2048, ' ') + "\r\n0\r\n\r\n");
        QVERIFY(!contains(chunked.readToEnd(), "200 OK"));
        RawClient header(fixture.endpoint);
        header.send("POST / HTTP/1.1\r\nX: " + std::string(600, 'x') + "\r\n\r\n");
        bool closed = false;
        QVERIFY(!contains(header.readToEnd(&closed), "200 OK") && closed);
        WebClient web(fixture.endpoint);
        web.send(std::string(1001, ' '));
        QVERIFY(contains(web.read(), "failed"));
        QVERIFY(contains(RawClient(fixture.endpoint).post(echo(1)), "200 OK")); // others are served on
    }

    void dropsAClientThatSendsNothingOrAlmostNothing()
    {
        ServerLimits limits;
        limits.handshakeTimeout = kShort;
        limits.requestTimeout = kShort;
        Fixture fixture(limits);
        RawClient silent(fixture.endpoint);
        RawClient slow(fixture.endpoint);
        slow.send("POST / HTTP/1.1\r\nHost:");
        bool silentClosed = false;
        bool slowClosed = false;
        QCOMPARE(silent.readToEnd(&silentClosed), std::string());
        QCOMPARE(slow.readToEnd(&slowClosed), std::string());
        QVERIFY(silentClosed && slowClosed);
    }

    void aClientThatOnlyHoldsConnectionsOpenShutsNobodyOut()
    {
        ServerLimits limits;
        limits.maxConnections = 4;
        Fixture fixture(limits);
        // Their WebSocket answers pings for ever.
        std::vector<std::unique_ptr<WebClient>> idle;
        for (int i = 0; i < 3; ++i) idle.push_back(std::make_unique<WebClient>(fixture.endpoint));
        WebClient used(fixture.endpoint);
        for (const auto& client : idle) QVERIFY(contains(client->call(echo(1)), "result"));
        QVERIFY(contains(used.call(echo(1)), "result"));
        QVERIFY(contains(idle[0]->call(echo(2)), "result")); // no longer the idlest
        WebClient fifth(fixture.endpoint);
        QVERIFY(contains(fifth.call(echo(1)), "result"));
        QVERIFY(contains(idle[1]->read(), "failed"));
        QVERIFY(contains(idle[0]->call(echo(3)), "result"));
        QVERIFY(contains(used.call(echo(2)), "result"));
        QVERIFY(eventually([&] { return fixture.server().connections() == 4; }));
    }

    void anAddressHasItsShareAndTheOneThatHoldsTheMostMakesRoom()
    {
        ServerLimits limits;
        limits.maxConnections = 5;
        limits.maxPerLoopbackAddress = 3;
        Fixture fixture(limits);
        std::vector<std::unique_ptr<WebClient>> greedy;
        for (int i = 0; i < 4; ++i) {
            greedy.push_back(std::make_unique<WebClient>(fixture.endpoint, "127.0.0.2"));
            QVERIFY(contains(greedy.back()->call(echo(i)), "result"));
        }
        QVERIFY(contains(greedy[0]->read(), "failed")); // the fourth took its place, nobody else's
        // Two quiet subscribers, then one more than the server holds: it is the greedy one that makes room.
        WebClient quiet(fixture.endpoint, "127.0.0.3");
        WebClient other(fixture.endpoint, "127.0.0.4");
        QVERIFY(contains(quiet.call(kSubscribe), "result"));
        QVERIFY(contains(other.call(kSubscribe), "result"));
        QVERIFY(contains(greedy[1]->call(echo(5)), "result"));
        QVERIFY(contains(greedy[2]->call(echo(6)), "result"));
        QVERIFY(contains(greedy[3]->call(echo(7)), "result"));
        WebClient late(fixture.endpoint, "127.0.0.5");
        QVERIFY(contains(late.call(echo(1)), "result"));
        QVERIFY(contains(greedy[1]->read(), "failed"));
        QVERIFY(contains(quiet.call(echo(8)), "result"));
        QVERIFY(contains(other.call(echo(9)), "result"));
    }

    void whoIsBeingAnsweredIsNotCutOff()
    {
        ServerLimits limits;
        limits.maxConnections = 1;
        Fixture fixture(limits);
        WebClient busy(fixture.endpoint);
        busy.send(R"({"jsonrpc":"2.0","id":1,"method":"slow"})");
        QVERIFY(eventually([&] { return fixture.slowRuns.load(); }));
        bool closed = false;
        QCOMPARE(RawClient(fixture.endpoint).readToEnd(&closed), std::string());
        QVERIFY(closed);
        fixture.slowMayEnd = true;
        QVERIFY(contains(busy.read(), "result"));
        QVERIFY(contains(RawClient(fixture.endpoint).post(echo(1)), "200 OK"));
    }

    void limitsRequestsPerSecondPerConnection()
    {
        ServerLimits limits;
        limits.requestsPerSecond = 1;
        limits.requestBurst = 5;
        Fixture fixture(limits);
        WebClient greedy(fixture.endpoint);
        for (int i = 0; i < 5; ++i) QVERIFY(contains(greedy.call(echo(i)), "result"));
        QVERIFY(contains(greedy.call(echo(6)), "net.rate-limited"));
        QVERIFY(contains(WebClient(fixture.endpoint).call(echo(1)), "result"));
    }

    void pushesNotificationsToSubscribersOnly()
    {
        Fixture fixture;
        WebClient subscriber(fixture.endpoint);
        WebClient other(fixture.endpoint);
        QVERIFY(contains(subscriber.call(kSubscribe), R"("result":{"topic":"heads","subscribed":true})"));
        fixture.server().publish("heads", "head", json::value{{"number", 7}});
        QCOMPARE(subscriber.read(),
                 std::string(R"({"jsonrpc":"2.0","method":"head","params":{"number":7}})"));
        QVERIFY(contains(other.call(echo(2)), R"("id":2,"result")")); // and nothing before it
        QVERIFY(contains(subscriber.call(R"({"jsonrpc":"2.0","id":2,"method":"unsubscribe",
                                             "params":{"topic":"heads"}})"),
                         "false"));
        fixture.server().publish("heads", "head", json::value{{"number", 8}});
        QVERIFY(contains(subscriber.call(echo(3)), R"("id":3,"result")"));
    }

    void refusesSubscriptionsOverHttpAndToUnknownTopics()
    {
        Fixture fixture;
        QVERIFY(contains(RawClient(fixture.endpoint).post(kSubscribe), "net.needs-websocket"));
        WebClient web(fixture.endpoint);
        QVERIFY(contains(web.call(R"({"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"topic":"x"}})"),
                         "net.unknown-topic"));
    }

    void dropsASubscriberThatDoesNotReadWithoutHoldingUpOthers()
    {
        ServerLimits limits;
        limits.maxQueuedMessages = 16;
        limits.maxQueuedBytes = 1U << 20U;
        Fixture fixture(limits);
        WebClient lazy(fixture.endpoint);
        QVERIFY(contains(lazy.call(kSubscribe), "result"));
        const std::string big(200'000, 'x');
        // More than the kernel buffers and our queue hold together.
        QVERIFY(eventually([&] {
            fixture.server().publish("heads", "head", json::value{{"data", big}});
            return fixture.server().connections() == 0;
        }));
        WebClient other(fixture.endpoint);
        QVERIFY(contains(other.call(echo(1)), "result"));
    }

    void servesAWebSocketFrameInPieces()
    {
        Fixture fixture;
        WebClient web(fixture.endpoint);
        const std::string request = echo(9);
        web.sendInTwo(request.substr(0, 10), request.substr(10));
        QVERIFY(contains(web.read(), R"("id":9,"result")"));
    }

    void stopsWhileClientsAreConnected()
    {
        auto fixture = std::make_unique<Fixture>();
        WebClient web(fixture->endpoint);
        RawClient idle(fixture->endpoint);
        QVERIFY(contains(web.call(echo(1)), "result"));
        fixture.reset();
        QVERIFY(contains(web.read(), "failed"));
    }
};

QTEST_GUILESS_MAIN(TestRpcServer)
#include "tst_rpc_server.moc"
