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

/// One permutation of a row of elements, and the sum up to it.
struct RowBlock {
    std::size_t row = 0; // in the table
    std::array<Element, 8> data{};
    std::array<Extension, 5> powers{}; // of gamma: 1, 2, 3, 4, 8
    Extension sum;
};

/// Where a dishonest prover would lie, for the tests that play one: whatever follows is worked out from the lie, in the
/// execution and in its tables. All empty: honest. Rows are numbers of rows in the operation's table.
struct Lies {
    std::function<void(Program::Kind, std::size_t index, std::vector<Extension>& memory)> result;
    std::function<void(std::size_t index, std::array<Extension, 3>& operands)> alu;
    std::function<void(RowBlock&)> data;                                      // before it is absorbed
    std::function<void(RowBlock&)> summed;                                    // behind it
    std::function<void(Program::Kind, std::size_t row, field::State&)> input; // of a permutation
    std::function<Element(Program::Kind, std::size_t row, std::size_t number, Element)> round;
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
