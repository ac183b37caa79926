// SPDX-License-Identifier: MIT
// The wallet's coins at one moment, computed afresh from what is stored: nothing here is ever updated, so
// that a reorganisation undoes exactly what the block did.
//
// Rules. A confirmed transaction stands. An unconfirmed one is dead (Conflicted) if a confirmed transaction
// spends one of its inputs, if it spends from a dead transaction, or if it is a coinbase (its block is gone);
// Abandoned if the user gave it up; Replaced if a later one that is not dead spends one of its inputs. Dead
// transactions bring no coins and spend none.
#pragma once

#include "core/wallet/types.h"

#include <unordered_map>

namespace bowline::wallet {

/// An unconfirmed transaction as stored. The order of arrival decides between two that conflict.
struct PendingRow {
    Txid txid;
    Transaction transaction;
    UnixTime firstSeen = 0;
    bool abandoned = false;
    /// A confirmed transaction of the store spends one of its inputs.
    bool conflictsWithConfirmed = false;
};

struct PendingTransaction {
    PendingRow row;
    TransactionState state = TransactionState::Pending;
    /// Sum of what it spends of ours and pays to us (keys only, not watched scripts).
    Amount spends;
    Amount receives;
    /// Every input is ours.
    bool fromSelf = false;
};

class CoinView {
public:
    /// `stored`: outputs of confirmed and unconfirmed transactions that no confirmed one spends, in any
    /// order. `pending`: in order of arrival.
    CoinView(std::vector<Coin> stored, std::vector<PendingRow> pending);

    /// Live coins (those of dead transactions left out), oldest first, then unconfirmed; spentBy filled in.
    [[nodiscard]] const std::vector<Coin>& coins() const { return m_coins; }
    [[nodiscard]] const Coin* find(const OutPoint& outpoint) const;
    /// All unconfirmed transactions, dead ones too, in order of arrival.
    [[nodiscard]] const std::vector<PendingTransaction>& pending() const { return m_pending; }
    [[nodiscard]] const PendingTransaction* findPending(const Txid& txid) const;
    /// Live unconfirmed transactions that spend from `txid`, directly or through others.
    [[nodiscard]] std::vector<Txid> descendantsOf(const Txid& txid) const;

private:
    void addUpPending(const std::vector<Coin>& stored);
    void placeCoins(std::vector<Coin> stored);
    std::vector<Coin> m_coins;
    std::unordered_map<OutPoint, std::size_t> m_byOutpoint;
    std::vector<PendingTransaction> m_pending;
    std::unordered_map<Txid, std::size_t> m_byTxid;
};

/// A coinbase can be spent in the block 100 above its own (`tip` is the highest block).
[[nodiscard]] bool isMature(const Coin& coin, Height tip);

/// Which coins may be spent automatically.
struct CoinPolicy {
    /// Besides confirmed coins also unconfirmed change of our own.
    bool unconfirmedChange = true;
    /// Version of the transaction to be made: one of version 3 spends confirmed coins only, and others do not
    /// spend unconfirmed outputs of version 3 (BIP431).
    std::uint32_t transactionVersion = 2;
};
/// Own key, mature, not frozen, not spent, and within the policy.
[[nodiscard]] bool isSpendable(const Coin& coin, Height tip, const CoinPolicy& policy);

} // namespace bowline::wallet
