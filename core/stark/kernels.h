// SPDX-License-Identifier: MIT
// The prover's vector loops, once per back end as those of core/field/kernels.h. Columns and extension values are
// Montgomery words; an extension value of a row is four words `stride` apart.
#pragma once

#include "core/field/kernels.h"

namespace bowline::stark {

enum class Op : std::uint32_t { Add, Subtract, Multiply, Assert };

/// cell[target] = cell[a] op cell[b]; Assert adds cell[a] * powers[target] to the accumulator.
struct Instruction {
    Op op;
    std::uint32_t target;
    std::uint32_t a;
    std::uint32_t b;
};

/// A row block's constraint program. Rows are a multiple of 16, at most kBlockRows.
struct ProgramJob {
    const Instruction* code;
    std::size_t length;
    std::uint32_t* const* cells; // each `rows` words; inputs are not written
    std::size_t rows;
    const std::uint32_t* powers; // four words a power of the challenge
    std::uint32_t* accumulator;  // stride kBlockRows
};

/// One interaction as the kernels see it.
struct MessageView {
    const std::uint32_t* fieldCells;
    std::size_t fieldCount;
    std::uint32_t multiplicityCell;
    bool send;
    std::uint32_t base[4]; // alpha + bus
};

/// LogUp's part of a row block: of each batch of one or two messages the fraction
/// (m_a d_b + m_b d_a) / (d_a d_b).
struct LogUpJob {
    const MessageView* messages;
    const std::uint8_t* batchSizes; // 1 or 2 each
    std::size_t batches;
    std::uint32_t* const* cells;
    std::size_t rows;
    const std::uint32_t* betaPowers; // four words each, from beta on
    // Quotient: the columns of this block.
    const std::uint32_t* const* columns; // 4 a batch, the last 4 the running sum
    const std::uint32_t* nextSum;        // the running sum in the next row, stride kBlockRows
    const std::uint32_t* share;          // four words: the chip's sum over its number of rows
    const std::uint32_t* powers;         // of the constraint challenge, one a batch
    std::uint32_t* accumulator;          // stride kBlockRows
    // Trace: what is written, columns as above; the last four get the row's total.
    std::uint32_t* const* outputs;
};

inline constexpr std::size_t kBlockRows = 64;
/// Of one chip; the prover keeps that many on its stack.
inline constexpr std::size_t kMaxBatches = 192;

struct StarkKernels {
    void (*runProgram)(const ProgramJob& job);
    void (*logUpQuotient)(const LogUpJob& job);
    void (*logUpTrace)(const LogUpJob& job);
    /// sum[i] += powers[c] * columns[c][i] over all columns.
    void (*combineColumns)(const std::uint32_t* const* columns, std::size_t width, std::size_t count,
                           const std::uint32_t* powers, std::uint32_t* sum, std::size_t stride);
    /// out[i] = 1 / (point - x[i]). None of them is zero.
    void (*inverseDistances)(const std::uint32_t* x, std::size_t count, const std::uint32_t* point,
                             std::uint32_t* out, std::size_t stride);
    /// out[i] += factor * (value - sum[i]) * inverse[i].
    void (*addQuotient)(const std::uint32_t* sum, std::size_t sumStride, const std::uint32_t* inverse,
                        std::size_t inverseStride, std::size_t count, const std::uint32_t* value,
                        const std::uint32_t* factor, std::uint32_t* out, std::size_t outStride);
    /// Four words: the sum of column[i] * weights[i].
    void (*dot)(const std::uint32_t* column, const std::uint32_t* weights, std::size_t stride,
                std::size_t count, std::uint32_t* out);
    /// out[i] = (a[i] + b[i]) / 2 + beta * (a[i] - b[i]) * halfInverse[i].
    void (*fold)(const std::uint32_t* a, const std::uint32_t* b, std::size_t inStride,
                 const std::uint32_t* halfInverse, const std::uint32_t* beta, std::uint32_t* out,
                 std::size_t outStride, std::size_t count);
    /// out[i] += factor * a[i].
    void (*addScaled)(const std::uint32_t* a, std::size_t inStride, const std::uint32_t* factor,
                      std::uint32_t* out, std::size_t outStride, std::size_t count);

    // BLAKE3 in its keyed mode (core/stark/blake3.h), `key` being eight words.
    /// Of rows [0, rows) of `width` columns, one at least: word w of row j's digest goes to out[w * stride + j].
    void (*blake3Rows)(const std::uint32_t* const* columns, std::size_t width, std::size_t rows,
                       const std::uint32_t* key, std::uint32_t* out, std::size_t stride);
    /// Of pairs of digests; word w of an input is `inStride` apart. The output may be the left input.
    void (*blake3Pairs)(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                        const std::uint32_t* key, std::uint32_t* out, std::size_t outStride,
                        std::size_t count);
    /// The least n in [from, to) for which the hash of the nine words of `message` (plain ones) and the word n begins with
    /// a word whose last 31 bits are below p and zero in the bits of `mask`; `to` if there is none.
    std::uint32_t (*blake3Grind)(const std::uint32_t* message, const std::uint32_t* key, std::uint32_t mask,
                                 std::uint32_t from, std::uint32_t to);
};

[[nodiscard]] const StarkKernels& starkKernelsOf(field::Backend backend);

} // namespace bowline::stark
