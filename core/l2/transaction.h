// SPDX-License-Identifier: MIT
// Layer-2 transactions (docs/protocol.md, section 4): the thirteen types, their encoding, hash and signature.
//
//   body = version u8 (1) | type u8 | sender 32 | nonce u64 | fee u64 | payload
//   transaction = body | signature 64
//
// Everything here is about form. Whether a transaction may be applied is decided by the state transition
// alone.
#pragma once

#include "core/bitcoin/block.h"
#include "core/l2/params.h"

#include <variant>

namespace bowline::l2 {

/// The bytes are no transaction of any known type.
inline constexpr ErrorCode kBadL2Transaction{"l2.bad-transaction"};
inline constexpr ErrorCode kBadTxProof{"l2.bad-tx-proof"};

enum class TxType : std::uint8_t {
    Transfer = 1,
    Mint = 2,
    WithdrawRequest = 3,
    WithdrawAccept = 4,
    WithdrawProve = 5,
    WithdrawReclaim = 6,
    OperatorRegister = 7,
    OperatorLeave = 8,
    Claim = 9,
    ClaimVoid = 10,
    ClaimSettle = 11,
    Seal = 12,
    Program = 13,
};
/// What it shows says enough: it has no sender, nonce, fee and signature, and anybody may bring it.
[[nodiscard]] constexpr bool hasOwnAuthority(TxType type)
{
    return type == TxType::Mint || type == TxType::Seal || type == TxType::Program;
}

/// A Bitcoin transaction with the way to a confirmed block, and the block's coinbase with its own, which
/// shows how deep the tree is (rule A16). Transactions without witness; siblings from the bottom up.
struct TxProof {
    Height height;
    ByteArray<80> header{};
    bitcoin::MerklePath path;
    Bytes transaction;
    std::vector<Digest> coinbasePath;
    Bytes coinbase;
    friend bool operator==(const TxProof&, const TxProof&) = default;
};
/// The proof for transaction `index` of a block at `height`.
[[nodiscard]] Result<TxProof> buildTxProof(const bitcoin::Block& block, Height height, std::uint32_t index);

struct Transfer {
    XOnlyPublicKey to;
    Amount amount;
    friend bool operator==(const Transfer&, const Transfer&) = default;
};
struct Mint {
    XOnlyPublicKey recipient;
    Digest graphRoot;
    Digest depositId;
    Signature64 committeeSignature{}; // over mintMessage()
    TxProof deposit;
    friend bool operator==(const Mint&, const Mint&) = default;
};
struct WithdrawRequest {
    Amount amount;
    Amount operatorFee;
    Script script; // where to pay on Bitcoin: a standard output of at most 34 bytes
    friend bool operator==(const WithdrawRequest&, const WithdrawRequest&) = default;
};
struct WithdrawAccept {
    std::uint64_t id = 0;
    /// Refused when the payment would be due before this block: the program's view of Bitcoin lags behind the
    /// operator's own.
    Height leastPayHeight{};
    friend bool operator==(const WithdrawAccept&, const WithdrawAccept&) = default;
};
struct WithdrawProve {
    std::uint64_t id = 0;
    TxProof payment;
    friend bool operator==(const WithdrawProve&, const WithdrawProve&) = default;
};
struct WithdrawReclaim {
    std::uint64_t id = 0;
    friend bool operator==(const WithdrawReclaim&, const WithdrawReclaim&) = default;
};
struct OperatorRegister {
    Amount stake;
    friend bool operator==(const OperatorRegister&, const OperatorRegister&) = default;
};
struct OperatorLeave {
    friend bool operator==(const OperatorLeave&, const OperatorLeave&) = default;
};
struct ClaimVault {
    OutPoint vault;
    Digest depositId;
    OutPoint funding;
    Txid kickoff;
    Txid take;
    Script payout;
    std::vector<Digest> graphLeaves; // of the vault's graph root, in its order
    std::uint8_t ownIndex = 0;       // which of them is the sender's
    friend bool operator==(const ClaimVault&, const ClaimVault&) = default;
};
struct ClaimVoid {
    std::uint64_t claim = 0;
    TxProof spend;
    friend bool operator==(const ClaimVoid&, const ClaimVoid&) = default;
};
struct ClaimSettle {
    std::uint64_t claim = 0;
    TxProof take;
    friend bool operator==(const ClaimSettle&, const ClaimSettle&) = default;
};

/// How the open seal was spent on Bitcoin (core/seal).
struct SealProof {
    TxProof anchor;
    friend bool operator==(const SealProof&, const SealProof&) = default;
};
/// Announces the program that takes over (rule B13), or takes the announcement back.
struct ProgramChange {
    std::uint32_t number = 0;         // of the announcement: how many there were before
    Digest program;                   // its id; zero takes the announcement back
    std::uint32_t delay = 0;          // blocks, from the anchor that seals the announcement
    Signature64 committeeSignature{}; // over programMessage()
    friend bool operator==(const ProgramChange&, const ProgramChange&) = default;
};

/// In the order of TxType.
using Payload = std::variant<Transfer, Mint, WithdrawRequest, WithdrawAccept, WithdrawProve, WithdrawReclaim,
                             OperatorRegister, OperatorLeave, ClaimVault, ClaimVoid, ClaimSettle, SealProof,
                             ProgramChange>;

struct Transaction {
    XOnlyPublicKey sender; // zero where hasOwnAuthority(type()), as are nonce, fee and signature
    std::uint64_t nonce = 0;
    Amount fee;
    Payload payload;
    Signature64 signature{};

    [[nodiscard]] TxType type() const { return static_cast<TxType>(payload.index() + 1); }
    [[nodiscard]] Bytes body() const;
    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] TxHash hash() const;
    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// Exactly one transaction of at most kMaxTransactionBytes.
[[nodiscard]] Result<Transaction> parseTransaction(ByteView bytes);
/// SHA-256(0x02 | body) of an encoded transaction, without parsing it; its last 64 bytes are the signature.
[[nodiscard]] TxHash hashOfEncoded(ByteView transaction);

/// What the sender signs.
[[nodiscard]] Digest signingMessage(const Transaction& transaction, const ChainId& chain);
/// Sets the sender and signs. Not where hasOwnAuthority().
[[nodiscard]] Result<Transaction> signTransaction(Transaction transaction, const ChainId& chain,
                                                  const crypto::PrivateKey& key);
/// Where hasOwnAuthority(): whether sender, nonce, fee and signature are zero.
[[nodiscard]] bool hasValidSignature(const Transaction& transaction, const ChainId& chain);

/// What the committee signs to authorise a mint (rule A3).
[[nodiscard]] Digest mintMessage(const ChainId& chain, const OutPoint& vault, Amount value,
                                 const XOnlyPublicKey& recipient, const Digest& graphRoot,
                                 const Digest& depositId);
/// What the committee signs to announce a program.
[[nodiscard]] Digest programMessage(const ChainId& chain, const ProgramChange& change);
/// What output 1 of an operator's payment carries (rule A10).
[[nodiscard]] Digest paymentTag(const ChainId& chain, std::uint64_t withdrawal,
                                const XOnlyPublicKey& operatorKey, std::uint32_t acceptance);
/// The leaf of one operator in a vault's graph list.
[[nodiscard]] Digest graphLeaf(const XOnlyPublicKey& operatorKey, const OutPoint& funding,
                               const Txid& kickoff, const Txid& take, ByteView payoutScript);
/// `leaves` ascending by operator key.
[[nodiscard]] Digest graphRoot(const Digest& depositId, const OutPoint& vault,
                               std::span<const Digest> leaves);
/// Leaf of the claims tree, which is the claim's id.
[[nodiscard]] Digest claimId(const TxHash& burn, const Digest& depositId, const XOnlyPublicKey& operatorKey,
                             const Digest& leaf);

/// What is left of an applied transaction.
struct Receipt {
    TxHash transaction;
    TxType kind = TxType::Transfer;
    Amount fee;
    std::uint64_t reference = 0; // withdrawal id, claim index or newest sealed batch, else 0

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] Digest hash() const;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};
[[nodiscard]] Receipt readReceipt(base::Reader& reader);

} // namespace bowline::l2
