// SPDX-License-Identifier: MIT
// What every proof above a shard's says, until a chain's: the program went from this state to that one.
#pragma once

#include "core/chips/machine.h"
#include "core/recursion/circuit.h"

namespace bowline::aggregate {

using field::DigestWords;
using field::Element;

/// Public values in the order of Value. Two of them join if the first one's state after is the second one's before and all
/// else is alike (core/aggregate, not there yet).
struct Span {
    chips::Statement shard;  // timeAfter is not part of it
    DigestWords tables{};    // the program's commitment (proving::ProgramCommitment)
    unsigned programLog = 0; // of its table of code
    DigestWords keySet{}; // root of the set of keys that joins may verify; a lift verifies none and takes any

    enum Value : std::size_t {
        kRootBefore = 0,
        kRootAfter = 8,
        kTables = 16,
        kKeySet = 24,
        kPcBefore = 32,
        kNpcBefore,
        kPcAfter,
        kNpcAfter,
        kHalted,
        kExitLow,
        kExitHigh,
        kProgramLog,
        kValues,
    };
    [[nodiscard]] std::vector<Element> publicValues() const;
};

/// A span's public values in a circuit.
class SpanWires {
public:
    explicit SpanWires(recursion::Circuit& circuit) : m_circuit(circuit) {}
    [[nodiscard]] recursion::Circuit::Felt at(std::size_t value) const
    {
        return m_circuit.publicValue(value);
    }
    [[nodiscard]] recursion::Circuit::Digest digest(std::size_t first) const;

private:
    recursion::Circuit& m_circuit;
};

} // namespace bowline::aggregate
