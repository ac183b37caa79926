// SPDX-License-Identifier: MIT
#include "core/stark/verifier.h"

#include "core/stark/blake3.h"
#include "core/stark/native.h"
#include "core/stark/verifier_core.h"
#include "core/stark/walk.h"

namespace bowline::stark {

using base::makeError;

namespace {
template <typename ProofType>
[[nodiscard]] base::Status run(const VerifyingKey& key, const Shape& shape,
                               std::span<const Element> publicValues, const ProofType& proof,
                               TranscriptLog<Element>* log)
{
    Native native;
    const std::vector<Element> values(publicValues.begin(), publicValues.end());
    if (key.parameters.hash == HashKind::Blake3) {
        VerifierCore<Native, Blake3Hash<Native>, ProofType>(native, key, shape, proof, values, log).run();
    } else {
        VerifierCore<Native, Poseidon2Hash<Native>, ProofType>(native, key, shape, proof, values, log).run();
    }
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
