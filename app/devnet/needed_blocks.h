// SPDX-License-Identifier: MIT
// Blocks when something waits for them, and no others: each block becomes work for whoever proves the layer 2.
#pragma once

#include "app/devnet/devnet.h"

namespace bowline::devnet {

class NeededBlocks {
public:
    /// The state outlives it.
    [[nodiscard]] static base::Result<NeededBlocks> on(const State& state);
    /// Mines one block when bitcoind has a transaction that is in none, or when those of the blocks before are not yet as
    /// deep as the network wants them. True when it did.
    [[nodiscard]] base::Result<bool> step();

private:
    NeededBlocks(const State& state, std::uint32_t depth) : m_state(&state), m_depth(depth) {}
    const State* m_state;
    std::uint32_t m_depth;
    std::uint32_t m_owed = 0; // blocks until the last transaction is deep
};

} // namespace bowline::devnet
