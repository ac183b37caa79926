// SPDX-License-Identifier: MIT
// One numbering of constraints' nodes, whoever compiled the program that recorded them.
#pragma once

#include "core/stark/air.h"

namespace bowline::stark {

/// The same constraints with the nodes in the order in which assertions and then messages need them, operands before their
/// use; nodes that none of them needs are left out. C++ leaves it to the compiler which operand of a * b is evaluated
/// first, so the order of recording differs between compilers, and with it the text that keys and program ids hash.
[[nodiscard]] Constraints inCanonicalOrder(Constraints recorded);

} // namespace bowline::stark
