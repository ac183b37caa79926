// SPDX-License-Identifier: MIT
#include "app/daemon/node/proof_poll.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bowline::daemon {

namespace json = net::json;
using base::Result;
using base::Status;
using base::success;

namespace {

// A proof takes minutes to be made.
constexpr std::chrono::seconds kPause{2};

struct Shown {
    base::Bytes file;
    std::optional<l2::SignedHeader> header;
};

/// Nothing: the source has nothing newer.
Result<std::optional<Shown>> parseAnswer(const json::value& answer)
{
    BOWLINE_TRY(const json::object object, net::asObject(answer));
    if (object.empty()) return std::optional<Shown>();
    Shown out;
    BOWLINE_TRY(out.file, net::fieldHex(object, "proof", kMaxProofFile));
    if (net::hasField(object, "header")) {
        BOWLINE_TRY(const base::Bytes header, net::fieldHex(object, "header", l2::BatchHeader::kSize));
        BOWLINE_TRY(const base::Bytes signature, net::fieldHex(object, "signature", 64));
        out.header.emplace();
        BOWLINE_TRY(out.header->header, l2::parseBatchHeader(header));
        BOWLINE_TRY(out.header->signature, base::toArray<64>(signature));
    }
    return std::optional(std::move(out));
}

/// What passes by itself, or is no news: the own Bitcoin chain or the own batches come later than the proof.
bool isQuiet(const base::Error& error)
{
    return error.code == proven::kNotNewer || error.code == proven::kNoHeader ||
           error.code == proven::kL1Behind || error.code == proven::kNoKeys ||
           error.code == net::kUnreachable;
}

} // namespace

class ProofPoll::Impl : public std::enable_shared_from_this<ProofPoll::Impl> {
public:
    Impl(asio::any_io_executor executor, ProvenChain& proven)
        : m_executor(std::move(executor)), m_proven(proven)
    {
    }

    void start(const std::vector<net::Endpoint>& endpoints)
    {
        for (const net::Endpoint& endpoint : endpoints) {
            auto source = std::make_shared<Source>(m_executor, endpoint);
            m_sources.push_back(source);
            auto run = [self = shared_from_this(), source]() -> asio::awaitable<void> {
                co_await self->run(source);
            };
            asio::co_spawn(m_executor, std::move(run), asio::detached);
        }
    }

    void stop()
    {
        m_stopped = true;
        for (const auto& source : m_sources) source->pause.cancel();
    }

private:
    struct Source {
        Source(const asio::any_io_executor& executor, const net::Endpoint& endpoint)
            : client(executor, endpoint), pause(executor)
        {
        }
        net::Client client;
        asio::steady_timer pause;
        std::string trouble; // the last one, logged once
    };
    using SourcePtr = std::shared_ptr<Source>;

    asio::awaitable<void> run(SourcePtr source)
    {
        while (!m_stopped) {
            const Status done = co_await ask(*source);
            if (m_stopped) co_return;
            report(*source, done);
            source->pause.expires_after(kPause);
            co_await source->pause.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    asio::awaitable<Status> ask(Source& source)
    {
        json::object params;
        if (const auto proven = m_proven.head()) params["after"] = proven->batch.value;
        const Result<json::value> answer = co_await source.client.call("chain_proof", std::move(params));
        if (m_stopped) co_return success();
        if (!answer) co_return answer.error();
        Result<std::optional<Shown>> shown = parseAnswer(*answer);
        if (!shown) co_return shown.error();
        if (!*shown) co_return success();
        co_return m_proven.offer(std::move((*shown)->file), (*shown)->header);
    }

    static void report(Source& source, const Status& done)
    {
        const std::string text =
            done.ok() ? std::string() : std::string(done.error().code.name()) + ' ' + done.error().detail;
        if (!done.ok() && text != source.trouble && !isQuiet(done.error()))
            base::logWarning("proven", source.client.endpoint().text() + ": " + text);
        source.trouble = text;
    }

    asio::any_io_executor m_executor;
    ProvenChain& m_proven;
    std::vector<SourcePtr> m_sources;
    bool m_stopped = false;
};

ProofPoll::ProofPoll(const asio::any_io_executor& executor, ProvenChain& proven,
                     std::vector<net::Endpoint> sources)
    : m_impl(std::make_shared<Impl>(executor, proven)), m_sources(std::move(sources))
{
}

ProofPoll::~ProofPoll() { stop(); }

void ProofPoll::start() { m_impl->start(m_sources); }

void ProofPoll::stop() { m_impl->stop(); }

} // namespace bowline::daemon
