// SPDX-License-Identifier: MIT
// What a prover writes about itself, and the limits that it reads while it runs.
#include "app/prover/status.h"
#include "core/base/child_process.h"
#include "tests/support/results.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace bowline;
using namespace bowline::prover_app;
using test::codeOf;
using test::must;
namespace json = net::json;

namespace {
struct Scene {
    QTemporaryDir dir;
    ProverOptions options;
    std::string path = dir.filePath("status.json").toStdString();

    Scene() { options.threads = 2; }
    [[nodiscard]] json::object written() const
    {
        QFile file(QString::fromStdString(path));
        if (!file.open(QIODevice::ReadOnly)) return {};
        return json::parse(file.readAll().toStdString()).as_object();
    }
    void write(StatusFile& status, std::string_view state, std::optional<StatusFile::TaskNow> task = {}) const
    {
        status.write({"prover-1", state, options, task, std::nullopt, 0, 0});
    }
};

StatusFile::TaskNow task(tasks::Kind kind, std::uint64_t batch, double seconds)
{
    return {kind, 1, batch, 0, seconds};
}

std::string endOf(const std::vector<std::string>& arguments)
{
    auto child = must(base::Child::start(arguments, {.memoryMib = 0, .niceness = 0}, "/dev/null"));
    for (;;) {
        if (const auto end = child.ended()) return *end;
        QTest::qSleep(10);
    }
}
} // namespace

class TestProverStatus : public QObject {
    Q_OBJECT

private slots:
    void tellsWhatItDoes()
    {
        Scene s;
        StatusFile status(s.path);
        s.write(status, "working", task(tasks::Kind::Join, 7, 2.5));
        const json::object now = s.written();
        QCOMPARE(std::string(now.at("state").as_string()), std::string("working"));
        QCOMPARE(now.at("threads").to_number<int>(), 2);
        QVERIFY(now.at("since").to_number<std::int64_t>() > 1'600'000'000);
        const json::object of = now.at("task").as_object();
        QCOMPARE(std::string(of.at("kind").as_string()), std::string("join"));
        QCOMPARE(of.at("seconds").to_number<double>(), 2.5);
        QVERIFY(!of.contains("usual_seconds")); // nobody knows yet
    }
    void usualIsWhatTasksTakeOfLate()
    {
        Scene s;
        StatusFile status(s.path);
        for (const double seconds : {10.0, 10.0, 20.0})
            status.delivered(task(tasks::Kind::Shard, 7, seconds));
        s.write(status, "working", task(tasks::Kind::Shard, 8, 1));
        const json::object shards = s.written().at("done").at("shard").as_object();
        QCOMPARE(shards.at("count").to_number<int>(), 3);
        QCOMPARE(shards.at("seconds").to_number<double>(), 40.0);
        QCOMPARE(shards.at("usual_seconds").to_number<double>(), 13.0);
        QCOMPARE(s.written().at("task").at("usual_seconds").to_number<double>(), 13.0);
    }
    void whatAnotherRunMadeIsCountedButNotTimed()
    {
        Scene s;
        StatusFile status(s.path);
        status.delivered(task(tasks::Kind::Lift, 7, 12));
        status.delivered(task(tasks::Kind::Lift, 8, 0));
        s.write(status, "waiting");
        const json::object lifts = s.written().at("done").at("lift").as_object();
        QCOMPARE(lifts.at("count").to_number<int>(), 2);
        QCOMPARE(lifts.at("timed").to_number<int>(), 1);
        QCOMPARE(lifts.at("mean_seconds").to_number<double>(), 12.0);
        QCOMPARE(lifts.at("usual_seconds").to_number<double>(), 12.0);
    }
    void countsAndEventsGoOnAfterAStart()
    {
        Scene s;
        {
            StatusFile before(s.path);
            before.delivered(task(tasks::Kind::Execute, 7, 2));
            before.failed("failed", task(tasks::Kind::Wrap, 7, 1), "out of memory");
            before.failed("lost", task(tasks::Kind::Wrap, 7, 1), {});
            s.write(before, "stopped");
        }
        StatusFile status(s.path);
        status.delivered(task(tasks::Kind::Execute, 8, 4));
        s.write(status, "waiting");
        const json::object now = s.written();
        QCOMPARE(now.at("done").at("execute").at("count").to_number<int>(), 2);
        QCOMPARE(now.at("failed").to_number<int>(), 1); // a lease that was lost is no failure of ours
        const json::array events = now.at("events").as_array();
        QCOMPARE(events.size(), std::size_t{4});
        QCOMPARE(std::string(events[1].at("detail").as_string()), std::string("out of memory"));
        QCOMPARE(std::string(events[3].at("code").as_string()), std::string("delivered"));
    }
    void onlyTheLastEventsAreKept()
    {
        Scene s;
        StatusFile status(s.path);
        for (std::uint64_t i = 0; i < 2 * StatusFile::kEvents; ++i)
            status.delivered(task(tasks::Kind::Shard, i, 1));
        s.write(status, "waiting");
        const json::array events = s.written().at("events").as_array();
        QCOMPARE(events.size(), StatusFile::kEvents);
        QCOMPARE(events.back().at("batch").to_number<std::uint64_t>(), 2 * StatusFile::kEvents - 1);
    }
    void aDamagedFileIsBegunAnew()
    {
        for (const char* text : {"", "{", "[]", R"({"done":3,"failed":"x","events":[1]})"}) {
            Scene s;
            QFile file(QString::fromStdString(s.path));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            StatusFile status(s.path);
            s.write(status, "waiting");
            QCOMPARE(s.written().at("failed").to_number<int>(), 0);
            QVERIFY(s.written().at("done").as_object().empty());
        }
    }
    void theNodesQueueIsPassedOn()
    {
        Scene s;
        StatusFile status(s.path);
        status.setNode(json::parse(R"({"queue":{"ready":4},"batches":[],
            "provers":[{"name":"other","accepted":9},{"name":"prover-1","accepted":3}]})"),
                       "prover-1");
        s.write(status, "waiting");
        const json::object node = s.written().at("node").as_object();
        QCOMPARE(node.at("queue").at("ready").to_number<int>(), 4);
        QCOMPARE(node.at("provers").to_number<int>(), 2);
        QCOMPARE(node.at("own").at("accepted").to_number<int>(), 3);
    }
    void whatHasNotChangedIsNotWrittenAgainAtOnce()
    {
        Scene s;
        StatusFile status(s.path);
        s.write(status, "working", task(tasks::Kind::Shard, 7, 1));
        s.write(status, "working", task(tasks::Kind::Shard, 7, 1.2));
        QCOMPARE(s.written().at("task").at("seconds").to_number<double>(), 1.0);
        s.write(status, "paused", task(tasks::Kind::Shard, 7, 1.3));
        QCOMPARE(s.written().at("task").at("seconds").to_number<double>(), 1.3);
    }
    void limits_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isFine");
        QTest::newRow("all") << QByteArray(R"({"threads":3,"memory_mib":2048,"only_when_idle":true})")
                             << true;
        QTest::newRow("no threads") << QByteArray(R"({"threads":0,"memory_mib":2048})") << false;
        QTest::newRow("too many threads") << QByteArray(R"({"threads":257,"memory_mib":2048})") << false;
        QTest::newRow("little memory") << QByteArray(R"({"threads":3,"memory_mib":255})") << false;
        QTest::newRow("missing") << QByteArray(R"({"threads":3})") << false;
        QTest::newRow("unknown") << QByteArray(R"({"threads":3,"memory_mib":2048,"node":"x"})") << false;
        QTest::newRow("half a file") << QByteArray("{\"threads\":3,\"mem") << false;
    }
    void limits()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isFine);
        const auto limits = parseLimits(text.toStdString());
        QCOMPARE(codeOf(limits), std::string(isFine ? "ok" : limits.error().code.name()));
        if (!isFine) return;
        QVERIFY(limits->threads == 3 && limits->memoryMib == 2048 && limits->onlyWhenIdle);
    }
    void aChildHasNoneOfItsParentsFiles()
    {
        const int open = ::open("/dev/null", O_RDONLY); // NOLINT: on purpose not closed at exec
        QVERIFY(open > 2);
        const std::string look = "test ! -e /proc/self/fd/" + std::to_string(open);
        QCOMPARE(endOf({"/bin/sh", "-c", look}), std::string());
        QCOMPARE(endOf({"/bin/sh", "-c", "test ! -e /proc/self/fd/2"}), std::string("ended with status 1"));
        ::close(open);
    }
};

QTEST_GUILESS_MAIN(TestProverStatus)
#include "tst_prover_status.moc"
