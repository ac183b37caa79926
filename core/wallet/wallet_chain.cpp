// SPDX-License-Identifier: MIT
// Blocks and transactions coming in and going, and the views computed from them.
#include "core/wallet/wallet_unlocked.h"

#include <set>

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

constexpr std::size_t kRecentEntries = 20;

} // namespace

std::optional<BlockRef> Wallet::scannedTo() const
{
    if (!m_heldBack.empty()) return m_heldBack.back();
    if (!m_blocks.empty()) return m_blocks.back();
    return std::nullopt;
}

std::vector<BlockRef> Wallet::processedBlocks() const
{
    std::vector<BlockRef> out(m_heldBack.rbegin(), m_heldBack.rend());
    out.insert(out.end(), m_blocks.rbegin(), m_blocks.rend());
    if (out.size() > WalletStore::kKeptBlocks) out.resize(WalletStore::kKeptBlocks);
    return out;
}

Height Wallet::tipHeight() const
{
    const std::optional<BlockRef> scanned = scannedTo();
    return scanned ? scanned->height : Height{0};
}

// ---- blocks ----

Result<std::vector<Txid>> Wallet::connectBlock(const BlockRef& at, const bitcoin::Block* block, bool again)
{
    const std::optional<BlockRef> scanned = scannedTo();
    if (again) {
        if (!scanned || at.height > scanned->height)
            return makeError(kBlockOutOfOrder, "seen again too early");
    } else if (scanned) {
        if (at.height <= scanned->height) BOWLINE_CHECK(undoFrom(at.height));
        const std::optional<BlockRef> below = scannedTo();
        if (below && below->height + 1 != at.height) return makeError(kBlockOutOfOrder, "a gap");
    } else {
        // After a reorganisation below everything that was kept the walk begins anew.
        BOWLINE_CHECK(m_store.disconnectFrom(at.height));
    }
    std::vector<Txid> found;
    if (block != nullptr) {
        BOWLINE_TRY(found, applyBlock(at, *block, again));
    }
    if (again) return found;
    BOWLINE_CHECK(blockProcessed(at));
    return found;
}

/// The transactions of a block that concern the wallet, as one write together with the place in the chain.
Result<std::vector<Txid>> Wallet::applyBlock(const BlockRef& at, const bitcoin::Block& block, bool again)
{
    std::vector<Txid> found;
    BOWLINE_CHECK(write([&]() -> Status {
        for (const Transaction& transaction : block.transactions) {
            BOWLINE_TRY(const bool ours, concernsUs(transaction));
            if (!ours) continue;
            BOWLINE_CHECK(addTransaction(transaction, at));
            found.push_back(transaction.txid());
        }
        if (found.empty() || again) return success();
        std::vector<BlockRef> blocks = m_heldBack;
        blocks.push_back(at);
        return m_store.addBlocks(blocks);
    }));
    if (found.empty() || again) return found;
    m_blocks.insert(m_blocks.end(), m_heldBack.begin(), m_heldBack.end());
    m_heldBack.clear();
    m_blocks.push_back(at);
    while (m_blocks.size() > WalletStore::kKeptBlocks) m_blocks.pop_front();
    return found;
}

Status Wallet::blockProcessed(const BlockRef& at)
{
    const bool stored = !m_blocks.empty() && m_heldBack.empty() && m_blocks.back() == at;
    if (!stored) m_heldBack.push_back(at);
    if (m_meta.rescanFrom && at.height > m_meta.rescanUntil) {
        BOWLINE_CHECK(write([this] {
            m_meta.rescanFrom.reset();
            m_meta.rescanUntil = {0};
            return m_store.setMeta(m_meta);
        }));
    }
    m_view.reset();
    return m_heldBack.size() >= kHeldBackBlocks ? flush() : success();
}

Status Wallet::flush()
{
    if (m_heldBack.empty()) return success();
    const std::vector<BlockRef> blocks = m_heldBack;
    BOWLINE_CHECK(m_store.addBlocks(blocks));
    m_blocks.insert(m_blocks.end(), blocks.begin(), blocks.end());
    m_heldBack.clear();
    while (m_blocks.size() > WalletStore::kKeptBlocks) m_blocks.pop_front();
    return success();
}

Status Wallet::undoFrom(Height from)
{
    while (!m_heldBack.empty() && m_heldBack.back().height >= from) m_heldBack.pop_back();
    m_view.reset();
    if (m_blocks.empty() || m_blocks.back().height < from) return success();
    BOWLINE_CHECK(m_store.disconnectFrom(from));
    while (!m_blocks.empty() && m_blocks.back().height >= from) m_blocks.pop_back();
    return success();
}

Status Wallet::disconnectBlock(const BlockRef& at) { return undoFrom(at.height); }

Status Wallet::noteInStep()
{
    if (!m_meta.restoring) return success();
    return write([this] {
        m_meta.restoring = false;
        return m_store.setMeta(m_meta);
    });
}

Status Wallet::setRescanUntil(Height height)
{
    if (!m_meta.rescanFrom) return success();
    return write([this, height] {
        m_meta.rescanUntil = height;
        return m_store.setMeta(m_meta);
    });
}

// ---- transactions ----

Result<bool> Wallet::concernsUs(const Transaction& transaction)
{
    for (const TxOut& output : transaction.outputs) {
        if (m_owners.contains(asText(output.scriptPubKey))) return true;
    }
    for (const bitcoin::TxIn& input : transaction.inputs) {
        BOWLINE_TRY(const bool ours, m_store.hasCoin(input.prevout));
        if (ours) return true;
    }
    return false;
}

/// To be called within write().
Status Wallet::addTransaction(const Transaction& transaction, const std::optional<BlockRef>& confirmed)
{
    const Height lookFrom = confirmed ? rescanStart(confirmed->height) : nextHeight();
    std::vector<std::uint32_t> outputs;
    for (std::uint32_t vout = 0; vout < transaction.outputs.size(); ++vout) {
        const Script& script = transaction.outputs[vout].scriptPubKey;
        const std::optional<ScriptOwner> owner = ownerOf(script);
        if (!owner) continue;
        outputs.push_back(vout);
        BOWLINE_CHECK(noteUse(script, *owner, confirmed.has_value(), lookFrom));
    }
    return m_store.putTransaction(transaction, confirmed, m_clock.now(), outputs);
}

Status Wallet::addUnconfirmed(const Transaction& transaction)
{
    BOWLINE_TRY(const bool ours, concernsUs(transaction));
    if (!ours) return makeError(kNotOurs);
    return write([&]() -> Status {
        BOWLINE_CHECK(addTransaction(transaction, std::nullopt));
        return m_store.setAbandoned(transaction.txid(), false);
    });
}

Status Wallet::abandon(const Txid& txid)
{
    BOWLINE_TRY(const CoinView* view, coins());
    if (view->findPending(txid) == nullptr) return makeError(kUnknownTransaction);
    return write([&] { return m_store.setAbandoned(txid, true); });
}

Result<std::vector<Transaction>> Wallet::pendingTransactions()
{
    BOWLINE_TRY(const CoinView* view, coins());
    std::vector<const PendingTransaction*> waiting;
    for (const PendingTransaction& entry : view->pending()) {
        if (entry.state == TransactionState::Pending) waiting.push_back(&entry);
    }
    // Mostly in order already: arrival puts parents first, but after a reorganisation it need not.
    std::set<Txid> missing;
    for (const PendingTransaction* entry : waiting) missing.insert(entry->row.txid);
    std::vector<Transaction> out;
    while (!waiting.empty()) {
        std::vector<const PendingTransaction*> later;
        for (const PendingTransaction* entry : waiting) {
            const auto& inputs = entry->row.transaction.inputs;
            const bool ready =
                std::none_of(inputs.begin(), inputs.end(), [&missing](const bitcoin::TxIn& in) {
                    return missing.contains(in.prevout.txid);
                });
            if (!ready) {
                later.push_back(entry);
                continue;
            }
            missing.erase(entry->row.txid);
            out.push_back(entry->row.transaction);
        }
        if (later.size() == waiting.size()) break; // a circle cannot live, see CoinView; never loop on it
        waiting = std::move(later);
    }
    return out;
}

// ---- views ----

Result<const CoinView*> Wallet::coins()
{
    if (!m_view) {
        BOWLINE_TRY(CoinView view, m_store.coinView());
        m_view.emplace(std::move(view));
    }
    return static_cast<const CoinView*>(&*m_view);
}

Result<Balance> Wallet::balance()
{
    BOWLINE_TRY(const CoinView* view, coins());
    return balanceOf(*view, tipHeight(), !m_synced);
}

Result<std::vector<HistoryEntry>> Wallet::history(const std::optional<HistoryCursor>& after,
                                                  std::size_t limit)
{
    BOWLINE_TRY(const CoinView* view, coins());
    return m_store.history(*view, after, limit);
}

Result<std::optional<HistoryEntry>> Wallet::historyEntry(const Txid& txid)
{
    BOWLINE_TRY(const CoinView* view, coins());
    return m_store.historyEntry(*view, txid);
}

Result<std::optional<TransactionRow>> Wallet::transaction(const Txid& txid)
{
    return m_store.transaction(txid);
}

Result<std::shared_ptr<const Snapshot>> Wallet::snapshot()
{
    auto out = std::make_shared<Snapshot>();
    out->network = m_meta.network;
    out->locked = isLocked();
    out->backupVerified = m_meta.backupVerified;
    out->scannedTo = scannedTo();
    BOWLINE_TRY(const CoinView* view, coins());
    out->balance = balanceOf(*view, tipHeight(), !m_synced);
    out->coins = view->coins();
    BOWLINE_TRY(out->recent, m_store.history(*view, std::nullopt, kRecentEntries));
    BOWLINE_TRY(out->transactionCount, m_store.transactionCount());
    BOWLINE_TRY(out->receive, currentAddress(AddressType::Taproot));
    return std::shared_ptr<const Snapshot>(std::move(out));
}

// ---- notes ----

Status Wallet::setLabel(LabelKind kind, std::string_view reference, std::string_view text)
{
    return m_store.setLabel(kind, reference, text);
}

Result<std::string> Wallet::label(LabelKind kind, std::string_view reference)
{
    return m_store.label(kind, reference);
}

Status Wallet::setFrozen(const OutPoint& outpoint, bool frozen)
{
    m_view.reset();
    return m_store.setFrozen(outpoint, frozen);
}

} // namespace bowline::wallet
