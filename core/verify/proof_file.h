// SPDX-License-Identifier: MIT
// A proof file: a value of the layer 2 with everything that is needed to check it on another machine, without a
// connection (docs/protocol.md, section 9). This is its form; core/verify/check.h judges it.
#pragma once

#include "core/bitcoin/merkle.h"
#include "core/l2/batch.h"
#include "core/l2/list_path.h"
#include "core/l2/params.h"
#include "core/l2/proof.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bowline::verify {

using base::Bytes;
using base::Height;
using base::Result;

/// Not a proof file, or one that is damaged. The detail names the field.
inline constexpr base::ErrorCode kBadFile{"verify.bad-file"};
/// Longer than kMaxFileBytes.
inline constexpr base::ErrorCode kFileTooLong{"verify.file-too-long"};
/// Of a version that this program does not know.
inline constexpr base::ErrorCode kUnknownVersion{"verify.unknown-version"};
/// The same content in another spelling: a file has one only.
inline constexpr base::ErrorCode kFileNotCanonical{"verify.file-not-canonical"};
/// More of something than a file may hold. The detail names the field.
inline constexpr base::ErrorCode kFileTooMuch{"verify.file-too-much"};

inline constexpr std::size_t kMaxFileBytes = 64U << 20U;
inline constexpr std::size_t kMaxBitcoinHeaders = 100'000;
inline constexpr std::size_t kMaxBatchHeaders = 10'000;
inline constexpr std::size_t kMaxAnchors = 1'000;
inline constexpr std::size_t kMaxAdded = 1'000; // inputs of an anchor behind its first
inline constexpr std::size_t kMaxShownHistory = 100'000;
inline constexpr std::size_t kMaxChainProofBytes = 1U << 20U;
/// Of JSON, in all: each takes far more memory than its text.
inline constexpr std::size_t kMaxValues = 500'000;

/// An object of the state, or its absence (no value), below the batch's state root.
struct ShownState {
    l2::ObjectId object;
    std::optional<Bytes> value;
    l2::StateProof proof;
    /// Of an account: all its entries, oldest first.
    std::optional<std::vector<l2::HistoryEntry>> history;
    friend bool operator==(const ShownState&, const ShownState&) = default;
};

/// A transaction of the batch, below txs_root, and its receipt, below receipts_root, at the same place.
struct ShownTransaction {
    Bytes transaction; // encoded
    l2::ListPath path;
    l2::Receipt receipt;
    std::vector<base::Digest> receiptSiblings; // index and count are those of `path`
    friend bool operator==(const ShownTransaction&, const ShownTransaction&) = default;
};

/// The whole batch, with what is left of its transactions.
struct ShownBatch {
    l2::BatchBody body;
    std::vector<l2::Receipt> receipts;
    friend bool operator==(const ShownBatch&, const ShownBatch&) = default;
};

using Subject = std::variant<ShownState, ShownTransaction, ShownBatch>;

/// A link of the chain of seals: the transaction, and its way into the Bitcoin block of that height.
struct ShownAnchor {
    Height height;
    Bytes transaction; // with witness
    bitcoin::MerklePath path;
    /// What the inputs behind the first spend, each an output to the seals' script: the signature covers it.
    std::vector<base::Amount> added;
    friend bool operator==(const ShownAnchor&, const ShownAnchor&) = default;
};

struct ProofFile {
    l2::Network network;
    /// Headers of Bitcoin that follow the network's checkpoint, in order.
    std::vector<base::ByteArray<80>> bitcoin;
    /// Headers of batches without a gap; `batch` is among them. Those behind it lead to what Bitcoin has sealed and to
    /// what the chain's proof speaks of.
    std::vector<l2::BatchHeader> headers;
    base::BatchNumber batch;     // that the subject belongs to
    l2::Signature64 signature{}; // the sequencer's, of that batch; genesis has zeros
    Subject subject;
    std::vector<ShownAnchor> anchors; // from the network's first seal on; none: nothing is shown to be sealed
    Bytes chainProof; // the wrapped proof of the chain; empty: the state root is not shown to be proven

    /// Of the batch. Null when `headers` does not hold it.
    [[nodiscard]] const l2::BatchHeader* header() const;
};

/// Reads and bounds; the lists of the network are held against its hash (l2::parseNetworkJson), nothing else is judged.
/// The codes above, and those of network files.
[[nodiscard]] Result<ProofFile> parseProofFile(std::string_view text);
/// The one text of this content. parseProofFile() reads it back.
[[nodiscard]] std::string toText(const ProofFile& file);

/// The file cannot be read.
inline constexpr base::ErrorCode kNoFile{"verify.no-file"};
/// The file cannot be written.
inline constexpr base::ErrorCode kNotWritten{"verify.not-written"};
/// The text of a file of at most `limit` bytes. kNoFile, kFileTooLong.
[[nodiscard]] Result<std::string> readText(const std::string& path, std::size_t limit = kMaxFileBytes);
/// Replaces the file as a whole, or leaves it as it was: kNotWritten.
[[nodiscard]] base::Status writeText(const std::string& path, std::string_view text);

} // namespace bowline::verify
