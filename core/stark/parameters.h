// SPDX-License-Identifier: MIT
// What a proof's security and size hang on. All of it is hashed into the verifying key.
#pragma once

#include "core/base/result.h"
#include "core/field/sponge.h"

namespace bowline::stark {

/// Out of the bounds below.
inline constexpr base::ErrorCode kBadParameters{"stark.bad-parameters"};

/// The final polynomial of FRI has 2^Parameters::logFinal coefficients, so no chip has fewer rows. This many at least, and in
/// all proofs that are verified by a circuit.
inline constexpr unsigned kLogFinal = 5;
inline constexpr unsigned kMaxLogFinal = 10;
/// FRI folds by at most 2^kMaxLogArity at once.
inline constexpr unsigned kMaxLogArity = 3;
/// Committed domains have at most 2^24 points.
inline constexpr unsigned kMaxLogDomain = field::Element::kTwoAdicity;
/// Bits of work are read from the last bits of one element; a circuit can read 24 of it.
inline constexpr unsigned kMaxWorkBits = 24;
inline constexpr unsigned kMaxWorkBitsOfBlake3 = 27;

/// What Merkle trees and the transcript are hashed with. BLAKE3 is for the last proof of a chain: no circuit verifies it.
enum class HashKind : std::uint8_t { Poseidon2, Blake3 };

struct Parameters {
    unsigned logBlowup = 1;
    unsigned queries = 1;
    unsigned logUpWork = 0; ///< bits of work before the challenges of LogUp
    unsigned deepWork = 0;  ///< before the point out of the domain
    unsigned batchWork = 0; ///< before the challenge that joins the openings
    unsigned foldWork = 0;  ///< before each folding challenge of FRI
    unsigned queryWork = 0; ///< before the query positions
    HashKind hash = HashKind::Poseidon2;
    unsigned logFinal = kLogFinal; ///< log of the number of coefficients of FRI's final polynomial

    friend constexpr bool operator==(const Parameters&, const Parameters&) = default;
    /// These numbers and every constant the format rests on, under a version. Hash and final polynomial are only in it if one
    /// of them is not the default: the sponge tells lists of different lengths apart.
    [[nodiscard]] field::DigestWords digest() const;
    [[nodiscard]] base::Status check() const;
    /// The largest number of rows of a chip, as a power of two.
    [[nodiscard]] constexpr unsigned maxLogHeight() const { return kMaxLogDomain - logBlowup; }
};

/// Proofs of shards of execution: the least work for the prover.
inline constexpr Parameters kCoreParameters{1, 195, 16, 10, 20, 16, 20};
/// Proofs that verify proofs: smaller, for more work by the prover.
inline constexpr Parameters kRecursionParameters{2, 118, 16, 10, 20, 16, 21};

} // namespace bowline::stark
