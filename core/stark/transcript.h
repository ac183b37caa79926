// SPDX-License-Identifier: MIT
// The start of every transcript, the same lines for prover, verifier and circuit.
#pragma once

#include "core/stark/challenger.h"
#include "core/stark/key.h"

namespace bowline::stark {

/// Key (parameters and all), public values, and the height of every chip; 255 stands for a chip left out.
template <typename B>
void absorbStatement(Challenger<B>& challenger, const VerifyingKey& key, const Shape& shape,
                     const std::vector<typename B::Felt>& publicValues)
{
    B& backend = challenger.backend();
    typename B::Digest digest;
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = backend.constant(key.digest[i]);
    challenger.absorb(Step::ParametersAndKey, digest);
    challenger.absorb(Step::PublicValues, publicValues);
    std::vector<typename B::Felt> heights;
    for (const auto& height : shape.heights)
        heights.push_back(backend.constant(field::Element::from(height.value_or(0xffU))));
    challenger.absorb(Step::ChipHeights, heights);
}

} // namespace bowline::stark
