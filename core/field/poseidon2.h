// SPDX-License-Identifier: MIT
// The permutation Poseidon2 of width 16 over KoalaBear: cube S-box, 4 + 20 + 4 rounds, with the constants of
// the published vector.
#pragma once

#include "core/field/koalabear.h"

#include <array>

namespace bowline::field {

using State = std::array<Element, 16>;

void permute(State& state);
/// The same step by step, a third slower: what it is held against, and what it means.
void permuteByDefinition(State& state);

} // namespace bowline::field
