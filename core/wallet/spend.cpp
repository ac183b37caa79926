// SPDX-License-Identifier: MIT
// Requests to drafts, and drafts to signed transactions that were checked before anybody sees them.
#include "core/wallet/spend.h"

#include "core/bitcoin/sighash.h"
#include "core/bitcoin/taproot.h"
#include "core/crypto/hash.h"
#include "core/wallet/draft.h"

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

/// BIP431: a version 3 transaction without unconfirmed parent.
constexpr std::int64_t kMaxVersion3Weight = 40'000;

Status signTaproot(const crypto::PrivateKey& key, const bitcoin::SighashContext& sighashes, std::size_t index,
                   const TxOut& spent, Transaction& transaction)
{
    BOWLINE_TRY(const bitcoin::TaprootOutput output, bitcoin::TaprootOutput::keyOnly(key.xOnlyPublicKey()));
    if (output.scriptPubKey() != spent.scriptPubKey)
        return makeError(kSelfCheckFailed, "key of another script");
    BOWLINE_TRY(const base::Digest hash, sighashes.taproot(index, bitcoin::kSighashDefault));
    BOWLINE_TRY(const crypto::Signature64 signature,
                crypto::signSchnorrTweaked(key, output.tweak().view(), hash.view()));
    transaction.inputs[index].witness = {Bytes(signature.begin(), signature.end())};
    return success();
}

Status signSegwitV0(const crypto::PrivateKey& key, const bitcoin::SighashContext& sighashes,
                    std::size_t index, const TxOut& spent, Transaction& transaction)
{
    const crypto::PublicKey publicKey = key.publicKey();
    const auto keyHash = crypto::hash160(publicKey.view());
    if (bitcoin::payToWitnessPublicKeyHash(keyHash) != spent.scriptPubKey) {
        return makeError(kSelfCheckFailed, "key of another script");
    }
    BOWLINE_TRY(const base::Digest hash, sighashes.segwitV0(index, bitcoin::witnessKeyHashScriptCode(keyHash),
                                                            spent.value, bitcoin::kSighashAll));
    BOWLINE_TRY(Bytes signature, crypto::signEcdsa(key, hash));
    signature.push_back(bitcoin::kSighashAll);
    transaction.inputs[index].witness = {std::move(signature), base::toBytes(publicKey.view())};
    return success();
}

/// Whether the witness of the input spends the output, for the forms that we make.
bool spends(const bitcoin::SighashContext& sighashes, std::size_t index, const bitcoin::TxIn& input,
            const TxOut& spent)
{
    const auto program = bitcoin::witnessProgramOf(spent.scriptPubKey);
    if (!program || !input.scriptSig.empty()) return false;
    switch (bitcoin::outputTypeOf(spent.scriptPubKey)) {
    case bitcoin::OutputType::PayToAnchor: return input.witness.empty();
    case bitcoin::OutputType::PayToTaproot: {
        if (input.witness.size() != 1) return false;
        const auto signature = base::toArray<64>(input.witness[0]);
        const auto key = base::toArray<32>(program->program);
        const auto hash = sighashes.taproot(index, bitcoin::kSighashDefault);
        return signature.ok() && key.ok() && hash.ok() &&
               crypto::verifySchnorr(base::XOnlyPublicKey{*key}, hash->view(), *signature);
    }
    case bitcoin::OutputType::PayToWitnessPublicKeyHash: {
        if (input.witness.size() != 2 || input.witness[0].empty()) return false;
        if (input.witness[0].back() != bitcoin::kSighashAll) return false;
        const auto keyHash = crypto::hash160(input.witness[1]);
        const auto key = crypto::PublicKey::parse(input.witness[1]);
        const auto hash = sighashes.segwitV0(index, bitcoin::witnessKeyHashScriptCode(keyHash), spent.value,
                                             bitcoin::kSighashAll);
        const ByteView der = ByteView(input.witness[0]).first(input.witness[0].size() - 1);
        return std::equal(keyHash.begin(), keyHash.end(), program->program.begin(), program->program.end()) &&
               key.ok() && hash.ok() && crypto::verifyEcdsa(*key, *hash, der);
    }
    default: return false;
    }
}

/// Checks the bytes that would be sent against the draft that was reviewed.
Status checkSigned(ByteView bytes, const SpendDraft& draft, std::span<const TxOut> spent)
{
    BOWLINE_TRY(const Transaction sent, bitcoin::parseTransaction(bytes));
    BOWLINE_CHECK(bitcoin::checkTransaction(sent));
    const Transaction& planned = draft.transaction;
    if (sent.txid() != planned.txid()) return makeError(kSelfCheckFailed, "not what was reviewed");
    Amount fee;
    for (const DraftInput& input : draft.inputs) fee += input.spent.value;
    for (const TxOut& output : sent.outputs) fee -= output.value;
    if (fee != draft.fee) return makeError(kSelfCheckFailed, "fee");
    if (sent.weight() > draft.weight) return makeError(kSelfCheckFailed, "heavier than planned");
    const bitcoin::SighashContext sighashes(sent, spent);
    for (std::size_t i = 0; i < sent.inputs.size(); ++i) {
        if (!spends(sighashes, i, sent.inputs[i], spent[i])) {
            return makeError(kSelfCheckFailed, "signature of input " + std::to_string(i));
        }
    }
    return success();
}

/// The coins may have been spent, frozen or undone since the draft was made.
Status checkStillThere(Wallet& wallet, const SpendDraft& draft)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    for (const DraftInput& input : draft.inputs) {
        if (!input.key) continue;
        const Coin* coin = view->find(input.outpoint);
        const bool free = coin != nullptr && coin->output == input.spent && coin->key == input.key &&
                          !coin->frozen && (!coin->spentBy || coin->spentBy == draft.replaces);
        if (!free) return makeError(kCoinUnavailable, bitcoin::toString(input.outpoint));
    }
    return success();
}

Result<std::vector<DraftInput>> controlledCoins(Wallet& wallet, const SpendRequest& request)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    std::vector<DraftInput> out;
    for (const OutPoint& outpoint : request.coins) {
        const Coin* coin = view->find(outpoint);
        // Named by the user, unconfirmed coins are fine whoever sent them; versions must still agree
        // (BIP431).
        const bool version3 = request.version == 3;
        const bool usable = coin != nullptr && coin->key && !coin->frozen && !coin->spentBy &&
                            isMature(*coin, wallet.tipHeight()) &&
                            (coin->confirmed || (!version3 && coin->transactionVersion != 3));
        if (!usable) return makeError(kCoinUnavailable, bitcoin::toString(outpoint));
        out.push_back(inputFor(*coin));
    }
    return out;
}

} // namespace

bool SpendDraft::hasWarning(Warning warning) const
{
    return std::find(warnings.begin(), warnings.end(), warning) != warnings.end();
}

Amount SpendDraft::sent() const
{
    Amount sum;
    for (const DraftOutput& output : outputs) {
        if (output.role == OutputRole::Recipient) sum += output.output.value;
    }
    return sum;
}

Result<SpendDraft> draftSpend(Wallet& wallet, const SpendRequest& request)
{
    BOWLINE_CHECK(checkFeeRate(request.rate));
    DraftPlan plan;
    plan.recipients = request.recipients;
    plan.fee.rate = request.rate;
    plan.version = request.version;
    plan.fixedOrder = request.fixedOrder;
    plan.guard = request.guard;
    plan.seed = request.seed;
    if (request.version == 3) plan.maxWeight = kMaxVersion3Weight;
    if (request.coins.empty()) {
        const CoinPolicy policy{request.unconfirmedChange, request.version};
        BOWLINE_TRY(plan.candidates, spendableInputs(wallet, policy));
    } else {
        BOWLINE_TRY(std::vector<DraftInput> coins, controlledCoins(wallet, request));
        (request.useAllCoins ? plan.required : plan.candidates) = std::move(coins);
    }
    return buildDraft(wallet, std::move(plan));
}

Result<SignedSpend> signDraft(Wallet& wallet, const SpendDraft& draft, FeeConsent consent)
{
    if (wallet.isLocked()) return makeError(kLocked);
    if (draft.hasWarning(Warning::HighFee) && consent != FeeConsent::Accept) return makeError(kFeeTooHigh);
    BOWLINE_CHECK(checkStillThere(wallet, draft));
    std::vector<TxOut> spent;
    for (const DraftInput& input : draft.inputs) spent.push_back(input.spent);

    SignedSpend out{draft.transaction, draft, draft.parents};
    const bitcoin::SighashContext sighashes(draft.transaction, spent);
    for (std::size_t i = 0; i < draft.inputs.size(); ++i) {
        const DraftInput& input = draft.inputs[i];
        if (!input.key) continue; // an anchor asks for nothing
        BOWLINE_TRY(const crypto::PrivateKey key, wallet.privateKey(*input.key));
        BOWLINE_CHECK(input.key->type == AddressType::Taproot
                          ? signTaproot(key, sighashes, i, input.spent, out.transaction)
                          : signSegwitV0(key, sighashes, i, input.spent, out.transaction));
    }
    BOWLINE_CHECK(checkSigned(out.transaction.serialize(), draft, spent));
    out.package.push_back(out.transaction);
    return out;
}

} // namespace bowline::wallet
