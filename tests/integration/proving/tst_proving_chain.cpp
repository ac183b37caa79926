// SPDX-License-Identifier: MIT
// Batches of a real sequencer are proven by a real prover process until there is one wrapped proof of the chain that an
// independent checker takes, made from network.json and what is pinned alone. A signer then has it from the sequencer, and a
// wallet from the signer: each has checked it.
#include "core/proven/checker.h"
#include "tests/integration/proving/prover_process.h"
#include "tests/support/devnet.h"

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
        // The node has the result before the prover says so.
        QVERIFY(within(30, [&] { return prover.status().at("done").as_object().contains("wrap"); }));
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
        nodesFollow(s, last, file);
        walletsFollow(s, last, header);
    }

private:
    static std::uint64_t provenOf(const Bowlined& node)
    {
        const json::value info = node.must("node_info");
        const json::value& batch = info.at("proof").at("batch");
        return batch.is_null() ? 0 : batch.to_number<std::uint64_t>();
    }
    static void nodesFollow(Scene& s, std::uint64_t last, const base::Bytes& file)
    {
        QVERIFY2(within(30, [&] { return provenOf(*s.sequencer) == last; }), s.sequencer->log().c_str());
        s.addFollowers();
        QVERIFY2(within(60, [&] { return provenOf(*s.signer) == last; }), s.signer->log().c_str());
        const json::value shown = s.signer->must("chain_proof");
        QCOMPARE(json::value_to<std::string>(shown.at("proof")), base::toHex(file));
        s.signer->kill();
        s.signer->launch();
        QCOMPARE(provenOf(*s.signer), last);
    }
    /// bowline-cli, which knows the network and Bitcoin's headers, and asks the signer.
    static void walletsFollow(const Scene& s, std::uint64_t last, const l2::BatchHeader& header)
    {
        QTemporaryDir folder;
        QFile client(folder.filePath(QStringLiteral("client.json")));
        QVERIFY(client.open(QIODevice::WriteOnly));
        client.write(json::serialize(json::object{{"network_file", s.network.file()},
                                                  {"bitcoin", json::array{s.bitcoin->p2pAddress()}},
                                                  {"node", "http://" + s.signer->address()}})
                         .c_str());
        client.close();
        const CliWallet wallet(folder.path().toStdString(), "a password");
        QCOMPARE(wallet.run({"wallet", "create"}).exitCode, 0);
        const CliAnswer sync = wallet.run({"sync", "wait"});
        QVERIFY2(sync.exitCode == 0 && sync.json.at("layer2_proven").is_object(), sync.text.c_str());
        const json::object& proven = sync.json.at("layer2_proven").as_object();
        QCOMPARE(proven.at("batch").to_number<std::uint64_t>(), last);
        QCOMPARE(json::value_to<std::string>(proven.at("hash")), header.hash().hex());
        qInfo() << "the wallet's check:" << proven.at("check_microseconds").to_number<int>()
                << "microseconds";
        const CliAnswer batch = wallet.run({"l2", "batch", QString::number(last)});
        QVERIFY2(batch.json.at("finality") == "proven" || batch.json.at("finality") == "withdrawable",
                 batch.text.c_str());
        QCOMPARE(json::value_to<std::string>(batch.json.at("verdict").at("finality")),
                 std::string("root-proven"));
        // An account that holds nothing, and is proven to.
        const CliAnswer balance = wallet.run({"balance"});
        QVERIFY2(balance.json.at("layer2").at("proven").is_object(), balance.text.c_str());
        QCOMPARE(balance.json.at("layer2").at("proven").at("batch").to_number<std::uint64_t>(), last);
        QCOMPARE(balance.json.at("layer2").at("proven").at("available_sat").to_number<int>(), 0);
    }
};

QTEST_GUILESS_MAIN(TestProvingChain)
#include "tst_proving_chain.moc"
