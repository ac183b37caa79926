// SPDX-License-Identifier: MIT
// A proof: what the prover commits to, the values out of the domain, and the openings that the queries ask for.
// Templated on the values' types, so that a circuit can hold the same proof as witnesses.
#pragma once

#include "core/base/serial.h"
#include "core/field/extension.h"
#include "core/stark/key.h"

namespace bowline::stark {

using field::Extension;

template <typename Felt, typename Ext>
struct BasicProof {
    using Digest = std::array<Felt, 8>;

    /// One commitment at one position: the row of each matrix, in the order of the shape, and the siblings
    /// from the leaf up.
    struct Opening {
        std::vector<std::vector<Felt>> rows;
        std::vector<Digest> path;
    };
    /// One folding step at one position: the other values of the coset, in the order of their exponents.
    struct FoldOpening {
        std::vector<Ext> siblings;
        std::vector<Digest> path;
    };
    struct Query {
        std::vector<Opening> batches;
        std::vector<FoldOpening> folds;
    };
    struct FoldCommitment {
        Digest root{};
        Felt work{};
    };

    Heights heights;
    Digest mainRoot{};
    Felt logUpWork{};
    std::vector<Ext> sums; // of each chip that is there and has interactions
    Digest logUpRoot{};    // both only if the key has interactions
    Digest quotientRoot{};
    Felt deepWork{};
    std::vector<std::vector<std::vector<std::vector<Ext>>>> values; // batch, matrix, point, column
    Felt batchWork{};
    std::vector<FoldCommitment> folds;
    std::vector<Ext> finalPolynomial; // 2^kLogFinal coefficients
    Felt queryWork{};
    std::vector<Query> queries;
};

using Proof = BasicProof<Element, Extension>;

/// The bytes are not the encoding of a proof under this key.
inline constexpr base::ErrorCode kBadProof{"stark.bad-proof"};

/// docs/proofs.md, "Encoding". No lengths but the heights: everything else follows from key and heights.
[[nodiscard]] base::Bytes encode(const VerifyingKey& key, const Proof& proof);
/// Accepts exactly the encodings: right magic and version, elements below p, not a byte more or less. Allocates
/// nothing before the size is known to be right.
[[nodiscard]] base::Result<Proof> decode(const VerifyingKey& key, base::ByteView bytes);
/// The number of bytes of every proof of this shape.
[[nodiscard]] std::size_t encodedSize(const VerifyingKey& key, const Shape& shape);

} // namespace bowline::stark
