// SPDX-License-Identifier: MIT
// A real sequencer has its batches proven by a real prover process, which is killed in the middle and started again: the
// task is given again, the proofs verify, and what they say is the batch; and all batches end as one proof.
#include "core/l2/statement.h"
#include "core/proven/checker.h"
#include "core/proving/verifier.h"
#include "core/stf/pins.h"
#include "tests/integration/proving/prover_process.h"

#include <csignal>

using namespace bowline;
using namespace bowline::test;

namespace {
base::Bytes proofOf(const Bowlined& node, std::uint64_t number)
{
    base::Bytes out;
    for (;;) {
        const json::value part = node.must("proof_get", {{"n", number}, {"offset", out.size()}});
        const auto piece = base::fromHex(part.at("hex").as_string());
        base::append(out, *piece);
        if (out.size() >= part.at("size").to_number<std::size_t>()) return out;
    }
}
} // namespace

class TestProvingWhole : public QObject {
    Q_OBJECT

private slots:
    void batchesAreProvenAsTheyCome()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        startProving(*s.sequencer, "sqlite");
        const Bowlined& node = *s.sequencer;
        const Owner owner(node);
        // A mint, then one transfer: its batch is the last one.
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(node, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(node, mint));
        const l2::Transaction payment = alice.pay(0, bob.key(), 1'000);
        QVERIFY(s.submit(payment).ok());
        QVERIFY(s.included(node, payment));
        const std::uint64_t last = node.head();
        QVERIFY(within(60, [&] { return stageOf(node, last) == "planned"; }));

        QTemporaryDir folder;
        ProverProcess prover(node, folder.path());
        // Killed while its worker proves a shard; the worker goes with it.
        int worker = 0;
        QVERIFY2(within(400, [&] { return (worker = prover.workerOf("shard")) != 0; }),
                 qPrintable(prover.log()));
        QThread::msleep(300);
        prover.kill();
        QVERIFY(within(10, [&] { return !isAlive(worker); }));
        prover.start();
        // A worker that dies, as of the kernel's hand when memory runs out, is a failed try, and the prover goes on.
        QVERIFY2(within(400, [&] { return (worker = prover.workerOf("shard")) != 0; }),
                 qPrintable(prover.log()));
        ::kill(worker, SIGKILL);

        // And one that lifts and one that chains, so that each sort of worker dies once.
        for (const char* kind : {"lift", "chain"}) {
            QVERIFY2(within(1200, [&] { return (worker = prover.workerOf(kind)) != 0; }),
                     qPrintable(prover.log()));
            ::kill(worker, SIGKILL);
        }
        const auto isProven = [&] { return stageOf(node, last) == "proven"; };
        QVERIFY2(within(6000, isProven), qPrintable(prover.log()));
        qInfo() << last << "batches:" << json::serialize(prover.status().at("done")).c_str();
        checkProof(node, last, payment);
        QCOMPARE(owner.queued("failed"), 0);
        QCOMPARE(owner.tries("lapsed"), 1);
        QCOMPARE(owner.tries("given_up"), 3);
        QCOMPARE(owner.tries("rejected"), 0);
        checkHead(s, owner, last);
        // All of it is there after a kill of the node.
        s.sequencer->kill();
        s.sequencer->launch();
        QVERIFY(within(20, [&] { return stageOf(node, last) == "proven"; }));
        checkHead(s, owner, last);
        checkProof(node, last, payment);
    }

private:
    static void checkHead(const Scene& s, const Owner& owner, std::uint64_t number)
    {
        const auto checker = proven::ChainChecker::make(s.network.params());
        const auto head = (*checker)->check(owner.wrapped());
        QVERIFY2(head.ok(), head.ok() ? "" : head.error().detail.c_str());
        const l2::BatchHeader header = Scene::headerOf(s.sequencer->header(number));
        QVERIFY(head->batch.value == number && head->hash == header.hash() &&
                head->state == header.stateRoot);
    }

    static void checkProof(const Bowlined& node, std::uint64_t number, const l2::Transaction& payment)
    {
        const auto pin = stf::pinOf(bitcoin::Network::Regtest);
        const auto verified = proving::verifyExecution(proofOf(node, number), pin->id);
        QVERIFY2(verified.ok(), verified.ok() ? "" : verified.error().detail.c_str());
        const auto statement = l2::parseStatement(verified->journal);
        QVERIFY(statement.ok());
        const l2::BatchHeader header = Scene::headerOf(node.header(number));
        QVERIFY(statement->lastHash == header.hash() && statement->state == header.stateRoot);
        QVERIFY(statement->last.value == number && statement->first.value == number);
        const json::value place = node.must("tx_status", {{"hash", payment.hash().hex()}});
        QCOMPARE(place.at("batch").to_number<std::uint64_t>(), number);
    }
};

QTEST_GUILESS_MAIN(TestProvingWhole)
#include "tst_proving_whole.moc"
