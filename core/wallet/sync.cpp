// SPDX-License-Identifier: MIT
// Events of the backend to writes of the wallet, and back: scripts to look for, transactions to send.
#include "core/wallet/sync.h"

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

/// A rescan that was asked for is over for certain when the chain has grown by this much: the backend
/// delivers matching blocks of the past before it goes on, give or take what was on its way at that moment.
constexpr std::uint32_t kRescanSettled = 6;
/// A birthday by time starts this much earlier: block times and clocks are only roughly right.
constexpr UnixTime kBirthdayMargin = 2 * 24 * 3600;

} // namespace

/// Events on their way hold it weakly: when the sync ended, they find nobody.
struct WalletSync::Link {
    WalletSync* sync;
};

WalletSync::WalletSync(Wallet& wallet, chain::Backend& backend, Post post, Changed changed, Failed failed)
    : m_wallet(wallet), m_backend(backend), m_post(std::move(post)), m_changed(std::move(changed)),
      m_failed(std::move(failed)), m_link(std::make_shared<Link>(Link{this}))
{
    m_wallet.setNewScriptsListener(
        [this](const std::vector<Script>& scripts, Height from) { lookFor(scripts, from); });
}

WalletSync::~WalletSync()
{
    m_follower.reset();
    m_status.reset();
    m_wallet.setNewScriptsListener({});
    m_wallet.setSynced(false);
}

/// Subscribes, afresh if need be: the backend then draws a picture for us at once.
void WalletSync::followStatus()
{
    const std::weak_ptr<Link> link = m_link;
    m_status = m_backend.handleStatus([link, post = m_post](const chain::StatusPtr& status) {
        post([link, status] {
            if (const auto alive = link.lock()) alive->sync->onStatus(status);
        });
    });
}

void WalletSync::start()
{
    followStatus();
    const Result<std::vector<Transaction>> pending = m_wallet.pendingTransactions();
    if (!pending.ok()) return fail(pending.error());
    if (!pending->empty()) m_backend.broadcast(*pending);
    const Birthday birthday = m_wallet.birthday();
    if (birthday.height || birthday.time == 0 || m_wallet.scannedTo()) begin();
}

void WalletSync::begin()
{
    m_started = true;
    if (!m_wallet.birthday().height) {
        const Status known = m_wallet.setBirthdayHeight(birthdayHeight());
        if (!known.ok()) return fail(known.error());
    }
    chain::FollowFrom from;
    from.processed = m_wallet.processedBlocks();
    from.birthday = *m_wallet.birthday().height;
    const std::optional<Height> rescanFrom = m_wallet.rescanFrom();
    // With a rescan to be made up for, the scripts come by watch(), which looks back.
    if (!rescanFrom) from.scripts = m_wallet.scripts();
    const std::weak_ptr<Link> link = m_link;
    const auto onEvent = [link, post = m_post, walk = ++m_walk](const chain::BlockEvent& event) {
        post([link, walk, event] {
            const auto alive = link.lock();
            if (alive && walk == alive->sync->m_walk) alive->sync->onEvent(event);
        });
    };
    m_follower = m_backend.follow(std::move(from), onEvent);
    if (rescanFrom) lookFor(m_wallet.scripts(), *rescanFrom);
}

/// The first block of interest: the last one that is surely older than the birthday. A birthday after the end of the
/// chain was told by a clock that ran ahead, and says nothing: what was paid since may be anywhere.
Height WalletSync::birthdayHeight() const
{
    const UnixTime time = m_wallet.birthday().time - kBirthdayMargin;
    if (UnixTime{m_backend.tip().header.time} <= time) return {0};
    std::uint32_t low = 0;
    std::uint32_t high = m_backend.tip().height.value;
    // Block times are not sorted, but within two hours: the margin covers it.
    while (low < high) {
        const std::uint32_t middle = low + (high - low + 1) / 2;
        const std::optional<chain::ChainBlock> block = m_backend.headerAt({middle});
        if (block && UnixTime{block->header.time} <= time) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return {low};
}

void WalletSync::onStatus(const chain::StatusPtr& status)
{
    if (std::exchange(m_stopped, false) && m_started) begin();
    if (m_stopped) return;
    const chain::ProgressLine& headers = status->progress.headers;
    if (!m_started && headers.total > 0 && headers.done == headers.total) begin();
    m_backendSynced = status->progress.synced && m_looksHeard == m_looksAsked;
    updateSynced();
}

void WalletSync::onEvent(const chain::BlockEvent& event)
{
    if (m_stopped) return;
    const Status applied = apply(event);
    if (!applied.ok()) return fail(applied.error());
    m_isFailing = false;
    updateSynced();
    if (m_changed) m_changed();
}

Status WalletSync::apply(const chain::BlockEvent& event)
{
    if (const auto* gone = std::get_if<chain::BlockDisconnected>(&event)) {
        BOWLINE_CHECK(m_wallet.disconnectBlock({gone->height, gone->hash}));
        // What the block held is to be mined again.
        BOWLINE_TRY(const std::vector<Transaction> pending, m_wallet.pendingTransactions());
        if (!pending.empty()) m_backend.broadcast(pending);
        return success();
    }
    const auto& block = std::get<chain::BlockConnected>(event);
    BOWLINE_TRY(const std::vector<Txid> found,
                m_wallet.connectBlock({block.height, block.hash}, block.block.get(), block.again));
    return found.empty() ? success() : forgetDead();
}

/// What can no longer be mined is not to be sent any more.
Status WalletSync::forgetDead()
{
    BOWLINE_TRY(const CoinView* view, m_wallet.coins());
    for (const PendingTransaction& entry : view->pending()) {
        if (entry.state != TransactionState::Pending) m_backend.forget(entry.row.txid);
    }
    return success();
}

void WalletSync::updateSynced()
{
    const std::optional<BlockRef> scanned = m_wallet.scannedTo();
    const bool synced = m_backendSynced && scanned && scanned->hash == m_backend.tip().hash;
    const bool changed = synced != m_wallet.isSynced();
    m_wallet.setSynced(synced);
    if (synced) {
        const Status flushed = m_wallet.flush();
        if (!flushed.ok()) return fail(flushed.error());
        const Status noted = m_wallet.noteInStep();
        if (!noted.ok()) return fail(noted.error());
    }
    if (changed && m_changed) m_changed();
}

void WalletSync::lookFor(const std::vector<Script>& scripts, Height from)
{
    if (!m_follower) return; // begin() hands over all of them
    m_follower->watch(scripts, from);
    const std::optional<BlockRef> scanned = m_wallet.scannedTo();
    if (!scanned || from > scanned->height) return;
    // Until the backend has looked, the balance is partial, whatever pictures from before may say.
    m_backendSynced = false;
    m_wallet.setSynced(false);
    const std::weak_ptr<Link> link = m_link;
    m_backend.post([link, post = m_post, look = ++m_looksAsked] {
        post([link, look] {
            if (const auto alive = link.lock()) alive->sync->m_looksHeard = look;
        });
    });
    followStatus();
    const Status noted = m_wallet.setRescanUntil(m_backend.tip().height + kRescanSettled);
    if (!noted.ok()) fail(noted.error());
}

Status WalletSync::submit(const std::vector<Transaction>& package)
{
    BOWLINE_TRY(WalletStore::Batch batch, m_wallet.store().begin());
    for (const Transaction& transaction : package) {
        const Status added = m_wallet.addUnconfirmed(transaction);
        if (!added.ok() && !(added.error().code == kNotOurs)) return added;
    }
    BOWLINE_CHECK(batch.commit());
    // From here on it is a payment: who is told of an error would make it again.
    static_cast<void>(forgetDead().ok());
    m_backend.broadcast(package);
    if (m_changed) m_changed();
    return success();
}

Status WalletSync::abandon(const Txid& txid)
{
    BOWLINE_CHECK(m_wallet.abandon(txid));
    BOWLINE_CHECK(forgetDead());
    if (m_changed) m_changed();
    return success();
}

void WalletSync::fail(const base::Error& error)
{
    m_stopped = true;
    m_follower.reset();
    m_wallet.setSynced(false);
    if (!std::exchange(m_isFailing, true) && m_failed) m_failed(error);
}

} // namespace bowline::wallet
