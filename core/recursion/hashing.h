// SPDX-License-Identifier: MIT
// Rows and paths one permutation after the other: for the execution, which wants the result, and for the tables, which want
// every step.
#pragma once

#include "core/field/sponge.h"
#include "core/recursion/execution.h"

namespace bowline::recursion {

inline constexpr Element kRowTag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));

struct RowDigest {
    field::DigestWords digest{};
    Extension sum;
};

/// `row` is the operation's first one in the table. permute(RowBlock, State& input to output).
template <typename Permute>
[[nodiscard]] RowDigest hashRow(const Program& program, const RowOp& op, std::size_t row,
                                const Execution& execution, const Permute& permute)
{
    field::State state{};
    state[8] = kRowTag;
    state[9] = Element::from(op.length);
    const Extension gamma = execution.memory[op.gamma];
    const Extension square = gamma * gamma;
    RowBlock block;
    block.powers = {gamma, square, square * gamma, square * square, {}};
    block.powers[4] = block.powers[3] * block.powers[3];
    for (std::size_t b = 0; b < op.blocks(); ++b) {
        block.row = row + b;
        for (std::size_t i = 0; i < 8; ++i) {
            const std::size_t at = 8 * b + i;
            block.data[i] = {};
            if (at >= op.length) continue;
            block.data[i] = op.isPrivate ? execution.stream[program.privates[op.first + at]]
                                         : execution.memory[program.rowWords[op.first + at / 4]][at % 4];
        }
        if (execution.lies != nullptr && execution.lies->data) execution.lies->data(block);
        const auto& g = block.powers;
        const auto& d = block.data;
        const auto four = [&](std::size_t i) {
            return g[2] * d[i] + g[1] * d[i + 1] + g[0] * d[i + 2] + Extension{d[i + 3]};
        };
        block.sum = block.sum * g[4] + four(0) * g[3] + four(4);
        if (execution.lies != nullptr && execution.lies->summed) execution.lies->summed(block);
        for (std::size_t i = 0; i < 8; ++i) state[i] += block.data[i];
        permute(block, state);
    }
    RowDigest out{{}, block.sum};
    std::copy_n(state.begin(), 8, out.digest.begin());
    return out;
}

/// The operands of a product and sum.
[[nodiscard]] inline std::array<Extension, 3> operandsOf(const AluOp& op, std::size_t index,
                                                         const Execution& execution)
{
    std::array<Extension, 3> out{execution.memory[op.a], execution.memory[op.b], execution.memory[op.c]};
    if (execution.lies != nullptr && execution.lies->alu) execution.lies->alu(index, out);
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
