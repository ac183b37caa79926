// SPDX-License-Identifier: MIT
// The messages of a filled table, read off its constraints: so tables that answer can count what they are asked for
// without a second description of who asks.
#pragma once

#include "core/field/kernels.h"
#include "core/stark/key.h"

namespace bowline::stark {

/// The messages of one interaction in `rows` rows from row `at` on. Values are canonical.
struct MessageBlock {
    std::size_t interaction = 0; // its place in Constraints::interactions
    std::uint32_t bus = 0;
    std::size_t at = 0;
    std::size_t rows = 0;
    const std::uint32_t* multiplicity = nullptr;
    std::vector<const std::uint32_t*> fields;
};

/// Shows the visitor every message that the chip *sends* on one of the buses, block by block, in the order of the rows.
/// The trace has the chip's width.
void visitSends(const Chip& chip, const Matrix& trace, std::span<const std::uint32_t> buses,
                std::span<const Element> publicValues, field::Backend backend,
                const std::function<void(const MessageBlock&)>& visitor);

} // namespace bowline::stark
