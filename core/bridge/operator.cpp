// SPDX-License-Identifier: MIT
// What operators build.
#include "core/bridge/operator.h"

#include <algorithm>

namespace bowline::bridge {

Amount kickoffFundingValue(const l2::NetworkParams& params)
{
    return params.kickoffStake + params.connectorValue + params.kickoffFee + kAnchorValue;
}

Result<TxOut> kickoffFunding(const l2::NetworkParams& params, const XOnlyPublicKey& operatorKey)
{
    BOWLINE_TRY(const auto scripts, kickoffFundingOutput(operatorKey));
    return TxOut{kickoffFundingValue(params), scripts.scriptPubKey()};
}

Result<Message> makeOffer(const Deposit& deposit, const OperatorOffer& offer, const PrivateKey& operatorKey)
{
    if (operatorKey.xOnlyPublicKey() != offer.operatorKey) return base::makeError(kNotOurGraph);
    BOWLINE_TRY(const OperatorGraph graph, OperatorGraph::create(deposit, offer));
    return signMessage(
        operatorKey, deposit.context().chainId, deposit.id(), Digest{},
        OfferPayload{deposit.terms().request, graph.offer().funding, graph.offer().payoutScript});
}

std::vector<TxOut> paymentOutputs(const ChainId& chainId, std::uint64_t id, const l2::Withdrawal& withdrawal)
{
    return {TxOut{withdrawal.amount, withdrawal.script},
            TxOut{Amount(), paymentCommitment(chainId, id, withdrawal.operatorKey, withdrawal.acceptance)}};
}

bool isPayment(const Transaction& transaction, const ChainId& chainId, std::uint64_t id,
               const l2::Withdrawal& withdrawal)
{
    if (transaction.outputs.size() < 2) return false;
    const std::vector<TxOut> expected = paymentOutputs(chainId, id, withdrawal);
    return transaction.outputs[0] == expected[0] &&
           transaction.outputs[1].scriptPubKey == expected[1].scriptPubKey;
}

Result<l2::ClaimVault> claimPayload(const DepositGraph& graph, const XOnlyPublicKey& operatorKey)
{
    const OperatorGraph* own = graph.find(operatorKey);
    if (own == nullptr) return base::makeError(kNotOurGraph);
    l2::ClaimVault out;
    out.vault = graph.deposit().vault();
    out.depositId = graph.deposit().id();
    out.funding = own->offer().funding;
    out.kickoff = own->kickoffTxid();
    out.take = own->takeTxid();
    out.payout = own->offer().payoutScript;
    out.graphLeaves = graph.leaves();
    out.ownIndex = static_cast<std::uint8_t>(own - graph.operators().data());
    return out;
}

std::optional<ClaimCandidate> chooseClaim(std::vector<ClaimCandidate> candidates, Amount balance,
                                          Amount reserve)
{
    std::sort(candidates.begin(), candidates.end(), [](const ClaimCandidate& a, const ClaimCandidate& b) {
        return a.value != b.value ? a.value > b.value : a.vault < b.vault;
    });
    for (const ClaimCandidate& candidate : candidates) {
        if (candidate.value + reserve <= balance) return candidate;
    }
    return std::nullopt;
}

Result<Transaction> makeKickoff(const OperatorGraph& graph, const PrivateKey& operatorKey)
{
    BOWLINE_TRY(const Signature64 signature, crypto::signSchnorr(operatorKey, graph.kickoffSighash().view()));
    return graph.signedKickoff(signature);
}

Result<Transaction> makeTake(const OperatorGraph& graph, const TakeSignatures& committee,
                             const PrivateKey& operatorKey)
{
    BOWLINE_TRY(
        const Signature64 signature,
        crypto::signSchnorr(operatorKey, graph.takeSighash(OperatorGraph::kTakeConnectorInput).view()));
    return graph.signedTake(committee.vault, committee.stake, signature);
}

Result<Transaction> makeVeto(const OperatorGraph& graph, std::size_t member, const PrivateKey& vaultKey)
{
    BOWLINE_TRY(const Signature64 signature, crypto::signSchnorr(vaultKey, graph.vetoSighash(member).view()));
    return graph.signedVeto(member, signature);
}

Height takeHeight(const l2::NetworkParams& params, Height kickoff) { return kickoff + params.takeBlocks; }

std::optional<std::uint32_t> anchorIndex(const Transaction& transaction)
{
    for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
        if (bitcoin::outputTypeOf(transaction.outputs[i].scriptPubKey) == bitcoin::OutputType::PayToAnchor)
            return i;
    }
    return std::nullopt;
}

Result<Transaction> anchorChild(const Transaction& parent, Amount parentFee, const BumpCoin& coin,
                                const Script& change, base::FeeRate rate)
{
    const std::optional<std::uint32_t> anchor = anchorIndex(parent);
    if (!anchor) return base::makeError(kNoAnchor);
    Transaction child;
    child.version = kGraphVersion;
    child.inputs = {TxIn{{parent.txid(), *anchor}, {}, bitcoin::kSequenceReplaceable, {}},
                    TxIn{coin.outpoint, {}, bitcoin::kSequenceReplaceable, {}}};
    child.outputs = {TxOut{parent.outputs[*anchor].value + coin.output.value, change}};
    Transaction sized = child;
    sized.inputs[1].witness = keyWitness(Signature64{});
    const Amount fee = std::max(rate.feeFor(parent.virtualSize() + sized.virtualSize()) - parentFee,
                                base::FeeRate{1000}.feeFor(sized.virtualSize()));
    child.outputs[0].value -= fee;
    if (child.outputs[0].value < bitcoin::dustThreshold(change)) return base::makeError(kCoinTooSmall);
    return child;
}

} // namespace bowline::bridge
