// SPDX-License-Identifier: MIT
// Announces transactions to every peer and serves them on demand, until they are mined or forgotten.
//
// Bitcoin's protocol gives no reason for a refusal, nor any answer at all; what can be known is whether peers
// asked for a transaction and whether other peers announce it back. Therefore one peer, if there are several, is not
// told at first: hearing of the transaction from that one means that it went through the network. Each peer is told
// again from time to time and after each block, because nodes forget refusals with a new block.
#pragma once

#include "core/chain/peer_manager.h"
#include "core/chain/subscription.h"

#include <set>

namespace bowline::chain {

class Broadcaster {
public:
    Broadcaster(asio::any_io_executor executor, const HeaderChain& chain, PeerManager& peers,
                Signal& changed);

    void start();
    void add(std::vector<bitcoin::Transaction> transactions);
    void forget(const base::Txid& txid);
    /// From any thread.
    [[nodiscard]] std::optional<BroadcastStatus> status(const base::Txid& txid) const;
    [[nodiscard]] std::unique_ptr<Handler> handle(std::function<void(const BroadcastStatus&)> fn)
    {
        return m_callbacks.add(std::move(fn));
    }

    void onReady(const PeerPtr& peer);
    void onInventory(const PeerPtr& peer, const std::vector<InventoryItem>& items);
    void onGetData(const PeerPtr& peer, const std::vector<InventoryItem>& items);
    void onBlock(const BlockRef& ref, const bitcoin::Block& block);

private:
    struct Entry {
        bitcoin::Transaction transaction;
        base::Txid txid;
        base::Wtxid wtxid;
        Steady::time_point added = Steady::now();
        std::string listener; // the address of the peer that is not told yet; empty: all are told
        std::set<std::string> announcedTo; // addresses of peers
        std::set<std::string> requestedBy;
        std::set<std::string> seenFrom;
        std::optional<BlockRef> minedIn;
    };
    using EntryPtr = std::shared_ptr<Entry>;

    Task<void> run();
    void chooseListener(Entry& entry) const;
    void endListening();
    void announceAll();
    void announce(const PeerPtr& peer);
    void noticeReorg();
    void dropBuried();
    [[nodiscard]] EntryPtr find(const InventoryItem& item) const;
    [[nodiscard]] bool isMined(const Entry& entry) const;
    void publish(const Entry& entry);
    [[nodiscard]] BroadcastStatus statusOf(const Entry& entry) const;

    asio::any_io_executor m_executor;
    const HeaderChain& m_chain;
    PeerManager& m_peers;
    Signal& m_changed;
    std::size_t m_turn = 0;
    std::vector<EntryPtr> m_entries; // in the order given: parents first
    std::unordered_map<base::Txid, EntryPtr> m_byTxid;
    std::unordered_map<base::Wtxid, EntryPtr> m_byWtxid;
    mutable std::mutex m_mutex; // for m_published
    std::unordered_map<base::Txid, BroadcastStatus> m_published;
    CallbackList<const BroadcastStatus&> m_callbacks;
};

} // namespace bowline::chain
