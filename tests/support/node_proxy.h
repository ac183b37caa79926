// SPDX-License-Identifier: MIT
// Stands between a client and a real node and lies for the test: whole requests and answers are dropped, held back,
// reordered, repeated, swapped or changed, over HTTP and over the WebSocket. Without a lie everything passes.
//
// NodeTap cuts lines at a byte; this speaks the protocol, so that what it makes up has the form of an answer.
#pragma once

#include "core/net/client.h"
#include "core/net/server.h"
#include "core/net/subscriber.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace bowline::test {

class NodeProxy {
public:
    using Answer = base::Result<net::json::value>;
    /// Puts a request to the node behind.
    using Ask = std::function<Answer(const std::string& method, net::json::object params)>;
    /// The answer to a request: the node's own, or anything else. Runs on one of some threads and may take its time.
    using Lie =
        std::function<Answer(const std::string& method, const net::json::object& params, const Ask& ask)>;

    /// Ends the test program with a message when there is no port to listen on.
    explicit NodeProxy(net::Endpoint node);
    ~NodeProxy();
    NodeProxy(const NodeProxy&) = delete;
    NodeProxy& operator=(const NodeProxy&) = delete;

    /// Where clients connect: "127.0.0.1:port".
    [[nodiscard]] std::string address() const { return m_own.text(); }

    /// From the next request on. Notifications pass, unless `muted`.
    void lie(Lie lie, bool muted = false);
    /// Everything passes again.
    void tellTheTruth() { lie(nullptr); }
    /// This node stands behind from now on. Only the first one's notifications are passed on, and only while it does.
    void serve(net::Endpoint node);
    /// Tells subscribers that there is a new head, so that they ask at once.
    void announceHead(const net::json::object& head) { m_server->publish("heads", "head", head); }
    /// How often a method was asked for.
    [[nodiscard]] std::size_t asked(const std::string& method) const;

private:
    [[nodiscard]] Answer answer(const std::string& method, const net::json::object& params);
    void subscribe();

    const net::Endpoint m_first; // whose notifications are passed on
    mutable std::mutex m_mutex;  // of the four below
    net::Endpoint m_node;
    Lie m_lie;
    bool m_muted = false;
    std::map<std::string, std::size_t> m_asked;
    net::Endpoint m_own;
    boost::asio::thread_pool m_handlers{6};
    boost::asio::io_context m_io{1};
    std::unique_ptr<net::Server> m_server;
    std::unique_ptr<net::Subscriber> m_subscriber;
    std::thread m_thread;
};

} // namespace bowline::test
