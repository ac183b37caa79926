// SPDX-License-Identifier: MIT
// A small system that uses every part of the protocol: chips of three heights, a preprocessed table, public
// values, all three row selectors, constraints of degree 3, buses with one and several fields, a message of the
// public values, and a chip that may be left out.
#pragma once

#include "core/stark/prover.h"

namespace bowline::test {

using field::Element;
using stark::AirBuilder;
using stark::Expr;
using stark::Matrix;

enum ExampleBus : std::uint32_t { kByteBus = 1, kPairBus = 2, kOutBus = 3 };

/// Rows (a, b) of a Fibonacci sequence; v a byte; t = a * b * v; flagged rows are sent to the mirror.
struct FibonacciAir : stark::Air {
    enum Column : std::size_t { A, B, V, T, Flag, Columns };
    [[nodiscard]] std::string name() const override { return "fibonacci"; }
    [[nodiscard]] std::size_t width() const override { return Columns; }
    void eval(AirBuilder& b) const override
    {
        b.assertZero(b.firstRow() * (b.main(A) - b.publicValue(0)), "first a");
        b.assertZero(b.firstRow() * (b.main(B) - b.publicValue(1)), "first b");
        b.assertZero(b.transition() * (b.next(A) - b.main(B)), "step a");
        b.assertZero(b.transition() * (b.next(B) - b.main(A) - b.main(B)), "step b");
        b.assertEqual(b.main(A) * b.main(B) * b.main(V), b.main(T), "product");
        b.assertBoolean(b.main(Flag), "flag");
        b.send(kByteBus, b.constant(1U), {b.main(V)}, "byte");
        b.send(kPairBus, b.main(Flag), {b.main(A), b.main(B), b.main(T)}, "pair");
        b.receive(kOutBus, b.lastRow(), {b.main(B)}, "out");
    }
};

/// The bytes, and how often each is asked for.
struct ByteAir : stark::Air {
    [[nodiscard]] std::string name() const override { return "byte"; }
    [[nodiscard]] std::size_t width() const override { return 1; }
    [[nodiscard]] Matrix preprocessed() const override
    {
        Matrix out(1, 8);
        for (std::uint32_t i = 0; i < 256; ++i) out.at(i, 0) = Element::from(i);
        return out;
    }
    void eval(AirBuilder& b) const override { b.receive(kByteBus, b.main(0), {b.preprocessed(0)}, "byte"); }
};

/// The flagged pairs in another order.
struct MirrorAir : stark::Air {
    enum Column : std::size_t { A, B, T, Real, Columns };
    [[nodiscard]] std::string name() const override { return "mirror"; }
    [[nodiscard]] std::size_t width() const override { return Columns; }
    [[nodiscard]] bool optional() const override { return true; }
    void eval(AirBuilder& b) const override
    {
        b.assertBoolean(b.main(Real), "real");
        b.receive(kPairBus, b.main(Real), {b.main(A), b.main(B), b.main(T)}, "pair");
    }
};

struct Example {
    stark::System system;
    stark::Traces traces;
    std::vector<Element> publicValues; // first a, first b, last b
};

/// Little work, few queries: for tests alone, and no release set (tst_soundness looks).
inline constexpr stark::Parameters kTestParameters{1, 20, 2, 1, 3, 2, 4};

inline stark::System exampleSystem(const stark::Parameters& parameters)
{
    const FibonacciAir fibonacci;
    const ByteAir bytes;
    const MirrorAir mirror;
    const std::vector<const stark::Air*> airs{&fibonacci, &bytes, &mirror};
    auto out = stark::System::make(parameters, 3, airs, [](AirBuilder& b) {
        b.send(kOutBus, b.constant(1U), {b.publicValue(2)}, "out");
    });
    return std::move(out).value();
}

/// mirrorLog: rows of the mirror; 0 leaves it out, and no row is flagged.
inline Example makeExample(const stark::Parameters& parameters = kTestParameters, unsigned log = 6,
                           unsigned mirrorLog = 5)
{
    Example out{exampleSystem(parameters), {}, {}};
    Matrix fibonacci(FibonacciAir::Columns, log);
    Matrix bytes(1, 8);
    Matrix mirror(MirrorAir::Columns, mirrorLog);
    Element a = Element::from(3);
    Element b = Element::from(5);
    out.publicValues = {a, b};
    std::size_t mirrored = 0;
    for (std::size_t i = 0; i < fibonacci.rows(); ++i) {
        const auto v = static_cast<std::uint32_t>(i * 37 % 256);
        const Element t = a * b * Element::from(v);
        const bool flag = mirrorLog != 0 && i % 3 == 1 && mirrored + 2 < mirror.rows();
        fibonacci.at(i, FibonacciAir::A) = a;
        fibonacci.at(i, FibonacciAir::B) = b;
        fibonacci.at(i, FibonacciAir::V) = Element::from(v);
        fibonacci.at(i, FibonacciAir::T) = t;
        fibonacci.at(i, FibonacciAir::Flag) = Element::from(flag ? 1 : 0);
        bytes.at(v, 0) += Element::from(1);
        if (flag) {
            const std::size_t row = mirror.rows() - 1 - mirrored++;
            mirror.at(row, MirrorAir::A) = a;
            mirror.at(row, MirrorAir::B) = b;
            mirror.at(row, MirrorAir::T) = t;
            mirror.at(row, MirrorAir::Real) = Element::from(1);
        }
        if (i + 1 == fibonacci.rows()) out.publicValues.push_back(b);
        const Element sum = a + b;
        a = b;
        b = sum;
    }
    out.traces = {std::move(fibonacci), std::move(bytes), std::nullopt};
    if (mirrorLog != 0) out.traces[2] = std::move(mirror);
    return out;
}

} // namespace bowline::test
