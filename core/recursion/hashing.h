// SPDX-License-Identifier: MIT
// Rows and paths one permutation after the other: for the execution, which wants the result, and for the tables, which want
// every step.
#pragma once

#include "core/field/sponge.h"
#include "core/recursion/execution.h"

namespace bowline::recursion {

inline constexpr Element kRowTag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));

/// One permutation of a row: its input holds the data already.
struct RowBlock {
    std::size_t block = 0;
    std::array<Element, 8> data{};
    Extension gamma;
    Extension sum; // up to this block
};

struct RowDigest {
    field::DigestWords digest{};
    Extension sum;
};

/// permute(RowBlock, State& input to output).
template <typename Permute>
[[nodiscard]] RowDigest hashRow(const Program& program, const RowOp& op, const Execution& execution,
                                const Permute& permute)
{
    field::State state{};
    state[8] = kRowTag;
    state[9] = Element::from(op.length);
    RowBlock row;
    row.gamma = execution.memory[op.gamma];
    for (row.block = 0; row.block < op.blocks(); ++row.block) {
        for (std::size_t i = 0; i < 8; ++i) {
            const std::size_t at = 8 * row.block + i;
            row.data[i] = {};
            if (at < op.length) {
                row.data[i] = op.isPrivate ? execution.stream[program.privates[op.first + at]]
                                           : execution.memory[program.rowWords[op.first + at / 4]][at % 4];
            }
            state[i] += row.data[i];
            row.sum = row.sum * row.gamma + row.data[i];
        }
        permute(row, state);
    }
    RowDigest out{{}, row.sum};
    std::copy_n(state.begin(), 8, out.digest.begin());
    return out;
}

[[nodiscard]] inline field::DigestWords digestAt(const Execution& execution, Address first, Address second)
{
    field::DigestWords out;
    for (std::size_t i = 0; i < 4; ++i) {
        out[i] = execution.memory[first][i];
        out[4 + i] = execution.memory[second][i];
    }
    return out;
}

/// permute(number of the step, bit, State& input to output).
template <typename Permute>
[[nodiscard]] field::DigestWords climb(const PathOp& op, const Execution& execution, const Permute& permute)
{
    field::DigestWords node = digestAt(execution, op.start, op.start + 1);
    for (std::size_t i = 0; i < op.steps.size(); ++i) {
        const PathStep& step = op.steps[i];
        field::DigestWords other;
        bool right = false;
        if (step.climb) {
            std::copy_n(execution.stream.begin() + step.sibling, 8, other.begin());
            right = !execution.memory[step.at].isZero();
        } else {
            other = digestAt(execution, step.at, step.at + 1);
        }
        field::State state;
        std::copy(node.begin(), node.end(), state.begin() + (right ? 8 : 0));
        std::copy(other.begin(), other.end(), state.begin() + (right ? 0 : 8));
        std::array<Element, 8> before;
        permute(i, right, state, before);
        for (std::size_t k = 0; k < 8; ++k) node[k] = state[8 + k] + before[k];
    }
    return node;
}

} // namespace bowline::recursion
