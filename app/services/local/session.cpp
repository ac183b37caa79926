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

base::Height followStart(base::Height first, base::Height checkpoint)
{
    constexpr std::uint32_t kDeepestReorg = 144; // a day
    const std::uint32_t early = first.value - std::min(first.value, kDeepestReorg);
    return {std::max(early, checkpoint.value)};
}

Session::~Session()
{
    *m_alive = false;
    m_follower.reset();
    m_status.reset();
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
        base::logError("services", "the wallet cannot be written, syncing waits: " + error.detail);
    };
    Worker& worker = m_around.worker;
    m_sync = std::make_unique<wallet::WalletSync>(
        *m_wallet, m_around.backend, [&worker](std::function<void()> task) { worker.post(std::move(task)); },
        changed, failed);
    m_claims = std::make_unique<ClaimBook>(
        m_around.context,
        [this](l2::ObjectId object, NodeLink::Answer<StateValue> done) {
            m_around.node.state(std::move(object), std::move(done));
        },
        [this] {
            watchNewScripts();
            m_around.changed();
        });
    m_deposits = std::make_unique<DepositBook>(m_around, *m_wallet, *m_sync, *m_claims);
    m_own = std::make_unique<OwnTransactions>(
        [this](std::string method, json::object params, OwnTransactions::Answer done) {
            m_around.node.call(std::move(method), std::move(params), std::move(done));
        },
        [this](const l2::TxHash& hash, const std::string& reason) { takeLost(hash, reason); });
    m_withdrawals = std::make_unique<WithdrawalBook>(m_around, *m_wallet, *m_own);
    m_transfers = std::make_unique<TransferBook>(*m_wallet, *m_own);
    LayerTwoLog::Events events;
    events.own = [this](const l2::Transaction& transaction, const l2::BatchHeader& batch) {
        takeOwn(transaction, batch);
    };
    events.complete = [this] { watchNewScripts(); };
    m_log = std::make_unique<LayerTwoLog>(m_around, *m_wallet, account, std::move(events));
    BOWLINE_CHECK(m_deposits->load());
    BOWLINE_CHECK(m_withdrawals->load());
    BOWLINE_CHECK(m_transfers->load());
    BOWLINE_CHECK(
        m_wallet->setRefundScripts([this, account](std::uint32_t index, const base::XOnlyPublicKey& key) {
            return refundScripts(key, index, account);
        }));
    m_sync->start();

    const base::Height tip = m_around.backend.tip().height;
    base::Height from = tip;
    for (const auto& first : {m_deposits->firstHeight(), m_withdrawals->firstHeight()}) {
        if (first) from = std::min(from, followStart(*first, m_around.context->params().checkpointHeight));
    }
    follow(from);
    return base::success();
}

/// Reads blocks from there on for all deposits and withdrawals; those read before are read once more.
void Session::follow(base::Height from)
{
    m_follower.reset();
    m_followedTo.reset();
    m_followedFrom = from;
    static_cast<void>(m_deposits->takeNewScripts()); // all of them are in `scripts`
    static_cast<void>(m_claims->takeNewScripts());
    static_cast<void>(m_withdrawals->takeNewScripts());
    std::vector<base::Bytes> scripts = m_deposits->scripts();
    for (base::Bytes& script : m_claims->scripts()) scripts.push_back(std::move(script));
    for (base::Bytes& script : m_withdrawals->scripts()) scripts.push_back(std::move(script));
    Worker& worker = m_around.worker;
    const auto onEvent = [this, &worker, alive = m_alive, walk = ++m_walk](const chain::BlockEvent& event) {
        worker.post([this, alive, walk, event] {
            if (*alive && walk == m_walk) onBlock(event);
        });
    };
    m_follower = m_around.backend.follow({{}, from, std::move(scripts)}, onEvent);
    followStatus();
}

/// Until the backend has heard of the look that was asked for last, what it says about being synced does not count.
void Session::followStatus()
{
    Worker& worker = m_around.worker;
    m_isBackendSynced = false;
    m_around.backend.post([this, &worker, alive = m_alive, look = ++m_looksAsked] {
        worker.post([this, alive, look] {
            if (*alive) m_looksHeard = look;
        });
    });
    m_status =
        m_around.backend.handleStatus([this, &worker, alive = m_alive](const chain::StatusPtr& status) {
            worker.post([this, alive, status] {
                if (*alive) m_isBackendSynced = status->progress.synced && m_looksHeard == m_looksAsked;
            });
        });
}

bool Session::isCaughtUp() const
{
    return m_isBackendSynced && m_followedTo && *m_followedTo == m_around.backend.tip().hash;
}

/// Where a deposit with this refund key would be, for each denomination (rule A17).
std::vector<wallet::WatchedScript> Session::refundScripts(const base::XOnlyPublicKey& refundKey,
                                                          std::uint32_t index,
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
        if (!connected->again) m_followedTo = connected->hash;
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
    auto added = m_deposits->takeNewScripts();
    for (auto& entry : m_withdrawals->takeNewScripts()) added.push_back(std::move(entry));
    base::Height first = m_around.backend.tip().height;
    std::vector<base::Bytes> scripts;
    for (auto& [script, from] : added) {
        first = std::min(first, from);
        scripts.push_back(std::move(script));
    }
    // The follower knows nothing below its beginning, and looks back for new scripts only, not for a second
    // withdrawal to the address of another one.
    if (first < m_around.backend.tip().height) {
        const base::Height start = followStart(first, m_around.context->params().checkpointHeight);
        const base::Height from{std::max(1U, std::min(m_followedFrom, start).value)};
        m_deposits->blockDisconnected(from);
        m_claims->blockDisconnected(from);
        m_withdrawals->blockDisconnected(from);
        return follow(from);
    }
    // Of claims: the vault's own script is followed from before them, and these are nobody else's.
    auto ofClaims = m_claims->takeNewScripts();
    if (added.empty() && ofClaims.empty()) return;
    if (!scripts.empty()) m_follower->watch(std::move(scripts), first);
    for (auto& [script, from] : ofClaims) m_follower->watch({std::move(script)}, from);
    followStatus();
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

/// What was proven then is of the history of now.
bool Session::stillStands(const NodeView& before) const
{
    if (!before.proven) return true;
    const auto block = m_around.backend.headerAt(before.proven->head.l1Height);
    return block && block->hash == before.proven->head.l1Hash;
}

void Session::nodeLookedAt(const NodeViewPtr& view)
{
    const NodeViewPtr before = std::exchange(m_nodeView, view);
    const bool isBack = view->reachable && (!before || !before->reachable);
    if (!before || view->proven != before->proven) {
        if (!view->proven || (before && !stillStands(*before))) m_proven.reset();
        m_provenFreshness.headMoved();
    }
    judgeAccount();
    askProven();
    if (!before || view->movedSince(*before) || isBack)
        headChanged();
    else
        lookAgain();
}

/// The account was checked against a batch, and that batch is what may be proven later, or fall with its Bitcoin block: also
/// while the node gives no new answer.
void Session::judgeAccount()
{
    if (!m_accountBatch) return;
    const auto& recent = m_nodeView->recent;
    const std::string& provider = m_around.node.provider();
    const auto judged = std::find_if(recent.begin(), recent.end(), [this](const JudgedHeader& each) {
        return each.header.header.height == m_accountBatch->height;
    });
    if (judged == recent.end() && m_accountBatch->height < m_nodeView->head.header.height) {
        const auto& proven = m_nodeView->proven;
        const bool isProven = proven && m_accountBatch->height <= proven->head.batch;
        m_accountVerdict.finality = isProven ? "root-proven" : "root-not-proven";
        return;
    }
    const bool isHeld = judged != recent.end() && judged->header.header == *m_accountBatch;
    m_accountVerdict = verdictView(isHeld ? judged->verdict
                                          : l2::Verdict(l2::Unverified{std::string(l2::kReasonUnknownBatch)}),
                                   provider);
    m_around.changed();
}

void Session::headChanged()
{
    m_deposits->headChanged(*m_nodeView);
    m_withdrawals->headChanged(*m_nodeView);
    m_accountFreshness.headMoved();
    askAccount();
}

void Session::lookAgain()
{
    m_deposits->lookAgain();
    m_withdrawals->lookAgain();
    m_log->lookAgain();
    askAccount();
    if (m_account) m_own->lookAgain();
}

bool Session::isAnswered() const
{
    // An answer that was shown to be wrong is waited for no longer: the node would hold up everything.
    const bool isAccountSettled = m_account || m_accountVerdict.kind == Verdict::Kind::Invalid;
    const bool isProvenSettled = !m_nodeView->proven || m_provenFreshness.wasTried();
    return isAccountSettled && isProvenSettled && m_accountFreshness.wasTried() && m_deposits->isAnswered() &&
           m_withdrawals->isAnswered() && m_claims->isIdle() && m_log->isIdle();
}

void Session::askAccount()
{
    const auto account = m_wallet->layerTwoAccount();
    if (!account.ok() || !m_accountFreshness.begin()) return;
    m_around.node.state(l2::accountId(*account), [this, alive = m_alive](base::Result<StateValue> value) {
        if (!*alive) return;
        const bool verified = value.ok() && std::holds_alternative<l2::Verified>(value->verdict);
        if (value.ok()) takeAccount(*value);
        if (m_accountFreshness.answered(verified)) askAccount();
    });
}

/// The own account under the root that is proven, which an older batch than the newest may have.
void Session::askProven()
{
    const auto account = m_wallet->layerTwoAccount();
    if (!account.ok() || !m_nodeView->proven || !m_provenFreshness.begin()) return;
    m_around.node.provenState(
        l2::accountId(*account), [this, alive = m_alive](base::Result<StateValue> value) {
            if (!*alive) return;
            if (value.ok()) takeProven(*value);
            const bool isKnown =
                m_proven && m_nodeView->proven && m_proven->batch == m_nodeView->proven->head.batch.value;
            if (m_provenFreshness.answered(isKnown)) askProven();
        });
}

void Session::takeProven(const StateValue& value)
{
    const auto* verified = std::get_if<l2::Verified>(&value.verdict);
    if (verified == nullptr || verified->finality.rootProof != l2::RootProof::Proven) return;
    l2::Account account;
    if (value.answer.value) {
        const auto parsed = l2::parseAccount(*value.answer.value);
        if (!parsed.ok()) return;
        account = *parsed;
    }
    m_proven = {account.btc, account.staked, account.nonce, verified->batch.value};
    m_around.changed();
}

void Session::takeAccount(const StateValue& value)
{
    m_accountVerdict = verdictView(value.verdict, m_around.node.provider());
    m_accountBatch.reset();
    if (m_accountVerdict.kind != Verdict::Kind::Verified) return m_around.changed();
    l2::Account account;
    if (value.answer.value) {
        const auto parsed = l2::parseAccount(*value.answer.value);
        if (!parsed.ok()) return;
        account = *parsed;
    }
    const bool moved = !m_account || !(m_account->history == account.history);
    m_account = account;
    m_accountBatch = value.answer.batch.header;
    m_withdrawals->accountIs(account.nonce, value.answer.batch.header.height);
    m_own->accountIs(account.nonce);
    if (moved) m_log->refresh();
    m_around.changed();
}

/// The verified history holds it.
void Session::takeOwn(const l2::Transaction& transaction, const l2::BatchHeader& batch)
{
    m_transfers->included(transaction.hash());
    const base::Status adopted = m_withdrawals->adopt(transaction, batch);
    if (!adopted.ok()) base::logError("services", "found withdrawal: " + adopted.error().detail);
}

void Session::takeLost(const l2::TxHash& hash, const std::string& reason)
{
    m_withdrawals->lost(hash, reason);
    m_transfers->lost(hash, reason);
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
    m_drafts[id] = {std::move(draft), m_around.clock.now(), false};
    return id;
}

void Session::returnDraft(const std::string& id, bool isUsed)
{
    const auto found = m_drafts.find(id);
    if (found == m_drafts.end()) return; // the keys were locked meanwhile
    if (isUsed)
        m_drafts.erase(found);
    else
        found->second.isTaken = false;
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
    snapshot.layerTwo.proven = m_proven;
    snapshot.bridge = bridgeItems();
    fillActivity(snapshot);
    fillNeeds(snapshot);
}

std::vector<BridgeItem> Session::bridgeItems() const
{
    std::vector<BridgeItem> out = m_deposits->items();
    for (BridgeItem& item : m_withdrawals->items()) out.push_back(std::move(item));
    for (BridgeItem& item : m_claims->items()) out.push_back(std::move(item));
    std::stable_sort(out.begin(), out.end(),
                     [](const BridgeItem& a, const BridgeItem& b) { return a.created > b.created; });
    return out;
}

namespace {
/// The layer 2 refused the request: no escrow came about.
bool isRefused(const BridgeItem& item) { return item.failed && item.state == "withdrawal.requested"; }
} // namespace

void Session::fillActivity(Snapshot& snapshot)
{
    constexpr std::size_t kShown = 20;
    auto& out = snapshot.recentActivity;
    if (const auto history = m_wallet->history(std::nullopt, kShown); history.ok()) {
        for (const wallet::HistoryEntry& entry : *history) {
            // Moves of the bridge's own outputs (a request that became a vault) are told by its timelines.
            if (entry.received == base::Amount{} && entry.spent == base::Amount{}) continue;
            out.push_back({entry.txid.displayHex(), entry.delta().sat() < 0 ? "sent" : "received",
                           entry.delta(), entry.firstSeen, entry.confirmed ? "confirmed" : "pending"});
        }
    }
    for (const BridgeItem& item : snapshot.bridge) {
        if (item.kind == BridgeItem::Kind::VaultClaim) continue; // it moves none of the wallet's money
        const bool deposit = item.kind == BridgeItem::Kind::Deposit;
        out.push_back({item.id, deposit ? "deposit" : "withdrawal", deposit ? item.amount : -item.amount,
                       item.created, isRefused(item) ? "refused" : item.state});
    }
    for (ActivityView& activity : m_log->activities()) out.push_back(std::move(activity));
    for (ActivityView& activity : m_transfers->activities()) out.push_back(std::move(activity));
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    if (out.size() > kShown) out.resize(kShown);
}

void Session::fillNeeds(Snapshot& snapshot) const
{
    if (!m_wallet->backupVerified()) snapshot.needsYou.push_back({"backup", ""});
    if (const auto waiting = m_own->waitingBehindGap(); waiting && m_account) {
        snapshot.needsYou.push_back({"layer2-gap", waiting->hex()});
    }
    for (const BridgeItem& item : snapshot.bridge) {
        if (item.nextAction == "refund") snapshot.needsYou.push_back({"refund-available", item.id});
        if (item.nextAction == "reclaim") snapshot.needsYou.push_back({"reclaim-available", item.id});
        if (item.nextAction == "unlock") snapshot.needsYou.push_back({"unlock-to-continue", item.id});
    }
}

} // namespace bowline::services
