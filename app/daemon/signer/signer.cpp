// SPDX-License-Identifier: MIT
#include "app/daemon/signer/signer.h"

#include "app/daemon/bridge/bridge_state.h"
#include "core/base/log.h"
#include "core/bridge/awaited.h"
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

/// Without anything new in a ceremony, before its own messages are posted once more and its topic is read again.
constexpr std::chrono::seconds kSilence{10};

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
              {[this](const Message& message) { onMessage(message); }, [this] { m_turns.wake(); }}),
      m_requests(m_bridge)
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
    BOWLINE_TRY(m_bound, m_store.boundFundings());
    for (KeptDeposit& entry : kept) {
        auto deposit = bridge::Deposit::create(m_bridge, entry.terms);
        if (deposit.ok()) openDeposit(std::move(*deposit), std::move(entry.memory), {});
    }
    m_context.node.onHead([this](const HeadChange&) { m_turns.wake(); });
    m_context.seals.onChange([this] { m_turns.wake(); });
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
    json::object awaited;
    for (const auto& [terms, running] : m_ceremonies) {
        const std::string request = bitcoin::toString(terms.request);
        phases[request] = bridge::phaseName(running.machine->phase());
        json::array members;
        for (const std::size_t member : bridge::awaitedMembers(*running.machine))
            members.emplace_back(member);
        if (!members.empty()) awaited[request] = std::move(members);
    }
    info["member"] = m_index;
    info["ceremonies"] = std::move(phases);
    info["awaited"] = std::move(awaited);
    info["graphs"] = m_graphs.size();
    info["unseen_requests"] = m_requests.size();
}

void Signer::onMessage(const Message& message)
{
    m_requests.add(message);
    for (auto& [terms, running] : m_ceremonies) {
        if (running.machine->log().deposit().id() == message.topic &&
            running.machine->add(message) == bridge::Intake::Taken) {
            running.movedAt = Clock::now();
        }
    }
}

/// A request older than the refund time is of no use to anybody.
void Signer::searchRequests()
{
    const base::Height tip = m_feed.tip();
    m_feed.watch(m_requests.takeScripts(),
                 {tip.value - std::min(tip.value, m_context.network.params.refundBlocks)});
}

void Signer::openStanding()
{
    for (RequestBook::Standing& found : m_requests.takeStanding(m_feed.facts())) {
        const bridge::DepositTerms& terms = found.deposit.terms();
        if (m_ceremonies.contains(terms)) continue;
        // A ceremony that ended may be asked for again: what this member signed for still binds it.
        auto memory = m_store.memoryOf(terms);
        if (!memory.ok()) return report("deposit", memory.error());
        // What the relay showed before the request was let go: it belonged to nothing.
        m_relay.readAgain(found.deposit.id());
        openDeposit(std::move(found.deposit), std::move(*memory), found.messages);
    }
}

void Signer::openDeposit(bridge::Deposit deposit, bridge::MemberMemory memory,
                         const std::vector<Message>& messages)
{
    const bridge::DepositTerms terms = deposit.terms();
    // Kept ones are looked for from the start: nothing else says how old they are.
    m_feed.watch({deposit.requestOutput().scriptPubKey}, {});
    const std::optional<bridge::SignedGraph> kept = memory.signedGraph;
    auto ceremony = bridge::MemberCeremony::create(std::move(deposit), m_index, m_context.keys.key("vault"),
                                                   m_context.keys.key("message"), std::move(memory));
    if (!ceremony.ok()) return report("deposit", ceremony.error());
    auto owned = std::make_unique<bridge::MemberCeremony>(std::move(*ceremony));
    for (const Message& message : messages) owned->add(message);
    m_ceremonies[terms] = Running{std::move(owned), Clock::now()};
    if (kept) watchGraph(*kept);
}

void Signer::watchGraph(const bridge::SignedGraph& kept)
{
    if (m_graphs.contains(kept.terms)) return;
    auto graph = kept.open(m_bridge);
    if (!graph.ok()) return report("kept graph", graph.error());
    std::vector<Bytes> scripts{graph->deposit().vaultOutput().scriptPubKey};
    for (const bridge::OperatorGraph& own : graph->operators()) {
        scripts.push_back(own.connectorScripts().scriptPubKey());
    }
    for (const bitcoin::OutPoint& funding : graph->fundings()) m_bound[funding] = kept.terms.request;
    m_graphs.emplace(kept.terms, std::move(*graph));
    const auto* request = m_feed.facts().find(kept.terms.request);
    m_feed.watch(scripts, request != nullptr ? request->height : base::Height{});
}

void Signer::turn()
{
    if (!m_feed.isCurrent()) return; // what looks missing may only be late
    // Vetoes need Bitcoin and the own state alone: whoever keeps the relay from us must not keep them back.
    watchKickoffs();
    for (const auto& [terms, running] : m_ceremonies) sendVault(*running.machine);
    m_sender.poll();
    searchRequests();
    if (!m_relay.isCurrent()) return;
    openStanding();
    // A vault that is signed now would be minted in one of two histories (rule A2). Who asked for it gets its refund.
    if (!m_context.seals.isHistoryInDoubt()) runCeremonies();
    dropEnded();
    repostSilent();
}

void Signer::runCeremonies()
{
    bridge::ChainFacts facts = m_feed.facts();
    facts.boundFundings = m_bound;
    for (auto& [terms, running] : m_ceremonies) {
        report("ceremony", stepCeremony(*running.machine, facts)); // one bad deposit must not stop the others
    }
}

Status Signer::stepCeremony(bridge::MemberCeremony& ceremony, bridge::ChainFacts& facts)
{
    BOWLINE_TRY(const bridge::Effects effects, ceremony.step(facts));
    if (effects.empty()) return base::success();
    const bridge::DepositTerms& terms = ceremony.log().deposit().terms();
    const Status kept = m_store.keep(terms, effects);
    if (!kept.ok()) {
        // Nothing of this step may leave. The machine starts afresh from what is on disk.
        base::logError("signer", "cannot keep a step: " + std::string(kept.error().code.name()));
        std::abort();
    }
    for (const bridge::ReleasedRecord& record : effects.released) {
        for (const bitcoin::OutPoint& funding : record.fundings) m_bound[funding] = terms.request;
    }
    facts.boundFundings = m_bound; // for the next ceremony of this turn
    for (Bytes& message : toPost(effects.post)) m_relay.post(std::move(message));
    if (effects.signedGraph) watchGraph(*effects.signedGraph);
    sendVault(ceremony);
    base::logInfo("signer",
                  bitcoin::toString(terms.request) + ": " + std::string(bridge::phaseName(ceremony.phase())));
    return base::success();
}

/// Deeply so: no vault can come of it.
bool Signer::isRefunded(const bridge::Deposit& deposit) const
{
    const ChainFeed::Sighting* spender = m_feed.spenderOf(deposit.terms().request);
    return spender != nullptr && spender->txid != deposit.confirmTxid() &&
           bridge::isDeep(spender->height, m_feed.tip(), m_context.network.params.depth);
}

/// The committee will not finish it, and nothing was signed that could still be used.
bool Signer::isTooLate(const bridge::MemberCeremony& ceremony) const
{
    const bridge::OutputFact* request = m_feed.facts().find(ceremony.log().deposit().terms().request);
    return !ceremony.memory().signedGraph && !ceremony.memory().confirmSignature && request != nullptr &&
           bridge::halfOfRefundTimePassed(m_context.network.params, request->height, m_feed.tip());
}

void Signer::dropEnded()
{
    std::erase_if(m_ceremonies, [this](const auto& entry) {
        const bridge::Deposit& deposit = entry.second.machine->log().deposit();
        const bool refunded = isRefunded(deposit);
        if (refunded) {
            const bitcoin::OutPoint& request = entry.first.request;
            report("fundings", m_store.releaseFundings(request));
            std::erase_if(m_bound, [&](const auto& bound) { return bound.second == request; });
            m_graphs.erase(entry.first);
        }
        return refunded || isTooLate(*entry.second.machine);
    });
}

/// Each ceremony by itself: what moves in others says nothing about what this one has missed, and one of many that never
/// rest would otherwise wait for ever.
void Signer::repostSilent()
{
    const Clock::time_point now = Clock::now();
    for (auto& [terms, running] : m_ceremonies) {
        using Phase = bridge::CeremonyPhase;
        const Phase phase = running.machine->phase();
        if (phase < Phase::WaitingForOffers || phase > Phase::Confirming) continue;
        if (now - running.movedAt < kSilence) continue;
        running.movedAt = now;
        for (Bytes& message : toPost(running.machine->repost())) m_relay.post(std::move(message));
        // It may also be us who missed something.
        m_relay.readAgain(running.machine->log().deposit().id());
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
    const auto graph = m_graphs.find(deposit.terms());
    if (graph == m_graphs.end() || vaultOf(m_context.node, deposit.vault())) return;
    const bridge::MintAuthorisation authorisation{graph->second.root(), memory.signedGraph->mintSignature};
    const auto mint = bridge::mintTransaction(deposit, authorisation, confirmed->proof);
    if (mint.ok()) m_sender.sendMint(*mint);
}

/// A burn counts when Bitcoin says that it does (rule A2). One that is not sealed yet may have been, before a reorganisation:
/// it is waited for as one that was undone. Where another history is sealed, there is no burn.
bridge::Burn Signer::sealedBurn(const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault) const
{
    const bridge::Burn burn = burnOf(m_context.node, graph, vault);
    const auto claim = claimOf(m_context.node, vault);
    if (burn != bridge::Burn::There || !claim || !m_context.seals.isCurrent()) return burn;
    const seal::SealVerdict verdict = m_context.seals.verdictOf(l2::TxType::Claim, claim->first);
    if (verdict.state == seal::SealState::Conflict) return bridge::Burn::None;
    return verdict.state == seal::SealState::Sealed ? burn : bridge::Burn::Undone;
}

bool Signer::mustVeto(const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault,
                      base::Height kickoff) const
{
    const Result<l2::L1View> view = m_context.node.l1View();
    return bridge::vetoIsDue(m_context.network.params, kickoff, m_feed.tip(), sealedBurn(graph, vault),
                             view.ok() ? view->tipHeight : base::Height{});
}

void Signer::watchKickoffs()
{
    for (const auto& [terms, graph] : m_graphs) {
        for (const bridge::OperatorGraph& own : graph.operators()) {
            report("kickoff", watchKickoff(own, graph.deposit().vault()));
        }
    }
}

Status Signer::watchKickoff(const bridge::OperatorGraph& own, const bitcoin::OutPoint& vault)
{
    const ChainFeed::Sighting* kickoff = m_feed.find(own.kickoffTxid());
    if (kickoff == nullptr) return base::success();
    const bridge::OutputFact* connector =
        m_feed.facts().find({own.kickoffTxid(), bridge::OperatorGraph::kConnectorIndex});
    if (connector == nullptr || connector->spentBy || !mustVeto(own, vault, kickoff->height))
        return base::success();
    BOWLINE_TRY(const bitcoin::Transaction veto, bridge::makeVeto(own, m_index, m_context.keys.key("vault")));
    if (!m_sent.insert(veto.txid()).second) return base::success();
    // First of all it leaves: a full disk is no reason to let a vault go.
    m_context.bitcoin.broadcast({veto});
    base::logWarning("signer", "veto of " + own.kickoffTxid().displayHex());
    return m_store.keepVeto(own.kickoffTxid(), veto);
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
