// SPDX-License-Identifier: MIT
// A node of the layer 2 that answers what the test tells it, over a real socket, and a wallet's view of Bitcoin.
#pragma once

#include "app/services/local/node_link.h"
#include "core/net/server.h"
#include "tests/unit/l2/fixture.h"
#include "tests/unit/proven/fixture.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>

#include <thread>

namespace bowline::test {

namespace json = boost::json;
namespace asio = boost::asio;

/// The wallet's Bitcoin headers, of which it has seen `tip`.
class FakeBackend final : public chain::Backend {
public:
    void show(const MinedChain& blocks, std::uint32_t tip)
    {
        const std::lock_guard lock(m_mutex);
        m_hashes.clear();
        for (std::uint32_t height = MinedChain::kCheckpoint; height <= tip; ++height) {
            m_hashes[height] = *blocks.hashAt({height});
        }
    }
    [[nodiscard]] chain::ChainBlock tip() const override
    {
        const std::lock_guard lock(m_mutex);
        return blockAt(m_hashes.rbegin()->first, m_hashes.rbegin()->second);
    }
    [[nodiscard]] std::optional<chain::ChainBlock> headerAt(base::Height height) const override
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_hashes.find(height.value);
        if (found == m_hashes.end()) return std::nullopt;
        return blockAt(height.value, found->second);
    }

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] std::optional<base::Height> heightOf(const base::BlockHash&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Follower>
    follow(chain::FollowFrom, std::function<void(const chain::BlockEvent&)>) override
    {
        return nullptr;
    }
    [[nodiscard]] chain::StatusPtr status() const override { return std::make_shared<chain::ChainStatus>(); }
    [[nodiscard]] std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)>) override
    {
        return nullptr;
    }
    void fetchBlock(const base::BlockHash&, std::function<void(base::Result<chain::BlockPtr>)>) override {}
    void broadcast(std::vector<bitcoin::Transaction>) override {}
    void forget(const base::Txid&) override {}
    [[nodiscard]] std::optional<chain::BroadcastStatus> broadcastStatus(const base::Txid&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return nullptr;
    }

private:
    static chain::ChainBlock blockAt(std::uint32_t height, const base::BlockHash& hash)
    {
        const auto work = bitcoin::Uint256::fromLittleEndian(proven::test::regtestWork({height}));
        return {{height}, hash, {}, work};
    }
    mutable std::mutex m_mutex;
    std::map<std::uint32_t, base::BlockHash> m_hashes;
};

/// Serves the headers that the test gives it, whatever they are.
class FakeNode {
public:
    FakeNode() : m_server(m_io.get_executor(), methods(), {"heads", "relay"})
    {
        endpoint = *m_server.listen({"127.0.0.1", 0});
        m_thread = std::thread([this] { m_io.run(); });
    }
    ~FakeNode()
    {
        m_server.stop();
        m_guard.reset();
        m_thread.join();
    }
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;
    void serve(std::vector<l2::SignedHeader> headers)
    {
        const std::lock_guard lock(m_mutex);
        m_headers = std::move(headers);
    }
    /// One by one, and in runs.
    [[nodiscard]] int headersServed() const { return m_served; }
    [[nodiscard]] int runsServed() const { return m_runs; }
    /// What chain_headers answers, from its parameters; none: the truth.
    using Run = std::function<std::string(std::size_t first, std::size_t count)>;
    void showRun(Run run)
    {
        const std::lock_guard lock(m_mutex);
        m_showRun = std::move(run);
    }
    /// The truth, for showRun().
    [[nodiscard]] std::string runOf(std::size_t first, std::size_t count) const
    {
        const std::span<const l2::SignedHeader> all = m_headers;
        if (first >= all.size()) return {};
        return base::toHex(l2::encodeHeaders(all.subspan(first, std::min(count, all.size() - first))));
    }
    /// What chain_proof answers from now on.
    void showProof(base::Bytes file, const std::optional<l2::SignedHeader>& header = {})
    {
        const std::lock_guard lock(m_mutex);
        m_proof = {{"proof", base::toHex(file)}};
        if (!header) return;
        m_proof["header"] = base::toHex(header->header.encode());
        m_proof["signature"] = base::toHex(header->signature);
    }
    void showNoProof()
    {
        const std::lock_guard lock(m_mutex);
        m_proof.clear();
    }
    /// What state_get answers, from its parameters.
    using State = std::function<json::object(const json::object&)>;
    void showState(const l2::StateTree& tree)
    {
        showState([this, tree](const json::object& params) {
            const l2::ObjectId object{static_cast<l2::ObjectKind>(params.at("kind").to_number<int>()),
                                      *base::fromHex(params.at("id").as_string())};
            const base::Bytes* value = tree.find(object.key());
            json::object answer = answerOf(m_headers.back()).as_object();
            answer["value"] = value == nullptr ? json::value(nullptr) : json::value(base::toHex(*value));
            answer["proof"] = base::toHex(tree.prove(object.key()).encode());
            return answer;
        });
    }
    void showState(State state)
    {
        const std::lock_guard lock(m_mutex);
        m_state = std::move(state);
    }

    net::Endpoint endpoint;

private:
    static json::value answerOf(const l2::SignedHeader& header)
    {
        return {{"header", base::toHex(header.header.encode())},
                {"signature", base::toHex(header.signature)}};
    }
    net::Dispatcher methods()
    {
        net::Dispatcher out;
        out.add("chain_head", m_io.get_executor(), [this](const json::object&) -> base::Result<json::value> {
            const std::lock_guard lock(m_mutex);
            return answerOf(m_headers.back());
        });
        out.add("chain_header", m_io.get_executor(),
                [this](const json::object& params) -> base::Result<json::value> {
                    const std::lock_guard lock(m_mutex);
                    ++m_served;
                    const auto number = params.at("n").to_number<std::size_t>();
                    if (number >= m_headers.size()) return base::makeError(base::ErrorCode{"node.not-here"});
                    return answerOf(m_headers[number]);
                });
        out.add("chain_headers", m_io.get_executor(),
                [this](const json::object& params) -> base::Result<json::value> {
                    const std::lock_guard lock(m_mutex);
                    ++m_runs;
                    const auto first = params.at("first").to_number<std::size_t>();
                    const auto count = params.at("count").to_number<std::size_t>();
                    if (m_showRun) return json::value(m_showRun(first, count));
                    return json::value(runOf(first, count));
                });
        out.add("chain_proof", m_io.get_executor(), [this](const json::object&) -> base::Result<json::value> {
            const std::lock_guard lock(m_mutex);
            return json::value(m_proof);
        });
        out.add("state_get", m_io.get_executor(),
                [this](const json::object& params) -> base::Result<json::value> {
                    const std::lock_guard lock(m_mutex);
                    if (!m_state) return base::makeError(base::ErrorCode{"node.not-here"});
                    return json::value(m_state(params));
                });
        return out;
    }

    std::mutex m_mutex;
    json::object m_proof;
    State m_state;
    std::vector<l2::SignedHeader> m_headers;
    Run m_showRun;
    std::atomic<int> m_served = 0;
    std::atomic<int> m_runs = 0;
    asio::io_context m_io{1};
    asio::executor_work_guard<asio::io_context::executor_type> m_guard = asio::make_work_guard(m_io);
    net::Server m_server;
    std::thread m_thread;
};

} // namespace bowline::test
