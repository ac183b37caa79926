// SPDX-License-Identifier: MIT
// Spending: a request becomes a draft that a person can review, the draft a signed and checked transaction.
//
//   BOWLINE_TRY(const SpendDraft draft, draftSpend(wallet, request));   // locked or not
//   ... review ...
//   BOWLINE_TRY(const SignedSpend spend, signDraft(wallet, draft, FeeConsent::Refuse));
//   BOWLINE_CHECK(sync.submit(spend.package)); // stores it, then tells the network
//
// Every input signals replacement (BIP125). The lock time is the present height, at times a little less, so
// that our transactions do not reward undoing blocks for their fees. Change goes to a fresh address of the
// type of the inputs. Signatures: BIP340 over SIGHASH_DEFAULT with the BIP86 tweak, or ECDSA over BIP143 with
// SIGHASH_ALL.
#pragma once

#include "core/wallet/selection.h"
#include "core/wallet/wallet.h"

namespace bowline::wallet {

struct Recipient {
    /// Any output script; OP_RETURN outputs have amount zero.
    Script script;
    Amount amount;
    /// Everything that is left; `amount` is ignored. At most one.
    bool takesRest = false;
    std::string label;
};

/// Beyond one of these a draft carries Warning::HighFee and needs FeeConsent::Accept.
struct FeeGuard {
    FeeRate rate{1'000'000};                      // 1,000 sat/vB
    Amount fee = Amount::fromSat(5'000'000);      // 0.05 BTC
    std::int64_t percentOfAmount = 25;            // of what recipients get, ...
    Amount percentFrom = Amount::fromSat(20'000); // ... once the fee is above this
};

struct SpendRequest {
    std::vector<Recipient> recipients;
    FeeRate rate{1'000};
    /// Recipients keep their order and change comes last: for transactions whose layout is a protocol.
    /// Otherwise change takes a random place.
    bool fixedOrder = false;
    std::uint32_t version = 2;
    /// Coin control: only these coins may be used, and all of them if `useAllCoins`. Empty: any.
    std::vector<OutPoint> coins;
    bool useAllCoins = false;
    bool unconfirmedChange = true;
    FeeGuard guard;
    /// Absent: random. The same wallet, request and seed give the same draft.
    std::optional<std::uint64_t> seed;
};

enum class Warning : std::uint8_t {
    HighFee,
    /// Change too small to be worth an output went to the fee.
    ChangeDropped,
    /// An input is not confirmed yet (our own change).
    UnconfirmedInput,
    /// A recipient's script has no meaning on the network yet: anybody may be able to take it.
    UnknownRecipientScript,
    /// A recipient is this wallet.
    PaysSelf,
};

struct DraftInput {
    OutPoint outpoint;
    TxOut spent;
    /// Absent for an anchor.
    std::optional<OwnKey> key;
    std::optional<BlockRef> confirmed;
    std::int64_t weight = 0; // signed
};

enum class OutputRole : std::uint8_t { Recipient, Change };

struct DraftOutput {
    TxOut output;
    OutputRole role = OutputRole::Recipient;
    /// When it pays to this wallet.
    std::optional<OwnKey> key;
    std::string label;
};

struct SpendDraft {
    /// Unsigned; inputs and outputs in the order of the lists below.
    Transaction transaction;
    std::vector<DraftInput> inputs;
    std::vector<DraftOutput> outputs;
    Amount fee;
    /// Of the signed transaction; a signature may turn out a byte shorter.
    std::int64_t weight = 0;
    /// Fee per size of this transaction alone, rounded down.
    FeeRate rate;
    /// Zero: no change.
    Amount change;
    std::vector<Warning> warnings;
    /// The transaction that this one takes the place of.
    std::optional<Txid> replaces;
    /// Unconfirmed parents that this one pays for: they are broadcast first.
    std::vector<Transaction> parents;
    /// Fee per size of parents and child together; equal to `rate` without parents.
    FeeRate packageRate;

    [[nodiscard]] std::int64_t virtualSize() const { return (weight + 3) / 4; }
    [[nodiscard]] bool hasWarning(Warning warning) const;
    /// What recipients get.
    [[nodiscard]] Amount sent() const;
};

struct SignedSpend {
    Transaction transaction;
    SpendDraft draft;
    /// Parents, then the transaction: for chain::Backend::broadcast().
    std::vector<Transaction> package;
};

enum class FeeConsent : std::uint8_t { Refuse, Accept };

[[nodiscard]] Result<SpendDraft> draftSpend(Wallet& wallet, const SpendRequest& request);
/// Signs each input and then checks the result like a stranger would: layout as in the draft, amounts, fee,
/// weight, every signature against the output it spends. kLocked, kFeeTooHigh, kCoinUnavailable if a coin was
/// spent meanwhile.
[[nodiscard]] Result<SignedSpend> signDraft(Wallet& wallet, const SpendDraft& draft, FeeConsent consent);

/// Weight of a signed input: P2TR by key path 230; P2WPKH 271 with a signature of 71 bytes, the largest that
/// low R and low S allow.
[[nodiscard]] constexpr std::int64_t signedInputWeight(AddressType type)
{
    return type == AddressType::Taproot ? 230 : 271;
}
/// P2A: nothing but an empty witness.
inline constexpr std::int64_t kAnchorInputWeight = 165;
/// Rates beyond these are typing errors.
inline constexpr FeeRate kLeastFeeRate{1'000};
inline constexpr FeeRate kLargestFeeRate{10'000'000};

} // namespace bowline::wallet
