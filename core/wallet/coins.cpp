// SPDX-License-Identifier: MIT
// Decides which unconfirmed transactions are alive, and from that which coins there are.
#include "core/wallet/coins.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace bowline::wallet {
namespace {

/// Answers, for each unconfirmed transaction, whether it lives and if not why. The answer for one depends on
/// that for its parents and for those that spend the same coins, hence the walk with memory.
class LifeDecider {
public:
    LifeDecider(std::vector<PendingTransaction>& pending, const std::unordered_map<Txid, std::size_t>& byTxid)
        : m_pending(pending), m_byTxid(byTxid), m_progress(pending.size(), Progress::Open)
    {
        for (std::size_t i = 0; i < pending.size(); ++i) {
            for (const bitcoin::TxIn& input : pending[i].row.transaction.inputs) {
                m_spenders[input.prevout].push_back(i);
            }
        }
    }

    void decideAll()
    {
        for (std::size_t i = 0; i < m_pending.size(); ++i) (void)lives(i);
        while (removeNonsense()) {
        }
    }

private:
    enum class Progress : std::uint8_t { Open, Running, Done };

    bool lives(std::size_t i)
    {
        // A circle (only nonsense makes one) ends here: nothing that depends on itself lives.
        if (m_progress[i] == Progress::Running) return false;
        if (m_progress[i] == Progress::Open) {
            m_progress[i] = Progress::Running;
            m_pending[i].state = stateOf(i);
            m_progress[i] = Progress::Done;
        }
        return m_pending[i].state == TransactionState::Pending;
    }

    TransactionState stateOf(std::size_t i)
    {
        const PendingRow& row = m_pending[i].row;
        if (row.abandoned) return TransactionState::Abandoned;
        if (row.conflictsWithConfirmed || row.transaction.isCoinbase()) return TransactionState::Conflicted;
        for (const bitcoin::TxIn& input : row.transaction.inputs) {
            const auto parent = m_byTxid.find(input.prevout.txid);
            if (parent != m_byTxid.end() && !lives(parent->second)) return TransactionState::Conflicted;
            for (const std::size_t other : m_spenders[input.prevout]) {
                if (other > i && lives(other)) return TransactionState::Replaced;
            }
        }
        return TransactionState::Pending;
    }

    /// A transaction that spends from another and also one of its inputs can never be mined. The walk above
    /// cannot judge such pairs: the first of the two stays. True if there was one.
    bool removeNonsense()
    {
        std::unordered_map<OutPoint, std::size_t> spent;
        for (std::size_t i = 0; i < m_pending.size(); ++i) {
            if (m_pending[i].state != TransactionState::Pending) continue;
            for (const bitcoin::TxIn& input : m_pending[i].row.transaction.inputs) {
                const auto parent = m_byTxid.find(input.prevout.txid);
                const bool orphan =
                    parent != m_byTxid.end() && m_pending[parent->second].state != TransactionState::Pending;
                if (!orphan && spent.emplace(input.prevout, i).first->second == i) continue;
                m_pending[i].state = TransactionState::Conflicted;
                return true;
            }
        }
        return false;
    }

    std::vector<PendingTransaction>& m_pending;
    const std::unordered_map<Txid, std::size_t>& m_byTxid;
    std::unordered_map<OutPoint, std::vector<std::size_t>> m_spenders;
    std::vector<Progress> m_progress;
};

} // namespace

CoinView::CoinView(std::vector<Coin> stored, std::vector<PendingRow> pending)
{
    m_pending.reserve(pending.size());
    for (PendingRow& row : pending) {
        m_byTxid.emplace(row.txid, m_pending.size());
        m_pending.push_back({std::move(row), TransactionState::Pending, {}, {}, false});
    }
    LifeDecider(m_pending, m_byTxid).decideAll();
    addUpPending(stored);
    placeCoins(std::move(stored));
}

void CoinView::addUpPending(const std::vector<Coin>& stored)
{
    std::unordered_map<OutPoint, Amount> own;
    for (const Coin& coin : stored) {
        if (!coin.key) continue;
        own.emplace(coin.outpoint, coin.output.value);
        const auto at = m_byTxid.find(coin.outpoint.txid);
        if (at != m_byTxid.end()) m_pending[at->second].receives += coin.output.value;
    }
    for (PendingTransaction& entry : m_pending) {
        std::size_t ours = 0;
        for (const bitcoin::TxIn& input : entry.row.transaction.inputs) {
            const auto coin = own.find(input.prevout);
            if (coin == own.end()) continue;
            entry.spends += coin->second;
            ++ours;
        }
        entry.fromSelf = ours == entry.row.transaction.inputs.size();
    }
}

void CoinView::placeCoins(std::vector<Coin> stored)
{
    const auto arrival = [this](const Coin& coin) {
        const auto at = m_byTxid.find(coin.outpoint.txid);
        return at == m_byTxid.end() ? std::size_t{0} : at->second;
    };
    for (Coin& coin : stored) {
        if (!coin.confirmed) {
            const PendingTransaction* parent = findPending(coin.outpoint.txid);
            if (parent == nullptr || parent->state != TransactionState::Pending) continue;
            coin.fromSelf = parent->fromSelf;
        }
        m_coins.push_back(std::move(coin));
    }
    std::sort(m_coins.begin(), m_coins.end(), [&arrival](const Coin& a, const Coin& b) {
        if (a.confirmed.has_value() != b.confirmed.has_value()) return a.confirmed.has_value();
        if (!a.confirmed) {
            return std::tuple(arrival(a), a.outpoint.index) < std::tuple(arrival(b), b.outpoint.index);
        }
        return std::tie(a.confirmed->height, a.outpoint) < std::tie(b.confirmed->height, b.outpoint);
    });
    m_byOutpoint.reserve(m_coins.size());
    for (std::size_t i = 0; i < m_coins.size(); ++i) m_byOutpoint.emplace(m_coins[i].outpoint, i);
    for (const PendingTransaction& entry : m_pending) {
        if (entry.state != TransactionState::Pending) continue;
        for (const bitcoin::TxIn& input : entry.row.transaction.inputs) {
            const auto at = m_byOutpoint.find(input.prevout);
            if (at != m_byOutpoint.end()) m_coins[at->second].spentBy = entry.row.txid;
        }
    }
}

const Coin* CoinView::find(const OutPoint& outpoint) const
{
    const auto at = m_byOutpoint.find(outpoint);
    return at == m_byOutpoint.end() ? nullptr : &m_coins[at->second];
}

const PendingTransaction* CoinView::findPending(const Txid& txid) const
{
    const auto at = m_byTxid.find(txid);
    return at == m_byTxid.end() ? nullptr : &m_pending[at->second];
}

std::vector<Txid> CoinView::descendantsOf(const Txid& txid) const
{
    std::set<Txid> family{txid};
    std::vector<Txid> found;
    // A child may have arrived before its parent: go over them until nothing is added.
    for (bool grown = true; grown;) {
        grown = false;
        for (const PendingTransaction& entry : m_pending) {
            if (entry.state != TransactionState::Pending || family.contains(entry.row.txid)) continue;
            const auto& inputs = entry.row.transaction.inputs;
            const bool related =
                std::any_of(inputs.begin(), inputs.end(),
                            [&family](const bitcoin::TxIn& in) { return family.contains(in.prevout.txid); });
            if (!related) continue;
            family.insert(entry.row.txid);
            found.push_back(entry.row.txid);
            grown = true;
        }
    }
    return found;
}

bool isMature(const Coin& coin, Height tip)
{
    if (!coin.coinbase) return true;
    return coin.confirmed && tip.value + 1U >= coin.confirmed->height.value &&
           tip.value + 1U - coin.confirmed->height.value >= kCoinbaseMaturity;
}

bool isSpendable(const Coin& coin, Height tip, const CoinPolicy& policy)
{
    if (!coin.key || coin.frozen || coin.spentBy || !isMature(coin, tip)) return false;
    if (coin.confirmed) return true;
    return policy.unconfirmedChange && coin.fromSelf && policy.transactionVersion != 3 &&
           coin.transactionVersion != 3;
}

} // namespace bowline::wallet
