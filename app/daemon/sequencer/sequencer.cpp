// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/sequencer.h"

#include "app/daemon/node/api.h"
#include "app/daemon/relay/relay_api.h"
#include "app/daemon/sequencer/anchors.h"
#include "app/daemon/sequencer/producer.h"
#include "app/daemon/sequencer/seal_proofs.h"
#include "core/base/log.h"
#include "core/net/params.h"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace bowline::daemon {

namespace json = net::json;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

// Of a caller's budget (net::MethodRules): each submission that could run next starts the program once.
constexpr std::uint32_t kSubmitCost = 20;
/// A batch is made after so long whatever is proven.
constexpr std::chrono::minutes kProofPatience{2};

class Sequencer final : public Role {
public:
    Sequencer(const RoleContext& context, std::unique_ptr<base::SystemClock> clock, Relay relay)
        : m_context(context), m_view(context.bitcoin), m_clock(std::move(clock)),
          m_producer(context.node, m_view, context.keys.key("sequencer"), *m_clock), m_refills(m_context),
          m_anchors(m_context, m_refills), m_sealProofs(m_context, m_producer), m_relay(std::move(relay)),
          m_timer(context.executor)
    {
    }

    void addMethods(net::Dispatcher& dispatcher) override
    {
        dispatcher.add("tx_submit", m_context.executor,
                       [this](const json::object& params) -> Result<json::value> {
                           BOWLINE_CHECK(net::onlyFields(params, {"hex"}));
                           BOWLINE_TRY(const base::Bytes bytes,
                                       net::fieldHex(params, "hex", l2::kMaxTransactionBytes));
                           BOWLINE_TRY(const l2::TxHash hash, m_producer.submit(bytes));
                           return json::value{{"hash", hash.hex()}};
                       },
                       {.cost = kSubmitCost});
        dispatcher.add("tx_status", m_context.executor,
                       [this](const json::object& params) -> Result<json::value> {
                           BOWLINE_CHECK(net::onlyFields(params, {"hash"}));
                           BOWLINE_TRY(const auto raw, net::fieldHex32(params, "hash"));
                           return txStatus(l2::TxHash{raw});
                       });
        dispatcher.add("admin_seal_refill", m_context.executor,
                       [this](const json::object& params) -> Result<json::value> {
                           BOWLINE_CHECK(net::onlyFields(params, {"height", "txid"}));
                           BOWLINE_TRY(const auto height, net::fieldU32(params, "height"));
                           BOWLINE_TRY(const auto raw, net::fieldHex32(params, "txid"));
                           base::Txid txid{raw};
                           std::reverse(txid.bytes.begin(), txid.bytes.end()); // as Bitcoin shows it
                           BOWLINE_CHECK(m_refills.look(base::Height{height}, txid));
                           return json::value{{"looking", true}};
                       },
                       {.admin = true});
        addRelayMethods(dispatcher, m_context.executor, m_relay,
                        [this](std::uint64_t number, base::ByteView bytes) {
                            if (m_publish) m_publish("relay", "relay", relayMessageJson(number, bytes));
                        });
    }

    Status start(const Publish& publish) override
    {
        m_producer.gatherBlocksFor(std::chrono::seconds(m_context.options.gatherBlocksSeconds));
        BOWLINE_CHECK(m_producer.restore());
        m_publish = publish;
        schedule(std::chrono::milliseconds(0));
        return success();
    }

    void stop() override
    {
        m_stopped = true;
        m_timer.cancel();
    }

    void describe(json::object& info) const override
    {
        info["waiting"] = m_producer.waiting();
        const auto pending = m_anchors.pending();
        const auto link = m_sealProofs.due();
        info["seal_to_show"] = link.ok() && link->has_value();
        base::Amount refill;
        const auto added = m_refills.usable();
        for (const seal::Seal& each : added.valueOr({})) refill += each.value;
        info["refill"] = refill.sat();
        info["anchor"] = pending ? json::value(pending->displayHex()) : json::value(nullptr);
    }

private:
    void schedule(std::chrono::milliseconds delay)
    {
        m_timer.expires_after(delay);
        m_timer.async_wait([this](const boost::system::error_code& failure) {
            if (!failure && !m_stopped) turn();
        });
    }

    void turn()
    {
        const Result<bool> made = m_producer.step(!isFarAhead());
        const std::string trouble = made ? std::string() : std::string(made.error().code.name());
        if (made.ok() && *made) m_lastMade = std::chrono::steady_clock::now();
        if (!made && trouble != m_trouble) {
            base::logError("sequencer", "no batch: " + trouble + ' ' + made.error().detail);
        }
        m_trouble = trouble;
        report(m_anchors.turn(), "no anchor: ", m_anchorTrouble);
        report(m_sealProofs.turn(), "a seal is not shown to the program: ", m_sealTrouble);
        schedule(std::chrono::milliseconds(m_context.options.intervalMs));
    }

    /// Of the proof: provers would never come up to a sequencer that is faster than they are. Where they stand still, the
    /// layer 2 does not.
    [[nodiscard]] bool isFarAhead() const
    {
        const unsigned most = m_context.options.mostUnproven;
        if (most == 0 || std::chrono::steady_clock::now() - m_lastMade > kProofPatience) return false;
        const auto proven = m_context.proven.head();
        return m_context.node.head().header.height.value >= (proven ? proven->batch.value : 0) + most;
    }

    /// What fails each time is logged once.
    static void report(const Status& done, const char* what, std::string& last)
    {
        const std::string trouble = done.ok() ? std::string() : std::string(done.error().code.name());
        if (!done.ok() && trouble != last)
            base::logError("sequencer", what + trouble + ' ' + done.error().detail);
        last = trouble;
    }

    Result<json::value> txStatus(const l2::TxHash& hash)
    {
        BOWLINE_TRY(auto included, includedJson(m_context.node, hash));
        if (included) return json::value(std::move(*included));
        BOWLINE_TRY(const TxVerdict verdict, m_producer.verdictOf(hash));
        switch (verdict.state) {
        case TxState::Pending: return json::value{{"status", "pending"}};
        case TxState::Rejected: return json::value{{"status", "rejected"}, {"reason", verdict.reason}};
        case TxState::Unknown: break;
        }
        return json::value{{"status", "unknown"}};
    }

    RoleContext m_context;
    BackendView m_view;
    std::unique_ptr<base::SystemClock> m_clock;
    Producer m_producer;
    mutable Refills m_refills;
    Anchors m_anchors;
    SealProofs m_sealProofs;
    Relay m_relay;
    asio::steady_timer m_timer;
    Publish m_publish;
    std::chrono::steady_clock::time_point m_lastMade = std::chrono::steady_clock::now();
    std::string m_trouble;       // the last step's, logged once
    std::string m_anchorTrouble; // likewise
    std::string m_sealTrouble;   // likewise
    bool m_stopped = false;
};

} // namespace

Result<RolePtr> makeSequencer(const RoleContext& context)
{
    const auto own = context.keys.key("sequencer").xOnlyPublicKey();
    if (own != context.network.params.sequencerKey) {
        return makeError(kWrongKey,
                         "the network's sequencer key is " + context.network.params.sequencerKey.hex());
    }
    auto clock = std::make_unique<base::SystemClock>();
    BOWLINE_TRY(Relay relay, Relay::open(context.options.datadir + "/relay.sqlite", context.network, *clock));
    return RolePtr(std::make_unique<Sequencer>(context, std::move(clock), std::move(relay)));
}

} // namespace bowline::daemon
