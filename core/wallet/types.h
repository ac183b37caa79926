// SPDX-License-Identifier: MIT
// The words that every part of the wallet speaks in: whose script it is, coins, the state of a transaction;
// and every error code of this library.
#pragma once

#include "core/base/clock.h"
#include "core/bitcoin/params.h"
#include "core/chain/backend.h"

#include <optional>
#include <string>
#include <vector>

namespace bowline::wallet {

using base::Amount;
using base::BlockHash;
using base::Bytes;
using base::ByteView;
using base::ErrorCode;
using base::FeeRate;
using base::Height;
using base::Result;
using base::Status;
using base::Txid;
using base::UnixTime;
using bitcoin::OutPoint;
using bitcoin::Script;
using bitcoin::Transaction;
using bitcoin::TxOut;
using chain::BlockRef;

// ---- Wallet file ----
inline constexpr ErrorCode kWalletExists{"wallet.exists"};
/// No wallet there, or one whose creation was cut off: nothing was ever received on it.
inline constexpr ErrorCode kNoWallet{"wallet.not-found"};
/// Stored data that this program did not write like this.
inline constexpr ErrorCode kWalletDamaged{"wallet.damaged"};
inline constexpr ErrorCode kWrongPassword{"wallet.wrong-password"};
inline constexpr ErrorCode kEmptyPassword{"wallet.empty-password"};
/// The keys are not in memory: unlock first.
inline constexpr ErrorCode kLocked{"wallet.locked"};
/// The words are fine by themselves but are not those of this wallet.
inline constexpr ErrorCode kOtherWords{"wallet.other-words"};
/// 20 addresses in a row were handed out and not paid to: one more would not be found by a restore.
inline constexpr ErrorCode kGapLimit{"wallet.gap-limit"};
inline constexpr ErrorCode kUnknownTransaction{"wallet.unknown-transaction"};
/// It spends nothing of this wallet and pays nothing to it.
inline constexpr ErrorCode kNotOurs{"wallet.not-ours"};
/// A block that does not fit on what was processed before.
inline constexpr ErrorCode kBlockOutOfOrder{"wallet.block-out-of-order"};

// ---- Spending ----
inline constexpr ErrorCode kNoRecipient{"wallet.no-recipient"};
/// Negative, above 21 million, or the sum is.
inline constexpr ErrorCode kBadRecipientAmount{"wallet.bad-amount"};
/// Below what nodes relay for such an output.
inline constexpr ErrorCode kDustOutput{"wallet.dust-output"};
/// More than one recipient takes the rest.
inline constexpr ErrorCode kTwoRests{"wallet.two-rests"};
inline constexpr ErrorCode kInsufficientFunds{"wallet.insufficient-funds"};
/// There is enough, but only with more inputs than one transaction may have.
inline constexpr ErrorCode kTooManyInputs{"wallet.too-many-inputs"};
/// A coin that was asked for is unknown, spent, frozen, immature or no key of ours spends it.
inline constexpr ErrorCode kCoinUnavailable{"wallet.coin-unavailable"};
/// Below 1 sat/vB, or beyond every sensible rate.
inline constexpr ErrorCode kBadFeeRate{"wallet.bad-fee-rate"};
/// The fee is beyond the guard and was not accepted explicitly.
inline constexpr ErrorCode kFeeTooHigh{"wallet.fee-too-high"};
/// Only transaction versions 2 and 3 are made here.
inline constexpr ErrorCode kBadTransactionVersion{"wallet.bad-transaction-version"};
/// Our own check of a finished transaction failed: a bug, or memory that lies. Nothing was sent.
inline constexpr ErrorCode kSelfCheckFailed{"wallet.self-check-failed"};
/// Confirmed, dead, not all inputs are ours, or not replaceable.
inline constexpr ErrorCode kNotReplaceable{"wallet.not-replaceable"};
/// Another unconfirmed transaction spends from it: bump that one, or by a child.
inline constexpr ErrorCode kHasDescendants{"wallet.has-descendants"};
/// The rate asked for does not exceed what the transaction (or package) pays already.
inline constexpr ErrorCode kRateNotHigher{"wallet.rate-not-higher"};
/// Not all inputs of the parent are ours, so the wallet cannot see its fee.
inline constexpr ErrorCode kParentFeeUnknown{"wallet.parent-fee-unknown"};
/// No output of the parent that a child of ours can spend.
inline constexpr ErrorCode kNothingToSpend{"wallet.nothing-to-spend"};

/// Unpaid addresses in a row that are looked for (BIP44), and so handed out.
inline constexpr std::uint32_t kAddressGap = 20;
/// Looked for at a restore, where payments may come in another order than the addresses: the wider the view, the
/// less often the chain has to be looked at once more.
inline constexpr std::uint32_t kRestoreAhead = 60;
inline constexpr std::uint32_t kCoinbaseMaturity = 100;

enum class AddressType : std::uint8_t {
    Taproot = 1,  // BIP86, P2TR by key path; the default
    SegwitV0 = 2, // BIP84, P2WPKH
};
enum class Branch : std::uint8_t { Receive = 0, Change = 1 };

/// Which of our keys an output pays to.
struct OwnKey {
    AddressType type = AddressType::Taproot;
    Branch branch = Branch::Receive;
    std::uint32_t index = 0;
    friend auto operator<=>(const OwnKey&, const OwnKey&) = default;
};

/// A script that no ordinary key of the wallet spends, but whose outputs and spends must be seen: requests of
/// the bridge, an operator's funding. Never chosen by coin selection. `purpose` and `data` are the caller's.
struct WatchedScript {
    Script script;
    std::string purpose; // such as "bridge.request"
    std::uint32_t index = 0;
    Bytes data;
    friend bool operator==(const WatchedScript&, const WatchedScript&) = default;
};

/// An output of ours, or of a watched script, that no confirmed transaction has spent.
struct Coin {
    OutPoint outpoint;
    TxOut output;
    /// Absent for watched scripts.
    std::optional<OwnKey> key;
    /// WatchedScript::purpose; empty for our own keys.
    std::string purpose;
    /// Absent while the transaction is unconfirmed.
    std::optional<BlockRef> confirmed;
    bool coinbase = false;
    /// Every input of its transaction was ours: unconfirmed change that nobody else can take back.
    bool fromSelf = false;
    std::uint32_t transactionVersion = 2;
    /// By the user: coin selection leaves it alone.
    bool frozen = false;
    /// An unconfirmed transaction that spends it.
    std::optional<Txid> spentBy;
    friend bool operator==(const Coin&, const Coin&) = default;
};

enum class TransactionState : std::uint8_t {
    Confirmed,
    Pending,    // may still be mined
    Replaced,   // a later unconfirmed transaction spends the same coin
    Conflicted, // a confirmed transaction spends the same coin, or it spends from a dead transaction
    Abandoned,  // given up by the user; it comes back if it is mined all the same
};

} // namespace bowline::wallet
