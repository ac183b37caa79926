// SPDX-License-Identifier: MIT
// The services' thread and its requests: order, delays, cancelling, and results that a lock makes worthless.
#include "app/services/local/bridge_service.h"
#include "app/services/local/request.h"
#include "app/services/local/worker.h"

#include <QTest>

#include <future>

using namespace bowline;
using namespace bowline::services;

class TestRequests : public QObject {
    Q_OBJECT
private slots:
    void tasksRunInTheOrderPosted();
    void delayedTasksWaitAndStopDropsThem();
    void resultAfterCancelIsReplaced();
    void resultAfterLockIsReplaced();
    void unlockStillGetsItsAnswer();
    void unlockThatALockOvertakesBeginsNothing();
    void droppedRequestIsAnsweredOnce();
    void amountsAreSplitLargestVaultFirst_data();
    void amountsAreSplitLargestVaultFirst();
};

void TestRequests::tasksRunInTheOrderPosted()
{
    Worker worker;
    std::vector<int> seen;
    std::promise<void> done;
    for (int i = 0; i < 100; ++i) worker.post([&seen, i] { seen.push_back(i); });
    worker.post([&done] { done.set_value(); });
    QVERIFY(done.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready);
    QCOMPARE(seen.size(), std::size_t{100});
    QVERIFY(std::is_sorted(seen.begin(), seen.end()));
}

void TestRequests::delayedTasksWaitAndStopDropsThem()
{
    std::atomic<bool> late = false;
    Worker worker;
    std::promise<std::chrono::steady_clock::time_point> ran;
    const auto start = std::chrono::steady_clock::now();
    worker.postAfter(std::chrono::milliseconds(30),
                     [&ran] { ran.set_value(std::chrono::steady_clock::now()); });
    worker.postAfter(std::chrono::hours(1), [&late] { late = true; });
    QVERIFY(ran.get_future().get() - start >= std::chrono::milliseconds(30));
    worker.stop();
    worker.post([&late] { late = true; });
    QVERIFY(!late);
}

namespace {
struct Answered {
    int count = 0;
    std::optional<base::Result<int>> result;
    Completion<int> completion()
    {
        return [this](base::Result<int> value) {
            ++count;
            result = std::move(value);
        };
    }
};
Epoch newEpoch() { return std::make_shared<std::atomic<std::uint64_t>>(1); }
} // namespace

void TestRequests::resultAfterCancelIsReplaced()
{
    Answered answered;
    auto state = std::make_shared<RequestState>(newEpoch());
    const Reply<int> reply(state, answered.completion());
    Task(state).cancel();
    reply(7);
    reply(8);
    QCOMPARE(answered.count, 1);
    QVERIFY(answered.result->error().code == kCancelled);
}

void TestRequests::resultAfterLockIsReplaced()
{
    Answered answered;
    const Epoch epoch = newEpoch();
    const Reply<int> reply(std::make_shared<RequestState>(epoch), answered.completion());
    ++*epoch;
    QVERIFY(reply.isOver());
    reply(7);
    QVERIFY(answered.result->error().code == kCancelled);
}

void TestRequests::unlockStillGetsItsAnswer()
{
    Answered answered;
    const Epoch epoch = newEpoch();
    const Reply<int> reply(std::make_shared<RequestState>(epoch), answered.completion());
    QVERIFY(reply.beginEpoch());
    QCOMPARE(epoch->load(), std::uint64_t{2});
    reply(7);
    QCOMPARE(answered.result->value(), 7);
}

void TestRequests::unlockThatALockOvertakesBeginsNothing()
{
    Answered answered;
    const Epoch epoch = newEpoch();
    const Reply<int> reply(std::make_shared<RequestState>(epoch), answered.completion());
    ++*epoch; // lock()
    QVERIFY(!reply.beginEpoch());
    QCOMPARE(epoch->load(), std::uint64_t{2});
    reply(7);
    QVERIFY(answered.result->error().code == kCancelled);
    auto cancelled = std::make_shared<RequestState>(epoch);
    cancelled->cancel();
    QVERIFY(!cancelled->beginEpoch());
}

void TestRequests::droppedRequestIsAnsweredOnce()
{
    Answered answered;
    {
        const Reply<int> reply(std::make_shared<RequestState>(newEpoch()), answered.completion());
        const Reply<int> copy =
            reply; // NOLINT(performance-unnecessary-copy-initialization): shared on purpose
        QCOMPARE(answered.count, 0);
    }
    QCOMPARE(answered.count, 1);
    QVERIFY(answered.result->error().code == kCancelled);
}

void TestRequests::amountsAreSplitLargestVaultFirst_data()
{
    QTest::addColumn<qint64>("sat");
    QTest::addColumn<QList<qint64>>("vaults");
    QTest::addColumn<qint64>("rest");
    QTest::newRow("below the smallest") << qint64{999'999} << QList<qint64>{} << qint64{999'999};
    QTest::newRow("exactly one") << qint64{1'000'000} << QList<qint64>{1'000'000} << qint64{0};
    QTest::newRow("one of each and a rest")
        << qint64{111'000'123} << QList<qint64>{100'000'000, 10'000'000, 1'000'000} << qint64{123};
    QTest::newRow("nine small ones") << qint64{9'000'000} << QList<qint64>(9, 1'000'000) << qint64{0};
}

void TestRequests::amountsAreSplitLargestVaultFirst()
{
    QFETCH(qint64, sat);
    QFETCH(QList<qint64>, vaults);
    QFETCH(qint64, rest);
    const std::vector<Amount> denominations{Amount::fromSat(1'000'000), Amount::fromSat(10'000'000),
                                            Amount::fromSat(100'000'000)};
    const auto [split, remainder] = splitInVaults(Amount::fromSat(sat), denominations);
    QList<qint64> got;
    qint64 sum = remainder.sat();
    for (const Amount value : split) {
        got.push_back(value.sat());
        sum += value.sat();
    }
    QCOMPARE(got, vaults);
    QCOMPARE(remainder.sat(), rest);
    QCOMPARE(sum, sat);
}

QTEST_GUILESS_MAIN(TestRequests)
#include "tst_requests.moc"
