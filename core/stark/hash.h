// SPDX-License-Identifier: MIT
// The hash of commitments as the verifier computes it; a template argument, so that the last proof of a chain, which
// no circuit verifies, can use another one.
#pragma once

#include "core/field/sponge.h"

#include <vector>

namespace bowline::stark {

/// sponge.h's spongeOf(ProofRow) and compressPair over a backend's values.
template <typename B>
struct Poseidon2Hash {
    using Felt = typename B::Felt;
    using Digest = typename B::Digest;

    [[nodiscard]] static Digest row(B& backend, const std::vector<Felt>& elements)
    {
        const auto number = [&backend](std::size_t n) {
            return backend.constant(field::Element::from(static_cast<std::uint32_t>(n)));
        };
        std::array<Felt, 16> state;
        state.fill(number(0));
        state[8] = number(static_cast<std::size_t>(field::SpongeTag::ProofRow));
        state[9] = number(elements.size());
        std::size_t at = 0;
        do {
            for (std::size_t i = 0; i < 8 && at < elements.size(); ++i, ++at)
                state[i] = state[i] + elements[at];
            backend.permute(state);
        } while (at < elements.size());
        Digest out;
        std::copy_n(state.begin(), 8, out.begin());
        return out;
    }
    [[nodiscard]] static Digest pair(B& backend, const Digest& left, const Digest& right)
    {
        std::array<Felt, 16> state;
        std::copy(left.begin(), left.end(), state.begin());
        std::copy(right.begin(), right.end(), state.begin() + 8);
        backend.permute(state);
        Digest out;
        for (std::size_t i = 0; i < 8; ++i) out[i] = state[8 + i] + right[i];
        return out;
    }
};

} // namespace bowline::stark
