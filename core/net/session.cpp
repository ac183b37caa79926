// SPDX-License-Identifier: MIT
#include "core/net/session.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace bowline::net {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
// What is read of a client that has been refused, and for how long: closing on unread bytes would take the answer
// back before the client has read it.
constexpr std::size_t kMaxDrained = 4U << 20U;
constexpr std::chrono::seconds kDrainTime{2};
constexpr std::size_t kFirstRead = 4'096;

http::status statusOf(base::ErrorCode code)
{
    if (code == kTooLarge) return http::status::payload_too_large;
    if (code == kRateLimited) return http::status::too_many_requests;
    if (code == kUnauthorized) return http::status::unauthorized;
    if (code == kNeedsTls) return http::status::bad_request;
    return http::status::forbidden;
}

HttpResponse refusal(const HttpRequest& request, const Error& error)
{
    HttpResponse out = makeHttpResponse(request, statusOf(error.code), makeErrorResponse(nullptr, error));
    // RFC 9110, section 11.6.1: a 401 names the scheme.
    if (error.code == kUnauthorized) out.set(http::field::www_authenticate, "Bearer");
    return out;
}
/// The owner of a whole IPv6 /64 is one client, as is one IPv4 address.
asio::ip::address ownerOf(const asio::ip::tcp::socket& socket)
{
    boost::system::error_code gone;
    const asio::ip::address address = socket.remote_endpoint(gone).address();
    if (gone || address.is_v4()) return address;
    const asio::ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6);
    if (v6.is_loopback()) return v6;
    asio::ip::address_v6::bytes_type network = v6.to_bytes();
    std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
    return asio::ip::address_v6(network);
}
} // namespace

ServerShared::ServerShared(Dispatcher methods, std::vector<std::string> topicNames, const ServerLimits& given,
                           ServerAccess who)
    : dispatcher(std::move(methods)), topics(std::move(topicNames)), limits(given), access(std::move(who)),
      budgets({given.unitsPerSecond, given.unitBurst, given.loopbackUnitsPerSecond, given.loopbackUnitBurst,
               given.maxAddresses})
{
}

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<ServerShared> shared)
    : m_shared(std::move(shared)), m_wire(std::move(socket)),
      m_buffer(m_shared->limits.maxHeaderBytes + m_shared->limits.maxRequestBytes),
      m_rate(m_shared->limits.requestsPerSecond, m_shared->limits.requestBurst,
             std::chrono::steady_clock::now()),
      m_wakeWriter(m_wire.get_executor(), asio::steady_timer::time_point::max()),
      m_owner(ownerOf(m_wire.next_layer().socket()))
{
}

beast::tcp_stream& Session::tcp()
{
    return m_webSocket ? m_webSocket->wire().next_layer() : m_wire.next_layer();
}

asio::awaitable<void> Session::run()
{
    bool ready = true;
    if (m_shared->access.tls) ready = co_await secure();
    std::optional<HttpRequest> upgrade;
    if (ready) co_await runHttp(upgrade);
    if (upgrade && !m_closed) co_await runWebSocket(std::move(*upgrade));
    close();
}

/// The server's side of TLS. False when there will be none.
asio::awaitable<bool> Session::secure()
{
    m_wire.next_layer().expires_after(m_shared->limits.handshakeTimeout);
    const auto [silent, isTls] = co_await beast::async_detect_ssl(m_wire, m_buffer, kTuple);
    if (silent || m_closed) co_return false;
    if (!isTls) {
        co_await refusePlain();
        co_return false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (!m_shared->budgets.spend(m_owner, m_shared->limits.handshakeCost, now)) {
        m_shared->tally.refused(kRateLimited);
        co_return false;
    }
    m_wire.startTls(m_shared->access.tls->context());
    const auto failure = co_await m_wire.handshakeAsServer(m_buffer.data());
    m_buffer.clear();
    if (failure) m_shared->tally.refused(kTlsFailed);
    co_return !failure && !m_closed;
}

/// Whoever speaks plain HTTP is told so, in plain HTTP.
asio::awaitable<void> Session::refusePlain()
{
    const HttpRequest unread{http::verb::post, "/", 11};
    m_shared->tally.refused(kNeedsTls);
    co_await writeLast(
        refusal(unread, base::makeError(kNeedsTls, "this port speaks TLS only: use https://")));
}

asio::awaitable<void> Session::runHttp(std::optional<HttpRequest>& upgrade)
{
    const ServerLimits& limits = m_shared->limits;
    for (auto patience = limits.handshakeTimeout;; patience = limits.idleTimeout) {
        const bool begun = co_await waitForRequest(patience);
        if (!begun) co_return;
        http::request_parser<http::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(limits.maxHeaderBytes));
        parser.body_limit(limits.maxRequestBytes);
        m_wire.next_layer().expires_after(limits.requestTimeout);
        const auto [failure, count] = co_await http::async_read(m_wire, m_buffer, parser, kTuple);
        if (failure == http::error::body_limit || failure == http::error::header_limit) {
            // The rest is never read, so the connection cannot go on.
            m_shared->tally.refused(kTooLarge);
            HttpResponse tooLarge = refusal(parser.get(), base::makeError(kTooLarge));
            if (failure == http::error::header_limit)
                tooLarge.result(http::status::request_header_fields_too_large);
            co_await writeLast(std::move(tooLarge));
            co_return;
        }
        if (failure) co_return;
        const HttpRequest request = parser.release();
        m_isAdmin = false;
        const base::Status known = co_await checkToken(request);
        if (known.ok() && websocket::is_upgrade(request) && checkOrigin(request)) {
            upgrade = request;
            co_return;
        }
        HttpResponse response;
        if (known.ok()) {
            response = co_await answerHttp(request);
        } else {
            response = refusal(request, known.error());
        }
        const bool goOn = co_await writeHttp(std::move(response));
        if (!goOn) co_return;
    }
}

/// Until the first bytes of a request are there.
asio::awaitable<bool> Session::waitForRequest(std::chrono::milliseconds limit)
{
    if (m_buffer.size() > 0) co_return true;
    m_wire.next_layer().expires_after(limit);
    const std::size_t room = std::min(kFirstRead, m_buffer.max_size());
    const auto [failure, count] = co_await m_wire.async_read_some(m_buffer.prepare(room), kTuple);
    if (!failure) m_buffer.commit(count);
    co_return !failure && !m_closed;
}

asio::awaitable<HttpResponse> Session::answerHttp(const HttpRequest& request)
{
    if (const auto allowed = checkRpcRequest(request); !allowed) co_return refusal(request, allowed.error());
    Answer answer = co_await answerMessage(request.body());
    const http::status status = answer.refusal ? statusOf(*answer.refusal) : http::status::ok;
    HttpResponse out = makeHttpResponse(request, status, std::move(answer.text));
    if (status == http::status::unauthorized) out.set(http::field::www_authenticate, "Bearer");
    co_return out;
}

/// Notes whether the request comes with the server's token. One that comes with another is refused, late.
asio::awaitable<base::Status> Session::checkToken(const HttpRequest& request)
{
    const auto header = request.find(http::field::authorization);
    if (header == request.end()) co_return base::success();
    const auto shown = AccessToken::fromHeader(header->value());
    const std::optional<AccessToken>& ours = m_shared->access.token;
    if (shown.ok() && ours && ours->matches(*shown)) {
        m_isAdmin = true;
        co_return base::success();
    }
    m_shared->tally.refused(kUnauthorized);
    // The writer's timer, which nobody writes with yet: close() ends it.
    m_wakeWriter.expires_after(m_shared->limits.wrongTokenDelay);
    co_await m_wakeWriter.async_wait(kTuple);
    m_wakeWriter.expires_at(asio::steady_timer::time_point::max());
    co_return base::makeError(kUnauthorized, "the token is not this node's");
}

asio::awaitable<bool> Session::writeHttp(HttpResponse response)
{
    if (m_closed) co_return false;
    m_wire.next_layer().expires_after(m_shared->limits.idleTimeout);
    const bool keepAlive = response.keep_alive();
    const auto [failure, count] = co_await http::async_write(m_wire, response, kTuple);
    co_return !failure && keepAlive && !m_closed;
}

/// Writes to a client that may still be sending, and reads on for a moment.
asio::awaitable<void> Session::writeLast(HttpResponse response)
{
    response.keep_alive(false);
    co_await writeHttp(std::move(response));
    if (m_closed) co_return;
    beast::tcp_stream& raw = m_wire.next_layer();
    boost::system::error_code ignored;
    raw.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    raw.expires_after(kDrainTime);
    std::array<char, 16'384> unread;
    for (std::size_t drained = 0; drained < kMaxDrained;) {
        const auto [failure, count] = co_await raw.async_read_some(asio::buffer(unread), kTuple);
        if (failure) co_return;
        drained += count;
    }
}

asio::awaitable<void> Session::runWebSocket(HttpRequest upgrade)
{
    m_wire.next_layer().expires_never(); // from here on the WebSocket's own timeouts apply
    m_buffer.clear();
    const ServerLimits& limits = m_shared->limits;
    m_webSocket.emplace(std::move(m_wire),
                        WebSocketLimits{limits.handshakeTimeout, limits.idleTimeout, limits.maxRequestBytes});
    // Pings are answered by the library below us, so they are counted like requests.
    m_webSocket->onPing([this] {
        if (m_rate.allow(std::chrono::steady_clock::now())) return;
        m_shared->tally.refused(kRateLimited);
        close();
    });
    const auto failure = co_await m_webSocket->accept(upgrade);
    if (failure || m_closed) co_return;

    auto writer = [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->writeMessages(); };
    asio::co_spawn(m_webSocket->get_executor(), std::move(writer), asio::detached);
    co_await readMessages();
}

asio::awaitable<void> Session::readMessages()
{
    while (!m_closed) {
        std::string text;
        const auto failure = co_await m_webSocket->read(text);
        if (failure || !m_webSocket->gotText()) co_return;
        Answer answer = co_await answerMessage(text);
        if (!answer.text.empty()) enqueue(std::make_shared<const std::string>(std::move(answer.text)));
    }
}

asio::awaitable<void> Session::writeMessages()
{
    while (!m_closed) {
        if (m_queue.empty()) {
            co_await m_wakeWriter.async_wait(kTuple); // ended by enqueue() and close()
            continue;
        }
        const std::shared_ptr<const std::string> text = m_queue.front();
        const auto failure = co_await m_webSocket->write(*text);
        if (failure) {
            close();
            co_return;
        }
        m_queue.pop_front();
        m_queuedBytes -= text->size();
    }
}

Session::Answer Session::refuse(const json::value& id, const Error& error)
{
    m_shared->tally.refused(error.code);
    return {makeErrorResponse(id, error), error.code};
}

/// The caller may ask for it, and may ask for it now.
base::Status Session::checkLimits(const Request& request, std::size_t bytes)
{
    const MethodRules rules = m_shared->dispatcher.rules(request.method);
    if (rules.admin && !m_isAdmin) return base::makeError(kUnauthorized, "needs the node's access token");
    const auto extra = static_cast<std::uint32_t>(bytes / m_shared->limits.bytesPerUnit);
    if (m_shared->budgets.spend(m_owner, rules.cost + extra, std::chrono::steady_clock::now()))
        return base::success();
    return base::makeError(kRateLimited, "this address has asked for too much: wait a moment");
}

asio::awaitable<Session::Answer> Session::answerMessage(std::string_view text)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_rate.allow(now)) co_return refuse(nullptr, base::makeError(kRateLimited));
    auto request = parseRequest(text);
    if (!request) {
        const auto extra = static_cast<std::uint32_t>(text.size() / m_shared->limits.bytesPerUnit);
        const bool paid = m_shared->budgets.spend(m_owner, 1 + extra, now);
        if (!paid) co_return refuse(nullptr, base::makeError(kRateLimited));
        m_shared->tally.refused(request.error().code);
        co_return Answer{makeErrorResponse(nullptr, request.error()), std::nullopt};
    }
    const json::value id = request->id.value_or(nullptr);
    if (const auto allowed = checkLimits(*request, text.size()); !allowed.ok())
        co_return refuse(id, allowed.error());
    m_lastUse = now;
    m_shared->tally.asked();
    if (request->method == "subscribe" || request->method == "unsubscribe") {
        const Result<json::value> changed = changeSubscription(*request);
        co_return Answer{changed ? makeResult(id, *changed) : makeErrorResponse(id, changed.error()),
                         std::nullopt};
    }
    m_busy = true;
    std::string answer = co_await m_shared->dispatcher.handle(std::move(*request));
    m_busy = false;
    co_return Answer{std::move(answer), std::nullopt};
}

Result<json::value> Session::changeSubscription(const Request& request)
{
    if (!m_webSocket) return base::makeError(kNeedsWebSocket);
    BOWLINE_CHECK(onlyFields(request.params, {"topic"}));
    BOWLINE_TRY(const std::string topic, fieldText(request.params, "topic", kMaxMethodLength));
    const auto& topics = m_shared->topics;
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) {
        return base::makeError(kUnknownTopic, topic);
    }
    if (request.method == "subscribe") {
        m_topics.insert(topic);
    } else {
        m_topics.erase(topic);
    }
    return json::value{{"topic", topic}, {"subscribed", request.method == "subscribe"}};
}

void Session::notify(const std::string& topic, const std::shared_ptr<const std::string>& text)
{
    if (m_topics.find(topic) != m_topics.end()) enqueue(text);
}

void Session::enqueue(std::shared_ptr<const std::string> text)
{
    if (m_closed) return;
    m_queuedBytes += text->size();
    m_queue.push_back(std::move(text));
    const ServerLimits& limits = m_shared->limits;
    if (m_queue.size() > limits.maxQueuedMessages || m_queuedBytes > limits.maxQueuedBytes) {
        base::logInfo("net", "a client does not read what it asked for: disconnected");
        close();
        return;
    }
    m_wakeWriter.cancel();
}

void Session::close()
{
    if (m_closed) return;
    m_closed = true;
    m_wakeWriter.cancel();
    beast::tcp_stream& stream = tcp();
    boost::system::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream.close();
}

} // namespace bowline::net
