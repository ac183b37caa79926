// SPDX-License-Identifier: MIT
#include "core/net/session.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
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

http::status statusOf(base::ErrorCode code)
{
    if (code == kTooLarge) return http::status::payload_too_large;
    if (code == kRateLimited) return http::status::too_many_requests;
    return http::status::forbidden;
}

HttpResponse refusal(const HttpRequest& request, const Error& error)
{
    return makeHttpResponse(request, statusOf(error.code), makeErrorResponse(nullptr, error));
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

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<const ServerShared> shared)
    : m_shared(std::move(shared)), m_http(std::move(socket)),
      m_buffer(m_shared->limits.maxHeaderBytes + m_shared->limits.maxRequestBytes),
      m_rate(m_shared->limits.requestsPerSecond, m_shared->limits.requestBurst,
             std::chrono::steady_clock::now()),
      m_wakeWriter(m_http.get_executor(), asio::steady_timer::time_point::max()),
      m_owner(ownerOf(m_http.socket()))
{
}

asio::awaitable<void> Session::run()
{
    std::optional<HttpRequest> upgrade;
    co_await runHttp(upgrade);
    if (upgrade && !m_closed) co_await runWebSocket(std::move(*upgrade));
    close();
}

asio::awaitable<void> Session::runHttp(std::optional<HttpRequest>& upgrade)
{
    for (;;) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(m_shared->limits.maxHeaderBytes));
        parser.body_limit(m_shared->limits.maxRequestBytes);
        m_http.expires_after(m_shared->limits.idleTimeout);
        const auto [failure, count] = co_await http::async_read(m_http, m_buffer, parser, kTuple);
        if (failure == http::error::body_limit) {
            // The rest of the body is never read, so the connection cannot go on.
            HttpResponse tooLarge = refusal(parser.get(), base::makeError(kTooLarge));
            tooLarge.keep_alive(false);
            co_await writeHttp(std::move(tooLarge));
            co_return;
        }
        if (failure) co_return;
        if (websocket::is_upgrade(parser.get()) && checkOrigin(parser.get())) {
            upgrade = parser.release();
            co_return;
        }
        const HttpRequest request = parser.release();
        HttpResponse response = co_await answerHttp(request);
        const bool goOn = co_await writeHttp(std::move(response));
        if (!goOn) co_return;
    }
}

asio::awaitable<HttpResponse> Session::answerHttp(const HttpRequest& request)
{
    if (const auto allowed = checkRpcRequest(request); !allowed) co_return refusal(request, allowed.error());
    if (!m_rate.allow(std::chrono::steady_clock::now())) {
        co_return refusal(request, base::makeError(kRateLimited));
    }
    std::string text = co_await answerMessage(request.body());
    co_return makeHttpResponse(request, http::status::ok, std::move(text));
}

asio::awaitable<bool> Session::writeHttp(HttpResponse response)
{
    m_http.expires_after(m_shared->limits.idleTimeout);
    const bool keepAlive = response.keep_alive();
    const auto [failure, count] = co_await http::async_write(m_http, response, kTuple);
    co_return !failure && keepAlive && !m_closed;
}

asio::awaitable<void> Session::runWebSocket(HttpRequest upgrade)
{
    m_http.expires_never(); // from here on the WebSocket's own timeouts apply
    m_webSocket.emplace(std::move(m_http));
    websocket::stream_base::timeout timeouts{};
    timeouts.handshake_timeout = std::chrono::seconds(10);
    timeouts.idle_timeout = m_shared->limits.idleTimeout;
    timeouts.keep_alive_pings = true;
    m_webSocket->set_option(timeouts);
    m_webSocket->read_message_max(m_shared->limits.maxRequestBytes);
    m_webSocket->text(true);
    const auto [failure] = co_await m_webSocket->async_accept(upgrade, kTuple);
    if (failure || m_closed) co_return;

    auto writer = [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->writeMessages(); };
    asio::co_spawn(m_webSocket->get_executor(), std::move(writer), asio::detached);
    co_await readMessages();
}

asio::awaitable<void> Session::readMessages()
{
    m_buffer.clear();
    while (!m_closed) {
        const auto [failure, count] = co_await m_webSocket->async_read(m_buffer, kTuple);
        if (failure || !m_webSocket->got_text()) co_return;
        const std::string text = beast::buffers_to_string(m_buffer.data());
        m_buffer.consume(m_buffer.size());
        std::string answer = co_await answerMessage(text);
        if (!answer.empty()) enqueue(std::make_shared<const std::string>(std::move(answer)));
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
        const auto [failure, count] = co_await m_webSocket->async_write(asio::buffer(*text), kTuple);
        if (failure) {
            close();
            co_return;
        }
        m_queue.pop_front();
        m_queuedBytes -= text->size();
    }
}

asio::awaitable<std::string> Session::answerMessage(std::string_view text)
{
    if (m_webSocket && !m_rate.allow(std::chrono::steady_clock::now())) {
        co_return makeErrorResponse(nullptr, base::makeError(kRateLimited));
    }
    auto request = parseRequest(text);
    if (!request) co_return makeErrorResponse(nullptr, request.error());
    m_lastUse = std::chrono::steady_clock::now();
    if (request->method == "subscribe" || request->method == "unsubscribe") {
        const json::value id = request->id.value_or(nullptr);
        const Result<json::value> changed = changeSubscription(*request);
        co_return changed ? makeResult(id, *changed) : makeErrorResponse(id, changed.error());
    }
    m_busy = true;
    std::string answer = co_await m_shared->dispatcher.handle(std::move(*request));
    m_busy = false;
    co_return answer;
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
    beast::tcp_stream& stream = m_webSocket ? beast::get_lowest_layer(*m_webSocket) : m_http;
    boost::system::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream.close();
}

} // namespace bowline::net
