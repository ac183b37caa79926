// SPDX-License-Identifier: MIT
// A node's copy of the layer 2: it executes and keeps batches, undoes them exactly, survives kill -9, and refuses
// what is forged.
#include "app/daemon/node/claim_paths.h"
#include "core/seal/anchor.h"
#include "tests/unit/daemon/fixture.h"

#include <QTest>

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

using namespace bowline;
using namespace bowline::test;

namespace {

/// A life with every type of transaction in it.
struct Story : Layer {
    TestVault target;
    Story()
    {
        registerOperator(0);
        registerOperator(1);
        fund(operators[0], Amount::fromSat(100'000'000));
        target = fund(alice);
        Transaction first = make(alice, Transfer{bob.xOnlyPublicKey(), Amount::fromSat(500'000)});
        Transaction toItself = make(alice, Transfer{alice.xOnlyPublicKey(), Amount::fromSat(1)});
        toItself.nonce += 1;
        commit({first, sign(toItself, alice)});
        withdrawals();
        claims();
        commit({make(operators[1], OperatorLeave{})});
        sealAndAnnounce();
    }

private:
    void sealAndAnnounce()
    {
        const auto terms = must(
            seal::SealTerms::create(params, {params.firstSeal, Amount::fromSat(1'000'000), kSealRecovery}));
        const auto anchor = must(terms.makeAnchor(terms.first(), must(seal::Commitment::of(head())),
                                                  Amount::fromSat(400), sequencer));
        ProgramChange change;
        change.program.bytes[0] = 7;
        change.delay = params.leastProgramDelay();
        const Digest message = programMessage(chainId, change);
        change.committeeSignature = must(crypto::signSchnorr(committee, message.view()));
        Transaction announced;
        announced.payload = change;
        const Height height = chain.mine({anchor});
        confirm();
        Transaction shown;
        shown.payload = SealProof{chain.prove(height, 1)};
        commit({announced, shown});
    }
    void withdrawals()
    {
        const WithdrawRequest request{Amount::fromSat(20'000), Amount::fromSat(300),
                                      bitcoin::payToTaproot(alice.xOnlyPublicKey())};
        Transaction another = make(alice, request);
        another.nonce += 1;
        commit({make(alice, request), sign(another, alice)});
        // Accepted and paid; then accepted by one, taken over by the other in the same batch as nothing else.
        commit({make(operators[0], WithdrawAccept{id(1)})});
        const Height paid = pay(id(1), operators[0].xOnlyPublicKey(), 1);
        confirm();
        commit({make(bob, WithdrawProve{id(1), chain.prove(paid, 1)})});
        commit({make(operators[0], WithdrawAccept{id(2)})});
        chain.mineMany(params.payWindow + params.depth + params.reclaimMargin);
        commit();
        commit({make(operators[1], WithdrawAccept{id(2)})});
        chain.mineMany(params.payWindow + params.depth + params.reclaimMargin);
        commit();
        commit({make(alice, WithdrawReclaim{id(2)})});
        // Within one batch: requested and accepted at once.
        const Transaction last = make(alice, request);
        commit({last, make(operators[1], WithdrawAccept{withdrawalNumber(last.hash())})});
        chain.mineMany(params.payWindow + params.depth + params.reclaimMargin);
        commit();
        commit({make(alice, WithdrawReclaim{id(3)})});
    }
    void claims()
    {
        const auto& graph = target.claims[0];
        commit({make(operators[0], graph)});
        const auto elsewhere = spend({graph.funding}, {{Amount::fromSat(1), Bytes{0x51}}});
        Height height = chain.mine({elsewhere});
        confirm();
        commit({make(bob, ClaimVoid{0, chain.prove(height, 1)})});
        commit({make(operators[0], graph)});
        const auto take =
            spend({target.outpoint, {graph.kickoff, 0}, {graph.kickoff, 1}}, {{target.value, Bytes{0x53}}});
        height = chain.mine({take});
        confirm();
        commit({make(bob, ClaimSettle{1, chain.prove(height, 1)})});
    }
};

/// Everything a node serves from its store, for comparison.
struct Picture {
    std::string head;
    std::vector<StateObject> objects;
    std::vector<HistoryEntry> alice;
    std::vector<Digest> claims;
    friend bool operator==(const Picture&, const Picture&) = default;
};

Picture pictureOf(daemon::L2Node& node, const Layer& layer)
{
    const BatchNumber last = node.head().header.height;
    return {node.head().header.hash().hex(), must(node.store().objects()),
            must(node.store().history(layer.alice.xOnlyPublicKey(), last, 1000)),
            must(node.store().claimLeaves(last))};
}

} // namespace

class TestL2Node : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Story> m_story;

private slots:
    void initTestCase() { m_story = std::make_unique<Story>(); }

    void theTreeOfClaimsThatIsKeptHasThePathsOfTheTree()
    {
        daemon::ClaimTree tree;
        std::vector<Digest> leaves;
        for (std::uint8_t count = 1; count <= 20; ++count) {
            leaves.push_back(digestOf(count));
            tree.append(leaves.back());
            for (std::uint64_t i = 0; i < leaves.size(); ++i) {
                QVERIFY(tree.path(i) == appendPath(AppendHash::Claims, leaves, i));
            }
        }
        tree.clear();
        QCOMPARE(tree.size(), std::uint64_t{0});
        tree.append(leaves[0]);
        QVERIFY(tree.path(0) == appendPath(AppendHash::Claims, std::span(leaves).first(1), 0));
    }

    void executesEveryTypeOfTransactionAndServesCompleteHistories()
    {
        TestNode test(m_story->params, m_story->chain);
        for (std::size_t i = 1; i < m_story->batches.size(); ++i) {
            const base::Status applied = test.node->applyBatch(m_story->batches[i]);
            QVERIFY2(applied.ok(), applied.ok() ? "" : applied.error().detail.c_str());
        }
        QVERIFY(test.node->state().root() == m_story->state().root());
        for (const auto* key :
             {&m_story->alice, &m_story->bob, &m_story->operators[0], &m_story->operators[1]}) {
            const auto entries =
                must(test.node->store().history(key->xOnlyPublicKey(), m_story->head().height, 1000));
            QVERIFY(!entries.empty());
            QVERIFY(verifyHistory(m_story->account(*key).history, entries).ok());
        }
        const auto claims = must(test.node->store().claimLeaves(m_story->head().height));
        QCOMPARE(claims.size(), std::size_t{2});
        const Frontier frontier = m_story->counters().claims;
        for (std::uint64_t i = 0; i < claims.size(); ++i) {
            const auto path = appendPath(AppendHash::Claims, claims, i);
            QVERIFY(verifyAppended(AppendHash::Claims, frontier, claims[i], i, path).ok());
        }
        // The same paths from the tree that is kept, also after claims were undone and came again.
        daemon::ClaimPaths kept(*test.node);
        test.node->onHead([&kept](const daemon::HeadChange& change) { kept.headChanged(change); });
        const auto isSame = [&] {
            const daemon::ClaimTree* tree = must(kept.tree());
            const auto leaves = must(test.node->store().claimLeaves(test.node->head().header.height));
            if (tree->size() != leaves.size()) return false;
            for (std::uint64_t i = 0; i < leaves.size(); ++i) {
                if (tree->path(i) != appendPath(AppendHash::Claims, leaves, i)) return false;
            }
            return true;
        };
        QVERIFY(isSame());
        QCOMPARE(must(kept.tree())->size(), std::uint64_t{2});
        QVERIFY(test.node->rollbackTo({3}).ok());
        QVERIFY(isSame());
        QCOMPARE(must(kept.tree())->size(), std::uint64_t{0});
        for (std::size_t i = 4; i < m_story->batches.size(); ++i) {
            QVERIFY(test.node->applyBatch(m_story->batches[i]).ok());
            QVERIFY(isSame());
        }
        // Reference of the receipt: the number of Alice's second withdrawal.
        const auto history =
            must(test.node->store().history(m_story->alice.xOnlyPublicKey(), m_story->head().height, 9));
        bool found = false;
        for (const HistoryEntry& entry : history) {
            const auto place = must(test.node->store().find(entry.transaction));
            QVERIFY(place.has_value() && place->batch == entry.batch && place->index == entry.index);
            found = found || (place->kind == TxType::WithdrawRequest && place->reference == m_story->id(2));
        }
        QVERIFY(found);
    }

    void remembersTheBurnsOfBatchesThatItUndid()
    {
        TestNode test(m_story->params, m_story->chain);
        for (std::size_t i = 1; i < m_story->batches.size(); ++i)
            QVERIFY(test.node->applyBatch(m_story->batches[i]).ok());
        const base::Txid kickoff = m_story->target.claims[0].kickoff;
        QVERIFY(!must(test.node->store().wasBurnUndone(kickoff)));
        QVERIFY(test.node->rollbackTo({3}).ok());
        QVERIFY(must(test.node->store().wasBurnUndone(kickoff)));
        QVERIFY(!must(test.node->store().wasBurnUndone(m_story->target.claims[1].kickoff)));
        test.reopen(); // a member that was started again must not veto earlier than one that was not
        QVERIFY(must(test.node->store().wasBurnUndone(kickoff)));
    }

    void undoesBatchesExactlyAtEveryDepth()
    {
        TestNode test(m_story->params, m_story->chain);
        std::vector<Picture> pictures{pictureOf(*test.node, *m_story)};
        for (std::size_t i = 1; i < m_story->batches.size(); ++i) {
            QVERIFY(test.node->applyBatch(m_story->batches[i]).ok());
            pictures.push_back(pictureOf(*test.node, *m_story));
        }
        const std::size_t last = m_story->batches.size() - 1;
        for (const std::size_t depth : {std::size_t{1}, std::size_t{5}, last}) {
            const std::size_t target = last - depth;
            QVERIFY(test.node->rollbackTo({target}).ok());
            QVERIFY(pictureOf(*test.node, *m_story) == pictures[target]);
            test.reopen();
            QVERIFY(test.node->state().root() == m_story->states[target].root());
            for (std::size_t i = target + 1; i <= last; ++i)
                QVERIFY(test.node->applyBatch(m_story->batches[i]).ok());
            QVERIFY(pictureOf(*test.node, *m_story) == pictures[last]);
        }
    }

    void killedWhileWritingItHoldsWholeBatches()
    {
        TestNode test(m_story->params, m_story->chain);
        test.node.reset();
        std::uint64_t reached = 0;
        for (int round = 0; round < 6; ++round) {
            std::array<int, 2> written{}; // a byte for each batch
            QCOMPARE(::pipe(written.data()), 0);
            const pid_t child = ::fork();
            if (child == 0) { // applies and undoes until it is killed
                auto own = daemon::L2Node::open(test.path(), test.params, test.engine, test.view);
                if (!own.ok()) ::_exit(1);
                for (;;) {
                    const std::uint64_t next = (*own)->head().header.height.value + 1;
                    if (next < m_story->batches.size()) {
                        if (!(*own)->applyBatch(m_story->batches[next]).ok()) ::_exit(1);
                        if (::write(written[1], "b", 1) != 1) ::_exit(1);
                    } else if (!(*own)->rollbackTo({2}).ok()) {
                        ::_exit(1);
                    }
                }
            }
            // By batches and not by the clock, which says little of a slow machine; then within one.
            ::close(written[1]);
            char byte = 0;
            for (int batch = 0; batch < 3 + 4 * round; ++batch)
                QCOMPARE(::read(written[0], &byte, 1), ssize_t{1});
            QTest::qSleep(1 + 2 * round);
            ::kill(child, SIGKILL);
            ::close(written[0]);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
            test.reopen(); // checks the root of what is stored against its header
            const std::uint64_t head = test.node->head().header.height.value;
            QVERIFY(test.node->head() == m_story->batches[head].head);
            reached = std::max(reached, head);
            QVERIFY(test.node->store().database().checkIntegrity().ok());
            test.node.reset();
        }
        QVERIFY(reached > 2);
    }

    void refusesForgeries()
    {
        TestNode test(m_story->params, m_story->chain);
        QVERIFY(test.node->applyBatch(m_story->batches[1]).ok());
        const SignedBatch& good = m_story->batches[2];
        SignedBatch forged = good;
        forged.head.signature[5] ^= 1;
        QCOMPARE(codeOf(test.node->applyBatch(forged)), std::string("l2.bad-batch-signature"));
        forged = good;
        forged.body.transactions.clear();
        QCOMPARE(codeOf(test.node->applyBatch(forged)), std::string("l2.body-mismatch"));
        QCOMPARE(codeOf(test.node->applyBatch(m_story->batches[3])), std::string("node.not-next"));
        QCOMPARE(codeOf(test.node->applyBatch(m_story->batches[1])), std::string("node.not-next"));
        // Signed by the sequencer itself: a root that is not the result of the rules.
        forged = good;
        forged.head.header.stateRoot = m_story->states[1].root();
        forged.head = must(signHeader(forged.head.header, m_story->sequencer));
        QCOMPARE(codeOf(test.node->applyBatch(forged)), std::string("node.invalid-batch"));
        QCOMPARE(test.node->head().header.height.value, std::uint64_t{1});
        QVERIFY(test.node->applyBatch(good).ok());
    }

    void judgesBatchesByItsOwnBitcoinChain()
    {
        MinedChain other; // the same checkpoint, nothing after it yet
        TestNode test(m_story->params, other);
        QCOMPARE(codeOf(test.node->applyBatch(m_story->batches[1])), std::string("node.l1-behind"));
        other.mineMany(20, 99);
        QCOMPARE(codeOf(test.node->applyBatch(m_story->batches[1])), std::string("node.l1-elsewhere"));
    }

    void knowsWhichBatchesStillStand()
    {
        Layer layer;
        TestNode test(layer.params, layer.chain);
        for (int i = 0; i < 5; ++i) {
            layer.chain.mine();
            layer.commit();
            QVERIFY(test.node->applyBatch(layer.batches.back()).ok());
        }
        QCOMPARE(must(test.node->lastStanding()).value, std::uint64_t{5});
        layer.chain.cut({layer.chain.tip().value - 3}); // behind is not left
        QCOMPARE(must(test.node->lastStanding()).value, std::uint64_t{5});
        layer.chain.mineMany(4, 7);
        // Batch n has confirmed block 100 + n - 1; blocks up to 102 stand.
        QCOMPARE(must(test.node->lastStanding()).value, std::uint64_t{3});
    }

    void keepsRecentStatesForQuestionsAboutThePast()
    {
        TestNode test(m_story->params, m_story->chain);
        for (std::size_t i = 1; i < 8; ++i) QVERIFY(test.node->applyBatch(m_story->batches[i]).ok());
        QVERIFY(must(test.node->stateAt({3})).root() == m_story->states[3].root());
        QCOMPARE(std::string(test.node->stateAt({8}).error().code.name()), std::string("node.not-here"));
        test.reopen();
        QCOMPARE(std::string(test.node->stateAt({3}).error().code.name()),
                 std::string("node.state-not-kept"));
        QVERIFY(must(test.node->stateAt({7})).root() == m_story->states[7].root());
    }

    void aFolderOfAnotherLayer2IsRefused()
    {
        TestNode test(m_story->params, m_story->chain);
        test.node.reset();
        NetworkParams other = m_story->params;
        other.minFee = Amount::fromSat(101);
        const auto opened = daemon::L2Node::open(test.path(), other, test.engine, test.view);
        QCOMPARE(std::string(opened.error().code.name()), std::string("node.other-chain"));
    }

    void aNodeStopsBeforeABatchOfAnotherProgram()
    {
        const auto idOf = [](std::uint8_t number) {
            Digest out;
            out.bytes[0] = number;
            return out;
        };
        const BatchHeader& parent = m_story->head();
        const BatchNumber next{parent.height.value + 1};
        ChainObject chain = m_story->chainObject();
        const auto stateWith = [&] { return m_story->state().with(chainObjectId().key(), chain.encode()); };
        const daemon::StfEngine own(m_story->params, stfProgram(), idOf(1));
        const daemon::StfEngine successor(m_story->params, stfProgram(), idOf(7));
        const auto codeOfRun = [&](const daemon::StfEngine& engine) {
            const auto done = engine.propose(parent, stateWith(), parent.time + 1, m_story->bodyWith({}));
            return done.ok() ? std::string() : std::string(done.error().code.name());
        };
        // Announced, with its batch still to come.
        chain.announced = idOf(7);
        chain.activationBatch = {next.value + 1};
        QVERIFY(daemon::checkProgramDue(stateWith(), next, idOf(1)).ok());
        // Due now.
        chain.activationBatch = next;
        QCOMPARE(codeOfRun(own), std::string("daemon.other-program"));
        const base::Status refused = daemon::checkProgramDue(stateWith(), next, idOf(1));
        QVERIFY2(refused.error().detail.find("batch " + std::to_string(next.value)) == 0,
                 refused.error().detail.c_str());
        QVERIFY(daemon::checkProgramDue(stateWith(), next, idOf(7)).ok());
        QVERIFY(codeOfRun(successor) != "daemon.other-program");
        BatchHeader claimed = parent;
        claimed.height = next;
        const auto followed = own.apply(parent, stateWith(), claimed, m_story->bodyWith({}));
        QVERIFY(!followed.ok() && followed.error().code == daemon::kOtherProgram);
        // And ever after.
        chain.program = idOf(7);
        chain.announced = {};
        chain.activationBatch = {};
        QCOMPARE(codeOfRun(own), std::string("daemon.other-program"));
        QVERIFY(daemon::checkProgramDue(stateWith(), next, idOf(7)).ok());
    }

    void aStoredStateThatWasChangedIsNoticed()
    {
        TestNode test(m_story->params, m_story->chain);
        QVERIFY(test.node->applyBatch(m_story->batches[1]).ok());
        QVERIFY(test.node->store().database().run("UPDATE object SET value = x'00' WHERE kind = 8").ok());
        test.node.reset();
        const auto opened = daemon::L2Node::open(test.path(), test.params, test.engine, test.view);
        QCOMPARE(std::string(opened.error().code.name()), std::string("node.store-damaged"));
    }
};

QTEST_GUILESS_MAIN(TestL2Node)
#include "tst_l2_node.moc"
