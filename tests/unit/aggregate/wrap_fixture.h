// SPDX-License-Identifier: MIT
// A wrap of a small system's proofs, with few queries and little work: for tests alone.
#pragma once

#include "core/aggregate/wrap.h"
#include "tests/unit/stark/example.h"

#include <cstdio>
#include <cstdlib>

namespace bowline::test {

inline constexpr stark::Parameters kInnerParameters{2, 3, 1, 1, 1, 1, 1};
inline constexpr aggregate::WrapParameters kTestWrapParameters{
    {2, 2, 1, 1, 1, 1, 1}, {3, 2, 1, 1, 1, 1, 1, stark::HashKind::Blake3, 6}};

template <typename T>
[[nodiscard]] T wanted(base::Result<T> result)
{
    if (!result.ok()) {
        std::fprintf(stderr, "%s\n", result.error().detail.c_str());
        std::abort();
    }
    return std::move(result).value();
}

struct Wrapped {
    Example example;
    stark::ProvingKey innerKey;
    stark::Proof inner;
    std::unique_ptr<aggregate::Wrap> wrap;
    base::Bytes file;

    explicit Wrapped(const stark::Parameters& parameters = kInnerParameters)
        : example(makeExample(parameters)), innerKey(wanted(stark::ProvingKey::make(example.system))),
          inner(wanted(stark::prove(innerKey, example.traces, example.publicValues))),
          wrap(wanted(aggregate::Wrap::make(innerKey.verifying(), inner.heights, kTestWrapParameters))),
          file(wanted(wrap->prove(example.publicValues, inner)))
    {
    }
    [[nodiscard]] base::Result<std::vector<Element>> verify(base::ByteView bytes) const
    {
        return aggregate::verifyWrapped(wrap->key(), bytes);
    }
};

} // namespace bowline::test
