// SPDX-License-Identifier: MIT
// Fills the memory of a program. A check that does not hold is a rejection and names its reason; the tables of such an
// execution would have no proof.
#pragma once

#include "core/field/poseidon2.h"
#include "core/recursion/program.h"

#include <functional>

namespace bowline::recursion {

/// A check of the program fails. The detail is its reason, the same that stark::verifyProof gives for the same proof.
inline constexpr base::ErrorCode kRejected{"recursion.rejected"};
/// Stream or public values of another number than the program's.
inline constexpr base::ErrorCode kBadInput{"recursion.bad-input"};

/// Where a dishonest prover would lie, for the tests that play one. All empty: honest.
struct Lies {
    /// Behind an operation: may change what it has written. What follows is worked out from that.
    std::function<void(Program::Kind, std::size_t index, std::vector<Extension>& memory)> result;
    /// Round value number `value` of row number `row` in the table of this kind (Permute, Row, Path).
    std::function<Element(Program::Kind, std::size_t row, std::size_t value, Element)> round;
    /// The inputs of such a row's permutation, before it is done.
    std::function<void(Program::Kind, std::size_t row, field::State&)> input;
    bool goOn = false; // past failed checks
};

struct Execution {
    std::vector<Extension> memory; // by address
    Stream stream;
    std::vector<Element> publicValues;
    const Lies* lies = nullptr;
};

[[nodiscard]] base::Result<Execution> execute(const Program& program, Stream stream,
                                              const std::vector<Element>& publicValues,
                                              const Lies* lies = nullptr);

} // namespace bowline::recursion
