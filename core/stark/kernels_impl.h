// SPDX-License-Identifier: MIT
// The loops of core/stark/kernels.h over the vector type of packed.h. Included by one source file a back end.
#pragma once

#include "core/field/packed.h"
#include "core/stark/blake3_lanes.h"
#include "core/stark/kernels.h"

namespace bowline::stark::BOWLINE_BACKEND {

using field::BOWLINE_BACKEND::Quad;

// Calls body.run<P>(i) for i in steps of the lanes, then one by one.
template <typename Body>
BOWLINE_INLINE void forRows(std::size_t count, const Body& body)
{
    std::size_t i = 0;
    for (; i + Packed::kLanes <= count; i += Packed::kLanes) body.template operator()<Packed>(i);
    for (; i < count; ++i) body.template operator()<Scalar>(i);
}

inline void runProgram(const ProgramJob& job)
{
    for (std::size_t k = 0; k < job.length; ++k) {
        const Instruction in = job.code[k];
        const std::uint32_t* a = job.cells[in.a];
        if (in.op == Op::Assert) {
            const Quad<Packed> power = Quad<Packed>::broadcast(job.powers + 4 * in.target);
            for (std::size_t i = 0; i < job.rows; i += Packed::kLanes) {
                const auto sum = Quad<Packed>::load(job.accumulator + i, kBlockRows);
                (sum + power.times(Packed::load(a + i))).store(job.accumulator + i, kBlockRows);
            }
            continue;
        }
        const std::uint32_t* b = job.cells[in.b];
        std::uint32_t* out = job.cells[in.target];
        if (in.op == Op::Add) {
            for (std::size_t i = 0; i < job.rows; i += Packed::kLanes)
                (Packed::load(a + i) + Packed::load(b + i)).store(out + i);
        } else if (in.op == Op::Subtract) {
            for (std::size_t i = 0; i < job.rows; i += Packed::kLanes)
                (Packed::load(a + i) - Packed::load(b + i)).store(out + i);
        } else {
            for (std::size_t i = 0; i < job.rows; i += Packed::kLanes)
                (Packed::load(a + i) * Packed::load(b + i)).store(out + i);
        }
    }
}

// --- LogUp -------------------------------------------------------------------------------------------------

struct Term {
    Quad<Packed> message;
    Packed multiplicity;
};

BOWLINE_INLINE Term termOf(const MessageView& view, const LogUpJob& job, std::size_t i)
{
    Term out{Quad<Packed>::broadcast(view.base), Packed::load(job.cells[view.multiplicityCell] + i)};
    for (std::size_t f = 0; f < view.fieldCount; ++f) {
        const auto power = Quad<Packed>::broadcast(job.betaPowers + 4 * f);
        out.message = out.message + power.times(Packed::load(job.cells[view.fieldCells[f]] + i));
    }
    if (!view.send) out.multiplicity = Packed::broadcast(0) - out.multiplicity;
    return out;
}

struct BatchValue {
    Quad<Packed> numerator;
    Quad<Packed> denominator;
};

BOWLINE_INLINE BatchValue batchValue(const MessageView* messages, std::size_t size, const LogUpJob& job,
                                     std::size_t i)
{
    const Term first = termOf(messages[0], job, i);
    if (size == 1) return {Quad<Packed>::zero().plus(first.multiplicity), first.message};
    const Term second = termOf(messages[1], job, i);
    return {second.message.times(first.multiplicity) + first.message.times(second.multiplicity),
            first.message * second.message};
}

BOWLINE_INLINE Quad<Packed> loadColumns(const std::uint32_t* const* columns, std::size_t i)
{
    return {{Packed::load(columns[0] + i), Packed::load(columns[1] + i), Packed::load(columns[2] + i),
             Packed::load(columns[3] + i)}};
}

inline void logUpQuotient(const LogUpJob& job)
{
    for (std::size_t i = 0; i < job.rows; i += Packed::kLanes) {
        const MessageView* messages = job.messages;
        auto sum = Quad<Packed>::load(job.accumulator + i, kBlockRows);
        auto earlier = Quad<Packed>::zero();
        for (std::size_t j = 0; j < job.batches; ++j) {
            const BatchValue batch = batchValue(messages, job.batchSizes[j], job, i);
            messages += job.batchSizes[j];
            auto fraction = loadColumns(job.columns + 4 * j, i);
            if (j + 1 == job.batches) {
                // What the last column's difference leaves for the last fraction.
                fraction = Quad<Packed>::load(job.nextSum + i, kBlockRows) - fraction +
                           Quad<Packed>::broadcast(job.share) - earlier;
            } else {
                earlier = earlier + fraction;
            }
            const auto power = Quad<Packed>::broadcast(job.powers + 4 * j);
            sum = sum + power * (fraction * batch.denominator - batch.numerator);
        }
        sum.store(job.accumulator + i, kBlockRows);
    }
}

inline void logUpTrace(const LogUpJob& job)
{
    for (std::size_t i = 0; i < job.rows; i += Packed::kLanes) {
        const MessageView* messages = job.messages;
        BatchValue values[kMaxBatches];
        Quad<Packed> before[kMaxBatches];
        auto product = Quad<Packed>::zero().plus(Packed::broadcast(field::BOWLINE_BACKEND::kOne));
        for (std::size_t j = 0; j < job.batches; ++j) {
            values[j] = batchValue(messages, job.batchSizes[j], job, i);
            messages += job.batchSizes[j];
            before[j] = product;
            product = product * values[j].denominator;
        }
        auto inverse = product.inverse();
        auto total = Quad<Packed>::zero();
        for (std::size_t j = job.batches; j-- > 0;) {
            const auto fraction = values[j].numerator * (inverse * before[j]);
            inverse = inverse * values[j].denominator;
            total = total + fraction;
            if (j + 1 == job.batches) continue;
            for (std::size_t c = 0; c < 4; ++c) fraction.c[c].store(job.outputs[4 * j + c] + i);
        }
        for (std::size_t c = 0; c < 4; ++c) total.c[c].store(job.outputs[4 * (job.batches - 1) + c] + i);
    }
}

// --- openings and FRI --------------------------------------------------------------------------------------

inline void combineColumns(const std::uint32_t* const* columns, std::size_t width, std::size_t count,
                           const std::uint32_t* powers, std::uint32_t* sum, std::size_t stride)
{
    forRows(count, [&]<typename P>(std::size_t i) {
        auto total = Quad<P>::load(sum + i, stride);
        for (std::size_t c = 0; c < width; ++c)
            total = total + Quad<P>::broadcast(powers + 4 * c).times(P::load(columns[c] + i));
        total.store(sum + i, stride);
    });
}

template <typename P>
BOWLINE_INLINE void invertChain(const std::uint32_t* x, std::size_t steps, const std::uint32_t* point,
                                std::uint32_t* out, std::size_t stride)
{
    Quad<P> before[32];
    const auto z = Quad<P>::broadcast(point);
    const P zero = P::broadcast(0);
    const auto distance = [&](std::size_t k) { return z.plus(zero - P::load(x + k * P::kLanes)); };
    Quad<P> product = distance(0);
    for (std::size_t k = 1; k < steps; ++k) {
        before[k] = product;
        product = product * distance(k);
    }
    Quad<P> inverse = product.inverse();
    for (std::size_t k = steps; k-- > 1;) {
        (inverse * before[k]).store(out + k * P::kLanes, stride);
        inverse = inverse * distance(k);
    }
    inverse.store(out, stride);
}

inline void inverseDistances(const std::uint32_t* x, std::size_t count, const std::uint32_t* point,
                             std::uint32_t* out, std::size_t stride)
{
    std::size_t i = 0;
    while (i + Packed::kLanes <= count) {
        std::size_t steps = (count - i) / Packed::kLanes;
        if (steps > 32) steps = 32;
        invertChain<Packed>(x + i, steps, point, out + i, stride);
        i += steps * Packed::kLanes;
    }
    for (; i < count; ++i) invertChain<Scalar>(x + i, 1, point, out + i, stride);
}

inline void addQuotient(const std::uint32_t* sum, std::size_t sumStride, const std::uint32_t* inverse,
                        std::size_t inverseStride, std::size_t count, const std::uint32_t* value,
                        const std::uint32_t* factor, std::uint32_t* out, std::size_t outStride)
{
    forRows(count, [&]<typename P>(std::size_t i) {
        const auto difference = Quad<P>::broadcast(value) - Quad<P>::load(sum + i, sumStride);
        const auto term = Quad<P>::broadcast(factor) * difference * Quad<P>::load(inverse + i, inverseStride);
        (Quad<P>::load(out + i, outStride) + term).store(out + i, outStride);
    });
}

inline void dot(const std::uint32_t* column, const std::uint32_t* weights, std::size_t stride,
                std::size_t count, std::uint32_t* out)
{
    auto packed = Quad<Packed>::zero();
    auto single = Quad<Scalar>::zero();
    std::size_t i = 0;
    for (; i + Packed::kLanes <= count; i += Packed::kLanes)
        packed = packed + Quad<Packed>::load(weights + i, stride).times(Packed::load(column + i));
    for (; i < count; ++i)
        single = single + Quad<Scalar>::load(weights + i, stride).times(Scalar::load(column + i));
    for (std::size_t c = 0; c < 4; ++c) {
        std::uint32_t lanes[Packed::kLanes];
        packed.c[c].store(lanes);
        Scalar total = single.c[c];
        for (const std::uint32_t lane : lanes) total = total + Scalar{lane};
        out[c] = total.v;
    }
}

inline void fold(const std::uint32_t* a, const std::uint32_t* b, std::size_t inStride,
                 const std::uint32_t* halfInverse, const std::uint32_t* beta, std::uint32_t* out,
                 std::size_t outStride, std::size_t count)
{
    forRows(count, [&]<typename P>(std::size_t i) {
        const auto x = Quad<P>::load(a + i, inStride);
        const auto y = Quad<P>::load(b + i, inStride);
        auto even = x + y;
        for (P& c : even.c) c = c.halved();
        const auto odd = (x - y).times(P::load(halfInverse + i));
        (even + Quad<P>::broadcast(beta) * odd).store(out + i, outStride);
    });
}

inline void addScaled(const std::uint32_t* a, std::size_t inStride, const std::uint32_t* factor,
                      std::uint32_t* out, std::size_t outStride, std::size_t count)
{
    forRows(count, [&]<typename P>(std::size_t i) {
        const auto term = Quad<P>::broadcast(factor) * Quad<P>::load(a + i, inStride);
        (Quad<P>::load(out + i, outStride) + term).store(out + i, outStride);
    });
}

inline constexpr StarkKernels kTable{runProgram,       logUpQuotient, logUpTrace,  combineColumns,
                                     inverseDistances, addQuotient,   dot,         fold,
                                     addScaled,        blake3Rows,    blake3Pairs, blake3Grind};

} // namespace bowline::stark::BOWLINE_BACKEND
