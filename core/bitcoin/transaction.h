// SPDX-License-Identifier: MIT
// Transactions: shape, serialisation (BIP144), ids, weight (BIP141), and the checks that need no other data.
#pragma once

#include "core/base/serial.h"
#include "core/bitcoin/script.h"

#include <vector>

namespace bowline::bitcoin {

/// The bytes are no transaction: bad flag, superfluous witness. Truncation and the like keep base's codes.
inline constexpr ErrorCode kBadTransaction{"bitcoin.bad-transaction"};
inline constexpr ErrorCode kTxNoInputs{"bitcoin.tx-no-inputs"};
inline constexpr ErrorCode kTxNoOutputs{"bitcoin.tx-no-outputs"};
inline constexpr ErrorCode kTxTooLarge{"bitcoin.tx-too-large"};
/// An output or the sum of outputs is negative or above 21 million.
inline constexpr ErrorCode kTxBadValue{"bitcoin.tx-bad-value"};
inline constexpr ErrorCode kTxDuplicateInput{"bitcoin.tx-duplicate-input"};
inline constexpr ErrorCode kTxNullInput{"bitcoin.tx-null-input"};
inline constexpr ErrorCode kTxBadCoinbase{"bitcoin.tx-bad-coinbase"};

/// Consensus limit of a block, and so of a transaction, in weight units (BIP141).
inline constexpr std::int64_t kMaxBlockWeight = 4'000'000;
inline constexpr std::int64_t kWitnessScaleFactor = 4;

struct OutPoint {
    Txid txid;
    std::uint32_t index = 0;

    /// Coinbase inputs spend this.
    [[nodiscard]] bool isNull() const { return txid.isZero() && index == 0xffffffff; }
    friend auto operator<=>(const OutPoint&, const OutPoint&) = default;
};

struct TxIn {
    OutPoint prevout;
    Script scriptSig;
    std::uint32_t sequence = kSequenceFinal;
    std::vector<Bytes> witness;
    friend bool operator==(const TxIn&, const TxIn&) = default;
};

struct TxOut {
    Amount value;
    Script scriptPubKey;
    friend bool operator==(const TxOut&, const TxOut&) = default;
};

struct Transaction {
    std::uint32_t version = 2;
    std::vector<TxIn> inputs;
    std::vector<TxOut> outputs;
    std::uint32_t lockTime = 0;

    [[nodiscard]] bool hasWitness() const;
    [[nodiscard]] bool isCoinbase() const { return inputs.size() == 1 && inputs[0].prevout.isNull(); }
    /// Computed at each call from the members: keep the result where it is needed often.
    [[nodiscard]] Txid txid() const;
    [[nodiscard]] Wtxid wtxid() const;
    /// With witness data if there is any (BIP144).
    [[nodiscard]] Bytes serialize() const;
    [[nodiscard]] Bytes serializeWithoutWitness() const;
    [[nodiscard]] std::int64_t weight() const;
    /// Weight / 4, rounded up. Nodes count signature operations too; that is not done here.
    [[nodiscard]] std::int64_t virtualSize() const { return (weight() + 3) / kWitnessScaleFactor; }

    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// Exactly one transaction; strict: shortest sizes, no superfluous witness flag, nothing after the end.
[[nodiscard]] Result<Transaction> parseTransaction(ByteView bytes);
/// The form without witness only, as PSBT (BIP174) wants it: there a transaction may have no inputs.
[[nodiscard]] Result<Transaction> parseTransactionWithoutWitness(ByteView bytes);
/// For containers. On a failure the reader is marked as failed and the result is to be thrown away.
[[nodiscard]] Transaction readTransaction(base::Reader& reader);
[[nodiscard]] TxOut readTxOut(base::Reader& reader);
void writeTxOut(base::Writer& writer, const TxOut& output);
void writeOutPoint(base::Writer& writer, const OutPoint& outpoint);
[[nodiscard]] OutPoint readOutPoint(base::Reader& reader);
/// "txid:index" with the id as Bitcoin shows it, for logs and details.
[[nodiscard]] std::string toString(const OutPoint& outpoint);

/// The consensus rules that need nothing but the transaction: inputs, outputs, size, values, duplicate
/// inputs, coinbase form. Scripts and signatures are not executed.
[[nodiscard]] Status checkTransaction(const Transaction& transaction);

} // namespace bowline::bitcoin

template <>
struct std::hash<bowline::bitcoin::OutPoint> {
    std::size_t operator()(const bowline::bitcoin::OutPoint& value) const noexcept
    {
        return std::hash<bowline::base::Txid>{}(value.txid) ^
               (std::size_t{value.index} * 0x9e3779b97f4a7c15U);
    }
};
