// SPDX-License-Identifier: MIT
// Request, authorisation, mint and refund.
#include "core/bridge/depositor.h"

#include "core/bitcoin/sighash.h"

namespace bowline::bridge {

DepositorCeremony::DepositorCeremony(Deposit deposit, std::optional<MintAuthorisation> kept)
    : m_log(std::move(deposit)), m_authorisation(std::move(kept))
{
}

Result<DepositorEffects> DepositorCeremony::step(const ChainFacts& facts, const PrivateKey* refundKey)
{
    DepositorEffects effects;
    m_needsKey = false;
    const Deposit& deposit = m_log.deposit();
    const DepositTerms& terms = deposit.terms();
    const OutputFact* request = facts.find(terms.request);
    const bool stands = request != nullptr && request->output == deposit.requestOutput() && !request->spentBy;

    if (refundKey != nullptr && refundKey->xOnlyPublicKey() != terms.refundKey) {
        return base::makeError(kBadRefundKey, "not the deposit's key");
    }
    if (!m_requested) {
        const RequestPayload payload{terms.request, terms.refundKey, terms.recipient, terms.value};
        if (refundKey == nullptr) {
            m_needsKey = true;
        } else {
            BOWLINE_CHECK(post(*refundKey, Digest{}, payload, effects));
            m_requested = true;
        }
    }
    const Attempt* attempt = m_log.latestAttempt();
    if (attempt != nullptr && stands && attempt->mintSignature() &&
        !m_heldSessions.contains(attempt->session())) {
        BOWLINE_CHECK(takeAuthorisation(*attempt, effects));
        const HoldingPayload payload{m_authorisation->graphRoot, m_authorisation->signature};
        if (refundKey == nullptr) {
            m_needsKey = true;
        } else {
            BOWLINE_CHECK(post(*refundKey, attempt->session(), payload, effects));
            m_heldSessions.insert(attempt->session());
        }
    }
    if (const Attempt* confirmed = m_log.confirmedAttempt(); confirmed != nullptr && stands) {
        BOWLINE_TRY(Transaction confirm, deposit.signedConfirm(*confirmed->confirmSignature()));
        effects.broadcast.push_back(std::move(confirm));
    }
    effects.evidence = m_log.takeEvidence();
    return effects;
}

Status DepositorCeremony::takeAuthorisation(const Attempt& attempt, DepositorEffects& effects)
{
    const Digest& root = attempt.graph().root();
    if (m_authorisation && m_authorisation->graphRoot == root) return base::success();
    if (!m_log.deposit().mintSignatureIsValid(root, *attempt.mintSignature())) {
        return base::makeError(kBadSignature, "mint authorisation");
    }
    m_authorisation = MintAuthorisation{root, *attempt.mintSignature()};
    effects.authorisation = m_authorisation;
    return base::success();
}

Status DepositorCeremony::post(const PrivateKey& key, const Digest& session, const Payload& payload,
                               DepositorEffects& effects)
{
    const Deposit& deposit = m_log.deposit();
    BOWLINE_TRY(const Message message,
                signMessage(key, deposit.context().chainId, deposit.id(), session, payload));
    m_log.add(message);
    effects.post.push_back(message.serialize());
    m_posted.push_back(effects.post.back());
    return base::success();
}

Result<l2::Transaction> mintTransaction(const Deposit& deposit, const MintAuthorisation& authorisation,
                                        l2::TxProof proof)
{
    if (!deposit.mintSignatureIsValid(authorisation.graphRoot, authorisation.signature)) {
        return base::makeError(kBadSignature, "mint authorisation");
    }
    if (proof.transaction != deposit.confirm().serializeWithoutWitness())
        return base::makeError(kNotTheVault);
    l2::Mint mint;
    mint.recipient = deposit.terms().recipient;
    mint.graphRoot = authorisation.graphRoot;
    mint.depositId = deposit.id();
    mint.committeeSignature = authorisation.signature;
    mint.deposit = std::move(proof);
    l2::Transaction transaction;
    transaction.payload = std::move(mint);
    return transaction;
}

Height refundHeight(const l2::NetworkParams& params, Height request) { return request + params.refundBlocks; }

Result<Transaction> refundTransaction(const Deposit& deposit, const Script& payTo, base::FeeRate rate,
                                      const PrivateKey& refundKey)
{
    if (refundKey.xOnlyPublicKey() != deposit.terms().refundKey) {
        return base::makeError(kBadRefundKey, "not the deposit's key");
    }
    const TxOut spent = deposit.requestOutput();
    Transaction refund;
    refund.version = 2;
    refund.inputs = {TxIn{deposit.terms().request, {}, deposit.context().params().refundBlocks, {}}};
    refund.outputs = {TxOut{spent.value, payTo}};
    refund.inputs[0].witness = leafWitness(deposit.requestScripts(), kRefundLeaf, Signature64{});
    refund.outputs[0].value -= rate.feeFor(refund.virtualSize());
    if (refund.outputs[0].value < bitcoin::dustThreshold(payTo)) return base::makeError(kRefundTooSmall);

    const std::vector<TxOut> spends{spent};
    const bitcoin::TapLeaf leaf = deposit.requestScripts().tree()->leafAt(kRefundLeaf);
    BOWLINE_TRY(const Digest sighash, bitcoin::SighashContext(refund, spends)
                                          .taproot(0, bitcoin::kSighashDefault,
                                                   bitcoin::TapscriptContext{bitcoin::tapLeafHash(leaf)}));
    BOWLINE_TRY(const Signature64 signature, crypto::signSchnorr(refundKey, sighash.view()));
    refund.inputs[0].witness = leafWitness(deposit.requestScripts(), kRefundLeaf, signature);
    return refund;
}

} // namespace bowline::bridge
