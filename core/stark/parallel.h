// SPDX-License-Identifier: MIT
// Loops over [0, count) on several threads.
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

/// The same in pieces of `grain`, which the threads take one after the other: for work that is not even. `body` says
/// whether its thread is to take another one; each piece is somebody's, up to the first for which it says no.
inline void takePieces(unsigned threads, std::size_t count, std::size_t grain,
                       const std::function<bool(std::size_t, std::size_t)>& body)
{
    const std::size_t pieces = (count + grain - 1) / grain;
    std::atomic<std::size_t> next = 0;
    parallelFor(threads, std::min<std::size_t>(pieces, std::max(threads, 1U)), 1,
                [&](std::size_t, std::size_t) {
                    for (;;) {
                        const std::size_t begin = next++ * grain;
                        if (begin >= count || !body(begin, std::min(count, begin + grain))) return;
                    }
                });
}

/// The same; leaves off between two when canceled, so that what it computes is incomplete.
inline void parallelPieces(unsigned threads, std::size_t count, std::size_t grain, Cancel cancel,
                           const std::function<void(std::size_t, std::size_t)>& body)
{
    takePieces(threads, count, grain, [&](std::size_t begin, std::size_t end) {
        if (isCanceled(cancel)) return false;
        body(begin, end);
        return true;
    });
}

} // namespace bowline::stark
