// SPDX-License-Identifier: MIT
// A permutation as an honest prover does it, quickly, or as the tests' lies have it, step by step.
#pragma once

#include "core/field/poseidon2_rounds.h"
#include "core/recursion/execution.h"

namespace bowline::recursion {

inline void applyInput(const Lies* lies, Program::Kind kind, std::size_t row, field::State& state)
{
    if (lies != nullptr && lies->input) lies->input(kind, row, state);
}

/// commit(number, value) is told of every round value.
template <typename Commit>
void permuteStepByStep(const Lies* lies, Program::Kind kind, std::size_t row, field::State& state,
                       const Commit& commit)
{
    std::size_t number = 0;
    field::permuteRounds(
        state, [](Element x) { return x; },
        [&](Element value) {
            if (lies != nullptr && lies->round) value = lies->round(kind, row, number, value);
            commit(number++, value);
            return value;
        });
}

inline void permuteWith(const Lies* lies, Program::Kind kind, std::size_t row, field::State& state)
{
    if (lies == nullptr || !lies->round) {
        field::permute(state);
        return;
    }
    permuteStepByStep(lies, kind, row, state, [](std::size_t, Element) {});
}

} // namespace bowline::recursion
