// SPDX-License-Identifier: MIT
#include "core/aggregate/span.h"

#include <algorithm>
#include <array>

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

bool Span::isCanonical() const
{
    const std::array numbers{shard.pcBefore, shard.npcBefore, shard.pcAfter, shard.npcAfter, programLog};
    return std::all_of(numbers.begin(), numbers.end(), [](std::uint32_t x) { return x < Element::kModulus; });
}

Result<Span> joined(const Span& left, const Span& right)
{
    const auto fail = [](const char* why) { return base::makeError(kDoNotJoin, why); };
    if (left.shard.halted) return fail("the left one has halted");
    if (left.shard.rootAfter != right.shard.rootBefore || left.shard.pcAfter != right.shard.pcBefore ||
        left.shard.npcAfter != right.shard.npcBefore)
        return fail("the right one does not start where the left one ended");
    if (left.tables != right.tables || left.programLog != right.programLog) return fail("of two programs");
    if (left.keySet != right.keySet) return fail("under two sets of keys");
    Span out = left;
    out.shard.rootAfter = right.shard.rootAfter;
    out.shard.pcAfter = right.shard.pcAfter;
    out.shard.npcAfter = right.shard.npcAfter;
    out.shard.timeAfter = 0;
    out.shard.halted = right.shard.halted;
    out.shard.exitCode = right.shard.exitCode;
    return out;
}

SpanWires SpanWires::ownOf(recursion::Circuit& circuit)
{
    SpanWires out;
    for (std::size_t i = 0; i < Span::kValues; ++i) out.m_values.push_back(circuit.publicValue(i));
    return out;
}

recursion::Circuit::Digest SpanWires::digest(std::size_t first) const
{
    recursion::Circuit::Digest out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(first + i);
    return out;
}

} // namespace bowline::aggregate
