// SPDX-License-Identifier: MIT
#include "app/prover/idle_watch.h"

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace bowline::prover_app {

bool IdleWatch::isIdle()
{
    std::ifstream in("/proc/stat");
    std::string line;
    std::getline(in, line);
    return isIdle(line);
}

bool IdleWatch::isIdle(const std::string& line)
{
    // cpu user nice system idle iowait irq softirq steal
    std::istringstream in(line);
    std::string name;
    in >> name;
    std::array<std::uint64_t, 8> ticks{};
    for (std::uint64_t& value : ticks) in >> value;
    if (!in && !in.eof()) return true;
    const std::uint64_t others = ticks[0] + ticks[2] + ticks[5] + ticks[6];
    std::uint64_t all = 0;
    for (const std::uint64_t value : ticks) all += value;
    const std::uint64_t othersNow = others - std::exchange(m_others, others);
    const std::uint64_t before = std::exchange(m_all, all);
    if (before == 0 || all <= before) return true;
    return static_cast<double>(othersNow) < kBusy * static_cast<double>(all - before);
}

} // namespace bowline::prover_app
