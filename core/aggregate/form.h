// SPDX-License-Identifier: MIT
// The forms that proofs of lifts and joins have, so that one program joins any two of the same forms.
#pragma once

#include "core/recursion/machine.h"

namespace bowline::aggregate {

/// Heights of words, alu, lanes, bits, permutes, rows, paths; programs with fewer rows are filled up. There are two heights in
/// each: every other one would add a step to each path of a proof.
/// What the lift of a tall shard fits in.
inline constexpr recursion::MachineForm kLiftForm{stark::kRecursionParameters,
                                                  recursion::MachineHeights{13, 16, 13, 13, 13, 16, 16}};
/// What the joins of all pairs of the two forms fit in.
inline constexpr recursion::MachineForm kJoinForm{stark::kRecursionParameters,
                                                  recursion::MachineHeights{13, 15, 13, 13, 13, 15, 15}};
inline constexpr std::array kForms{kLiftForm, kJoinForm};
/// What the chain fits in, which has other public values.
inline constexpr recursion::MachineForm kChainForm = kJoinForm;

} // namespace bowline::aggregate
