// SPDX-License-Identifier: MIT
// What can watch an execution. Machine::run takes a tracer as a template argument: NullTracer costs nothing.
//
// For each instruction that completes the machine calls before(), then memory() for each word it touches in
// order, then after(). Faulting instructions are announced by before() alone.
#pragma once

#include "core/zkvm/memory_tree.h"

namespace bowline::zkvm {

struct NullTracer {
    static constexpr bool kActive = false;
    void before(std::uint32_t /*pc*/, const Op& /*op*/, const Registers& /*registers*/) const {}
    /// One access to the word at `address`; a read has `after == before`.
    void memory(std::uint32_t /*address*/, std::uint32_t /*before*/, std::uint32_t /*after*/) const {}
    /// `pc` is that of the next instruction.
    void after(std::uint32_t /*pc*/, const Registers& /*registers*/) const {}
};

/// How often each instruction was executed.
struct OpcodeCounter {
    static constexpr bool kActive = true;
    std::array<std::uint64_t, kCodeCount> counts{};

    void before(std::uint32_t /*pc*/, const Op& op, const Registers& /*registers*/)
    {
        ++counts[static_cast<std::size_t>(op.code)];
    }
    void memory(std::uint32_t /*address*/, std::uint32_t /*before*/, std::uint32_t /*after*/) {}
    void after(std::uint32_t /*pc*/, const Registers& /*registers*/) {}
};

} // namespace bowline::zkvm
