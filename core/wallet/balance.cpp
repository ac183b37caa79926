// SPDX-License-Identifier: MIT
// Adds the coins up. Sums cannot overflow: CoinView holds outputs of verified blocks and of our own making.
#include "core/wallet/balance.h"

namespace bowline::wallet {

Balance balanceOf(const CoinView& view, Height tip, bool partial)
{
    Balance out;
    out.partial = partial;
    for (const Coin& coin : view.coins()) {
        const Amount value = coin.output.value;
        if (!coin.key) {
            if (!coin.spentBy && coin.purpose.starts_with("bridge.")) out.lockedInBridge += value;
            continue;
        }
        if (coin.frozen && !coin.spentBy) out.frozen += value;
        if (isSpendable(coin, tip, {})) out.spendable += value;
        if (!coin.confirmed) continue;
        (isMature(coin, tip) ? out.confirmed : out.immature) += value;
    }
    for (const PendingTransaction& entry : view.pending()) {
        if (entry.state != TransactionState::Pending) continue;
        if (entry.receives >= entry.spends) {
            out.pendingIncoming += entry.receives - entry.spends;
        } else {
            out.pendingOutgoing += entry.spends - entry.receives;
        }
    }
    return out;
}

} // namespace bowline::wallet
