// SPDX-License-Identifier: MIT
// The text of JSON-RPC 2.0, endpoints, parameters and the rate limit, without a socket.
#include "core/net/endpoint.h"
#include "core/net/params.h"
#include "core/net/rate_limit.h"

#include <QTest>

using namespace bowline;
using namespace bowline::net;

namespace {
std::string_view codeOf(const auto& result)
{
    return result.ok() ? std::string_view("ok") : result.error().code.name();
}

// The objects of the specification's own examples (jsonrpc.org/specification, section 7).
json::object answerTo(std::string_view request)
{
    const auto parsed = parseRequest(request);
    const std::string text = parsed.ok() ? makeResult(parsed->id.value_or(nullptr), 19)
                                         : makeErrorResponse(nullptr, parsed.error());
    return parseJson(text)->as_object();
}
} // namespace

class TestJsonRpc : public QObject {
    Q_OBJECT

private slots:
    void answersTheSpecificationsExamples()
    {
        QVERIFY(answerTo(R"({"jsonrpc": "2.0", "method": "subtract",
                             "params": {"subtrahend": 23, "minuend": 42}, "id": 3})") ==
                parseJson(R"({"jsonrpc": "2.0", "result": 19, "id": 3})")->as_object());
        const json::object broken =
            answerTo(R"({"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz])");
        QCOMPARE(broken.at("error").at("code").as_int64(), -32700);
        QVERIFY(broken.at("id").is_null());
        const json::object invalid = answerTo(R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})");
        QCOMPARE(invalid.at("error").at("code").as_int64(), -32600);
        const auto notification = parseRequest(R"({"jsonrpc": "2.0", "method": "update", "params": {}})");
        QVERIFY(notification.ok() && !notification->id.has_value());
    }

    void refusesBatchesAndPositionalParameters()
    {
        QCOMPARE(answerTo("[]").at("error").at("code").as_int64(), -32600);
        QCOMPARE(
            answerTo(R"([{"jsonrpc": "2.0", "method": "a", "id": 1}])").at("error").at("code").as_int64(),
            -32600);
        QCOMPARE(answerTo(R"({"jsonrpc": "2.0", "method": "a", "params": [1], "id": 1})")
                     .at("error")
                     .at("code")
                     .as_int64(),
                 -32602);
    }

    void refusesMoreValuesThanItHasMemoryFor()
    {
        constexpr std::size_t kMost = 1'000'000;
        const auto list = [](std::size_t values) {
            std::string out = "[0";
            for (std::size_t i = 1; i < values; ++i) out += ",0";
            return out + ']';
        };
        QVERIFY(parseJson(list(kMost)).ok());
        QCOMPARE(codeOf(parseJson(list(kMost + 1))), kParseError.name());
        std::string objects = "[{}";
        for (std::size_t i = 1; i <= kMost / 2; ++i) objects += ",{}";
        QCOMPARE(codeOf(parseJson(objects + ']')), kParseError.name());
    }

    void refusesDeepNestingBeforeItCostsAnything()
    {
        const std::string bomb = R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":)" +
                                 std::string(200'000, '[') + std::string(200'000, ']') + "}}";
        QCOMPARE(codeOf(parseRequest(bomb)), kParseError.name());
    }

    void refusesNumbersBeyondADouble()
    {
        for (const char* number : {"1E2000", "-1e400", "[0, {\"n\": 1e309}]"}) {
            const std::string text =
                R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"n":)" + std::string(number) + "}}";
            QCOMPARE(codeOf(parseRequest(text)), kParseError.name());
            QCOMPARE(codeOf(parseJson(number)), kParseError.name());
        }
        QVERIFY(parseJson("1e308").ok());
    }

    void refusesIdsThatCannotBeRepeatedExactly()
    {
        QCOMPARE(codeOf(parseRequest(R"({"jsonrpc":"2.0","method":"a","id":1.5})")), kInvalidRequest.name());
        QCOMPARE(codeOf(parseRequest(R"({"jsonrpc":"2.0","method":"a","id":{}})")), kInvalidRequest.name());
        QCOMPARE(codeOf(parseRequest(R"({"jsonrpc":"1.0","method":"a","id":1})")), kInvalidRequest.name());
        const std::string longMethod(65, 'm');
        QCOMPARE(codeOf(parseRequest(R"({"jsonrpc":"2.0","method":")" + longMethod + R"(","id":1})")),
                 kInvalidRequest.name());
    }

    void carriesTheDottedCodeToTheOtherSide()
    {
        const std::string text =
            makeErrorResponse(7, base::makeError(base::ErrorCode{"sequencer.nonce-low"}, "3 < 4"));
        const auto answer = parseResponse(text, 7);
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code.name(), std::string_view("sequencer.nonce-low"));
        QCOMPARE(answer.error().detail, std::string("3 < 4"));
        QCOMPARE(parseJson(text)->at("error").at("code").as_int64(), -32000);
    }

    void aHostileServerCannotGrowTheTableOfCodesWithoutEnd()
    {
        for (int i = 0; i < 2000; ++i) {
            const std::string name = "made-up." + std::to_string(i);
            const std::string_view got = remoteCode(name).name();
            QVERIFY(got == name || got == kRemoteError.name());
        }
        QCOMPARE(remoteCode("made-up.1999").name(), kRemoteError.name());
        QCOMPARE(remoteCode("made-up.0").name(), std::string_view("made-up.0"));
        QCOMPARE(remoteCode("Not A Code\n").name(), kRemoteError.name());
        QCOMPARE(remoteCode(std::string(65, 'a')).name(), kRemoteError.name());
    }

    void refusesResponsesToOtherRequests()
    {
        QCOMPARE(codeOf(parseResponse(R"({"jsonrpc":"2.0","result":1,"id":8})", 7)), kBadResponse.name());
        QCOMPARE(codeOf(parseResponse(R"({"jsonrpc":"2.0","id":7})", 7)), kBadResponse.name());
        QCOMPARE(codeOf(parseResponse("[]", 7)), kBadResponse.name());
        QCOMPARE(codeOf(parseResponse("", 7)), kBadResponse.name());
        QCOMPARE(codeOf(parseResponse(R"({"jsonrpc":"2.0","error":3,"id":7})", 7)), kBadResponse.name());
        QCOMPARE(codeOf(parseResponse(R"({"jsonrpc":"2.0","error":{"code":-1},"id":7})", 7)),
                 kRemoteError.name());
    }

    void readsParametersStrictly()
    {
        const auto text = R"({"n": 5, "big": 18446744073709551615, "minus": -1, "real": 1.0, "hex": "00ff",
                              "odd": "0", "s": "x", "none": null})";
        const json::object object = parseJson(text)->as_object();
        QCOMPARE(*fieldU64(object, "n"), std::uint64_t{5});
        QCOMPARE(*fieldU64(object, "big"), UINT64_MAX);
        QCOMPARE(codeOf(fieldU32(object, "big")), kInvalidParams.name());
        QCOMPARE(codeOf(fieldU64(object, "minus")), kInvalidParams.name());
        QCOMPARE(codeOf(fieldU64(object, "real")), kInvalidParams.name());
        QCOMPARE(codeOf(fieldU64(object, "absent")), kInvalidParams.name());
        QCOMPARE(*fieldHex(object, "hex", 2), (base::Bytes{0, 0xff}));
        QCOMPARE(codeOf(fieldHex(object, "hex", 1)), kInvalidParams.name());
        QCOMPARE(codeOf(fieldHex(object, "odd", 8)), kInvalidParams.name());
        QCOMPARE(codeOf(fieldHex32(object, "hex")), kInvalidParams.name());
        QCOMPARE(codeOf(fieldText(object, "n")), kInvalidParams.name());
        QVERIFY(!hasField(object, "none") && hasField(object, "s"));
        QCOMPARE(codeOf(onlyFields(object, {"n"})), kInvalidParams.name());
    }

    void readsEndpoints()
    {
        QCOMPARE(*parseEndpoint("http://127.0.0.1:8080/"), (Endpoint{"127.0.0.1", 8080}));
        QCOMPARE(*parseEndpoint("[::1]:1"), (Endpoint{"::1", 1}));
        QCOMPARE(parseEndpoint("[::1]:1")->text(), std::string("[::1]:1"));
        for (const char* bad : {"", ":1", "host", "host:", "host:65536", "host:1x", "ftp://a:1", "a b:1",
                                "::1:1", "[]:1", "http://user@host:1", "host:1/path"}) {
            QCOMPARE(codeOf(parseEndpoint(bad)), kBadEndpoint.name());
        }
        const std::string pin(64, 'a');
        const auto secured = parseEndpoint("https://node.example:9/#sha256=" + pin);
        QVERIFY(secured.ok() && secured->tls && base::toHex(*secured->pin) == pin);
        QCOMPARE(secured->text(), std::string("node.example:9"));
        QCOMPARE(secured->url(), "https://node.example:9#sha256=" + pin);
        QVERIFY(*parseEndpoint(secured->url()) == *secured);
        QVERIFY(parseEndpoint("https://a:1")->tls && !parseEndpoint("https://a:1")->pin);
        QVERIFY(!parseEndpoint("a:1")->tls);
        for (const std::string& bad : std::vector<std::string>{
                 "https://a:1#", "https://a:1#sha256=", "https://a:1#sha1=" + pin,
                 "https://a:1#sha256=" + pin + "00", "https://a:1#sha256=" + pin.substr(1),
                 "https://a:1#sha256=" + pin.substr(1) + "g", "a:1#sha256=" + pin, "http://a:1#sha256=" + pin,
                 "https://https://a:1"}) {
            QCOMPARE(codeOf(parseEndpoint(bad)), kBadEndpoint.name());
        }
        QVERIFY(Endpoint({"127.8.9.1", 1}).isLoopback());
        QVERIFY(!Endpoint({"0.0.0.0", 1}).isLoopback());
        QVERIFY(!Endpoint({"127.0.0.1.example.org", 1}).isLoopback());
    }

    void theRateLimitAllowsABurstAndThenSoManyASecond()
    {
        RateLimit::Time now{};
        RateLimit limit(10, 3, now);
        QVERIFY(limit.allow(now) && limit.allow(now) && limit.allow(now));
        QVERIFY(!limit.allow(now));
        now += std::chrono::milliseconds(99);
        QVERIFY(!limit.allow(now));
        now += std::chrono::milliseconds(1);
        QVERIFY(limit.allow(now) && !limit.allow(now));
        now += std::chrono::hours(100'000);
        QVERIFY(limit.allow(now) && limit.allow(now) && limit.allow(now) && !limit.allow(now));
        QVERIFY(!limit.allow(now - std::chrono::hours(1))); // a clock that goes back gives nothing
        now += std::chrono::milliseconds(250);
        QVERIFY(!limit.allow(now, 3) && limit.allow(now, 2) && !limit.isFull(now));
        now += std::chrono::seconds(1);
        QVERIFY(limit.isFull(now) && limit.left(now) == 3 && !limit.allow(now, 4));
    }
};

QTEST_APPLESS_MAIN(TestJsonRpc)
#include "tst_jsonrpc.moc"
