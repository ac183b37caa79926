// SPDX-License-Identifier: MIT
// Checks what was shown of the layer 2, each check by its name and with the hashes that it compared, so that a person can
// follow it and repeat it. The window shows the checks of a live answer, bowline-cli those of a proof file: one code.
#pragma once

#include "core/proven/head.h"
#include "core/verify/facts.h"
#include "core/verify/header_run.h"
#include "core/verify/proof_file.h"

#include <functional>

namespace bowline::verify {

enum class Outcome {
    Passed,
    Failed,
    NotMade, // what it would need is not there; the reason says what
};

struct Check {
    std::string name; // a stable code
    Outcome outcome = Outcome::Passed;
    std::string reason; // unless it passed: a stable code
    std::string detail; // for the log, in English; may be empty
    Facts facts;
    friend bool operator==(const Check&, const Check&) = default;
};

// Names of checks.
inline constexpr std::string_view kCheckNetwork = "network";
inline constexpr std::string_view kCheckBitcoinHeaders = "bitcoin-headers";
inline constexpr std::string_view kCheckSignature =
    "batch-signature"; // of genesis: that it is the computed one
inline constexpr std::string_view kCheckLinks = "batch-links";
inline constexpr std::string_view kCheckBitcoinBlock = "bitcoin-block";
inline constexpr std::string_view kCheckState = "state-path";
inline constexpr std::string_view kCheckHistory = "history-complete";
inline constexpr std::string_view kCheckTransaction = "transaction-path";
inline constexpr std::string_view kCheckSender = "transaction-signature"; // of a mint: that it carries none
inline constexpr std::string_view kCheckReceipt = "receipt-path";
inline constexpr std::string_view kCheckBody = "batch-body";
inline constexpr std::string_view kCheckReceipts = "batch-receipts";
inline constexpr std::string_view kCheckSeal = "seal";
inline constexpr std::string_view kCheckChainProof = "chain-proof";

// Reasons that are no error codes.
inline constexpr std::string_view kReasonNotCompared =
    "network-not-compared"; // nobody said which network to expect
inline constexpr std::string_view kReasonOtherNetwork = "other-network";
inline constexpr std::string_view kReasonNotInFile = "not-in-file";
inline constexpr std::string_view kReasonNoBatch = "no-batch";        // its header is not in the file
inline constexpr std::string_view kReasonBadGenesis = "bad-genesis";  // another than the parameters give
inline constexpr std::string_view kReasonHeaderFields = "bad-header"; // fields that the parameters fix
inline constexpr std::string_view kReasonNotLinked =
    "not-linked"; // a header does not follow from the one before
inline constexpr std::string_view kReasonHeadersBeyond =
    "headers-beyond"; // behind all that is signed, sealed or proven: nothing vouches for them
inline constexpr std::string_view kReasonBlockElsewhere = "block-elsewhere"; // another block stands there
inline constexpr std::string_view kReasonBlockMissing = "block-missing";     // beyond the headers of the file
inline constexpr std::string_view kReasonWrongRoot = "wrong-root";
inline constexpr std::string_view kReasonWrongReceipt = "wrong-receipt";     // of another transaction
inline constexpr std::string_view kReasonHeadersMissing = "headers-missing"; // of batches that anchors name
inline constexpr std::string_view kReasonNotSealed = "not-sealed"; // the anchors do not reach this batch
inline constexpr std::string_view kReasonSealedOther = "sealed-otherwise"; // they name another batch
inline constexpr std::string_view kReasonBadAnchor =
    "bad-anchor"; // no link of the chain of seals, or not in its block
inline constexpr std::string_view kReasonNoChecker =
    "no-checker"; // this program cannot check proofs of the chain
inline constexpr std::string_view kReasonBatchTooNew = "batch-too-new";  // the proof ends before the batch
inline constexpr std::string_view kReasonOtherHistory = "other-history"; // the proof speaks of another batch
inline constexpr std::string_view kReasonOtherWork = "other-work"; // than the headers of that chain have

// ---- single checks ----
[[nodiscard]] Check checkNetwork(const l2::NetworkParams& params, const std::optional<l2::ChainId>& expected);
/// Chain id, the fields that the parameters fix, and the sequencer's signature; genesis is compared.
[[nodiscard]] Check checkSignature(const l2::NetworkParams& params, const l2::SignedHeader& batch);
/// That the block which the batch had confirmed is on this chain.
[[nodiscard]] Check checkBitcoinBlock(const l2::BatchHeader& batch, const l2::BestChain& chain);
/// The paths that lead from the subject to the batch's header.
[[nodiscard]] std::vector<Check> checkSubject(const l2::BatchHeader& batch, const Subject& subject);
/// Each header names the one before it, and the first one genesis if it is batch 1.
[[nodiscard]] Check checkLinks(const l2::NetworkParams& params, std::span<const l2::BatchHeader> headers);
[[nodiscard]] Check checkSeal(const ProofFile& file, const HeaderRun& run);
/// The cumulative work of a block of the caller's own chain.
using WorkAt = std::function<std::optional<bitcoin::Uint256>(base::Height)>;
/// What a checked proof says, against headers of batches and the own chain.
[[nodiscard]] Check checkHead(const proven::Head& head, const l2::BatchHeader& batch,
                              std::span<const l2::BatchHeader> headers, const l2::BestChain& chain,
                              const WorkAt& workAt);

// ---- a whole file ----
struct Terms {
    /// The network that the caller trusts; none: that of the file is taken, and the report says so.
    std::optional<l2::ChainId> network;
    /// For proofs of the chain; null: they are not checked, and the report says so.
    const proven::Checker* checker = nullptr;
    base::UnixTime now = 0; // of this machine
};

struct Report {
    std::string subject; // "account", "vault", ..., "transaction", "batch"
    Facts says;          // what the subject says: worth something only when valid()
    base::BatchNumber batch;
    base::UnixTime batchTime = 0;
    std::vector<Check> checks; // in the order in which they are made
    /// "sequenced", "sealed", "proven" or "withdrawable", as services::BatchView::finality; empty unless valid().
    std::string finality;
    /// What a file cannot show, or this one does not: stable codes. "best-chain", "later-batches", and unless it is shown
    /// "root-not-proven", "not-sealed", "network-not-compared", "earlier-batches".
    std::vector<std::string> open;
    base::Height tip; // of the file's Bitcoin headers
    base::BlockHash tipHash;

    /// No check failed.
    [[nodiscard]] bool valid() const;
    [[nodiscard]] const Check* find(std::string_view name) const;
};
[[nodiscard]] Report check(const ProofFile& file, const Terms& terms);
/// Reads and checks a file. Its proof of the chain is held against `checker`, or, without one, against the keys that are
/// pinned for the file's network. Errors are those of parseProofFile().
[[nodiscard]] base::Result<Report> checkText(std::string_view text, const std::optional<l2::ChainId>& network,
                                             base::UnixTime now, const proven::Checker* checker = nullptr);

} // namespace bowline::verify
