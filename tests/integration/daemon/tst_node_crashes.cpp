// SPDX-License-Identifier: MIT
// kill -9 of sequencer and followers while batches are made: afterwards nothing that was promised is missing,
// nobody has signed twice, and everybody comes to the same root.
#include "tests/integration/daemon/scene.h"

#include <map>
#include <random>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

class TestNodeCrashes : public QObject {
    Q_OBJECT

private slots:
    void killedAtAnyPointEverybodyResumes()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.addFollowers();
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));

        std::mt19937 random(20090103); // the same points in every run, as far as processes allow
        std::map<std::uint64_t, json::value> seen;
        std::vector<l2::Transaction> promised;
        for (int round = 0; round < 12; ++round) {
            Bowlined& victim = round % 3 == 0 ? *s.signer : round % 3 == 1 ? *s.sequencer : *s.oper;
            if (round % 2 == 0) s.bitcoin->mine(1);
            const l2::Transaction payment = alice.pay(promised.size(), bob.key(), 1'000);
            if (s.submit(payment).ok()) promised.push_back(payment);
            QThread::msleep(random() % 700); // anywhere between two turns of the sequencer
            victim.kill();
            for (const Bowlined* node : {s.sequencer.get(), s.signer.get(), s.oper.get()}) {
                if (node != &victim) remember(*node, seen);
            }
            victim.launch();
        }
        for (const l2::Transaction& payment : promised) QVERIFY(s.included(*s.sequencer, payment));
        QVERIFY(Scene::agree(*s.sequencer, *s.signer));
        QVERIFY(Scene::agree(*s.sequencer, *s.oper));
        QVERIFY(promised.size() >= 8);
        QCOMPARE(s.balance(*s.signer, bob.key()), static_cast<std::int64_t>(promised.size()) * 1'000);
        // What anybody was shown before a crash is what stands now.
        for (const auto& [number, header] : seen) QVERIFY(s.oper->header(number) == header);
        for (const Bowlined* node : {s.signer.get(), s.oper.get()}) {
            QCOMPARE(node->must("node_info").at("equivocations").to_number<int>(), 0);
        }
    }

private:
    static void remember(const Bowlined& node, std::map<std::uint64_t, json::value>& seen)
    {
        const json::value head = node.must("chain_head");
        const auto number = head.at("number").to_number<std::uint64_t>();
        const auto [entry, fresh] = seen.emplace(number, head);
        if (!fresh) QVERIFY(entry->second == head);
    }
};

QTEST_GUILESS_MAIN(TestNodeCrashes)
#include "tst_node_crashes.moc"
