// SPDX-License-Identifier: MIT
// The example system with preprocessed columns in every chip, so that its key fixes all heights: proofs of it can be pruned.
#pragma once

#include "tests/unit/stark/example.h"

namespace bowline::test {

/// Blowup 8, for BLAKE3; little work, for tests alone.
inline constexpr stark::Parameters kTestBlake3Parameters{
    3, 12, 2, 1, 3, 2, 4, stark::HashKind::Blake3, stark::kLogFinal};

/// A chip with one column of zeros in the key, and never left out.
template <typename Air>
struct Fixed : Air {
    unsigned log;
    explicit Fixed(unsigned rows) : log(rows) {}
    [[nodiscard]] Matrix preprocessed() const override { return Matrix(1, log); }
    [[nodiscard]] bool optional() const override { return false; }
};

inline Example prunableExample(const stark::Parameters& parameters = kTestBlake3Parameters, unsigned log = 7,
                               unsigned mirrorLog = 6)
{
    Example out = makeExample(parameters, log, mirrorLog);
    const Fixed<FibonacciAir> fibonacci(log);
    const ByteAir bytes;
    const Fixed<MirrorAir> mirror(mirrorLog);
    const std::vector<const stark::Air*> airs{&fibonacci, &bytes, &mirror};
    out.system = std::move(stark::System::make(parameters, 3, airs, [](AirBuilder& b) {
                     b.send(kOutBus, b.constant(1U), {b.publicValue(2)}, "out");
                 })).value();
    return out;
}

} // namespace bowline::test
