// SPDX-License-Identifier: MIT
// The pinned network with its rules, and what follows from a deposit's terms alone.
#include "core/bitcoin/sighash.h"
#include "core/bridge/graph.h"

#include <algorithm>

namespace bowline::bridge {

namespace {

Status checkTimelocks(const l2::NetworkParams& params)
{
    const auto refuse = [](std::string why) { return base::makeError(kBadTimelocks, std::move(why)); };
    if (params.refundBlocks > bitcoin::kSequenceLockMask || params.takeBlocks > bitcoin::kSequenceLockMask) {
        return refuse("longer than BIP68 can count");
    }
    const std::uint32_t ceremony = params.refundBlocks / 2;
    if (ceremony <= params.depth) return refuse("half of refund_blocks passes before a request is deep");
    if (params.refundBlocks - ceremony <= params.depth) return refuse("T1 may lose against the refund");
    if (params.takeBlocks - params.takeBlocks / 2 <= params.depth) return refuse("a veto comes too late");
    return base::success();
}

Status checkFees(const ContextPtr& context)
{
    const l2::NetworkParams& params = context->params();
    const auto refuse = [](std::string what) { return base::makeError(kBadFees, std::move(what)); };
    const Amount dust = bitcoin::dustThreshold(bitcoin::payToTaproot(context->committee.key()));
    for (const Amount value : {params.denominations.front(), params.kickoffStake, params.connectorValue}) {
        if (value < dust) return refuse("an output is dust");
    }
    BOWLINE_TRY(const TransactionWeights weights, transactionWeights(context));
    const auto pays = [](Amount fee, std::int64_t weight) {
        return fee >=
               Amount::fromSat((weight + bitcoin::kWitnessScaleFactor - 1) / bitcoin::kWitnessScaleFactor);
    };
    if (!pays(params.requestFee - kAnchorValue, weights.confirm)) return refuse("request_fee");
    if (!pays(params.kickoffFee, weights.kickoff)) return refuse("kickoff_fee");
    if (!pays(params.takeFee, weights.take)) return refuse("take_fee");
    if (!pays(params.connectorValue - kAnchorValue, weights.veto)) return refuse("connector_value");
    return base::success();
}

} // namespace

bool Context::isOperator(const XOnlyPublicKey& key) const
{
    return std::find(network.operators.begin(), network.operators.end(), key) != network.operators.end();
}

Result<ContextPtr> makeContext(l2::Network network)
{
    BOWLINE_CHECK(l2::checkNetwork(network));
    BOWLINE_TRY(Committee committee, Committee::create(network.members));
    const ChainId chainId = network.params.chainId();
    auto context =
        std::make_shared<const Context>(Context{std::move(network), chainId, std::move(committee)});
    BOWLINE_CHECK(checkRules(context));
    return ContextPtr{std::move(context)};
}

Status checkRules(const ContextPtr& context)
{
    BOWLINE_CHECK(checkTimelocks(context->params()));
    return checkFees(context);
}

Deposit::Deposit(ContextPtr context, const DepositTerms& terms, crypto::KeyAggregation depositKeys,
                 crypto::KeyAggregation vaultKeys, bitcoin::TaprootOutput request)
    : m_context(std::move(context)), m_terms(terms), m_depositKeys(std::move(depositKeys)),
      m_vaultKeys(std::move(vaultKeys)), m_request(std::move(request))
{
}

Result<Deposit> Deposit::create(ContextPtr context, const DepositTerms& terms)
{
    const l2::NetworkParams& params = context->params();
    if (!params.isDenomination(terms.value)) {
        return base::makeError(kBadDenomination, base::formatBtc(terms.value));
    }
    if (!crypto::isOnCurve(terms.refundKey)) return base::makeError(kBadRefundKey);
    if (!crypto::isOnCurve(terms.recipient)) return base::makeError(kBadRecipient);

    const Digest id = depositId(context->chainId, terms.refundKey, terms.recipient, terms.value);
    BOWLINE_TRY(auto depositKeys, context->committee.depositKeys(id));
    BOWLINE_TRY(auto vaultKeys, context->committee.vaultKeys(id));
    BOWLINE_TRY(auto request,
                bridge::requestOutput(depositKeys.xOnlyKey(), terms.refundKey, params.refundBlocks));
    Deposit deposit{std::move(context), terms, std::move(depositKeys), std::move(vaultKeys),
                    std::move(request)};
    deposit.m_id = id;

    Transaction& confirm = deposit.m_confirm;
    confirm.version = kGraphVersion;
    confirm.inputs = {TxIn{terms.request, {}, bitcoin::kSequenceReplaceable, {}}};
    confirm.outputs = {TxOut{terms.value, bitcoin::payToTaproot(deposit.m_vaultKeys.xOnlyKey())},
                       anchorOutput()};
    deposit.m_confirmTxid = confirm.txid();
    const std::vector<TxOut> spent{deposit.requestOutput()};
    const bitcoin::TapLeaf leaf = deposit.m_request.tree()->leafAt(kConfirmLeaf);
    BOWLINE_TRY(
        deposit.m_confirmSighash,
        bitcoin::SighashContext(confirm, spent)
            .taproot(0, bitcoin::kSighashDefault, bitcoin::TapscriptContext{bitcoin::tapLeafHash(leaf)}));
    return deposit;
}

TxOut Deposit::requestOutput() const
{
    return {m_terms.value + m_context->params().requestFee, m_request.scriptPubKey()};
}

Result<Transaction> Deposit::signedConfirm(const Signature64& signature) const
{
    if (!crypto::verifySchnorr(m_depositKeys.xOnlyKey(), m_confirmSighash.view(), signature)) {
        return base::makeError(kBadSignature, "T1");
    }
    Transaction out = m_confirm;
    out.inputs[0].witness = leafWitness(m_request, kConfirmLeaf, signature);
    return out;
}

Digest Deposit::mintDigest(const Digest& graphRoot) const
{
    return l2::mintMessage(m_context->chainId, vault(), m_terms.value, m_terms.recipient, graphRoot, m_id);
}

bool Deposit::mintSignatureIsValid(const Digest& graphRoot, const Signature64& signature) const
{
    return crypto::verifySchnorr(m_context->params().committeeKey, mintDigest(graphRoot).view(), signature);
}

Result<TxOut> requestOutputFor(const Context& context, const XOnlyPublicKey& refundKey,
                               const XOnlyPublicKey& recipient, Amount value)
{
    const l2::NetworkParams& params = context.params();
    if (!params.isDenomination(value)) return base::makeError(kBadDenomination, base::formatBtc(value));
    if (!crypto::isOnCurve(refundKey)) return base::makeError(kBadRefundKey);
    if (!crypto::isOnCurve(recipient)) return base::makeError(kBadRecipient);
    const Digest id = depositId(context.chainId, refundKey, recipient, value);
    BOWLINE_TRY(const auto keys, context.committee.depositKeys(id));
    BOWLINE_TRY(const auto output, bridge::requestOutput(keys.xOnlyKey(), refundKey, params.refundBlocks));
    return TxOut{value + params.requestFee, output.scriptPubKey()};
}

} // namespace bowline::bridge
