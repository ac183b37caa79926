// SPDX-License-Identifier: MIT
// Waiting for what threads, sockets and disks do in their own time. Qt's five seconds are too short for a loaded
// machine whose disk takes tenths of a second to keep a block; a minute fails only what would never come. And what
// was true once counts: QTRY_VERIFY asks a second time, when the next event may have begun already.
#pragma once

#include <QElapsedTimer>
#include <QTest>

namespace bowline::test {

inline constexpr int kPatienceMs = 60'000;

/// Blocks, mined every two seconds, in which a batch is sealed one deep: an anchor that is on its way may be mined first, and
/// nodes ask for what they are told of only after two seconds.
inline constexpr int kSealBlocks = 6;

template <typename Condition>
[[nodiscard]] bool eventually(const Condition& condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        if (clock.elapsed() > kPatienceMs) return false;
        QTest::qWait(20);
    }
    return true;
}

} // namespace bowline::test

#define EVENTUALLY(condition)                                                                                \
    QVERIFY2(bowline::test::eventually([&] { return static_cast<bool>(condition); }), #condition)
#define EVENTUALLY_EQUAL(actual, expected)                                                                   \
    do {                                                                                                     \
        if (!bowline::test::eventually([&] { return (actual) == (expected); })) QCOMPARE(actual, expected);  \
    } while (false)
