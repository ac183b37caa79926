// SPDX-License-Identifier: MIT
// The chips of a proof system and its verifying key.
#pragma once

#include "core/field/sponge.h"
#include "core/stark/air.h"
#include "core/stark/parameters.h"

#include <functional>
#include <optional>
#include <span>

namespace bowline::stark {

/// The chips do not fit together: their author's mistake.
inline constexpr base::ErrorCode kBadSystem{"stark.bad-system"};

using field::DigestWords;

/// One chip as it is proven.
struct Chip {
    std::string name;
    Constraints constraints;
    Matrix preprocessed; // width 0: none
    bool optional = false;

    [[nodiscard]] bool hasPreprocessed() const { return preprocessed.width != 0; }
};

/// All chips, in the order of their ids, and the messages that the public values themselves send.
struct System {
    Parameters parameters;
    std::size_t publicValues = 0;
    std::vector<Chip> chips;
    Constraints boundary; // interactions of public values and constants; no columns, no assertions

    [[nodiscard]] static base::Result<System> make(const Parameters& parameters, std::size_t publicValues,
                                                   std::span<const Air* const> airs,
                                                   const std::function<void(AirBuilder&)>& boundary = {});
    /// The rules of record() for each chip, and that every bus has messages of one length.
    [[nodiscard]] base::Status check() const;
    /// Whether any chip has interactions.
    [[nodiscard]] bool hasLogUp() const;
};

/// What a verifier needs. The digest names all of it, the text of every constraint included.
struct VerifyingKey {
    struct ChipKey {
        std::string name;
        Constraints constraints;
        std::vector<std::vector<std::size_t>> batches;
        std::optional<unsigned> preprocessedLog; // its number of rows, if it has preprocessed columns
        bool optional = false;
        bool nextMain = false; // whether a constraint reads the next row
        bool nextPreprocessed = false;
    };

    Parameters parameters;
    std::size_t publicValues = 0;
    std::vector<ChipKey> chips;
    Constraints boundary;
    std::optional<DigestWords> preprocessed; // commitment, if any chip has such columns
    DigestWords digest{};

    [[nodiscard]] bool hasLogUp() const;
};

/// `preprocessed`: the commitment to the preprocessed columns, if any chip has such; of the columns themselves only
/// width and height are looked at.
[[nodiscard]] base::Result<VerifyingKey> verifyingKeyOf(const System& system,
                                                        const std::optional<DigestWords>& preprocessed);

/// The heights of the chips of one proof, as powers of two; none: the chip is left out.
using Heights = std::vector<std::optional<unsigned>>;

/// Where the columns of a commitment come from, in the order in which they are opened.
enum class BatchKind : std::uint8_t { Preprocessed, Main, LogUp, Quotient };

struct MatrixShape {
    std::size_t chip = 0;
    unsigned log = 0; // rows of the trace
    std::size_t width = 0;
    std::size_t points = 1; // 1: opened at zeta; 2: at zeta and at the next row
};

struct BatchShape {
    BatchKind kind{};
    std::vector<MatrixShape> matrices; // in chip order
    unsigned logDomain = 0;            // of the largest
};

struct FoldShape {
    unsigned logDomain = 0; // before it
    unsigned logArity = 0;
};

/// Everything about a proof's form that follows from the key and the heights: native and circuit verifier, prover
/// and decoder all take it from here.
struct Shape {
    Heights heights;
    std::vector<BatchShape> batches;
    std::vector<FoldShape> folds;
    std::vector<std::size_t> logUpChips; // chips that are there and have interactions
    unsigned maxLog = 0;                 // of the tallest chip

    /// Refuses wrong numbers of chips, a required chip left out, heights out of bounds or other than those of
    /// the preprocessed columns, and more messages than the field can count (rule B4, LogUp's own bound).
    [[nodiscard]] static base::Result<Shape> make(const VerifyingKey& key, const Heights& heights);
};

/// A proof has not the form that its key asks for.
inline constexpr base::ErrorCode kBadShape{"stark.bad-shape"};

/// Two column groups for the quotient: it has degree below (kMaxDegree - 1) * rows.
inline constexpr std::size_t kQuotientWidth = 8;

/// What the key's digest is the sponge (ProofKey) of; the commitment to the preprocessed columns, if there is one, is the last
/// eight elements.
[[nodiscard]] std::vector<Element> keyElements(const VerifyingKey& key);
/// The key's digest over everything but itself.
[[nodiscard]] DigestWords digestOf(const VerifyingKey& key);

} // namespace bowline::stark
