// SPDX-License-Identifier: MIT
// The tasks of one execution, on a small guest in several shards: what comes of them is a proof, and nothing else is taken
// for one. And the child process in which they run: its limits and its deaths. Chain and wrap: tst_prover_chain.
#include "app/prover/child.h"
#include "app/prover/options.h"
#include "core/crypto/hash.h"
#include "core/prover/verifier.h"
#include "core/proving/verifier.h"
#include "core/zkvm/program.h"
#include "tests/support/results.h"
#include "tests/unit/aggregate/chained.h"

#include <QtTest>

#include <fstream>
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

stark::ProverOptions twoThreads()
{
    stark::ProverOptions out;
    out.threads = 2;
    return out;
}

/// A shape for all shards of an execution that is cut so, of twice the rows that they have.
stark::Heights shapeOf(const PreparedProgram& program, const Bytes& input, std::uint64_t instructions)
{
    proving::ProvingOptions options;
    options.shardInstructions = instructions;
    const proving::MemoryPlan plan(program.tables(), program.key().verifying(), proving::kUnlimited);
    const auto machine = must(zkvm::Machine::create(program.image(), input, options.machine));
    stark::Heights out(program.tables().size());
    for (bool halted = false; !halted;) {
        const auto shard = must(proving::recordShard(program, *machine, options));
        const stark::Heights heights = *plan.heightsOf(shard.rows);
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (!heights[i]) continue;
            const bool isFixed = program.key().verifying().chips[i].preprocessedLog.has_value();
            out[i] = std::max(out[i].value_or(0), *heights[i] + (isFixed ? 0U : 1U));
        }
        halted = shard.statement.halted;
    }
    return out;
}

/// The pinned keys, but that the only lift is of this program's shards.
proven::ProofKeys keysFor(const PreparedProgram& program, const stark::Heights& shape)
{
    proven::ProofKeys out = must(Result<proven::ProofKeys>(proven::pinnedKeys()));
    out.programLog = program.commitment().programLog;
    const aggregate::ShardShape shard{out.programLog, shape, stark::kCoreParameters};
    const std::size_t form = must(proven::liftFormOf(must(aggregate::liftProgram(shard))));
    out.lifts = {{shape, form, must(aggregate::Lift::make(shard, aggregate::kForms.at(form)))->key().digest}};
    return out;
}

/// The guest that adds bytes, 2,131 instructions, in three shards.
struct Scene {
    zkvm::Image image = must(zkvm::imageFromElf(readFile(BOWLINE_BINARY_DIR "/guests/sum")));
    Bytes input{1, 2, 3, 250, 251};
    std::unique_ptr<PreparedProgram> program = must(PreparedProgram::make(image, stark::kCoreParameters, {}));
    Cut cut{.shardInstructions = 1000, .shapes = {shapeOf(*program, input, 711)}};
    proven::ProofKeys keys = keysFor(*program, cut.shapes[0]);
    ProofNetwork network = must(ProofNetwork::make(keys, {}, program->commitment().id()));
    std::unique_ptr<ProofVerifier> verifier = must(ProofVerifier::make(
        image, network, must(proven::ChainRules::make({}, keys, program->commitment().id())), cut));
    ProofMaker maker{network, twoThreads()};
    Bytes planBytes = must(execute(*program, input, cut));
    ExecutionProof plan = must(decodePlan(planBytes));
    std::vector<Bytes> proofs;
    std::vector<Bytes> lifts; // when liftAll() was called

    Scene()
    {
        for (std::uint32_t i = 0; i < plan.shards.size(); ++i)
            proofs.push_back(must(proveShard(*program, input, plan, i, cut, {})));
    }
    void liftAll()
    {
        for (std::uint32_t i = 0; i < proofs.size() && lifts.size() < proofs.size(); ++i)
            lifts.push_back(must(maker.lift(plan, i, proofs[i])));
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
    auto child = must(prover_app::Child::start(arguments, {memoryMib, 0}, "/dev/null"));
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
    void shardsEndWhereAShapeIsFull();
    void aShardHasAPinnedShape();
    void aLiftIsCheckedByItsKey();
    void joinsAreCheckedByTheirKeys();
    void theNetworkIsToldToProvers();
    void aChildMayDie();
    void aChildHasNoMoreMemoryThanItsLimit();
    void aWorkerDoesOneTaskAfterAnother();
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
    QCOMPARE(s.judge(Kind::Execute, 0, {}, must(execute(*s.program, s.input, {.shardInstructions = 700}))),
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

void TestProverWork::shardsEndWhereAShapeIsFull()
{
    Scene& s = scene();
    // Too small for a third of the execution, tall enough for a part of it.
    Cut narrow = s.cut;
    for (std::size_t i = 0; i < chips::kKinds; ++i) {
        if (narrow.shapes[0][i] && *narrow.shapes[0][i] > 6) narrow.shapes[0][i] = 6;
    }
    const ExecutionProof more = must(decodePlan(must(execute(*s.program, s.input, narrow))));
    QVERIFY(more.shards.size() > 3);
    QVERIFY(more.shards.back().statement.halted && more.journal == s.plan.journal);
    QVERIFY(must(execute(*s.program, s.input, narrow)) == more.encode());
    // One shard is proven like that, and has the shape.
    const Bytes proof = must(proveShard(*s.program, s.input, more, 1, narrow, {}));
    QVERIFY(must(shapeOf(more, proof, s.verifier->key())).heights == narrow.shapes[0]);
    narrow.shapes[0][0].reset(); // no table of the commonest instructions
    QCOMPARE(codeOf(execute(*s.program, s.input, narrow)), std::string("proving.memory"));
    // Two shards at least, however short the execution.
    Cut once = s.cut;
    once.shardInstructions = 1U << 20U;
    once.shapes = {};
    QCOMPARE(must(decodePlan(must(execute(*s.program, s.input, once)))).shards.size(), std::size_t{2});
}

void TestProverWork::aShardHasAPinnedShape()
{
    Scene& s = scene();
    Cut free = s.cut;
    free.shapes = {};
    const Bytes plan = must(execute(*s.program, s.input, free));
    QVERIFY(plan == s.planBytes); // the same states, as they are where the instructions end
    const Bytes proof = must(proveShard(*s.program, s.input, s.plan, 0, free, {}));
    QCOMPARE(s.judge(Kind::Shard, 0, {s.planBytes}, proof), std::string("tasks.wrong-result"));
    QCOMPARE(codeOf(s.maker.lift(s.plan, 0, proof)), std::string("prover.no-such-shape"));
}

void TestProverWork::aLiftIsCheckedByItsKey()
{
    Scene& s = scene();
    s.liftAll();
    const Bytes& lift = s.lifts[1];
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, lift), std::string("ok"));
    for (std::size_t at = 0; at < lift.size(); at += at < 240 ? 7 : lift.size() / 20)
        QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, changed(lift, at)),
                 std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, s.proofs[1]),
             std::string("tasks.wrong-result"));
    // The lift of another shard says something else.
    QCOMPARE(s.judge(Kind::Lift, 0, {s.planBytes, s.proofs[0]}, lift), std::string("tasks.wrong-result"));
    // One by a program that checks nothing has another key.
    const std::size_t form = s.keys.lifts[0].form;
    const test::Anything anything(aggregate::Span::kValues, aggregate::kForms.at(form));
    aggregate::ProofFile file = must(aggregate::ProofFile::decode(lift));
    file.program = anything.commitment();
    file.proof = anything.prove(file.values);
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes, s.proofs[1]}, must(file.encode())),
             std::string("tasks.wrong-result"));
    QCOMPARE(s.judge(Kind::Lift, 1, {s.planBytes}, lift), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker.lift(s.plan, 0, s.proofs[1])), std::string("recursion.rejected"));
    QCOMPARE(codeOf(s.maker.lift(s.plan, 1, {})), std::string("prover.bad-input"));
}

void TestProverWork::joinsAreCheckedByTheirKeys()
{
    Scene& s = scene();
    s.liftAll();
    const Bytes first = must(s.maker.join(s.lifts[0], s.lifts[1]));
    QCOMPARE(s.judge(Kind::Join, 0, {s.lifts[0], s.lifts[1]}, first), std::string("ok"));
    const Bytes whole = must(s.maker.join(first, s.lifts[2]));
    QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, whole), std::string("ok"));
    const aggregate::Span span = must(aggregate::spanIn(must(aggregate::ProofFile::decode(whole)).values));
    QVERIFY(span.shard.halted && span.shard.rootBefore == s.plan.program.root);
    // Of other children, changed, a child itself.
    const std::string wrong = "tasks.wrong-result";
    QCOMPARE(s.judge(Kind::Join, 0, {s.lifts[0], s.lifts[1]}, whole), wrong);
    QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, first), wrong);
    QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, s.lifts[2]), wrong);
    QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, {}), wrong);
    for (std::size_t at = 0; at < whole.size(); at += at < 240 ? 7 : whole.size() / 20)
        QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, changed(whole, at)), wrong);
    // By the join of other forms: another key, though it is in the set.
    aggregate::ProofFile file = must(aggregate::ProofFile::decode(whole));
    file.program = must(aggregate::ProofFile::decode(first)).program;
    QCOMPARE(s.judge(Kind::Join, 0, {first, s.lifts[2]}, must(file.encode())), wrong);
    // What does not follow is the graph's fault and not the prover's.
    QCOMPARE(s.judge(Kind::Join, 0, {s.lifts[1], s.lifts[0]}, whole), std::string("prover.bad-input"));
    QCOMPARE(s.judge(Kind::Join, 0, {s.lifts[1]}, whole), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker.join(s.lifts[0], s.lifts[2])), std::string("aggregate.do-not-join"));
    QCOMPARE(codeOf(s.maker.join(s.lifts[0], s.proofs[1])), std::string("prover.bad-input"));
    QCOMPARE(codeOf(s.maker.join(s.lifts[0], changed(s.lifts[1], s.lifts[1].size() / 2))),
             std::string("recursion.rejected"));
}

void TestProverWork::theNetworkIsToldToProvers()
{
    Scene& s = scene();
    const Bytes told = s.network.encode();
    const ProofNetwork heard = must(ProofNetwork::decode(s.keys, told));
    QVERIFY(heard.set.root() == s.network.set.root() && heard.genesis == s.network.genesis);
    QCOMPARE(codeOf(ProofNetwork::decode(s.keys, base::ByteView(told).first(told.size() - 1))),
             std::string("prover.bad-network"));
    Bytes bad = told;
    bad[3] = bad[told.size() - 1] = 0xff; // words that are no elements
    QCOMPARE(codeOf(ProofNetwork::decode(s.keys, bad)), std::string("prover.bad-network"));
}

void TestProverWork::aChildMayDie()
{
    QCOMPARE(endOf({"/bin/true"}), std::string());
    QCOMPARE(endOf({"/bin/false"}), std::string("ended with status 1"));
    QCOMPARE(endOf({"/bin/sh", "-c", "kill -SEGV $$"}), std::string("killed by signal 11"));
    QCOMPARE(endOf({"/no/such/program"}), std::string("the worker does not start"));
    // Paused it does not end; killed it does.
    auto child = must(prover_app::Child::start({"/bin/sleep", "0.2"}, {64, 0}, "/dev/null"));
    child.pause(true);
    QThread::msleep(500);
    QVERIFY(!child.ended());
    child.pause(false);
    QTRY_VERIFY_WITH_TIMEOUT(child.ended().has_value(), 10'000);
    QCOMPARE(*child.ended(), std::string());
    auto other = must(prover_app::Child::start({"/bin/sleep", "1000"}, {64, 0}, "/dev/null"));
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
    // As the product cuts: two shards.
    QCOMPARE(must(decodePlan(readFile(folder.filePath("plan")))).shards.size(), std::size_t{2});
}

void TestProverWork::aWorkerDoesOneTaskAfterAnother()
{
    Scene& s = scene();
    s.liftAll();
    QTemporaryDir folder;
    const auto path = [&folder](const char* name) { return folder.filePath(name).toStdString(); };
    const auto write = [&path](const char* name, const Bytes& bytes) {
        std::ofstream out(path(name), std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path(name);
    };
    auto child = must(
        prover_app::Child::start({BOWLINE_BINARY_DIR "/bin/bowlined", "--role", "prover-worker", "--serve"},
                                 {kEnough, 0}, "/dev/null", true));
    const auto answerTo = [&child](const std::string& line) -> std::string {
        if (!child.ask(line)) return "it takes nothing";
        for (;;) {
            if (const auto said = child.answer()) return *said;
            if (child.ended()) return "it ended";
            QThread::msleep(10);
        }
    };
    const Bytes image = s.image.serialize();
    const std::string execute = "[\"--task\", \"execute\", \"--image\", \"" + write("image", image) +
                                "\", \"--image-digest\", \"" + crypto::sha256(image).hex() +
                                "\", \"--input\", \"" + write("input", s.input) + "\", \"--output\", \"" +
                                path("plan") + "\"]";
    // What it cannot do it says, and goes on.
    QCOMPARE(answerTo("[]").substr(0, 18), std::string("tasks.unknown-kind"));
    QCOMPARE(answerTo("no JSON").substr(0, 18), std::string("tasks.unknown-kind"));
    QCOMPARE(answerTo(execute), std::string());
    QVERIFY(must(decodePlan(readFile(folder.filePath("plan")))).journal == s.plan.journal);
    QVERIFY(QFile::remove(folder.filePath("plan")));
    QVERIFY(
        answerTo("[\"--task\", \"shard\", \"--output\", \"" + path("x") + "\"]").starts_with("prover.usage"));
    // A second time with what it has kept, and a join, whose key it makes.
    QCOMPARE(answerTo(execute), std::string());
    QVERIFY(QFile::exists(folder.filePath("plan")));
    const auto join = [&](const ProofNetwork& network, const Bytes& right) {
        return answerTo("[\"--task\", \"join\", \"--threads\", \"2\", \"--network\", \"" +
                        base::toHex(network.encode()) + "\", \"--needs\", \"" + write("left", s.lifts[0]) +
                        "\", \"--needs\", \"" + write("right", right) + "\", \"--output\", \"" +
                        path("joined") + "\"]");
    };
    // The lifts' key is one of this test's set and none of the pinned ones, which a worker has.
    QVERIFY(join(s.network, s.lifts[1]).starts_with("aggregate."));
    QVERIFY(!QFile::exists(folder.filePath("joined")));
    QVERIFY(join(s.network, s.proofs[1]).starts_with("prover.bad-input"));
    child.kill();
    QVERIFY(!child.ask("[]"));
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
