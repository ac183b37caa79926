// SPDX-License-Identifier: MIT
#include "app/daemon/node/follower.h"

#include "app/daemon/node/evidence.h"
#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bowline::daemon {

namespace json = net::json;
using base::BatchNumber;
using base::Bytes;
using base::makeError;
using base::Result;
using base::Status;
using base::success;
using std::chrono::milliseconds;

namespace {

// Heads come by subscription; this is for notifications that were lost.
constexpr milliseconds kPollPause{5'000};
// Our own Bitcoin node is a moment behind the source's.
constexpr milliseconds kBehindPause{250};
constexpr milliseconds kTroublePause{2'000};

/// A node that batches are taken from.
struct Source {
    Source(const asio::any_io_executor& executor, const net::Endpoint& endpoint)
        : client(executor, endpoint), wake(executor), status{endpoint, false, {}, {}}
    {
    }
    net::Client client;
    std::unique_ptr<net::Subscriber> subscriber;
    asio::steady_timer wake;
    UpstreamStatus status;
};

Result<l2::SignedHeader> parseHead(const json::value& answer)
{
    BOWLINE_TRY(const json::object object, net::asObject(answer));
    BOWLINE_TRY(const Bytes header, net::fieldHex(object, "header", l2::BatchHeader::kSize));
    BOWLINE_TRY(const Bytes signature, net::fieldHex(object, "signature", 64));
    l2::SignedHeader out;
    BOWLINE_TRY(out.header, l2::parseBatchHeader(header));
    BOWLINE_TRY(out.signature, base::toArray<64>(signature));
    return out;
}

} // namespace

class Follower::Impl : public std::enable_shared_from_this<Follower::Impl> {
public:
    Impl(asio::any_io_executor executor, L2Node& node) : m_executor(std::move(executor)), m_node(node) {}

    void start(const std::vector<net::Endpoint>& endpoints)
    {
        for (const net::Endpoint& endpoint : endpoints) {
            auto source = std::make_shared<Source>(m_executor, endpoint);
            m_sources.push_back(source);
            subscribe(source);
            auto run = [self = shared_from_this(), source]() -> asio::awaitable<void> {
                co_await self->run(source);
            };
            asio::co_spawn(m_executor, std::move(run), asio::detached);
        }
    }

    void stop()
    {
        m_stopped = true;
        for (const auto& source : m_sources) {
            source->subscriber->stop();
            source->wake.cancel();
        }
    }

    [[nodiscard]] std::vector<UpstreamStatus> status() const
    {
        std::vector<UpstreamStatus> out;
        for (const auto& source : m_sources) out.push_back(source->status);
        return out;
    }

private:
    using SourcePtr = std::shared_ptr<Source>;

    void subscribe(const SourcePtr& source)
    {
        const std::weak_ptr<Source> weak = source;
        const auto wake = [weak](bool connected) {
            const SourcePtr held = weak.lock();
            if (!held) return;
            held->status.connected = connected;
            // Ends the pause, or the next one when the source is at work right now.
            if (connected) held->wake.expires_at(asio::steady_timer::time_point::min());
        };
        net::Subscriber::Events events{
            [wake] { wake(true); },
            [wake](const base::Error&) { wake(false); },
            [wake](std::string_view, const json::object&) { wake(true); },
        };
        source->subscriber = std::make_unique<net::Subscriber>(
            m_executor, source->status.endpoint, std::vector<std::string>{"heads"}, std::move(events));
        source->subscriber->start();
    }

    asio::awaitable<void> run(SourcePtr source)
    {
        while (!m_stopped) {
            // Set before the work, so that a head that is announced meanwhile is not missed.
            source->wake.expires_after(kPollPause);
            const Status done = co_await catchUp(*source);
            if (m_stopped) co_return;
            if (!done.ok()) {
                report(*source, done.error());
                const bool behind = done.error().code == kL1Behind || done.error().code == kL1Elsewhere;
                source->wake.expires_after(behind ? kBehindPause : kTroublePause);
            } else {
                source->status.lastError.clear();
            }
            co_await source->wake.async_wait(asio::as_tuple(asio::use_awaitable));
        }
    }

    void report(Source& source, const base::Error& error)
    {
        const std::string text = std::string(error.code.name()) + ' ' + error.detail;
        if (text != source.status.lastError) {
            base::logWarning("follower", source.status.endpoint.text() + ": " + text);
        }
        source.status.lastError = text;
    }

    /// Until our head is the source's.
    asio::awaitable<Status> catchUp(Source& source)
    {
        Result<l2::SignedHeader> theirs = co_await fetchHead(source);
        if (!theirs) co_return theirs.error();
        const BatchNumber target = theirs->header.height;
        source.status.head = target;
        while (!m_stopped) {
            const l2::BatchHeader own = m_node.head().header;
            if (own.height >= target) co_return co_await compareBelow(source, theirs->header);
            Result<l2::SignedBatch> batch = co_await fetchBatch(source, {own.height.value + 1});
            if (!batch) co_return batch.error();
            if (m_node.head().header != own) continue; // another source was quicker
            if (batch->head.header.parent == own.hash()) {
                Status applied = m_node.applyBatch(*batch);
                if (!applied.ok()) co_return applied;
                continue;
            }
            Status replaced = co_await replace(source, own.height);
            if (!replaced.ok()) co_return replaced;
        }
        co_return success();
    }

    /// The source is at our height or below: nothing to do unless its batches are others.
    asio::awaitable<Status> compareBelow(Source& source, const l2::BatchHeader theirs)
    {
        const auto own = m_node.store().header(theirs.height);
        if (!own) co_return own.error();
        if (own->header == theirs) co_return success();
        Status replaced = co_await replace(source, theirs.height);
        co_return replaced;
    }

    /// The source has other batches than we somewhere up to `highest`. Takes its first one instead of ours when
    /// ours fell off Bitcoin (rules A7, B12).
    asio::awaitable<Status> replace(Source& source, BatchNumber highest)
    {
        const l2::BatchHeader before = m_node.head().header;
        Result<BatchNumber> fork = co_await findFork(source, highest);
        if (!fork) co_return fork.error();
        Result<l2::SignedBatch> theirs = co_await fetchBatch(source, {fork->value + 1});
        if (!theirs) co_return theirs.error();
        if (m_node.head().header != before) co_return success(); // looked at anew by the next round
        if (before.height <= *fork) co_return success();
        const auto ours = m_node.store().header({fork->value + 1});
        if (!ours) co_return ours.error();
        Status allowed = mayReplace(*ours, theirs->head);
        if (!allowed.ok()) co_return allowed;
        Status undone = m_node.rollbackTo(*fork);
        if (!undone.ok()) co_return undone;
        co_return m_node.applyBatch(*theirs);
    }

    Status mayReplace(const l2::SignedHeader& ours, const l2::SignedHeader& theirs)
    {
        const L1Place ourPlace = m_node.placeOf(ours.header);
        const L1Place theirPlace = m_node.placeOf(theirs.header);
        if (theirPlace == L1Place::Stands && ourPlace == L1Place::Left) return success();
        if (theirPlace == L1Place::Stands && ourPlace == L1Place::Stands && ours.header != theirs.header) {
            // Both blocks are on one chain, so no reorg explains two signatures.
            const std::string which = "batch " + std::to_string(ours.header.height.value);
            BOWLINE_TRY(const bool fresh, keepEquivocation(m_node.store(), {ours, theirs}));
            if (fresh)
                base::logError("follower", "the sequencer signed two of " + which + "; the evidence is kept");
            return makeError(kConflict, which);
        }
        return makeError(theirPlace == L1Place::Left ? kL1Elsewhere : kL1Behind,
                         "batch " + std::to_string(theirs.header.height.value));
    }

    /// The last batch that both have. Headers are linked by hash, so equality is a prefix and halving finds it.
    asio::awaitable<Result<BatchNumber>> findFork(Source& source, BatchNumber highest)
    {
        std::uint64_t same = 0;
        std::uint64_t other = highest.value + 1;
        while (other - same > 1) {
            const BatchNumber middle{same + (other - same) / 2};
            Result<l2::SignedHeader> theirs = co_await fetchHeader(source, middle);
            if (!theirs) co_return theirs.error();
            const auto ours = m_node.store().header(middle);
            if (!ours) co_return makeError(kNotNext, "the head moved meanwhile");
            if (ours->header == theirs->header) {
                same = middle.value;
            } else {
                other = middle.value;
            }
        }
        co_return BatchNumber{same};
    }

    asio::awaitable<Result<l2::SignedHeader>> fetchHead(Source& source)
    {
        Result<json::value> answer = co_await source.client.call("chain_head");
        if (!answer) co_return answer.error();
        co_return checked(parseHead(*answer));
    }

    asio::awaitable<Result<l2::SignedHeader>> fetchHeader(Source& source, BatchNumber number)
    {
        json::object params{{"n", number.value}};
        Result<json::value> answer = co_await source.client.call("chain_header", std::move(params));
        if (!answer) co_return answer.error();
        Result<l2::SignedHeader> out = checked(parseHead(*answer));
        if (out && out->header.height != number) co_return makeError(net::kBadResponse, "another batch");
        co_return out;
    }

    asio::awaitable<Result<l2::SignedBatch>> fetchBatch(Source& source, BatchNumber number)
    {
        json::object params{{"n", number.value}};
        Result<json::value> answer = co_await source.client.call("chain_batch", std::move(params));
        if (!answer) co_return answer.error();
        if (!answer->is_string()) co_return makeError(net::kBadResponse, "no batch");
        const Result<Bytes> bytes = base::fromHex(answer->get_string());
        if (!bytes) co_return bytes.error();
        Result<l2::SignedBatch> batch = l2::parseSignedBatch(*bytes);
        if (!batch) co_return batch.error();
        const Result<l2::SignedHeader> head = checked(Result<l2::SignedHeader>(batch->head));
        if (!head) co_return head.error();
        if (batch->head.header.height != number) co_return makeError(net::kBadResponse, "another batch");
        co_return batch;
    }

    /// Of our layer 2 and signed by its sequencer. Genesis is unsigned and known to everybody.
    Result<l2::SignedHeader> checked(Result<l2::SignedHeader> head) const
    {
        if (!head) return head;
        if (head->header.chainId != m_node.chainId()) return makeError(kOtherChain, "the source's layer 2");
        if (head->header.height.value == 0) return head;
        BOWLINE_CHECK(l2::checkHeaderSignature(*head, m_node.params().sequencerKey));
        return head;
    }

    asio::any_io_executor m_executor;
    L2Node& m_node;
    std::vector<SourcePtr> m_sources;
    bool m_stopped = false;
};

Follower::Follower(const asio::any_io_executor& executor, L2Node& node, std::vector<net::Endpoint> sources)
    : m_impl(std::make_shared<Impl>(executor, node)), m_sources(std::move(sources))
{
}

Follower::~Follower() { stop(); }

void Follower::start() { m_impl->start(m_sources); }

void Follower::stop() { m_impl->stop(); }

std::vector<UpstreamStatus> Follower::status() const { return m_impl->status(); }

} // namespace bowline::daemon
