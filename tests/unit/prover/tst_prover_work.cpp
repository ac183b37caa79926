// SPDX-License-Identifier: MIT
// The tasks that can be done, on a small guest in several shards: what comes of them is a proof, and nothing else is taken
// for one. And the child process in which they run: its limits and its deaths.
#include "app/prover/idle_watch.h"
#include "app/prover/options.h"
#include "core/base/child_process.h"
#include "core/crypto/hash.h"
#include "core/prover/verifier.h"
#include "core/proving/verifier.h"
#include "core/zkvm/program.h"
#include "tests/support/results.h"

#include <QtTest>

#include <thread>

using namespace bowline;
using namespace bowline::prover;
using tasks::Kind;
using test::codeOf;
using test::must;

namespace {
Bytes readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(path));
    const QByteArray content = file.readAll();
    return {content.begin(), content.end()};
}

/// The guest that adds bytes, 2,131 instructions, in shards of a thousand.
struct Scene {
    zkvm::Image image = must(zkvm::imageFromElf(readFile(BOWLINE_BINARY_DIR "/guests/sum")));
    Bytes input{1, 2, 3, 250, 251};
    Cut cut{.shardInstructions = 1000};
    std::unique_ptr<PreparedProgram> program = must(PreparedProgram::make(image, stark::kCoreParameters, {}));
    std::unique_ptr<ProofVerifier> verifier = must(ProofVerifier::make(image, cut));
    Bytes planBytes = must(execute(*program, input, cut));
    ExecutionProof plan = must(decodePlan(planBytes));
    std::vector<Bytes> proofs;

    Scene()
    {
        for (std::uint32_t i = 0; i < plan.shards.size(); ++i)
            proofs.push_back(must(proveShard(*program, input, plan, i, cut, {})));
    }
    [[nodiscard]] std::string judge(Kind kind, std::uint32_t place, const std::vector<Bytes>& inputs,
                                    const Bytes& result) const
    {
        tasks::Lease lease;
        lease.task.kind = kind;
        lease.task.place = place;
        return codeOf(verifier->check(lease, input, inputs, result));
    }
};
Scene& scene()
{
    static Scene out;
    return out;
}

Bytes changed(Bytes bytes, std::size_t at)
{
    bytes[at] ^= 1U;
    return bytes;
}

// Sanitizers take address space by the terabyte.
#ifdef BOWLINE_SANITIZED
constexpr std::uint32_t kEnough = 1U << 30U;
#else
constexpr std::uint32_t kEnough = 1024;
#endif

/// How a child ends.
std::string endOf(const std::vector<std::string>& arguments, std::uint32_t memoryMib = kEnough)
{
    auto child = must(base::Child::start(arguments, {memoryMib, 0}, "/dev/null"));
    for (;;) {
        if (const auto end = child.ended()) return *end;
        QThread::msleep(10);
    }
}
} // namespace

class TestProverWork : public QObject {
    Q_OBJECT
private slots:
    void anExecutionIsPlanned();
    void shardsMakeTheProofOfTheWhole();
    void otherResultsAreWrong();
    void aLiftIsCheckedByItsKey();
    void whatNobodyCanDoIsRefusedByName();
    void aChildMayDie();
    void aChildHasNoMoreMemoryThanItsLimit();
    void theMachineIsIdleOrNot();
    void commandLines();
};

void TestProverWork::anExecutionIsPlanned()
{
    Scene& s = scene();
    QCOMPARE(s.plan.shards.size(), std::size_t{3});
    QVERIFY(s.planBytes == must(execute(*s.program, s.input, s.cut)));
    tasks::Lease lease;
    QCOMPARE(must(s.verifier->check(lease, s.input, {}, s.planBytes)), 3U);
    // Cut otherwise, of another input, changed anywhere: another plan.
    QCOMPARE(s.judge(Kind::Execute, 0, {}, must(execute(*s.program, s.input, {.shardInstructions = 900}))),
             std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Execute, 0, {}, must(execute(*s.program, {9}, s.cut))),
             std::string("tasks.wrong-result"));
    for (std::size_t at = 0; at < s.planBytes.size(); at += 97)
        QCOMPARE(s.judge(Kind::Execute, 0, {}, changed(s.planBytes, at)), std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Execute, 0, {}, {}), std::string("tasks.wrong-result"));
    const std::atomic<bool> canceled{true};
    QCOMPARE(codeOf(execute(*s.program, s.input, s.cut, &canceled)), std::string("proving.canceled"));
}

void TestProverWork::shardsMakeTheProofOfTheWhole()
{
    Scene& s = scene();
    ExecutionProof whole = s.plan;
    for (std::uint32_t i = 0; i < s.proofs.size(); ++i) {
        QCOMPARE(s.judge(Kind::Shard, i, {s.planBytes}, s.proofs[i]), std::string("ok"));
        whole.shards[i].proof = s.proofs[i];
    }
    const auto verified =
        must(proving::verifyExecution(whole.encode(), s.verifier->programId(), stark::kCoreParameters));
    QCOMPARE(verified.exitCode, 0U);
    QVERIFY(verified.journal == s.plan.journal && !verified.journal.empty());
}

void TestProverWork::otherResultsAreWrong()
{
    Scene& s = scene();
    QCOMPARE(s.judge(Kind::Shard, 0, {s.planBytes}, s.proofs[1]), std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Shard, 2, {s.planBytes}, s.proofs[0]), std::string("tasks.wrong-result"));
    const Bytes& honest = s.proofs[0];
    for (std::size_t at = 0; at < honest.size(); at += honest.size() / 40)
        QCOMPARE(s.judge(Kind::Shard, 0, {s.planBytes}, changed(honest, at)),
                 std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Shard, 0, {s.planBytes}, {}), std::string("tasks.wrong-result"));
    // Of what the task itself starts from, the prover has no say: that is not its fault.
    QCOMPARE(s.judge(Kind::Shard, 3, {s.planBytes}, honest), std::string("prover.bad-input"));
    QCOMPARE(s.judge(Kind::Shard, 0, {}, honest), std::string("prover.bad-input"));
    // A prover that is given another plan than its machine makes says so.
    ExecutionProof other = s.plan;
    other.shards[1].statement.rootAfter[3] += field::Element::from(1);
    QCOMPARE(codeOf(proveShard(*s.program, s.input, other, 1, s.cut, {})),
             std::string("prover.plan-differs"));
    QCOMPARE(codeOf(proveShard(*s.program, s.input, other, 9, s.cut, {})), std::string("prover.bad-input"));
}

void TestProverWork::aLiftIsCheckedByItsKey()
{
    Scene& s = scene();
    stark::ProverOptions options;
    options.threads = 2;
    const Bytes lift = must(liftShard(s.plan, 1, s.proofs[1], options));
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, lift), std::string("ok"));
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, changed(lift, lift.size() / 2)),
             std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, s.proofs[1]),
             std::string("tasks.wrong-result"));
    // The lift of another shard says something else.
    QCOMPARE(s.judge(Kind::Lift, 0, {s.planBytes, s.proofs[1]}, lift), std::string("tasks.wrong-result"));
    QCOMPARE(codeOf(liftShard(s.plan, 0, s.proofs[1], options)), std::string("recursion.rejected"));
    QCOMPARE(codeOf(liftShard(s.plan, 1, {}, options)), std::string("prover.bad-input"));
}

void TestProverWork::whatNobodyCanDoIsRefusedByName()
{
    for (const Kind kind : {Kind::Join, Kind::Chain, Kind::Wrap})
        QCOMPARE(scene().judge(kind, 0, {}, {}), std::string("tasks.kind-not-there"));
    QVERIFY(!tasks::contains(scene().verifier->kinds(), Kind::Join));
    const std::string program = BOWLINE_BINARY_DIR "/bin/bowlined";
    QCOMPARE(endOf({program, "--role", "prover-worker", "--task", "wrap", "--output", "/dev/null"}),
             std::string("ended with status 1"));
}

void TestProverWork::aChildMayDie()
{
    QCOMPARE(endOf({"/bin/true"}), std::string());
    QCOMPARE(endOf({"/bin/false"}), std::string("ended with status 1"));
    QCOMPARE(endOf({"/bin/sh", "-c", "kill -SEGV $$"}), std::string("killed by signal 11"));
    QCOMPARE(endOf({"/no/such/program"}), std::string("the worker does not start"));
    // Paused it does not end; killed it does.
    auto child = must(base::Child::start({"/bin/sleep", "0.2"}, {64, 0}, "/dev/null"));
    child.pause(true);
    QThread::msleep(500);
    QVERIFY(!child.ended());
    child.pause(false);
    QTRY_VERIFY_WITH_TIMEOUT(child.ended().has_value(), 10'000);
    QCOMPARE(*child.ended(), std::string());
    auto other = must(base::Child::start({"/bin/sleep", "1000"}, {64, 0}, "/dev/null"));
    other.kill();
    QCOMPARE(*other.ended(), std::string("killed by the prover"));
}

// The limit is the system's: a worker that would need more fails, and its parent hears of it.
void TestProverWork::aChildHasNoMoreMemoryThanItsLimit()
{
    Scene& s = scene();
    QTemporaryDir folder;
    const auto write = [&folder](const char* name, const Bytes& bytes) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
        return folder.filePath(name).toStdString();
    };
    const Bytes image = s.image.serialize();
    const std::vector<std::string> arguments{BOWLINE_BINARY_DIR "/bin/bowlined",
                                             "--role",
                                             "prover-worker",
                                             "--task",
                                             "execute",
                                             "--image",
                                             write("image", image),
                                             "--image-digest",
                                             crypto::sha256(image).hex(),
                                             "--input",
                                             write("input", s.input),
                                             "--output",
                                             folder.filePath("plan").toStdString(),
                                             "--threads",
                                             "2"};
    if (kEnough == 1024) QCOMPARE(endOf(arguments, 48), std::string("out of memory"));
    QVERIFY(!QFile::exists(folder.filePath("plan")));
    QCOMPARE(endOf(arguments), std::string());
    // As the product cuts: one shard.
    QCOMPARE(must(decodePlan(readFile(folder.filePath("plan")))).shards.size(), std::size_t{1});
}

void TestProverWork::theMachineIsIdleOrNot()
{
    prover_app::IdleWatch watch;
    //                        user nice system idle
    QVERIFY(watch.isIdle("cpu  1000 0 1000 10000 0 0 0 0 0 0"));
    QVERIFY(watch.isIdle("cpu  1010 0 1010 10180 0 0 0 0 0 0"));
    QVERIFY(!watch.isIdle("cpu  1050 0 1020 10230 0 0 0 0 0 0"));
    // What works at low priority, as we do, is nobody.
    QVERIFY(watch.isIdle("cpu  1051 900 1021 10230 0 0 0 0 0 0"));
}

void TestProverWork::commandLines()
{
    using namespace prover_app;
    QVERIFY(roleIn({"--role", "prover"}) == Role::Prover);
    QVERIFY(roleIn({"--datadir", "x", "--role", "prover-worker"}) == Role::Worker);
    QVERIFY(roleIn({"--role", "sequencer"}) == Role::None);
    const std::vector<std::string> least{"--role", "prover",      "--datadir",    "d",
                                         "--node", "127.0.0.1:1", "--token-file", "t"};
    const auto options = must(parseProver(least));
    QVERIFY(options.kinds == kCanDo && !options.onlyWhenIdle && options.memoryMib == 3072);
    const auto with = [&least](std::vector<std::string> more) {
        more.insert(more.begin(), least.begin(), least.end());
        return codeOf(parseProver(more));
    };
    QCOMPARE(with({"--only-when-idle", "--threads", "3", "--memory", "512", "--kinds", "shard,lift"}),
             std::string("ok"));
    QCOMPARE(options.niceness, 19);
    QCOMPARE(with({"--nice", "0"}), std::string("ok"));
    QCOMPARE(with({"--nice", "20"}), std::string("prover.usage"));
    QCOMPARE(with({"--nice", "0", "--only-when-idle"}), std::string("prover.usage"));
    QCOMPARE(with({"--threads", "0"}), std::string("prover.usage"));
    QCOMPARE(with({"--memory", "12x"}), std::string("prover.usage"));
    QCOMPARE(with({"--memory"}), std::string("prover.usage"));
    QCOMPARE(with({"--fast"}), std::string("prover.usage"));
    QCOMPARE(with({"--kinds", "shard,dance"}), std::string("tasks.unknown-kind"));
    QCOMPARE(codeOf(parseProver({"--role", "prover"})), std::string("prover.usage"));
}

QTEST_GUILESS_MAIN(TestProverWork)
#include "tst_prover_work.moc"
