// SPDX-License-Identifier: MIT
// The graph of tasks, and both stores held to the same behaviour: every function that has a column `store` runs on SQLite
// and on a real PostgreSQL.
#include "core/tasks/postgres_session.h"
#include "tests/support/faulty_disk.h"
#include "tests/unit/tasks/fixture.h"

#include <QtTest>

#include <set>

using namespace bowline;
using namespace bowline::test;

namespace {

// Started when it is needed first, and ended while the application is still there.
std::unique_ptr<PostgresServer> g_server;
PostgresServer& server()
{
    if (!g_server) g_server = std::make_unique<PostgresServer>();
    return *g_server;
}

/// An empty store of one of the two kinds, which can be closed and opened again.
struct Scene {
    explicit Scene(const QString& kind, StoreLimits storeLimits = {}) : limits(storeLimits)
    {
        static int count = 0;
        if (kind == "postgres") where = server().makeDatabase("scene" + std::to_string(++count));
        open();
    }
    void open()
    {
        store.reset();
        store = where.empty() ? must(openSqliteStore(folder.filePath("tasks").toStdString(), clock, limits))
                              : must(openPostgresStore(where, clock, limits));
    }
    void add(std::uint64_t number) { must(store->addBatch(jobOf(number), inputOf(number))); }
    std::optional<Lease> take(const std::string& prover, KindSet kinds = kAll)
    {
        return must(store->take({prover, kinds, kMuch, false}));
    }
    /// What it takes, it delivers; the name of the kind, "" when there is nothing.
    std::string work(const std::string& prover, std::uint32_t shards, KindSet kinds = kAll)
    {
        const auto lease = take(prover, kinds);
        if (!lease) return "";
        std::vector<Task> more;
        if (lease->task.kind == Kind::Execute) more = must(tasksAfterExecution(lease->job, shards));
        must(store->finish(lease->token, resultOf(lease->task), more));
        return std::to_string(lease->job.number) + std::string(kindName(lease->task.kind)) +
               std::to_string(lease->task.place & 0xffffU);
    }
    std::map<State, int> states(std::uint64_t number)
    {
        std::map<State, int> out;
        for (const TaskRow& row : must(store->tasks(jobOf(number).hash))) ++out[row.state];
        return out;
    }
    std::uint64_t tries(const std::string& prover, Outcome outcome)
    {
        for (const ProverRow& row : must(store->provers())) {
            if (row.name == prover) return row.tries.contains(outcome) ? row.tries.at(outcome) : 0;
        }
        return 0;
    }

    QTemporaryDir folder;
    std::string where;
    base::ManualClock clock{1'000'000};
    StoreLimits limits;
    std::unique_ptr<TaskStore> store;
};

/// Right is what resultOf() says; "unsure" cannot be judged.
class FakeVerifier final : public Verifier {
public:
    [[nodiscard]] KindSet kinds() const override { return setOf({Kind::Execute, Kind::Shard, Kind::Lift}); }
    [[nodiscard]] Result<std::uint32_t> check(const Lease& lease, base::ByteView input,
                                              const std::vector<Bytes>& inputs,
                                              base::ByteView result) override
    {
        if (crypto::sha256(input) != lease.job.input || inputs.size() != lease.inputs.size())
            return base::makeError(kNotFound, "inputs");
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (crypto::sha256(inputs[i]) != lease.inputs[i]) return base::makeError(kNotFound, "inputs");
        }
        const Bytes given = base::toBytes(result);
        if (given == bytesOf("unsure")) return base::makeError(kStoreLost);
        if (given != resultOf(lease.task)) return base::makeError(kWrongResult, "not what it should be");
        return lease.task.kind == Kind::Execute ? 2U : 0U;
    }
};

} // namespace

class TestTaskStore : public QObject {
    Q_OBJECT

    static void stores()
    {
        QTest::addColumn<QString>("store");
        QTest::newRow("sqlite") << "sqlite";
        QTest::newRow("postgres") << "postgres";
    }

private slots:
    void cleanupTestCase() { g_server.reset(); }
    void theGraphIsThatOfTheBatch();
    void aStoreIsForOneNetwork_data() { stores(); }
    void aStoreIsForOneNetwork();
    void tasksComeInOrder_data() { stores(); }
    void tasksComeInOrder();
    void theNewestChainIsWrapped_data() { stores(); }
    void theNewestChainIsWrapped();
    void aTaskIsLeasedOnce_data() { stores(); }
    void aTaskIsLeasedOnce();
    void aLeaseEnds_data() { stores(); }
    void aLeaseEnds();
    void triesAreBounded_data() { stores(); }
    void triesAreBounded();
    void aWrongResultGoesToAnother_data() { stores(); }
    void aWrongResultGoesToAnother();
    void everyCallMayBeRepeated_data() { stores(); }
    void everyCallMayBeRepeated();
    void batchesAreDroppedAndForgotten_data() { stores(); }
    void batchesAreDroppedAndForgotten();
    void whatAProverCannotDoItIsNotGiven_data() { stores(); }
    void whatAProverCannotDoItIsNotGiven();
    void theServiceChecksResults_data() { stores(); }
    void theServiceChecksResults();
    void allIsThereAfterOpeningAgain_data() { stores(); }
    void allIsThereAfterOpeningAgain();
    void sqliteSurvivesAnyCrash();
    void nobodyWaitsForATaskThatIsBeingGiven();
    void postgresSurvivesItsServersDeath();
};

#define STORE()                                                                                              \
    QFETCH(QString, store);                                                                                  \
    if (store == "postgres") SKIP_WITHOUT_POSTGRES()

void TestTaskStore::theGraphIsThatOfTheBatch()
{
    const BatchJob job = jobOf(7);
    QVERIFY(executeTask(job) == executeTask(jobOf(7)));
    QVERIFY(executeTask(job).id != executeTask(jobOf(8)).id);
    QCOMPARE(codeOf(tasksAfterExecution(job, 0)), std::string("tasks.too-many-shards"));
    QCOMPARE(codeOf(tasksAfterExecution(job, kMaxShards + 1)), std::string("tasks.too-many-shards"));
    for (const std::uint32_t shards : {1U, 2U, 3U, 5U, 8U}) {
        const auto all = must(tasksAfterExecution(job, shards));
        QVERIFY(all == must(tasksAfterExecution(job, shards)));
        QCOMPARE(all.size(), std::size_t{shards * 3 - 1 + 2});
        std::set<TaskId> ids{executeTask(job).id};
        std::set<TaskId> needed;
        for (const Task& task : all) {
            // A task comes behind all that it needs, but for the chain before.
            for (const TaskId& need : task.needs) {
                QVERIFY(ids.contains(need) || task.kind == Kind::Chain);
                needed.insert(need);
            }
            QVERIFY(ids.insert(task.id).second);
        }
        // Everything is needed by something but the last.
        for (const Task& task : all) QCOMPARE(needed.contains(task.id), task.kind != Kind::Wrap);
    }
    // The next batch names this one's chain before anything of it was executed.
    const auto chainOf = [](std::uint64_t number) {
        const auto all = must(tasksAfterExecution(jobOf(number), 3));
        return *std::find_if(all.begin(), all.end(), [](const Task& t) { return t.kind == Kind::Chain; });
    };
    QCOMPARE(chainOf(8).needs.back().hex(), chainOf(7).id.hex());
    QCOMPARE(chainOf(8).needs.front().hex(), executeTask(jobOf(8)).id.hex());
    QCOMPARE(chainOf(1).needs.size(), std::size_t{2});
}

void TestTaskStore::aStoreIsForOneNetwork()
{
    STORE();
    Scene s(store);
    for (int i = 0; i < 2; ++i) QCOMPARE(codeOf(s.store->bindTo(jobOf(0).hash)), std::string("ok"));
    QCOMPARE(codeOf(s.store->bindTo(jobOf(1).hash)), std::string("tasks.other-network"));
    s.open();
    QCOMPARE(codeOf(s.store->bindTo(jobOf(1).hash)), std::string("tasks.other-network"));
    QCOMPARE(codeOf(s.store->bindTo(jobOf(0).hash)), std::string("ok"));
}

void TestTaskStore::tasksComeInOrder()
{
    STORE();
    Scene s(store);
    s.add(1);
    s.add(2);
    s.add(1);
    QStringList order;
    for (std::string did = s.work("a", 3); !did.empty(); did = s.work("a", 3)) order << did.c_str();
    // The older batch first, all of it as soon as it can; but only the last chain is worth a wrap.
    QCOMPARE(order.join(' '),
             QString("1execute0 1shard0 1shard1 1shard2 1lift0 1lift1 1lift2 1join0 1join0 1chain0 "
                     "2execute0 2shard0 2shard1 2shard2 2lift0 2lift1 2lift2 2join0 2join0 2chain0 2wrap0"));
    QCOMPARE(s.states(2)[State::Done], 11);
    QCOMPARE(s.states(1)[State::Waiting], 1);
    // Without the chain before it a batch goes as far as it can.
    s.add(4);
    for (int i = 0; i < 9; ++i) QVERIFY(!s.work("a", 3).empty());
    QVERIFY(s.work("a", 3).empty());
    QCOMPARE(s.states(4)[State::Waiting], 2);
    const auto row = must(s.store->batch(jobOf(4).hash));
    QVERIFY(row && row->job == jobOf(4));
    QCOMPARE(row->tasks.at(Kind::Shard).at(State::Done), std::uint64_t{3});
    QCOMPARE(row->tasks.at(Kind::Chain).at(State::Waiting), std::uint64_t{1});
}

void TestTaskStore::theNewestChainIsWrapped()
{
    STORE();
    Scene s(store);
    const KindSet wraps = setOf({Kind::Wrap});
    const auto chainAll = [&s](std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t number = first; number <= last; ++number) s.add(number);
        while (!s.work("a", 1, kAll & ~setOf({Kind::Wrap})).empty()) {
        }
    };
    QVERIFY(!must(s.store->newest(Kind::Chain)));
    chainAll(1, 3);
    QCOMPARE(must(s.store->newest(Kind::Chain))->number, std::uint64_t{3});
    QVERIFY(!must(s.store->newest(Kind::Wrap)));
    QCOMPARE(s.work("a", 1, wraps), std::string("3wrap0"));
    QCOMPARE(s.work("a", 1, wraps), std::string());
    const auto wrapped = must(s.store->newest(Kind::Wrap));
    QVERIFY(wrapped && wrapped->number == 3 && wrapped->batch == jobOf(3).hash);
    QCOMPARE(must(s.store->blob(wrapped->result)).size(), std::size_t{32});
    chainAll(4, 9);
    // Of every eighth batch it is made before other work, of the last one behind it.
    s.add(10);
    QCOMPARE(s.work("a", 1), std::string("8wrap0"));
    QCOMPARE(s.work("a", 1), std::string("10execute0"));
    for (const char* kind : {"10shard0", "10lift0", "10chain0", "10wrap0"})
        QCOMPARE(s.work("a", 1), std::string(kind));
    QCOMPARE(s.work("a", 1), std::string());
    // Eight later even that one is not.
    chainAll(11, 24);
    QCOMPARE(s.work("a", 1), std::string("24wrap0"));
    QCOMPARE(s.work("a", 1), std::string());
    // Undone batches count for nothing: the wrap of the last one that stands is worth making again.
    chainAll(25, 26);
    must(s.store->dropBatch(jobOf(26).hash));
    QCOMPARE(must(s.store->newest(Kind::Chain))->number, std::uint64_t{25});
    QCOMPARE(s.work("a", 1), std::string("25wrap0"));
    must(s.store->dropBatch(jobOf(25).hash));
    QCOMPARE(must(s.store->newest(Kind::Wrap))->number, std::uint64_t{24});
    // And so is the chain of another batch with the number of an undone one.
    const BatchJob other{25, crypto::sha256(bytesOf("another 25")), jobOf(24).hash,
                         crypto::sha256(inputOf(25))};
    must(s.store->addBatch(other, inputOf(25)));
    for (const char* kind : {"25execute0", "25shard0", "25lift0", "25chain0", "25wrap0"})
        QCOMPARE(s.work("a", 1), std::string(kind));
    QCOMPARE(must(s.store->newest(Kind::Wrap))->batch.hex(), other.hash.hex());
}

void TestTaskStore::aTaskIsLeasedOnce()
{
    STORE();
    Scene s(store);
    s.add(1);
    const auto first = s.take("a");
    QVERIFY(first && first->task == executeTask(jobOf(1)));
    QCOMPARE(first->deadline, s.clock.now() + s.limits.leaseSeconds);
    QVERIFY(!s.take("b"));
    // The answer was lost: the same again. Started again: a new try.
    QCOMPARE(s.take("a")->token.hex(), first->token.hex());
    const auto again = must(s.store->take({"a", kAll, kMuch, true}));
    QVERIFY(again && again->token != first->token && again->task == first->task);
    QCOMPARE(codeOf(s.store->heartbeat(first->token)), std::string("tasks.lease-lost"));
    QCOMPARE(s.tries("a", Outcome::Lapsed), std::uint64_t{1});
    QVERIFY(!s.take("b"));
}

void TestTaskStore::aLeaseEnds()
{
    STORE();
    Scene s(store);
    s.add(1);
    const auto first = s.take("a");
    s.clock.set(s.clock.now() + s.limits.leaseSeconds - 1);
    QCOMPARE(must(s.store->heartbeat(first->token)), s.clock.now() + s.limits.leaseSeconds);
    s.clock.set(s.clock.now() + s.limits.leaseSeconds - 1);
    QVERIFY(!s.take("b"));
    s.clock.set(s.clock.now() + 1);
    // Over now: for another, and also when nobody else has come yet.
    const auto second = s.take("b");
    QVERIFY(second && second->task == first->task && second->prover == "b");
    QCOMPARE(codeOf(s.store->finish(first->token, resultOf(first->task), {})),
             std::string("tasks.lease-lost"));
    QCOMPARE(codeOf(s.store->reject(first->token, "")), std::string("tasks.lease-lost"));
    s.clock.set(s.clock.now() + s.limits.leaseSeconds);
    QCOMPARE(codeOf(s.store->finish(second->token, resultOf(second->task), {})),
             std::string("tasks.lease-lost"));
    QCOMPARE(s.states(1)[State::Ready], 1);
    QCOMPARE(s.tries("a", Outcome::Lapsed), std::uint64_t{1});
    QCOMPARE(s.tries("b", Outcome::Lapsed), std::uint64_t{1});
    QCOMPARE(s.work("b", 1), std::string("1execute0"));
}

void TestTaskStore::triesAreBounded()
{
    STORE();
    Scene s(store);
    s.add(1);
    for (std::uint32_t i = 0; i < s.limits.maxTries; ++i) {
        const auto lease = s.take("a");
        QVERIFY(lease);
        must(s.store->giveUp(lease->token, "out of memory\n\xff"));
    }
    QVERIFY(!s.take("a"));
    const auto rows = must(s.store->tasks(jobOf(1).hash));
    QVERIFY(rows.front().state == State::Failed);
    QCOMPARE(rows.front().tries, s.limits.maxTries);
    QCOMPARE(rows.front().reason, std::string("out of memory??"));
    QCOMPARE(s.tries("a", Outcome::GivenUp), std::uint64_t{s.limits.maxTries});
    must(s.store->reopenBatch(jobOf(1).hash));
    QCOMPARE(s.work("a", 1), std::string("1execute0"));
}

void TestTaskStore::aWrongResultGoesToAnother()
{
    STORE();
    Scene s(store);
    for (std::uint64_t n = 1; n <= 4; ++n) s.add(n);
    const auto first = s.take("a");
    must(s.store->reject(first->token, "no proof"));
    // Never again for this prover; others have it at once.
    QVERIFY(s.take("a")->task != first->task);
    QVERIFY(s.take("b")->task == first->task);
    for (int i = 1; i < 3; ++i) must(s.store->reject(s.take("a")->token, "no proof"));
    QCOMPARE(codeOf(s.store->take({"a", kAll, kMuch, false})), std::string("tasks.prover-barred"));
    QCOMPARE(s.tries("a", Outcome::Rejected), std::uint64_t{3});
    // Not forgotten with the batches.
    must(s.store->prune(100));
    QCOMPARE(codeOf(s.store->take({"a", kAll, kMuch, false})), std::string("tasks.prover-barred"));
}

void TestTaskStore::everyCallMayBeRepeated()
{
    STORE();
    Scene s(store);
    s.add(1);
    const auto lease = s.take("a");
    const auto more = must(tasksAfterExecution(lease->job, 2));
    for (int i = 0; i < 2; ++i) must(s.store->finish(lease->token, resultOf(lease->task), more));
    QCOMPARE(codeOf(s.store->finish(lease->token, bytesOf("other"), more)), std::string("tasks.lease-lost"));
    s.add(1);
    QCOMPARE(s.states(1)[State::Done], 1);
    QCOMPARE(must(s.store->tasks(jobOf(1).hash)).size(), std::size_t{8});
    const auto shard = s.take("a");
    QCOMPARE(shard->inputs.front().hex(), crypto::sha256(resultOf(lease->task)).hex());
    QVERIFY(must(s.store->blob(shard->inputs.front())) == resultOf(lease->task));
    for (int i = 0; i < 2; ++i) must(s.store->giveUp(shard->token, "no"));
    QCOMPARE(s.tries("a", Outcome::GivenUp), std::uint64_t{1});
    BatchJob other = jobOf(1);
    other.input = crypto::sha256(bytesOf("else"));
    QCOMPARE(codeOf(s.store->addBatch(other, bytesOf("else"))), std::string("tasks.other-batch"));
    QCOMPARE(codeOf(s.store->addBatch(jobOf(2), bytesOf("else"))), std::string("tasks.other-batch"));
}

void TestTaskStore::batchesAreDroppedAndForgotten()
{
    STORE();
    Scene s(store);
    for (std::uint64_t n = 1; n <= 3; ++n) s.add(n);
    must(s.store->dropBatch(jobOf(1).hash));
    QCOMPARE(s.work("a", 1), std::string("2execute0"));
    s.add(1); // came back
    QCOMPARE(s.work("a", 1), std::string("1execute0"));
    QCOMPARE(must(s.store->batches(2, 10)).size(), std::size_t{2});
    QCOMPARE(must(s.store->batches(0, 1)).size(), std::size_t{1});
    must(s.store->prune(2));
    QVERIFY(!must(s.store->batch(jobOf(1).hash)));
    QCOMPARE(codeOf(s.store->blob(jobOf(1).input)), std::string("tasks.not-found"));
    QCOMPARE(must(s.store->blobSize(jobOf(2).input)), std::uint64_t{inputOf(2).size()});
    QVERIFY(must(s.store->tasks(jobOf(1).hash)).empty());
    QCOMPARE(s.states(2)[State::Done], 1);
}

void TestTaskStore::whatAProverCannotDoItIsNotGiven()
{
    STORE();
    Scene s(store);
    s.add(1);
    QVERIFY(!s.take("a", setOf({Kind::Shard, Kind::Lift})));
    QVERIFY(!must(s.store->take({"a", kAll, 10, false})));
    for (const char* name : {"", "with space", "x'y"})
        QCOMPARE(codeOf(s.store->take({name, kAll, kMuch, false})), std::string("tasks.bad-prover"));
    QCOMPARE(codeOf(s.store->take({std::string(65, 'a'), kAll, kMuch, false})),
             std::string("tasks.bad-prover"));
    QCOMPARE(s.work("a", 1), std::string("1execute0"));
}

void TestTaskStore::theServiceChecksResults()
{
    STORE();
    Scene s(store);
    FakeVerifier verifier;
    TaskService service(*s.store, verifier);
    s.add(1);
    QCOMPARE(codeOf(service.take({"a", kAll, kMuch, false})), std::string("tasks.kind-not-there"));
    const KindSet kinds = verifier.kinds();
    const auto lease = must(service.take({"a", kinds, kMuch, false}));
    // What cannot be judged now can be delivered again; what is wrong is over.
    QCOMPARE(codeOf(service.deliver(lease->token, bytesOf("unsure"))), std::string("tasks.store-lost"));
    QCOMPARE(codeOf(service.deliver(lease->token, bytesOf("lie"))), std::string("tasks.wrong-result"));
    QCOMPARE(codeOf(service.deliver(lease->token, resultOf(lease->task))), std::string("tasks.lease-lost"));
    QVERIFY(!must(service.take({"a", kinds, kMuch, false})));
    int done = 0;
    while (const auto next = must(service.take({"b", kinds, kMuch, false}))) {
        for (int i = 0; i < 2; ++i) must(service.deliver(next->token, resultOf(next->task)));
        ++done;
    }
    QCOMPARE(done, 5); // an execution, two shards, two lifts; the join waits for somebody who can
    QCOMPARE(s.states(1)[State::Ready], 1);
    QCOMPARE(s.states(1)[State::Waiting], 2);
}

void TestTaskStore::allIsThereAfterOpeningAgain()
{
    STORE();
    Scene s(store);
    s.add(1);
    const auto lease = s.take("a");
    s.open();
    QCOMPARE(s.take("a")->token.hex(), lease->token.hex());
    const Bytes large(3'000'000, 0x5a);
    must(s.store->finish(lease->token, large, must(tasksAfterExecution(lease->job, 1))));
    s.open();
    QVERIFY(must(s.store->blob(crypto::sha256(large))) == large);
    QCOMPARE(s.work("a", 1), std::string("1shard0"));
}

// Whatever write fails, and whatever of the unsynced ones is lost: what a call has reported stays, and work goes on.
void TestTaskStore::sqliteSurvivesAnyCrash()
{
    const auto play = [](Scene& s, std::vector<LeaseToken>& finished) -> Status {
        BOWLINE_CHECK(s.store->addBatch(jobOf(1), inputOf(1)));
        for (;;) {
            BOWLINE_TRY(const auto lease, s.store->take({"a", kAll, kMuch, false}));
            if (!lease) return base::success();
            BOWLINE_CHECK(s.store->heartbeat(lease->token));
            std::vector<Task> more;
            if (lease->task.kind == Kind::Execute) more = must(tasksAfterExecution(lease->job, 1));
            BOWLINE_CHECK(s.store->finish(lease->token, resultOf(lease->task), more));
            finished.push_back(lease->token);
        }
    };
    FaultyDisk disk;
    disk.setScope("tasks");
    std::uint64_t operations = 0;
    {
        Scene s("sqlite");
        disk.heal();
        std::vector<LeaseToken> finished;
        must(play(s, finished));
        operations = disk.operations();
        QCOMPARE(finished.size(), std::size_t{5});
    }
    QVERIFY(operations > 20);
    int struck = 0;
    for (const Loss loss : {Loss::Process, Loss::Power, Loss::Torn}) {
        for (std::uint64_t at = 1; at <= operations; at += 3) {
            Scene s("sqlite");
            std::vector<LeaseToken> finished;
            disk.crashAt(at, loss, static_cast<std::uint32_t>(at));
            const Status ended = play(s, finished);
            struck += disk.hasStruck() ? 1 : 0;
            QVERIFY(!disk.hasStruck() || !ended.ok() || finished.size() == 5);
            s.store.reset();
            disk.settle();
            disk.heal();
            s.open();
            const auto rows = must(s.store->tasks(jobOf(1).hash));
            const auto done = std::count_if(rows.begin(), rows.end(),
                                            [](const TaskRow& row) { return row.state == State::Done; });
            QVERIFY(static_cast<std::size_t>(done) >= finished.size());
            std::vector<LeaseToken> rest;
            must(play(s, rest));
            QCOMPARE(s.states(1)[State::Done], 5);
        }
    }
    QVERIFY(struck > 20);
}

// What another transaction holds is left out, not waited for.
void TestTaskStore::nobodyWaitsForATaskThatIsBeingGiven()
{
    SKIP_WITHOUT_POSTGRES();
    Scene s("postgres");
    s.add(1);
    s.add(2);
    auto other = must(PostgresSession::open(s.where));
    s.where += " options='-c lock_timeout=5s'"; // or it would wait for ever
    s.open();
    const auto open = must(other.begin());
    must(other.run("SELECT t.id FROM task t WHERE t.number = 1 FOR UPDATE"));
    QCOMPARE(s.take("a")->job.number, std::uint64_t{2});
    QVERIFY(!s.take("b"));
}

void TestTaskStore::postgresSurvivesItsServersDeath()
{
    SKIP_WITHOUT_POSTGRES();
    Scene s("postgres");
    s.add(1);
    const auto lease = s.take("a");
    server().kill();
    QVERIFY(within(10, [&] { return codeOf(s.store->heartbeat(lease->token)) == "tasks.store-lost"; }));
    QCOMPARE(codeOf(openPostgresStore(s.where, s.clock)), std::string("tasks.store-lost"));
    server().start();
    // The same connection object goes on, with the same lease.
    QVERIFY(within(30, [&] { return s.store->heartbeat(lease->token).ok(); }));
    must(s.store->finish(lease->token, resultOf(lease->task), must(tasksAfterExecution(lease->job, 1))));
    server().kill();
    server().start();
    QVERIFY(within(30, [&] { return s.store->provers().ok(); }));
    QCOMPARE(s.states(1)[State::Done], 1);
    QCOMPARE(s.work("a", 1), std::string("1shard0"));
}

QTEST_GUILESS_MAIN(TestTaskStore)
#include "tst_task_store.moc"
