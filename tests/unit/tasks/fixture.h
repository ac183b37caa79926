// SPDX-License-Identifier: MIT
// Batches and stores for tests of tasks.
#pragma once

#include "core/crypto/hash.h"
#include "core/tasks/service.h"
#include "tests/support/postgres.h"
#include "tests/support/results.h"
#include "tests/support/vectors.h"

#include <QThread>

namespace bowline::test {

using namespace bowline::tasks; // NOLINT: test fixture
using base::Bytes;
using base::Digest;

inline Bytes bytesOf(const std::string& text) { return base::toBytes(base::viewOf(text)); }

inline Bytes inputOf(std::uint64_t number) { return bytesOf("input " + std::to_string(number)); }

inline BatchJob jobOf(std::uint64_t number)
{
    const auto hash = [](std::uint64_t n) { return crypto::sha256(bytesOf("batch " + std::to_string(n))); };
    return {number, hash(number), hash(number - 1), crypto::sha256(inputOf(number))};
}

constexpr KindSet kAll = setOf({Kind::Execute, Kind::Shard, Kind::Lift, Kind::Join, Kind::Chain, Kind::Wrap});
constexpr std::uint32_t kMuch = 1U << 20U;

/// What the tests take for a right result: the task's id.
inline Bytes resultOf(const Task& task) { return base::toBytes(task.id.view()); }

/// Waits up to `seconds` for the condition.
template <typename Condition>
[[nodiscard]] bool within(int seconds, Condition condition)
{
    for (int i = 0; i < seconds * 20; ++i) {
        if (condition()) return true;
        QThread::msleep(50);
    }
    return condition();
}

} // namespace bowline::test
