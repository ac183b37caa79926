// SPDX-License-Identifier: MIT
// A light client under observation: what its callbacks said, in order, and waiting for it.
#pragma once

#include "core/chain/p2p_client.h"

#include <QTest>

#include <condition_variable>
#include <mutex>

namespace bowline::test {

/// Collects the events of one follower. Thread-safe.
class EventLog {
public:
    void add(const chain::BlockEvent& event)
    {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(event);
        m_changed.notify_all();
    }
    [[nodiscard]] std::vector<chain::BlockEvent> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_events;
    }
    void clear()
    {
        const std::lock_guard lock(m_mutex);
        m_events.clear();
    }
    /// Waits until the events fulfil the condition.
    template <typename Condition>
    bool waitUntil(Condition condition, std::chrono::milliseconds patience = std::chrono::seconds(30))
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, patience, [&] { return condition(m_events); });
    }
    bool waitForBlock(std::uint32_t height, std::chrono::milliseconds patience = std::chrono::seconds(30))
    {
        return waitUntil(
            [&](const std::vector<chain::BlockEvent>& events) {
                for (const auto& event : events) {
                    const auto* connected = std::get_if<chain::BlockConnected>(&event);
                    if (connected != nullptr && !connected->again && connected->height.value == height)
                        return true;
                }
                return false;
            },
            patience);
    }
    [[nodiscard]] std::vector<chain::BlockConnected> connected(bool again = false) const
    {
        std::vector<chain::BlockConnected> out;
        for (const auto& event : all()) {
            const auto* one = std::get_if<chain::BlockConnected>(&event);
            if (one != nullptr && one->again == again) out.push_back(*one);
        }
        return out;
    }
    /// Blocks delivered whole.
    [[nodiscard]] std::vector<chain::BlockConnected> matched(bool again = false) const
    {
        std::vector<chain::BlockConnected> out = connected(again);
        std::erase_if(out, [](const chain::BlockConnected& one) { return one.block == nullptr; });
        return out;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<chain::BlockEvent> m_events;
};

class Client {
public:
    Client(const std::string& folder, std::vector<std::string> peers)
    {
        chain::P2pOptions options;
        options.params = bitcoin::chainParams(bitcoin::Network::Regtest);
        options.storePath = folder + "/chain.sqlite";
        options.peers = std::move(peers);
        options.retryFirst = chain::Millis(50);
        start(std::move(options));
    }
    explicit Client(chain::P2pOptions options) { start(std::move(options)); }

    void stop() { m_backend->stop(); }
    chain::Backend* operator->() { return m_backend.get(); }
    chain::Backend& operator*() { return *m_backend; }
    std::unique_ptr<chain::Follower> follow(EventLog& log, chain::FollowFrom from)
    {
        return m_backend->follow(std::move(from), [&log](const chain::BlockEvent& event) { log.add(event); });
    }
    template <typename Condition>
    bool waitStatus(Condition condition, int patienceMillis = 30'000)
    {
        return QTest::qWaitFor([&] { return condition(*m_backend->status()); }, patienceMillis);
    }
    bool waitSynced(std::uint32_t height)
    {
        return waitStatus([&](const chain::ChainStatus& status) {
            return status.progress.synced && status.tip.height.value >= height;
        });
    }

private:
    void start(chain::P2pOptions options)
    {
        m_backend = chain::makeP2pClient(std::move(options));
        const base::Status started = m_backend->start();
        if (!started.ok()) qFatal("client: %s", started.error().detail.c_str());
    }
    std::unique_ptr<chain::Backend> m_backend;
};

} // namespace bowline::test
