// SPDX-License-Identifier: MIT
// The access token and the limits of the JSON-RPC server: each limit is met and answered with its code, and an honest
// client is served while others flood.
#include "core/net/address_budgets.h"
#include "core/net/client.h"
#include "core/net/server.h"
#include "tests/support/raw_client.h"

#include <QTemporaryDir>
#include <QTest>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <fstream>

#include <sys/stat.h>

using namespace bowline;
using namespace bowline::net;
using namespace bowline::test;
using std::chrono::milliseconds;

namespace {

template <typename T>
std::string_view codeOf(const Result<T>& result)
{
    return result.ok() ? std::string_view("ok") : result.error().code.name();
}

class Fixture {
public:
    explicit Fixture(ServerLimits limits = {})
        : token(*AccessToken::generate()),
          m_server(m_io.get_executor(), methods(), {"heads"}, limits, {nullptr, token})
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
    Result<json::value> call(const std::string& method, std::optional<AccessToken> with = std::nullopt)
    {
        return BlockingClient(endpoint, {.timeout = milliseconds(3'000), .token = with}).call(method);
    }

    Endpoint endpoint;
    AccessToken token;
    std::atomic<int> slowRuns = 0;
    std::atomic<bool> slowMayEnd = false;

private:
    Dispatcher methods()
    {
        Dispatcher out;
        const asio::any_io_executor worker = m_work.get_executor();
        const auto one = [](const json::object&) -> Result<json::value> { return json::value(1); };
        out.add("cheap", worker, one);
        out.add("dear", worker, one, {.cost = 20});
        out.add("admin", worker, one, {.admin = true});
        // On the sockets' own thread two of a connection could only overlap if the server let them.
        out.add("slow", worker, [this](const json::object&) -> Result<json::value> {
            ++slowRuns;
            while (!slowMayEnd) std::this_thread::sleep_for(milliseconds(5));
            return json::value("done");
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

std::string request(std::string_view method)
{
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"("})";
}

const std::string kJson = "Content-Type: application/json\r\n";

} // namespace

class TestRpcAccess : public QObject {
    Q_OBJECT

private slots:
    void administratorsNeedTheToken()
    {
        ServerLimits limits;
        limits.wrongTokenDelay = milliseconds(200);
        Fixture fixture(limits);
        QCOMPARE(codeOf(fixture.call("admin", fixture.token)), std::string_view("ok"));
        QCOMPARE(codeOf(fixture.call("cheap", fixture.token)), std::string_view("ok"));
        QCOMPARE(codeOf(fixture.call("cheap")), std::string_view("ok"));
        QCOMPARE(codeOf(fixture.call("admin")), kUnauthorized.name());
        const AccessToken wrong = *AccessToken::generate();
        QCOMPARE(codeOf(fixture.call("admin", wrong)), kUnauthorized.name());
        QCOMPARE(codeOf(fixture.call("cheap", wrong)),
                 kUnauthorized.name()); // it is mistaken about this node
        const auto post = [&](const std::string& header) {
            return RawClient(fixture.endpoint).post(request("admin"), kJson + header + "\r\n");
        };
        const std::string missing = post("X-Nothing: 1");
        QVERIFY(contains(missing, "HTTP/1.1 401") && contains(missing, "WWW-Authenticate: Bearer"));
        QVERIFY(contains(missing, "net.unauthorized"));
        QVERIFY(contains(post("Authorization: " + fixture.token.headerValue()), "200 OK"));
        QVERIFY(contains(post("Authorization: Basic YTpi"), "HTTP/1.1 401"));
        const auto before = std::chrono::steady_clock::now();
        QVERIFY(contains(post("Authorization: " + wrong.headerValue()), "HTTP/1.1 401"));
        const auto took = std::chrono::steady_clock::now() - before;
        QVERIFY(took >= milliseconds(200) && took < milliseconds(2'000));
        QVERIFY(fixture.server().statistics().refused["net.unauthorized"] >= 5);
    }

    void theTokenOfOneRequestIsNotThatOfTheNext()
    {
        Fixture fixture;
        RawClient client(fixture.endpoint);
        const std::string body = request("admin");
        const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        client.send("POST / HTTP/1.1\r\nHost: x\r\n" + kJson +
                    "Authorization: " + fixture.token.headerValue() + "\r\n" + length +
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + kJson + length);
        const std::string both = client.readToEnd();
        QVERIFY(contains(both, "HTTP/1.1 200 OK") && contains(both, "HTTP/1.1 401"));
    }

    void aWebSocketIsAnAdministratorsByItsUpgrade()
    {
        Fixture fixture;
        WebClient admin(fixture.endpoint, "127.0.0.1", fixture.token.headerValue());
        QVERIFY(contains(admin.call(request("admin")), "\"result\":1"));
        WebClient anybody(fixture.endpoint);
        QVERIFY(contains(anybody.call(request("admin")), "net.unauthorized"));
        QVERIFY(contains(anybody.call(request("cheap")), "\"result\":1"));
    }

    void whoGuessesHoldsUpNobody()
    {
        ServerLimits limits;
        limits.maxConnections = 2;
        limits.wrongTokenDelay = std::chrono::seconds(20);
        Fixture fixture(limits);
        std::vector<std::unique_ptr<RawClient>> guessing;
        for (int i = 0; i < 4; ++i) {
            guessing.push_back(std::make_unique<RawClient>(fixture.endpoint));
            guessing.back()->send("POST / HTTP/1.1\r\nHost: x\r\n" + kJson + "Authorization: " +
                                  AccessToken::generate()->headerValue() + "\r\nContent-Length: 2\r\n\r\n{}");
        }
        QVERIFY(eventually([&] { return fixture.server().statistics().refused["net.unauthorized"] >= 2; }));
        QCOMPARE(codeOf(fixture.call("cheap")), std::string_view("ok"));
    }

    void aTokenDoesNotLeaveThisMachineInPlainText()
    {
        const AccessToken token = *AccessToken::generate();
        BlockingClient client({"192.0.2.1", 1}, {.timeout = milliseconds(200), .token = token});
        QCOMPARE(codeOf(client.call("admin")), kRefused.name());
    }

    void theTokensFileIsItsOwnersAlone()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("access.token").toStdString();
        QCOMPARE(codeOf(AccessToken::readFile(path)), kBadTokenFile.name());
        const AccessToken token = *AccessToken::generate();
        std::ofstream(path) << "an older one that everybody may read";
        ::chmod(path.c_str(), 0644);
        QCOMPARE(codeOf(AccessToken::readFile(path)), kBadTokenFile.name());
        QVERIFY(token.writeFile(path).ok());
        struct stat info = {};
        QCOMPARE(::stat(path.c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        QVERIFY(AccessToken::readFile(path)->matches(token));
        QVERIFY(!AccessToken::generate()->matches(token));
        ::chmod(path.c_str(), 0640);
        QCOMPARE(codeOf(AccessToken::readFile(path)), kBadTokenFile.name());
    }

    void readsTheHeaderStrictly()
    {
        const AccessToken token = *AccessToken::generate();
        const std::string header = token.headerValue();
        QVERIFY(AccessToken::fromHeader(header)->matches(token));
        QVERIFY(AccessToken::fromHeader("bearer " + header.substr(7))->matches(token));
        for (const std::string& bad :
             {std::string(), std::string("Bearer"), std::string("Bearer "), header + '0',
              header.substr(0, 70), "Basic " + header.substr(7), ' ' + header,
              "Bearer  " + header.substr(7, 63), header.substr(0, 70) + 'g'}) {
            QCOMPARE(codeOf(AccessToken::fromHeader(bad)), kUnauthorized.name());
        }
    }

    void methodsCostWhatTheyCost()
    {
        ServerLimits limits;
        limits.loopbackUnitsPerSecond = 10;
        limits.loopbackUnitBurst = 50;
        Fixture fixture(limits);
        // Other connections of the address pay from the same purse.
        const auto post = [&](std::string_view method, const std::string& from) {
            return RawClient(fixture.endpoint, from).post(request(method));
        };
        QVERIFY(contains(post("dear", "127.0.0.2"), "200 OK"));
        QVERIFY(contains(post("dear", "127.0.0.2"), "200 OK"));
        const std::string spent = post("dear", "127.0.0.2");
        QVERIFY(contains(spent, "HTTP/1.1 429") && contains(spent, "net.rate-limited"));
        QVERIFY(contains(post("cheap", "127.0.0.2"), "200 OK"));
        QVERIFY(contains(post("dear", "127.0.0.3"), "200 OK")); // it is not their fault
        QVERIFY(eventually([&] { return contains(post("dear", "127.0.0.2"), "200 OK"); }));
    }

    void largeBodiesCostMore()
    {
        ServerLimits limits;
        limits.loopbackUnitsPerSecond = 1;
        limits.loopbackUnitBurst = 20;
        limits.bytesPerUnit = 1'000;
        Fixture fixture(limits);
        const std::string padded = request("cheap") + std::string(15'000, ' ');
        QVERIFY(contains(RawClient(fixture.endpoint).post(padded), "200 OK"));
        QVERIFY(contains(RawClient(fixture.endpoint).post(padded), "net.rate-limited"));
        QVERIFY(contains(RawClient(fixture.endpoint).post(std::string(15'000, '{')), "net.rate-limited"));
        QVERIFY(contains(RawClient(fixture.endpoint).post(request("cheap")), "200 OK"));
    }

    void aClientWaitsAndAsksAgain()
    {
        ServerLimits limits;
        limits.loopbackUnitsPerSecond = 20;
        limits.loopbackUnitBurst = 20;
        Fixture fixture(limits);
        QCOMPARE(codeOf(fixture.call("dear")), std::string_view("ok"));
        QCOMPARE(codeOf(fixture.call("dear")), std::string_view("ok")); // after a second
        QVERIFY(fixture.server().statistics().refused["net.rate-limited"] >= 1);
        BlockingClient hasty(fixture.endpoint, {.timeout = milliseconds(300)});
        QCOMPARE(codeOf(hasty.call("dear")), kRateLimited.name());
    }

    void budgetsAreRememberedForSoManyAddresses()
    {
        AddressBudgets budgets({1, 10, 1, 10, 100});
        const AddressBudgets::Time now{};
        const auto address = [](unsigned i) { return asio::ip::address(asio::ip::address_v4(i)); };
        QVERIFY(budgets.spend(address(1), 10, now) && !budgets.spend(address(1), 1, now));
        for (unsigned i = 2; i < 5'000; ++i) QVERIFY(budgets.spend(address(i), 5, now));
        QVERIFY(budgets.size() <= 100);
        QVERIFY(!budgets.spend(address(1), 1, now)); // who owes most is forgotten last
        QVERIFY(budgets.spend(address(5'000), 1, now + std::chrono::seconds(60)));
        QCOMPARE(budgets.size(), std::size_t{1}); // nobody else owed anything any more
    }

    void whatIsTooLargeIsToldSoToWhoStillSends()
    {
        Fixture fixture;
        RawClient body(fixture.endpoint);
        body.send("POST / HTTP/1.1\r\nHost: x\r\n" + kJson + "Content-Length: 3000000\r\n\r\n");
        body.send(std::string(3'000'000, ' '));
        const std::string tooLarge = body.readToEnd();
        QVERIFY(contains(tooLarge, "HTTP/1.1 413") && contains(tooLarge, "net.too-large"));
        RawClient header(fixture.endpoint);
        header.send("POST / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
        const std::string longHeader = header.readToEnd();
        QVERIFY(contains(longHeader, "HTTP/1.1 431") && contains(longHeader, "net.too-large"));
        WebClient web(fixture.endpoint);
        web.send(std::string(3'000'000, ' '));
        QVERIFY(contains(web.read(), "failed"));
        QVERIFY(eventually([&] { return fixture.server().connections() == 0; }));
    }

    void depthAndBatchesAreBounded()
    {
        Fixture fixture;
        const auto nested = [&](std::size_t depth) {
            return RawClient(fixture.endpoint)
                .post(R"({"jsonrpc":"2.0","id":1,"method":"cheap","params":{"x":)" + std::string(depth, '[') +
                      std::string(depth, ']') + "}}");
        };
        QVERIFY(contains(nested(kMaxJsonDepth - 2), "\"result\""));
        QVERIFY(contains(nested(kMaxJsonDepth - 1), "net.parse-error"));
        QVERIFY(contains(nested(100'000), "net.parse-error"));
        const std::string batch = '[' + request("cheap") + ',' + request("cheap") + ']';
        QVERIFY(contains(RawClient(fixture.endpoint).post(batch), "net.invalid-request"));
    }

    void oneRequestAtATimePerConnection()
    {
        Fixture fixture;
        WebClient web(fixture.endpoint);
        for (int i = 0; i < 20; ++i) web.send(request("slow"));
        QVERIFY(eventually([&] { return fixture.slowRuns == 1; }));
        std::this_thread::sleep_for(milliseconds(200));
        QCOMPARE(fixture.server().statistics().requests, std::uint64_t{1}); // the others are not even read
        fixture.slowMayEnd = true;
        for (int i = 0; i < 20; ++i) QVERIFY(contains(web.read(), "done"));
    }

    void whoDripsBytesIsCutOff()
    {
        ServerLimits limits;
        limits.requestTimeout = milliseconds(500);
        Fixture fixture(limits);
        RawClient dripping(fixture.endpoint);
        dripping.send("POST / HTTP/1.1\r\nX: ");
        const auto began = std::chrono::steady_clock::now();
        while (fixture.server().connections() != 0) {
            QVERIFY(std::chrono::steady_clock::now() - began < milliseconds(3'000));
            dripping.send("x"); // never idle
            std::this_thread::sleep_for(milliseconds(20));
            if (std::chrono::steady_clock::now() - began < milliseconds(300))
                QVERIFY(fixture.server().connections() == 1);
        }
    }

    void pingsAreCounted()
    {
        ServerLimits limits;
        limits.requestsPerSecond = 1;
        limits.requestBurst = 50;
        Fixture fixture(limits);
        WebClient web(fixture.endpoint);
        bool open = true;
        for (int i = 0; i < 1'000 && open; ++i) open = web.ping();
        QVERIFY(contains(web.read(), "failed"));
        QVERIFY(eventually([&] { return fixture.server().connections() == 0; }));
        QCOMPARE(codeOf(fixture.call("cheap")), std::string_view("ok"));
    }

    void aFloodOfEverythingDoesNotShutOutAnHonestClient()
    {
        Fixture fixture;
        std::atomic<bool> flooding = true;
        std::vector<std::unique_ptr<RawClient>> held;
        std::thread flood([&] {
            const std::string deep = request("cheap").insert(1, "\"x\":" + std::string(50'000, '[') + ',');
            for (int i = 0; flooding && i < 1'000; ++i) {
                try {
                    held.push_back(std::make_unique<RawClient>(fixture.endpoint, "127.0.0.2"));
                    if (i % 3 == 0) held.back()->send("POST / HTTP/1.1\r\nX: slow");
                    if (i % 3 == 1)
                        held.back()->send("POST / HTTP/1.1\r\nHost: x\r\n" + kJson + "Content-Length: " +
                                          std::to_string(deep.size()) + "\r\n\r\n" + deep);
                } catch (const boost::system::system_error&) {
                    held.clear(); // out of descriptors of this test: begins anew
                }
            }
        });
        int answered = 0;
        BlockingClient honest(fixture.endpoint, {.timeout = milliseconds(5'000)});
        for (int i = 0; i < 200; ++i) answered += honest.call("cheap").ok() ? 1 : 0;
        while (fixture.server().statistics().accepted < 1'000) {
            answered += honest.call("cheap").ok() ? 1 : -1'000'000;
            std::this_thread::sleep_for(milliseconds(2));
        }
        flooding = false;
        flood.join();
        QVERIFY(answered >= 200);
        QVERIFY(fixture.server().connections() <= ServerLimits{}.maxConnections);
        QVERIFY(fixture.server().statistics().refused["net.parse-error"] > 0);
    }
};

QTEST_GUILESS_MAIN(TestRpcAccess)
#include "tst_rpc_access.moc"
