// SPDX-License-Identifier: MIT
// Poseidon2's rounds over any values, for tables of permutations: which columns a row has, what fills them and what their
// constraints say are these same lines.
#pragma once

#include "core/field/poseidon2_constants.h"

#include <cstddef>

namespace bowline::field {

/// Values that a row commits to behind the input: each full round's 16, each partial round's first. The last 16 are the
/// output.
inline constexpr std::size_t kRoundValues = 4 * 16 + 20 + 4 * 16;

/// `state` is a list of 16 values and becomes the output. constant(Element) makes a value of a number; commit(value) yields
/// what a column keeps of it, called kRoundValues times in order. Degree 3 between commits.
template <typename State, typename Constant, typename Commit>
void permuteRounds(State& state, const Constant& constant, const Commit& commit)
{
    const auto cube = [](const auto& x) { return x * x * x; };
    const auto mixExternally = [](State& s) {
        const State before = s;
        for (std::size_t g = 0; g < 16; g += 4) {
            const auto all = (before[g] + before[g + 1]) + (before[g + 2] + before[g + 3]);
            for (std::size_t i = 0; i < 4; ++i) {
                const auto& after = before[g + (i + 1) % 4];
                s[g + i] = all + before[g + i] + (after + after);
            }
        }
        const State in = s;
        for (std::size_t i = 0; i < 16; ++i)
            s[i] = in[i] + ((in[i % 4] + in[4 + i % 4]) + (in[8 + i % 4] + in[12 + i % 4]));
    };
    const auto fullRound = [&](const constants::Row& numbers) {
        for (std::size_t i = 0; i < 16; ++i) state[i] = cube(state[i] + constant(numbers[i]));
        mixExternally(state);
        for (std::size_t i = 0; i < 16; ++i) state[i] = commit(state[i]);
    };
    mixExternally(state);
    for (const auto& numbers : constants::kExternalInitial) fullRound(numbers);
    for (const Element number : constants::kInternal) {
        state[0] = commit(cube(state[0] + constant(number)));
        auto sum = state[0];
        for (std::size_t i = 1; i < 16; ++i) sum = sum + state[i];
        for (std::size_t i = 0; i < 16; ++i) state[i] = sum + state[i] * constant(constants::kDiagonal[i]);
    }
    for (const auto& numbers : constants::kExternalFinal) fullRound(numbers);
}

} // namespace bowline::field
