// SPDX-License-Identifier: MIT
// What the state tree holds: accounts, the view of Bitcoin, vaults, withdrawals, operators, claims, counters
// (docs/protocol.md, section 3). Each object has a kind, an id, and a value of one encoding.
#pragma once

#include "core/l2/append_tree.h"
#include "core/l2/params.h"

#include <array>
#include <optional>
#include <variant>

namespace bowline::l2 {

/// The value is no object of that kind.
inline constexpr ErrorCode kBadObject{"l2.bad-object"};

enum class ObjectKind : std::uint8_t {
    Account = 1,
    L1View = 2,
    L1Block = 3,
    Vault = 4,
    Withdrawal = 5,
    Operator = 6,
    Payment = 7,
    Counters = 8,
    Claim = 9,
    Chain = 10,
    Batch = 11,
};

struct Account {
    std::uint64_t nonce = 0; // of the next transaction
    Amount btc;
    std::uint64_t token = 0; // of a later stage
    Amount staked;
    std::uint16_t codeType = 0; // of a later stage
    Digest storageRoot;         // of a later stage
    field::FieldDigest history; // folds every transaction that touched the account
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Account&, const Account&) = default;
};

/// The program's own view of Bitcoin: the confirmed block and the at most k headers after it (rule A7).
struct L1View {
    Height tipHeight;
    BlockHash tipHash;
    Height confirmedHeight;
    BlockHash confirmedHash;
    ByteArray<32> confirmedWork{}; // cumulative, u256 little-endian
    std::uint32_t confirmedTime = 0;
    std::uint32_t confirmedBits = 0;
    std::uint32_t epochStartTime = 0;
    std::array<std::uint32_t, 11> lastTimes{}; // of the confirmed block and those before it, newest first
    std::vector<ByteArray<80>> ring;           // oldest first
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const L1View&, const L1View&) = default;
};

enum class VaultStatus : std::uint8_t { Live = 1, Claimed = 2, Taken = 3 };
struct Vault {
    Amount value;
    XOnlyPublicKey recipient;
    Digest graphRoot;
    VaultStatus status = VaultStatus::Live;
    std::uint64_t claimIndex = 0; // of the claim that stands, when status is not Live
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Vault&, const Vault&) = default;
};

enum class WithdrawalStatus : std::uint8_t { Requested = 1, Accepted = 2, Paid = 3, Cancelled = 4 };
struct Withdrawal {
    XOnlyPublicKey owner;
    Amount amount;
    Amount operatorFee;
    Script script;
    WithdrawalStatus status = WithdrawalStatus::Requested;
    XOnlyPublicKey operatorKey; // of the latest acceptance, zero before
    std::uint32_t acceptance = 0;
    Height payHeight;
    Amount bond; // locked now
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

enum class OperatorStatus : std::uint8_t { Active = 1, Left = 2 };
struct Operator {
    Amount stake;
    std::uint32_t openAcceptances = 0;
    OperatorStatus status = OperatorStatus::Active;
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Operator&, const Operator&) = default;
};

struct Counters {
    // Satoshi of all time: the same money may come and go many times.
    std::uint64_t minted = 0;
    std::uint64_t burned = 0;
    std::uint64_t fees = 0;
    Digest inboxAcc;
    std::uint64_t inboxCount = 0;
    Frontier outbox;
    Frontier claims;
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Counters&, const Counters&) = default;
};

enum class ClaimStatus : std::uint8_t { Live = 1, Void = 2, Taken = 3 };
struct Claim {
    XOnlyPublicKey operatorKey;
    OutPoint vault;
    OutPoint funding;
    Txid kickoff;
    Txid take;
    TxHash burn;
    ClaimStatus status = ClaimStatus::Live;
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const Claim&, const Claim&) = default;
};

/// How the chain of seals stands, as far as the program was shown.
enum class SealsStatus : std::uint8_t {
    Open = 1,
    Other = 2, // an anchor named another history's batch: nothing of this one is sealed any more
    Ended = 3, // a seal was spent to no next one
};
/// What holds for the layer 2 as a whole: which batch is sealed (docs/protocol.md, section 8), and which program is due
/// (rule B13).
struct ChainObject {
    OutPoint seal; // not spent yet, as far as the program was shown
    SealsStatus seals = SealsStatus::Open;
    BatchNumber sealedBatch;
    Height sealHeight; // of the anchor that seals it

    Digest program;                  // that took over last; zero: that of genesis
    Digest announced;                // the next one; zero: none
    std::uint32_t announcements = 0; // of all time, cancellations too
    std::uint32_t delay = 0;         // blocks, from the anchor that seals the announcement
    BatchNumber announcedBatch;
    Height activationHeight;     // zero until the announcement is sealed
    BatchNumber activationBatch; // zero until that height is confirmed
    [[nodiscard]] Bytes encode() const;
    /// Which program executes a batch behind this state; none when it is that of genesis.
    [[nodiscard]] std::optional<Digest> programOf(BatchNumber batch) const;
    friend bool operator==(const ChainObject&, const ChainObject&) = default;
};

/// An earlier batch of the history, as an anchor has to name it.
struct BatchObject {
    BatchHash hash;
    Height l1Height;
    BlockHash l1Hash;
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const BatchObject&, const BatchObject&) = default;
};

[[nodiscard]] Result<Account> parseAccount(ByteView value);
[[nodiscard]] Result<L1View> parseL1View(ByteView value);
[[nodiscard]] Result<BlockHash> parseL1Block(ByteView value);
[[nodiscard]] Result<Vault> parseVault(ByteView value);
[[nodiscard]] Result<Withdrawal> parseWithdrawal(ByteView value);
[[nodiscard]] Result<Operator> parseOperator(ByteView value);
/// The withdrawal that the payment was used for.
[[nodiscard]] Result<std::uint64_t> parsePayment(ByteView value);
[[nodiscard]] Result<Counters> parseCounters(ByteView value);
[[nodiscard]] Result<Claim> parseClaim(ByteView value);
[[nodiscard]] Result<ChainObject> parseChainObject(ByteView value);
[[nodiscard]] Result<BatchObject> parseBatchObject(ByteView value);

/// Kind and id: what an object is called, before it is hashed to a key.
struct ObjectId {
    ObjectKind kind = ObjectKind::Account;
    Bytes id;
    [[nodiscard]] StateKey key() const;
    friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};
[[nodiscard]] ObjectId accountId(const XOnlyPublicKey& key);
[[nodiscard]] ObjectId l1ViewId();
[[nodiscard]] ObjectId l1BlockId(Height height);
[[nodiscard]] ObjectId vaultId(const OutPoint& outpoint);
/// The number of the withdrawal that this request makes: the first eight bytes of its hash, little-endian, the
/// highest bit cleared. It stays the same when the request is replayed among others.
[[nodiscard]] std::uint64_t withdrawalNumber(const TxHash& request);
[[nodiscard]] ObjectId withdrawalId(std::uint64_t number);
[[nodiscard]] ObjectId operatorId(const XOnlyPublicKey& key);
[[nodiscard]] ObjectId paymentId(const Txid& txid);
[[nodiscard]] ObjectId countersId();
[[nodiscard]] ObjectId claimObjectId(std::uint64_t index);
[[nodiscard]] ObjectId chainObjectId();
[[nodiscard]] ObjectId batchObjectId(BatchNumber number);

/// An object with its value, as execution reports changes and as nodes store them.
struct StateObject {
    ObjectId id;
    Bytes value;
    friend bool operator==(const StateObject&, const StateObject&) = default;
};

/// One step of an account's history accumulator.
[[nodiscard]] field::FieldDigest historyStep(const field::FieldDigest& previous, const TxHash& transaction,
                                             BatchNumber batch, std::uint32_t index);

} // namespace bowline::l2
