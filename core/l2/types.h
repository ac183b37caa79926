// SPDX-License-Identifier: MIT
// The words of the layer 2: its hashes, each of its own type, and what it takes from below.
#pragma once

#include "core/base/serial.h"
#include "core/bitcoin/transaction.h"
#include "core/crypto/keys.h"
#include "core/field/sponge.h"

namespace bowline::l2 {

using base::Amount;
using base::BatchNumber;
using base::BlockHash;
using base::ByteArray;
using base::Bytes;
using base::ByteView;
using base::Digest;
using base::ErrorCode;
using base::Height;
using base::Result;
using base::Status;
using base::Txid;
using base::XOnlyPublicKey;
using bitcoin::OutPoint;
using bitcoin::Script;
using crypto::Signature64;

using ChainId = base::Hash256<struct ChainIdTag>;     // tagged SHA-256 of the network parameters
using TxHash = base::Hash256<struct L2TxTag>;         // SHA-256 of a layer-2 transaction's body
using BatchHash = base::Hash256<struct BatchTag>;     // SHA-256 of a batch header
using StateKey = base::Hash256<struct StateKeyTag>;   // Poseidon2 digest of an object's kind and id
using StateRoot = base::Hash256<struct StateRootTag>; // Poseidon2 digest of the state tree

/// An amount above 21 million BTC, or negative: no encoding of the protocol may hold one.
inline constexpr ErrorCode kBadAmountField{"l2.bad-amount"};
/// A version, kind, status or count that the protocol does not know.
inline constexpr ErrorCode kBadField{"l2.bad-field"};

/// The longest output script that a withdrawal or a claim may pay to.
inline constexpr std::size_t kMaxScript = 34;
/// The longest layer-2 transaction, in bytes.
inline constexpr std::size_t kMaxTransactionBytes = 131'072;
/// The most transactions of a batch, in a proposal those to be left out included.
inline constexpr std::size_t kMaxTransactions = 65'535;
/// The most gas (bytes of transactions) of a batch.
inline constexpr std::uint64_t kGasLimit = 4'000'000;
/// The longest batch that is read: gas, 65,535 Bitcoin headers, lengths and the header.
inline constexpr std::size_t kMaxBatchBytes = 16U << 20U;

/// u64 in the encoding; marks the reader as failed when it is no amount of money.
[[nodiscard]] Amount readAmount(base::Reader& reader);
/// u8 and that many bytes, at most kMaxScript.
[[nodiscard]] Script readScript(base::Reader& reader);
void writeScript(base::Writer& writer, const Script& script);
template <typename Tag>
void readHash(base::Reader& reader, base::Hash256<Tag>& out)
{
    out.bytes = reader.array<32>();
}

} // namespace bowline::l2
