// SPDX-License-Identifier: MIT
#include "tests/support/node_proxy.h"

#include <QtGlobal>

#include <boost/asio/executor_work_guard.hpp>

namespace bowline::test {

namespace json = net::json;

namespace {
// docs/protocol.md, section 7, and what the roles add.
constexpr const char* kMethods[] = {
    "node_info",    "chain_head",     "chain_header",    "chain_batch",    "tx_submit",
    "tx_status",    "state_get",      "account_history", "claims_proof",   "withdrawals_list",
    "vaults_list",  "relay_post",     "relay_list",      "chain_evidence", "bridge_evidence",
    "tx_proof",     "chain_receipts", "batch_counts",    "objects_list",   "chain_proof",
    "chain_headers"};
} // namespace

NodeProxy::NodeProxy(net::Endpoint node) : m_first(std::move(node)), m_node(m_first)
{
    net::Dispatcher dispatcher;
    for (const char* method : kMethods) {
        dispatcher.add(
            method, m_handlers.get_executor(),
            [this, name = std::string(method)](const json::object& params) { return answer(name, params); });
    }
    m_server = std::make_unique<net::Server>(m_io.get_executor(), std::move(dispatcher),
                                             std::vector<std::string>{"heads", "relay"});
    const auto bound = m_server->listen({"127.0.0.1", 0});
    if (!bound.ok()) qFatal("no port to listen on: %s", bound.error().detail.c_str());
    m_own = *bound;
    subscribe();
    m_thread = std::thread([this] {
        const auto guard = boost::asio::make_work_guard(m_io);
        m_io.run();
    });
}

NodeProxy::~NodeProxy()
{
    m_subscriber->stop();
    m_server->stop();
    m_handlers.join();
    m_io.stop();
    m_thread.join();
}

void NodeProxy::subscribe()
{
    net::Subscriber::Events events{[] {}, [](const base::Error&) {},
                                   [this](std::string_view method, const json::object& params) {
                                       {
                                           const std::lock_guard lock(m_mutex);
                                           if (m_muted) return;
                                       }
                                       m_server->publish(method == "head" ? "heads" : "relay", method,
                                                         params);
                                   }};
    m_subscriber = std::make_unique<net::Subscriber>(
        m_io.get_executor(), m_first, std::vector<std::string>{"heads", "relay"}, std::move(events));
    m_subscriber->start();
}

void NodeProxy::lie(Lie lie, bool muted)
{
    const std::lock_guard lock(m_mutex);
    m_lie = std::move(lie);
    m_muted = muted;
}

void NodeProxy::serve(net::Endpoint node)
{
    const std::lock_guard lock(m_mutex);
    m_node = std::move(node);
    m_muted = m_node != m_first;
}

std::size_t NodeProxy::asked(const std::string& method) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_asked.find(method);
    return found == m_asked.end() ? 0 : found->second;
}

NodeProxy::Answer NodeProxy::answer(const std::string& method, const json::object& params)
{
    Lie lie;
    net::Endpoint node;
    {
        const std::lock_guard lock(m_mutex);
        ++m_asked[method];
        lie = m_lie;
        node = m_node;
    }
    const Ask ask = [&node](const std::string& name, json::object arguments) {
        return net::BlockingClient(node).call(name, std::move(arguments));
    };
    return lie ? lie(method, params, ask) : ask(method, params);
}

} // namespace bowline::test
