// SPDX-License-Identifier: MIT
// The one form that proofs of lifts and joins have, so that one program joins any two of them.
#pragma once

#include "core/recursion/machine.h"

namespace bowline::aggregate {

/// What the lift of a tall shard and the join of two such proofs fit in; programs with fewer rows are filled up.
inline constexpr recursion::MachineForm kForm{
    stark::kRecursionParameters,
    recursion::MachineHeights{15, 17, 14, 9, 12, 16, 16}}; // words, alu, lanes, bits, permutes, rows, paths

} // namespace bowline::aggregate
