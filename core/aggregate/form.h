// SPDX-License-Identifier: MIT
// The forms that proofs of lifts and joins have, so that one program joins any two of the same forms.
#pragma once

#include "core/recursion/machine.h"

namespace bowline::aggregate {

/// Heights of words, alu, lanes, bits, permutes, rows, paths; programs with fewer rows are filled up. Each height that differs
/// adds a step to every path of a proof.
/// What the lifts of shards fit in that check no signature.
inline constexpr recursion::MachineForm kLiftForm{stark::kRecursionParameters,
                                                  recursion::MachineHeights{13, 15, 15, 13, 13, 17, 15}};
/// And of those that do: their tables have twice as many columns, all of which a query opens.
inline constexpr recursion::MachineForm kWideLiftForm{stark::kRecursionParameters,
                                                      recursion::MachineHeights{16, 16, 16, 16, 13, 18, 16}};
/// What the joins of all pairs of the three forms fit in.
inline constexpr recursion::MachineForm kJoinForm{stark::kRecursionParameters,
                                                  recursion::MachineHeights{13, 15, 13, 13, 13, 15, 16}};
inline constexpr std::array kForms{kLiftForm, kWideLiftForm, kJoinForm};
/// What the chain fits in, which has other public values.
inline constexpr recursion::MachineForm kChainForm{stark::kRecursionParameters,
                                                   recursion::MachineHeights{13, 15, 13, 13, 13, 15, 15}};

} // namespace bowline::aggregate
