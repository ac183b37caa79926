// SPDX-License-Identifier: MIT
// Nobody reads a time that is left before it rests on something: twenty seconds of movement, per line.
#include "app/services/local/progress_view.h"

#include <QTest>

using namespace bowline;
using namespace bowline::services;

namespace {
chain::SyncProgress progressOf(std::uint64_t headersPerSecond, std::uint64_t scanPerSecond)
{
    chain::SyncProgress out;
    out.headers = {1'000, 11'000, headersPerSecond, 0};
    out.scan = {500, 1'000, scanPerSecond, 0};
    return out;
}
} // namespace

class TestProgressView : public QObject {
    Q_OBJECT

private slots:
    void theTimeLeftIsHeldBackForTwentySeconds()
    {
        base::ManualClock clock(1'000);
        ProgressView view(clock);
        QVERIFY(!view.linesOf(progressOf(100, 0))[1].secondsLeft);
        QCOMPARE(view.linesOf(progressOf(100, 0))[1].perSecond,
                 std::uint64_t{100}); // the rate itself is no promise
        clock.set(1'019);
        QVERIFY(!view.linesOf(progressOf(200, 0))[1].secondsLeft);
        clock.set(1'020);
        QCOMPARE(view.linesOf(progressOf(200, 0))[1].secondsLeft, std::optional<std::uint64_t>(50));
    }
    void aLineThatStoppedBeginsAgain()
    {
        base::ManualClock clock(1'000);
        ProgressView view(clock);
        static_cast<void>(view.linesOf(progressOf(100, 0)));
        clock.set(1'030);
        QVERIFY(view.linesOf(progressOf(100, 0))[1].secondsLeft.has_value());
        QVERIFY(!view.linesOf(progressOf(0, 0))[1].secondsLeft);
        QVERIFY(!view.linesOf(progressOf(100, 0))[1].secondsLeft);
        clock.set(1'050);
        QVERIFY(view.linesOf(progressOf(100, 0))[1].secondsLeft.has_value());
    }
    void eachLineHasItsOwnTime()
    {
        base::ManualClock clock(1'000);
        ProgressView view(clock);
        static_cast<void>(view.linesOf(progressOf(100, 0)));
        clock.set(1'015);
        static_cast<void>(view.linesOf(progressOf(100, 5)));
        clock.set(1'025);
        const auto lines = view.linesOf(progressOf(100, 5));
        QVERIFY(lines[1].secondsLeft.has_value());
        QVERIFY(!lines[3].secondsLeft);
    }
    void aFinishedLineHasNoTimeLeft()
    {
        base::ManualClock clock(1'000);
        ProgressView view(clock);
        chain::SyncProgress done;
        done.headers = {1'000, 1'000, 100, 0};
        static_cast<void>(view.linesOf(done));
        clock.set(1'030);
        QVERIFY(!view.linesOf(done)[1].secondsLeft);
    }
};

QTEST_GUILESS_MAIN(TestProgressView)
#include "tst_progress_view.moc"
