// SPDX-License-Identifier: MIT
// The start of every transcript, the same lines for prover, verifier and circuit.
#pragma once

#include "core/stark/challenger.h"
#include "core/stark/key.h"

namespace bowline::stark {

/// What a verifier absorbs and compares of a key: numbers, or values of a circuit.
template <typename B>
struct KeyValues {
    typename B::Digest digest{};
    typename B::Digest preprocessed{}; // only if the key has such columns

    [[nodiscard]] static KeyValues of(B& backend, const VerifyingKey& key)
    {
        KeyValues out;
        for (std::size_t i = 0; i < out.digest.size(); ++i) {
            out.digest[i] = backend.constant(key.digest[i]);
            if (key.preprocessed) out.preprocessed[i] = backend.constant((*key.preprocessed)[i]);
        }
        return out;
    }
};

/// Key (parameters and all), public values, and the height of every chip; 255 stands for a chip left out.
template <typename B, typename Sponge>
void absorbStatement(Challenger<B, Sponge>& challenger, const KeyValues<B>& key, const Shape& shape,
                     const std::vector<typename B::Felt>& publicValues)
{
    B& backend = challenger.backend();
    challenger.absorb(Step::ParametersAndKey, key.digest);
    challenger.absorb(Step::PublicValues, publicValues);
    std::vector<typename B::Felt> heights;
    for (const auto& height : shape.heights)
        heights.push_back(backend.constant(field::Element::from(height.value_or(0xffU))));
    challenger.absorb(Step::ChipHeights, heights);
}
template <typename B, typename Sponge>
void absorbStatement(Challenger<B, Sponge>& challenger, const VerifyingKey& key, const Shape& shape,
                     const std::vector<typename B::Felt>& publicValues)
{
    absorbStatement(challenger, KeyValues<B>::of(challenger.backend(), key), shape, publicValues);
}

} // namespace bowline::stark
