// SPDX-License-Identifier: MIT
// One operator's transactions, the graph of all operators of a deposit, and their weights.
#include "core/bridge/graph.h"

#include "core/bitcoin/sighash.h"

#include <algorithm>
#include <set>

namespace bowline::bridge {

namespace {

/// Of an input that spends by script; the transaction and what it spends are of our own making.
Digest leafSighash(const Transaction& transaction, std::span<const TxOut> spent, std::size_t input,
                   const bitcoin::TaprootOutput& scripts, std::size_t leaf)
{
    const bitcoin::TapscriptContext script{bitcoin::tapLeafHash(scripts.tree()->leafAt(leaf))};
    return bitcoin::SighashContext(transaction, spent)
        .taproot(input, bitcoin::kSighashDefault, script)
        .value();
}

TxIn inputOf(const OutPoint& outpoint, std::uint32_t sequence = bitcoin::kSequenceReplaceable)
{
    return TxIn{outpoint, {}, sequence, {}};
}

Status checkOffer(const Deposit& deposit, const OperatorOffer& offer)
{
    const auto refuse = [&](ErrorCode code) {
        return base::makeError(code, "operator " + offer.operatorKey.hex());
    };
    if (!deposit.context().isOperator(offer.operatorKey)) return refuse(kUnknownOperator);
    if (!isPayoutScript(offer.payoutScript)) return refuse(kBadPayoutScript);
    if (offer.funding.isNull() || offer.funding == deposit.terms().request ||
        offer.funding == deposit.vault()) {
        return refuse(kDuplicateFunding);
    }
    return base::success();
}

} // namespace

OperatorGraph::OperatorGraph(const Deposit& deposit, OperatorOffer offer, bitcoin::TaprootOutput funding,
                             bitcoin::TaprootOutput connector)
    : m_offer(std::move(offer)), m_funding(std::move(funding)), m_connector(std::move(connector)),
      m_vaultKey(deposit.vaultKeys().xOnlyKey()), m_vaultOutput(deposit.vaultOutput())
{
    const Committee& committee = deposit.context().committee;
    for (std::size_t i = 0; i < committee.size(); ++i) m_vetoKeys.push_back(committee.vetoKey(i));
    buildKickoff(deposit.context().params());
    buildTake(deposit);
    m_leaf =
        l2::graphLeaf(m_offer.operatorKey, m_offer.funding, m_kickoffTxid, m_takeTxid, m_offer.payoutScript);
}

Result<OperatorGraph> OperatorGraph::create(const Deposit& deposit, const OperatorOffer& offer)
{
    BOWLINE_CHECK(checkOffer(deposit, offer));
    const Committee& committee = deposit.context().committee;
    std::vector<XOnlyPublicKey> vetoKeys;
    for (std::size_t i = 0; i < committee.size(); ++i) vetoKeys.push_back(committee.vetoKey(i));
    BOWLINE_TRY(auto funding, kickoffFundingOutput(offer.operatorKey));
    BOWLINE_TRY(auto connector,
                connectorOutput(offer.operatorKey, deposit.context().params().takeBlocks, vetoKeys));
    return OperatorGraph{deposit, offer, std::move(funding), std::move(connector)};
}

void OperatorGraph::buildKickoff(const l2::NetworkParams& params)
{
    m_fundingOutput = {params.kickoffStake + params.connectorValue + params.kickoffFee + kAnchorValue,
                       m_funding.scriptPubKey()};
    m_kickoff.version = kGraphVersion;
    m_kickoff.inputs = {inputOf(m_offer.funding)};
    m_kickoff.outputs = {TxOut{params.kickoffStake, m_vaultOutput.scriptPubKey},
                         TxOut{params.connectorValue, m_connector.scriptPubKey()}, anchorOutput()};
    m_kickoffTxid = m_kickoff.txid();
}

void OperatorGraph::buildTake(const Deposit& deposit)
{
    const l2::NetworkParams& params = deposit.context().params();
    const Amount in = m_vaultOutput.value + params.kickoffStake + params.connectorValue;
    m_take.version = kGraphVersion;
    m_take.inputs = {inputOf(deposit.vault()), inputOf({m_kickoffTxid, kStakeIndex}),
                     inputOf({m_kickoffTxid, kConnectorIndex}, params.takeBlocks)};
    m_take.outputs = {TxOut{in - params.takeFee - kAnchorValue, m_offer.payoutScript}, anchorOutput()};
    m_takeTxid = m_take.txid();

    const std::vector<TxOut> spent = takeSpends();
    const bitcoin::SighashContext context(m_take, spent);
    m_takeSighashes = {context.taproot(kTakeVaultInput, bitcoin::kSighashDefault).value(),
                       context.taproot(kTakeStakeInput, bitcoin::kSighashDefault).value(),
                       leafSighash(m_take, spent, kTakeConnectorInput, m_connector, kTakeLeaf)};
}

std::vector<TxOut> OperatorGraph::takeSpends() const
{
    return {m_vaultOutput, m_kickoff.outputs[kStakeIndex], m_kickoff.outputs[kConnectorIndex]};
}

Transaction OperatorGraph::veto() const
{
    Transaction out;
    out.version = kGraphVersion;
    out.inputs = {inputOf({m_kickoffTxid, kConnectorIndex})};
    out.outputs = {TxOut{Amount(), bitcoin::nullDataScript(m_leaf.view())}, anchorOutput()};
    return out;
}

Digest OperatorGraph::kickoffSighash() const
{
    const std::vector<TxOut> spent{m_fundingOutput};
    return leafSighash(m_kickoff, spent, 0, m_funding, 0);
}

Digest OperatorGraph::vetoSighash(std::size_t member) const
{
    const std::vector<TxOut> spent{m_kickoff.outputs[kConnectorIndex]};
    const Transaction transaction = veto();
    return leafSighash(transaction, spent, 0, m_connector, kFirstVetoLeaf + member);
}

Result<Transaction> OperatorGraph::signedKickoff(const Signature64& byOperator) const
{
    if (!crypto::verifySchnorr(m_offer.operatorKey, kickoffSighash().view(), byOperator)) {
        return base::makeError(kBadSignature, "Kickoff");
    }
    Transaction out = m_kickoff;
    out.inputs[0].witness = leafWitness(m_funding, 0, byOperator);
    return out;
}

Result<Transaction> OperatorGraph::signedTake(const Signature64& vault, const Signature64& stake,
                                              const Signature64& byOperator) const
{
    if (!crypto::verifySchnorr(m_vaultKey, takeSighash(kTakeVaultInput).view(), vault) ||
        !crypto::verifySchnorr(m_vaultKey, takeSighash(kTakeStakeInput).view(), stake) ||
        !crypto::verifySchnorr(m_offer.operatorKey, takeSighash(kTakeConnectorInput).view(), byOperator)) {
        return base::makeError(kBadSignature, "Take1");
    }
    Transaction out = m_take;
    out.inputs[kTakeVaultInput].witness = keyWitness(vault);
    out.inputs[kTakeStakeInput].witness = keyWitness(stake);
    out.inputs[kTakeConnectorInput].witness = leafWitness(m_connector, kTakeLeaf, byOperator);
    return out;
}

Result<Transaction> OperatorGraph::signedVeto(std::size_t member, const Signature64& byMember) const
{
    if (member >= m_vetoKeys.size() ||
        !crypto::verifySchnorr(m_vetoKeys[member], vetoSighash(member).view(), byMember)) {
        return base::makeError(kBadSignature, "Veto");
    }
    Transaction out = veto();
    out.inputs[0].witness = leafWitness(m_connector, kFirstVetoLeaf + member, byMember);
    return out;
}

DepositGraph::DepositGraph(Deposit deposit, std::vector<OperatorGraph> operators)
    : m_deposit(std::move(deposit)), m_operators(std::move(operators))
{
    m_root = l2::graphRoot(m_deposit.id(), m_deposit.vault(), leaves());
    m_slots.push_back({SigningSlot::Role::Mint, 0, m_deposit.mintDigest(m_root)});
    for (std::size_t i = 0; i < m_operators.size(); ++i) {
        const OperatorGraph& graph = m_operators[i];
        m_slots.push_back(
            {SigningSlot::Role::TakeVault, i, graph.takeSighash(OperatorGraph::kTakeVaultInput)});
        m_slots.push_back(
            {SigningSlot::Role::TakeStake, i, graph.takeSighash(OperatorGraph::kTakeStakeInput)});
    }
    m_slots.push_back({SigningSlot::Role::Confirm, 0, m_deposit.confirmSighash()});
}

Result<DepositGraph> DepositGraph::create(Deposit deposit, std::vector<OperatorOffer> offers)
{
    if (offers.size() < kMinOperators)
        return base::makeError(kTooFewOperators, std::to_string(offers.size()));
    if (offers.size() > kMaxOffers) return base::makeError(kTooManyOperators, std::to_string(offers.size()));
    std::sort(offers.begin(), offers.end(),
              [](const OperatorOffer& a, const OperatorOffer& b) { return a.operatorKey < b.operatorKey; });
    std::set<OutPoint> fundings;
    std::vector<OperatorGraph> operators;
    for (std::size_t i = 0; i < offers.size(); ++i) {
        if (i > 0 && offers[i].operatorKey == offers[i - 1].operatorKey) {
            return base::makeError(kDuplicateOperator, offers[i].operatorKey.hex());
        }
        if (!fundings.insert(offers[i].funding).second) {
            return base::makeError(kDuplicateFunding, bitcoin::toString(offers[i].funding));
        }
        BOWLINE_TRY(OperatorGraph graph, OperatorGraph::create(deposit, offers[i]));
        operators.push_back(std::move(graph));
    }
    return DepositGraph{std::move(deposit), std::move(operators)};
}

const OperatorGraph* DepositGraph::find(const XOnlyPublicKey& operatorKey) const
{
    for (const OperatorGraph& graph : m_operators) {
        if (graph.offer().operatorKey == operatorKey) return &graph;
    }
    return nullptr;
}

std::vector<Digest> DepositGraph::leaves() const
{
    std::vector<Digest> out;
    for (const OperatorGraph& graph : m_operators) out.push_back(graph.leaf());
    return out;
}

std::vector<OutPoint> DepositGraph::fundings() const
{
    std::vector<OutPoint> out;
    for (const OperatorGraph& graph : m_operators) out.push_back(graph.offer().funding);
    return out;
}

const crypto::KeyAggregation& DepositGraph::keysOf(const SigningSlot& slot) const
{
    switch (slot.role) {
    case SigningSlot::Role::Mint: return m_deposit.context().committee.keys();
    case SigningSlot::Role::Confirm: return m_deposit.depositKeys();
    case SigningSlot::Role::TakeVault:
    case SigningSlot::Role::TakeStake: break;
    }
    return m_deposit.vaultKeys();
}

Result<TransactionWeights> transactionWeights(const ContextPtr& context)
{
    if (context->network.operators.empty()) return base::makeError(kTooFewOperators, "the network has none");
    const XOnlyPublicKey anyKey = context->committee.key();
    const DepositTerms terms{{Txid{{1}}, 0}, anyKey, anyKey, context->params().denominations.front()};
    BOWLINE_TRY(const Deposit deposit, Deposit::create(context, terms));
    const OperatorOffer offer{
        context->network.operators.front(), {Txid{{2}}, 0}, bitcoin::payToTaproot(anyKey)};
    BOWLINE_TRY(const OperatorGraph graph, OperatorGraph::create(deposit, offer));

    const Signature64 placeholder{};
    Transaction confirm = deposit.confirm();
    confirm.inputs[0].witness = leafWitness(deposit.requestScripts(), kConfirmLeaf, placeholder);
    Transaction kickoff = graph.kickoff();
    kickoff.inputs[0].witness = leafWitness(graph.fundingScripts(), 0, placeholder);
    Transaction take = graph.take();
    take.inputs[OperatorGraph::kTakeVaultInput].witness = keyWitness(placeholder);
    take.inputs[OperatorGraph::kTakeStakeInput].witness = keyWitness(placeholder);
    take.inputs[OperatorGraph::kTakeConnectorInput].witness =
        leafWitness(graph.connectorScripts(), kTakeLeaf, placeholder);
    TransactionWeights weights{confirm.weight(), kickoff.weight(), take.weight(), 0};
    for (std::size_t member = 0; member < context->committee.size(); ++member) {
        Transaction veto = graph.veto();
        veto.inputs[0].witness = leafWitness(graph.connectorScripts(), kFirstVetoLeaf + member, placeholder);
        weights.veto = std::max(weights.veto, veto.weight());
    }
    return weights;
}

} // namespace bowline::bridge
