// SPDX-License-Identifier: MIT
#include "app/daemon/operator/operator_wallet.h"

#include "core/base/log.h"
#include "core/crypto/kdf.h"
#include "core/keys/mnemonic.h"

#include <boost/asio/post.hpp>

namespace bowline::daemon {

using base::Bytes;
using base::Result;
using base::Status;

namespace {

constexpr std::string_view kFunding = "operator.funding";
constexpr std::string_view kGraph = "operator.graph";
constexpr std::string_view kPayment = "operator.payment";
constexpr std::string_view kTakenBack = "operator.payment-taken-back";

Bytes outpointBytes(const bitcoin::OutPoint& outpoint)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, outpoint);
    return writer.take();
}

Result<std::unique_ptr<wallet::Wallet>> makeWallet(const std::string& path, const RoleContext& context,
                                                   const base::SecureBytes& password,
                                                   const base::Clock& clock)
{
    BOWLINE_TRY(const keys::Mnemonic words,
                keys::Mnemonic::fromEntropy(context.keys.key("wallet").secret(), keys::Language::English));
    wallet::NewWallet options;
    options.words = words.text();
    options.password = password;
    options.network = context.network.params.bitcoinNetwork;
    options.birthday.height = context.network.params.checkpointHeight;
    options.restored = true;
    // The password is 32 random bytes: stretching it adds nothing.
    options.scrypt = crypto::ScryptParameters{crypto::kScryptMinN, 8, 1};
    return wallet::Wallet::create(path, options, clock);
}

} // namespace

Bytes FundingRecord::serialize() const
{
    base::Writer writer;
    writer.u8(bound ? 1 : 0);
    if (bound) {
        bridge::writeTerms(writer, *bound);
        writer.u32le(static_cast<std::uint32_t>(offer.size()));
        writer.bytes(offer);
    }
    return writer.take();
}

Result<FundingRecord> FundingRecord::parse(const bitcoin::OutPoint& outpoint, base::ByteView data)
{
    base::Reader reader(data);
    FundingRecord out;
    out.outpoint = outpoint;
    if (reader.u8() == 1) {
        out.bound = bridge::readTerms(reader);
        out.offer = base::toBytes(reader.bytes(reader.u32le()));
    }
    BOWLINE_CHECK(reader.finish());
    return out;
}

Result<std::unique_ptr<OperatorWallet>> OperatorWallet::open(const RoleContext& context,
                                                             std::function<void()> changed)
{
    std::unique_ptr<OperatorWallet> out(new OperatorWallet());
    BOWLINE_TRY(const base::SecureBytes password,
                crypto::hkdfSha256(context.keys.key("wallet").secret(), {},
                                   base::viewOf(std::string_view("Bowline/operator-wallet")), 32));
    const std::string path = context.options.datadir + "/wallet.sqlite";
    auto opened = wallet::Wallet::open(path, out->m_clock);
    if (!opened.ok() && opened.error().code == wallet::kNoWallet) {
        opened = makeWallet(path, context, password, out->m_clock);
    }
    if (!opened.ok()) return opened.error();
    out->m_wallet = std::move(*opened);
    BOWLINE_CHECK(out->m_wallet->unlock(base::viewOf(password)));
    out->m_sync = std::make_unique<wallet::WalletSync>(
        *out->m_wallet, context.bitcoin,
        [executor = context.executor](std::function<void()> task) { asio::post(executor, std::move(task)); },
        std::move(changed),
        [](const base::Error& error) {
            base::logError("operator", "wallet: " + std::string(error.code.name()) + ' ' + error.detail);
        });
    return out;
}

Result<bitcoin::Script> OperatorWallet::payoutScript()
{
    BOWLINE_TRY(wallet::ReceiveAddress address, m_wallet->currentAddress(wallet::AddressType::Taproot));
    return std::move(address.script);
}

base::Amount OperatorWallet::spendable()
{
    const auto view = m_wallet->coins();
    wallet::CoinPolicy confirmedOnly;
    confirmedOnly.unconfirmedChange = false;
    base::Amount sum;
    if (!view.ok()) return sum;
    for (const wallet::Coin& coin : (*view)->coins()) {
        if (wallet::isSpendable(coin, m_wallet->tipHeight(), confirmedOnly)) {
            sum += coin.output.value;
        }
    }
    return sum;
}

Result<bitcoin::Transaction> OperatorWallet::pay(const std::vector<bitcoin::TxOut>& outputs,
                                                 base::FeeRate rate, const Record& record)
{
    wallet::SpendRequest request;
    for (const bitcoin::TxOut& output : outputs) {
        wallet::Recipient recipient;
        recipient.script = output.scriptPubKey;
        recipient.amount = output.value;
        request.recipients.push_back(std::move(recipient));
    }
    request.rate = rate;
    request.fixedOrder = true;
    request.unconfirmedChange = false;
    BOWLINE_TRY(const wallet::SpendDraft draft, wallet::draftSpend(*m_wallet, request));
    return finish(draft, record);
}

Result<bitcoin::Transaction> OperatorWallet::replace(const base::Txid& txid, base::FeeRate rate,
                                                     base::Amount most, const Record& record)
{
    wallet::BumpRequest request;
    request.rate = rate;
    BOWLINE_TRY(const wallet::SpendDraft draft, wallet::draftReplacement(*m_wallet, txid, request));
    if (draft.fee > most) return base::makeError(wallet::kFeeTooHigh);
    return finish(draft, record);
}

Result<bitcoin::Transaction> OperatorWallet::takeBack(const base::Txid& txid, base::FeeRate rate,
                                                      const Record& record)
{
    wallet::BumpRequest request;
    request.rate = rate;
    BOWLINE_TRY(const wallet::SpendDraft draft, wallet::draftCancellation(*m_wallet, txid, request));
    return finish(draft, record);
}

Result<bitcoin::Transaction> OperatorWallet::finish(const wallet::SpendDraft& draft, const Record& record)
{
    BOWLINE_TRY(const wallet::SignedSpend spend,
                wallet::signDraft(*m_wallet, draft, wallet::FeeConsent::Refuse));
    BOWLINE_TRY(auto batch, m_wallet->store().begin());
    BOWLINE_CHECK(record(m_wallet->store(), spend.transaction));
    BOWLINE_CHECK(m_wallet->addUnconfirmed(spend.transaction));
    BOWLINE_CHECK(batch.commit());
    BOWLINE_CHECK(m_sync->submit(spend.package));
    return spend.transaction;
}

Status OperatorWallet::send(const bitcoin::Transaction& transaction) { return m_sync->submit({transaction}); }

Status OperatorWallet::bump(const bitcoin::Transaction& parent, base::Amount parentFee, base::FeeRate rate)
{
    wallet::ChildRequest request;
    request.parents = {parent};
    request.parentFee = parentFee;
    request.packageRate = rate;
    BOWLINE_TRY(const wallet::SpendDraft draft, wallet::draftChild(*m_wallet, request));
    BOWLINE_TRY(const wallet::SignedSpend spend,
                wallet::signDraft(*m_wallet, draft, wallet::FeeConsent::Refuse));
    return m_sync->submit(spend.package);
}

Result<std::optional<base::FeeRate>> OperatorWallet::pendingRate(const base::Txid& txid)
{
    BOWLINE_TRY(const wallet::CoinView* view, m_wallet->coins());
    const wallet::PendingTransaction* pending = view->findPending(txid);
    if (pending == nullptr || pending->state != wallet::TransactionState::Pending || !pending->fromSelf) {
        return std::optional<base::FeeRate>();
    }
    base::Amount fee = pending->spends;
    for (const bitcoin::TxOut& output : pending->row.transaction.outputs) fee -= output.value;
    return std::optional(base::FeeRate{fee.sat() * 1000 / pending->row.transaction.virtualSize()});
}

Result<std::optional<base::Height>> OperatorWallet::minedAt(const base::Txid& txid)
{
    BOWLINE_TRY(const auto row, m_wallet->transaction(txid));
    if (!row || !row->confirmed) return std::optional<base::Height>();
    return std::optional(row->confirmed->height);
}

Result<std::vector<FundingRecord>> OperatorWallet::fundings()
{
    BOWLINE_TRY(const auto records, m_wallet->store().records(kFunding));
    std::vector<FundingRecord> out;
    for (const wallet::BridgeRecord& record : records) {
        base::Reader reader(record.id);
        const bitcoin::OutPoint outpoint = bitcoin::readOutPoint(reader);
        BOWLINE_CHECK(reader.finish());
        BOWLINE_TRY(FundingRecord funding, FundingRecord::parse(outpoint, record.data));
        out.push_back(std::move(funding));
    }
    return out;
}

Status OperatorWallet::putFunding(wallet::WalletStore& store, const FundingRecord& record)
{
    return store.putRecord({std::string(kFunding), outpointBytes(record.outpoint), record.serialize(), 0});
}

Status OperatorWallet::putFunding(const FundingRecord& record)
{
    return putFunding(m_wallet->store(), record);
}

Result<std::vector<bridge::SignedGraph>> OperatorWallet::graphs()
{
    BOWLINE_TRY(const auto records, m_wallet->store().records(kGraph));
    std::vector<bridge::SignedGraph> out;
    for (const wallet::BridgeRecord& record : records) {
        BOWLINE_TRY(bridge::SignedGraph graph, bridge::SignedGraph::parse(record.data));
        out.push_back(std::move(graph));
    }
    return out;
}

Status OperatorWallet::putGraph(const bridge::SignedGraph& graph)
{
    base::Writer id;
    bridge::writeTerms(id, graph.terms);
    return m_wallet->store().putRecord({std::string(kGraph), id.take(), graph.serialize(), 0});
}

Result<std::vector<PaymentRecord>> OperatorWallet::payments()
{
    std::vector<PaymentRecord> out;
    for (const std::string_view kind : {kPayment, kTakenBack}) {
        BOWLINE_TRY(const auto records, m_wallet->store().records(kind));
        for (const wallet::BridgeRecord& record : records) {
            base::Reader reader(record.id);
            PaymentRecord payment;
            payment.id = reader.u64le();
            payment.acceptance = reader.u32le();
            payment.takesBack = kind == kTakenBack;
            // The txid follows, which only keeps the records apart.
            BOWLINE_TRY(payment.transaction, bitcoin::parseTransaction(record.data));
            out.push_back(std::move(payment));
        }
    }
    return out;
}

Status OperatorWallet::putPayment(wallet::WalletStore& store, const PaymentRecord& record)
{
    base::Writer id;
    id.u64le(record.id);
    id.u32le(record.acceptance);
    id.bytes(record.transaction.txid().view());
    return store.putRecord({std::string(record.takesBack ? kTakenBack : kPayment), id.take(),
                            record.transaction.serialize(), 0});
}

} // namespace bowline::daemon
