// SPDX-License-Identifier: MIT
// Checking proofs. No bytes make it throw or allocate more than a proof of the key's largest shape has.
#pragma once

#include "core/stark/challenger.h"
#include "core/stark/proof.h"

namespace bowline::stark {

/// The proof is not one: the detail names the first check that failed.
inline constexpr base::ErrorCode kRejected{"stark.rejected"};

[[nodiscard]] base::Status verify(const VerifyingKey& key, std::span<const Element> publicValues,
                                  base::ByteView proof);
/// The same for a proof in memory, of whatever form. `log` gets the transcript's calls.
[[nodiscard]] base::Status verifyProof(const VerifyingKey& key, std::span<const Element> publicValues,
                                       const Proof& proof, TranscriptLog<Element>* log = nullptr);
/// Of what decodeCompact has read with this key.
[[nodiscard]] base::Status verifyProof(const VerifyingKey& key, std::span<const Element> publicValues,
                                       const CompactProof& proof);

} // namespace bowline::stark
