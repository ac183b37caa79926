// SPDX-License-Identifier: MIT
// Batches of a real sequencer are proven by a real prover process until there is one wrapped proof of the chain that an
// independent checker takes, made from network.json and what is pinned alone.
#include "core/proven/checker.h"
#include "tests/integration/proving/prover_process.h"

using namespace bowline;
using namespace bowline::test;

class TestProvingChain : public QObject {
    Q_OBJECT

private slots:
    void batchesEndAsOneProof()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        // A mint's batch checks a signature, so that both forms of lifts are joined.
        const Person alice(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        startProving(*s.sequencer, "sqlite");
        const Bowlined& node = *s.sequencer;
        const Owner owner(node);
        const std::uint64_t last = node.head();
        QVERIFY(last >= 2);
        qInfo() << last << "batches";
        QTemporaryDir folder;
        ProverProcess prover(node, folder.path());
        const auto isProven = [&] { return stageOf(node, last) == "proven"; };
        QVERIFY2(within(850, isProven), qPrintable(prover.log()));
        qInfo() << json::serialize(prover.status().at("done")).c_str();
        // One wrap is enough for all of them.
        QCOMPARE(prover.status().at("done").at("wrap").at("count").to_number<int>(), 1);
        QCOMPARE(stageOf(node, 1), std::string("proven"));
        QCOMPARE(owner.queued("failed"), 0);
        QCOMPARE(owner.tries("rejected"), 0);
        QCOMPARE(owner.tries("given_up"), 0);

        const base::Bytes file = owner.wrapped();
        const auto checker = proven::ChainChecker::make(s.network.params());
        QVERIFY(checker.ok());
        const auto head = (*checker)->check(file);
        QVERIFY2(head.ok(), head.ok() ? "" : head.error().detail.c_str());
        const l2::BatchHeader header = Scene::headerOf(node.header(last));
        QCOMPARE(head->batch.value, last);
        QVERIFY(head->hash == header.hash() && head->state == header.stateRoot);
        QVERIFY(head->l1Height == header.l1Height && head->l1Hash == header.l1Hash);
        qInfo() << "wrapped:" << file.size() << "bytes";
    }
};

QTEST_GUILESS_MAIN(TestProvingChain)
#include "tst_proving_chain.moc"
