// SPDX-License-Identifier: MIT
#include "app/services/local/bridge_service.h"

#include "core/bitcoin/address.h"

#include <algorithm>

namespace bowline::services {

namespace {
constexpr std::size_t kMostVaults = 20; // per deposit: each is a ceremony of its own

wallet::SpendRequest requestFor(std::vector<bitcoin::TxOut> outputs, std::int64_t feeSatPerKvb,
                                std::uint64_t seed)
{
    wallet::SpendRequest request;
    request.rate.satPerKvb = feeSatPerKvb;
    request.fixedOrder = true; // the position of an output is part of the deposit's terms
    request.seed = seed;       // quote and deposit choose the same coins
    for (bitcoin::TxOut& output : outputs) {
        wallet::Recipient recipient;
        recipient.script = std::move(output.scriptPubKey);
        recipient.amount = output.value;
        request.recipients.push_back(std::move(recipient));
    }
    return request;
}

/// Refund keys of the draft, one for each vault: a second try takes the same.
base::Status takeRefundIndexes(Session& session, DepositDraft& draft)
{
    while (draft.refundIndexes.size() < draft.vaults.size()) {
        BOWLINE_TRY(const std::uint32_t index, session.wallet().takeRefundIndex());
        draft.refundIndexes.push_back(index);
    }
    return base::success();
}
} // namespace

base::Result<DepositQuote> quoteDepositIn(Session& session, Amount amount, std::int64_t feeSatPerKvb)
{
    const bridge::Context& context = *session.around().context;
    auto [vaults, remainder] = splitInVaults(amount, context.params().denominations);
    if (vaults.empty()) return base::makeError(kDepositTooSmall);
    if (vaults.size() > kMostVaults) return base::makeError(kTooManyVaults);
    BOWLINE_TRY(const base::XOnlyPublicKey account, session.wallet().layerTwoAccount());
    BOWLINE_TRY(const auto standIn, session.wallet().specialPublicKey(wallet::kBridgeRefundAccount, 0));
    std::vector<bitcoin::TxOut> outputs;
    for (const Amount value : vaults) {
        BOWLINE_TRY(bitcoin::TxOut output,
                    bridge::requestOutputFor(context, standIn.xOnly(), account, value));
        outputs.push_back(std::move(output));
    }
    const auto seed = static_cast<std::uint64_t>(session.around().clock.now());
    wallet::SpendRequest request = requestFor(std::move(outputs), feeSatPerKvb, seed);
    BOWLINE_TRY(const wallet::SpendDraft draft, wallet::draftSpend(session.wallet(), request));
    DepositQuote quote;
    quote.asked = amount;
    quote.remainder = remainder;
    quote.requestFees = context.params().requestFee * static_cast<std::int64_t>(vaults.size());
    quote.bitcoinFee = draft.fee;
    quote.refundBlocks = context.params().refundBlocks;
    quote.depth = context.params().depth;
    quote.committeeSize = context.committee.size();
    quote.vaults = vaults;
    quote.draftId = session.addDraft(DepositDraft{std::move(vaults), std::move(request), draft.fee, {}});
    return quote;
}

base::Result<std::vector<std::string>> startDepositIn(Session& session, DepositDraft& draft)
{
    const Surroundings& around = session.around();
    BOWLINE_TRY(const base::XOnlyPublicKey account, session.wallet().layerTwoAccount());
    BOWLINE_CHECK(takeRefundIndexes(session, draft));
    std::vector<DepositRecord> records;
    for (std::size_t i = 0; i < draft.vaults.size(); ++i) {
        const std::uint32_t index = draft.refundIndexes[i];
        BOWLINE_TRY(const auto key, session.wallet().specialPublicKey(wallet::kBridgeRefundAccount, index));
        BOWLINE_TRY(bitcoin::TxOut output,
                    bridge::requestOutputFor(*around.context, key.xOnly(), account, draft.vaults[i]));
        draft.request.recipients[i].script = std::move(output.scriptPubKey);
        DepositRecord record;
        record.terms = {{}, key.xOnly(), account, draft.vaults[i]};
        record.refundIndex = index;
        record.created = around.clock.now();
        record.createdAt = around.backend.tip().height;
        records.push_back(record);
    }
    BOWLINE_TRY(const wallet::SpendDraft spend, wallet::draftSpend(session.wallet(), draft.request));
    if (spend.fee > draft.fee) return base::makeError(kFeeAboveReview, base::formatBtc(spend.fee));
    // The quote has no warning of its own for a fee beyond the guard, so nobody consented to one.
    BOWLINE_TRY(const wallet::SignedSpend ready,
                wallet::signDraft(session.wallet(), spend, wallet::FeeConsent::Refuse));
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < records.size(); ++i) {
        records[i].terms.request = {ready.transaction.txid(), static_cast<std::uint32_t>(i)};
        ids.push_back(
            bridge::depositId(around.context->chainId, records[i].terms.refundKey, account, draft.vaults[i])
                .hex());
    }
    BOWLINE_CHECK(session.deposits().start(records, ready));
    session.watchNewScripts();
    session.relayChanged();
    return ids;
}

namespace {
WithdrawalRecord recordOf(Session& session, const WithdrawDraft& draft, const l2::Transaction& request)
{
    WithdrawalRecord record;
    record.request = request.hash();
    record.transaction = request;
    record.amount = draft.amount;
    record.operatorFee = draft.operatorFee;
    record.script = draft.script;
    record.address = draft.address;
    record.created = session.around().clock.now();
    record.createdAt = session.around().backend.tip().height;
    return record;
}

/// Written down before it is sent: an escrow whose request is forgotten could not be reclaimed.
base::Result<l2::Transaction> prepareWithdrawal(Session& session, const WithdrawDraft& draft)
{
    BOWLINE_TRY(
        l2::Transaction request,
        session.signLayerTwo(l2::WithdrawRequest{draft.amount, draft.operatorFee, draft.script}, draft.fee));
    BOWLINE_CHECK(session.withdrawals().add(recordOf(session, draft, request)));
    return request;
}

base::Result<l2::Transaction> prepareReclaim(Session& session, const std::string& bridgeId)
{
    if (!session.withdrawals().knows(bridgeId)) return base::makeError(kUnknownBridgeId, bridgeId);
    BOWLINE_TRY(const std::uint64_t number, session.withdrawals().reclaimable(bridgeId));
    return session.signLayerTwo(l2::WithdrawReclaim{number}, session.around().context->params().minFee);
}

base::Result<WithdrawQuote> quoteWithdrawalIn(Session& session, Amount amount, const std::string& address)
{
    const l2::NetworkParams& params = session.around().context->params();
    WithdrawDraft draft;
    BOWLINE_TRY(draft.script, bitcoin::scriptFromAddress(address, session.wallet().network()));
    if (amount < params.minWithdrawal)
        return base::makeError(kWithdrawalTooSmall, base::formatBtc(params.minWithdrawal));
    if (!session.account()) return base::makeError(kAccountUnknown);
    draft.address = address;
    draft.amount = amount;
    draft.operatorFee = operatorFeeFor(amount);
    draft.fee = params.minFee;
    WithdrawQuote quote;
    quote.amount = amount;
    quote.address = address;
    quote.operatorFee = draft.operatorFee;
    quote.layerTwoFee = draft.fee;
    quote.total = amount + draft.operatorFee + draft.fee;
    quote.payWindowBlocks = params.payWindow;
    quote.worstCaseBlocks = params.payWindow + params.depth + params.reclaimMargin;
    if (session.account()->btc < quote.total)
        return base::makeError(kLayerTwoInsufficient, base::formatBtc(quote.total));
    quote.draftId = session.addDraft(std::move(draft));
    return quote;
}
} // namespace

std::pair<std::vector<Amount>, Amount> splitInVaults(Amount amount, const std::vector<Amount>& denominations)
{
    std::vector<Amount> vaults;
    for (auto value = denominations.rbegin(); value != denominations.rend(); ++value) {
        while (amount >= *value && vaults.size() <= kMostVaults) {
            vaults.push_back(*value);
            amount -= *value;
        }
    }
    return {std::move(vaults), amount};
}

Amount operatorFeeFor(Amount amount)
{
    // 0.2 %, and at least what a payment of about 200 vB costs at 5 sat/vB.
    return std::max(Amount::fromSat(1'000), Amount::fromSat(amount.sat() / 500));
}

Task LocalBridgeService::quoteDeposit(Amount amount, std::int64_t feeSatPerKvb, Completion<DepositQuote> done)
{
    return m_hub.sessionRequest<DepositQuote>(std::move(done), [amount, feeSatPerKvb](Session& session) {
        return quoteDepositIn(session, amount, feeSatPerKvb);
    });
}

Task LocalBridgeService::startDeposit(std::string draftId, Completion<std::vector<std::string>> done)
{
    using Ids = std::vector<std::string>;
    return m_hub.sessionRequest<Ids>(std::move(done), [draftId](Session& session) -> base::Result<Ids> {
        return session.withDraft<DepositDraft, Ids>(
            draftId, [&session](DepositDraft& draft) { return startDepositIn(session, draft); });
    });
}

Task LocalBridgeService::quoteWithdrawal(Amount amount, std::string address, Completion<WithdrawQuote> done)
{
    return m_hub.sessionRequest<WithdrawQuote>(std::move(done), [amount, address](Session& session) {
        return quoteWithdrawalIn(session, amount, address);
    });
}

Task LocalBridgeService::startWithdrawal(std::string draftId, Completion<std::string> done)
{
    return m_hub.request<std::string>(std::move(done), [this, draftId](const Reply<std::string>& reply) {
        Session* session = m_hub.session();
        if (session == nullptr) return reply(base::makeError(kNoSession));
        const auto draft = session->takeDraft<WithdrawDraft>(draftId);
        if (!draft.ok()) return reply(draft.error());
        const auto request = prepareWithdrawal(*session, **draft);
        if (!request.ok()) {
            session->returnDraft(draftId, false);
            return reply(request.error());
        }
        const auto submitted = [session, reply, draftId,
                                request = request->hash()](const base::Result<l2::TxHash>& hash) {
            session->returnDraft(draftId, hash.ok());
            if (!hash.ok()) static_cast<void>(session->withdrawals().forget(request).ok());
            session->watchNewScripts();
            session->around().changed();
            if (!hash.ok()) return reply(hash.error());
            reply(hash->hex());
        };
        session->own().submit(*request, OwnTransactions::Unanswered::Insist, submitted);
    });
}

Task LocalBridgeService::refund(std::string bridgeId, std::int64_t feeSatPerKvb, Completion<std::string> done)
{
    return m_hub.sessionRequest<std::string>(
        std::move(done), [bridgeId, feeSatPerKvb](Session& session) -> base::Result<std::string> {
            BOWLINE_TRY(const base::Txid txid,
                        session.deposits().refund(bridgeId, base::FeeRate{feeSatPerKvb}));
            return txid.displayHex();
        });
}

Task LocalBridgeService::reclaim(std::string bridgeId, Completion<std::string> done)
{
    return m_hub.request<std::string>(std::move(done), [this, bridgeId](const Reply<std::string>& reply) {
        Session* session = m_hub.session();
        if (session == nullptr) return reply(base::makeError(kNoSession));
        const auto reclaim = prepareReclaim(*session, bridgeId);
        if (!reclaim.ok()) return reply(reclaim.error());
        const auto submitted = [session, bridgeId, reply,
                                reclaim = *reclaim](const base::Result<l2::TxHash>& hash) {
            if (!hash.ok()) return reply(hash.error());
            const base::Status kept = session->withdrawals().reclaimSubmitted(bridgeId, reclaim);
            if (!kept.ok()) return reply(kept.error());
            reply(hash->hex());
        };
        session->own().submit(*reclaim, OwnTransactions::Unanswered::Forget, submitted);
    });
}

Task LocalBridgeService::list(Completion<std::vector<BridgeItem>> done)
{
    using List = std::vector<BridgeItem>;
    return m_hub.sessionRequest<List>(
        std::move(done), [](Session& session) -> base::Result<List> { return session.bridgeItems(); });
}

Task LocalBridgeService::show(std::string bridgeId, Completion<BridgeItem> done)
{
    return m_hub.sessionRequest<BridgeItem>(std::move(done),
                                            [bridgeId](Session& session) -> base::Result<BridgeItem> {
                                                for (BridgeItem& item : session.bridgeItems()) {
                                                    if (item.id == bridgeId) return std::move(item);
                                                }
                                                return base::makeError(kUnknownBridgeId, bridgeId);
                                            });
}

} // namespace bowline::services
