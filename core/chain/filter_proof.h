// SPDX-License-Identifier: MIT
// What a block proves about its own filter (BIP158), without the outputs that it spends.
#pragma once

#include "core/bitcoin/filter.h"

namespace bowline::chain {

/// The filter cannot be the one of this block.
inline constexpr base::ErrorCode kFilterContradictsBlock{"chain.filter-contradicts-block"};

/// Rebuilds what the filter must contain as far as the block alone tells:
///   - every output script that is neither empty nor begins with OP_RETURN matches, which includes the outputs
///     that the block spends within itself;
///   - the number of elements is at least the number of different such scripts, and at most that plus one for
///     each input that spends an output of an earlier block.
/// Not provable this way: the scripts of those earlier outputs. A filter that leaves one out, or holds another
/// script in its stead, passes. Nor can they be told from the inputs (docs/decisions/0011).
[[nodiscard]] base::Status checkFilterAgainstBlock(const bitcoin::BlockFilter& filter,
                                                   const bitcoin::Block& block);

} // namespace bowline::chain
