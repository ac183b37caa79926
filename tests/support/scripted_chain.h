// SPDX-License-Identifier: MIT
// Blocks mined in the test at regtest's difficulty, with their filters.
#pragma once

#include "core/bitcoin/filter.h"
#include "core/bitcoin/pow.h"

#include <optional>
#include <vector>

namespace bowline::test {

inline const bitcoin::ChainParams& regtest() { return bitcoin::chainParams(bitcoin::Network::Regtest); }

/// A valid header after `previous`. `salt` makes forks differ.
[[nodiscard]] bitcoin::BlockHeader mineHeader(const bitcoin::BlockHeader& previous, std::uint32_t salt = 0,
                                              const base::MerkleRoot& root = {}, std::uint32_t spacing = 600);
[[nodiscard]] std::vector<bitcoin::BlockHeader> mineHeaders(const bitcoin::BlockHeader& previous,
                                                            std::size_t count, std::uint32_t salt = 0);

class ScriptedChain {
public:
    ScriptedChain();
    /// A block whose coinbase pays to `payTo`, if given, and that spends `spend`, an output with script `spent`.
    void mine(const std::vector<bitcoin::Script>& payTo = {},
              const std::optional<bitcoin::OutPoint>& spend = {}, const bitcoin::Script& spent = {});
    void mineEmpty(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) mine();
    }
    /// A block that somebody else made, with its filter.
    void append(bitcoin::Block block, bitcoin::BlockFilter filter);
    /// Back to this height.
    void cut(std::size_t height);
    /// Gives the last block this time, and the work that it needs then.
    void dateTip(std::uint32_t time);
    /// Puts another filter in the place of the true one, so that later filter headers differ too.
    void forgeFilter(std::size_t height, std::span<const bitcoin::Script> elements);

    [[nodiscard]] std::size_t height() const { return blocks.size() - 1; }
    [[nodiscard]] base::BlockHash tipHash() const { return blocks.back().header.hash(); }
    [[nodiscard]] base::FilterHeader filterHeader(std::size_t height) const;
    [[nodiscard]] std::optional<std::size_t> heightOf(const base::BlockHash& hash) const;
    /// From this height to the tip.
    [[nodiscard]] std::vector<bitcoin::BlockHeader> headersFrom(std::size_t height) const;

    std::vector<bitcoin::Block> blocks;        // by height; genesis without its transaction
    std::vector<bitcoin::BlockFilter> filters; // by height
    std::uint32_t salt = 0;
    std::uint32_t spacing = 600; // seconds between the blocks mined here
};

} // namespace bowline::test
