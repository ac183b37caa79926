// SPDX-License-Identifier: MIT
// What every proof above a shard's says, until a chain's: the program went from this state to that one.
#pragma once

#include "core/aggregate/key_set.h"
#include "core/chips/machine.h"
#include "core/recursion/circuit.h"
#include "core/stark/proof.h"

namespace bowline::aggregate {

/// Spans that do not follow each other, or are not of one program.
inline constexpr base::ErrorCode kDoNotJoin{"aggregate.do-not-join"};

/// The proof proves nothing, or not this: the detail names the first check that failed.
inline constexpr base::ErrorCode kRejected{"aggregate.rejected"};

/// Public values in the order of Value.
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
    /// Its numbers are below the field's modulus: no other span has the same public values (but for timeAfter).
    [[nodiscard]] bool isCanonical() const;
};

/// Both together, if the second one starts where the first one ended: what a join of them says.
[[nodiscard]] Result<Span> joined(const Span& left, const Span& right);

/// A proof of a span by the recursion machine: a lift's or a join's.
struct SpanProof {
    Span span;
    DigestWords
        program{}; // commitment to the preprocessed columns of the machine's program: with the form, its key
    stark::Proof proof;
};

/// A span's public values in a circuit.
class SpanWires {
public:
    using Felt = recursion::Circuit::Felt;

    /// The circuit's own public values.
    [[nodiscard]] static SpanWires ownOf(recursion::Circuit& circuit);
    /// Of somebody else: kValues of them.
    explicit SpanWires(std::vector<Felt> values) : m_values(std::move(values)) {}

    [[nodiscard]] const Felt& at(std::size_t value) const { return m_values.at(value); }
    [[nodiscard]] recursion::Circuit::Digest digest(std::size_t first) const;
    [[nodiscard]] const std::vector<Felt>& values() const { return m_values; }

private:
    SpanWires() = default;

    std::vector<Felt> m_values;
};

} // namespace bowline::aggregate
