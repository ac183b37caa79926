// SPDX-License-Identifier: MIT
// A verifying key for who knows the digests of its constraints' text: hashing the text takes most of the time that a key
// takes (decision 106).
#pragma once

#include "core/stark/key.h"

namespace bowline::stark {

/// What a key's digest says of the text of the constraints: of each chip in order, then of the boundary.
using TextDigests = std::vector<DigestWords>;
[[nodiscard]] TextDigests textDigestsOf(const System& system);

/// The same key, if `texts` is textDigestsOf(system). With others the key's digest is another one, with which no prover of
/// these constraints begins its transcript: honest proofs are refused. Nothing false is accepted by it, as the
/// constraints that are checked are the system's.
[[nodiscard]] base::Result<VerifyingKey> verifyingKeyOf(const System& system,
                                                        const std::optional<DigestWords>& preprocessed,
                                                        std::span<const DigestWords> texts);

} // namespace bowline::stark
