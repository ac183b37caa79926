// SPDX-License-Identifier: MIT
#include "app/daemon/signer/signer.h"

#include "app/daemon/bridge/bridge_state.h"
#include "core/base/log.h"
#include "core/bridge/depositor.h"
#include "core/bridge/operator.h"
#include "core/net/params.h"

namespace bowline::daemon {

namespace json = net::json;
using base::Bytes;
using base::Result;
using base::Status;
using bridge::Message;
using bridge::MessageType;

namespace {

/// Turns (of about a second) without a message before the own ones are posted once more.
constexpr std::uint32_t kSilentTurns = 10;
constexpr std::size_t kMaxTopics = 4'096;
constexpr std::size_t kMaxPerTopic = 4'096;
/// Requests that nothing on the chain answers to: strangers can post as many as they like.
constexpr std::size_t kMaxOpenRequests = 1'024;

void report(std::string_view what, const Status& status)
{
    if (status.ok()) return;
    base::logError("signer", std::string(what) + ": " + std::string(status.error().code.name()) + ' ' +
                                 status.error().detail);
}

} // namespace

Signer::Signer(const RoleContext& context, bridge::ContextPtr bridge, std::size_t index, SignerStore store,
               const net::Endpoint& sequencer)
    : m_context(context), m_bridge(std::move(bridge)), m_index(index), m_store(std::move(store)),
      m_turns(context.executor, [this] { turn(); }),
      m_feed(context.executor, context.bitcoin, context.network.params.checkpointHeight,
             [this] { m_turns.wake(); }),
      m_sender(context.executor, sequencer, context.node, [this] { m_turns.wake(); }),
      m_relay(context.executor, sequencer, m_bridge->chainId,
              {[this](const Message& message) { onMessage(message); }, [this] { m_turns.wake(); }})
{
}

void Signer::addMethods(net::Dispatcher& dispatcher)
{
    // What this member can prove against others: anybody may ask for it and check it.
    dispatcher.add("bridge_evidence", m_context.executor,
                   [this](const json::object& params) -> Result<json::value> {
                       BOWLINE_CHECK(net::onlyFields(params, {}));
                       BOWLINE_TRY(const auto all, m_store.evidence());
                       json::array out;
                       for (const bridge::Evidence& evidence : all) {
                           out.push_back({{"fault", bridge::faultName(evidence.fault)},
                                          {"accused", evidence.accused.hex()},
                                          {"evidence", base::toHex(evidence.serialize())}});
                       }
                       return json::value{{"evidence", std::move(out)}};
                   });
}

std::vector<Bytes> Signer::fixedScripts() const
{
    std::vector<Bytes> out;
    for (const base::XOnlyPublicKey& key : m_context.network.operators) {
        const auto funding = bridge::kickoffFunding(m_context.network.params, key);
        if (funding.ok()) out.push_back(funding->scriptPubKey);
    }
    return out;
}

Status Signer::start(const Publish&)
{
    m_feed.start(fixedScripts());
    BOWLINE_TRY(std::vector<KeptDeposit> kept, m_store.deposits());
    for (KeptDeposit& deposit : kept) openDeposit(deposit.terms, std::move(deposit.memory));
    m_context.node.onHead([this](const HeadChange&) { m_turns.wake(); });
    m_relay.start();
    m_turns.start();
    return base::success();
}

void Signer::stop()
{
    m_turns.stop();
    m_relay.stop();
    m_sender.stop();
    m_feed.stop();
}

void Signer::describe(json::object& info) const
{
    json::object phases;
    for (const auto& [request, ceremony] : m_ceremonies) {
        phases[bitcoin::toString(request)] = bridge::phaseName(ceremony->phase());
    }
    info["member"] = m_index;
    info["ceremonies"] = std::move(phases);
    info["graphs"] = m_graphs.size();
}

void Signer::onMessage(const Message& message)
{
    m_silentTurns = 0;
    std::vector<Message>& known = m_messages[message.topic];
    if (known.size() < kMaxPerTopic) known.push_back(message);
    if (m_messages.size() > kMaxTopics) m_messages.erase(m_messages.begin());
    for (auto& [request, ceremony] : m_ceremonies) {
        if (ceremony->log().deposit().id() == message.topic) ceremony->add(message);
    }
    if (message.type != MessageType::Request) return;
    const Result<bridge::Payload> payload = bridge::decodePayload(message);
    if (!payload.ok()) return;
    const auto& request = std::get<bridge::RequestPayload>(*payload);
    if (request.refundKey != message.sender || m_ceremonies.contains(request.request)) return;
    openDeposit({request.request, request.refundKey, request.recipient, request.value}, {});
}

void Signer::openDeposit(const bridge::DepositTerms& terms, bridge::MemberMemory memory)
{
    const auto deposit = bridge::Deposit::create(m_bridge, terms);
    if (!deposit.ok()) return;
    const bool isNew = memory.joinedAttempt == 0 && !memory.signedGraph;
    if (isNew && m_ceremonies.size() - m_graphs.size() >= kMaxOpenRequests) return;
    const std::optional<bridge::SignedGraph> kept = memory.signedGraph;
    auto ceremony = bridge::MemberCeremony::create(*deposit, m_index, m_context.keys.key("vault"),
                                                   m_context.keys.key("message"), std::move(memory));
    if (!ceremony.ok()) return report("deposit", ceremony.error());
    auto owned = std::make_unique<bridge::MemberCeremony>(std::move(*ceremony));
    for (const Message& message : m_messages[deposit->id()]) owned->add(message);
    m_ceremonies[terms.request] = std::move(owned);
    // A request older than the refund time is of no use to anybody; kept ones are looked for from the start.
    const base::Height tip = m_context.bitcoin.tip().height;
    const std::uint32_t back = isNew ? std::min(tip.value, m_context.network.params.refundBlocks) : tip.value;
    m_feed.watch({deposit->requestOutput().scriptPubKey}, {tip.value - back});
    if (kept) watchGraph(*kept);
}

void Signer::watchGraph(const bridge::SignedGraph& kept)
{
    if (m_graphs.contains(kept.terms.request)) return;
    auto graph = kept.open(m_bridge);
    if (!graph.ok()) return report("kept graph", graph.error());
    std::vector<Bytes> scripts{graph->deposit().vaultOutput().scriptPubKey};
    for (const bridge::OperatorGraph& own : graph->operators()) {
        scripts.push_back(own.connectorScripts().scriptPubKey());
    }
    m_graphs.emplace(kept.terms.request, std::move(*graph));
    const auto* request = m_feed.facts().find(kept.terms.request);
    m_feed.watch(scripts, request != nullptr ? request->height : base::Height{});
}

void Signer::turn()
{
    // Before both views are complete, what looks missing may only be late.
    if (!m_relay.isCurrent() || !m_feed.isCurrent()) return;
    m_sender.poll();
    for (auto& [request, ceremony] : m_ceremonies) {
        report("ceremony", stepCeremony(*ceremony)); // one bad deposit must not stop the others
        sendVault(*ceremony);
    }
    for (const auto& [request, graph] : m_graphs) report("kickoff", watchKickoffs(graph));
    repostSilent();
}

Status Signer::stepCeremony(bridge::MemberCeremony& ceremony)
{
    BOWLINE_TRY(const bridge::Effects effects, ceremony.step(m_feed.facts()));
    if (effects.empty()) return base::success();
    const bridge::DepositTerms& terms = ceremony.log().deposit().terms();
    const Status kept = m_store.keep(terms, effects);
    if (!kept.ok()) {
        // Nothing of this step may leave. The machine starts afresh from what is on disk.
        base::logError("signer", "cannot keep a step: " + std::string(kept.error().code.name()));
        std::abort();
    }
    for (const Bytes& message : effects.post) m_relay.post(message);
    if (effects.signedGraph) watchGraph(*effects.signedGraph);
    base::logInfo("signer",
                  bitcoin::toString(terms.request) + ": " + std::string(bridge::phaseName(ceremony.phase())));
    return base::success();
}

void Signer::repostSilent()
{
    if (++m_silentTurns % kSilentTurns != 0) return;
    for (const auto& [request, ceremony] : m_ceremonies) {
        using Phase = bridge::CeremonyPhase;
        const Phase phase = ceremony->phase();
        if (phase < Phase::Joining || phase > Phase::Confirming) continue;
        for (Bytes& message : ceremony->repost()) m_relay.post(std::move(message));
    }
}

/// T1 until it is confirmed, then its mint until the state has the vault.
void Signer::sendVault(const bridge::MemberCeremony& ceremony)
{
    const bridge::Deposit& deposit = ceremony.log().deposit();
    const bridge::MemberMemory& memory = ceremony.memory();
    if (!memory.confirmSignature) return;
    const bridge::OutputFact* request = m_feed.facts().find(deposit.terms().request);
    if (request != nullptr && !request->spentBy && m_sent.insert(deposit.confirmTxid()).second) {
        const auto confirm = ceremony.confirmTransaction();
        if (confirm.ok() && *confirm) m_context.bitcoin.broadcast({**confirm});
    }
    const ChainFeed::Sighting* confirmed = m_feed.find(deposit.confirmTxid());
    if (confirmed == nullptr || !memory.signedGraph || !isProvable(m_context.node, confirmed->height)) return;
    const auto graph = m_graphs.find(deposit.terms().request);
    if (graph == m_graphs.end() || vaultOf(m_context.node, deposit.vault())) return;
    const bridge::MintAuthorisation authorisation{graph->second.root(), memory.signedGraph->mintSignature};
    const auto mint = bridge::mintTransaction(deposit, authorisation, confirmed->proof);
    if (mint.ok()) m_sender.sendMint(*mint);
}

bool Signer::mustVeto(const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault,
                      base::Height kickoff) const
{
    const Result<l2::L1View> view = m_context.node.l1View();
    return bridge::vetoIsDue(m_context.network.params, kickoff, m_feed.tip(),
                             hasBurned(m_context.node, graph, vault),
                             view.ok() ? view->tipHeight : base::Height{});
}

Status Signer::watchKickoffs(const bridge::DepositGraph& graph)
{
    for (const bridge::OperatorGraph& own : graph.operators()) {
        const ChainFeed::Sighting* kickoff = m_feed.find(own.kickoffTxid());
        if (kickoff == nullptr) continue;
        const bridge::OutputFact* connector =
            m_feed.facts().find({own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex});
        if (connector == nullptr || connector->spentBy) continue;
        if (!mustVeto(own, graph.deposit().vault(), kickoff->height)) continue;
        BOWLINE_TRY(const bitcoin::Transaction veto,
                    bridge::makeVeto(own, m_index, m_context.keys.key("vault")));
        BOWLINE_TRY(const bool isNew, m_store.keepVeto(own.kickoffTxid(), veto));
        if (isNew) base::logWarning("signer", "veto of " + own.kickoffTxid().displayHex());
        if (m_sent.insert(veto.txid()).second) m_context.bitcoin.broadcast({veto});
    }
    return base::success();
}

Result<SignerParts> signerParts(const RoleContext& context)
{
    BOWLINE_TRY(bridge::ContextPtr bridge, bridge::makeContext(context.network));
    const auto index = bridge->committee.indexOfVaultKey(context.keys.key("vault").publicKey());
    if (!index ||
        bridge->committee.indexOfMessageKey(context.keys.key("message").xOnlyPublicKey()) != index) {
        return base::makeError(kNotAMember);
    }
    BOWLINE_TRY(SignerStore store, SignerStore::open(context.options.datadir + "/signer.sqlite"));
    BOWLINE_TRY(net::Endpoint sequencer, sequencerOf(context.options, context.network));
    return SignerParts{std::move(bridge), *index, std::move(store), std::move(sequencer)};
}

Result<RolePtr> makeSigner(const RoleContext& context)
{
    BOWLINE_TRY(SignerParts parts, signerParts(context));
    return RolePtr(std::make_unique<Signer>(context, std::move(parts.bridge), parts.index,
                                            std::move(parts.store), parts.sequencer));
}

} // namespace bowline::daemon
