// SPDX-License-Identifier: MIT
// bowline-zkvm as a script sees it: JSON, exit status, stable error codes, files, Ctrl-C.
#include "tests/support/sanitized.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <boost/json.hpp>

#include <algorithm>
#include <csignal>
#include <initializer_list>
#include <limits>

#include <sys/resource.h>
#include <unistd.h>

namespace json = boost::json;

namespace {

struct Called {
    int status = -1;
    json::object object;
};

QProcess* started(const QStringList& arguments)
{
    auto* process = new QProcess(qApp);
    process->start(BOWLINE_BINARY_DIR "/bin/bowline-zkvm", arguments);
    if (!process->waitForStarted()) qFatal("bowline-zkvm does not start");
    return process;
}

Called finished(QProcess* process)
{
    if (process->state() != QProcess::NotRunning && !process->waitForFinished(240'000))
        qFatal("bowline-zkvm does not end");
    boost::system::error_code failure;
    const auto value = json::parse(process->readAllStandardOutput().toStdString(), failure);
    Called out{process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1, {}};
    if (!failure && value.is_object()) out.object = value.as_object();
    process->deleteLater();
    return out;
}

Called call(QStringList arguments) { return finished(started(arguments << "--json")); }

std::string errorOf(const Called& called)
{
    const auto* error = called.object.if_contains("error");
    return error == nullptr ? "" : std::string(error->at("code").as_string());
}

QString guest(const char* name) { return QString(BOWLINE_BINARY_DIR "/guests/") + name; }

void write(const QString& path, const QByteArray& content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) qFatal("cannot write");
}

} // namespace

class TestZkvmCli : public QObject {
    Q_OBJECT
private slots:
    void runTellsEverything();
    void aProfileNamesFunctions();
    void aSnapshotContinues();
    void errorsHaveStableCodes();
    void limitsHold();
    void aProofIsMadeAndChecked();
    void progressTellsRateAndTimeLeft();
    void whatIsNoProofIsRefused();
    void controlCLeavesNothingBehind_data();
    void controlCLeavesNothingBehind();
    void aShardIsLeftOffAtOnce_data();
    void aShardIsLeftOffAtOnce();
    void aLimitOfMemoryIsKept_data();
    void aLimitOfMemoryIsKept();
    void tooLittleMemoryIsRefused();

private:
    QTemporaryDir m_folder;
};

void TestZkvmCli::runTellsEverything()
{
    const QString input = m_folder.filePath("input");
    write(input, "30");
    const Called run = call({"run", guest("fibonacci"), "--input", input});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.object.at("exit_code").to_number<int>(), 0);
    QVERIFY(run.object.at("cycles").to_number<std::uint64_t>() > 300'000);
    QCOMPARE(run.object.at("journal").as_string(), json::string("1e00000028b20c00"));
    QCOMPARE(run.object.at("stdout").as_string(), json::string("fibonacci 30 = 832040\n"));
    QCOMPARE(run.object.at("input_left").to_number<int>(), 0);
    for (const char* name : {"seconds", "memory_mib", "journal_digest", "stderr"})
        QVERIFY2(run.object.contains(name), name);
    // What is no plain file, too.
    QCOMPARE(call({"run", guest("sum"), "--input", "/dev/null"}).status, 0);
    std::uint64_t sum = 0;
    for (const auto& [name, count] : run.object.at("instructions").as_object())
        sum += count.to_number<std::uint64_t>();
    QCOMPARE(sum, run.object.at("cycles").to_number<std::uint64_t>());

    write(input, "x");
    const Called failed = call({"run", guest("fibonacci"), "--input", input});
    QCOMPARE(failed.status, 1);
    QCOMPARE(failed.object.at("exit_code").to_number<int>(), 1);
    QCOMPARE(failed.object.at("stderr").as_string(), json::string("the input is not a number\n"));
}

void TestZkvmCli::aProfileNamesFunctions()
{
    const QString input = m_folder.filePath("input");
    write(input, "30");
    const auto profileOf = [&](const QStringList& more) {
        return call(QStringList{"run", guest("fibonacci"), "--input", input, "--profile"} + more).object;
    };
    const auto countOf = [](const json::object& run, const char* name) {
        const auto* count = run.at("functions").as_object().if_contains(name);
        return count == nullptr ? std::uint64_t{0} : count->to_number<std::uint64_t>();
    };
    const json::object run = profileOf({});
    std::uint64_t sum = 0;
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    for (const auto& function : run.at("functions").as_object()) {
        const auto count = function.value().to_number<std::uint64_t>();
        QVERIFY(count <= last); // the most first
        last = count;
        sum += count;
    }
    QCOMPARE(sum, run.at("cycles").to_number<std::uint64_t>());
    // The loop of thirty additions is in main.main, and ends the run early.
    QVERIFY(countOf(run, "main.main") > 60 && countOf(run, "main.main") < 100'000);
    QVERIFY(countOf(run, "runtime.schedinit") > 0);
    QVERIFY(countOf(run, "kernel") > 10'000);
    QVERIFY(!call({"run", guest("fibonacci"), "--input", input}).object.contains("functions"));
    // What the loop does more for a greater number is counted for main.main alone, or the kernel and the runtime beside it.
    write(input, "3000");
    QVERIFY(countOf(profileOf({}), "main.main") >= countOf(run, "main.main") + 2970 * 3);
    // An image has no names, and a file of names may be given.
    const QString image = m_folder.filePath("profiled.image");
    QCOMPARE(call({"snapshot", guest("fibonacci"), "-o", image}).status, 0);
    const QStringList ofImage{"run", image, "--input", input, "--profile"};
    const json::object unnamed = call(ofImage).object;
    QCOMPARE(countOf(unnamed, "main.main"), std::uint64_t{0});
    QVERIFY(countOf(unnamed, "?") > 0);
    const json::object named = call(ofImage + QStringList{"--symbols", guest("fibonacci")}).object;
    QVERIFY(countOf(named, "main.main") > 2970 * 3);
    QCOMPARE(countOf(named, "?"), std::uint64_t{0});
}

void TestZkvmCli::aSnapshotContinues()
{
    const QString image = m_folder.filePath("fibonacci.image");
    const QString input = m_folder.filePath("input");
    write(input, "30");
    const Called snapshot = call({"snapshot", guest("fibonacci"), "-o", image});
    QCOMPARE(snapshot.status, 0);
    const Called id = call({"id", image});
    QCOMPARE(id.object.at("id"), snapshot.object.at("id"));
    QVERIFY(id.object.at("id") != call({"id", guest("fibonacci")}).object.at("id"));
    const Called whole = call({"run", guest("fibonacci"), "--input", input});
    const Called rest = call({"run", image, "--input", input});
    QCOMPARE(rest.object.at("journal"), whole.object.at("journal"));
    QCOMPARE(rest.object.at("cycles").to_number<std::uint64_t>() +
                 snapshot.object.at("cycles").to_number<std::uint64_t>(),
             whole.object.at("cycles").to_number<std::uint64_t>());
}

void TestZkvmCli::errorsHaveStableCodes()
{
    const QString text = m_folder.filePath("text");
    write(text, "no program");
    const Called cases[] = {call({"run", text}),
                            call({"run", m_folder.filePath("missing")}),
                            call({"run", guest("sum"), "--input", m_folder.path()}),
                            call({"run"}),
                            call({"frob"}),
                            call({"run", "--frob", text}),
                            call({"run", guest("json"), "--memory", "0"}),
                            call({"snapshot", guest("json")})};
    const char* codes[] = {"zkvm.bad-elf", "zkvm.cannot-read", "zkvm.cannot-read", "zkvm.usage",
                           "zkvm.usage",   "zkvm.usage",       "zkvm.usage",       "zkvm.usage"};
    for (std::size_t i = 0; i < std::size(codes); ++i) {
        QCOMPARE(errorOf(cases[i]), std::string(codes[i]));
        QCOMPARE(cases[i].status, i < 3 ? 1 : 2);
    }
    const Called unwritable =
        call({"snapshot", guest("fibonacci"), "-o", m_folder.filePath("no/such/folder/image")});
    QCOMPARE(errorOf(unwritable), std::string("zkvm.cannot-write"));
}

void TestZkvmCli::limitsHold()
{
    QCOMPARE(errorOf(call({"run", guest("garbage"), "--limit", "1000"})), std::string("zkvm.limit"));
    QCOMPARE(errorOf(call({"run", guest("garbage"), "--memory", "1"})), std::string("zkvm.too-large"));
}

void TestZkvmCli::aProofIsMadeAndChecked()
{
    const QString input = m_folder.filePath("bytes");
    const QString proof = m_folder.filePath("sum.proof");
    const QString journal = m_folder.filePath("journal");
    write(input, QByteArray("\x01\x02\xff", 3));
    const Called proven = call({"prove", guest("sum"), "--input", input, "-o", proof});
    QCOMPARE(proven.status, 0);
    const std::string id(call({"id", guest("sum")}).object.at("id").as_string());
    QCOMPARE(std::string(proven.object.at("id").as_string()), id);
    QCOMPARE(proven.object.at("cycles"), call({"run", guest("sum"), "--input", input}).object.at("cycles"));
    for (const char* name : {"shards", "seconds", "khz", "rss_mib", "proof_bytes"})
        QVERIFY2(proven.object.at(name).to_number<double>() > 0, name);

    const QString wanted = QString::fromStdString(id);
    const Called verified = call({"verify", proof, "--id", wanted});
    QCOMPARE(verified.status, 0);
    QVERIFY(verified.object.at("verified").as_bool());
    QCOMPARE(verified.object.at("journal").as_string(), json::string("0300000002010000"));
    QCOMPARE(verified.object.at("exit_code").to_number<int>(), 0);
    write(journal, QByteArray::fromHex("0300000002010000"));
    QCOMPARE(call({"verify", proof, "--id", wanted, "--journal", journal}).status, 0);
    write(journal, QByteArray::fromHex("0300000002010001"));
    QCOMPARE(errorOf(call({"verify", proof, "--id", wanted, "--journal", journal})),
             std::string("proving.rejected"));
    const Called inspected = call({"inspect", proof});
    QCOMPARE(inspected.object.at("shards").as_array().size(), std::size_t{1});
    QCOMPARE(inspected.object.at("id"), verified.object.at("id"));
    // Every field that docs/zkvm.md lists.
    const auto hasAll = [](const json::object& object, std::initializer_list<const char*> names) {
        return std::all_of(names.begin(), names.end(),
                           [&](const char* name) { return object.contains(name); });
    };
    QVERIFY(hasAll(proven.object, {"id", "exit_code", "cycles", "shards", "seconds", "prepare_seconds", "khz",
                                   "rss_mib", "proof_bytes"}));
    QVERIFY(hasAll(verified.object,
                   {"verified", "id", "exit_code", "cycles", "journal", "milliseconds", "key_milliseconds"}));
    QVERIFY(hasAll(inspected.object, {"id", "cycles", "exit_code", "journal", "proof_bytes", "shards"}));
    QVERIFY(hasAll(inspected.object.at("shards").at(0).as_object(), {"cycles", "proof_bytes", "rows"}));
    const Called benched = call({"bench", guest("sum"), "--input", input});
    QCOMPARE(benched.status, 0);
    QVERIFY(
        hasAll(benched.object, {"id", "exit_code", "cycles", "shards", "seconds", "prepare_seconds", "khz",
                                "rss_mib", "proof_bytes", "verify_milliseconds", "key_milliseconds"}));
    QVERIFY(hasAll(call({"id", guest("sum")}).object, {"id", "root", "pc", "kernel_version"}));
}

// As a script or a person sees it: the first line knows no rate yet, the last one has nothing left.
void TestZkvmCli::progressTellsRateAndTimeLeft()
{
    QTemporaryDir folder;
    QProcess* process = started(
        {"prove", guest("sum"), "-o", folder.filePath("proof"), "--progress", "--threads", "1", "--json"});
    QVERIFY(process->waitForFinished(240'000));
    const QList<QByteArray> lines = process->readAllStandardError().split('\r');
    QCOMPARE(finished(process).status, 0);
    QVERIFY(lines.size() >= 4);
    static const QRegularExpression line(
        R"(^ *([0-9.]+) %  ([0-9]+) shards  ([0-9]+) kHz(  ([0-9]+) s left)? *\n?$)");
    const auto first = line.match(QString::fromUtf8(lines.at(1)));
    QVERIFY(first.hasMatch());
    QCOMPARE(first.captured(1), QString("0.0"));
    QVERIFY(first.captured(4).isEmpty());
    const auto last = line.match(QString::fromUtf8(lines.last()));
    QVERIFY2(last.hasMatch(), lines.last().constData());
    QCOMPARE(last.captured(1), QString("100.0"));
    QCOMPARE(last.captured(2), QString("1"));
    QCOMPARE(last.captured(5), QString("0"));
}

void TestZkvmCli::whatIsNoProofIsRefused()
{
    const QString proof = m_folder.filePath("sum.proof"); // of the case above
    const QString id =
        QString::fromStdString(std::string(call({"id", guest("sum")}).object.at("id").as_string()));
    QFile file(proof);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray good = file.readAll();
    const QString other = m_folder.filePath("other.proof");
    const auto verdict = [&](const QByteArray& content, const QString& wanted) {
        write(other, content);
        const Called called = call({"verify", other, "--id", wanted});
        return called.status == 1 ? errorOf(called) : std::string("accepted");
    };
    QByteArray flipped = good;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
    QCOMPARE(verdict(flipped, id), std::string("proving.rejected"));
    QCOMPARE(verdict(good + QByteArray(1, 0), id), std::string("proving.bad-proof-file"));
    QCOMPARE(verdict(good.left(good.size() - 1), id), std::string("proving.bad-proof-file"));
    QCOMPARE(verdict("", id), std::string("proving.bad-proof-file"));
    QCOMPARE(verdict(good, QString(64, '0')), std::string("proving.rejected"));
    QCOMPARE(call({"verify", proof, "--id", "12"}).status, 2);
    QCOMPARE(call({"verify", proof}).status, 2);

    // A guest that fails is proven to have failed, and accepted by those alone who ask for it.
    const QString input = m_folder.filePath("letters");
    write(input, "x");
    const QString failing = m_folder.filePath("failing.proof");
    QCOMPARE(call({"prove", guest("fibonacci"), "--input", input, "-o", failing}).status, 0);
    const QString fibonacci =
        QString::fromStdString(std::string(call({"id", guest("fibonacci")}).object.at("id").as_string()));
    QCOMPARE(errorOf(call({"verify", failing, "--id", fibonacci})), std::string("proving.rejected"));
    QCOMPARE(call({"verify", failing, "--id", fibonacci, "--exit-code", "1"}).status, 0);
}

void TestZkvmCli::controlCLeavesNothingBehind_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("run") << QStringList{"run"};
    QTest::newRow("prove") << QStringList{"prove", "-o", "proof"};
}

void TestZkvmCli::controlCLeavesNothingBehind()
{
    QTemporaryDir folder;
    const QString input = folder.filePath("input");
    write(input, "2000000000"); // minutes
    QFETCH(QStringList, command);
    if (command.size() > 1) command.last() = folder.filePath("proof");
    QProcess* process = started(command << guest("fibonacci") << "--input" << input << "--json");
    QTest::qWait(300);
    ::kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Called called = finished(process);
    QCOMPARE(called.status, 130);
    QCOMPARE(errorOf(called), std::string("zkvm.interrupted"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"input"});
}

namespace {
double childrensProcessorSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of /proc/PID/stat, fields 14 and 15.
double processorSecondsOf(qint64 pid)
{
    QFile file(QString("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QList<QByteArray> fields = file.readAll().split(')').last().simplified().split(' ');
    return (fields[11].toDouble() + fields[12].toDouble()) / double(::sysconf(_SC_CLK_TCK));
}

// The most that was ever resident, as the kernel tells of a running process.
long peakMebibytesOf(qint64 pid)
{
    QFile file(QString("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmHWM:")) return line.mid(6).simplified().split(' ').first().toLong() / 1024;
    }
    return 0;
}
} // namespace

void TestZkvmCli::aShardIsLeftOffAtOnce_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("wait"); // milliseconds from the moment when the shard's tables are filled
    QTest::newRow("at once") << SIGINT << 0;
    QTest::newRow("in a moment") << SIGTERM << 150;
    QTest::newRow("a little later") << SIGINT << 500;
    QTest::newRow("later") << SIGINT << 1000;
}

void TestZkvmCli::aShardIsLeftOffAtOnce()
{
    QFETCH(int, signal);
    QFETCH(int, wait);
    QTemporaryDir folder;
    const QString input = folder.filePath("input");
    write(input, "100000"); // a shard of a million instructions
    const double before = childrensProcessorSeconds();
    QProcess* process = started({"prove", guest("fibonacci"), "--input", input, "-o",
                                 folder.filePath("proof"), "--progress", "--json"});
    process->setReadChannel(QProcess::StandardError);
    QByteArray progress; // a line before the shard is executed, another before it is proven
    while (progress.count('\r') < 2) {
        QVERIFY(process->waitForReadyRead(120'000));
        progress += process->readAllStandardError();
    }
    QTest::qWait(wait);
    const double atSignal = processorSecondsOf(process->processId());
    ::kill(static_cast<pid_t>(process->processId()), signal);
    const Called called = finished(process);
    QCOMPARE(called.status, 130);
    QCOMPARE(errorOf(called), std::string("zkvm.interrupted"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"input"});
    // Processor time, as the machine may be busy with other things; the whole shard takes six seconds of it or more.
    const double after = childrensProcessorSeconds() - before - atSignal;
    QVERIFY2(after < 1.0, qPrintable(QString("%1 s of processor time after the signal").arg(after)));
}

void TestZkvmCli::aLimitOfMemoryIsKept_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("limit"); // MiB
    QTest::newRow("fibonacci") << "fibonacci" << QByteArray("100000") << 1024;
    QTest::newRow("precompiles") << "precompiles" << QByteArray() << 512;
}

void TestZkvmCli::aLimitOfMemoryIsKept()
{
    if (bowline::test::kSanitized) QSKIP("a sanitizer's own memory is not reckoned with");
    QFETCH(QString, program);
    QFETCH(QByteArray, input);
    QFETCH(int, limit);
    QTemporaryDir folder;
    const QString file = folder.filePath("input");
    const QString proof = folder.filePath("proof");
    write(file, input);
    const QString elf = guest(qPrintable(program));
    QProcess* process =
        started({"prove", elf, "--input", file, "-o", proof, "--memory", QString::number(limit), "--json"});
    long peak = 0;
    while (process->state() == QProcess::Running && !process->waitForFinished(20))
        peak = std::max(peak, peakMebibytesOf(process->processId()));
    const Called proven = finished(process);
    QCOMPARE(proven.status, 0);
    peak = std::max(peak, proven.object.at("rss_mib").to_number<long>());
    qInfo("peak %ld MiB of %d, %d shards", peak, limit, proven.object.at("shards").to_number<int>());
    QVERIFY(peak <= limit - limit / 16); // a margin for what nobody reckoned with
    QVERIFY(2 * peak > limit);           // it is used as well
    const QString id = QString::fromStdString(std::string(proven.object.at("id").as_string()));
    QCOMPARE(call({"verify", proof, "--id", id}).status, 0);
}

void TestZkvmCli::tooLittleMemoryIsRefused()
{
    QTemporaryDir folder;
    const QString proof = folder.filePath("proof");
    for (const char* limit : {"64", "130"}) {
        const Called called = call({"prove", guest("sum"), "-o", proof, "--memory", limit});
        QCOMPARE(called.status, 1);
        QCOMPARE(errorOf(called), std::string("proving.memory"));
        QVERIFY(!QFile::exists(proof));
    }
    QCOMPARE(call({"prove", guest("sum"), "-o", proof, "--memory", "63"}).status, 2);
}

QTEST_GUILESS_MAIN(TestZkvmCli)
#include "tst_zkvm_cli.moc"
