// SPDX-License-Identifier: MIT
// Batches of the layer 2 (docs/protocol.md, section 5): header, body, the sequencer's signature.
#pragma once

#include "core/l2/transaction.h"

namespace bowline::l2 {

inline constexpr ErrorCode kBadBatch{"l2.bad-batch"};
/// Not the sequencer's signature.
inline constexpr ErrorCode kBadBatchSignature{"l2.bad-batch-signature"};
/// The body is not the one that the header commits to.
inline constexpr ErrorCode kBodyMismatch{"l2.body-mismatch"};

struct BatchHeader {
    static constexpr std::size_t kSize = 438;

    std::uint16_t version = 1;
    ChainId chainId;
    BatchNumber height;
    std::uint32_t epoch = 0;
    std::uint64_t time = 0; // seconds since 1970
    BatchHash parent;
    Height l1Height; // the Bitcoin block confirmed after the batch
    BlockHash l1Hash;
    Digest txsRoot;
    Digest receiptsRoot;
    StateRoot stateRoot;
    Digest inboxAcc;
    std::uint64_t inboxCount = 0;
    Digest outboxAcc;
    std::uint64_t outboxCount = 0;
    Digest seqSet;
    Digest nextSeqSet;
    Digest daHash;
    ByteArray<20> proposer{};
    std::uint64_t gasUsed = 0;
    std::uint64_t gasLimit = 0;
    std::uint64_t baseFee = 0;

    [[nodiscard]] ByteArray<kSize> encode() const;
    [[nodiscard]] BatchHash hash() const;
    friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};
/// Exactly 438 bytes, version 1.
[[nodiscard]] Result<BatchHeader> parseBatchHeader(ByteView bytes);

/// How a batch moves the program's view of Bitcoin.
struct L1Section {
    Height keep;                        // the last header of the view that stays
    std::vector<ByteArray<80>> headers; // that follow it
    friend bool operator==(const L1Section&, const L1Section&) = default;
};

struct BatchBody {
    L1Section l1;
    std::vector<Bytes> transactions; // encoded

    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const BatchBody&, const BatchBody&) = default;
};
/// The form only; transactions stay opaque, each of at most kMaxTransactionBytes.
[[nodiscard]] Result<BatchBody> parseBatchBody(ByteView bytes);

/// SHA-256(0x17 | body).
[[nodiscard]] Digest daHashOf(ByteView body);
[[nodiscard]] Digest txsRootOf(const BatchBody& body);
[[nodiscard]] Digest receiptsRootOf(std::span<const Receipt> receipts);
[[nodiscard]] Digest sequencerSetOf(const XOnlyPublicKey& sequencer);
[[nodiscard]] ByteArray<20> proposerOf(const XOnlyPublicKey& sequencer);

/// A header with its signature: what a light client keeps. Genesis has a signature of zeros.
struct SignedHeader {
    static constexpr std::size_t kSize = BatchHeader::kSize + 64;

    BatchHeader header;
    Signature64 signature{};
    friend bool operator==(const SignedHeader&, const SignedHeader&) = default;
};
/// One after the other, header 438 | signature 64 each.
[[nodiscard]] Bytes encodeHeaders(std::span<const SignedHeader> headers);
[[nodiscard]] Result<std::vector<SignedHeader>> parseHeaders(ByteView bytes);
/// BIP340 over SHA("batch", block hash).
[[nodiscard]] Result<SignedHeader> signHeader(const BatchHeader& header, const crypto::PrivateKey& sequencer);
[[nodiscard]] Status checkHeaderSignature(const SignedHeader& header, const XOnlyPublicKey& sequencer);

struct SignedBatch {
    SignedHeader head;
    BatchBody body;

    /// header 438 | signature 64 | body
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const SignedBatch&, const SignedBatch&) = default;
};
[[nodiscard]] Result<SignedBatch> parseSignedBatch(ByteView bytes);
/// Body against header: da_hash, txs_root, gas_used. Receipts and state need the execution.
[[nodiscard]] Status checkBody(const SignedBatch& batch);

} // namespace bowline::l2
