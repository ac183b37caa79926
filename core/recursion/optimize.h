// SPDX-License-Identifier: MIT
// Makes programs smaller without changing what they ask for.
#pragma once

#include "core/recursion/program.h"

namespace bowline::recursion {

/// A product that only one sum reads becomes part of that sum.
[[nodiscard]] Program withFusedProducts(Program program);
/// Leaves out operations that check nothing and of which no result is read, and counts the reads. Addresses stay.
[[nodiscard]] Program withoutUnread(Program program);

} // namespace bowline::recursion
