// SPDX-License-Identifier: MIT
#include "core/chain/broadcaster.h"

namespace bowline::chain {

using base::Txid;
using base::Wtxid;

namespace {
constexpr Millis kAnnounceEvery{45'000};
// Nodes are busy with the block itself at first.
constexpr Millis kAnnounceAfterBlock{1'500};
constexpr std::uint32_t kBuried = 144;
} // namespace

Broadcaster::Broadcaster(asio::any_io_executor executor, const HeaderChain& chain, PeerManager& peers,
                         Signal& changed)
    : m_executor(std::move(executor)), m_chain(chain), m_peers(peers), m_changed(changed)
{
}

void Broadcaster::start() { spawn(m_executor, run()); }

Task<void> Broadcaster::run()
{
    base::BlockHash tip = m_chain.tip().hash;
    auto next = Steady::now() + kAnnounceEvery;
    for (;;) {
        if (m_entries.empty()) {
            co_await m_changed.wait();
        } else {
            co_await m_changed.waitFor(std::max(Millis(1), std::chrono::ceil<Millis>(next - Steady::now())));
        }
        const base::BlockHash now = m_chain.tip().hash;
        if (now != tip) {
            next = std::min(next, Steady::now() + kAnnounceAfterBlock);
            noticeReorg();
        }
        tip = now;
        if (Steady::now() < next) continue;
        dropBuried();
        endListening();
        announceAll();
        next = Steady::now() + kAnnounceEvery;
    }
}

void Broadcaster::add(std::vector<bitcoin::Transaction> transactions)
{
    for (bitcoin::Transaction& transaction : transactions) {
        const Txid txid = transaction.txid();
        const Wtxid wtxid = transaction.wtxid();
        if (m_byWtxid.contains(wtxid)) continue;
        // The same transaction with another witness takes the place of the former.
        if (m_byTxid.contains(txid)) forget(txid);
        const auto entry = std::make_shared<Entry>();
        entry->transaction = std::move(transaction);
        entry->txid = txid;
        entry->wtxid = wtxid;
        chooseListener(*entry);
        m_entries.push_back(entry);
        m_byTxid.emplace(txid, entry);
        m_byWtxid.emplace(wtxid, entry);
        publish(*entry);
    }
    ++m_turn; // a package has one listener, the next one another
    announceAll();
    m_changed.notify();
}

void Broadcaster::chooseListener(Entry& entry) const
{
    std::vector<PeerPtr> peers = m_peers.ready();
    std::erase_if(peers, [](const PeerPtr& peer) { return !peer->wantsTransactions(); });
    if (peers.size() > 1) entry.listener = peers[m_turn % peers.size()]->address();
}

void Broadcaster::endListening()
{
    const auto now = Steady::now();
    for (const EntryPtr& entry : m_entries) {
        if (entry->added + kAnnounceEvery <= now) entry->listener.clear();
    }
}

void Broadcaster::forget(const Txid& txid)
{
    const auto found = m_byTxid.find(txid);
    if (found == m_byTxid.end()) return;
    const EntryPtr entry = found->second;
    m_byTxid.erase(found);
    m_byWtxid.erase(entry->wtxid);
    std::erase(m_entries, entry);
    const std::lock_guard lock(m_mutex);
    m_published.erase(txid);
}

void Broadcaster::noticeReorg()
{
    for (const EntryPtr& entry : m_entries) {
        if (!entry->minedIn || isMined(*entry)) continue;
        entry->minedIn.reset();
        publish(*entry);
    }
}

void Broadcaster::dropBuried()
{
    std::vector<Txid> buried;
    for (const EntryPtr& entry : m_entries) {
        if (isMined(*entry) && entry->minedIn->height + kBuried < m_chain.height())
            buried.push_back(entry->txid);
    }
    for (const Txid& txid : buried) forget(txid);
}

void Broadcaster::announceAll()
{
    for (const PeerPtr& peer : m_peers.ready()) announce(peer);
}

void Broadcaster::announce(const PeerPtr& peer)
{
    if (!peer->wantsTransactions()) return;
    std::vector<InventoryItem> items;
    for (const EntryPtr& entry : m_entries) {
        const bool waitsToHear = entry->listener == peer->address();
        if (isMined(*entry) || waitsToHear || items.size() == kMaxInventory) continue;
        if (peer->relaysByWtxid()) {
            items.push_back({kInvWtx, entry->wtxid.bytes});
        } else {
            items.push_back({kInvTx, entry->txid.bytes});
        }
        if (entry->announcedTo.insert(peer->address()).second) publish(*entry);
    }
    if (!items.empty()) peer->sendInventory(items);
}

void Broadcaster::onReady(const PeerPtr& peer) { announce(peer); }

Broadcaster::EntryPtr Broadcaster::find(const InventoryItem& item) const
{
    if (item.type == kInvWtx) {
        const auto found = m_byWtxid.find(Wtxid{item.hash});
        return found == m_byWtxid.end() ? nullptr : found->second;
    }
    if (item.type != kInvTx && item.type != kInvWitnessTx) return nullptr;
    const auto found = m_byTxid.find(Txid{item.hash});
    return found == m_byTxid.end() ? nullptr : found->second;
}

void Broadcaster::onInventory(const PeerPtr& peer, const std::vector<InventoryItem>& items)
{
    if (m_entries.empty()) return;
    for (const InventoryItem& item : items) {
        const EntryPtr entry = find(item);
        if (entry && entry->seenFrom.insert(peer->address()).second) publish(*entry);
    }
}

void Broadcaster::onGetData(const PeerPtr& peer, const std::vector<InventoryItem>& items)
{
    std::vector<InventoryItem> missing;
    for (const InventoryItem& item : items) {
        if (!peer->isReady()) return; // it asked for more than it reads
        const EntryPtr entry = find(item);
        if (!entry) {
            missing.push_back(item);
            continue;
        }
        const bool stripped = item.type == kInvTx;
        peer->sendTransaction(stripped ? entry->transaction.serializeWithoutWitness()
                                       : entry->transaction.serialize());
        if (entry->requestedBy.insert(peer->address()).second) publish(*entry);
    }
    if (!missing.empty()) peer->sendNotFound(missing);
}

void Broadcaster::onBlock(const BlockRef& ref, const bitcoin::Block& block)
{
    if (m_entries.empty()) return;
    for (const base::Digest& id : block.txids()) {
        const auto found = m_byTxid.find(Txid{id.bytes});
        if (found == m_byTxid.end() || found->second->minedIn == ref) continue;
        found->second->minedIn = ref;
        publish(*found->second);
    }
}

bool Broadcaster::isMined(const Entry& entry) const
{
    return entry.minedIn && m_chain.isOnBestChain(*entry.minedIn);
}

BroadcastStatus Broadcaster::statusOf(const Entry& entry) const
{
    BroadcastStatus out{entry.txid, entry.wtxid};
    out.announcedTo = static_cast<std::uint32_t>(entry.announcedTo.size());
    out.requestedBy = static_cast<std::uint32_t>(entry.requestedBy.size());
    out.seenFrom = static_cast<std::uint32_t>(entry.seenFrom.size());
    if (isMined(entry)) {
        out.state = BroadcastState::Mined;
    } else if (out.seenFrom > 0) {
        out.state = BroadcastState::Seen;
    } else if (out.requestedBy > 0) {
        out.state = BroadcastState::Requested;
    } else if (out.announcedTo > 0) {
        out.state = BroadcastState::Announced;
    }
    return out;
}

void Broadcaster::publish(const Entry& entry)
{
    const BroadcastStatus status = statusOf(entry);
    {
        const std::lock_guard lock(m_mutex);
        m_published[entry.txid] = status;
    }
    m_callbacks.notify(status);
}

std::optional<BroadcastStatus> Broadcaster::status(const Txid& txid) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_published.find(txid);
    if (found == m_published.end()) return std::nullopt;
    return found->second;
}

} // namespace bowline::chain
