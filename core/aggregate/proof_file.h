// SPDX-License-Identifier: MIT
// A proof of the recursion machine as bytes, with what it says: a span's (a lift's or a join's) or a chain's.
//
// Little-endian: "BWLRPROF", version 1 (2 bytes), the form's place in kForms or kForms.size() for a chain (1 byte), the commitment
// to the preprocessed columns of its program (8 words), the public values (40 words of a span, 170 of a chain), and the
// proof as core/stark/proof.h has it. All words are below p. Nothing follows, and there is one encoding.
#pragma once

#include "core/aggregate/chain_state.h"
#include "core/aggregate/form.h"

namespace bowline::aggregate {

/// The bytes are no such file. What the proof in it says wrong is kBadProof (stark).
inline constexpr base::ErrorCode kBadProofFile{"aggregate.bad-proof-file"};

struct ProofFile {
    static constexpr std::size_t kChain = kForms.size();

    std::size_t form = 0; // in kForms, or kChain
    DigestWords program{};
    std::vector<Element> values;
    stark::Proof proof;

    /// The key that the proof is one of.
    [[nodiscard]] Result<stark::VerifyingKey> key() const;
    [[nodiscard]] Result<base::Bytes> encode() const;
    /// Checks the form alone. Allocates no more than the file is long.
    [[nodiscard]] static Result<ProofFile> decode(base::ByteView bytes);
};

/// The span that these public values say. kBadProofFile for another number of them or a value that no span has.
[[nodiscard]] Result<Span> spanIn(std::span<const Element> values);
/// The same of a chain: kBadProofFile if a limb has more than 16 bits.
[[nodiscard]] Result<ChainState> chainStateIn(std::span<const Element> values);

/// The key of proofs of a form in kForms, or of the chain's: without a program's commitment.
[[nodiscard]] Result<stark::VerifyingKey> keyOfPlace(std::size_t form);

} // namespace bowline::aggregate
