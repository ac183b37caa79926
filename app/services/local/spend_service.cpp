// SPDX-License-Identifier: MIT
#include "app/services/local/spend_service.h"

#include "core/base/log.h"
#include "core/bitcoin/address.h"
#include "core/bitcoin/uri.h"
#include "core/l2/address.h"
#include "core/wallet/bump.h"

namespace bowline::services {

namespace {
base::Result<wallet::Recipient> recipientOf(const Recipient& asked, bitcoin::Network network)
{
    wallet::Recipient out;
    out.amount = asked.amount;
    out.takesRest = asked.sendAll;
    out.label = asked.label;
    std::string address = asked.address;
    if (const auto uri = bitcoin::parsePaymentUri(asked.address, network); uri.ok()) {
        address = uri->address;
        if (uri->amount && out.amount == Amount{}) out.amount = *uri->amount;
        if (out.label.empty()) out.label = uri->label;
    }
    BOWLINE_TRY(out.script, bitcoin::scriptFromAddress(address, network));
    return out;
}

SpendReview reviewOf(const wallet::SpendDraft& draft, bitcoin::Network network)
{
    SpendReview out;
    for (const wallet::DraftOutput& output : draft.outputs) {
        if (output.role != wallet::OutputRole::Recipient) continue;
        // What is shown is decoded from the transaction itself, not what was typed.
        Recipient shown;
        const auto address = bitcoin::addressFromScript(output.output.scriptPubKey, network);
        shown.address = address.ok() ? *address : base::toHex(output.output.scriptPubKey);
        shown.amount = output.output.value;
        shown.label = output.label;
        out.recipients.push_back(std::move(shown));
    }
    out.inputCount = draft.inputs.size();
    for (const wallet::DraftInput& input : draft.inputs) out.inputTotal += input.spent.value;
    out.change = draft.change;
    out.fee = draft.fee;
    out.feeSatPerKvb = draft.packageRate.satPerKvb;
    out.virtualBytes = draft.virtualSize();
    out.total = draft.sent() + draft.fee;
    for (const wallet::Warning warning : draft.warnings) out.warnings.push_back(warningCode(warning));
    return out;
}

base::Result<SpendReview> keepDraft(Session& session, wallet::SpendDraft draft)
{
    SpendReview review = reviewOf(draft, session.wallet().network());
    const bool high = draft.hasWarning(wallet::Warning::HighFee);
    // The review shows the warning; confirming the reviewed draft is the consent.
    review.draftId = session.addDraft(SpendDraftEntry{std::move(draft), high});
    return review;
}
} // namespace

std::string warningCode(wallet::Warning warning)
{
    switch (warning) {
    case wallet::Warning::HighFee: return "high-fee";
    case wallet::Warning::ChangeDropped: return "dust-change-dropped";
    case wallet::Warning::UnconfirmedInput: return "unconfirmed-input";
    case wallet::Warning::UnknownRecipientScript: return "unknown-recipient-script";
    case wallet::Warning::PaysSelf: return "pays-self";
    }
    return "unknown";
}

Task LocalSpendService::review(std::vector<Recipient> recipients, std::int64_t feeSatPerKvb,
                               Completion<SpendReview> done)
{
    return m_hub.sessionRequest<SpendReview>(
        std::move(done), [recipients, feeSatPerKvb](Session& session) -> base::Result<SpendReview> {
            wallet::SpendRequest request;
            request.rate.satPerKvb = feeSatPerKvb;
            for (const Recipient& asked : recipients) {
                BOWLINE_TRY(wallet::Recipient recipient, recipientOf(asked, session.wallet().network()));
                request.recipients.push_back(std::move(recipient));
            }
            BOWLINE_TRY(wallet::SpendDraft draft, wallet::draftSpend(session.wallet(), request));
            return keepDraft(session, std::move(draft));
        });
}

Task LocalSpendService::confirm(std::string draftId, Completion<std::string> done)
{
    return m_hub.sessionRequest<std::string>(
        std::move(done), [draftId](Session& session) -> base::Result<std::string> {
            const auto use = [&session](const SpendDraftEntry& entry) -> base::Result<std::string> {
                const auto consent =
                    entry.acceptHighFee ? wallet::FeeConsent::Accept : wallet::FeeConsent::Refuse;
                BOWLINE_TRY(const wallet::SignedSpend spend,
                            wallet::signDraft(session.wallet(), entry.draft, consent));
                BOWLINE_CHECK(session.sync().submit(spend.package));
                return spend.transaction.txid().displayHex();
            };
            return session.withDraft<SpendDraftEntry, std::string>(draftId, use);
        });
}

Task LocalSpendService::reviewBump(std::string txid, std::int64_t feeSatPerKvb, bool byChild,
                                   Completion<SpendReview> done)
{
    return m_hub.sessionRequest<SpendReview>(
        std::move(done), [txid, feeSatPerKvb, byChild](Session& session) -> base::Result<SpendReview> {
            BOWLINE_TRY(const auto id, base::Txid::fromDisplayHex(txid));
            wallet::BumpRequest request;
            request.rate.satPerKvb = feeSatPerKvb;
            auto draft = byChild ? wallet::draftChildOf(session.wallet(), id, request)
                                 : wallet::draftReplacement(session.wallet(), id, request);
            if (!draft.ok()) return draft.error();
            return keepDraft(session, std::move(*draft));
        });
}

Task LocalSpendService::reviewLayerTwo(std::string recipient, Amount amount, Completion<LayerTwoReview> done)
{
    return m_hub.sessionRequest<LayerTwoReview>(
        std::move(done), [recipient, amount](Session& session) -> base::Result<LayerTwoReview> {
            LayerTwoDraft draft;
            BOWLINE_TRY(draft.to, l2::accountFromText(recipient, session.wallet().network()));
            draft.amount = amount;
            draft.fee = session.around().context->params().minFee;
            if (!session.account()) return base::makeError(kAccountUnknown);
            if (amount.sat() <= 0 || !amount.isValidMoney())
                return base::makeError(wallet::kBadRecipientAmount);
            if (session.account()->btc < amount + draft.fee) return base::makeError(kLayerTwoInsufficient);
            LayerTwoReview review;
            review.recipient = l2::accountText(draft.to, session.wallet().network());
            review.amount = amount;
            review.fee = draft.fee;
            review.total = amount + draft.fee;
            review.draftId = session.addDraft(draft);
            return review;
        });
}

Task LocalSpendService::confirmLayerTwo(std::string draftId, Completion<std::string> done)
{
    return m_hub.request<std::string>(std::move(done), [this, draftId](const Reply<std::string>& reply) {
        Session* session = m_hub.session();
        if (session == nullptr) return reply(base::makeError(kNoSession));
        const auto draft = session->takeDraft<LayerTwoDraft>(draftId);
        if (!draft.ok()) return reply(draft.error());
        const auto payment =
            session->signLayerTwo(l2::Transfer{(*draft)->to, (*draft)->amount}, (*draft)->fee);
        if (!payment.ok()) {
            session->returnDraft(draftId, false);
            return reply(payment.error());
        }
        const auto submitted = [session, reply, draftId,
                                payment = *payment](const base::Result<l2::TxHash>& hash) {
            session->returnDraft(draftId, hash.ok());
            if (!hash.ok()) return reply(hash.error());
            // The node has it; a note of it that cannot be kept changes nothing about the payment.
            const base::Status kept = session->transfers().add(payment, session->around().clock.now());
            if (!kept.ok()) base::logWarning("services", "payment: " + kept.error().detail);
            session->around().changed();
            reply(hash->hex());
        };
        session->own().submit(*payment, OwnTransactions::Unanswered::Forget, submitted);
    });
}

} // namespace bowline::services
