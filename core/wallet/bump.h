// SPDX-License-Identifier: MIT
// Making an unconfirmed transaction faster: by a replacement that pays more, or by a child that pays for its
// parents. Both yield drafts that are reviewed and signed like any other (spend.h).
#pragma once

#include "core/wallet/spend.h"

namespace bowline::wallet {

/// What a replacement has to pay per size on top of what it replaces (Bitcoin Core's incremental relay fee).
inline constexpr FeeRate kIncrementalRelayRate{1'000};

struct BumpRequest {
    /// Of the replacement; of parents and child together for a child.
    FeeRate rate;
    /// Replacement of a payment without change: the (only) recipient gets less instead of coins being added.
    bool takeFromRecipient = false;
    /// For draftChildOf(): what a payment from strangers pays, which the wallet cannot see. Zero is safe, but
    /// pays for more than needed.
    std::optional<Amount> parentFee;
    FeeGuard guard;
    std::optional<std::uint64_t> seed;
};

/// BIP125: the same inputs and recipients at a higher rate, recipients in their order and change last; change
/// shrinks, or confirmed coins are added (so a payment without change can be made faster, too). All inputs must be
/// ours. kNotReplaceable, kHasDescendants (the detail names one), kRateNotHigher, kInsufficientFunds.
[[nodiscard]] Result<SpendDraft> draftReplacement(Wallet& wallet, const Txid& txid,
                                                  const BumpRequest& request);
/// The same inputs, everything back to the wallet: takes a payment back while it is not mined. Errors as above.
[[nodiscard]] Result<SpendDraft> draftCancellation(Wallet& wallet, const Txid& txid,
                                                   const BumpRequest& request);

struct ChildRequest {
    /// Unconfirmed, in the order in which nodes must hear of them; the last one is spent.
    std::vector<Transaction> parents;
    /// The fee of all parents together.
    Amount parentFee;
    /// For parents and child together.
    FeeRate packageRate;
    FeeGuard guard;
    std::optional<std::uint64_t> seed;
};

/// A child that spends the last parent's P2A anchor, or an output of it that is ours, adds confirmed coins
/// where these do not suffice, and returns the rest to the wallet. An earlier child there is replaced
/// (BIP125). Of the parent's version: a child of a version 3 parent stays below 1,000 vB (BIP431).
/// kNothingToSpend, kRateNotHigher, kInsufficientFunds, kHasDescendants if the earlier child has children
/// itself.
[[nodiscard]] Result<SpendDraft> draftChild(Wallet& wallet, const ChildRequest& request);
/// For an unconfirmed transaction of the wallet, kUnknownTransaction otherwise. Its unconfirmed parents are
/// paid for as well. Without BumpRequest::parentFee all inputs must be ours (kParentFeeUnknown).
[[nodiscard]] Result<SpendDraft> draftChildOf(Wallet& wallet, const Txid& txid, const BumpRequest& request);

} // namespace bowline::wallet
