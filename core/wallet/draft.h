// SPDX-License-Identifier: MIT
// Builds drafts for spend.cpp and bump.cpp: from recipients, inputs that must be and inputs that may be
// there. Private to this library.
#pragma once

#include "core/wallet/spend.h"

namespace bowline::wallet {

struct DraftPlan {
    std::vector<Recipient> recipients;
    std::vector<DraftInput> required;
    std::vector<DraftInput> candidates;
    /// No recipients: one output of ours takes what is left.
    bool toSelf = false;
    FeeRule fee;
    std::uint32_t version = 2;
    bool fixedOrder = false;
    std::int64_t maxWeight = 400'000;
    /// Where change goes; absent: a fresh address of the type of the inputs.
    std::optional<std::pair<Script, OwnKey>> change;
    FeeGuard guard;
    std::optional<std::uint64_t> seed;
    std::optional<Txid> replaces;
    std::vector<Transaction> parents;
    Amount parentFee;
};

[[nodiscard]] Result<SpendDraft> buildDraft(Wallet& wallet, DraftPlan plan);

/// An input that spends the coin; it must have a key.
[[nodiscard]] DraftInput inputFor(const Coin& coin);
/// Spendable coins as candidates. Coins that `replaced` spends count as free.
[[nodiscard]] Result<std::vector<DraftInput>> spendableInputs(Wallet& wallet, const CoinPolicy& policy,
                                                              const std::optional<Txid>& replaced = {});
[[nodiscard]] Status checkFeeRate(FeeRate rate);

} // namespace bowline::wallet
