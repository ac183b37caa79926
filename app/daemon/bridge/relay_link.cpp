// SPDX-License-Identifier: MIT
#include "app/daemon/bridge/relay_link.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

namespace bowline::daemon {

namespace json = net::json;
using base::Bytes;
using base::Result;
using base::Status;
using std::chrono::milliseconds;

namespace {

// New messages are announced; this is for announcements that were lost.
constexpr milliseconds kPollPause{3'000};
constexpr milliseconds kTroublePause{1'000};
constexpr std::size_t kMaxMessage = bridge::kMaxPayload + 512;
constexpr std::size_t kMaxWaiting = 10'000;
// A topic is bounded by the relay; one that never ends is not read to its end.
constexpr std::size_t kMaxPages = 64;

} // namespace

class RelayLink::Impl : public std::enable_shared_from_this<RelayLink::Impl> {
public:
    Impl(const asio::any_io_executor& executor, const net::Endpoint& endpoint, const l2::ChainId& chainId,
         Events events)
        : m_executor(executor), m_client(executor, endpoint), m_wake(executor), m_chainId(chainId),
          m_events(std::move(events)), m_endpoint(endpoint)
    {
    }

    void start()
    {
        const std::weak_ptr<Impl> weak = weak_from_this();
        const auto wake = [weak] {
            if (const auto self = weak.lock()) self->wake();
        };
        net::Subscriber::Events events{wake, [](const base::Error&) {},
                                       [wake](std::string_view, const json::object&) { wake(); }};
        m_subscriber = std::make_unique<net::Subscriber>(
            m_executor, m_endpoint, std::vector<std::string>{"relay"}, std::move(events));
        m_subscriber->start();
        auto run = [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->run(); };
        asio::co_spawn(m_executor, std::move(run), asio::detached);
    }

    void stop()
    {
        m_stopped = true;
        if (m_subscriber) m_subscriber->stop();
        m_wake.cancel();
    }

    void post(Bytes message)
    {
        if (m_waiting.size() >= kMaxWaiting) m_waiting.pop_front(); // they are posted again while they matter
        m_waiting.push_back(std::move(message));
        wake();
    }

    void readAgain(const base::Digest& topic)
    {
        m_again.insert(topic);
        wake();
    }

    [[nodiscard]] bool isCurrent() const { return m_current; }

private:
    void wake() { m_wake.expires_at(asio::steady_timer::time_point::min()); }

    asio::awaitable<void> run()
    {
        while (!m_stopped) {
            m_wake.expires_after(kPollPause);
            Status done = co_await postAll();
            if (done.ok()) done = co_await readAll();
            if (done.ok()) done = co_await readTopics();
            if (m_stopped) co_return;
            report(done);
            if (!done.ok()) m_wake.expires_after(kTroublePause);
            co_await m_wake.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    void report(const Status& done)
    {
        const std::string trouble = done.ok() ? std::string() : std::string(done.error().code.name());
        if (!trouble.empty() && trouble != m_trouble)
            base::logWarning("relay", trouble + ' ' + done.error().detail);
        m_trouble = trouble;
    }

    asio::awaitable<Status> postAll()
    {
        while (!m_waiting.empty() && !m_stopped) {
            const Bytes message = m_waiting.front();
            json::object params{{"hex", base::toHex(message)}};
            const Result<json::value> answer = co_await m_client.call("relay_post", std::move(params));
            if (const Status said = answer.ok() ? base::success() : Status(answer.error()); isPassing(said))
                co_return said;
            if (!answer.ok())
                base::logWarning("relay", "refused: " + std::string(answer.error().code.name()));
            if (!m_waiting.empty() && m_waiting.front() == message) m_waiting.pop_front();
        }
        co_return base::success();
    }

    asio::awaitable<Status> readAll()
    {
        bool something = false;
        while (!m_stopped) {
            json::object params{{"after", m_after}};
            const Result<json::value> answer = co_await m_client.call("relay_list", std::move(params));
            if (!answer.ok()) co_return answer.error();
            const Result<std::size_t> count = take(*answer, m_after);
            if (!count.ok()) co_return count.error();
            if (*count == 0) break;
            something = true;
        }
        if (m_stopped) co_return base::success();
        if (something || !m_current) {
            m_current = true;
            m_events.onRead();
        }
        co_return base::success();
    }

    /// A topic that could not be read for want of an answer stays to be read.
    asio::awaitable<Status> readTopics()
    {
        while (!m_again.empty() && !m_stopped) {
            const base::Digest topic = *m_again.begin();
            const Status done = co_await readTopic(topic);
            if (isPassing(done)) co_return done;
            m_again.erase(topic);
            if (!done.ok()) co_return done;
            if (!m_stopped) m_events.onRead();
        }
        co_return base::success();
    }

    asio::awaitable<Status> readTopic(const base::Digest topic)
    {
        std::uint64_t after = 0;
        for (std::size_t left = kMaxPages; left > 0 && !m_stopped; --left) {
            json::object params{{"topic", topic.hex()}, {"after", after}};
            const Result<json::value> answer = co_await m_client.call("relay_list", std::move(params));
            if (!answer.ok()) co_return answer.error();
            const Result<std::size_t> count = take(*answer, after);
            if (!count.ok()) co_return count.error();
            if (*count == 0) break;
        }
        co_return base::success();
    }

    [[nodiscard]] static bool isPassing(const Status& done)
    {
        return !done.ok() &&
               (net::isConnectionFailure(done.error().code) || done.error().code == net::kRateLimited);
    }

    /// `after`: the highest number so far.
    Result<std::size_t> take(const json::value& answer, std::uint64_t& after)
    {
        BOWLINE_TRY(const json::object object, net::asObject(answer));
        BOWLINE_TRY(const json::array messages, net::fieldArray(object, "messages"));
        for (const json::value& entry : messages) {
            BOWLINE_TRY(const json::object fields, net::asObject(entry));
            BOWLINE_TRY(const std::uint64_t number, net::fieldU64(fields, "number"));
            BOWLINE_TRY(const Bytes bytes, net::fieldHex(fields, "message", kMaxMessage));
            if (number <= after) return base::makeError(net::kBadResponse, "messages out of order");
            after = number;
            const Result<bridge::Message> message = bridge::openMessage(bytes, m_chainId);
            if (message.ok()) m_events.onMessage(*message);
        }
        return messages.size();
    }

    asio::any_io_executor m_executor;
    net::Client m_client;
    asio::steady_timer m_wake;
    std::unique_ptr<net::Subscriber> m_subscriber;
    l2::ChainId m_chainId;
    Events m_events;
    net::Endpoint m_endpoint;
    std::deque<Bytes> m_waiting;
    std::uint64_t m_after = 0;
    std::set<base::Digest> m_again;
    std::string m_trouble;
    bool m_current = false;
    bool m_stopped = false;
};

RelayLink::RelayLink(const asio::any_io_executor& executor, const net::Endpoint& endpoint,
                     const l2::ChainId& chainId, Events events)
    : m_impl(std::make_shared<Impl>(executor, endpoint, chainId, std::move(events)))
{
}

RelayLink::~RelayLink() { stop(); }

void RelayLink::start() { m_impl->start(); }

void RelayLink::stop() { m_impl->stop(); }

void RelayLink::post(Bytes message) { m_impl->post(std::move(message)); }

void RelayLink::readAgain(const base::Digest& topic) { m_impl->readAgain(topic); }

bool RelayLink::isCurrent() const { return m_impl->isCurrent(); }

} // namespace bowline::daemon
