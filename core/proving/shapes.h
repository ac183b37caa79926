// SPDX-License-Identifier: MIT
// Shapes that shards are filled up to, so that few programs verify all of them: each shape has a lift of its own.
#pragma once

#include "core/chips/machine.h"
#include "core/stark/key.h"

namespace bowline::proving {

/// Heights by the table's place in the system. Those of the program's code, the ranges and the bytes are not looked at: they are
/// the key's.
using ShardShapes = std::vector<stark::Heights>;

/// Of the shapes in which every table is there and as tall as `least` asks, the one with the fewest cells.
[[nodiscard]] std::optional<stark::Heights>
shapeFor(const ShardShapes& shapes, const stark::VerifyingKey& key, const stark::Heights& least);

} // namespace bowline::proving
