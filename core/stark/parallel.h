// SPDX-License-Identifier: MIT
// A loop over [0, count) in contiguous parts, one a thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace bowline::stark {

/// Calls body(begin, end) on up to `threads` threads, the caller's among them; parts are multiples of `grain`.
inline void parallelFor(unsigned threads, std::size_t count, std::size_t grain,
                        const std::function<void(std::size_t, std::size_t)>& body)
{
    const std::size_t grains = (count + grain - 1) / grain;
    const std::size_t parts = std::clamp<std::size_t>(grains, 1, std::max(threads, 1U));
    std::vector<std::thread> running;
    const auto bound = [&](std::size_t part) { return std::min(count, grains * part / parts * grain); };
    for (std::size_t part = 1; part < parts; ++part)
        running.emplace_back([&body, from = bound(part), to = bound(part + 1)] { body(from, to); });
    body(0, bound(1));
    for (std::thread& thread : running) thread.join();
}

/// True as soon as somebody wants a computation to leave off; may be set by a signal handler. None: never.
using Cancel = const std::atomic<bool>*;

[[nodiscard]] inline bool isCanceled(Cancel cancel)
{
    return cancel != nullptr && cancel->load(std::memory_order_relaxed);
}

/// The same in pieces of `grain`; leaves off between two when canceled, so that what it computes is incomplete.
inline void parallelPieces(unsigned threads, std::size_t count, std::size_t grain, Cancel cancel,
                           const std::function<void(std::size_t, std::size_t)>& body)
{
    parallelFor(threads, count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t at = begin; at < end && !isCanceled(cancel); at += grain)
            body(at, std::min(end, at + grain));
    });
}

} // namespace bowline::stark
