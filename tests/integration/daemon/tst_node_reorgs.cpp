// SPDX-License-Identifier: MIT
// Reorganisations of the real node's chain under the layer 2: within k the ring is replaced (rule A7), deeper the
// batches are undone and their transactions replayed (rule A8).
#include "tests/integration/daemon/scene.h"

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {

/// Replaces the last `depth` blocks by `depth` + 1 others.
void reorganise(const Bitcoind& bitcoin, int depth)
{
    const std::string first = bitcoin.cli({"getblockhash", std::to_string(bitcoin.height() - depth + 1)});
    bitcoin.cli({"invalidateblock", first});
    bitcoin.mine(depth + 1);
}

/// The mint with a proof of the block in which its vault is now.
l2::Transaction provenAnew(const Bitcoind& bitcoin, const l2::Transaction& mint, int from)
{
    l2::Mint payload = std::get<l2::Mint>(mint.payload);
    const auto confirm = bitcoin::parseTransactionWithoutWitness(payload.deposit.transaction);
    for (int height = from; height <= bitcoin.height(); ++height) {
        const std::string hash = bitcoin.cli({"getblockhash", std::to_string(height)});
        const auto block = bitcoin::parseBlock(*base::fromHex(bitcoin.cli({"getblock", hash, "0"})));
        for (std::uint32_t index = 0; index < block->transactions.size(); ++index) {
            if (block->transactions[index].txid() != confirm->txid()) continue;
            payload.deposit = *l2::buildTxProof(*block, {static_cast<std::uint32_t>(height)}, index);
            l2::Transaction out;
            out.payload = payload;
            return out;
        }
    }
    qFatal("the vault is in no block");
}

} // namespace

class TestNodeReorgs : public QObject {
    Q_OBJECT

private slots:
    void aReorgWithinTheDepthReplacesTheRingAndUndoesNothing()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        s.bitcoin->mine(3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(Scene::agree(*s.sequencer, *s.signer));
        const json::value before = s.signer->must("chain_head");
        reorganise(*s.bitcoin, 1);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.reaches(*s.signer, s.bitcoin->height()));
        QVERIFY(s.reaches(*s.oper, s.bitcoin->height()));
        QVERIFY(Scene::agree(*s.signer, *s.oper));
        QVERIFY(s.signer->header(before.at("number").to_number<std::uint64_t>()) == before);
        const auto head = Scene::headerOf(s.oper->must("chain_head"));
        QCOMPARE(head.l1Hash.displayHex(),
                 s.bitcoin->cli({"getblockhash", std::to_string(s.bitcoin->height() - 1)}));
    }

    void aDeeperReorgUndoesBatchesAndReplaysWhatStillHolds()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const Person carol(s.network.params().chainId());
        // Alice's deposit lies below the reorg, Bob's in the blocks that go.
        const l2::Transaction deep =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        s.bitcoin->mine(6);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(deep).ok());
        QVERIFY(s.included(*s.sequencer, deep));
        const int stands = s.bitcoin->height();
        const std::uint64_t survivor = s.sequencer->head();

        const l2::Transaction shallow =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(10'000'000), bob.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(shallow).ok());
        QVERIFY(s.included(*s.sequencer, shallow));
        const l2::Transaction fromAlice = alice.pay(0, carol.key(), 300'000);
        const l2::Transaction fromBob = bob.pay(0, carol.key(), 4'000'000);
        const l2::Transaction fromCarol = carol.pay(0, alice.key(), 1'000);
        for (const auto& tx : {fromAlice, fromBob, fromCarol}) {
            QVERIFY(s.submit(tx).ok());
            QVERIFY(s.included(*s.sequencer, tx));
        }
        QVERIFY(Scene::agree(*s.sequencer, *s.signer));
        QVERIFY(Scene::agree(*s.sequencer, *s.oper));
        QCOMPARE(s.balance(*s.signer, carol.key()), 300'000 + 4'000'000 - 1'000 - 100);
        const json::value undone = s.signer->must("chain_head");
        const json::value kept = s.signer->header(survivor);

        // Blocks without Bob's deposit take the place of those that had it.
        const std::string first = s.bitcoin->cli({"getblockhash", std::to_string(stands + 1)});
        const int depth = s.bitcoin->height() - stands;
        s.bitcoin->cli({"invalidateblock", first});
        const auto mineEmpty = [&s](int count) {
            for (int i = 0; i < count; ++i) s.bitcoin->cli({"generateblock", s.bitcoin->newAddress(), "[]"});
        };
        mineEmpty(depth + 1);
        // What followed the deposit waits for it as long as it may come back, and then no longer.
        QVERIFY(within(30, [&] { return s.statusOf(*s.sequencer, fromAlice) == "pending"; }));
        QCOMPARE(s.statusOf(*s.sequencer, shallow), std::string("pending"));
        mineEmpty(static_cast<int>(s.network.params().reclaimMargin));

        QVERIFY(within(30, [&] { return s.statusOf(*s.sequencer, shallow) == "rejected"; }));
        for (const auto& node : {s.sequencer.get(), s.signer.get(), s.oper.get()}) {
            QVERIFY(s.included(*node, fromAlice));
            QVERIFY(s.included(*node, fromCarol));
            QVERIFY(s.reaches(*node, s.bitcoin->height()));
            QVERIFY(s.statusOf(*node, shallow) != "included");
            QVERIFY(s.statusOf(*node, fromBob) != "included");
            QCOMPARE(s.balance(*node, carol.key()), 300'000 - 1'000 - 100);
            QCOMPARE(s.balance(*node, bob.key()), 0);
        }
        const auto reason = s.sequencer->must("tx_status", {{"hash", shallow.hash().hex()}});
        QCOMPARE(json::value_to<std::string>(reason.at("reason")), std::string("proof-other-block"));
        QCOMPARE(s.statusOf(*s.sequencer, fromBob), std::string("rejected"));
        QVERIFY(Scene::agree(*s.signer, *s.oper));
        QVERIFY(s.signer->header(survivor) == kept);
        QVERIFY(s.signer->header(undone.at("number").to_number<std::uint64_t>()) != undone);
        QCOMPARE(s.signer->must("node_info").at("equivocations").to_number<int>(), 0);

        // A node that saw none of it comes to the same end, and one that slept through it as well.
        const auto late = Bowlined::start(s.network, *s.bitcoin, "operator-2", {s.signer->address()});
        QVERIFY(Scene::agree(*late, *s.sequencer));
    }

    void aDepositThatIsMinedAgainKeepsThePaymentsThatLiveOnIt()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        const Person bob(s.network.params().chainId());
        const Person carol(s.network.params().chainId());
        s.bitcoin->mine(3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        const int stands = s.bitcoin->height();
        const l2::Transaction mint = s.network.mint(*s.bitcoin, base::Amount::fromSat(10'000'000), bob.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        const l2::Transaction payment = bob.pay(0, carol.key(), 4'000'000);
        const l2::Transaction onwards = carol.pay(0, bob.key(), 1'000);
        for (const auto& tx : {payment, onwards}) {
            QVERIFY(s.submit(tx).ok());
            QVERIFY(s.included(*s.sequencer, tx));
        }
        QVERIFY(Scene::agree(*s.sequencer, *s.signer));
        reorganise(*s.bitcoin, s.bitcoin->height() - stands);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QCOMPARE(s.statusOf(*s.sequencer, payment), std::string("pending"));
        // As every signer does (tst_bridge_reorgs); nobody else sends anything.
        QVERIFY(s.submit(provenAnew(*s.bitcoin, mint, stands + 1)).ok());
        for (const auto& node : {s.sequencer.get(), s.signer.get(), s.oper.get()}) {
            QVERIFY(s.included(*node, payment));
            QVERIFY(s.included(*node, onwards));
            QCOMPARE(s.balance(*node, carol.key()), 4'000'000 - 1'000 - 100);
        }
        QCOMPARE(s.signer->must("node_info").at("equivocations").to_number<int>(), 0);
    }

    void bitcoinThatComesBackToItsFirstChainFindsTheFirstBatchesAtEveryNode()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        s.bitcoin->mine(3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        const auto blockAt = [&s](int height) {
            return s.bitcoin->cli({"getblockhash", std::to_string(height)});
        };
        const auto everybody = {s.sequencer.get(), s.signer.get(), s.oper.get()};
        const int stands = s.bitcoin->height();
        s.bitcoin->mine(3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        const l2::Transaction payment = alice.pay(0, bob.key(), 10'000);
        QVERIFY(s.submit(payment).ok());
        for (const auto& node : everybody) QVERIFY(s.included(*node, payment));
        const json::value first = s.sequencer->must("chain_head");
        const auto number = first.at("number").to_number<std::uint64_t>();
        const std::string ours = blockAt(stands + 1);

        s.bitcoin->cli({"invalidateblock", ours});
        s.bitcoin->mine(5);
        const std::string theirs = blockAt(stands + 1);
        for (const auto& node : everybody) {
            QVERIFY(s.reaches(*node, s.bitcoin->height()));
            QVERIFY(s.included(*node, payment));
            QVERIFY(node->header(number) != first);
        }

        s.bitcoin->cli({"invalidateblock", theirs});
        s.bitcoin->cli({"reconsiderblock", ours});
        s.bitcoin->mine(4);
        QCOMPARE(blockAt(stands + 1), ours);
        for (const auto& node : everybody) {
            QVERIFY(s.reaches(*node, s.bitcoin->height()));
            QVERIFY(s.included(*node, payment));
            QVERIFY(node->header(number) == first);
        }
        const l2::Transaction next = alice.pay(1, bob.key(), 10'000);
        QVERIFY(s.submit(next).ok());
        for (const auto& node : everybody) {
            QVERIFY(s.included(*node, next));
            QCOMPARE(s.balance(*node, bob.key()), 20'000);
            QCOMPARE(node->must("node_info").at("equivocations").to_number<int>(), 0);
        }
    }

    void aNodeThatSleptThroughADeepReorgReplacesItsBatches()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        s.bitcoin->mine(4);
        QVERIFY(s.reaches(*s.oper, s.bitcoin->height()));
        s.oper->kill();
        reorganise(*s.bitcoin, 3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        s.oper->launch();
        QVERIFY(Scene::agree(*s.oper, *s.sequencer));
        QCOMPARE(s.oper->must("node_info").at("equivocations").to_number<int>(), 0);
    }

    void aSequencerKilledDuringADeepReorgFinishesIt()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        s.bitcoin->mine(3);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        for (std::uint64_t round = 0; round < 4; ++round) {
            s.bitcoin->mine(3);
            QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
            const l2::Transaction payment = alice.pay(round, bob.key(), 10'000);
            QVERIFY(s.submit(payment).ok());
            QVERIFY(s.included(*s.sequencer, payment));
            reorganise(*s.bitcoin, 3);
            QThread::msleep(150 * round);
            s.sequencer->kill();
            s.sequencer->launch();
            QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
            QVERIFY(s.included(*s.sequencer, payment));
            QVERIFY(Scene::agree(*s.sequencer, *s.signer));
            QVERIFY(Scene::agree(*s.sequencer, *s.oper));
        }
        QCOMPARE(s.balance(*s.signer, bob.key()), 40'000);
        QCOMPARE(s.signer->must("node_info").at("equivocations").to_number<int>(), 0);
    }
};

QTEST_GUILESS_MAIN(TestNodeReorgs)
#include "tst_node_reorgs.moc"
