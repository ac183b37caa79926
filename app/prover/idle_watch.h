// SPDX-License-Identifier: MIT
// Whether anybody else uses this machine.
#pragma once

#include <cstdint>
#include <string>

namespace bowline::prover_app {

/// Of what all processors did between two looks, the part that neither idled nor was of low priority, as ours is.
class IdleWatch {
public:
    static constexpr double kBusy = 0.25;
    /// False while others use a quarter of the machine or more. The first look says true.
    [[nodiscard]] bool isIdle();
    /// For tests: the first line of /proc/stat.
    [[nodiscard]] bool isIdle(const std::string& line);

private:
    std::uint64_t m_others = 0;
    std::uint64_t m_all = 0;
};

} // namespace bowline::prover_app
