// SPDX-License-Identifier: MIT
// Tasks of a real node's batches, given out over its RPC: strangers get none, wrong and late results count for nothing, a real
// prover executes. On SQLite, and on a PostgreSQL that two nodes share. The proofs themselves take minutes:
// tst_proving_whole.
#include "core/crypto/hash.h"
#include "core/prover/work.h"
#include "tests/integration/proving/prover_process.h"
#include "tests/support/postgres.h"
#include "tests/support/vectors.h"

using namespace bowline;
using namespace bowline::test;

namespace {
std::string codeOf(const base::Result<json::value>& answer)
{
    return answer.ok() ? "ok" : std::string(answer.error().code.name());
}

json::object ask(const char* prover, const char* kind, bool started = false)
{
    return {{"prover", prover}, {"kinds", json::array{kind}}, {"memory_mib", 4096}, {"started", started}};
}

/// A lease of an execution; the id of its task.
struct Taken {
    std::string lease;
    std::string task;
};
std::optional<Taken> takeExecution(const Owner& owner, const char* prover, bool started = false)
{
    const auto answer = owner.call("proving_take", ask(prover, "execute", started));
    if (!answer.ok() || !answer->as_object().contains("task")) return std::nullopt;
    const json::value& task = answer->at("task");
    return Taken{json::value_to<std::string>(task.at("lease")), json::value_to<std::string>(task.at("id"))};
}

std::string deliver(const Owner& owner, const std::string& lease, const base::Bytes& result)
{
    const std::string sent =
        owner.codeOf("proving_upload", {{"lease", lease}, {"offset", 0}, {"hex", base::toHex(result)}});
    if (sent != "ok") return sent;
    return owner.codeOf("proving_result", {{"lease", lease}, {"digest", crypto::sha256(result).hex()}});
}
} // namespace

class TestProvingService : public QObject {
    Q_OBJECT

private slots:
    void resultsCountWhenTheyAreRight_data()
    {
        QTest::addColumn<QString>("store");
        QTest::newRow("postgres") << "postgres";
        // As dear again, and the stores are held against each other by tst_task_store.
        if (qEnvironmentVariableIsSet("BOWLINE_TEST_ALL") || !PostgresServer::isPresent())
            QTest::newRow("sqlite") << "sqlite";
    }
    void resultsCountWhenTheyAreRight()
    {
        QFETCH(QString, store);
        SKIP_WITHOUT_BITCOIND();
        std::unique_ptr<PostgresServer> server;
        std::string where = "sqlite";
        if (store == "postgres") {
            SKIP_WITHOUT_POSTGRES();
            server = std::make_unique<PostgresServer>();
            where = server->makeDatabase("proving");
        }
        Scene s;
        startProving(*s.sequencer, where);
        const Owner owner(*s.sequencer);
        const Person alice(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        const std::uint64_t last = s.sequencer->head();
        QVERIFY(within(60, [&] { return stageOf(*s.sequencer, last) == "planned"; }));
        strangersGetNothing(*s.sequencer);
        wrongAndLateResultsAreRefused(owner);

        // With PostgreSQL the prover works for another node than the one that is asked: they share the tasks.
        Bowlined* source = s.sequencer.get();
        if (server) {
            s.signer = Bowlined::start(s.network, *s.bitcoin, "signer-1", {s.sequencer->address()});
            startProving(*s.signer, where);
            source = s.signer.get();
        }
        QTemporaryDir folder;
        {
            const ProverProcess prover(*source, folder.path(), {"--kinds", "execute"});
            const auto isExecuted = [&] { return stageOf(*s.sequencer, last) == "executed"; };
            QVERIFY2(within(300, isExecuted), qPrintable(prover.log()));
            QVERIFY(prover.isRunning());
        }
        QCOMPARE(owner.tries("accepted"), static_cast<int>(last));
        QCOMPARE(owner.tries("rejected"), 1);
        QVERIFY(owner.queued("ready") >= static_cast<int>(last)); // shards, which nobody was asked for
        QCOMPARE(
            std::string(s.sequencer->call("proof_get", {{"n", last}, {"offset", 0}}).error().code.name()),
            std::string("proving.not-proven"));
        // It is all there after a kill.
        s.sequencer->kill();
        if (server) {
            server->kill();
            server->start();
        }
        s.sequencer->launch();
        QVERIFY(within(20, [&] { return stageOf(*s.sequencer, last) == "executed"; }));
        QCOMPARE(owner.tries("accepted"), static_cast<int>(last));
    }

private:
    static void strangersGetNothing(const Bowlined& node)
    {
        const Owner owner(node);
        const std::string zeros(64, '0');
        for (const char* method : {"proving_take", "proving_heartbeat", "proving_blob", "proving_upload",
                                   "proving_result", "proving_fail", "proving_status", "proving_reopen"})
            QCOMPARE(codeOf(node.call(method)), std::string("net.unauthorized"));
        // What there is none of is not given out, and no other kind instead.
        for (const char* kind : {"shard", "lift", "join", "chain", "wrap"})
            QCOMPARE(owner.codeOf("proving_take", ask("p", kind)), std::string("ok"));
        QCOMPARE(owner.tries("running"), 0);
        QCOMPARE(owner.codeOf("proving_take", ask("p", "dance")), std::string("tasks.unknown-kind"));
        QCOMPARE(owner.codeOf("proving_heartbeat", {{"lease", zeros}}), std::string("tasks.lease-lost"));
        QCOMPARE(deliver(owner, zeros, {1}), std::string("tasks.lease-lost"));
    }

    static void wrongAndLateResultsAreRefused(const Owner& owner)
    {
        const auto lie = takeExecution(owner, "liar");
        QVERIFY(lie);
        QCOMPARE(owner.codeOf("proving_result", {{"lease", lie->lease}, {"digest", std::string(64, '0')}}),
                 std::string("proving.bad-upload"));
        QCOMPARE(deliver(owner, lie->lease, base::Bytes(100, 7)), std::string("tasks.wrong-result"));
        QCOMPARE(owner.tries("rejected"), 1);
        // To another at once, and never again to the one that lied.
        const auto late = takeExecution(owner, "late");
        QVERIFY(late);
        QCOMPARE(late->task, lie->task);
        const auto other = takeExecution(owner, "liar");
        QVERIFY(!other || other->task != lie->task);
        if (other)
            QCOMPARE(owner.codeOf("proving_fail", {{"lease", other->lease}, {"reason", "-"}}),
                     std::string("ok"));
        // Started again it has lost the lease, and what it brings under the old one comes too late.
        const auto again = takeExecution(owner, "late", true);
        QVERIFY(again);
        QCOMPARE(again->task, late->task);
        QCOMPARE(deliver(owner, late->lease, {1}), std::string("tasks.lease-lost"));
        QCOMPARE(owner.codeOf("proving_fail", {{"lease", again->lease}, {"reason", "no time"}}),
                 std::string("ok"));
        QCOMPARE(owner.tries("running"), 0);
        QCOMPARE(owner.tries("accepted"), 0);
    }
};

QTEST_GUILESS_MAIN(TestProvingService)
#include "tst_proving_service.moc"
