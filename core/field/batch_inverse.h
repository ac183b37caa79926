// SPDX-License-Identifier: MIT
// Montgomery's trick: many inverses for the price of one and three multiplications each.
#pragma once

#include <span>
#include <vector>

namespace bowline::field {

/// Replaces every element by its inverse; zeros stay zero. For Element and Extension.
template <typename T>
void invertAll(std::span<T> values)
{
    std::vector<T> before(values.size());
    T product = T::from(1);
    for (std::size_t i = 0; i < values.size(); ++i) {
        before[i] = product;
        if (!values[i].isZero()) product *= values[i];
    }
    T inverse = product.inverse();
    for (std::size_t i = values.size(); i-- > 0;) {
        if (values[i].isZero()) continue;
        const T next = inverse * values[i];
        values[i] = inverse * before[i];
        inverse = next;
    }
}

} // namespace bowline::field
