// SPDX-License-Identifier: MIT
#include "core/aggregate/span.h"

#include <algorithm>

namespace bowline::aggregate {

std::vector<Element> Span::publicValues() const
{
    std::vector<Element> out(kValues);
    const auto digest = [&out](std::size_t first, const auto& words) {
        std::copy(words.begin(), words.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
    };
    digest(kRootBefore, shard.rootBefore);
    digest(kRootAfter, shard.rootAfter);
    digest(kTables, tables);
    digest(kKeySet, keySet);
    out[kPcBefore] = Element::from(shard.pcBefore);
    out[kNpcBefore] = Element::from(shard.npcBefore);
    out[kPcAfter] = Element::from(shard.pcAfter);
    out[kNpcAfter] = Element::from(shard.npcAfter);
    out[kHalted] = Element::from(shard.halted ? 1 : 0);
    out[kExitLow] = Element::from(shard.exitCode & 0xffffU);
    out[kExitHigh] = Element::from(shard.exitCode >> 16U);
    out[kProgramLog] = Element::from(programLog);
    return out;
}

recursion::Circuit::Digest SpanWires::digest(std::size_t first) const
{
    recursion::Circuit::Digest out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i);
    return out;
}

} // namespace bowline::aggregate
