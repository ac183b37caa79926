// SPDX-License-Identifier: MIT
// How likely a false proof can be accepted: the error of every round of the protocol, in bits, from proven bounds.
//
// Two columns side by side. Unique decoding rests on classic results alone (Ben-Sasson, Carmon, Ishai, Kopparty,
// Saraf: "Proximity Gaps for Reed-Solomon Codes", 2020; with the constant of Ben-Sasson, Carmon, Haboeck, Kopparty,
// Saraf 2025/2055, corollary 1.4). The Johnson column uses theorem 4.2 of the latter, which is new. No figure uses a
// conjecture. The work that a prover must do before a challenge counts for that challenge. Errors add: over the
// rounds, which the total does, and along a chain of proofs, which its user must.
#pragma once

#include "core/stark/key.h"

#include <array>

namespace bowline::stark {

/// What the errors grow with: the largest proof that a key admits, or that its user says it will admit.
struct ProofBounds {
    unsigned maxLogHeight = 0;
    double rows = 0;          // of all chips together
    double messages = 0;      // rows times interactions, of all chips
    unsigned messageSize = 1; // elements of the longest message, the bus included
    double constraints = 0;   // of all chips, those of LogUp included
    double openings = 0;      // columns times points, of all chips
    /// The openings by the log of their chip's rows, as far as they are known. Each height has a word of its own, on a domain
    /// of its own, so its openings are joined at the price of that domain; the rest is taken as of the tallest chip.
    std::array<double, kMaxLogDomain + 1> openingsOf{};

    /// With every chip as tall as `heights` allows.
    [[nodiscard]] static ProofBounds of(const VerifyingKey& key, const Heights& heights);
};

struct SoundnessTerm {
    std::string name;
    unsigned work = 0;  // bits of work counted in
    double unique = 0;  // bits
    double johnson = 0; // bits
};

struct SoundnessReport {
    std::vector<SoundnessTerm> terms;
    unsigned johnsonMultiplicity = 0; // the parameter m of the Johnson column, chosen best
    double unique = 0;                // -log2 of the sum of all errors
    double johnson = 0;

    [[nodiscard]] double proven() const { return std::max(unique, johnson); }
    [[nodiscard]] std::string table(const std::string& title) const;
};

[[nodiscard]] SoundnessReport soundness(const Parameters& parameters, const ProofBounds& bounds);

/// What a parameter set must reach in the column of unique decoding to be shipped.
inline constexpr double kProvenBits = 100;

} // namespace bowline::stark
