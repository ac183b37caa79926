// SPDX-License-Identifier: MIT
// The wallet's light client of the layer 2: it believes no node. Headers must carry the sequencer's
// signature, follow each other from a genesis computed here, and name Bitcoin blocks of the wallet's own
// header chain; every value must be proven against such a header's state root.
//
// Whether the root itself is proven is told from outside (setProven): every Verified says so (Finality::rootProof).
#pragma once

#include "core/l2/genesis.h"
#include "core/l2/proof.h"

#include <map>
#include <string>
#include <variant>

namespace bowline::l2 {

/// The client's own best header chain of Bitcoin.
class BestChain {
public:
    virtual ~BestChain() = default;
    [[nodiscard]] virtual Height tip() const = 0;
    /// Nothing above the tip, or below where the chain begins.
    [[nodiscard]] virtual std::optional<BlockHash> hashAt(Height height) const = 0;
};

/// Whether the state root is known to be the result of the rules, not of the sequencer's word.
enum class RootProof { NotProven, Proven };

struct Finality {
    RootProof rootProof = RootProof::NotProven;
    Height l1Height;                   // the Bitcoin block that the batch had confirmed
    std::uint32_t l1Confirmations = 0; // of that block in the own chain, 1 = the tip
    friend bool operator==(const Finality&, const Finality&) = default;
};

struct Verified {
    StateRoot root;
    BatchNumber batch;
    Finality finality;
    friend bool operator==(const Verified&, const Verified&) = default;
};
/// Nothing wrong was shown, but not enough to believe it.
struct Unverified {
    std::string reason; // a stable code
    friend bool operator==(const Unverified&, const Unverified&) = default;
};
/// Shown to be wrong: this provider (or the sequencer behind it) lied.
struct Invalid {
    std::string reason; // a stable code
    std::string provider;
    friend bool operator==(const Invalid&, const Invalid&) = default;
};
using Verdict = std::variant<Verified, Unverified, Invalid>;

/// Reasons of Unverified.
inline constexpr std::string_view kReasonL1Behind = "l1-behind";         // own chain is not there yet
inline constexpr std::string_view kReasonL1Elsewhere = "l1-elsewhere";   // own chain has another block there
inline constexpr std::string_view kReasonUnknownBatch = "unknown-batch"; // header not in the chain held here
inline constexpr std::string_view kReasonStale = "stale";                // an older batch than asked for
inline constexpr std::string_view kReasonNotLinked = "not-linked";       // headers in between are missing
/// Reasons of Invalid.
inline constexpr std::string_view kReasonForeignChain = "foreign-chain";
inline constexpr std::string_view kReasonBadHeader = "bad-header";
inline constexpr std::string_view kReasonBadSignature = "bad-signature";
inline constexpr std::string_view kReasonBadParent = "bad-parent";
inline constexpr std::string_view kReasonEquivocation = "equivocation";
inline constexpr std::string_view kReasonBadBody = "bad-body";
inline constexpr std::string_view kReasonBadProof = "bad-proof";
inline constexpr std::string_view kReasonBadValue = "bad-value";
inline constexpr std::string_view kReasonBadHistory = "bad-history";
inline constexpr std::string_view kReasonProvenOtherwise = "proven-otherwise";

/// Two headers of one height, both signed by the sequencer, while the Bitcoin block of the first still stood.
struct Equivocation {
    SignedHeader first;
    SignedHeader second;
    friend bool operator==(const Equivocation&, const Equivocation&) = default;
};

/// The last batch that a proof of the chain covers, with its hash (core/proven).
struct ProvenBatch {
    BatchNumber number;
    BatchHash hash;
    friend bool operator==(const ProvenBatch&, const ProvenBatch&) = default;
};

/// A node's answer about one object (state_get).
struct StateAnswer {
    SignedHeader batch;
    std::optional<Bytes> value; // none: the object is absent
    StateProof proof;
    std::string provider;
};

/// Every field that the parameters fix has its value, and the state root is a digest.
[[nodiscard]] bool hasFixedFields(const BatchHeader& header, const NetworkParams& params);

/// Not thread-safe. `chain` must outlive the client.
class LightClient {
public:
    LightClient(const NetworkParams& params, const BestChain& chain);

    [[nodiscard]] const SignedHeader& head() const { return m_headers.back(); }
    [[nodiscard]] const SignedHeader* headerAt(BatchNumber number) const;
    /// What the own view of Bitcoin says of a header held here, now: it changes with that view.
    [[nodiscard]] Verdict verdictOf(BatchNumber number) const;
    /// The newest header whose verdict is Verified.
    [[nodiscard]] BatchNumber verifiedHead() const;

    /// The next header, a known one, or a replacement (rules A7, B12: only when the Bitcoin block of the old
    /// one has left the own best chain; later headers then fall with it).
    Verdict addHeader(const SignedHeader& header, const std::string& provider);
    /// A whole batch: also its body against its header.
    Verdict addBatch(const SignedBatch& batch, const std::string& provider);
    /// For headers out of the wallet's own database, oldest first, without genesis: checked all the same.
    Status restore(std::span<const SignedHeader> headers);

    /// What is proven; nothing when nothing is, or not any more. The header of that number has that hash: then it and
    /// all before it are proven, as each names its parent, as long as its Bitcoin block stands (rule B12), which every verdict
    /// looks at. One that is not held, or has another hash, proves nothing.
    void setProven(const std::optional<ProvenBatch>& proven);
    /// A good proof of a batch of this number and another hash than the header held here, shown by this provider: who
    /// shows both cannot be right. From that number on all is Invalid, until a proof of the headers held here comes as
    /// far, or the header is replaced.
    void contradict(const ProvenBatch& shown, const std::string& provider);

    /// `atLeast`: the oldest batch that the caller accepts as an answer.
    [[nodiscard]] Verdict checkState(const StateAnswer& answer, const ObjectId& object,
                                     BatchNumber atLeast = {}) const;
    /// The account must come with the same answer; entries oldest first.
    [[nodiscard]] Verdict checkHistory(const StateAnswer& account, const XOnlyPublicKey& key,
                                       std::span<const HistoryEntry> entries, BatchNumber atLeast = {}) const;
    /// `counters`: the answer for the counters object. `path`: of claim `index`.
    [[nodiscard]] Verdict checkClaim(const StateAnswer& counters, const Digest& claim, std::uint64_t index,
                                     std::span<const Digest> path, BatchNumber atLeast = {}) const;

    /// Kept for export: the sequencer signed both.
    [[nodiscard]] const std::vector<Equivocation>& evidence() const { return m_evidence; }

private:
    [[nodiscard]] std::optional<Verdict> refuse(const SignedHeader& header,
                                                const std::string& provider) const;
    [[nodiscard]] std::optional<Unverified> unsupported(const BatchHeader& header) const;
    [[nodiscard]] Verdict place(const BatchHeader& header) const;
    [[nodiscard]] bool l1Stands(const BatchHeader& header) const;
    [[nodiscard]] bool isProven(BatchNumber number) const;
    [[nodiscard]] bool holds(const ProvenBatch& batch) const;
    void settle();
    void remember(const SignedHeader& first, const SignedHeader& second);

    NetworkParams m_params;
    ChainId m_chainId;
    const BestChain& m_chain;
    std::vector<SignedHeader> m_headers; // by number, genesis first
    std::vector<Equivocation> m_evidence;
    std::optional<ProvenBatch> m_proven; // as told
    bool m_isProvenHeld = false;         // by a header with its hash
    struct Contradiction {
        BatchHash shown;
        std::string provider;
    };
    std::map<BatchNumber, Contradiction> m_contradictions;
};

} // namespace bowline::l2
