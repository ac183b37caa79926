// SPDX-License-Identifier: MIT
// How benches take the time of something.
#pragma once

#include <chrono>
#include <ctime>

namespace bowline::bench {

template <typename Fn>
double secondsOf(const Fn& fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Processor time of all threads: what is left of it when others use the machine as well.
template <typename Fn>
double processorSecondsOf(const Fn& fn)
{
    const std::clock_t begin = std::clock();
    fn();
    return double(std::clock() - begin) / CLOCKS_PER_SEC;
}

} // namespace bowline::bench
