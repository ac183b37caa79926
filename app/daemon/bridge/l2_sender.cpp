// SPDX-License-Identifier: MIT
#include "app/daemon/bridge/l2_sender.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <chrono>
#include <map>

namespace bowline::daemon {

namespace json = net::json;
using base::Result;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kMintPause{3};
constexpr std::chrono::seconds kQueryPause{2};

} // namespace

class L2Sender::Impl : public std::enable_shared_from_this<L2Sender::Impl> {
public:
    Impl(const asio::any_io_executor& executor, const net::Endpoint& sequencer, const L2Node& node,
         std::function<void()> changed)
        : m_executor(executor), m_client(executor, sequencer), m_node(node), m_changed(std::move(changed))
    {
    }

    [[nodiscard]] bool isIdle() const { return !m_flight; }

    Result<l2::TxHash> send(const l2::Payload& payload, const crypto::PrivateKey& key, std::string_view what)
    {
        if (m_flight) return base::makeError(kNotReady, m_flight->what);
        BOWLINE_TRY(const l2::Account account, m_node.account(key.xOnlyPublicKey()));
        l2::Transaction transaction;
        transaction.nonce = account.nonce;
        transaction.fee = m_node.params().minFee;
        transaction.payload = payload;
        BOWLINE_TRY(transaction, l2::signTransaction(std::move(transaction), m_node.chainId(), key));
        m_flight = Flight{transaction.hash(), transaction.nonce, key.xOnlyPublicKey(), std::string(what),
                          steady_clock::now() + kQueryPause};
        submit(transaction, m_flight->what);
        return m_flight->hash;
    }

    void sendMint(const l2::Transaction& mint)
    {
        steady_clock::time_point& next = m_mints[mint.hash()];
        if (steady_clock::now() < next) return;
        next = steady_clock::now() + kMintPause;
        submit(mint, "mint");
    }

    void poll()
    {
        if (!m_flight) return;
        const Result<l2::Account> account = m_node.account(m_flight->sender);
        if (account.ok() && account->nonce > m_flight->nonce) {
            m_flight.reset();
        } else if (steady_clock::now() >= m_flight->nextQuery) {
            m_flight->nextQuery = steady_clock::now() + kQueryPause;
            query(m_flight->hash);
        }
    }

    void stop() { m_stopped = true; }

private:
    struct Flight {
        l2::TxHash hash;
        std::uint64_t nonce = 0;
        base::XOnlyPublicKey sender;
        std::string what;
        steady_clock::time_point nextQuery;
    };

    void call(std::string method, json::object params, std::function<void(const Result<json::value>&)> done)
    {
        auto run = [self = shared_from_this(), method = std::move(method), params = std::move(params),
                    done = std::move(done)]() -> asio::awaitable<void> {
            const Result<json::value> answer = co_await self->m_client.call(method, params);
            if (!self->m_stopped) done(answer);
        };
        asio::co_spawn(m_executor, std::move(run), asio::detached);
    }

    void submit(const l2::Transaction& transaction, const std::string& what)
    {
        const l2::TxHash hash = transaction.hash();
        call("tx_submit", {{"hex", base::toHex(transaction.encode())}},
             [this, hash, what](const Result<json::value>& answer) {
                 if (!answer.ok())
                     giveUp(hash, what,
                            std::string(answer.error().code.name()) + ' ' + answer.error().detail);
             });
    }

    void query(const l2::TxHash& hash)
    {
        call("tx_status", {{"hash", hash.hex()}}, [this, hash](const Result<json::value>& answer) {
            if (!answer.ok() || !answer->is_object() || !m_flight || m_flight->hash != hash) return;
            const Result<std::string> status = net::fieldText(answer->get_object(), "status");
            if (!status.ok()) return;
            if (*status == "rejected" || *status == "unknown") {
                const Result<std::string> reason = net::fieldText(answer->get_object(), "reason");
                giveUp(hash, m_flight->what, *status + ' ' + reason.valueOr(""));
            }
        });
    }

    void giveUp(const l2::TxHash& hash, const std::string& what, const std::string& why)
    {
        if (m_lastTrouble != what + why) base::logWarning("bridge", what + " was not taken: " + why);
        m_lastTrouble = what + why;
        if (m_flight && m_flight->hash == hash) m_flight.reset();
        m_changed();
    }

    asio::any_io_executor m_executor;
    net::Client m_client;
    const L2Node& m_node;
    std::function<void()> m_changed;
    std::optional<Flight> m_flight;
    std::map<l2::TxHash, steady_clock::time_point> m_mints;
    std::string m_lastTrouble;
    bool m_stopped = false;
};

L2Sender::L2Sender(const asio::any_io_executor& executor, const net::Endpoint& sequencer, const L2Node& node,
                   std::function<void()> changed)
    : m_impl(std::make_shared<Impl>(executor, sequencer, node, std::move(changed)))
{
}

L2Sender::~L2Sender() { stop(); }

bool L2Sender::isIdle() const { return m_impl->isIdle(); }

Result<l2::TxHash> L2Sender::send(const l2::Payload& payload, const crypto::PrivateKey& key,
                                  std::string_view what)
{
    return m_impl->send(payload, key, what);
}

void L2Sender::sendMint(const l2::Transaction& mint) { m_impl->sendMint(mint); }

void L2Sender::poll() { m_impl->poll(); }

void L2Sender::stop() { m_impl->stop(); }

} // namespace bowline::daemon
