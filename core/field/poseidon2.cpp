// SPDX-License-Identifier: MIT
#include "core/field/poseidon2.h"

#include "core/field/kernels.h"
#include "core/field/poseidon2_constants.h"

namespace bowline::field {

namespace {
[[nodiscard]] constexpr Element cube(Element x) { return x * x * x; }

// Each group of four times circ(2, 3, 1, 1), then to every element the sum of its residue class modulo 4.
void multiplyExternal(State& state)
{
    std::array<Element, 4> sums;
    for (std::size_t group = 0; group < 16; group += 4) {
        const Element a = state[group];
        const Element b = state[group + 1];
        const Element c = state[group + 2];
        const Element d = state[group + 3];
        const Element all = (a + b) + (c + d);
        state[group] = all + a + b.doubled();
        state[group + 1] = all + b + c.doubled();
        state[group + 2] = all + c + d.doubled();
        state[group + 3] = all + d + a.doubled();
        for (std::size_t i = 0; i < 4; ++i) sums[i] += state[group + i];
    }
    for (std::size_t i = 0; i < 16; ++i) state[i] += sums[i % 4];
}

// J + diag(kDiagonal), J all ones.
void multiplyInternal(State& state)
{
    Element sum;
    for (const Element x : state) sum += x;
    for (std::size_t i = 0; i < 16; ++i) state[i] = sum + state[i] * constants::kDiagonal[i];
}

void fullRound(State& state, const constants::Row& row)
{
    for (std::size_t i = 0; i < 16; ++i) state[i] = cube(state[i] + row[i]);
    multiplyExternal(state);
}
} // namespace

void permute(State& state) { kernels().permute(wordsOf(state.data()), 1); }

void permuteByDefinition(State& state)
{
    multiplyExternal(state);
    for (const constants::Row& row : constants::kExternalInitial) fullRound(state, row);
    for (const Element constant : constants::kInternal) {
        state[0] = cube(state[0] + constant);
        multiplyInternal(state);
    }
    for (const constants::Row& row : constants::kExternalFinal) fullRound(state, row);
}

} // namespace bowline::field
