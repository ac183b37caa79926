// SPDX-License-Identifier: MIT
// What the wallet holds, in parts that a person understands.
#pragma once

#include "core/wallet/coins.h"

namespace bowline::wallet {

/// confirmed + immature + pendingIncoming - pendingOutgoing is what there will be once everything is mined.
struct Balance {
    /// Confirmed and mature, coins included that an unconfirmed transaction spends.
    Amount confirmed;
    /// What unconfirmed transactions bring and take on balance, each transaction counted on one side.
    Amount pendingIncoming;
    Amount pendingOutgoing;
    /// Coinbase outputs with fewer than 100 blocks on top.
    Amount immature;
    /// Live outputs of watched scripts whose purpose begins with "bridge.", confirmed or not.
    Amount lockedInBridge;
    /// What can be spent now: see isSpendable(). Frozen coins are not in it.
    Amount spendable;
    Amount frozen;
    /// The chain was not scanned to its end yet: there may be more, or less.
    bool partial = true;
    friend bool operator==(const Balance&, const Balance&) = default;
};

[[nodiscard]] Balance balanceOf(const CoinView& view, Height tip, bool partial);

} // namespace bowline::wallet
