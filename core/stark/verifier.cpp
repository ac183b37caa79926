// SPDX-License-Identifier: MIT
#include "core/stark/verifier.h"

#include "core/stark/native.h"
#include "core/stark/verifier_core.h"

namespace bowline::stark {

using base::makeError;

namespace {
// Every list of the proof is as long as the shape says.
[[nodiscard]] bool valuesFit(const Shape& shape, const Proof& proof)
{
    if (proof.values.size() != shape.batches.size()) return false;
    for (std::size_t b = 0; b < shape.batches.size(); ++b) {
        const auto& matrices = shape.batches[b].matrices;
        if (proof.values[b].size() != matrices.size()) return false;
        for (std::size_t m = 0; m < matrices.size(); ++m) {
            if (proof.values[b][m].size() != matrices[m].points) return false;
            for (const auto& point : proof.values[b][m]) {
                if (point.size() != matrices[m].width) return false;
            }
        }
    }
    return true;
}

[[nodiscard]] bool queryFits(const Shape& shape, const Proof::Query& query)
{
    if (query.batches.size() != shape.batches.size() || query.folds.size() != shape.folds.size())
        return false;
    for (std::size_t b = 0; b < shape.batches.size(); ++b) {
        const auto& matrices = shape.batches[b].matrices;
        const Proof::Opening& opening = query.batches[b];
        if (opening.rows.size() != matrices.size() || opening.path.size() != shape.batches[b].logDomain)
            return false;
        for (std::size_t m = 0; m < matrices.size(); ++m) {
            if (opening.rows[m].size() != matrices[m].width) return false;
        }
    }
    for (std::size_t f = 0; f < shape.folds.size(); ++f) {
        const FoldShape& fold = shape.folds[f];
        if (query.folds[f].siblings.size() != (std::size_t{1} << fold.logArity) - 1 ||
            query.folds[f].path.size() != fold.logDomain - fold.logArity)
            return false;
    }
    return true;
}

[[nodiscard]] bool fits(const VerifyingKey& key, const Shape& shape, const Proof& proof)
{
    return proof.sums.size() == shape.logUpChips.size() && valuesFit(shape, proof) &&
           proof.folds.size() == shape.folds.size() &&
           proof.finalPolynomial.size() == std::size_t{1} << kLogFinal &&
           proof.queries.size() == key.parameters.queries &&
           std::all_of(proof.queries.begin(), proof.queries.end(),
                       [&shape](const Proof::Query& query) { return queryFits(shape, query); });
}

template <typename ProofType>
[[nodiscard]] base::Status run(const VerifyingKey& key, const Shape& shape,
                               std::span<const Element> publicValues, const ProofType& proof,
                               TranscriptLog<Element>* log)
{
    Native native;
    const std::vector<Element> values(publicValues.begin(), publicValues.end());
    VerifierCore<Native, Poseidon2Hash<Native>, ProofType>(native, key, shape, proof, values, log).run();
    if (native.rejected()) return makeError(kRejected, std::string(native.reason()));
    return base::success();
}
} // namespace

base::Status verifyProof(const VerifyingKey& key, std::span<const Element> publicValues, const Proof& proof,
                         TranscriptLog<Element>* log)
{
    if (publicValues.size() != key.publicValues) return makeError(kBadProof, "number of public values");
    BOWLINE_TRY(const Shape shape, Shape::make(key, proof.heights));
    if (!fits(key, shape, proof)) return makeError(kBadProof, "a list of the wrong length");
    return run(key, shape, publicValues, proof, log);
}

base::Status verifyProof(const VerifyingKey& key, std::span<const Element> publicValues,
                         const CompactProof& proof)
{
    if (publicValues.size() != key.publicValues) return makeError(kBadProof, "number of public values");
    BOWLINE_TRY(const Shape shape, Shape::make(key, proof.heights));
    return run(key, shape, publicValues, proof, nullptr);
}

base::Status verify(const VerifyingKey& key, std::span<const Element> publicValues, base::ByteView proof)
{
    BOWLINE_TRY(const CompactProof decoded, decodeCompact(key, proof));
    return verifyProof(key, publicValues, decoded);
}

} // namespace bowline::stark
