// SPDX-License-Identifier: MIT
// What the explorations of deposit, withdrawal and claim share: the network, its times, the steps of Bitcoin.
#pragma once

#include "tests/unit/bridge/model_explorer.h"

namespace bowline::bridge::test {

/// As short as checkRules() allows.
inline constexpr std::uint32_t kDepth = 1;
inline constexpr std::uint32_t kRefund = 5;
inline constexpr std::uint32_t kTake = 4;
inline constexpr std::uint32_t kPayWindow = 2;
inline constexpr std::uint32_t kMargin = 2;
inline constexpr Height kBelow{100};
/// More blocks than any lock.
inline constexpr std::size_t kPatience = 16;

struct Bounds {
    std::size_t blocks;
    std::size_t undone; // blocks or batches that a path may take back
};

inline const TestNetwork& network()
{
    static const TestNetwork shared = makeNetwork(2, 2, [](l2::NetworkParams& params) {
        params.depth = kDepth;
        params.refundBlocks = kRefund;
        params.takeBlocks = kTake;
        params.payWindow = kPayWindow;
        params.reclaimMargin = kMargin;
    });
    return shared;
}

/// Every state machine has seen a block.
inline ModelChain begun(const std::vector<Transaction>& known, std::optional<std::size_t> held = std::nullopt)
{
    ModelChain out(known, kBelow);
    out.mine(held);
    return out;
}

template <typename World>
using Steps = std::vector<std::pair<std::string, World>>;

/// The steps of Bitcoin: a block with nothing or with one that fits, or the tip leaves.
template <typename World>
void addBlocks(const World& world, std::size_t known, Steps<World>& steps)
{
    const auto add = [&](std::string name, std::optional<std::size_t> held) {
        World next = world;
        next.mine(held);
        steps.emplace_back(std::move(name), std::move(next));
    };
    if (world.chain.length() < world.bounds.blocks && world.mayMine(std::nullopt)) add("block", std::nullopt);
    for (std::size_t i = 0; world.chain.length() < world.bounds.blocks && i < known; ++i) {
        if (world.chain.fits(i) && world.mayMine(i)) add("block with " + std::to_string(i), i);
    }
    if (world.undone < world.bounds.undone && world.chain.length() > World::kFirst) {
        World next = world;
        next.disconnect();
        steps.emplace_back("the tip leaves", std::move(next));
    }
}

} // namespace bowline::bridge::test
