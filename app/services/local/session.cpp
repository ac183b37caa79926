// SPDX-License-Identifier: MIT
#include "app/services/local/session.h"

#include "core/base/log.h"
#include "core/l2/address.h"

#include <boost/json.hpp>

#include <algorithm>

namespace bowline::services {

namespace json = boost::json;

base::Result<std::unique_ptr<Session>> Session::open(const Surroundings& around, std::string name,
                                                     std::unique_ptr<wallet::Wallet> wallet)
{
    std::unique_ptr<Session> session(new Session(around, std::move(name), std::move(wallet)));
    BOWLINE_CHECK(session->start());
    return session;
}

Session::Session(const Surroundings& around, std::string name, std::unique_ptr<wallet::Wallet> wallet)
    : m_around(around), m_name(std::move(name)), m_wallet(std::move(wallet))
{
}

Session::~Session()
{
    *m_alive = false;
    m_follower.reset();
    m_sync.reset(); // refers to the wallet
}

base::Status Session::start()
{
    BOWLINE_TRY(const base::XOnlyPublicKey account, m_wallet->layerTwoAccount());
    const auto changed = [this] {
        const base::Status adopted = m_deposits->adoptFoundRequests();
        if (!adopted.ok()) base::logWarning("services", "found requests: " + adopted.error().detail);
        watchNewScripts();
        m_around.changed();
    };
    const auto failed = [](const base::Error& error) {
        base::logError("services", "the wallet cannot be written, syncing stopped: " + error.detail);
    };
    Worker& worker = m_around.worker;
    m_sync = std::make_unique<wallet::WalletSync>(
        *m_wallet, m_around.backend, [&worker](std::function<void()> task) { worker.post(std::move(task)); }, changed,
        failed);
    m_claims = std::make_unique<ClaimBook>(
        m_around.context,
        [this](l2::ObjectId object, NodeLink::Answer<StateValue> done) { m_around.node.state(std::move(object), std::move(done)); },
        [this] {
            watchNewScripts();
            m_around.changed();
        });
    m_deposits = std::make_unique<DepositBook>(m_around, *m_wallet, *m_sync, *m_claims);
    m_own = std::make_unique<OwnTransactions>(
        [this](std::string method, json::object params, OwnTransactions::Answer done) {
            m_around.node.call(std::move(method), std::move(params), std::move(done));
        },
        [this](const l2::TxHash& hash, const std::string& reason) { m_withdrawals->lost(hash, reason); });
    m_withdrawals = std::make_unique<WithdrawalBook>(m_around, *m_wallet, *m_own);
    m_log = std::make_unique<LayerTwoLog>(m_around, account);
    BOWLINE_CHECK(m_deposits->load());
    BOWLINE_CHECK(m_withdrawals->load());
    BOWLINE_CHECK(m_wallet->setRefundScripts([this, account](std::uint32_t index, const base::XOnlyPublicKey& key) {
        return refundScripts(key, index, account);
    }));
    m_sync->start();

    std::vector<base::Bytes> scripts = m_deposits->scripts();
    for (base::Bytes& script : m_withdrawals->scripts()) scripts.push_back(std::move(script));
    base::Height from = m_around.backend.tip().height;
    for (const auto& first : {m_deposits->firstHeight(), m_withdrawals->firstHeight()}) {
        if (first) from = std::min(from, *first);
    }
    static_cast<void>(m_deposits->takeNewScripts()); // all of them are in `scripts`
    m_follower = m_around.backend.follow({{}, from, std::move(scripts)}, [this, &worker, alive = m_alive](const chain::BlockEvent& event) {
        worker.post([this, alive, event] {
            if (*alive) onBlock(event);
        });
    });
    return base::success();
}

/// Where a deposit with this refund key would be, for each denomination (rule A17).
std::vector<wallet::WatchedScript> Session::refundScripts(const base::XOnlyPublicKey& refundKey, std::uint32_t index,
                                                          const base::XOnlyPublicKey& recipient) const
{
    std::vector<wallet::WatchedScript> out;
    for (const base::Amount value : m_around.context->params().denominations) {
        const auto output = bridge::requestOutputFor(*m_around.context, refundKey, recipient, value);
        if (output.ok()) out.push_back({output->scriptPubKey, "bridge.request", index, {}});
    }
    return out;
}

void Session::onBlock(const chain::BlockEvent& event)
{
    if (const auto* connected = std::get_if<chain::BlockConnected>(&event)) {
        m_deposits->blockConnected(*connected);
        m_claims->blockConnected(*connected);
        m_withdrawals->blockConnected(*connected);
        m_around.node.poke(); // batches may wait for this block
    } else {
        const base::Height height = std::get<chain::BlockDisconnected>(event).height;
        m_deposits->blockDisconnected(height);
        m_claims->blockDisconnected(height);
        m_withdrawals->blockDisconnected(height);
    }
    m_around.changed();
}

void Session::watchNewScripts()
{
    for (auto& [script, from] : m_deposits->takeNewScripts()) m_follower->watch({std::move(script)}, from);
    for (auto& [script, from] : m_claims->takeNewScripts()) m_follower->watch({std::move(script)}, from);
    m_follower->watch(m_withdrawals->scripts(), m_around.backend.tip().height); // known ones are ignored
}

void Session::lockKeys()
{
    m_wallet->lock();
    m_drafts.clear();
    m_deposits->keysChanged();
}

void Session::keysUnlocked()
{
    m_deposits->keysChanged();
    m_deposits->relayChanged();
}

void Session::headChanged(const NodeView& view)
{
    m_deposits->headChanged(view);
    m_withdrawals->headChanged(view);
    const auto account = m_wallet->layerTwoAccount();
    if (!account.ok()) return;
    m_around.node.state(l2::accountId(*account), [this, alive = m_alive](base::Result<StateValue> value) {
        if (*alive && value.ok()) takeAccount(*value);
    });
}

void Session::takeAccount(const StateValue& value)
{
    m_accountVerdict = verdictView(value.verdict, m_around.node.provider());
    if (m_accountVerdict.kind != Verdict::Kind::Verified) return m_around.changed();
    l2::Account account;
    if (value.answer.value) {
        const auto parsed = l2::parseAccount(*value.answer.value);
        if (!parsed.ok()) return;
        account = *parsed;
    }
    const bool moved = !m_account || !(m_account->history == account.history);
    m_account = account;
    m_own->accountIs(account.nonce);
    if (moved) m_log->refresh();
    m_around.changed();
}

base::Result<l2::Transaction> Session::signLayerTwo(l2::Payload payload, base::Amount fee)
{
    if (!m_account) return base::makeError(kAccountUnknown);
    BOWLINE_TRY(const crypto::PrivateKey key, m_wallet->layerTwoKey());
    l2::Transaction transaction;
    transaction.nonce = m_own->nextNonce();
    transaction.fee = fee;
    transaction.payload = std::move(payload);
    return l2::signTransaction(std::move(transaction), m_around.context->chainId, key);
}

std::string Session::addDraft(Draft draft)
{
    std::string id = "draft-" + std::to_string(++m_draftCount);
    m_drafts[id] = {std::move(draft), m_around.clock.now()};
    return id;
}

void Session::fill(Snapshot& snapshot)
{
    snapshot.wallet.name = m_name;
    snapshot.wallet.network = NetworkKind::Regtest;
    snapshot.wallet.locked = m_wallet->isLocked();
    snapshot.wallet.backupConfirmed = m_wallet->backupVerified();
    if (const auto account = m_wallet->layerTwoAccount(); account.ok()) {
        snapshot.wallet.layerTwoAddress = l2::accountText(*account, m_wallet->network());
    }
    if (const auto balance = m_wallet->balance(); balance.ok()) {
        snapshot.bitcoin = {balance->confirmed, balance->pendingIncoming, balance->pendingOutgoing,
                            balance->immature,  balance->lockedInBridge,  balance->partial};
    }
    if (m_account) {
        snapshot.layerTwo.available = m_account->btc;
        snapshot.layerTwo.staked = m_account->staked;
        snapshot.layerTwo.nonce = m_account->nonce;
    }
    snapshot.layerTwo.inEscrow = m_withdrawals->inEscrow();
    snapshot.layerTwo.verdict = m_accountVerdict;
    snapshot.bridge = bridgeItems();
    fillActivity(snapshot);
    fillNeeds(snapshot);
}

std::vector<BridgeItem> Session::bridgeItems() const
{
    std::vector<BridgeItem> out = m_deposits->items();
    for (BridgeItem& item : m_withdrawals->items()) out.push_back(std::move(item));
    for (BridgeItem& item : m_claims->items()) out.push_back(std::move(item));
    std::stable_sort(out.begin(), out.end(), [](const BridgeItem& a, const BridgeItem& b) { return a.created > b.created; });
    return out;
}

void Session::fillActivity(Snapshot& snapshot)
{
    constexpr std::size_t kShown = 20;
    auto& out = snapshot.recentActivity;
    if (const auto history = m_wallet->history(std::nullopt, kShown); history.ok()) {
        for (const wallet::HistoryEntry& entry : *history) {
            // Moves of the bridge's own outputs (a request that became a vault) are told by its timelines.
            if (entry.received == base::Amount{} && entry.spent == base::Amount{}) continue;
            out.push_back({entry.txid.displayHex(), entry.delta().sat() < 0 ? "sent" : "received", entry.delta(),
                           entry.firstSeen, entry.confirmed ? "confirmed" : "pending"});
        }
    }
    for (const BridgeItem& item : snapshot.bridge) {
        if (item.kind == BridgeItem::Kind::VaultClaim) continue; // it moves none of the wallet's money
        const bool deposit = item.kind == BridgeItem::Kind::Deposit;
        out.push_back({item.id, deposit ? "deposit" : "withdrawal", deposit ? item.amount : -item.amount, item.created,
                       item.state});
    }
    for (ActivityView& activity : m_log->activities()) out.push_back(std::move(activity));
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    if (out.size() > kShown) out.resize(kShown);
}

void Session::fillNeeds(Snapshot& snapshot) const
{
    if (!m_wallet->backupVerified()) snapshot.needsYou.push_back({"backup", ""});
    for (const BridgeItem& item : snapshot.bridge) {
        if (item.nextAction == "refund") snapshot.needsYou.push_back({"refund-available", item.id});
        if (item.nextAction == "reclaim") snapshot.needsYou.push_back({"reclaim-available", item.id});
        if (item.nextAction == "unlock") snapshot.needsYou.push_back({"unlock-to-continue", item.id});
    }
}

} // namespace bowline::services
