// SPDX-License-Identifier: MIT
// The bridge's network in memory.
#include "tests/unit/bridge/fixture.h"

#include "core/bitcoin/params.h"
#include "core/crypto/hash.h"

#include <algorithm>
#include <cstdio>

namespace bowline::bridge::test {

PrivateKey keyOf(std::string_view label)
{
    return must(PrivateKey::fromBytes(crypto::sha256(base::viewOf(label)).view()));
}

OutPoint outpointOf(std::string_view label, std::uint32_t index)
{
    return {Txid{crypto::sha256(base::viewOf(label)).bytes}, index};
}

Script payoutOf(std::string_view label) { return bitcoin::payToTaproot(keyOf(label).xOnlyPublicKey()); }

namespace {

std::string numbered(std::string_view what, std::size_t i)
{
    return std::string(what) + " " + std::to_string(i);
}

std::vector<PrivateKey> operatorKeysOf(std::size_t count)
{
    std::vector<PrivateKey> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back(keyOf(numbered("operator", i)));
    std::sort(keys.begin(), keys.end(), [](const PrivateKey& a, const PrivateKey& b) {
        return a.xOnlyPublicKey() < b.xOnlyPublicKey();
    });
    return keys;
}

} // namespace

l2::Network makeNetworkFile(std::size_t members, std::size_t operators, const Adjust& adjust)
{
    l2::Network network;
    for (std::size_t i = 0; i < members; ++i) {
        const PrivateKey vaultKey = keyOf(numbered("vault", i));
        const XOnlyPublicKey messageKey = keyOf(numbered("message", i)).xOnlyPublicKey();
        const Digest possession = l2::possessionMessage(vaultKey.publicKey(), messageKey);
        network.members.push_back(
            {vaultKey.publicKey(), messageKey, must(crypto::signSchnorr(vaultKey, possession.view()))});
    }
    for (const PrivateKey& key : operatorKeysOf(operators)) network.operators.push_back(key.xOnlyPublicKey());

    l2::NetworkParams& params = network.params;
    const bitcoin::BlockHeader& genesis = bitcoin::chainParams(bitcoin::Network::Regtest).genesis;
    params.checkpointHeader = genesis.serialize();
    params.checkpointWork[0] = 2;
    params.epochStartTime = genesis.time;
    params.lastTimes[0] = genesis.time;
    params.genesisTime = genesis.time;
    params.sequencerKey = keyOf("sequencer").xOnlyPublicKey();
    if (adjust) adjust(params);
    network.seal = {outpointOf("seal"), Amount::fromSat(1'000'000), 60};
    if (!l2::pinLists(network).ok()) std::abort();
    return network;
}

TestNetwork makeNetwork(std::size_t members, std::size_t operators, const Adjust& adjust)
{
    TestNetwork out;
    for (std::size_t i = 0; i < members; ++i) {
        out.vaultKeys.push_back(keyOf(numbered("vault", i)));
        out.messageKeys.push_back(keyOf(numbered("message", i)));
    }
    out.operatorKeys = operatorKeysOf(operators);
    out.context = must(makeContext(makeNetworkFile(members, operators, adjust)));
    return out;
}

DepositTerms standardTerms()
{
    return {outpointOf("request"), keyOf("refund").xOnlyPublicKey(), keyOf("recipient").xOnlyPublicKey(),
            Amount::fromSat(10'000'000)};
}

Deposit standardDeposit(const TestNetwork& network)
{
    return must(Deposit::create(network.context, standardTerms()));
}

std::vector<OperatorOffer> standardOffers(const TestNetwork& network)
{
    std::vector<OperatorOffer> out;
    for (std::size_t i = 0; i < network.operatorKeys.size(); ++i) {
        out.push_back({network.operatorKeys[i].xOnlyPublicKey(), outpointOf(numbered("funding", i)),
                       payoutOf(numbered("payout", i))});
    }
    return out;
}

DepositGraph standardGraph(const TestNetwork& network)
{
    return must(DepositGraph::create(standardDeposit(network), standardOffers(network)));
}

Signature64 committeeSigns(const TestNetwork& network, const crypto::KeyAggregation& keys,
                           const Digest& message)
{
    const Digest session = crypto::sha256(message.view());
    std::vector<crypto::SecretNonce> secrets;
    std::vector<crypto::PublicNonce> nonces;
    for (const PrivateKey& key : network.vaultKeys) {
        secrets.push_back(must(crypto::SecretNonce::generate(key, keys, message, session)));
        nonces.push_back(secrets.back().publicNonce());
    }
    const auto running = must(
        crypto::Session::start(keys, must(crypto::AggregateNonce::fromNonces(nonces)), message, session));
    std::vector<crypto::PartialSignature> partials;
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        partials.push_back(must(running.sign(std::move(secrets[i]), network.vaultKeys[i])));
    }
    return must(running.aggregate(partials));
}

Party::Party(std::size_t memberCount, std::size_t operators, Habits habits, std::uint32_t seed,
             const Adjust& adjust)
    : Party(makeNetwork(memberCount, operators, adjust), standardTerms(), keyOf("refund"), habits, seed)
{
}

Party::Party(TestNetwork ownNetwork, const DepositTerms& terms, PrivateKey refundKey, Habits habits,
             std::uint32_t seed)
    : network(std::move(ownNetwork)), deposit(must(Deposit::create(network.context, terms))),
      memories(network.vaultKeys.size()), m_refundKey(std::move(refundKey)), m_habits(habits), m_random(seed),
      m_positions(network.vaultKeys.size() + 1), m_waiting(network.vaultKeys.size() + 1)
{
    const std::size_t memberCount = network.vaultKeys.size();
    facts.tip = {110};
    facts.outputs[deposit.terms().request] = {deposit.requestOutput(), {105}, std::nullopt};
    for (const OperatorOffer& offer : standardOffers(network)) {
        const TxOut funding = must(kickoffFunding(network.context->params(), offer.operatorKey));
        facts.outputs[offer.funding] = {funding, {100}, std::nullopt};
    }
    members.resize(memberCount);
    for (std::size_t i = 0; i < memberCount; ++i) restart(i);
    depositor.emplace(deposit, std::nullopt);
}

void Party::restart(std::size_t i)
{
    members[i].emplace(
        must(MemberCeremony::create(deposit, i, network.vaultKeys[i], network.messageKeys[i], memories[i])));
    m_positions[i] = 0; // it reads the relay from the start
    m_waiting[i].clear();
}

void Party::postOffers()
{
    const std::vector<OperatorOffer> offers = standardOffers(network);
    for (std::size_t i = 0; i < offers.size(); ++i) {
        relay.post(must(makeOffer(deposit, offers[i], network.operatorKeys[i])).serialize());
    }
}

void Party::deliver(std::size_t reader, const std::function<void(const Message&)>& read)
{
    const auto percent = [&] { return m_random() % 100; };
    std::vector<Bytes>& waiting = m_waiting[reader];
    for (std::size_t& at = m_positions[reader]; at < relay.messages().size(); ++at) {
        if (percent() < m_habits.dropPercent) continue;
        waiting.push_back(relay.messages()[at]);
        if (percent() < m_habits.repeatPercent) waiting.push_back(relay.messages()[at]);
    }
    for (std::size_t i = 0; i + 1 < waiting.size() && m_habits.reorderWithin > 1; ++i) {
        const std::size_t other = std::min(waiting.size() - 1, i + m_random() % m_habits.reorderWithin);
        std::swap(waiting[i], waiting[other]);
    }
    for (const Bytes& bytes : waiting) {
        if (const auto message = openMessage(bytes, network.context->chainId); message.ok()) read(*message);
    }
    waiting.clear();
}

bool Party::actMember(std::size_t i)
{
    MemberCeremony& member = *members[i];
    deliver(i, [&](const Message& message) { member.add(message); });
    const Effects effects = must(member.step(facts));
    MemberMemory& memory = memories[i];
    if (auto found = keep ? keep(i, effects) : std::nullopt) {
        memory = std::move(*found);
        restart(i);
        return true;
    }
    if (effects.joinedAttempt) memory.joinedAttempt = *effects.joinedAttempt;
    if (effects.ownProposal) memory.ownProposal = effects.ownProposal;
    for (const ReleasedRecord& record : effects.released) {
        memory.boundRoot = record.graphRoot;
        released.push_back(record);
    }
    if (effects.signedGraph) memory.signedGraph = effects.signedGraph;
    if (effects.confirmSignature) memory.confirmSignature = effects.confirmSignature;
    evidence.insert(evidence.end(), effects.evidence.begin(), effects.evidence.end());
    broadcast.insert(broadcast.end(), effects.broadcast.begin(), effects.broadcast.end());
    for (const Bytes& message : effects.post) {
        const std::optional<Bytes> out = tamper ? tamper(i, message) : message;
        if (out) relay.post(*out);
    }
    return !effects.empty();
}

bool Party::actDepositor()
{
    deliver(members.size(), [&](const Message& message) { depositor->add(message); });
    const DepositorEffects effects = must(depositor->step(facts, &m_refundKey));
    if (effects.authorisation) authorisation = effects.authorisation;
    for (const Bytes& message : effects.post) relay.post(message);
    return !effects.post.empty();
}

bool Party::turn()
{
    bool something = actDepositor();
    for (std::size_t i = 0; i < members.size(); ++i) something = actMember(i) || something;
    return something;
}

void Party::repost()
{
    for (const auto& member : members) {
        for (Bytes& message : member->repost()) relay.post(std::move(message));
    }
    for (Bytes& message : depositor->repost()) relay.post(std::move(message));
}

bool Party::run(unsigned rounds)
{
    for (unsigned round = 0; round <= rounds; ++round) {
        while (turn()) {
        }
        if (everybodySigned()) return true;
        // A member that has T1 broadcasts it; a block tells the others.
        for (const auto& member : members) {
            if (must(member->confirmTransaction())) {
                facts.outputs[deposit.terms().request].spentBy = deposit.confirmTxid();
            }
        }
        if (m_habits.dropPercent > 0) {
            repost();
            postOffers();
        }
    }
    return false;
}

bool Party::everybodySigned() const
{
    return std::all_of(members.begin(), members.end(), [](const auto& member) {
        return member->phase() == CeremonyPhase::Signed || member->phase() == CeremonyPhase::Confirmed;
    });
}

} // namespace bowline::bridge::test
