// SPDX-License-Identifier: MIT
#include "core/proving/shapes.h"

#include "core/stark/memory.h"

namespace bowline::proving {

namespace {
[[nodiscard]] bool covers(const stark::Heights& shape, const stark::Heights& least)
{
    for (std::size_t i = 0; i < least.size(); ++i) {
        if (least[i] && (!shape[i] || *shape[i] < *least[i])) return false;
    }
    return true;
}
} // namespace

std::optional<stark::Heights> shapeFor(const ShardShapes& shapes, const stark::VerifyingKey& key,
                                       const stark::Heights& least)
{
    std::optional<stark::Heights> best;
    std::uint64_t bestBytes = 0;
    for (stark::Heights shape : shapes) {
        if (shape.size() != least.size()) continue;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            if (key.chips[i].preprocessedLog) shape[i] = key.chips[i].preprocessedLog;
        }
        if (!covers(shape, least)) continue;
        const std::uint64_t bytes = stark::traceBytes(key, shape);
        if (best && bytes >= bestBytes) continue;
        best = std::move(shape);
        bestBytes = bytes;
    }
    return best;
}

} // namespace bowline::proving
